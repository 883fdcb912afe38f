"""Functions of samples that have an inverse, and by how much they stretch.

>>> from tinygrad_adam import tensor
>>> from tinygrad_adam.distributions.transforms import AffineTransform, TanhTransform
>>> transform = AffineTransform(loc=1.0, scale=2.0)
>>> transform(tensor([0.0, 3.0])), transform.inv(tensor([1.0, 7.0]))
(tensor([1., 7.]), tensor([0., 3.]))
"""
from __future__ import annotations

import copy
import math
from functools import reduce
from typing import Any, Callable, Sequence

import numpy as np

from .._functions import linalg
from .._functions.creation import arange, as_tensor, full_like, ones, zeros, zeros_like
from .._functions.indexing import cat
from .._functions.joining import diag_embed
from .._functions.pointwise import clamp
from .._missing import refusal
from .._tensor import Tensor
from ..nn.functional import logsigmoid, softplus
from ..types import Size, finfo
from . import _errors as errors
from . import constraints
from .constraints import Constraint, independent
from .distribution import Distribution, Shape, parameters, sum_of_last

__all__ = ['AbsTransform', 'AffineTransform', 'ComposeTransform',
           'CumulativeDistributionTransform', 'ExpTransform', 'IndependentTransform',
           'LowerCholeskyTransform', 'PositiveDefiniteTransform', 'PowerTransform',
           'ReshapeTransform', 'SigmoidTransform', 'SoftmaxTransform', 'SoftplusTransform',
           'StickBreakingTransform', 'TanhTransform', 'Transform', 'identity_transform']

__getattr__: Callable[[str], Any] = refusal(__name__)


def _has_no_sign(transform: Any) -> None:
    raise errors.not_of_transform(transform, 'sign')


class Transform:
    """The base of all transforms: y = transform(x), x = transform.inv(y). `domain` and `codomain`
    are the constraints of x and y, `bijective` says whether each y comes from one x, and `sign` is
    1 where y grows with x, -1 where it falls.

    cache_size  1: the inverse of the last y is the x that it came from, without rounding; 0: it is
                computed

    https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.Transform
    """

    bijective: bool = False
    domain: Constraint = constraints.real
    codomain: Constraint = constraints.real
    sign: Any = property(_has_no_sign)

    def __init__(self, cache_size: int = 0) -> None:
        if cache_size not in (0, 1):
            raise errors.cache_of_several(cache_size)
        self._cache_size = cache_size
        self._last: tuple[Any, Any] = None, None

    @property
    def event_dim(self) -> int:
        """How many of the last dimensions are transformed together; ValueError if those of x and y
        are not as many."""
        if self.domain.event_dim != self.codomain.event_dim:
            raise errors.two_event_dims(self)
        return self.domain.event_dim

    @property
    def inv(self) -> Transform:
        """The inverse, a transform."""
        return _InverseTransform(self)

    def with_cache(self, cache_size: int = 1) -> Transform:
        """The same transform, with a cache of this size.

        cache_size  1 or 0, as above
        """
        if cache_size == self._cache_size:
            return self
        new = copy.copy(self)
        Transform.__init__(new, cache_size)
        return new

    def __call__(self, x: Tensor) -> Tensor:
        last_x, last_y = self._last
        return last_y if x is last_x else self._remembered(x, self._call(x))[1]

    def _inverted(self, y: Tensor) -> Tensor:
        last_x, last_y = self._last
        return last_x if y is last_y else self._remembered(self._inverse(y), y)[0]

    def _remembered(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        if self._cache_size:
            self._last = x, y
        return x, y

    def _call(self, x: Tensor) -> Tensor:
        raise errors.not_of_transform(self, '_call')

    def _inverse(self, y: Tensor) -> Tensor:
        raise errors.not_of_transform(self, '_inverse')

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """The logarithm of |dy/dx|, of an event that of the determinant.

        x  a tensor
        y  what the transform makes of it, for formulas in which that is simpler
        """
        raise errors.not_of_transform(self, 'log_abs_det_jacobian')

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        """The shape of y.

        shape  that of x
        """
        return shape

    def inverse_shape(self, shape: Sequence[int]) -> Sequence[int]:
        """The shape of x.

        shape  that of y
        """
        return shape

    def __repr__(self) -> str:
        return f'{type(self).__name__}()'


class _InverseTransform(Transform):
    """A transform backwards."""

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform._cache_size)
        self._inv = transform

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Constraint:
        return self._inv.codomain

    @constraints.dependent_property(is_discrete=False)
    def codomain(self) -> Constraint:
        return self._inv.domain

    @property
    def bijective(self) -> bool:
        return self._inv.bijective

    @property
    def sign(self) -> Any:
        return self._inv.sign

    @property
    def inv(self) -> Transform:
        return self._inv

    def with_cache(self, cache_size: int = 1) -> Transform:
        return self._inv.with_cache(cache_size).inv

    def __call__(self, x: Tensor) -> Tensor:
        return self._inv._inverted(x)

    def _inverted(self, y: Tensor) -> Tensor:
        return self._inv(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -self._inv.log_abs_det_jacobian(y, x)

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return self._inv.inverse_shape(shape)

    def inverse_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return self._inv.forward_shape(shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InverseTransform) and self._inv == other._inv

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self._inv!r})'


# Transforms made of others.

class ComposeTransform(Transform):
    """Several transforms, of which the first is applied first.

    parts       a list of transforms
    cache_size  1: each part remembers its last x and y; 0: as the parts do
    """

    def __init__(self, parts: list[Transform], cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.parts: list[Transform] = [
            part.with_cache(cache_size) for part in parts] if cache_size else parts

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Constraint:
        if not self.parts:
            return constraints.real
        count = self.parts[-1].codomain.event_dim
        for part in reversed(self.parts):
            own = part.domain.event_dim
            count = max(own, count + own - part.codomain.event_dim)
        return of_events(self.parts[0].domain, count)

    @constraints.dependent_property(is_discrete=False)
    def codomain(self) -> Constraint:
        if not self.parts:
            return constraints.real
        count = self.parts[0].domain.event_dim
        for part in self.parts:
            own = part.codomain.event_dim
            count = max(own, count + own - part.domain.event_dim)
        return of_events(self.parts[-1].codomain, count)

    @property
    def bijective(self) -> bool:
        return all(part.bijective for part in self.parts)

    @property
    def sign(self) -> Any:
        return reduce(lambda product, part: product * part.sign, self.parts, 1)

    @property
    def inv(self) -> Transform:
        return ComposeTransform([part.inv for part in reversed(self.parts)])

    def with_cache(self, cache_size: int = 1) -> Transform:
        same = cache_size == self._cache_size
        return self if same else ComposeTransform(self.parts, cache_size)

    def __call__(self, x: Tensor) -> Tensor:
        for part in self.parts:
            x = part(x)
        return x

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        if not self.parts:
            return zeros_like(x)
        count, total = self.domain.event_dim, None
        for i, part in enumerate(self.parts):
            after = part(x) if i < len(self.parts) - 1 else y
            own = part.domain.event_dim
            term = sum_of_last(part.log_abs_det_jacobian(x, after), count - own)
            total = term if total is None else total + term
            count += part.codomain.event_dim - own
            x = after
        return total

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        for part in self.parts:
            shape = part.forward_shape(shape)
        return shape

    def inverse_shape(self, shape: Sequence[int]) -> Sequence[int]:
        for part in reversed(self.parts):
            shape = part.inverse_shape(shape)
        return shape

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ComposeTransform) and self.parts == other.parts

    def __repr__(self) -> str:
        parts = ',\n    '.join(map(repr, self.parts))
        return f'{type(self).__name__}(\n    {parts}\n)'


identity_transform: ComposeTransform = ComposeTransform([])


class IndependentTransform(Transform):
    """The same transform of all elements of an event.

    base_transform             a transform
    reinterpreted_batch_ndims  how many dimensions more belong to an event
    cache_size                 1: the inverse of the last y is the x that it came from; 0: it is
                               computed
    """

    def __init__(self, base_transform: Transform, reinterpreted_batch_ndims: int,
                 cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.base_transform: Transform = base_transform.with_cache(cache_size)
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    def with_cache(self, cache_size: int = 1) -> Transform:
        same = cache_size == self._cache_size
        return self if same else IndependentTransform(
            self.base_transform, self.reinterpreted_batch_ndims, cache_size)

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Constraint:
        return independent(self.base_transform.domain, self.reinterpreted_batch_ndims)

    @constraints.dependent_property(is_discrete=False)
    def codomain(self) -> Constraint:
        return independent(self.base_transform.codomain, self.reinterpreted_batch_ndims)

    @property
    def bijective(self) -> bool:
        return self.base_transform.bijective

    @property
    def sign(self) -> Any:
        return self.base_transform.sign

    def _call(self, x: Tensor) -> Tensor:
        at_least(self.domain.event_dim, x.shape)
        return self.base_transform(x)

    def _inverse(self, y: Tensor) -> Tensor:
        at_least(self.codomain.event_dim, y.shape)
        return self.base_transform.inv(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        of_each = self.base_transform.log_abs_det_jacobian(x, y)
        return sum_of_last(of_each, self.reinterpreted_batch_ndims)

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return self.base_transform.forward_shape(shape)

    def inverse_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return self.base_transform.inverse_shape(shape)

    def __repr__(self) -> str:
        return (f'{type(self).__name__}({self.base_transform!r}, '
                f'{self.reinterpreted_batch_ndims})')


class ReshapeTransform(Transform):
    """Events of one shape as events of another.

    in_shape    the shape of an event of x
    out_shape   that of y, with as many elements (ValueError)
    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    bijective: bool = True

    def __init__(self, in_shape: Shape, out_shape: Shape, cache_size: int = 0) -> None:
        self.in_shape: Size = Size(in_shape)
        self.out_shape: Size = Size(out_shape)
        if self.in_shape.numel() != self.out_shape.numel():
            raise errors.other_number_of_elements(in_shape, out_shape)
        super().__init__(cache_size)

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Constraint:
        return independent(constraints.real, len(self.in_shape))

    @constraints.dependent_property(is_discrete=False)
    def codomain(self) -> Constraint:
        return independent(constraints.real, len(self.out_shape))

    def _call(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:x.ndim - len(self.in_shape)], *self.out_shape)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.reshape(*y.shape[:y.ndim - len(self.out_shape)], *self.in_shape)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return zeros(x.shape[:x.ndim - len(self.in_shape)], dtype=x.dtype)

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return _exchanged(shape, self.in_shape, self.out_shape)

    def inverse_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return _exchanged(shape, self.out_shape, self.in_shape)


# Transforms of numbers.

class _Known(Transform):
    """A transform that is told from others by its class alone."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)


class ExpTransform(_Known):
    """y = exp(x), which is greater than 0.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    codomain: Constraint = constraints.positive
    bijective: bool = True
    sign: Any = 1

    def _call(self, x: Tensor) -> Tensor:
        return x.exp()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return x


class PowerTransform(Transform):
    """y = x^exponent of x greater than 0.

    exponent    a tensor or a number; not 0
    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    domain: Constraint = constraints.positive
    codomain: Constraint = constraints.positive
    bijective: bool = True

    def __init__(self, exponent: Tensor | float, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.exponent: Tensor = parameters(exponent)[0]

    @property
    def sign(self) -> Any:
        return self.exponent.sign()

    def _call(self, x: Tensor) -> Tensor:
        return x.pow(self.exponent)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.pow(1 / self.exponent)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return (self.exponent * y / x).abs().log()

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return Size(np.broadcast_shapes(shape, self.exponent.shape))

    inverse_shape = forward_shape

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PowerTransform) and bool((self.exponent == other.exponent).all())


class SigmoidTransform(_Known):
    """y = sigmoid(x), between 0 and 1 and never equal to them: clamped by one unit of rounding.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    codomain: Constraint = constraints.unit_interval
    bijective: bool = True
    sign: Any = 1

    def _call(self, x: Tensor) -> Tensor:
        return _inside(x.sigmoid())

    def _inverse(self, y: Tensor) -> Tensor:
        y = _inside(y)
        return y.log() - (-y).log1p()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -softplus(-x) - softplus(x)


class SoftplusTransform(_Known):
    """y = log(1 + exp(x)), which is greater than 0.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    codomain: Constraint = constraints.positive
    bijective: bool = True
    sign: Any = 1

    def _call(self, x: Tensor) -> Tensor:
        return softplus(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return (-(-y).expm1()).log() + y

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return -softplus(-x)


class TanhTransform(_Known):
    """y = tanh(x), between -1 and 1: how policies keep actions within bounds.

    cache_size  1: the inverse of the last y is the x that it came from, also where rounding makes
                y 1 and atanh(y) inf; 0: it is computed
    """

    codomain: Constraint = constraints.interval(-1.0, 1.0)
    bijective: bool = True
    sign: Any = 1

    def _call(self, x: Tensor) -> Tensor:
        return x.tanh()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.atanh()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return 2 * (math.log(2) - x - softplus(-2 * x))     # of 1 - tanh(x)^2


class AbsTransform(_Known):
    """y = |x|; of the two x that have it, the inverse is the one of at least 0.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    codomain: Constraint = constraints.positive

    def _call(self, x: Tensor) -> Tensor:
        return x.abs()

    def _inverse(self, y: Tensor) -> Tensor:
        return y


class AffineTransform(Transform):
    """y = loc + scale * x.

    loc         what is added, a tensor or a number
    scale       the factor, a tensor or a number; not 0
    event_dim   how many of the last dimensions belong to an event
    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    bijective: bool = True

    def __init__(self, loc: Tensor | float, scale: Tensor | float, event_dim: int = 0,
                 cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.loc = loc
        self.scale = scale
        self._event_dim = event_dim

    @property
    def event_dim(self) -> int:
        return self._event_dim

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Constraint:
        return of_events(constraints.real, self._event_dim)

    @constraints.dependent_property(is_discrete=False)
    def codomain(self) -> Constraint:
        return of_events(constraints.real, self._event_dim)

    @property
    def sign(self) -> Any:
        if isinstance(self.scale, Tensor):
            return self.scale.sign()
        return (self.scale > 0) - (self.scale < 0)

    def _call(self, x: Tensor) -> Tensor:
        return self.loc + self.scale * x

    def _inverse(self, y: Tensor) -> Tensor:
        return (y - self.loc) / self.scale

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        logs = (self.scale.abs().log() if isinstance(self.scale, Tensor) else
                full_like(x, math.log(abs(self.scale))))
        count = self._event_dim
        if not count:
            return logs.expand(x.shape)
        # As in PyTorch, a tensor counts as often as it has elements, not as often as x has them.
        return logs.reshape(*logs.shape[:-count], -1).sum(-1).expand(x.shape[:-count])

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        given = [x.shape for x in (self.loc, self.scale) if isinstance(x, Tensor)]
        return Size(np.broadcast_shapes(shape, *given))

    inverse_shape = forward_shape

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AffineTransform) and all(
            as_tensor(a == b).all() for a, b in [(self.loc, other.loc), (self.scale, other.scale)])


class CumulativeDistributionTransform(Transform):
    """y = distribution.cdf(x): between 0 and 1, and uniform if x is distributed so.

    distribution  a distribution of numbers with cdf, and with icdf for the inverse
    cache_size    1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    codomain: Constraint = constraints.unit_interval
    bijective: bool = True
    sign: Any = 1

    def __init__(self, distribution: Distribution, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.distribution = distribution

    @constraints.dependent_property(is_discrete=False)
    def domain(self) -> Constraint:
        return self.distribution.support

    def _call(self, x: Tensor) -> Tensor:
        return self.distribution.cdf(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return self.distribution.icdf(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return self.distribution.log_prob(x)


# Transforms of vectors and matrices.

class SoftmaxTransform(_Known):
    """y = softmax(x), shares; all x that differ by a constant have the same y, and the inverse is
    log(y).

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    domain: Constraint = constraints.real_vector
    codomain: Constraint = constraints.simplex

    def _call(self, x: Tensor) -> Tensor:
        return x.softmax(-1)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        return at_least(1, shape)

    inverse_shape = forward_shape


class StickBreakingTransform(_Known):
    """K numbers as K + 1 shares: each breaks a part off what is left of a stick, the more the
    greater it is; all parts are alike for zeros.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    domain: Constraint = constraints.real_vector
    codomain: Constraint = constraints.simplex
    bijective: bool = True

    def _call(self, x: Tensor) -> Tensor:
        parts = _inside((x - self._logs_of_rest(x)).sigmoid())
        one = ones(*x.shape[:-1], 1, dtype=x.dtype)
        return cat([parts, one], -1) * cat([one, (1 - parts).cumprod(-1)], -1)

    def _inverse(self, y: Tensor) -> Tensor:
        y = y[..., :-1]
        rest = (1 - y.cumsum(-1)).clamp(min=finfo(y.dtype).tiny)
        return y.log() - rest.log() + self._logs_of_rest(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        x = x - self._logs_of_rest(x)
        return (-x + logsigmoid(x) + y[..., :-1].log()).sum(-1)

    def forward_shape(self, shape: Sequence[int]) -> Sequence[int]:
        *batch, count = at_least(1, shape)
        return Size([*batch, count + 1])

    def inverse_shape(self, shape: Sequence[int]) -> Sequence[int]:
        *batch, count = at_least(1, shape)
        return Size([*batch, count - 1])

    def _logs_of_rest(self, x: Tensor) -> Tensor:
        """The logarithms of how many parts come after each."""
        return arange(x.shape[-1], 0, -1, dtype=x.dtype).log()


class LowerCholeskyTransform(_Known):
    """The lower triangle of x, with exp of the diagonal: a Cholesky factor.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    domain: Constraint = independent(constraints.real, 2)
    codomain: Constraint = constraints.lower_cholesky

    def _call(self, x: Tensor) -> Tensor:
        return x.tril(-1) + diag_embed(x.diagonal(dim1=-2, dim2=-1).exp())

    def _inverse(self, y: Tensor) -> Tensor:
        return y.tril(-1) + diag_embed(y.diagonal(dim1=-2, dim2=-1).log())


class PositiveDefiniteTransform(_Known):
    """L @ L.mT for what LowerCholeskyTransform makes of x: a covariance matrix.

    cache_size  1: the inverse of the last y is the x that it came from; 0: it is computed
    """

    domain: Constraint = independent(constraints.real, 2)
    codomain: Constraint = constraints.positive_definite

    def _call(self, x: Tensor) -> Tensor:
        factor = LowerCholeskyTransform()(x)
        return factor @ factor.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return LowerCholeskyTransform().inv(linalg.cholesky(y))


def of_events(constraint: Constraint, count: int) -> Constraint:
    """A constraint of events of several values, each of which meets it.

    constraint  what each value must be
    count       how many dimensions belong to an event
    """
    more = count - constraint.event_dim
    return independent(constraint, more) if more > 0 else constraint


def at_least(count: int, shape: Sequence[int]) -> Sequence[int]:
    """The shape; ValueError if it has fewer dimensions.

    count  how many it must have
    shape  that of what is transformed
    """
    if len(shape) < count:
        raise errors.too_few_dimensions_of_input(shape, count)
    return shape


def _exchanged(shape: Sequence[int], old: Size, new: Size) -> Size:
    """The shape, with another one for an event."""
    cut = len(at_least(len(old), shape)) - len(old)
    if tuple(shape[cut:]) != old:
        raise errors.other_event_shape(shape[cut:], old)
    return Size([*shape[:cut], *new])


def _inside(y: Tensor) -> Tensor:
    """y in (0, 1)."""
    kind = finfo(y.dtype)
    return clamp(y, kind.tiny, 1 - kind.eps)
