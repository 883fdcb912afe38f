"""Random small programs, run on both libraries: views and changes in place, and indexing.

A program is text, so that one that fails can be read, and run again by hand.
"""

import warnings

import numpy as np
import torch as pytorch

import tinygrad_adam

VIEWS = ['{x}[1:]', '{x}[0]', '{x}.T', '{x}.reshape(-1)', '{x}.view(-1)', '{x}.unsqueeze(0)',
         '{x}.detach()', '{x}[[0, 1, 1]]', '{x} * {y}', '{x} + {y}', '{x}.tanh()', '{x}.clone()']
CHANGES = ['{x}.mul_({c})', '{x}.mul_({y})', '{x}.add_({y})', '{x} *= {y}', '{x}[0] = {c}',
           '{x}[1:] = {y}[1:]', '{x}[1:] *= {c}', '{x}.zero_()', '{x}.copy_({y})',
           '{x}.clamp_(-1, {c})', '{x}.data.add_({c})', 'with torch.no_grad(): {x}.mul_({c})']
INDICES = ['0', '-1', '1:', '::2', ':-1', '0:0', 'None', '...', '[0, -1]', 'torch.tensor(1)',
           'torch.tensor([1, 0, 1])', 'torch.tensor([[0, -1]])', 'torch.tensor([[0], [1]])',
           'torch.tensor([True, False])', 'torch.tensor([[True, False, True]] * 2)']
OPERANDS = [f'torch.tensor({value}, dtype=torch.{dtype})'
            for dtype in ('bool', 'int64', 'float32', 'float64') for value in ('[1, 3]', '2')]
OPERANDS += ['2', '2.5', 'True', 'np.float64(2.5)', 'np.int64(3)']
OPERATORS = ['{x} + {y}', '{x} - {y}', '{x} * {y}', '{x} / {y}', '{x} ** {y}', '{x} // {y}',
             '{x} % {y}', '{x} < {y}', '{x} == {y}', '{x} & {y}', '{x} @ {y}',
             'torch.maximum({x}, {y})', 'torch.where(torch.tensor([True, False]), {x}, {y})',
             'torch.add({x}, {y}, alpha=2)', 'torch.cat([{x}, {y}])', 'torch.lerp({x}, {y}, 0.5)',
             '{x}.masked_fill({y} > 1, {y})',
             '{x}.add_({y})', '{x}.mul_({y})', '{x}.div_({y})', '{x}.copy_({y})',
             '({x} > 1).sum() + {y}', '{x}.exp() + {y}', '{x}.square() * {y}', '{x}.mean() - {y}',
             '{x}.cumsum(0) * {y}', '{x}.prod() * {y}', '{x}.sigmoid() * {y}', '{x}.relu() * {y}',
             'torch.full_like({x}, 2) * {y}', 'torch.nn.functional.mse_loss({x}, {y})']


def of_views(seed):
    """A program of about eight lines, which ends with the gradients of all that was made."""
    random = np.random.default_rng(seed)
    lines, names = ['v0, v1, v2 = a * 1.5, b + 0.5, c'], ['v0', 'v1', 'v2']
    for _ in range(random.integers(4, 12)):
        x, y = random.choice(names, 2)
        makes = random.random() < 0.5
        text = random.choice(VIEWS if makes else CHANGES)
        text = text.format(x=x, y=y, c=random.integers(1, 4))
        if makes:
            names.append(f'v{len(names)}')
            text = f'{names[-1]} = {text}'
        lines.append(text)
    return lines + [f'results = [{", ".join(names)}]']


def of_indexing(seed):
    """A tensor read and written at one random index."""
    random = np.random.default_rng(seed)
    index = ', '.join(random.choice(INDICES, random.integers(1, 5)))
    return ['d = a.reshape(2, 3, 2) * 1', f'read = d[{index}] * 1',
            f'd[{index}] = read.detach() * 2', 'results = [read, d]']


def of_dtypes():
    """Every operator on every pair of operands."""
    for operator in OPERATORS:
        for x in OPERANDS:
            for y in OPERANDS:
                yield ['results = [' + operator.format(x=x, y=y) + ']']


def outcome(library, lines):
    """The results of a program and their gradients in its leaves, or the error it ends with."""
    values = np.cos(np.arange(36.0)).reshape(3, 3, 4)
    leaves = [library.tensor(x, requires_grad=True) for x in values[:2]]
    names = dict(torch=library, np=np, a=leaves[0], b=leaves[1], c=library.tensor(values[2]))
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        try:
            exec('\n'.join(lines), names)
            results = [x for x in names['results'] if isinstance(x, library.Tensor)]
            total = sum((x * (i + 1)).sum() for i, x in enumerate(results))
            if total.requires_grad:
                results += library.autograd.grad(total, leaves, materialize_grads=True)
        except Exception as error:
            return error
    return [np.array(x.detach().numpy()) for x in results]


def wrong(lines):
    """In words, what this package computes differently; None if it agrees or refuses."""
    ours, theirs = outcome(tinygrad_adam, lines), outcome(pytorch, lines)
    if isinstance(ours, Exception) or isinstance(theirs, Exception):
        return None
    for x, y in zip(ours, theirs):
        if (x.shape, x.dtype) != (y.shape, y.dtype) or not np.allclose(x, y, equal_nan=True):
            return '\n'.join([*lines, f'{x} ({x.dtype}) instead of {y} ({y.dtype})'])
    return None
