"""What several test files share: rows of expressions, and errors that must explain themselves."""

import importlib.util
import json
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tinygrad_adam._missing import on_first_use

# {function of torch that nn.functional has too: where it is}, imported on first use.
OF_LAYERS = {name: place for name, place in on_first_use('tinygrad_adam').items()
             if place.startswith('nn.')}


class Stored(dict):
    """{name of a row: what PyTorch computed for it}; a row without it is new, and says what to do.

    It is skipped where PyTorch is not installed, since only PyTorch can give the numbers.
    """

    def __missing__(self, name):
        end = pytest.fail if importlib.util.find_spec('torch') else pytest.skip
        end(f'PyTorch has not been asked for {name}: where it is installed, run `python '
            'tests/fixtures/make_ops.py`. If PyTorch has no such operation, move the row to OWN in '
            'tests/test_ops.py.')


def stored(file):
    """What fixtures/make_*.py wrote."""
    path = Path(__file__).parent / 'fixtures' / file
    return Stored(json.loads(path.read_text(encoding='utf-8')))


def spread(shape, low=-2.0, high=2.0, start=1):
    """Numbers without ties, spread evenly between two bounds, the same on every machine."""
    steps = np.arange(start, start + np.prod(shape, dtype=int))
    return (low + (high - low) * (steps * 0.6180339887498949 % 1)).reshape(shape)


def arrays(inputs):
    """One array for every input of a row, which is a shape or (shape, low, high)."""
    spans = [span if span and isinstance(span[0], tuple) else (span,) for span in inputs]
    return [spread(*span, start=1 + 100 * i) for i, span in enumerate(spans)]


def function(torch, expression, count):
    """The expression as a function of its first `count` letters among x, y and z."""
    names = {'torch': torch, 'F': torch.nn.functional, 'np': np}
    return eval(f'lambda {", ".join("xyz"[:count])}: {expression}', names)


def several(outputs):
    return list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]


def values_and_gradients(torch, row, dtype='float64'):
    """What a row computes, and the gradients of its weighted sum in every input, as tensors."""
    expression, *inputs = row
    xs = [torch.tensor(x.astype(dtype), requires_grad=True) for x in arrays(inputs)]
    outputs = several(function(torch, expression, len(xs))(*xs))
    sum((y * torch.tensor(spread(tuple(y.shape)).astype(dtype))).sum() for y in outputs).backward()
    return outputs, [x.grad for x in xs]


def name_of(row):
    expression, *inputs = row
    return f'{expression} | {", ".join(map(str, inputs))}'


def every_row(*tables):
    rows = [row for table in tables for row in table]
    return pytest.mark.parametrize('row', rows, ids=map(name_of, rows))


def assert_equal(tensors, stored, tolerance=1e-10):
    assert len(tensors) == len(stored)
    for x, expected in zip(tensors, stored):
        expected = np.array(expected)
        assert tuple(x.shape) == expected.shape
        np.testing.assert_allclose(x.detach().numpy(), expected, rtol=tolerance, atol=tolerance)


def tolerance(expression, usual):
    """How far numbers may be from PyTorch's, whose hardsigmoid has, also in float64, a slope with
    the digits of float32."""
    return 4e-8 if 'hardsigmoid' in expression.lower() else usual


@contextmanager
def refused(error, *parts):
    """An error must say what happened, why it is wrong and what to write: all these parts."""
    with pytest.raises(error) as caught:
        yield
    message = str(caught.value)
    assert [part for part in parts if part not in message] == [], message
