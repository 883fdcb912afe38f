"""Helpers around training: `data` holds data sets, and the loader that makes batches of them."""
import sys as _sys
from typing import TYPE_CHECKING

from .._missing import complete as _complete
from . import data as data

if TYPE_CHECKING:      # imported on first use: see _missing.py
    from . import checkpoint as checkpoint

__all__ = ['data']

_complete(_sys.modules[__name__], data)
