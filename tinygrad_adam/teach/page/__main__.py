"""python -m tinygrad_adam.teach.page: writes the page, or prints what it shows at a cursor."""
from __future__ import annotations

import argparse
from pathlib import Path
from typing import Sequence

from .build import page
from .printing import shown


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page, or print its numbers.

    arguments  the command line; None takes sys.argv
    """
    options = argparse.ArgumentParser(
        prog='python -m tinygrad_adam.teach.page',
        description='Train a small net with each optimizer, and write it all into one HTML file.')
    options.add_argument('--out', type=Path, default=Path('out/adam.html'),
                         help='the file (out/adam.html)')
    options.add_argument('--print', metavar='CURSOR', dest='cursor',
                         help="print the numbers that the page shows at 'z=desk&r=adam&t=12&w=17'")
    args = options.parse_args(arguments)
    if args.cursor is not None:
        try:
            print('\n'.join(shown(args.cursor)))
        except (KeyError, ValueError, IndexError) as error:
            options.error(f'{args.cursor!r} is no cursor of the page ({error}). Copy one from a '
                          "screen: 'z=desk&r=adam&t=12&w=17'")
        return
    text = page()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(text.encode('utf-8'))
    print(f'page: {args.out}, {args.out.stat().st_size / 1e6:.2f} MB')


if __name__ == '__main__':
    main()
