"""What describes a tensor besides its values: dtype, shape and device."""
from __future__ import annotations

from typing import Any, Iterable, SupportsIndex, overload

import numpy as np


class dtype:
    """The type of the elements of a tensor, such as `torch.float32`.

    name  its name in NumPy

    https://pytorch.org/docs/stable/tensor_attributes.html
    """

    name: str
    numpy: np.dtype[Any]      # the same type in NumPy
    kind: str                 # 'f' floating point, 'i' and 'u' integers, 'b' bool
    itemsize: int             # bytes of an element
    is_floating_point: bool
    is_complex: bool

    def __init__(self, name: str) -> None:
        self.name, self.numpy = name, np.dtype(name)
        self.kind, self.itemsize = self.numpy.kind, self.numpy.itemsize
        self.is_floating_point, self.is_complex = self.kind == 'f', False

    def __repr__(self) -> str:
        return f'torch.{self.name}'

    def __reduce__(self) -> tuple[Any, ...]:
        return dtype.named, (self.name,)

    @staticmethod
    def named(name: str) -> dtype:
        """The dtype of a name.

        name  its name in NumPy
        """
        return DTYPES[np.dtype(name)]


float32: dtype = dtype('float32')
float64: dtype = dtype('float64')
int64: dtype = dtype('int64')
int32: dtype = dtype('int32')
int16: dtype = dtype('int16')
int8: dtype = dtype('int8')
uint8: dtype = dtype('uint8')
bool_: dtype = dtype('bool')
DTYPES: dict[Any, dtype] = {
    d.numpy: d for d in (float32, float64, int64, int32, int16, int8, uint8, bool_)}
PYTHON: dict[Any, dtype] = {float: float64, int: int64, bool: bool_}


def numpy_dtype(wanted: Any) -> np.dtype[Any]:
    """NumPy's dtype for a dtype. Raises TypeError for anything else.

    wanted  a dtype; float, int or bool; or None, which is float32
    """
    wanted = float32 if wanted is None else PYTHON.get(wanted, wanted)
    if not isinstance(wanted, dtype):
        raise TypeError(f'dtype must be torch.dtype, not {wanted!r} ({type(wanted).__name__}): '
                        f'those are {", ".join(map(str, DTYPES.values()))}. Write one of these.')
    return wanted.numpy


def holdable(array: np.ndarray) -> np.ndarray:
    """The array, if there is a dtype for its elements. Raises TypeError.

    array  any array
    """
    if array.dtype not in DTYPES:
        raise TypeError(f"can't convert np.ndarray of type numpy.{array.dtype}: tensors hold "
                        f'{", ".join(d.name for d in DTYPES.values())}. Use astype() first.')
    return array


class Size(tuple[int, ...]):
    """The shape of a tensor: a tuple of sizes.

    https://pytorch.org/docs/stable/size.html
    """

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return int(np.prod(self, dtype=np.int64))

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> Size: ...

    def __getitem__(self, index: Any) -> Any:
        part = super().__getitem__(index)
        return Size(part) if isinstance(index, slice) else part

    def __add__(self, other: Iterable[int]) -> Size:    # type: ignore[override]
        return Size(super().__add__(tuple(other)))

    def __repr__(self) -> str:
        return f'torch.Size({list(self)})'


class device:
    """Where a tensor is stored: always the memory of the CPU.

    type   'cpu', or 'cpu:0'; another device raises RuntimeError
    index  its number, which makes no difference

    https://pytorch.org/docs/stable/tensor_attributes.html
    """

    type: str = 'cpu'
    index: int | None = None

    def __init__(self, type: str | device = 'cpu', index: int | None = None) -> None:
        if str(type).partition(':')[0] != 'cpu':
            raise RuntimeError(f'there is no device {str(type)!r} here: arrays are computed by '
                               "NumPy on the CPU. Write torch.device('cpu'), or leave it out.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device)

    def __hash__(self) -> int:
        return hash('cpu')

    def __str__(self) -> str:
        return 'cpu'

    def __repr__(self) -> str:
        return "device(type='cpu')"
