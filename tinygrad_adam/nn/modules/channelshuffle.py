"""The classes of torch.nn.modules.channelshuffle."""
from ..channelshuffle import *  # noqa: F401,F403
