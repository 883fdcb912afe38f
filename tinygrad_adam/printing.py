"""How a tensor prints: as in PyTorch, four digits, columns aligned, long ones cut short."""
from __future__ import annotations

import numpy as np

options = {'precision': 4, 'threshold': 1000, 'edgeitems': 3, 'linewidth': 80}
USUAL = 'float32', 'int64', 'bool'


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None) -> None:
    """Digits after the point; elements from which on, and how many at each end, to cut; columns.

    https://pytorch.org/docs/stable/generated/torch.set_printoptions.html
    """
    given = dict(precision=precision, threshold=threshold, edgeitems=edgeitems, linewidth=linewidth)
    options.update({name: value for name, value in given.items() if value is not None})


def text(tensor) -> str:
    """tensor([...]) with what else there is to say: dtype, grad_fn or requires_grad."""
    array, prefix = tensor._array, 'tensor('
    extra = []
    if array.size == 0 and array.ndim != 1:
        extra.append(f'size={tuple(array.shape)}')
    if array.dtype.name not in USUAL or array.size == 0 and array.dtype.name == 'int64':
        extra.append(f'dtype=torch.{array.dtype.name}')
    if tensor.grad_fn is not None:
        extra.append(f'grad_fn={tensor.grad_fn!r}')
    elif tensor.requires_grad:
        extra.append('requires_grad=True')
    summary = array.size > options['threshold']
    write = number_format(shown(array) if summary else array)
    body = rows(array, write, len(prefix), summary) if array.size else '[]'
    lines = prefix + body
    last = len(lines) - lines.rfind('\n') - 1
    for part in extra:
        if last + len(part) + 2 > options['linewidth']:
            lines, last = lines + ',\n' + ' ' * len(prefix) + part, len(prefix) + len(part)
        else:
            lines, last = lines + ', ' + part, last + len(part) + 2
    return lines + ')'


def shown(array):
    """The corners that are printed of a long array."""
    edge = options['edgeitems']
    for axis, n in enumerate(array.shape):
        if n > 2 * edge:
            array = np.take(array, [*range(edge), *range(n - edge, n)], axis)
    return array


def number_format(array):
    """A function that writes one number so that all of the array are equally wide."""
    if array.dtype.kind != 'f':
        width = max((len(str(x)) for x in array.ravel().tolist()), default=0)
        return lambda x: str(x).rjust(width)
    digits = options['precision']
    known = np.abs(array[np.isfinite(array) & (array != 0)].astype(np.float64))
    whole = bool((known == np.ceil(known)).all())
    largest, smallest = (known.max(), known.min()) if known.size else (1, 1)
    if largest / smallest > 1000 or largest > 1e8 or smallest < 1e-4:
        write = f'{{:.{digits}e}}'.format
    elif whole:
        write = '{:.0f}.'.format
    else:
        write = f'{{:.{digits}f}}'.format

    def finite(x):
        return write(x) if np.isfinite(x) else str(float(x))
    width = max((len(finite(x)) for x in array[np.isfinite(array) & (array != 0)]), default=0)
    return lambda x: finite(x).rjust(width)


def rows(array, write, indent, summary):
    """The array in brackets, a row a line, continued on the next if it is long."""
    if array.ndim == 0:
        return write(array.item())
    edge = options['edgeitems']
    cut = summary and len(array) > 2 * edge
    parts = [*array[:edge], None, *array[-edge:]] if cut else list(array)
    if array.ndim > 1:
        pieces = ['...' if part is None else rows(part, write, indent + 1, summary)
                  for part in parts]
        return '[' + (',' + '\n' * (array.ndim - 1) + ' ' * (indent + 1)).join(pieces) + ']'
    pieces = [' ...' if part is None else write(part) for part in parts]
    fit = max(1, (options['linewidth'] - indent) // (max(map(len, pieces)) + 2))
    lines = [', '.join(pieces[i:i + fit]) for i in range(0, len(pieces), fit)]
    return '[' + (',\n' + ' ' * (indent + 1)).join(lines) + ']'
