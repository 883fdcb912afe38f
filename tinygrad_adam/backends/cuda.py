"""NVIDIA's GPUs: not used. Programs may set what they would obey."""
from __future__ import annotations

from types import SimpleNamespace

matmul: SimpleNamespace = SimpleNamespace(allow_tf32=False)     # whether to round float32 for speed


def is_built() -> bool:
    """Whether this package could use one: False."""
    return False
