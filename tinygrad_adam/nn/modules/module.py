"""The classes of torch.nn.modules.module."""
from ..module import Module as Module  # noqa: F401
from ..._missing import refusal

__getattr__ = refusal(__name__)
