"""Layers that learn nothing: activations, pooling, dropout, losses.

Each is one function of nn.functional with settings: a row of a table. There stand the formulas.

>>> from tinygrad_adam import nn, tensor
>>> nn.LeakyReLU(0.5), nn.LeakyReLU(0.5)(tensor([-1.0, 2.0]))
(LeakyReLU(negative_slope=0.5), tensor([-0.5000,  2.0000]))
"""

from __future__ import annotations

from inspect import Parameter, Signature

from ..tensor import Tensor
from . import functional as F
from .ctc import ctc_loss
from .module import Module


class Identity(Module):
    """Returns its input, whatever arguments it was made with: stands in for another layer."""

    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Unflatten(Module):
    """Splits dimension dim into several, of these sizes, one of which may be -1."""

    def __init__(self, dim: int, unflattened_size):
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        at, shape = self.dim % input.ndim, tuple(input.shape)
        return input.reshape(*shape[:at], *self.unflattened_size, *shape[at + 1:])

    def extra_repr(self):
        return f'dim={self.dim}, unflattened_size={self.unflattened_size}'


class FunctionLayer(Module):
    """Calls `function` with the settings, which are attributes, by name."""

    def __init__(self, *args, **kwargs):
        super().__init__()
        settings = self.__signature__.bind(*args, **kwargs)
        settings.apply_defaults()
        self._names = list(settings.arguments)
        for name, value in settings.arguments.items():
            setattr(self, name, value)

    def forward(self, *args, **kwargs):
        return self.function(*args, **kwargs, **{name: getattr(self, name) for name in self._names})

    def extra_repr(self):
        return ', '.join(f'{name}={getattr(self, name)!r}' for name in self._names
                         if name not in self.hidden and (name != 'inplace' or self.inplace))


class _Dropout(FunctionLayer):
    def forward(self, input):
        return self.function(input, self.p, self.training)

    def extra_repr(self):
        return f'p={self.p}, inplace={self.inplace}'


class _Pool(FunctionLayer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stride = self.kernel_size if self.stride is None else self.stride


class _Upsample(FunctionLayer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        factor = self.scale_factor
        self.scale_factor = (tuple(map(float, factor)) if isinstance(factor, tuple) else
                             float(factor) if factor else None)
        self.hidden = [*self.hidden, 'size' if self.scale_factor else 'scale_factor']


class _Loss(FunctionLayer):
    extra_repr = Module.extra_repr  # shows nothing

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if {getattr(self, name, None) for name in ('size_average', 'reduce')} != {None}:
            raise NotImplementedError('size_average and reduce are not built: PyTorch drops them. '
                                      "Write reduction='mean', 'sum' or 'none'")
        self._names = [name for name in self._names if name not in ('size_average', 'reduce')]
        for name in {'weight', 'pos_weight'}.intersection(self._names):
            self.register_buffer(name, vars(self).pop(name))


def layer(name, function, base=FunctionLayer, hidden='', **settings):
    """The class `name`: `settings` are its arguments with defaults, `hidden` those not in repr."""
    signature = Signature([Parameter(setting, Parameter.POSITIONAL_OR_KEYWORD, default=default)
                           for setting, default in settings.items()])
    doc = f'nn.functional.{function.__name__} as a layer: its arguments and formula stand there.'
    return type(name, (base,), {'__doc__': doc, '__module__': __name__, '__signature__': signature,
                                'function': staticmethod(function), 'hidden': hidden.split()})


REQUIRED = Parameter.empty


Flatten = layer('Flatten', Tensor.flatten, start_dim=1, end_dim=-1)
ReLU = layer('ReLU', F.relu, inplace=False)  # accepted, saves no memory here
LeakyReLU = layer('LeakyReLU', F.leaky_relu, negative_slope=0.01, inplace=False)
Tanh = layer('Tanh', F.tanh)
Sigmoid = layer('Sigmoid', F.sigmoid)
ELU = layer('ELU', F.elu, alpha=1.0, inplace=False)
SiLU = layer('SiLU', F.silu, inplace=False)
LogSigmoid = layer('LogSigmoid', F.logsigmoid)
GELU = layer('GELU', F.gelu, approximate='none')
Softplus = layer('Softplus', F.softplus, beta=1.0, threshold=20.0)
Softmax = layer('Softmax', F.softmax, dim=None)
LogSoftmax = layer('LogSoftmax', F.log_softmax, dim=None)
Dropout = layer('Dropout', F.dropout, _Dropout, p=0.5, inplace=False)

MaxPool2d = layer('MaxPool2d', F.max_pool2d, _Pool, 'return_indices', kernel_size=REQUIRED,
                  stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)
AvgPool2d = layer('AvgPool2d', F.avg_pool2d, _Pool, 'ceil_mode count_include_pad divisor_override',
                  kernel_size=REQUIRED, stride=None, padding=0, ceil_mode=False,
                  count_include_pad=True, divisor_override=None)
AdaptiveAvgPool2d = layer('AdaptiveAvgPool2d', F.adaptive_avg_pool2d, output_size=REQUIRED)
Upsample = layer('Upsample', F.interpolate, _Upsample, 'align_corners recompute_scale_factor',
                 size=None, scale_factor=None, mode='nearest', align_corners=None,
                 recompute_scale_factor=None)
CosineSimilarity = layer('CosineSimilarity', F.cosine_similarity, hidden='dim eps', dim=1, eps=1e-8)

old = {'size_average': None, 'reduce': None}
MSELoss = layer('MSELoss', F.mse_loss, _Loss, **old, reduction='mean')
L1Loss = layer('L1Loss', F.l1_loss, _Loss, **old, reduction='mean')
SmoothL1Loss = layer('SmoothL1Loss', F.smooth_l1_loss, _Loss, **old, reduction='mean', beta=1.0)
HuberLoss = layer('HuberLoss', F.huber_loss, _Loss, reduction='mean', delta=1.0)
KLDivLoss = layer('KLDivLoss', F.kl_div, _Loss, **old, reduction='mean', log_target=False)
CrossEntropyLoss = layer('CrossEntropyLoss', F.cross_entropy, _Loss, weight=None, size_average=None,
                         ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0)
NLLLoss = layer('NLLLoss', F.nll_loss, _Loss, weight=None, size_average=None, ignore_index=-100,
                reduce=None, reduction='mean')
BCELoss = layer('BCELoss', F.binary_cross_entropy, _Loss, weight=None, **old, reduction='mean')
BCEWithLogitsLoss = layer('BCEWithLogitsLoss', F.binary_cross_entropy_with_logits, _Loss,
                          weight=None, **old, reduction='mean', pos_weight=None)
CTCLoss = layer('CTCLoss', ctc_loss, _Loss, blank=0, reduction='mean', zero_infinity=False)
