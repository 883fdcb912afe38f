"""Sizes given as one number or several, and the names in a state that another program saved.

>>> from tinygrad_adam.nn.modules.utils import _pair
>>> _pair(3), _pair((1, 2))
((3, 3), (1, 2))
"""
from __future__ import annotations

from typing import Any, Callable, Iterable, Sequence


def _ntuple(n: int, name: str = 'parse') -> Callable[[Any], tuple[Any, ...]]:
    """A function that makes a tuple of what is iterable, and repeats n times what is not."""
    def parse(x: Any) -> tuple[Any, ...]:
        return tuple(x) if isinstance(x, Iterable) else (x,) * n

    parse.__name__ = name
    return parse


_single = _ntuple(1, '_single')
_pair = _ntuple(2, '_pair')
_triple = _ntuple(3, '_triple')
_quadruple = _ntuple(4, '_quadruple')


def _reverse_repeat_tuple(t: Sequence[Any], n: int) -> tuple[Any, ...]:
    """The elements of t from the last to the first, each n times: nn.functional.pad starts with the
    last dimension."""
    return tuple(x for x in reversed(t) for _ in range(n))


def consume_prefix_in_state_dict_if_present(state_dict: dict[str, Any], prefix: str) -> None:
    """Take a prefix off the names in a state, in place.

    state_dict  what state_dict() of a model returned, which DistributedDataParallel wrapped
    prefix      what its names start with: 'module.'
    """
    metadata = getattr(state_dict, '_metadata', {})
    for names in (state_dict, metadata):
        for name in [*names]:
            if name.startswith(prefix):
                names[name[len(prefix):]] = names.pop(name)
    if prefix.replace('.', '') in metadata:
        metadata[''] = metadata.pop(prefix.replace('.', ''))
