"""The classes of torch.nn.modules.instancenorm."""
from ..instancenorm import *  # noqa: F401,F403
from ..lazy import LazyInstanceNorm1d as LazyInstanceNorm1d  # noqa: F401
from ..lazy import LazyInstanceNorm2d as LazyInstanceNorm2d  # noqa: F401
