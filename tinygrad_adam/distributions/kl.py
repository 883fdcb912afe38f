"""The Kullback-Leibler divergence between two distributions.

>>> from tinygrad_adam.distributions import Exponential, Normal, kl_divergence
>>> kl_divergence(Exponential(1.0), Normal(1.0, 1.0))
tensor(0.4189)
"""
from __future__ import annotations

import math
import warnings
from typing import Any, Callable, TypeVar

from .._functions.creation import full_like
from .._functions.pointwise import where
from .._functions.special import xlogy
from .._tensor import Tensor
from ..nn.functional import softplus
from . import _errors as errors
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .categorical import Categorical
from .cauchy import Cauchy
from .continuous_bernoulli import ContinuousBernoulli
from .dirichlet import Dirichlet
from .distribution import EULER, Distribution, sum_of_last
from .exponential import Exponential
from .gamma import Gamma
from .geometric import Geometric
from .gumbel import Gumbel
from .half_normal import HalfNormal
from .independent import Independent
from .laplace import Laplace
from .lowrank_multivariate_normal import LowRankMultivariateNormal
from .multivariate_normal import MultivariateNormal
from .normal import Normal
from .one_hot_categorical import OneHotCategorical
from .pareto import Pareto
from .poisson import Poisson
from .transformed_distribution import TransformedDistribution
from .uniform import Uniform

__all__ = ['kl_divergence', 'register_kl']

Formula = TypeVar('Formula', bound=Callable[[Any, Any], Tensor])
FORMULAS: dict[tuple[type, type], Callable[[Any, Any], Tensor]] = {}


def register_kl(type_p: type, type_q: type) -> Callable[[Formula], Formula]:
    """A decorator of a function of p and q that returns kl_divergence(p, q); it serves subclasses,
    too, unless another is registered for them.

    type_p  the class of p
    type_q  the class of q

    https://pytorch.org/docs/stable/distributions.html#torch.distributions.kl.register_kl
    """
    for name, kind in [('type_p', type_p), ('type_q', type_q)]:
        if not (isinstance(kind, type) and issubclass(kind, Distribution)):
            raise errors.no_class_of_distributions(name, kind)

    def register(formula: Formula) -> Formula:
        FORMULAS[type_p, type_q] = formula
        return formula

    return register


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """The mean over samples x of p of log p(x) - log q(x).

    p  a distribution
    q  another one, for which a formula is registered

    Returns a tensor of the common batch shape. Raises NotImplementedError if there is no formula.
    https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.kl
    """
    bases = type(p).__mro__, type(q).__mro__
    known = [(bases[0].index(a), bases[1].index(b)) for a, b in FORMULAS
             if a in bases[0] and b in bases[1]]
    if not known:
        raise errors.no_such_divergence(p, q)
    first, other = min(known), min(known, key=lambda pair: pair[::-1])
    formula, another = (FORMULAS[bases[0][i], bases[1][j]] for i, j in (first, other))
    if formula is not another:
        warnings.warn(
            f'Ambiguous kl_divergence({type(p).__name__}, {type(q).__name__}): two formulas fit. '
            f'Please register_kl({bases[0][first[0]].__name__}, {bases[1][other[1]].__name__})',
            RuntimeWarning, stacklevel=2)
    return formula(p, q)


# Two of one kind.

@register_kl(Normal, Normal)
def _of_normals(p: Normal, q: Normal) -> Tensor:
    ratio = (p.scale / q.scale).pow(2)
    return 0.5 * (ratio + ((p.loc - q.loc) / q.scale).pow(2) - 1 - ratio.log())


@register_kl(HalfNormal, HalfNormal)
def _of_half_normals(p: HalfNormal, q: HalfNormal) -> Tensor:
    return kl_divergence(p.base_dist, q.base_dist)


@register_kl(Cauchy, Cauchy)
def _of_cauchys(p: Cauchy, q: Cauchy) -> Tensor:
    squares = (p.scale + q.scale).pow(2) + (p.loc - q.loc).pow(2)
    return squares.log() - (4 * p.scale * q.scale).log()


@register_kl(Uniform, Uniform)
def _of_uniforms(p: Uniform, q: Uniform) -> Tensor:
    divergence = ((q.high - q.low) / (p.high - p.low)).log()
    return divergence.masked_fill((q.low > p.low) | (q.high < p.high), math.inf)


@register_kl(Exponential, Exponential)
def _of_exponentials(p: Exponential, q: Exponential) -> Tensor:
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


@register_kl(Bernoulli, Bernoulli)
def _of_bernoullis(p: Bernoulli, q: Bernoulli) -> Tensor:
    ones = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    ones = ones.masked_fill(q.probs == 0, math.inf).masked_fill(p.probs == 0, 0)
    zeros = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    return ones + zeros.masked_fill(q.probs == 1, math.inf).masked_fill(p.probs == 1, 0)


@register_kl(ContinuousBernoulli, ContinuousBernoulli)
def _of_continuous_bernoullis(p: ContinuousBernoulli, q: ContinuousBernoulli) -> Tensor:
    return (p.mean * (p.logits - q.logits) + p._log_norm() + (-p.probs).log1p()
            - q._log_norm() - (-q.probs).log1p())


@register_kl(Categorical, Categorical)
def _of_categoricals(p: Categorical, q: Categorical) -> Tensor:
    terms = p.probs * (p.logits - q.logits)
    terms = terms.masked_fill((q.probs == 0).expand_as(terms), math.inf)
    return terms.masked_fill((p.probs == 0).expand_as(terms), 0).sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def _of_one_hots(p: OneHotCategorical, q: OneHotCategorical) -> Tensor:
    return _of_categoricals(p._categorical, q._categorical)


@register_kl(MultivariateNormal, MultivariateNormal)
@register_kl(MultivariateNormal, LowRankMultivariateNormal)
@register_kl(LowRankMultivariateNormal, MultivariateNormal)
@register_kl(LowRankMultivariateNormal, LowRankMultivariateNormal)
def _of_multivariate_normals(p: Any, q: Any) -> Tensor:
    if p.event_shape != q.event_shape:
        raise errors.vectors_of_two_sizes(p, q)
    distance = q._squares((q.loc - p.loc).unsqueeze(-1)).squeeze(-1)
    squares = q._squares(p._columns()).sum(-1) + distance
    return q._half_log_det() - p._half_log_det() + 0.5 * (squares - p.event_shape[0])


@register_kl(Independent, Independent)
def _of_independents(p: Independent, q: Independent) -> Tensor:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise errors.no_such_divergence(p, q)
    return sum_of_last(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)


@register_kl(Laplace, Laplace)
def _of_laplaces(p: Laplace, q: Laplace) -> Tensor:
    ratio, distance = p.scale / q.scale, (p.loc - q.loc).abs()
    return distance / q.scale + ratio * (-distance / p.scale).exp() - ratio.log() - 1


@register_kl(Gamma, Gamma)
def _of_gammas(p: Gamma, q: Gamma) -> Tensor:
    return (q.concentration * (p.rate / q.rate).log()
            + q.concentration.lgamma() - p.concentration.lgamma()
            + (p.concentration - q.concentration) * p.concentration.digamma()
            + (q.rate - p.rate) * (p.concentration / p.rate))


@register_kl(Dirichlet, Dirichlet)
def _of_dirichlets(p: Dirichlet, q: Dirichlet) -> Tensor:
    a, b = p.concentration, q.concentration
    mean_logs = a.digamma() - a.sum(-1, keepdim=True).digamma()
    return q._log_normalizer() - p._log_normalizer() + ((a - b) * mean_logs).sum(-1)


@register_kl(Beta, Beta)
def _of_betas(p: Beta, q: Beta) -> Tensor:
    return _of_dirichlets(p._dirichlet, q._dirichlet)


@register_kl(Poisson, Poisson)
def _of_poissons(p: Poisson, q: Poisson) -> Tensor:
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


@register_kl(Geometric, Geometric)
def _of_geometrics(p: Geometric, q: Geometric) -> Tensor:
    return -p.entropy() - (-q.probs).log1p() / p.probs - q.logits


@register_kl(Binomial, Binomial)
def _of_binomials(p: Binomial, q: Binomial) -> Tensor:
    if (p.total_count < q.total_count).any():
        raise errors.fewer_trials(p, q)
    divergence = p.total_count * (p.probs * (p.logits - q.logits)
                                  + (-p.probs).log1p() - (-q.probs).log1p())
    return divergence.masked_fill(p.total_count > q.total_count, math.inf)


@register_kl(Pareto, Pareto)
def _of_paretos(p: Pareto, q: Pareto) -> Tensor:
    ratio = q.alpha / p.alpha
    divergence = q.alpha * (p.scale / q.scale).log() - ratio.log() + ratio - 1
    return divergence.masked_fill(p.scale < q.scale, math.inf)


@register_kl(TransformedDistribution, TransformedDistribution)
def _of_transformed(p: TransformedDistribution, q: TransformedDistribution) -> Tensor:
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise errors.no_such_divergence(p, q)
    return kl_divergence(p.base_dist, q.base_dist)


# Two kinds: -H(p) minus the mean of log q(x), which is made of few means over samples x of p.

@register_kl(Bernoulli, Poisson)
def _to_poisson(p: Any, q: Poisson) -> Tensor:
    return -p.entropy() - (p.mean * q.rate.log() - q.rate)


@register_kl(Beta, Normal)
@register_kl(ContinuousBernoulli, Normal)
@register_kl(Exponential, Normal)
@register_kl(Gamma, Normal)
@register_kl(Gumbel, Normal)
@register_kl(Laplace, Normal)
@register_kl(Uniform, Normal)
def _to_normal(p: Any, q: Normal) -> Tensor:
    squares = p.variance + (p.mean - q.loc).pow(2)
    return (-p.entropy() + 0.5 * math.log(2 * math.pi) + q.scale.log()
            + squares / (2 * q.scale.pow(2)))


@register_kl(Pareto, Normal)
def _of_pareto_to_normal(p: Pareto, q: Normal) -> Tensor:
    return _to_normal(p, q).masked_fill(p.alpha <= 2, math.inf)


@register_kl(Normal, Laplace)
def _of_normal_to_laplace(p: Normal, q: Laplace) -> Tensor:
    distance = p.loc - q.loc
    z = distance / p.scale
    mean_distance = (math.sqrt(2 / math.pi) * p.scale * (-0.5 * z.pow(2)).exp()
                     + distance * (math.sqrt(0.5) * z).erf())
    return -p.entropy() + (2 * q.scale).log() + mean_distance / q.scale


@register_kl(Beta, Exponential)
@register_kl(ContinuousBernoulli, Exponential)
@register_kl(Gamma, Exponential)
def _to_exponential(p: Any, q: Exponential) -> Tensor:
    return -p.entropy() - q.rate.log() + q.rate * p.mean


@register_kl(Pareto, Exponential)
def _of_pareto_to_exponential(p: Pareto, q: Exponential) -> Tensor:
    return _to_exponential(p, q).masked_fill(p.alpha <= 1, math.inf)


@register_kl(Uniform, Exponential)
def _of_uniform_to_exponential(p: Uniform, q: Exponential) -> Tensor:
    return _to_exponential(p, q).masked_fill(p.low < 0, math.inf)


def _mean_log(p: Any) -> Tensor:
    """The mean of log(x)."""
    if isinstance(p, Beta):
        return p.concentration1.digamma() - (p.concentration1 + p.concentration0).digamma()
    if isinstance(p, Exponential):
        return -EULER - p.rate.log()
    if isinstance(p, Pareto):
        return p.scale.log() + p.alpha.reciprocal()
    return _mean_log_between(p.low, p.high)


def _mean_log_between(low: Tensor, high: Tensor) -> Tensor:
    """The mean of log(x) for uniform variables x."""
    return (xlogy(high, high) - xlogy(low, low) - (high - low)) / (high - low)


@register_kl(Beta, Gamma)
@register_kl(Exponential, Gamma)
def _to_gamma(p: Any, q: Gamma) -> Tensor:
    a = q.concentration
    return (-p.entropy() + a.lgamma() - a * q.rate.log() - (a - 1) * _mean_log(p)
            + q.rate * p.mean)


@register_kl(Pareto, Gamma)
def _of_pareto_to_gamma(p: Pareto, q: Gamma) -> Tensor:
    return _to_gamma(p, q).masked_fill(p.alpha <= 1, math.inf)


@register_kl(Uniform, Gamma)
def _of_uniform_to_gamma(p: Uniform, q: Gamma) -> Tensor:
    return _to_gamma(p, q).masked_fill(p.low < 0, math.inf)


@register_kl(Exponential, Gumbel)
@register_kl(Gamma, Gumbel)
@register_kl(Gumbel, Gumbel)
@register_kl(Normal, Gumbel)
@register_kl(Uniform, Gumbel)
def _to_gumbel(p: Any, q: Gumbel) -> Tensor:
    return (-p.entropy() + q.scale.log() + (p.mean - q.loc) / q.scale
            + _mean_exp(p, q.loc, q.scale))


def _mean_exp(p: Any, loc: Tensor, scale: Tensor) -> Tensor:
    """The mean of exp((loc - x) / scale)."""
    if isinstance(p, Exponential):
        return (loc / scale).exp() * p.rate * scale / (p.rate * scale + 1)
    if isinstance(p, Gamma):
        return (loc / scale).exp() * (1 + 1 / (p.rate * scale)).pow(-p.concentration)
    if isinstance(p, Gumbel):
        return ((loc - p.loc) / scale + (1 + p.scale / scale).lgamma()).exp()
    if isinstance(p, Normal):
        return ((loc - p.loc) / scale + 0.5 * (p.scale / scale).pow(2)).exp()
    low, high = ((loc - bound) / scale for bound in (p.low, p.high))
    return scale / (p.high - p.low) * (low.exp() - high.exp())


@register_kl(Beta, Uniform)
def _of_beta_to_uniform(p: Beta, q: Uniform) -> Tensor:
    divergence = -p.entropy() + (q.high - q.low).log()
    return divergence.masked_fill((q.low > 0) | (q.high < 1), math.inf)


@register_kl(ContinuousBernoulli, Uniform)
def _of_continuous_bernoulli_to_uniform(p: ContinuousBernoulli, q: Uniform) -> Tensor:
    divergence = -p.entropy() + (q.high - q.low).log()
    return divergence.masked_fill((q.low >= 0) | (q.high <= 1), math.inf)   # as in PyTorch


@register_kl(Uniform, Beta)
def _of_uniform_to_beta(p: Uniform, q: Beta) -> Tensor:
    a, b = q.concentration1, q.concentration0
    divergence = (-p.entropy() + a.lgamma() + b.lgamma() - (a + b).lgamma()
                  - (a - 1) * _mean_log(p) - (b - 1) * _mean_log_between(1 - p.high, 1 - p.low))
    return divergence.masked_fill((p.high > 1) | (p.low < 0), math.inf)


@register_kl(Beta, ContinuousBernoulli)
def _to_continuous_bernoulli(p: Any, q: ContinuousBernoulli) -> Tensor:
    return -p.entropy() - p.mean * q.logits - (-q.probs).log1p() - q._log_norm()


@register_kl(Uniform, ContinuousBernoulli)
def _of_uniform_to_continuous_bernoulli(p: Uniform, q: ContinuousBernoulli) -> Tensor:
    outside = (p.high >= 1) | (p.low <= 0)      # as in PyTorch
    return where(outside, math.inf, _to_continuous_bernoulli(p, q))


@register_kl(Uniform, Pareto)
def _of_uniform_to_pareto(p: Uniform, q: Pareto) -> Tensor:
    divergence = (-p.entropy() - q.alpha.log() - q.alpha * q.scale.log()
                  + (q.alpha + 1) * _mean_log(p))
    return divergence.masked_fill(p.low < q.scale, math.inf)


# Two kinds of which p has samples that q never has.

def _infinite(p: Any, q: Any) -> Tensor:
    return full_like(getattr(p, next(iter(p.arg_constraints))), math.inf)


for _p, _others in [
        (Beta, [Pareto]), (ContinuousBernoulli, [Pareto]), (Poisson, [Bernoulli, Binomial]),
        (Exponential, [Beta, ContinuousBernoulli, Pareto, Uniform]),
        (Gamma, [Beta, ContinuousBernoulli, Pareto, Uniform]),
        (Pareto, [Beta, ContinuousBernoulli, Uniform]),
        *[(kind, [Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform])
          for kind in (Gumbel, Laplace, Normal)]]:
    for _q in _others:
        register_kl(_p, _q)(_infinite)
