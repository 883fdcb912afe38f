"""The table: what each primitive computes, and its derivatives. Read ten rows of `pointwise.py`."""
from . import linalg, pointwise, reductions, shapes

__all__ = ['linalg', 'pointwise', 'reductions', 'shapes']
