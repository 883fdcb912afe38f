"""The errors of _tensor.py: what tensors cannot do, why, and what to write instead."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np


def not_a_matrix(array: np.ndarray) -> RuntimeError:
    return RuntimeError(
        'tensor.mT is only supported on matrices or batches of matrices. Got shape '
        f'{array.shape}: no rows and columns. Use unsqueeze().')


def plus_of_bools() -> RuntimeError:
    return RuntimeError(
        'The `+` operator, on a bool tensor is not supported: +True would be no bool. Use int().')


def out_of_numpy(function: Any) -> TypeError:
    return TypeError(
        f'np.{function.__name__}(out=tensor): functions of NumPy write into arrays alone, since '
        'the graph does not see it. Use the function of the same name in torch, which takes out=.')


def no_length() -> TypeError:
    return TypeError('len() of a 0-d tensor: it is one number. Use numel().')


def no_iteration() -> TypeError:
    return TypeError('iteration over a 0-d tensor: it is one number. Use item().')


def not_one_element(array: np.ndarray) -> RuntimeError:
    return RuntimeError(
        f'a Tensor with {array.size} elements cannot be converted to Scalar: only one is a '
        'number. Reduce or index it first.')


def neither_true_nor_false(array: np.ndarray) -> RuntimeError:
    return RuntimeError(
        f'Boolean value of Tensor with {array.size} values is ambiguous: it is neither true nor '
        'false. Use .any() or .all(), or `is None` to ask whether there is one.')


def not_one_number(array: np.ndarray) -> ValueError:
    return ValueError(
        'only one element tensors can be converted to Python scalars, not one of '
        f'{array.size} elements. Reduce or index it first.')


def warn_of_lost_graph() -> None:
    warnings.warn(
        'Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior: '
        'the number has no graph. Use item() if that is meant, or compute with the tensor.',
        stacklevel=3)


def not_an_index(tensor: Any) -> TypeError:
    return TypeError(
        'only integer tensors of a single element can be converted to an index, not '
        f'{tensor.dtype} of shape {tuple(tensor.shape)}. Use int(x).')


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
        f"{tensor.grad_fn.name()}. Use detach() for a tensor that doesn't require differentiation.")


def not_floating_point(dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'only Tensors of floating point dtype can require gradients: a function of {dtype} has no '
        'derivative. Use float() first.')


def requires_grad_is_no_bool(value: Any) -> RuntimeError:
    return RuntimeError(
        f'requires_grad must be a bool, not {type(value).__name__}: operations are recorded '
        'or not. Set it to True or False.')


def of_wrong_type(function: str, argument: str, kind: type, value: Any) -> TypeError:
    meaning = 'it is true or false. Write True or False' if kind is bool else (
        'it counts elements. Use int(), or // instead of /')
    return TypeError(
        f'{function}(): argument {argument!r} must be {kind.__name__}, not {type(value).__name__}, '
        f'since {meaning}. Check the order of the arguments, too.')


def keepdim_without_dim(function: str) -> TypeError:
    return TypeError(
        f'{function}() received an invalid combination of arguments: keepdim without dim, so it is '
        'not said which dimensions to keep. Add dim=None for all, or leave keepdim out.')


def view_cannot_be_detached(tensor: Any) -> RuntimeError:
    return RuntimeError(
        f"Can't detach views in-place: this tensor of shape {tuple(tensor.shape)} is a part of "
        'another one, whose graph would still refer to it. Use detach() instead.')


def data_is_no_tensor(value: Any) -> TypeError:
    return TypeError(
        f'Variable data has to be a tensor, but got {type(value).__name__}: it takes over the '
        'memory of a tensor. Use torch.tensor() first.')


def data_of_integers(dtype: Any) -> RuntimeError:
    return RuntimeError(
        'data set to a tensor that requires gradients must be floating point, not '
        f'{dtype}: it would have no derivative. Use float() first.')


def data_is_not_deleted() -> RuntimeError:
    return RuntimeError(
        'Deleting tensor data is not allowed: a tensor needs its memory. Delete tensor '
        'instead!')


def no_grad_to_retain() -> RuntimeError:
    return RuntimeError(
        "can't retain_grad on Tensor that has requires_grad=False: there will be no gradient. Set "
        'requires_grad=True where it comes from.')


def accumulation_hook_of_no_leaf() -> RuntimeError:
    return RuntimeError(
        'post accumulate grad hooks cannot be registered on non-leaf tensors: no gradient '
        'accumulates in them. Use register_hook().')


def hook_never_called() -> RuntimeError:
    return RuntimeError(
        "cannot register a hook on a tensor that doesn't require gradient: it would never be "
        'called. Set requires_grad=True first.')


def unknown_type(given: Any, names: Any) -> ValueError:
    return ValueError(
        f'invalid type: {given!r:.40}: a tensor becomes one of {", ".join(names)}. Use one of '
        'these names, or a dtype.')


def format_of_many(tensor: Any, spec: str) -> TypeError:
    what = type(tensor).__name__
    return TypeError(
        f'unsupported format string passed to {what}.__format__: {spec!r} is for one number, this '
        f'is a {what} of shape {tuple(tensor.shape)}. Use item() or tolist().')


def not_a_memory_format(function: str, wanted: Any) -> TypeError:
    return TypeError(
        f"{function}(): argument 'memory_format' must be torch.memory_format, not "
        f'{type(wanted).__name__}: it names an order in memory. Write torch.contiguous_format.')


def channels_last_not_built(function: str, wanted: Any) -> NotImplementedError:
    return NotImplementedError(
        f'{function}(memory_format={wanted}) is not implemented: that order in memory makes '
        'convolutions of PyTorch faster, and changes no values. Leave it out.')


def order_is_not_kept() -> RuntimeError:
    return RuntimeError(
        'preserve memory format is unsupported by the contiguous operator, which puts elements in '
        'the order of rows. Leave memory_format out.')


# Of out=, in outputs.py.

def out_is_no_tensor(function: str, out: Any, results: int) -> TypeError:
    kind = 'Tensor' if results == 1 else f'a tuple of {results} tensors'
    return TypeError(
        f"{function}(): argument 'out' must be {kind}, not {type(out).__name__}: that is where the "
        'result is written. Leave it out, and use what the function returns.')


def wrong_number_of_outs(function: str, outs: int, results: int) -> TypeError:
    return TypeError(
        f'{function}(): expected tuple of {results} elements but got {outs} in out: each result '
        'needs a tensor. Leave out the argument, and use what the function returns.')


def no_out_without_dim(function: str) -> TypeError:
    return TypeError(
        f'{function}() received an invalid combination of arguments: without dim it takes no out, '
        f'in PyTorch either. Write out.copy_(torch.{function}(input)).')


def out_in_graph(function: str) -> RuntimeError:
    return RuntimeError(
        f"{function}(): functions with out=... arguments don't support automatic differentiation, "
        'but one of the arguments requires grad: the graph would not know what was written. Leave '
        'out= away, or write with torch.no_grad().')


def out_has_another_dtype(function: str, dtype: Any, out: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Expected out tensor to have dtype {dtype}, but got {out.dtype} instead: '
        f'this function does not convert its result. Write out=torch.empty(0, dtype={dtype}).')


def not_cast_to_out(function: str, kind: type[Exception], dtype: Any, out: Any) -> Exception:
    return kind(
        f"{function}(): result type {dtype} can't be cast to the desired output type {out.dtype} "
        f'of out: it would lose what it says. Write out=torch.empty(0, dtype={dtype}).')


def out_has_another_shape(function: str, shape: tuple[int, ...], out: Any) -> NotImplementedError:
    return NotImplementedError(
        f'{function}(): out has the shape {tuple(out.shape)}, but the result {shape}: here only '
        'an empty tensor that is no view is resized, and PyTorch warns of others. Write '
        'out=torch.empty(0).')
