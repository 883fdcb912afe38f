"""Layers, losses and what belongs to them, with the names of torch.nn."""
from . import functional, init, utils
from .activation import LeakyReLU, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from .attention import MultiheadAttention
from .batchnorm import BatchNorm1d, BatchNorm2d
from .container import ModuleDict, ModuleList, ParameterList
from .conv import Conv1d, Conv2d, ConvTranspose2d
from .distance import CosineSimilarity
from .dropout import Dropout
from .flatten import Unflatten
from .linear import Flatten, Identity, Linear
from .loss import (
    BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, CTCLoss, HuberLoss, KLDivLoss, L1Loss, MSELoss,
    NLLLoss, SmoothL1Loss)
from .module import Module, Parameter, Sequential
from .normalization import GroupNorm, LayerNorm
from .pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from .rnn import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from .smooth_activation import ELU, GELU, LogSigmoid, SiLU, Softplus
from .sparse import Embedding
from .transformer import TransformerEncoder, TransformerEncoderLayer
from .upsampling import Upsample

__all__ = [
    'AdaptiveAvgPool2d', 'AvgPool2d', 'BCELoss', 'BCEWithLogitsLoss', 'BatchNorm1d', 'BatchNorm2d',
    'CTCLoss', 'Conv1d', 'Conv2d', 'ConvTranspose2d', 'CosineSimilarity', 'CrossEntropyLoss',
    'Dropout', 'ELU', 'Embedding', 'Flatten', 'GELU', 'GRU', 'GRUCell', 'GroupNorm', 'HuberLoss',
    'Identity', 'KLDivLoss', 'L1Loss', 'LSTM', 'LSTMCell', 'LayerNorm', 'LeakyReLU', 'Linear',
    'LogSigmoid', 'LogSoftmax', 'MSELoss', 'MaxPool2d', 'Module', 'ModuleDict', 'ModuleList',
    'MultiheadAttention', 'NLLLoss', 'Parameter', 'ParameterList', 'RNN', 'RNNCell', 'ReLU',
    'Sequential', 'SiLU', 'Sigmoid', 'SmoothL1Loss', 'Softmax', 'Softplus', 'Tanh',
    'TransformerEncoder', 'TransformerEncoderLayer', 'Unflatten', 'Upsample', 'functional', 'init',
    'utils']
