"""Automatic differentiation. Read `engine.py` first, from its top; then `gradients.py`."""
from .anomaly import detect_anomaly, set_detect_anomaly
from .checks import GradcheckError, gradcheck, gradgradcheck
from .engine import Node, TensorBase, constant, primitive
from .function import Function
from .gradients import backward, grad, increment_version
from .hooks import RemovableHandle
from .modes import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled


def Variable(data, requires_grad=False):
    """A tensor that shares the data's memory: what PyTorch called a tensor until 2018."""
    return data.detach().requires_grad_(requires_grad)


__all__ = [
    'Function', 'GradcheckError', 'Node', 'RemovableHandle', 'TensorBase', 'Variable', 'backward',
    'constant', 'detect_anomaly', 'enable_grad', 'grad', 'gradcheck', 'gradgradcheck',
    'increment_version', 'inference_mode', 'is_grad_enabled', 'no_grad', 'primitive',
    'set_detect_anomaly', 'set_grad_enabled']
