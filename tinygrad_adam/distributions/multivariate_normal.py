"""MultivariateNormal: vectors whose elements are normal and depend on each other."""
from __future__ import annotations

import math

import numpy as np

from .._functions import linalg
from .._functions.creation import eye, randn
from .._tensor import Tensor
from . import _errors as errors
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Centred, Shape, derived


class NormalVectors(Centred):
    """What normal distributions of vectors share, however their covariance matrix is given."""

    support: Constraint = constraints.real_vector
    has_rsample = True

    def _batch_of(self, matrix: Tensor) -> Tensor:
        return matrix.expand(*self._batch_shape, -1, -1)


class MultivariateNormal(NormalVectors):
    """The normal distribution of vectors with n elements. Give one of the three matrices.

    loc                the mean, (..., n)
    covariance_matrix  how the elements vary together, (..., n, n), symmetric positive-definite
    precision_matrix   the inverse of the covariance matrix
    scale_tril         the lower triangle L with a positive diagonal for which L @ L.mT is the
                       covariance matrix; the fastest, because all is computed from it
    validate_args      check parameters and values (ValueError); None: do

    Raises ValueError for none or several matrices, for a mean that is no vector, and
    linalg.LinAlgError for a matrix that is not positive-definite, if it is not checked.
    https://pytorch.org/docs/stable/distributions.html#multivariatenormal
    """

    arg_constraints: Rules = {'loc': constraints.real_vector,
                              'covariance_matrix': constraints.positive_definite,
                              'precision_matrix': constraints.positive_definite,
                              'scale_tril': constraints.lower_cholesky}

    def __init__(self, loc: Tensor, covariance_matrix: Tensor | None = None,
                 precision_matrix: Tensor | None = None, scale_tril: Tensor | None = None,
                 validate_args: bool | None = None) -> None:
        if loc.ndim < 1:
            raise errors.mean_is_no_vector()
        given = {name: x for name, x in [('covariance_matrix', covariance_matrix),
                                         ('precision_matrix', precision_matrix),
                                         ('scale_tril', scale_tril)] if x is not None}
        if len(given) != 1:
            raise errors.not_one_of_three(list(given))
        (name, matrix), = given.items()
        if matrix.ndim < 2:
            raise errors.no_matrix(name, matrix)
        batch_shape = np.broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        self.loc: Tensor = loc.expand(*batch_shape, -1)
        vars(self)[name] = matrix.expand(*batch_shape, -1, -1)
        super().__init__(batch_shape, self.loc.shape[-1:], validate_args)
        self._factor = (matrix if name == 'scale_tril' else linalg.cholesky(matrix)
                        if name == 'covariance_matrix' else factor_of_inverse(matrix))

    # What was given stands in __dict__, and hides what is computed here.

    @derived
    def covariance_matrix(self) -> Tensor:
        """How the elements vary together, (*batch_shape, n, n)."""
        return self._batch_of(self._factor @ self._factor.mT)

    @derived
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance matrix."""
        return self._batch_of(linalg.cholesky_inverse(self._factor))

    @derived
    def scale_tril(self) -> Tensor:
        """The Cholesky factor of the covariance matrix."""
        return self._batch_of(self._factor)

    @property
    def variance(self) -> Tensor:
        """The diagonal of the covariance matrix."""
        return self._factor.pow(2).sum(-1).expand(*self._batch_shape, -1)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        drawn = randn(self._shape(sample_shape), dtype=self.loc.dtype)
        return self.loc + (self._factor @ drawn.unsqueeze(-1)).squeeze(-1)

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
        return self._factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)

    def _squares(self, columns: Tensor) -> Tensor:
        """x @ precision_matrix @ x for each column x of (..., n, k): Mahalanobis's distance from 0,
        squared."""
        return linalg.solve_triangular(self._factor, columns, upper=False).pow(2).sum(-2)

    def _columns(self) -> Tensor:
        """A matrix whose product with its transpose is the covariance matrix."""
        return self._factor


def factor_of_inverse(matrix: Tensor) -> Tensor:
    """The lower triangle L for which L @ L.mT is the inverse of the matrix.

    The Cholesky factor of the matrix with rows and columns in reversed order, turned back, is an
    upper triangle U with U @ U.mT = matrix; so L is the inverse of U.mT.

    matrix  symmetric positive-definite, (..., n, n)
    """
    upper = linalg.cholesky(matrix.flip((-2, -1))).flip((-2, -1))
    one = eye(matrix.shape[-1], dtype=matrix.dtype)
    return linalg.solve_triangular(upper.mT, one, upper=False)
