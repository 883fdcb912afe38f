"""factory_kwargs: what a layer of a program's own passes on to the functions that make tensors.

>>> from tinygrad_adam import float64, nn
>>> nn.factory_kwargs({'dtype': float64})
{'dtype': torch.float64}
"""
from __future__ import annotations

from typing import Any

from . import _errors as errors

NAMES = 'device', 'dtype', 'memory_format'


def factory_kwargs(kwargs: dict[str, Any] | None) -> dict[str, Any]:
    """The arguments of functions that make tensors, from the keyword arguments of a layer.

    kwargs  device, dtype and memory_format, each of which may also stand in a dictionary under
            'factory_kwargs', where a layer uses its name for something else; None: none

    Raises TypeError for other names, and for one that is given twice.
    """
    if kwargs is None:
        return {}
    unexpected = {*kwargs} - {*NAMES, 'factory_kwargs'}
    if unexpected:
        raise errors.unexpected_factory_kwargs(unexpected)
    found = dict(kwargs.get('factory_kwargs', {}))
    for name in NAMES:
        if name in kwargs:
            if name in found:
                raise errors.given_twice(name)
            found[name] = kwargs[name]
    return found
