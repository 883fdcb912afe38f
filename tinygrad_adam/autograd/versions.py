"""Changes in place: new values in the same memory, and what the graph has to know of them.

A value that a rule reads must not change before backward(). So each change raises the version of
the storage, and a walk that finds a version younger than the node refuses (`Node.recall`). A
change of a tensor in a graph is itself an operation: the new values are computed apart and copied
over the old ones, and the tensor takes over the node of that operation.

Views share memory, so a change of one concerns the others. A changed view tells the tensor that it
is a view of (`_renew`); the other views are taken from that tensor again when they are next used
(`_catch_up`).
"""
from __future__ import annotations

from typing import Any, Callable

import numpy as np

from ..ops import indexing
from . import _errors as errors
from .grad_mode import enable_grad
from .graph import TensorBase, clock, modes, storage_of
from .hooks import computed_by, retained


class InPlace(TensorBase):
    """A tensor that can be changed in place; _functions/inplace.py has the operations."""

    __slots__ = ()

    def _change(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Replace the values by those of function(self, *args, **options); returns self."""
        storage = storage_of(self)
        if modes.recording and self._requires_grad and storage.of_leaf:
            raise errors.leaf_changed(self)
        old = self
        if modes.recording and any(isinstance(x, TensorBase) and x._requires_grad
                                   for x in (self, *args, *options.values())):
            for x in (self,) if self._base is None else (self._base, self):
                if storage.recorded > x._seen:
                    x._catch_up()
            old = self.result._of(np.array(self._array), self._requires_grad, self.grad_fn)
        new = function(old, *args, **options)
        if new._array.shape != self._array.shape:
            raise errors.shape_changed(self, new)
        if not np.can_cast(new._array.dtype, self._array.dtype, 'same_kind'):
            raise errors.fractions_lost(self, new)
        self._array[...] = new._array
        storage.version = next(clock)
        if new._requires_grad:
            computed_by(self, new.grad_fn)
            storage.recorded = self._seen = storage.version
            if self._base is not None:
                self._base._renew(self)
                self._seen = -1    # from now on it is a view of the renewed base
                if retained(self):
                    self._catch_up()
        return self

    def _renew(self, view):
        """Take over what a view of this tensor was changed to in place."""
        old = self.result._of(self._array, self._requires_grad, self.grad_fn)
        new = indexing.setitem(old, view, view._index_in(self))
        computed_by(self, new.grad_fn)
        self._seen = self._storage.recorded

    def _catch_up(self):
        """Take this view again from its base, which was changed in place."""
        base = self._base
        if base is None or base._storage.recorded > base._seen:
            raise errors.overtaken()
        with enable_grad():
            new = indexing.getitem(base, self._index_in(base))
        computed_by(self, new.grad_fn, new._requires_grad)
        self._seen = self._storage.recorded

    def _index_in(self, base):
        """The index of this view in its base: an array of coordinates for each dimension."""
        of_base, own = addresses(base._array), addresses(self._array)
        order = np.argsort(of_base, axis=None)
        positions = order[np.searchsorted(of_base.ravel()[order], own)]
        return np.unravel_index(positions, of_base.shape)


def addresses(array: np.ndarray) -> np.ndarray:
    """Where in memory each element of an array is, in an array of the same shape.

    array  any array
    """
    offsets = [np.arange(n) * stride for n, stride in zip(array.shape, array.strides)]
    return array.ctypes.data + sum(np.ix_(*offsets), np.zeros(array.shape, np.int64))
