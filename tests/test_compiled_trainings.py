"""The trainings take the same steps when their models are compiled, in demos and in PyTorch."""
import ast
import builtins
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

DEMOS = Path(__file__).resolve().parents[1] / 'demos'
CALLED = r'(model|bowl)(\[.*\]|\.hidden)?'         # what is trained in a demo
TRAININGS = [path for path in sorted(DEMOS.glob('*.py')) + sorted(DEMOS.glob('applications/*.py'))
             if re.search(rf'\b{CALLED}\((.|\n)*optimizer\.step\(\)', path.read_text('utf-8'))
             and path.stem != '17_transformer']     # it keeps its attention, and so runs eagerly
STEPS = 7


class Enough(Exception):
    """So many steps of the script were taken."""


class ThroughCall(ast.NodeTransformer):
    """Writes call(model, x) for model(x), and call(model[:2], x) for model[:2](x)."""

    def visit_Call(self, node):
        self.generic_visit(node)
        if re.fullmatch(CALLED, ast.unparse(node.func)):
            node.args.insert(0, node.func)
            node.func = ast.Name('call', ast.Load())
        return node


def converted(x, dtype):
    """A tensor, or a tuple of them, with its floating-point numbers in dtype."""
    if isinstance(x, tuple):
        return tuple(converted(part, dtype) for part in x)
    return x.to(dtype) if isinstance(x, torch.Tensor) and x.is_floating_point() else x


def no_boundary(model, x, y, ax):
    """In place of plot.boundary, which calls the model by itself: a legend alone."""
    ax.scatter([0], [0], label='class 0')
    ax.legend()


def steps(script, compile, dtype, monkeypatch, folder):
    """Losses, weights and buffers of the first steps of a demo, the random state after them, and
    the models.

    compile  torch.compile, or what leaves a model as it is
    """
    models, losses = {}, []
    backward, step = torch.Tensor.backward, optim.Optimizer.step

    def call(model, *args):
        if id(model) not in models:
            models[id(model)] = model, compile(model)
            if isinstance(model, nn.Module):
                model.to(dtype)
        return models[id(model)][1](*[converted(x, dtype) for x in args])

    def noted_backward(loss, *args, **kwargs):
        losses.append(loss.item())
        return backward(loss, *args, **kwargs)

    def counted_step(optimizer, *args, **kwargs):
        step(optimizer, *args, **kwargs)
        if len(losses) >= STEPS:
            raise Enough

    folder.mkdir()
    tree = ThroughCall().visit(ast.parse(script.read_text(encoding='utf-8')))
    space = {'__name__': '__main__', '__file__': str(script), 'call': call}
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, 'argv', [str(script), '--quick'])
        for place in DEMOS, DEMOS / 'applications':
            patch.syspath_prepend(str(place))
        patch.setattr(torch.Tensor, 'backward', noted_backward)
        patch.setattr(optim.Optimizer, 'step', counted_step)
        patch.setattr(plot, 'boundary', no_boundary)
        with pytest.raises(Enough):
            exec(builtins.compile(ast.fix_missing_locations(tree), str(script), 'exec'), space)
    state = [x.numpy().copy() for model, _ in models.values() if isinstance(model, nn.Module)
             for x in model.state_dict().values()]
    return losses, state, torch.get_rng_state(), [own for _, own in models.values()]


@pytest.mark.parametrize('dtype, tolerance', [(torch.float64, 1e-12), (torch.float32, 2e-5)],
                         ids=['float64', 'float32'])
@pytest.mark.parametrize('script', TRAININGS, ids=lambda path: path.stem)
def test_a_demo_trains_the_same_when_its_model_is_compiled(script, dtype, tolerance, monkeypatch,
                                                           tmp_path):
    eager = steps(script, lambda model: model, dtype, monkeypatch, tmp_path / 'eager')
    compiled = steps(script, torch.compile, dtype, monkeypatch, tmp_path / 'compiled')
    np.testing.assert_allclose(compiled[0], eager[0], rtol=tolerance)
    for own, expected in zip(compiled[1], eager[1]):
        np.testing.assert_allclose(own, expected, rtol=tolerance, atol=tolerance)
    assert compiled[2] == eager[2]
    for model in compiled[3]:
        assert 'def forward(' in model.code        # it was recorded


# A script that is decorated with torch.compile, here and in PyTorch. Its weights and batches are
# given; batches have several sizes, the model is evaluated in between, and a layer is frozen.

DECORATED = '''
@torch.compile
def loss_of(x, y):
    return F.cross_entropy(model(x), y)

@torch.compile
def answers(x):
    with torch.no_grad():
        return model(x)

found = []
model.double()
model.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()})
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step, (x, y) in enumerate(batches):
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    if step == 4:
        next(iter(model.parameters())).requires_grad_(False)
    optimizer.zero_grad()
    loss = loss_of(x, y)
    loss.backward()
    optimizer.step()
    found.append(loss.item())
    if step % 2:
        model.eval()
        found.append(answers(x).sum().item())
        model.train()
'''
NETWORKS = {    # the shape of an input, and what makes the model
    'mlp': ((5,), '''
model = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
'''),
    'cnn': ((1, 6, 6), '''
model = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
                      nn.Flatten(), nn.Linear(36, 3))
'''),
    'lstm': ((7, 4), '''
class Last(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.linear = nn.LSTM(4, 6, batch_first=True), nn.Linear(6, 3)

    def forward(self, x):
        states, _ = self.lstm(x)
        return self.linear(states[:, -1])

model = Last()
'''),
}


@pytest.mark.parametrize('name', NETWORKS)
def test_a_decorated_script_has_the_losses_of_pytorch(name):
    pytorch = pytest.importorskip('torch')
    shape, text = NETWORKS[name]
    random = np.random.default_rng(0)
    batches = [(random.standard_normal((n, *shape)), random.integers(0, 3, n))
               for n in (8, 8, 5, 8, 8, 5, 8)]
    space = {'torch': torch, 'nn': torch.nn, 'F': F, '__name__': 'script', 'batches': batches}
    torch.manual_seed(0)
    exec(text, space)
    space['weights'] = {name: x.numpy().copy() for name, x in space['model'].double(
        ).state_dict().items()}
    exec(DECORATED, space)
    there = {**space, 'torch': pytorch, 'nn': pytorch.nn, 'F': pytorch.nn.functional}
    # Its usual backend needs a C++ compiler, and a minute for each program.
    exec(text + DECORATED.replace('@torch.compile', "@torch.compile(backend='eager')"), there)
    np.testing.assert_allclose(space['found'], there['found'], rtol=1e-9)
    assert 'def backward(' in space['loss_of'].code
