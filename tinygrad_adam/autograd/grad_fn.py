"""What `tensor.grad_fn` shows, as in PyTorch: its class, its name, and what comes before it.

    >>> import tinygrad_adam as torch
    >>> w = torch.ones(2, requires_grad=True)
    >>> (w * 3).exp().grad_fn.next_functions[0][0].name()
    'MulBackward0'

The walk (graph.py) needs none of this.
"""
from __future__ import annotations

import weakref
from functools import cached_property, lru_cache
from typing import Any

from . import _errors as errors

# PyTorch's names of operations that have another name here.
NAMES = {'avg_pool': 'AvgPool2D', 'broadcast_to': 'Expand', 'conv': 'Convolution',
         'getitem': 'Index', 'linear': 'Addmm', 'logsigmoid': 'LogSigmoid',
         'max_pool': 'MaxPool2DWithIndices', 'nll': 'NllLoss', 'pad': 'ConstantPadNd'}


class GradFn:
    """What a Node and an AccumulateGrad have in common for those who look at a graph."""

    __slots__ = ()
    plan: Any
    edges: list[tuple[Any, ...]]

    def name(self) -> str:
        """The name of the operation, as PyTorch spells it: 'MulBackward0'."""
        return type(self).__name__

    def __repr__(self) -> str:
        return f'<{type(self).__name__} object at {id(self):#x}>'

    def register_hook(self, fn: Any) -> Any:
        """Not implemented, for any function fn: tensors have hooks."""
        raise errors.hook_of_node(self, 'register_hook')

    def register_prehook(self, fn: Any) -> Any:
        """Not implemented, for any function fn: tensors have hooks."""
        raise errors.hook_of_node(self, 'register_prehook')

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """For each argument that has a derivative: (what computed it, 0).

        For a leaf that is an AccumulateGrad; None where no gradient is needed.
        """
        parents = {i: parent for (i, *_), (parent, *_) in zip(self.plan.edges, self.edges)}
        return tuple((accumulator(parents[i]) if i in parents else None, 0)
                     for i in self.plan.arguments)

    @cached_property
    def metadata(self) -> dict[Any, Any]:
        """A dictionary for notes about this node."""
        return {}


class AccumulateGrad(GradFn):
    """Where a graph ends: a leaf, `variable`, in whose `grad` gradients accumulate."""

    next_functions: tuple[tuple[Any, int], ...] = ()    # type: ignore[assignment]

    def __init__(self, variable: Any) -> None:
        self.variable: Any = variable

    def name(self) -> str:
        """As in PyTorch, with the namespace of its C++ source."""
        return 'torch::autograd::AccumulateGrad'


def accumulator(parent: Any) -> Any:
    """The AccumulateGrad of a leaf, the same one as long as it is referenced; a node as it is."""
    if isinstance(parent, GradFn):
        return parent
    known = vars(parent).get('_accumulator', lambda: None)()
    if known is None or known.variable is not parent:      # a copy of a leaf has the other one's
        known = AccumulateGrad(parent)
        parent._accumulator = weakref.ref(known)
    return known


def class_of(operation: str, node: Any) -> Any:
    """The class of the nodes of an operation, with PyTorch's name for it.

    operation  its name here
    node       the class of all nodes
    """
    name = NAMES.get(operation) or operation.title().replace('_', '')
    return subclass(f'{name}Backward0', node)


@lru_cache(maxsize=None)
def subclass(name: str, node: Any) -> Any:
    """The class of nodes of this name.

    name  that of the class
    node  the class of all nodes
    """
    return type(name, (node,), {'__slots__': (), '__module__': node.__module__})
