"""Whether operations are remembered: `no_grad` and its kin, for `with` and as decorators."""
from __future__ import annotations

from contextlib import ContextDecorator

from . import engine


class enable_grad(ContextDecorator):
    """Remember operations in this block or function, even inside a no_grad block.

    https://pytorch.org/docs/stable/generated/torch.enable_grad.html
    """

    mode = True

    def __new__(cls, function=None):
        new = super().__new__(cls)
        new.before = []
        return new(function) if callable(function) else new   # @no_grad without brackets

    def __enter__(self):
        self.before.append(engine.recording)
        engine.recording = self.mode

    def __exit__(self, *_):
        engine.recording = self.before.pop()


class no_grad(enable_grad):
    """Compute without remembering: what is made in this block or function has no graph.

    https://pytorch.org/docs/stable/generated/torch.no_grad.html
    """

    mode = False


class inference_mode(no_grad):
    """The same as `no_grad`; PyTorch's also forbids to use its results in a graph later."""

    def __init__(self, mode=True):
        self.mode = mode is False and engine.recording


class set_grad_enabled(enable_grad):
    """Remember operations or not, from here on; in a `with` block or a function, only there.

    https://pytorch.org/docs/stable/generated/torch.autograd.grad_mode.set_grad_enabled.html
    """

    def __init__(self, mode: bool):
        self.mode, self.before = bool(mode), [engine.recording]
        engine.recording = self.mode

    def __call__(self, function):
        engine.recording = self.before.pop()
        return super().__call__(function)

    def __enter__(self):
        engine.recording = self.mode


def is_grad_enabled() -> bool:
    """Whether operations are remembered now."""
    return engine.recording
