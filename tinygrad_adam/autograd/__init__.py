"""Automatic differentiation. Read `engine.py` first, from its top; then `gradients.py`."""
from .checks import GradcheckError, gradcheck, gradgradcheck
from .engine import Node, TensorBase, constant, primitive
from .gradients import backward, grad, increment_version
from .hooks import RemovableHandle
from .modes import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled

__all__ = ['Node', 'TensorBase', 'GradcheckError', 'RemovableHandle', 'backward', 'constant', 'enable_grad', 'grad',
           'gradcheck', 'gradgradcheck', 'increment_version', 'inference_mode', 'is_grad_enabled',
           'no_grad', 'primitive', 'set_grad_enabled']
