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
    AffineTransform, ExpTransform, SigmoidTransform, TanhTransform, Transform)
from .uniform import Uniform

__all__ = ['AffineTransform', 'Bernoulli', 'Beta', 'Binomial', 'Categorical', 'Chi2', 'Dirichlet',
           'Distribution', 'ExpTransform', 'Exponential', 'Gamma', 'Geometric', 'Independent',
           'Laplace', 'LogNormal', 'MixtureSameFamily', 'MultivariateNormal', 'Normal',
           'OneHotCategorical', 'OneHotCategoricalStraightThrough', 'Poisson', 'SigmoidTransform',
           'StudentT', 'TanhTransform', 'Transform', 'TransformedDistribution', 'Uniform',
           'kl_divergence']

__getattr__: Callable[[str], Any] = refusal(__name__)
