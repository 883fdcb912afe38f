"""The classes of torch.nn.modules.instancenorm."""
from ..instancenorm import *  # noqa: F401,F403
