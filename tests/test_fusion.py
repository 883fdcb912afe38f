"""nn.utils: norms of all gradients, layers fused for evaluation, layers without initial values."""
import math

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

nn, utils = torch.nn, torch.nn.utils


@pytest.fixture(params=['here', 'PyTorch'])
def library(request):
    return torch if request.param == 'here' else pytest.importorskip('torch')


def used(norm, library):
    """The norm with statistics and weights of its own, in evaluation mode."""
    for i, tensor in enumerate([norm.running_mean, norm.running_var, norm.weight, norm.bias]):
        if tensor is not None:
            tensor.data = library.linspace(0.5, 2.0 + i, tensor.numel())
    return norm.eval()


@pytest.mark.parametrize('kind, sizes, shape, options', [
    ('Conv1d', (2, 4, 3), (3, 2, 6), {}), ('Conv2d', (2, 4, 3), (3, 2, 5, 4), dict(bias=False)),
    ('ConvTranspose2d', (2, 4, 3), (3, 2, 5, 4), dict(stride=2)),
    ('Linear', (3, 4), (5, 3), {}), ('Linear', (3, 4), (5, 3), dict(bias=False))])
@pytest.mark.parametrize('affine', [True, False])
def test_a_fused_layer_computes_what_the_two_compute(kind, sizes, shape, options, affine, library):
    nn, linear = library.nn, kind == 'Linear'
    if linear and not affine and library is not torch:
        pytest.skip('fused here alone')
    layer = getattr(nn, kind)(*sizes, **options).eval()
    norm = used((nn.BatchNorm2d if kind.endswith('2d') else nn.BatchNorm1d)(
        4, eps=0.1, affine=affine), library)
    fused = (nn.utils.fuse_linear_bn_eval(layer, norm) if linear else
             nn.utils.fuse_conv_bn_eval(layer, norm, 'Transpose' in kind))
    x = library.rand(*shape)
    np.testing.assert_allclose(fused(x).detach().numpy(), norm(layer(x)).detach().numpy(),
                               rtol=1e-4, atol=1e-5)
    assert type(fused) is type(layer) and fused is not layer and fused.weight.requires_grad
    assert isinstance(fused.bias, nn.Parameter)
    assert fused.bias.requires_grad == (layer.bias is not None)
    assert 'bias' in dict(fused.named_parameters())


@pytest.mark.parametrize('error, parts, act', [
    (AssertionError, ('Fusion only for eval!', 'Call eval()'),
     lambda: utils.fuse_conv_bn_eval(nn.Conv1d(1, 2, 1), nn.BatchNorm1d(2).eval())),
    (AssertionError, ('must not be None', 'track_running_stats=True'),
     lambda: utils.fuse_linear_bn_eval(
         nn.Linear(1, 2).eval(), nn.BatchNorm1d(2, track_running_stats=False).eval())),
    (AssertionError, ('linear.out_features=2', 'bn.num_features=3'),
     lambda: utils.fuse_linear_bn_eval(nn.Linear(1, 2).eval(), nn.BatchNorm1d(3).eval())),
    (RuntimeError, ('Expected a Module; got 3', 'nn.Linear'), lambda: utils.skip_init(3)),
    (RuntimeError, ("'device' arg", 'Dropout', 'Call the class'),
     lambda: utils.skip_init(nn.Dropout)),
    (RuntimeError, ('non-finite', '2.0'), lambda: utils.get_total_norm(
        [torch.tensor([math.inf])], error_if_nonfinite=True)),
    (TypeError, ("'total_norm' must be Tensor",),
     lambda: utils.clip_grads_with_norm_([], 1.0, 2.0)),
])
def test_what_cannot_be_fused_made_or_clipped_is_refused(error, parts, act):
    with refused(error, *parts):
        act()


def test_a_layer_without_initial_values_uses_up_no_random_numbers(library):
    library.manual_seed(0)
    expected = library.rand(3).tolist()
    library.manual_seed(0)
    layer = library.nn.utils.skip_init(library.nn.Linear, 3, out_features=2, bias=False)
    assert library.rand(3).tolist() == expected
    assert layer.weight.shape == (2, 3) and layer.weight.requires_grad and layer.bias is None


@pytest.mark.parametrize('norm_type, expected', [(2.0, 13.0), (1, 19.0), (math.inf, 12.0)])
def test_the_norm_of_all_tensors_is_that_of_one_long_vector(norm_type, expected, library):
    tensors = [library.tensor([3.0, -4.0], requires_grad=True), library.tensor([[12.0]])]
    found = library.nn.utils.get_total_norm(iter(tensors), norm_type)
    assert found.item() == pytest.approx(expected) and not found.requires_grad
    assert library.nn.utils.get_total_norm(tensors[0]).item() == pytest.approx(5)
    assert library.nn.utils.get_total_norm([]).item() == 0


def test_gradients_are_scaled_by_a_norm_that_is_given(library):
    utils, w = library.nn.utils, library.zeros(2, requires_grad=True)
    for total, expected in [(10.0, [0.6, 0.8]), (0.5, [3.0, 4.0])]:
        w.grad = library.tensor([3.0, 4.0])
        assert utils.clip_grads_with_norm_(w, 2.0, library.tensor(total)) is None
        assert w.grad.tolist() == pytest.approx(expected)
    with pytest.warns(FutureWarning, match='clip_grad_norm_'):
        assert utils.clip_grad_norm([w], 1.0).item() == pytest.approx(5)
    assert w.grad.tolist() == pytest.approx([0.6, 0.8])
