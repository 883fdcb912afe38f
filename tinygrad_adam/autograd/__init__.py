"""Automatic differentiation. Read `graph.py` first, from its top; then `primitive.py`."""
from typing import TYPE_CHECKING, Any

from . import graph as graph
from .anomaly_mode import detect_anomaly as detect_anomaly
from .anomaly_mode import set_detect_anomaly as set_detect_anomaly
from .function import Function as Function
from .grad_mode import enable_grad as enable_grad
from .grad_mode import inference_mode as inference_mode
from .grad_mode import is_grad_enabled as is_grad_enabled
from .grad_mode import no_grad as no_grad
from .grad_mode import set_grad_enabled as set_grad_enabled
from .gradcheck import GradcheckError as GradcheckError
from .gradcheck import gradcheck as gradcheck
from .gradcheck import gradgradcheck as gradgradcheck
from .gradients import grad as grad
from .graph import Node as Node
from .graph import TensorBase as TensorBase
from .graph import backward as backward
from .graph import increment_version as increment_version
from .hooks import RemovableHandle as RemovableHandle
from .primitive import constant as constant
from .primitive import primitive as primitive

if TYPE_CHECKING:      # imported on first use: see _missing.py
    from . import functional as functional


def Variable(data: Any, requires_grad: bool = False) -> Any:
    """A tensor that shares the data's memory: what PyTorch called a tensor until 2018.

    data           a tensor
    requires_grad  whether operations on it are recorded
    """
    return data.detach().requires_grad_(requires_grad)


__all__ = [
    'Function', 'GradcheckError', 'Node', 'RemovableHandle', 'TensorBase', 'Variable', 'backward',
    'constant', 'detect_anomaly', 'enable_grad', 'grad', 'gradcheck', 'gradgradcheck', 'graph',
    'increment_version', 'inference_mode', 'is_grad_enabled', 'no_grad', 'primitive',
    'set_detect_anomaly', 'set_grad_enabled']
