"""Optimizers. Read `optimizer.py`, the loop, then SGD, Adagrad, RMSprop, Adam: one idea each."""
import sys as _sys
from typing import TYPE_CHECKING

from .._missing import complete as _complete
from . import lr_scheduler
from .optimizer import Optimizer
from .sgd import SGD
from .adagrad import Adagrad
from .rmsprop import RMSprop
from .adam import Adam
from .adamw import AdamW
from .adadelta import Adadelta
from .adamax import Adamax
from .nadam import NAdam
from .radam import RAdam
from .rprop import Rprop
from .asgd import ASGD
from .lbfgs import LBFGS

if TYPE_CHECKING:      # imported on first use: see _missing.py
    from . import swa_utils as swa_utils

__all__ = ['Optimizer', 'SGD', 'Adagrad', 'RMSprop', 'Adam', 'AdamW', 'Adadelta', 'Adamax', 'NAdam',
           'RAdam', 'Rprop', 'ASGD', 'LBFGS', 'lr_scheduler']

_complete(_sys.modules[__name__], lr_scheduler)
