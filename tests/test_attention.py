"""Attention: what masks hide, what the weights say, and what is refused."""

import math

import numpy as np
import pytest
import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.autograd import gradcheck, gradgradcheck


def attention(*args, **options):
    torch.manual_seed(0)
    return nn.MultiheadAttention(*args, **options).double()


def randn(*shape):
    return torch.tensor(np.random.default_rng(sum(shape)).normal(size=shape), requires_grad=True)


def equal(x, y):
    np.testing.assert_allclose(x.detach().numpy(), y.detach().numpy(), rtol=0, atol=1e-12)


def test_it_is_scaled_dot_product_attention_of_each_head():
    layer, x, y = attention(6, 2), randn(4, 1, 6), randn(5, 1, 6)
    q, k, v = (nn.functional.linear(z[:, 0], w, b) for z, w, b in zip(
        (x, y, y), layer.in_proj_weight.chunk(3), layer.in_proj_bias.chunk(3)))
    heads = [nn.functional.scaled_dot_product_attention(q[:, part], k[:, part], v[:, part])
             for part in (slice(0, 3), slice(3, 6))]
    equal(layer(x, y, y)[0][:, 0], layer.out_proj(torch.cat(heads, 1)))


def test_weights_are_shares_and_their_mean_over_the_heads_is_the_default():
    layer, x = attention(4, 2, batch_first=True), randn(3, 5, 4)
    output, mean = layer(x, x, x)
    _, weights = layer(x, x, x, average_attn_weights=False)
    assert weights.shape == (3, 2, 5, 5) and mean.shape == (3, 5, 5)
    equal(weights.sum(-1), torch.ones(3, 2, 5).double())
    equal(weights.mean(1), mean)
    without, none = layer(x, x, x, need_weights=False)
    assert none is None
    equal(without, output)


def test_masked_places_have_no_weight_and_no_gradient():
    layer, x = attention(4, 2), randn(5, 2, 4)
    padding = torch.tensor([[False, False, False, True, True], [False] * 5])
    output, weights = layer(x, x, x, key_padding_mask=padding)
    assert (weights[0, :, 3:] == 0).all() and (weights[1] > 0).all()
    output[:3, 0].sum().backward()
    assert (x.grad[3:] == 0).all() and (x.grad[:3, 0] != 0).any()


@pytest.mark.parametrize('options', [{}, dict(add_bias_kv=True), dict(add_zero_attn=True)])
def test_where_no_weights_are_asked_for_is_causal_stands_for_the_mask(options):
    layer, x, later = attention(4, 2, **options), randn(3, 1, 4), torch.ones(3, 3).triu(1) > 0
    expected, _ = attention(4, 2)(x, x, x, attn_mask=later)     # the key that is added comes last
    for mask in (later, ~later):
        equal(layer(x, x, x, need_weights=False, attn_mask=mask, is_causal=True)[0], expected)
        equal(layer(x, x, x, attn_mask=mask, is_causal=True)[0],
              layer(x, x, x, attn_mask=mask)[0])


def test_a_causal_mask_hides_what_comes_later():
    layer, x = attention(4, 1), randn(4, 1, 4)
    later = torch.ones(4, 4).triu(1).bool()
    output, weights = layer(x, x, x, attn_mask=later, is_causal=True)
    assert (weights[0].triu(1) == 0).all()
    output[1].sum().backward()
    assert (x.grad[2:] == 0).all() and (x.grad[:2] != 0).any()


PADDED = torch.tensor([[True, True, True], [False, False, True]])     # one sample is padding only


@pytest.mark.parametrize('need_weights, expected', [(False, 'zeros'), (True, 'nan')])
def test_a_query_that_sees_no_key_gives_zeros_unless_its_weights_are_asked_for(need_weights,
                                                                               expected):
    layer, x = attention(4, 2, batch_first=True), randn(2, 3, 4)
    output, weights = layer(x, x, x, PADDED, need_weights)
    assert not output[1].isnan().any()
    output.sum().backward()
    if expected == 'zeros':
        equal(output[0], layer.out_proj.bias.expand(3, 4))
        assert all(p.grad.isfinite().all() for p in layer.parameters())
        assert (x.grad[0] == 0).all() and (x.grad[1] != 0).any()
    else:
        assert output[0].isnan().all() and weights[0].isnan().all()
        assert x.grad[0].isnan().all() and x.grad[1].isfinite().all()


@pytest.mark.parametrize('mask', [
    torch.tensor([[True, True], [False, False]]),
    torch.tensor([[0.0, 0.0], [-math.inf, -math.inf]]).double()])
def test_scaled_dot_product_attention_gives_zeros_where_a_whole_row_is_masked(mask):
    q, k, v = randn(2, 3), randn(2, 3), randn(2, 2)
    output = nn.functional.scaled_dot_product_attention(q, k, v, mask)
    assert output[1].tolist() == [0, 0] and (output[0] != 0).all()
    output.sum().backward()
    assert (q.grad[1] == 0).all() and (v.grad != 0).all()
    assert all(x.grad.isfinite().all() for x in (q, k, v))


@pytest.mark.parametrize('norm_first', [False, True])
def test_an_encoder_trains_on_a_batch_in_which_a_sample_is_padding_only(norm_first):
    layer = nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True, norm_first=norm_first)
    encoder = nn.TransformerEncoder(layer, 2).double()
    encoder(randn(2, 3, 4), src_key_padding_mask=PADDED).square().mean().backward()
    assert all(p.grad.isfinite().all() for p in encoder.parameters())


def test_numbers_as_masks_are_added_and_each_head_can_have_its_own():
    layer, x = attention(4, 2), randn(3, 2, 4)
    hidden = torch.tensor(np.arange(4 * 3 * 3).reshape(4, 3, 3) % 3 == 1)
    numbers = torch.zeros(4, 3, 3).double().masked_fill(hidden, -math.inf)
    for mask in hidden, numbers:
        _, weights = layer(x, x, x, attn_mask=mask, average_attn_weights=False)
        assert ((weights == 0) == hidden.reshape(2, 2, 3, 3)).all()
    padding = torch.tensor([[0.0, 0.0, -math.inf]] * 2).double()
    equal(layer(x, x, x, padding)[0], layer(x, x, x, padding != 0)[0])


def test_a_sequence_without_batch_is_a_batch_of_one():
    layer, x = attention(4, 2, batch_first=True), randn(3, 4)
    padding = torch.tensor([False, True, False])
    for alone, batched in zip(layer(x, x, x, padding),
                              layer(*[x.unsqueeze(0)] * 3, padding.unsqueeze(0))):
        equal(alone, batched[0])


def test_gradients_are_right_to_second_order():
    layer = nn.TransformerEncoderLayer(2, 1, 3, 0.0, 'gelu', norm_first=True).double()
    assert gradcheck(layer, (randn(3, 1, 2),))
    assert gradgradcheck(layer, (randn(2, 1, 2),))
    model = nn.Transformer(2, 1, 1, 1, 3, 0.0, 'gelu').double()
    assert gradcheck(model, (randn(3, 1, 2), randn(2, 1, 2)))
    assert gradgradcheck(model, (randn(2, 1, 2), randn(2, 1, 2)))


def test_with_a_causal_mask_no_output_of_the_decoder_depends_on_later_targets():
    model = nn.Transformer(4, 2, 1, 2, 8, 0.0).double()
    src, tgt = randn(3, 1, 4), randn(5, 1, 4)
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    assert mask.tolist()[1] == [0, 0, -math.inf, -math.inf, -math.inf]
    model(src, tgt, tgt_mask=mask, tgt_is_causal=True)[2].square().sum().backward()
    assert (tgt.grad[3:] == 0).all() and (tgt.grad[:3] != 0).any() and (src.grad != 0).any()


def test_matrices_of_a_transformer_begin_with_glorots_distribution_and_norms_are_its_own():
    model = nn.Transformer(60, 2, 1, 1, 40)
    bound = math.sqrt(6 / (60 + 40))
    assert 0.95 * bound < model.decoder.layers[0].linear1.weight.abs().max() <= bound
    assert model.encoder.norm.weight is not model.decoder.norm.weight
    custom = nn.Transformer(4, 2, custom_encoder=model.encoder, custom_decoder=model.decoder)
    assert custom.encoder is model.encoder and custom.decoder is model.decoder


def test_dropout_is_only_in_training():
    layer, x = attention(4, 2, dropout=0.5), randn(6, 2, 4)
    assert (layer(x, x, x)[1] == 0).any()
    equal(layer.eval()(x, x, x)[1].sum(-1), torch.ones(2, 6).double())
    encoder = nn.TransformerEncoderLayer(4, 2, 8).double()
    assert (encoder(x) != encoder(x)).any()
    encoder.eval()
    equal(encoder(x), encoder(x))


def test_layers_of_an_encoder_are_copies_with_weights_of_their_own():
    layer = nn.TransformerEncoderLayer(4, 2, 8)
    encoder = nn.TransformerEncoder(layer, 3)
    own = {id(parameter) for parameter in [*encoder.parameters(), *layer.parameters()]}
    assert len(own) == 4 * 12
    assert (encoder.layers[0].linear1.weight == layer.linear1.weight).all()


def test_first_weights_are_those_of_glorot_and_biases_zero():
    layer = attention(100, 2)
    bound = math.sqrt(6 / (100 + 300))
    assert 0.95 * bound < layer.in_proj_weight.abs().max() <= bound
    assert (layer.in_proj_bias == 0).all() and (layer.out_proj.bias == 0).all()


X = torch.ones(3, 2, 4)


@pytest.mark.parametrize('error, parts, act', [
    (AssertionError, ['divisible', '4', '3'], lambda: nn.MultiheadAttention(4, 3)),
    (ValueError, ['0'], lambda: nn.MultiheadAttention(0, 1)),
    (RuntimeError, ['(4, 3, 4)', 'kdim'],
     lambda: nn.MultiheadAttention(4, 2, kdim=3)(X, X, X)),
    (ValueError, ['2D', '3D'], lambda: nn.MultiheadAttention(4, 2)(X, X, X[0])),
    (RuntimeError, ['equal shapes'], lambda: nn.MultiheadAttention(4, 2)(X, X, X[:2])),
    (RuntimeError, ['batch size'], lambda: nn.MultiheadAttention(4, 2)(X, X[:, :1], X[:, :1])),
    (RuntimeError, ['attn_mask', 'is_causal'],
     lambda: nn.MultiheadAttention(4, 2)(X, X, X, is_causal=True)),
    (RuntimeError, ['key_padding_mask', '(3, 2)', '(2, 3)'],
     lambda: nn.MultiheadAttention(4, 2)(X, X, X, torch.ones(3, 2).bool())),
    (RuntimeError, ['attn_mask', '(1, 3)', '(3, 3)', '(4, 3, 3)'],
     lambda: nn.MultiheadAttention(4, 2)(X, X, X, attn_mask=torch.ones(1, 3).bool())),
    (AssertionError, ['embedding dimension of 4', '(3, 2, 2)'],
     lambda: nn.MultiheadAttention(4, 2)(*[X[:, :, :2]] * 3)),
    (RuntimeError, ['embedding dimension of 4', '(3, 2, 2)'],
     lambda: nn.MultiheadAttention(4, 2)(X, X[:, :, :2], X[:, :, :2])),
    (AssertionError, ['attn_mask', 'int64', 'attn_mask == 0'],
     lambda: nn.MultiheadAttention(4, 2)(X, X, X, attn_mask=torch.ones(3, 3).long())),
    (AssertionError, ['key_padding_mask', 'uint8'],
     lambda: nn.MultiheadAttention(4, 2)(X, X, X, torch.ones(2, 3, dtype=torch.uint8))),
    (RuntimeError, ['bool or float', 'int64', 'mask.bool()'],
     lambda: F.scaled_dot_product_attention(X, X, X, torch.ones(2, 2).long())),
    (RuntimeError, ['(2, 3, 2, 2)', '(3, 2, 2)'],
     lambda: F.scaled_dot_product_attention(X, X, X, torch.ones(2, 3, 2, 2).bool())),
    (TypeError, ['attn_mask', 'ndarray'],
     lambda: F.scaled_dot_product_attention(X, X, X, np.ones((2, 2)))),
    (RuntimeError, ['relu/gelu', 'elu'],
     lambda: nn.TransformerEncoderLayer(4, 2, activation='elu')),
])
def test_what_does_not_fit_is_refused(error, parts, act):
    with refused(error, *parts):
        act()


def test_a_program_may_choose_how_attention_is_computed_if_it_runs_on_a_cpu():
    SDPBackend, sdpa_kernel = nn.attention.SDPBackend, nn.attention.sdpa_kernel
    x = torch.ones(1, 2, 3)
    for backends in (SDPBackend.MATH, [SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION]):
        with sdpa_kernel(backends, set_priority=True):
            assert F.scaled_dot_product_attention(x, x, x).tolist() == x.tolist()
    with refused(RuntimeError, 'No viable backend', 'EFFICIENT_ATTENTION', 'SDPBackend.MATH'):
        with sdpa_kernel([SDPBackend.EFFICIENT_ATTENTION]):
            pass
    with refused(AssertionError, 'got str', 'SDPBackend.MATH'):
        with sdpa_kernel('math'):
            pass
