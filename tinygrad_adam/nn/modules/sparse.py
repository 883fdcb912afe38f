"""The classes of torch.nn.modules.sparse."""
from ..sparse import *  # noqa: F401,F403
