"""The base of all distributions: shapes, checks, and what follows from sample and log_prob."""
from __future__ import annotations

import copy
import warnings
from typing import Any, Callable, Sequence, TypeVar

from .._functions.creation import tensor
from .._functions.shapes import broadcast_tensors
from .._tensor import Tensor
from ..autograd import enable_grad, no_grad
from ..types import Size, default_dtype
from . import _errors as errors
from . import constraints
from .constraints import Constraint, Rules, is_dependent

Shape = Sequence[int]
EULER = 0.5772156649015329     # Euler's constant: minus digamma(1)
D = TypeVar('D', bound='Distribution')


class derived:
    """A parameter that follows from those that are given. It is computed when it is first asked
    for, as a function of them also where gradients are switched off.

    function  of the distribution
    """

    def __init__(self, function: Callable[[Any], Tensor]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        with enable_grad():
            value = vars(instance)[self.name] = self.function(instance)
        return value


def left_open(name: str) -> Any:
    """What each class has to state: a property that raises NotImplementedError.

    name  its name
    """
    def missing(distribution: Any) -> None:
        raise errors.not_known(distribution, name)

    return property(missing)


class Distribution:
    """The base of all distributions. `arg_constraints` says what the parameters must be, `support`
    what the samples are.

    batch_shape    the shape of the parameters: one distribution for each element
    event_shape    the shape of one sample of one distribution; () for numbers
    validate_args  check parameters and values (ValueError); None: as set_default_validate_args says

    https://pytorch.org/docs/stable/distributions.html#distribution
    """

    arg_constraints: Rules = left_open('arg_constraints')
    support: Constraint = left_open('support')
    has_rsample: bool = False
    has_enumerate_support: bool = False
    _validate_args: bool = __debug__

    def __init__(self, batch_shape: Shape = (), event_shape: Shape = (),
                 validate_args: bool | None = None) -> None:
        self._batch_shape, self._event_shape = Size(batch_shape), Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._validate_parameters()

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Switch the checks of parameters and values on or off, for all distributions that are not
        told otherwise. They are on unless Python runs with -O.

        value  True or False; anything else is a ValueError
        """
        if value not in (True, False):
            raise errors.not_a_switch(value)
        Distribution._validate_args = value

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
        raise errors.not_known(self, 'mean')

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density, or probability."""
        raise errors.not_known(self, 'mode')

    @property
    def variance(self) -> Tensor:
        """The variance of each distribution."""
        raise errors.not_known(self, 'variance')

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
        for name, x in vars(self).items():
            if isinstance(x, Distribution):
                vars(new)[name] = x.expand(batch_shape)
            elif isinstance(x, Tensor) and name[0] != '_':
                vars(new)[name] = x.expand((*batch_shape, *x.shape[len(self._batch_shape):]))
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
        raise errors.not_known(self, 'log_prob')

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of a sample that is at most value.

        value  of a shape that broadcasts with batch_shape
        """
        raise errors.not_known(self, 'cdf')

    def icdf(self, value: Tensor) -> Tensor:
        """What a sample is at most with the probability value: the inverse of cdf.

        value  in [0, 1], which is not checked; of a shape that broadcasts with batch_shape
        """
        raise errors.not_known(self, 'icdf')

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All values that occur, along the first dimension: (values, *batch_shape, *event_shape).

        expand  whether to repeat them for each distribution; if not, the sizes of the batch are 1
        """
        raise errors.not_known(self, 'enumerate_support')

    def entropy(self) -> Tensor:
        """The entropy of each distribution, in nats."""
        raise errors.not_known(self, 'entropy')

    def perplexity(self) -> Tensor:
        """exp(entropy)."""
        return self.entropy().exp()

    def _shape(self, sample_shape: Shape) -> tuple[int, ...]:
        return (*sample_shape, *self._batch_shape, *self._event_shape)

    def _for_each(self, values: Tensor, expand: bool) -> Tensor:
        """Values (n, *event_shape) of each distribution."""
        sizes = self._batch_shape if expand else (1,) * len(self._batch_shape)
        values = values.reshape(-1, *(1,) * len(sizes), *self._event_shape)
        return values.expand(-1, *sizes, *self._event_shape)

    def _rule(self, name: str) -> Any:
        """Its arg_constraints or support; None, and a warning, if the class has none."""
        try:
            return getattr(self, name)
        except NotImplementedError:
            warnings.warn(errors.no_rule(self, name), stacklevel=4)

    def _validate_parameters(self) -> None:
        """Raise ValueError unless the parameters are what arg_constraints says."""
        for name, constraint in (self._rule('arg_constraints') or {}).items():
            follows = isinstance(getattr(type(self), name, None), derived)
            if is_dependent(constraint) or follows and name not in vars(self):
                continue
            x = getattr(self, name)
            with no_grad():
                if not constraint.check(x).all():
                    raise errors.bad_parameter(self, name, x, constraint)

    def _validate_sample(self, value: Tensor) -> None:
        """Raise ValueError unless value is what support says, if values are checked."""
        if not self._validate_args:
            return
        if not isinstance(value, Tensor):
            raise errors.value_is_no_tensor(value)
        if value.shape[max(0, value.ndim - len(self._event_shape)):] != self._event_shape:
            raise errors.not_of_event_shape(value, self._event_shape)
        shape = self._shape(())
        for n, m in zip(reversed(value.shape), reversed(shape)):
            if n != m and 1 not in (n, m):
                raise errors.not_broadcastable(value, shape)
        support = self._rule('support')
        with no_grad():
            if support is not None and not support.check(value).all():
                raise errors.outside_support(self, value, support)

    def __repr__(self) -> str:
        found = {name: vars(self)[name] for name in self.arg_constraints if name in vars(self)}
        texts = [f'{name}: {x if x.numel() == 1 else x.size()}' for name, x in found.items()]
        return f'{type(self).__name__}({", ".join(texts)})'


class Centred(Distribution):
    """What distributions share whose mean and mode is loc."""

    loc: Tensor

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc


class LocationScale(Centred):
    """What distributions of loc + scale * x share, for an x of which nothing else is known.

    loc            where x is 0, a tensor or a number
    scale          what x is multiplied by, greater than 0
    validate_args  check parameters and values (ValueError); None: as set_default_validate_args says
    """

    arg_constraints: Rules = {'loc': constraints.real, 'scale': constraints.positive}
    support: Constraint = constraints.real
    has_rsample = True

    def __init__(self, loc: Tensor | float, scale: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.loc: Tensor
        self.scale: Tensor
        self.loc, self.scale = parameters(loc, scale)
        super().__init__(self.loc.shape, (), validate_args)

    def _standardized(self, value: Tensor) -> Tensor:
        return (value - self.loc) / self.scale


def parameters(*given: Any) -> list[Tensor]:
    """Numbers and tensors as tensors of one shape and, for the numbers, one dtype."""
    tensors = [x for x in given if isinstance(x, Tensor)]
    if any(not isinstance(x, (Tensor, int, float)) for x in given):
        raise errors.parameters_are_no_numbers(*given)
    dtype = tensors[0].dtype if tensors else default_dtype()
    return list(broadcast_tensors(*[
        x if isinstance(x, Tensor) else tensor(x, dtype=dtype) for x in given]))


def sum_of_last(x: Tensor, count: int) -> Tensor:
    """The sums over the last dimensions.

    x      a tensor
    count  how many dimensions
    """
    return x.sum(tuple(range(-count, 0))) if count else x
