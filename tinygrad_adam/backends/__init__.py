"""Which libraries compute: NumPy alone, so programs that ask for another one are told that it is
absent, and their settings for it are kept and change nothing.

https://pytorch.org/docs/stable/backends.html
"""
import sys as _sys

from .._missing import complete as _complete
from . import cuda as cuda
from . import cudnn as cudnn
from . import mkldnn as mkldnn
from . import mps as mps

__all__ = ['cuda', 'cudnn', 'mkldnn', 'mps']

_complete(_sys.modules[__name__], cuda, cudnn, mkldnn, mps)
