"""Every layer made with odd values for each of its arguments, and called, in both libraries."""

import inspect
import warnings

import torch as pytorch

import tinygrad_adam

# Arguments without a default, and the shape of an input; None where forward needs more than one.
LAYERS = {
    'Linear': ((2, 3), (5, 2)), 'Conv1d': ((2, 4, 3), (2, 2, 8)),
    'Conv2d': ((2, 4, 3), (2, 2, 8, 8)), 'ConvTranspose2d': ((2, 4, 3), (2, 2, 8, 8)),
    'BatchNorm1d': ((2,), (4, 2)),
    'BatchNorm2d': ((2,), (2, 2, 3, 3)), 'LayerNorm': ((2,), (3, 2)),
    'GroupNorm': ((2, 4), (3, 4, 2)), 'Dropout': ((), (3, 2)), 'ELU': ((), (3, 2)),
    'LeakyReLU': ((), (3, 2)), 'Softplus': ((), (3, 2)), 'GELU': ((), (3, 2)),
    'Softmax': ((1,), (3, 2)), 'LogSoftmax': ((1,), (3, 2)), 'Flatten': ((), (2, 3, 4)),
    'Unflatten': ((1, (2, 2)), (3, 4)), 'MaxPool2d': ((2,), (2, 2, 8, 8)),
    'AvgPool2d': ((2,), (2, 2, 8, 8)), 'AdaptiveAvgPool2d': ((2,), (2, 2, 8, 8)),
    'RNN': ((2, 3), (4, 2, 2)), 'LSTM': ((2, 3), (4, 2, 2)), 'GRU': ((2, 3), (4, 2, 2)),
    'RNNCell': ((2, 3), (2, 2)), 'LSTMCell': ((2, 3), (2, 2)), 'GRUCell': ((2, 3), (2, 2)),
    'TransformerEncoderLayer': ((4, 2, 3), (3, 2, 4)), 'MultiheadAttention': ((4, 2), None),
    'TransformerDecoderLayer': ((4, 2, 3), None), 'Transformer': ((4, 2, 1, 1, 3), None),
    'Embedding': ((3, 2), None), 'CosineSimilarity': ((), None), 'Upsample': ((), None),
    'SELU': ((), (3, 2)), 'CELU': ((), (3, 2)), 'Mish': ((), (3, 2)), 'PReLU': ((), (3, 2)),
    'Hardtanh': ((), (3, 2)), 'ReLU6': ((), (3, 2)),
    'Softshrink': ((), (3, 2)), 'Hardshrink': ((), (3, 2)),
    'Hardsigmoid': ((), (3, 2)), 'RReLU': ((), (3, 2)), 'ChannelShuffle': ((2,), (1, 4, 2)),
    'Hardswish': ((), (3, 2)), 'Threshold': ((0.5, 1.0), (3, 2)), 'GLU': ((), (3, 2)),
    'Softmin': ((1,), (3, 2)), 'RMSNorm': ((2,), (3, 2)), 'InstanceNorm1d': ((2,), (4, 2, 3)),
    'InstanceNorm2d': ((2,), (4, 2, 3, 3)), 'LocalResponseNorm': ((2,), (4, 2, 3)),
    'MaxPool1d': ((2,), (2, 2, 8)), 'AvgPool1d': ((2,), (2, 2, 8)),
    'AdaptiveAvgPool1d': ((2,), (2, 2, 8)), 'AdaptiveMaxPool1d': ((2,), (2, 2, 8)),
    'AdaptiveMaxPool2d': ((2,), (2, 2, 8, 8)), 'ConvTranspose1d': ((2, 4, 3), (2, 2, 8)),
    **{f'{kind}Pad{d}d': (more, (2, 2, *[8] * d)) for d in (1, 2) for kind, more in [
        ('Reflection', (2,)), ('Replication', (2,)), ('Circular', (2,)), ('Zero', (2,)),
        ('Constant', (2, 0.5))]},
    'Unfold': ((2,), (1, 2, 3, 4)), 'Fold': (((3, 4), 2), (1, 4, 6)),
    'UpsamplingBilinear2d': ((3,), (1, 2, 3, 3)), 'UpsamplingNearest2d': ((3,), (1, 2, 3, 3)),
    'PixelShuffle': ((2,), (1, 4, 2, 3)), 'PixelUnshuffle': ((2,), (1, 4, 2, 4)),
    'Dropout1d': ((), (2, 3, 2)), 'Dropout2d': ((), (2, 3, 2, 2)), 'AlphaDropout': ((), (2, 3)),
    'Dropout3d': ((), (2, 3, 2, 2, 2)),
    'MarginRankingLoss': ((), None), 'TripletMarginLoss': ((), None),
    'SoftMarginLoss': ((), None), 'HingeEmbeddingLoss': ((), None),
    'CosineEmbeddingLoss': ((), None), 'MultiMarginLoss': ((), None),
    'MultiLabelMarginLoss': ((), None), 'MultiLabelSoftMarginLoss': ((), None),
    'PoissonNLLLoss': ((), None),
    'GaussianNLLLoss': ((), None), 'PairwiseDistance': ((), None), 'MSELoss': ((), None),
    'L1Loss': ((), None), 'SmoothL1Loss': ((), None),
    'HuberLoss': ((), None), 'KLDivLoss': ((), None), 'CrossEntropyLoss': ((), None),
    'NLLLoss': ((), None), 'BCELoss': ((), None), 'BCEWithLogitsLoss': ((), None),
    'CTCLoss': ((), None)}
VALUES = [-1, 0, 1, 2, 3, 5, -0.1, 0.5, 1.1, 1.5, 2.0, float('inf'), None, 'x']
TENSORS = {'weight', 'pos_weight', '_weight', 'device', 'dtype', 'size_average', 'reduce'}
# PyTorch's RNN and GRU take no proj_size at all, here 0 is the one that is built. A dimension may
# be a whole float.
ALLOWED = {('RNN', 'proj_size'), ('GRU', 'proj_size'), ('LSTM', 'proj_size'),
           ('Flatten', 'start_dim'), ('Flatten', 'end_dim')}


def settings(name):
    """Pairs (argument, {all arguments}) of a layer."""
    required, _ = LAYERS[name]
    parameters = [*inspect.signature(getattr(tinygrad_adam.nn, name)).parameters]
    for argument in parameters:
        if argument not in TENSORS and (name, argument) not in ALLOWED:
            for value in VALUES:
                yield argument, {**dict(zip(parameters, required)), argument: value}


def outcome(library, name, arguments):
    """The shape of the output, or the exception."""
    shape = LAYERS[name][1]
    try:
        layer = getattr(library.nn, name)(**arguments)
        output = layer(library.ones(*shape)) if shape else layer
    except Exception as error:
        return error
    while isinstance(output, tuple):
        output = output[0]
    return tuple(output.shape) if shape else None


def wrong(name):
    """Settings that this package accepts and PyTorch refuses, or that give other shapes."""
    failures = []
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        for argument, arguments in settings(name):
            ours = outcome(tinygrad_adam, name, arguments)
            theirs = outcome(pytorch, name, arguments)
            if not isinstance(ours, Exception) and not ours == theirs:
                failures.append(f'{name}(**{arguments}): {ours} instead of {theirs!r}')
    return failures
