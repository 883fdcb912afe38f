"""A linter for training loops: it takes one step, examines it and undoes it. Not in PyTorch.

>>> import tinygrad_adam as torch
>>> from tinygrad_adam import nn
>>> from tinygrad_adam.teach import diagnose
>>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3), nn.Softmax(dim=1))
>>> optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
>>> batch = torch.ones(5, 4), torch.tensor([0, 1, 2, 0, 1])
>>> findings = diagnose(model, nn.CrossEntropyLoss(), optimizer, batch)
>>> [finding for finding in findings if 'softmax' in finding]  # doctest: +ELLIPSIS
['The scores given to cross_entropy are probabilities already (rows with sum 1): ...']
"""
from __future__ import annotations

from copy import deepcopy
from typing import Any, Callable, Iterable, Iterator, Sequence

import numpy as np

from .. import Tensor, get_rng_state, nn, optim, set_rng_state
from ..autograd.anomaly_mode import watching

DEAD = 0.75                # fraction of the units of a ReLU that are 0 for the whole batch
DEPTH = 1e3                # ratio of the gradients of the first and the last layer
UPDATE = 3e-7, 3           # ratio of a step to the weights it changes: 1e-3, or 3,000 times off
LEFT_OVER = 5              # ratio of the gradients found at the start to those of one batch


def diagnose(model: nn.Module, loss_fn: Callable[[Any, Any], Tensor], optimizer: optim.Optimizer,
             batch: Sequence[Any]) -> list[str]:
    """Find what is wrong with a training run, by taking one of its steps and undoing it.

    model      the model, in the state in which it is trained
    loss_fn    maps model(inputs) and target to the loss, a tensor of one number
    optimizer  the optimizer of the model's parameters
    batch      (inputs, target)

    Returns sentences that end with the remedy; [] if nothing is wrong. Parameters, buffers,
    gradients, the state of the optimizer and of the random numbers are restored.
    """
    before = (deepcopy(model.state_dict()), deepcopy(optimizer.state_dict()), get_rng_state(),
              [(p, p._grad) for p in model.parameters()])
    try:
        return list(_findings(model, loss_fn, optimizer, *batch))
    finally:
        model.load_state_dict(before[0])
        optimizer.load_state_dict(before[1])
        set_rng_state(before[2])
        for p, grad in before[3]:
            p.grad = grad


def _findings(model: nn.Module, loss_fn: Callable[[Any, Any], Tensor],
              optimizer: optim.Optimizer, inputs: Any, target: Any) -> Iterator[str]:
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    yield from _evaluation_mode(model)
    yield from _hidden(model)
    yield from _not_optimized(named, optimizer)
    yield from _equal_units(named)
    left_over = {name: _rms(p.grad) for name, p in named.items() if p.grad is not None}
    for p in named.values():
        p.grad = None
    operations: list[tuple] = []
    output_gradients: dict[str, float] = {}
    hooks = _record_output_gradients(model, output_gradients)
    try:
        loss = _watched(operations, lambda: loss_fn(model(inputs), target))
    finally:
        for hook in hooks:
            hook.remove()
    yield from _activations(operations)
    if not (isinstance(loss, Tensor) and loss.requires_grad):
        yield ('The loss is a number without a graph: nothing leads back to the parameters. Return '
               'the tensor that the loss function gives, and look for item(), detach(), .data, '
               'NumPy or no_grad() on the way.')
        return
    if not np.isfinite(loss.item()):
        yield (f'The loss is {loss.item()}: nothing can be learned from it. Run the step inside '
               'torch.autograd.detect_anomaly(), which names the operation that makes the first '
               'NaN; often the learning rate is too large, or a log or division meets 0.')
        return
    loss.backward()
    yield from _gradients(named, left_over)
    yield from _depth(output_gradients)
    optimized = _parameters(optimizer)
    weights = {name: p.detach().clone() for name, p in named.items()
               if p.ndim > 1 and p in optimized}
    optimizer.step()
    yield from _updates(named, weights)


def _watched(operations: list[tuple], compute: Callable[[], Tensor]) -> Tensor:
    """Compute, and collect (name, value, arguments) of every operation on the way."""
    def note(direction, name, value, arrays, node):
        operations.append((name, value, arrays))
    with watching(note):
        return compute()


def _rms(x: Tensor) -> float:
    """The root mean square of the elements."""
    return float(np.sqrt(np.mean(np.square(x._array, dtype=np.float64)))) if x.numel() else 0.0


def _names(names: Iterable[str]) -> str:
    names = list(names)
    return ', '.join(names[:3]) + (f' and {len(names) - 3} more' if len(names) > 3 else '')


def _evaluation_mode(model: nn.Module) -> Iterator[str]:
    off = [name or 'the model' for name, module in model.named_modules() if not module.training]
    if off:
        yield (f'In evaluation mode: {_names(off)}. Dropout does nothing there and BatchNorm uses '
               'old statistics. Call model.train() before training.')


def _hidden(model: nn.Module) -> Iterator[str]:
    """Layers and parameters in Python's containers, where parameters() does not find them."""
    known = set(model.parameters())
    for module in model.modules():
        for name, value in vars(module).items():
            if name[0] != '_' and isinstance(value, (list, tuple, dict)):
                parts = list(value.values() if isinstance(value, dict) else value)
                inside = [p for part in parts for p in (
                    part.parameters() if isinstance(part, nn.Module) else [part])
                    if isinstance(p, nn.Parameter)]
                if not known.issuperset(inside):
                    kind = 'Module' if any(isinstance(x, nn.Module) for x in parts) else 'Parameter'
                    box = 'ModuleDict' if isinstance(value, dict) else f'{kind}List'
                    yield (f'{len(inside)} parameters in the {type(value).__name__} {name} are '
                           'not found by parameters(), so never changed or saved. Write '
                           f'self.{name} = nn.{box}(...), and make the optimizer after that.')


def _parameters(optimizer: optim.Optimizer) -> set[Tensor]:
    return {p for group in optimizer.param_groups for p in group['params']}


def _not_optimized(named: dict[str, Any], optimizer: optim.Optimizer) -> Iterator[str]:
    optimized = _parameters(optimizer)
    missing = [name for name, p in named.items() if p not in optimized]
    if missing:
        yield (f'Not in the optimizer, so never changed: {_names(missing)}. Make the optimizer '
               'from model.parameters() after the model is complete; layers in a Python list are '
               'not found, those in an nn.ModuleList are.')
    if optimized and optimized.isdisjoint(named.values()):
        yield ('None of the parameters in the optimizer belongs to this model: it trains another '
               'one. Make a new optimizer from the parameters() of this model.')


def _equal_units(named: dict[str, Any]) -> Iterator[str]:
    for name, p in named.items():
        if p.ndim < 2 or not p.numel():
            continue
        rows = p._array.reshape(len(p), -1)
        same = len(rows) - len(np.unique(rows, axis=0))
        if not rows.any():
            yield (f'{name} is all 0: its units compute the same, and no gradient flows back '
                   'through it. Initialise it at random, for example with '
                   'nn.init.kaiming_normal_.')
        elif same:
            yield (f'{same} of {len(rows)} units of {name} are copies of others: they get equal '
                   'gradients and stay copies. Initialise them at random.')


def _activations(operations: list[tuple]) -> Iterator[str]:
    relus = [value for name, value, _ in operations if name == 'relu']
    for i, value in enumerate(relus, 1):
        others = tuple(axis for axis in range(value.ndim) if axis != 1)
        dead = float(np.mean(~np.any(value > 0, axis=others))) if value.ndim > 1 else 0.0
        if dead > DEAD:
            yield (f'{dead:.0%} of the units of ReLU {i} of {len(relus)} are dead: 0 for the whole '
                   'batch, so no gradient reaches the weights before them. Lower the learning '
                   'rate, or initialise their biases with 0 and their weights with '
                   'kaiming_normal_.')
    scores = [arrays[0] for name, _, arrays in operations if name == 'log_softmax']
    if any(x.size and x.min() >= 0 and np.allclose(x.sum(1), 1, atol=1e-4) for x in scores):
        yield ('The scores given to cross_entropy are probabilities already (rows with sum 1): it '
               'applies softmax itself, and softmax applied twice is too flat to learn from. Leave '
               'the softmax out of the model.')


def _gradients(named: dict[str, Any], left_over: dict[str, float]) -> Iterator[str]:
    without = [name for name, p in named.items() if p.grad is None]
    if without:
        yield (f'No gradient reaches {_names(without)}: the loss does not depend on it. Use it in '
               'forward(), and look for detach(), .data, .item() or NumPy on the way.')
    fresh = {name: _rms(p.grad) for name, p in named.items() if p.grad is not None}
    if fresh and not any(fresh.values()):
        yield ('All gradients are 0: a small change of any parameter leaves the loss as it is, so '
               'no learning rate helps. Look for a factor of 0, for rounding or clamping, and for '
               'saturated units.')
    grown = [left_over[name] / size for name, size in fresh.items()
             if size > 0 and name in left_over]
    if grown and np.median(grown) > LEFT_OVER:
        yield (f'The old gradients were {np.median(grown):.1f} times as large as those of one '
               'batch: they add up from step to step. Call optimizer.zero_grad() before '
               'loss.backward().')


def _depth(output_gradients: dict[str, float]) -> Iterator[str]:
    """Compare the gradients with respect to the outputs of the first and the last layer."""
    if len(output_gradients) > 1:
        (last, high), *_, (first, low) = output_gradients.items()
        sizes = f'{low:.1e} at {first}, {high:.1e} at {last} (root mean squares)'
        if 0 < low * DEPTH < high:
            yield (f'Gradients vanish on their way back: {sizes}. Use ReLU with kaiming_normal_ '
                   'weights, BatchNorm or skip connections.')
        elif low > high * DEPTH:
            yield (f'Gradients explode on their way back: {sizes}. Use smaller weights, BatchNorm, '
                   'or nn.utils.clip_grad_norm_.')


def _record_output_gradients(model: nn.Module, output_gradients: dict[str, float]) -> list:
    """Hooks that note, during backward, the root mean square gradient of each layer's output.

    Only layers with parameters of their own are recorded; the last one comes first.
    """
    names = {module: name for name, module in model.named_modules()
             if any(True for _ in module.parameters(recurse=False))}

    def hook(module, args, output):
        def note(g):
            output_gradients[names[module]] = _rms(g)
        if isinstance(output, Tensor) and output.requires_grad:
            output.register_hook(note)
    return [module.register_forward_hook(hook) for module in names]


def _updates(named: dict[str, Any], weights: dict[str, Tensor]) -> Iterator[str]:
    moved = [name for name, old in weights.items()
             if _rms(old) > 0 and named[name].grad is not None and _rms(named[name].grad) > 0]
    ratios = {name: _rms(named[name].detach() - weights[name]) / _rms(weights[name])
              for name in moved}
    for what, remedy, names in [
            ('tiny', 'Raise', [name for name, ratio in ratios.items() if ratio < UPDATE[0]]),
            ('huge', 'Lower', [name for name, ratio in ratios.items() if ratio > UPDATE[1]])]:
        if names:
            ratio = float(np.median([ratios[name] for name in names]))
            yield (f'A step changes {_names(names)} by a {what} fraction, {ratio:.0e} of its size; '
                   f'about 1e-3 is usual. {remedy} the learning rate.')
