"""The classes of torch.nn.modules.activation."""
from ..activation import *  # noqa: F401,F403
from ..attention import MultiheadAttention as MultiheadAttention  # noqa: F401
from ..piecewise_activation import *  # noqa: F401,F403
from ..smooth_activation import *  # noqa: F401,F403
