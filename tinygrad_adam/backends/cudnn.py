"""NVIDIA's library for deep learning: not used. Programs may set what it would obey."""
from __future__ import annotations

enabled: bool = True            # whether to use it where it is
deterministic: bool = False     # whether to choose algorithms that give the same every time
benchmark: bool = False         # whether to try which algorithm is fastest
allow_tf32: bool = True         # whether to round float32 for speed


def is_available() -> bool:
    """Whether it computes: False."""
    return False


def version() -> None:
    """Its version: None, since it is absent."""
    return None
