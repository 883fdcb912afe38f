"""The table: what each primitive computes, and its derivatives. Read ten rows of `pointwise.py`."""
from . import indexing, linalg, pointwise, reductions, shapes, sorting

__all__ = ['indexing', 'linalg', 'pointwise', 'reductions', 'shapes', 'sorting']
