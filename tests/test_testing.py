"""torch.testing.assert_close: what is close, and what is said of what is not."""
import math

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam.testing import assert_close

T = torch.tensor
CLOSE = ["T([1.0, 2.0]), T([1.0, 2.0])", "T([1.0 + 1e-6]), T([1.0])", "T([1, 2]), T([1, 2])",
         "T([nan, 1.0]), T([nan, 1.0]), dict(equal_nan=True)", "T([inf]), T([inf])",
         "T([1, 2]), T([1.0, 2.0]), dict(check_dtype=False)", "1, 1.0, dict(check_dtype=False)",
         "1.0, 1.0 + 1e-8", "True, np.bool_(True)", "None, None", "(1, 2), [1, 2]", "inf, inf",
         "nan, nan, dict(equal_nan=True)", "np.float32(1), 1.0", "np.int64(1), 1",
         "np.ones(2), np.ones(2)", "torch.ones(0), torch.ones(0)", "{'b': 1, 'a': T(1)}, "
         "{'a': T(1), 'b': 1}", "nn.Parameter(torch.ones(2)), torch.ones(2)",
         "T([1.0]), T([1.5]), dict(rtol=1.0, atol=0.0)"]
APART = ["T([1.0, 2.0]), T([1.0, 2.1])", "T(1.0), T(2.0)", "T(1.0), T(0.0)", "T([nan]), T([nan])",
         "T([inf, -inf]), T([inf, inf])", "T([1, 2]), T([1, 3])", "T([1, 2]), T([1.0, 2.0])",
         "T([1, 2]), T([1.0, 3.0]), dict(check_dtype=False)", "T([True, False]), T([True, True])",
         "T([0, 250], dtype=torch.uint8), T([255, 250], dtype=torch.uint8)", "T([1.0]), T(1.0)",
         "T([[1.0, 2.0], [3.0, 4.0]]), T([[1.0, 2.0], [3.0, 5.0]]).double(), "
         "dict(check_dtype=False)", "1, 1.0", "1.0, 1.1", "1.0, 0.0", "1, 2", "True, False",
         "None, 3", "[T(1), {'a': T([1, 2])}], [T(1), {'a': T([1, 3])}]", "[1], [1, 2]",
         "{'a': 1}, {'b': 1}", "T([1.0]), T([1.5]), dict(rtol=0.0, atol=0.0)",
         "torch.ones(2, 3).t(), torch.ones(3, 2), dict(check_stride=True)", "nan, nan", "1.0, inf",
         "torch.ones(0, 2), torch.ones(0)", "{'b': 1, 'a': 2}, {'b': 2, 'a': 3}", "inf, 1.0",
         "T([nan, 5.0]), T([1.0, 2.0])", "T(3), T(4)", "T(True), T(False)", "T([1e-4]), T([0.0])",
         "T([1.0 + 2e-5]), T([1.0])", "torch.ones(2), torch.zeros(2), dict(msg='other words')",
         "[torch.ones(2)], [torch.zeros(2)], dict(msg=lambda text: 'so: ' + text)"]


def said(library, call):
    """What assert_close says of a call; '' if it says nothing."""
    given = eval(f'({call},)', dict(T=library.tensor, torch=library, nn=library.nn, np=np,
                                    nan=math.nan, inf=math.inf))
    options = given[2] if len(given) > 2 else {}
    try:
        library.testing.assert_close(*given[:2], **options)
    except AssertionError as error:
        return str(error)
    return ''


@pytest.mark.parametrize('call', CLOSE)
def test_what_is_close_passes(call):
    assert said(torch, call) == ''


@pytest.mark.parametrize('call', APART)
def test_of_what_is_not_close_is_said_what_pytorch_says(call):
    assert said(torch, call)
    assert said(torch, call) == said(pytest.importorskip('torch'), call)


def test_the_largest_differences_are_named_with_their_places():
    actual, expected = torch.zeros(2, 3), torch.zeros(2, 3)
    expected[1, 2], expected[0, 1] = 5.0, 0.1
    with refused(AssertionError, '2 / 6 (33.3%)', 'absolute difference: 5.0 at index (1, 2)',
                 'relative difference: 1.0 at index (0, 1)', 'up to 1e-05 allowed'):
        assert_close(actual, expected)
    with refused(AssertionError, "for item ['net'][1]"):
        assert_close({'net': [1, actual]}, {'net': [1, expected]})


@pytest.mark.parametrize('error, parts, act', [
    (TypeError, ('float', 'torch.tensor(expected)'), lambda: assert_close(T([1.0]), 1.0)),
    (TypeError, ('str', 'No comparison pair'), lambda: assert_close('a', 'a')),
    (TypeError, ('ndarray', 'Tensor'), lambda: assert_close(np.ones(2), torch.ones(2))),
    (TypeError, ('Parameter', 'Tensor'), lambda: assert_close(
        torch.nn.Parameter(torch.ones(2)), torch.ones(2), allow_subclasses=False)),
    (ValueError, ("no atol", 'Write 0'), lambda: assert_close(T([1.0]), T([1.0]), rtol=1.0))])
def test_what_cannot_be_compared_is_refused(error, parts, act):
    with refused(error, *parts):
        act()
