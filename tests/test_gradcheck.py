"""The checkers must be able to fail: wrong rules are tried in test_autograd.py, cut graphs here.

The answers are PyTorch's.
"""
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam.autograd import GradcheckError, gradcheck, gradgradcheck, primitive

F = torch.nn.functional
f64 = torch.float64


def leaf(*values):
    return torch.tensor(values or (0.5, -1.5, 2.0), dtype=f64, requires_grad=True)


def through_numpy(x):
    return torch.from_numpy(x.detach().numpy() ** 2)


def under_no_grad(x):
    with torch.no_grad():
        return x ** 2


class OfAConstant(torch.autograd.Function):
    """Says that its result is not to be differentiated, which is not so."""

    @staticmethod
    def forward(ctx, x):
        y = x * 2
        ctx.mark_non_differentiable(y)
        return y

    @staticmethod
    def backward(ctx, g):
        return g * 2


CUT = {
    'detach': lambda x: x.detach() ** 2,
    'a view that is detached': lambda x: x.detach(),
    '.data': lambda x: x.data ** 2,
    'NumPy': through_numpy,
    'item': lambda x: torch.tensor(x.sum().item() ** 2, dtype=f64),
    'tolist': lambda x: torch.tensor(x.tolist(), dtype=f64) * 2,
    'no_grad': under_no_grad,
    'a Function': OfAConstant.apply,
}


@pytest.mark.parametrize('function', CUT.values(), ids=CUT)
def test_a_function_whose_graph_is_cut_fails(function):
    with refused(GradcheckError, 'Numerical gradient for function expected to be zero', 'detach()'):
        gradcheck(function, leaf())
    with refused(GradcheckError, 'expected to be zero'):
        gradgradcheck(function, leaf())
    assert gradcheck(function, leaf(), raise_exception=False) is False


CUT_IN_PART = {
    'one element': lambda x: torch.cat([x[:1] ** 2, x[1:].detach() ** 2]),
    'one factor': lambda x: x * x.detach(),
    'a number': lambda x: x * x.sum().item(),
    'another leaf': lambda x: x.detach().requires_grad_() * 2,
}


@pytest.mark.parametrize('function', CUT_IN_PART.values(), ids=CUT_IN_PART)
def test_a_graph_that_is_cut_in_part_fails(function):
    with refused(GradcheckError, 'Jacobian mismatch for output 0 with respect to input 0', 'item()',
                 'numerical:', 'analytical:'):
        gradcheck(function, leaf())


def test_a_second_input_that_is_cut_off_fails():
    with refused(GradcheckError, 'Jacobian mismatch for output 0 with respect to input 1'):
        gradcheck(lambda x, y: x * y.detach(), (leaf(), leaf()))


def test_what_is_constant_passes():
    for function in (torch.sign, lambda x: torch.ones(3, dtype=f64), lambda x: (x * 1e7).long(),
                     lambda x: x.max(0), lambda x: (x ** 2, x.detach() ** 2)):
        assert gradcheck(function, leaf())
    assert gradcheck(lambda x, y: x ** 2, (leaf(), leaf(1.0)))


def test_a_bool_has_no_difference():
    for function in (lambda x: x > 0, lambda x: (x > 0, x ** 2)):
        with refused(RuntimeError, 'Subtraction', 'bool'):
            gradcheck(function, leaf())


def test_under_no_grad_every_graph_is_cut():
    with torch.no_grad(), refused(GradcheckError, 'expected to be zero'):
        gradcheck(lambda x: x ** 2, leaf())


def test_inputs_that_are_read_by_another_way_are_moved_too():
    x = leaf()
    assert gradcheck(lambda *_: x ** 3, x) and gradgradcheck(lambda *_: x ** 3, x)
    layer = torch.nn.Linear(3, 2).double()
    for checker in (gradcheck, gradgradcheck):
        assert checker(lambda x, *_: torch.tanh(layer(x)), (leaf(), *layer.parameters()))


def test_the_inputs_are_as_before_also_after_an_error():
    x, calls = leaf(), []

    def fails(x):
        calls.append(1)
        if len(calls) > 2:
            raise KeyError('user code')
        return x ** 2

    with pytest.raises(KeyError):
        gradcheck(fails, x)
    assert x.tolist() == [0.5, -1.5, 2.0]


def test_inputs_in_any_order_of_memory_and_in_the_middle_of_a_graph():
    matrix = leaf([1.0, 2.0], [3.0, 5.0])
    for x in (matrix.T, matrix[:, 1], matrix * 2, matrix[:0]):
        assert gradcheck(lambda x: x ** 2, x) and gradgradcheck(lambda x: x ** 2, x)


def test_elements_that_share_memory_cannot_be_moved():
    with refused(RuntimeError, 'The 0th input has a dimension with stride 0', '.contiguous()'):
        gradcheck(lambda x: x ** 2, leaf(1.0).expand(3))


def test_a_rule_that_changes_from_pass_to_pass_fails():
    calls = []
    changing = primitive(lambda x: 2 * x, 'x', x=lambda g: (calls.append(1), g)[1] * (
        2 + 1e-7 * len(calls)))
    with refused(GradcheckError, 'not reentrant', 'nondet_tol=0.0'):
        gradcheck(changing, leaf())
    assert gradcheck(changing, leaf(), nondet_tol=1e-3)


def test_a_rule_that_adds_something_fails():
    shifted = primitive(lambda x: 2 * x, 'x', x=lambda g: 2 * g + 1e-9)
    with refused(GradcheckError, 'backward not multiplied by grad_output'):
        gradcheck(shifted, leaf())


def test_what_is_returned_must_be_tensors_of_one_shape():
    for function in (lambda x: x.sum().item(), lambda x: (x * 2, 3), lambda x: None):
        with refused(AttributeError, "object has no attribute 'requires_grad'", 'Return tensors'):
            gradcheck(function, leaf())
    with refused(AssertionError, 'outputs with the same shape', '(2,)', '(1,)'):
        gradcheck(lambda x: x[x >= 0.5], leaf())


def test_noise_and_dropout_fail():
    with pytest.raises(GradcheckError):
        gradcheck(lambda x: x + torch.randn(3, dtype=f64), leaf())
    with pytest.raises(GradcheckError):
        gradcheck(lambda x: F.dropout(x.repeat(20), 0.5), leaf())


@pytest.mark.parametrize('checker, option', [
    (gradcheck, {'check_forward_ad': True}), (gradcheck, {'check_batched_grad': True}),
    (gradcheck, {'check_backward_ad': False}), (gradcheck, {'masked': True}),
    (gradgradcheck, {'check_fwd_over_rev': True}), (gradgradcheck, {'check_rev_over_rev': False}),
    (gradgradcheck, {'gen_non_contig_grad_outputs': True})])
def test_options_that_are_not_implemented_are_refused_by_name(checker, option):
    with refused(NotImplementedError, checker.__name__, *option, 'not implemented'):
        checker(lambda x: x ** 2, leaf(), **option)
