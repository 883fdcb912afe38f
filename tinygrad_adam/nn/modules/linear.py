"""The classes of torch.nn.modules.linear."""
from ..linear import *  # noqa: F401,F403
