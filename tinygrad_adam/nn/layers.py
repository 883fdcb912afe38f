"""Layers that learn: linear ones, convolutions, vectors for words.

>>> from tinygrad_adam import nn, zeros
>>> nn.Linear(20, 30)(zeros(128, 20)).shape
torch.Size([128, 30])
>>> nn.Conv2d(3, 8, kernel_size=3, padding=1)(zeros(1, 3, 28, 28)).shape
torch.Size([1, 8, 28, 28])
"""

from __future__ import annotations

import math

from ..creation import empty
from ..tensor import Tensor
from . import functional as F
from .init import _calculate_fan_in_and_fan_out, normal_, uniform_
from .module import Module, Parameter


class _Affine(Module):
    """A weight of shape (out, in, ...), and a bias of shape (out,) or None."""

    def _create(self, shape, out, device, dtype):
        self.weight = Parameter(empty(*shape, device=device, dtype=dtype))
        self.bias = Parameter(empty(out, device=device, dtype=dtype)) if out is not None else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw both between ±1 / sqrt(fan_in), for a weight the same as kaiming_uniform_(a=√5)."""
        fan_in, _ = _calculate_fan_in_and_fan_out(self.weight)
        bound = 1 / math.sqrt(max(fan_in, 1))
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)


class Linear(_Affine):
    """input @ weight.T + bias: (..., in_features) becomes (..., out_features)."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True,
                 device=None, dtype=None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self._create((out_features, in_features), out_features if bias else None, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        return (f'in_features={self.in_features}, out_features={self.out_features}, '
                f'bias={self.bias is not None}')


class Embedding(Module):
    """A vector for each word: whole numbers (...) become (..., embedding_dim), rows of the weight.

    Row padding_idx begins as zeros and never learns.
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None,
                 max_norm: float | None = None, norm_type: float = 2.0,
                 scale_grad_by_freq: bool = False, sparse: bool = False,
                 _weight: Tensor | None = None, _freeze: bool = False, device=None, dtype=None):
        super().__init__()
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(f'Padding_idx {padding_idx} must be within num_embeddings='
                             f'{num_embeddings}: it is the number of a row. Choose one')
        if max_norm is not None or scale_grad_by_freq or sparse:
            raise NotImplementedError('max_norm, scale_grad_by_freq and sparse are not built. '
                                      'Leave them out')
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = padding_idx if padding_idx is None else padding_idx % num_embeddings
        shape = num_embeddings, embedding_dim
        self.weight = Parameter(empty(*shape, device=device, dtype=dtype) if _weight is None
                                else _weight, not _freeze)
        if _weight is None:
            self.reset_parameters()
        elif tuple(_weight.shape) != shape:
            raise ValueError(f'Shape of weight {tuple(_weight.shape)} does not match '
                             f'num_embeddings and embedding_dim, {shape}. Give these numbers')

    def reset_parameters(self):
        """Draw normally distributed vectors, and zeros for padding."""
        normal_(self.weight)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    @classmethod
    def from_pretrained(cls, embeddings: Tensor, freeze: bool = True, padding_idx=None):
        """With these vectors (words, features), which do not learn unless freeze=False."""
        return cls(*embeddings.shape, padding_idx, _weight=embeddings, _freeze=freeze)

    def forward(self, input: Tensor) -> Tensor:
        return F.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self):
        padding = '' if self.padding_idx is None else f', padding_idx={self.padding_idx}'
        return f'{self.num_embeddings}, {self.embedding_dim}{padding}'


class _Conv(_Affine):
    """Filters slid over (N, in_channels, size...): (N, out_channels, size'...).

    size' = (size + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1, or size itself with
    padding='same'. `groups` of channels do not mix.
    """

    transposed = False

    def __init__(self, in_channels: int, out_channels: int, kernel_size, stride=1, padding=0,
                 dilation=1, groups: int = 1, bias: bool = True, padding_mode: str = 'zeros',
                 device=None, dtype=None):
        super().__init__()
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(f'in_channels={in_channels} and out_channels={out_channels} must be '
                             f'divisible by groups={groups}, to be shared out. Choose a divisor')
        if padding_mode != 'zeros':
            raise NotImplementedError(f"padding_mode={padding_mode!r} is not built, only 'zeros'. "
                                      'Pad the input before, and give padding=0')
        known = ('valid', 'same') if set(self._all(stride)) == {1} else ('valid',)  # strides shrink
        if isinstance(padding, str) and (padding not in known or self.transposed):
            raise ValueError(f'padding={padding!r} is not supported with stride={stride}, only '
                             f'{known} are. Give one of them, a number or a pair')
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = self._all(kernel_size), self._all(stride)
        self.dilation = self._all(dilation)
        self.padding = padding if isinstance(padding, str) else self._all(padding)
        rows, columns = (out_channels, in_channels)[::-1 if self.transposed else 1]
        shape = rows, columns // groups, *self.kernel_size
        self._create(shape, out_channels if bias else None, device, dtype)

    def _all(self, value):
        """One number for each dimension of the size."""
        return tuple(value) if isinstance(value, (tuple, list)) else (value,) * self.dims

    def extra_repr(self):
        usual = {'padding': 0, 'dilation': 1, 'output_padding': 0, 'groups': 1}
        rest = [f', {name}={getattr(self, name)}' for name in usual if getattr(
            self, name, 0) not in (0, usual[name], self._all(usual[name]))]
        return (f'{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, '
                f'stride={self.stride}{"".join(rest)}{", bias=False" * (self.bias is None)}')


class Conv1d(_Conv):
    __doc__ = 'For series (N, C, L). ' + _Conv.__doc__
    dims = 1

    def forward(self, input: Tensor) -> Tensor:
        return F.conv1d(input, self.weight, self.bias, self.stride, self.padding, self.dilation,
                        self.groups)


class Conv2d(_Conv):
    __doc__ = 'For images (N, C, H, W); sizes are numbers or pairs. ' + _Conv.__doc__
    dims = 2

    def forward(self, input: Tensor) -> Tensor:
        return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation,
                        self.groups)


class ConvTranspose2d(_Conv):
    """The gradient of Conv2d in its input, as a layer: it enlarges where that shrinks.

    (N, in_channels, H, W) becomes (N, out_channels, H', W'), where H' =
    (H - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1.
    """

    dims, transposed = 2, True

    def __init__(self, in_channels: int, out_channels: int, kernel_size, stride=1, padding=0,
                 output_padding=0, groups: int = 1, bias: bool = True, dilation=1,
                 padding_mode: str = 'zeros', device=None, dtype=None):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups,
                         bias, padding_mode, device, dtype)
        self.output_padding = self._all(output_padding)

    def forward(self, input: Tensor, output_size=None) -> Tensor:
        if output_size is not None:
            raise NotImplementedError('output_size is not built. Give output_padding to the layer')
        return F.conv_transpose2d(input, self.weight, self.bias, self.stride, self.padding,
                                  self.output_padding, self.groups, self.dilation)
