"""Probability distributions: samples, logarithms of densities, entropies, with the names of
torch.distributions.

>>> from tinygrad_adam import distributions, tensor
>>> distributions.Normal(0.0, 1.0).log_prob(tensor(0.0))
tensor(-0.9189)
"""
from typing import Any, Callable

from .._missing import refusal
from .bernoulli import Bernoulli
from .categorical import Categorical
from .distribution import Distribution
from .exponential import Exponential
from .independent import Independent
from .kl import kl_divergence
from .multivariate_normal import MultivariateNormal
from .normal import Normal
from .uniform import Uniform

__all__ = ['Bernoulli', 'Categorical', 'Distribution', 'Exponential', 'Independent',
           'MultivariateNormal', 'Normal', 'Uniform', 'kl_divergence']

__getattr__: Callable[[str], Any] = refusal(__name__)
