"""What checkpoint.py says of wrong arguments: what happened, why it is wrong, what to write."""
from __future__ import annotations

from typing import Any


def reentrant_or_not() -> str:
    return ('torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly, '
            'since its default will change. Write use_reentrant=False, which is recommended.')


def keywords(names: Any) -> ValueError:
    return ValueError(
        f'Unexpected keyword arguments: {",".join(names)}: the function is called with arguments '
        'by position alone. Pass them so, or call checkpoint() with use_reentrant=False.')


def only_without_reentrant() -> ValueError:
    return ValueError(
        'Passing `context_fn` or `debug` is only supported when use_reentrant=False: the other '
        'variant has no contexts. Write use_reentrant=False.')


def no_debug() -> NotImplementedError:
    return NotImplementedError(
        'checkpoint(debug=True) is not implemented: the two calls are compared operation by '
        'operation in any case, and the error names the first that differs. Leave debug out.')


def unknown_check(name: object) -> ValueError:
    return ValueError(
        f"determinism_check should be one of ['default', 'none'] but got {name!r}: there is no "
        "other comparison of the two calls. Leave it out, or write 'none'.")


def nothing_requires_grad() -> str:
    return ('None of the inputs have requires_grad=True. Gradients will be None: with '
            'use_reentrant=True what is computed requires grad only if an input does. Write '
            'use_reentrant=False.')
