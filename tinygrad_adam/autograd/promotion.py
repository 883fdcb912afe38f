"""The dtypes of results, where PyTorch's are not NumPy's.

Python numbers, integers, and 0-d tensors beside larger ones do not widen float32; functions of
small integers give float32, not float16; and arithmetic with bools gives int64, not int8.
"""
from __future__ import annotations

from typing import Any

import numpy as np


FLOAT32 = np.dtype('float32')


def as_pytorch_types(value: Any, forward: Any, arrays: Any) -> Any:
    """The value that forward returned for the arrays, in the dtype that PyTorch gives it."""
    given = [a for a in arrays if isinstance(a, np.ndarray)]
    if value.dtype == np.float64:
        floats = [a for a in given if a.dtype.kind == 'f']
        deciding = [a for a in floats if a.ndim] or floats
        return value if any(a.dtype == np.float64 for a in deciding) else value.astype(FLOAT32)
    if value.dtype == np.float16:
        return forward(*[a.astype(FLOAT32) if isinstance(a, np.ndarray) else a for a in arrays])
    if value.dtype == np.int8 and not any(a.dtype == np.int8 for a in given):
        bools = all(getattr(a, 'dtype', type(a)) == bool for a in arrays)
        return value.astype(bool if bools else np.int64)
    return value
