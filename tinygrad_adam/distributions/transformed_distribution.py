"""TransformedDistribution: functions of samples as samples."""
from __future__ import annotations

from typing import Any

from .._tensor import Tensor
from ..autograd import no_grad
from . import _errors as errors
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, sum_of_last
from .independent import Independent
from .transforms import ComposeTransform, Transform, of_events


class TransformedDistribution(Distribution):
    """The distribution of y = transform(x) for samples x of another.

    base_distribution  the distribution of x
    transforms         a transform, or a list of them, of which the first is applied first
    validate_args      check values (ValueError); None: do

    Raises ValueError for other transforms.
    https://pytorch.org/docs/stable/distributions.html#transformeddistribution
    """

    arg_constraints: Rules = {}

    def __init__(self, base_distribution: Distribution, transforms: Transform | list[Transform],
                 validate_args: bool | None = None) -> None:
        found: Any = [transforms] if isinstance(transforms, Transform) else transforms
        if not isinstance(found, list) or not all(isinstance(t, Transform) for t in found):
            raise errors.not_transforms(transforms)
        self.transforms: list[Transform] = found
        chain = ComposeTransform(found)
        base_shape = base_distribution._shape(())
        if len(base_shape) < chain.domain.event_dim:
            raise errors.base_of_few_dimensions(base_shape, chain.domain.event_dim)
        shape = chain.forward_shape(base_shape)
        expanded = tuple(chain.inverse_shape(shape))
        own = len(base_distribution.event_shape)
        if expanded != base_shape:
            base_distribution = base_distribution.expand(expanded[:len(expanded) - own])
        more = chain.domain.event_dim - own
        if more > 0:
            base_distribution = Independent(base_distribution, more)
        self.base_dist: Distribution = base_distribution
        cut = len(shape) - chain.codomain.event_dim + min(0, more)
        super().__init__(shape[:cut], shape[cut:], validate_args)

    @property
    def has_rsample(self) -> bool:
        """Whether samples have a gradient."""
        return self.base_dist.has_rsample

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> Constraint:
        if not self.transforms:
            return self.base_dist.support
        return of_events(self.transforms[-1].codomain, len(self._event_shape))

    def _transformed(self, x: Tensor) -> Tensor:
        for transform in self.transforms:
            x = transform(x)
        return x

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self._transformed(self.base_dist.rsample(sample_shape))

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        with no_grad():
            return self._transformed(self.base_dist.sample(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        stretched, count = 0.0, len(self._event_shape)
        for transform in reversed(self.transforms):
            x, own = transform.inv(value), transform.domain.event_dim
            count += own - transform.codomain.event_dim
            stretched = stretched + sum_of_last(transform.log_abs_det_jacobian(x, value),
                                                count - own)
            value = x
        of_base = self.base_dist.log_prob(value)
        return sum_of_last(of_base, count - len(self.base_dist.event_shape)) - stretched

    def cdf(self, value: Tensor) -> Tensor:
        for transform in reversed(self.transforms):
            value = transform.inv(value)
        return self._rising(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        return self._transformed(self.base_dist.icdf(self._rising(value)))

    def _rising(self, probability: Tensor) -> Tensor:
        """1 - probability where samples fall when those of the base distribution grow."""
        sign = ComposeTransform(self.transforms).sign
        unchanged = not isinstance(sign, Tensor) and sign == 1
        return probability if unchanged else sign * (probability - 0.5) + 0.5
