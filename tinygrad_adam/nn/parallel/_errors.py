"""The errors of DistributedDataParallel: functions that return an exception which says what
happened, why it is wrong, and what to write instead."""
from __future__ import annotations

from typing import Any

from ...distributed._errors import JOIN

NAME = 'DistributedDataParallel'
INSTEAD: dict[str, str] = {     # methods that are not here: what to write instead
    'join': JOIN,
    'register_comm_hook': 'gradients are averaged as they are. Change the averages after '
                          'backward(), in the grad of each parameter.'}


def not_built(argument: str, value: Any) -> NotImplementedError:
    return NotImplementedError(
        f'{NAME}({argument}={value!r}) is not implemented: only its default is. Leave {argument} '
        'out.')


def no_method(name: str) -> AttributeError:
    return AttributeError(f'{NAME}.{name} is not implemented: {INSTEAD[name]}')


def devices(device_ids: Any, output_device: Any) -> ValueError:
    return ValueError(
        f'{NAME} device_ids and output_device arguments only work with single-device/'
        f'multiple-device GPU modules or CPU modules, but got device_ids {device_ids}, '
        f'output_device {output_device}, and parameters in the memory of the CPU: there is no '
        'other. Leave both out.')


def nothing_to_train() -> RuntimeError:
    return RuntimeError(
        f"{NAME} is not needed when a module doesn't have any parameter that requires a gradient: "
        'there would be nothing to average. Use the module itself.')


def buffers_twice() -> str:
    return ('Both `broadcast_buffers` and `forward_sync_buffers` were specified. '
            '`broadcast_buffers` is deprecated and its value is ignored when '
            '`forward_sync_buffers` is provided. Leave it out.')


def broadcast_buffers() -> str:
    return ('`broadcast_buffers` is deprecated. Use `forward_sync_buffers` instead: without it '
            'buffers are broadcast at the start alone. With broadcast_buffers=False they never '
            'are.')


def unfinished(names: list[str]) -> RuntimeError:
    return RuntimeError(
        'Expected to have finished reduction in the prior iteration before starting a new one. '
        'This error indicates that your module has parameters that were not used in producing '
        f'loss: backward() has not reached {", ".join(names)}, and the other ranks wait for their '
        'gradients. You can enable unused parameter detection by passing the keyword argument '
        f'`find_unused_parameters=True` to `torch.nn.parallel.{NAME}`, and by making sure all '
        '`forward` function outputs participate in calculating loss.')


def second_backward() -> RuntimeError:
    return RuntimeError(
        f'backward() has come a second time to a forward pass of {NAME}, whose gradients were '
        'averaged already: PyTorch would not average them again, and the ranks would go apart. '
        'Call the model again, or backward() once for the sum of the losses.')


def create_graph() -> NotImplementedError:
    return NotImplementedError(
        f'backward(create_graph=True) through {NAME} is not implemented: the averaged gradients '
        'would have no graph. Use autograd.grad, which averages nothing, or the module itself.')


def some_inputs() -> NotImplementedError:
    return NotImplementedError(
        f'backward(inputs=...) with parameters of {NAME} is not implemented: the others would '
        'wait for their gradients. Leave inputs out, or call backward() in no_sync().')


def gradient_changed_kind(name: str, gradient: Any, buffer: Any) -> RuntimeError:
    return RuntimeError(
        f'The gradient of {name} is {gradient.dtype} {gradient.shape}, but the parameter was '
        f'{buffer.dtype} {buffer.shape} when {NAME} was made: all ranks have room for that. '
        'Convert the module before it is wrapped.')


def output_not_searched(x: Any) -> TypeError:
    return TypeError(
        f'forward of a module in {NAME} has returned a {type(x).__name__}: gradients are averaged '
        'from its tensors on, and these are looked for in tuples, lists and dicts. Return one of '
        'these.')


def not_from_output(name: str) -> RuntimeError:
    return RuntimeError(
        f'backward() has come to {name}, but the output of forward was not computed from it: '
        f'{NAME} finds what to average from there. Return what the loss is computed from, and '
        'instead of a parameter itself a view of it.')


def no_copy() -> NotImplementedError:
    return NotImplementedError(
        f'deepcopy of {NAME} is not implemented: the other ranks would not know of the copy. Copy '
        'its module.')
