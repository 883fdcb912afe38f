"""Random arrays, drawn after a check of what they are drawn from."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import TensorBase
from ..autograd.nonfinite import quiet
from ..autograd.promotion import limits
from ..random import Generator, normal, source, uniform
from . import _random_errors as errors


def floating_point(distribution: str, dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype, if it is floating point. Raises NotImplementedError.

    distribution  its name
    dtype         NumPy's dtype
    """
    if dtype.kind != 'f':
        raise errors.not_floating_point(distribution, dtype)
    return dtype


def uniform_between(shape: Any, low: float, high: float, generator: Generator | None,
                    dtype: np.dtype[Any]) -> np.ndarray:
    """An array drawn uniformly from [low, high). Raises RuntimeError for bounds out of order.

    shape      a tuple of sizes
    low, high  the bounds; the dtype holds them and their difference
    generator  the source of random numbers; None is the package's
    dtype      NumPy's float32 or float64 (NotImplementedError)
    """
    largest = limits(floating_point('uniform', dtype))[1]
    for name, bound in (('from', low), ('to', high)):
        if not abs(bound) <= largest:
            raise errors.bound_out_of_range(name, bound, dtype)
    if low > high:
        raise errors.bounds_out_of_order('uniform_', low, high)
    if high - low > largest:
        raise errors.bounds_too_far_apart(low, high, dtype)
    return uniform(shape, generator, dtype) * dtype.type(high - low) + dtype.type(low)


def normal_around(shape: Any, mean: float, std: float, generator: Generator | None,
                  dtype: np.dtype[Any]) -> np.ndarray:
    """An array drawn from the normal distribution. Raises RuntimeError for a negative std.

    shape      a tuple of sizes
    mean, std  of the distribution
    generator  the source of random numbers; None is the package's
    dtype      NumPy's float32 or float64 (NotImplementedError)
    """
    quiet()
    floating_point('normal', dtype)
    if not std >= 0:
        raise errors.negative_std(std)
    return normal(shape, generator, dtype) * dtype.type(std) + dtype.type(mean)


def log_normal_around(shape: Any, mean: float, std: float, generator: Generator | None,
                      dtype: np.dtype[Any]) -> np.ndarray:
    """An array of e to the power of normal numbers. Raises RuntimeError unless std is above 0.

    shape      a tuple of sizes
    mean, std  of the logarithms
    generator  the source of random numbers; None is the package's
    dtype      NumPy's float32 or float64 (NotImplementedError)
    """
    floating_point('log_normal', dtype)
    if not std > 0:
        raise errors.not_positive('log_normal_', 'std', std)
    return np.exp(normal_around(shape, mean, std, generator, dtype))


def waiting_times(shape: Any, lambd: float, generator: Generator | None,
                  dtype: np.dtype[Any]) -> np.ndarray:
    """An array drawn from the exponential distribution. Raises RuntimeError for lambd of 0 or less.

    shape      a tuple of sizes
    lambd      how often it happens in a unit of time
    generator  the source of random numbers; None is the package's
    dtype      NumPy's float32 or float64 (RuntimeError)
    """
    quiet()
    if dtype.kind != 'f':
        raise errors.not_continuous('Exponential', dtype)
    if not lambd > 0:
        raise errors.not_positive('exponential_', 'lambda', lambd)
    return source(generator).standard_exponential(shape, dtype) / dtype.type(lambd)


def cauchy_around(shape: Any, median: float, sigma: float, generator: Generator | None,
                  dtype: np.dtype[Any]) -> np.ndarray:
    """An array drawn from the Cauchy distribution. Raises RuntimeError unless sigma is above 0.

    shape      a tuple of sizes
    median     of the distribution
    sigma      half of the distance between its quartiles
    generator  the source of random numbers; None is the package's
    dtype      NumPy's float32 or float64 (RuntimeError)
    """
    quiet()
    if dtype.kind != 'f':
        raise errors.not_continuous('Cauchy', dtype)
    if not sigma > 0:
        raise errors.not_positive('cauchy_', 'sigma', sigma)
    return (source(generator).standard_cauchy(shape) * sigma + median).astype(dtype)


def trials(shape: Any, p: float, generator: Generator | None, dtype: np.dtype[Any]) -> np.ndarray:
    """An array of how many trials a success takes. Raises RuntimeError for p outside (0, 1).

    shape      a tuple of sizes
    p          the probability of success
    generator  the source of random numbers; None is the package's
    dtype      NumPy's dtype of the result, not bool (NotImplementedError)
    """
    quiet()
    if dtype.kind == 'b':
        raise errors.counts_are_no_bools(dtype)
    if not 0 < p < 1:
        raise errors.never_or_always(p)
    drawn = 1 - uniform(shape, generator, np.float64)     # in (0, 1]
    counts = np.maximum(np.ceil(np.log(drawn) / math.log1p(-p)), 1)
    return (counts if dtype.kind == 'f' else counts.astype(np.int64)).astype(dtype)


def counts_of(rates: np.ndarray, generator: Generator | None) -> np.ndarray:
    """An array drawn from the Poisson distribution, of the dtype of the rates.

    rates      the means, floating point (NotImplementedError), 0 or more (RuntimeError)
    generator  the source of random numbers; None is the package's
    """
    floating_point('poisson', rates.dtype)
    if not np.all(rates >= 0):
        raise errors.not_rates(rates)
    if not np.all(rates <= 9e18):
        raise errors.rate_too_large(rates)
    return np.asarray(source(generator).poisson(rates)).astype(rates.dtype)


def integers_between(shape: Any, low: int, high: int | None, generator: Generator | None,
                     dtype: np.dtype[Any]) -> np.ndarray:
    """An array of integers drawn uniformly from [low, high). Raises RuntimeError if there are none.

    shape      a tuple of sizes
    low        the smallest integer
    high       one more than the largest; None is the largest that dtype holds exactly
    generator  the source of random numbers; None is the package's
    dtype      NumPy's dtype of the result, which holds these integers (RuntimeError)
    """
    if dtype.kind == 'f':
        smallest, largest = -math.inf, 2 ** (np.finfo(dtype).nmant + 1)
    elif dtype.kind == 'b':
        smallest, largest = 0, 1
    else:
        smallest, largest = limits(dtype)
    for bound in (low, 0 if high is None else high):
        if not isinstance(bound, (int, np.integer, TensorBase)):
            raise errors.bound_is_no_integer(bound)
        if not -2 ** 63 <= int(bound) < 2 ** 63:
            raise errors.bound_too_large(bound)
    end = largest + 1 if high is None else int(high)
    if int(low) >= end:
        raise errors.bounds_out_of_order('random_', low, end)
    for name, value in (('from', int(low)), ('to - 1', end - 1)):
        if not smallest <= value <= (math.inf if dtype.kind == 'f' else largest):
            raise errors.bound_out_of_range(name, value, dtype)
    return source(generator).integers(int(low), end, shape).astype(dtype, copy=False)


def coins(shape: Any, p: Any, generator: Generator | None, dtype: np.dtype[Any]) -> np.ndarray:
    """An array of 1 with probability p and else 0. Raises RuntimeError for p outside 0 to 1.

    shape      a tuple of sizes
    p          a number, or a floating-point tensor (NotImplementedError) that expands to this shape
    generator  the source of random numbers; None is the package's
    dtype      NumPy's dtype of the result
    """
    if isinstance(p, TensorBase):
        floating_point('bernoulli', p._array.dtype)
        if not np.all((p._array >= 0) & (p._array <= 1)):
            raise errors.not_probabilities(p._array)
        try:
            p = np.broadcast_to(p._array, shape)
        except ValueError:
            raise errors.does_not_expand(p, shape) from None
    elif not 0 <= p <= 1:
        raise errors.not_a_probability(p)
    return (uniform(shape, generator) < p).astype(dtype)
