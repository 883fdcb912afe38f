"""What is said of distributions that do not exist: what happened, why it is wrong, what to write.
"""
from __future__ import annotations

from typing import Any

import numpy as np


def not_floating_point(distribution: str, dtype: Any) -> NotImplementedError:
    return NotImplementedError(
        f'"{distribution}" not implemented for {dtype}: its values are fractions. Use a '
        'floating-point tensor, or randint() for integers.')


def bound_out_of_range(name: str, bound: float, dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'{name} is out of bounds for {dtype}: {bound} is not among its values. Choose another '
        'bound, or a larger dtype.')


def bounds_out_of_order(function: str, low: float, high: float) -> RuntimeError:
    what = ("random_ expects 'from' to be less than 'to', but got" if function == 'random_' else
            'uniform_ expects to return a [from, to) range, but found')
    return RuntimeError(
        f'{what} from={low} {">=" if function == "random_" else ">"} to={high}: nothing is '
        'between. Give a larger upper bound.')


def bounds_too_far_apart(low: float, high: float, dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'uniform_ expects to-from <= {np.finfo(dtype).max}, but found to={high} and from={low}: '
        'their difference overflows. Bring them closer.')


def bound_is_no_integer(bound: Any) -> TypeError:
    return TypeError(
        f'the bounds of random integers must be int, not {type(bound).__name__}: {bound!r:.40} '
        'would have to be rounded. Use int().')


def bound_too_large(bound: int) -> ValueError:
    return ValueError(
        f'Overflow when unpacking long long: {bound} has more than 64 bits. Choose a bound nearer '
        'to 0.')


def does_not_expand(p: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        f'bernoulli_: p of shape {tuple(p.shape)} does not expand to {tuple(shape)}: each element '
        'needs one probability. Use reshape().')


def negative_std(std: float) -> RuntimeError:
    return RuntimeError(
        f'normal expects std >= 0.0, but found std {std}: it is a width. Give 0 or more.')


def not_positive(function: str, name: str, value: float) -> RuntimeError:
    return RuntimeError(
        f'{function} expects {name} > 0.0, but found {name}={value}: there is no such '
        'distribution. Give more than 0.')


def not_continuous(distribution: str, dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'{distribution} distribution is a continuous probability distribution. dtype must be a '
        f'floating point but you specified {dtype}: its values are fractions. Use float() first.')


def counts_are_no_bools(dtype: Any) -> NotImplementedError:
    return NotImplementedError(
        f'"geometric" not implemented for {dtype}: its values are numbers of trials. Use an '
        'integer or a floating-point tensor.')


def never_or_always(p: float) -> RuntimeError:
    return RuntimeError(
        f'geometric_ expects p to be in (0, 1), but got p={p}: one counts the trials until the '
        'first success, and neither never nor always leaves anything to draw. Give a probability '
        'between them.')


def not_rates(rates: np.ndarray) -> RuntimeError:
    return RuntimeError(
        'invalid Poisson rate, expected rate to be non-negative: these go from '
        f'{rates.min()} to {rates.max()}, but a rate is a mean of counts. Use exp() for '
        'logarithms of rates.')


def rate_too_large(rates: np.ndarray) -> RuntimeError:
    return RuntimeError(
        f'poisson(): a rate of {rates.max()} gives counts that have more than 64 bits. Draw from '
        'torch.normal(rate, rate.sqrt()), which is as good for large ones.')


def not_a_probability(p: Any) -> RuntimeError:
    return RuntimeError(
        f'bernoulli_ expects p to be in [0, 1], but got p={p}: it is a probability. Divide by what '
        'would be certain.')


def probability_is_a_tensor() -> TypeError:
    return TypeError(
        "bernoulli(): argument 'p' must be float, not Tensor: it is one probability for all "
        'elements. Write torch.bernoulli(p) for a tensor of them.')


def not_probabilities(p: np.ndarray) -> RuntimeError:
    return RuntimeError(
        'Expected p_in >= 0 && p_in <= 1 to be true, but got false: probabilities lie in [0, 1], '
        f'and these from {p.min()} to {p.max()}. Use sigmoid() for logits.')


def size_of_randint(size: Any) -> TypeError:
    return TypeError(
        f"randint(): argument 'size' must be tuple of ints, not {type(size).__name__}: it is the "
        'shape. Write randint(high, (n,)) or randint(low, high, (n,)).')


def size_of_randint_is_missing() -> TypeError:
    return TypeError(
        'randint() got no size, and has to know the shape. Write randint(high, (n,)) or '
        'randint(low, high, (n,)).')


def weights_of_integers(dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'multinomial only supports floating-point dtypes for input, got: {dtype}. Use float() '
        'first.')


def wrong_dimensions(ndim: int) -> RuntimeError:
    return RuntimeError(
        f'multinomial: prob_dist must be 1 or 2 dim, not {ndim}: weights of categories, or a row '
        'of them for each draw. Use reshape().')


def too_few_samples(num_samples: int) -> RuntimeError:
    return RuntimeError(
        f'multinomial: cannot sample n_sample <= 0 samples, got {num_samples}: that draws '
        'nothing. Give 1 or more.')


def too_few_categories(num_samples: int, categories: int) -> RuntimeError:
    return RuntimeError(
        'multinomial: cannot sample n_sample > prob_dist.size(-1) samples without replacement: '
        f'{num_samples} of {categories} with a weight above 0, when each is drawn once. Set '
        'replacement=True.')


def not_weights(weights: np.ndarray) -> RuntimeError:
    return RuntimeError(
        'multinomial: probability tensor contains either `inf`, `nan` or element < 0; these go '
        f'from {weights.min()} to {weights.max()}, but weights are finite and not negative. Use '
        'softmax() for logits.')


def no_weight() -> RuntimeError:
    return RuntimeError(
        'invalid multinomial distribution (sum of probabilities <= 0): no category has a weight. '
        'Give one that is larger than 0.')


def size_of_normal() -> TypeError:
    return TypeError(
        'normal() received an invalid combination of arguments: mean and std are numbers, and it '
        'is not said how many to draw. Add size=(...), a tuple.')


def size_is_that_of_the_tensors() -> TypeError:
    return TypeError(
        'normal() received an invalid combination of arguments: a tensor, and size, dtype or '
        'requires_grad, which the tensor decides. Leave these out.')


def shapes_of_normal(mean: Any, std: Any) -> RuntimeError:
    return RuntimeError(
        f'The size of mean {tuple(mean)} must match the size of std {tuple(std)}: each element has '
        'both. Use unsqueeze().')
