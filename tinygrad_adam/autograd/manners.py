"""Where NumPy's manners differ from PyTorch's: the types of results, and errors that explain."""
from __future__ import annotations

import numpy as np

FLOAT32 = np.dtype('float32')
OVERTAKEN = (
    'this tensor shares memory with another one that was changed in place afterwards, and the '
    'graph remembers that change there, not here: its gradient would be wrong. Take the view or '
    'slice again after the change, or clone() it before.')


def as_pytorch_types(value, forward, arrays, static):
    """Undo the promotions of NumPy that PyTorch does not make: Python numbers, integers, and 0-d
    tensors beside larger ones do not widen float32; small integers become float32, not float16; and
    arithmetic with bools gives int64, not int8."""
    given = [a for a in arrays if isinstance(a, np.ndarray)]
    if value.dtype == np.float64:
        floats = [a for a in given if a.dtype.kind == 'f']
        deciding = [a for a in floats if a.ndim] or floats
        return value if any(a.dtype == np.float64 for a in deciding) else value.astype(FLOAT32)
    if value.dtype == np.float16:
        return forward(*[a.astype(FLOAT32) if isinstance(a, np.ndarray) else a for a in arrays],
                       **static)
    if value.dtype == np.int8 and not any(a.dtype == np.int8 for a in given):
        bools = all(getattr(a, 'dtype', type(a)) == bool for a in arrays)
        return value.astype(bool if bools else np.int64)
    return value


def explained(error, name, arrays):
    given = ', '.join(f'{a.dtype} {a.shape}' if isinstance(a, np.ndarray) else repr(a)[:40]
                      for a in arrays)
    odd = any(isinstance(a, str) or a is None for a in arrays)
    kind = IndexError if isinstance(error, IndexError) else TypeError if odd else RuntimeError
    return kind(f'{name}() got {given}: {str(error).rstrip(".")}. Make shapes and types agree, for '
                'example with reshape, unsqueeze or float().')
