"""The table: what each primitive computes, and its derivatives. Ten rows of `pointwise.py` tell all."""
from . import linalg, pointwise, reductions, shapes

__all__ = ['linalg', 'pointwise', 'reductions', 'shapes']
