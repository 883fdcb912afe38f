"""Helpers around training; `data` holds data sets and the loader that makes batches of them."""
from . import data

__all__ = ['data']
