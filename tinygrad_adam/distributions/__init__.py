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
from .chi2 import Chi2
from .constraint_registry import biject_to, transform_to
from .dirichlet import Dirichlet
from .distribution import Distribution
from .exponential import Exponential
from .gamma import Gamma
from .geometric import Geometric
from .independent import Independent
from .kl import kl_divergence
from .laplace import Laplace
from .log_normal import LogNormal
from .mixture_same_family import MixtureSameFamily
from .multivariate_normal import MultivariateNormal
from .normal import Normal
from .one_hot_categorical import OneHotCategorical, OneHotCategoricalStraightThrough
from .poisson import Poisson
from .studentT import StudentT
from .transformed_distribution import TransformedDistribution
from .transforms import (
    AbsTransform, AffineTransform, ComposeTransform, CumulativeDistributionTransform, ExpTransform,
    IndependentTransform, LowerCholeskyTransform, PositiveDefiniteTransform, PowerTransform,
    ReshapeTransform, SigmoidTransform, SoftmaxTransform, SoftplusTransform, StickBreakingTransform,
    TanhTransform, Transform, identity_transform)
from .uniform import Uniform

__all__ = ['AbsTransform', 'AffineTransform', 'Bernoulli', 'Beta', 'Binomial', 'Categorical',
           'Chi2', 'ComposeTransform', 'CumulativeDistributionTransform', 'Dirichlet',
           'Distribution', 'ExpTransform', 'Exponential', 'Gamma', 'Geometric', 'Independent',
           'IndependentTransform', 'Laplace', 'LogNormal', 'LowerCholeskyTransform',
           'MixtureSameFamily', 'MultivariateNormal', 'Normal', 'OneHotCategorical',
           'OneHotCategoricalStraightThrough', 'Poisson', 'PositiveDefiniteTransform',
           'PowerTransform', 'ReshapeTransform', 'SigmoidTransform', 'SoftmaxTransform',
           'SoftplusTransform', 'StickBreakingTransform', 'StudentT', 'TanhTransform', 'Transform',
           'TransformedDistribution', 'Uniform', 'biject_to', 'identity_transform',
           'kl_divergence', 'transform_to']

__getattr__: Callable[[str], Any] = refusal(__name__)
