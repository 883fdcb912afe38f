"""nn.utils.weight_norm and spectral_norm, beside PyTorch."""
import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

LAYERS = ['nn.Linear(4, 3)', 'nn.Conv2d(2, 3, 2)', 'nn.ConvTranspose2d(4, 2, 2)']
CALLS = [('weight_norm', ''), ('weight_norm', ', dim=1'), ('weight_norm', ', dim=None'),
         ('weight_norm', ', dim=-1'), ('weight_norm', ", 'bias'"), ('spectral_norm', ''),
         ('spectral_norm', ', n_power_iterations=3'), ('spectral_norm', ', dim=1')]


def made(library, layer, call, options):
    module = eval(layer, dict(nn=library.nn))
    return eval(f'{call}(module{options})', {call: getattr(library.nn.utils, call),
                                             'module': module})


def pair(layer, call, options):
    """The same layer in both libraries, with an input of each."""
    pytorch = pytest.importorskip('torch')
    ours, theirs = (made(library, layer, call, options) for library in (torch, pytorch))
    theirs.load_state_dict({name: pytorch.tensor(x.numpy())
                            for name, x in ours.state_dict().items()})
    data = np.random.default_rng(0).normal(size=(5, 4) if 'Linear' in layer else (
        1, 4 if 'Transpose' in layer else 2, 3, 3)).astype('f')
    return (ours, torch.tensor(data)), (theirs, pytorch.tensor(data))


@pytest.mark.filterwarnings('ignore::FutureWarning')
@pytest.mark.parametrize('layer', LAYERS)
@pytest.mark.parametrize('call, options', CALLS)
def test_outputs_gradients_and_state_are_those_of_pytorch(layer, call, options):
    found = []
    for module, x in pair(layer, call, options):
        results = [module(x), module(x)]            # the second after another power iteration
        (results[0] * results[1]).sum().backward()
        results += [module.eval()(x), *(p.grad for _, p in sorted(module.named_parameters()))]
        results += [x for _, x in module.state_dict().items()]
        keys = list(module.state_dict())
        getattr(torch.nn.utils if type(x) is torch.Tensor else pytest.importorskip(
            'torch').nn.utils, f'remove_{call}')(module, 'bias' if 'bias' in options else 'weight')
        results += [module(x), *module.state_dict().values()]
        found.append((keys, list(module.state_dict()), results))
    assert found[0][:2] == found[1][:2]
    for ours, theirs in zip(found[0][2], found[1][2]):
        np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=2e-4,
                                   atol=1e-5)


def test_power_iteration_finds_the_largest_singular_value():
    layer = torch.nn.utils.spectral_norm(torch.nn.Linear(4, 3), n_power_iterations=200)
    layer(torch.ones(1, 4))
    assert torch.linalg.svdvals(layer.weight.detach())[0].item() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize('call', ['weight_norm', 'spectral_norm'])
def test_a_second_time_and_a_removal_of_nothing_are_refused(call):
    utils, layer = torch.nn.utils, torch.nn.Linear(2, 2)
    with refused(ValueError, f"{call} of 'weight' not found"):
        getattr(utils, f'remove_{call}')(layer)
    getattr(utils, call)(layer)
    with refused(RuntimeError, f'Cannot register two {call} hooks', 'weight'):
        getattr(utils, call)(layer)
    with refused(ValueError, 'uninitialized', 'first input'):
        getattr(utils, call)(torch.nn.LazyLinear(3))


def test_spectral_norm_refuses_no_steps_and_no_parameter():
    with refused(ValueError, 'n_power_iterations to be positive', '0'):
        torch.nn.utils.spectral_norm(torch.nn.Linear(2, 2), n_power_iterations=0)
    with refused(ValueError, '`bias` is None'):
        torch.nn.utils.spectral_norm(torch.nn.Linear(2, 2, bias=False), 'bias')


def test_gumbel_softmax_draws_each_category_as_often_as_it_is_probable():
    torch.manual_seed(0)
    probs = torch.tensor([0.2, 0.7, 0.1])
    drawn = torch.nn.functional.gumbel_softmax(probs.log().expand(20000, 3), hard=True)
    assert torch.unique(drawn.round()).tolist() == [0, 1]
    np.testing.assert_allclose(drawn.mean(0).numpy(), probs.numpy(), atol=0.015)


def test_hard_gumbel_softmax_has_the_gradient_of_the_soft_one():
    logits = torch.tensor([[0.3, -1.0, 2.0]], requires_grad=True)
    grads = []
    for hard in (False, True):
        torch.manual_seed(0)
        drawn = torch.nn.functional.gumbel_softmax(logits, 0.5, hard)
        (drawn * torch.tensor([1.0, 2.0, 5.0])).sum().backward()
        grads.append(logits.grad.tolist())
        logits.grad = None
    assert grads[0] == grads[1] != [[0, 0, 0]]


def test_the_eps_of_gumbel_softmax_warns():
    with pytest.warns(UserWarning, match='`eps` parameter is deprecated'):
        torch.nn.functional.gumbel_softmax(torch.zeros(2), eps=0.1)
