"""The errors of functional.py. Each says what happened, why it is wrong, and what to write."""
from __future__ import annotations


def not_tensors(name, what, x):
    return TypeError(
        f'The {what} given to {name} must be either a Tensor or a tuple of Tensors but there is a '
        f'{type(x)}: only tensors have derivatives. Use torch.tensor() and a tuple; let func '
        'take everything else from its closure.')


def vector_needed(like, what):
    only = {'output': 'user-provided function returns', 'input': 'input to the user-provided '
            'function is'}[what]
    return RuntimeError(
        f'The vector v can only be None if the {only} a single Tensor with a single element: there '
        f'are {[tuple(x.shape) for x in like]} here. Pass tensors of that shape.')


def vector_does_not_fit(v, like, what):
    if len(v) != len(like):
        should = 'The given v should contain a single Tensor' if len(like) == 1 else (
            f'v is a tuple of invalid length: should be {len(like)}')
        return RuntimeError(
            f'{should} but got {len(v)}: each {what} needs its own. Pass a tuple of tensors, or '
            'one tensor for one.')
    i = next(i for i, (x, y) in enumerate(zip(v, like)) if x.shape != y.shape)
    entry = f'Entry {i} in v' if len(v) > 1 else 'v'
    return RuntimeError(
        f'{entry} has invalid size: should be {like[i].shape} but got {v[i].shape}, since each '
        f'element of the {what} needs its own. Reshape it.')


def several_values(name, ys):
    return RuntimeError(
        f'The function given to {name} should return a single Tensor, not a tuple of {len(ys)}: '
        'each output has a Hessian of its own. Return one of them, or their sum.')


def not_a_single_value(name, y):
    return RuntimeError(
        f'The Tensor returned by the function given to {name} should contain a single element, not '
        f'{tuple(y.shape)}: each has a Hessian of its own. Sum them.')


def unknown_strategy(name, strategy):
    return AssertionError(
        f'{name}: Expected strategy to be either "forward-mode" or "reverse-mode", but got '
        f'{strategy!r}. Leave it out.')


def forward_mode_not_built(name):
    return NotImplementedError(
        f'{name}(strategy="forward-mode") is not implemented: derivatives are computed from the '
        'outputs back to the inputs. Leave it out; the result is the same.')


def strict_and_vectorize(name):
    return RuntimeError(
        f'{name}: `strict=True` and `vectorize=True` are not supported together. Leave out '
        'vectorize, which makes no difference here.')


# Of strict=True.

ALLOWED = 'This is not allowed in strict mode'
ADVICE = 'Look for detach(), .data, item() or no_grad() in it, or leave out strict for zeros.'


def output_without_graph(i):
    return RuntimeError(
        f'Output {i} of the user-provided function does not require gradients. The outputs must be '
        f'computed in a differentiable manner from the input when running in strict mode. {ADVICE}')


def independent(function, i):
    """For a function (output, jacobian or hessian) that does not depend on input i."""
    return RuntimeError(
        f'{function} of the user-provided function is independent of input {i}. {ALLOWED}. '
        f'{ADVICE}')


def constant_jacobian(i):
    return RuntimeError(
        'While computing the hessian, found that the jacobian of the user-provided function with '
        f'respect to input {i} is independent of the input. {ALLOWED}. You should ensure that your '
        'function is twice differentiable and that the jacobian depends on the inputs (this would '
        'be violated by a linear function for example). Leave out strict for zeros.')


def constant_slope(function, i):
    """For a function whose derivative with respect to input i cannot be differentiated again."""
    return RuntimeError(
        f'{function} of the user-provided function is independent of input {i}. {ALLOWED} when '
        'create_graph=True. Leave out strict for zeros, or create_graph.')
