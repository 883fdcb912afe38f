"""Layers, losses and what belongs to them, with the names of torch.nn."""

from . import functional, init, utils
from .containers import ModuleList, Sequential
from .layers import BatchNorm1d, BatchNorm2d, Conv2d, Linear
from .module import Module, Parameter
from .recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from .stateless import (
    AvgPool2d, BCEWithLogitsLoss, CrossEntropyLoss, Dropout, Flatten, GELU, Identity, L1Loss,
    LeakyReLU, LogSoftmax, MaxPool2d, MSELoss, NLLLoss, ReLU, Sigmoid, Softmax, Softplus, Tanh)

__all__ = [name for name in dir() if not name.startswith('_')]
