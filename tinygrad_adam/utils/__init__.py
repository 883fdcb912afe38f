"""Helpers around training: `data` holds data sets, and the loader that makes batches of them."""
from . import data as data

__all__ = ['data']
