"""Which version this is, and of what it was not built with."""
from __future__ import annotations

from . import __version__

__all__ = ['__version__', 'cuda', 'hip']

cuda: str | None = None     # the version of CUDA, of which nothing is here
hip: str | None = None      # the version of ROCm, of which nothing is here
