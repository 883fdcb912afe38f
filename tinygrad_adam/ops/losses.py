"""Binary cross-entropy, in which a logarithm counts as at least -100."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.primitive import Row
from .pointwise import clamp, log


def _binary_cross_entropy(input, target):
    with np.errstate(divide='ignore'):
        return -(target * np.maximum(np.log(input), -100)
                 + (1 - target) * np.maximum(np.log(1 - input), -100))


def log_above(x: Any) -> Any:
    return clamp(log(x), -100.0, None)


binary_cross_entropy: Row = primitive(
    _binary_cross_entropy,
    input=lambda g, input, target: g * (input - target) / clamp(input * (1 - input), 1e-12, None),
    target=lambda g, input: g * (log_above(1 - input) - log_above(input)))
