"""nn.functional, one row for each function and option, checked as in test_ops.py."""

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import OF_LAYERS, arrays, assert_equal, every_row, function, name_of, refused
from helpers import stored, tolerance, values_and_gradients
from tinygrad_adam.ops.layout import hcwn

F = torch.nn.functional
STORED = stored('ops.json')
IMAGES = (2, 2, 5, 4)
PROBABILITIES = ((2, 3), 0.1, 0.9)
CLASSES = 'torch.tensor([0, 2, 1, 1])'
WEIGHT = 'torch.tensor([0.5, 1.0, 2.0]).to(x.dtype)'

LINEAR = [
    ('F.linear(x, y)', (4, 3), (2, 3)),
    ('F.linear(x, y, z)', (4, 3), (2, 3), (2,)),
    ('F.linear(x, y, z)', (3,), (2, 3), (2,)),
    ('F.linear(x, y, bias=z)', (2, 2, 3), (2, 3), (2,)),
]

CONVOLUTIONS = [
    ('F.conv2d(x, y)', IMAGES, (3, 2, 3, 3)),
    ('F.conv2d(x, y, z)', IMAGES, (3, 2, 2, 3), (3,)),
    ('F.conv2d(x, y, z)', (2, 5, 4), (3, 2, 2, 3), (3,)),
    ('F.conv2d(x, y)', IMAGES, (1, 2, 1, 1)),
    ('F.conv2d(x, y)', IMAGES, (2, 2, 5, 4)),
    ('F.conv2d(x, y, stride=2)', IMAGES, (2, 2, 2, 2)),
    ('F.conv2d(x, y, stride=(2, 1))', IMAGES, (1, 2, 2, 3)),
    ('F.conv2d(x, y, stride=3)', IMAGES, (1, 2, 2, 2)),
    ('F.conv2d(x, y, padding=1)', IMAGES, (2, 2, 3, 3)),
    ('F.conv2d(x, y, padding=(0, 2))', IMAGES, (1, 2, 3, 2)),
    ("F.conv2d(x, y, padding='same')", IMAGES, (1, 2, 3, 2)),
    ("F.conv2d(x, y, padding='valid')", IMAGES, (1, 2, 3, 2)),
    ('F.conv2d(x, y, dilation=2)', IMAGES, (1, 2, 2, 2)),
    ('F.conv2d(x, y, dilation=(1, 2))', IMAGES, (1, 2, 3, 2)),
    ('F.conv2d(x, y, groups=2)', IMAGES, (4, 1, 2, 2)),
    ('F.conv2d(x, y, z, 2, 1, 1, 2)', (1, 4, 4, 4), (2, 2, 3, 3), (2,)),
    ('F.conv2d(x, y, z, stride=2, padding=(1, 2), dilation=(2, 1), groups=2)',
     IMAGES, (2, 1, 2, 3), (2,)),
    ('F.conv2d(x.transpose(2, 3), y)', IMAGES, (1, 2, 2, 2)),
    ('F.conv1d(x, y, z, stride=2, padding=1, dilation=2)', (2, 2, 7), (3, 2, 2), (3,)),
    ('F.conv1d(x, y, groups=2)', (2, 5), (4, 1, 3)),
    ('F.conv_transpose2d(x, y, z)', (2, 3, 3, 2), (3, 2, 2, 3), (2,)),
    ('F.conv_transpose2d(x, y, stride=2, padding=1, output_padding=1, dilation=2)',
     (1, 2, 3, 2), (2, 2, 2, 3)),
    ('F.conv_transpose2d(x, y, stride=(1, 2), groups=2)', (1, 4, 3, 2), (4, 1, 2, 2)),
    ('F.conv_transpose1d(x, y, z)', (2, 3, 4), (3, 2, 2), (2,)),
    ('F.conv_transpose1d(x, y, None, 2, 1, 1, 2, 2)', (4, 3), (4, 1, 3)),
]

POOLS = [
    ('F.max_pool2d(x, 2)', IMAGES),
    ('F.max_pool2d(x, 2)', (2, 4, 4)),
    ('F.max_pool2d(x, (3, 2))', IMAGES),
    ('F.max_pool2d(x, 2, stride=1)', IMAGES),
    ('F.max_pool2d(x, 3, 2, 1)', IMAGES),
    ('F.max_pool2d(x, 2, stride=(3, 1), padding=(0, 1))', IMAGES),
    ('F.max_pool2d(x, 2, dilation=2, stride=1)', IMAGES),
    ('F.max_pool2d(x, 2, ceil_mode=True)', IMAGES),
    ('F.max_pool2d(x, 2, padding=1)', (IMAGES, -2, -1)),
    ('F.avg_pool2d(x, 2)', IMAGES),
    ('F.avg_pool2d(x, 2)', (2, 4, 4)),
    ('F.avg_pool2d(x, (3, 2), stride=1)', IMAGES),
    ('F.avg_pool2d(x, 2, stride=(1, 3))', IMAGES),
    ('F.avg_pool2d(x, 2, padding=1)', IMAGES),
    ('F.avg_pool2d(x, 3, 2, padding=1, count_include_pad=False)', IMAGES),
    ('F.avg_pool2d(x, 2, ceil_mode=True)', IMAGES),
    ('F.avg_pool2d(x, 2, divisor_override=3)', IMAGES),
    ('F.adaptive_avg_pool2d(x, 1)', IMAGES),
    ('F.adaptive_avg_pool2d(x, (2, None))', IMAGES),
    ('F.adaptive_avg_pool2d(x, (3, 3))', (2, 5, 4)),
    ('F.max_pool1d(x, 2)', (2, 2, 5)),
    ('F.max_pool1d(x, 3, 2, 1, 1, True)', (2, 6)),
    ('F.max_pool1d(x, (2,), stride=1, dilation=2)', (1, 2, 6)),
    ('F.avg_pool1d(x, 2)', (2, 2, 5)),
    ('F.avg_pool1d(x, 3, 2, 1, True, False)', (2, 6)),
    ('F.adaptive_avg_pool1d(x, 3)', (2, 2, 5)),
    ('F.adaptive_max_pool1d(x, 3)', (2, 5)),
    ('F.adaptive_max_pool2d(x, (2, None))', IMAGES),
    ('F.adaptive_max_pool2d(x, 3)', (2, 5, 4)),
    ('F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2)', (2, 2, 6, 4)),
    ('F.max_unpool2d(*F.max_pool2d(x, 2, 2, 1, return_indices=True), 2, 2, 1, (5, 4))', IMAGES),
    ('F.max_unpool1d(*F.max_pool1d(x, 2, return_indices=True), 2, output_size=x.shape)', (1, 2, 5)),
    ('F.max_unpool1d(*F.max_pool1d(x, (2,), 3, return_indices=True), (2,), 3)', (2, 5)),
    ('F.lp_pool1d(x, 2, 3, 1)', (2, 2, 5)),
    ('F.lp_pool1d(x, -np.inf, 2, ceil_mode=True)', (2, 5)),
    ('F.lp_pool2d(x, 3, (2, 3), 1)', (IMAGES, 0.2, 2.0)),
    ('F.lp_pool2d(x, np.inf, 2, ceil_mode=True)', (2, 5, 4)),
    ('F.pdist(x)', (4, 3)),
    ('F.pdist(x, 1)', (3, 2)),
    ('F.pdist(x, 3)', (3, 2)),
    ('F.pixel_shuffle(x, 2)', (2, 8, 2, 3)),
    ('F.channel_shuffle(x, 3)', (2, 6, 2)),
    ('F.pixel_unshuffle(x, 2)', (2, 4, 6)),
]

SIZES = [
    ('F.interpolate(x, scale_factor=2)', IMAGES),
    ('F.interpolate(x, (10, 4))', IMAGES),
    ('F.interpolate(x, 5)', IMAGES),                                       # only columns change
    ('F.interpolate(x, (2, 7))', IMAGES),
    ('F.interpolate(x, scale_factor=(1.7, 0.6))', IMAGES),
    ('F.interpolate(x, scale_factor=(1.7, 0.6), recompute_scale_factor=True)', IMAGES),
    ('F.interpolate(x, scale_factor=(3, 2.2))', (1, 1, 2, 5)),             # twice the size is exact
    ('F.interpolate(x, scale_factor=3)', (2, 2, 4)),
    ('F.interpolate(x, 7)', (2, 2, 4)),
    ('F.interpolate(x, scale_factor=0.5)', (1, 2, 5)),
]

ACTIVATIONS = [
    ('F.relu(x)', (2, 3)),
    ('F.leaky_relu(x)', (2, 3)),
    ('F.leaky_relu(x, negative_slope=0.2)', (2, 3)),
    ('F.leaky_relu(x, -0.5)', (2, 3)),
    ('F.gelu(x)', (2, 3)),
    ("F.gelu(x, approximate='tanh')", (2, 3)),
    ('F.tanh(x)', (2, 3)),
    ('F.sigmoid(x)', (2, 3)),
    ('F.softplus(x)', (2, 3)),
    ('F.softplus(x, beta=2, threshold=3)', (2, 3)),
    ('F.softmax(x, dim=1)', (2, 3)),
    ('F.softmax(x, 0)', (2, 3)),
    ('F.softmax(x, -2)', (2, 3, 2)),
    ('torch.softmax(x, dim=-1)', (2, 3)),
    ('x.softmax(-1)', (3,)),
    ('F.log_softmax(x, dim=1)', (2, 3)),
    ('F.log_softmax(x, dim=-2)', (2, 3, 2)),
    ('x.log_softmax(0)', (3,)),
    ('F.elu(x, alpha=0.5)', (2, 3)),
    ('F.silu(x)', (2, 3)),
    ('F.logsigmoid(x)', (2, 3)),
    ('F.selu(x)', (2, 3)),
    ('F.celu(x, alpha=0.5)', (2, 3)),
    ('F.prelu(x, y)', (2, 3, 2), (3,)),
    ('F.prelu(x, y)', (2, 3), (1,)),
    ('F.prelu(x, y)', (), ()),
    ('F.hardtanh(x)', (2, 3)),
    ('F.hardtanh(x, -0.5, 1.5)', (2, 3)),
    ('F.relu6(x * 4)', (2, 3)),
    ('F.hardswish(x * 2)', (2, 3)),
    ('F.hardsigmoid(x * 3)', (2, 3)),
    ('F.rrelu(x)', (2, 3)),
    ('F.rrelu(x, 0.25, 0.25, True)', (2, 3)),
    ('F.softshrink(x)', (2, 3)),
    ('F.softshrink(x, 0.2)', (2, 3)),
    ('F.hardshrink(x)', (2, 3)),
    ('F.hardshrink(x, 0.2)', (2, 3)),
    ('F.mish(x)', (2, 3)),
    ('F.softsign(x)', (2, 3)),
    ('F.tanhshrink(x)', (2, 3)),
    ('F.threshold(x, 0.5, 7)', (2, 3)),
    ('F.softmin(x, dim=1)', (2, 3)),
    ('F.bilinear(x, y, z)', (2, 3), (2, 4), (5, 3, 4)),
    ('F.bilinear(x, y, z, torch.ones(5).to(x.dtype))', (3,), (4,), (5, 3, 4)),
    ('F.embedding_bag(torch.tensor([[2, 0], [1, 1]]), x)', (3, 2)),
    ("F.embedding_bag(torch.tensor([2, 0, 1, 1]), x, torch.tensor([0, 1, 1]), mode='max')", (3, 2)),
    ("F.embedding_bag(torch.tensor([2, 0, 1]), x, torch.tensor([0, 2, 3]), mode='sum', "
     'per_sample_weights=y, include_last_offset=True)', (3, 2), (3,)),
    ('F.embedding_bag(torch.tensor([[2, 0], [1, 1]]), x, padding_idx=-2)', (3, 2)),
    ("F.embedding_bag(torch.tensor([[2, 0], [1, 1]]), x, mode='max', padding_idx=0)", (3, 2)),
    ('F.unfold(x, 2)', (2, 2, 3, 4)),
    ('F.unfold(x, (2, 3), (1, 2), (1, 2), 2)', (2, 3, 4)),
    ('F.fold(x, (3, 4), 2)', (1, 8, 6)),
    ('F.fold(x, (3, 4), (2, 3), (1, 2), (1, 2), 2)', (6, 4)),
    ("F.interpolate(x, (4, 2), mode='bilinear')", (1, 2, 3, 4)),
    ("F.interpolate(x, scale_factor=(1.7, 2), mode='bilinear', align_corners=True)", (1, 1, 3, 2)),
    ("F.interpolate(x, scale_factor=1.7, mode='linear')", (2, 1, 3)),
    ("F.interpolate(x, None, 1.7, 'linear', recompute_scale_factor=True)", (2, 1, 3)),
    ("F.interpolate(x, (4, 7), mode='bicubic')", (1, 2, 3, 4)),
    ("F.interpolate(x, scale_factor=(1.7, 0.8), mode='bicubic')", (1, 1, 3, 4)),
    ("F.interpolate(x, 5, mode='bicubic', align_corners=True)", (1, 1, 3, 2)),
    ("F.interpolate(x, 3, mode='area')", (1, 2, 5, 4)),
    ("F.interpolate(x, scale_factor=0.6, mode='area')", (2, 2, 5)),
    ("F.interpolate(x, (3, 7), mode='nearest-exact')", (1, 2, 5, 4)),
    ("F.interpolate(x, scale_factor=1.7, mode='nearest-exact')", (2, 2, 5)),
    ('F.affine_grid(x, (1, 2, 2, 3), align_corners=False)', (1, 2, 3)),
    ('F.affine_grid(x, (1, 2, 3, 2), align_corners=True)', (1, 2, 3)),
    ('F.grid_sample(x, y, align_corners=False)', (1, 2, 3, 4), ((1, 2, 2, 2), -1.2, 1.2)),
    ("F.grid_sample(x, y, padding_mode='border', align_corners=True)", (1, 2, 3, 4),
     ((1, 2, 2, 2), -1.2, 1.2)),
    ("F.grid_sample(x, y, 'bilinear', 'reflection', False)", (1, 2, 3, 4),
     ((1, 2, 2, 2), -2.2, 2.2)),
    ('F.glu(x)', (2, 4)),
    ('F.glu(x, dim=0)', (2, 4)),
    ('F.dropout(x, 0.5, training=False)', (2, 3)),
    ('F.dropout1d(x, 0.5, training=False)', (2, 3)),
    ('F.dropout2d(x, p=1.0)', (1, 2, 3, 1)),
    ('F.dropout3d(x, p=0.0)', (2, 3, 1, 1)),
    ('F.alpha_dropout(x)', (2, 3)),
    ('F.dropout(x, p=0.0)', (2, 3)),
    ('F.dropout(x, p=1.0)', (2, 3)),
]

LAYERS = [
    ('F.batch_norm(x, None, None, y, z, training=True)', (4, 3), (3,), (3,)),
    ('F.batch_norm(x, None, None, y, z, training=True, eps=0.1)', (2, 3, 2, 2), (3,), (3,)),
    ('F.batch_norm(x, torch.ones(2).to(x.dtype), torch.full((2,), 2.0).to(x.dtype))', (3, 2, 2)),
    ('F.layer_norm(x, (3,), y, z)', (2, 2, 3), (3,), (3,)),
    ('F.layer_norm(x, (2, 3), eps=0.1)', (2, 2, 3)),
    ('F.group_norm(x, 2, y, z)', (2, 4, 3), (4,), (4,)),
    ('F.rms_norm(x, (3,), y)', (2, 2, 3), (3,)),
    ('F.rms_norm(x, (2, 3), eps=0.1)', (2, 2, 3)),
    ('F.instance_norm(x, weight=y, bias=z)', (2, 3, 4), (3,), (3,)),
    ('F.instance_norm(x, torch.ones(2).to(x.dtype), torch.full((2,), 2.0).to(x.dtype), eps=0.1, '
     'use_input_stats=False)', (2, 2, 2, 3)),
    ('F.local_response_norm(x, 2)', (2, 4, 3)),
    ('F.local_response_norm(x, 3, alpha=0.5, beta=0.4, k=2.0)', (1, 4, 2, 2)),
    ('F.embedding(torch.tensor([[0, 2], [2, 1]]), x)', (3, 2)),
    ('F.scaled_dot_product_attention(x, y, z, enable_gqa=True)', (4, 3, 2), (2, 3, 2), (1, 3, 2)),
    ('F.pad(x, (1, 2))', (2, 3)),
    ('F.pad(x, (1, -1, 0, 2), value=7.0)', (2, 3)),
    ("F.pad(x, (2, 1), mode='reflect')", (2, 3)),
    ("F.pad(x, (1, 1, 2, 0), mode='replicate')", (1, 2, 3)),
    ("F.pad(x, (2, 1), mode='circular')", (2, 3)),
    ('F.normalize(x)', (2, 3)),
    ('F.normalize(x, p=1, dim=0)', (2, 3)),
    ('F.cosine_similarity(x, y)', (2, 3), (2, 3)),
    ('F.pairwise_distance(x, y)', (2, 3), (2, 3)),
    ('F.pairwise_distance(x, y, 1, 0.1, True)', (2, 3), (3,)),
    ('F.scaled_dot_product_attention(x, y, z)', (2, 3, 4), (2, 2, 4), (2, 2, 3)),
    ('F.scaled_dot_product_attention(x, y, z, is_causal=True, scale=0.5)', (3, 2), (3, 2), (3, 2)),
    ('F.scaled_dot_product_attention(x, x, x, torch.eye(2).bool())', (2, 3)),
]

LOSSES = [
    (f'F.cross_entropy(x, {CLASSES})', (4, 3)),
    ('F.cross_entropy(x, torch.tensor(1))', (3,)),
    ('F.cross_entropy(x, torch.tensor([[0, 1], [2, 2]]))', (2, 3, 2)),
    (f"F.cross_entropy(x, {CLASSES}, reduction='sum')", (4, 3)),
    (f"F.cross_entropy(x, {CLASSES}, reduction='none')", (4, 3)),
    (f'F.cross_entropy(x, {CLASSES}, weight={WEIGHT})', (4, 3)),
    (f"F.cross_entropy(x, {CLASSES}, {WEIGHT}, reduction='sum')", (4, 3)),
    (f'F.cross_entropy(x, {CLASSES}, ignore_index=1)', (4, 3)),
    (f"F.cross_entropy(x, {CLASSES}, weight={WEIGHT}, ignore_index=2, reduction='none')", (4, 3)),
    ('F.cross_entropy(x, torch.tensor([0, -100]))', (2, 3)),
    (f'F.cross_entropy(x, {CLASSES}, label_smoothing=0.1)', (4, 3)),
    (f'F.cross_entropy(x, {CLASSES}, {WEIGHT}, ignore_index=0, label_smoothing=0.2)', (4, 3)),
    (f"F.cross_entropy(x, {CLASSES}, {WEIGHT}, label_smoothing=0.5, reduction='sum')", (4, 3)),
    (f"F.cross_entropy(x, {CLASSES}, label_smoothing=1.0, reduction='none')", (4, 3)),
    (f'F.nll_loss(F.log_softmax(x, 1), {CLASSES})', (4, 3)),
    (f'F.nll_loss(x, {CLASSES})', (4, 3)),
    (f'F.nll_loss(x, {CLASSES}, {WEIGHT})', (4, 3)),
    (f"F.nll_loss(x, {CLASSES}, ignore_index=2, reduction='sum')", (4, 3)),
    (f"F.nll_loss(x, {CLASSES}, weight={WEIGHT}, reduction='none')", (4, 3)),
    ('F.nll_loss(x, torch.tensor([[0, 1], [2, 2]]))', (2, 3, 2)),
    ('F.mse_loss(x, y)', (2, 3), (2, 3)),
    ("F.mse_loss(x, y, reduction='sum')", (2, 3), (2, 3)),
    ("F.mse_loss(x, y, reduction='none')", (2, 3), (2, 3)),
    ('F.l1_loss(x, y)', (2, 3), (2, 3)),
    ("F.l1_loss(x, y, reduction='sum')", (2, 3), (2, 3)),
    ("F.l1_loss(x, y, reduction='none')", (2, 3), (2, 3)),
    ('F.binary_cross_entropy_with_logits(x, y)', (2, 3), PROBABILITIES),
    ("F.binary_cross_entropy_with_logits(x, y, reduction='sum')", (2, 3), PROBABILITIES),
    ("F.binary_cross_entropy_with_logits(x, y, reduction='none')", (2, 3), PROBABILITIES),
    (f'F.binary_cross_entropy_with_logits(x, y, {WEIGHT})', (2, 3), PROBABILITIES),
    (f'F.binary_cross_entropy_with_logits(x, y, pos_weight={WEIGHT})', (2, 3), PROBABILITIES),
    ('F.binary_cross_entropy(x, y)', PROBABILITIES, PROBABILITIES),
    (f"F.binary_cross_entropy(x, y, weight={WEIGHT}, reduction='sum')", PROBABILITIES,
     PROBABILITIES),
    ('F.cross_entropy(x, y)', (2, 3), PROBABILITIES),
    (f'F.cross_entropy(x, y, {WEIGHT}, label_smoothing=0.1)', (2, 3), PROBABILITIES),
    ('F.smooth_l1_loss(x, y)', (2, 3), (2, 3)),
    ("F.smooth_l1_loss(x, y, reduction='sum', beta=0.5)", (2, 3), (2, 3)),
    ('F.huber_loss(x, y, delta=0.5)', (2, 3), (2, 3)),
    ('F.margin_ranking_loss(x, y, x.detach().sign())', (2, 3), (2, 3)),
    ("F.margin_ranking_loss(x, y, x.detach().sign(), margin=0.7, reduction='none')", (2, 3),
     (2, 3)),
    ('F.triplet_margin_loss(x, y, z)', (4, 3), (4, 3), (4, 3)),
    ('F.triplet_margin_with_distance_loss(x, y, z)', (4, 3), (4, 3), (4, 3)),
    ('F.triplet_margin_with_distance_loss(x, y, z, distance_function=F.cosine_similarity, '
     "swap=True, reduction='none')", (4, 3), (4, 3), (4, 3)),
    ("F.triplet_margin_loss(x, y, z, 2.0, 1, 0.1, True, reduction='sum')", (4, 3), (4, 3), (4, 3)),
    ('F.gaussian_nll_loss(x, y, z)', (2, 3), (2, 3), ((2, 3), 0.2, 2.0)),
    ("F.gaussian_nll_loss(x, y, z, True, 0.1, 'sum')", (2, 3), (2, 3), ((2,), 0.2, 2.0)),
    ("F.gaussian_nll_loss(x, y, 0.5, reduction='none')", (2, 3), (2, 3)),
    (f'F.soft_margin_loss(x[0], ({WEIGHT} - 0.7).sign())', (2, 3)),
    (f"F.hinge_embedding_loss(x, ({WEIGHT} - 0.7).sign(), 0.7, reduction='sum')", (2, 3)),
    ('F.cosine_embedding_loss(x, y, torch.tensor([1, -1]))', (2, 3), (2, 3)),
    ("F.cosine_embedding_loss(x, -x * y, torch.tensor(-1), 0.1, reduction='none')", (3,), (3,)),
    ('F.multi_margin_loss(x, torch.tensor([2, 0]))', (2, 3)),
    (f"F.multi_margin_loss(x, torch.tensor([2, 0]), 2, 0.7, {WEIGHT}, reduction='sum')",
     (2, 3)),
    ('F.multi_margin_loss(x, torch.tensor(1))', (3,)),
    ('F.multilabel_margin_loss(x, torch.tensor([[2, -1, 0], [0, 1, -1]]))', (2, 3)),
    ("F.multilabel_margin_loss(x, torch.tensor([1, 1, -1]), reduction='none')", (3,)),
    (f'F.multilabel_soft_margin_loss(x, y, {WEIGHT})', (2, 3), PROBABILITIES),
    ('F.poisson_nll_loss(x, y)', (2, 3), (2, 3)),
    ("F.poisson_nll_loss(x, y, False, True, eps=0.1, reduction='sum')", ((2, 3), 0.5, 2.0),
     ((2, 3), 0.5, 2.0)),
    ("F.kl_div(x, y, reduction='sum')", (2, 3), PROBABILITIES),
    ("F.kl_div(x, y, reduction='batchmean', log_target=True)", (2, 3), (2, 3)),
]

ROWS = LINEAR + CONVOLUTIONS + POOLS + SIZES + ACTIVATIONS + LAYERS + LOSSES


def leaves(row, dtype=torch.float64):
    return [torch.tensor(x, dtype=dtype, requires_grad=True) for x in arrays(row[1:])]


def of(row):
    return function(torch, row[0], len(row) - 1)


@every_row(ROWS)
def test_values_and_gradients_are_those_of_pytorch(row):
    outputs, gradients = values_and_gradients(torch, row)
    assert_equal(outputs, STORED[name_of(row)]['outputs'])
    assert_equal(gradients, STORED[name_of(row)]['gradients'], tolerance(row[0], 1e-10))


@every_row(ROWS)
def test_first_derivatives_equal_central_differences(row):
    assert torch.autograd.gradcheck(of(row), leaves(row))


@every_row(ROWS)
def test_second_derivatives_equal_central_differences(row):
    assert torch.autograd.gradgradcheck(of(row), leaves(row))


@every_row(ROWS)
def test_float32_stays_float32_in_value_and_gradient(row):
    outputs, gradients = values_and_gradients(torch, row, 'float32')
    assert {x.dtype for x in outputs + gradients} == {torch.float32}
    assert_equal(outputs, STORED[name_of(row)]['outputs'], 2e-5)


@pytest.mark.parametrize('name, dims', [('batch_norm', (0, 2)), ('layer_norm', (2,))])
def test_norms_equal_their_composed_forms_to_second_order(name, dims):
    """As one operation they are given r as an array; the rules must know what it depends on."""
    torch.manual_seed(0)
    x, g = torch.randn(4, 3, 3).double().requires_grad_(), torch.randn(4, 3, 3).double()
    w, b = (torch.randn(3).double().requires_grad_() for _ in range(2))
    columns = (3, 1) if name == 'batch_norm' else (3,)

    def composed(x, w, b):
        d = x - x.mean(dims, keepdim=True)
        r = 1 / ((d * d).mean(dims, keepdim=True) + 1e-5).sqrt()
        return d * r * w.reshape(columns) + b.reshape(columns)

    def fused(x, w, b):
        if name == 'batch_norm':
            return F.batch_norm(x, None, None, w, b, training=True)
        return F.layer_norm(x, (3,), w, b)

    found = []
    for form in (fused, composed):
        out = form(x, w, b)
        first = torch.autograd.grad((out**2).sum(), (x, w, b), create_graph=True)
        second = torch.autograd.grad(sum((t * t.sin()).sum() for t in first) + (first[0] * g).sum(),
                                     (x, w, b))
        found.append([out, *first, *second])
    for ours, expected in zip(*found):
        np.testing.assert_allclose(ours.detach().numpy(), expected.detach().numpy(), rtol=1e-9,
                                   atol=1e-10)


@pytest.mark.parametrize('stride, padding, dilation, groups', [
    (1, 0, 1, 1), (2, 1, 1, 1), (3, 2, 2, 1), (1, 1, 1, 2), (2, 0, 2, 4)])
def test_a_convolution_equals_four_loops(stride, padding, dilation, groups):
    generator = np.random.default_rng(0)
    x, w = generator.normal(size=(2, 4, 7, 6)), generator.normal(size=(4, 4 // groups, 3, 2))
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    reach = [dilation * (k - 1) + 1 for k in w.shape[2:]]
    rows, columns = [(size - r) // stride + 1 for size, r in zip(padded.shape[2:], reach)]
    expected = np.zeros((2, 4, rows, columns))
    for channel in range(4):
        first = channel * groups // 4 * (4 // groups)
        for i in range(rows):
            for j in range(columns):
                patch = padded[:, first:first + 4 // groups,
                               i * stride:i * stride + reach[0]:dilation,
                               j * stride:j * stride + reach[1]:dilation]
                expected[:, channel, i, j] = (patch * w[channel]).sum(axis=(1, 2, 3))
    result = F.conv2d(torch.tensor(x), torch.tensor(w), None, stride, padding, dilation, groups)
    np.testing.assert_allclose(result.numpy(), expected, atol=1e-12)


def test_resizing_to_many_sizes_takes_the_pixels_that_pytorch_takes():
    pytorch = pytest.importorskip('torch')
    for n, m in np.ndindex(12, 50):
        for options in (dict(size=m + 1), dict(scale_factor=(m + 10) / 10)):
            for shape in ((1, 1, n + 1), (1, 1, n + 1, 1)):
                x = np.arange(n + 1, dtype=np.float32).reshape(shape)
                expected = pytorch.nn.functional.interpolate(pytorch.tensor(x), **options)
                assert F.interpolate(torch.tensor(x), **options).tolist() == expected.tolist()


@pytest.mark.parametrize('options', [dict(mode='nearest-exact'), dict(mode='area'), dict(
    mode='bicubic'), dict(mode='bicubic', align_corners=True)])
def test_resizing_in_float32_gives_what_pytorch_gives(options):
    pytorch = pytest.importorskip('torch')
    x = np.random.default_rng(0).normal(size=(1, 2, 7, 4)).astype(np.float32)
    for size in (dict(size=(3, 9)), dict(size=(7, 4)), dict(size=1), dict(scale_factor=1.7),
                 dict(scale_factor=(0.6, 3.3)), dict(scale_factor=1.1)):
        expected = pytorch.nn.functional.interpolate(pytorch.tensor(x), **size, **options).numpy()
        found = F.interpolate(torch.tensor(x), **size, **options).numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize('name, args', [
    ('relu', ()), ('elu', (0.5,)), ('leaky_relu', (0.2,)), ('rrelu', (0.2, 0.4)), ('selu', ()),
    ('celu', (0.5,)), ('hardtanh', (-0.5, 0.7)), ('threshold', (0.5, 2.0))])
def test_activations_that_end_in_an_underscore_are_written_into_the_input(name, args):
    x = torch.tensor([-1.5, 0.0, 0.6, 2.0])
    expected = getattr(F, name)(x, *args)
    out = getattr(F, f'{name}_')(x, *args)
    assert out is x and x.tolist() == expected.tolist()
    with refused(TypeError, "'input' must be Tensor"):
        getattr(F, f'{name}_')([1.0], *args)


@pytest.mark.parametrize('name, options', [
    ('upsample', dict(mode='bilinear', align_corners=True)), ('upsample_nearest', {}),
    ('upsample_bilinear', {})])
def test_older_names_of_interpolate_warn_at_the_line_that_has_them(name, options):
    x = torch.arange(4.0).reshape(1, 1, 2, 2)
    with pytest.warns(UserWarning, match=f'functional.{name}. is deprecated. Use') as w:
        found = getattr(F, name)(x, 3, **options), getattr(F, name)(x, None, 1.5, **options)
    mode = dict(mode='nearest') if 'nearest' in name else dict(mode='bilinear', align_corners=True)
    assert [warning.filename for warning in w] == [__file__] * 2
    assert found[0].tolist() == found[1].tolist() == F.interpolate(x, 3, **mode).tolist()


@pytest.mark.parametrize('p, point, distance, slope', [
    (0, [np.nan, 1, 2], np.nan, [0, 0, 0]), (1, [np.nan, 1, -2], np.nan, [np.nan, 1, -1]),
    (np.inf, [np.nan, 1, 2], np.nan, [np.nan] * 3), (np.inf, [3, -3, 1], 3, [1, -1, 0])])
def test_distances_of_pairs_with_nan_and_ties_are_those_of_pytorch(p, point, distance, slope):
    x = torch.tensor([point, [0.0] * 3], requires_grad=True)
    out = F.pdist(x, p)
    out.sum().backward()
    np.testing.assert_array_equal(out.detach(), [distance])
    np.testing.assert_array_equal(x.grad[0], slope)
    assert F.pdist(x.detach()[:, :0], p).tolist() == [0]


def test_images_of_the_same_size_are_a_copy():
    x = torch.ones(1, 1, 2, 2)
    F.interpolate(x, 2).add_(1)
    assert x.sum() == 4


def test_enlarged_images_lie_in_memory_as_convolution_likes_and_so_does_their_gradient():
    x = F.conv2d(torch.ones(2, 1, 4, 4), torch.ones(3, 1, 1, 1, requires_grad=True))
    y = F.interpolate(x, scale_factor=2)
    (g,) = torch.autograd.grad(y, x, torch.ones(2, 3, 8, 8))
    for a in (y, g):
        assert hcwn(a._array).flags.c_contiguous


def test_dropout_zeroes_a_share_and_scales_up_the_rest():
    torch.manual_seed(0)
    x = torch.ones(100, 100, requires_grad=True)
    y = F.dropout(x, 0.25)
    kept = y.detach().numpy() != 0
    assert abs(kept.mean() - 0.75) < 0.02
    np.testing.assert_allclose(y.detach().numpy()[kept], 1 / 0.75, rtol=1e-6)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.detach().numpy())


def test_dropout_draws_from_the_seed_of_the_package():
    x = torch.ones(50)
    torch.manual_seed(3)
    first = F.dropout(x)
    second = F.dropout(x)
    torch.manual_seed(3)
    assert F.dropout(x).tolist() == first.tolist() != second.tolist()


@pytest.mark.parametrize('p', [-0.1, 1.5])
def test_dropout_refuses_what_is_no_probability(p):
    with refused(ValueError, str(p), 'between 0 and 1'):
        F.dropout(torch.ones(3), p)


@pytest.mark.parametrize('loss', [F.binary_cross_entropy, F.binary_cross_entropy_with_logits])
def test_a_loss_of_a_column_against_a_row_is_refused(loss):
    with refused(ValueError, '(3, 1)', '(3,)'):
        loss(torch.ones(3, 1), torch.ones(3))


@pytest.mark.parametrize('loss', [F.cross_entropy, F.nll_loss])
def test_a_class_out_of_range_is_refused_and_the_classes_are_counted(loss):
    with refused(IndexError, 'Target 5 is out of bounds', '3'):
        loss(torch.ones(2, 3), torch.tensor([0, 5]))


@pytest.mark.parametrize('loss', [F.cross_entropy, F.nll_loss])
def test_a_negative_class_does_not_count_from_the_end(loss):
    with refused(IndexError, 'Target -1 is out of bounds'):
        loss(torch.ones(2, 3), torch.tensor([0, -1]))


@pytest.mark.parametrize('loss, target', [
    (F.mse_loss, torch.ones(2, 3)), (F.kl_div, torch.ones(2, 3)),
    (F.cross_entropy, torch.tensor([0, 1])), (F.cross_entropy, torch.ones(2, 3)),
    (F.nll_loss, torch.tensor([0, 1]))])
def test_an_unknown_reduction_is_refused_and_old_options_say_one(loss, target):
    with refused(ValueError, "'average'", "'mean'"):
        loss(torch.ones(2, 3), target, reduction='average')
    for options, reduction in [(dict(size_average=False), 'sum'), (dict(reduce=False), 'none'),
                               (dict(size_average=False, reduce=False), 'none'),
                               (dict(size_average=True), 'mean')]:
        with pytest.warns(UserWarning, match=f"deprecated, please use reduction='{reduction}'"):
            old = loss(torch.ones(2, 3), target, **options)
        assert old.tolist() == loss(torch.ones(2, 3), target, reduction=reduction).tolist()


@pytest.mark.parametrize('call, argument', [
    (lambda: F.linear(np.ones((2, 3)), torch.ones(4, 3)), 'input'),
    (lambda: F.linear(torch.ones(2, 3), np.ones((4, 3))), 'weight'),
    (lambda: torch.nn.Linear(2, 1)(np.ones(2, np.float32)), 'input'),
    (lambda: F.relu([1.0]), 'input'),
    (lambda: F.elu(np.ones(2)), 'input'),
    (lambda: F.gelu(np.ones(2)), 'input'),
    (lambda: F.dropout([1.0]), 'input'),
    (lambda: F.cross_entropy(np.ones((2, 3)), torch.tensor([0, 1])), 'input'),
    (lambda: F.cross_entropy(torch.ones(2, 3), [0, 1]), 'target'),
    (lambda: F.nll_loss(torch.ones(2, 3), np.array([0, 1])), 'target'),
    (lambda: F.mse_loss(torch.ones(2), np.ones(2)), 'target'),
    (lambda: F.kl_div([0.5], torch.ones(1)), 'input'),
])
def test_arrays_and_lists_are_not_taken_for_tensors(call, argument):
    with refused(TypeError, f"'{argument}' must be Tensor, not", 'torch.tensor('):
        call()


@pytest.mark.parametrize('call, parts', [
    (lambda x: F.triplet_margin_loss(x, x, x, margin=0), ('margin must be greater than 0', '1.0')),
    (lambda x: torch.nn.TripletMarginLoss(-1.0), ('margin must be greater than 0', '-1.0')),
    (lambda x: torch.nn.TripletMarginWithDistanceLoss(margin=0), ('margin must be greater', '0')),
    (lambda x: F.gaussian_nll_loss(x, x, -x), ('var has negative', 'softplus')),
    (lambda x: F.gaussian_nll_loss(x, x, -0.5), ('var has negative', 'softplus')),
    (lambda x: F.gaussian_nll_loss(x, x, torch.ones(4)), ('incorrect size', '(4,)', 'expand_as'))])
def test_margins_and_variances_that_cannot_be_are_refused(call, parts):
    with refused(ValueError, *parts):
        call(torch.ones(2, 3))


def test_targets_of_another_batch_size_are_refused():
    with refused(ValueError, '(3', '(2'):
        F.cross_entropy(torch.ones(3, 4), torch.tensor([0, 1]))


def test_a_label_smoothing_beyond_one_is_refused():
    with refused(RuntimeError, 'label_smoothing', '1.5'):
        F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 1]), label_smoothing=1.5)


@pytest.mark.parametrize('call, parts', [
    (lambda: F.conv2d(torch.ones(1, 2, 4, 4), torch.ones(3, 1, 2, 2)),
     ('1, 2, 4, 4', '3, 1, 2, 2', 'channels')),
    (lambda: F.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3)), ('2, 2', '3, 3')),
    (lambda: F.conv2d(torch.ones(4, 4), torch.ones(1, 1, 2, 2)), ('4, 4',)),
    (lambda: F.conv2d(torch.ones(1, 2, 4, 4), torch.ones(3, 1, 2, 2), groups=2), ('groups', '3')),
    (lambda: F.conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2), torch.ones(2)), ('bias',)),
    (lambda: F.conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2), stride=0), ('stride',)),
    (lambda: F.conv1d(torch.ones(1, 1, 4), torch.ones(1, 1, 2), stride=(1, 2)),
     ('expected stride to be a single integer value', 'stride=[1, 2]')),
    (lambda: F.conv1d(torch.ones(1, 4), torch.ones(1, 1, 2), padding=(1, 2)), ('padding=[1, 2]',)),
    (lambda: F.conv2d(torch.ones(1, 4, 4), torch.ones(1, 1, 2, 2), stride=2, padding='same'),
     ("'same'", '(2, 2)')),
    (lambda: F.conv2d(torch.ones(1, 4, 4), torch.ones(1, 1, 2, 2), padding=-1), ('(-1, -1)',)),
    (lambda: F.conv_transpose2d(torch.ones(3, 4, 4), torch.ones(2, 1, 2, 2)), ('3, 4, 4', '2, 1')),
    (lambda: F.conv_transpose2d(torch.ones(1, 1, 1), torch.ones(1, 1, 2, 2), padding=1),
     ('[0, 0]', 'Pad less')),
    (lambda: F.conv_transpose2d(torch.ones(1, 2, 2), torch.ones(1, 1, 2, 2), output_padding=1),
     ('output padding must be smaller', '(1, 1)')),
    (lambda: F.max_pool2d(torch.ones(1, 1, 4, 4), 2, padding=2), ('pad', '2')),
    (lambda: F.max_pool2d(torch.ones(1, 1, 2, 2), 3), ('2, 2', '3')),
    (lambda: F.avg_pool2d(torch.ones(1, 1, 4, 4), 2, padding=2), ('pad', '2')),
    (lambda: F.max_pool2d(torch.ones(1, 4, 4), 2, stride=0), ('max_pool2d', '(0, 0)')),
    (lambda: F.avg_pool2d(torch.ones(1, 4, 4), 2, divisor_override=0), ('must be not zero',)),
    (lambda: F.adaptive_avg_pool2d(torch.ones(1, 4, 4), (2, -1)), ('output_size', '(2, -1)')),
    (lambda: F.pad(torch.ones(2, 3), (1,)), ('divisible by 2', '(1,)')),
    (lambda: F.pad(torch.ones(2, 3), (-2, -2)), ('(-2, -2)', '(2, 3)')),
    (lambda: F.pad(torch.ones(2, 3), (3, 0), 'reflect'), ('Padding size should be less', '(3, 0)')),
    (lambda: F.batch_norm(torch.ones(3), None, None, training=True), ('(3,)', '(N, C, ...)')),
    (lambda: F.batch_norm(torch.ones(2, 3), None, None), ('running_mean', 'training=False')),
    (lambda: F.batch_norm(torch.ones(2, 3), None, None, torch.ones(2), training=True),
     ('weight should contain 3 elements not 2',)),
    (lambda: F.layer_norm(torch.ones(2, 3), (2,)), ('normalized_shape=[2]', 'size[2, 3]')),
    (lambda: F.group_norm(torch.ones(2, 3), 2), ('[2, 3]', 'num_groups=2')),
    (lambda: F.embedding(torch.tensor([0]), torch.ones(3)), ("'weight' must be 2-D", '(3,)')),
    (lambda: F.embedding(torch.ones(1), torch.ones(3, 2)), ('float32', 'long()')),
    (lambda: F.scaled_dot_product_attention(
        *[torch.ones(2, 2)] * 3, attn_mask=torch.ones(2, 2), is_causal=True), ('attn_mask',)),
    (lambda: F.linear(torch.ones(2, 3), torch.ones(4, 2)), ('(2, 3)', '(4, 2)')),
    (lambda: F.gelu(torch.ones(2), approximate='sinh'), ('approximate', 'tanh')),
    (lambda: F.margin_ranking_loss(torch.ones(2), torch.ones(2, 1), torch.ones(2)),
     ('same dimension', '[2, 1]', 'squeeze(1)')),
    (lambda: F.cosine_embedding_loss(torch.ones(2, 3), torch.ones(2, 3), torch.ones(2, 1)),
     ('0D or 1D target', '(2, 1)', '(N,)')),
    (lambda: F.soft_margin_loss(torch.ones(2, 3), torch.ones(2)), ('(2, 3)', '(2,)')),
    (lambda: F.multi_margin_loss(torch.ones(2, 3), torch.tensor([0, 3])),
     ('target out of range', '0 to 2')),
    (lambda: F.multi_margin_loss(torch.ones(2, 3), torch.tensor([0])),
     ('inconsistent target size', '(1,)', '(N, C) and (N,)')),
    (lambda: F.multi_margin_loss(torch.ones(2, 3), torch.tensor([0, 1]), p=3),
     ('only p == 1 and p == 2 supported', '3')),
    (lambda: F.multi_margin_loss(torch.ones(2, 3), torch.tensor([0, 1]), weight=torch.ones(1, 3)),
     ('one-dimensional', '(1, 3)')),
    (lambda: F.multilabel_margin_loss(torch.ones(2, 3), torch.tensor([0, 1])),
     ('inconsistent target size', '(2,)', 'filled with -1')),
    (lambda: F.multilabel_margin_loss(torch.ones(3), torch.tensor([0, -2, 1])),
     ('target out of range', '0 to 2')),
    (lambda: F.bilinear(torch.ones(2, 3), torch.ones(2, 4), torch.ones(5, 4, 3)), ('(5, 4, 3)',)),
    (lambda: F.embedding_bag(torch.tensor([0]), torch.ones(3, 2)), ('offsets None', '(B, N)')),
    (lambda: F.embedding_bag(torch.tensor([0]), torch.ones(3, 2), torch.tensor([1])),
     ('offsets[0] has to be 0', '[1]')),
    (lambda: F.embedding_bag(torch.tensor([[0]]), torch.ones(3, 2), mode='min'), ("'min'",)),
    (lambda: F.embedding_bag(torch.tensor([[0]]), torch.ones(3, 2),
                             per_sample_weights=torch.ones(1, 1)), ("mode='sum'", 'Leave it out')),
    (lambda: F.embedding_bag(torch.tensor([[0]]), torch.ones(3, 2), mode='sum',
                             per_sample_weights=torch.ones(1)), ('same shape', '(1, 1)')),
    (lambda: F.unfold(torch.ones(1, 1, 2, 2), 3), ('unfold', '[2, 2]', 'kernel_size=3')),
    (lambda: F.fold(torch.ones(1, 8, 5), (3, 4), 2), ('fold', 'to be 6', '(1, 8, 5)')),
    (lambda: F.fold(torch.ones(1, 7, 6), (3, 4), 2), ('fold', '(2, 2)', '(1, 7, 6)')),
    (lambda: F.interpolate(torch.ones(1, 1, 2), 3, mode='bilinear'), ('3D input', 'bilinear')),
    (lambda: F.interpolate(torch.ones(1, 1, 2, 2), 3, mode='lanczos'), ("'lanczos'", 'bilinear')),
    (lambda: F.interpolate(torch.ones(1, 1, 2), 3, mode='bicubic'), ('3D input', 'bicubic')),
    (lambda: F.interpolate(torch.ones(1, 1, 2, 2), 3, mode='bilinear', antialias=True),
     ('antialias', "mode='area'")),
    (lambda: F.interpolate(torch.ones(1, 1, 2), 3, mode='area', align_corners=True),
     ('align_corners', "'area'")),
    (lambda: F.affine_grid(torch.ones(1, 2, 2), (1, 1, 2, 2)), ('Nx2x3', '(1, 2, 2)')),
    (lambda: F.affine_grid(torch.ones(1, 2, 3).long(), (1, 1, 2, 2)),
     ('floating point', 'float()')),
    (lambda: F.grid_sample(torch.ones(1, 1, 2, 2), torch.ones(1, 2, 2, 2), 'bicubic'),
     ('bicubic', "mode='bilinear'")),
    (lambda: F.grid_sample(torch.ones(1, 1, 2, 2), torch.ones(1, 2, 2, 2), 'cubic'),
     ("'cubic'", "mode='bilinear'")),
    (lambda: F.grid_sample(torch.ones(1, 1, 2, 2), torch.ones(1, 2, 2, 2), padding_mode='ones'),
     ("'ones'", "padding_mode='zeros'")),
    (lambda: F.grid_sample(torch.ones(1, 1, 2, 2), torch.ones(2, 2, 2, 2)),
     ('batch size', "W', 2)")),
    (lambda: F.grid_sample(torch.ones(1, 1, 2, 2), torch.ones(1, 2, 2, 2).double()),
     ('same floating point', 'to(input.dtype)')),
    (lambda: F.grid_sample(torch.ones(1, 1, 0, 2), torch.ones(1, 2, 2, 2)),
     ('non-empty', 'pixels')),
    (lambda: F.grid_sample(torch.ones(1, 1, 2, 2, 2), torch.ones(1, 2, 2, 2, 3)),
     ('Volumes are not implemented',)),
    (lambda: F.triplet_margin_loss(torch.ones(2, 3), torch.ones(2, 3), torch.ones(3)),
     ('anchor 2D', 'negative 1D', 'expand_as')),
    (lambda: F.celu(torch.ones(2), 0), ('alpha cannot be 0', '1.0')),
    (lambda: F.prelu(torch.ones(2, 3), torch.ones(2)), ('numbers = 2', 'channel size = 3')),
    (lambda: F.prelu(torch.ones(2, 3), torch.ones(1, 3)), ('ndim = 2', 'flatten()')),
    (lambda: F.prelu(torch.ones(2, 3), torch.ones(3).double()), ('Float and Double', '.to(')),
    (lambda: F.glu(torch.ones(2, 3)), ('dimension 1 is size 3', 'even')),
    (lambda: F.glu(torch.tensor(1.0)), ('scalars', 'at least one dimension')),
    (lambda: F.dropout1d(torch.ones(3)), ('2D or 3D input', '1D input', 'use dropout')),
    (lambda: F.dropout2d(torch.ones(3)), ('3D or 4D', '1D input', '(N, C, H, W)')),
    (lambda: F.rms_norm(torch.ones(2, 3), (2,)), ('normalized_shape=[2]', 'size[2, 3]')),
    (lambda: F.pixel_shuffle(torch.ones(3, 2, 2), 2), ('(3, 2, 2)', 'divisible')),
    (lambda: F.pixel_unshuffle(torch.ones(3, 3, 2), 2), ('(3, 3, 2)', 'divisible')),
    (lambda: F.channel_shuffle(torch.ones(1, 4, 2), 3), ('(1, 4, 2)', 'divisor')),
    (lambda: F.channel_shuffle(torch.ones(4, 2), 2), ('> 2 dims', '(4, 2)')),
    (lambda: F.rrelu(torch.ones(2), 0.5, 0.1), ('Lower bound', '0.5 and 0.1')),
    (lambda: F.rrelu(torch.ones(2), 0.5, float('inf')), ('must be finite', 'inf')),
    (lambda: F.max_pool1d(torch.ones(4), 2), ('[4]', 'unsqueeze(0)')),
    (lambda: F.adaptive_max_pool2d(torch.ones(1, 2, 2), -1), ('adaptive_max_pool2d', 'not -1')),
    *[(lambda loss=loss, shape=shape, dtype=dtype: loss(
        torch.ones(3), torch.ones(shape, dtype=dtype)),
       ('expected scalar type Long', 'target.long()'))
      for loss, shape in [(F.multi_margin_loss, ()), (F.multilabel_margin_loss, (3,))]
      for dtype in (torch.int32, torch.bool, torch.uint8)],
    (lambda: F.multi_margin_loss(torch.ones(3).long(), torch.tensor(1)), ("'Long'", 'float()')),
    (lambda: F.multilabel_margin_loss(torch.ones(3).long(), torch.tensor([1, 0, 2])),
     ("'Long'", 'float()')),
    (lambda: F.multi_margin_loss(torch.ones(3), torch.tensor(1), weight=torch.ones(2)),
     ('3 classes', '[2]')),
    (lambda: F.multi_margin_loss(torch.ones(3), torch.tensor(1), weight=torch.ones(3).double()),
     ('expected scalar type Float', 'to(input.dtype)')),
    (lambda: F.cross_entropy(torch.ones(2, 3), torch.tensor([1, 0], dtype=torch.uint8),
                             torch.ones(3), label_smoothing=0.2), ('uint8', 'target.long()')),
    (lambda: F.soft_margin_loss(torch.ones(2).long(), torch.ones(2)), ('Long', 'input.float()')),
    (lambda: F.hinge_embedding_loss(torch.ones(2).long(), torch.ones(2)), ('Long', 'float()')),
    (lambda: F.margin_ranking_loss(torch.ones(2), torch.ones(2), torch.ones(2) > 0), ('bool',)),
    (lambda: F.adaptive_max_pool1d(torch.ones(1, 2), -1), ('adaptive_max_pool1d', 'not -1')),
    (lambda: F.adaptive_avg_pool1d(torch.ones(1, 2), [-1]), ('adaptive_avg_pool1d', 'not [-1]')),
    (lambda: F.adaptive_max_pool2d(torch.ones(1, 0, 2), 1), ('adaptive_max_pool2d', 'non-zero')),
    (lambda: F.adaptive_max_pool2d(torch.ones(1, 2, 2).long(), 1), ('int64', 'float()')),
])
def test_shapes_and_options_that_do_not_fit_are_refused(call, parts):
    with refused((RuntimeError, ValueError), *parts):
        call()


def test_class_numbers_and_signs_of_bytes_count_as_others_do():
    scores, labels = torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]), torch.tensor([1, 0])
    for options in ({}, dict(label_smoothing=0.2), dict(weight=torch.tensor([1.0, 2.0, 3.0]))):
        expected = F.cross_entropy(scores, labels, reduction='none', **options)
        found = F.cross_entropy(scores, labels.byte(), reduction='none', **options)
        assert torch.equal(found, expected)
    assert torch.equal(F.soft_margin_loss(scores, torch.ones(2, 3).byte()),
                       F.soft_margin_loss(scores, torch.ones(2, 3)))
    ranks = torch.tensor([1, 3])
    assert F.margin_ranking_loss(ranks, labels, torch.tensor([-1, 1])).item() == 0


def test_adaptive_pools_have_a_result_of_size_0():
    for size in (0, (0, 2), (2, 0), (None, 0)):
        shape = 2, 3, *((0, 0) if size == 0 else (5 if m is None else m for m in size))
        found, places = F.adaptive_max_pool2d(torch.ones(2, 3, 5, 5), size, return_indices=True)
        assert found.shape == places.shape == shape and places.dtype == torch.int64
        assert F.adaptive_avg_pool2d(torch.ones(2, 3, 5, 5), size).shape == shape
    for pool in (F.adaptive_max_pool1d, F.adaptive_avg_pool1d):
        x = torch.ones(3, 5, requires_grad=True)
        assert pool(x, 0).shape == (3, 0) and pool(x, 0).requires_grad


@pytest.mark.parametrize('error, call, parts', [
    (TypeError, lambda: F.max_pool2d(torch.ones(1, 4, 4), (2, 2, 2)), ('kernel_size', '(2, 2, 2)')),
    (RuntimeError, lambda: F.max_unpool1d(torch.ones(1, 2), torch.ones(1, 2), 2),
     ('float32', 'int64', 'return_indices=True')),
    (RuntimeError, lambda: F.max_unpool1d(torch.ones(1, 2), torch.ones(1, 1).long(), 2),
     ('(1, 2)', '(1, 1)', 'return_indices=True')),
    (RuntimeError, lambda: F.max_unpool1d(torch.ones(1, 2), torch.tensor([[0, 4]]), 2),
     ('invalid max index', '0 to 4', 'size 4')),
    (ValueError, lambda: F.max_unpool1d(torch.ones(1, 2), torch.tensor([[0, 2]]), 2,
                                        output_size=(6,)), ('output_size (6,)', '(4,)')),
    (ValueError, lambda: F.max_unpool2d(torch.ones(1, 2, 2), torch.zeros(1, 2, 2).long(), 2,
                                        output_size=(4,)), ('output_size (4,)', '2 or 4')),
    (RuntimeError, lambda: F.pdist(torch.ones(3)), ('2D tensors, got: 1D', 'each row')),
    (RuntimeError, lambda: F.pdist(torch.ones(3, 2).long()), ('int64', 'float()')),
    (RuntimeError, lambda: F.pdist(torch.ones(3, 2), -1), ('non-negative', '-1')),
    (TypeError, lambda: F.avg_pool2d(torch.ones(1, 4, 4), 1.5), ('kernel_size', '1.5')),
    (NotImplementedError, lambda: F.pad(torch.ones(2, 3), (1, 1), 'mirror'), ("'mirror'",)),
    (NotImplementedError, lambda: F.conv_transpose2d(
        torch.ones(1, 2, 2), torch.ones(1, 1, 2, 2), output_padding=1, dilation=2), ('(1, 1)',)),
    (NotImplementedError, lambda: F.embedding(torch.tensor([0]), torch.ones(2, 2), sparse=True),
     ('sparse=True', 'Leave it out')),
    (RuntimeError, lambda: F.scaled_dot_product_attention(
        torch.ones(3, 2, 2), *[torch.ones(2, 2, 2)] * 2, enable_gqa=True),
     ('enable_gqa=True', '(3, 2, 2)', 'divide'))], ids=str)
def test_sizes_of_a_wrong_kind_and_options_not_built_are_refused(error, call, parts):
    with refused(error, *parts):
        call()


@pytest.mark.parametrize('call, argument', [
    (lambda x, a: F.conv1d(a, x), 'input'), (lambda x, a: F.conv2d(x, a), 'weight'),
    (lambda x, a: F.conv_transpose2d(x, a), 'weight'), (lambda x, a: F.max_pool2d(a, 2), 'input'),
    (lambda x, a: F.avg_pool2d(a, 2), 'input'), (lambda x, a: F.adaptive_avg_pool2d(a, 1), 'input'),
    (lambda x, a: F.interpolate(a, 2), 'input'), (lambda x, a: F.pad(a, (1, 1)), 'input'),
    (lambda x, a: F.batch_norm(a, None, None, training=True), 'input'),
    (lambda x, a: F.layer_norm(a, (2,)), 'input'), (lambda x, a: F.group_norm(a, 1), 'input'),
    (lambda x, a: F.embedding([0, 1], x[0, 0]), 'input'),
    (lambda x, a: F.cosine_similarity(x, a), 'x2'), (lambda x, a: F.normalize(a), 'input'),
    *[(lambda x, a, pool=pool: pool(a, 2), 'input') for pool in (
        F.max_pool1d, F.avg_pool1d, F.adaptive_avg_pool1d, F.adaptive_max_pool1d,
        F.adaptive_max_pool2d, F.pixel_shuffle, F.pixel_unshuffle, F.channel_shuffle)],
    (lambda x, a: F.conv_transpose1d(x, a), 'weight'), (lambda x, a: F.rms_norm(a, (2,)), 'input'),
    (lambda x, a: F.instance_norm(x, weight=a), 'weight'),
    (lambda x, a: F.scaled_dot_product_attention(x, a, x), 'key'),
    (lambda x, a: F.ctc_loss(x[0].log_softmax(-1), [1], [1], [1]), 'targets')])
def test_layers_of_images_and_sequences_take_tensors_only(call, argument):
    with refused(TypeError, f"argument '{argument}' must be Tensor, not", 'torch.tensor('):
        call(torch.ones(2, 2, 2, 2), np.ones((2, 2, 2, 2), np.float32))


@pytest.mark.parametrize('error, options, parts', [
    (NotImplementedError, dict(size=2, mode='trilinear'), ("'trilinear'", "'nearest'")),
    (NotImplementedError, dict(x=torch.ones(2, 2), size=2), ('2D', 'unsqueeze')),
    (NotImplementedError, dict(x=torch.ones(1, 1, 2).long(), size=2), ('int64', 'float()')),
    (ValueError, {}, ('either size or scale_factor', 'None and None')),
    (ValueError, dict(size=2, scale_factor=3), ('only one of size or scale_factor', '2 and 3')),
    (ValueError, dict(size=(2,)), ('(2,)', 'spatial dimensions')),
    (ValueError, dict(scale_factor=(2, 2, 2)), ('(2, 2, 2)', 'spatial dimensions')),
    (ValueError, dict(size=2, recompute_scale_factor=True), ('recompute_scale_factor',)),
    (ValueError, dict(size=2, align_corners=False), ('align_corners',)),
    (ValueError, dict(size=2, antialias=True), ('Anti-alias',)),
    (TypeError, dict(size=(2, 2.5)), ('2.5', 'int()')),
    (RuntimeError, dict(scale_factor=0.2), ('greater than 0', '[0, 0]')),
    (RuntimeError, dict(x=torch.ones(1, 0, 2, 2), size=2), ('greater than 0', '[1, 0, 2, 2]')),
], ids=str)
def test_a_resizing_that_cannot_be_is_refused(error, options, parts):
    with refused(error, *parts):
        F.interpolate(**{'input': options.get('x', torch.ones(1, 1, 2, 2)),
                         **{name: value for name, value in options.items() if name != 'x'}})


def test_the_stored_values_are_those_of_the_installed_pytorch():
    pytorch = pytest.importorskip('torch')
    for row in ROWS:
        outputs, gradients = values_and_gradients(pytorch, row)
        assert_equal(outputs, STORED[name_of(row)]['outputs'])
        assert_equal(gradients, STORED[name_of(row)]['gradients'])


def test_random_slopes_of_rrelu_lie_between_the_bounds_and_are_its_derivative():
    x = torch.linspace(-3, 3, 1001).requires_grad_()
    y = torch.nn.RReLU(0.2, 0.6)(x)
    y.sum().backward()
    slopes = (y / x).detach()[:500]
    assert 0.2 <= slopes.min() < 0.21 and 0.59 < slopes.max() <= 0.6
    assert abs(slopes.mean() - 0.4) < 0.02
    assert torch.allclose(x.grad[:500], slopes) and (x.grad[501:] == 1).all()
    again = x.detach().clone()
    assert F.rrelu(again, 0.2, 0.6, training=True, inplace=True) is again
    assert torch.allclose(again[501:], x[501:]) and (again[:500] != x[:500]).all()
    assert (torch.nn.RReLU(0.2, 0.6).eval()(x)[:500] == x[:500] * 0.4).all()


def test_grids_whose_corners_are_not_said_to_be_aligned_warn():
    with pytest.warns(UserWarning, match='has changed to align_corners=False') as caught:
        grid = F.affine_grid(torch.eye(2, 3)[None], (1, 1, 2, 2))
        F.grid_sample(torch.ones(1, 1, 2, 2), grid)
    assert [warning.filename for warning in caught] == [__file__] * 2
    assert grid[0, 0].tolist() == [[-0.5, -0.5], [0.5, -0.5]]


def test_nearest_pixel_of_a_grid_has_no_slope_in_the_grid():
    image = torch.arange(6.0).reshape(1, 1, 2, 3).requires_grad_()
    grid = torch.tensor([[[[-0.9, -0.9], [0.1, 0.8], [5.0, 0.0]]]], requires_grad=True)
    found = F.grid_sample(image, grid, 'nearest', align_corners=False)
    found.sum().backward()
    assert found.tolist() == [[[[0.0, 4.0, 0.0]]]] and not grid.grad.any()
    assert image.grad.tolist() == [[[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]]


@pytest.mark.parametrize('call, there', [
    ('dropout(x, 0.5, True)', 'dropout(x, 0.5)'),
    ('dropout(x, 0.5, False)', 'dropout(x, 0.5, False)'),
    ('alpha_dropout(x, 0.5, True)', 'alpha_dropout(x, 0.5, True)'),
    ('celu(x, 0.5)', 'celu(x, 0.5)'), ('selu(x)', 'selu(x)'),
    ('rrelu(x, 0.2, 0.4, True)', 'rrelu(x, 0.2, 0.4, True)'),
    ('threshold(x, 0.5, 7.0)', 'threshold(x, 0.5, 7.0)'),
    ('max_pool1d(x, 3, 2, 1, 1, True)', 'max_pool1d(x, 3, 2, 1, 1, True)'),
    ('max_pool1d(x, 2)', 'max_pool1d(x, 2)'), ('max_pool2d(x, 2)', 'max_pool2d(x, 2)'),
    ('max_pool2d(x, 2, 1, 1, 2, True)', 'max_pool2d(x, 2, 1, 1, 2, True)')])
def test_functions_of_torch_with_fewer_arguments_give_what_those_of_nn_functional_give(call, there):
    scope = {'torch': torch, 'F': F, 'x': torch.tensor(arrays([(2, 4, 5)])[0])}
    torch.manual_seed(0)
    found = eval(f'torch.{call}', scope)
    torch.manual_seed(0)
    assert found.tolist() == eval(f'F.{there}', scope).tolist()


@pytest.mark.parametrize('name', [name for name, place in OF_LAYERS.items()
                                  if place == 'nn.functional'])
def test_functions_that_torch_exports_too_are_those_of_nn_functional(name):
    assert getattr(torch, name) is getattr(F, name)
    pytorch = pytest.importorskip('torch')
    assert hasattr(pytorch, name)


@pytest.mark.parametrize('name, own', [
    ('expit', 'sigmoid'), ('gammaln', 'lgamma'), ('psi', 'digamma'), ('erf', 'erf'),
    ('log1p', 'log1p'), ('round', 'round')])
def test_torch_special_has_other_names_for_functions_of_torch(name, own):
    x = torch.linspace(0.1, 3, 7)
    assert getattr(torch.special, name)(x).tolist() == getattr(torch, own)(x).tolist()


@pytest.mark.parametrize('name', ['softmax', 'log_softmax'])
def test_softmax_of_torch_special_needs_a_dim_and_takes_the_dtype_third(name):
    x = torch.linspace(0.1, 3, 6).reshape(2, 3)
    found = getattr(torch.special, name)(x, 1, torch.float64)
    assert found.tolist() == getattr(x.double(), name)(1).tolist()
    with refused(TypeError, 'dim'):
        getattr(torch.special, name)(x)


@pytest.mark.parametrize('act, argument', [
    (lambda: torch.dropout(torch.ones(2), 0.5, 1), 'train'),
    (lambda: torch.alpha_dropout(torch.ones(2), 0.5, None), 'train'),
    (lambda: torch.selu([1.0]), 'input'), (lambda: torch.max_pool2d([1.0], 2), 'input')])
def test_functions_of_torch_name_the_argument_that_is_wrong(act, argument):
    with refused(TypeError, argument):
        act()


def test_dropout2d_of_a_matrix_drops_elements_with_a_warning():
    x = torch.ones(200, 50)
    with pytest.warns(UserWarning, match='2-D input to dropout2d'):
        dropped = torch.nn.Dropout2d(0.25)(x)
    np.testing.assert_allclose(dropped.unique(), [0, 4 / 3], rtol=1e-6)
    assert abs((dropped == 0).float().mean() - 0.25) < 0.02
