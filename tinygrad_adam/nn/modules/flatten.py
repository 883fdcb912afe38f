"""The classes of torch.nn.modules.flatten."""
from ..flatten import *  # noqa: F401,F403
from ..linear import Flatten as Flatten  # noqa: F401
