"""Several processes that train one model, with the names of torch.distributed, on MPI.

    mpiexec -n 4 python train.py

starts the same program four times. Each process is a *rank*, with a number; they share no memory,
and send each other arrays. Install what they talk through with `pip install "tinygrad_adam[mpi]"`.
The same program runs on the nodes of a cluster, started by its `srun` or `mpiexec`.

**Why averaging gradients equals a larger batch.** The loss of a batch of B samples is the mean of
their losses, and the gradient of a mean is the mean of the gradients. Let n ranks have B/n samples
each. The mean over its own samples gives each rank a gradient; the mean of these n gradients is

    1/n sum_r  n/B sum_(i on rank r) g_i   =   1/B sum_i g_i,

that of the whole batch. So if all ranks begin with the same weights and take their steps with the
averaged gradient, they keep the same weights, and those are what one process with the whole batch
would have. It holds for equal parts and for a loss that is a mean over samples. It does not hold
for a layer that looks at the whole batch: BatchNorm in training normalizes with the mean of the B/n
samples on its rank.

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    >>> def gradient(samples):
    ...     return torch.autograd.grad(((w * samples - 1)**2).mean(), w)[0]
    >>> gradient(x), (gradient(x[:2]) + gradient(x[2:])) / 2
    (tensor(25.), tensor(25.))

`nn.parallel.DistributedDataParallel` does this to a model, and `utils.data.distributed
.DistributedSampler` gives each rank its samples:

    dist.init_process_group('mpi')
    model = DistributedDataParallel(model)
    loader = DataLoader(data, batch_size=B // dist.get_world_size(),
                        sampler=DistributedSampler(data))

**What scales.** A step takes the time of B/n samples, and that of sending the gradients: about
twice the bytes of all parameters, however many ranks there are. It pays if the first is longer, as
with large batches, convolutions and few parameters.

Before each collective the ranks tell each other what they are about to call, so that a mistake is
an error and not a program that stands still. https://pytorch.org/docs/stable/distributed.html
"""
from typing import Any, Callable

from .._missing import refusal
from ._errors import INSTEAD
from .collectives import (
    ReduceOp, all_gather, all_reduce, barrier, broadcast, broadcast_object_list, gather, irecv,
    isend, recv, reduce, scatter, send)
from .process_group import (
    ProcessGroup, destroy_process_group, get_backend, get_rank, get_world_size, init_process_group,
    is_available, is_gloo_available, is_initialized, is_mpi_available, is_nccl_available)
from .work import Work

__all__ = [
    'ProcessGroup', 'ReduceOp', 'Work', 'all_gather', 'all_reduce', 'barrier', 'broadcast',
    'broadcast_object_list', 'destroy_process_group', 'gather', 'get_backend', 'get_rank',
    'get_world_size', 'init_process_group', 'is_available', 'is_gloo_available', 'is_initialized',
    'is_mpi_available', 'is_nccl_available', 'irecv', 'isend', 'recv', 'reduce', 'scatter', 'send']

__getattr__: Callable[[str], Any] = refusal(__name__, INSTEAD)
