"""The classes of torch.nn.modules.batchnorm."""
from ..batchnorm import *  # noqa: F401,F403
from ..batchnorm import _BatchNorm as _BatchNorm  # noqa: F401
