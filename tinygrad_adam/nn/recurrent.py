"""Layers with a memory: each step of a sequence changes a state, with the same weights.

The layers RNN, LSTM and GRU take whole sequences and are fast; their cells take one step.

>>> from tinygrad_adam import nn, zeros
>>> output, (h, c) = nn.LSTM(input_size=10, hidden_size=20)(zeros(5, 3, 10))
>>> output.shape, h.shape       # h of every step; the last h of every layer
(torch.Size([5, 3, 20]), torch.Size([1, 3, 20]))
"""
from __future__ import annotations

import math
import warnings

from ..creation import empty, zeros
from ..ops import recurrent
from ..ops.indexing import cat
from ..tensor import Tensor
from . import functional as F
from .init import uniform_
from .module import Module, Parameter

NAMES = 'weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'      # from the input, from the state


class _Recurrent(Module):
    """What layers and cells share: their weights, and what they can be given."""

    gates, states = 1, 1

    def _create(self, gates, input_size, bias, device, dtype, suffix=''):
        """Weights of all gates below each other: (gates hidden, ...)."""
        rows = gates * self.hidden_size
        shapes = (rows, input_size), (rows, self.hidden_size), (rows,), (rows,)
        for name, shape in zip(NAMES, shapes):
            if bias or 'weight' in name:
                new = Parameter(empty(*shape, device=device, dtype=dtype))
                self.register_parameter(name + suffix, new)

    def reset_parameters(self):
        """Draw all between ±1 / sqrt(hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size else 0
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)

    def _check(self, input, ndims, states, shape):
        name, shapes = type(self).__name__, [tuple(state.shape) for state in states]
        if not isinstance(input, Tensor):
            raise NotImplementedError(
                f'{name} got a {type(input).__name__}: only Tensors are built, no PackedSequence. '
                'Pad sequences to equal length.')
        if input.ndim not in ndims:
            raise ValueError(
                f'{name}: Expected input to be {ndims[0]}D (unbatched) or {ndims[1]}D, got '
                f'{input.ndim}D instead: dimensions have a fixed meaning here. Reshape it.')
        if input.shape[-1] != self.input_size:
            raise RuntimeError(
                f'{name}: input.size(-1) must be equal to input_size. Expected {self.input_size}, '
                f'got {input.shape[-1]} of {tuple(input.shape)}: features come last. Permute it.')
        if len(states) != self.states or set(shapes) != {shape}:
            raise RuntimeError(
                f'{name}: Expected hidden size {shape}, {self.states} of them, got {shapes}: each '
                'sequence has its own, in every layer and direction. Leave it out for zeros.')
        if {x.dtype for x in (input, *states)} != {next(self.parameters()).dtype}:
            raise RuntimeError(
                f'{name}: input, states and weights must have the same dtype, but the input is '
                f'{input.dtype}. Convert it with to().')


class _Layer(_Recurrent):
    """Runs sequences (steps, batch, input_size), or (batch, steps, ...) with batch_first.

    Returns the output (steps, batch, hidden_size) of the last layer, and the last states
    (num_layers, batch, hidden_size): h, or the pair (h, c) of an LSTM. First states may be given
    after the input. The output of each layer is the input of the next, with dropout between. A
    bidirectional layer is two: the other runs backwards, and their outputs are joined. The batch
    may be left out.
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
                 batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
                 proj_size: int = 0, device=None, dtype=None):
        super().__init__()
        if proj_size:
            raise NotImplementedError(f'proj_size={proj_size} is not built, only 0. Put a Linear '
                                      'layer after the recurrent one.')
        if not 0 <= dropout <= 1:
            raise ValueError(f'dropout should be a number in range [0, 1], not {dropout}: it is a '
                             'probability. Give a share such as 0.5.')
        if min(hidden_size, num_layers) < 1:
            raise ValueError(f'hidden_size {hidden_size} and num_layers {num_layers} must be '
                             'greater than zero: they count. Give 1 or more.')
        if dropout and num_layers == 1:
            warnings.warn(f'dropout={dropout} has no effect with num_layers=1: it comes between '
                          'layers. Use nn.Dropout after the layer.', stacklevel=2)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional = bidirectional
        for layer in range(num_layers):
            for suffix in self._suffixes(layer):
                self._create(self.gates, input_size, bias, device, dtype, suffix)
            input_size = len(self._suffixes(layer)) * hidden_size
        self.reset_parameters()

    def _suffixes(self, layer):
        return [f'_l{layer}', f'_l{layer}_reverse'][:1 + self.bidirectional]

    def forward(self, input: Tensor, hx=None):
        batched = isinstance(input, Tensor) and input.ndim == 3
        count = self.num_layers * (1 + self.bidirectional)
        batch = (input.shape[1 - self.batch_first],) if batched else ()
        shape = count, *batch, self.hidden_size
        starts = [hx] if isinstance(hx, Tensor) else hx
        if hx is None:
            starts = [zeros(*shape, dtype=self.weight_ih_l0.dtype)] * self.states
        self._check(input, (2, 3), starts, shape)
        x = input
        if not batched:
            x, starts = x.unsqueeze(1), [start.unsqueeze(1) for start in starts]
        elif self.batch_first:
            x = x.transpose(0, 1)
        if not len(x):
            raise RuntimeError(f'{type(self).__name__}: Expected sequence length to be larger than '
                               '0: there would be no state to return. Leave empty sequences out.')
        lasts = []
        for layer in range(self.num_layers):
            outputs = []
            for suffix in self._suffixes(layer):
                order = (lambda x: x.flip(0)) if suffix.endswith('reverse') else lambda x: x
                states = recurrent.recurrent(
                    order(x), [start[len(lasts)] for start in starts],
                    *(getattr(self, name + suffix, None) for name in NAMES), kind=self.kind)
                lasts.append([states[i, -1:] for i in range(self.states)])
                outputs.append(order(states[0, 1:]))
            x = _joined(outputs, 2)
            if layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training)
        last = [_joined(states, 0) for states in zip(*lasts)]       # (layers, batch, hidden) each
        if not batched:
            x, last = x.squeeze(1), [state.squeeze(1) for state in last]
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, tuple(last) if self.states == 2 else last[0]

    def flatten_parameters(self):
        """Does nothing; elsewhere it prepares weights for a GPU."""

    def extra_repr(self):
        usual = {'num_layers': 1, 'bias': True, 'batch_first': False, 'dropout': 0.0,
                 'bidirectional': False}
        changed = [name for name in usual if getattr(self, name) != usual[name]]
        return ', '.join([f'{self.input_size}, {self.hidden_size}',
                          *(f'{name}={getattr(self, name)}' for name in changed)])


def _joined(tensors, dim):
    return tensors[0] if len(tensors) == 1 else cat(tensors, dim)


class RNN(_Layer):
    __doc__ = "h' = tanh(W x + b + V h + c), or relu. Elman 1990.\n\n    " + _Layer.__doc__

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1,
                 nonlinearity: str = 'tanh', bias: bool = True, batch_first: bool = False,
                 dropout: float = 0.0, bidirectional: bool = False, device=None, dtype=None):
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional, 0, device, dtype)
        self.nonlinearity = _known(nonlinearity)
        self.kind = recurrent.RNN if nonlinearity == 'tanh' else recurrent.ReluRNN


class LSTM(_Layer):
    __doc__ = ("c' = f c + i g, h' = o tanh(c'), with gates i, f, o in 0..1. Hochreiter & "
               'Schmidhuber 1997, Gers et al. 2000.\n\n    ' + _Layer.__doc__)
    gates, states, kind = 4, 2, recurrent.LSTM


class GRU(_Layer):
    __doc__ = ("h' = (1 - z) n + z h, with a gate z in 0..1. Cho et al. 2014.\n\n    "
               + _Layer.__doc__)
    gates, kind = 3, recurrent.GRU


def _known(nonlinearity):
    if nonlinearity not in ('tanh', 'relu'):
        raise ValueError(f"Unknown nonlinearity '{nonlinearity}': there are tanh and relu. Select "
                         'one.')
    return nonlinearity


class _Cell(_Recurrent):
    """One step: from input (batch, input_size) and state (batch, hidden_size), by default zeros."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, device=None,
                 dtype=None):
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        for name in NAMES:
            self.register_parameter(name, None)
        self._create(self.gates, input_size, bias, device, dtype)
        self.reset_parameters()

    def _products(self, input, hx):
        """What the gates get from the input, what from h, and the states."""
        shape = (*input.shape[:-1], self.hidden_size)
        states = (hx,) if isinstance(hx, Tensor) else hx
        if hx is None:
            states = [zeros(*shape, dtype=input.dtype)] * self.states
        self._check(input, (1, 2), states, shape)
        return (F.linear(input, self.weight_ih, self.bias_ih),
                F.linear(states[0], self.weight_hh, self.bias_hh), *states)

    def extra_repr(self):
        return f'{self.input_size}, {self.hidden_size}' + ', bias=False' * (not self.bias)


class RNNCell(_Cell):
    __doc__ = "h' = tanh(W x + b + V h + c), or relu. " + _Cell.__doc__
    gates = 1

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 nonlinearity: str = 'tanh', device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, device, dtype)
        self.nonlinearity = _known(nonlinearity)

    def forward(self, input: Tensor, hx: Tensor = None) -> Tensor:
        x, h, _ = self._products(input, hx)
        return getattr(F, self.nonlinearity)(x + h)

    def extra_repr(self):
        return super().extra_repr() + (
            '' if self.nonlinearity == 'tanh' else f', nonlinearity={self.nonlinearity}')


class LSTMCell(_Cell):
    __doc__ = "A step of an LSTM from (h, c) to (h', c'). " + _Cell.__doc__
    gates, states = 4, 2

    def forward(self, input: Tensor, hx=None):
        x, h, _, c = self._products(input, hx)
        i, f, g, o = (x + h).chunk(4, -1)
        c = F.sigmoid(f) * c + F.sigmoid(i) * F.tanh(g)
        return F.sigmoid(o) * F.tanh(c), c


class GRUCell(_Cell):
    __doc__ = 'A step of a GRU. ' + _Cell.__doc__
    gates = 3

    def forward(self, input: Tensor, hx: Tensor = None) -> Tensor:
        x, h, old = self._products(input, hx)
        (r, z, n), (from_r, from_z, from_n) = x.chunk(3, -1), h.chunk(3, -1)
        r, z = F.sigmoid(r + from_r), F.sigmoid(z + from_z)
        n = F.tanh(n + r * from_n)
        return n + z * (old - n)
