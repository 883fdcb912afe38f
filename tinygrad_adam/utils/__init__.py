"""Helpers around training: `data` holds data sets, and the loader that makes batches of them."""
import sys as _sys

from .._missing import names_of as _names_of
from .._missing import refusal as _refusal
from . import data as data

__all__ = ['data']

for _module in (_sys.modules[__name__], data):
    setattr(_module, '__getattr__', _refusal(_module.__name__))
    setattr(_module, '__dir__', _names_of(_module.__name__))
