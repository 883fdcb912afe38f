"""What func.py says of wrong arguments: what happened, why it is wrong, what to write."""
from __future__ import annotations

from typing import Any


def _kind(x: Any) -> str:
    return type(x).__name__


def not_a_tensor(function: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(f)(*args): Expected f(*args) to return a Tensor, got {_kind(x)}: only tensors '
        'know how they were computed. Return a tensor, and other results with has_aux=True.')


def not_a_scalar(function: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with '
        f'{x.ndim} dims: each of its elements has a gradient of its own. Reduce it with sum() or '
        'mean(), or use jacrev.')


def aux_missing(function: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(f)(*args): output of function f should be a tuple: (output, aux) if has_aux '
        f'is True, got {_kind(x)}: aux is returned as it is. Return both.')


def no_such_argument(argnum: int, count: int) -> RuntimeError:
    return RuntimeError(
        f'Got argnum={argnum}, but only {count} positional inputs: it counts them from 0. Pass '
        'the argument by position.')


def input_is_no_tensor(x: Any) -> RuntimeError:
    return RuntimeError(
        f'Expected all inputs to differentiate to be Tensors, got {_kind(x)}: only those have '
        'derivatives. Use torch.tensor(), or argnums for other arguments.')


def trees_differ(function: str, what: str, given: int, wanted: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: expected {what} to have the same structure, got {given} tensors for '
        f'{wanted}: there is one for each. Nest them in the same way.')


def chunks() -> NotImplementedError:
    return NotImplementedError(
        'chunk_size is not implemented: slices are computed one by one. Leave it out.')


def unknown_randomness(randomness: Any) -> RuntimeError:
    return RuntimeError(
        "Only allowed values for randomness are 'error', 'different', or 'same'. Got "
        f'{randomness!r}: there is no other. Use one of these.')


def random_inside() -> RuntimeError:
    return RuntimeError(
        'vmap: called random operation while in randomness error mode: slices could get equal '
        "numbers or different ones. Write randomness='different' or randomness='same'.")


def nothing_to_map() -> ValueError:
    return ValueError(
        'vmap: Expected at least one Tensor to vmap over, and at least one slice of it: the result '
        'would have no shape. Check in_dims.')


def not_mapped(in_dim: Any, x: Any) -> ValueError:
    return ValueError(
        f'vmap: Got in_dim={in_dim} for an input but the input is of type {_kind(x)}: only tensors '
        'have dimensions. Use None as the respective in_dim.')


def no_such_dimension(in_dim: Any, x: Any) -> ValueError:
    return ValueError(
        f'vmap: Got in_dim={in_dim} for some input, but that input is a Tensor of dimensionality '
        f'{x.ndim} so expected in_dim to satisfy -{x.ndim} <= in_dim < {x.ndim}. Choose one, or '
        'None to use the input whole.')


def sizes_differ(sizes: list[int]) -> ValueError:
    return ValueError(
        'vmap: Expected all tensors to have the same size in the mapped dimension, got sizes '
        f'{sizes} for the mapped dimension: slice i meets slice i. Use None in in_dims for those '
        'that are used whole.')


def dims_do_not_fit(name: str, dims: Any) -> ValueError:
    return ValueError(
        f'vmap: {name} is not compatible with the structure of what it is for, got {dims!r}: it '
        'has a dimension for each, or one for all. Nest it in the same way.')


def result_is_no_tensor(x: Any) -> ValueError:
    return ValueError(
        f'vmap: the function must only return Tensors, got type {_kind(x)}: they are stacked. '
        'Return tensors.')


def keys_missing(module: Any, missing: list[str], unexpected: list[str]) -> RuntimeError:
    return RuntimeError(
        f'Error(s) in reparametrizing for {_kind(module)}: Missing key(s): {missing}, unexpected '
        f'key(s): {unexpected}; with strict=True the names are those of state_dict(). Complete '
        'the dict.')


def several_dicts(names: list[str]) -> ValueError:
    return ValueError(
        f'{names} appeared in multiple dictionaries; behavior of functional call is ambiguous: '
        'only one can be used. Remove them from one.')


def parameter_is_no_tensor(x: Any) -> TypeError:
    return TypeError(
        f'{x!r:.40} is not an instance of torch.Tensor: a module computes with tensors. Use '
        'torch.tensor().')


def no_models() -> RuntimeError:
    return RuntimeError(
        'stack_module_state: Expected at least one model, got 0: there is nothing to stack. Pass '
        'several models of one kind.')
