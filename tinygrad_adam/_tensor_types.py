"""The types of tensors of one dtype, from before dtypes: `isinstance(x, torch.LongTensor)`.

LongTensor([1, 2]) is a tensor of data, LongTensor(2, 3) an uninitialized one of that shape, and
x.type(torch.LongTensor) a conversion. torch.tensor(data, dtype=torch.int64) is the usual way.
https://pytorch.org/docs/stable/tensors.html
"""
from __future__ import annotations

from typing import Any

from ._functions.creation import data_or_sizes, made
from ._tensor import Tensor
from .types import TENSOR_TYPES
from .types import dtype as DType


class TensorType(type):
    """The type of FloatTensor and its kin."""

    @property
    def dtype(cls) -> DType:
        """The dtype of these tensors."""
        return {name: d for d, name in TENSOR_TYPES.items()}[f'torch.{cls.__name__}']

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, Tensor) and x.dtype is cls.dtype

    def __call__(cls, *data: Any) -> Tensor:
        return made(data_or_sizes(cls.dtype, data))

    def __repr__(cls) -> str:
        return f"<class 'torch.{cls.__name__}'>"


class FloatTensor(Tensor, metaclass=TensorType):
    """Tensors of float32."""


class DoubleTensor(Tensor, metaclass=TensorType):
    """Tensors of float64."""


class LongTensor(Tensor, metaclass=TensorType):
    """Tensors of int64."""


class IntTensor(Tensor, metaclass=TensorType):
    """Tensors of int32."""


class ShortTensor(Tensor, metaclass=TensorType):
    """Tensors of int16."""


class CharTensor(Tensor, metaclass=TensorType):
    """Tensors of int8."""


class ByteTensor(Tensor, metaclass=TensorType):
    """Tensors of uint8."""


class BoolTensor(Tensor, metaclass=TensorType):
    """Tensors of bools."""
