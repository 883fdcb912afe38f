"""Gradients compared with finite differences.

The derivative of `func` by one element x is measured as (func(x + eps) - func(x - eps)) / 2 eps,
with an error of about eps^2 from the curvature and 1e-16 / eps from rounding: in float64 and with
eps = 1e-6, nine or ten digits. In float32 three remain, too few to check anything.

The elements are changed in place, so that a function that reads its inputs in another way, as a
module reads its parameters, sees the change. Outputs that require no grad although they change with
the inputs come from a graph that was cut, and fail.
"""
from __future__ import annotations

from typing import Any, Callable

import numpy as np

from . import _errors as errors
from .gradients import grad
from .graph import TensorBase

__all__ = ['GradcheckError', 'gradcheck', 'gradgradcheck']


class GradcheckError(RuntimeError):
    """The computed and the measured derivatives differ."""


def gradcheck(func: Callable[..., Any], inputs: Any, *, eps: float = 1e-6, atol: float = 1e-5,
              rtol: float = 1e-3, raise_exception: bool = True, nondet_tol: float = 0.0,
              check_undefined_grad: bool = True, check_grad_dtypes: bool = False,
              check_batched_grad: bool = False, check_batched_forward_grad: bool = False,
              check_forward_ad: bool = False, check_backward_ad: bool = True,
              fast_mode: bool = False, masked: bool | None = None) -> bool:
    """Whether the derivatives of `func(*inputs)` are right, for all inputs that require grad.

    func                  a function of tensors that returns a tensor or several
    inputs                a tensor or a sequence; those in float64, away from kinks
    eps                   the step of the central differences
    atol, rtol            the tolerance: atol + rtol |measured|
    raise_exception       False returns False instead of raising GradcheckError
    nondet_tol            by how much the derivatives of two passes may differ
    check_undefined_grad  without effect: each output is differentiated without the others anyway
    check_grad_dtypes     without effect: a gradient always has the dtype of its tensor
    fast_mode             a hint about speed, without effect: all elements are compared

    Not implemented, only at their defaults: check_batched_grad, check_batched_forward_grad,
    check_forward_ad, check_backward_ad, masked.

    Raises GradcheckError if a derivative differs from the measured one; if no output requires grad
    although some depend on the inputs; if two backward passes differ; and if a gradient of 0 of the
    outputs does not give 0.
    https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
    """
    refuse('gradcheck', check_batched_grad=check_batched_grad, check_forward_ad=check_forward_ad,
           check_batched_forward_grad=check_batched_forward_grad,
           check_backward_ad=not check_backward_ad, masked=masked)
    try:
        compare(func, several(inputs), eps, atol, rtol, nondet_tol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(func: Callable[..., Any], inputs: Any, grad_outputs: Any = None, *,
                  eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3,
                  gen_non_contig_grad_outputs: bool = False, raise_exception: bool = True,
                  nondet_tol: float = 0.0, check_undefined_grad: bool = True,
                  check_grad_dtypes: bool = False, check_batched_grad: bool = False,
                  check_fwd_over_rev: bool = False, check_rev_over_rev: bool = True,
                  fast_mode: bool = False, masked: bool = False) -> bool:
    """The same for the derivatives of the derivatives: gradcheck of `func`'s gradients.

    grad_outputs  the gradients to start from, one for each output that requires grad; random ones
                  by default

    As in gradcheck: func, inputs, eps, atol, rtol, raise_exception, nondet_tol,
    check_undefined_grad, check_grad_dtypes, fast_mode. Not implemented, only at their defaults:
    gen_non_contig_grad_outputs, check_batched_grad, check_fwd_over_rev, check_rev_over_rev, masked.

    https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html
    """
    refuse('gradgradcheck', gen_non_contig_grad_outputs=gen_non_contig_grad_outputs,
           check_batched_grad=check_batched_grad, check_fwd_over_rev=check_fwd_over_rev,
           check_rev_over_rev=not check_rev_over_rev, masked=masked)
    inputs = several(inputs)
    outputs = differentiable(several(func(*inputs)))
    if not outputs:
        return gradcheck(func, inputs, eps=eps, atol=atol, rtol=rtol,
                         raise_exception=raise_exception)
    if grad_outputs is None:
        random = np.random.default_rng(0)
        grad_outputs = [y._kind._of(random.standard_normal(y._array.shape).astype(y._array.dtype),
                                     True) for y in outputs]

    def gradients(*args):
        xs, gs = args[:len(inputs)], args[len(inputs):]
        grads = grad(differentiable(several(func(*xs))), differentiable(xs), gs,
                     create_graph=True, allow_unused=True)
        return [g for g in grads if g is not None]

    return gradcheck(gradients, [*inputs, *several(grad_outputs)], eps=eps, atol=atol, rtol=rtol,
                     raise_exception=raise_exception, nondet_tol=nondet_tol)


def refuse(name: Any, **unbuilt: Any) -> Any:
    """Refuse PyTorch's options that are not implemented, unless they are at their defaults."""
    for option, wanted in unbuilt.items():
        if wanted:
            raise errors.option_not_built(name, option)


def several(x: Any) -> Any:
    """A list of tensors or other things; of one of them, if it is no list or tuple."""
    return list(x) if isinstance(x, (list, tuple)) else [x]


def differentiable(tensors: Any) -> Any:
    """The tensors among them that require grad."""
    return [x for x in tensors if isinstance(x, TensorBase) and x._requires_grad]


def compare(func: Any, inputs: Any, eps: Any, atol: Any, rtol: Any, nondet_tol: Any) -> Any:
    """Raise GradcheckError if the rules and the differences do not agree."""
    checked = differentiable(inputs)
    check_inputs(inputs, checked)
    results = several(func(*inputs))
    for y in results:
        if not isinstance(y, TensorBase):
            raise errors.output_is_no_tensor(y)
    measured = [differences(func, inputs, x, eps, results) for x in checked]
    outputs = differentiable(results)
    if not outputs and any(y._array.dtype.kind == 'f' and np.any(matrices[i])
                           for i, y in enumerate(results) for matrices in measured):
        raise GradcheckError(errors.graph_cut())
    numbers = [i for i, y in enumerate(results) if y._requires_grad]
    for i, (number, y) in enumerate(zip(numbers, outputs)):
        by_rules, again = jacobian(y, checked), jacobian(y, checked)
        for j, matrices in enumerate(measured):
            if not np.allclose(by_rules[j], matrices[number], rtol, atol):
                raise GradcheckError(errors.jacobian_mismatch(i, j, matrices[number], by_rules[j]))
            if (np.abs(by_rules[j] - again[j]) > nondet_tol).any():
                raise GradcheckError(errors.passes_differ(nondet_tol))
    if outputs:
        zeros = [y._kind._of(np.zeros_like(y._array)) for y in outputs]
        for g in grad(outputs, checked, zeros, retain_graph=True, allow_unused=True):
            if g is not None and not (g._array == 0).all():
                raise GradcheckError(errors.not_multiplied())


def check_inputs(inputs: Any, checked: Any) -> Any:
    """Refuse inputs whose elements cannot be moved one by one; warn of float32."""
    if not checked:
        raise errors.nothing_to_check()
    for i, x in enumerate(inputs):
        if any(x is y for y in checked):
            if x._array.dtype != np.float64:
                errors.warn_of_low_precision(i)
            sides = zip(x._array.shape, x._array.strides)
            if x._array.size > 1 and any(n > 1 and step == 0 for n, step in sides):
                raise errors.input_with_stride_0(i)


def jacobian(output: Any, inputs: Any) -> Any:
    """By the rules: for each input the matrix (input elements, output elements) of derivatives."""
    matrices = [np.zeros((x._array.size, output._array.size)) for x in inputs]
    for k in range(output._array.size):
        seed = np.zeros_like(output._array)
        seed.flat[k] = 1
        for matrix, g in zip(matrices, grad(output, inputs, output._kind._of(seed),
                                            retain_graph=True, allow_unused=True)):
            if g is not None:
                matrix[:, k] = g._array.ravel()
    return matrices


def differences(func: Any, inputs: Any, x: Any, eps: Any, results: Any) -> Any:
    """Measured: for each of the results the matrix (elements of x, elements of the result)."""
    rows: list[list[Any]] = [[] for _ in results]
    for index in np.ndindex(x._array.shape):
        below, above = (moved(func, inputs, x, index, step) for step in (-eps, eps))
        for row, a, b in zip(rows, above, below):
            if a._array.shape != b._array.shape or a._array.dtype != b._array.dtype:
                raise errors.output_changes_shape(index, eps, a, b)
            row.append((a - b)._array.ravel() / (2 * eps))
    return [np.reshape(row, (x._array.size, y._array.size)) for row, y in zip(rows, results)]


def moved(func: Any, inputs: Any, x: Any, index: Any, step: Any) -> Any:
    """Copies of what func returns while one element of x is moved."""
    before = x._array[index]
    x._array[index] = before + step
    try:
        return [y.detach().clone() for y in several(func(*inputs))]
    finally:
        x._array[index] = before
