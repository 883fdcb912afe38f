"""Functions of torch.functional, all of which are also directly in torch."""
from typing import Any, Callable

from ._functions.creation import meshgrid
from ._functions.indexing import split
from ._functions.products import einsum
from ._functions.reductions import norm
from ._functions.shapes import broadcast_tensors
from ._functions.sorting import unique
from ._missing import refusal

__all__ = ['broadcast_tensors', 'einsum', 'meshgrid', 'norm', 'split', 'unique']

__getattr__: Callable[[str], Any] = refusal(__name__)
