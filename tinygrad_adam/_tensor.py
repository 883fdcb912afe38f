"""Tensor: the operators and methods of torch.Tensor, each a row or a function.

What the methods do is in `_functions`, under the same names; the operators are rows of `ops`.
https://pytorch.org/docs/stable/tensors.html
"""
from __future__ import annotations

import builtins
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Final, Iterator, Sequence, overload

import numpy as np

from . import _printing as printing
from ._functions import _tensor_errors as errors
from ._functions import counting, creation, dtypes, indexing, inplace, joining, linalg, pieces
from ._functions import pointwise
from ._functions import products, reductions, scattering, shapes, softmax, sorting, special
from ._functions import statistics
from ._functions._arguments import in_rows, tensor
from ._missing import STRIDED, NotBuilt
from .autograd import Node, RemovableHandle, TensorBase
from .autograd.graph import clock, storage_of
from .autograd.hooks import Accumulated, Retain, on_tensors, retained
from .autograd.several import Part
from .autograd.versions import InPlace
from .ops import pointwise as table
from .ops.shapes import axis_of
from .ops.sorting import floor_divide, remainder_of_number
from .types import CPU, DTYPES, TENSOR_TYPES, Size, bool_, float32, float64, int8, int16, int32
from .types import contiguous_format, default_dtype, int64, memory_format, numpy_dtype, on_cpu
from .types import preserve_format, uint8
from .types import device as Device
from .types import dtype as DType

Unary = Callable[['Tensor'], 'Tensor']
Binary = Callable[['Tensor', Any], 'Tensor']
REFLECTED: dict[Any, str] = {      # {what an operator of arrays is: that of a tensor on its right}
    np.add: '__radd__', np.subtract: '__rsub__', np.multiply: '__rmul__',
    np.divide: '__rtruediv__', np.floor_divide: '__rfloordiv__', np.remainder: '__rmod__',
    np.power: '__rpow__', np.matmul: '__rmatmul__', np.bitwise_and: '__rand__',
    np.bitwise_or: '__ror__', np.bitwise_xor: '__rxor__', np.equal: '__eq__',
    np.not_equal: '__ne__', np.less: '__gt__', np.less_equal: '__ge__', np.greater: '__lt__',
    np.greater_equal: '__le__'}
HALF = 'half precision is for GPUs, and NumPy has no fast one. Use float(), or leave it out.'


class Tensor(InPlace):
    """An array of numbers with operations that can be differentiated.

    data  nested lists or an array, which are copied in the default dtype; a tensor, whose memory is
          shared; or sizes one by one, for uninitialized values. Most programs should use
          torch.tensor().

    https://pytorch.org/docs/stable/tensors.html
    """

    __slots__ = ()

    grad_fn: Node | None      # the node that computed this tensor; None for a leaf

    def __new__(cls, *data: Any) -> Tensor:
        new = cls._of(creation.data_or_sizes(default_dtype(), data, any_tensor=True))
        if data and isinstance(data[0], Tensor):    # share its memory and its graph
            return data[0].view_as(data[0])
        return new

    # Operators.

    __add__: ClassVar[Binary] = table.add
    __radd__: ClassVar[Binary] = table.add
    __sub__: ClassVar[Binary] = pointwise.difference
    __mul__: ClassVar[Binary] = table.mul
    __rmul__: ClassVar[Binary] = table.mul
    __truediv__: ClassVar[Binary] = table.div
    __floordiv__: ClassVar[Binary] = floor_divide
    __mod__: ClassVar[Binary] = table.remainder
    __pow__: ClassVar[Binary] = pointwise.power
    __matmul__: ClassVar[Binary] = products.product
    __and__: ClassVar[Binary] = table.bitwise_and
    __rand__: ClassVar[Binary] = table.bitwise_and
    __or__: ClassVar[Binary] = table.bitwise_or
    __ror__: ClassVar[Binary] = table.bitwise_or
    __xor__: ClassVar[Binary] = table.bitwise_xor
    __rxor__: ClassVar[Binary] = table.bitwise_xor
    __lt__: ClassVar[Binary] = table.lt
    __le__: ClassVar[Binary] = table.le
    __gt__: ClassVar[Binary] = table.gt
    __ge__: ClassVar[Binary] = table.ge
    __neg__: ClassVar[Unary] = pointwise.neg
    __invert__: ClassVar[Unary] = pointwise.inverse
    __abs__: ClassVar[Unary] = pointwise.abs
    __getitem__: ClassVar[Binary] = indexing.index

    def __eq__(self, other: Any) -> Tensor:    # type: ignore[override]
        return False if other is None else table.eq(self, other)    # type: ignore[return-value]

    def __ne__(self, other: Any) -> Tensor:    # type: ignore[override]
        return True if other is None else table.ne(self, other)    # type: ignore[return-value]

    if TYPE_CHECKING:
        def __hash__(self) -> builtins.int: ...
    else:
        __hash__ = object.__hash__

    def __pos__(self) -> Tensor:
        if self._array.dtype.kind == 'b':
            raise errors.plus_of_bools()
        return self

    def __rsub__(self, other: Any) -> Tensor:
        return pointwise.difference(other, self)

    def __rtruediv__(self, other: Any) -> Tensor:
        return table.mul(table.reciprocal(self), other)    # rounded twice, as in PyTorch

    def __rfloordiv__(self, other: Any) -> Tensor:
        return floor_divide(other, self)

    def __rmod__(self, other: Any) -> Tensor:
        return remainder_of_number(other, self)

    def __rpow__(self, other: Any) -> Tensor:
        return pointwise.power(other, self)

    def __rmatmul__(self, other: Any) -> Tensor:
        return products.product(other, self)

    def __iadd__(self, other: Any) -> Tensor:
        return self._change(table.add, other)

    def __isub__(self, other: Any) -> Tensor:
        return self._change(pointwise.difference, other)

    def __imul__(self, other: Any) -> Tensor:
        return self._change(table.mul, other)

    def __itruediv__(self, other: Any) -> Tensor:
        return self._change(table.div, other)

    def __ifloordiv__(self, other: Any) -> Tensor:
        return self._change(floor_divide, other)

    def __imod__(self, other: Any) -> Tensor:
        return self._change(table.remainder, other)

    def __ipow__(self, other: Any) -> Tensor:
        return self._change(pointwise.power, other)

    def __iand__(self, other: Any) -> Tensor:
        return self._change(table.bitwise_and, other)

    def __ior__(self, other: Any) -> Tensor:
        return self._change(table.bitwise_or, other)

    def __ixor__(self, other: Any) -> Tensor:
        return self._change(table.bitwise_xor, other)

    __setitem__: ClassVar[Callable[[Tensor, Any, Any], None]] = inplace.put

    # Element by element: _functions/pointwise.py.

    add: Final = pointwise.add
    sub: Final = pointwise.sub
    mul: Final = pointwise.mul
    div: Final = pointwise.div
    floor_divide: Final = pointwise.floor_divide
    remainder: Final = pointwise.remainder
    pow: Final = pointwise.pow
    neg: Final = pointwise.neg
    abs: Final = pointwise.abs
    sign: Final = pointwise.sign
    square: Final = pointwise.square
    reciprocal: Final = pointwise.reciprocal
    lerp: Final = pointwise.lerp
    exp: Final = pointwise.exp
    expm1: Final = pointwise.expm1
    log: Final = pointwise.log
    log1p: Final = pointwise.log1p
    log2: Final = pointwise.log2
    logaddexp: Final = pointwise.logaddexp
    sqrt: Final = pointwise.sqrt
    rsqrt: Final = pointwise.rsqrt
    sin: Final = pointwise.sin
    cos: Final = pointwise.cos
    tan: Final = pointwise.tan
    atan: Final = pointwise.atan
    sinh: Final = pointwise.sinh
    cosh: Final = pointwise.cosh
    tanh: Final = pointwise.tanh
    sigmoid: Final = pointwise.sigmoid
    relu: Final = pointwise.relu
    floor: Final = pointwise.floor
    ceil: Final = pointwise.ceil
    round: Final = pointwise.round
    trunc: Final = pointwise.trunc
    clamp: Final = pointwise.clamp
    clip: Final = pointwise.clamp
    maximum: Final = pointwise.maximum
    minimum: Final = pointwise.minimum
    eq: Final = pointwise.eq
    ne: Final = pointwise.ne
    lt: Final = pointwise.lt
    le: Final = pointwise.le
    gt: Final = pointwise.gt
    ge: Final = pointwise.ge
    isclose: Final = pointwise.isclose
    isnan: Final = pointwise.isnan
    isinf: Final = pointwise.isinf
    isfinite: Final = pointwise.isfinite
    logical_and: Final = pointwise.logical_and
    logical_or: Final = pointwise.logical_or
    logical_xor: Final = pointwise.logical_xor
    logical_not: Final = pointwise.logical_not
    log10: Final = special.log10
    exp2: Final = special.exp2
    xlogy: Final = special.xlogy
    logaddexp2: Final = special.logaddexp2
    ldexp: Final = special.ldexp
    sinc: Final = special.sinc
    logit: Final = special.logit
    asin: Final = special.asin
    acos: Final = special.acos
    asinh: Final = special.asinh
    acosh: Final = special.acosh
    atanh: Final = special.atanh
    atan2: Final = special.atan2
    deg2rad: Final = special.deg2rad
    rad2deg: Final = special.rad2deg
    erf: Final = special.erf
    erfc: Final = special.erfc
    erfinv: Final = special.erfinv
    float_power: Final = special.float_power
    hypot: Final = special.hypot
    sgn: Final = special.sgn
    heaviside: Final = special.heaviside
    copysign: Final = special.copysign
    signbit: Final = special.signbit
    isposinf: Final = special.isposinf
    isneginf: Final = special.isneginf
    gcd: Final = special.gcd
    lcm: Final = special.lcm
    lgamma: Final = special.lgamma
    digamma: Final = special.digamma
    fmod: Final = special.fmod
    fmax: Final = special.fmax
    fmin: Final = special.fmin
    frac: Final = special.frac
    nan_to_num: Final = special.nan_to_num
    clamp_min: Final = special.clamp_min
    clamp_max: Final = special.clamp_max
    addcmul: Final = special.addcmul
    addcdiv: Final = special.addcdiv
    bitwise_and: Final = special.bitwise_and
    bitwise_or: Final = special.bitwise_or
    bitwise_xor: Final = special.bitwise_xor
    bitwise_not: Final = special.bitwise_not
    arcsin: Final = special.asin
    arccos: Final = special.acos
    arctan2: Final = special.atan2
    arccosh: Final = special.acosh
    arcsinh: Final = special.asinh
    arctanh: Final = special.atanh
    fix: Final = pointwise.trunc
    absolute: Final = pointwise.abs
    arctan: Final = pointwise.atan
    divide: Final = pointwise.div
    multiply: Final = pointwise.mul
    subtract: Final = pointwise.sub
    negative: Final = pointwise.neg
    positive: Final = pointwise.positive
    true_divide: Final = pointwise.div
    greater: Final = pointwise.gt
    greater_equal: Final = pointwise.ge
    less: Final = pointwise.lt
    less_equal: Final = pointwise.le
    not_equal: Final = pointwise.ne
    clone: Final = pointwise.clone
    _astype: ClassVar[Binary] = table.cast    # to a dtype of NumPy; used by the engine

    def where(self, condition: Tensor, other: Tensor | builtins.float) -> Tensor:
        """This tensor where condition is True, other where it is False.

        condition  a bool tensor
        other      a tensor or a number
        """
        return pointwise.where(condition, self, other)

    def polygamma(self, n: builtins.int) -> Tensor:
        """The n-th derivative of digamma. Raises RuntimeError if n is negative.

        n  the order
        """
        return special.polygamma(n, self)

    # In place: _functions/inplace.py.

    add_: Final = inplace.add_
    sub_: Final = inplace.sub_
    mul_: Final = inplace.mul_
    div_: Final = inplace.div_
    pow_: Final = inplace.pow_
    neg_: Final = inplace.neg_
    abs_: Final = inplace.abs_
    exp_: Final = inplace.exp_
    log_: Final = inplace.log_
    sqrt_: Final = inplace.sqrt_
    rsqrt_: Final = inplace.rsqrt_
    reciprocal_: Final = inplace.reciprocal_
    tanh_: Final = inplace.tanh_
    sigmoid_: Final = inplace.sigmoid_
    relu_: Final = inplace.relu_
    floor_: Final = inplace.floor_
    round_: Final = inplace.round_
    clamp_: Final = inplace.clamp_
    clip_: Final = inplace.clamp_
    addcmul_: Final = inplace.addcmul_
    addcdiv_: Final = inplace.addcdiv_
    addmm_: Final = inplace.addmm_
    lerp_: Final = inplace.lerp_
    fmod_: Final = inplace.fmod_
    remainder_: Final = inplace.remainder_
    sign_: Final = inplace.sign_
    square_: Final = inplace.square_
    sin_: Final = inplace.sin_
    cos_: Final = inplace.cos_
    log10_: Final = inplace.log10_
    log2_: Final = inplace.log2_
    log1p_: Final = inplace.log1p_
    erf_: Final = inplace.erf_
    ceil_: Final = inplace.ceil_
    trunc_: Final = inplace.trunc_
    nan_to_num_: Final = inplace.nan_to_num_
    clamp_min_: Final = inplace.clamp_min_
    clamp_max_: Final = inplace.clamp_max_
    acos_: Final = inplace.acos_
    acosh_: Final = inplace.acosh_
    asin_: Final = inplace.asin_
    asinh_: Final = inplace.asinh_
    atan_: Final = inplace.atan_
    atanh_: Final = inplace.atanh_
    tan_: Final = inplace.tan_
    sinh_: Final = inplace.sinh_
    cosh_: Final = inplace.cosh_
    deg2rad_: Final = inplace.deg2rad_
    rad2deg_: Final = inplace.rad2deg_
    exp2_: Final = inplace.exp2_
    expm1_: Final = inplace.expm1_
    erfc_: Final = inplace.erfc_
    erfinv_: Final = inplace.erfinv_
    lgamma_: Final = inplace.lgamma_
    digamma_: Final = inplace.digamma_
    frac_: Final = inplace.frac_
    sinc_: Final = inplace.sinc_
    sgn_: Final = inplace.sgn_
    bitwise_not_: Final = inplace.bitwise_not_
    atan2_: Final = inplace.atan2_
    hypot_: Final = inplace.hypot_
    xlogy_: Final = inplace.xlogy_
    ldexp_: Final = inplace.ldexp_
    copysign_: Final = inplace.copysign_
    floor_divide_: Final = inplace.floor_divide_
    gcd_: Final = inplace.gcd_
    lcm_: Final = inplace.lcm_
    bitwise_and_: Final = inplace.bitwise_and_
    bitwise_or_: Final = inplace.bitwise_or_
    bitwise_xor_: Final = inplace.bitwise_xor_
    eq_: Final = inplace.eq_
    ne_: Final = inplace.ne_
    lt_: Final = inplace.lt_
    le_: Final = inplace.le_
    gt_: Final = inplace.gt_
    ge_: Final = inplace.ge_
    logical_and_: Final = inplace.logical_and_
    logical_or_: Final = inplace.logical_or_
    logical_xor_: Final = inplace.logical_xor_
    logical_not_: Final = inplace.logical_not_
    float_power_: Final = inplace.float_power_
    heaviside_: Final = inplace.heaviside_
    logit_: Final = inplace.logit_
    polygamma_: Final = inplace.polygamma_
    tril_: Final = inplace.tril_
    triu_: Final = inplace.triu_
    cumsum_: Final = inplace.cumsum_
    cumprod_: Final = inplace.cumprod_
    addmv_: Final = inplace.addmv_
    baddbmm_: Final = inplace.baddbmm_
    absolute_: Final = inplace.abs_
    arccos_: Final = inplace.acos_
    arcsin_: Final = inplace.asin_
    arctan_: Final = inplace.atan_
    arctan2_: Final = inplace.atan2_
    arccosh_: Final = inplace.acosh_
    arcsinh_: Final = inplace.asinh_
    arctanh_: Final = inplace.atanh_
    fix_: Final = inplace.trunc_
    divide_: Final = inplace.div_
    true_divide_: Final = inplace.div_
    multiply_: Final = inplace.mul_
    subtract_: Final = inplace.sub_
    negative_: Final = inplace.neg_
    greater_: Final = inplace.gt_
    greater_equal_: Final = inplace.ge_
    less_: Final = inplace.lt_
    less_equal_: Final = inplace.le_
    not_equal_: Final = inplace.ne_
    scatter_: Final = inplace.scatter_
    scatter_reduce_: Final = inplace.scatter_reduce_
    masked_scatter_: Final = inplace.masked_scatter_
    index_put_: Final = inplace.index_put_
    fill_diagonal_: Final = inplace.fill_diagonal_
    index_add_: Final = inplace.index_add_
    index_copy_: Final = inplace.index_copy_
    index_fill_: Final = inplace.index_fill_
    squeeze_: Final = inplace.squeeze_
    unsqueeze_: Final = inplace.unsqueeze_
    transpose_: Final = inplace.transpose_
    swapaxes_: Final = inplace.transpose_
    swapdims_: Final = inplace.transpose_
    t_: Final = inplace.t_
    copy_: Final = inplace.copy_
    fill_: Final = inplace.fill_
    apply_: Final = inplace.apply_
    zero_: Final = inplace.zero_
    masked_fill_: Final = inplace.masked_fill_
    scatter_add_: Final = inplace.scatter_add_
    random_: Final = inplace.random_
    bernoulli_: Final = inplace.bernoulli_
    normal_: Final = inplace.normal_
    uniform_: Final = inplace.uniform_
    log_normal_: Final = inplace.log_normal_
    exponential_: Final = inplace.exponential_
    cauchy_: Final = inplace.cauchy_
    geometric_: Final = inplace.geometric_
    bernoulli: Final = creation.bernoulli
    multinomial: Final = creation.multinomial

    # Reductions, softmax, order, products of matrices.

    sum: Final = reductions.sum
    mean: Final = reductions.mean
    prod: Final = reductions.prod
    var: Final = reductions.var
    std: Final = reductions.std
    max: Final = reductions.max
    min: Final = reductions.min
    amax: Final = reductions.amax
    amin: Final = reductions.amin
    aminmax: Final = reductions.aminmax
    argmax: Final = reductions.argmax
    argmin: Final = reductions.argmin
    all: Final = reductions.all
    any: Final = reductions.any
    logsumexp: Final = reductions.logsumexp
    cumsum: Final = reductions.cumsum
    norm: Final = reductions.norm
    allclose: Final = reductions.allclose
    equal: Final = reductions.equal
    median: Final = statistics.median
    nanmedian: Final = statistics.nanmedian
    kthvalue: Final = statistics.kthvalue
    mode: Final = statistics.mode
    quantile: Final = statistics.quantile
    cumprod: Final = statistics.cumprod
    logcumsumexp: Final = statistics.logcumsumexp
    diff: Final = statistics.diff
    nansum: Final = statistics.nansum
    sum_to_size: Final = reductions.sum_to_size
    nanmean: Final = statistics.nanmean
    dist: Final = statistics.dist
    cov: Final = statistics.cov
    corrcoef: Final = statistics.corrcoef
    cummax: Final = statistics.cummax
    cummin: Final = statistics.cummin
    histc: Final = counting.histc
    histogram: Final = counting.histogram
    log_softmax: Final = softmax.log_softmax
    softmax: Final = softmax.softmax
    sort: Final = sorting.sort
    msort: Final = sorting.msort
    argsort: Final = sorting.argsort
    topk: Final = sorting.topk
    nonzero: Final = sorting.nonzero
    argwhere: Final = sorting.argwhere
    unique: Final = sorting.unique
    unique_consecutive: Final = sorting.unique_consecutive
    bincount: Final = sorting.bincount
    count_nonzero: Final = sorting.count_nonzero
    matmul: Final = products.matmul
    mm: Final = products.mm
    bmm: Final = products.bmm
    mv: Final = products.mv
    dot: Final = products.dot
    outer: Final = products.outer
    addmm: Final = products.addmm
    addmv: Final = products.addmv
    baddbmm: Final = products.baddbmm
    inner: Final = products.inner
    inverse: Final = linalg.inv
    det: Final = linalg.det
    slogdet: Final = linalg.slogdet
    logdet: Final = linalg.logdet
    matrix_power: Final = linalg.matrix_power
    cholesky_solve: Final = linalg.cholesky_solve
    cholesky_inverse: Final = linalg.cholesky_inverse

    # Shapes and parts: _functions/shapes.py, indexing.py.

    reshape: Final = shapes.reshape
    reshape_as: Final = shapes.reshape_as
    view: Final = shapes.view
    view_as: Final = shapes.view_as
    flatten: Final = shapes.flatten
    squeeze: Final = shapes.squeeze
    unsqueeze: Final = shapes.unsqueeze
    transpose: Final = shapes.transpose
    swapaxes: Final = shapes.transpose
    permute: Final = shapes.permute
    t: Final = shapes.t
    expand: Final = shapes.expand
    expand_as: Final = shapes.expand_as
    repeat: Final = shapes.repeat
    flip: Final = shapes.flip
    roll: Final = shapes.roll
    contiguous: Final = shapes.contiguous
    swapdims: Final = shapes.transpose
    tile: Final = joining.tile
    movedim: Final = joining.movedim
    moveaxis: Final = joining.movedim
    rot90: Final = joining.rot90
    fliplr: Final = joining.fliplr
    flipud: Final = joining.flipud
    ravel: Final = joining.ravel
    unflatten: Final = joining.unflatten
    broadcast_to: Final = joining.broadcast_to
    unfold: Final = joining.unfold
    diag: Final = joining.diag
    diag_embed: Final = joining.diag_embed
    trace: Final = joining.trace
    kron: Final = joining.kron
    masked_select: Final = scattering.masked_select
    take: Final = scattering.take
    take_along_dim: Final = scattering.take_along_dim
    repeat_interleave: Final = scattering.repeat_interleave
    scatter: Final = scattering.scatter
    scatter_reduce: Final = scattering.scatter_reduce
    masked_scatter: Final = scattering.masked_scatter
    index_put: Final = scattering.index_put
    index_add: Final = scattering.index_add
    index_copy: Final = scattering.index_copy
    index_fill: Final = scattering.index_fill
    select: Final = pieces.select
    tensor_split: Final = pieces.tensor_split
    hsplit: Final = pieces.hsplit
    vsplit: Final = pieces.vsplit
    dsplit: Final = pieces.dsplit
    split_with_sizes: Final = pieces.split_with_sizes
    diagflat: Final = pieces.diagflat
    chunk: Final = indexing.chunk
    unbind: Final = indexing.unbind
    narrow: Final = indexing.narrow
    index_select: Final = indexing.index_select
    gather: Final = indexing.gather
    scatter_add: Final = indexing.scatter_add
    masked_fill: Final = indexing.masked_fill
    tril: Final = indexing.tril
    triu: Final = indexing.triu
    diagonal: Final = indexing.diagonal

    def split(self, split_size: builtins.int | Sequence[builtins.int],
              dim: builtins.int = 0) -> tuple[Tensor, ...]:
        """Pieces along a dimension, which share memory.

        split_size  the size of all pieces but the last, which may be smaller; or of each
        dim         the dimension to split
        """
        return indexing.split(self, split_size, dim)

    @property
    def T(self) -> Tensor:
        """With the dimensions in reverse order: of a matrix, the transpose."""
        return shapes.permute(self, tuple(range(self._array.ndim))[::-1])

    @property
    def mT(self) -> Tensor:
        """With the matrices in the last two dimensions transposed."""
        if self._array.ndim < 2:
            raise errors.not_a_matrix(self._array)
        return shapes.transpose(self, -1, -2)

    # What it is.

    is_cpu: ClassVar[builtins.bool] = True
    is_cuda: ClassVar[builtins.bool] = False
    is_mps: ClassVar[builtins.bool] = False
    is_meta: ClassVar[builtins.bool] = False
    is_sparse: ClassVar[builtins.bool] = False
    cuda: Final = NotBuilt('arrays are computed by NumPy on the CPU. Leave it out, or write '
                           'x.to(device) with the device of a program that asks '
                           'torch.cuda.is_available().')
    half: Final = NotBuilt(HALF)
    bfloat16: Final = NotBuilt(HALF)
    as_strided: Final = NotBuilt(STRIDED)
    pin_memory: Final = NotBuilt('memory is pinned to be copied to a GPU sooner, and there is '
                                 'none. Leave it out.')
    share_memory_: Final = NotBuilt('threads share all tensors, and processes none. Leave it out, '
                                    'or send tensors with torch.distributed.')

    @property
    def shape(self) -> Size:
        """The sizes of its dimensions."""
        return tuple.__new__(Size, self._array.shape)    # integers already: Size() would look

    @property
    def ndim(self) -> builtins.int:
        """The number of dimensions."""
        return self._array.ndim

    @property
    def dtype(self) -> DType:
        """The type of its elements."""
        return DTYPES[self._array.dtype]

    @property
    def device(self) -> Device:
        """Where it is stored: device('cpu')."""
        return CPU

    @property
    def is_leaf(self) -> builtins.bool:
        """Whether it was not computed by an operation that the graph recorded."""
        return self._vertex() is self

    @property
    def output_nr(self) -> builtins.int:
        """Which of the outputs of the operation that computed it this is; 0 if there is one."""
        return self.grad_fn.edges[0][1] if isinstance(self.grad_fn, Part) else 0

    @property
    def itemsize(self) -> builtins.int:
        """The bytes of an element."""
        return self._array.itemsize

    @overload
    def size(self) -> Size: ...

    @overload
    def size(self, dim: builtins.int) -> builtins.int: ...

    def size(self, dim: builtins.int | None = None) -> Any:
        """The shape, or one of its sizes.

        dim  a dimension; None is all
        """
        return self.shape if dim is None else self._array.shape[axis_of(dim, self._array.ndim)]

    def dim(self) -> builtins.int:
        """The number of dimensions."""
        return self._array.ndim

    def numel(self) -> builtins.int:
        """The number of elements."""
        return self._array.size

    nelement: Final = numel
    ndimension: Final = dim

    @property
    def nbytes(self) -> builtins.int:
        """The bytes of all elements."""
        return self._array.size * self._array.itemsize

    def element_size(self) -> builtins.int:
        """The bytes of an element."""
        return self._array.itemsize

    def is_floating_point(self) -> builtins.bool:
        """Whether the dtype is float32 or float64."""
        return self._array.dtype.kind == 'f'

    def is_complex(self) -> builtins.bool:
        """Whether the dtype is complex: False, since there are none here."""
        return False

    def is_signed(self) -> builtins.bool:
        """Whether the dtype has negative numbers: all but uint8 and bool."""
        return self._array.dtype.kind not in 'ub'

    is_nonzero: Final = dtypes.is_nonzero

    def get_device(self) -> builtins.int:
        """The number of its GPU: -1, since it is on the CPU."""
        return -1

    def is_pinned(self) -> builtins.bool:
        """Whether its memory can be copied to a GPU sooner: False."""
        return False

    def is_contiguous(self, memory_format: memory_format = contiguous_format) -> builtins.bool:
        """Whether its elements are in order in memory, without gaps.

        memory_format  torch.contiguous_format
        """
        if not in_rows(memory_format, 'is_contiguous'):
            raise errors.order_is_not_kept()
        return self._in_order().flags.c_contiguous

    def stride(self, dim: builtins.int | None = None) -> Any:
        """The distances in memory of neighbouring elements, counted in elements.

        dim  a dimension; None gives a tuple for all
        """
        shape, strides = self._array.shape, [*self._in_order().strides]
        for i in reversed(range(len(shape))):
            if shape[i] == 1 and strides[i] == 0:     # a new dimension; PyTorch steps over the rest
                last = i == len(shape) - 1
                strides[i] = self._array.itemsize if last else strides[i + 1] * shape[i + 1]
        steps = tuple(stride // self._array.itemsize for stride in strides)
        return steps if dim is None else steps[axis_of(dim, len(steps))]

    def data_ptr(self) -> builtins.int:
        """The address of the first element."""
        return self._in_order().ctypes.data

    def __len__(self) -> builtins.int:
        if not self._array.ndim:
            raise errors.no_length()
        return self._array.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if not self._array.ndim:
            raise errors.no_iteration()
        return iter(indexing.unbind(self))

    def __reversed__(self) -> Tensor:
        return shapes.flip(self, 0) if self._array.ndim else self

    def __contains__(self, element: Any) -> builtins.bool:
        return bool((self == element).any())

    def __repr__(self) -> str:
        return printing.text(self)

    def __format__(self, spec: str) -> str:
        if self._array.ndim or type(self) is not Tensor:
            if spec:
                raise errors.format_of_many(self, spec)
            return str(self)
        return format(self.item(), spec)

    # As Python's numbers and NumPy's arrays; numpy() is in autograd/graph.py.

    def item(self) -> builtins.float | builtins.int | builtins.bool:
        """The value of a tensor with one element, as a Python number."""
        if self._array.size != 1:
            raise errors.not_one_element(self._array)
        return self._array.item()

    def tolist(self) -> Any:
        """The values in nested lists; a number if there are no dimensions."""
        return self._array.tolist()

    def __bool__(self) -> builtins.bool:
        if self._array.size != 1:
            raise errors.neither_true_nor_false(self._array)
        return bool(self._array.item())

    def __float__(self) -> builtins.float:
        if self._array.size != 1:
            raise errors.not_one_number(self._array)
        if self._requires_grad:
            errors.warn_of_lost_graph()
        return float(self._array.item())

    def __int__(self) -> builtins.int:
        if self._array.size != 1:
            raise errors.not_one_number(self._array)
        return int(self._array.item())

    def __index__(self) -> builtins.int:
        if self._array.dtype.kind == 'f' or self._array.size != 1:
            raise errors.not_an_index(self)
        return int(self.item())

    def __array__(self, dtype: Any = None, copy: builtins.bool | None = None) -> np.ndarray:
        array = self.numpy()
        return np.array(array, dtype) if copy or dtype not in (None, array.dtype) else array

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What NumPy makes of tensors, such as np.exp(tensor): tensors outside the graph; but
        `array * tensor` is the product of tensors."""
        if method == '__call__' and ufunc in REFLECTED and not options and isinstance(
                inputs[0], (np.ndarray, np.generic)):
            return getattr(inputs[1], REFLECTED[ufunc])(inputs[0])
        if any(isinstance(x, Tensor) for x in options.get('out', ())):
            raise errors.out_of_numpy(ufunc)
        arrays = [x.numpy() if isinstance(x, Tensor) else x for x in inputs]
        result = getattr(ufunc, method)(*arrays, **options)
        if result is None or 'out' in options:
            return result
        return tuple(map(self.__array_wrap__, result)) if isinstance(result, tuple) else (
            self.__array_wrap__(result))

    def __array_wrap__(self, array: np.ndarray, context: Any = None,
                       return_scalar: builtins.bool = False) -> Tensor:
        """What other functions of NumPy make of a tensor, such as np.round(tensor): a tensor."""
        return creation.from_numpy(np.asarray(array))

    # Copies and conversions.

    def to(self, *args: Any, dtype: DType | None = None, device: str | Device | None = None,
           copy: builtins.bool = False, non_blocking: builtins.bool = False,
           memory_format: memory_format = preserve_format) -> Tensor:
        """With another dtype: to(torch.float64), to(other), to('cpu', torch.float64).

        args           a dtype, a device, or a tensor whose dtype to take; non_blocking, copy
        dtype          the dtype; None leaves it
        device         None or 'cpu'
        copy           make a copy even if the dtype is the same
        non_blocking   makes no difference on the CPU
        memory_format  torch.preserve_format keeps the order of elements in memory,
                       torch.contiguous_format makes it contiguous

        Returns the tensor itself if there is nothing to do.
        """
        flags = [arg for arg in args if isinstance(arg, bool)]
        for arg in args:
            if isinstance(arg, TensorBase):
                dtype = arg.dtype    # type: ignore[attr-defined]
            elif isinstance(arg, (str, Device)) or type(arg) is builtins.int:
                device = arg    # type: ignore[assignment]    # a number is that of a GPU
            elif not isinstance(arg, bool):
                dtype = arg
        if device is not None:
            on_cpu(device)
        wanted = self._array.dtype if dtype is None else numpy_dtype(dtype)
        same = wanted == self._array.dtype
        if not same or copy or flags[1:] == [True]:
            self = self.clone() if same else table.cast(self, wanted)
        return self.contiguous() if in_rows(memory_format, 'to') else self

    def type_as(self, other: Tensor) -> Tensor:
        """With the dtype of another tensor.

        other  a tensor
        """
        return self.to(tensor(other, 'type_as', 'other').dtype)

    @overload
    def type(self) -> str: ...

    @overload
    def type(self, dtype: Any) -> Tensor: ...

    def type(self, dtype: Any = None) -> Any:
        """The name of the type, as 'torch.FloatTensor'; with an argument, a conversion.

        dtype  a dtype, a type of tensors or its name (ValueError); None asks for the name
        """
        if dtype is None:
            return TENSOR_TYPES[self.dtype]
        named = {name: d for d, name in TENSOR_TYPES.items()}
        wanted = named.get(dtype) if isinstance(dtype, str) else (
            default_dtype() if dtype is Tensor else getattr(dtype, 'dtype', dtype))
        if not isinstance(wanted, DType):
            raise errors.unknown_type(dtype, named)
        return self.to(wanted)

    def float(self) -> Tensor:
        """With dtype float32."""
        return self.to(float32)

    def double(self) -> Tensor:
        """With dtype float64."""
        return self.to(float64)

    def long(self) -> Tensor:
        """With dtype int64."""
        return self.to(int64)

    def int(self) -> Tensor:
        """With dtype int32."""
        return self.to(int32)

    def short(self) -> Tensor:
        """With dtype int16."""
        return self.to(int16)

    def char(self) -> Tensor:
        """With dtype int8."""
        return self.to(int8)

    def byte(self) -> Tensor:
        """With dtype uint8."""
        return self.to(uint8)

    def bool(self) -> Tensor:
        """With dtype bool: whether each element is not 0."""
        return self.to(bool_)

    def cpu(self) -> Tensor:
        """The tensor itself."""
        return self

    new_zeros: Final = creation.new_zeros
    new_ones: Final = creation.new_ones
    new_empty: Final = creation.new_empty
    new_full: Final = creation.new_full
    new_tensor: Final = creation.new_tensor
    new: Final = creation.new

    def __deepcopy__(self, memo: Any) -> Any:
        if self.grad_fn is not None:
            raise errors.graph_is_not_copied()
        new = memo[id(self)] = type(self)._of(np.array(self._array, order='K'))
        new._keep_order((self,))
        new.requires_grad = self._requires_grad
        new._grad = None if self._grad is None else self._grad.detach().clone()
        vars(new).update(deepcopy(self._own_attributes(), memo))
        return new

    def __copy__(self) -> Any:
        new = type(self)._of(self._in_order())
        storage_of(self).ordered = storage_of(new).ordered = True
        new.requires_grad = self._requires_grad
        vars(new).update(self._own_attributes())
        return new

    def _own_attributes(self) -> dict[str, Any]:
        """What a user has set on this tensor, by name."""
        return {name: x for name, x in vars(self).items() if not hasattr(InPlace, name)}

    def __reduce__(self) -> Any:
        raise errors.not_pickled()

    # Gradients; grad and backward() are in autograd/graph.py.

    @TensorBase.grad.deleter
    def grad(self) -> None:
        """As x.grad = None."""
        self._grad = None

    @property
    def requires_grad(self) -> builtins.bool:
        """Whether operations on this tensor are recorded, to be differentiated."""
        if self._base is not None:
            self._vertex()      # updates a view whose base has changed
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: builtins.bool) -> None:
        if not isinstance(wanted, bool):
            raise errors.requires_grad_is_no_bool(wanted)
        if self.grad_fn is not None and not wanted:
            raise errors.not_a_leaf(self)
        if wanted and self._array.dtype.kind != 'f':
            raise errors.not_floating_point(self.dtype)
        self._requires_grad = wanted
        if self.grad_fn is None:
            storage_of(self).of_leaf = wanted

    def requires_grad_(self, requires_grad: builtins.bool = True) -> Tensor:
        """Set `requires_grad`; returns the tensor.

        requires_grad  whether operations on it are recorded
        """
        if not isinstance(requires_grad, bool):
            raise errors.of_wrong_type('requires_grad_', 'requires_grad', bool, requires_grad)
        self.requires_grad = requires_grad
        return self

    def detach(self) -> Tensor:
        """The same values without the graph; shares memory."""
        new: Tensor = Tensor._of(self._in_order())
        new._storage, new._seen = storage_of(self), next(clock)
        new._storage.ordered = True
        return new

    def detach_(self) -> Tensor:
        """Detach this tensor from its graph; returns the tensor."""
        if self._base is not None:
            raise errors.view_cannot_be_detached(self)
        self.grad_fn, self._requires_grad = None, False
        return self

    @property
    def data(self) -> Tensor:
        """As detach(), but backward() does not notice what is done to it in place."""
        new: Tensor = Tensor._of(self._in_order())
        storage_of(self).ordered = storage_of(new).ordered = True
        return new

    @data.setter
    def data(self, new: Tensor) -> None:
        if not isinstance(new, TensorBase):
            raise errors.data_is_no_tensor(new)
        if self._requires_grad and new._array.dtype.kind != 'f':
            raise errors.data_of_integers(new.dtype)
        self._array = new._in_order()
        storage_of(self).ordered = storage_of(new).ordered = True

    @data.deleter
    def data(self) -> None:
        raise errors.data_is_not_deleted()

    def retain_grad(self) -> None:
        """Retain the gradient of this tensor in `grad` although it is not a leaf."""
        vertex = self._vertex()
        if not self._requires_grad:
            raise errors.no_grad_to_retain()
        if vertex is not self and not self.retains_grad:
            vertex._hooks = (*vertex._hooks, Retain(self))

    @property
    def retains_grad(self) -> builtins.bool:
        """Whether retain_grad() was called on this tensor, which is not a leaf."""
        return retained(self) is not None

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call a function when the gradient of this tensor is known.

        hook  is called with the gradient; it may return another one to use instead

        Returns a handle whose remove() removes the hook.
        """
        if not self.requires_grad:
            raise errors.hook_never_called()
        return RemovableHandle(self._vertex(), on_tensors(hook, Tensor))

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> RemovableHandle:
        """Call a function each time when backward() has added to `grad` of this leaf.

        hook  is called with the tensor, and returns None; it may use its `grad`, and set it to None

        Returns a handle whose remove() removes the hook.
        """
        if not self.requires_grad:
            raise errors.hook_never_called()
        if not self.is_leaf:
            raise errors.accumulation_hook_of_no_leaf()
        self._accumulated = self._accumulated or Accumulated()
        return RemovableHandle(self._accumulated, hook)


TensorBase._kind = Tensor
