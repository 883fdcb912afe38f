"""MixtureSameFamily: several distributions, one of which is chosen for each sample."""
from __future__ import annotations

import copy

from .._tensor import Tensor
from ..autograd import no_grad
from ..types import Size
from . import _errors as errors
from . import constraints
from .categorical import Categorical
from .constraints import Constraint, MixtureSameFamilyConstraint, Rules
from .distribution import Distribution, Shape


class MixtureSameFamily(Distribution):
    """A mixture of K distributions of one kind, such as Gaussians.

    mixture_distribution    how probable each component is: a Categorical of K
    component_distribution  the components, the last dimension of whose batch is K
    validate_args           check values (ValueError); None: do

    Raises ValueError for other distributions, and for shapes that do not fit.
    https://pytorch.org/docs/stable/distributions.html#mixturesamefamily
    """

    arg_constraints: Rules = {}

    def __init__(self, mixture_distribution: Categorical, component_distribution: Distribution,
                 validate_args: bool | None = None) -> None:
        if not (isinstance(mixture_distribution, Categorical)
                and isinstance(component_distribution, Distribution)):
            raise errors.not_a_mixture(mixture_distribution, component_distribution)
        mixed, batch = mixture_distribution.batch_shape, component_distribution.batch_shape
        if not batch or batch[-1] != mixture_distribution._num_events or any(
                1 not in (n, m) and n != m for n, m in zip(reversed(mixed), reversed(batch[:-1]))):
            raise errors.components_do_not_fit(mixture_distribution, component_distribution)
        self.mixture_distribution = mixture_distribution
        self.component_distribution = component_distribution
        super().__init__(batch[:-1], component_distribution.event_shape, validate_args)

    @constraints.dependent_property
    def support(self) -> Constraint:
        return MixtureSameFamilyConstraint(self.component_distribution.support)

    def expand(self, batch_shape: Shape) -> MixtureSameFamily:
        new = copy.copy(self)
        new._batch_shape = Size(batch_shape)
        new.mixture_distribution = self.mixture_distribution.expand(batch_shape)
        new.component_distribution = self.component_distribution.expand(
            (*batch_shape, self.mixture_distribution._num_events))
        return new

    @property
    def mean(self) -> Tensor:
        return self._mixed(self.component_distribution.mean)

    @property
    def variance(self) -> Tensor:
        """The mean of the variances, and the variance of the means."""
        distance = self.component_distribution.mean - self._of_components(self.mean)
        return self._mixed(self.component_distribution.variance) + self._mixed(distance.pow(2))

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        with no_grad():
            dim = -1 - len(self._event_shape)
            drawn = self.component_distribution.sample(sample_shape)
            chosen = self.mixture_distribution.expand(self._batch_shape).sample(sample_shape)
            chosen = chosen.reshape(*chosen.shape, *(1,) * -dim)
            sizes = (*drawn.shape[:dim], 1, *self._event_shape)
            return drawn.gather(dim, chosen.expand(*sizes)).squeeze(dim)

    def log_prob(self, x: Tensor) -> Tensor:
        """The logarithm of the probability, or of its density, at x.

        x  of a shape that broadcasts with (*batch_shape, *event_shape)
        """
        self._validate_sample(x)
        log_probs = self.component_distribution.log_prob(self._of_components(x))
        return (log_probs + self.mixture_distribution.logits.log_softmax(-1)).logsumexp(-1)

    def cdf(self, x: Tensor) -> Tensor:
        """The probability of a sample that is at most x.

        x  of a shape that broadcasts with batch_shape
        """
        return self._mixed(self.component_distribution.cdf(self._of_components(x)))

    def __repr__(self) -> str:
        return (f'{type(self).__name__}(\n  {self.mixture_distribution},\n  '
                f'{self.component_distribution})')

    def _of_components(self, x: Tensor) -> Tensor:
        """x with a dimension for the components."""
        return x.unsqueeze(-1 - len(self._event_shape))

    def _mixed(self, x: Tensor) -> Tensor:
        """The mean of what belongs to the components."""
        probs = self.mixture_distribution.probs
        probs = probs.reshape(*probs.shape, *(1,) * len(self._event_shape))
        return (probs * x).sum(-1 - len(self._event_shape))
