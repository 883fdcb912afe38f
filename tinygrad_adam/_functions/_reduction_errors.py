"""The errors of reductions.py, sorting.py, softmax.py and linalg.py: what happened, why it is
wrong, what to write."""
from __future__ import annotations

import warnings
from typing import Any


def not_floating_point(function: str, input: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(): expected a floating point tensor as input, but got {input.dtype}: the '
        'result is floating-point. Call float() first.')


def mean_of_integers(input: Any) -> RuntimeError:
    return RuntimeError(
        f'mean(): could not infer output dtype: a mean of {input._array.dtype} is not an integer. '
        'Call float() first, or pass dtype=.')


def nanmean_of_integers(input: Any) -> RuntimeError:
    return RuntimeError(
        'nanmean(): expected input to have floating point or complex dtype but got '
        f'{input.dtype}: no integer is nan. Call float() first, or use mean(dtype=...).')


def nanmean_in_integers(dtype: Any) -> RuntimeError:
    return RuntimeError(
        'nanmean(): could not infer output dtype. Optional dtype must be a floating point one, not '
        f'{dtype}: a mean has fractions. Leave it out, and convert the result.')


def not_expandable(sizes: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        f'sum_to_size(): size {list(sizes)} is not expandable to size {list(shape)}: only '
        'dimensions that are new or have size 1 are summed up. Use sum().')


def variance_of_integers(input: Any) -> RuntimeError:
    return RuntimeError(
        f'std and var only support floating point dtypes, not {input.dtype}: the result is '
        'floating-point. Call float() first.')


def warn_of_degrees_of_freedom(function: str, n: int, correction: float) -> None:
    warnings.warn(
        f'{function}(): degrees of freedom is <= 0, so the result is inf or nan: {n} - '
        f'{correction} is what it divides by. Correction should be strictly less than the number '
        'of elements.',
        stacklevel=5)


def no_dim_to_sum() -> TypeError:
    return TypeError(
        "logsumexp(): argument 'dim' must be tuple of ints, not NoneType: it has no default. Give "
        'dim=-1 for the last dimension, or tuple(range(input.ndim)) for all.')


def empty(function: str, input: Any, dim: Any) -> IndexError:
    return IndexError(
        f'{function}(): Expected reduction dim {dim} to have non-zero size, but the shape is '
        f'{tuple(input.shape)}: there is no element. Test numel() first.')


def empty_index(function: str, input: Any) -> IndexError:
    return IndexError(
        f'{function}(): Expected reduction dim to be specified for input.numel() == 0, but the '
        f'shape is {tuple(input.shape)}: there is no element. Test numel() first.')


def empty_extreme(function: str) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Expected reduction dim to be specified for input.numel() == 0: there is '
        'no element. Specify dim.')


def extreme_of_bools(function: str) -> RuntimeError:
    return RuntimeError(
        f'{function}(): does not support bool input: True and False have no order. Use int() '
        'first.')


# Norms.

def norm_of_nothing(ord: float, shape: Any, dim: Any) -> RuntimeError:
    return RuntimeError(
        f'linalg.vector_norm cannot compute the {ord} norm of the shape {shape} over dim {dim}, '
        'because a dimension is empty and the operation does not have an identity. Test numel() '
        'first.')


def matrix_norm(p: Any) -> NotImplementedError:
    return NotImplementedError(
        f'norm(p={p!r}) is not implemented: it is a norm of matrices. Use linalg.matrix_norm, a '
        'number, or "fro".')


def neither_vector_nor_matrix(dim: Any) -> RuntimeError:
    return RuntimeError(
        f'linalg.norm: If dim is specified, it must be of length 1 or 2. Got {dim}: a vector has '
        'one dimension, a matrix two. Use vector_norm.')


def not_both(function: str, dim: Any, keepdim: bool, other: Any) -> TypeError:
    if other is None:
        return TypeError(
            f'{function}() received an invalid combination of arguments: keepdim={keepdim} without '
            'dim, so there is none to keep. Give dim, or leave keepdim out.')
    return TypeError(
        f'{function}() received an invalid combination of arguments: other with dim={dim}, '
        f'keepdim={keepdim}; two tensors are compared element by element, not along a dimension. '
        'Leave out other, or the rest.')


def two_corrections(function: str, unbiased: bool, correction: float) -> TypeError:
    return TypeError(
        f'{function}() received an invalid combination of arguments: unbiased={unbiased} and '
        f'correction={correction}, which say the same in two ways. Give one.')


# Softmax.

def no_dim(function: str) -> TypeError:
    return TypeError(
        f'{function}() got no dim: which elements should sum to 1 is ambiguous. Give dim=-1 '
        'for the last dimension, dim=1 for class scores.')


def softmax_of_integers(function: str, input: Any) -> NotImplementedError:
    return NotImplementedError(
        f'{function} is not implemented for {input.dtype}: its results are floating-point. Use '
        'float() first.')


# Sorting and counting.

def not_countable(input: Any) -> RuntimeError:
    kind = NotImplementedError if input._array.dtype.kind not in 'iu' else RuntimeError
    return kind(
        f'bincount only supports 1-d non-negative integral inputs, not {input.dtype} '
        f'{tuple(input.shape)}: an element is the index of its bin. Flatten it, use long(), or '
        'subtract the smallest element.')


def weights_do_not_fit(input: Any, weights: Any) -> RuntimeError:
    return RuntimeError(
        f'weights should be 1-d and have the same length as input, got {tuple(weights.shape)} for '
        f'{tuple(input.shape)}: each element has its own. Make the shapes equal.')


def minlength_is_negative(minlength: int) -> RuntimeError:
    return RuntimeError(
        f'minlength should be >= 0, not {minlength}: it is the least size of the result. Use 0.')


def k_out_of_range(k: int, dim: int, n: int) -> RuntimeError:
    return RuntimeError(
        f'selected index k out of range: k={k}, but dimension {dim} has {n} elements. Ask for '
        'fewer.')


def topk_of_bools() -> RuntimeError:
    return RuntimeError(
        'topk does not support bool dtypes: True and False have no order. Use int().')


def no_slices(function: str) -> IndexError:
    return IndexError(
        f'{function}(): Dimension specified as 0 but tensor has no dimensions: there are no slices '
        'to compare. Leave dim out.')


def slices_of_nothing(function: str, input: Any, dim: int) -> RuntimeError:
    return RuntimeError(
        f"{function}(): There are 0 sized dimensions, and they aren't selected: the slices of "
        f'{tuple(input.shape)} along {dim} have no elements to compare. Test numel() first.')


# Medians, quantiles, differences, distances.

def median_of_bools() -> NotImplementedError:
    return NotImplementedError(
        '"median" not implemented for bool: True and False have no middle. Use int() first.')


def kthvalue_of_bools() -> NotImplementedError:
    return NotImplementedError(
        '"kthvalue" not implemented for bool: True and False have no order. Use int() first.')


def rank_out_of_range(k: int, dim: int, n: int) -> RuntimeError:
    return RuntimeError(
        f'kthvalue(): selected number k out of range for dimension {dim}: k is {k}, and there are '
        f'{n} elements. Give 1 for the smallest, up to {n}.')


def trapezoid_of_bools(function: str, argument: str) -> RuntimeError:
    return RuntimeError(
        f'{function}: received a bool input for `{argument}`, but bool is not supported: True and '
        'False are no heights. Use int() first.')


def trapezoid_of_a_number(function: str) -> IndexError:
    return IndexError(
        f'{function}: y has no dimensions: one point bounds no area. Use reshape(1) first.')


def points_do_not_match(function: str, x: Any, n: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: There must be one `x` value for each sample point: there are '
        f'{len(x)} for {n} points. Give one for each, or dx=, the distance of all.')


def points_of_other_dimensions(function: str, x: Any, y: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: x has {x.ndim} dimensions, and y {y.ndim}: each point of y has one place. '
        'Give a vector, or a tensor of the shape of y.')


def powers_of_no_vector(x: Any) -> RuntimeError:
    return RuntimeError(
        f'vander(): x must be a one-dimensional tensor, but its shape is {tuple(x.shape)}: each '
        'element has a row of powers. Use reshape(-1).')


def negative_number_of_powers(n: int) -> RuntimeError:
    return RuntimeError(
        f'vander(): N must be non-negative, but is {n}: it counts columns. Give 0 or more.')


def two_kinds_of_distances(function: str) -> TypeError:
    return TypeError(
        f'{function}() got both x and dx: the distances follow from x. Leave dx out.')


def unknown_interpolation(given: Any, names: Any) -> RuntimeError:
    return RuntimeError(
        f'quantile() interpolation must be one of {", ".join(names)}, but got {given!r}: there is '
        'no other. Use one of these.')


def quantile_of_nothing(input: Any) -> RuntimeError:
    return RuntimeError(
        f'quantile() input tensor must be non-empty, but has shape {tuple(input.shape)}: nothing '
        'lies below anything. Check where it comes from.')


def fractions_of_other_kind(q: Any, input: Any) -> RuntimeError:
    return RuntimeError(
        f'quantile() q must be a scalar or 1D tensor, and of the same dtype as the input tensor, '
        f'but is {q.dtype} of shape {tuple(q.shape)} beside {input.dtype}: each of its elements is '
        'a fraction. Use reshape(-1) and to(input.dtype).')


def no_fractions(q: Any) -> RuntimeError:
    return RuntimeError(
        f'quantile() q must be in the range [0, 1] but got {q!r:.40}: it is a part of all '
        'elements. Divide percentages by 100.')


def diff_of_a_number() -> RuntimeError:
    return RuntimeError(
        'diff expects input to be at least one-dimensional: a number has no neighbours. Use '
        'reshape(-1).')


def negative_order(n: int) -> RuntimeError:
    return RuntimeError(
        f'order must be non-negative but got {n}: differences are taken so many times. Use cumsum '
        'to undo one.')


def joined_of_other_dimensions(more: Any, input: Any) -> RuntimeError:
    return RuntimeError(
        'diff expects prepend or append to be the same dimension as input, but got '
        f'{more.ndim} and {input.ndim}: they are joined. Use reshape() or unsqueeze().')


def unknown_compute_mode(mode: Any) -> ValueError:
    return ValueError(
        f'{mode!r} is not a valid value for compute_mode: it is one of three names. Leave it out.')


def no_points(name: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'cdist only supports at least 2D tensors of floating-point dtypes, {name} got: {x.ndim}D '
        f'of {x.dtype}: its rows are points. Use unsqueeze(0), and float().')


def points_differ(x1: Any, x2: Any) -> RuntimeError:
    return RuntimeError(
        'X1 and X2 must have the same number of columns and dtype. X1: '
        f'{x1.shape[-1]} of {x1.dtype}, X2: {x2.shape[-1]} of {x2.dtype}: points have the same '
        'coordinates. Transpose one, or convert it.')


def negative_norm(p: float) -> RuntimeError:
    return RuntimeError(
        f'cdist only supports non-negative p values, not {p}: others are no distances. Use 2.')


# Counting.

def unknown_side(side: Any) -> RuntimeError:
    return RuntimeError(
        "torch.searchsorted(): side can only be 'left' or 'right' but got "
        f'{side}: a value is inserted before or after its equals. Use right=True or leave it out.')


def opposite_sides() -> RuntimeError:
    return RuntimeError(
        "torch.searchsorted(): side and right can't be set to opposites, got side of left while "
        'right was True: both say the same. Leave one out.')


def sequences_do_not_match(sequences: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        'torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions '
        f'of boundaries tensor and input value tensor must match, but we got {sequences.shape} and '
        f'{tuple(shape)}: each row has its own values. Use expand().')


def boundaries_no_vector(boundaries: Any) -> RuntimeError:
    return RuntimeError(
        f'bucketize: boundaries tensor must be 1 dimension, but got dim({boundaries.ndim}): all '
        'values lie between the same ones. Use searchsorted for one sequence for each row.')


def no_tensor_in_isin() -> TypeError:
    return TypeError(
        'isin(): elements and test_elements are numbers both, and one has to be a tensor: of two '
        'numbers == says it. Use torch.tensor() for one.')


def histogram_of_integers(input: Any, function: str = 'histc') -> NotImplementedError:
    return NotImplementedError(
        f'{function} is not implemented for {input.dtype}: intervals have fractions as their ends. '
        'Use float() first, or bincount for integers.')


def no_bins(bins: int, function: str = 'histc') -> RuntimeError:
    return RuntimeError(
        f'{function}: bins must be > 0, but got {bins}: every element lies in one. Use 1 or more.')


def bounds_of_histogram(low: float, high: float, function: str = 'histc') -> RuntimeError:
    return RuntimeError(
        f'{function}: max must be larger than min, and range of [{low}, {high}] is not finite or '
        'empty: intervals lie between them. Give both.')


def wrong_ends(bins: Any, input: Any, range: Any) -> Exception:
    if range is not None:
        return TypeError(
            'histogram(): range is for a number of bins: a tensor of them says where they end. '
            'Leave one of both out.')
    return RuntimeError(
        f'histogram: bins should have one dimension, the dtype of input, {input.dtype}, and '
        f'ascend, but got {list(bins.shape)} of {bins.dtype}: they are where intervals end. Use '
        'flatten().sort().values.to(input.dtype).')


def wrong_weights_of_histogram(weight: Any, input: Any) -> RuntimeError:
    return RuntimeError(
        f'histogram: weight of shape {list(weight.shape)} and {weight.dtype} should have the shape '
        f'and the dtype of input, {list(input.shape)} and {input.dtype}: each element has one. Use '
        'weight.expand_as(input).to(input.dtype).')


def too_many_dimensions(function: str, input: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: expected input to have two or fewer dimensions but got an input with '
        f'{input.ndim} dimensions: rows are variables, columns observations. Use reshape().')
