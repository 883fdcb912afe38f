"""The classes of torch.nn.modules.batchnorm."""
from ..batchnorm import *  # noqa: F401,F403
from ..batchnorm import _BatchNorm as _BatchNorm  # noqa: F401
from ..lazy import (  # noqa: F401
    LazyBatchNorm1d as LazyBatchNorm1d, LazyBatchNorm2d as LazyBatchNorm2d)
