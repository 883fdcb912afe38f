"""The Kullback-Leibler divergence between two distributions of one kind."""
from __future__ import annotations

import math
from typing import Any, Callable

from .._functions.linalg import solve_triangular
from .._tensor import Tensor
from ..nn.functional import softplus
from . import _errors as errors
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .categorical import Categorical
from .dirichlet import Dirichlet
from .distribution import Distribution, sum_of_last
from .exponential import Exponential
from .gamma import Gamma
from .geometric import Geometric
from .independent import Independent
from .laplace import Laplace
from .multivariate_normal import MultivariateNormal, squared_distance
from .normal import Normal
from .one_hot_categorical import OneHotCategorical
from .poisson import Poisson
from .transformed_distribution import TransformedDistribution
from .uniform import Uniform


def _of_normals(p: Normal, q: Normal) -> Tensor:
    ratio = (p.scale / q.scale).pow(2)
    return 0.5 * (ratio + ((p.loc - q.loc) / q.scale).pow(2) - 1 - ratio.log())


def _of_uniforms(p: Uniform, q: Uniform) -> Tensor:
    divergence = ((q.high - q.low) / (p.high - p.low)).log()
    return divergence.masked_fill((q.low > p.low) | (q.high < p.high), math.inf)


def _of_exponentials(p: Exponential, q: Exponential) -> Tensor:
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


def _of_bernoullis(p: Bernoulli, q: Bernoulli) -> Tensor:
    ones = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    ones = ones.masked_fill(q.probs == 0, math.inf).masked_fill(p.probs == 0, 0)
    zeros = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    return ones + zeros.masked_fill(q.probs == 1, math.inf).masked_fill(p.probs == 1, 0)


def _of_categoricals(p: Categorical, q: Categorical) -> Tensor:
    terms = p.probs * (p.logits - q.logits)
    terms = terms.masked_fill((q.probs == 0).expand_as(terms), math.inf)
    return terms.masked_fill((p.probs == 0).expand_as(terms), 0).sum(-1)


def _of_multivariate_normals(p: MultivariateNormal, q: MultivariateNormal) -> Tensor:
    if p.event_shape != q.event_shape:
        raise errors.vectors_of_two_sizes(p, q)
    ratio = solve_triangular(q._factor, p._factor, upper=False)
    squares = ratio.pow(2).sum((-2, -1)) + squared_distance(q._factor, q.loc - p.loc)
    return q._half_log_det() - p._half_log_det() + 0.5 * (squares - p.event_shape[0])


def _of_independents(p: Independent, q: Independent) -> Tensor:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise errors.no_such_divergence(p, q)
    return sum_of_last(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)


def _of_laplaces(p: Laplace, q: Laplace) -> Tensor:
    ratio, distance = p.scale / q.scale, (p.loc - q.loc).abs()
    return distance / q.scale + ratio * (-distance / p.scale).exp() - ratio.log() - 1


def _of_gammas(p: Gamma, q: Gamma) -> Tensor:
    return (q.concentration * (p.rate / q.rate).log()
            + q.concentration.lgamma() - p.concentration.lgamma()
            + (p.concentration - q.concentration) * p.concentration.digamma()
            + (q.rate - p.rate) * (p.concentration / p.rate))


def _of_dirichlets(p: Dirichlet, q: Dirichlet) -> Tensor:
    a, b = p.concentration, q.concentration
    mean_logs = a.digamma() - a.sum(-1, keepdim=True).digamma()
    return q._log_normalizer() - p._log_normalizer() + ((a - b) * mean_logs).sum(-1)


def _of_betas(p: Beta, q: Beta) -> Tensor:
    return _of_dirichlets(p._dirichlet, q._dirichlet)


def _of_poissons(p: Poisson, q: Poisson) -> Tensor:
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


def _of_geometrics(p: Geometric, q: Geometric) -> Tensor:
    return -p.entropy() - (-q.probs).log1p() / p.probs - q.logits


def _of_binomials(p: Binomial, q: Binomial) -> Tensor:
    if (p.total_count < q.total_count).any():
        raise errors.fewer_trials(p, q)
    divergence = p.total_count * (p.probs * (p.logits - q.logits)
                                  + (-p.probs).log1p() - (-q.probs).log1p())
    return divergence.masked_fill(p.total_count > q.total_count, math.inf)


def _of_one_hots(p: OneHotCategorical, q: OneHotCategorical) -> Tensor:
    return _of_categoricals(p._categorical, q._categorical)


def _of_transformed(p: TransformedDistribution, q: TransformedDistribution) -> Tensor:
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise errors.no_such_divergence(p, q)
    return kl_divergence(p.base_dist, q.base_dist)


FORMULAS: list[tuple[type[Distribution], Callable[[Any, Any], Tensor]]] = [
    (Normal, _of_normals), (Uniform, _of_uniforms), (Exponential, _of_exponentials),
    (Bernoulli, _of_bernoullis), (Categorical, _of_categoricals), (Independent, _of_independents),
    (MultivariateNormal, _of_multivariate_normals), (Laplace, _of_laplaces), (Gamma, _of_gammas),
    (Dirichlet, _of_dirichlets), (Beta, _of_betas), (Poisson, _of_poissons),
    (Geometric, _of_geometrics), (Binomial, _of_binomials), (OneHotCategorical, _of_one_hots),
    (TransformedDistribution, _of_transformed)]


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """The mean over samples x of p of log p(x) - log q(x).

    p  a distribution
    q  another one of the same kind

    Returns a tensor of the common batch shape. Raises NotImplementedError for distributions of two
    kinds. https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.kl
    """
    for kind, formula in FORMULAS:
        if isinstance(p, kind) and isinstance(q, kind):
            return formula(p, q)
    raise errors.no_such_divergence(p, q)
