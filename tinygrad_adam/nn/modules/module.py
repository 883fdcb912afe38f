"""The classes of torch.nn.modules.module."""
from typing import Any, Callable

from ..._missing import refusal
from ..module import Module as Module  # noqa: F401

__getattr__: Callable[[str], Any] = refusal(__name__)
