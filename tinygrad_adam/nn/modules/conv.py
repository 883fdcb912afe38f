"""The classes of torch.nn.modules.conv."""
from ..conv import *  # noqa: F401,F403
from ..conv import _ConvNd as _ConvNd  # noqa: F401
from ..lazy import LazyConv1d as LazyConv1d, LazyConv2d as LazyConv2d  # noqa: F401
from ..lazy import LazyConvTranspose1d as LazyConvTranspose1d  # noqa: F401
from ..lazy import LazyConvTranspose2d as LazyConvTranspose2d  # noqa: F401
