"""The base of all distributions: shapes, checks, and what follows from sample and log_prob."""
from __future__ import annotations

import copy
from typing import Any, Callable, Sequence, TypeVar

from .._functions.creation import tensor
from .._functions.shapes import broadcast_tensors
from .._tensor import Tensor
from ..autograd import no_grad
from ..types import Size, float32
from . import _errors as errors

Shape = Sequence[int]
D = TypeVar('D', bound='Distribution')


class Distribution:
    """The base of all distributions.

    batch_shape    the shape of the parameters: one distribution for each element
    event_shape    the shape of one sample of one distribution; () for numbers
    validate_args  check parameters and values (ValueError); None: do
    """

    has_rsample: bool = False
    _parameters: tuple[str, ...] = ()     # what a distribution is printed with

    def __init__(self, batch_shape: Shape = (), event_shape: Shape = (),
                 validate_args: bool | None = None) -> None:
        self._batch_shape, self._event_shape = Size(batch_shape), Size(event_shape)
        self._validate_args = validate_args is not False

    @property
    def batch_shape(self) -> Size:
        """The shape of the parameters."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one sample of one distribution."""
        return self._event_shape

    @property
    def mean(self) -> Tensor:
        """The mean of each distribution."""
        raise NotImplementedError

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density, or probability."""
        raise NotImplementedError

    @property
    def variance(self) -> Tensor:
        """The variance of each distribution."""
        raise NotImplementedError

    @property
    def stddev(self) -> Tensor:
        """The standard deviation of each distribution."""
        return self.variance.sqrt()

    def expand(self: D, batch_shape: Shape) -> D:
        """The same distributions, repeated: a distribution whose parameters are expanded.

        batch_shape  the new shape, with which the present one must broadcast
        """
        new = copy.copy(self)
        new._batch_shape = Size(batch_shape)
        for name in self._parameters:
            if name in self.__dict__:
                x = self.__dict__[name]
                new.__dict__[name] = x.expand((*batch_shape, *x.shape[len(self._batch_shape):]))
        return new

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        """Samples as functions of the parameters, which get their gradient: reparametrized.

        sample_shape  how many, as a shape

        Returns (*sample_shape, *batch_shape, *event_shape).
        """
        raise errors.no_gradient_of_samples(self)

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        """Samples, without gradient.

        sample_shape  how many, as a shape

        Returns (*sample_shape, *batch_shape, *event_shape).
        """
        with no_grad():
            return self.rsample(sample_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the probability, or of its density, at value.

        value  of a shape that broadcasts with (*batch_shape, *event_shape)
        """
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """The entropy of each distribution, in nats."""
        raise NotImplementedError

    def perplexity(self) -> Tensor:
        """exp(entropy)."""
        return self.entropy().exp()

    def _shape(self, sample_shape: Shape) -> tuple[int, ...]:
        return (*sample_shape, *self._batch_shape, *self._event_shape)

    def _require(self, name: str, x: Tensor, valid: Tensor, rule: str) -> None:
        """Raise ValueError unless the parameter x is valid."""
        if self._validate_args and not valid.all():
            raise errors.bad_parameter(self, name, x, rule)

    def _check_value(self, value: Tensor, valid: Callable[[Tensor], Tensor], support: str) -> None:
        """Raise ValueError unless value has a probability."""
        if not self._validate_args:
            return
        if not isinstance(value, Tensor):
            raise errors.value_is_no_tensor(value)
        shape = self._shape(())
        for n, m in zip(reversed(value.shape), reversed(shape)):
            if n != m and 1 not in (n, m):
                raise errors.not_broadcastable(value, shape)
        if not valid(value).all():
            raise errors.outside_support(self, value, support)

    def __repr__(self) -> str:
        found = {name: self.__dict__[name] for name in self._parameters if name in self.__dict__}
        texts = [f'{name}: {x if x.numel() == 1 else x.size()}' for name, x in found.items()]
        return f'{type(self).__name__}({", ".join(texts)})'


def xlogy(x: Tensor, y: Tensor) -> Tensor:
    """x log(y), and 0 where x and y are 0.

    x  a tensor
    y  a tensor of a shape that broadcasts
    """
    return x * y.log().masked_fill((x == 0) & (y == 0), 0)


def is_whole(x: Tensor) -> Tensor:
    """Where the elements are 0, 1, 2, and so on.

    x  a tensor
    """
    return (x >= 0) & (x % 1 == 0)


def parameters(*given: Any) -> list[Tensor]:
    """Numbers and tensors as tensors of one shape and, for the numbers, one dtype."""
    tensors = [x for x in given if isinstance(x, Tensor)]
    if any(not isinstance(x, (Tensor, int, float)) for x in given):
        raise errors.parameters_are_no_numbers(*given)
    dtype = tensors[0].dtype if tensors else float32
    return list(broadcast_tensors(*[
        x if isinstance(x, Tensor) else tensor(x, dtype=dtype) for x in given]))
