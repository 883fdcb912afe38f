"""pad: add or remove elements at the edges of tensors.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.pad(tensor([1.0, 2.0, 3.0]), (1, 2))
tensor([0., 1., 2., 3., 0., 0.])
>>> nn.functional.pad(tensor([[1.0, 2.0, 3.0]]), (2, 0), mode='reflect')
tensor([[3., 2., 1., 2., 3.]])
"""
from __future__ import annotations

import math
from typing import Sequence

import numpy as np

from ..ops.indexing import getitem, pad as padded
from .._functions.pointwise import clone
from .._functions.shapes import whole
from .._tensor import Tensor
from ..autograd.promotion import BOOL, fitting
from . import _errors
from . import _layer_errors as errors


def pad(input: Tensor, pad: Sequence[int], mode: str = 'constant',
        value: float | None = None) -> Tensor:
    """Add elements before and after those of a tensor, along its last dimensions.

    input  a tensor of any shape
    pad    how many elements to add: (before, after) in the last dimension, then (before, after) in
           the one before it, and so on; negative numbers cut elements off
    mode   what is added: 'constant', the value; 'reflect', the elements mirrored at the first or
           last one; 'replicate', the first or last one; 'circular', those of the other end.
           All but 'constant' must pad all dimensions of a series, an image or a volume, after
           one or two of samples and channels
    value  the constant, which input's dtype must hold; None: 0

    Returns a tensor of the new shape. Raises RuntimeError for an odd number of widths, or widths
    that the tensor is too small for, NotImplementedError for another mode.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('pad', input=input)
    pad = whole(pad, 'pad')
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise errors.widths_not_in_pairs(input, pad)
    widths = [(0, 0)] * (input.ndim - len(pad) // 2) + [*zip(pad[::2], pad[1::2])][::-1]
    if mode != 'constant':
        _check_copied(input, len(pad) // 2, mode, value)
    if any(n + min(before + after, before, after) < 0
           for n, (before, after) in zip(input.shape, widths)):
        raise errors.cuts_too_much(input, pad)
    if mode != 'constant':
        return _pad_by_index(input, widths, mode)
    inside = tuple(slice(max(-before, 0), n - max(-after, 0))
                   for n, (before, after) in zip(input.shape, widths))
    x = getitem(input, (*inside, Ellipsis))
    constant = fitting(0.0 if value is None else float(value), input._array.dtype)
    return padded(x, [(max(b, 0), max(a, 0)) for b, a in widths], constant)


def _check_copied(input: Tensor, padded_dims: int, mode: str, value: float | None) -> None:
    """Raise an error unless a mode that copies elements supports so many dimensions."""
    if mode not in ('reflect', 'replicate', 'circular') or value:
        raise errors.unknown_padding_mode(mode, value)
    if mode != 'circular' and input._array.dtype is BOOL:
        raise errors.not_implemented_for(f'pad({mode!r})', input)
    if input.ndim - padded_dims not in (1, 2) or not 1 <= padded_dims <= 3:
        raise errors.wrong_number_of_padded_dims(input, padded_dims)
    if mode != 'circular' and 0 in input.shape[-padded_dims - 1:]:
        raise errors.nothing_to_copy(input)


def _pad_by_index(input: Tensor, widths: list[tuple[int, int]], mode: str) -> Tensor:
    """pad with copies of elements: for each dimension, the positions that they are copied from."""
    if not any(map(any, widths)):
        return clone(input)
    for dim, (n, (before, after)) in enumerate(zip(input.shape, widths)):
        if (before, after) == (0, 0):
            continue
        remaining = n + min(before, 0) + min(after, 0)
        most = {'reflect': n - 1, 'replicate': math.inf, 'circular': remaining}[mode]
        if max(before, after) > most or mode != 'circular' and n + before + after < 1:
            raise errors.too_little_to_copy(input, dim, before, after)
        positions = np.arange(-before, n + after)
        if mode == 'reflect':
            positions = n - 1 - np.abs(n - 1 - np.abs(positions))
        elif mode == 'replicate':
            positions = np.clip(positions, 0, n - 1)
        else:
            first = max(-before, 0)         # cut first, then repeat
            positions = first + (positions - first) % max(remaining, 1)
        input = getitem(input, (slice(None),) * dim + (positions, Ellipsis))
    return input
