"""Random programs for torch.compile, each called several times while its world changes.

    python tests/compile_programs.py [--programs 10000] [--seed 0]

A program is a function of a tensor, made of random steps on it: layers, operations, numbers and
tensors around it. Between calls shapes, modes, weights, attributes, lists and hooks change. Every
call is made eagerly and compiled, from the same state: results, errors, gradients, buffers and the
state of the random numbers must be the same.
"""
import argparse
import random
import sys
import warnings
from collections import Counter

import numpy as np

import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F

WIDTH = 4


class Scaled(nn.Module):
    """A layer with a number, a list and a buffer of its own."""

    def __init__(self, scale):
        super().__init__()
        self.scale = scale
        self.shifts = [0.5]
        self.linear = nn.Linear(WIDTH, WIDTH, bias=scale > 1)
        self.register_buffer('mask', torch.arange(WIDTH) % 2 == 0)

    def forward(self, x):
        for shift in self.shifts:
            x = x * self.scale + shift
        return self.linear(x).masked_fill(self.mask, 0.25) if self.training else self.linear(x)


LAYERS = [
    lambda: nn.Linear(WIDTH, WIDTH), lambda: nn.Linear(WIDTH, WIDTH, bias=False), nn.ReLU, nn.Tanh,
    lambda: nn.BatchNorm1d(WIDTH), lambda: nn.Dropout(0.3), lambda: nn.LayerNorm(WIDTH), nn.GELU,
    lambda: nn.ReLU(inplace=True), lambda: Scaled(2), lambda: Scaled(1), nn.Identity,
    lambda: nn.Sequential(nn.Linear(WIDTH, 3), nn.Sigmoid(), nn.Linear(3, WIDTH)),
]

STEPS = [
    'x = layers[{i}](x)', 'x = layers[{i}](x)', 'x = layers[{i}](x)', 'x = layers[{i}](x) + x',
    'x = x * numbers[{i}]', 'x = x + w', 'x = x @ m', 'x = torch.relu(x) - w.mean()',
    'x = x * options["scale"]', 'x = F.softmax(x, -1)', 'x = x - x.mean(0)', 'x = x.T.T * 2',
    'x = torch.cat([x, w[None]])', 'x = x[: max(1, len(x) // 2 + 1)]', 'x = x.reshape(-1, 4)',
    'x = torch.where(x > 0, x, -x * flag)', 'x = x + torch.randn(len(x), 4) * 0.1',
    'x = F.dropout(x, 0.25, flag)', 'x = x + helper(x)', 'y = x.detach(); x = x * 2 + y',
    'x = x / (1 + x.var())', 'x = x[torch.arange(len(x))]', 'x = x.unsqueeze(0).squeeze(0)',
    'x = torch.stack(list(x)).exp().clamp(max=3)', 'y = x + 0; y += w; x = y * x',
    'x = F.linear(x, m, w)', 'x = torch.zeros(len(x), 4) + x', 'x = x.clone().tanh_()',
    'x = x * (len(x) if x.requires_grad else 2)', 'x = x.double().float()',
    'with torch.no_grad(): y = x * 3\n    x = x + y', 'x = F.layer_norm(x, (4,), w)',
    'x = inner(x)', 'x = x.view(-1, 2).sum(1).repeat_interleave(2).reshape(-1, 4)'
    if hasattr(torch, 'repeat_interleave') else 'x = x.view(-1, 2, 2).flip(1).flatten(1)',
    'x = x.sort(dim=1)[0]', 'x = x.amax(1, keepdim=True) * x', 'x = abs(x) ** numbers[{i}]',
]
RARE = ['x = x * x.sum().item()', 'x = x if x.sum() > 0 else x * 2', 'print(end="")\n    x = x * 1',
        'numbers.append(1.0)', 'x = x[x[:, 0] > -100]', 'options["calls"] = 1']
ENDS = [
    'return x.sum()', 'return F.cross_entropy(x, labels(x))', 'return x', 'return x, x.sum()',
    'return x * 2, w.sum() * 2', 'return {{"loss": x.mean(), "n": len(x)}}',
    'return (x - 1).pow(2)',
    'return F.mse_loss(x, torch.ones_like(x))', 'return x.argmax(1)', 'return w', 'return x[0]',
]


def program(rng):
    """The text of a function f(x)."""
    steps = [rng.choice(STEPS if rng.random() > 0.03 else RARE) for _ in range(rng.randint(1, 6))]
    lines = [step.format(i=rng.randrange(3)) for step in steps]
    return '\n    '.join(['def f(x):', *lines, rng.choice(ENDS).format()])


class World:
    """All that a program reads. Two of the same seed are alike.

    compile  torch.compile, or what leaves a function as it is
    """

    def __init__(self, seed, text, compile):
        torch.manual_seed(seed)
        rng = random.Random(seed)
        self.net = nn.Sequential(*[rng.choice(LAYERS)() for _ in range(3)])
        self.space = dict(
            torch=torch, F=F, layers=self.net,
            numbers=[rng.choice([0.5, 2, 2.0, 3]) for _ in range(3)],
            w=torch.randn(WIDTH, requires_grad=rng.random() < 0.7), m=torch.randn(WIDTH, WIDTH),
            options={'scale': 1.5}, flag=rng.random() < 0.5,
            labels=lambda x: torch.arange(len(x)) % 4)
        exec('def helper(x):\n    return x * (3 if flag else numbers[0])\n'
             'def plain(x):\n    return x.sin() * numbers[1]', self.space)
        exec(text, self.space)
        self.space['inner'] = compile(self.space['plain'])
        self.f = compile(self.space['f'])
        self.hooks = []

    def leaves(self):
        return [*self.net.parameters(), self.space['w'], self.space['m']]

    # What may happen between two calls.

    def toggle_a_layer(self, rng):
        layer = rng.choice([*self.net.modules()])
        layer.train(not layer.training)

    def toggle_all(self, rng):
        self.net.train(not self.net.training)

    def change_a_number(self, rng):
        self.space['numbers'][rng.randrange(3)] = rng.choice([0.5, 2, 2.0, 3])

    def change_a_flag(self, rng):
        self.space['flag'] = not self.space['flag']

    def change_an_option(self, rng):
        self.space['options']['scale'] = rng.choice([1.5, 2.5])

    def replace_w(self, rng):
        self.space['w'] = torch.randn(WIDTH, requires_grad=rng.random() < 0.7)

    def replace_data(self, rng):
        self.space['m'].data = torch.randn(WIDTH, WIDTH).T if rng.random() < 0.3 else (
            torch.randn(WIDTH, WIDTH))

    def freeze(self, rng):
        x = rng.choice(self.leaves())
        x.requires_grad_(not x.requires_grad)

    def load(self, rng):
        state = {name: x * 0.5 if x.is_floating_point() else x
                 for name, x in self.net.state_dict().items()}
        self.net.load_state_dict(state)

    def replace_a_layer(self, rng):
        self.net[rng.randrange(3)] = rng.choice(LAYERS)()

    def change_an_attribute(self, rng):
        for layer in self.net:
            if isinstance(layer, Scaled):
                layer.scale = rng.choice([2, 3.0])
                layer.shifts.append(0.25)
            if isinstance(layer, nn.Dropout):
                layer.p = rng.choice([0.0, 0.5])

    def add_a_hook(self, rng):
        self.hooks.append(self.net[0].register_forward_hook(lambda module, args, y: y * 1.5))

    def remove_hooks(self, rng):
        for hook in self.hooks:
            hook.remove()

    def hook_w(self, rng):
        if self.space['w'].requires_grad:
            self.space['w'].register_hook(lambda g: g * 2)

    def take_a_step(self, rng):
        for p in self.leaves():
            if p.grad is not None and p.requires_grad:
                with torch.no_grad():
                    p.sub_(0.1 * p.grad)

    def become_double(self, rng):
        self.net.double()
        self.net.float()

    def tie(self, rng):
        linear = [layer for layer in self.net if isinstance(layer, nn.Linear)]
        if len(linear) > 1:
            linear[0].weight = linear[1].weight

    EVENTS = [toggle_a_layer, toggle_all, change_a_number, change_a_flag, change_an_option,
              replace_w, replace_data, freeze, load, replace_a_layer, change_an_attribute,
              add_a_hook, remove_hooks, hook_w, take_a_step, become_double, tie]

    def call(self, rng):
        """All that one call shows."""
        n, kind = rng.choice([4, 4, 4, 4, 6, 2, 1]), rng.random()
        x = torch.randn(WIDTH, n).T if kind < 0.15 else torch.randn(n, WIDTH)
        x = x.requires_grad_() * 1 if kind > 0.85 else x.requires_grad_(kind > 0.6)
        if 0.3 < kind < 0.33:
            x = torch.randn(n, WIDTH + 1)       # does not fit
        if 0.33 < kind < 0.36:
            x = x.double()
        without = 0.4 < kind < 0.5
        shown = []
        for leaf in self.leaves():
            leaf.grad = None
        try:
            with torch.set_grad_enabled(not without):
                y = self.f(x)
            outputs = [t for t in (y.values() if isinstance(y, dict) else y if isinstance(y, tuple)
                                   else [y]) if isinstance(t, torch.Tensor)]
            shown += [(t.shape, t.dtype, t.requires_grad, t.stride(), t.detach().numpy().copy())
                      for t in outputs]
            roots = [t for t in outputs if t.requires_grad]
            changes = rng.random() < 0.05       # where not all of backward is needed, an error
            if len(roots) > 1 and rng.random() < 0.5 and not changes:
                roots = [rng.choice(roots)]
            if rng.random() < 0.1 and roots:
                self.space['w'].data.add_(1)
            if changes and roots:
                with torch.no_grad():
                    x.mul_(2)
            for again in range(1 + (rng.random() < 0.1)):
                if roots:
                    torch.autograd.backward(roots, [torch.full_like(t, 0.5) for t in roots],
                                            retain_graph=rng.random() < 0.2)
        except (RuntimeError, IndexError, ValueError, TypeError) as error:
            shown.append((type(error).__name__, str(error).partition(': what')[0][:60]))
        shown += [None if leaf.grad is None else leaf.grad.numpy().copy()
                  for leaf in [*self.leaves(), *([x] if x.is_leaf else [])]]
        return shown + [b.numpy().copy() for b in self.net.buffers()] + [str(torch.get_rng_state())]


def compare(seed, calls=6):
    """The text of a random program, and a difference between eager and compiled, or None."""
    rng = random.Random(seed)
    text = program(rng)
    script = [(rng.sample(World.EVENTS, rng.choice([0, 0, 1, 1, 2])), rng.random())
              for _ in range(calls)]
    worlds = [World(seed, text, compile) for compile in (lambda f: f, torch.compile)]
    for k, (events, number) in enumerate(script):
        shown = []
        for world in worlds:
            torch.manual_seed(seed + k)
            own = random.Random(number)
            for event in events:
                event(world, own)
            shown.append(world.call(own))
        try:
            np.testing.assert_equal(shown[1], shown[0])
        except AssertionError as error:
            return text, f'call {k}: {error}', worlds[1]
    return text, None, worlds[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--programs', type=int, default=10000)
    parser.add_argument('--seed', type=int, default=0)
    options = parser.parse_args()
    found = Counter()
    for seed in range(options.seed, options.seed + options.programs):
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter('always')
            text, difference, world = compare(seed)
        found['compiled'] += not heard
        found.update(str(w.message).partition(': ')[2].partition(' at line')[0] for w in heard)
        if difference:
            found['wrong'] += 1
            print(seed, text, difference, sep='\n')
    print(dict(found))
    sys.exit(bool(found['wrong']))


if __name__ == '__main__':
    main()
