"""The reports of several operations as one aligned text."""

from .operations import COLUMNS


def table(reports):
    sums = [sum(getattr(r, column) for r in reports) for column in COLUMNS]
    rows = [['', *COLUMNS], *([r.name, *[getattr(r, c) or '.' for c in COLUMNS]] for r in reports),
            ['all', *sums]]
    return '\n'.join(f'{name:<50}' + ''.join(f'{cell:>10}' for cell in cells)
                     for name, *cells in rows)
