"""Optimizers. Read `optimizer.py`, the loop, then SGD, Adagrad, RMSprop, Adam, an idea each."""
from .optimizer import Optimizer
from .sgd import SGD
from .adagrad import Adagrad
from .rmsprop import RMSprop
from .adam import Adam, AdamW

__all__ = ['Optimizer', 'SGD', 'Adagrad', 'RMSprop', 'Adam', 'AdamW']
