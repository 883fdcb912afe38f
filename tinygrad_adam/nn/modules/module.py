"""The classes of torch.nn.modules.module."""
from ..module import Module as Module  # noqa: F401
