"""Which transform leads from all numbers to those that a constraint allows.

>>> from tinygrad_adam import tensor
>>> from tinygrad_adam.distributions import Normal, transform_to
>>> transform_to(Normal.arg_constraints['scale'])(tensor([-1.0, 0.0, 1.0]))
tensor([0.3679, 1.0000, 2.7183])
"""
from __future__ import annotations

from typing import Any, Callable

from . import _errors as errors
from . import constraints, transforms
from .constraints import Constraint
from .transforms import AffineTransform, ComposeTransform, Transform

__all__ = ['ConstraintRegistry', 'biject_to', 'transform_to']

Factory = Callable[[Any], Transform]


class ConstraintRegistry:
    """Transforms, found by the class of a constraint: registry(constraint).

    https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraint_registry
    """

    def __init__(self) -> None:
        self._registry: dict[type, Factory] = {}

    def register(self, constraint: Any, factory: Factory | None = None) -> Any:
        """Say what leads to constraints of a class; instead of what was said before.

        constraint  the class, or a constraint of it
        factory     a function of such a constraint that returns a transform; None, if it is to be
                    decorated
        """
        if factory is None:
            return lambda factory: self.register(constraint, factory)
        kind = type(constraint) if isinstance(constraint, Constraint) else constraint
        if not isinstance(kind, type) or not issubclass(kind, Constraint):
            raise errors.not_a_constraint(constraint)
        self._registry[kind] = factory
        return factory

    def __call__(self, constraint: Constraint) -> Transform:
        """The transform from all numbers to what the constraint allows; NotImplementedError if none
        is registered.

        constraint  one of distributions.constraints, or of a class that is registered
        """
        if type(constraint) not in self._registry:
            raise errors.no_transform_to(constraint)
        return self._registry[type(constraint)](constraint)


biject_to: ConstraintRegistry = ConstraintRegistry()
transform_to: ConstraintRegistry = ConstraintRegistry()


def _to_interval(constraint: Any) -> Transform:
    low, high = constraint.lower_bound, constraint.upper_bound
    numbers = isinstance(low, (int, float)) and isinstance(high, (int, float))
    if numbers and (low, high) == (0, 1):
        return transforms.SigmoidTransform()
    return ComposeTransform([transforms.SigmoidTransform(), AffineTransform(low, high - low)])


def _from(bound: Any, sign: int) -> Transform:
    return ComposeTransform([transforms.ExpTransform(), AffineTransform(bound, sign)])


def _to_events_by(registry: ConstraintRegistry) -> Factory:
    return lambda constraint: transforms.IndependentTransform(
        registry(constraint.base_constraint), constraint.reinterpreted_batch_ndims)


for _registry in biject_to, transform_to:
    _registry.register(constraints.real, lambda constraint: transforms.identity_transform)
    _registry.register(constraints.independent, _to_events_by(_registry))
    _registry.register(constraints.interval, _to_interval)
    _registry.register(constraints.half_open_interval, _to_interval)
    for _above in constraints.greater_than, constraints.greater_than_eq:
        _registry.register(_above, lambda constraint: _from(constraint.lower_bound, 1))
    _registry.register(constraints.less_than, lambda constraint: _from(constraint.upper_bound, -1))
biject_to.register(constraints.simplex, lambda constraint: transforms.StickBreakingTransform())
transform_to.register(constraints.simplex, lambda constraint: transforms.SoftmaxTransform())
transform_to.register(constraints.lower_cholesky,
                      lambda constraint: transforms.LowerCholeskyTransform())
for _matrix in constraints.positive_definite, constraints.positive_semidefinite:
    transform_to.register(_matrix, lambda constraint: transforms.PositiveDefiniteTransform())
