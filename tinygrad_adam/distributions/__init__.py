"""Probability distributions: samples, logarithms of densities, entropies, with the names of
torch.distributions.

>>> from tinygrad_adam import distributions, tensor
>>> distributions.Normal(0.0, 1.0).log_prob(tensor(0.0))
tensor(-0.9189)
"""
from typing import Any, Callable

from .._missing import refusal
from . import constraints as constraints
from . import transforms as transforms
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .categorical import Categorical
from .cauchy import Cauchy
from .chi2 import Chi2
from .constraint_registry import biject_to, transform_to
from .continuous_bernoulli import ContinuousBernoulli
from .dirichlet import Dirichlet
from .distribution import Distribution
from .exponential import Exponential
from .fishersnedecor import FisherSnedecor
from .gamma import Gamma
from .geometric import Geometric
from .gumbel import Gumbel
from .half_cauchy import HalfCauchy
from .half_normal import HalfNormal
from .independent import Independent
from .inverse_gamma import InverseGamma
from .kl import kl_divergence, register_kl
from .kumaraswamy import Kumaraswamy
from .laplace import Laplace
from .log_normal import LogNormal
from .logistic_normal import LogisticNormal
from .lowrank_multivariate_normal import LowRankMultivariateNormal
from .mixture_same_family import MixtureSameFamily
from .multinomial import Multinomial
from .multivariate_normal import MultivariateNormal
from .negative_binomial import NegativeBinomial
from .normal import Normal
from .one_hot_categorical import OneHotCategorical, OneHotCategoricalStraightThrough
from .pareto import Pareto
from .poisson import Poisson
from .relaxed_bernoulli import RelaxedBernoulli
from .relaxed_categorical import RelaxedOneHotCategorical
from .studentT import StudentT
from .transformed_distribution import TransformedDistribution
from .transforms import (
    AbsTransform, AffineTransform, ComposeTransform, CumulativeDistributionTransform, ExpTransform,
    IndependentTransform, LowerCholeskyTransform, PositiveDefiniteTransform, PowerTransform,
    ReshapeTransform, SigmoidTransform, SoftmaxTransform, SoftplusTransform, StickBreakingTransform,
    TanhTransform, Transform, identity_transform)
from .uniform import Uniform
from .von_mises import VonMises
from .weibull import Weibull

__all__ = ['AbsTransform', 'AffineTransform', 'Bernoulli', 'Beta', 'Binomial', 'Categorical',
           'Cauchy', 'Chi2', 'ComposeTransform', 'ContinuousBernoulli',
           'CumulativeDistributionTransform', 'Dirichlet', 'Distribution', 'ExpTransform',
           'Exponential', 'FisherSnedecor', 'Gamma', 'Geometric', 'Gumbel', 'HalfCauchy',
           'HalfNormal', 'Independent', 'IndependentTransform', 'InverseGamma', 'Kumaraswamy',
           'Laplace', 'LogNormal', 'LogisticNormal', 'LowRankMultivariateNormal',
           'LowerCholeskyTransform', 'MixtureSameFamily', 'Multinomial', 'MultivariateNormal',
           'NegativeBinomial', 'Normal', 'OneHotCategorical', 'OneHotCategoricalStraightThrough',
           'Pareto', 'Poisson', 'PositiveDefiniteTransform', 'PowerTransform', 'RelaxedBernoulli',
           'RelaxedOneHotCategorical', 'ReshapeTransform', 'SigmoidTransform', 'SoftmaxTransform',
           'SoftplusTransform', 'StickBreakingTransform', 'StudentT', 'TanhTransform', 'Transform',
           'TransformedDistribution', 'Uniform', 'VonMises', 'Weibull', 'biject_to',
           'identity_transform', 'kl_divergence', 'register_kl', 'transform_to']

__getattr__: Callable[[str], Any] = refusal(__name__)
