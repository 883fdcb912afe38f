"""What describes a tensor besides its values: dtype, shape and device."""
from __future__ import annotations

from operator import index
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
        self.name, self.numpy = name, np.dtype('V2' if name == 'bfloat16' else name)
        self.kind = 'f' if name == 'bfloat16' else self.numpy.kind    # which NumPy does not have
        self.itemsize = self.numpy.itemsize
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
        return next(d for d in (*DTYPES.values(), *HALF_PRECISION) if d.name == name)


float32: dtype = dtype('float32')
float64: dtype = dtype('float64')
int64: dtype = dtype('int64')
int32: dtype = dtype('int32')
int16: dtype = dtype('int16')
int8: dtype = dtype('int8')
uint8: dtype = dtype('uint8')
bool_: dtype = dtype('bool')
float16: dtype = dtype('float16')
bfloat16: dtype = dtype('bfloat16')
HALF_PRECISION: tuple[dtype, ...] = float16, bfloat16      # names that no tensor has
DTYPES: dict[Any, dtype] = {
    d.numpy: d for d in (float32, float64, int64, int32, int16, int8, uint8, bool_)}
TENSOR_TYPES: dict[dtype, str] = {      # their names as types of tensors
    float32: 'torch.FloatTensor', float64: 'torch.DoubleTensor', int64: 'torch.LongTensor',
    int32: 'torch.IntTensor', int16: 'torch.ShortTensor', int8: 'torch.CharTensor',
    uint8: 'torch.ByteTensor', bool_: 'torch.BoolTensor'}
DEVICE_TYPES: tuple[str, ...] = tuple("""
    cpu cuda ipu xpu mkldnn opengl opencl ideep hip ve fpga maia xla lazy vulkan mps meta hpu mtia
    privateuseone""".split())
PYTHON: dict[Any, dtype] = {float: float64, int: int64, bool: bool_}

# What Python's numbers count as in NumPy. That of float is the default dtype, in which functions of
# integers give fractions, too: this is the only place that says which it is.
NUMBERS: dict[type, np.dtype[Any]] = {
    bool: bool_.numpy, int: int64.numpy, float: float32.numpy}


def default_dtype() -> dtype:
    """The dtype of Python's floats: float32, or what set_default_dtype() was told."""
    return DTYPES[NUMBERS[float]]


def numpy_dtype(wanted: Any) -> np.dtype[Any]:
    """NumPy's dtype for a dtype that tensors have.

    wanted  a dtype; float, int or bool; or None, which is the default dtype

    Raises NotImplementedError for half precision, TypeError for anything that is no dtype.
    """
    wanted = default_dtype() if wanted is None else PYTHON.get(wanted, wanted)
    if not isinstance(wanted, dtype):
        raise TypeError(f'dtype must be torch.dtype, not {wanted!r} ({type(wanted).__name__}): '
                        f'those are {", ".join(map(str, DTYPES.values()))}. Write one of these.')
    if wanted in HALF_PRECISION:
        raise NotImplementedError(
            f'a tensor of {wanted} is not implemented here: half precision is for GPUs, and NumPy '
            'has no fast one. Write torch.float32, or leave the dtype out.')
    return wanted.numpy


def holdable(array: np.ndarray) -> np.ndarray:
    """The array, if there is a dtype for its elements; otherwise raises TypeError.

    array  any array
    """
    if array.dtype not in DTYPES:
        raise TypeError(f"can't convert np.ndarray of type numpy.{array.dtype}: tensors hold "
                        f'{", ".join(d.name for d in DTYPES.values())}. Use astype() first.')
    return array


class memory_format:
    """An order of the elements in memory: in rows, `torch.contiguous_format`, or kept as it is.

    name  of torch.contiguous_format and its kin, whose names are all that there is

    https://pytorch.org/docs/stable/tensor_attributes.html
    """

    name: str

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f'torch.{self.name}'

    def __reduce__(self) -> str:
        return self.name


contiguous_format: memory_format = memory_format('contiguous_format')
preserve_format: memory_format = memory_format('preserve_format')
channels_last: memory_format = memory_format('channels_last')
channels_last_3d: memory_format = memory_format('channels_last_3d')


class Size(tuple[int, ...]):
    """The shape of a tensor: a tuple of sizes.

    sizes  integers (TypeError)

    https://pytorch.org/docs/stable/size.html
    """

    def __new__(cls, sizes: Iterable[SupportsIndex] = ()) -> Size:
        new = super().__new__(cls, sizes)    # type: ignore[arg-type]
        for i, n in enumerate(new):
            if type(n) is not int:
                if not hasattr(n, '__index__'):
                    raise TypeError(f"torch.Size() takes an iterable of 'int' (item {i} is "
                                    f"'{type(n).__name__}'): sizes are counts. Use int().")
                return cls(map(index, new))
        return new

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

    def __add__(self, other: tuple[int, ...]) -> Size:    # type: ignore[override]
        return Size(super().__add__(other))

    def __radd__(self, other: tuple[int, ...]) -> Size:
        return Size(other + tuple(self)) if isinstance(other, tuple) else NotImplemented

    def __mul__(self, count: SupportsIndex) -> Size:
        return Size(super().__mul__(count))

    def __rmul__(self, count: SupportsIndex) -> Size:
        return self * count

    def __repr__(self) -> str:
        return f'torch.Size({list(self)})'


class device:
    """Where a tensor is stored. All are named, and tensors are in the memory of the CPU.

    type   'cpu', 'cuda', 'mps', ..., also with a number, as 'cuda:0'; or a device
    index  the number of the device among those of its type, from 0 on; None is the present one

    `with device:` is a block in which get_default_device() returns it. Raises RuntimeError for an
    unknown type and for a number that is none; making a tensor on another device than the CPU,
    moving one there, and such a block raise RuntimeError.
    https://pytorch.org/docs/stable/tensor_attributes.html
    """

    type: str
    index: int | None

    def __init__(self, type: str | device, index: int | None = None) -> None:
        if isinstance(type, device) and index is None:
            type, index = type.type, type.index
        if isinstance(type, int):
            raise RuntimeError(f'Cannot access accelerator device when none is available: {type} '
                               "alone is the number of a GPU. Write torch.device('cpu').")
        if not isinstance(type, str):
            raise TypeError(f"device(): argument 'type' must be str, not {type!r:.40}: it names a "
                            "kind of memory. Write torch.device('cpu').")
        name, colon, number = type.partition(':')
        if name not in DEVICE_TYPES:
            raise RuntimeError(f'Expected one of {", ".join(DEVICE_TYPES)} device type at start of '
                               f'device string: {type!r}: there are no other kinds. Write '
                               "torch.device('cpu').")
        if colon and (index is not None or not number.isdecimal() or str(int(number)) != number):
            raise RuntimeError(f'Invalid device string: {type!r}: after the colon comes one number '
                               f'from 0 on. Write {name!r} or {name + ":0"!r}.')
        if index is not None and index < 0:
            raise RuntimeError(f'Device index must not be negative, but is {index}: devices are '
                               'counted from 0. Leave it out.')
        self.type, self.index = name, int(number) if colon else index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return self.type if self.index is None else f'{self.type}:{self.index}'

    def __repr__(self) -> str:
        index = '' if self.index is None else f', index={self.index}'
        return f"device(type='{self.type}'{index})"

    def __enter__(self) -> device:
        DEFAULT_DEVICES.append(on_cpu(self))
        return self

    def __exit__(self, *exception: Any) -> None:
        DEFAULT_DEVICES.pop()


def on_cpu(wanted: str | int | device) -> device:
    """The device, if it is the CPU. Raises RuntimeError for others, where no tensor can be.

    wanted  a device, its name, or an integer, which is the number of a GPU
    """
    found = device(wanted)      # type: ignore[arg-type]
    if found.type != 'cpu':
        raise RuntimeError(f'there is no device {str(found)!r} here: arrays are computed by NumPy '
                           "on the CPU. Write torch.device('cpu'), or leave it out.")
    return found


CPU: device = device('cpu')
DEFAULT_DEVICES: list[device] = [CPU]       # the last one counts; the others come back after it


class finfo:
    """The limits of a floating-point dtype.

    type  the dtype (TypeError); None is the default dtype

    https://pytorch.org/docs/stable/type_info.html
    """

    bits: int
    dtype: str
    eps: float                  # from 1 to the next number
    max: float
    min: float
    tiny: float                 # the smallest positive number with all its digits
    smallest_normal: float
    resolution: float           # of decimal digits

    def __init__(self, type: dtype | None = None) -> None:
        half = isinstance(type, dtype) and type in HALF_PRECISION
        wanted: Any = type if half else DTYPES[numpy_dtype(type)]
        if wanted.kind != 'f':
            raise TypeError(f'torch.finfo() requires a floating point input type, not {type}: '
                            'integers have no fractions. Use torch.iinfo.')
        self.bits, self.dtype = 8 * wanted.itemsize, wanted.name
        if wanted is bfloat16:      # 8 bits of a fraction, and the exponents of float32
            self.eps, self.tiny, self.resolution = 2.0 ** -7, 2.0 ** -126, 0.01
            self.max = (2 - self.eps) * 2.0 ** 127
        else:
            info = np.finfo(wanted.numpy)
            self.eps, self.tiny = float(info.eps), float(info.tiny)
            self.max, self.resolution = float(info.max), 10.0 ** -info.precision
        self.min, self.smallest_normal = -self.max, self.tiny

    def __repr__(self) -> str:
        return (f'finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, '
                f'eps={self.eps:g}, smallest_normal={self.tiny:g}, tiny={self.tiny:g}, '
                f'dtype={self.dtype})')


class iinfo:
    """The limits of an integer dtype.

    type  the dtype (TypeError)

    https://pytorch.org/docs/stable/type_info.html
    """

    bits: int
    dtype: str
    max: int
    min: int

    def __init__(self, type: dtype) -> None:
        if numpy_dtype(type).kind not in 'iu':
            raise TypeError(f'torch.iinfo() requires an integer input type, not {type}: others '
                            'have fractions. Use torch.finfo.')
        info = np.iinfo(numpy_dtype(type))
        self.bits, self.dtype = info.bits, str(info.dtype)
        self.max, self.min = int(info.max), int(info.min)

    def __repr__(self) -> str:
        return f'iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})'
