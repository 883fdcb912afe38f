"""Recurrent layers: at each time step of a sequence they update a state, with the same weights.

RNN, LSTM and GRU take whole sequences and are fast; their cells take one step.

>>> from tinygrad_adam import nn, zeros
>>> output, (h_n, c_n) = nn.LSTM(input_size=10, hidden_size=20)(zeros(5, 3, 10))
>>> output.shape, h_n.shape     # h of every time step; the last h of every layer
(torch.Size([5, 3, 20]), torch.Size([1, 3, 20]))
"""
from __future__ import annotations

import math
import warnings
from typing import Any, Final, Sequence, TypeVar

import numpy as np

from .._functions.creation import empty, zeros
from ..ops import recurrent
from .._functions.indexing import cat
from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from .init import uniform_
from .module import Module, Parameter
from .utils.rnn import PackedSequence, lengths_of, pack_padded, pad_packed

Sequences = TypeVar('Sequences', Tensor, PackedSequence)

# ih: from the input to the hidden state; hh: from the hidden state to the next one.
WEIGHTS: Final = 'weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'

# Of each kind of layer, how many gates and states it has, and the class of ops.recurrent with its
# formulas.
MODES: Final[dict[str, tuple[int, int, type[Any]]]] = {
    'RNN_TANH': (1, 1, recurrent.RNN), 'RNN_RELU': (1, 1, recurrent.ReluRNN),
    'LSTM': (4, 2, recurrent.LSTM), 'GRU': (3, 1, recurrent.GRU)}


class _Recurrent(Module):
    """What layers and cells share: how weights are created, and what a call may be given."""

    _gates: int             # 1 in an RNN, 3 in a GRU, 4 in an LSTM
    _num_states: int = 1    # 2 in an LSTM, h and c

    def __init__(self, input_size: int, hidden_size: int, bias: bool) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias

    def _create_weights(self, input_size: int, bias: bool, device: device | str | None,
                        dtype: dtype | None, suffix: str = '') -> None:
        """Parameters with the rows of all gates below each other: (gates hidden_size, ...)."""
        rows = self._gates * self.hidden_size
        shapes = (rows, input_size), (rows, self.hidden_size), (rows,), (rows,)
        for name, shape in zip(WEIGHTS, shapes):
            if bias or 'weight' in name:
                parameter = Parameter(empty(*shape, device=device, dtype=dtype))
                self.register_parameter(name + suffix, parameter)

    def reset_parameters(self) -> None:
        """Draw all parameters uniformly from [-k, k), where k = 1 / sqrt(hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size else 0
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)

    def _check(self, input: Tensor, ndims: tuple[int, int], states: Sequence[Tensor],
               shape: tuple[int, ...]) -> None:
        """Raise an error unless input has one of these numbers of dimensions, each of the states
        has this shape, and all have the dtype of the weights."""
        layer, shapes = type(self).__name__, [tuple(state.shape) for state in states]
        if not isinstance(input, Tensor):
            raise errors.not_a_sequence(layer, input)
        if input.ndim not in ndims:
            raise errors.wrong_sequence_ndim(layer, input, ndims)
        if input.shape[-1] != self.input_size:
            raise errors.wrong_input_size(layer, input, self.input_size)
        if len(states) != self._num_states or set(shapes) != {shape}:
            raise errors.wrong_states(layer, shapes, shape, self._num_states)
        weight = next(self.parameters())
        if {x.dtype for x in (input, *states)} != {weight.dtype}:
            raise errors.dtypes_differ(layer, input, states, weight)


class RNNBase(_Recurrent):
    """What RNN, LSTM and GRU share: layers of one kind, each of which takes the output of the one
    before it.

    mode           'RNN_TANH', 'RNN_RELU', 'LSTM' or 'GRU'
    input_size     the number of features of each x
    hidden_size    the number of features of the state h
    num_layers     how many layers there are
    bias           whether there are biases
    batch_first    whether input and output are (N, L, ...) instead of (L, N, ...)
    dropout        the probability of an element of the output of a layer, except the last one,
                   being zeroed in training
    bidirectional  whether each layer has a second one that reads the sequence backwards
    proj_size      not implemented; leave it 0
    device         the CPU, if given
    dtype          float32, the default, or float64
    """

    def __init__(self, mode: str, input_size: int, hidden_size: int, num_layers: int = 1,
                 bias: bool = True, batch_first: bool = False, dropout: float = 0.0,
                 bidirectional: bool = False, proj_size: int = 0,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(input_size, hidden_size, bias)
        if mode not in MODES:
            raise errors.unknown_recurrent_mode(mode, MODES)
        self.mode = mode
        self._gates, self._num_states, self._kind = MODES[mode]
        if proj_size:
            raise errors.proj_size_not_built(proj_size)
        if not isinstance(dropout, (int, float)) or dropout is True or not 0 <= dropout <= 1:
            raise errors.dropout_not_a_probability(dropout)
        for name, option in [('bias', bias), ('batch_first', batch_first),
                             ('bidirectional', bidirectional)]:
            if not isinstance(option, bool):
                raise errors.wrong_type(name, bool, option)
        for name, size in [('input_size', input_size), ('hidden_size', hidden_size),
                           ('num_layers', num_layers)]:
            if not isinstance(size, int):
                raise errors.wrong_type(name, int, size)
            if size < 1:
                raise errors.size_not_positive(name, size)
        if dropout and num_layers == 1:
            warnings.warn(f'dropout={dropout} has no effect with num_layers=1: it comes between '
                          'layers. Use nn.Dropout after the layer.', stacklevel=3)
        self.num_layers = num_layers
        self.batch_first = batch_first
        self.dropout: float = float(dropout)
        self.bidirectional = bidirectional
        for layer in range(num_layers):
            for suffix in self._suffixes(layer):
                self._create_weights(input_size, bias, device, dtype, suffix)
            input_size = len(self._suffixes(layer)) * hidden_size
        self.reset_parameters()

    def _suffixes(self, layer: int) -> list[str]:
        """What the names of the layer's parameters end with, for each direction."""
        return [f'_l{layer}', f'_l{layer}_reverse'][:1 + self.bidirectional]

    def _run(self, input: Sequences, hx: Any) -> tuple[Sequences, list[Tensor]]:
        """The output of the last layer, and the last states, [h_n] or [h_n, c_n]."""
        if isinstance(input, PackedSequence):
            return self._run_packed(input, hx)
        batched = isinstance(input, Tensor) and input.ndim == 3
        batch = (input.shape[1 - self.batch_first],) if batched else ()
        initial = self._initial(input, (2, 3), hx, batch)
        x = input
        if not batched:
            x, initial = x.unsqueeze(1), [state.unsqueeze(1) for state in initial]
        elif self.batch_first:
            x = x.transpose(0, 1)
        if not len(x):
            raise errors.empty_sequence(type(self).__name__)
        x, last = self._run_layers(x, initial)
        if not batched:
            x, last = x.squeeze(1), [state.squeeze(1) for state in last]
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, last

    def _run_packed(self, packed: PackedSequence, hx: Any) -> tuple[PackedSequence, list[Tensor]]:
        """The same of packed sequences, which are padded on the way; hx and the last states are in
        the order of the batch."""
        lengths = lengths_of(packed)
        initial = self._initial(packed.data, (2, 2), hx, (len(lengths),))
        if packed.sorted_indices is not None:
            initial = [state[:, packed.sorted_indices] for state in initial]
        x, last = self._run_layers(pad_packed(packed, int(lengths[0]), 0.0), initial, lengths)
        if packed.unsorted_indices is not None:
            last = [state[:, packed.unsorted_indices] for state in last]
        return PackedSequence(pack_padded(x, lengths)[0], *packed[1:]), last

    def _initial(self, input: Tensor, ndims: tuple[int, int], hx: Any,
                 batch: tuple[int, ...]) -> list[Tensor]:
        """The first states, checked together with the input: hx, or zeros."""
        shape = self.num_layers * (1 + self.bidirectional), *batch, self.hidden_size
        initial = [hx] if isinstance(hx, Tensor) else hx
        if hx is None:
            initial = [zeros(*shape, dtype=self.weight_ih_l0.dtype)] * self._num_states
        self._check(input, ndims, initial, shape)
        return initial

    def _run_layers(self, x: Tensor, initial: list[Tensor],
                    lengths: Any = None) -> tuple[Tensor, list[Tensor]]:
        """The output of the last layer for x (L, N, input_size), and the last states; lengths are
        those of the sequences, None if all are L."""
        final = []                                  # the last states of each layer and direction
        for layer in range(self.num_layers):
            outputs = []
            for suffix in self._suffixes(layer):
                reverse = suffix.endswith('reverse')
                states = recurrent.recurrent(       # of all time steps, the initial ones included
                    _backward(x, lengths) if reverse else x,
                    [state[len(final)] for state in initial],
                    *(getattr(self, name + suffix, None) for name in WEIGHTS), kind=self._kind)
                final.append([_last(states[i], lengths) for i in range(self._num_states)])
                h = states[0, 1:]
                outputs.append(_backward(h, lengths) if reverse else h)
            x = outputs[0] if len(outputs) == 1 else cat(outputs, 2)
            if layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training)
        return x, [cat(states, 0) if len(states) > 1 else states[0].clone()     # not x's memory
                   for states in zip(*final)]

    @property
    def _flat_weights_names(self) -> list[str]:     # which courses read to initialise them
        return [name + suffix for layer in range(self.num_layers)
                for suffix in self._suffixes(layer)
                for name in WEIGHTS if self.bias or 'weight' in name]

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters of each layer and direction."""
        return [[getattr(self, name + suffix) for name in WEIGHTS if self.bias or 'weight' in name]
                for layer in range(self.num_layers) for suffix in self._suffixes(layer)]

    def flatten_parameters(self) -> None:
        """Do nothing; in PyTorch this prepares weights for a GPU."""

    def extra_repr(self) -> str:
        usual = {'num_layers': 1, 'bias': True, 'batch_first': False, 'dropout': 0.0,
                 'bidirectional': False}
        changed = [f'{name}={getattr(self, name)}' for name, value in usual.items()
                   if getattr(self, name) != value]
        return ', '.join([f'{self.input_size}, {self.hidden_size}', *changed])


def _backward(x: Tensor, lengths: Any) -> Tensor:
    """The sequences (L, N, ...), each from its end to its start; what is behind the end stays."""
    if lengths is None:
        return x.flip(0)
    steps = np.arange(len(x))[:, None]
    return x[np.where(steps < lengths, lengths - 1 - steps, steps), np.arange(len(lengths))]


def _last(states: Tensor, lengths: Any) -> Tensor:
    """The states (L + 1, N, hidden_size) at the ends of the sequences, (1, N, hidden_size)."""
    return states[-1:] if lengths is None else states[lengths, np.arange(len(lengths))][None]


def _check_nonlinearity(nonlinearity: str) -> None:
    if nonlinearity not in ('tanh', 'relu'):
        raise errors.unknown_nonlinearity(nonlinearity)


class RNN(RNNBase):
    """A simple recurrent layer: h' = tanh(weight_ih x + bias_ih + weight_hh h + bias_hh).

    input_size     the number of features of each x
    hidden_size    the number of features of the state h
    num_layers     how many layers there are; each takes the output of the one before it
    nonlinearity   'tanh' or 'relu'
    bias           whether there are biases
    batch_first    whether input and output are (N, L, ...) instead of (L, N, ...)
    dropout        the probability of an element of the output of a layer, except the last one,
                   being zeroed in training
    bidirectional  whether each layer has a second one that reads the sequence backwards; then D is
                   2 and the outputs of both are concatenated, else D is 1
    device         the CPU, if given
    dtype          float32, the default, or float64

    Takes input (L, N, input_size) and the initial states (D num_layers, N, hidden_size). Returns
    the output (L, N, D hidden_size), h of the last layer at each time step, and the last states
    (D num_layers, N, hidden_size). N may be left out of all shapes.
    Elman 1990; https://pytorch.org/docs/stable/generated/torch.nn.RNN.html
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1,
                 nonlinearity: str = 'tanh', bias: bool = True, batch_first: bool = False,
                 dropout: float = 0.0, bidirectional: bool = False,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        _check_nonlinearity(nonlinearity)
        super().__init__(f'RNN_{nonlinearity.upper()}', input_size, hidden_size, num_layers, bias,
                         batch_first, dropout, bidirectional, 0, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Sequences, hx: Tensor | None = None) -> tuple[Sequences, Tensor]:
        """The output for the sequences input, and the last states; hx are the first states, zeros
        if None. The output is a PackedSequence if input is one."""
        output, (h_n,) = self._run(input, hx)
        return output, h_n


class LSTM(RNNBase):
    """A layer with long short-term memory: c' = f c + i g and h' = o tanh(c').

    The gates i, f, o are sigmoid, and g is tanh, of weight_ih x + bias_ih + weight_hh h + bias_hh,
    each with its own rows of the weights, in the order i, f, g, o.

    input_size     the number of features of each x
    hidden_size    the number of features of the states h and c
    num_layers     how many layers there are; each takes the output of the one before it
    bias           whether there are biases
    batch_first    whether input and output are (N, L, ...) instead of (L, N, ...)
    dropout        the probability of an element of the output of a layer, except the last one,
                   being zeroed in training
    bidirectional  whether each layer has a second one that reads the sequence backwards; then D is
                   2 and the outputs of both are concatenated, else D is 1
    proj_size      not implemented; leave it 0
    device         the CPU, if given
    dtype          float32, the default, or float64

    Takes input (L, N, input_size) and the initial states (h_0, c_0), each of shape
    (D num_layers, N, hidden_size). Returns the output (L, N, D hidden_size), h of the last layer at
    each time step, and the last states (h_n, c_n). N may be left out of all shapes.
    Hochreiter & Schmidhuber 1997, Gers et al. 2000;
    https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
                 batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
                 proj_size: int = 0, device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__('LSTM', input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional, proj_size, device, dtype)

    def forward(self, input: Sequences, hx: tuple[Tensor, Tensor] | None = None
                ) -> tuple[Sequences, tuple[Tensor, Tensor]]:
        """The output for the sequences input, and the last states (h_n, c_n); hx are the first
        states (h_0, c_0), zeros if None. The output is a PackedSequence if input is one."""
        output, (h_n, c_n) = self._run(input, hx)
        return output, (h_n, c_n)


class GRU(RNNBase):
    """A layer of gated recurrent units: h' = (1 - z) n + z h.

    The gates r, z are sigmoid(weight_ih x + bias_ih + weight_hh h + bias_hh), each with its own
    rows of the weights, and n = tanh(weight_ih x + bias_ih + r (weight_hh h + bias_hh)), with the
    rows after theirs.

    input_size     the number of features of each x
    hidden_size    the number of features of the state h
    num_layers     how many layers there are; each takes the output of the one before it
    bias           whether there are biases
    batch_first    whether input and output are (N, L, ...) instead of (L, N, ...)
    dropout        the probability of an element of the output of a layer, except the last one,
                   being zeroed in training
    bidirectional  whether each layer has a second one that reads the sequence backwards; then D is
                   2 and the outputs of both are concatenated, else D is 1
    proj_size      only for LSTM; leave it 0
    device         the CPU, if given
    dtype          float32, the default, or float64

    Takes input (L, N, input_size) and the initial states (D num_layers, N, hidden_size). Returns
    the output (L, N, D hidden_size), h of the last layer at each time step, and the last states
    (D num_layers, N, hidden_size). N may be left out of all shapes.
    Cho et al. 2014; https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
    """

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
                 batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
                 proj_size: int = 0, device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__('GRU', input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional, proj_size, device, dtype)

    def forward(self, input: Sequences, hx: Tensor | None = None) -> tuple[Sequences, Tensor]:
        """The output for the sequences input, and the last states; hx are the first states, zeros
        if None. The output is a PackedSequence if input is one."""
        output, (h_n,) = self._run(input, hx)
        return output, h_n


class RNNCellBase(_Recurrent):
    """What RNNCell, LSTMCell and GRUCell share: settings, and the products with their weights.

    input_size   the number of features of x
    hidden_size  the number of features of the state h
    bias         whether there are biases
    num_chunks   how many gates have their rows in the weights
    device       the CPU, if given
    dtype        float32, the default, or float64
    """

    weight_ih: Parameter
    weight_hh: Parameter
    bias_ih: Parameter | None
    bias_hh: Parameter | None

    def __init__(self, input_size: int, hidden_size: int, bias: bool, num_chunks: int,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(input_size, hidden_size, bias)
        self._gates = num_chunks
        for name in WEIGHTS:
            self.register_parameter(name, None)
        self._create_weights(input_size, bias, device, dtype)
        self.reset_parameters()

    def _products(self, input: Tensor, hx: Any) -> tuple[Any, ...]:
        """weight_ih x + bias_ih, weight_hh h + bias_hh, and the states."""
        shape = (*input.shape[:-1], self.hidden_size)
        states = [hx] if isinstance(hx, Tensor) else hx
        if hx is None:
            states = [zeros(*shape, dtype=input.dtype)] * self._num_states
        self._check(input, (1, 2), states, shape)
        return (F.linear(input, self.weight_ih, self.bias_ih),
                F.linear(states[0], self.weight_hh, self.bias_hh), *states)

    def extra_repr(self) -> str:
        return f'{self.input_size}, {self.hidden_size}' + ', bias=False' * (not self.bias)


class RNNCell(RNNCellBase):
    """One time step of an RNN: h' = tanh(weight_ih x + bias_ih + weight_hh h + bias_hh).

    input_size    the number of features of x
    hidden_size   the number of features of the state h
    bias          whether there are biases
    nonlinearity  'tanh' or 'relu'
    device        the CPU, if given
    dtype         float32, the default, or float64

    Takes x (N, input_size) and h (N, hidden_size), returns h' (N, hidden_size); N may be left out.
    Elman 1990; https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 nonlinearity: str = 'tanh', device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        _check_nonlinearity(nonlinearity)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The next state, for x = input and h = hx, zeros if None."""
        from_input, from_state, _ = self._products(input, hx)
        return (F.tanh if self.nonlinearity == 'tanh' else F.relu)(from_input + from_state)

    def extra_repr(self) -> str:
        usual = self.nonlinearity == 'tanh'
        return super().extra_repr() + ('' if usual else f', nonlinearity={self.nonlinearity}')


class LSTMCell(RNNCellBase):
    """One time step of an LSTM: c' = f c + i g and h' = o tanh(c').

    The gates i, f, o are sigmoid, and g is tanh, of weight_ih x + bias_ih + weight_hh h + bias_hh,
    each with its own rows of the weights, in the order i, f, g, o.

    input_size   the number of features of x
    hidden_size  the number of features of the states h and c
    bias         whether there are biases
    device       the CPU, if given
    dtype        float32, the default, or float64

    Takes x (N, input_size) and (h, c), each (N, hidden_size), returns (h', c'); N may be left out.
    Hochreiter & Schmidhuber 1997, Gers et al. 2000;
    https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
    """

    _num_states = 2

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor,
                hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """The next states (h', c'), for x = input and (h, c) = hx, zeros if None."""
        from_input, from_state, _, c = self._products(input, hx)
        i, f, g, o = (from_input + from_state).chunk(4, -1)
        c = F.sigmoid(f) * c + F.sigmoid(i) * F.tanh(g)
        return F.sigmoid(o) * F.tanh(c), c


class GRUCell(RNNCellBase):
    """One time step of a GRU: h' = (1 - z) n + z h.

    The gates r, z are sigmoid(weight_ih x + bias_ih + weight_hh h + bias_hh), each with its own
    rows of the weights, and n = tanh(weight_ih x + bias_ih + r (weight_hh h + bias_hh)), with the
    rows after theirs.

    input_size   the number of features of x
    hidden_size  the number of features of the state h
    bias         whether there are biases
    device       the CPU, if given
    dtype        float32, the default, or float64

    Takes x (N, input_size) and h (N, hidden_size), returns h' (N, hidden_size); N may be left out.
    Cho et al. 2014; https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The next state, for x = input and h = hx, zeros if None."""
        from_input, from_state, h = self._products(input, hx)
        r_input, z_input, n_input = from_input.chunk(3, -1)
        r_state, z_state, n_state = from_state.chunk(3, -1)
        r, z = F.sigmoid(r_input + r_state), F.sigmoid(z_input + z_state)
        n = F.tanh(n_input + r * n_state)
        return n + z * (h - n)
