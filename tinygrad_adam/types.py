"""What describes a tensor besides its values: dtype, shape and device."""
from __future__ import annotations

from collections import namedtuple

import numpy as np


class dtype:
    """The type of all elements of a tensor: `torch.float32` and so on; `numpy` is NumPy's."""

    def __init__(self, name):
        self.name, self.numpy = name, np.dtype(name)
        self.kind, self.itemsize = self.numpy.kind, self.numpy.itemsize
        self.is_floating_point, self.is_complex = self.kind == 'f', False

    def __repr__(self):
        return f'torch.{self.name}'

    def __reduce__(self):
        return dtype.named, (self.name,)

    @staticmethod
    def named(name):
        return DTYPES[np.dtype(name)]


float32, float64 = dtype('float32'), dtype('float64')
int64, int32, int16, int8, uint8 = map(dtype, ('int64', 'int32', 'int16', 'int8', 'uint8'))
bool_ = dtype('bool')
DTYPES = {d.numpy: d for d in (float32, float64, int64, int32, int16, int8, uint8, bool_)}
PYTHON = {float: float64, int: int64, bool: bool_}


def numpy_dtype(found) -> np.dtype:
    """NumPy's dtype for one of these (or None: float32). Raises TypeError."""
    found = float32 if found is None else PYTHON.get(found, found)
    if not isinstance(found, dtype):
        raise TypeError(f'dtype must be torch.dtype, not {found!r} ({type(found).__name__}): those '
                        f'are {", ".join(map(str, DTYPES.values()))}. Write one of these.')
    return found.numpy


def holdable(array) -> np.ndarray:
    """The array, if tensors can hold its numbers. Raises TypeError."""
    if array.dtype not in DTYPES:
        raise TypeError(f"can't convert np.ndarray of type numpy.{array.dtype}: tensors hold "
                        f'{", ".join(d.name for d in DTYPES.values())}. Use astype() first.')
    return array


class Size(tuple):
    """A shape."""

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return int(np.prod(self, dtype=np.int64))

    def __getitem__(self, index):
        found = super().__getitem__(index)
        return Size(found) if isinstance(index, slice) else found

    def __add__(self, other):
        return Size(super().__add__(tuple(other)))

    def __repr__(self):
        return f'torch.Size({list(self)})'


def pair(name):
    """A type for results (values, indices) of the operation `name`, printed as in PyTorch."""
    found = namedtuple(name, 'values indices')
    found.__repr__ = lambda self: (f'torch.return_types.{name}(\nvalues={self.values!r},\n'
                                   f'indices={self.indices!r})')
    return found


class device:
    """Where a tensor lives: 'cpu', there is nothing else here."""

    type, index = 'cpu', None

    def __init__(self, type: str = 'cpu', index=None):
        if str(type).partition(':')[0] != 'cpu':
            raise RuntimeError(f'there is no device {str(type)!r} here: arrays are computed by '
                               'NumPy '
                               "on the CPU. Write torch.device('cpu'), or leave it out.")

    def __eq__(self, other):
        return isinstance(other, device)

    def __hash__(self):
        return hash('cpu')

    def __str__(self):
        return 'cpu'

    def __repr__(self):
        return "device(type='cpu')"
