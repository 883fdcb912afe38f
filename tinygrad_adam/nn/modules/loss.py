"""The classes of torch.nn.modules.loss."""
from ..loss import *  # noqa: F401,F403
from ..loss import _Loss as _Loss  # noqa: F401
from ..loss import _WeightedLoss as _WeightedLoss  # noqa: F401
