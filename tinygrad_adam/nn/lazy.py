"""Layers that learn the size of their input at the first call.

>>> from tinygrad_adam import nn, zeros
>>> net = nn.Sequential(nn.LazyLinear(3), nn.ReLU())
>>> net(zeros(5, 7)).shape, net[0]
(torch.Size([5, 3]), Linear(in_features=7, out_features=3, bias=True))
"""
from __future__ import annotations

from typing import Any, Callable

from .._functions.creation import empty
from .._tensor import Tensor
from ..autograd import no_grad
from ..types import device, dtype
from . import _layer_errors as errors
from ._images import Size1, Size2
from .batchnorm import BatchNorm1d, BatchNorm2d, BatchStatistics
from .conv import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d, _ConvNd
from .instancenorm import InstanceNorm1d, InstanceNorm2d
from .linear import Linear
from .module import Module, Parameter


class UninitializedTensor:
    """What parameters and buffers without a size have in common: they refuse to tell it."""

    _array: Any

    @property
    def shape(self) -> Any:
        """Raises RuntimeError."""
        raise errors.no_shape_yet()

    def size(self, dim: int | None = None) -> Any:
        """Raises RuntimeError, with or without dim."""
        raise errors.no_shape_yet()

    def numel(self) -> int:
        """Raises ValueError."""
        raise errors.uninitialized(self)

    def __repr__(self) -> str:
        return f'<{type(self).__name__}>'


class UninitializedParameter(UninitializedTensor, Parameter):
    """A parameter whose size is not known yet.

    requires_grad  whether backward() computes its gradient
    device         the CPU, if given
    dtype          float32, the default, or float64
    """

    def __new__(cls, requires_grad: bool = True, device: device | str | None = None,
                dtype: dtype | None = None) -> UninitializedParameter:
        return super().__new__(cls, empty(0, device=device, dtype=dtype), requires_grad)

    def materialize(self, shape: tuple[int, ...]) -> None:
        """Become a Parameter of this shape, whose values are not set."""
        self.data = empty(*shape, dtype=self.dtype)
        self.__class__ = Parameter    # type: ignore[assignment]

    def __deepcopy__(self, memo: Any) -> UninitializedParameter:
        new = memo[id(self)] = type(self)(self.requires_grad, dtype=self.dtype)
        return new


class LazyModule(Module):
    """What lazy layers share: a first call, after which they are of the class `cls_to_become`."""

    cls_to_become: type[Module]
    initialize_parameters: Callable[[Tensor], None]

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has not been called."""
        return any(isinstance(p, UninitializedParameter) for p in self.parameters())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with no_grad():
            self.initialize_parameters(*args, **kwargs)
        self.__class__ = self.cls_to_become    # type: ignore[assignment]
        return self(*args, **kwargs)


class LazyLinear(LazyModule, Linear):
    """Linear, with in_features from the first input.

    out_features  size of each output
    bias          whether to add a bias (out_features,)
    device        the CPU, if given
    dtype         float32, the default, or float64
    """

    cls_to_become: type[Module] = Linear
    in_features: int
    weight: Parameter
    bias: Parameter | None

    def __init__(self, out_features: int, bias: bool = True, device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__(0, 0, False)
        self.out_features = out_features
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.bias = UninitializedParameter(device=device, dtype=dtype) if bias else None

    def initialize_parameters(self, input: Tensor) -> None:   # type: ignore[override]
        """Make the parameters for an input (..., in_features), and draw them."""
        self.in_features = input.shape[-1]
        _materialize(self.weight, (self.out_features, self.in_features))
        _materialize(self.bias, (self.out_features,))
        self.reset_parameters()


class _LazyConv(LazyModule, _ConvNd):
    """What lazy convolutions share."""

    in_channels: int
    out_channels: int
    weight: Parameter
    bias: Parameter | None

    def initialize_parameters(self, input: Tensor) -> None:   # type: ignore[override]
        """Make the parameters for an input (N, in_channels, ...), or without N, and draw them."""
        if input.ndim - self._dims not in (1, 2):
            raise errors.neither_single_nor_batch(input, self._dims + 2)
        self.in_channels = input.shape[-1 - self._dims]
        if self.in_channels % self.groups:
            raise errors.channels_not_divisible(self.in_channels, self.out_channels, self.groups)
        first, second = (self.out_channels, self.in_channels)[::-1 if self.transposed else 1]
        _materialize(self.weight, (first, second // self.groups, *self.kernel_size))
        _materialize(self.bias, (self.out_channels,))
        self.reset_parameters()

    def _uninitialized(self, out_channels: int, bias: bool, device: device | str | None,
                       dtype: dtype | None) -> None:
        self.out_channels = out_channels
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.bias = UninitializedParameter(device=device, dtype=dtype) if bias else None


class LazyConv1d(_LazyConv, Conv1d):
    """Conv1d, with in_channels from the first input.

    out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype
    as in Conv1d
    """

    cls_to_become: type[Module] = Conv1d

    def __init__(self, out_channels: int, kernel_size: Size1, stride: Size1 = 1,
                 padding: Size1 | str = 0, dilation: Size1 = 1, groups: int = 1, bias: bool = True,
                 padding_mode: str = 'zeros', device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._uninitialized(out_channels, bias, device, dtype)


class LazyConv2d(_LazyConv, Conv2d):
    """Conv2d, with in_channels from the first input.

    out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype
    as in Conv2d
    """

    cls_to_become: type[Module] = Conv2d

    def __init__(self, out_channels: int, kernel_size: Size2, stride: Size2 = 1,
                 padding: Size2 | str = 0, dilation: Size2 = 1, groups: int = 1, bias: bool = True,
                 padding_mode: str = 'zeros', device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._uninitialized(out_channels, bias, device, dtype)


class LazyConvTranspose1d(_LazyConv, ConvTranspose1d):
    """ConvTranspose1d, with in_channels from the first input.

    out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
    padding_mode, device, dtype    as in ConvTranspose1d
    """

    cls_to_become: type[Module] = ConvTranspose1d

    def __init__(self, out_channels: int, kernel_size: Size1, stride: Size1 = 1,
                 padding: Size1 = 0, output_padding: Size1 = 0, groups: int = 1, bias: bool = True,
                 dilation: Size1 = 1, padding_mode: str = 'zeros',
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False,
                         dilation, padding_mode)
        self._uninitialized(out_channels, bias, device, dtype)


class LazyConvTranspose2d(_LazyConv, ConvTranspose2d):
    """ConvTranspose2d, with in_channels from the first input.

    out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
    padding_mode, device, dtype    as in ConvTranspose2d
    """

    cls_to_become: type[Module] = ConvTranspose2d

    def __init__(self, out_channels: int, kernel_size: Size2, stride: Size2 = 1,
                 padding: Size2 = 0, output_padding: Size2 = 0, groups: int = 1, bias: bool = True,
                 dilation: Size2 = 1, padding_mode: str = 'zeros',
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False,
                         dilation, padding_mode)
        self._uninitialized(out_channels, bias, device, dtype)


class _LazyStatistics(LazyModule, BatchStatistics):
    """What lazy batch and instance normalization layers share."""

    affine: bool
    num_features: int
    weight: Parameter | None
    bias: Parameter | None
    running_mean: Tensor | None
    running_var: Tensor | None

    def __init__(self, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
                 track_running_stats: bool = True, device: device | str | None = None,
                 dtype: dtype | None = None, *, bias: bool = True) -> None:
        super().__init__(0, eps, momentum, False, track_running_stats, device, dtype)
        self.affine = affine
        if affine:
            self.weight = UninitializedParameter(device=device, dtype=dtype)
            self.bias = UninitializedParameter(device=device, dtype=dtype) if bias else None

    def initialize_parameters(self, input: Tensor) -> None:   # type: ignore[override]
        """Make parameters and running statistics for an input (N, num_features, ...)."""
        self.num_features = input.shape[1]
        for parameter in (self.weight, self.bias):
            _materialize(parameter, (self.num_features,))
        if self.running_mean is not None and self.running_var is not None:
            self.running_mean = self.running_mean.new_zeros(self.num_features)
            self.running_var = self.running_var.new_zeros(self.num_features)
        self.reset_parameters()


class LazyBatchNorm1d(_LazyStatistics, BatchNorm1d):
    """BatchNorm1d, with num_features from the first input.

    eps, momentum, affine, track_running_stats, device, dtype, bias    as in BatchNorm1d
    """

    cls_to_become: type[Module] = BatchNorm1d


class LazyBatchNorm2d(_LazyStatistics, BatchNorm2d):
    """BatchNorm2d, with num_features from the first input.

    eps, momentum, affine, track_running_stats, device, dtype, bias    as in BatchNorm2d
    """

    cls_to_become: type[Module] = BatchNorm2d


class LazyInstanceNorm1d(_LazyStatistics, InstanceNorm1d):
    """InstanceNorm1d, with num_features from the first input.

    eps, momentum, affine, track_running_stats, device, dtype, bias    as in InstanceNorm1d, but
    affine and track_running_stats are True if not given
    """

    cls_to_become: type[Module] = InstanceNorm1d


class LazyInstanceNorm2d(_LazyStatistics, InstanceNorm2d):
    """InstanceNorm2d, with num_features from the first input.

    eps, momentum, affine, track_running_stats, device, dtype, bias    as in InstanceNorm2d, but
    affine and track_running_stats are True if not given
    """

    cls_to_become: type[Module] = InstanceNorm2d


def _materialize(parameter: Any, shape: tuple[int, ...]) -> None:
    """Give a parameter its shape, unless it is None or has been given one."""
    if isinstance(parameter, UninitializedParameter):
        parameter.materialize(shape)
