"""Names of PyTorch that are not here."""
from __future__ import annotations

from typing import Any, Callable


def refusal(module: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module, which Python calls for names that the module does not have.

    module  its name
    """
    def missing(name: str) -> Any:
        raise AttributeError(
            f'module {module!r} has no attribute {name!r}: it is not implemented here, or PyTorch '
            f'does not have it either. dir({module}) lists what there is.')

    return missing
