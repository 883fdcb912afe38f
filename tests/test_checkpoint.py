"""torch.utils.checkpoint: less memory, the same gradients."""
import tracemalloc

import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import nn
from tinygrad_adam.utils.checkpoint import checkpoint, checkpoint_sequential

both = pytest.mark.parametrize('reentrant', [True, False])


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.3), nn.Linear(8, 8), nn.GELU(),
                         nn.LayerNorm(8), nn.Dropout(0.2), nn.Linear(8, 3))


def outcome(f, net, *leaves):
    """The value, the gradients, and the next random numbers."""
    torch.manual_seed(3)
    leaves = [*leaves, *net.parameters()]
    for leaf in leaves:
        leaf.grad = None
    value = f()
    value.sum().backward()
    return [value.tolist(), [x.grad.tolist() for x in leaves], torch.rand(2).tolist()]


@both
def test_values_gradients_and_random_numbers_are_those_without_it(reentrant):
    net, x, w = network(), torch.randn(5, 4).requires_grad_(), torch.randn(3).requires_grad_()
    expected = outcome(lambda: net(x) * w, net, x, w)
    for f in (lambda: checkpoint(net, x, use_reentrant=reentrant) * w,
              lambda: checkpoint(lambda x: net(x) * w, x, use_reentrant=reentrant),
              lambda: checkpoint_sequential(net, 3, x, use_reentrant=reentrant) * w,
              lambda: checkpoint(lambda x: checkpoint(net, x, use_reentrant=reentrant) * w, x,
                                 use_reentrant=reentrant)):
        assert outcome(f, net, x, w) == expected


def test_second_derivatives_and_gradients_of_some_inputs():
    net, x = network().eval(), torch.randn(5, 4).requires_grad_()

    def slopes(f):
        g, = torch.autograd.grad((f() ** 2).sum(), x, create_graph=True)
        return [g, *torch.autograd.grad((g ** 2).sum(), [x, net[0].weight])]

    plain, saved = slopes(lambda: net(x)), slopes(lambda: checkpoint(net, x, use_reentrant=False))
    for a, b in zip(plain, saved):
        torch.testing.assert_close(a, b)


def test_the_graph_is_walked_again_only_if_it_was_retained():
    net, x = network().eval(), torch.randn(5, 4).requires_grad_()
    y = checkpoint(net, x, use_reentrant=False).sum()
    y.backward(retain_graph=True)
    first = x.grad.clone()
    y.backward()
    assert x.grad.tolist() == (2 * first).tolist()
    with pytest.raises(RuntimeError, match='a second time'):
        y.backward()


def test_what_the_function_reads_besides_its_arguments_has_gradients():
    x, h = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True) * 2
    h.retain_grad()

    def pair(a, k, scale=1.0):
        return a * h * scale, {'b': [torch.exp(a), k]}

    p, q = checkpoint(pair, x, 5, scale=3.0, use_reentrant=False)
    (p.sum() + q['b'][0].sum()).backward()
    torch.testing.assert_close(x.grad, torch.full((3,), 6 + torch.e))
    assert h.grad.tolist() == [3, 3, 3] and q['b'][1] == 5


def test_memory_is_that_of_the_outputs_of_segments():
    net, x = nn.Sequential(*(nn.Tanh() for _ in range(16))), torch.randn(100, 100).requires_grad_()

    def kept(f):
        tracemalloc.start()
        try:
            y = f()    # noqa: F841
            return tracemalloc.get_traced_memory()[0] / x.numpy(force=True).nbytes
        finally:
            tracemalloc.stop()

    assert kept(lambda: net(x)) > 15
    assert kept(lambda: checkpoint_sequential(net, 4, x, use_reentrant=False)) < 8


def test_contexts_surround_both_calls():
    log = []

    class Context:
        def __init__(self, name):
            self.name = name

        def __enter__(self):
            log.append(self.name)

        def __exit__(self, *_):
            log.append(f'no {self.name}')

    x = torch.ones(1, requires_grad=True)
    y = checkpoint(torch.sin, x, use_reentrant=False,
                   context_fn=lambda: (Context('first'), Context('second')))
    assert log == ['first', 'no first']
    y.backward()
    assert log[2:] == ['second', 'no second']


def test_a_compiled_function_with_a_checkpoint_runs_eagerly_and_anomalies_are_found():
    net, x = network().eval(), torch.randn(5, 4).requires_grad_()
    f = torch.compile(lambda x: checkpoint(net, x, use_reentrant=False))
    expected = outcome(lambda: net(x), net, x)
    with pytest.warns(UserWarning, match='It runs eagerly from now on'):
        assert outcome(lambda: f(x), net, x) == expected
    assert outcome(lambda: f(x), net, x) == expected
    with torch.autograd.detect_anomaly():
        assert outcome(lambda: checkpoint(net, x, use_reentrant=False), net, x) == expected
        with pytest.raises(RuntimeError, match='nan'):
            checkpoint(lambda x: (x * 0).sqrt() * 0, x, use_reentrant=False).sum().backward()


def test_reentrant_needs_an_input_that_requires_grad_and_all_leaves():
    net, x = network(), torch.randn(5, 4)
    with pytest.warns(UserWarning, match='None of the inputs have requires_grad=True'):
        assert not checkpoint(net, x, use_reentrant=True).requires_grad
    assert checkpoint(net, x, use_reentrant=False).requires_grad
    with torch.no_grad():
        assert not checkpoint(net, x, use_reentrant=False).requires_grad
    x.requires_grad_()
    with pytest.warns(UserWarning, match='use_reentrant parameter should be passed explicitly'):
        y = checkpoint(net, x).sum()
    with refused(RuntimeError, 'use_reentrant=True', 'incompatible with .grad()', 'without inputs'):
        torch.autograd.grad(y, x)


def test_a_function_that_does_something_else_the_second_time_is_refused():
    x, calls = torch.ones(2, requires_grad=True), []

    def f(x):
        calls.append(x)
        return x.sin() * x if len(calls) == 1 else x.cos() * x

    y = checkpoint(f, x, use_reentrant=False).sum()
    with refused(RuntimeError, 'different metadata', 'sin()', 'cos()', 'depend on its arguments'):
        y.backward()


@pytest.mark.parametrize('error, parts, options', [
    (ValueError, ('Unexpected keyword arguments: k', 'by position'), dict(use_reentrant=True, k=1)),
    (ValueError, ('context_fn', 'use_reentrant=False'), dict(use_reentrant=True, debug=True)),
    (NotImplementedError, ('debug=True', 'Leave debug out'),
     dict(use_reentrant=False, debug=True)),
    (ValueError, ('determinism_check', "'all'"),
     dict(use_reentrant=False, determinism_check='all'))])
def test_wrong_arguments_are_refused(error, parts, options):
    with refused(error, *parts):
        checkpoint(torch.sin, torch.ones(1, requires_grad=True), **options)


def test_the_numbers_of_pytorch():
    pytorch = pytest.importorskip('torch')
    import torch.utils.checkpoint as theirs
    results = []
    for library, chosen in ((torch, checkpoint), (pytorch, theirs.checkpoint)):
        x = library.tensor([0.5, -1.0, 2.0], requires_grad=True)
        w = library.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = chosen(lambda x: (x * w).tanh() * x, x, use_reentrant=False)
        g, = library.autograd.grad(y.sum(), x, create_graph=True)
        g.sum().backward()
        results.append([[round(v, 5) for v in part.tolist()] for part in (y, x.grad, w.grad)])
    assert results[0] == results[1]
