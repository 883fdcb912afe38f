"""TransformedDistribution: functions of samples as samples."""
from __future__ import annotations

from typing import Any

from .._tensor import Tensor
from ..autograd import no_grad
from . import _errors as errors
from . import constraints
from .constraints import Constraint
from .distribution import Distribution, Shape
from .independent import sum_of_last
from .transforms import Transform


class TransformedDistribution(Distribution):
    """The distribution of y = transform(x) for samples x of another.

    base_distribution  the distribution of x
    transforms         a transform, or a list of them, of which the first is applied first
    validate_args      check values (ValueError); None: do

    Raises ValueError for other transforms.
    https://pytorch.org/docs/stable/distributions.html#transformeddistribution
    """

    arg_constraints: dict[str, Constraint] = {}

    def __init__(self, base_distribution: Distribution, transforms: Transform | list[Transform],
                 validate_args: bool | None = None) -> None:
        found: Any = [transforms] if isinstance(transforms, Transform) else transforms
        if not isinstance(found, list) or not all(isinstance(t, Transform) for t in found):
            raise errors.not_transforms(transforms)
        self.transforms: list[Transform] = found
        event_shape = base_distribution.event_shape
        shape: Shape = (*base_distribution.batch_shape, *event_shape)
        for transform in found:
            shape = transform.forward_shape(shape)
        batch_shape = shape[:len(shape) - len(event_shape)]
        self.base_dist: Distribution = base_distribution.expand(batch_shape)
        self.has_rsample: bool = base_distribution.has_rsample
        super().__init__(batch_shape, event_shape, validate_args)

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> Constraint:
        if not self.transforms:
            return self.base_dist.support
        support = self.transforms[-1].codomain
        more = len(self._event_shape) - support.event_dim
        return constraints.independent(support, more) if more > 0 else support

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
        stretched: Any = 0.0
        for transform in reversed(self.transforms):
            x = transform.inv(value)
            stretched = stretched + sum_of_last(transform.log_abs_det_jacobian(x, value),
                                                len(self._event_shape))
            value = x
        return self.base_dist.log_prob(value) - stretched
