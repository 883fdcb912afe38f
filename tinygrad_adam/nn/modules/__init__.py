"""The classes of nn, and the files in which PyTorch has them: nn.modules.conv.Conv2d."""
from .. import *  # noqa: F401,F403
from . import activation as activation
from . import batchnorm as batchnorm
from . import container as container
from . import conv as conv
from . import distance as distance
from . import dropout as dropout
from . import flatten as flatten
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
