"""LowRankMultivariateNormal: long vectors, whose elements depend on few common variables."""
from __future__ import annotations

import math

import numpy as np

from .._functions import linalg
from .._functions.creation import eye, randn
from .._functions.indexing import cat
from .._functions.joining import diag_embed
from .._tensor import Tensor
from . import _errors as errors
from . import constraints
from .constraints import Rules
from .distribution import Shape, derived
from .multivariate_normal import NormalVectors


class LowRankMultivariateNormal(NormalVectors):
    """The normal distribution of vectors with n elements, whose covariance matrix is
    cov_factor @ cov_factor.mT + diag(cov_diag): no matrix of n x n elements is made for it.

    loc            the mean, (..., n)
    cov_factor     how the elements follow m common variables, (..., n, m)
    cov_diag       the variance that each element has for itself, (..., n), greater than 0
    validate_args  check parameters and values (ValueError); None: do

    Raises ValueError for shapes that do not fit.
    https://pytorch.org/docs/stable/distributions.html#lowrankmultivariatenormal
    """

    arg_constraints: Rules = {'loc': constraints.real_vector,
                              'cov_factor': constraints.independent(constraints.real, 2),
                              'cov_diag': constraints.independent(constraints.positive, 1)}

    def __init__(self, loc: Tensor, cov_factor: Tensor, cov_diag: Tensor,
                 validate_args: bool | None = None) -> None:
        if loc.ndim < 1:
            raise errors.mean_is_no_vector()
        if cov_factor.ndim < 2 or not loc.shape[-1:] == cov_factor.shape[-2:-1] == (
                cov_diag.shape[-1:]):
            raise errors.factor_does_not_fit(loc, cov_factor, cov_diag)
        try:
            batch = np.broadcast_shapes(loc.shape[:-1], cov_factor.shape[:-2], cov_diag.shape[:-1])
        except ValueError:
            raise errors.factor_does_not_fit(loc, cov_factor, cov_diag) from None
        self.loc: Tensor = loc.expand(*batch, -1)
        self.cov_factor: Tensor = cov_factor.expand(*batch, -1, -1)
        self.cov_diag: Tensor = cov_diag.expand(*batch, -1)
        super().__init__(batch, loc.shape[-1:], validate_args)
        self._factor, self._diag = cov_factor, cov_diag
        self._weighted = cov_factor.mT / cov_diag.unsqueeze(-2)     # (..., m, n)
        common = eye(cov_factor.shape[-1], dtype=loc.dtype) + self._weighted @ cov_factor
        self._capacitance = linalg.cholesky(common)

    @derived
    def covariance_matrix(self) -> Tensor:
        """How the elements vary together, (*batch_shape, n, n)."""
        return self._batch_of(self._factor @ self._factor.mT + diag_embed(self._diag))

    @derived
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance matrix."""
        solved = linalg.solve_triangular(self._capacitance, self._weighted, upper=False)
        return self._batch_of(diag_embed(self._diag.reciprocal()) - solved.mT @ solved)

    @derived
    def scale_tril(self) -> Tensor:
        """The Cholesky factor of the covariance matrix."""
        deviation = self._diag.sqrt().unsqueeze(-1)
        factor = self._factor / deviation
        one = eye(self._event_shape[0], dtype=self.loc.dtype)
        return self._batch_of(deviation * linalg.cholesky(one + factor @ factor.mT))

    @property
    def variance(self) -> Tensor:
        """The diagonal of the covariance matrix."""
        return (self._factor.pow(2).sum(-1) + self._diag).expand(*self._batch_shape, -1)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        shape, dtype = self._shape(sample_shape), self.loc.dtype
        common = randn((*shape[:-1], self._factor.shape[-1], 1), dtype=dtype)
        return (self.loc + (self._factor @ common).squeeze(-1)
                + self._diag.sqrt() * randn(shape, dtype=dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        squares = self._squares((value - self.loc).unsqueeze(-1)).squeeze(-1)
        return (-0.5 * (self._event_shape[0] * math.log(2 * math.pi) + squares)
                - self._half_log_det())

    def entropy(self) -> Tensor:
        constant = 0.5 * self._event_shape[0] * (1 + math.log(2 * math.pi))
        return (constant + self._half_log_det()).expand(self._batch_shape)

    def _half_log_det(self) -> Tensor:
        """Half the logarithm of the determinant of the covariance matrix."""
        common = self._capacitance.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        return common + 0.5 * self._diag.log().sum(-1)

    def _squares(self, columns: Tensor) -> Tensor:
        """x @ precision_matrix @ x for each column x of (..., n, k)."""
        solved = linalg.solve_triangular(self._capacitance, self._weighted @ columns, upper=False)
        return (columns.pow(2) / self._diag.unsqueeze(-1)).sum(-2) - solved.pow(2).sum(-2)

    def _columns(self) -> Tensor:
        """A matrix whose product with its transpose is the covariance matrix."""
        own = diag_embed(self._diag.sqrt())
        batch = np.broadcast_shapes(own.shape[:-2], self._factor.shape[:-2])
        return cat([self._factor.expand(*batch, -1, -1), own.expand(*batch, -1, -1)], -1)
