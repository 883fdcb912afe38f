"""How long a step of an optimizer takes, here and in PyTorch (if it is installed).

    python benchmarks/optimizers.py [--rounds 40] [--dead]

They take their steps turn about in one process, with the same weights and gradients, in float32;
PyTorch's optimizers as they are by default. "Rule" is the rule of this package alone, applied to
one whole parameter after the other: what _flat.py saves is the difference to it. A figure is the
mean of the fastest fifth of all rounds. NumPy's arithmetic uses one thread in any case.

`--dead` shows instead how a step's cost changes in 3,000 steps during which 9 of 10 weights have no
gradient: what is left of their moments are numbers below the normal range, with which many
processors are slow.
"""
import argparse
import time

import numpy as np

import tinygrad_adam

try:
    import torch
except ImportError:
    torch = None

SMALL = [shape for _ in range(10) for shape in ((100, 99), (100,))]
CASES = [
    ('100k in 20 tensors', SMALL, [('SGD', {}), ('SGD', dict(momentum=0.9)), ('Adagrad', {}),
                                   ('RMSprop', {}), ('Adam', {}), ('AdamW', {})]),
    ('10M in one tensor', [(10_000_000,)], [('SGD', dict(momentum=0.9)), ('Adam', {})])]


def optimizer(library, name, options, shapes):
    """An optimizer of the library with parameters of these shapes, and gradients in place."""
    random = np.random.default_rng(0)
    weights = []
    for shape in shapes:
        w, g = random.standard_normal((2, *shape), np.float32)
        weights.append(library.from_numpy(w.copy()).requires_grad_())
        weights[-1].grad = library.from_numpy(g.copy())
    return getattr(library.optim, name)(weights, **options)


def one_by_one(optimizer):
    """The step of a rule without any loop around it but this one; the optimizer has stepped."""
    group, = optimizer.param_groups
    hyper = {name: group[name] for name in optimizer.defaults}
    args = [(p.detach().numpy(), p.grad.numpy(),
             {name: memory.numpy() for name, memory in optimizer.state[p].items()}, 2)
            for p in group['params']]

    def step():
        for arrays in args:
            optimizer.update(*arrays, **hyper)
    return step


def milliseconds(steps, rounds, repeat):
    """Of each function: the mean of the fastest fifth of the rounds."""
    times = [[] for _ in steps]
    for _ in range(rounds):
        for step, own in zip(steps, times):
            start = time.perf_counter()
            for _ in range(repeat):
                step()
            own.append((time.perf_counter() - start) / repeat * 1e3)
    return [np.mean(sorted(own)[:max(1, rounds // 5)]) for own in times]


def compare(threads, rounds):
    libraries = [tinygrad_adam]
    if torch:
        torch.set_num_threads(threads)
        libraries.append(torch)
    for what, shapes, rules in CASES:
        repeat = 5 if len(shapes) > 1 else 1
        for name, options in rules:
            steps = [optimizer(library, name, options, shapes).step for library in libraries]
            other = optimizer(tinygrad_adam, name, options, shapes)
            other.step()
            *found, rule = milliseconds([*steps, one_by_one(other)], rounds, repeat)
            label = name + ''.join(f' {key} {value}' for key, value in options.items())
            row = f'| {label} | {what} | {threads} | {rule:.3f} | {found[0]:.3f} |'
            if torch:
                row += f' {found[1]:.3f} | {found[0] / found[1]:.2f} |'
            print(row, flush=True)


def dead(name, steps=3000, every=500):
    """Milliseconds of a step at several times of a long training with dead units."""
    rule = optimizer(tinygrad_adam, name, dict(lr=1e-4), SMALL)
    weights = rule.param_groups[0]['params']
    for _ in range(100):
        rule.step()
    for w in weights:
        w.grad.numpy().reshape(-1)[:w.numel() * 9 // 10] = 0
    row = [np.mean(sorted(milliseconds([rule.step], 1, 1)[0] for _ in range(every))[:every // 5])
           for _ in range(steps // every)]
    print(f'| {name} | ' + ' | '.join(f'{ms:.3f}' for ms in row) + ' |', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--rounds', type=int, default=40)
    parser.add_argument('--dead', action='store_true')
    args = parser.parse_args()
    if args.dead:
        print('| ms per step | ' + ' | '.join(f'to {n}' for n in range(500, 3001, 500)) + ' |')
        print('|---' * 7 + '|')
        for name in ('SGD', 'Adagrad', 'RMSprop', 'Adam'):
            dead(name)
        return
    print('| optimizer | weights | threads | rule, ms | here, ms |'
          + (' PyTorch, ms | ratio |' if torch else ''))
    print('|---' * (7 if torch else 5) + '|')
    for threads in (2, 1):
        compare(threads, args.rounds)


if __name__ == '__main__':
    main()
