"""The classes of torch.nn.modules.linear."""
from ..linear import *  # noqa: F401,F403
from ..bilinear import Bilinear as Bilinear  # noqa: F401
from ..lazy import LazyLinear as LazyLinear  # noqa: F401
