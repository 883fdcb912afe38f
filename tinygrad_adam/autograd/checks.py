"""Gradients against finite differences: the check that no rule can talk its way out of.

The derivative of `func` in one element x is measured as (func(x + eps) - func(x - eps)) / 2 eps,
with an error of about eps^2 from the curvature and 1e-16 / eps from rounding: in float64 and with
eps = 1e-6, nine or ten digits. In float32 three remain, too few to check anything.
"""
from __future__ import annotations

import warnings

import numpy as np

from .engine import TensorBase
from .gradients import grad
from .modes import enable_grad, no_grad


class GradcheckError(RuntimeError):
    """The computed and the measured derivatives differ."""


def gradcheck(func, inputs, *, eps=1e-6, atol=1e-5, rtol=1e-3, raise_exception=True, **unbuilt):
    """Whether every derivative of `func(*inputs)` in the inputs that require grad is right.

    All elements of all outputs are compared with central differences. Raises GradcheckError, or
    returns False with raise_exception=False. Use float64 inputs, away from kinks.
    https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
    """
    refuse(unbuilt)
    inputs = [inputs] if isinstance(inputs, TensorBase) else list(inputs)
    checked = [i for i, x in enumerate(inputs) if isinstance(x, TensorBase) and x._requires_grad]
    if not checked:
        raise ValueError('gradcheck expects at least one input tensor to require gradient, but '
                         'none of them does: there is nothing to compare. Set requires_grad=True.')
    if any(inputs[i]._array.dtype != np.float64 for i in checked):
        warnings.warn('gradcheck got an input that is not float64: rounding alone is larger than '
                      'the tolerance. Pass inputs.double().', stacklevel=2)
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


def gradgradcheck(func, inputs, grad_outputs=None, *, eps=1e-6, atol=1e-5, rtol=1e-3,
                  raise_exception=True, **unbuilt):
    """The same for the derivatives of the derivatives: gradcheck of `func`'s gradients.

    `grad_outputs` are the gradients to start from; random ones by default.
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


def refuse(unbuilt):
    known = {'nondet_tol': 0.0, 'check_undefined_grad': True, 'check_grad_dtypes': False,
             'check_batched_grad': False, 'check_batched_forward_grad': False,
             'check_forward_ad': False, 'check_backward_ad': True, 'fast_mode': False,
             'check_fwd_over_rev': False, 'check_rev_over_rev': True, 'masked': None,
             'gen_non_contig_grad_outputs': False}
    for name, value in unbuilt.items():
        if name not in known:
            raise TypeError(f'gradcheck has no argument {name!r}; it may be misspelt. See help().')
        if value != known[name] and name not in ('check_undefined_grad', 'fast_mode'):
            raise NotImplementedError(f'gradcheck({name}={value!r}) is not built, only '
                                      f'{known[name]!r}: leave it out.')


def outputs_of(func, inputs):
    result = func(*inputs)
    return [result] if isinstance(result, TensorBase) else list(result)


def jacobian_by_rules(output, inputs):
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


def jacobian_by_differences(func, inputs, i, number, eps):
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
