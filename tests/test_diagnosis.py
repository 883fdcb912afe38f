"""The linter for training loops: each finding on a sick model, and silence on healthy ones."""
from copy import deepcopy

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.teach import datasets, diagnose

F = nn.functional
KINDS = ['evaluation mode', 'not found by parameters()', 'Not in the optimizer',
         'belongs to this model', 'all 0', 'copies', 'dead', 'cross_entropy', 'The loss is',
         'No gradient', 'gradients are 0', 'add up', 'vanish', 'explode', 'tiny', 'huge']


def batch(n=64, features=4, classes=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(n, features, generator=generator),
            torch.randint(0, classes, (n,), generator=generator))


def mlp(depth=2, width=16, gain=None):
    torch.manual_seed(0)
    layers, size = [], 4
    for _ in range(depth):
        layers += [nn.Linear(size, width), nn.ReLU()]
        size = width
    model = nn.Sequential(*layers, nn.Linear(size, 3))
    if gain is not None:
        for p in model.parameters():
            nn.init.zeros_(p) if p.ndim == 1 else nn.init.normal_(p, 0, gain / p.shape[1] ** 0.5)
    return model


def kinds(findings):
    """Which of the kinds are among them; every finding has a reason and a remedy."""
    for finding in findings:
        assert len(finding.split('. ')) >= 2 and finding.endswith('.')
    return [kind for kind in KINDS if any(kind in finding for finding in findings)]


def examined(model, optimizer=None, loss_fn=F.cross_entropy, data=None):
    optimizer = optimizer or torch.optim.Adam(model.parameters(), lr=1e-3)
    return kinds(diagnose(model, loss_fn, optimizer, data or batch()))


def test_a_healthy_model_gives_no_finding():
    assert examined(mlp()) == []


def demo(name):
    """The model of a demo, with the optimizers and learning rates it is trained with."""
    if name == 'train_mlp':
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10)), dict(
            SGD=0.5, Adagrad=0.1, RMSprop=0.003, Adam=0.003)
    if name == 'train_cnn':
        return nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(128, 10)), dict(
                SGD=0.3, Adagrad=0.03, RMSprop=0.001, Adam=0.003)
    if name == '12_mlp':
        return nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(),
                             nn.Linear(32, 3)), dict(Adam=0.01)
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, bias=False), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, bias=False), nn.ReLU(), nn.Flatten(), nn.Linear(16, 10)), dict(
            Adam=0.01)


@pytest.mark.parametrize('seed', range(3))
@pytest.mark.parametrize('name', ['train_mlp', 'train_cnn', '12_mlp', '15_cnn'])
def test_the_models_of_the_demos_give_no_finding_before_and_during_training(name, seed):
    train, _ = datasets.digits()
    for kind in demo(name)[1]:
        torch.manual_seed(seed)
        model, rates = demo(name)
        x, y = datasets.spirals(96) if name == '12_mlp' else train[32 * seed:32 * seed + 32]
        optimizer = getattr(torch.optim, kind)(model.parameters(), lr=rates[kind])
        for _ in range(5):
            assert diagnose(model, F.cross_entropy, optimizer, (x, y)) == []
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()


@pytest.mark.parametrize('lr, kind', [(1e-10, 'tiny'), (10.0, 'huge')])
def test_a_step_out_of_proportion_is_found(lr, kind):
    model = mlp()
    assert examined(model, torch.optim.Adam(model.parameters(), lr=lr)) == [kind]


def test_a_model_in_evaluation_mode_is_found():
    assert examined(mlp().eval()) == ['evaluation mode']


def test_a_parameter_that_is_not_in_the_optimizer_is_found():
    model = mlp()
    optimizer = torch.optim.Adam(list(model.parameters())[:-2], lr=1e-3)
    found = diagnose(model, F.cross_entropy, optimizer, batch())
    assert kinds(found) == ['Not in the optimizer'] and '4.weight, 4.bias' in found[0]


@pytest.mark.parametrize('wrong, right', [
    (list, nn.ModuleList), (tuple, nn.ModuleList),
    (lambda layers: dict(zip('abc', layers)), lambda layers: nn.ModuleDict(zip('abc', layers)))])
def test_layers_in_a_container_of_python_are_found_and_those_in_one_of_nn_are_not(wrong, right):
    class Net(nn.Module):
        def __init__(self, container):
            super().__init__()
            self.layers = container([nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 16)])
            self.last = nn.Linear(16, 3)

        def forward(self, x):
            layers = self.layers
            for layer in layers.values() if hasattr(layers, 'values') else layers:
                x = layer(x)
            return self.last(x)

    torch.manual_seed(0)
    assert examined(Net(wrong)) == ['not found by parameters()']
    assert examined(Net(right)) == []


def test_an_optimizer_of_another_model_is_found():
    assert 'belongs to this model' in examined(
        mlp(), torch.optim.Adam(mlp().parameters(), lr=1e-3))


def test_a_parameter_without_gradient_is_found():
    class Forgetful(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.idle = nn.Linear(4, 3), nn.Linear(4, 3)

        def forward(self, x):
            return self.used(x) + self.idle(x).detach()

    torch.manual_seed(0)
    assert examined(Forgetful()) == ['No gradient']


def test_gradients_that_add_up_are_found_and_those_of_one_step_are_not():
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    x, y = batch()
    for steps, found in [(1, []), (9, ['add up'])]:
        for _ in range(steps):
            F.cross_entropy(model(x), y).backward()
        assert examined(model, optimizer) == found


def test_softmax_before_cross_entropy_is_found():
    assert 'cross_entropy' in examined(nn.Sequential(mlp(), nn.Softmax(dim=1)))


def test_weights_of_zero_and_equal_units_are_found():
    model = mlp()
    nn.init.zeros_(model[2].weight)
    assert 'all 0' in examined(model)
    nn.init.constant_(model[2].weight, 0.1)
    assert 'copies' in examined(model)


def test_dead_units_are_found_with_their_share():
    model = mlp()
    nn.init.constant_(model[0].bias, -100.0)
    found = diagnose(model, F.cross_entropy, torch.optim.Adam(model.parameters()), batch())
    assert any('100% of the units of ReLU 1 of 2 are dead' in finding for finding in found)


@pytest.mark.parametrize('gain, kind', [(0.3, 'vanish'), (6.0, 'explode')])
def test_gradients_that_vanish_or_explode_with_depth_are_found(gain, kind):
    scale = {'vanish': 1.0, 'explode': 1e-7}[kind]   # outputs small enough for softmax to be smooth
    assert kind in examined(mlp(depth=12, gain=gain),
                            loss_fn=lambda out, y: F.cross_entropy(out * scale, y))


@pytest.mark.parametrize('loss_fn', [
    lambda out, y: F.cross_entropy(out, y).item(), lambda out, y: F.cross_entropy(out.detach(), y),
    lambda out, y: torch.tensor(F.cross_entropy(out, y).item())])
def test_a_loss_without_a_graph_is_found(loss_fn):
    assert examined(mlp(), loss_fn=loss_fn) == ['The loss is']


@pytest.mark.parametrize('kind', ['SGD', 'Adam'])
def test_where_no_gradient_arrives_no_learning_rate_is_recommended(kind):
    def examine(model, loss_fn=F.cross_entropy):
        return examined(model, getattr(torch.optim, kind)(model.parameters(), lr=1e-3), loss_fn)

    assert examine(mlp(), lambda out, y: F.cross_entropy(out, y) * 0) == ['gradients are 0']
    model = mlp()
    for p in model.parameters():
        nn.init.zeros_(p)
    assert examine(model) == ['all 0', 'dead']
    model = mlp()
    for layer in (model[0], model[2]):
        nn.init.constant_(layer.bias, -100.0)
    assert examine(model) == ['dead']


def test_a_loss_that_is_not_finite_is_found():
    x, y = batch()
    assert examined(mlp(), data=(x * float('nan'), y))[-1] == 'The loss is'


def test_nothing_is_changed_by_looking():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5),
                          nn.Linear(8, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    x, y = batch()

    def train(steps, look):
        for _ in range(steps):
            if look:
                diagnose(model, F.cross_entropy, optimizer, (x, y))
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        return [t.numpy().copy() for t in model.state_dict().values()]

    train(2, False)
    model_state = {name: t.clone() for name, t in model.state_dict().items()}
    optimizer_state, random_state = optimizer.state_dict(), torch.get_rng_state()
    optimizer_state = deepcopy(optimizer_state)
    plain = train(3, False)
    model.load_state_dict(model_state)
    optimizer.load_state_dict(optimizer_state)
    torch.set_rng_state(random_state)
    for ours, expected in zip(train(3, True), plain):
        np.testing.assert_array_equal(ours, expected)
