"""Which values a parameter or a sample may have: the rules that distributions state and check.

>>> from tinygrad_adam import tensor
>>> from tinygrad_adam.distributions import Normal, constraints
>>> constraints.unit_interval.check(tensor([-0.5, 0.5, 1.0]))
tensor([False,  True,  True])
>>> Normal.arg_constraints
{'loc': Real(), 'scale': GreaterThan(lower_bound=0.0)}
"""
from __future__ import annotations

from typing import Any, Callable, Dict

from .._functions import linalg
from .._functions.creation import full
from .._missing import refusal
from .._tensor import Tensor
from . import _errors as errors

__all__ = ['Constraint', 'MixtureSameFamilyConstraint', 'boolean', 'dependent',
           'dependent_property', 'greater_than', 'greater_than_eq', 'half_open_interval',
           'independent', 'integer_interval', 'interval', 'is_dependent', 'less_than',
           'lower_cholesky', 'lower_triangular', 'multinomial', 'nonnegative',
           'nonnegative_integer', 'one_hot', 'positive', 'positive_definite', 'positive_integer',
           'positive_semidefinite', 'real', 'real_vector', 'simplex', 'square', 'symmetric',
           'unit_interval']

__getattr__: Callable[[str], Any] = refusal(__name__)


class Constraint:
    """The base of all constraints. `is_discrete` says whether the values are separate from each
    other, `event_dim` how many of the last dimensions belong to one value.

    https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraints
    """

    is_discrete: bool = False
    event_dim: int = 0

    def check(self, value: Tensor) -> Tensor:
        """Whether each value is one of those allowed: a bool tensor without the dimensions of
        events.

        value  a tensor
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        return f'{type(self).__name__[1:]}()'


Rules = Dict[str, Constraint]       # what each parameter of a distribution must be


# Constraints that depend on what only an object knows.

class _Dependent(Constraint):
    """What depends on other parameters, so that nothing can be checked; `constraints.dependent`.

    is_discrete  whether the values are separate from each other; not known unless given
    event_dim    how many dimensions belong to one value; not known unless given

    What is not known raises NotImplementedError if it is asked for.
    """

    def __init__(self, *, is_discrete: Any = NotImplemented,
                 event_dim: Any = NotImplemented) -> None:
        self._is_discrete, self._event_dim = is_discrete, event_dim

    @property
    def is_discrete(self) -> bool:
        return errors.if_known('is_discrete', self._is_discrete)

    @property
    def event_dim(self) -> int:
        return errors.if_known('event_dim', self._event_dim)

    def __call__(self, *, is_discrete: Any = NotImplemented,
                 event_dim: Any = NotImplemented) -> _Dependent:
        """One of which more is known.

        is_discrete  whether the values are separate from each other
        event_dim    how many dimensions belong to one value
        """
        return _Dependent(
            is_discrete=self._is_discrete if is_discrete is NotImplemented else is_discrete,
            event_dim=self._event_dim if event_dim is NotImplemented else event_dim)

    def check(self, value: Tensor) -> Tensor:
        raise errors.cannot_be_checked()


class _DependentProperty(property, _Dependent):
    """A property of objects that is a constraint; of the class, it is a dependent constraint.

    fn           the function that returns the constraint; None if it is to be decorated
    is_discrete  whether the values are separate from each other; not known unless given
    event_dim    how many dimensions belong to one value; not known unless given
    """

    def __init__(self, fn: Callable[[Any], Constraint] | None = None, *,
                 is_discrete: Any = NotImplemented, event_dim: Any = NotImplemented) -> None:
        property.__init__(self, fn)
        _Dependent.__init__(self, is_discrete=is_discrete, event_dim=event_dim)

    def __call__(self, fn: Callable[[Any], Constraint]) -> _DependentProperty:  # type: ignore
        return _DependentProperty(fn, is_discrete=self._is_discrete, event_dim=self._event_dim)


def is_dependent(constraint: Constraint) -> bool:
    """Whether a constraint depends on what is not known, and so cannot be checked.

    constraint  any
    """
    return isinstance(constraint, _Dependent)


# Constraints made of others.

class _IndependentConstraint(Constraint):
    """Events of several values, each of which must be allowed.

    base_constraint            what each value must be
    reinterpreted_batch_ndims  how many dimensions more belong to an event
    """

    def __init__(self, base_constraint: Constraint, reinterpreted_batch_ndims: int) -> None:
        self.base_constraint = base_constraint
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    @property
    def is_discrete(self) -> bool:
        return self.base_constraint.is_discrete

    @property
    def event_dim(self) -> int:
        return self.base_constraint.event_dim + self.reinterpreted_batch_ndims

    def check(self, value: Tensor) -> Tensor:
        if value.ndim < self.event_dim:
            raise errors.too_few_dimensions(value.shape, self.event_dim)
        valid = self.base_constraint.check(value)
        return valid.reshape(*valid.shape[:valid.ndim - self.reinterpreted_batch_ndims], -1).all(-1)

    def __repr__(self) -> str:
        return (f'{type(self).__name__[1:]}({self.base_constraint!r}, '
                f'{self.reinterpreted_batch_ndims})')


class MixtureSameFamilyConstraint(Constraint):
    """What all components of a mixture allow.

    base_constraint  that of the components

    https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraints
    """

    def __init__(self, base_constraint: Constraint) -> None:
        self.base_constraint = base_constraint

    @property
    def is_discrete(self) -> bool:
        return self.base_constraint.is_discrete

    @property
    def event_dim(self) -> int:
        return self.base_constraint.event_dim

    def check(self, value: Tensor) -> Tensor:
        if value.ndim < self.event_dim:
            raise errors.too_few_dimensions(value.shape, self.event_dim)
        valid = self.base_constraint.check(value.unsqueeze(-1 - self.event_dim))
        return valid.reshape(*valid.shape[:value.ndim - self.event_dim], -1).all(-1)

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.base_constraint!r})'


# Numbers.

class _Real(Constraint):
    """All numbers, also infinite ones; not nan."""

    def check(self, value: Tensor) -> Tensor:
        return value == value


class _Boolean(Constraint):
    """0 and 1."""

    is_discrete: bool = True

    def check(self, value: Tensor) -> Tensor:
        return (value == 0) | (value == 1)


class _Bounded(Constraint):
    """What is printed with its bounds."""

    def __repr__(self) -> str:
        bounds = ', '.join(f'{name}={bound}' for name, bound in vars(self).items())
        return f'{type(self).__name__[1:]}({bounds})'


class _GreaterThan(_Bounded):
    """Numbers above a bound.

    lower_bound  a number or a tensor
    """

    def __init__(self, lower_bound: Any) -> None:
        self.lower_bound = lower_bound

    def check(self, value: Tensor) -> Tensor:
        return value > self.lower_bound


class _GreaterThanEq(_GreaterThan):
    """Numbers from a bound on.

    lower_bound  a number or a tensor
    """

    def check(self, value: Tensor) -> Tensor:
        return value >= self.lower_bound


class _IntegerGreaterThan(_GreaterThanEq):
    """Integers from a bound on.

    lower_bound  a number or a tensor
    """

    is_discrete: bool = True

    def check(self, value: Tensor) -> Tensor:
        return super().check(value) & (value % 1 == 0)


class _LessThan(_Bounded):
    """Numbers below a bound.

    upper_bound  a number or a tensor
    """

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return value < self.upper_bound


class _Interval(_Bounded):
    """Numbers from one bound to another.

    lower_bound  the smallest value, a number or a tensor
    upper_bound  the largest value, a number or a tensor
    """

    def __init__(self, lower_bound: Any, upper_bound: Any) -> None:
        self.lower_bound: Any = lower_bound
        self.upper_bound: Any = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (value >= self.lower_bound) & (value <= self.upper_bound)


class _HalfOpenInterval(_Interval):
    """Numbers from a bound on, below another.

    lower_bound  the smallest value, a number or a tensor
    upper_bound  what all values are below, a number or a tensor
    """

    def check(self, value: Tensor) -> Tensor:
        return (value >= self.lower_bound) & (value < self.upper_bound)


class _IntegerInterval(_Interval):
    """Integers from one bound to another.

    lower_bound  the smallest value, a number or a tensor
    upper_bound  the largest value, a number or a tensor
    """

    is_discrete: bool = True

    def check(self, value: Tensor) -> Tensor:
        return super().check(value) & (value % 1 == 0)


# Vectors.

class _Simplex(Constraint):
    """Vectors of shares: at least 0, with the sum 1."""

    event_dim: int = 1

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & ((value.sum(-1) - 1).abs() < 1e-6)


class _OneHot(Constraint):
    """Vectors of zeros and one 1."""

    is_discrete: bool = True
    event_dim: int = 1

    def check(self, value: Tensor) -> Tensor:
        return boolean.check(value).all(-1) & (value.sum(-1) == 1)


class _Multinomial(Constraint):
    """Vectors of counts with at most a given sum.

    upper_bound  the sum, a number or a tensor
    """

    is_discrete: bool = True
    event_dim: int = 1

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & (value.sum(-1) <= self.upper_bound)


# Matrices.

class _LowerTriangular(Constraint):
    """Matrices with zeros above the diagonal."""

    event_dim: int = 2

    def check(self, value: Tensor) -> Tensor:
        return (value == value.tril()).all(-1).all(-1)


class _LowerCholesky(_LowerTriangular):
    """Matrices with zeros above the diagonal, which is greater than 0."""

    def check(self, value: Tensor) -> Tensor:
        return super().check(value) & (value.diagonal(dim1=-2, dim2=-1) > 0).all(-1)


class _Square(Constraint):
    """Matrices with as many rows as columns."""

    event_dim: int = 2

    def check(self, value: Tensor) -> Tensor:
        return full(value.shape[:-2], value.shape[-2] == value.shape[-1])


class _Symmetric(_Square):
    """Matrices that are their transpose."""

    def check(self, value: Tensor) -> Tensor:
        is_square = super().check(value)
        if not is_square.all():
            return is_square
        return value.isclose(value.mT, atol=1e-6).all(-1).all(-1)


class _PositiveSemidefinite(_Symmetric):
    """Symmetric matrices with eigenvalues of at least 0."""

    def check(self, value: Tensor) -> Tensor:
        is_symmetric = super().check(value)
        if not is_symmetric.all():
            return is_symmetric
        return (linalg.eigvalsh(value) >= 0).all(-1)


class _PositiveDefinite(_Symmetric):
    """Symmetric matrices with eigenvalues above 0."""

    def check(self, value: Tensor) -> Tensor:
        is_symmetric = super().check(value)
        if not is_symmetric.all():
            return is_symmetric
        return (linalg.eigvalsh(value) > 0).all(-1)


dependent: _Dependent = _Dependent()
dependent_property = _DependentProperty
independent = _IndependentConstraint
boolean: Constraint = _Boolean()
one_hot: Constraint = _OneHot()
nonnegative_integer: Constraint = _IntegerGreaterThan(0)
positive_integer: Constraint = _IntegerGreaterThan(1)
integer_interval = _IntegerInterval
real: Constraint = _Real()
real_vector: Constraint = independent(real, 1)
positive: Constraint = _GreaterThan(0.0)
nonnegative: Constraint = _GreaterThanEq(0.0)
greater_than = _GreaterThan
greater_than_eq = _GreaterThanEq
less_than = _LessThan
multinomial = _Multinomial
unit_interval: Constraint = _Interval(0.0, 1.0)
interval = _Interval
half_open_interval = _HalfOpenInterval
simplex: Constraint = _Simplex()
lower_triangular: Constraint = _LowerTriangular()
lower_cholesky: Constraint = _LowerCholesky()
square: Constraint = _Square()
symmetric: Constraint = _Symmetric()
positive_semidefinite: Constraint = _PositiveSemidefinite()
positive_definite: Constraint = _PositiveDefinite()
