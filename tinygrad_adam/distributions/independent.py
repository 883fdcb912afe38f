"""Independent: several distributions as the elements of one event."""
from __future__ import annotations

from .._tensor import Tensor
from . import _errors as errors
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, sum_of_last


class Independent(Distribution):
    """The same distributions, the last dimensions of whose batch are now those of one event: their
    logarithms of densities, and their entropies, are summed.

    base_distribution          the distributions
    reinterpreted_batch_ndims  how many of the last dimensions of its batch belong to an event
    validate_args              check parameters and values (ValueError); None: do

    Raises ValueError if the batch has fewer dimensions.
    https://pytorch.org/docs/stable/distributions.html#independent
    """

    arg_constraints: Rules = {}

    def __init__(self, base_distribution: Distribution, reinterpreted_batch_ndims: int,
                 validate_args: bool | None = None) -> None:
        batch = base_distribution.batch_shape
        if reinterpreted_batch_ndims > len(batch):
            raise errors.too_many_event_dimensions(reinterpreted_batch_ndims, batch)
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        self.has_rsample: bool = base_distribution.has_rsample
        self.has_enumerate_support: bool = (
            base_distribution.has_enumerate_support and not reinterpreted_batch_ndims)
        kept = len(batch) - reinterpreted_batch_ndims
        super().__init__(batch[:kept], (*batch[kept:], *base_distribution.event_shape),
                         validate_args)

    @constraints.dependent_property
    def support(self) -> Constraint:
        support, count = self.base_dist.support, self.reinterpreted_batch_ndims
        return constraints.independent(support, count) if count else support

    def expand(self, batch_shape: Shape) -> Independent:
        count = self.reinterpreted_batch_ndims
        base = self.base_dist.expand((*batch_shape, *self._event_shape[:count]))
        return type(self)(base, count, self._validate_args)

    @property
    def mean(self) -> Tensor:
        return self.base_dist.mean

    @property
    def mode(self) -> Tensor:
        return self.base_dist.mode

    @property
    def variance(self) -> Tensor:
        return self.base_dist.variance

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.base_dist.rsample(sample_shape)

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        return self.base_dist.sample(sample_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        return sum_of_last(self.base_dist.log_prob(value), self.reinterpreted_batch_ndims)

    def entropy(self) -> Tensor:
        return sum_of_last(self.base_dist.entropy(), self.reinterpreted_batch_ndims)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        if self.reinterpreted_batch_ndims:
            raise errors.too_many_to_enumerate(self)
        return self.base_dist.enumerate_support(expand)

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.base_dist}, {self.reinterpreted_batch_ndims})'
