"""Changes in place: new values in the same memory, and what the graph must know about them.

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
from .graph import Output, Storage, TensorBase, clock, modes, storage_of
from .hooks import computed_by, retained
from .promotion import RANKS


# Operations whose rules read the result, unlike PyTorch's: there, it may be changed.
PRIVATE: set[str] = {'max_pool', 'recurrent_states'}


class InPlace(TensorBase):
    """A tensor that can be changed in place; _functions/inplace.py has the operations."""

    __slots__ = ()

    def _change(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Replace the values by those of function(self, *args, **options); returns self."""
        if self._overlaps():
            raise errors.written_into_expanded(self)
        storage, base = storage_of(self), self._base
        if modes.recording and base is not None and base._requires_grad:
            if not self._requires_grad and storage.recorded <= self._seen:
                raise errors.view_without_graph()
            if self._is_one_of_several:
                raise errors.one_view_of_several()
        if (args and isinstance(args[0], TensorBase) and args[0]._storage is storage
                and indexing.partly_overlap(*self._written_and_read(function, args))):
            raise errors.written_and_read(self)
        if modes.recording and self._requires_grad and (
                storage.of_leaf or base is not None and base.grad_fn is None):
            raise errors.leaf_changed(self)
        for x in (self, base):
            if x is not None and x.grad_fn is not None and x.grad_fn.plan.operation in PRIVATE:
                keep_result(x.grad_fn)
        old = self
        if modes.recording and any(isinstance(x, TensorBase) and x._requires_grad
                                   for x in (self, *args, *options.values())):
            for x in (self,) if base is None else (base, self):
                if storage.recorded > x._seen:
                    x._catch_up()
            node = self.grad_fn
            if base is not None and getattr(node, '_hooks', ()):     # they belong to the old values
                node = indexing.getitem(base, self._index_in(base)).grad_fn
            old = self._kind._of(self._array.copy('K'), self._requires_grad, node)
        new = function(old, *args, **options)
        if new._array.shape != self._array.shape:
            raise errors.shape_changed(self, new)
        if RANKS[new._array.dtype.kind] > RANKS[self._array.dtype.kind]:
            raise errors.cannot_cast(self, new)
        self._array[...] = new._array
        storage.version = next(clock)
        if new._requires_grad:
            if new.grad_fn is not old.grad_fn:
                self._save_as_result(new)
            computed_by(self, new.grad_fn)
            storage.recorded = self._seen = storage.version
            if base is not None:
                base._renew(self)
                self._seen = -1    # from now on it is a view of the renewed base
                if retained(self):
                    self._catch_up()
        return self

    def _change_shape(self, function: Callable[..., Any], *args: Any) -> Any:
        """Become the view function(self, *args) of the same memory; returns self."""
        storage = storage_of(self)
        if self._requires_grad and storage.of_leaf and modes.recording:
            raise errors.leaf_changed(self)
        if self._requires_grad or storage.recorded >= 0 or (
                self._base is not None and self._base._requires_grad):
            raise errors.shape_in_graph(self, function.__name__)
        self._array = function(self, *args)._array
        storage.version, storage.ordered = next(clock), True
        return self

    def _save_as_result(self, new: Any) -> None:
        """Let the rule of the operation that computed `new` read these values, copied from it."""
        storage, saved = storage_of(self), new.grad_fn.saved
        if new._array.dtype != self._array.dtype or any(
                isinstance(value, TensorBase) and value._storage is storage for value in saved):
            return      # its own arguments are overwritten
        for value in saved:
            if isinstance(value, Output):
                value._array, value._storage = self._array, storage
        new.grad_fn.number = next(clock)    # what it saved is younger than the change

    def _written_and_read(self, function: Any, args: Any) -> Any:
        """The array that function writes to, and its first argument, in the shape it is read in."""
        if function is not indexing.setitem:
            return self._array, args[0]._array
        written, read = self._array[args[1]], args[0]._array
        while read.ndim > np.ndim(written) and len(read) == 1:
            read = read[0]
        try:
            return np.asarray(written), np.broadcast_to(read, np.shape(written))
        except ValueError:      # it does not fit, which function says better
            return np.zeros(0), read

    def _overlaps(self) -> bool:
        """Whether elements share a location in memory, as in expanded tensors and windows."""
        array, reach = self._array, self._array.itemsize
        if array.flags.c_contiguous or not array.size:
            return False
        for stride, n in sorted(zip(map(abs, array.strides), array.shape)):
            if n > 1 and stride < reach:
                return True
            reach += stride * (n - 1)
        return False

    def _in_order(self) -> np.ndarray:
        """The array, with PyTorch's memory layout, which users may see from now on.

        Results have the layout that is fastest, such as those of convolutions. When another tensor
        or NumPy is to share one, its elements are put in order; but not those of an elementwise
        function of a transposed tensor, which keeps its layout in PyTorch, too (`_keep_order`).
        """
        if not self._array.flags.c_contiguous and not storage_of(self).ordered:
            self._array = np.ascontiguousarray(self._array)
        return self._array

    def _keep_order(self, args):
        """Note that these are arguments of an elementwise function, and this tensor its result."""
        for x in args:
            if (isinstance(x, TensorBase) and x._storage is not None and x._storage.ordered
                    and x._array.shape == self._array.shape and 0 not in x._array.strides
                    and not x._array.flags.c_contiguous):
                storage_of(self).ordered = True

    def _renew(self, view):
        """Take over the values that a view of this tensor was given in place."""
        old = self._kind._of(self._array, self._requires_grad, self.grad_fn)
        new = indexing.setitem(old, view, view._index_in(self))
        computed_by(self, new.grad_fn)
        self._seen = self._storage.recorded

    def _catch_up(self):
        """Take this view again from its base, which was changed in place."""
        base = self._base
        if self._is_one_of_several and modes.recording and base is not None and base._requires_grad:
            raise errors.one_view_of_several()
        if base is not None:
            if base._storage.recorded > base._seen:
                base._catch_up()
            with enable_grad():
                new = indexing.getitem(base, self._index_in(base))
            computed_by(self, new.grad_fn, new._requires_grad)
        elif self._requires_grad:
            raise errors.overtaken()
        self._seen = self._storage.recorded     # detached: only the values are shared

    def _index_in(self, base):
        """The index of this view in its base: an array of coordinates for each dimension."""
        if not base._array.ndim:
            return (None,) * self._array.ndim
        of_base, own = addresses(base._array), addresses(self._array)
        order = np.argsort(of_base, axis=None)
        positions = order[np.searchsorted(of_base.ravel()[order], own)]
        return np.unravel_index(positions, of_base.shape)


def keep_result(node: Any) -> None:
    """Give a node its own copy of the result that it saved, which is about to change.

    node  a node, freed or not
    """
    for value in node.saved or ():
        if isinstance(value, Output):
            value._array, value._storage = value._array.copy('K'), Storage()


def addresses(array: np.ndarray) -> np.ndarray:
    """The address of each element of an array, in an array of the same shape.

    array  any array
    """
    offsets = [np.arange(n) * stride for n, stride in zip(array.shape, array.strides)]
    return array.ctypes.data + sum(np.ix_(*offsets), np.zeros(array.shape, np.int64))
