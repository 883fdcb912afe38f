"""Gradients against finite differences: the check that no rule can talk its way out of.

The derivative of `func` in one element x is measured as (func(x + eps) - func(x - eps)) / 2 eps,
with an error of about eps^2 from the curvature and 1e-16 / eps from rounding: in float64 and with
eps = 1e-6, nine or ten digits. In float32 three remain, too few to check anything.
"""
from __future__ import annotations

from typing import Any, Callable

import numpy as np

from . import _errors as errors
from .grad_mode import enable_grad, no_grad
from .gradients import grad
from .graph import TensorBase

__all__ = ['GradcheckError', 'gradcheck', 'gradgradcheck']


class GradcheckError(RuntimeError):
    """The computed and the measured derivatives differ."""


def gradcheck(func: Callable[..., Any], inputs: Any, *, eps: float = 1e-6, atol: float = 1e-5,
              rtol: float = 1e-3, raise_exception: bool = True, **unbuilt: Any) -> bool:
    """Whether every derivative of `func(*inputs)` in the inputs that require grad is right.

    func             a function of tensors that returns a tensor or several
    inputs           a tensor or a sequence; those in float64, away from kinks
    eps              the step of the central differences
    atol, rtol       the tolerance: atol + rtol |measured|
    raise_exception  False returns False instead of raising GradcheckError
    unbuilt          PyTorch's other options, at their defaults

    All elements of all outputs are compared.
    https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
    """
    refuse(unbuilt)
    inputs = [inputs] if isinstance(inputs, TensorBase) else list(inputs)
    checked = [i for i, x in enumerate(inputs) if isinstance(x, TensorBase) and x._requires_grad]
    if not checked:
        raise errors.nothing_to_check()
    if any(inputs[i]._array.dtype != np.float64 for i in checked):
        errors.warn_of_low_precision()
    with enable_grad():
        for number, output in enumerate(outputs_of(func, inputs)):
            if not output._requires_grad:
                continue
            exact = jacobian_by_rules(output, [inputs[i] for i in checked])
            for i, by_rules in zip(checked, exact):
                measured = jacobian_by_differences(func, inputs, i, number, eps)
                if not np.allclose(by_rules, measured, rtol, atol, equal_nan=True):
                    if not raise_exception:
                        return False
                    raise GradcheckError(
                        f'Jacobian mismatch for output {number} with respect to input {i}: the '
                        f'rules give\n{by_rules}\nand central differences\n{measured}\n'
                        '(a row for each input element). Look at the rule of that argument.')
    return True


def gradgradcheck(func: Callable[..., Any], inputs: Any, grad_outputs: Any = None, *,
                  eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3,
                  raise_exception: bool = True, **unbuilt: Any) -> bool:
    """The same for the derivatives of the derivatives: gradcheck of `func`'s gradients.

    func             as in gradcheck
    inputs           as in gradcheck
    grad_outputs     the gradients to start from; random ones by default
    eps              the step of the central differences
    atol, rtol       the tolerance
    raise_exception  False returns False instead of raising GradcheckError
    unbuilt          PyTorch's other options, at their defaults

    https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html
    """
    refuse(unbuilt)
    inputs = [inputs] if isinstance(inputs, TensorBase) else list(inputs)
    with no_grad():
        outputs = outputs_of(func, inputs)
    if grad_outputs is None:
        random = np.random.default_rng(0)
        grad_outputs = [y.result._of(random.standard_normal(y._array.shape).astype(y._array.dtype),
                                     True) for y in outputs]
    grad_outputs = [grad_outputs] if isinstance(grad_outputs, TensorBase) else list(grad_outputs)

    def gradients(*args):
        xs, gs = args[:len(inputs)], args[len(inputs):]
        pairs = [(y, g) for y, g in zip(outputs_of(func, xs), gs) if y._requires_grad]
        return grad([y for y, _ in pairs],
                    [x for x in xs if isinstance(x, TensorBase) and x._requires_grad],
                    [g for _, g in pairs], create_graph=True, materialize_grads=True)

    return gradcheck(gradients, inputs + grad_outputs, eps=eps, atol=atol, rtol=rtol,
                     raise_exception=raise_exception)


def refuse(unbuilt: Any) -> Any:
    """Refuse PyTorch's options that are not built, unless they are at their defaults."""
    known = {'nondet_tol': 0.0, 'check_undefined_grad': True, 'check_grad_dtypes': False,
             'check_batched_grad': False, 'check_batched_forward_grad': False,
             'check_forward_ad': False, 'check_backward_ad': True, 'fast_mode': False,
             'check_fwd_over_rev': False, 'check_rev_over_rev': True, 'masked': None,
             'gen_non_contig_grad_outputs': False}
    for name, value in unbuilt.items():
        if name not in known:
            raise errors.unknown_option(name)
        if value != known[name] and name not in ('check_undefined_grad', 'fast_mode'):
            raise errors.option_not_built(name, value, known[name])


def outputs_of(func: Any, inputs: Any) -> Any:
    """What func returns, as a list."""
    result = func(*inputs)
    return [result] if isinstance(result, TensorBase) else list(result)


def jacobian_by_rules(output: Any, inputs: Any) -> Any:
    """For each input, the matrix (input elements, output elements) of derivatives."""
    columns = []
    for j in range(output._array.size):
        seed = np.zeros_like(output._array)
        seed.flat[j] = 1
        gradients = grad(output, inputs, output.result._of(seed), retain_graph=True,
                         materialize_grads=True)
        columns.append([g._array.ravel() for g in gradients])
    return [np.array([column[i] for column in columns]).reshape(len(columns), x._array.size).T
            for i, x in enumerate(inputs)]


def jacobian_by_differences(func: Any, inputs: Any, i: Any, number: Any, eps: Any) -> Any:
    """The same matrix for input i, measured; the input is not touched."""
    x, rows = inputs[i]._array, []
    for k in range(x.size):
        values = []
        for step in (eps, -eps):
            moved = np.array(x)
            moved.flat[k] += step
            trial = [*inputs[:i], inputs[i].result._of(moved, True), *inputs[i + 1:]]
            values.append(outputs_of(func, trial)[number]._array.astype(np.float64).ravel())
        rows.append((values[0] - values[1]) / (2 * eps))
    return np.array(rows) if rows else np.zeros((0, outputs_of(func, inputs)[number]._array.size))
