"""The errors of differentiation. Each says what happened, why it is wrong, and what to write."""
from __future__ import annotations

import warnings
from dis import findlinestarts

import numpy as np


def where(node):
    """The operation of a node and the line of the user's program that called it."""
    return f'{node.plan.operation}() at line {line_of(node)} of {node.location[0].co_filename}'


def line_of(node):
    """The number of the line of the user's program that called the operation of a node."""
    code, last = node.location
    return max(pair for pair in findlinestarts(code) if pair[0] <= last and pair[1])[1]


def described(x):
    """An argument of an operation in a few words."""
    x = getattr(x, '_array', x)
    return f'{x.dtype} {x.shape}' if isinstance(x, np.ndarray) else repr(x)[:40]


# Of graph.py.

def overtaken():
    return RuntimeError(
        'this tensor shares memory with another one that was changed in place afterwards, and the '
        'graph recorded that change there, not here: its gradient would be wrong. Take the view '
        'or slice again after the change, or clone() it before.')


def numpy_of_graph():
    return RuntimeError(
        "Can't call numpy() on Tensor that requires grad: what NumPy does is not recorded. Use "
        'tensor.detach().numpy() instead.')


def warn_of_grad_that_is_not_retained(tensor):
    if not tensor.retains_grad:
        warnings.warn(
            'The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. It stays '
            'None: only leaves retain gradients. Call retain_grad() before backward() to retain '
            'it here, too.', stacklevel=3)


def grad_does_not_fit(tensor, new):
    if not hasattr(new, '_array'):
        return TypeError(
            'assigned grad expected to be a Tensor or None but got grad of type '
            f'{type(new).__name__}. Use torch.tensor().')
    if new is tensor:
        return RuntimeError(
            "can't assign Variable as its own grad: a step would subtract it from itself. Assign "
            'a copy, x.grad = x.detach().clone(), if that is what you mean.')
    return RuntimeError(
        f'attempting to assign a gradient of size {tuple(new.shape)} and dtype {new.dtype} to a '
        f'tensor of size {tuple(tensor.shape)} and dtype {tensor.dtype}: each element needs a '
        'gradient of its own. Reshape or convert it.')


def graph_freed(node):
    return RuntimeError(
        f'Trying to backward through the graph a second time: what {where(node)} had saved for '
        'its derivative is gone, since backward() frees the graph as it goes. Compute the result '
        'again, or pass retain_graph=True the first time.')


def reentrant_with_inputs():
    return RuntimeError(
        'When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing '
        'an `inputs` parameter to .backward(): its backward() is one of all leaves. Write '
        'use_reentrant=False, or call .backward() without inputs.')


def recomputed_otherwise(first, second):
    if len(first) != len(second):
        what = (f'A different number of operations was recorded, {len(first)} at first and '
                f'{len(second)} then')
    else:
        a, b = next(pair for pair in zip(first, second) if pair[0] != pair[1])
        what = (f'{a[0]}() of arguments {[x[0] for x in a[1]]} was recorded at first, and {b[0]}() '
                f'of {[x[0] for x in b[1]]} then')
    return RuntimeError(
        'torch.utils.checkpoint: Recomputed values have different metadata than during the forward '
        f'pass. {what}: the function did not do the same in backward(). Let it depend on its '
        'arguments alone, and on nothing that changes in between.')


def saved_value_changed(node, array):
    return RuntimeError(
        'one of the variables needed for gradient computation has been modified by an inplace '
        f'operation: the value of shape {array.shape} that {where(node)} saved for its derivative '
        'has changed, so the gradient would be wrong. Change it after backward(), or make a new '
        'tensor: x = x + y instead of x += y.')


def rule_gives_no_gradient(node, term, shape):
    if not hasattr(term, 'shape'):
        return TypeError(
            f'{where(node)}: its rule for an argument of shape {shape} returned '
            f'{type(term).__name__}, {term!r:.40}, but a gradient is an array where g is one, and '
            'a tensor where g is one. Return g times the derivative; where no gradient flows, make '
            'the rule `constant`.')
    return RuntimeError(
        f'{where(node)}: its rule gives a gradient of shape {tuple(term.shape)} for an argument of '
        f'shape {shape}: each element needs one. Return one of that shape, or of a shape that '
        'it broadcasts to.')


def input_does_not_require_grad():
    return RuntimeError(
        'One of the differentiated Tensors does not require grad: nothing was recorded from it. '
        'Call requires_grad_() on it before computing the outputs.')


def input_not_used():
    return RuntimeError(
        'One of the differentiated Tensors appears to not have been used in the graph: the outputs '
        'do not depend on it. Set allow_unused=True to get None for it.')


def no_inputs(function):
    return RuntimeError(
        f'`inputs` argument to `{function}()` cannot be empty: there is nothing to differentiate '
        'with respect to. Pass the tensors whose gradients you want.')


def input_is_no_tensor(x):
    return RuntimeError(
        f'all inputs have to be Tensors or GradientEdges, but got {type(x).__name__}: only tensors '
        'have gradients. Pass the tensors that the result was computed from.')


def warn_of_only_inputs():
    warnings.warn(
        'only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate '
        'gradient for other parts of the graph, please use torch.autograd.backward.',
        FutureWarning, stacklevel=3)


def batched_gradients():
    return NotImplementedError(
        'grad(is_grads_batched=True) is not implemented: a walk takes one gradient for each '
        'output. Call grad() for each of them with retain_graph=True, and stack() the results.')


def unused_inputs_are_materialized():
    return ValueError(
        'Expected allow_unused to be True or not passed when materialize_grads=True, but got: '
        'allow_unused=False: an input that is not used is an error or zeros, not both. Leave one '
        'of them out.')


# Of hooks.py.

def hook_returned_no_tensor(new):
    return TypeError(
        f'expected Variable, but hook returned {type(new).__name__!r}: it goes on as the gradient. '
        'Return a tensor of the same shape and dtype, or None to leave the gradient as it is.')


def accumulation_hook_returned(hook):
    return TypeError(
        f'expected None, but {getattr(hook, "__name__", type(hook).__name__)}() returned '
        'something, which a hook after accumulation has no use for: the gradient is in '
        'param.grad already. Change param.grad, and return nothing.')


def hook_made_a_gradient():
    return RuntimeError(
        "can't replace a None gradient with a non-None value: no gradient flows to this tensor. "
        'Return None when the hook is called with None.')


def hook_changed_the_kind(hook, old, new):
    name = getattr(hook, '__name__', type(hook).__name__)
    if new.dtype != old.dtype:
        return RuntimeError(
            f'hook {name!r} has changed the type of value (was {old.type()} got {new.type()}): a '
            "gradient has its tensor's dtype. Return new.to(grad.dtype).")
    return RuntimeError(
        f'hook {name!r} has changed the size of value (was {tuple(old.shape)} got '
        f"{tuple(new.shape)}): a gradient has its tensor's shape. Return one of that shape.")


def output_does_not_require_grad():
    return RuntimeError(
        'element 0 of tensors does not require grad and does not have a grad_fn: nothing it was '
        'computed from requires grad, or the graph was cut by no_grad(), item() or detach(). '
        'Leave these out, and create the tensors whose gradients you want with '
        'requires_grad=True.')


def no_single_derivative(array):
    return RuntimeError(
        'grad can be implicitly created only for scalar outputs: this one has shape '
        f'{array.shape}, so there is no single derivative. Reduce it first, with .sum() or '
        '.mean(), or pass a gradient of its shape: backward(gradient).')


def unequal_numbers(outputs, gradients):
    return RuntimeError(
        f'got {len(outputs)} tensors and {len(gradients)} gradients: each tensor starts with its '
        'own. Pass as many, None for a tensor of one element.')


def gradient_does_not_fit(g, array):
    if not hasattr(g, '_array'):
        return TypeError(
            f'gradients can be either Tensors or None, but got {type(g).__name__}: the type says '
            f'how to compute. Pass torch.tensor() of shape {array.shape}.')
    return RuntimeError(
        f'Mismatch in shape: the gradient has shape {g._array.shape}, the output {array.shape}; '
        'each element of the output needs its own. Pass a tensor of that shape.')


# Of primitive.py.

def no_array(name, value):
    return TypeError(
        f'the function of {name}() returned {type(value).__name__}, {value!r:.40}, but the result '
        'of an operation is one array. Return np.asarray(value), or arrays joined to one.')


def not_implemented_for(name, arrays):
    return NotImplementedError(
        f'"{name}" not implemented for {", ".join(map(described, arrays))}: these dtypes have no '
        'such operation. Convert them, for example with long() or float().')


def does_not_fit(name, arrays, error):
    """What NumPy said about the arguments of an operation, as PyTorch's kind of error."""
    given = ', '.join(map(described, arrays))
    kind = IndexError if isinstance(error, IndexError) else RuntimeError
    if isinstance(error, TypeError):
        if not any(isinstance(x, str) or x is None for x in arrays):
            return not_implemented_for(name, arrays)
        kind = TypeError
    said = str(error).rstrip('. ')
    of_shapes = 'shape' in said or 'dimension' in said
    advice = ('Give sizes whose product is the number of elements, or -1 for one of them'
              if 'cannot reshape' in said else
              'Make the shapes agree, for example with unsqueeze' if of_shapes else
              'Make the types agree, for example with float()')
    return kind(f'{name}() got {given}: {said}. {advice}.')


def not_a_tensor(name, argument):
    return TypeError(
        f'{name}() got a {type(argument).__name__}, {argument!r:.40}, but takes tensors and '
        'numbers: how to convert it is for you to decide. Use torch.tensor().')


def complex_number(name, number):
    return NotImplementedError(
        f'{name}() got {number}: "{name}" is not implemented for complex numbers here. Compute '
        'real and imaginary parts apart.')


def integer_too_large(number, kind):
    return kind(
        'Overflow when unpacking long long: int too big to convert, it has '
        f'{number.bit_length()} bits, and there are at most 64. Write a floating-point number.')


def does_not_hold(dtype, number):
    return RuntimeError(
        f'value cannot be converted to type {dtype} without overflow: {number} is not among its '
        'values. Choose a larger dtype, or a number that it holds.')


def too_many_arguments(name, signature, args):
    return TypeError(
        f'{name}() takes {" and ".join(signature)}, but {len(args)} arguments were given: there is '
        f'none for {described(args[len(signature)])}. Leave it out.')


def argument_missing(name, signature, missing):
    return TypeError(
        f'{name}() is missing its argument {missing!r}: it takes {", ".join(signature)}. Pass it.')


def argument_twice(name, argument):
    return TypeError(
        f'{name}() got multiple values for argument {argument!r}: by position and by name. Give '
        'it once.')


def argument_unknown(name, signature, argument):
    return TypeError(
        f'{name}() got an unexpected keyword argument {argument!r}: it takes '
        f'{", ".join(signature)}. Correct the name, or leave it out.')


def no_derivative(name, argument):
    return NotImplementedError(
        f'{name}() has no derivative with respect to its argument {argument!r}: leaving it out '
        'silently would train something else. Pass that argument with .detach().')


def no_names(forward):
    return TypeError(
        f'primitive({forward!r}): the names of its arguments are not known, since it has no '
        "signature. Write them in one string after the function: primitive(np.hypot, 'x y', ...).")


def wrong_number_of_names(forward, names):
    return TypeError(
        f'primitive({forward!r}): it takes {forward.nin} arrays, but the names are '
        f'{", ".join(names)}: further arguments are where NumPy would write its result. Name '
        f'{forward.nin}.')


def open_arguments(name, parameter):
    return TypeError(
        f'primitive {name}: its function takes {parameter}, but a primitive passes a fixed number '
        'of arguments by position. Write them out, without * and **.')


def reserved_name(name, argument):
    return TypeError(
        f'primitive {name}: an argument cannot be called {argument!r}, which rules read as the '
        'gradient of the output (g) or the output (out). Rename it.')


def rule_of_unknown_argument(name, argument, signature):
    return TypeError(
        f'primitive {name}: there is a rule for {argument!r}, but the arguments are '
        f'{", ".join(signature)}. Name the rule after the argument whose gradient it gives.')


def rule_reads_unknown(name, argument, read, signature):
    return TypeError(
        f'primitive {name}: the rule for {argument!r} reads {read!r}, which is neither g, out, an '
        f'argument ({", ".join(signature)}) nor the shape of one (NAME_shape). Rename it, or give '
        'it a default value.')


def rule_hides_what_it_reads(name, argument, rule):
    return TypeError(
        f'primitive {name}: the rule for {argument!r}, {rule!r}, does not say what it reads: its '
        'arguments have no names. Name them (g, out, arguments, shapes), or decorate it with '
        'functools.wraps.')


# Of versions.py.

def hook_of_node(node, method):
    return NotImplementedError(
        f'{node.name()}.{method}() is not implemented: hooks belong to tensors here. Use '
        'register_hook() of the tensor that the node computed, or of its inputs.')


def leaf_changed(tensor):
    what = 'a leaf Variable' if tensor.grad_fn is None else 'a view of a leaf Variable'
    return RuntimeError(
        f'{what} that requires grad is being used in an in-place operation: its gradient would '
        'belong to a value that is lost. Do it in a torch.no_grad() block, or make a new tensor: '
        'x = x + y.')


def shape_in_graph(tensor, function):
    return NotImplementedError(
        f'{function}_() got a tensor of shape {tuple(tensor.shape)} that requires grad, or shares '
        'memory with one that does: here the graph keeps the shapes of its tensors. Write '
        f'x = x.{function}(...).')


def written_into_expanded(tensor):
    made = 'was expanded to' if 0 in tensor._array.strides else 'has windows that overlap, of'
    return RuntimeError(
        'unsupported operation: more than one element of the written-to tensor refers to a single '
        f'memory location: it {made} shape {tensor._array.shape}. Please clone() the tensor before '
        'performing the operation.')


def view_without_graph():
    return RuntimeError(
        'A view was created in no_grad mode and is being modified inplace with grad mode enabled: '
        'whether the graph should record that is ambiguous. Take the view outside of no_grad(), or '
        'change it inside.')


def one_view_of_several():
    return RuntimeError(
        'Output of a function that returns multiple views (unbind, split, chunk, iteration) is a '
        'view and is being modified inplace, or its base was: such functions do not allow the '
        'output views to be modified inplace. Index the tensor instead, x[i] *= 2, or do not work '
        'in place.')


def written_and_read(tensor):
    return RuntimeError(
        'unsupported operation: some elements of the input tensor and the written-to tensor of '
        f'shape {tensor._array.shape} refer to a single memory location: what is read first would '
        'depend on the order. Please clone() the tensor before performing the operation.')


def shape_changed(tensor, new):
    return RuntimeError(
        f"output with shape {tensor._array.shape} doesn't match the broadcast shape "
        f'{new._array.shape}: memory cannot grow in place. Make a new tensor: x = x + y.')


def cannot_cast(tensor, new):
    return RuntimeError(
        f"result type {new.dtype} can't be cast to the desired output type {tensor.dtype}: "
        'the fractional part would be lost. Make a new tensor.')


# Of grad_mode.py.

def mode_is_no_bool(mode):
    return TypeError(
        "set_grad_enabled(): argument 'enabled' (position 1) must be bool, not "
        f'{type(mode).__name__}: {mode!r:.40} is neither on nor off. Write True or False.')


def warn_of_decorated_class(func):
    warnings.warn(
        'Decorating classes is deprecated and will be disabled in future versions: '
        f'{func.__name__} becomes a function, and only its __init__ has the mode. Decorate its '
        'methods.', FutureWarning, stacklevel=3)


# Of anomaly_mode.py.

def forward_made_nan(operation, args, frame):
    shapes = ', '.join(str(x.shape) if hasattr(x, 'shape') else repr(x) for x in args)
    return RuntimeError(
        f'{operation}({shapes}) at line {frame.f_lineno} of {frame.f_code.co_filename} returned '
        'nan values from arguments without any: it is undefined there (0 / 0, log or root of a '
        'negative number, inf - inf). Keep its argument in the domain, with clamp or a small eps.')


def rule_made_nan(node):
    shapes = ', '.join(str(shape) for *_, shape, _ in node.edges)
    return RuntimeError(
        f"Function '{node.name()}' returned nan values: the derivative of {where(node)} for an "
        f'argument of shape {shapes} is undefined there (0 * inf, 0 / 0), though the result is '
        'not. Keep away from that point: a small eps in a root or quotient, where() before the '
        'function.')


# Of function.py.

def no_forward():
    return NotImplementedError(
        'a Function needs forward(ctx, *args), which computes the result. Define it as a static '
        'method.')


def no_backward():
    return NotImplementedError(
        'a Function needs backward(ctx, *grad_outputs), a gradient for each argument of forward. '
        'Define it as a static method.')


def keyword_only(name, arguments):
    return TypeError(
        f'{name}.forward() got an unexpected keyword argument {next(iter(arguments))!r}: with '
        'setup_context, arguments of forward cannot be keyword-only. Leave out the * before it.')


def called_instead_of_applied(name):
    return RuntimeError(
        'Legacy autograd function with non-static forward method is deprecated: a Function has no '
        f'instances. Make forward and backward static methods, and call {name}.apply(...).')


def saves_tensors_only(i, x):
    return TypeError(
        f'save_for_backward can only save variables, but argument {i} is of type '
        f'{type(x).__name__}: only changes of tensors can be noticed. Make it an attribute: '
        'ctx.k = k.')


def saved_tensors_freed():
    return RuntimeError(
        'Trying to backward through the graph a second time (or directly access saved tensors '
        'after they have already been freed): backward() frees what a Function saved as it goes. '
        'Compute the result again, or pass retain_graph=True the first time.')


def no_gradient_returned(name, x):
    return RuntimeError(
        f'{name}: expected Variable or None (got {type(x).__name__}), since what backward returns '
        'goes on as a gradient. Return a tensor for each argument of forward, or None.')


def saved_tensor_changed(tensor):
    return RuntimeError(
        'one of the variables needed for gradient computation has been modified by an inplace '
        f'operation: a tensor of shape {tensor._array.shape} that a Function saved. Its gradient '
        'would be wrong. Change it after backward(), or save a clone().')


def mark_dirty():
    return NotImplementedError(
        'mark_dirty is not implemented: forward may not change its arguments in place. Return a '
        'new tensor.')


def wrong_number_of_gradients(name, expected, got):
    return RuntimeError(
        f'function {name} returned an incorrect number of gradients (expected {expected}, '
        f'got {got}): each argument of forward needs one. Return None where there is none.')


# Of gradcheck.py.

def nothing_to_check():
    return ValueError(
        'gradcheck expects at least one input tensor to require gradient, but none of them does: '
        'there is nothing to compare. Set requires_grad=True.')


def warn_of_low_precision(i):
    warnings.warn(
        f'Input #{i} requires gradient and is not a double precision floating point: rounding '
        'alone is larger than the tolerance. Pass inputs.double().', stacklevel=5)


def input_with_stride_0(i):
    return RuntimeError(
        f'The {i}th input has a dimension with stride 0: its elements share one location in '
        'memory. Call .contiguous() on it before passing it to gradcheck.')


def option_not_built(name, option):
    return NotImplementedError(
        f'{name}({option}=...) is not implemented, only its default value: leave it out.')


def output_is_no_tensor(y):
    return AttributeError(
        f'{type(y).__name__!r} object has no attribute \'requires_grad\': the function that is '
        'checked returned a number or something else without a graph. Return tensors.')


def output_changes_shape(index, eps, a, b):
    return AssertionError(
        'Expected `func` to return outputs with the same shape and dtype when inputs are perturbed '
        f'on index {index} by {eps}, but got: {described(b)} and {described(a)}. There is no '
        'derivative at a jump: check elsewhere.')


def graph_cut():
    return (
        'Numerical gradient for function expected to be zero: none of its outputs requires grad, '
        'but they change with the inputs, so the graph was cut on the way. Look for detach(), '
        '.data, item(), NumPy or no_grad(), and compute with tensors there.')


def jacobian_mismatch(i, j, measured, by_rules):
    return (
        f'Jacobian mismatch for output {i} with respect to input {j},\nnumerical:{measured}\n'
        f'analytical:{by_rules}\n(a row for each input element). Look at the rule of that '
        'argument; where it is 0, look for detach(), .data, item(), NumPy or no_grad().')


def passes_differ(tolerance):
    return (
        'Backward is not reentrant, i.e., running backward with same input and grad_output '
        'multiple times gives different values: a rule depends on something else. The tolerance is '
        f'nondet_tol={tolerance}. Make it a function of g and of what was saved.')


def not_multiplied():
    return (
        'backward not multiplied by grad_output: where the gradient of the outputs is 0, that '
        'of an input is not. A rule must be linear in g: look for what it adds to it.')


def differentiated_twice() -> RuntimeError:
    return RuntimeError(
        'trying to differentiate twice a function that was marked with @once_differentiable: its '
        'backward is not recorded. Leave the decorator out if backward consists of operations on '
        'tensors.')
