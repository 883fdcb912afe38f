"""The functions of nn.functional that a first network does not need, from the files of their kinds.
"""
from .._functions.creation import one_hot
from .._functions.pointwise import sigmoid, tanh
from ._activations import (
    celu, celu_, elu, elu_, gelu, glu, hardshrink, hardsigmoid, hardswish, hardtanh, hardtanh_,
    leaky_relu, leaky_relu_, logsigmoid, mish, prelu, relu6, relu_, rrelu, rrelu_, selu, selu_,
    silu, softplus, softshrink, softsign, tanhshrink, threshold, threshold_)
from ._attention import scaled_dot_product_attention
from ._bags import bilinear, embedding_bag
from ._channelshuffle import channel_shuffle
from ._convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from ._ctc import ctc_loss
from ._dropout import alpha_dropout, dropout, dropout1d, dropout2d, dropout3d
from ._embedding import embedding
from ._folding import fold, unfold
from ._grid import affine_grid, grid_sample
from ._interpolation import interpolate, upsample, upsample_bilinear, upsample_nearest
from ._label_losses import (
    cosine_embedding_loss, hinge_embedding_loss, multi_margin_loss, multilabel_margin_loss,
    multilabel_soft_margin_loss, poisson_nll_loss, soft_margin_loss)
from ._losses import (
    binary_cross_entropy, binary_cross_entropy_with_logits, huber_loss, kl_div, l1_loss, mse_loss,
    smooth_l1_loss)
from ._margin_losses import (
    gaussian_nll_loss, margin_ranking_loss, triplet_margin_loss, triplet_margin_with_distance_loss)
from ._normalization import (
    batch_norm, group_norm, instance_norm, layer_norm, local_response_norm, rms_norm)
from ._padding import pad
from ._pixelshuffle import pixel_shuffle, pixel_unshuffle
from ._pooling import (
    adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_max_pool1d, adaptive_max_pool2d, avg_pool1d,
    avg_pool2d, lp_pool1d, lp_pool2d, max_pool1d, max_pool2d, max_unpool1d, max_unpool2d)
from ._similarity import cosine_similarity, normalize, pairwise_distance, pdist
from ._softmax import gumbel_softmax, log_softmax, softmax, softmin

__all__ = [
    'adaptive_avg_pool1d', 'adaptive_avg_pool2d', 'adaptive_max_pool1d', 'adaptive_max_pool2d',
    'affine_grid', 'alpha_dropout', 'avg_pool1d', 'avg_pool2d', 'batch_norm', 'bilinear',
    'binary_cross_entropy', 'binary_cross_entropy_with_logits', 'celu', 'celu_', 'channel_shuffle',
    'conv1d', 'conv2d', 'conv_transpose1d', 'conv_transpose2d', 'cosine_embedding_loss',
    'cosine_similarity', 'ctc_loss', 'dropout', 'dropout1d', 'dropout2d', 'dropout3d', 'elu',
    'elu_', 'embedding', 'embedding_bag', 'fold', 'gaussian_nll_loss', 'gelu', 'glu', 'grid_sample',
    'group_norm', 'gumbel_softmax', 'hardshrink', 'hardsigmoid', 'hardswish', 'hardtanh',
    'hardtanh_', 'hinge_embedding_loss', 'huber_loss', 'instance_norm', 'interpolate', 'kl_div',
    'l1_loss', 'layer_norm', 'leaky_relu', 'leaky_relu_', 'local_response_norm', 'log_softmax',
    'logsigmoid', 'lp_pool1d', 'lp_pool2d', 'margin_ranking_loss', 'max_pool1d', 'max_pool2d',
    'max_unpool1d', 'max_unpool2d', 'mish', 'mse_loss', 'multi_margin_loss',
    'multilabel_margin_loss', 'multilabel_soft_margin_loss', 'normalize', 'one_hot', 'pad',
    'pairwise_distance', 'pdist', 'pixel_shuffle', 'pixel_unshuffle', 'poisson_nll_loss', 'prelu',
    'relu6', 'relu_', 'rms_norm', 'rrelu', 'rrelu_', 'scaled_dot_product_attention', 'selu',
    'selu_', 'sigmoid', 'silu', 'smooth_l1_loss', 'soft_margin_loss', 'softmax', 'softmin',
    'softplus', 'softshrink', 'softsign', 'tanh', 'tanhshrink', 'threshold', 'threshold_',
    'triplet_margin_loss', 'triplet_margin_with_distance_loss', 'unfold', 'upsample',
    'upsample_bilinear', 'upsample_nearest']
