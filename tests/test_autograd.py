"""The engine: what it computes, what it does not, what it keeps, and what it refuses."""

import gc
import inspect
import tracemalloc
import weakref
from collections import Counter
from math import factorial

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import autograd

CALLS = Counter()  # rules may read globals, and nothing else
ALIVE, MOST_ALIVE = [], [0]


@pytest.fixture(autouse=True)
def fresh_start():
    CALLS.clear()
    ALIVE.clear()
    MOST_ALIVE[0] = 0
    yield
    torch.set_grad_enabled(True)


def leaf(*values, dtype=torch.float64):
    return torch.tensor(values[0] if len(values) == 1 else values, dtype=dtype, requires_grad=True)


def counted(name, g):
    CALLS[name] += 1
    return g


def counted_add():
    return autograd.primitive(np.add, 'x y', x=lambda g: counted('x', g),
                                             y=lambda g: counted('y', g))


def counted_mul():
    return autograd.primitive(np.multiply, 'x y', x=lambda g, y: counted('x', g * y),
                                                  y=lambda g, x: counted('y', g * x))


def here():
    """The line after the one that calls this."""
    return inspect.currentframe().f_back.f_lineno + 1


# Which derivatives are computed, and how often

def test_only_the_gradients_that_are_needed_are_computed():
    weight, data = leaf(2.0, 3.0), torch.tensor([5.0, 7.0], dtype=torch.float64)
    counted_mul()(data, weight).sum().backward()
    assert weight.grad.tolist() == [5.0, 7.0] and data.grad is None
    assert CALLS == {'y': 1}


def test_grad_computes_nothing_beside_the_way_to_its_inputs():
    x, y, mul = leaf(2.0), leaf(3.0), counted_mul()
    branch = y * 1
    for _ in range(10):
        branch = mul(branch, branch)
    assert torch.autograd.grad(x * 5 + branch, x)[0].item() == 5.0
    assert CALLS == {}


def test_sixty_doublings_call_every_rule_once():
    x, add = leaf(1.0), counted_add()
    y = x
    for _ in range(60):
        y = add(y, y)
    y.backward()
    assert x.grad.item() == 2.0 ** 60
    assert CALLS == {'x': 60, 'y': 60}


def test_a_chain_of_two_hundred_thousand_operations():
    x = leaf(1.0)
    y = x
    for _ in range(200_000):
        y = y + 1.0
    y.backward()
    assert x.grad.item() == 1.0 and y.item() == 200_001.0


def test_a_result_used_by_young_and_old_operations_is_differentiated_after_all_of_them():
    x = leaf(2.0)
    a = x * x                # 4
    b = a * 3
    c = (a + b) * a + b.exp() * 0 + a
    c.backward()             # 4a^2 + a, so (8a + 1) 2x
    assert x.grad.item() == (8 * 4 + 1) * 4


def test_gradients_of_several_outputs_add_up():
    x = leaf(2.0)
    torch.autograd.backward([x * 3, x * x])
    assert x.grad.item() == 7.0


def test_a_result_that_is_an_output_and_an_input_of_the_next():
    x = leaf(2.0)
    y = x * 3
    torch.autograd.backward([y, y * y])
    assert x.grad.item() == 3 + 2 * 6 * 3


# Leaves accumulate, inner results do not

def test_leaves_accumulate_27_then_54():
    x = leaf(3.0)
    (x * x * x).backward()
    assert x.grad.item() == 27.0
    (x * x * x).backward()
    assert x.grad.item() == 54.0


def test_accumulation_changes_the_gradient_in_place():
    x = leaf(3.0)
    (x * 2).backward()
    first = x.grad
    (x * 2).backward()
    assert x.grad is first and first.item() == 4.0


def test_inner_results_have_no_grad_unless_they_ask():
    x = leaf(1.0, 2.0)
    y, z = x * 2, x * 3
    z.retain_grad()
    (y * z).sum().backward()
    assert z.retains_grad and not y.retains_grad and not x.retains_grad
    assert z.grad.tolist() == [2.0, 4.0]
    with pytest.warns(UserWarning, match='not a leaf'):
        assert y.grad is None


def test_no_two_gradients_share_memory():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    c = a + b
    c.retain_grad()
    seed = torch.ones(2, dtype=torch.float64)
    c.backward(seed)
    arrays = [t.numpy() for t in (a.grad, b.grad, c.grad, seed)]
    for i, first in enumerate(arrays):
        for second in arrays[i + 1:]:
            assert not np.shares_memory(first, second)


@pytest.mark.parametrize('operation', [
    lambda x: x.sum(), lambda x: x.reshape(4).sum(), lambda x: x.T.sum(), lambda x: x[0].sum(),
    lambda x: x.expand(3, 2, 2).sum(), lambda x: x.mean(0).sum(), lambda x: torch.cat([x, x]).sum(),
    lambda x: x.clone().sum(), lambda x: (x + 0).sum(), lambda x: x.split(1)[0].sum()])
def test_every_gradient_is_writable_and_has_the_shape_of_its_tensor(operation):
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    operation(x).backward()
    before = x.grad.numpy().copy()
    x.grad.mul_(2)
    np.testing.assert_array_equal(x.grad.numpy(), 2 * before)
    assert x.grad.shape == x.shape


def test_gradients_returned_by_grad_do_not_share_memory():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    seed = torch.ones(2, dtype=torch.float64)
    ga, gb = torch.autograd.grad(a + b, [a, b], seed)
    assert not np.shares_memory(ga.numpy(), gb.numpy())
    assert not np.shares_memory(ga.numpy(), seed.numpy())


def test_a_gradient_is_cast_to_the_dtype_of_its_leaf():
    x, y = leaf(1.0, 2.0, dtype=torch.float32), leaf(3.0, 4.0)
    (x * y).sum().backward()
    assert x.grad.dtype == torch.float32 and y.grad.dtype == torch.float64
    assert x.grad.tolist() == [3.0, 4.0]


def test_the_gradient_of_a_broadcast_is_summed_back():
    x, y = leaf([[1.0], [2.0]]), leaf(1.0, 1.0, 1.0)
    (x * y).sum().backward()
    assert x.grad.tolist() == [[3.0], [3.0]] and y.grad.tolist() == [3.0, 3.0, 3.0]


# The graph: freed, walked once, kept on request

def test_the_graph_is_freed_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = leaf(1.0, 2.0)
        hidden = x.exp()
        dead = [weakref.ref(hidden)]
        loss = (hidden * hidden).sum()
        dead.append(weakref.ref(loss))
        g, = torch.autograd.grad(loss, x, create_graph=True)
        dead.append(weakref.ref(g))
        g.sum().backward()
        del hidden, loss, g
        assert [ref() for ref in dead] == [None, None, None]
    finally:
        gc.enable()


def test_backward_frees_what_was_kept_while_the_loss_lives_on():
    x = leaf(1.0, 2.0)
    hidden = x * 2
    dead = weakref.ref(hidden)
    loss = (hidden * hidden).sum()
    del hidden
    loss.backward()
    assert dead() is None and loss.item() == 20.0


def test_memory_does_not_grow_with_the_steps():
    def step():
        hidden = torch.tanh(x @ w)
        hidden.sum().backward()
        with torch.no_grad():
            w.sub_(0.1 * w.grad)
        w.grad = None

    x, w = torch.ones(8, 8), torch.ones(8, 8, requires_grad=True)
    gc.disable()
    tracemalloc.start()
    try:
        for _ in range(2500):    # Python keeps as many as 2,000 tuples of each length to use again
            step()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(200):
            step()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()
        gc.enable()


def watched(g):
    ALIVE.append(weakref.ref(g))
    MOST_ALIVE[0] = max(MOST_ALIVE[0], sum(ref() is not None for ref in ALIVE))
    return g + 0


def test_gradients_of_inner_results_are_dropped_as_the_walk_goes_on():
    step = autograd.primitive(lambda x: x + 1, x=watched)
    x = leaf(1.0, 2.0)
    y = x
    for _ in range(50):
        y = step(y)
    y.sum().backward()
    assert len(ALIVE) == 50 and MOST_ALIVE[0] <= 2


def test_a_second_backward_is_refused_and_retain_graph_named():
    x = leaf(3.0)
    line = here()
    y = x * x
    y.backward()
    with refused(RuntimeError, 'mul', f'{line}', 'test_autograd.py', 'retain_graph=True'):
        y.backward()
    assert x.grad.item() == 6.0


def test_a_second_backward_through_a_shared_part_is_refused():
    x = leaf(3.0)
    hidden = x.exp()
    (hidden * 2).backward()
    with refused(RuntimeError, 'exp', 'retain_graph=True'):
        (hidden * 3).backward()


def test_retain_graph_allows_a_second_walk():
    x = leaf(3.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 12.0
    with pytest.raises(RuntimeError):
        y.backward()


def test_a_graph_that_keeps_nothing_can_be_walked_again():
    x = leaf(3.0)
    y = x + 1
    y.backward()
    y.backward()
    assert x.grad.item() == 2.0


def test_two_losses_that_share_a_part():
    x = leaf(2.0)
    shared = x * x
    (shared * 3).backward(retain_graph=True)
    (shared * 2).backward()
    assert x.grad.item() == 20.0


def test_what_needs_no_gradient_has_no_graph():
    y = torch.ones(2).exp() * 2
    assert not y.requires_grad and y.grad_fn is None and y.is_leaf
    x = leaf(1.0)
    assert x.is_leaf and x.grad_fn is None
    assert not (x * 2).is_leaf and (x * 2).requires_grad


# no_grad, detach and kin

def test_nothing_is_remembered_under_no_grad():
    x = leaf(1.0)
    with torch.no_grad():
        assert not torch.is_grad_enabled()
        y = x * 2
        with torch.enable_grad():
            assert (x * 2).requires_grad
        assert not (x * 2).requires_grad
    assert torch.is_grad_enabled() and not y.requires_grad and y.grad_fn is None


def test_no_grad_and_enable_grad_decorate_functions():
    @torch.no_grad()
    def plain(x):
        return x * 2

    @torch.enable_grad()
    def remembered(x):
        return x * 2

    x = leaf(1.0)
    assert not plain(x).requires_grad and (x * 2).requires_grad
    with torch.no_grad():
        assert remembered(x).requires_grad and not (x * 2).requires_grad
    assert plain.__name__ == 'plain'


def test_set_grad_enabled_is_a_function_and_a_context():
    x = leaf(1.0)
    torch.set_grad_enabled(False)
    assert not (x * 2).requires_grad
    torch.set_grad_enabled(True)
    assert (x * 2).requires_grad
    for mode in (False, True):
        with torch.set_grad_enabled(mode):
            assert (x * 2).requires_grad is mode
    assert torch.is_grad_enabled()


@pytest.mark.parametrize('context', [torch.no_grad, lambda: torch.set_grad_enabled(False)])
def test_an_exception_leaves_the_mode_as_it_was(context):
    with pytest.raises(KeyError):
        with context():
            raise KeyError
    assert torch.is_grad_enabled()


def test_one_no_grad_object_serves_many_blocks():
    context = torch.no_grad()
    for _ in range(2):
        with context:
            assert not torch.is_grad_enabled()
        assert torch.is_grad_enabled()


def test_set_grad_enabled_decorates_functions_and_leaves_the_mode_alone():
    switch = torch.set_grad_enabled(False)
    torch.set_grad_enabled(True)
    decorated = [switch(torch.is_grad_enabled) for _ in range(2)]
    assert torch.is_grad_enabled()
    assert [f() for f in decorated] == [False, False] and torch.is_grad_enabled()
    with torch.no_grad():
        assert torch.set_grad_enabled(True)(torch.is_grad_enabled)()
        assert not torch.is_grad_enabled()
    assert repr(switch) == 'torch.autograd.grad_mode.set_grad_enabled(mode=False)'
    for mode in (0, 'on', None):
        with refused(TypeError, 'must be bool', type(mode).__name__, 'True or False'):
            torch.set_grad_enabled(mode)


def test_inference_mode_is_no_grad_and_its_opposite_remembers():
    with torch.no_grad(), torch.inference_mode(False):
        assert torch.is_grad_enabled()
    with torch.inference_mode(), torch.inference_mode(False):
        assert torch.is_grad_enabled()
    for decorator in (torch.inference_mode, torch.inference_mode(), torch.no_grad, torch.no_grad()):
        assert not decorator(lambda: torch.is_grad_enabled())() and torch.is_grad_enabled()
    with torch.no_grad():
        assert torch.inference_mode(mode=False)(torch.is_grad_enabled)()


@pytest.mark.parametrize('decorator', [torch.no_grad(), torch.no_grad, torch.inference_mode()])
def test_a_decorated_generator_has_the_mode_and_its_callers_have_not(decorator):
    log = []

    @decorator
    def generator():
        try:
            sent = yield torch.is_grad_enabled()
            yield sent, torch.is_grad_enabled()
        except ValueError:
            yield torch.is_grad_enabled()
        finally:
            log.append(torch.is_grad_enabled())
        return 'end'

    it = generator()
    assert next(it) is False and torch.is_grad_enabled()
    assert it.send('sent') == ('sent', False) and torch.is_grad_enabled()
    with pytest.raises(StopIteration, match='end'):
        next(it)
    it = generator()
    next(it)
    assert it.throw(ValueError) is False and torch.is_grad_enabled()
    it.close()
    assert log == [False, False] and torch.is_grad_enabled()


def test_methods_and_classes_are_decorated():
    class Model:
        @torch.no_grad()
        def method(self):
            """Its own text."""
            return torch.is_grad_enabled()

        @property
        @torch.no_grad()
        def attribute(self):
            return torch.is_grad_enabled()

        @classmethod
        @torch.no_grad()
        def of_class(cls):
            return torch.is_grad_enabled()

        @staticmethod
        @torch.no_grad()
        def static():
            return torch.is_grad_enabled()

    model = Model()
    assert [model.method(), model.attribute, Model.of_class(), Model.static()] == [False] * 4
    assert (Model.method.__name__, Model.method.__doc__) == ('method', 'Its own text.')

    class Plain:
        def __init__(self, x):
            self.x, self.mode = x, torch.is_grad_enabled()

    with pytest.warns(FutureWarning, match='Decorating classes is deprecated'):
        made = torch.no_grad()(Plain)(3)
    assert (made.x, made.mode) == (3, False)


def test_a_decorated_function_that_calls_itself_or_fails_leaves_the_mode_as_it_was():
    @torch.no_grad()
    def down(n):
        return torch.is_grad_enabled() or (down(n - 1) if n else 1 / 0)

    with pytest.raises(ZeroDivisionError):
        down(5)
    assert torch.is_grad_enabled()


def test_a_block_is_left_by_compiled_code_which_ctrl_c_cannot_interrupt():
    for block in (torch.no_grad, torch.enable_grad, torch.inference_mode, torch.set_grad_enabled,
                  autograd.detect_anomaly, autograd.set_detect_anomaly):
        assert not inspect.isfunction(block.__exit__)


def test_detach_cuts_the_graph_and_shares_memory():
    x = leaf(1.0, 2.0)
    y = (x * 3).detach()
    assert not y.requires_grad and y.is_leaf and y.grad_fn is None
    (x * y).sum().backward()
    assert x.grad.tolist() == [3.0, 6.0]
    d = x.detach()
    d[0] = 9.0
    assert x.tolist() == [9.0, 2.0]


def test_detach_in_place_makes_a_leaf():
    y = leaf(1.0) * 2
    assert y.detach_() is y and y.is_leaf and not y.requires_grad


def test_requires_grad_can_be_switched_on_and_off_at_leaves():
    x = torch.ones(2)
    assert x.requires_grad_() is x and x.requires_grad
    x.requires_grad_(False)
    assert not x.requires_grad
    x.requires_grad = True
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


@pytest.mark.parametrize('freeze', [lambda w: w.requires_grad_(False), lambda w: w.detach_()])
@pytest.mark.parametrize('create_graph', [False, True])
def test_a_leaf_that_was_frozen_after_it_was_used_gets_no_gradient(freeze, create_graph):
    w, x = leaf(1.0, 2.0), leaf(3.0, 4.0)
    loss = (w * x).sum()
    freeze(w)
    loss.backward(create_graph=create_graph)
    assert w.grad is None and x.grad.tolist() == [1.0, 2.0]


def test_requires_grad_of_a_computed_tensor_cannot_be_switched_off():
    y = leaf(1.0) * 2
    with refused(RuntimeError, 'leaf', 'detach()'):
        y.requires_grad_(False)
    with refused(RuntimeError, 'leaf', 'detach()'):
        y.requires_grad = False
    assert y.requires_grad_().requires_grad


def test_a_clone_passes_the_gradient_on():
    x = leaf(1.0, 2.0)
    y = x.clone()
    assert not np.shares_memory(x.detach().numpy(), y.detach().numpy())
    (y * 3).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


# Hooks

def test_a_hook_sees_the_gradient_and_may_replace_it():
    x, seen = leaf(1.0, 2.0), []
    y = x * 2
    y.register_hook(lambda g: seen.append(g.tolist()))
    y.register_hook(lambda g: g * 10)
    for create_graph in (False, True):
        x.grad = None
        y.sum().backward(retain_graph=True, create_graph=create_graph)
        assert seen.pop() == [1.0, 1.0] and x.grad.tolist() == [20.0, 20.0]


def test_a_hook_on_a_leaf_acts_before_the_gradient_is_added():
    x = leaf(1.0, 2.0)
    handle = x.register_hook(lambda g: g + 100)
    (x * 2).sum().backward()
    assert x.grad.tolist() == [102.0, 102.0]
    handle.remove()
    (x * 2).sum().backward()
    assert x.grad.tolist() == [104.0, 104.0]


def test_hooks_after_accumulation_see_the_gradient_of_a_leaf_and_may_use_it_up():
    def seen(library):
        w, log = library.tensor([1.0, 2.0], requires_grad=True), []
        handle = w.register_post_accumulate_grad_hook(lambda p: log.append(
            (p is w, p.grad.tolist(), library.is_grad_enabled())))
        (w * w).sum().backward()
        (w * w).sum().backward()
        library.autograd.grad((w * w).sum(), w)
        handle.remove()
        w.grad = None
        optimizer = library.optim.SGD([w], lr=0.25)

        def step(p):
            optimizer.step()
            optimizer.zero_grad()

        with w.register_post_accumulate_grad_hook(step):
            for _ in range(2):
                (w * w).sum().backward()
        return [*log, w.tolist(), w.grad]

    log = seen(torch)
    assert log == [(True, [2, 4], False), (True, [4, 8], False), [0.25, 0.5], None]
    assert log == seen(pytest.importorskip('torch'))


def test_hooks_after_accumulation_belong_to_leaves_and_return_nothing():
    w = torch.ones(2, requires_grad=True)
    with refused(RuntimeError, 'non-leaf tensors', 'register_hook()'):
        (w * 2).register_post_accumulate_grad_hook(print)
    with refused(RuntimeError, "doesn't require gradient", 'requires_grad=True'):
        torch.ones(2).register_post_accumulate_grad_hook(print)
    w.register_post_accumulate_grad_hook(lambda p: p.grad)
    with refused(TypeError, 'expected None', 'return nothing'):
        w.sum().backward()


def test_a_hook_is_called_once_with_the_sum_over_all_uses():
    x, seen = leaf(2.0), []
    y = x * 3
    y.register_hook(lambda g: seen.append(g.item()))
    (y * 2 + y * 5).backward()
    assert seen == [7.0]


def test_a_retained_gradient_is_the_one_after_the_hooks():
    x = leaf(1.0)
    y = x * 2
    y.retain_grad()
    y.register_hook(lambda g: g * 10)
    (y * 1).backward()
    assert y.grad.item() == 10.0 and x.grad.item() == 20.0


def test_hooks_act_on_gradients_of_autograd_grad_too():
    x = leaf(1.0)
    y = x * 2
    y.register_hook(lambda g: g * 10)
    assert torch.autograd.grad(y * 1, x)[0].item() == 20.0


@pytest.mark.parametrize('of', [lambda x: x, lambda x: x * 1], ids=['a leaf', 'a result'])
@pytest.mark.parametrize('hook, error, said', [
    (lambda g: g.mean(), RuntimeError, 'has changed the size of value'),
    (lambda g: g[:1], RuntimeError, 'has changed the size of value'),
    (lambda g: g.reshape(1, 2), RuntimeError, 'has changed the size of value'),
    (lambda g: g.expand(3, 2), RuntimeError, 'has changed the size of value'),
    (lambda g: g.float(), RuntimeError, 'was torch.DoubleTensor got torch.FloatTensor'),
    (lambda g: g.long(), RuntimeError, 'was torch.DoubleTensor got torch.LongTensor'),
    (lambda g: [1.0, 2.0], TypeError, "hook returned 'list'"),
    (lambda g: 3.0, TypeError, "hook returned 'float'"),
    (lambda g: g.numpy(), TypeError, "hook returned 'ndarray'")])
def test_a_hook_returns_a_tensor_of_the_same_shape_and_dtype(hook, of, error, said):
    x = leaf(1.0, 2.0)
    y = of(x)
    y.register_hook(hook)
    for create_graph in (False, True):
        with refused(error, said):
            (y * 2).sum().backward(create_graph=create_graph)
    with refused(error, said):
        torch.autograd.grad((y * 2).sum(), x)
    assert x.grad is None and torch.is_grad_enabled()


def test_of_two_equal_hooks_one_is_removed_once():
    x = leaf(1.0)
    first, second = [x.register_hook(lambda g: g * 2) for _ in range(2)]
    first.remove()
    first.remove()
    x.backward()
    assert x.grad.item() == 2.0


@pytest.mark.parametrize('change', [
    lambda h: torch.nn.functional.relu(h, inplace=True), lambda h: h.mul_(2).add_(1),
    lambda h: h.__setitem__(0, 5.0), lambda h: h[:1].mul_(2)])
def test_a_retained_gradient_is_that_of_the_value_after_changes_in_place(change):
    x = leaf(1.0, -2.0)
    h = x * 3
    h.retain_grad()
    change(h)
    (h * 3).sum().backward()
    assert h.retains_grad and h.grad.tolist() == [3.0, 3.0]


def test_a_retained_gradient_of_a_view_is_that_after_a_change_of_its_base():
    x = leaf(1.0, -2.0)
    h = x * 3
    view = h[:1]
    view.retain_grad()
    h.mul_(2)
    (view * 3).sum().backward()
    assert view.grad.tolist() == [3.0] and x.grad.tolist() == [18.0, 0.0]


def test_a_hook_stays_with_the_value_it_was_put_on():
    x, seen = leaf(1.0, -2.0), []
    h = x * 3
    h.register_hook(lambda g: seen.append(('old', g.tolist())))
    h.mul_(2)
    h.register_hook(lambda g: seen.append(('new', g.tolist())))
    (h * 3).sum().backward()
    assert seen == [('new', [3.0, 3.0]), ('old', [6.0, 6.0])]


def test_retained_gradients_accumulate_apart_from_what_was_read_before():
    x = leaf(1.0)
    h = x * 2
    h.retain_grad()
    y = h * 3
    y.backward(retain_graph=True)
    first = h.grad
    torch.autograd.grad(y, x)
    assert (first.item(), h.grad.item()) == (3.0, 6.0)


# No array that users can see is written to

def kept_through_a_hook(x, kept):
    x.register_hook(lambda g: kept)
    return x.sum()


def kept_through_a_rule(x, kept):
    constant = kept.numpy()
    return autograd.primitive(lambda x: x + 0, x=lambda g: constant)(x).sum()


def kept_as_an_argument(x, kept):
    return autograd.primitive(np.add, 'x y', x=lambda g, y: y)(x, kept).sum()


@pytest.mark.parametrize('loss', [
    kept_through_a_hook, kept_through_a_rule, kept_as_an_argument])
def test_a_gradient_that_user_code_returns_stays_its_own(loss):
    x, kept = leaf(1.0, 2.0), torch.tensor([3.0, 4.0], dtype=torch.float64)
    y = loss(x, kept)
    for _ in range(3):
        y.backward(retain_graph=True)
    assert x.grad.tolist() == [9.0, 12.0] and kept.tolist() == [3.0, 4.0]
    x.grad = None
    y.backward()
    torch.nn.utils.clip_grad_norm_([x], 1.0)
    torch.optim.SGD([x], lr=0.1).zero_grad(set_to_none=False)
    assert x.grad.tolist() == [0.0, 0.0] and kept.tolist() == [3.0, 4.0]


def test_what_a_hook_is_shown_does_not_change_afterwards():
    x, shown = leaf(1.0, 2.0), []
    x.register_hook(shown.append)
    for _ in range(2):
        (x * 2).sum().backward()
    x.grad.zero_()
    assert [g.tolist() for g in shown] == [[2.0, 2.0], [2.0, 2.0]]


@pytest.mark.parametrize('create_graph', [False, True])
def test_the_gradient_to_start_from_is_not_written_to(create_graph):
    x, seed = leaf(1.0, 2.0), torch.tensor([3.0, 4.0], dtype=torch.float64)
    x.backward(seed, create_graph=create_graph)
    x.grad.mul_(2)
    x.backward(seed)
    assert x.grad.tolist() == [9.0, 12.0] and seed.tolist() == [3.0, 4.0]
    y = x * 1
    torch.autograd.grad(y, y, seed)[0].zero_()
    assert seed.tolist() == [3.0, 4.0]


def test_zero_grad_leaves_the_gradient_in_its_place():
    x = leaf(1.0, 2.0)
    x.sum().backward()
    held = x.grad
    torch.optim.SGD([x], lr=0.1).zero_grad(set_to_none=False)
    assert x.grad is held and held.tolist() == [0.0, 0.0]


@pytest.mark.parametrize('method', ['register_hook', 'retain_grad'])
def test_a_tensor_without_gradient_takes_no_hook(method):
    with refused(RuntimeError, 'requires_grad'):
        getattr(torch.ones(2), method)(*[print] * (method == 'register_hook'))


# What is refused, and how it is said

def test_backward_of_a_non_scalar_is_refused():
    with refused(RuntimeError, 'grad can be implicitly created only for scalar outputs', '(2,)',
                 '.sum()', 'backward(gradient)'):
        (leaf(1.0, 2.0) * 2).backward()


def test_backward_of_one_element_of_any_dimension_is_allowed():
    x = leaf([[3.0]])
    (x * 2).backward()
    assert x.grad.tolist() == [[2.0]]


def test_backward_without_a_graph_is_refused():
    with refused(RuntimeError, 'does not require grad and does not have a grad_fn',
                 'no_grad', 'requires_grad=True'):
        torch.ones(()).backward()
    with torch.no_grad():
        y = leaf(1.0) * 2
    with refused(RuntimeError, 'does not require grad'):
        y.backward()


def test_an_integer_leaf_cannot_require_grad():
    parts = ('Tensors of floating point', 'can require gradients', 'int64', 'float()')
    with refused(RuntimeError, *parts):
        torch.tensor([1, 2], requires_grad=True)
    with refused(RuntimeError, *parts):
        torch.tensor([1, 2]).requires_grad_()
    with refused(RuntimeError, 'Tensors of floating point', 'bool'):
        torch.ones(2, dtype=torch.bool, requires_grad=True)


def test_a_gradient_of_another_shape_is_refused():
    with refused(RuntimeError, 'Mismatch in shape', '(3,)', '(2,)'):
        (leaf(1.0, 2.0) * 2).backward(torch.ones(3, dtype=torch.float64))
    for wrong in [1.0, 2.0], 1.0, np.ones(2):
        with refused(TypeError, 'gradients can be either Tensors or None', '(2,)'):
            (leaf(1.0, 2.0) * 2).backward(wrong)


def test_each_output_has_its_own_gradient_to_start_from():
    y, ones = leaf(1.0, 2.0) * 2, torch.ones(2, dtype=torch.float64)
    for gradients in [ones], [ones] * 3:
        with refused(RuntimeError, 'got 2 tensors', f'{len(gradients)} gradients'):
            torch.autograd.backward([y, y], gradients)
        with refused(RuntimeError, 'got 2 tensors', f'{len(gradients)} gradients'):
            torch.autograd.grad([y, y], y, gradients)


def test_the_numpy_array_of_a_tensor_in_a_graph_is_refused():
    with refused(RuntimeError, "Can't call numpy() on Tensor that requires grad", '.detach()'):
        leaf(1.0).numpy()


def test_a_rule_that_is_not_known_is_refused_rather_than_left_out():
    half = autograd.primitive(np.arctan2, 'x y', x=lambda g: g, y=None)
    half(leaf(1.0), torch.tensor(2.0)).backward()
    with refused(NotImplementedError, 'arctan2', '.detach()'):
        half(torch.tensor(2.0), leaf(1.0)).backward()


def test_a_grad_of_another_shape_or_kind_cannot_be_assigned():
    x = leaf(1.0, 2.0)
    with refused(RuntimeError, '(2,)', '(3,)'):
        x.grad = torch.ones(3, dtype=torch.float64)
    with refused(TypeError, 'float'):
        x.grad = 1.0
    x.grad = torch.ones(2, dtype=torch.float64)
    x.grad = None


# autograd.grad

def test_grad_returns_a_tuple_and_touches_no_grad():
    x, y = leaf(2.0), leaf(3.0)
    gx, gy = torch.autograd.grad(x * y, [x, y])
    assert (gx.item(), gy.item()) == (3.0, 2.0)
    assert x.grad is None and y.grad is None and not gx.requires_grad


def test_grad_in_an_inner_result_and_in_the_output_itself():
    x = leaf(2.0)
    y = x * x
    z = y * 3
    gz, gy, gx = torch.autograd.grad(z, [z, y, x])
    assert (gz.item(), gy.item(), gx.item()) == (1.0, 3.0, 12.0)


def test_grad_of_several_outputs_with_their_gradients():
    x = leaf(1.0, 2.0)
    g, = torch.autograd.grad([x * 2, x.sum()], x, [torch.tensor([1.0, 10.0]).double(), None])
    assert g.tolist() == [3.0, 21.0]


def test_an_input_that_was_not_used_is_refused_unless_allowed():
    x, y = leaf(1.0), leaf(2.0)
    with refused(RuntimeError, 'appears to not have been used in the graph', 'allow_unused=True'):
        torch.autograd.grad(x * 2, [x, y])
    assert torch.autograd.grad(x * 2, [x, y], allow_unused=True)[1] is None
    assert torch.autograd.grad(x * 2, [x, y], materialize_grads=True)[1].item() == 0.0


def test_grad_in_a_tensor_that_needs_none_is_refused():
    with refused(RuntimeError, 'does not require grad', 'requires_grad_()'):
        torch.autograd.grad(leaf(1.0) * 2, torch.ones(()))


def test_grad_frees_the_graph_like_backward():
    x = leaf(3.0)
    y = x * x
    torch.autograd.grad(y, x, retain_graph=True)
    torch.autograd.grad(y, x)
    with pytest.raises(RuntimeError):
        torch.autograd.grad(y, x)


def test_backward_into_chosen_inputs_leaves_the_others_alone():
    x, y = leaf(2.0), leaf(3.0)
    (x * y).backward(inputs=[x])
    assert x.grad.item() == 3.0 and y.grad is None


@pytest.mark.parametrize('inputs', [lambda h: [h], lambda h: h, lambda h: (h,)])
def test_backward_into_a_result_fills_its_grad_and_goes_no_further(inputs):
    x = leaf(1.0, 2.0)
    h = x * 2
    h.register_hook(lambda g: g * 10)
    (h * h).sum().backward(inputs=inputs(h))
    assert h.grad.tolist() == [40.0, 80.0] and h.retains_grad and x.grad is None


def test_backward_into_results_and_leaves_accumulates():
    x = leaf(1.0, 2.0)
    h = x * 2
    loss = (h * h).sum()
    loss.backward(inputs=[h], retain_graph=True)
    loss.backward(inputs=[h, x])
    assert h.grad.tolist() == [8.0, 16.0] and x.grad.tolist() == [8.0, 16.0]


def test_a_view_that_was_changed_is_one_of_the_changed_base():
    x, seen = leaf(1.0, 2.0, 3.0), []
    base = x * 1
    view = base[:2]
    view.retain_grad()
    view.mul_(2)
    view.register_hook(seen.append)
    base.sum().backward(retain_graph=True)
    assert x.grad.tolist() == [2.0, 2.0, 1.0] and view.grad is None and seen == []
    assert torch.autograd.grad(base.sum(), view, allow_unused=True) == (None,)
    view.sum().backward()
    assert view.grad.tolist() == [1.0, 1.0] and [g.tolist() for g in seen] == [[1.0, 1.0]]
    assert x.grad.tolist() == [4.0, 4.0, 1.0]


def test_what_does_not_lead_to_the_inputs_is_neither_visited_nor_freed():
    x, y, seen = leaf(1.0, 2.0), leaf(3.0, 4.0), []
    h, k = x.exp(), y.exp()
    for name, tensor in dict(x=x, y=y, h=h, k=k).items():
        tensor.register_hook(lambda g, name=name: seen.append(name))
    k.retain_grad()
    total = (h * k).sum()
    other = (k * 2).sum()
    total.register_hook(lambda g: seen.append('total'))
    other.register_hook(lambda g: seen.append('other'))
    torch.autograd.grad([total, other], x)
    assert seen == ['total', 'h', 'x'] and k.grad is None
    seen.clear()
    (x.exp() * k).sum().backward(inputs=[x])
    assert seen == ['x'] and y.grad is None
    k.sum().backward()    # it was not freed
    assert y.grad.tolist() == np.exp([3.0, 4.0]).tolist()


def test_the_gradient_in_a_result_leaves_the_graph_below_it_whole():
    x = leaf(1.0, 2.0)
    h = x.exp()
    torch.autograd.grad((h * h).sum(), h)
    h.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.exp([1.0, 2.0]))


def test_hooks_change_the_gradient_in_an_input_unless_the_way_goes_on_from_there():
    for inputs, expected in (['h'], [[40.0, 80.0]]), (['h', 'x'], [[4.0, 8.0], [80.0, 160.0]]):
        x = leaf(1.0, 2.0)
        h = x * 2
        h.register_hook(lambda g: g * 10)
        found = torch.autograd.grad((h * h).sum(), [dict(h=h, x=x)[name] for name in inputs])
        assert [g.tolist() for g in found] == expected


@pytest.mark.parametrize('inputs, said', [
    ([], 'cannot be empty'), ((), 'cannot be empty'), ([3.0], 'but got float')])
def test_inputs_that_are_none_or_no_tensors_are_refused(inputs, said):
    with refused(RuntimeError, said):
        leaf(1.0).backward(inputs=inputs)
    with refused(RuntimeError, said):
        torch.autograd.grad(leaf(1.0), inputs)
    with refused(RuntimeError, "can't retain_grad", 'requires_grad=False'):
        leaf(1.0).backward(inputs=[torch.ones(1)])


def test_zeros_for_an_unused_input_can_be_differentiated_if_the_others_can():
    x, y = leaf(1.0, 2.0), leaf(3.0)
    for create_graph in (False, True):
        g = torch.autograd.grad((x ** 2).sum(), y, create_graph=create_graph,
                                materialize_grads=True)[0]
        assert g.item() == 0.0 and g.requires_grad is create_graph
    with refused(ValueError, 'allow_unused', 'materialize_grads=True'):
        torch.autograd.grad((x ** 2).sum(), y, allow_unused=False, materialize_grads=True)


# Higher derivatives

def derivatives(f, x, order):
    y, result = f(x), []
    for _ in range(order):
        y, = torch.autograd.grad(y.sum(), x, create_graph=True)
        result.append(y.detach().numpy())
    return result


def test_the_first_three_derivatives_of_tanh():
    x = leaf(np.linspace(-2, 2, 9))
    first, second, third = derivatives(torch.tanh, x, 3)
    t = np.tanh(np.linspace(-2, 2, 9))
    np.testing.assert_allclose(first, 1 - t**2, atol=1e-14)
    np.testing.assert_allclose(second, -2 * t * (1 - t**2), atol=1e-14)
    np.testing.assert_allclose(third, (1 - t**2) * (6 * t**2 - 2), atol=1e-14)


def test_the_first_six_derivatives_of_a_reciprocal():
    x = leaf(1.0, 2.0)
    for n, d in enumerate(derivatives(lambda x: 1 / x, x, 6), start=1):
        expected = (-1) ** n * factorial(n) / np.array([1.0, 2.0]) ** (n + 1)
        np.testing.assert_allclose(d, expected, rtol=1e-12)


def test_gradient_and_hessian_of_rosenbrock():
    start = np.array([-1.2, 1.0, 0.8, -0.5])
    x = leaf(start)
    f = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
    gradient, = torch.autograd.grad(f, x, create_graph=True)
    hessian = [torch.autograd.grad(g, x, retain_graph=True)[0].tolist() for g in gradient]
    expected, matrix = np.zeros(4), np.zeros((4, 4))
    for i in range(3):
        a, b = start[i], start[i + 1]
        expected[i] += -400 * a * (b - a * a) - 2 * (1 - a)
        expected[i + 1] += 200 * (b - a * a)
        matrix[i, i] += 1200 * a * a - 400 * b + 2
        matrix[i, i + 1] = matrix[i + 1, i] = -400 * a
        matrix[i + 1, i + 1] += 200
    np.testing.assert_allclose(gradient.detach().numpy(), expected, rtol=1e-13)
    np.testing.assert_allclose(hessian, matrix, rtol=1e-13)


def test_a_gradient_can_be_part_of_the_loss():
    x, w = leaf(1.0, 2.0), leaf(3.0)
    g, = torch.autograd.grad((w * x ** 3).sum(), x, create_graph=True)  # 3 w x^2
    (g ** 2).sum().backward()                                          # 9 w^2 x^4
    assert w.grad.item() == pytest.approx(18 * 3 * (1 + 16))
    np.testing.assert_allclose(x.grad.numpy(), 36 * 9 * np.array([1.0, 8.0]))


def test_backward_with_create_graph_makes_a_differentiable_grad():
    x = leaf(3.0)
    (x ** 3).backward(create_graph=True)
    assert x.grad.requires_grad and x.grad.item() == 27.0
    second, = torch.autograd.grad(x.grad, x)
    assert second.item() == 18.0


def test_without_create_graph_a_gradient_has_no_graph():
    x = leaf(3.0)
    g, = torch.autograd.grad(x ** 3, x)
    assert not g.requires_grad and g.grad_fn is None


# The checkers must be able to fail

def frozen(x):
    return x.detach() if isinstance(x, torch.Tensor) else x


@pytest.mark.parametrize('factor', [1.01, -1, 0])
def test_gradcheck_fails_on_a_wrong_rule(factor):
    rules = {1.01: lambda g: g * 1.01, -1: lambda g: -g, 0: lambda g: g * 0}
    wrong = autograd.primitive(lambda x: x + 1, x=rules[factor])
    with pytest.raises(RuntimeError):
        autograd.gradcheck(wrong, leaf(1.0, 2.0))
    assert autograd.gradcheck(wrong, leaf(1.0, 2.0), raise_exception=False) is False


def test_gradcheck_fails_when_one_of_many_elements_is_wrong():
    wrong = autograd.primitive(lambda x: x * [1, 1, 2, 1], x=lambda g: g * [1, 1, 1.9, 1])
    with pytest.raises(RuntimeError):
        autograd.gradcheck(wrong, leaf(1.0, 2.0, 3.0, 4.0))


def test_gradcheck_fails_when_only_the_second_argument_is_wrong():
    wrong = autograd.primitive(np.multiply, 'x y', x=lambda g, y: g * y, y=lambda g, y: g * y)
    assert autograd.gradcheck(lambda x: wrong(x, 3.0), leaf(1.0, 2.0))
    with pytest.raises(RuntimeError):
        autograd.gradcheck(wrong, (leaf(1.0, 2.0), leaf(3.0, 5.0)))


def test_gradcheck_fails_when_a_second_output_is_wrong():
    wrong = autograd.primitive(lambda x: x + 1, x=lambda g: -g)
    with pytest.raises(RuntimeError):
        autograd.gradcheck(lambda x: (x * 2, wrong(x)), leaf(1.0, 2.0))


def test_gradgradcheck_fails_on_a_rule_that_is_right_to_first_order_only():
    cube = autograd.primitive(lambda x: x ** 3, x=lambda g, x: g * (3 * frozen(x) ** 2))
    assert autograd.gradcheck(cube, leaf(1.0, 2.0))
    with pytest.raises(RuntimeError):
        autograd.gradgradcheck(cube, leaf(1.0, 2.0))
    assert autograd.gradgradcheck(cube, leaf(1.0, 2.0), raise_exception=False) is False


def test_gradcheck_obeys_its_tolerances():
    nearly = autograd.primitive(lambda x: x + 1, x=lambda g: g * 1.01)
    assert autograd.gradcheck(nearly, (leaf(1.0, 2.0),), eps=1e-6, atol=1e-5, rtol=0.02)
    assert autograd.gradcheck(nearly, (leaf(1.0, 2.0),), atol=0.02, rtol=0.0)


def test_gradcheck_wants_an_input_to_differentiate():
    with refused(ValueError, 'require'):
        autograd.gradcheck(torch.exp, torch.ones(2, dtype=torch.float64))


def test_gradcheck_leaves_its_inputs_as_they_were():
    x = leaf(0.1, 0.7)
    assert autograd.gradcheck(torch.exp, x) and autograd.gradgradcheck(torch.exp, x)
    assert x.tolist() == [0.1, 0.7] and x.grad is None


# Changes in place

def test_changing_a_result_that_its_own_derivative_needs_is_refused():
    x = leaf(1.0, 2.0)
    line = here()
    y = x.exp()
    y.add_(1)
    with refused(RuntimeError, 'inplace operation', 'exp', 'test_autograd.py', f'{line}'):
        y.sum().backward()


def test_changing_a_kept_argument_is_refused():
    x = leaf(1.0, 2.0)
    y = x * 1
    line = here()
    z = y * y
    y.mul_(2)
    with refused(RuntimeError, 'inplace operation', 'mul', 'test_autograd.py', f'{line}'):
        z.sum().backward()


@pytest.mark.parametrize('change', [
    lambda y: y.add_(1), lambda y: y.sub_(1), lambda y: y.mul_(2), lambda y: y.div_(2),
    lambda y: y.zero_(), lambda y: y.fill_(3), lambda y: y.copy_(torch.ones(2)),
    lambda y: y.clamp_(0, 1), lambda y: y.normal_(), lambda y: y.uniform_(),
    lambda y: y.masked_fill_(torch.tensor([True, False]), 0.0), lambda y: y.__iadd__(1),
    lambda y: y.__isub__(1), lambda y: y.__imul__(2), lambda y: y.__itruediv__(2),
    lambda y: y.__setitem__(0, 5.0), lambda y: y[0].fill_(7.0), lambda y: y.detach().zero_(),
    lambda y: y.view(2, 1).add_(1)])
def test_every_way_to_change_a_kept_value_is_noticed(change):
    y = torch.ones(2, dtype=torch.float64)
    z = leaf(1.0, 2.0) * y
    change(y)
    with pytest.raises(RuntimeError, match='inplace operation'):
        z.sum().backward()


def test_changing_what_no_derivative_needs_is_allowed():
    x = leaf(1.0, 2.0)
    y = x + 1
    z = y * 3
    y.zero_()
    z.sum().backward()
    assert x.grad.tolist() == [3.0, 3.0] and z.tolist() == [6.0, 9.0]


def test_an_operation_in_place_is_differentiated():
    x = leaf(1.0, 2.0)
    y = x * 2
    y.mul_(3).add_(x)
    y -= 1
    y.sum().backward()
    assert y.tolist() == [6.0, 13.0] and x.grad.tolist() == [7.0, 7.0]


def test_an_assigned_element_loses_its_old_gradient_and_carries_the_new_one():
    x, value = leaf(1.0, 2.0, 3.0), leaf(5.0)
    y = x * 2
    y[1] = value * 3
    y.sum().backward()
    assert y.tolist() == [2.0, 15.0, 6.0]
    assert x.grad.tolist() == [2.0, 0.0, 2.0] and value.grad.item() == 3.0


def test_a_tensor_outside_the_graph_joins_it_by_assignment():
    x, y = leaf(1.0, 2.0), torch.zeros(3, dtype=torch.float64)
    y[1:] = x * 2
    (y * torch.tensor([5.0, 6.0, 7.0])).sum().backward()
    assert x.grad.tolist() == [12.0, 14.0] and not y.is_leaf


def test_a_leaf_that_requires_grad_is_not_changed_in_place():
    for change in (lambda x: x.add_(1), lambda x: x.__setitem__(0, 1.0), lambda x: x.zero_(),
                   lambda x: x.__imul__(2), lambda x: x[0].add_(1)):
        x = leaf(1.0, 2.0)
        with refused(RuntimeError, 'leaf', 'in-place', 'no_grad'):
            change(x)
        assert x.tolist() == [1.0, 2.0]


def test_under_no_grad_a_leaf_is_changed_and_stays_a_leaf():
    x = leaf(1.0, 2.0)
    with torch.no_grad():
        x -= 0.5
        x[1] = 7.0
    assert x.tolist() == [0.5, 7.0] and x.is_leaf and x.requires_grad
    x.data.add_(1)
    assert x.tolist() == [1.5, 8.0]


def test_a_leaf_changed_between_forward_and_backward_is_noticed():
    w = leaf(1.0, 2.0)
    loss = (w * w).sum()
    with torch.no_grad():
        w.sub_(0.1)
    with refused(RuntimeError, 'inplace operation', 'mul'):
        loss.backward()


def test_a_view_changed_in_place_changes_its_base_and_the_gradient():
    x = leaf(1.0, 2.0, 3.0)
    y = x * 1
    y[1:].mul_(10)
    y.sum().backward()
    assert y.tolist() == [1.0, 20.0, 30.0] and x.grad.tolist() == [1.0, 10.0, 10.0]


def test_an_old_view_of_a_changed_base_is_right_or_refused():
    x = leaf(1.0, 2.0, 3.0)
    y = x * 1
    view = y.view(3, 1)
    y.mul_(10)
    assert view.detach().tolist() == [[10.0], [20.0], [30.0]]
    try:
        view.sum().backward()
    except RuntimeError as error:
        assert 'view' in str(error)
    else:
        assert x.grad.tolist() == [10.0, 10.0, 10.0]


def test_a_stale_view_that_is_read_under_no_grad_keeps_its_graph():
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    y = x * 1
    view = y.T
    y.mul_(2)
    with torch.no_grad():
        assert (view * 1).tolist() == [[2.0, 6.0], [4.0, 8.0]]
        view.mul_(1)
    (view.sum() + y.sum()).backward()
    assert x.grad.tolist() == [[4.0, 4.0], [4.0, 4.0]]


def test_only_inputs_is_ignored_with_the_warning_of_pytorch_and_batches_of_gradients_are_refused():
    x = torch.ones(2, requires_grad=True)
    with pytest.warns(FutureWarning, match='only_inputs argument is deprecated'):
        torch.autograd.grad(x.sum(), x, None, None, False, False)
    with refused(NotImplementedError, 'is_grads_batched=True', 'stack'):
        torch.autograd.grad(x.sum(), x, is_grads_batched=True)
