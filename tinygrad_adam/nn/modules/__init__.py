"""The classes of nn, and the files in which PyTorch has them: nn.modules.conv.Conv2d."""
import sys as _sys

from .. import *  # noqa: F401,F403
from ..._missing import complete as _complete
from . import activation as activation
from . import batchnorm as batchnorm
from . import channelshuffle as channelshuffle
from . import container as container
from . import conv as conv
from . import distance as distance
from . import dropout as dropout
from . import flatten as flatten
from . import fold as fold
from . import instancenorm as instancenorm
from . import linear as linear
from . import loss as loss
from . import module as module
from . import normalization as normalization
from . import padding as padding
from . import pixelshuffle as pixelshuffle
from . import pooling as pooling
from . import rnn as rnn
from . import sparse as sparse
from . import transformer as transformer
from . import upsampling as upsampling
from . import utils as utils
from .utils import (
    consume_prefix_in_state_dict_if_present as consume_prefix_in_state_dict_if_present)

_complete(_sys.modules[__name__], activation, batchnorm, channelshuffle, container, conv,
          distance, dropout, flatten, fold, instancenorm, linear, loss, module, normalization,
          padding, pixelshuffle, pooling, rnn, sparse, transformer, upsampling, utils)
