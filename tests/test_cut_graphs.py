"""No graph is cut in silence: a row for every function and method that takes a tensor.

What is computed of tensors that require grad carries the gradient to each of them, or it is in one
of the lists of what does not. A new function has no row yet, and fails here until it has one.
"""
import ast
import inspect
import operator
import types

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import OF_LAYERS, refused
from tinygrad_adam._missing import NotBuilt
from tinygrad_adam.autograd import gradcheck

HOMES = {'torch': torch, 'F': torch.nn.functional, 'linalg': torch.linalg, 'special': torch.special,
         'utils': torch.nn.utils, 'rnn': torch.nn.utils.rnn,
         'Tensor': torch.Tensor}

# What the rows are about: floating tensors that require grad, and others. All in (0.2, 0.9), no
# two alike.
SHAPES = {'x': (2, 3), 'y': (2, 3), 'v': (3,), 'u': (3,), 's': (), 'q': (3, 3), 'w': (4, 3),
          'b3': (2, 2, 3), 'c3': (2, 3, 2), 'image': (1, 2, 4, 4), 'kernel': (2, 2, 3, 3),
          'signal': (1, 2, 5), 'filter': (2, 2, 3)}
OTHERS = {'plain': [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
          'mask': [[True, False, True], [False, True, False]], 'index': [[0, 1, 1], [1, 0, 0]],
          'labels': [2, 0]}

# The gradient arrives. {name: an expression, or nothing where NAME(x) or x.NAME() will do}
CARRIES = {
    **dict.fromkeys([f'torch.{name}' for name in '''
        abs amax amin atan bernoulli ceil clone cos cosh diagonal exp expm1 flatten floor log log1p
        log2 max mean min neg norm prod reciprocal relu round rsqrt sigmoid sign sin sinh sqrt
        square squeeze std sum t tan tanh tril triu trunc unbind var sort as_tensor
        log10 exp2 asin acos asinh atanh erf erfc logit deg2rad rad2deg frac nan_to_num median diff
        lgamma digamma erfinv sgn poisson sinc positive nanmean msort aminmax
        nanmedian mode trapezoid cumulative_trapezoid
        nansum std_mean var_mean atleast_1d atleast_2d atleast_3d fliplr flipud ravel rot90 diag
        diag_embed
        '''.split()], ''),
    **dict.fromkeys([f'F.{name}' for name in '''
        dropout elu gelu leaky_relu logsigmoid relu silu softplus normalize selu celu hardtanh
        relu6 hardswish mish softsign tanhshrink alpha_dropout
        softshrink hardshrink hardsigmoid rrelu
        '''.split()], ''),
    **{f'F.{name}_': f'F.{name}_(x.clone())' for name in (
        'relu', 'elu', 'leaky_relu', 'rrelu', 'selu', 'celu', 'hardtanh')},
    'F.threshold_': 'F.threshold_(x.clone(), 0.5, 2.0)',
    **{f'F.dropout{d}d': f'F.dropout{d}d({x})' for d, x in [
        (1, 'signal'), (2, 'image'), (3, 'image')]},
    **dict.fromkeys(['torch.celu', 'torch.selu', 'torch.rrelu'], ''),
    'torch.dropout': 'torch.dropout(x, 0.5, True)', 'torch.max_pool1d': 'torch.max_pool1d(b3, 2)',
    'torch.alpha_dropout': 'torch.alpha_dropout(x, 0.0, True)',
    'torch.threshold': 'torch.threshold(x, 0.5, 0.3)',
    'torch.max_pool2d': 'torch.max_pool2d(image, 2)',
    'F.prelu': 'F.prelu(x, v)', 'F.threshold': 'F.threshold(x, 0.5, 0.3)',
    'F.gumbel_softmax': 'F.gumbel_softmax(x, hard=True)',
    'F.softmin': 'F.softmin(x, 1)', 'F.glu': 'F.glu(w, 0)', 'F.rms_norm': 'F.rms_norm(x, (3,), v)',
    'F.instance_norm': 'F.instance_norm(image, None, None, u[:2], v[:2])',
    'F.local_response_norm': 'F.local_response_norm(image, 2)',
    'F.max_pool1d': 'F.max_pool1d(signal, 2)', 'F.avg_pool1d': 'F.avg_pool1d(signal, 2)',
    'F.adaptive_avg_pool1d': 'F.adaptive_avg_pool1d(signal, 2)',
    'F.adaptive_max_pool1d': 'F.adaptive_max_pool1d(signal, 2)',
    'F.adaptive_max_pool2d': 'F.adaptive_max_pool2d(image, 2)',
    **{f'F.max_unpool{d}d': f'F.max_unpool{d}d(*F.max_pool{d}d({x}, 2, return_indices=True), 2)'
       for d, x in [(1, 'signal'), (2, 'image')]},
    'F.lp_pool1d': 'F.lp_pool1d(signal, 2, 2)', 'F.lp_pool2d': 'F.lp_pool2d(image, 2, 2)',
    'F.pdist': 'F.pdist(q)',
    'F.pixel_shuffle': 'F.pixel_shuffle(image, 1)',
    'F.channel_shuffle': 'F.channel_shuffle(image, 2)',
    'F.triplet_margin_with_distance_loss': 'F.triplet_margin_with_distance_loss(v, u, q[0])',
    'F.pixel_unshuffle': 'F.pixel_unshuffle(image, 2)',
    'F.conv_transpose1d': 'F.conv_transpose1d(signal, filter, v[:2])',
    **dict.fromkeys([f'Tensor.{name}' for name in '''
        abs_ exp_ floor_ log_ neg_ reciprocal_ relu_ round_ rsqrt_ sigmoid_ sqrt_ tanh_ zero_
        normal_ uniform_ bernoulli_ T mT contiguous cpu double sign_ square_ sin_ cos_ log10_ log2_
        log1p_ erf_ ceil_ trunc_ nan_to_num_ log_normal_ exponential_ cauchy_
        '''.split()], ''),
    'Tensor.geometric_': 'x.clone().geometric_(0.5)',
    **{f'linalg.{name}': f'torch.linalg.{name}(q)' for name in '''
        pinv svd svdvals qr matrix_norm cond diagonal'''.split()},
    'torch.inverse': 'torch.inverse(q)', 'torch.det': 'torch.det(q)',
    'torch.slogdet': 'torch.slogdet(q)[1]', 'linalg.eigh': 'torch.linalg.eigh(q + q.T)',
    'linalg.eigvalsh': 'torch.linalg.eigvalsh(q + q.T)', 'torch.logdet': 'torch.logdet(q @ q.T)',
    'linalg.solve': 'torch.linalg.solve(q, w[:3])',
    'linalg.solve_triangular': 'torch.linalg.solve_triangular(q, w[:3], upper=True)',
    'linalg.lstsq': 'torch.linalg.lstsq(w, x.T[[0, 1, 2, 0]])[0]',
    'linalg.cholesky': 'torch.linalg.cholesky(q @ q.T)',
    'torch.matrix_power': 'torch.matrix_power(q, 3)',
    'linalg.multi_dot': 'torch.linalg.multi_dot([x, q, v])',
    **{f'special.{name}': f'torch.special.{name}(x, 1)' for name in ('softmax', 'log_softmax')},
    **{f'torch.{name}': f'torch.{name}(q)' for name in ('svd', 'qr', 'pinverse')},
    'torch.cholesky': 'torch.cholesky(q @ q.T)', 'torch.cross': 'torch.cross(x, y, 1)',
    'torch.chain_matmul': 'torch.chain_matmul(x, q)',
    'linalg.cross': 'torch.linalg.cross(x, y)', 'linalg.vecdot': 'torch.linalg.vecdot(x, y)',
    'torch.cholesky_solve': 'torch.cholesky_solve(w[:3], q)',
    'torch.cholesky_inverse': 'torch.cholesky_inverse(q)',
    'linalg.norm': 'torch.linalg.norm(x)', 'linalg.vector_norm': 'torch.linalg.vector_norm(x, 3)',
    'utils.parameters_to_vector': 'torch.nn.utils.parameters_to_vector([x, v])',

    'rnn.pack_padded_sequence': 'rnn.pack_padded_sequence(x, [2, 2, 1]).data',
    'rnn.pad_packed_sequence': 'rnn.pad_packed_sequence(rnn.pack_sequence([x, x[:1]]))',
    'rnn.pad_sequence': 'rnn.pad_sequence([x, y[:1]])',
    'rnn.unpad_sequence': 'rnn.unpad_sequence(x * 1, torch.tensor([2, 1, 1]))',
    'rnn.pack_sequence': 'rnn.pack_sequence([x, y[:1]]).data',
    'rnn.unpack_sequence': 'rnn.unpack_sequence(rnn.pack_sequence([x, y[:1]]))',

    'torch.cumsum': 'torch.cumsum(x, 1)', 'torch.cumprod': 'torch.cumprod(x, 1)',
    'torch.acosh': 'torch.acosh(x + 1)', 'torch.atan2': 'torch.atan2(x, y)',
    'torch.fmod': 'torch.fmod(x, 0.15)', 'torch.clamp_min': 'torch.clamp_min(x, 0.4)',
    'torch.clamp_max': 'torch.clamp_max(x, 0.6)', 'torch.addcmul': 'torch.addcmul(x, y, v)',
    'torch.addcdiv': 'torch.addcdiv(x, y, v)', 'torch.quantile': 'torch.quantile(x, 0.3, 1)',
    'torch.dist': 'torch.dist(x, y)', 'torch.cdist': 'torch.cdist(x, y)',
    'torch.normal': 'torch.normal(x, y)', 'torch.hstack': 'torch.hstack([x, y])',
    'torch.vstack': 'torch.vstack([x, y])', 'torch.dstack': 'torch.dstack([x, y])',
    'torch.column_stack': 'torch.column_stack([x, y])', 'torch.tile': 'torch.tile(x, (2,))',
    'torch.movedim': 'torch.movedim(x, 0, 1)', 'torch.trace': 'torch.trace(q)',
    'torch.unflatten': 'torch.unflatten(x, 1, (3, 1))',
    'torch.broadcast_to': 'torch.broadcast_to(v, (2, 3))',
    'torch.masked_select': 'torch.masked_select(x, mask)', 'torch.take': 'torch.take(x, index)',
    'torch.take_along_dim': 'torch.take_along_dim(x, index, 1)',
    'torch.repeat_interleave': 'torch.repeat_interleave(x, 2)',
    'torch.scatter': 'torch.scatter(x, 1, index[:, :1], y)',
    'torch.scatter_reduce': "torch.scatter_reduce(x, 1, index, y, 'mean')",
    'torch.masked_scatter': 'torch.masked_scatter(x, mask, y)',
    'torch.index_put': 'torch.index_put(x, (index[0], index[1]), y[0], True)',
    'torch.index_add': 'torch.index_add(x, 0, index[0], y[[0, 1, 1]])',
    'torch.index_copy': 'torch.index_copy(x, 1, labels, y[:, :2])',
    'torch.index_fill': 'torch.index_fill(x, 1, labels, s)',
    'torch.cov': 'torch.cov(x)', 'torch.corrcoef': 'torch.corrcoef(x)',
    'torch.cummax': 'torch.cummax(x, 1)', 'torch.cummin': 'torch.cummin(x, 1)',
    'torch.kron': 'torch.kron(x, v)', 'torch.cartesian_prod': 'torch.cartesian_prod(u, v)',
    'torch.combinations': 'torch.combinations(u)',
    'torch.addmm': 'torch.addmm(v, x, q)', 'torch.addmv': 'torch.addmv(v, q, u)',
    'torch.baddbmm': 'torch.baddbmm(s[None, None, None], b3, c3)',
    'torch.inner': 'torch.inner(x, v)', 'torch.tensordot': 'torch.tensordot(x, y)',
    'torch.add': 'torch.add(x, y, alpha=2)', 'torch.sub': 'torch.sub(x, y, alpha=2)',
    'torch.mul': 'torch.mul(x, v)', 'torch.div': 'torch.div(x, y)', 'torch.pow': 'torch.pow(x, y)',
    'torch.remainder': 'torch.remainder(x, 0.15)',
    'torch.maximum': 'torch.maximum(x, y)', 'torch.minimum': 'torch.minimum(x, y)',
    'torch.lerp': 'torch.lerp(x, y, v)', 'torch.logaddexp': 'torch.logaddexp(x, y)',
    'torch.clamp': 'torch.clamp(x, y - 0.05, y + 0.05)', 'torch.where': 'torch.where(mask, x, y)',
    'torch.matmul': 'torch.matmul(b3, c3)', 'torch.mm': 'torch.mm(x, q)',
    'torch.bmm': 'torch.bmm(b3, c3)', 'torch.mv': 'torch.mv(q, v)', 'torch.dot': 'torch.dot(u, v)',
    'torch.outer': 'torch.outer(u, v)', 'torch.einsum': "torch.einsum('ij,jk->ik', x, q)",
    'torch.logsumexp': 'torch.logsumexp(x, 1)', 'torch.softmax': 'torch.softmax(x, 1)',
    'torch.log_softmax': 'torch.log_softmax(x, 1)', 'torch.topk': 'torch.topk(x, 2)',
    'torch.broadcast_tensors': 'torch.broadcast_tensors(x, v)',
    'torch.meshgrid': "torch.meshgrid(u, v, indexing='ij')",
    'torch.cat': 'torch.cat([x, y])', 'torch.stack': 'torch.stack([x, y])',
    'torch.split': 'torch.split(x, 2, 1)', 'torch.chunk': 'torch.chunk(x, 2)',
    'torch.block_diag': 'torch.block_diag(x, v)', 'torch.select': 'torch.select(x, 1, -1)',
    'torch.split_with_sizes': 'torch.split_with_sizes(x, [2, 1], 1)', 'torch.diagflat': '',
    'torch.tensor_split': 'torch.tensor_split(x, 2)', 'torch.hsplit': 'torch.hsplit(x, [1])',
    'torch.vsplit': 'torch.vsplit(x, 2)', 'torch.dsplit': 'torch.dsplit(b3, 1)',
    'Tensor.split': 'x.split(split_size=2, dim=1)',
    'torch.narrow': 'torch.narrow(x, 1, 0, 2)', 'torch.flip': 'torch.flip(x, (0,))',
    'torch.roll': 'torch.roll(x, 1)', 'torch.permute': 'torch.permute(x, (1, 0))',
    'torch.transpose': 'torch.transpose(x, 0, 1)', 'torch.reshape': 'torch.reshape(x, (3, 2))',
    'torch.unsqueeze': 'torch.unsqueeze(x, 0)', 'torch.gather': 'torch.gather(x, 1, index)',
    'torch.index_select': 'torch.index_select(x, 0, index[0])',
    'torch.masked_fill': 'torch.masked_fill(x, mask, s)',
    'torch.scatter_add': 'torch.scatter_add(x, 0, index, y)',

    'F.linear': 'F.linear(x, w, w[:, 0])', 'F.embedding': 'F.embedding(index, q)',
    'F.conv1d': 'F.conv1d(signal, filter, v[:2])', 'F.conv2d': 'F.conv2d(image, kernel, v[:2])',
    'F.conv_transpose2d': 'F.conv_transpose2d(image, kernel, v[:2])',
    'F.max_pool2d': 'F.max_pool2d(image, 2)', 'F.avg_pool2d': 'F.avg_pool2d(image, 2)',
    'F.adaptive_avg_pool2d': 'F.adaptive_avg_pool2d(image, 2)',
    **{f'F.{name}': f'F.{name}(image, scale_factor=2)' for name in (
        'interpolate', 'upsample', 'upsample_nearest', 'upsample_bilinear')},
    'F.pad': 'F.pad(x, (1, 1))',
    'F.batch_norm': 'F.batch_norm(x, None, None, u, v, training=True)',
    'F.layer_norm': 'F.layer_norm(x, (3,), u, v)',
    'F.group_norm': 'F.group_norm(image, 1, u[:2], v[:2])',
    'F.scaled_dot_product_attention': 'F.scaled_dot_product_attention(b3, b3 * 2, b3.exp())',
    'F.cosine_similarity': 'F.cosine_similarity(x, y)',
    'F.cross_entropy': 'F.cross_entropy(x, labels)', 'F.nll_loss': 'F.nll_loss(x, labels)',
    'F.margin_ranking_loss': 'F.margin_ranking_loss(x, y, torch.ones(2, 3), 1.0)',
    'F.bilinear': 'F.bilinear(x, y, torch.ones(2, 3, 3).double())',
    'F.embedding_bag': 'F.embedding_bag(labels[None], x.T)',
    'F.softmax': 'F.softmax(x, 1)', 'F.log_softmax': 'F.log_softmax(x, 1)',
    'F.unfold': 'F.unfold(image, 2)', 'F.fold': 'F.fold(image.reshape(1, 2, -1), (4, 4), 1)',
    'F.affine_grid': 'F.affine_grid(x[None], (1, 1, 2, 2), align_corners=False)',
    'F.grid_sample': 'F.grid_sample(image, image[:, :, :, :2].tanh(), align_corners=False)',
    'F.soft_margin_loss': 'F.soft_margin_loss(x, torch.ones(2, 3))',
    'F.hinge_embedding_loss': 'F.hinge_embedding_loss(x, torch.ones(2, 3))',
    'F.cosine_embedding_loss': 'F.cosine_embedding_loss(x, y, labels * 0 + 1)',
    'F.multi_margin_loss': 'F.multi_margin_loss(x, labels, margin=9.0)',
    'F.multilabel_margin_loss':
        'F.multilabel_margin_loss(x * 0.01, torch.tensor([[0, -1, 0], [1, -1, 0]]))',
    'F.multilabel_soft_margin_loss': 'F.multilabel_soft_margin_loss(x, y)',
    'F.poisson_nll_loss': 'F.poisson_nll_loss(x, y)',
    'F.triplet_margin_loss': 'F.triplet_margin_loss(v, u, q[0])',
    'F.gaussian_nll_loss': 'F.gaussian_nll_loss(x, y, y.exp())',
    'F.pairwise_distance': 'F.pairwise_distance(x, y)',
    'F.mse_loss': 'F.mse_loss(x, y)', 'F.l1_loss': 'F.l1_loss(x, y)',
    'F.huber_loss': 'F.huber_loss(x, y)', 'F.smooth_l1_loss': 'F.smooth_l1_loss(x, y)',
    'F.kl_div': 'F.kl_div(x, y)', 'F.binary_cross_entropy': 'F.binary_cross_entropy(x, y)',
    'F.binary_cross_entropy_with_logits': 'F.binary_cross_entropy_with_logits(x, y)',
    'F.ctc_loss': 'F.ctc_loss(b3.log_softmax(2), index[:, :1] + 1, torch.tensor([2, 2]), '
                  'torch.tensor([1, 1]))',

    **{f'Tensor.__{name}__': f'x {operator} y' for name, operator in [
        ('add', '+'), ('sub', '-'), ('mul', '*'), ('truediv', '/'), ('pow', '**')]},
    **{f'Tensor.__r{name}__': f'2 {operator} x' for name, operator in [
        ('sub', '-'), ('truediv', '/'), ('pow', '**')]},
    **{f'Tensor.__i{name}__': f'operator.i{name}(x.clone(), y)' for name in
       ['add', 'sub', 'mul', 'truediv', 'pow']},
    'Tensor.__mod__': 'x % 0.15', 'Tensor.__imod__': 'operator.imod(x.clone(), 0.15)',
    'Tensor.__matmul__': 'x @ q', 'Tensor.__rmatmul__': 'q.__rmatmul__(x)',
    'Tensor.__pos__': '+x',
    'Tensor.__getitem__': 'x[:, 1:]', 'Tensor.__setitem__': 'assigned(x.clone(), y)',
    **{f'torch.{name}': f'torch.{name}(x, y)' for name in '''
        xlogy logaddexp2 ldexp fmax fmin copysign'''.split()},
    'torch.vander': 'torch.vander(u)', 'Tensor.sum_to_size': 'x.sum_to_size(3)',
    'torch.kthvalue': 'torch.kthvalue(x, 1)', 'torch.logcumsumexp': 'torch.logcumsumexp(x, 1)',
    'torch.hypot': 'torch.hypot(x, y)', 'torch.float_power': 'torch.float_power(x, y)',
    'torch.polygamma': 'torch.polygamma(1, x)', 'Tensor.polygamma': 'x.polygamma(1)',
    'Tensor.__iter__': 'list(x)', 'Tensor.where': 'x.where(mask, y)',
    'Tensor.add_': 'x.clone().add_(y)', 'Tensor.sub_': 'x.clone().sub_(y)',
    'Tensor.mul_': 'x.clone().mul_(y)', 'Tensor.div_': 'x.clone().div_(y)',
    'Tensor.pow_': 'x.clone().pow_(y)', 'Tensor.clamp_': 'x.clone().clamp_(0.4, 0.6)',
    'Tensor.copy_': 'x.clone().copy_(y)', 'Tensor.fill_': 'x.clone().fill_(s)',
    'Tensor.masked_fill_': 'x.clone().masked_fill_(mask, s)',
    'Tensor.scatter_add_': 'x.clone().scatter_add_(0, index, y)',
    **{f'Tensor.{name}_': f'x.clone().{name}_()' for name in '''
        acos asin asinh atan atanh tan sinh cosh deg2rad rad2deg exp2 expm1 erfc erfinv lgamma
        digamma frac sgn logit tril triu logical_not sinc'''.split()},
    **{f'Tensor.{name}_': f'x.clone().{name}_(0.4)' for name in '''
        eq ne lt le gt ge'''.split()},
    **{f'Tensor.logical_{name}_': f'x.clone().logical_{name}_(mask)' for name in [
        'and', 'or', 'xor']},
    **{f'Tensor.{name}_': f'x.clone().{name}_(1)' for name in ('polygamma', 'cumsum', 'cumprod')},
    **{f'Tensor.{name}_': f'x.clone().{name}_(y)' for name in (
        'atan2', 'hypot', 'float_power', 'xlogy', 'ldexp', 'copysign')},
    'Tensor.acosh_': '(x + 1).acosh_()', 'Tensor.addmv_': 'v.clone().addmv_(q, u)',
    'Tensor.baddbmm_': 'b3[:, :, :2].clone().baddbmm_(b3, c3)',
    'Tensor.addcmul_': 'x.clone().addcmul_(y, v)', 'Tensor.addcdiv_': 'x.clone().addcdiv_(y, v)',
    'Tensor.addmm_': 'q.clone().addmm_(q, q)', 'Tensor.lerp_': 'x.clone().lerp_(y, 0.3)',
    'Tensor.fmod_': 'x.clone().fmod_(0.15)', 'Tensor.remainder_': 'x.clone().remainder_(0.15)',
    'Tensor.clamp_min_': 'x.clone().clamp_min_(0.4)',
    'Tensor.clamp_max_': 'x.clone().clamp_max_(0.6)',
    'Tensor.scatter_': 'x.clone().scatter_(1, index[:, :1], y)',
    'Tensor.scatter_reduce_': "x.clone().scatter_reduce_(0, index, y, 'prod')",
    'Tensor.masked_scatter_': 'x.clone().masked_scatter_(mask, y)',
    'Tensor.index_put_': 'x.clone().index_put_((index[0], index[1]), y[0], True)',
    'Tensor.fill_diagonal_': 'x.clone().fill_diagonal_(2.0)',
    'Tensor.index_add_': 'x.clone().index_add_(0, index[0], y[[0, 1, 1]])',
    'Tensor.index_copy_': 'x.clone().index_copy_(1, labels, y[:, :2])',
    'Tensor.index_fill_': 'x.clone().index_fill_(1, labels, s)',
    'Tensor.unfold': 'x.unfold(1, 2, 1)',
    'Tensor.random_': 'x.clone().random_(5)',
    'Tensor.reshape_as': 'x.reshape_as(plain)', 'Tensor.view': 'x.view(3, 2)',
    'Tensor.view_as': 'x.view_as(plain)', 'Tensor.expand': 'v.expand(2, 3)',
    'Tensor.expand_as': 'v.expand_as(plain)', 'Tensor.repeat': 'x.repeat(2, 1)',
    'Tensor.to': 'x.to(torch.float64, copy=True)', 'Tensor.type': 'x.type(torch.float64)',
    'Tensor.type_as': 'x.float().type_as(plain.double())', 'Tensor.float': 'x.float().double()',
    'Tensor.requires_grad_': 'x.requires_grad_()', 'Tensor.__reversed__': 'reversed(x)',
}

# The result is a floating tensor without a graph, by its meaning.
CUT = {
    'torch.tensor': 'torch.tensor(x)', 'torch.zeros_like': '', 'torch.ones_like': '',
    'torch.empty_like': '', 'torch.rand_like': '', 'torch.randn_like': '',
    'torch.full_like': 'torch.full_like(x, 2.0)', 'torch.randint_like': 'torch.randint_like(x, 3)',
    'Tensor.squeeze_': 'x.detach().squeeze_(0)', 'Tensor.unsqueeze_': 'x.detach().unsqueeze_(0)',
    'Tensor.transpose_': 'x.detach().transpose_(0, 1)', 'Tensor.t_': 'x.detach().t_()',
    'Tensor.apply_': 'x.detach().apply_(abs)',
    'Tensor.detach': '', 'Tensor.data': '', 'Tensor.detach_': '(x * 2).detach_()',
    'Tensor.grad': 'graded(x).grad', 'Tensor.new_zeros': 'x.new_zeros(2)',
    'Tensor.new_empty': 'x.new_empty(2).zero_()',
    'torch.histc': 'torch.histc(x.detach(), 3)',
    'torch.histogram': 'torch.histogram(x.detach(), 3)', 'Tensor.new_ones': 'x.new_ones(2)',
    'Tensor.new_full': 'x.new_full((2,), 3.0)',
    'Tensor.new_tensor': 'x.new_tensor([1.0])', 'Tensor.new': 'x.new([1.0])',
    'utils.clip_grad_norm_': 'torch.nn.utils.clip_grad_norm_(graded(x), 1.0)',
    'utils.clip_grad_norm': 'torch.nn.utils.clip_grad_norm(graded(x), 1.0)',
    'utils.get_total_norm': 'torch.nn.utils.get_total_norm(x)',
    **{f'utils.fuse_{kind}_bn_weights':
       f'torch.nn.utils.fuse_{kind}_bn_weights(q, v, u, v, 0, u, v)[0].data'
       for kind in ('conv', 'linear')},
}

# The result is no floating tensor.
NO_FRACTION = {
    **dict.fromkeys([f'torch.{name}' for name in '''
        all any argmax argmin argsort count_nonzero isfinite isinf isnan isneginf isposinf
        logical_not nonzero signbit
        is_tensor numel'''.split()], ''),
    **{f'torch.{name}': f'torch.{name}(x, y)' for name in '''
        eq ne lt le gt ge isclose logical_and logical_or logical_xor allclose equal'''.split()},
    'linalg.matrix_rank': 'torch.linalg.matrix_rank(q)', 'torch.isin': 'torch.isin(x, u)',
    'torch.searchsorted': 'torch.searchsorted(u, x)', 'torch.is_floating_point': '',
    'torch.is_complex': '', 'torch.is_signed': '', 'torch.is_nonzero': 'torch.is_nonzero(s)',
    'torch.can_cast': 'None', 'torch.promote_types': 'None',
    'torch.result_type': 'torch.result_type(x, y)',
    'torch.bucketize': 'torch.bucketize(x, u)',
    'torch.multinomial': 'torch.multinomial(x, 1)', 'F.one_hot': 'F.one_hot(labels)',
    'torch.save': 'None', 'utils.clip_grad_value_': 'None', 'utils.clip_grads_with_norm_': 'None',
    'utils.vector_to_parameters': 'None',
    **{f'Tensor.__{name}__': f'x {operator} y' for name, operator in [
        ('eq', '=='), ('ne', '!='), ('lt', '<'), ('le', '<='), ('gt', '>'), ('ge', '>=')]},
    **{f'Tensor.__{name}__': f'mask {operator} mask' for name, operator in [
        ('and', '&'), ('or', '|'), ('xor', '^')]},
    **{f'Tensor.__i{name}__': f'operator.i{name}(mask.clone(), mask)' for name in [
        'and', 'or', 'xor']},
    'torch.bitwise_not': 'torch.bitwise_not(mask)',
    'Tensor.bitwise_not_': 'mask.clone().bitwise_not_()',
    **{f'Tensor.bitwise_{name}_': f'mask.clone().bitwise_{name}_(mask)' for name in [
        'and', 'or', 'xor']},
    **{f'Tensor.{name}_': f'index.clone().{name}_(index)' for name in ('gcd', 'lcm')},
    'torch.argwhere': 'torch.argwhere(x)',
    'torch.gcd': 'torch.gcd(index, index)', 'torch.lcm': 'torch.lcm(index, index)',
    **{f'torch.bitwise_{name}': f'torch.bitwise_{name}(mask, mask)' for name in [
        'and', 'or', 'xor']},
    'Tensor.__invert__': '~mask', 'Tensor.__contains__': '0.5 in x', 'Tensor.__array__': 'None',
    'Tensor.__array_wrap__': 'None', 'Tensor.__array_ufunc__': 'None',
    'Tensor.__copy__': 'None', 'Tensor.__deepcopy__': 'None', 'Tensor.__reduce__': 'None',
    'Tensor.__repr__': 'repr(x)', 'Tensor.__format__': 'f"{s:.2f}"',
    'Tensor.__len__': 'len(x)', 'Tensor.__bool__': 'bool(s)',
    'Tensor.__float__': 'float(s.detach())',
    'Tensor.__int__': 'int(s)', 'Tensor.__index__': 'None', 'Tensor.item': 's.item()',
    **dict.fromkeys([f'Tensor.{name}' for name in '''
        shape ndim dtype device is_leaf itemsize size dim numel element_size is_floating_point
        is_complex is_signed is_contiguous stride data_ptr output_nr tolist long int bool
        requires_grad retain_grad retains_grad nbytes short char byte
        get_device is_pinned
        '''.split()], ''),
    'Tensor.numpy': 'x.detach().numpy()', 'Tensor.backward': 's.backward()',
    'Tensor.register_hook': 'x.register_hook(print)',
    'Tensor.register_post_accumulate_grad_hook':
        'x.register_post_accumulate_grad_hook(lambda x: None)',
}

# There is a graph, and backward() refuses, since PyTorch has no derivative of these.
REFUSED = {
    'torch.heaviside': 'torch.heaviside(x, y)',
    'Tensor.heaviside_': 'x.clone().heaviside_(y)',
    'Tensor.floor_divide_': 'x.clone().floor_divide_(0.1)',
    'torch.unique_consecutive': 'torch.unique_consecutive(x)',
    'torch.unique': 'torch.unique(x)', 'torch.bincount': 'torch.bincount(labels, u[:2])',
    'torch.floor_divide': 'torch.floor_divide(x, y)', 'Tensor.__floordiv__': 'x // 0.1',
    'Tensor.__rfloordiv__': '2 // x', 'Tensor.__rmod__': '1 % x',
    'Tensor.__ifloordiv__': 'operator.ifloordiv(x.clone(), 0.1)',
}

# No tensor is taken.
WITHOUT_TENSOR = {f'torch.{name}' for name in '''
    arange empty eye from_numpy full linspace logspace tril_indices triu_indices ones rand randint
    randn randperm zeros
    broadcast_shapes
    set_printoptions is_grad_enabled get_rng_state initial_seed manual_seed seed set_rng_state load
    compile vmap get_default_dtype set_default_dtype set_default_tensor_type get_default_device
    set_default_device get_num_threads set_num_threads get_num_interop_threads
    set_num_interop_threads
    use_deterministic_algorithms are_deterministic_algorithms_enabled
    get_float32_matmul_precision set_float32_matmul_precision
    '''.split()} | {f'utils.{name}' for name in '''
    weight_norm remove_weight_norm spectral_norm remove_spectral_norm
    fuse_conv_bn_eval fuse_linear_bn_eval skip_init
    '''.split()}
RANDOM = {'F.gumbel_softmax', 'F.dropout', 'F.dropout1d', 'F.dropout2d', 'F.dropout3d',
          'torch.dropout', 'torch.bernoulli', 'torch.normal',
          'Tensor.normal_', 'Tensor.uniform_', 'Tensor.random_',
          'Tensor.bernoulli_', 'torch.poisson', 'Tensor.log_normal_', 'Tensor.exponential_',
          'Tensor.cauchy_', 'Tensor.geometric_'}
ROWS = {**CARRIES, **REFUSED, **CUT, **NO_FRACTION}


KINDS = types.FunctionType, property
OF_CLASSES = {'__new__', '__init_subclass__', '__annotate__', '__annotate_func__'}


def every_name():
    """{function or property: its first name} of all that a tensor might be given to."""
    found = {}
    for prefix, home in HOMES.items():
        classes = home.__mro__[:-1] if home is torch.Tensor else [home]
        public = getattr(home, '__all__', [name for name in dir(home) if name[0] != '_'])
        assert all(hasattr(home, name) for name in public       # also those imported on first use
                   if not isinstance(vars(home).get(name), NotBuilt))
        for name, value in [item for home in classes for item in vars(home).items()]:
            special = home is torch.Tensor and name[:2] == '__' and name not in OF_CLASSES
            shared = home is torch and OF_LAYERS.get(name) == 'nn.functional'
            if (name in public or special) and isinstance(value, KINDS) and not shared:
                found.setdefault(inspect.unwrap(value) if callable(value) else value,
                                 f'{prefix}.{name}')      # without out=
    return found


def names(expression):
    return [node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)]


def expression_of(name):
    """What a row says, or what its name says."""
    home, _, own = name.partition('.')
    if ROWS[name]:
        return ROWS[name]
    if home != 'Tensor':
        return f'{name}(x)'
    if isinstance(getattr(torch.Tensor, own), property):
        return f'x.{own}'
    return f'x.clone().{own}()' if own[-1] == '_' else f'x.{own}()'


def spread(shape, start):
    """Numbers in (0.2, 0.9), no two alike."""
    steps = np.arange(start, start + np.prod(shape, dtype=int))
    return (0.2 + 0.7 * (steps * 0.6180339887498949 % 1)).reshape(shape)


def function_of(expression, library):
    """The expression as a function of the floating tensors in it, and these, which require grad."""
    def assigned(x, value):
        x[0] = value[1]
        return x

    def graded(x):
        x.grad = x.detach()
        return x

    used = [name for name in SHAPES if name in names(expression)]
    scope = {'torch': library, 'F': library.nn.functional, 'rnn': library.nn.utils.rnn,
             'operator': operator,
             'assigned': assigned, 'graded': graded,
             **{name: library.tensor(values) for name, values in OTHERS.items()}}
    xs = [library.tensor(spread(SHAPES[name], 1 + 50 * i), requires_grad=True)
          for i, name in enumerate(used)]
    return eval(f'lambda {", ".join(used)}: {expression}', scope), xs


def fractions(result, library):
    """The floating tensors in a result."""
    results = result if isinstance(result, (tuple, list)) else [result]
    return [x for x in results if isinstance(x, library.Tensor) and x.is_floating_point()]


def in_pytorch(name, wanted):
    """Whether PyTorch's result has floating tensors, and whether they require grad, as wanted."""
    pytorch = pytest.importorskip('torch')
    function, xs = function_of(expression_of(name), pytorch)
    return [y.requires_grad for y in fractions(function(*xs), pytorch)] == wanted


def rows(table):
    return pytest.mark.parametrize('name', list(table))


def test_every_function_that_takes_a_tensor_has_a_row():
    expected = set(ROWS) | WITHOUT_TENSOR
    found = set(every_name().values())
    assert found - expected == set(), 'say in one of the tables whether the gradient arrives'
    assert expected - found == set(), 'these are gone'


@pytest.mark.filterwarnings('ignore:.*is deprecated')
@rows(CARRIES)
def test_the_gradient_arrives_at_every_tensor_that_requires_it(name):
    torch.manual_seed(0)
    function, xs = function_of(expression_of(name), torch)
    outputs = fractions(function(*xs), torch)
    assert outputs and all(y.requires_grad for y in outputs) and xs
    torch.autograd.grad([y.sum() for y in outputs], xs)     # raises if there is no way to one
    if name not in RANDOM:
        rounded = 'float()' in expression_of(name)
        assert gradcheck(function, xs, **{'eps': 1e-2, 'atol': 1e-3} if rounded else {})


@rows(REFUSED)
def test_what_has_no_derivative_has_a_graph_that_says_so(name):
    function, xs = function_of(expression_of(name), torch)
    output, = fractions(function(*xs), torch)
    operation = ('floor_divide' if 'floordiv' in name else
                 'remainder' if 'mod' in name else name.partition('.')[2].rstrip('_'))
    with refused(NotImplementedError, f"the derivative for '{operation}'", 'detach()'):
        output.sum().backward()


def test_a_copy_that_has_no_graph_comes_with_a_warning():
    x, s = torch.ones(2, requires_grad=True), torch.ones((), requires_grad=True)
    for source in (x, torch.ones(2)):
        with pytest.warns(UserWarning, match='To copy construct from a tensor, it is recommended'):
            assert not torch.tensor(source).requires_grad
    for numbers in ([s, s], [[s * 2], [1.0]]):
        with pytest.warns(UserWarning, match='requires_grad=True to a scalar'):
            assert not torch.tensor(numbers).requires_grad
    assert torch.tensor([torch.tensor(1.0), 2.0]).tolist() == [1, 2]
    with pytest.warns(UserWarning, match='requires_grad=True to a scalar'):
        assert float(s) == 1.0
    assert s.item() == float(s.detach()) == 1.0


@rows(CUT)
@pytest.mark.filterwarnings('ignore:To copy construct', 'ignore:.*now deprecated')
def test_what_has_no_gradient_by_its_meaning_has_no_graph(name):
    function, xs = function_of(expression_of(name), torch)
    outputs = fractions(function(*xs), torch)
    assert outputs and not any(y.requires_grad for y in outputs)


@rows(NO_FRACTION)
def test_what_gives_no_fractions_has_no_graph(name):
    function, xs = function_of(expression_of(name), torch)
    assert fractions(function(*xs), torch) == []


@rows(ROWS)
@pytest.mark.filterwarnings('ignore')
def test_pytorch_carries_the_gradient_where_it_is_carried_here(name):
    function, xs = function_of(expression_of(name), torch)
    assert in_pytorch(name, [y.requires_grad for y in fractions(function(*xs), torch)])
