"""The classes of torch.nn.modules.container."""
from ..container import *  # noqa: F401,F403
from ..module import Sequential as Sequential  # noqa: F401
