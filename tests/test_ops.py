"""Every operation on tensors, one row each: an expression in x, y and z, and a shape for each.

The letters stand for float64 tensors of numbers without ties between -2 and 2, or between the
bounds that follow the shape.  Every row is differentiated once and twice against central
differences, run in float32, and compared with the values and gradients that PyTorch 2.13
computed (fixtures/ops.json, written by fixtures/make_ops.py).  A row of OWN is of an operation that
PyTorch does not have: it gives the values as an expression of NumPy.
"""

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import arrays, assert_equal, every_row, function, name_of, several
from helpers import stored, values_and_gradients

STORED = stored('ops.json')


def positive(*shape):
    return shape, 0.2, 2.2


def unit(*shape):
    return shape, -0.9, 0.9


ARITHMETIC = [
    ('x + y', (2, 3), (2, 3)),
    ('x + y', (2, 1), (3,)),
    ('x + y', (), (2, 3)),
    ('x + y', (1, 1), (4, 3)),
    ('x + x', (2, 3)),
    ('x + 2', (2, 3)),
    ('2.5 + x', (2, 3)),
    ('x % 1.5', (2, 3)),
    ('torch.add(x, y, alpha=2)', (2, 3), (3,)),
    ('x - y', (2, 3), (2, 3)),
    ('x - y', (3,), (2, 1)),
    ('x - x', (2, 3)),
    ('x - 2', (2, 3)),
    ('2 - x', (2, 3)),
    ('torch.sub(x, y, alpha=3)', (2, 3), (2, 3)),
    ('x * y', (2, 3), (2, 3)),
    ('x * y', (2, 1, 3), (2, 1)),
    ('x * y', (3,), ()),
    ('x * x', (2, 3)),
    ('x * -2', (2, 3)),
    ('0.5 * x', (2, 3)),
    ('x * True', (2, 3)),
    ('torch.mul(x, 3)', (2, 3)),
    ('x / y', (2, 3), positive(2, 3)),
    ('x / y', (2, 1), positive(3)),
    ('x / x', positive(2, 3)),
    ('x / 4', (2, 3)),
    ('3 / x', positive(2, 3)),
    ('torch.div(x, y)', (2, 3), positive(3)),
    ('-x', (2, 3)),
    ('+x', (2, 3)),
    ('torch.neg(x)', (2, 3)),
    ('x ** 2', (2, 3)),
    ('x ** 3', (2, 3)),
    ('x ** 1', (2, 3)),
    ('x ** 0', (2, 3)),
    ('x ** -1', positive(2, 3)),
    ('x ** 0.5', positive(2, 3)),
    ('x ** y', positive(2, 3), (2, 3)),
    ('x ** y', positive(2, 1), (3,)),
    ('x ** x', positive(2, 3)),
    ('2 ** x', (2, 3)),
    ('torch.pow(x, 2.5)', positive(2, 3)),
    ('torch.pow(x, y)', positive(3), ()),
    ('x * torch.tensor([1, 2, 3])', (2, 3)),
    ('x + (x > 0)', (2, 3)),
    ('torch.lerp(x, y, 0.25)', (2, 3), (3,)),
    ('x.lerp(y, z)', (2, 3), (2, 3), (3,)),
    ('torch.logaddexp(x, y)', (2, 1), (3,)),
]

POINTWISE = [
    ('abs(x)', (2, 3)),
    ('torch.abs(x)', (2, 3)),
    ('torch.exp(x)', (2, 3)),
    ('torch.log(x)', positive(2, 3)),
    ('torch.log1p(x)', unit(2, 3)),
    ('torch.expm1(x)', (2, 3)),
    ('torch.sqrt(x)', positive(2, 3)),
    ('torch.square(x)', (2, 3)),
    ('torch.rsqrt(x)', positive(2, 3)),
    ('torch.log2(x)', positive(2, 3)),
    ('torch.reciprocal(x)', positive(2, 3)),
    ('torch.sign(x)', (2, 3)),
    ('torch.tan(x)', unit(2, 3)),
    ('torch.atan(x)', (2, 3)),
    ('torch.sinh(x)', (2, 3)),
    ('torch.cosh(x)', (2, 3)),
    ('torch.sin(x)', (2, 3)),
    ('torch.cos(x)', (2, 3)),
    ('torch.tanh(x)', (2, 3)),
    ('torch.sigmoid(x)', (2, 3)),
    ('torch.relu(x)', (2, 3)),
    ('x.exp().sin() * x.tanh()', (2, 3)),
    ('torch.clamp(x, -1, 1)', (2, 3)),
    ('torch.clamp(x, min=0.5)', (2, 3)),
    ('torch.clamp(x, max=-0.5)', (2, 3)),
    ('x.clamp(y, z)', (2, 3), ((2, 3), -1, 0), ((3,), 0.5, 1)),
    ('x.clamp(min=y)', (2, 3), (3,)),
    ('torch.maximum(x, y)', (2, 3), (2, 3)),
    ('torch.maximum(x, y)', (2, 1), (3,)),
    ('torch.minimum(x, y)', (2, 3), (2, 3)),
    ('torch.minimum(x, y)', (3,), (2, 1)),
    ('torch.where(x > 0, x, y)', (2, 3), (2, 3)),
    ('torch.where(x > y, x * y, y)', (2, 1), (3,)),
    ('torch.where(x > 0, x, 0.5)', (2, 3)),
    ('torch.where(x > 0, -1.0, x)', (2, 3)),
    ('x.where(y > 0, y)', (2, 3), (3,)),
    ('torch.log10(x)', positive(2, 3)),
    ('torch.exp2(x)', (2, 3)),
    ('torch.asin(x)', unit(2, 3)),
    ('torch.acos(x)', unit(2, 3)),
    ('torch.asinh(x)', (2, 3)),
    ('torch.acosh(x)', ((2, 3), 1.1, 3)),
    ('torch.atanh(x)', unit(2, 3)),
    ('torch.atan2(x, y)', (2, 3), positive(3)),
    ('torch.erf(x)', (2, 3)),
    ('torch.erfc(x)', (2, 3)),
    ('torch.erfinv(x)', unit(2, 3)),
    ('torch.hypot(x, y)', (2, 3), (3,)),
    ('torch.float_power(x, y).to(x.dtype)', positive(2, 3), (3,)),
    ('x.float_power(3).to(x.dtype)', (2, 3)),
    ('torch.sgn(x) * x', (2, 3)),
    ('torch.xlogy(x, y)', (2, 3), positive(3)),
    ('torch.logaddexp2(x, y)', (2, 3), (3,)),
    ('torch.ldexp(x, y)', (2, 3), (3,)),
    ('torch.sinc(x)', (2, 3)),
    ('torch.copysign(x, y) * x', (2, 3), (3,)),
    ('torch.fmax(x, y)', (2, 3), (3,)),
    ('torch.fmin(x, y)', (2, 3), (3,)),
    ('torch.round(x, decimals=1) * x', (2, 3)),
    ('torch.positive(x)', (2, 3)),
    ('torch.lgamma(x)', (2, 3)),
    ('torch.digamma(x)', (2, 3)),
    ('torch.polygamma(2, x)', positive(2, 3)),
    ('x.polygamma(1)', positive(2, 3)),
    ('torch.logit(x)', ((2, 3), 0.1, 0.9)),
    ('x.logit(eps=0.2)', ((2, 3), 0.01, 0.99)),
    ('torch.deg2rad(x)', (2, 3)),
    ('torch.rad2deg(x)', (2, 3)),
    ('torch.fmod(x, 0.7)', (2, 3)),
    ('x.fmod(y)', (2, 3), positive(3)),
    ('torch.frac(x)', (2, 3)),
    ('torch.nan_to_num(x)', (2, 3)),
    ('torch.clamp_min(x, 0.3)', (2, 3)),
    ('x.clamp_max(y)', (2, 3), (3,)),
    ('torch.addcmul(x, y, z, value=2)', (2, 3), (3,), (2, 1)),
    ('torch.addcdiv(x, y, z, value=0.5)', (2, 3), (3,), positive(2, 1)),
    ('x.clone().lerp_(y, 0.3)', (2, 3), (3,)),
    ('x.clone().addcdiv_(y, z)', (2, 3), (3,), positive(2, 1)),
]

REDUCTIONS = [
    ('x.sum()', (2, 3)),
    ('x.sum()', ()),
    ('x.sum(1)', (2, 3)),
    ('x.sum(dim=0)', (3, 3)),
    ('x.sum(dim=-2)', (3, 3)),
    ('x.sum(dim=(0, -1))', (2, 3, 2)),
    ('torch.sum(x, dim=1, keepdim=True)', (2, 3)),
    ('x.sum(dim=[0, 1], keepdim=True)', (2, 3)),
    ('x.sum(0)', ()),
    ('x.mean()', (2, 3)),
    ('x.mean(0)', (2, 3)),
    ('x.mean(dim=(1, 2))', (2, 3, 2)),
    ('torch.mean(x, -1, True)', (2, 3)),
    ('x.var()', (2, 3)),
    ('x.var(dim=1)', (2, 3)),
    ('x.var(dim=-1, unbiased=False)', (2, 3)),
    ('x.var(dim=(0, 2), correction=0, keepdim=True)', (2, 3, 2)),
    ('torch.var(x, dim=0, keepdim=True)', (2, 3)),
    ('x.std()', (2, 3)),
    ('x.std(unbiased=False)', (2, 3)),
    ('x.std(dim=1)', (2, 3)),
    ('torch.std(x, dim=-2, correction=0)', (2, 3)),
    ('x.std(dim=(0, 1), keepdim=True)', (2, 3)),
    ('x.max()', (2, 3)),
    ('x.max(dim=1).values', (2, 3)),
    ('x.max(0)[0]', (2, 3)),
    ('torch.max(x, dim=-1, keepdim=True).values', (2, 3)),
    ('torch.max(x, y)', (2, 3), (3,)),
    ('x.min()', (2, 3)),
    ('x.min(dim=-2).values', (2, 3)),
    ('torch.min(x, 1, True)[0]', (2, 3)),
    ('torch.min(x, y)', (2, 3), (2, 3)),
    ('x.amax()', (2, 3)),
    ('x.amax(1)', (2, 3)),
    ('x.amax(dim=(0, -1), keepdim=True)', (2, 3, 2)),
    ('x.amin()', (2, 3)),
    ('torch.amin(x, dim=(0, 1))', (2, 3, 2)),
    ('x.amin(dim=-1, keepdim=True)', (2, 3)),
    ('x.logsumexp(0)', (2, 3)),
    ('x.logsumexp(dim=(0, 2))', (2, 3, 2)),
    ('torch.logsumexp(x, dim=-1, keepdim=True)', (2, 3)),
    ('x.prod()', (2, 3)),
    ('torch.prod(x, dim=-1, keepdim=True)', (2, 3)),
    ('x.cumsum(0)', (2, 3)),
    ('torch.cumsum(x, dim=-1)', (2, 3)),
    ('x.norm()', (2, 3)),
    ('x.norm(p=1, dim=0)', (2, 3)),
    ("torch.norm(x, p=float('inf'), dim=1)", (2, 3)),
    ('torch.linalg.vector_norm(x, 3, dim=-1, keepdim=True)', (2, 3)),
    ("torch.linalg.vector_norm(x, -float('inf'))", (2, 3)),
    ('torch.linalg.norm(x)', (2, 3)),
    ('torch.median(x)', (2, 3)),
    ('x.median(1).values', (2, 4)),
    ('torch.median(x, dim=0, keepdim=True)[0]', (3, 2)),
    ('torch.quantile(x, 0.3)', (2, 3)),
    ('x.quantile(0.3, dim=1, keepdim=True)', (2, 4)),
    ('torch.quantile(x, torch.tensor([0.1, 0.9], dtype=x.dtype), 0)', (3, 2)),
    ("torch.quantile(x, 0.4, 0, interpolation='midpoint')", (4, 2)),
    ('torch.cumprod(x, 1)', (2, 5)),
    ('x.cumprod(dim=0)', (3, 2)),
    ('torch.diff(x)', (2, 3)),
    ('x.diff(2, 0, prepend=y)', (3, 2), (1, 2)),
    ('torch.std_mean(x, 1)', (2, 3)),
    ('torch.var_mean(x)', (2, 3)),
    ('torch.nansum(x, 1)', (2, 3)),
    ('x.sum_to_size(3, 1)', (2, 3, 4)),
    ('torch.nanmedian(x, 1)[0]', (2, 4)),
    ('torch.kthvalue(x, 3)[0]', (2, 4)),
    ('torch.mode(x, 0)[0]', (3, 4)),
    ('torch.logcumsumexp(x, 1)', (2, 5)),
    ('torch.trapezoid(x, y, dim=0)', (4, 3), (4,)),
    ('torch.cumulative_trapezoid(x, dx=0.5)', (2, 4)),
    ('torch.nanmean(x, 1)', (2, 3)),
    ('torch.aminmax(x, dim=1)[1]', (2, 3)),
    ('torch.msort(x)', (4, 2)),
    ('torch.dist(x, y, 3)', (2, 3), (3,)),
    ('torch.cdist(x, y)', (3, 2), (4, 2)),
    ('torch.cov(x)', (2, 4)),
    ('torch.cov(x, correction=0)', (4,)),
    ('torch.corrcoef(x)', (2, 4)),
    ('torch.cummax(x, 1)[0]', (2, 4)),
    ('torch.cummin(x, 0).values', (3, 2)),
    ('torch.kron(x, y)', (2, 3), (2,)),
    ('torch.cartesian_prod(x, y)', (2,), (3,)),
    ('torch.combinations(x)', (4,)), ('torch.combinations(x, r=3, with_replacement=True)', (3,)),
    ('torch.cdist(x, y, p=1.0)', (2, 3, 2), (4, 2)),
    ('torch.trace(x)', (3, 3)),
]

SHAPES = [
    ('x.reshape(3, 2)', (2, 3)),
    ('x.reshape((6,))', (2, 3)),
    ('torch.reshape(x, (-1, 2))', (2, 3)),
    ('x.T.reshape(-1)', (2, 3)),
    ('x.reshape(())', (1, 1)),
    ('x.view(3, -1)', (2, 3)),
    ('x.view((1, 6))', (2, 3)),
    ('x.flatten()', (2, 3, 2)),
    ('x.flatten(1)', (2, 3, 2)),
    ('torch.flatten(x, start_dim=0, end_dim=-2)', (2, 3, 2)),
    ('x.flatten()', ()),
    ('x.squeeze()', (1, 3, 1)),
    ('x.squeeze(0)', (1, 3, 1)),
    ('torch.squeeze(x, dim=-1)', (1, 3, 1)),
    ('x.squeeze(1)', (1, 3, 1)),
    ('x.squeeze((0, 2))', (1, 3, 1)),
    ('x.unsqueeze(0)', (2, 3)),
    ('x.unsqueeze(-1)', (2, 3)),
    ('torch.unsqueeze(x, 1)', (2, 3)),
    ('x.transpose(0, 1)', (2, 3)),
    ('torch.transpose(x, -1, 0)', (2, 3, 4)),
    ('x.T', (2, 3)),
    ('x.mT', (2, 3, 4)),
    ('x.permute(2, 0, 1)', (2, 3, 4)),
    ('x.permute((-1, 0, 1))', (2, 3, 4)),
    ('torch.permute(x, (1, 2, 0))', (2, 3, 4)),
    ('x.expand(4, 2, 3)', (2, 3)),
    ('x.expand(-1, 3)', (2, 1)),
    ('x.expand((2, 3))', (3,)),
    ('x.expand(2, 3)', ()),
    ('torch.cat([x, y])', (2, 3), (1, 3)),
    ('torch.cat((x, y, x), dim=1)', (2, 3), (2, 1)),
    ('torch.cat([x, y], -1)', (2, 3), (2, 0)),
    ('torch.stack([x, y])', (2, 3), (2, 3)),
    ('torch.stack((x, y, x), dim=-1)', (2, 3), (2, 3)),
    ('torch.stack([x, y], 1)', (2, 3), (2, 3)),
    ('x.split(2)', (5, 2)),
    ('x.split([1, 3, 1], dim=-1)', (2, 5)),
    ('torch.split(x, 2, dim=1)', (2, 4)),
    ('x.split(2)[1]', (5, 2)),
    ('x.chunk(2)', (5, 2)),
    ('torch.chunk(x, 3, dim=-1)', (2, 5)),
    ('x.clone()', (2, 3)),
    ('x.double()', (2, 3)),
    ('x.to(torch.float64)', (2, 3)),
    ('[row * 2 for row in x]', (2, 3)),
    ('x.t()', (2, 3)),
    ('x.repeat(2, 1, 2)', (2, 3)),
    ('torch.flip(x, (0, -1))', (2, 3)),
    ('x.roll(1)', (2, 3)),
    ('torch.roll(x, (1, -1), dims=(0, 1))', (2, 3)),
    ('torch.unbind(x, dim=1)', (2, 3)),
    ('torch.tril(x)', (3, 3)),
    ('x.triu(1)', (2, 3, 3)),
    ('torch.diagonal(x, 1)', (3, 3)),
    ('x.diagonal(offset=-1, dim1=0, dim2=2)', (2, 3, 3)),
    ('torch.hstack([x, y])', (2, 3), (2, 1)),
    ('torch.vstack((x, y))', (2, 3), (3,)),
    ('torch.dstack([x, y])', (2, 3), (2, 3)),
    ('torch.column_stack([x, y])', (2,), (2, 3)),
    ('torch.concat([x, y], 1)', (2, 3), (2, 1)),
    ('torch.atleast_3d(x)', (2, 3)),
    ('torch.tile(x, (2, 1, 2))', (2, 3)),
    ('x.tile(2)', (2, 3)),
    ('torch.movedim(x, 0, -1)', (2, 3, 4)),
    ('x.moveaxis((0, 2), (1, 0))', (2, 3, 4)),
    ('torch.swapaxes(x, 0, 1)', (2, 3)),
    ('torch.rot90(x)', (2, 3)),
    ('x.rot90(2, (1, 2))', (2, 3, 2)),
    ('torch.rot90(x, -1, [0, 1])', (2, 3)),
    ('torch.fliplr(x)', (2, 3)),
    ('x.flipud()', (2, 3)),
    ('torch.ravel(x)', (2, 3)),
    ('torch.unflatten(x, 1, (2, -1))', (2, 4)),
    ('torch.broadcast_to(x, (2, 3))', (3,)),
    ('x.unfold(1, 2, 1)', (2, 4)),
    ('x.unfold(0, 3, 2)', (5, 2)),
    ('torch.diag(x)', (3,)),
    ('x.diag(1)', (3, 3)),
    ('torch.diag_embed(x, -1)', (2, 3)),
    ('x.diag_embed(dim1=0, dim2=2)', (2, 3)),
]

INDEXING = [
    ('x[1]', (2, 3)),
    ('x[-1]', (2, 3)),
    ('x[1, 2]', (2, 3)),
    ('x[0:1]', (2, 3)),
    ('x[:, 1:]', (2, 3)),
    ('x[:, ::2]', (2, 5)),
    ('x[..., -2]', (2, 3, 2)),
    ('x[None, :, None]', (2, 3)),
    ('x[..., None, 0]', (2, 3)),
    ('x[()]', (2, 3)),
    ('x[:, 1:1]', (2, 3)),
    ('x[[0, 0, 2]]', (3, 2)),
    ('x[torch.tensor([0, -1, 0])]', (3, 2)),
    ('x[torch.tensor([[0, 1], [1, 1]])]', (2, 3)),
    ('x[torch.tensor(1)]', (2, 3)),
    ('x[[0, 1, 1], [2, 0, 0]]', (2, 3)),
    ('x[torch.tensor([[0], [1]]), torch.tensor([2, 0])]', (2, 3)),
    ('x[:, [2, 0, 2]]', (2, 3)),
    ('x[1:, [2, 0, 2]]', (2, 3)),
    ('x[[0, 1], :, [2, 0]]', (2, 3, 4)),
    ('x[:, [0, 1], [2, 0]]', (2, 3, 4)),
    ('x[0, :, [2, 0]]', (2, 3, 4)),
    ('x[..., [1, 1]]', (2, 3, 2)),
    ('x[x > 0]', (2, 3)),
    ('x[torch.tensor([True, False, True])]', (3, 2)),
    ('x[:, torch.tensor([True, False, True])]', (2, 3)),
    ('x[torch.arange(2), torch.tensor([2, 0])]', (2, 3)),
    ('x[np.array([1, 0])]', (2, 3)),
    ('torch.index_select(x, 1, torch.tensor([2, 0, 2]))', (2, 3)),
    ('x.select(1, -1)', (2, 3)),
    ('torch.tensor_split(x, 4, 1)', (2, 6)),
    ('x.tensor_split(torch.tensor([-1, 5, 1]), dim=-1)', (2, 3)),
    ('torch.hsplit(x, 3)', (2, 3)),
    ('x.hsplit([1])', (3,)),
    ('torch.vsplit(x, (1, 2))', (3, 2)),
    ('torch.dsplit(x, 2)', (1, 2, 4)),
    ('x.split(split_size=2, dim=1)', (2, 3)),
    ('torch.split_with_sizes(x, [0, 1, 2], 1)', (2, 3)),
    ('torch.block_diag(x, y, z)', (2, 3), (2,), ()),
    ('torch.diagflat(x, -1)', (2, 2)),
    ('torch.gather(x, 1, torch.tensor([[2, 2], [0, 1]]))', (2, 3)),
    ('x.scatter_add(1, torch.tensor([[2, 2], [0, 1]]), y)', (2, 3), (2, 2)),
    ('x.masked_fill(x > 0, -1.5)', (2, 3)),
    ('torch.masked_fill(x, torch.tensor([True, False, True]), y)', (2, 3), ()),
    ('x.sort().values', (2, 3)),
    ('torch.sort(x, dim=0, descending=True)[0]', (3, 2)),
    ('x.topk(2).values', (2, 4)),
    ('torch.topk(x, 1, dim=0, largest=False).values', (3, 2)),
    ('torch.masked_select(x, x > 0)', (2, 3)),
    ('torch.take(x, torch.tensor([[0, -1], [2, 2]]))', (2, 3)),
    ('torch.take_along_dim(x, torch.tensor([[1], [-1]]), 1)', (2, 3)),
    ('torch.repeat_interleave(x, 2)', (2, 3)),
    ('x.repeat_interleave(torch.tensor([1, 0, 2]), dim=1)', (2, 3)),
    ('torch.scatter(x, 1, torch.tensor([[2, 1], [0, 1]]), y)', (2, 3), (2, 2)),
    ('x.scatter(0, torch.tensor([[1, 0, 1]]), 0.5)', (2, 3)),
    ('x.clone().scatter_(1, torch.tensor([[0]]), value=2.0)', (2, 3)),
    *((f'x.scatter_reduce(1, torch.tensor([[2, 2], [0, 2]]), y, "{reduce}", include_self={own})',
       (2, 3), (2, 2)) for reduce in ('sum', 'prod', 'mean', 'amax', 'amin')
      for own in (True, False)),
    ("torch.scatter_reduce(x, 0, torch.tensor([0, 0]), y, 'amin')", (), (2,)),
    ("x.clone().scatter_reduce_(0, torch.tensor([[1, 1, 0]]), y, reduce='mean')", (2, 3), (1, 3)),
    ("torch.scatter_reduce(x, 0, torch.tensor([0, 0]), y * torch.tensor([0.0, 1.0]), 'prod')",
     (2,), (2,)),
    ('torch.masked_scatter(x, torch.tensor([True, False, True]), y)', (2, 3), (5,)),
    ('x.clone().masked_scatter_(torch.tensor([[True], [False]]), y)', (2, 3), (2, 2)),
    ('torch.index_put(x, (torch.tensor([0, -1]), torch.tensor([1, 1])), y)', (2, 3), (2,)),
    ('torch.index_put(x, [torch.tensor([0, 0])], y, accumulate=True)', (2, 3), (3,)),
    ('x.clone().index_put_((torch.tensor([True, False]),), y)', (2, 3), ()),
    ('x.clone().fill_diagonal_(2.0)', (2, 3)),
    ('torch.index_add(x, 0, torch.tensor([1, 1]), y, alpha=2)', (3, 2), (2, 2)),
    ('torch.index_copy(x, 1, torch.tensor([2, 0]), y)', (2, 3), (2, 2)),
    ('torch.index_fill(x, 1, torch.tensor([0, -1]), 0.5)', (2, 3)),
    ('x.index_fill(0, torch.tensor([1]), y)', (2, 3), ()),
]

PRODUCTS = [
    ('x @ y', (3,), (3,)),
    ('x @ y', (2, 3), (3,)),
    ('x @ y', (3,), (3, 2)),
    ('x @ y', (2, 3), (3, 4)),
    ('x @ y', (2, 2, 3), (2, 3, 2)),
    ('x @ y', (2, 1, 2, 3), (3, 3, 2)),
    ('x @ y', (2, 3), (2, 3, 2)),
    ('x @ y', (2, 2, 3), (3, 2)),
    ('x @ y', (3,), (2, 3, 2)),
    ('x @ y', (2, 2, 3), (3,)),
    ('x @ x', (2, 2)),
    ('x @ x.T', (2, 3)),
    ('torch.matmul(x, y)', (2, 3), (3, 2)),
    ('x.mm(y)', (2, 3), (3, 2)),
    ('torch.bmm(x, y)', (2, 2, 3), (2, 3, 1)),
    ('x.mv(y)', (2, 3), (3,)),
    ('torch.dot(x, y)', (3,), (3,)),
    ('torch.outer(x, y)', (3,), (2,)),
    ("torch.einsum('ij,jk->ik', x, y)", (2, 3), (3, 2)),
    ("torch.einsum('bij,bjk->bk', x, y)", (2, 2, 3), (2, 3, 2)),
    ("torch.einsum('i,ij,j', x, y, z)", (2,), (2, 3), (3,)),
    ("torch.einsum('ii->i', x)", (3, 3)),
    ("torch.einsum('...ij->...ji', x)", (2, 2, 3)),
    ('torch.addmm(x, y, z, beta=0.5, alpha=2)', (4,), (2, 3), (3, 4)),
    ('torch.addmv(x, y, z)', (2,), (2, 3), (3,)),
    ('torch.baddbmm(x, y, z)', (2, 2, 2), (2, 2, 3), (2, 3, 2)),
    ('torch.inner(x, y)', (2, 3), (4, 3)),
    ('torch.tensordot(x, y, 1)', (2, 3), (3, 4)),
    ('torch.tensordot(x, y, dims=([0, 1], [1, 0]))', (2, 3, 4), (3, 2)),
]

SPD = 'x @ x.mT + torch.eye(3).to(x.dtype)'
LINALG = [
    ('torch.linalg.inv(x)', (2, 3, 3)),
    ('torch.linalg.solve(x, y)', (2, 3, 3), (3, 2)),
    ('torch.linalg.solve(x, y)', (3, 3), (3,)),
    ('torch.linalg.solve_triangular(x, y, upper=True)', (2, 2), (2, 3)),
    ('torch.linalg.solve_triangular(x, y, upper=False, left=False, unitriangular=True)', (2, 2),
     (3, 2)),
    ('torch.linalg.pinv(x)', (3, 2)),
    ('torch.linalg.pinv(x)', (2, 3)),
    ('torch.linalg.lstsq(x, y).solution', (4, 2), (4, 2)),
    ('torch.linalg.lstsq(x, y)[0]', (3, 2), (3,)),
    ('torch.linalg.det(x)', (2, 3, 3)),
    ('torch.linalg.slogdet(x)[1]', (3, 3)),
    (f'torch.logdet({SPD})', (3, 3)),
    (f'torch.linalg.cholesky({SPD})', (3, 3)),
    (f'torch.linalg.cholesky({SPD}, upper=True)', (3, 3)),
    (f'torch.linalg.eigh({SPD}).eigenvalues', (3, 3)),
    (f'torch.linalg.eigh({SPD}).eigenvectors ** 2', (3, 3)),
    (f"torch.linalg.eigvalsh({SPD}, 'U')", (3, 3)),
    ('torch.linalg.svd(x, full_matrices=False).S', (3, 2)),
    ('torch.linalg.svdvals(x)', (2, 2, 3)),
    ('torch.linalg.svd(x, False).U ** 2', (3, 2)),
    ('torch.linalg.svd(x, False).Vh ** 2', (2, 3)),
    ('torch.linalg.svd(x, full_matrices=True)[0] ** 2', (2, 2, 2)),
    ('torch.linalg.qr(x)[0] ** 2', (3, 2)),
    ('torch.linalg.qr(x).R ** 2', (2, 3, 2)),
    ("torch.linalg.matrix_norm(x, 'nuc', (0, 2), keepdim=True)", (3, 2, 2)),
    ('torch.linalg.matrix_norm(x, 2)', (3, 2)),
    ('torch.linalg.matrix_norm(x, -1)', (3, 2)),
    ("torch.linalg.norm(x, float('inf'), (0, 1))", (3, 2)),
    ('torch.linalg.cond(x)', (3, 2)),
    ('torch.linalg.matrix_power(x, 3)', (2, 2)),
    ('torch.matrix_power(x, -2)', (2, 2)),
    ('torch.linalg.multi_dot([x, y, z])', (2, 3), (3, 2), (2,)),
    ('torch.linalg.cross(x, y)', (2, 3), (1, 3)),
    ('torch.cross(x, y, 0)', (3, 2), (3, 2)),
    ('torch.svd(x).V ** 2', (3, 2)),
    ('torch.svd(x, compute_uv=False)[1]', (2, 3)),
    ('torch.pinverse(x)', (3, 2)),
    ('torch.linalg.cross(x, y, dim=0)', (3, 2), (3, 2)),
    ('torch.linalg.vecdot(x, y)', (2, 3), (3,)),
    ('torch.linalg.diagonal(x)', (2, 3, 3)),
    (f'torch.cholesky_solve(y, torch.linalg.cholesky({SPD}))', (3, 3), (3, 2)),
    (f'torch.cholesky_inverse(torch.linalg.cholesky({SPD}))', (3, 3)),
]

DIFFERENTIABLE = ARITHMETIC + POINTWISE + REDUCTIONS + SHAPES + INDEXING + PRODUCTS + LINALG

# Not in PyTorch: the expression, the same in NumPy, and a shape for each letter.
OWN = [
    ('x * torch.sigmoid(1.702 * x)', 'x / (1 + np.exp(-1.702 * x))', (2, 3)),
    ('x.atan() - y.atan()', 'np.arctan((x - y) / (1 + x * y))', unit(2, 3), unit(3)),
]
OWN_ROWS = [(expression, *shapes) for expression, _, *shapes in OWN]
EVERY = DIFFERENTIABLE + OWN_ROWS

# What has no derivative never requires grad.
CONSTANT = [
    ('x == y', (2, 3), (2, 3)),
    ('x == x', (2, 3)),
    ('x != y', (2, 1), (3,)),
    ('x < y', (2, 3), (3,)),
    ('x <= 0.5', (2, 3)),
    ('x > y', (3,), (2, 1)),
    ('x >= 0', (2, 3)),
    ('0 < x', (2, 3)),
    ('x.argmax()', (2, 3)),
    ('x.argmax(dim=1)', (2, 3)),
    ('torch.argmax(x, dim=-2, keepdim=True)', (2, 3)),
    ('x.argmin()', (2, 3)),
    ('x.argmin(0)', (2, 3)),
    ('torch.argmin(x, dim=-1, keepdim=True)', (2, 3)),
    ('x.max(dim=1).indices', (2, 3)),
    ('x.min(0)[1]', (2, 3)),
    ('torch.all(x > -1)', (2, 3)),
    ('(x > -1).all(dim=0)', (2, 3)),
    ('(x > -1).all(dim=-1, keepdim=True)', (2, 3)),
    ('torch.any(x > 1)', (2, 3)),
    ('(x > 1).any(1)', (2, 3)),
    ('(x > 1).any(dim=0, keepdim=True)', (2, 3)),
    ('~(x > 0)', (2, 3)),
    ('(x > 0) & (x < 1)', (2, 3)),
    ('(x < 0) | (x > 1)', (2, 3)),
    ('(x > 0) ^ (y > 0)', (2, 3), (3,)),
    ('x.long()', (2, 3)),
    ('x.bool()', (2, 3)),
    ('x.detach() * 2', (2, 3)),
    ('x.long() // 2', (2, 3)),
    ('(x > 0).sum()', (2, 3)),
    ('(x > 0).sum(dim=1)', (2, 3)),
    ('x.long().sum(0)', (2, 3)),
    ('x.long().max()', (2, 3)),
    ('x.argsort()', (2, 3)),
    ('torch.argsort(x.long(), dim=0, descending=True, stable=True)', (4, 2)),
    ('x.sort(dim=1).indices', (2, 3)),
    ('torch.topk(x, 2, dim=-1).indices', (2, 4)),
    ('torch.nonzero(x > 0)', (2, 3)),
    ('(x > 0).nonzero(as_tuple=True)[1]', (2, 3)),
    ('torch.count_nonzero(x.long(), dim=1)', (2, 3)),
    ('torch.bincount(x.long() + 2, minlength=6)', (7,)),
    ('torch.unique(x.long())', (2, 3)),
    ('torch.unique(x.long(), return_inverse=True, return_counts=True)[1]', (2, 3)),
]

# Arguments by name have PyTorch's names.
BY_NAME = [
    ('torch.add(input=x, other=y, alpha=2)', (2, 3), (3,)),
    ('torch.sub(input=x, other=y)', (2, 3), (3,)),
    ('torch.mul(input=x, other=y)', (2, 3), (3,)),
    ("torch.div(input=x, other=y, rounding_mode='floor')", (2, 3), positive(3)),
    ('torch.pow(input=x, exponent=2)', (2, 3)),
    ('torch.exp(input=x)', (2, 3)),
    ('torch.maximum(input=x, other=y)', (2, 3), (3,)),
    ('torch.where(condition=x > 0, input=x, other=y)', (2, 3), (3,)),
    ('torch.clamp(input=x, min=0, max=1)', (2, 3)),
    ('torch.lerp(input=x, end=y, weight=0.5)', (2, 3), (3,)),
    ('torch.eq(input=x, other=y)', (2, 3), (3,)),
    ('torch.sum(input=x, dim=0, keepdim=True)', (2, 3)),
    ('torch.mean(input=x, dim=0, keepdim=True)', (2, 3)),
    ('torch.var(input=x, dim=0, correction=0, keepdim=True)', (2, 3)),
    ('torch.max(input=x, dim=0, keepdim=True)', (2, 3)),
    ('torch.max(input=x, other=y)', (2, 3), (3,)),
    ('torch.amax(input=x, dim=0, keepdim=True)', (2, 3)),
    ('torch.argmax(input=x, dim=0, keepdim=True)', (2, 3)),
    ('torch.logsumexp(input=x, dim=0, keepdim=True)', (2, 3)),
    ('torch.prod(input=x, dim=0, keepdim=True)', (2, 3)),
    ('torch.cumsum(input=x, dim=0)', (2, 3)),
    ('torch.norm(input=x, p=1, dim=0, keepdim=True)', (2, 3)),
    ('torch.linalg.vector_norm(x=x, ord=1, dim=0, keepdim=True)', (2, 3)),
    ('torch.all(input=x > 0, dim=0, keepdim=True)', (2, 3)),
    ('torch.reshape(input=x, shape=(3, 2))', (2, 3)),
    ('torch.flatten(input=x, start_dim=0, end_dim=1)', (2, 3)),
    ('torch.squeeze(input=x, dim=0)', (1, 3)),
    ('torch.unsqueeze(input=x, dim=0)', (2, 3)),
    ('torch.transpose(input=x, dim0=0, dim1=1)', (2, 3)),
    ('torch.permute(input=x, dims=(1, 0))', (2, 3)),
    ('torch.flip(input=x, dims=(0,))', (2, 3)),
    ('torch.roll(input=x, shifts=1, dims=0)', (2, 3)),
    ('torch.cat(tensors=[x, x], dim=1)', (2, 3)),
    ('torch.stack(tensors=[x, x], dim=1)', (2, 3)),
    ('torch.split(tensor=x, split_size_or_sections=2, dim=1)', (2, 3)),
    ('torch.chunk(input=x, chunks=2, dim=1)', (2, 3)),
    ('torch.unbind(input=x, dim=1)', (2, 3)),
    ('torch.index_select(input=x, dim=1, index=torch.tensor([2, 0]))', (2, 3)),
    ('torch.gather(input=x, dim=1, index=torch.tensor([[2], [0]]))', (2, 3)),
    ('torch.scatter_add(input=x, dim=1, index=torch.tensor([[2], [0]]), src=y)', (2, 3), (2, 1)),
    ('torch.masked_fill(input=x, mask=x > 0, value=7.0)', (2, 3)),
    ('torch.tril(input=x, diagonal=-1)', (2, 3)),
    ('torch.diagonal(input=x, offset=1, dim1=0, dim2=1)', (2, 3)),
    ('torch.matmul(input=x, other=y)', (2, 3), (3, 2)),
    ('torch.mm(input=x, mat2=y)', (2, 3), (3, 2)),
    ('torch.bmm(input=x, mat2=y)', (1, 2, 3), (1, 3, 2)),
    ('torch.mv(input=x, vec=y)', (2, 3), (3,)),
    ('torch.outer(input=x, vec2=y)', (3,), (2,)),
    ('x.sum(dim=0, keepdim=True)', (2, 3)),
    ('x.std(dim=0, unbiased=False, keepdim=True)', (2, 3)),
    ('x.pow(exponent=2)', (2, 3)),
    ('x.add(other=y, alpha=2)', (2, 3), (3,)),
    ('x.transpose(dim0=0, dim1=1)', (2, 3)),
    ('x.permute(dims=(1, 0))', (2, 3)),
    ('x.view(size=(3, 2))', (2, 3)),
    ('x.reshape(shape=(3, 2))', (2, 3)),
    ('x.expand(size=(2, 2, 3))', (2, 3)),
    ('x.repeat(repeats=(2, 1))', (2, 3)),
    ('x.masked_fill(mask=x > 0, value=7.0)', (2, 3)),
    ('x.to(dtype=torch.float32)', (2, 3)),
    ('torch.zeros(size=(2, 3)) + x', (2, 3)),
    ('torch.full(size=(2, 3), fill_value=2.0) + x', (2, 3)),
    ('torch.arange(start=0, end=3, step=1) + x', (2, 3)),
    ('torch.linspace(start=0, end=1, steps=3) + x', (2, 3)),
    ('torch.eye(n=2, m=3) + x', (2, 3)),
]

# PyTorch ends the series of trigamma after four terms, where 1e-9 is missing; here it is exact.
TRIGAMMA = 'torch.digamma(x)', 'x.polygamma(1)'


def leaves(row, dtype=torch.float64):
    return [torch.tensor(x, dtype=dtype, requires_grad=True) for x in arrays(row[1:])]


def of(row):
    return function(torch, row[0], len(row) - 1)


def expected_outputs(row):
    """What PyTorch computed for a row, or NumPy if it is one of OWN."""
    if row not in OWN_ROWS:
        return STORED[name_of(row)]['outputs']
    _, by_numpy, *shapes = OWN[OWN_ROWS.index(row)]
    return several(function(torch, by_numpy, len(shapes))(*arrays(shapes)))


@every_row(DIFFERENTIABLE)
def test_values_and_gradients_are_those_of_pytorch(row):
    outputs, gradients = values_and_gradients(torch, row)
    tolerance = 1e-9 if row[0] in TRIGAMMA else 1e-10
    assert_equal(outputs, STORED[name_of(row)]['outputs'], tolerance)
    assert_equal(gradients, STORED[name_of(row)]['gradients'], tolerance)


@every_row(OWN_ROWS)
def test_values_of_what_pytorch_does_not_have_are_those_of_numpy(row):
    outputs, _ = values_and_gradients(torch, row)
    assert_equal(outputs, expected_outputs(row))


@every_row(EVERY)
def test_first_derivatives_equal_central_differences(row):
    assert torch.autograd.gradcheck(of(row), leaves(row))


@every_row(EVERY)
def test_second_derivatives_equal_central_differences(row):
    assert torch.autograd.gradgradcheck(of(row), leaves(row))


@every_row([row for row in EVERY if 'double' not in row[0] and 'to(' not in row[0]])
def test_float32_stays_float32_in_value_and_gradient(row):
    outputs, gradients = values_and_gradients(torch, row, 'float32')
    assert {x.dtype for x in outputs + gradients} == {torch.float32}
    assert_equal(outputs, expected_outputs(row), 2e-5)


@every_row(CONSTANT)
def test_what_has_no_derivative_has_the_values_of_pytorch_and_no_graph(row):
    outputs = several(of(row)(*leaves(row)))
    assert_equal(outputs, STORED[name_of(row)]['outputs'])
    for y in outputs:
        assert str(y.dtype).rpartition('.')[2] == STORED[name_of(row)]['dtype']
        assert not y.requires_grad and y.grad_fn is None and y.is_leaf


@every_row(BY_NAME)
def test_arguments_have_the_names_of_pytorch(row):
    assert_equal(several(of(row)(*leaves(row))), STORED[name_of(row)]['outputs'])


FUNCTIONS_AND_METHODS = [
    ('abs exp log log1p expm1 sqrt square rsqrt sin cos tanh sigmoid relu neg sum mean var std max '
     'min amax amin argmax argmin flatten squeeze clone', ()),
    ('pow maximum minimum add sub mul div matmul mm', (np.array([[1.0, 2.0], [3.0, 4.0]]),)),
    ('sum mean var std amax amin argmax argmin logsumexp unsqueeze squeeze chunk', (1,)),
    ('reshape', ((4, 1),)), ('transpose', (0, 1)), ('permute', ((1, 0),)), ('split', (1, 1)),
    ('clamp', (0.5, 1.5)), ('all any', ()), ('mv', (np.array([1.0, 2.0]),)),
]


@pytest.mark.parametrize('name, args', [
    (name, args) for names, args in FUNCTIONS_AND_METHODS for name in names.split()])
def test_a_function_and_its_method_are_the_same(name, args):
    x = torch.tensor([[1.0, 0.25], [2.0, 0.5]], dtype=torch.float64)
    args = [torch.tensor(arg) if isinstance(arg, np.ndarray) else arg for arg in args]
    by_function, by_method = getattr(torch, name)(x, *args), getattr(x, name)(*args)
    for y, z in zip(several(by_function), several(by_method)):
        assert y.tolist() == z.tolist() and y.dtype == z.dtype


@every_row(EVERY)
def test_arguments_are_not_changed(row):
    xs = leaves(row)
    outputs = several(of(row)(*xs))
    torch.autograd.backward(outputs, [torch.ones_like(y) for y in outputs])
    for x, original in zip(xs, arrays(row[1:])):
        np.testing.assert_array_equal(x.detach().numpy(), original)


def test_a_new_row_is_skipped_where_pytorch_is_not_installed_and_fails_where_it_is(monkeypatch):
    for found, outcome in ((None, pytest.skip.Exception), ('torch', pytest.fail.Exception)):
        monkeypatch.setattr('importlib.util.find_spec', lambda name: found)
        with pytest.raises(outcome, match='make_ops.py'):
            expected_outputs(('x + x + x', (2, 3)))


def test_the_stored_values_are_those_of_the_installed_pytorch():
    pytorch = pytest.importorskip('torch')
    for row in DIFFERENTIABLE:
        outputs, gradients = values_and_gradients(pytorch, row)
        assert_equal(outputs, STORED[name_of(row)]['outputs'])
        assert_equal(gradients, STORED[name_of(row)]['gradients'])
