"""Tensor: an array that remembers how it was computed, with the manners of torch.Tensor.

What it can do is in `ops`; here operators and methods get their names. What changes a tensor in
place, and so has to tell the graph, goes through `_change`.
https://pytorch.org/docs/stable/tensors.html
"""
from __future__ import annotations

import warnings
import weakref

import numpy as np

from . import printing
from .autograd import RemovableHandle, TensorBase, backward, engine
from .inplace import InPlace, in_place
from .ops import indexing, linalg, network, pointwise, reductions, shapes, sorting
from .types import DTYPES, Size, bool_, device, float32, float64, int32, int64, numpy_dtype


class Tensor(InPlace):
    """An n-dimensional array that can be differentiated. Make one with `tensor`, `zeros`, ..."""

    __array_ufunc__ = None    # so that `array * tensor` asks the tensor
    __slots__ = ()

    def __new__(cls, *data):
        if len(data) == 1 and not isinstance(data[0], int):
            return cls._of(np.array(getattr(data[0], '_array', data[0]), np.float32))
        return cls._of(np.empty(data or (0,), np.float32))

    # Arithmetic and comparison.

    __add__ = __radd__ = pointwise.plus
    __mul__ = __rmul__ = pointwise.mul
    __sub__, __truediv__, __pow__ = pointwise.sub, pointwise.quotient, pointwise.pow
    __floordiv__, __mod__, __matmul__ = pointwise.floor_divide, pointwise.remainder, linalg.matmul
    __and__ = __rand__ = pointwise.bitwise_and
    __or__ = __ror__ = pointwise.bitwise_or
    __xor__ = __rxor__ = pointwise.bitwise_xor
    __getitem__ = indexing.index
    __neg__, __invert__, __abs__ = pointwise.neg, pointwise.bitwise_not, pointwise.abs
    __lt__, __le__, __gt__, __ge__ = pointwise.lt, pointwise.le, pointwise.gt, pointwise.ge
    __hash__ = object.__hash__

    def __eq__(self, other):
        return False if other is None else pointwise.eq(self, other)

    def __ne__(self, other):
        return True if other is None else pointwise.ne(self, other)

    def __pos__(self):
        return self

    def __rsub__(self, other):
        return pointwise.sub(other, self)

    def __rtruediv__(self, other):
        return pointwise.quotient(other, self)

    def __rpow__(self, other):
        return pointwise.pow(other, self)

    def __rmatmul__(self, other):
        return linalg.matmul(other, self)

    def __rmod__(self, other):
        return pointwise.remainder(other, self)

    def __rfloordiv__(self, other):
        return pointwise.floor_divide(other, self)

    def where(self, condition, other):
        return pointwise.where(condition, self, other)

    def reshape_as(self, other):
        return shapes.reshape(self, tuple(other.shape))

    def view_as(self, other):
        return shapes.view(self, tuple(other.shape))

    # What it is.

    shape = property(lambda self: Size(self._array.shape))
    ndim = property(lambda self: self._array.ndim)
    dtype = property(lambda self: DTYPES[self._array.dtype])
    device = property(lambda self: device())
    T = property(lambda self: shapes.permute(self, tuple(range(self.ndim))[::-1]))
    is_leaf = property(lambda self: self.grad_fn is None)
    itemsize = property(lambda self: self._array.itemsize)
    is_cuda = False

    @property
    def mT(self):
        """The matrices in the last two dimensions, transposed."""
        if self.ndim < 2:
            raise RuntimeError('tensor.mT is only supported on matrices or batches of matrices. '
                               f'Got shape {self._array.shape}: no rows and columns. Use '
                               'unsqueeze().')
        return shapes.swap(self, -1, -2)

    def size(self, dim=None):
        """The shape, or one of its sizes."""
        return self.shape if dim is None else self.shape[shapes.axis_of(dim, self.ndim)]

    def dim(self) -> int:
        return self._array.ndim

    def numel(self) -> int:
        return self._array.size

    def element_size(self) -> int:
        return self._array.itemsize

    def is_floating_point(self) -> bool:
        return self._array.dtype.kind == 'f'

    def is_contiguous(self) -> bool:
        return self._array.flags.c_contiguous

    def stride(self, dim=None):
        strides = tuple(n // self._array.itemsize for n in self._array.strides)
        return strides if dim is None else strides[dim]

    def data_ptr(self) -> int:
        return self._array.ctypes.data

    def __len__(self):
        if not self.ndim:
            raise TypeError('len() of a 0-d tensor: it is one number. Use numel().')
        return self._array.shape[0]

    def __iter__(self):
        if not self.ndim:
            raise TypeError('iteration over a 0-d tensor: it is one number. Use item().')
        return iter(indexing.unbind(self))

    def __contains__(self, element):
        return bool((self == element).any())

    def __repr__(self):
        return printing.text(self)

    def __format__(self, spec):
        return format(self.item() if spec and self.numel() == 1 else str(self), spec)

    # As Python numbers and arrays.

    def item(self):
        """The value of a tensor with one element, as a Python number."""
        if self._array.size != 1:
            raise RuntimeError(f'a Tensor with {self._array.size} elements cannot be converted to '
                               'Scalar: only one number is a number. Reduce or index it first.')
        return self._array.item()

    def __bool__(self):
        if self._array.size != 1:
            raise RuntimeError(f'Boolean value of Tensor with {self._array.size} values is '
                               'ambiguous: it is neither true nor false. Use .any() or .all(), or '
                               '`is None` to ask whether there is one.')
        return bool(self._array.item())

    def __float__(self):
        return float(self._only())

    def __int__(self):
        return int(self._only())

    def _only(self):
        if self._array.size != 1:
            raise ValueError('only one element tensors can be converted to Python scalars, not one '
                             f'of {self._array.size} elements. Reduce or index it first.')
        return self._array.item()

    def __index__(self):
        if self._array.dtype.kind not in 'iu':
            raise TypeError('only integer tensors of a single element can be converted to an '
                            f'index, not {self.dtype}. Use int(x).')
        return self.item()

    def tolist(self):
        return self._array.tolist()

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The array itself: what changes it changes the tensor."""
        if self._requires_grad and not force:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad: what NumPy does "
                               "is "
                               'not recorded. Use tensor.detach().numpy() instead.')
        return self._array

    def __array__(self, dtype=None, copy=None):
        array = self.numpy()
        return np.array(array, dtype) if copy or dtype not in (None, array.dtype) else array

    # Copies and conversions.

    def clone(self):
        """A copy; gradients flow through it."""
        return engine.clone(self)

    def detach(self):
        """The same values without the graph; shares memory."""
        new = Tensor._of(self._array)
        new._memory, new._seen = engine.memory_of(self), next(engine.clock)
        new._memory.shared = True
        return new

    @property
    def data(self):
        """As detach(), but backward() does not notice what is done to it in place."""
        engine.memory_of(self).shared = True
        return Tensor._of(self._array)

    @data.setter
    def data(self, new):
        self._array = new._array

    def to(self, *args, dtype=None, device=None, copy=False, non_blocking=False):
        """Another dtype: to(torch.float64), to(other); devices other than 'cpu' are refused."""
        for arg in args:
            if isinstance(arg, TensorBase):
                dtype = arg.dtype
            elif isinstance(arg, (str, type(self.device))):
                device = arg
            elif not isinstance(arg, bool):
                dtype = arg
        self.device if device is None else type(self.device)(device)
        wanted = self._array.dtype if dtype is None else numpy_dtype(dtype)
        if wanted == self._array.dtype:
            return self.clone() if copy else self
        return engine.cast(self, dtype=wanted)

    def detach_(self):
        """Forget how this tensor was computed; returns self."""
        self.grad_fn, self._requires_grad = None, False
        return self

    def type_as(self, other):
        return self.to(other.dtype)

    def type(self, dtype=None):
        names = {'float32': 'Float', 'float64': 'Double', 'int64': 'Long', 'bool': 'Bool'}
        if dtype is None:
            return f'torch.{names.get(self.dtype.name, self.dtype.name)}Tensor'
        return self.to(dtype)

    def float(self):
        return self.to(float32)

    def double(self):
        return self.to(float64)

    def long(self):
        return self.to(int64)

    def int(self):
        return self.to(int32)

    def bool(self):
        return self.to(bool_)

    def cpu(self):
        return self

    def new_zeros(self, *size):
        return Tensor._of(np.zeros(shapes.unpacked(size[0], size[1:]), self._array.dtype))

    def new_ones(self, *size):
        return Tensor._of(np.ones(shapes.unpacked(size[0], size[1:]), self._array.dtype))

    def new_full(self, size, fill_value):
        return Tensor._of(np.full(tuple(size), fill_value, self._array.dtype))

    def new_tensor(self, data):
        return Tensor._of(np.array(data, self._array.dtype))

    def __deepcopy__(self, memo):
        if self.grad_fn is not None:
            raise RuntimeError('Only Tensors created explicitly by the user support the deepcopy '
                               'protocol: a graph cannot be copied. Use detach().clone().')
        new = memo[id(self)] = type(self)._of(np.array(self._array, order='K'))
        new.requires_grad = self._requires_grad
        new._grad = None if self._grad is None else self._grad.detach().clone()
        return new

    def __reduce__(self):
        raise NotImplementedError('tensors are not pickled: a pickle can run any code when it is '
                                  'loaded. Use torch.save(tensor, file) and torch.load(file).')

    # Gradients.

    def backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
        """Add to the `grad` of every leaf the derivative of this tensor in it.

        https://pytorch.org/docs/stable/generated/torch.Tensor.backward.html
        """
        backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    @property
    def requires_grad(self):
        """Whether operations on this tensor are remembered, to be differentiated."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted):
        if self.grad_fn is not None and not wanted:
            raise RuntimeError('you can only change requires_grad flags of leaf variables: this '
                               f'one was computed by {self.grad_fn}. Use detach() for a tensor '
                               'that '
                               "doesn't require differentiation.")
        if wanted and self._array.dtype.kind != 'f':
            raise RuntimeError('only Tensors of floating point dtype can require gradients: a '
                               f'function of {self.dtype} has no slope. Use float() first.')
        self._requires_grad = bool(wanted)
        if self.grad_fn is None:
            engine.memory_of(self).of_leaf = bool(wanted)

    def requires_grad_(self, requires_grad: bool = True):
        """Set `requires_grad`; returns self."""
        self.requires_grad = requires_grad
        return self

    @property
    def grad(self):
        """The gradient that backward() added up here, or None."""
        if self._grad is None and self.grad_fn is not None and not self.retains_grad:
            warnings.warn('The .grad attribute of a Tensor that is not a leaf Tensor is being '
                          'accessed. It stays None: gradients are kept at leaves. Call '
                          'retain_grad() before '
                          'backward() to keep it here too.', stacklevel=2)
        return self._grad

    @grad.setter
    def grad(self, new):
        if new is not None:
            if not isinstance(new, TensorBase):
                raise TypeError(f'assigned grad expected to be a Tensor or None but got grad of '
                                f'type {type(new).__name__}. Use torch.tensor().')
            if new.shape != self.shape or new.dtype != self.dtype:
                raise RuntimeError('assigned grad has data of a different size or type: '
                                   f'{new.dtype} {tuple(new.shape)} for {self.dtype} '
                                   f'{tuple(self.shape)}. Each '
                                   'element needs its own.')
        self._grad = new

    def retain_grad(self):
        """Keep the gradient of this tensor in `grad` though it is not a leaf."""
        if not self._requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False: there "
                               "will "
                               'be no gradient. Set requires_grad=True where it comes from.')
        if self.grad_fn is not None and not self.retains_grad:
            self.grad_fn.retained = (*self.grad_fn.retained, weakref.ref(self))

    @property
    def retains_grad(self):
        """Whether retain_grad() was called on this tensor, which is not a leaf."""
        return any(reference() is self for reference in getattr(self.grad_fn, 'retained', ()))

    def register_hook(self, hook):
        """Call hook(gradient) when the gradient in this tensor is known; it may return another.

        Returns a handle whose remove() takes the hook out.
        """
        if not self._requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient: "
                               "it "
                               'would never be called. Set requires_grad=True first.')

        def in_either_currency(g):
            wrapped = g if isinstance(g, TensorBase) else Tensor._of(g)
            new = hook(wrapped)
            return g if new is None else new if isinstance(g, TensorBase) else new._array

        return RemovableHandle(self.grad_fn or self, in_either_currency)


METHODS = {
    pointwise: """
        add sub mul div neg pow maximum minimum logaddexp eq ne lt le gt ge floor_divide remainder
        abs sign exp expm1 log log1p log2 sqrt rsqrt square reciprocal sin cos tan atan sinh cosh
        tanh sigmoid relu clamp lerp floor ceil round trunc isclose isnan isinf isfinite
        logical_and logical_or logical_xor logical_not""",
    reductions: """
        sum mean prod var std max min amax amin argmax argmin all any logsumexp cumsum norm""",
    shapes: """
        reshape view flatten squeeze unsqueeze transpose permute t expand expand_as repeat flip roll
        contiguous""",
    indexing: """
        split chunk unbind narrow index_select gather scatter_add masked_fill tril triu diagonal""",
    network: """
        softmax log_softmax""",
    sorting: """
        sort argsort topk nonzero unique bincount count_nonzero""",
    linalg: """
        matmul mm bmm mv dot outer"""}
IN_PLACE = """
    add sub mul div pow neg abs exp log sqrt rsqrt reciprocal tanh sigmoid relu clamp floor round
    masked_fill scatter_add""".split()


for module, names in METHODS.items():
    for name in names.split():
        setattr(Tensor, name, getattr(module, name))
        if name in IN_PLACE:
            setattr(Tensor, f'{name}_', in_place(getattr(module, name)))
for name in 'add sub mul truediv pow floordiv mod and or xor'.split():
    setattr(Tensor, f'__i{name}__', in_place(getattr(Tensor, f'__{name}__')))
Tensor.clip, Tensor.clip_, Tensor.swapaxes = Tensor.clamp, Tensor.clamp_, Tensor.transpose
Tensor.result = Tensor
