"""What is most telling about wrong numbers that no known mistake gives."""
from __future__ import annotations

from typing import Any, Callable, Iterator, NamedTuple, Sequence

import numpy as np

from .comparing import Leaf, as_array, close, leaves, precision
from .exercise import Exercise


class Failure(NamedTuple):
    """A wrong result.

    case   the input, a tuple of arguments
    leaf   the array of the result that is wrong, beside the one expected
    dtype  'float64' or 'float32', in which is computed
    """
    case: tuple
    leaf: Leaf
    dtype: str


def wrong_leaves(expected: Any, found: Any, case: tuple, names: Sequence[str]) -> list[Leaf]:
    """The arrays of a result that are not as expected."""
    return [leaf for leaf in leaves(expected, found, names)
            if leaf.found is None or not close(leaf.expected, leaf.found, precision(case)).all()]


def observe(exercise: Exercise, cases: Sequence[tuple], expected: Sequence[Any],
            found: Sequence[Any]) -> list[str]:
    """Sentences about what the wrong results have in common; [] if nothing is seen.

    exercise  which was checked
    cases     the inputs
    expected  the right results
    found     the results found, of which some are wrong
    """
    wrong = [(case, wrong_leaves(a, b, case, exercise.returns))
             for case, a, b in zip(cases, expected, found)]
    failing = [(case, parts) for case, parts in wrong if parts]
    names = list(dict.fromkeys(leaf.name for _, parts in failing for leaf in parts))
    right = [name for name in exercise.returns if name not in names]
    sentences = [f'Right in what is returned: {", ".join(right)}.'] if right else []
    for name in names:
        failures = [Failure(case, leaf, precision(case))
                    for case, parts in failing for leaf in parts if leaf.name == name]
        sentences += about(exercise, name, failures)
    if len(failing) < len(cases):
        sentences.append(f'{len(cases) - len(failing)} of {len(cases)} inputs give the right '
                         'numbers.')
    return sentences


def about(exercise: Exercise, name: str, failures: list[Failure]) -> Iterator[str]:
    """The first sentence that is true of all failures."""
    shaped = [failure for failure in failures if failure.leaf.found is not None]
    if not shaped:
        return
    whose = 'It' if name == 'result' else f'{name}: it'
    looks = [(whose, look, shaped) for look in (
        zeros, sign, magnitude, factor, shift, transposed, an_input, reversed_order)]
    if exercise.steps:
        single = [step for failure in shaped for step in [of_steps(failure)] if step]
        looks += [('Each step', look, single) for look in (zeros, sign, factor) if single]
        looks += [(whose, look, shaped) for look in (late, early, first_steps)]
    looks += [(whose, look, shaped) for look in (other_order, nearly)]
    for whose, look, failures in looks:
        said = look(exercise, failures)
        if said:
            yield f'{whose} is {said}.'
            return


def of_steps(failure: Failure) -> Failure | None:
    """The steps of a path that begins at the first argument, in place of the path."""
    start, (name, expected, found, _) = failure.case[0], failure.leaf
    if not isinstance(start, np.ndarray) or start.shape != expected.shape[1:] or not len(expected):
        return None
    first = np.asarray(start, float)[None]
    steps = [np.diff(path, axis=0, prepend=first) for path in (expected, found)]
    return failure._replace(leaf=Leaf(name, *steps))


def all_equal(failures: list[Failure], change: Callable[[np.ndarray], np.ndarray]) -> bool:
    """Whether what was found is what was expected, changed, in all failures."""
    return all(is_close(failure, change(failure.leaf.expected), failure.leaf.found)
               for failure in failures)


def is_close(failure: Failure, expected: np.ndarray, found: Any) -> bool:
    return expected.shape == found.shape and bool(close(expected, found, failure.dtype).all())


def numbers(failures: list[Failure]) -> bool:
    return all(failure.leaf.expected.dtype.kind in 'fiu' and failure.leaf.found.dtype.kind in 'fiu'
               for failure in failures)


def zeros(exercise: Exercise, failures: list[Failure]) -> str:
    return '0 everywhere' if numbers(failures) and not any(
        np.any(failure.leaf.found) for failure in failures) else ''


def sign(exercise: Exercise, failures: list[Failure]) -> str:
    return 'the right one with the other sign' if numbers(failures) and all_equal(
        failures, np.negative) else ''


def magnitude(exercise: Exercise, failures: list[Failure]) -> str:
    return 'the right one without its sign' if numbers(failures) and all_equal(
        failures, np.abs) else ''


def ratio(failure: Failure) -> float | None:
    """The factor between what was found and what was expected, if it is one for all elements."""
    expected, found = (np.asarray(x, np.float64) for x in failure.leaf[1:3])
    used = np.isfinite(expected) & (expected != 0) & np.isfinite(found)
    if not used.any():
        return None
    factor = float(np.median(found[used] / expected[used]))
    return factor if is_close(failure, expected * factor, found) else None


def factor(exercise: Exercise, failures: list[Failure]) -> str:
    """A constant ratio; with a name, if it is a size or an argument of each input."""
    if not numbers(failures):
        return ''
    with np.errstate(all='ignore'):
        ratios = [ratio(failure) for failure in failures]
    if None in ratios or 0.0 in ratios:
        return ''
    factors = np.array(ratios, float)
    candidates = [quantities(exercise, failure.case) for failure in failures]
    for name in candidates[0]:
        if all(name in values for values in candidates):
            values = np.array([values[name] for values in candidates], float)
            for said, power in ('times', 1), ('divided by', -1):
                for minus, turned in ('', 1), ('minus ', -1):
                    with np.errstate(all='ignore'):
                        if np.allclose(factors, turned * values**power, 1e-4, 0) and np.ptp(values):
                            return f'{minus}the right one {said} {name}'
    if np.allclose(factors, factors[0], 1e-4):
        return f'{factors[0]:.4g} times the right one, in each element and for each input'
    if all(failure.leaf.expected.size == 1 for failure in failures):
        return ''
    some = ', '.join(f'{factor:.4g}' for factor in factors[:3])
    return (f'the right one times a factor, the same for each element of an input, but not for '
            f'each input: {some}')


def quantities(exercise: Exercise, case: tuple) -> dict[str, float]:
    """What a factor could be: the sizes and numbers of an input, and what is made of them."""
    found: dict[str, float] = {}
    for name, value in zip(exercise.arguments, case):
        if isinstance(value, np.ndarray):
            found.update({f'{name}.shape[{i}]': n for i, n in enumerate(value.shape)})
            found[f'{name}.size'] = value.size
        elif isinstance(value, (list, tuple)):
            found[f'len({name})'] = len(value)
        elif isinstance(value, (int, float, np.generic)):
            x = float(value)
            found.update({name: x, f'(1 - {name})': 1 - x, f'(1 + {name})': 1 + x,
                          f'{name}^2': x * x, f'2 {name}': 2 * x})
    return found


def shift(exercise: Exercise, failures: list[Failure]) -> str:
    if not numbers(failures):
        return ''
    constants = []
    for failure in failures:
        difference = np.asarray(failure.leaf.found - np.asarray(failure.leaf.expected, float))
        constant = float(np.median(difference)) if difference.size else np.nan
        if not is_close(failure, failure.leaf.expected + constant, failure.leaf.found):
            return ''
        constants.append(constant)
    if np.allclose(constants, constants[0], 1e-4):
        return f'the right one {constants[0]:+.4g}, in each element and for each input'
    if all(failure.leaf.expected.size == 1 for failure in failures):
        return ''
    return ('the right one plus a number, the same for each element of an input, but not for each '
            'input: ' + ', '.join(f'{constant:+.4g}' for constant in constants[:3]))


def transposed(exercise: Exercise, failures: list[Failure]) -> str:
    return 'transposed: its rows are the columns of the right one' if all_equal(
        failures, np.transpose) else ''


def an_input(exercise: Exercise, failures: list[Failure]) -> str:
    for i, name in enumerate(exercise.arguments):
        given = [failure.case[i] for failure in failures]
        if all(isinstance(x, (np.ndarray, float)) and is_close(
                failure, np.asarray(x), failure.leaf.found)
               for x, failure in zip(given, failures)):
            return f'{name} as it was given'
    return ''


def late(exercise: Exercise, failures: list[Failure]) -> str:
    return 'one step late: at each step it has what is right at the step before' if all(
        len(failure.leaf.expected) > 1 and is_close(
            failure, failure.leaf.expected[:-1], failure.leaf.found[1:])
        for failure in failures) else ''


def early(exercise: Exercise, failures: list[Failure]) -> str:
    return 'one step early: at each step it has what is right at the next' if all(
        len(failure.leaf.expected) > 1 and is_close(
            failure, failure.leaf.expected[1:], failure.leaf.found[:-1])
        for failure in failures) else ''


def first_steps(exercise: Exercise, failures: list[Failure]) -> str:
    right = min(first_wrong(failure)[0] for failure in failures if failure.leaf.expected.ndim)
    return (f'right in the first {"step" if right == 1 else f"{right} steps"}, and wrong later: '
            'look at what is kept from step to step') if right else ''


def first_wrong(failure: Failure) -> tuple[int, ...]:
    """The index of the first element that differs."""
    differs = ~close(failure.leaf.expected, failure.leaf.found, failure.dtype)
    return tuple(int(i) for i in np.argwhere(differs)[0])


def reversed_order(exercise: Exercise, failures: list[Failure]) -> str:
    return 'the right one in reverse order' if all_equal(
        failures, lambda x: x[::-1] if x.ndim else x) else ''


def other_order(exercise: Exercise, failures: list[Failure]) -> str:
    return 'made of the right numbers, in another order' if all(
        failure.leaf.expected.dtype.kind == failure.leaf.found.dtype.kind and is_close(
            failure, np.sort(failure.leaf.expected, None), np.sort(failure.leaf.found, None))
        for failure in failures) else ''


def nearly(exercise: Exercise, failures: list[Failure]) -> str:
    if not numbers(failures):
        return ''
    with np.errstate(all='ignore'):
        error = max(np.max(np.abs(np.float64(failure.leaf.found) - failure.leaf.expected))
                    / max(np.max(np.abs(failure.leaf.expected)), 1e-12) for failure in failures)
    return f'nearly right: at most {100 * error:.2g} % off the largest number' if (
        error < 0.02) else ''


def about_shape(leaf: Leaf) -> str:
    """Where a wrong shape comes from, if the numbers tell; '' if they do not."""
    array = as_array(leaf.other)
    expected = leaf.expected
    if array is None or array.dtype.kind not in 'fiub' or not array.size or (
            expected.dtype.kind not in 'fiub'):
        return ''

    def equal(changed: np.ndarray) -> bool:
        return changed.shape == expected.shape and bool(close(expected, changed).all())

    with np.errstate(all='ignore'):
        for axis in range(array.ndim):
            for keep in (True, False):
                if equal(array.sum(axis=axis, keepdims=keep)):
                    return f'Summed over axis {axis} it has the right numbers'
                if equal(array.mean(axis=axis, keepdims=keep)):
                    return f'Averaged over axis {axis} it has the right numbers'
        if array.size == expected.size and equal(array.reshape(expected.shape)):
            return 'The numbers are the right ones: only the shape is not'
        if equal(array.T):
            return 'Transposed it has the right numbers'
        if array.ndim and equal(array[1:]):
            return 'Without its first entry it is right'
        if array.ndim and equal(array[:-1]):
            return 'Without its last entry it is right'
        if expected.ndim and len(expected) > 1 and array.shape == expected.shape[1:]:
            for place, words in (-1, 'last'), (0, 'first'):
                if close(expected[place], array).all():
                    return f'It is the {words} of the {len(expected)} that are wanted'
        if array.ndim == 0 and expected.size > 1 and close(expected.sum(), array):
            return 'It is the sum of the right numbers'
        if array.ndim == 0 and expected.size > 1 and close(expected.mean(), array):
            return 'It is the mean of the right numbers'
    return ''
