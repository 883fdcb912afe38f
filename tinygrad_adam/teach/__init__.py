"""What PyTorch does not have: data, figures, experiments, and a linter for training loops.

    from tinygrad_adam.teach import datasets, diagnose, lab, plot

Nothing outside this folder imports it, and it needs Matplotlib only when something is drawn.
"""
from . import datasets as datasets
from . import plot as plot
