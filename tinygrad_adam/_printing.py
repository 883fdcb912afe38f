"""How a tensor prints: as in PyTorch, with four digits, aligned columns, and long ones cut."""
from __future__ import annotations

from math import inf
from typing import Any, Callable

import numpy as np

from .types import bool_, default_dtype, int64

PROFILES: dict[str, dict[str, Any]] = {
    'default': dict(precision=4, threshold=1000, edgeitems=3, linewidth=80),
    'short': dict(precision=2, threshold=1000, edgeitems=2, linewidth=80),
    'full': dict(precision=4, threshold=inf, edgeitems=3, linewidth=80)}
options: dict[str, Any] = {**PROFILES['default'], 'sci_mode': None}
SHOWN = int64, bool_        # dtypes that the values themselves show, as they do the default


def set_printoptions(precision: int | None = None, threshold: float | None = None,
                     edgeitems: int | None = None, linewidth: int | None = None,
                     profile: str | None = None, sci_mode: bool | None = None) -> None:
    """Set how tensors print; None leaves an option as it is.

    precision  digits after the point (4)
    threshold  the number of elements above which only the ends are printed (1000)
    edgeitems  elements printed at each end of a dimension (3)
    linewidth  columns of a line (80)
    profile    options to begin with: 'default', 'short' with precision and edgeitems 2, or 'full'
               with an infinite threshold (ValueError for others)
    sci_mode   whether numbers are printed as 1.0000e+00; None does so if they are very large, very
               small or very different, and is what a call without it sets

    https://pytorch.org/docs/stable/generated/torch.set_printoptions.html
    """
    if profile is not None and profile not in PROFILES:
        raise ValueError(f'set_printoptions(): there is no profile {profile!r}: options have the '
                         f'names {", ".join(map(repr, PROFILES))}. Write one of these.')
    options.update(PROFILES.get(profile or '', {}), sci_mode=sci_mode)
    given = dict(precision=precision, threshold=threshold, edgeitems=edgeitems, linewidth=linewidth)
    options.update({name: value for name, value in given.items() if value is not None})


def text(tensor: Any) -> str:
    """tensor([...]), with its dtype, grad_fn or requires_grad where they are not the usual ones.

    tensor  a tensor
    """
    array, prefix = tensor._array, 'tensor('
    extra = []
    if array.size == 0 and array.ndim != 1:
        extra.append(f'size={tuple(array.shape)}')
    if tensor.dtype is not default_dtype() and (tensor.dtype not in SHOWN or not array.size):
        extra.append(f'dtype=torch.{array.dtype.name}')
    if tensor.grad_fn is not None:
        extra.append(f'grad_fn=<{tensor.grad_fn.name()}>')
    elif tensor.requires_grad:
        extra.append('requires_grad=True')
    summary = array.size > options['threshold']
    write = number_format(corners(array) if summary else array)
    lines = prefix + (rows(array, write, len(prefix), summary) if array.size else '[]')
    last = len(lines) - lines.rfind('\n') + 1     # two columns more than there are, as in PyTorch
    for part in extra:
        if last + len(part) + 2 > options['linewidth']:
            lines, last = lines + ',\n' + ' ' * len(prefix) + part, len(prefix) + len(part)
        else:
            lines, last = lines + ', ' + part, last + len(part) + 2
    return lines + ')'


def corners(array: np.ndarray) -> np.ndarray:
    """The elements that are printed of a long array.

    array  any array
    """
    edge = options['edgeitems']
    for axis, n in enumerate(array.shape):
        if n > 2 * edge:
            array = np.take(array, [*range(edge), *range(n - edge, n)], axis)
    return array


def number_format(array: np.ndarray) -> Callable[[Any], str]:
    """A function that formats one element, so that all of an array are equally wide.

    array  the elements that will be printed
    """
    if array.dtype.kind != 'f':
        width = max((len(str(x)) for x in array.ravel().tolist()), default=0)
        return lambda x: str(x).rjust(width)
    digits = options['precision']
    finite = array[np.isfinite(array) & (array != 0)]
    sizes = np.abs(finite.astype(np.float64))
    largest, smallest = (float(sizes.max()), float(sizes.min())) if sizes.size else (1, 1)
    scientific = f'{{:.{digits}e}}'.format
    plain = '{:.0f}.'.format if (sizes == np.ceil(sizes)).all() else f'{{:.{digits}f}}'.format
    wanted = options['sci_mode'] if sizes.size else False
    if wanted is None:
        wanted = largest > 1000 * smallest or largest > 1e8 or smallest < 1e-4
    write = scientific if wanted else plain
    width = max((len(write(x)) for x in finite), default=0)
    return lambda x: (write(x) if np.isfinite(x) else str(float(x))).rjust(width)


def rows(array: np.ndarray, write: Callable[[Any], str], indent: int, summary: bool) -> str:
    """An array in brackets, a row on each line, and long rows on several.

    array    any array
    write    formats one element
    indent   the column where the array begins
    summary  whether only the ends of each dimension are printed
    """
    if array.ndim == 0:
        return write(array.item())
    edge = options['edgeitems']
    cut = summary and len(array) > 2 * edge
    parts = [*array[:edge], None, *array[-edge:]] if cut else list(array)
    if array.ndim > 1:
        texts = ['...' if part is None else rows(part, write, indent + 1, summary)
                 for part in parts]
        return '[' + (',' + '\n' * (array.ndim - 1) + ' ' * (indent + 1)).join(texts) + ']'
    texts = [' ...' if part is None else write(part) for part in parts]
    fit = max(1, (options['linewidth'] - indent) // (max(map(len, texts)) + 2))
    lines = [', '.join(texts[i:i + fit]) for i in range(0, len(texts), fit)]
    return '[' + (',\n' + ' ' * (indent + 1)).join(lines) + ']'
