"""1 / 0 is inf and 0 / 0 is nan, as in PyTorch: NumPy's warnings of that are not for our users.

A filter silences what NumPy says of a line of this package, and only that. pytest and others put
their own filters before it (`-W error`), so whoever computes calls `quiet()` first, which puts it
back; `primitive` looks by itself whether it has to, which takes 20 ns, a twentieth of
`np.errstate`. Where NumPy warns of one of its own lines, as in x.sum() of infinities, no filter can
tell who called: there use np.add.reduce, or np.errstate, as walks through the graph do.
"""
from __future__ import annotations

import warnings
from typing import Any


class Quiet:
    """Puts the filter before all others, if it is not there."""

    filter: Any = None    # as it stands in warnings.filters

    def __call__(self) -> None:
        if not warnings.filters or warnings.filters[0] is not self.filter:
            package = __name__.partition('.')[0]
            warnings.filterwarnings('ignore', category=RuntimeWarning, module=rf'{package}(\.|$)')
            self.filter = warnings.filters[0]


quiet: Quiet = Quiet()
quiet()
