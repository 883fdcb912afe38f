"""`python -m tinygrad_adam.workshop`: write backpropagation and Adam, see teach/workshop/."""
from __future__ import annotations

import sys

from .teach.workshop.commands import main

if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
