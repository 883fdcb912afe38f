"""Every differentiable function at infinity, nan, zero, its kinks and the ends of its domain, with
upstream gradients of the same kinds: values, gradients and second derivatives beside PyTorch's.

A row is an expression in x, y and z. ELEMENTWISE rows see every combination of the edges and the
upstream gradients, ROWWISE ones rows of two or three numbers, WHOLE ones tensors of given shapes
with a few edges strewn in. Second derivatives are taken at zeros, ties and kinks, where numbers are
finite. PyTorch's values are in fixtures/edges.npz, written by fixtures/make_edges.py; the parity
tests compare with the installed PyTorch.
"""
import functools
import importlib.util
import inspect
import itertools
import math
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import OF_LAYERS, several
from tinygrad_adam import ops
from tinygrad_adam.nn import functional as F

inf, nan = math.inf, math.nan

UPSTREAM = [0.0, 1.5, inf, -inf, nan]
EDGES = {
    1: [0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, 20, -20, 1e-9, -1e-9, 100, -100, 600, -600,
        740, -740, 1e-310, -1e-310, 1e200, -1e200, inf, -inf, nan],
    2: [0.0, -0.0, 1, -1, 2, 1e-310, 1e200, inf, -inf, nan],
    3: [0.0, 1, -1, 2, inf, -inf, nan]}
TAME_UPSTREAM = [0.0, 1.5, -2.0]
TAME = {1: [0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, 3, 20, -20, 1e-9],
        2: [0.0, -0.0, 1, -1, 2, -0.5, 3],
        3: [0.0, 1, -1, 2]}

ELEMENTWISE = '''
torch.abs(x)  torch.sign(x)  torch.floor(x)  torch.ceil(x)  torch.round(x)  torch.trunc(x)
torch.neg(x)  torch.square(x)  torch.reciprocal(x)  torch.sqrt(x)  torch.rsqrt(x)  torch.clone(x)
torch.exp(x)  torch.expm1(x)  torch.log(x)  torch.log1p(x)  torch.log2(x)  torch.sin(x)
torch.cos(x)  torch.tan(x)  torch.atan(x)  torch.sinh(x)  torch.cosh(x)  torch.tanh(x)
torch.sigmoid(x)  torch.relu(x)
torch.log10(x)  torch.exp2(x)  torch.asin(x)  torch.acos(x)  torch.asinh(x)  torch.acosh(x)
torch.atanh(x)  torch.erf(x)  torch.erfc(x)
torch.logit(x)  torch.erfinv(x)  torch.sgn(x)  torch.float_power(x, 3)  torch.float_power(2, x)
torch.hypot(x, y)  torch.float_power(x, y)  torch.heaviside(x.detach(), y.detach())
torch.argwhere(x)
torch.xlogy(x, y)  torch.xlogy(x, 2)  torch.xlogy(2, x)  torch.xlogy(x, 0)  torch.sinc(x)
torch.logaddexp2(x, y)  torch.ldexp(x, y)  torch.fmax(x, y)  torch.fmin(x, y)
torch.copysign(x, y)  torch.copysign(x, -0.0)  torch.signbit(x)  torch.isposinf(x)
torch.isneginf(x)  torch.round(x, decimals=1)  torch.round(x, decimals=-1)  torch.positive(x)
torch.lgamma(x)  torch.digamma(x)  torch.polygamma(1, x)  torch.polygamma(2, x)
torch.deg2rad(x)  torch.rad2deg(x)  torch.frac(x)
torch.nan_to_num(x)  torch.nan_to_num(x, 1.0, 2.0, -3.0)  torch.clamp_min(x, 0)
torch.clamp_max(x, -1)  torch.fmod(x, 2)  torch.fmod(x, inf)  torch.arcsin(x)  torch.arccos(x)
torch.arctan(x)  torch.absolute(x)  torch.negative(x)  torch.clip(x, -1, 1)
F.relu(x)  F.relu(x.clone(), inplace=True)  F.leaky_relu(x)  F.leaky_relu(x, 0.0)
F.leaky_relu(x, 2.0)  F.leaky_relu(x, -0.5)  F.elu(x)  F.elu(x, 0.5)  F.elu(x, 0.0)  F.gelu(x)
F.gelu(x, approximate='tanh')  F.silu(x)  F.softplus(x)  F.softplus(x, 2, 3)  F.logsigmoid(x)
F.selu(x)  F.celu(x)  F.celu(x, 0.5)  F.celu(x, -2.0)  F.hardtanh(x)  F.hardtanh(x, -2.5, 0.5)
F.relu6(x)  F.hardswish(x)  F.mish(x)  F.softsign(x)  F.tanhshrink(x)
F.softshrink(x)  F.softshrink(x, 2.0)  F.hardshrink(x)  F.hardshrink(x, -1.0)
F.hardsigmoid(x)  F.rrelu(x)  F.rrelu(x, 0.5, 0.5, True)
F.relu_(x.clone())  F.elu_(x.clone(), 0.5)  F.leaky_relu_(x.clone(), 0.2)  F.rrelu_(x.clone())
F.selu_(x.clone())  F.celu_(x.clone(), 0.5)  F.hardtanh_(x.clone(), -2.5, 0.5)
F.threshold_(x.clone(), 0.5, inf)
F.threshold(x, 0.5, inf)  F.threshold(x, 1, nan)  F.relu6(x.clone(), inplace=True)
F.prelu(x, of(0.0, x))  F.prelu(x, of(-0.5, x))
F.sigmoid(x)  F.tanh(x)  F.dropout(x, 0.0)  F.dropout(x, 1.0)  F.dropout(x, training=False)
x.float()
torch.add(x, 1, alpha=inf)  torch.sub(x, x, alpha=0)  torch.mul(x, 0)  torch.mul(x, inf)
torch.div(x, 0)  torch.div(x, inf)  torch.div(x, 2, rounding_mode='floor')
torch.div(x, 2, rounding_mode='trunc')  torch.div(x, 0, rounding_mode='floor')  x + inf  x - inf
0 / x  1 / x  inf / x  torch.pow(x, 0)  torch.pow(x, 1)  x ** 2  x ** 3  x ** -1  x ** 0.5
x ** -0.5  x ** 1.5  x ** -2  x ** inf  x ** -inf  x ** nan  0 ** x  1 ** x  2 ** x  inf ** x
0.5 ** x  (-1) ** x  torch.remainder(x, 2)  torch.remainder(x, inf)  x % -1.5
torch.clamp(x, -1, 1)  torch.clamp(x, min=0)  torch.clamp(x, max=-1)  torch.clamp(x, 1, -1)
torch.clamp(x, nan, 1)  torch.clamp(x, 0, nan)  torch.where(x > 0, x, 0.0)
torch.where(x > 0, 1.0, x)  torch.masked_fill(x, x > 0, 1.0)  x.masked_fill(x > 0, inf)
x.clone().abs_()  x.clone().clamp_(0, 1)  x.clone().sqrt_()  x.clone().floor_()
x.clone().pow_(0)  x.clone().mul_(0)  x.clone().relu_()  x.clone().zero_()  x.double()
x + y  x - y  x * y  x / y  x ** y  x % y  torch.maximum(x, y)  torch.minimum(x, y)
torch.atan2(x, y)  torch.arctan2(x, y)  torch.fmod(x, y)  torch.multiply(x, y)
torch.subtract(x, y)  torch.divide(x, y)  torch.true_divide(x, y)  torch.greater(x, y)
torch.greater_equal(x, y)  torch.less(x, y)  torch.less_equal(x, y)  torch.not_equal(x, y)
torch.addcmul(x, y, y)  torch.addcdiv(x, x, y)
torch.logaddexp(x, y)  torch.clamp(x, min=y)  torch.clamp(x, max=y)  torch.where(x > y, x, y)
torch.div(x, y, rounding_mode='floor')  torch.div(x, y, rounding_mode='trunc')
torch.lerp(x, y, 0.0)  torch.lerp(x, y, 0.5)  torch.lerp(x, y, 1.0)  torch.lerp(x, y, -1.0)
F.mse_loss(x, y, reduction='none')  F.l1_loss(x, y, reduction='none')
F.huber_loss(x, y, reduction='none')  F.huber_loss(x, y, reduction='none', delta=inf)
F.smooth_l1_loss(x, y, reduction='none', beta=0.5)
F.smooth_l1_loss(x, y, reduction='none', beta=0)
F.kl_div(x, y, reduction='none')  F.kl_div(x, y, reduction='none', log_target=True)
F.binary_cross_entropy_with_logits(x, y, reduction='none')
F.binary_cross_entropy_with_logits(x, y, reduction='none', pos_weight=of(2, x))
F.binary_cross_entropy_with_logits(x, y, of(2, x), reduction='none')
torch.lerp(x, y, z)  torch.clamp(x, y, z)
x == y  x != y  x < y  x <= y  x > y  x >= y  torch.eq(x, y)  torch.ne(x, y)  torch.lt(x, y)
torch.le(x, y)  torch.gt(x, y)  torch.ge(x, y)  torch.isclose(x, y)
torch.isclose(x, y, equal_nan=True)
torch.isnan(x)  torch.isinf(x)  torch.isfinite(x)
torch.logical_and(x, y)  torch.logical_or(x, y)  torch.logical_xor(x, y)  torch.logical_not(x)
'''

LABELS = 'torch.arange(len(x)) % 3'
PLACES = 'torch.tensor([[0, 0, 1]]).expand(len(x), 3)'
ROWWISE = [line.strip() for line in f'''
torch.sum(x, 1)
torch.mean(x, 1)
torch.prod(x, 1)
torch.var(x, 1)
torch.var(x, 1, correction=0)
torch.std(x, 1)
torch.amax(x, 1)
torch.amin(x, 1)
torch.max(x, 1)
torch.min(x, 1)
torch.argmax(x, 1)
torch.argmin(x, 1)
torch.all(x, 1)
torch.any(x, 1)
torch.logsumexp(x, 1)
torch.cumsum(x, 1)
torch.cumprod(x, 1)
torch.diff(x)
torch.nansum(x, 1)
torch.nanmedian(x, 1)
torch.logcumsumexp(x, 1)
torch.trapezoid(x)
torch.trapezoid(x, y)
torch.cumulative_trapezoid(x, dx=0.5)
torch.nanmean(x, 1)
torch.aminmax(x, dim=1)
torch.msort(x.T)
torch.std_mean(x, 1)
torch.var_mean(x, 1)
torch.cdist(x[:, None], y[:, None])
torch.hstack([x, y])
torch.vstack([x, y])
torch.dstack([x, y])
torch.column_stack([x, y])
torch.concat([x, y], 1)
torch.concatenate([x, y], 1)
torch.atleast_1d(x)
torch.atleast_2d(x)
torch.atleast_3d(x)
torch.tile(x, (2,))
torch.movedim(x, 0, 1)
torch.moveaxis(x, 0, 1)
torch.swapaxes(x, 0, 1)
torch.swapdims(x, 0, 1)
torch.rot90(x)
torch.fliplr(x)
torch.flipud(x)
torch.ravel(x)
torch.unflatten(x, 1, (3, 1))
torch.broadcast_to(x, x.shape)
torch.diag(x)
torch.diag_embed(x)
torch.trace(x)
x.unfold(1, 2, 1)
torch.masked_select(x, x > 0)
torch.take(x, torch.tensor([0, -1, 0]))
torch.take_along_dim(x, torch.zeros(len(x), 1).long(), 1)
torch.repeat_interleave(x, 2, 1)
torch.scatter(x, 1, torch.zeros(len(x), 1).long(), y[:, :1])
torch.scatter_reduce(x, 1, {PLACES}, y, 'sum')
torch.scatter_reduce(x, 1, {PLACES}, y, 'prod')
torch.scatter_reduce(x, 1, {PLACES}, y, 'mean')
torch.scatter_reduce(x, 1, {PLACES}, y, 'amax')
torch.scatter_reduce(x, 1, {PLACES}, y, 'amin', include_self=False)
torch.masked_scatter(x, y > 0, y)
torch.index_put(x, (torch.tensor([0, 0]), torch.tensor([1, 2])), y[0, :2])
torch.index_put(x, (torch.tensor([0, 0]),), y[0, :1], accumulate=True)
torch.index_add(x, 1, torch.tensor([0, 0, 1]), y)
torch.index_copy(x, 1, torch.tensor([2, 0, 1]), y)
torch.index_fill(x, 1, torch.tensor([0]), 1.0)
torch.inner(x, of([1, 0, -1], x))
torch.addmv(x[:, 0], y, of([1, 0, -1], x))
torch.baddbmm(x[:, :1, None], x[:, None], y[:, :, None])
torch.norm(x, dim=1)
torch.linalg.vector_norm(x, 1, dim=1)
torch.softmax(x, 1)
torch.log_softmax(x, 1)
F.softmin(x, 1)
F.glu(x[:, :2])
F.rms_norm(x, (3,))
F.instance_norm(x[:, None])
F.local_response_norm(x[:, :, None], 2)
F.softmax(x, 1)
F.log_softmax(x, 1)
torch.sort(x, 1)
torch.sort(x, 1, descending=True)
torch.argsort(x, 1)
torch.topk(x, 2, 1)
torch.topk(x, 2, 1, largest=False)
torch.count_nonzero(x, dim=1)
F.normalize(x)
F.normalize(x, p=1)
F.layer_norm(x, (3,))
F.group_norm(x[:, :, None], 3)
F.max_pool2d(x[:, None, None], (1, 3))
F.max_pool2d(x[:, None, None], (1, 2), 1)
F.max_pool2d(x[:, None, None], (1, 2), 1, (0, 1), return_indices=True)
F.avg_pool2d(x[:, None, None], (1, 2), 1, (0, 1))
F.adaptive_avg_pool2d(x[:, None, None], (1, 2))
F.adaptive_avg_pool2d(x[:, None, None], 1)
F.interpolate(x[:, None], scale_factor=2)
F.pad(x, (1, 1), value=inf)
F.pad(x, (2, 1), mode='reflect')
F.pad(x, (2, 1), mode='replicate')
F.pad(x, (2, 1), mode='circular')
F.cross_entropy(x, {LABELS}, reduction='none')
F.cross_entropy(x, {LABELS}, of([0, 1, 2], x), reduction='none')
F.cross_entropy(x, {LABELS}, ignore_index=1, reduction='none')
F.cross_entropy(x, {LABELS}, label_smoothing=0.1, reduction='none')
F.cross_entropy(x, of([0, 0.5, 0.5], x).expand(len(x), 3), reduction='none')
F.nll_loss(x, {LABELS}, reduction='none')
F.nll_loss(x, {LABELS}, of([0, 1, 2], x), ignore_index=2, reduction='none')
F.linear(x, of([[1, 0, -1]], x))
torch.mv(x, of([1, 0, -1], x))
torch.gather(x, 1, torch.zeros(len(x), 1).long())
torch.scatter_add(x, 1, torch.zeros(len(x), 2).long(), x[:, 1:])
torch.index_select(x, 1, torch.tensor([2, 0, 2]))
torch.narrow(x, 1, 0, 2)
torch.select(x, 1, -1)
torch.tensor_split(x, (1, 0, -1), 1)
torch.hsplit(x, 3)
torch.vsplit(x, [1])
torch.dsplit(x[None], 3)
torch.split_with_sizes(x, [1, 0, 2], 1)
torch.block_diag(x, x[0])
torch.diagflat(x, 1)
torch.flip(x, (1,))
torch.roll(x, 1, 1)
torch.transpose(x, 0, 1)
torch.permute(x, (1, 0))
torch.t(x)
torch.reshape(x, (-1,))
torch.flatten(x)
torch.unsqueeze(x, 1)
torch.squeeze(x[:, :1], 1)
torch.broadcast_tensors(x, x[:1])[1]
torch.tril(x)
torch.triu(x, 1)
torch.diagonal(x)
torch.unbind(x, 1)
torch.split(x, 2, 1)
torch.chunk(x, 2, 1)
torch.meshgrid(x[0], x[1], indexing='ij')
x.mT.contiguous()
torch.nonzero(x)
torch.unique(x.detach())
torch.unique_consecutive(x.detach())
x[:, [0, 0, 1]]
x[x > 0]
x.repeat(1, 2)
torch.cat([x, y], 1)
torch.stack([x, y])
torch.bmm(x[:, None], y[:, :, None])
torch.matmul(x[:, None], y[:, :, None])
torch.einsum('bi,bi->b', x, y)
torch.einsum('bi,bj->b', x, y)
torch.einsum('bi,bj->bij', x, y)
F.cosine_similarity(x, y)
F.cross_entropy(x, y, reduction='none')
F.cross_entropy(x, y, of([0, 2, 1], x), label_smoothing=0.1, reduction='none')
'''.strip().splitlines()]

IMAGES, TOKENS = (2, 2, 4, 4), (2, 3, 2)
MASK = 'torch.tensor([[True, False, True], [False, False, False], [True, True, True]])'
PADDING = 'torch.tensor([[True, True, True], [False, False, True]])'
CTC = 'x.log_softmax(2), torch.tensor([[1, 2], [2, 2]]), torch.tensor([4, 2]), torch.tensor([2, 2])'
WHOLE = [
    ('torch.sum(x)', (3, 4)),
    ('torch.mean(x, 0)', (3, 4)),
    ('torch.var(x)', (3, 4)),
    ('torch.std(x, 0)', (3, 4)),
    ('torch.max(x)', (3, 4)),
    ('torch.min(x)', (3, 4)),
    ('torch.amax(x, (0, 1))', (3, 4)),
    ('torch.logsumexp(x, (0, 1))', (3, 4)),
    ('torch.cumsum(x, 0)', (3, 4)),
    ('torch.median(x)', (3, 4)),
    ('torch.median(x, 1)', (3, 5)),
    ('torch.kthvalue(x, 2)', (3, 5)),
    ('torch.quantile(x, 0.3)', (3, 4)),
    ('torch.logit(x.sigmoid(), 0.1)', (3, 4)),
    ('torch.dist(x, y)', (3, 2), (3, 2)),
    ('torch.cov(x)', (2, 3)),
    ('torch.corrcoef(x.sigmoid())', (2, 3)),
    ('torch.cummax(x, 1)', (3, 4)),
    ('torch.cummin(x, 0)', (3, 4)),
    ('torch.kron(x, y)', (2, 3), (2,)),
    ('torch.cartesian_prod(x, y)', (2,), (3,)), ('torch.combinations(x)', (3,)),
    ('torch.combinations(x, 2, True)', (3,)),
    ('torch.addmm(x, y, z)', (4,), (3, 2), (2, 4)),
    ('torch.tensordot(x, y, 1)', (3, 2), (2, 4)),
    *[(row.replace('A', 'torch.nan_to_num(x, 1, 1, -1).clamp(-1, 1) + of([[4, 1], [1, 5]], x)'),
       (2, 2), (2, 1)) for row in (
        'torch.inverse(A)', 'torch.linalg.solve(A, y)', 'torch.det(A)', 'torch.logdet(A)',
        'torch.slogdet(A)[1]', 'torch.matrix_power(A, 3)', 'torch.linalg.pinv(A)',
        'torch.linalg.cholesky(A)', 'torch.linalg.eigh(A)[0]', 'torch.linalg.eigh(A)[1] ** 2',
        'torch.linalg.svdvals(A)', 'torch.linalg.svd(A)[0] ** 2', 'torch.linalg.svd(A)[2] ** 2',
        'torch.pinverse(A)', 'torch.svd(A)[2] ** 2',
        'torch.linalg.qr(A)[0] ** 2', 'torch.linalg.qr(A)[1] ** 2',
        'torch.cholesky_solve(y.sigmoid(), torch.linalg.cholesky(A))',
        'torch.cholesky_inverse(torch.linalg.cholesky(A))')],
    ('torch.dot(x, y)', (3,), (3,)),
    ('torch.outer(x, y)', (3,), (3,)),
    ('torch.ger(x, y)', (3,), (3,)),
    ('torch.vdot(x, y)', (3,), (3,)),
    ('torch.cross(x, y, 0)', (3, 2), (3, 2)),
    ('torch.mm(x, y)', (3, 2), (2, 4)),
    ("torch.einsum('i,ij,j', x, y, z)", (2,), (2, 3), (3,)),
    ("torch.einsum('ij,jk->k', x, y)", (3, 2), (2, 4)),
    ('F.linear(x, y, z)', (3, 2), (4, 2), (4,)),
    ('F.embedding(torch.tensor([0, 2, 2]), x)', (3, 4)),
    ('F.embedding(torch.tensor([0, 2, 2]), x, scale_grad_by_freq=True)', (3, 4)),
    ('F.conv1d(x, y, z)', (2, 2, 6), (2, 2, 2), (2,)),
    ('F.conv2d(x, y, z, padding=1)', IMAGES, (2, 2, 2, 2), (2,)),
    ('F.conv_transpose2d(x, y, z, 2)', IMAGES, (2, 2, 2, 2), (2,)),
    ('F.max_pool2d(x, 2)', IMAGES),
    ('F.max_pool2d(x, 3, 2, 1, return_indices=True)', IMAGES),
    ('F.max_pool2d(x, 2, 1, 1, 2)', IMAGES),
    ('F.max_pool2d(x, 3, ceil_mode=True)', IMAGES),
    ('F.avg_pool2d(x, 3, 2, 1)', IMAGES),
    ('F.max_pool1d(x, 2, 1, 1, return_indices=True)', (2, 2, 5)),
    ('F.avg_pool1d(x, 2, 1, 1)', (2, 2, 5)),
    ('F.adaptive_avg_pool1d(x, 3)', (2, 2, 5)),
    ('F.adaptive_max_pool1d(x, 3, True)', (2, 2, 5)),
    ('F.adaptive_max_pool2d(x, 3, return_indices=True)', IMAGES),
    ('F.adaptive_max_pool2d(x, 1)', IMAGES),
    ('F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2)', IMAGES),
    ('F.max_unpool1d(*F.max_pool1d(x, 2, return_indices=True), 2)', (1, 2, 4)),
    ('F.lp_pool1d(x, 2, 2)', (1, 2, 4)),
    ('F.lp_pool2d(x, 2, 2)', IMAGES),
    ('F.pdist(x)', (3, 2)),
    ('F.pixel_shuffle(x, 2)', (2, 4, 1, 2)),
    ('F.channel_shuffle(x, 2)', (1, 4, 2)),
    ('F.pixel_unshuffle(x, 2)', (2, 1, 2, 4)),
    ('F.prelu(x, y)', (2, 3, 2), (3,)),
    ('F.instance_norm(x, None, None, y, z)', (2, 3, 4), (3,), (3,)),
    ('F.rms_norm(x, (3,), y)', (4, 3), (3,)),
    ('F.conv_transpose1d(x, y, z, 2)', (2, 2, 3), (2, 2, 2), (2,)),
    ('F.dropout1d(x, 1.0)', (2, 2, 3)),
    ('F.dropout2d(x, 1.0)', IMAGES),
    ('F.dropout3d(x, 1.0)', IMAGES),
    ('F.alpha_dropout(x, 1.0, True)', (3, 2)),
    ('F.adaptive_avg_pool2d(x, 3)', IMAGES),
    ('F.batch_norm(x, None, None, y, z, training=True)', (4, 3), (3,), (3,)),
    ('F.batch_norm(x, of([0, 0], x), of([1, 0], x))', (3, 2)),
    ('F.group_norm(x, 2, y, z)', (2, 4, 3), (4,), (4,)),
    ('F.layer_norm(x, (3,), y, z)', (4, 3), (3,), (3,)),
    ('F.mse_loss(x, y)', (3, 2), (3, 2)),
    ('F.l1_loss(x, y)', (3, 2), (3, 2)),
    ('F.huber_loss(x, y)', (3, 2), (3, 2)),
    ('F.margin_ranking_loss(x, y, of([[1, -1]], x), 0.5)', (3, 2), (3, 2)),
    ('F.triplet_margin_with_distance_loss(x, y, z)', (3, 2), (3, 2), (3, 2)),
    ('F.triplet_margin_loss(x, y, z)', (3, 2), (3, 2), (3, 2)),
    ('F.triplet_margin_loss(x, y, z, swap=True)', (3, 2), (3, 2), (3, 2)),
    ('F.gaussian_nll_loss(x, y, z.abs())', (3, 2), (3, 2), (3, 2)),
    ('F.unfold(x, 2, padding=1)', IMAGES),
    ('F.bilinear(x, y, z)', (1, 2), (1, 2), (2, 2, 2)),
    ("F.embedding_bag(torch.tensor([[0, 1], [1, 2]]), x, mode='sum')", (3, 2)),
    ("F.embedding_bag(torch.tensor([[0, 1], [1, 2]]), x, mode='max')", (3, 2)),
    ('F.fold(x, (2, 3), 2)', (1, 4, 2)),
    ("F.interpolate(x, 4, mode='bilinear')", IMAGES),
    ("F.interpolate(x, 5, mode='bicubic')", IMAGES),
    ("F.interpolate(x, 3, mode='area')", IMAGES),
    ("F.interpolate(x, 3, mode='nearest-exact')", IMAGES),
    ("F.interpolate(x, 3, mode='linear', align_corners=True)", (1, 2, 4)),
    ('F.affine_grid(x, (1, 1, 2, 2), align_corners=False)', (1, 2, 3)),
    ('F.grid_sample(x, of([[[[-0.9, 0.1], [0.2, 2.0]]]], x), align_corners=False)', (1, 2, 2, 2)),
    ('F.soft_margin_loss(x, of([[1, -1], [1, -1], [1, -1]], x))', (3, 2)),
    ('F.hinge_embedding_loss(x, of([[1, -1]], x))', (3, 2)),
    ('F.cosine_embedding_loss(x, y, of([1, -1, 1], x))', (3, 2), (3, 2)),
    ('F.multi_margin_loss(x, torch.tensor([1, 0, 1]))', (3, 2)),
    ('F.multilabel_margin_loss(x, torch.tensor([[1, -1], [0, -1], [0, 1]]))', (3, 2)),
    ('F.multilabel_soft_margin_loss(x, y)', (3, 2), (3, 2)),
    ('F.poisson_nll_loss(x, y)', (3, 2), (3, 2)),
    ('F.poisson_nll_loss(x, y, False, True)', (3, 2), (3, 2)),
    ('F.pairwise_distance(x, y)', (3, 2), (3, 2)),
    ('F.smooth_l1_loss(x, y)', (3, 2), (3, 2)),
    ("F.kl_div(x, y.abs(), reduction='batchmean')", (3, 2), (3, 2)),
    ('F.binary_cross_entropy_with_logits(x, y)', (3, 2), (3, 2)),
    ('F.cross_entropy(x, torch.tensor([0, -100, 3]))', (3, 4)),
    ('F.cross_entropy(x, torch.tensor([0, 1, 3]), of([0, 1, 2, 0], x))', (3, 4)),
    ('F.cross_entropy(x, torch.tensor([1, 1, 1]), of([1, 0, 1, 1], x))', (3, 4)),
    ('F.nll_loss(x, torch.tensor([-100, -100, -100]))', (3, 4)),
    ("F.nll_loss(x, torch.tensor([0, -100, 3]), reduction='sum')", (3, 4)),
    (f'F.ctc_loss({CTC})', (4, 2, 3)),
    (f"F.ctc_loss({CTC}, reduction='none', zero_infinity=True)", (4, 2, 3)),
    ('F.scaled_dot_product_attention(x, y, z)', TOKENS, TOKENS, TOKENS),
    ('F.scaled_dot_product_attention(x, y, z, is_causal=True)', TOKENS, TOKENS, TOKENS),
    (f'F.scaled_dot_product_attention(x, y, z, {MASK})', TOKENS, TOKENS, TOKENS),
    (f'F.scaled_dot_product_attention(x, y, z, of({MASK}, x).log())', TOKENS, TOKENS, TOKENS),
    ('filled(nn.RNN(2, 3))(x)[0]', (3, 2, 2)),
    ("filled(nn.RNN(2, 3, nonlinearity='relu'))(x)[0]", (3, 2, 2)),
    ('filled(nn.LSTM(2, 3))(x)[0]', (3, 2, 2)),
    ('filled(nn.GRU(2, 3))(x)[0]', (3, 2, 2)),
    (f'filled(nn.MultiheadAttention(2, 1, batch_first=True))(x, x, x, {PADDING})', TOKENS),
    (f'filled(nn.MultiheadAttention(2, 1, batch_first=True))(x, x, x, {PADDING}, False)[0]',
     TOKENS),
    ('filled(nn.TransformerEncoderLayer(2, 1, 3, 0.0, batch_first=True))'
     f'(x, src_key_padding_mask={PADDING})', TOKENS),
]
PROBABILITIES = ['F.binary_cross_entropy(x, y, reduction=\'none\')']
# Not differentiated twice, here or in PyTorch.
ONCE = ['ctc_loss', 'hardsigmoid', 'torch.cdist', 'F.pdist', 'nn.RNN', 'nn.LSTM', 'nn.GRU',
        ', False)[0]', 'nn.TransformerEncoderLayer', 'multi_margin', 'multilabel_margin',
        'embedding_bag', 'scale_grad_by_freq', "'prod'"]
ROWS = ([('elementwise', row) for row in re.split(r'\s\s+|\n', ELEMENTWISE.strip())]
        + [('rowwise', row) for row in ROWWISE] + [('whole', *row) for row in WHOLE]
        + [('probabilities', row) for row in PROBABILITIES])

# Where this package differs, and why: expressions, the reason, and the places, in terms of the
# inputs and g. Only a place where one of the two numbers is not finite may be listed.
KEPT = [
    (r'F.softplus.*|F.logsigmoid.*', 'A slope too small for a normal number is 0, as in sigmoid.',
     'abs(x) > 500'),
    (r'F.(elu|selu|celu)_.*', 'PyTorch takes the slope from the result, where it is rounded to 0.',
     'True'),
    (r'F.kl_div.*', 'A target below 0 is no probability; g = 0 hides that in PyTorch.', 'y < 0'),
    (r'F.conv.*', 'A weight meets the padding and the gaps of a stride, and 0 inf is nan.', 'True'),
    (r'F.(batch|layer|group|instance)_norm.*', 'The steps come in another order.', 'True'),
    (r'torch.addcmul.*', 'PyTorch multiplies and adds in one step, which cannot overflow between.',
     'True'),
    (r'torch.addcdiv.*', 'PyTorch squares the divisor, which underflows.', 'True'),
    (r'torch.cumprod.*|torch.(std|var)_mean.*', 'The steps come in another order.', 'True'),
    (r'torch.polygamma.*', 'PyTorch adds up zeros times infinity; 0 is the limit.',
     'abs(x) > 1e308'),
    (r'torch.logcumsumexp.*', 'PyTorch takes the logarithm of g, and leaves out those of nan.',
     'True'),
    (r'torch.trapezoid\(x\)', 'PyTorch subtracts half of the ends, and inf - inf is nan.', 'True'),
    (r'torch.nan(sum|mean).*', 'What does not count has slope 0, chosen; PyTorch multiplies by 0.',
     'True'),
    (r'filled\(nn.GRU.*', 'All parts are one product, in which an input meets 0 for one of them.',
     'True'),
    (r'F.scaled_dot_product_attention.*', 'A query that sees no key has slope 0, chosen; and what '
     'is_causal hides is filled with -inf, as in PyTorch of four dimensions, not added.', 'True'),
]
KEPT_SECOND = [
    (r'torch.logcumsumexp.*', 'PyTorch takes the logarithm of g.', 'g == 0'),
    (r'torch.logit\(x\)', 'The sign of an infinite slope of the slope, at -0.', 'x == 0'),
    (r'torch.sinc.*', 'Near 0 all digits cancel, in another order.', 'abs(x) < 1e-8'),
    (r'F.prelu.*', 'At 0 PyTorch takes one slope in first derivatives, the other in second.',
     'True'),
    (r'F.softplus.*', 'At the threshold, where the slope jumps, PyTorch has slope 0.',
     '(x == 20) | (x == 1.5)'),
    (r'torch.addcdiv.*', 'PyTorch squares the divisor, which underflows.', 'y == 0'),
    (r'F.binary_cross_entropy\(.*', 'PyTorch adds 1e-12 to the input and to 1 - input.', 'True'),
    (r'F.kl_div.*', 'A target below 0 is no probability; g = 0 hides that in PyTorch.', 'y < 0'),
    (r'F.nll_loss\(x, torch.tensor\(\[-100.*', 'The mean of nothing.', 'True'),
]


def of(values, like):
    """The values as a tensor of the library and dtype of another one."""
    kind = torch if isinstance(like, torch.Tensor) else import_module('torch')
    return kind.as_tensor(values).to(like.dtype)


def function(library, expression, count):
    def filled(module):
        for i, p in enumerate(module.parameters()):
            values = np.cos(np.arange(i, i + p.numel())).reshape(tuple(p.shape))
            p.data = library.tensor(values, dtype=p.dtype)
        return module.double()

    names = {'torch': library, 'F': library.nn.functional, 'nn': library.nn, 'inf': inf, 'nan': nan,
             'of': of, 'filled': filled}
    return eval(f'lambda {", ".join("xyz"[:count])}: {expression}', names)


def cases(row, tame=False):
    """Pairs of the arrays of a row, and a function that gives the upstream gradient of a shape."""
    kind, expression, *shapes = row
    count = len(shapes) or 1 + bool(re.search(r'\by\b', expression)) + bool(
        re.search(r'\bz\b', expression))
    upstream = TAME_UPSTREAM if tame else UPSTREAM
    if kind in ('elementwise', 'probabilities'):
        edges = (TAME if tame else EDGES)[count]
        if kind == 'probabilities':
            edges = [0, 0.5, 1, 1e-9, 1 - 1e-9]
        table = np.array([*itertools.product(edges, repeat=count)]).T
        yield [np.repeat(x, len(upstream)) for x in table], lambda shape: np.resize(upstream, shape)
    elif kind == 'rowwise':
        random = np.random.default_rng(0)
        size = (24, 3 * count)
        table = random.choice([0, 1, -1, 2] if tame else [0, 1, -1, inf, -inf, nan], size)
        table[:, 1::3] = np.where(random.random((24, count)) < 0.5, 0.5, table[:, 1::3])
        table = np.repeat(table, len(upstream), axis=0)
        yield np.split(table, count, 1), lambda shape: strewn(shape, upstream)
    else:
        for seed in range(4 if tame else 9):
            random = np.random.default_rng(seed)
            arrays = [random.normal(size=shape) for shape in shapes]
            for _ in range(seed % 3):
                array = arrays[random.integers(count)]
                array.flat[random.integers(array.size)] = random.choice(
                    [0, 1] if tame else [0, 1, inf, -inf, nan])
            yield arrays, lambda shape, seed=seed: np.roll(strewn(shape, upstream), seed)


def strewn(shape, upstream):
    """Ordinary numbers, in every third place one of the upstream gradients."""
    g = np.cos(np.arange(math.prod(shape)))
    g[::3] = np.resize(upstream, g[::3].shape)
    return g.reshape(shape)


def answers(library, row, second=False):
    """What a library computes for a row: {name of a number: array}, case by case."""
    found = []
    for arrays, upstream in cases(row, second):
        xs = [leaf(library, x, row) for x in arrays]
        outputs = [y for y in several(function(library, row[1], len(xs))(*xs)) if y is not None]
        ends = [y for y in outputs if y.requires_grad]
        gs = [leaf(library, upstream(tuple(y.shape)), row, second) for y in ends]
        results = [] if second else outputs
        if ends:
            first = library.autograd.grad(ends, xs, gs, create_graph=second, allow_unused=True,
                                          materialize_grads=True)
            results = [*results, *first]
        if ends and second:
            curved = [g for g in first if g.requires_grad]
            results = library.autograd.grad(
                curved, [*xs, *gs], [ones(g) for g in curved], allow_unused=True,
                materialize_grads=True) if curved else [x.detach() * 0 for x in (*xs, *gs)]
        found.append([np.array(y.detach().numpy(force=True)) for y in results])
    return found


def ones(g):
    return of(np.ones(tuple(g.shape)), g)


def leaf(library, array, row, requires_grad=True):
    """A leaf. Its elements lie apart, so that PyTorch takes one after the other: its formulas for
    several at a time differ from those at some edges, and are meant for longer tensors."""
    if row[0] == 'elementwise' and array.ndim:
        return library.tensor(np.repeat(array, 2))[::2].detach().requires_grad_(requires_grad)
    return library.tensor(np.array(array, float), requires_grad=requires_grad)


def wrong(row, ours, theirs, kept, tolerance, second=False):
    """In words, what differs and is not kept; and how many kept places differ."""
    words, excused = [], 0
    reasons = [where for pattern, _, where in kept if re.fullmatch(pattern, row[1])]
    for (arrays, upstream), mine, expected in zip(cases(row, second), ours, theirs):
        assert len(mine) == len(expected)
        for i, (a, b) in enumerate(zip(mine, expected)):
            assert a.shape == b.shape and a.dtype == b.dtype, (row, i)
            if a.dtype.kind != 'f':
                different = a != b
            else:
                different = ~np.isclose(a, b, tolerance, 1e-9 if second else 1e-12, True)
            if reasons and different.any():
                names = {'x': arrays[0], 'y': arrays[-1], 'g': upstream(a.shape)}
                at = np.broadcast_to(eval(reasons[0], names), a.shape)
                listed = different & at & (second | ~np.isfinite(a) | ~np.isfinite(b))
                excused += listed.sum()
                different &= ~listed
            for place in np.argwhere(different)[:3]:
                place = tuple(place)
                given = [x[place] if x.shape == a.shape else x.tolist() for x in arrays]
                words.append(f'{row[1]}, number {i} at {given}, g {upstream(a.shape)[place]}: '
                             f'{a[place]} instead of {b[place]}')
    return words, excused


def name_of(row):
    return ' '.join(map(str, row[1:]))


class Stored:
    """PyTorch's answers, as fixtures/make_edges.py packs them: indices into all the numbers that
    there are, row after row."""

    def __init__(self):
        with np.load(Path(__file__).with_name('fixtures') / 'edges.npz') as file:
            self.numbers = file['numbers'][file['indices']]
            self.spans = dict(zip(file['names'].tolist(), zip(file['starts'], file['starts'][1:])))

    def like(self, name, ours):
        """The answers under this name, in the shapes and dtypes of ours."""
        start, stop = self.spans.get(name, (0, 0))
        if stop - start != sum(a.size for arrays in ours for a in arrays):
            end = pytest.fail if importlib.util.find_spec('torch') else pytest.skip
            end(f'PyTorch has not been asked for {name}: run `python tests/fixtures/make_edges.py`'
                ' where it is installed')
        numbers = iter(self.numbers[start:stop])
        return [[np.array([*itertools.islice(numbers, a.size)]).reshape(a.shape).astype(a.dtype)
                 for a in arrays] for arrays in ours]


@functools.lru_cache(maxsize=None)
def stored():
    return Stored()


every_row = pytest.mark.parametrize('row', ROWS, ids=map(name_of, ROWS))
TWICE = [row for row in ROWS if not any(name in row[1] for name in ONCE)]


@every_row
def test_values_and_gradients_are_those_of_pytorch(row):
    ours = answers(torch, row)
    words, _ = wrong(row, ours, stored().like(name_of(row), ours), KEPT, 1e-7)
    assert not words, '\n'.join(words)


@pytest.mark.parametrize('row', TWICE, ids=map(name_of, TWICE))
def test_second_derivatives_are_those_of_pytorch(row):
    ours = answers(torch, row, second=True)
    theirs = stored().like('second ' + name_of(row), ours)
    words, _ = wrong(row, ours, theirs, KEPT_SECOND, 1e-7, second=True)
    assert not words, '\n'.join(words)


@pytest.mark.parametrize('second, kept', [(False, [one]) for one in KEPT]
                         + [(True, [one]) for one in KEPT_SECOND])
def test_every_listed_difference_is_there(second, kept):
    count = 0
    for row in TWICE if second else ROWS:
        if re.fullmatch(kept[0][0], row[1]):
            ours = answers(torch, row, second)
            theirs = stored().like('second ' * second + name_of(row), ours)
            count += wrong(row, ours, theirs, kept, 1e-7, second)[1]
    assert count


# That nothing is missing.

# floor_divide has no derivative; the others give Python's bools, or take integers.
NOT_OF_FLOATS = {'floor_divide', 'allclose', 'equal', 'bincount', 'one_hot', 'bitwise_and',
                 'bitwise_or', 'bitwise_xor', 'bitwise_not', 'bucketize', 'histc', 'isin',
                 'histogram', 'searchsorted', 'gcd', 'lcm', 'is_floating_point', 'is_complex',
                 'is_signed', 'is_nonzero', 'result_type', 'promote_types', 'can_cast',
                 'broadcast_shapes', 'get_num_threads', 'set_num_threads',
                 'get_num_interop_threads', 'set_num_interop_threads'}
PARTS = {'soft_cross_entropy', 'smoothing_loss', 'check_class_options',    # of cross_entropy
         'legacy_reduction',
         'weighted_sum'}                                                   # of linear
RANDOM = {'gumbel_softmax'}      # its samples are others than PyTorch's
OLDER = {'upsample', 'upsample_nearest', 'upsample_bilinear',     # names of interpolate
         'trapz',                                                 # of trapezoid
         'chain_matmul', 'cholesky', 'qr'}                        # which warn
FAILS_THERE = {'vander'}         # PyTorch's own gradient; test_course_names.py has one
OTHERS = ['creation', 'random', 'serialization', 'func', '_printing', 'grad_mode', '_compile',
          '_settings', '_threads', 'tinygrad_adam']


@pytest.mark.parametrize('library, prefix', [
    (torch, 'torch.'), (F, 'F.')])
def test_every_public_function_of_tensors_has_a_row(library, prefix):
    text = ' '.join(row[1] for row in ROWS)
    missing = [name for name, value in vars(library).items()
               if name[0] != '_' and inspect.isfunction(value)
               and not (library is torch and name in OF_LAYERS)
               and value.__module__.rpartition('.')[2] not in OTHERS
               and value.__module__.startswith('tinygrad_adam') and f'{prefix}{name}(' not in text]
    assert set(missing) <= NOT_OF_FLOATS | PARTS | RANDOM | OLDER | FAILS_THERE


def primitives():
    """(name, {variable: value} of the closure) of every primitive that has rules."""
    code = ops.pointwise.add.__code__
    for module in pkgutil.iter_modules(ops.__path__):
        for name, value in vars(import_module(f'{ops.__name__}.{module.name}')).items():
            if getattr(value, '__code__', None) is code:
                closure = inspect.getclosurevars(value).nonlocals
                if closure['readers']:
                    yield f'{module.name}.{name}', closure


def test_every_primitive_with_rules_is_used_by_a_row():
    for _, closure in primitives():
        closure['plans'].clear()
    for row in ROWS:
        answers(torch, row, row in TWICE)
        answers(torch, row)
    unused = [name for name, closure in primitives() if not closure['plans']]
    # One has a rule for third derivatives, samples and draws are random, other rules refuse.
    assert unused == ['implicit.gamma', 'implicit.dirichlet', 'pooling.gather_maxima',
                      'sorting.distinct', 'sorting.distinct_from_last', 'sorting.bernoulli',
                      'sorting.bernoulli_of_one', 'sorting.poisson', 'sorting.normal',
                      'sorting.bincount', 'sorting.floor_divide', 'sorting.remainder_of_number',
                      'special.heaviside']
