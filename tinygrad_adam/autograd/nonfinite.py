"""1 / 0 is inf and 0 / 0 is nan, as in PyTorch: NumPy's warnings about it are silenced.

A filter silences what NumPy reports for a line of this package, and only that. pytest and others
put their own filters before it (`-W error`), so computations call `quiet()` first, which restores
it; `primitive` checks inline whether it must, which takes 20 ns, a twentieth of `np.errstate`.
Where NumPy attributes the warning to its own code, as for x.sum() of infinities, no filter can tell
who called: use np.add.reduce there, or np.errstate, as walks through the graph do.
"""
from __future__ import annotations

import warnings
from typing import Any


class Quiet:
    """Puts the filter before all others, if it is not there already."""

    filter: Any = None    # as it stands in warnings.filters

    def __call__(self) -> None:
        if not warnings.filters or warnings.filters[0] is not self.filter:
            package = __name__.partition('.')[0]
            warnings.filterwarnings('ignore', category=RuntimeWarning, module=rf'{package}(\.|$)')
            self.filter = warnings.filters[0]


quiet: Quiet = Quiet()
quiet()
