"""The errors of activations and dropout: functions that return an exception which says what
happened, why it is wrong, and what to write instead."""
from __future__ import annotations

import warnings

from .._tensor import Tensor
from ._errors import KINDS


def not_for_integers(function: str, input: Tensor) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for {input.dtype}: its results are fractions. Use float() '
        'first.')


def unknown_approximation(approximate: str) -> RuntimeError:
    return RuntimeError(
        f"gelu: approximate argument must be either 'none' or 'tanh', not {approximate!r}: there "
        'are only these two formulas. Choose one.')


def celu_of_zero_alpha() -> RuntimeError:
    return RuntimeError(
        'celu: alpha cannot be 0 for CELU (ZeroDivisionError): the input is divided by it. Give '
        '1.0.')


def bounds_crossed(min_val: float, max_val: float) -> ValueError:
    return ValueError(
        f'hardtanh: min_val cannot be greater than max_val, but {min_val} is greater than '
        f'{max_val}: nothing lies between them. Exchange them.')


def nothing_between_bounds(min_val: float, max_val: float) -> AssertionError:
    return AssertionError(
        f'Hardtanh: max_val ({max_val}) must be greater than min_val ({min_val}): the result would '
        'not depend on the input. Exchange them.')


def no_slopes_between(lower: float, upper: float) -> RuntimeError:
    return RuntimeError(
        'rrelu: Lower bound should be less than or equal to the upper bound, and both must be '
        f'finite, but got {lower} and {upper}: slopes are drawn between them. Exchange them, or '
        'give finite numbers.')


def negative_lambd(lambd: float) -> RuntimeError:
    return RuntimeError(
        'softshrink: lambda must be in range [0, the largest number of the dtype], but found '
        f'{lambd}: elements are moved by it towards 0. Give a finite lambd of at least 0.')


def slopes_of_another_dtype(input: Tensor, weight: Tensor) -> RuntimeError:
    kinds = [KINDS[x.dtype.name] for x in (input, weight)]
    return RuntimeError(
        f'prelu: Type promoting not supported. Got {kinds[0]} and {kinds[1]}: input is '
        f'{input.dtype}, weight {weight.dtype}. Use weight.to(input.dtype).')


def wrong_number_of_slopes(input: Tensor, weight: Tensor) -> RuntimeError:
    if weight.ndim > 1:
        return RuntimeError(
            'prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = '
            f'{weight.ndim}: there is one slope for each channel. Use weight.flatten().')
    channels = input.shape[1] if input.ndim > 1 else 1
    return RuntimeError(
        'prelu: Mismatch of parameter numbers and input channel size. Found parameter numbers = '
        f'{weight.numel()} and channel size = {channels}: channels are dimension 1 of the input. '
        'Give one slope for each channel, or one for all.')


def glu_of_a_number() -> RuntimeError:
    return RuntimeError(
        'glu does not support scalars because halving size must be even: a number has no halves. '
        'Give a tensor of at least one dimension.')


def odd_size_to_split(input: Tensor, dim: int) -> RuntimeError:
    dim %= input.ndim
    return RuntimeError(
        f'glu: Halving dimension must be even, but dimension {dim} is size {input.shape[dim]}: one '
        'half is multiplied by the sigmoid of the other. Let the layer before it return two '
        'features for each one that you want.')


def no_channels_of_pixels(input: Tensor) -> ValueError:
    return ValueError(
        f'Softmax2d: expected input to be 3D or 4D (got {input.ndim}D input): channels are the '
        'third dimension from the last. Give (N, C, H, W), or use Softmax(dim).')


def older_names_of_bounds() -> NotImplementedError:
    return NotImplementedError(
        'Hardtanh: min_value and max_value are not implemented: they are deprecated in PyTorch. '
        'Write min_val and max_val.')


# Dropout.

def dropout_of_integers(input: Tensor) -> RuntimeError:
    return RuntimeError(
        f"dropout: result type Float can't be cast to {input.dtype}: what is kept is scaled by "
        '1 / (1 - p). Use float() first.')


def not_a_probability(p: float) -> ValueError:
    return ValueError(
        f'dropout probability has to be between 0 and 1, but got {p}: an element cannot be dropped '
        'more often than always. Give a number such as 0.5.')


CHANNELS = {3: '(N, C, L) or (C, L)', 4: '(N, C, H, W)', 5: '(N, C, D, H, W) or (C, D, H, W)'}


def channels_are_not_there(function: str, input: Tensor, batched: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: Expected {batched - 1}D or {batched}D input, but received a {input.ndim}D '
        f'input: whole channels are dropped. Give {CHANNELS[batched]}, or use dropout, which drops '
        'single elements.')


def warn_of_series_in_dropout2d() -> None:
    warnings.warn(
        'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout '
        'behavior is desired: input is interpreted as (N, C, L). Use dropout1d for series, and '
        'input.unsqueeze(0) for a single image.', stacklevel=4)


def warn_of_no_channels(function: str) -> None:
    warnings.warn(
        f'{function}: Received a 2-D input to {function}, which is deprecated and will result in '
        'an error in a future release: there are no channels, and elements are dropped. To retain '
        'the behavior and silence this warning, please use dropout instead.', stacklevel=4)


def implicit_dim(function: str) -> str:
    return (f'Implicit dimension choice for {function} has been deprecated. Change the call to '
            'include dim=X as an argument.')


def eps_without_effect() -> str:
    return '`eps` parameter is deprecated and has no effect. Leave it out.'
