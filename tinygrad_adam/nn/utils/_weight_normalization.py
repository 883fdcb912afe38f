"""weight_norm and spectral_norm: weights that are computed of others before each forward.

>>> from tinygrad_adam import nn
>>> layer = nn.utils.weight_norm(nn.Linear(3, 2))
>>> list(layer.state_dict())
['bias', 'weight_g', 'weight_v']
"""
from __future__ import annotations

from typing import Any, TypeVar

from ..._tensor import Tensor
from ...autograd import no_grad
from .. import _layer_errors as errors
from .._module_hooks import Hook
from .._similarity import normalize
from ..conv import ConvTranspose1d, ConvTranspose2d
from ..lazy import UninitializedParameter
from ..module import Module, Parameter

M = TypeVar('M', bound=Module)


def weight_norm(module: M, name: str = 'weight', dim: int | None = 0) -> M:
    """Replace a parameter w by its lengths g and a parameter v of its shape: w = g * v / |v|.

    module  the module; its parameters are then NAME_g and NAME_v
    name    the name of the parameter
    dim     the dimension of w along which each index has a length of its own; None: w has one

    Returns the module. Raises RuntimeError if it has been done before, ValueError for a lazy layer
    that has not seen an input. Salimans and Kingma 2016.
    https://pytorch.org/docs/stable/generated/torch.nn.utils.weight_norm.html
    """
    hook, weight = _WeightNorm(name, dim), getattr(module, name)
    _check(module, hook, weight)
    del module._parameters[name]
    module.register_parameter(name + '_g', Parameter(hook.lengths(weight).detach()))
    module.register_parameter(name + '_v', Parameter(weight.detach()))
    hook(module, ())
    module.register_forward_pre_hook(hook)
    return module


def remove_weight_norm(module: M, name: str = 'weight') -> M:
    """Make the weight that weight_norm computes an ordinary parameter again.

    module  the module
    name    the name of the parameter

    Returns the module. Raises ValueError if weight_norm has not been applied.
    """
    return _removed(module, _WeightNorm, name)


def spectral_norm(module: M, name: str = 'weight', n_power_iterations: int = 1,
                  eps: float = 1e-12, dim: int | None = None) -> M:
    """Divide a parameter, as a matrix, by its largest singular value.

    The singular value is estimated by power iteration: in training each forward does some steps,
    from the vectors that it found the last time.

    module              the module; its parameter is then NAME_orig, its buffers NAME_u and NAME_v
    name                the name of the parameter
    n_power_iterations  how many steps each forward does in training
    eps                 the smallest length that a vector is divided by
    dim                 the dimension of the outputs, the rows of the matrix; None: 1 for transposed
                        convolutions, 0 for others

    Returns the module. Raises RuntimeError if it has been done before, ValueError for a parameter
    that is None, for no steps, and for a lazy layer that has not seen an input. Miyato et al. 2018.
    https://pytorch.org/docs/stable/generated/torch.nn.utils.spectral_norm.html
    """
    if n_power_iterations <= 0:
        raise errors.no_power_iterations(n_power_iterations)
    if dim is None:
        dim = int(isinstance(module, (ConvTranspose1d, ConvTranspose2d)))
    hook, weight = _SpectralNorm(name, n_power_iterations, eps, dim), getattr(module, name)
    _check(module, hook, weight)
    if weight is None:
        raise errors.parameter_is_none(name)
    delattr(module, name)
    module.register_parameter(name + '_orig', weight)
    setattr(module, name, weight.data)
    for letter, size in zip('uv', _as_matrix(weight, dim).shape):
        drawn = weight.detach().new_empty(size).normal_()
        module.register_buffer(f'{name}_{letter}', normalize(drawn, dim=0, eps=eps))
    module.register_forward_pre_hook(hook)
    return module


def remove_spectral_norm(module: M, name: str = 'weight') -> M:
    """Make the weight that spectral_norm computes an ordinary parameter again.

    module  the module
    name    the name of the parameter

    Returns the module. Raises ValueError if spectral_norm has not been applied.
    """
    return _removed(module, _SpectralNorm, name)


def _as_matrix(weight: Tensor, dim: int) -> Tensor:
    """The weight with a row for each index of dim."""
    return weight.movedim(dim, 0).reshape(weight.shape[dim], -1)


class _WeightNorm:
    """What weight_norm does before each forward."""

    function, parts = 'weight_norm', ('_g', '_v')

    def __init__(self, name: str, dim: int | None) -> None:
        self.name, self.dim = name, None if dim == -1 else dim

    def lengths(self, weight: Tensor) -> Tensor:
        """The lengths, in a shape that broadcasts with weight."""
        if self.dim is None:
            return weight.norm()
        shape = [1] * weight.ndim
        shape[self.dim] = weight.shape[self.dim]
        return _as_matrix(weight, self.dim).norm(2, 1).reshape(shape)

    def weight(self, module: Module) -> Tensor:
        g, v = getattr(module, self.name + '_g'), getattr(module, self.name + '_v')
        return v * (g / self.lengths(v))

    def __call__(self, module: Module, args: Any) -> None:
        setattr(module, self.name, self.weight(module))


class _SpectralNorm:
    """What spectral_norm does before each forward."""

    function, parts = 'spectral_norm', ('_u', '_v', '_orig')

    def __init__(self, name: str, n_power_iterations: int, eps: float, dim: int) -> None:
        self.name, self.n_power_iterations, self.eps, self.dim = name, n_power_iterations, eps, dim

    def weight(self, module: Module) -> Tensor:
        weight = getattr(module, self.name + '_orig')
        # Copies: the graph keeps them, and the next forward changes the buffers.
        u, v = (getattr(module, f'{self.name}_{letter}').clone() for letter in 'uv')
        return weight / (u @ (_as_matrix(weight, self.dim) @ v))

    def __call__(self, module: Module, args: Any) -> None:
        if module.training:
            self.iterate(module)
        setattr(module, self.name, self.weight(module))

    def iterate(self, module: Module) -> None:
        """Bring u and v nearer to the singular vectors of the largest singular value."""
        u, v = (getattr(module, f'{self.name}_{letter}') for letter in 'uv')
        with no_grad():
            matrix = _as_matrix(getattr(module, self.name + '_orig'), self.dim)
            for _ in range(self.n_power_iterations):
                v.copy_(normalize(matrix.T @ u, dim=0, eps=self.eps))
                u.copy_(normalize(matrix @ v, dim=0, eps=self.eps))


def _found(module: Module, kind: type[Any], name: str) -> Hook | None:
    """The hook of that kind which computes the parameter; None if there is none."""
    return next((hook for hook in module._module_hooks.at('before forward')
                 if isinstance(hook.function, kind) and hook.function.name == name), None)


def _check(module: Module, hook: Any, weight: Any) -> None:
    if _found(module, type(hook), hook.name):
        raise errors.normalized_twice(hook.function, hook.name)
    if isinstance(weight, UninitializedParameter):
        raise errors.normalized_too_early(hook.function, module)


def _removed(module: M, kind: type[Any], name: str) -> M:
    """The module without the hook; the weight, computed once more, is a parameter again."""
    found = _found(module, kind, name)
    if found is None:
        raise errors.not_normalized(kind.function, name, module)
    hooks = module._module_hooks
    hooks._hooks = tuple(hook for hook in hooks._hooks if hook is not found)
    weight = found.function.weight(module)      # type: ignore[attr-defined]
    for part in ('', *kind.parts):
        delattr(module, name + part)
    module.register_parameter(name, Parameter(weight.detach()))
    return module
