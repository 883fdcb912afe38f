"""Infinity and nan are results: no warning of NumPy reaches the user, whatever filters are set."""
import subprocess
import sys
import warnings
from contextlib import suppress

import numpy as np
import pytest

import test_functional
import test_ops
import tinygrad_adam as torch
from helpers import every_row, function, several

nn, optim, F = torch.nn, torch.optim, torch.nn.functional
inf, nan = float('inf'), float('nan')
EXTREMES = [0.0, -0.0, inf, -inf, nan, 3e38, -3e38, 1e-45, -1.0, 2.0]
WORST = torch.tensor([inf, -inf, nan, 3e38, 3e38, -3e38, 0.0, -0.0, 1e-45])


@pytest.fixture(params=['error', 'always'])
def strict(request):
    """Filters as of `pytest -W error`, or of who records warnings."""
    with warnings.catch_warnings(record=request.param == 'always') as heard:
        warnings.simplefilter('ignore')     # a UserWarning is PyTorch's
        warnings.simplefilter(request.param, RuntimeWarning)
        yield
    assert [str(w.message) for w in heard or []] == []


def extreme(inputs, seed):
    """A tensor of extreme numbers in the shape of each input of a row."""
    shapes = [span[0] if span and isinstance(span[0], tuple) else span for span in inputs]
    choose = np.random.default_rng(seed).choice
    return [torch.tensor(np.asarray(choose(EXTREMES, shape), np.float32), requires_grad=True)
            for shape in shapes]


@every_row(test_ops.EVERY, test_functional.ROWS)
def test_no_operation_and_no_rule_warns_of_extreme_numbers(row):
    expression, *inputs = row
    for seed in range(3):
        xs = extreme(inputs, seed)
        # Errors are of numbers out of the domain.
        with warnings.catch_warnings(), suppress(RuntimeError, ValueError):
            warnings.simplefilter('error', RuntimeWarning)
            outputs = several(function(torch, expression, len(xs))(*xs))
            slopes = torch.autograd.grad([y.sum() for y in outputs], xs, create_graph=True)
            seconds = [g.sum() for g in slopes if g.requires_grad]
            if seconds:
                torch.autograd.backward(seconds)


def clip(norm_type):
    weight = nn.Parameter(torch.ones(2))
    weight.grad = torch.full((2,), 3e38)
    nn.utils.clip_grad_norm_([weight], 1.0, norm_type)


def step(rule, **options):
    weights = [nn.Parameter(torch.ones(9)), nn.Parameter(torch.full((9,), 3e38))]
    optimizer = rule(weights, **options)
    for _ in range(2):
        for weight in weights:
            weight.grad = WORST.clone()
        optimizer.step()


FIRST_CALLS = {
    'log of 0': lambda: torch.zeros(1).log(),
    '0 / 0': lambda: torch.zeros(1) / torch.zeros(1),
    'a number too large for float32': lambda: torch.tensor([1e300]),
    'an array too large for float32': lambda: torch.Tensor(np.array([1e300])),
    'like another': lambda: WORST.new_tensor([1e300]),
    'arange': lambda: torch.arange(0, 1e39, 3e38),
    'in place': lambda: torch.tensor([3e38]).mul_(10),
    'an element': lambda: torch.zeros(2).__setitem__(0, torch.tensor(1e300).double()),
    'normal_': lambda: torch.zeros(9).normal_(0, 3e38),
    'uniform_': lambda: torch.zeros(9).uniform_(0, 3e38),
    'xavier': lambda: nn.init.xavier_normal_(torch.zeros(9, 9), 3e38),
    'sum': lambda: WORST.sum(), 'mean of nothing': lambda: torch.zeros(0).mean(),
    'std of one': lambda: torch.ones(1).std(), 'var of nothing': lambda: torch.ones(0).var(),
    'cumsum': lambda: WORST.cumsum(0), 'norm': lambda: WORST.norm(3),
    'allclose': lambda: torch.allclose(WORST, -WORST), 'equal': lambda: torch.equal(WORST, WORST),
    'text': lambda: repr(torch.tensor([1e300, 1e-300], dtype=torch.float64)),
    'an integer': lambda: WORST.long(), 'batch_norm': lambda: nn.BatchNorm1d(3)(WORST.view(3, 3)),
    'layer_norm': lambda: nn.LayerNorm(3)(WORST.view(3, 3)),
    'cross_entropy of no label': lambda: F.cross_entropy(
        WORST.view(3, 3), torch.tensor([-100, -100, -100])),
    'attention': lambda: F.scaled_dot_product_attention(*[WORST.view(1, 3, 3)] * 3),
    'lstm': lambda: nn.LSTM(3, 4)(WORST.view(3, 3)),
    'clip_grad_norm_': lambda: clip(2.0), 'of order 3': lambda: clip(3.0),
    'of order 1': lambda: clip(1.0), 'of order inf': lambda: clip(inf),
    'gradcheck': lambda: torch.autograd.gradcheck(
        torch.log, torch.zeros(2, dtype=torch.float64, requires_grad=True), raise_exception=False),
    **{rule.__name__: lambda rule=rule: step(rule) for rule in (
        optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad, optim.Adadelta,
        optim.Adamax, optim.NAdam, optim.RAdam, optim.Rprop, optim.ASGD)},
    'momentum': lambda: step(optim.SGD, momentum=0.9, weight_decay=3e38, nesterov=True),
}


@pytest.mark.parametrize('call', FIRST_CALLS.values(), ids=FIRST_CALLS)
def test_no_function_warns_when_it_is_the_first_that_is_called(strict, call):
    call()


def test_backward_does_not_warn_when_it_is_the_first_that_is_called():
    x = torch.tensor([0.0, 1e-45], requires_grad=True)
    by_backward, by_grad = x.log().sum(), x.rsqrt().sum()
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        by_backward.backward()
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        torch.autograd.grad(by_grad, x, create_graph=True)


def test_without_any_filter_nothing_is_heard_either():
    with warnings.catch_warnings(record=True) as heard:
        warnings.resetwarnings()
        torch.zeros(1).log()
        WORST.sum()
    assert heard == []


def test_warnings_of_numpy_outside_of_the_package_are_heard():
    torch.zeros(1).log()
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        torch.zeros(1).log()
        with pytest.raises(RuntimeWarning):
            np.log(np.zeros(1))


def test_a_module_whose_name_begins_like_the_package_is_not_of_the_package(tmp_path):
    (tmp_path / 'tinygrad_adam_course.py').write_text('''
import warnings, numpy as np, tinygrad_adam as torch
x = torch.tensor(1.0, requires_grad=True)
y = x * x
y.backward()
try:
    y.backward()
except RuntimeError as error:
    print('line 4 of' in str(error) and 'tinygrad_adam_course.py' in str(error))
with warnings.catch_warnings(record=True) as heard:
    np.zeros(1) / np.zeros(1)
print(len(heard))''', encoding='utf-8')
    code = f'import sys; sys.path.insert(0, {str(tmp_path)!r}); import tinygrad_adam_course'
    said = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ['True', '1']
