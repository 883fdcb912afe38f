"""Which libraries compute: NumPy alone, so programs that ask for another one are told that it is
absent, and their settings for it are kept and change nothing.

https://pytorch.org/docs/stable/backends.html
"""
import sys as _sys

from .._missing import refusal as _refusal
from . import cuda as cuda
from . import cudnn as cudnn
from . import mkldnn as mkldnn
from . import mps as mps

__all__ = ['cuda', 'cudnn', 'mkldnn', 'mps']

for _module in (_sys.modules[__name__], cuda, cudnn, mkldnn, mps):
    setattr(_module, '__getattr__', _refusal(_module.__name__))
