"""Layers with a memory: each step of a sequence changes a state, with the same weights.

The layers RNN, LSTM and GRU take whole sequences and are fast; the cells take one step.

>>> from tinygrad_adam import nn, zeros
>>> output, (h, c) = nn.LSTM(input_size=10, hidden_size=20)(zeros(5, 3, 10))
>>> output.shape, h.shape       # (steps, batch, hidden), and the last state of each layer
(torch.Size([5, 3, 20]), torch.Size([1, 3, 20]))
"""
from __future__ import annotations

import math

from ..creation import empty, zeros
from ..ops import recurrent
from ..ops.shapes import cat, flip, stack
from ..tensor import Tensor
from . import functional as F
from .init import uniform_
from .module import Module, Parameter


class _Recurrent(Module):
    """Weights of one part, or several below each other: (parts hidden, input), (parts hidden,)."""

    def _create(self, suffix, parts, input_size, hidden, bias, device, dtype):
        for name, *shape in [('weight_ih', parts * hidden, input_size),
                             ('weight_hh', parts * hidden, hidden),
                             ('bias_ih', parts * hidden), ('bias_hh', parts * hidden)]:
            given = bias or name.startswith('weight')
            tensor = Parameter(empty(*shape, device=device, dtype=dtype)) if given else None
            if given or not suffix:
                self.register_parameter(name + suffix, tensor)

    def reset_parameters(self):
        """Draw all between ±1 / sqrt(hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)

    def _check(self, input, states, shape):
        """Refuse what does not fit: input (..., input_size), states all of this shape."""
        name = type(self).__name__
        if not isinstance(input, Tensor):
            raise NotImplementedError(f'{name} got a {type(input).__name__}: only tensors are built, '
                                      'not PackedSequence. Pad the sequences to one length.')
        if input.shape[-1] != self.input_size:
            raise RuntimeError(f'{name}: input.size(-1) must be equal to input_size. Expected '
                               f'{self.input_size}, got {input.shape[-1]} of {tuple(input.shape)}. '
                               'The last dimension counts features.')
        for state in states:
            if tuple(state.shape) != tuple(shape):
                raise RuntimeError(f'{name}: expected hidden size {tuple(shape)}, got '
                                   f'{tuple(state.shape)}: every sequence of the batch has a state, '
                                   'in every layer and direction. Leave it out to begin with zeros.')
        for tensor in (input, *states):
            if tensor.dtype != self.parameters().__next__().dtype:
                raise RuntimeError(f'{name}: input is {tensor.dtype}, weights are not. Convert one '
                                   'with to().')
