"""What _tensor.py says of what tensors cannot do: what happened, why, what to write instead."""
from __future__ import annotations

from typing import Any

import numpy as np


def not_a_matrix(array: np.ndarray) -> RuntimeError:
    return RuntimeError(
        'tensor.mT is only supported on matrices or batches of matrices. Got shape '
        f'{array.shape}: no rows and columns. Use unsqueeze().')


def no_length() -> TypeError:
    return TypeError('len() of a 0-d tensor: it is one number. Use numel().')


def no_iteration() -> TypeError:
    return TypeError('iteration over a 0-d tensor: it is one number. Use item().')


def not_one_element(array: np.ndarray) -> RuntimeError:
    return RuntimeError(
        f'a Tensor with {array.size} elements cannot be converted to Scalar: only one number is a '
        'number. Reduce or index it first.')


def neither_true_nor_false(array: np.ndarray) -> RuntimeError:
    return RuntimeError(
        f'Boolean value of Tensor with {array.size} values is ambiguous: it is neither true nor '
        'false. Use .any() or .all(), or `is None` to ask whether there is one.')


def not_one_number(array: np.ndarray) -> ValueError:
    return ValueError(
        'only one element tensors can be converted to Python scalars, not one of '
        f'{array.size} elements. Reduce or index it first.')


def not_an_index(dtype: Any) -> TypeError:
    return TypeError(
        'only integer tensors of a single element can be converted to an index, not '
        f'{dtype}. Use int(x).')


def graph_is_not_copied() -> RuntimeError:
    return RuntimeError(
        'Only Tensors created explicitly by the user support the deepcopy protocol: a graph cannot '
        'be copied. Use detach().clone().')


def not_pickled() -> NotImplementedError:
    return NotImplementedError(
        'tensors are not pickled: a pickle can run any code when it is loaded. Use '
        'torch.save(tensor, file) and torch.load(file).')


def not_a_leaf(tensor: Any) -> RuntimeError:
    return RuntimeError(
        'you can only change requires_grad flags of leaf variables: this one was computed by '
        f"{tensor.grad_fn}. Use detach() for a tensor that doesn't require differentiation.")


def not_floating_point(dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'only Tensors of floating point dtype can require gradients: a function of {dtype} has no '
        'slope. Use float() first.')


def no_grad_to_retain() -> RuntimeError:
    return RuntimeError(
        "can't retain_grad on Tensor that has requires_grad=False: there will be no gradient. Set "
        'requires_grad=True where it comes from.')


def hook_never_called() -> RuntimeError:
    return RuntimeError(
        "cannot register a hook on a tensor that doesn't require gradient: it would never be "
        'called. Set requires_grad=True first.')
