"""What PyTorch does not have: data sets, figures, experiments, and a linter for training loops.

    from tinygrad_adam.teach import datasets     # handwritten digits, toy data, a reader of MNIST
    from tinygrad_adam.teach import plot         # figures of training; plot.graph draws a graph
    from tinygrad_adam.teach import diagnose     # finds mistakes in a training loop
    from tinygrad_adam.teach import lab          # fair comparisons of optimizers
    python -m tinygrad_adam.workshop             # exercises, and a checker that knows the mistakes
    python -m tinygrad_adam.teach.page           # a page to play with, for any browser

`import tinygrad_adam` loads none of it, and Matplotlib is loaded only when something is drawn.
"""
# lab is absent here: `python -m tinygrad_adam.teach.lab` must find it not yet imported.
from . import datasets as datasets, plot as plot
from .diagnosis import diagnose as diagnose
