"""Helpers around training: `data` holds data sets, and the loader that makes batches of them."""
import sys as _sys

from .._missing import complete as _complete
from . import data as data

__all__ = ['data']

_complete(_sys.modules[__name__], data)
