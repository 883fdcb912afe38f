"""Changes in place: new values in the same memory, and what the graph has to know of them.

What a rule has kept must not change before backward(): every change is dated, and a walk that
meets a later date refuses (autograd/engine.py). A change of a tensor in a graph is itself an
operation: it is computed aside, its values are copied over the old ones, and the tensor takes over
its node.

Views share memory, so a change of one concerns the others. A changed view tells the tensor it is
a view of (`_renew`); the other views, when next used, are taken anew from there (`_catch_up`).
"""
from __future__ import annotations

import numpy as np

from . import random
from .autograd import TensorBase, enable_grad, engine
from .autograd.manners import OVERTAKEN
from .ops import indexing


class InPlace(TensorBase):
    """The methods of Tensor that change it."""

    __slots__ = ()

    def _change(self, function, *args, **options):
        """Replace the values by function(self, ...), in the same memory; returns self."""
        memory = engine.memory_of(self)
        if engine.recording and self._requires_grad and memory.of_leaf:
            what = 'a leaf Variable' if self.grad_fn is None else 'a view of a leaf Variable'
            raise RuntimeError(f'{what} that requires grad is being used in an in-place operation: '
                               'its gradient would belong to a value that is gone. Do it in a '
                               'torch.no_grad() block, or make a new tensor: x = x + y.')
        traced = engine.recording and (self._requires_grad or any(
            isinstance(x, TensorBase) and x._requires_grad for x in args))
        old = self
        if traced:
            for x in (self,) if self._base is None else (self._base, self):
                if memory.recorded > x._seen:
                    x._catch_up()
            old = self.result._of(np.array(self._array), self._requires_grad, self.grad_fn)
        new = function(old, *args, **options)
        if new._array.shape != self._array.shape:
            raise RuntimeError(f'output with shape {self._array.shape} doesn\'t match the '
                                                                             'broadcast '
                               f'shape {new._array.shape}: memory cannot grow in place. Make a new '
                               'tensor: x = x + y.')
        if not np.can_cast(new._array.dtype, self._array.dtype, 'same_kind'):
            raise RuntimeError(f"result type {new.dtype} can't be cast to the desired output type "
                               f'{self.dtype}: fractions would be lost. Make a new tensor.')
        self._array[...] = new._array
        memory.changed = next(engine.clock)
        if new._requires_grad:
            self._requires_grad, self.grad_fn = True, new.grad_fn
            memory.recorded = self._seen = memory.changed
            if self._base is not None:
                self._base._renew(self)
        return self

    def _renew(self, view):
        """Remember that a view was changed in place: these elements are now the view's."""
        old = self.result._of(self._array, self._requires_grad, self.grad_fn)
        new = indexing.replaced(old, view, index=view._places_in(self))
        self._requires_grad, self.grad_fn = True, new.grad_fn
        self._seen = self._memory.recorded

    def _catch_up(self):
        """Learn of changes in place to the tensor this is a view of: take the view anew."""
        base = self._base
        if base is None or base._memory.recorded > base._seen:
            raise RuntimeError(OVERTAKEN)
        with enable_grad():
            new = indexing.getitem(base, index=self._places_in(base))
        self._requires_grad, self.grad_fn = new._requires_grad, new.grad_fn
        self._seen = self._memory.recorded

    def _places_in(self, base):
        """An index into the tensor this is a view of, that gives this one."""
        own, there = _addresses(base._array), _addresses(self._array)
        order = np.argsort(own, axis=None)
        places = order[np.searchsorted(own.ravel()[order], there)]
        return np.unravel_index(places, own.shape)

    def __setitem__(self, index, value):
        self._change(indexing.replaced, value, index=indexing.plain_index(index, self._array.shape))

    def copy_(self, src):
        """Take the values of src, which is broadcast and converted."""
        return self._change(indexing.replaced, src, index=(Ellipsis,))

    def fill_(self, value):
        """The same number everywhere."""
        return self.copy_(value)

    def zero_(self):
        """0 everywhere."""
        return self.copy_(0)

    def random_(self, low=0, high=None, *, generator=None):
        """Draw whole numbers equally likely from low (or 0) up to but without high."""
        low, high = (0, low) if high is None else (low, high)
        return self.copy_(random.source(generator).integers(low, high, self._array.shape))

    def bernoulli_(self, p=0.5, *, generator=None):
        """Draw 1 with probability p, else 0."""
        return self.copy_(random.uniform(self._array.shape, generator) < p)

    def normal_(self, mean=0, std=1, *, generator=None):
        """Draw normally distributed values."""
        draw = random.normal(self._array.shape, generator, self._array.dtype)
        return self.copy_(draw * std + mean)

    def uniform_(self, a=0, b=1, *, generator=None):
        """Draw values equally likely between a and b."""
        draw = random.uniform(self._array.shape, generator, self._array.dtype)
        return self.copy_(draw * (b - a) + a)


def _addresses(array):
    """Where in memory each element of an array is."""
    steps = [np.arange(n) * stride for n, stride in zip(array.shape, array.strides)]
    return array.ctypes.data + sum(np.ix_(*steps), np.zeros(array.shape, np.int64))


def in_place(function):
    def method(self, *args, **options):
        return self._change(function, *args, **options)
    method.__doc__ = f'{function.__name__}() in place.'
    return method
