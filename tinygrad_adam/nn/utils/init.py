"""Layers whose initial values are not drawn.

>>> from tinygrad_adam import nn
>>> nn.utils.skip_init(nn.Linear, 5, 1)
Linear(in_features=5, out_features=1, bias=True)
"""
from __future__ import annotations

import inspect
from typing import Any, Callable, TypeVar

from ...random import default_generator
from .. import _errors as errors
from ..module import Module

Layer = TypeVar('Layer', bound=Module)


def skip_init(module_cls: Callable[..., Layer], *args: Any, **kwargs: Any) -> Layer:
    """A layer whose numbers mean nothing yet, and are to be filled or loaded; no random numbers are
    used up.

    module_cls    the class of the layer, which takes a device
    args, kwargs  what it is made of

    Raises RuntimeError for what is no such class.
    """
    if not (inspect.isclass(module_cls) and issubclass(module_cls, Module)):
        raise errors.not_a_class_of_modules(module_cls)
    if 'device' not in inspect.signature(module_cls).parameters:
        raise errors.class_without_device(module_cls)
    before = default_generator.get_state()
    try:
        return module_cls(*args, **kwargs)
    finally:
        default_generator.set_state(before)
