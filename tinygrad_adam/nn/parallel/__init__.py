"""Models that are trained by several processes, with the names of torch.nn.parallel."""
from typing import Any, Callable

from ..._missing import refusal
from . import distributed as distributed
from .data_parallel import DataParallel
from .distributed import DistributedDataParallel

__all__ = ['DataParallel', 'DistributedDataParallel', 'distributed']

__getattr__: Callable[[str], Any] = refusal(__name__)
