"""The exercises, one a file: `EXERCISES` by their numbers."""
from __future__ import annotations

import importlib
import pkgutil

from ..exercise import Exercise

_pages = [importlib.import_module(f'{__name__}.{page.name}').exercise
          for page in pkgutil.iter_modules(__path__)]
EXERCISES: dict[int, Exercise] = {
    page.number: page for page in sorted(_pages, key=lambda page: page.number)}
