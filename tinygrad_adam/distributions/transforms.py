"""Functions of samples that have an inverse, and by how much they stretch.

>>> from tinygrad_adam import tensor
>>> from tinygrad_adam.distributions.transforms import AffineTransform, TanhTransform
>>> transform = AffineTransform(loc=1.0, scale=2.0)
>>> transform(tensor([0.0, 3.0])), transform.inv(tensor([1.0, 7.0]))
(tensor([1., 7.]), tensor([0., 3.]))
"""
from __future__ import annotations

import math
from typing import Any, Callable, Sequence

import numpy as np

from .._missing import refusal
from .._functions.creation import as_tensor, full_like
from .._functions.pointwise import clamp
from .._tensor import Tensor
from ..nn.functional import softplus
from ..types import Size, finfo
from . import _errors as errors
from . import constraints
from .constraints import Constraint

__all__ = ['AffineTransform', 'ExpTransform', 'SigmoidTransform', 'TanhTransform', 'Transform']

__getattr__: Callable[[str], Any] = refusal(__name__)


class Transform:
    """The base of all transforms: y = transform(x), x = transform.inv(y).

    cache_size  1: the inverse of the last y is the x that it came from, without rounding; 0: it is
                computed

    https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.Transform
    """

    bijective: bool = True
    domain: Constraint = constraints.real
    codomain: Constraint = constraints.real

    def __init__(self, cache_size: int = 0) -> None:
        if cache_size not in (0, 1):
            raise errors.cache_of_several(cache_size)
        self._cache_size = cache_size
        self._last: tuple[Any, Any] = None, None

    def __call__(self, x: Tensor) -> Tensor:
        last_x, last_y = self._last
        return last_y if x is last_x else self._remembered(x, self._call(x))[1]

    @property
    def inv(self) -> Transform:
        """The inverse, a transform."""
        return _InverseTransform(self)

    def _inverted(self, y: Tensor) -> Tensor:
        last_x, last_y = self._last
        return last_x if y is last_y else self._remembered(self._inverse(y), y)[0]

    def _remembered(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        if self._cache_size:
            self._last = x, y
        return x, y

    def _call(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def _inverse(self, y: Tensor) -> Tensor:
        raise NotImplementedError

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """The logarithm of |dy/dx|.

        x  a tensor
        y  what the transform makes of it, for formulas in which that is simpler
        """
        raise NotImplementedError

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        """The shape of y.

        shape  that of x
        """
        return shape

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __repr__(self) -> str:
        return f'{type(self).__name__}()'


class _InverseTransform(Transform):
    """A transform backwards."""

    def __init__(self, transform: Transform) -> None:
        super().__init__()
        self._inv = transform
        self.domain, self.codomain = transform.codomain, transform.domain

    @property
    def inv(self) -> Transform:
        return self._inv

    def _call(self, x: Tensor) -> Tensor:
        return self._inv._inverted(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return self._inv(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -self._inv.log_abs_det_jacobian(y, x)

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return self._inv.forward_shape(shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InverseTransform) and self._inv == other._inv

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self._inv!r})'


class ExpTransform(Transform):
    """y = exp(x), which is greater than 0.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    codomain = constraints.positive

    def _call(self, x: Tensor) -> Tensor:
        return x.exp()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return x


class SigmoidTransform(Transform):
    """y = sigmoid(x), between 0 and 1 and never equal to them: clamped by one unit of rounding.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    codomain = constraints.unit_interval

    def _call(self, x: Tensor) -> Tensor:
        return _inside(x.sigmoid())

    def _inverse(self, y: Tensor) -> Tensor:
        y = _inside(y)
        return y.log() - (-y).log1p()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -softplus(-x) - softplus(x)


class TanhTransform(Transform):
    """y = tanh(x), between -1 and 1: how policies keep actions within bounds.

    cache_size  1: the inverse of the last y is the x that it came from, also where rounding makes
                y 1 and atanh(y) inf; 0: it is computed
    """

    codomain = constraints.interval(-1.0, 1.0)

    def _call(self, x: Tensor) -> Tensor:
        return x.tanh()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.atanh()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return 2 * (math.log(2) - x - softplus(-2 * x))     # of 1 - tanh(x)^2


class AffineTransform(Transform):
    """y = loc + scale * x.

    loc         what is added, a tensor or a number
    scale       the factor, a tensor or a number; not 0
    event_dim   not implemented; leave it 0
    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    def __init__(self, loc: Tensor | float, scale: Tensor | float, event_dim: int = 0,
                 cache_size: int = 0) -> None:
        super().__init__(cache_size)
        if event_dim:
            raise errors.transform_of_events()
        self.loc = loc
        self.scale = scale

    def _call(self, x: Tensor) -> Tensor:
        return self.loc + self.scale * x

    def _inverse(self, y: Tensor) -> Tensor:
        return (y - self.loc) / self.scale

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        if isinstance(self.scale, Tensor):
            return self.scale.abs().log().expand(x.shape)
        return full_like(x, math.log(abs(self.scale)))

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        given = [x.shape for x in (self.loc, self.scale) if isinstance(x, Tensor)]
        return Size(np.broadcast_shapes(shape, *given))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AffineTransform) and all(
            as_tensor(a == b).all() for a, b in [(self.loc, other.loc), (self.scale, other.scale)])


def _inside(y: Tensor) -> Tensor:
    """y in (0, 1)."""
    kind = finfo(y.dtype)
    return clamp(y, kind.tiny, 1 - kind.eps)
