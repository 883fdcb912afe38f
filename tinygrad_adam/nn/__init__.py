"""Layers, losses and what belongs to them, with the names of torch.nn."""

from . import functional, init, utils
from .attention import MultiheadAttention, TransformerEncoder, TransformerEncoderLayer
from .containers import ModuleDict, ModuleList, ParameterList, Sequential
from .layers import Conv1d, Conv2d, ConvTranspose2d, Embedding, Linear
from .module import Module, Parameter
from .normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm
from .recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from .stateless import (
    AdaptiveAvgPool2d, AvgPool2d, BCELoss, BCEWithLogitsLoss, CosineSimilarity, CrossEntropyLoss,
    CTCLoss, Dropout, ELU, Flatten, GELU, HuberLoss, Identity, KLDivLoss, L1Loss, LeakyReLU,
    LogSigmoid, LogSoftmax, MaxPool2d, MSELoss, NLLLoss, ReLU, Sigmoid, SiLU, SmoothL1Loss, Softmax,
    Softplus, Tanh, Unflatten, Upsample)

__all__ = [name for name in dir() if not name.startswith('_')]
