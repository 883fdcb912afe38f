"""How dtypes meet: which one an operation computes in, what wraps around, what is refused.

Each operation of TABLE is run on all pairs of operands: two elements of each dtype, one without
dimensions of each dtype, and Python's numbers. PyTorch 2.13 says what comes out
(fixtures/promotion.json, written by fixtures/make_promotion.py).
"""

import math
import random

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused, stored

DTYPES = ['bool', 'uint8', 'int8', 'int16', 'int32', 'int64', 'float32', 'float64']
LEFT = {'bool': [True, False], 'uint8': [200, 3], 'int8': [-100, 7], 'int16': [-300, 7],
        'int32': [100000, -7], 'int64': [2 ** 40 + 1, -5], 'float32': [1.75, -2.5],
        'float64': [0.1, -3.25]}
RIGHT = {'bool': [True, True], 'uint8': [100, 2], 'int8': [-3, 3], 'int16': [-3, 30],
         'int32': [-70000, 3], 'int64': [2 ** 33, 3], 'float32': [0.25, -2.0],
         'float64': [0.7, 2.0]}
NUMBERS = [True, 2, -3, 300, 0.5]

TABLE = [
    'x + y', 'x - y', 'x * y', 'x / y', 'x // y', 'x % y', 'x ** y', 'x & y', 'x | y', 'x < y',
    'x == y', 'torch.add(x, y, alpha=2)', 'torch.sub(x, y, alpha=0.5)',
    'torch.div(x, y, rounding_mode="trunc")', 'torch.maximum(x, y)', 'torch.clamp(x, min=y)',
    'torch.where(mask, x, y)', 'torch.cat([x, y])', 'torch.stack([x, y])', 'torch.logical_or(x, y)',
    'torch.isclose(x, y)', 'torch.lerp(x, y, 0.5)', 'x.masked_fill(mask, y)', 'x += y', 'x *= y',
    'x /= y', 'x //= y', 'x **= y', 'x ^= y', 'x.copy_(y)', 'x.fill_(y)', 'x.clamp_(max=y)',
    'x[0] = y', 'x[[0]] = y', 'x[mask] = y']


def operands(torch, values):
    """{name: a function that makes the operand}"""
    made = {}
    for dtype in DTYPES:
        def vector(dtype=dtype):
            return torch.tensor(values[dtype], dtype=getattr(torch, dtype))
        made[dtype], made[f'{dtype}()'] = vector, lambda vector=vector: vector()[0].clone()
    return {**made, **{repr(x): lambda x=x: x for x in NUMBERS}}


def outcome(torch, operation, x, y):
    """The dtype and values in a few letters, or the kind of error."""
    names = {'torch': torch, 'x': x, 'y': y, 'mask': torch.tensor([True, False])}
    changes = ' = ' in operation or '= y' in operation and '==' not in operation
    try:
        if changes:
            exec(operation, names)
        else:
            names['x'] = eval(operation, names)
    except Exception as error:
        return type(error).__name__
    array = names['x'].numpy()
    return ' '.join([array.dtype.char, *(f'{float(v):.6g}' if array.dtype.kind == 'f' else
                                         str(int(v)) for v in array.ravel())])


def outcomes(torch, operation):
    """{left operand: what comes out with each right one, in one string}"""
    rights = operands(torch, RIGHT)
    changes = operation.startswith(('x.', 'x[')) or operation[2:4] in ('+=', '*=', '/=', '//', '**')
    rows = {}
    for left, make_x in operands(torch, LEFT).items():
        numbers = repr(make_x()) == left
        if not (numbers and changes):
            rows[left] = '|'.join(
                '' if numbers and right in map(repr, NUMBERS) else
                outcome(torch, operation, make_x(), make_y()) for right, make_y in rights.items())
    return rows


def same(found, expected):
    """Whether two outcomes agree, floating point to 5 digits; what is not built may be refused."""
    if found == expected:
        return True
    if expected.endswith('Error') or found.endswith('Error'):
        return found == 'NotImplementedError'
    (dtype, *xs), (wanted, *ys) = found.split(), expected.split()
    return dtype == wanted and dtype in 'fd' and len(xs) == len(ys) and np.allclose(
        list(map(float, xs)), list(map(float, ys)), 1e-5, 0, equal_nan=True)


@pytest.mark.parametrize('operation', TABLE)
def test_operands_of_all_dtypes_meet_as_in_pytorch(operation):
    expected, found = stored('promotion.json')[operation], outcomes(torch, operation)
    rights, odd = list(operands(torch, RIGHT)), []
    for left, row in found.items():
        odd += [(left, right, x, y) for right, x, y in zip(
            rights, row.split('|'), expected[left].split('|')) if not same(x, y)]
    assert odd == []


def evaluate(expression):
    return eval(expression, {'torch': torch, 'np': np, 'nan': math.nan, 'inf': math.inf})


def rows(table):
    names = [row[0] for row in table]
    return pytest.mark.parametrize('expression, values, dtype', table, ids=names)


# Integers: what wraps around, what is exact, what is refused

@rows([
    ('torch.tensor([7], dtype=torch.uint8) - 300', [219], 'uint8'),
    ('torch.tensor([200], dtype=torch.uint8) + torch.tensor(100)', [44], 'uint8'),
    ('torch.tensor([200], dtype=torch.uint8) > 300', [True], 'bool'),
    ('torch.tensor([200], dtype=torch.uint8) / -3', [-200 / 3], 'float32'),
    ('300 ** torch.tensor([2], dtype=torch.int8)', [-112], 'int8'),
    ('torch.tensor([1]) + (2**64 - 1)', [0], 'int64'),
    ('torch.tensor([16777217]) + 1.0', [16777216.0], 'float32'),
    ('torch.tensor([16777217]) == torch.tensor([16777216.0])', [True], 'bool'),
    ('torch.sin(torch.tensor([16777217]))', [-0.7795636653900146], 'float32'),
    ('torch.div(torch.tensor([2**53 + 1, -7]), torch.tensor([1, 2]), rounding_mode="trunc")',
     [2**53 + 1, -3], 'int64'),
    ('torch.tensor([2**53 + 1]) // 1', [2**53 + 1], 'int64'),
    ('torch.zeros(0, dtype=torch.int64) // 0', [], 'int64'),
    ('torch.tensor([1.0, -1.0, 0.0]) // 0', [math.inf, -math.inf, math.nan], 'float32'),
    ('torch.tensor([1, -1, 2, 0]) ** torch.tensor([-3, -3, -1, -1])', [1, -1, 0, 0], 'int64'),
    ('2 ** torch.tensor([-1, 3])', [0, 8], 'int64'),
    ('torch.tensor([True]) ** torch.tensor([-1])', [1], 'int64'),
    ('torch.add(torch.tensor([1]), 2.5, alpha=0.5)', [2.25], 'float32'),
    ('torch.add(torch.tensor([True]), torch.tensor([True]), alpha=2)', [True], 'bool'),
    ('torch.lerp(torch.tensor([True, False]), torch.tensor([True, True]), torch.tensor(0.5))',
     [1.0, 0.5], 'float32'),
    ('torch.full((2,), 300, dtype=torch.int32).add_(torch.tensor([1], dtype=torch.int64))',
     [301, 301], 'int32'),
    ('torch.tensor([100] * 5, dtype=torch.int32).prod()', 10**10, 'int64'),
    ('torch.tensor([200] * 2, dtype=torch.uint8).sum(dtype=torch.uint8)', 144, 'uint8'),
    ('torch.tensor([100] * 2, dtype=torch.int8).cumsum(0, dtype=torch.int8)', [100, -56], 'int8'),
    ('torch.einsum("i,i", torch.tensor([20], dtype=torch.uint8),'
     ' torch.tensor([20], dtype=torch.uint8))', 144, 'uint8'),
])
def test_the_values_and_the_dtype_of_integers(expression, values, dtype):
    x = evaluate(expression)
    assert str(x.dtype) == f'torch.{dtype}'
    np.testing.assert_allclose(x.numpy(), np.array(values), 1e-6)


INTEGERS = 'torch.tensor([1, 2])'


@pytest.mark.parametrize('expression, error, parts', [
    (f'{INTEGERS} // 0', RuntimeError, ['ZeroDivisionError', '/']),
    (f'{INTEGERS} % torch.tensor([1, 0])', RuntimeError, ['ZeroDivisionError']),
    ('7 // torch.tensor([0])', RuntimeError, ['ZeroDivisionError']),
    (f'torch.div({INTEGERS}, 0, rounding_mode="trunc")', RuntimeError, ['ZeroDivisionError']),
    (f'torch.div({INTEGERS}, 0, rounding_mode="floor")', RuntimeError, ['ZeroDivisionError']),
    (f'{INTEGERS}.div_(0, rounding_mode="trunc")', RuntimeError, ['ZeroDivisionError']),
    (f'{INTEGERS}.to(torch.uint8) // 256', RuntimeError, ['ZeroDivisionError']),
    (f'{INTEGERS} ** -2', RuntimeError, ['negative integer powers', '-2.0']),
    (f'{INTEGERS}.to(torch.int8) ** 200', RuntimeError, ['int8', '200']),
    (f'{INTEGERS} + 2**70', OverflowError, ['too big', '71 bits']),
    ('torch.ones(2) * 2**70', OverflowError, ['too big']),
    (f'{INTEGERS} * 1j', NotImplementedError, ['complex']),
    ('torch.add(torch.ones(2), 1j)', NotImplementedError, ['complex']),
    (f'torch.add({INTEGERS}, {INTEGERS}, alpha=0.5)', RuntimeError, ['alpha', '0.5', 'int64']),
    (f'torch.sub(torch.ones(2), {INTEGERS}, alpha=True)', RuntimeError, ['Boolean alpha']),
    (f'torch.lerp({INTEGERS}, {INTEGERS}, 0.5)', NotImplementedError, ['lerp', 'int64']),
    ('torch.lerp(torch.ones(2), torch.ones(2).double(), 0.5)', RuntimeError,
     ['float32', 'float64']),
    (f'torch.isclose({INTEGERS}, torch.ones(2))', RuntimeError, ['int64', 'float32']),
    (f'torch.logaddexp({INTEGERS}, {INTEGERS})', NotImplementedError, ['int64']),
    ('torch.ones(2) & torch.ones(2)', NotImplementedError, ['bitwise_and', 'float32']),
    ('~torch.ones(2)', TypeError, ['~', 'float32']),
    ('torch.tensor([True]) // True', NotImplementedError, ['bool']),
    ('torch.tensor([True]).abs()', NotImplementedError, ['abs', 'bool']),
    ('torch.tensor([True]).argmax()', RuntimeError, ['argmax', 'bool']),
    ('torch.tensor([True]) @ torch.tensor([True])', NotImplementedError, ['bool']),
    (f'{INTEGERS} @ 2', TypeError, ['int']),
    ('torch.ones(2).bincount()', NotImplementedError, ['float32']),
    (f'torch.clamp({INTEGERS}, {INTEGERS}, 5)', TypeError, ['min and max']),
])
def test_what_integers_and_bools_cannot_do_is_refused(expression, error, parts):
    with refused(error, *parts):
        evaluate(expression)


def test_a_division_by_zero_leaves_the_tensor_as_it_was():
    x = torch.tensor([1, 2])
    with refused(RuntimeError, 'ZeroDivisionError'):
        x //= torch.tensor([1, 0])
    with refused(RuntimeError, 'ZeroDivisionError'):
        x %= 0
    assert x.tolist() == [1, 2]


# Numbers that are stored have to fit

@pytest.mark.parametrize('store', [
    'torch.tensor({}, dtype=torch.{})', 'torch.tensor([[{}]], dtype=torch.{})',
    'torch.as_tensor([{}], dtype=torch.{})', 'torch.full((2,), {}, dtype=torch.{})',
    'torch.full_like(torch.zeros(2), {}, dtype=torch.{})',
    'torch.zeros(2, dtype=torch.{1}).fill_({0})',
    'torch.zeros(2, dtype=torch.{1}).new_full((2,), {0})',
    'torch.zeros(2, dtype=torch.{1}).new_tensor([{0}])',
    'torch.zeros(2, dtype=torch.{1}).masked_fill(torch.tensor([True, False]), {0})',
    'torch.zeros(2, dtype=torch.{1}).masked_fill_(torch.tensor([True, False]), {0})',
    'torch.zeros(2, dtype=torch.{1}).__setitem__(0, {0})',
    'torch.zeros(2, dtype=torch.{1}).__setitem__([0], {0})',
    'torch.nn.init.constant_(torch.zeros(2, dtype=torch.{1}), {0})'])
@pytest.mark.parametrize('number, dtype', [
    ('300', 'uint8'), ('-256', 'uint8'), ('128', 'int8'), ('2**31', 'int32'), ('nan', 'int64'),
    ('inf', 'int16'), ('1e19', 'int64'), ('-0.5', 'uint8'), ('255.5', 'uint8')])
def test_a_stored_number_that_does_not_fit_is_refused(store, number, dtype):
    with refused(RuntimeError, dtype, 'without overflow'):
        evaluate(store.format(number, dtype))


@rows([
    ('torch.tensor([-1, -255], dtype=torch.uint8)', [255, 1], 'uint8'),
    ('torch.tensor([nan, 2, 0], dtype=torch.bool)', [True, True, False], 'bool'),
    ('torch.tensor([1e300])', [math.inf], 'float32'),
    ('torch.tensor(np.array([300]), dtype=torch.uint8)', [44], 'uint8'),
    ('torch.tensor([300.7]).to(torch.int32)', [300], 'int32'),
    ('torch.zeros(2, dtype=torch.uint8).copy_(300)', [44, 44], 'uint8'),
    ('torch.zeros(2, dtype=torch.uint8).fill_(torch.tensor(300))', [44, 44], 'uint8'),
    ('torch.zeros(2, dtype=torch.int64).fill_(-1.7)', [-1, -1], 'int64'),
    ('torch.tensor(2**64, dtype=torch.float32)', 2.0**64, 'float32'),
    ('torch.tensor([2**64, 1.5])', [2.0**64, 1.5], 'float32'),
    ('torch.tensor([2**53 + 1]).masked_fill(torch.tensor([False]), 0.5)', [2**53 + 1], 'int64'),
])
def test_what_fits_and_what_arrays_and_tensors_wrap(expression, values, dtype):
    x = evaluate(expression)
    assert x.tolist() == values and str(x.dtype) == f'torch.{dtype}'


@pytest.mark.parametrize('expression, error, parts', [
    ('torch.tensor([2**63])', ValueError, ['Overflow', '64 bits']),
    ('torch.tensor(2**70, dtype=torch.int32)', ValueError, ['Overflow']),
    ('torch.full((2,), 2**70)', OverflowError, ['too big']),
    ('torch.full((2,), 1e300)', RuntimeError, ['float32', '1e+300']),
    ('torch.full((2,), 1 + 1j)', NotImplementedError, ['complex', '1j']),
    ('torch.tensor([1 + 1j])', NotImplementedError, ['complex', '1j']),
    ('torch.where(torch.tensor([True]), torch.tensor([1], dtype=torch.uint8), 300)', RuntimeError,
     ['uint8', '300']),
    ('torch.where(torch.tensor([True]), torch.ones(1), 1e300)', RuntimeError, ['float32']),
    ('torch.tensor([1], dtype=torch.uint8).clamp(0, 300)', RuntimeError, ['uint8', '300']),
    ('torch.ones(2).clamp_(max=1e300)', RuntimeError, ['float32']),
    ('torch.tensor([1], dtype=torch.uint8).masked_fill(torch.tensor([True]), torch.tensor(300))',
     RuntimeError, ['uint8', '300']),
    ('torch.zeros(2).__setitem__(0, [1])', TypeError, ['list', 'float32']),
    ('torch.zeros(2).__setitem__(0, 2**70)', ValueError, ['Overflow']),
    ('torch.zeros(2, dtype=torch.int64).__setitem__([0], torch.tensor([1.7]))', RuntimeError,
     ['Index put', 'int64', 'float32', 'to(']),
    ('torch.zeros(2).copy_(torch.ones(1, 2))', RuntimeError, ['[2]', '[1, 2]']),
    ('torch.zeros(()).copy_(torch.ones(1))', RuntimeError, ['[1]']),
])
def test_a_value_that_cannot_be_stored_is_refused(expression, error, parts):
    with refused(error, *parts):
        evaluate(expression)


def test_a_mask_fills_with_a_number_of_any_dtype():
    x = torch.zeros(3, dtype=torch.int64)
    x[torch.tensor([True, False, True])] = torch.tensor([1.7])
    x[[1]] = 2.9
    assert x.tolist() == [1, 2, 1]


# uint8, which were bools once

def test_a_uint8_mask_is_a_mask_with_a_warning():
    x, mask = torch.arange(3), torch.tensor([1, 0, 2], dtype=torch.uint8)
    for index in mask, mask.numpy():
        with pytest.warns(UserWarning, match='torch.uint8 is now deprecated'):
            assert x[index].tolist() == [0, 2]
    with pytest.warns(UserWarning, match='uint8'):
        assert torch.where(mask, x, -1).tolist() == [0, -1, 2]
    assert torch.tensor([[5]])[torch.tensor(1, dtype=torch.uint8)].shape == (1, 1, 1)
    with refused(IndexError, 'int8', 'long'):
        x[mask.to(torch.int8)]
    with refused(RuntimeError, 'boolean masks'):
        x.masked_fill(mask, 0)


def test_truth_of_uint8_is_uint8():
    mask = torch.tensor([[1, 0], [2, 3]], dtype=torch.uint8)
    for x, values in ((mask.any(), 1), (mask.all(1), [0, 1]), (mask.any((0, 1), True), [[1]])):
        assert x.dtype == torch.uint8 and x.tolist() == values
    assert mask.sum().dtype == mask.prod(0).dtype == mask.cumsum(0).dtype == torch.int64
    assert mask.int().any().dtype == torch.bool


def test_a_list_takes_a_single_true_as_an_index():
    assert [1, 2][torch.tensor(True)] == 2
    with refused(TypeError, 'index', '(2,)'):
        [1, 2][torch.arange(2)]


# Random programs beside PyTorch

SHAPES = [(), (3,), (2, 3), (2, 1), (1,)]
OPERATORS = ['+', '-', '*', '/', '//', '%', '**', '&', '|', '^', '<', '<=', '==', '!=', '>']


def program(seed):
    """Statements on three random tensors, x0 to x2, and what becomes of them."""
    draw, lines = random.Random(seed), []
    for dtype in draw.choices(DTYPES, k=3):
        shape = draw.choice(SHAPES)
        low, high = {'bool': (0, 1), 'uint8': (0, 255), 'int8': (-128, 127)}.get(dtype, (-300, 300))
        values = [draw.randint(low, high) for _ in range(math.prod(shape))]
        lines.append(
            f'x{len(lines)} = torch.tensor({values}, dtype=torch.{dtype}).reshape({shape})')
    for n in range(3, 8):
        x, y, z = (f'x{draw.randrange(n)}' for _ in range(3))
        y = draw.choice([y, y, draw.choice(['2', '-1', '0.5', 'True', '300', '0', '2**33'])])
        operator = draw.choice(OPERATORS)
        lines.append(f'x{n} = ' + draw.choice([
            f'{x} {operator} {y}', f'{y} {operator} {x}', f'torch.where({z} > 0, {x}, {y})',
            f'torch.cat([{x}, {z}])', f'torch.stack([{x}, {z}])', f'torch.clamp({x}, {y})',
            f'torch.add({x}, {y}, alpha=2)', f'torch.div({x}, {y}, rounding_mode="trunc")',
            f'{x}.clone().mul_({y})', f'{x}.clone().copy_({y})', f'{x}.masked_fill({z} > 0, {y})',
            f'{x}.to(torch.{draw.choice(DTYPES[:6])})', f'{x}.sum()', f'{x}.any()', f'{x}.sqrt()']))
    return lines


def run(torch, lines):
    """The last line that runs, what it makes, and the kind of error of the next."""
    names = {'torch': torch}
    for i, line in enumerate(lines):
        try:
            exec(line, names)
        except Exception as error:
            return i, type(error).__name__, {}
    return len(lines), '', {name: x for name, x in names.items() if name[0] == 'x'}


@pytest.mark.parametrize('seed', range(5))
def test_random_programs_give_pytorch_s_dtypes_values_and_errors(seed):
    pytorch = pytest.importorskip('torch')
    for start in range(100):
        lines = program(1000 * seed + start)
        (i, error, theirs), (j, own, ours) = run(pytorch, lines), run(torch, lines)
        assert (i, error) == (j, own) or own == 'NotImplementedError', lines
        for name in ours if not own else ():
            x, y = theirs[name], ours[name]
            assert (str(x.dtype), tuple(x.shape)) == (str(y.dtype), tuple(y.shape)), (name, lines)
            np.testing.assert_allclose(y.numpy(), x.numpy(), 1e-5, 1e-5, err_msg=str(lines))


@pytest.mark.parametrize('call, said', [
    ('x % None', 'got float32 (2,), None'), ('None % x', 'got None, float32 (2,)'),
    ('x + np.array([1j])', "can't convert np.ndarray of type numpy.complex128"),
    ('x < np.array([1j])', "can't convert np.ndarray of type numpy.complex128"),
    ('np.array([1j]) * x', "can't convert np.ndarray of type numpy.complex128"),
    ('x == np.array([None])', "can't convert np.ndarray of type numpy.object")])
def test_what_is_no_number_of_a_tensor_is_refused(call, said):
    with refused(TypeError, said):
        eval(call, dict(globals(), x=torch.ones(2)))
