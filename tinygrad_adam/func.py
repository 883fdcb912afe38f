"""Functions of functions: derivatives, maps over a dimension, modules as functions.

Arguments and results may be tensors, or tuples, lists and dicts of them, nested in any way. What is
returned can be differentiated again: grad(grad(f)) is the second derivative.
https://pytorch.org/docs/stable/func.html
"""
from __future__ import annotations

from functools import wraps
from typing import Any, Callable, Iterator, Sequence

from . import _func_errors as errors
from ._functions.indexing import index
from ._functions.indexing import stack as stacked
from ._functions.shapes import reshape
from ._missing import refusal
from ._tensor import Tensor
from .autograd.functional import _filled, _grads
from .autograd.grad_mode import enable_grad, is_grad_enabled
from .nn.module import Module
from .random import get_rng_state, set_rng_state

__all__ = ['functional_call', 'grad', 'grad_and_value', 'hessian', 'jacfwd', 'jacrev', 'jvp',
           'stack_module_state', 'vjp', 'vmap']

__getattr__: Callable[[str], Any] = refusal(__name__)


# Nested structures.

def leaves(tree: Any) -> list[Any]:
    """What is in nested tuples, lists and dicts, in order.

    tree  the structure
    """
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (tuple, list)):
        return [leaf for part in tree for leaf in leaves(part)]
    return [tree]


def rebuilt(tree: Any, values: Iterator[Any]) -> Any:
    """The same structure with other leaves.

    tree    the structure
    values  its new leaves, in order
    """
    if isinstance(tree, dict):
        return {key: rebuilt(part, values) for key, part in tree.items()}
    if isinstance(tree, (tuple, list)):
        parts = [rebuilt(part, values) for part in tree]
        return type(tree)(*parts) if hasattr(tree, '_fields') else type(tree)(parts)
    return next(values)


# Derivatives. The tensors to differentiate by are replaced by fresh ones, and what is computed of
# these leaves the function without them, unless something outside requires grad, too.

def chosen(args: tuple[Any, ...], argnums: int | tuple[int, ...]) -> tuple[Any, list[Tensor], Any]:
    """(what is differentiated by, its tensors made fresh, all arguments with these).

    args     the arguments by position
    argnums  the position of one of them, or of several
    """
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    for number in numbers:
        if not -len(args) <= number < len(args):
            raise errors.no_such_argument(number, len(args))
    tree = tuple(args[number] for number in numbers)
    for x in leaves(tree):
        if not isinstance(x, Tensor):
            raise errors.input_is_no_tensor(x)
    xs = [x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in leaves(tree)]
    fresh, given = rebuilt(tree, iter(xs)), list(args)
    for number, new in zip(numbers, fresh):
        given[number] = new
    return (tree if isinstance(argnums, tuple) else tree[0]), xs, given


def outside(tree: Any, xs: list[Tensor], recording: bool) -> Any:
    """Results without a graph, if the graph leads to nothing but the fresh tensors.

    tree       the results
    xs         the fresh tensors
    recording  whether operations are recorded outside
    """
    own = {x for x in xs if x.is_leaf}

    def without(x: Any) -> Any:
        if not isinstance(x, Tensor) or not x.requires_grad:
            return x
        seen: set[Any] = {x._vertex()}
        unexplored: list[Any] = [x._vertex()]
        while unexplored and recording:
            vertex = unexplored.pop()
            if isinstance(vertex, Tensor) and vertex not in own:
                return x
            parents = {parent for parent, *_ in getattr(vertex, 'edges', ())} - seen
            seen |= parents
            unexplored += parents
        return x.detach()

    return rebuilt(tree, map(without, leaves(tree)))


def split_aux(function: str, result: Any, has_aux: bool) -> tuple[Any, Any]:
    """(what a function is differentiated for, what else it returned).

    function  the name of the public function
    result    what the user's function returned
    has_aux   whether it is such a pair
    """
    if not has_aux:
        return result, None
    if not isinstance(result, tuple) or len(result) != 2:
        raise errors.aux_missing(function, result)
    return result


def tensors_of(function: str, tree: Any) -> list[Tensor]:
    """The leaves of a result, if they are tensors. Raises RuntimeError.

    function  the name of the public function
    tree      the result
    """
    for y in leaves(tree):
        if not isinstance(y, Tensor):
            raise errors.not_a_tensor(function, y)
    return leaves(tree)


def grad_and_value(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0,
                   has_aux: bool = False) -> Callable[..., Any]:
    """The function that computes the gradient of func, and what func returns.

    func     a function that returns a tensor without dimensions; or, with has_aux, also others
    argnums  the position of the argument to differentiate by, or a tuple of several
    has_aux  whether func returns (value, aux); then the value returned is (value, aux), too

    https://pytorch.org/docs/stable/generated/torch.func.grad_and_value.html
    """
    @wraps(func)
    def gradient_and_value(*args: Any, **kwargs: Any) -> Any:
        recording = is_grad_enabled()
        with enable_grad():
            tree, xs, given = chosen(args, argnums)
            value, aux = split_aux('grad', func(*given, **kwargs), has_aux)
            if not isinstance(value, Tensor):
                raise errors.not_a_tensor('grad', value)
            if value.ndim:
                raise errors.not_a_scalar('grad', value)
            gradients = _filled(_grads([value], xs, create_graph=True), xs, True)
        gradients = rebuilt(tree, iter(gradients))
        return outside((gradients, (value, aux) if has_aux else value), xs, recording)

    return gradient_and_value


def grad(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0,
         has_aux: bool = False) -> Callable[..., Any]:
    """The function that computes the gradient of func.

    func     a function that returns a tensor without dimensions; or, with has_aux, also others
    argnums  the position of the argument to differentiate by, or a tuple of several
    has_aux  whether func returns (value, aux); then (gradient, aux) is returned

    >>> from tinygrad_adam import tensor
    >>> grad(grad(lambda x: x ** 3))(tensor(2.0))
    tensor(12.)

    https://pytorch.org/docs/stable/generated/torch.func.grad.html
    """
    both = grad_and_value(func, argnums, has_aux)

    @wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        result, value = both(*args, **kwargs)
        return (result, value[1]) if has_aux else result

    return gradient


def jacrev(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, *,
           has_aux: bool = False, chunk_size: int | None = None) -> Callable[..., Any]:
    """The function that computes all derivatives of func, by one backward pass for each output.

    func        a function that returns tensors
    argnums     the position of the argument to differentiate by, or a tuple of several
    has_aux     whether func returns (results, aux); then (derivatives, aux) is returned
    chunk_size  not implemented; leave it None

    For each tensor that func returns, for each that it is differentiated by: (*output, *input).
    https://pytorch.org/docs/stable/generated/torch.func.jacrev.html
    """
    if chunk_size is not None:
        raise errors.chunks()

    @wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        recording = is_grad_enabled()
        with enable_grad():
            tree, xs, given = chosen(args, argnums)
            result, aux = split_aux('jacrev', func(*given, **kwargs), has_aux)
            tables = []
            for y in tensors_of('jacrev', result):
                flat = reshape(y, (-1,))
                rows = [_filled(_grads([index(flat, i)], xs, create_graph=True), xs, True)
                        for i in range(y.numel())]
                tables.append(rebuilt(tree, iter(
                    [reshape(stacked([row[j] for row in rows]), (*y.shape, *x.shape))
                     for j, x in enumerate(xs)])))
        derivatives = rebuilt(result, iter(tables))
        return outside((derivatives, aux) if has_aux else derivatives, xs, recording)

    return jacobian


def jacfwd(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0,
           has_aux: bool = False) -> Callable[..., Any]:
    """The same derivatives as jacrev, computed in the same way: PyTorch's are computed forward.

    func     a function that returns tensors
    argnums  the position of the argument to differentiate by, or a tuple of several
    has_aux  whether func returns (results, aux); then (derivatives, aux) is returned

    https://pytorch.org/docs/stable/generated/torch.func.jacfwd.html
    """
    return jacrev(func, argnums, has_aux=has_aux)


def hessian(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """The function that computes the second derivatives of func: jacrev(jacrev(func)).

    func     a function that returns tensors
    argnums  the position of the argument to differentiate by, or a tuple of several

    https://pytorch.org/docs/stable/generated/torch.func.hessian.html
    """
    return jacrev(jacrev(func, argnums), argnums)


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """What func returns, and the function that goes back from it: a vector times the Jacobian.

    func     a function that returns tensors
    primals  its arguments
    has_aux  whether func returns (results, aux); then aux is returned as a third

    Returns (results, back): back(v), with v nested as the results, gives a gradient for each of the
    primals. https://pytorch.org/docs/stable/generated/torch.func.vjp.html
    """
    recording = is_grad_enabled()
    with enable_grad():
        tree, xs, given = chosen(primals, tuple(range(len(primals))))
        result, aux = split_aux('vjp', func(*given), has_aux)
        ys = tensors_of('vjp', result)

    def back(*cotangents: Any) -> Any:
        vs = leaves(cotangents)
        if len(vs) != len(ys):
            raise errors.trees_differ('vjp', 'cotangents and results', len(vs), len(ys))
        with enable_grad():
            gradients = _filled(_grads(ys, xs, vs, create_graph=True), xs, True)
        return outside(rebuilt(tree, iter(gradients)), xs, is_grad_enabled())

    results = outside((result, aux) if has_aux else (result,), xs, recording)
    return (results[0], back, *results[1:])


def jvp(func: Callable[..., Any], primals: Any, tangents: Any, *,
        has_aux: bool = False) -> tuple[Any, ...]:
    """What func returns, and how it changes if its arguments move: the Jacobian times a vector.

    func      a function that returns tensors
    primals   a tuple of its arguments
    tangents  the directions in which they move, nested as primals are
    has_aux   whether func returns (results, aux); then aux is returned as a third

    It takes two backward passes: the derivative of u J by u is J.
    https://pytorch.org/docs/stable/generated/torch.func.jvp.html
    """
    recording, vs = is_grad_enabled(), leaves(tangents)
    if len(vs) != len(leaves(primals)):
        raise errors.trees_differ('jvp', 'tangents and primals', len(vs), len(leaves(primals)))
    with enable_grad():
        _, xs, given = chosen(tuple(primals), tuple(range(len(primals))))
        result, aux = split_aux('jvp', func(*given), has_aux)
        ys = tensors_of('jvp', result)
        us = [y.new_zeros(y.shape).requires_grad_() for y in ys]
        rows = _grads(ys, xs, us, create_graph=True)
        moves = _filled(_grads(rows, us, vs, create_graph=True), ys, True)
    moved = rebuilt(result, iter(moves))
    return outside((result, moved, aux) if has_aux else (result, moved), [*xs, *us], recording)


# Maps.

def dims_of(name: str, dims: Any, tree: Any) -> list[Any]:
    """The dimension for each leaf of a structure.

    name  in_dims or out_dims
    dims  one for all, or nested as the structure is, where one may stand for a whole part
    tree  the structure
    """
    if dims is None or isinstance(dims, int):
        return [dims] * len(leaves(tree))
    parts = list(tree.values()) if isinstance(tree, dict) else tree
    own = [dims.get(key) for key in tree] if isinstance(dims, dict) and isinstance(
        tree, dict) else dims
    if not isinstance(parts, (tuple, list)) or not isinstance(own, (tuple, list)) or (
            len(own) != len(parts)):
        raise errors.dims_do_not_fit(name, dims)
    return [dim for some, part in zip(own, parts) for dim in dims_of(name, some, part)]


def slice_of(x: Any, dim: int | None, i: int) -> Any:
    """Slice i along a dimension; all of x for None.

    x    a tensor, or anything for None
    dim  the dimension, from the front or the end
    i    which slice
    """
    return x if dim is None else index(x, (slice(None),) * (dim % x.ndim) + (i,))


def vmap(func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0,
         randomness: str = 'error', *, chunk_size: int | None = None) -> Callable[..., Any]:
    """The function that calls func for each slice of its arguments, and stacks what it returns.

    func        a function of tensors that returns tensors
    in_dims     the dimension whose slices func gets: one for all arguments, or a tuple with one for
                each; None for those that it gets whole. Keyword arguments are sliced along 0
    out_dims    where the new dimension of the results stands: one for all, or one for each
    randomness  what random functions do inside: 'error'; 'different' numbers for each slice; or the
                'same'
    chunk_size  not implemented; leave it None

    It is a loop, as slow as one, and nothing inside is refused but random numbers. PyTorch calls
    func once, for all slices together, and refuses item() and `if` about values inside it, too.
    https://pytorch.org/docs/stable/generated/torch.func.vmap.html
    """
    if chunk_size is not None:
        raise errors.chunks()

    @wraps(func)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        if randomness not in ('error', 'different', 'same'):
            raise errors.unknown_randomness(randomness)
        given, tree = leaves(args), (args, kwargs)
        dims = dims_of('in_dims', in_dims, args)
        for x, dim in zip(given, dims):
            if dim is not None and not isinstance(x, Tensor):
                raise errors.not_mapped(dim, x)
            if dim is not None and not -x.ndim <= dim < x.ndim:
                raise errors.no_such_dimension(dim, x)
        named = leaves(kwargs)
        given, dims = given + named, dims + [0 if isinstance(x, Tensor) else None for x in named]
        sizes = [x.shape[dim] for x, dim in zip(given, dims) if dim is not None]
        if len(set(sizes)) > 1:
            raise errors.sizes_differ(sizes)
        if not sizes or not sizes[0]:
            raise errors.nothing_to_map()
        state, results = get_rng_state(), []
        for i in range(sizes[0]):
            if randomness == 'same':
                set_rng_state(state)
            own_args, own_kwargs = rebuilt(tree, (
                slice_of(x, dim, i) for x, dim in zip(given, dims)))
            results.append(func(*own_args, **own_kwargs))
        if randomness == 'error' and get_rng_state() != state:
            raise errors.random_inside()
        outs = [leaves(result) for result in results]
        for y in outs[0]:
            if not isinstance(y, Tensor):
                raise errors.result_is_no_tensor(y)
        places = dims_of('out_dims', out_dims, results[0])
        return rebuilt(results[0], (y[0] if place is None else stacked(y, place)
                                    for place, *y in zip(places, *outs)))

    return mapped


# Modules as functions.

def functional_call(module: Module, parameter_and_buffer_dicts: Any, args: Any = None,
                    kwargs: dict[str, Any] | None = None, *, strict: bool = False) -> Any:
    """Call a module with other tensors in place of its parameters and buffers.

    module                      the module, which is as before afterwards
    parameter_and_buffer_dicts  {name: tensor}, names as in state_dict(), or several such dicts;
                                what is not named stays, names that do not exist do nothing
    args                        the argument, or a tuple of several
    kwargs                      those by name
    strict                      whether every parameter and buffer has to be named, and no other

    A parameter that stands in several places of the module is replaced in all of them.
    https://pytorch.org/docs/stable/generated/torch.func.functional_call.html
    """
    dicts = parameter_and_buffer_dicts
    dicts = [dicts] if isinstance(dicts, dict) else list(dicts)
    new: dict[str, Any] = {}
    for one in dicts:
        twice = [name for name in one if name in new]
        if twice:
            raise errors.several_dicts(twice)
        new.update(one)
    for x in new.values():
        if not isinstance(x, Tensor):
            raise errors.parameter_is_no_tensor(x)
    places: dict[str, tuple[dict[str, Any], str]] = {}
    for path, inner in module.named_modules(remove_duplicate=False):
        for kept in (inner._parameters, inner._buffers):
            for name in kept:
                places[f'{path}.{name}' if path else name] = kept, name
    if strict:
        known = {name for name, (kept, own) in places.items() if kept[own] is not None}
        missing, unexpected = sorted(known - set(new)), sorted(set(new) - set(places))
        if missing or unexpected:
            raise errors.keys_missing(module, missing, unexpected)
    old = {name: kept[own] for name, (kept, own) in places.items()}
    twins: dict[int, list[str]] = {}
    for name, x in old.items():
        if x is not None:
            twins.setdefault(id(x), []).append(name)
    try:
        for name in new.keys() & places.keys():
            tied = [twin for twin in twins.get(id(old[name]), ()) if twin not in new]
            for other in [name, *tied]:
                kept, own = places[other]
                kept[own] = new[name]
        given = () if args is None else args if isinstance(args, tuple) else (args,)
        return module(*given, **(kwargs or {}))
    finally:
        for name, (kept, own) in places.items():
            kept[own] = old[name]


def stack_module_state(models: Sequence[Module]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters and the buffers of models of one kind, stacked along a new first dimension.

    models  the models

    Returns two dicts for functional_call under vmap. The stacked parameters are leaves that require
    grad. https://pytorch.org/docs/stable/generated/torch.func.stack_module_state.html
    """
    if not models:
        raise errors.no_models()
    parameters = [dict(model.named_parameters()) for model in models]
    buffers = [dict(model.named_buffers()) for model in models]
    return ({name: stacked([own[name] for own in parameters]).detach().requires_grad_(
                p.requires_grad) for name, p in parameters[0].items()},
            {name: stacked([own[name] for own in buffers]).detach() for name in buffers[0]})
