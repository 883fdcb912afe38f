"""The two games: one try at an optimizer and a learning rate, and the six Adams of chapter 8."""
from __future__ import annotations

import ast
from functools import partial
from typing import Any, Callable, Iterable

import numpy as np

from ... import Tensor, float64, from_numpy, optim, stack, zeros
from ...__main__ import DEMOS
from ...nn import functional as F
from .. import lab
from .runs import net, points

BUDGETS, SEEDS = (30, 60, 120), 20
RATES = tuple(10 ** (k / 2 - 4) for k in range(11))    # 0.0001 to 10
OPTIMIZERS: dict[str, Callable[..., optim.Optimizer]] = {
    'sgd': optim.SGD, 'momentum': partial(optim.SGD, momentum=0.9), 'adagrad': optim.Adagrad,
    'rmsprop': optim.RMSprop, 'adam': optim.Adam}
SIZES, STEPS, STOP, LR = (1.0, 0.01), 100, 50, 0.02    # of gradients for the six Adams


def spirals(seeds: list[int]) -> lab.Problem:
    """The training of the page, for lab.run: a copy of the net for each seed.

    seeds  those of the weights
    """
    parameters, forward = lab.bank([net(seed) for seed in seeds])
    x, y = points()
    inputs, labels = stack([x] * len(seeds)), stack([y] * len(seeds))

    def losses(t: int) -> Tensor:
        scores = forward(inputs).reshape(-1, 3)
        return F.cross_entropy(scores, labels.reshape(-1), reduction='none').reshape(
            len(seeds), -1).mean(1)

    return lab.Problem(parameters, losses, lambda: {'loss': losses(0)})


def tries(names: Iterable[str] = OPTIMIZERS) -> dict[str, np.ndarray]:
    """The training loss after 30, 60 and 120 steps: {optimizer: (budgets, rates, seeds)}.

    names  of the optimizers

    It is infinite where a training diverged: where the loss is no number, or above the first one.
    """
    tables = {}
    for name in names:
        make = OPTIMIZERS[name]
        loss = lab.run(spirals, make, {'lr': RATES}, range(SEEDS), [0, *BUDGETS])['loss']
        ended = np.where(loss <= loss[..., :1], loss, np.inf)[..., 1:]
        tables[name] = np.moveaxis(ended, -1, 0)
    return tables


def chapter() -> dict[str, Any]:
    """What chapter 8 says of its six Adams: their lines, the letters of their causes, the causes.

    Returns {'lines': six expressions, 'answer': six letters, 'causes': {letter: cause}}, all read
    from its file.
    """
    text = (DEMOS / '08_adam.py').read_text(encoding='utf-8')
    tree = ast.parse(text)
    said = {keyword.arg: keyword.value for call in ast.walk(tree) if isinstance(call, ast.Call)
            for keyword in call.keywords}
    (causes,) = [node.value for node in tree.body if isinstance(node, ast.Assign)
                 and getattr(node.targets[0], 'id', '') == 'CAUSES']
    returned = [node.body[0] for node in tree.body
                if isinstance(node, ast.FunctionDef) and node.name.startswith('adam_')]
    lines = [ast.get_source_segment(text, node.value) for node in returned
             if isinstance(node, ast.Return) and node.value]
    return {'lines': lines, 'answer': ast.literal_eval(said['answer']).split(),
            'causes': ast.literal_eval(causes)}


class Suspect(optim.Adam):
    """Adam whose step is made by another line.

    line    the expression of m, v and t, in the names of chapter 8
    params  the weights
    lr      the learning rate
    """

    def __init__(self, line: str, params: list[Tensor], lr: float):
        super().__init__(params, lr)
        self.line: Any = compile(line, line, 'eval')

    def update(self, p: Any, g: Any, state: dict[str, Any], t: int, *, lr: float,
               betas: tuple[float, float], eps: float, **_: Any) -> None:
        """m and v as in Adam, then the line.

        p, g, state, t  as in Optimizer
        lr, betas, eps  as in Adam
        """
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        p -= eval(self.line, dict(lr=lr, beta1=beta1, beta2=beta2, eps=eps, sqrt=np.sqrt,
                                  m=m, v=v, t=t))


def suspects() -> np.ndarray:
    """The step over lr of the six, (Adams, sizes of gradients, steps); g is 0 from half way on."""
    paths = []
    for line in chapter()['lines']:
        w = zeros(len(SIZES), dtype=float64, requires_grad=True)
        optimizer, path = Suspect(line, [w], LR), [np.zeros(len(SIZES))]
        for t in range(STEPS):
            optimizer.zero_grad()
            (w * from_numpy(np.array(SIZES) * (t < STOP))).sum().backward()
            optimizer.step()
            path.append(w.numpy(force=True).copy())
        paths.append(-np.diff(path, axis=0).T / LR)
    return np.array(paths)
