"""Undoing a broadcast: what was copied forward is summed backward."""
from __future__ import annotations

import numpy as np

from .... import tensor
from ..exercise import Exercise, Mistake, Training

TEXT = """
NumPy broadcasts: an array of shape (3, 1) plus one of shape (2, 3, 4) gives
(2, 3, 4), for it is used as if it had been copied along the new first axis
and along the last one, where it has a 1. Shapes are compared from the right.

What was copied forward is summed backward. g is the gradient of an array
after such copying, shape the shape that it had before. Return its gradient,
which has this shape, too.

shape is a tuple. It may be g's own, and it may be ().
"""


def unbroadcast(g, shape):
    """The gradient, summed over the axes that were copied: of this shape."""
    new = g.ndim - len(shape)
    g = g.sum(axis=tuple(range(new)))
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return g.sum(axis=ones, keepdims=True)


def one_axis_at_a_time(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and g.shape[axis] != 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


def padded(g, shape):
    longer = (1,) * (g.ndim - len(shape)) + tuple(shape)
    axes = [i for i in range(g.ndim) if longer[i] != g.shape[i]]
    return np.sum(g, axis=tuple(axes), keepdims=True).reshape(shape)


def by_loops(g, shape):
    result = np.zeros(shape, g.dtype)
    new = g.ndim - len(shape)
    for index in np.ndindex(g.shape):
        before = tuple(0 if size == 1 else i for i, size in zip(index[new:], shape))
        result[before] += g[index]
    return result


def with_a_view(g, shape):
    result = np.zeros(shape)
    places = np.broadcast_to(np.arange(result.size).reshape(shape), g.shape)
    np.add.at(result.reshape(-1), places.ravel(), g.ravel())
    return result


def left(g, shape):
    """A common mistake: shapes are compared from the left."""
    axes = tuple(i for i, (a, b) in enumerate(zip(g.shape, shape)) if a != b)
    return g.sum(axis=axes, keepdims=True)


def left_with_the_rest(g, shape):
    axes = tuple(i for i, (a, b) in enumerate(zip(g.shape, shape)) if a != b)
    return g.sum(axis=axes).reshape(shape)


def shifting(g, shape):
    """A common mistake: each sum without keepdims moves the axes that follow."""
    new = g.ndim - len(shape)
    for axis in [*range(new), *(new + i for i, size in enumerate(shape) if size == 1)]:
        g = g.sum(axis=axis)
    return g.reshape(shape)


def shifting_leading(g, shape):
    for axis in range(g.ndim - len(shape)):
        g = g.sum(axis=axis)
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def right_taken_for_left(g, shape):
    """A common mistake: zip of the reversed shapes, but sums over the axes as they are."""
    pairs = zip(reversed(g.shape), reversed(shape))
    return g.sum(axis=tuple(i for i, (a, b) in enumerate(pairs) if a != b), keepdims=True)


def only_leading(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    return g


def leading_and_reshaped(g, shape):
    return only_leading(g, shape).reshape(shape)


def losing_ones(g, shape):
    g = only_leading(g, shape)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis)
    return g


def losing_copied_ones(g, shape):
    g = only_leading(g, shape)
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1 < g.shape[i]))


def losing_copied_ones_in_turn(g, shape):
    g = only_leading(g, shape)
    for axis, (copied, size) in enumerate(zip(g.shape, shape)):
        if copied != size:
            g = g.sum(axis=axis)
    return g


def without_offset(g, shape):
    axes = [*range(g.ndim - len(shape)), *(i for i, size in enumerate(shape) if size == 1)]
    return g.sum(axis=tuple(axes))


def without_offset_reshaped(g, shape):
    return without_offset(g, shape).reshape(shape)


def padded_at_the_end(g, shape):
    longer = tuple(shape) + (1,) * (g.ndim - len(shape))
    axes = tuple(i for i, size in enumerate(longer) if size == 1)
    return g.sum(axis=axes, keepdims=True).reshape(shape)


def one_leading_or_ones(g, shape):
    if g.ndim > len(shape):
        return g.sum(axis=0)
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def one_leading(g, shape):
    return g.sum(axis=0) if g.ndim > len(shape) else g


def reshaped(g, shape):
    return g.reshape(shape)


def everything_where_shapes_differ(g, shape):
    return g if g.shape == tuple(shape) else np.full(shape, g.sum())


def total_where_shapes_differ(g, shape):
    return g if g.shape == tuple(shape) else g.sum()


def total(g, shape):
    return g.sum()


def rows_where_shapes_differ(g, shape):
    return g if g.shape == tuple(shape) else g.sum(axis=0)


def kept_rows_where_shapes_differ(g, shape):
    return g if g.shape == tuple(shape) else g.sum(axis=0, keepdims=True)


def rows(g, shape):
    return g.sum(axis=0)


def inputs(rng):
    yield np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (3,)
    yield np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (2, 1)
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), (2,)
    yield np.array([1.0, 2.0, 4.0]), ()
    for full, shape in (((2, 3, 4), (3, 1)), ((3, 2, 4), (4,)), ((3, 4), (1, 4)),
                        ((2, 3, 4), (1, 3, 1)), ((4, 3), (1,)), ((3, 3), (3, 1)), ((2, 4, 3), ()),
                        ((3, 2), (3, 2)), ((2, 3, 2, 4), (3, 1, 4)), ((5, 1), (1,))):
        yield rng.normal(size=full), shape
    yield rng.normal(size=(4, 3)).astype(np.float32), (3,)


ROWS, COLUMNS = np.array([1.0, 4.0, 2.0, 5.0])[:, None], np.array([3.0, 1.0, 2.0, 2.0])
TABLE = ROWS + COLUMNS


def train(unbroadcast):
    """The mean squared error of a table, as the sum of a column and a row, after 20 steps."""
    a, c = np.zeros((4, 1)), np.zeros(4)
    for _ in range(20):
        g = 2 * (a + c - TABLE) / TABLE.size
        a, c = a - 0.3 * unbroadcast(g, a.shape), c - 0.3 * unbroadcast(g, c.shape)
    return np.mean((a + c - TABLE)**2)


def size_after_a_step(unbroadcast):
    return (np.zeros((4, 1)) - unbroadcast(np.ones((4, 4)), (4, 1))).size


def bias_after_a_step(unbroadcast):
    return (np.zeros(4) - unbroadcast(np.ones((4, 4)), (4,))).size


def row_after_a_step(unbroadcast):
    return (np.zeros((1, 4)) - unbroadcast(np.ones((4, 4, 4)), (1, 4))).size


def column_after_a_step(unbroadcast):
    return (np.zeros((4, 1)) - unbroadcast(np.ones((4, 4, 4)), (4, 1))).size


def train_on_copies(unbroadcast):
    table, fitted = np.arange(8.0).reshape(2, 4), np.zeros((2, 4))
    for _ in range(20):
        g = np.broadcast_to(2 * (fitted - table) / 48, (3, 2, 2, 4))
        fitted = fitted - unbroadcast(g, (2, 4))
    return np.mean((fitted - table)**2)


def package(g, shape):
    before = tensor(np.zeros(shape, g.dtype), requires_grad=True)
    (before + tensor(np.zeros_like(g))).backward(tensor(g))
    return before.grad.numpy()


NEW = 'g = g.sum(axis=tuple(range(new)))'
ONES = 'g.sum(axis=ones, keepdims=True)'
BOTH = 'return ' + ONES
FIRST = 'return g[tuple(slice(0, 1) if n == 1 else slice(None) for n in shape)]'

COLUMN = Training('the number of weights in a column (4, 1) after one step, for g of shape (4, 4)',
                  size_after_a_step)
LONG_COLUMN = Training('the number of weights in a column (4, 1) after one step, for g of shape '
                       '(4, 4, 4)', column_after_a_step)
BIAS = Training('the number of weights in a bias (4,) after one step, for g of shape (4, 4)',
                bias_after_a_step)

exercise = Exercise(
    7, 'Undoing a broadcast', chapter=4, text=TEXT, solution=unbroadcast, inputs=inputs,
    right=[one_axis_at_a_time, padded, by_loops, with_a_view], package=package,
    training=Training('the mean squared error of a table that is a column plus a row, after 20 '
                      'steps', train),
    hints=['There are two kinds of copied axes: those that g has in front of shape, and those '
           'where shape has a 1.',
           'First sum over the leading axes, g.ndim - len(shape) of them, and they are gone. Then '
           'axis i of g is axis i of shape.',
           'Sum over the axes where shape has a 1 with keepdims=True: the 1 stays.'],
    mistakes=[
        Mistake('a gradient that is not summed at all: it has the shape of the copies',
                (NEW, ''), (BOTH, 'return g'), training=COLUMN),
        Mistake('a mean over the copies: what was copied is summed',
                (NEW, NEW.replace('sum', 'mean')), (ONES, ONES.replace('sum', 'mean'))),
        Mistake('a mean over the leading axes, where a sum should be',
                (NEW, NEW.replace('sum', 'mean'))),
        Mistake('a mean over the axes of size 1, where a sum should be',
                (ONES, ONES.replace('sum', 'mean'))),
        Mistake('a sum over the leading axes alone: where shape has a 1, it is to be summed, too',
                program=only_leading,
                also=[leading_and_reshaped], training=COLUMN),
        Mistake('a sum over axis 0 alone, where g has more axes than shape: there may be several '
                'more, and an axis of size 1 besides', program=one_leading_or_ones,
                also=[one_leading], training=LONG_COLUMN),
        Mistake('a sum over the axes of size 1 alone, with the leading axes still there',
                (NEW, ''), ('enumerate(shape)', 'enumerate((0,) * new + shape)'), training=BIAS),
        Mistake('a sum over the axes of size 1 alone, whose numbers are counted from the left, '
                'where shape may have fewer axes than g', (NEW, ''), training=BIAS,
                also=[[(NEW, ''), (BOTH, BOTH + '.reshape(shape)')]]),
        Mistake('a sum over the right axes in the wrong order: axes of size 1 are counted in '
                'shape, so the leading axes of g have to go first',
                (NEW, ''), (BOTH, 'g = g.sum(axis=ones, keepdims=True)\n'
                                  '    return g.sum(axis=tuple(range(new)))'),
                training=Training('the number of weights in a row (1, 4) after one step, for g of '
                                  'shape (4, 4, 4)', row_after_a_step)),
        Mistake('a sum without keepdims: an axis of size 1 is lost',
                (ONES, 'g.sum(axis=ones)'), training=COLUMN,
                also=[losing_ones, losing_copied_ones, losing_copied_ones_in_turn]),
        Mistake('a sum over all axes at once, with those of size 1 counted in shape: in g they are '
                'further to the right, by the number of leading axes', program=without_offset,
                also=[without_offset_reshaped], training=LONG_COLUMN),
        Mistake('a sum with keepdims over the leading axes, too: they are to go',
                (NEW, 'g = g.sum(axis=tuple(range(new)), keepdims=True)'),
                ('enumerate(shape)', 'enumerate((0,) * new + shape)'),
                training=Training('the number of axes of the gradient of a bias (4,)',
                                  lambda program: np.ndim(program(np.ones((4, 4)), (4,))))),
        Mistake('a comparison of the shapes from the left. NumPy compares them from the right, so '
                'that (2,) in (2, 2) was copied along axis 0', program=left,
                also=[left_with_the_rest, padded_at_the_end], training=BIAS),
        Mistake('a sum over one axis after another without keepdims: each sum moves the numbers '
                'of the axes after it', program=shifting, also=[shifting_leading],
                training=Training('the mean squared error of a table (2, 4) that is fitted to 3 x '
                                  '2 copies of it, after 20 steps', train_on_copies)),
        Mistake('a sum over everything, where anything was copied: each element gets the total',
                program=everything_where_shapes_differ),
        Mistake('a sum over everything, where anything was copied: one number is left',
                program=total_where_shapes_differ, also=[total]),
        Mistake('a sum over axis 0, whatever was copied', program=rows_where_shapes_differ,
                also=[kept_rows_where_shapes_differ, rows]),
        Mistake('a choice of the last copy in place of the sum of all: = stands where += should, '
                'in a loop over the elements', (NEW, 'g = g[(-1,) * new]'),
                (BOTH, FIRST.replace('0, 1', '-1, None'))),
        Mistake('the largest copy in place of the sum of all',
                (NEW, NEW.replace('sum', 'max')), (ONES, ONES.replace('sum', 'max'))),
        Mistake('a comparison of the shapes from the right, whose axes are then counted from the '
                'left', program=right_taken_for_left, training=BIAS),
        Mistake('a choice of the first copy in place of the sum of all',
                (NEW, 'g = g[(0,) * new]'),
                (BOTH, FIRST), also=[[(NEW, 'g = g[(0,) * new]')], [(BOTH, FIRST)]]),
        Mistake('a sum over the last axes of g, where shape has fewer: new axes come in front',
                ('tuple(range(new))', 'tuple(range(-new, 0))')),
        Mistake('a reshape in place of a sum: it takes the first numbers of g',
                (NEW, ''), (BOTH, 'return np.resize(g, shape)'), also=[reshaped]),
    ])
