"""The Kullback-Leibler divergence between two distributions of one kind."""
from __future__ import annotations

import math
from typing import Any, Callable

from .._functions.linalg import solve_triangular
from .._tensor import Tensor
from ..nn.functional import softplus
from . import _errors as errors
from .bernoulli import Bernoulli
from .categorical import Categorical
from .distribution import Distribution
from .exponential import Exponential
from .independent import Independent, sum_of_last
from .multivariate_normal import MultivariateNormal, squared_distance
from .normal import Normal
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


FORMULAS: list[tuple[type[Distribution], Callable[[Any, Any], Tensor]]] = [
    (Normal, _of_normals), (Uniform, _of_uniforms), (Exponential, _of_exponentials),
    (Bernoulli, _of_bernoullis), (Categorical, _of_categoricals), (Independent, _of_independents),
    (MultivariateNormal, _of_multivariate_normals)]


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
