"""The processes that work together: how they are found, counted, and told from each other."""
from __future__ import annotations

import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..autograd.opaque import steps
from . import _errors as errors
from .faults import end_together, watched
from .waiting import wait

LENGTH = 128      # bytes in which a rank says what it calls or sends


def in_bytes(words: str) -> Any:
    """Words as LENGTH bytes, an array.

    words  at most as many of them are kept
    """
    return np.frombuffer(words.encode()[:LENGTH].ljust(LENGTH), np.uint8)


def in_words(received: Any) -> str:
    """What `in_bytes` was given.

    received  its array
    """
    return received.tobytes().decode().rstrip()


class ProcessGroup:
    """All ranks of the program; init_process_group makes it.

    MPI  the module mpi4py.MPI
    """

    def __init__(self, MPI: Any) -> None:
        self.MPI = MPI
        self.comm: Any = MPI.COMM_WORLD.Dup()     # so that no message of others comes in between
        self.works: set[Any] = set()              # asynchronous ones that have not been waited for
        self.watcher: Any = None                  # the process that watches this machine's ranks

    def rank(self) -> int:
        """The number of this process, from 0 on."""
        return self.comm.Get_rank()

    def size(self) -> int:
        """How many processes there are."""
        return self.comm.Get_size()

    def abort(self) -> None:
        """End all processes of the program at once."""
        self.MPI.COMM_WORLD.Abort(1)


class Agreement:
    """Every rank tells the others what it is about to call, so that a mistake is told, too.

    MPI itself would wait forever if one rank reduces and another one gathers, and may give wrong
    numbers if their shapes differ.

    group  the ranks
    call   what this one calls
    """

    def __init__(self, group: ProcessGroup, call: str) -> None:
        if steps.note is not None:
            raise errors.not_compiled(call)
        self.own: Any = in_bytes(call)
        self.calls: Any = np.empty((group.size(), LENGTH), np.uint8)
        self.request: Any = group.comm.Iallgather(self.own, self.calls)

    def check(self) -> None:
        """Wait for all ranks. Raises RuntimeError if one of them calls something else."""
        wait(self.request)
        if (self.calls != self.own).any():
            raise errors.different_calls([*map(in_words, self.calls)])


class World:
    """The group that functions use, and the one there has been since the program began."""

    group: ProcessGroup | None = None
    first: ProcessGroup | None = None


def init_process_group(backend: str | None = None, init_method: str | None = None,
                       timeout: Any = None, world_size: int = -1, rank: int = -1,
                       store: Any = None, group_name: str = '', pg_options: Any = None,
                       device_id: Any = None) -> None:
    """Find the other processes that mpiexec has started; alone, this is rank 0 of 1.

    backend           'mpi', also if it is None; others raise RuntimeError
    world_size, rank  are ignored with a warning, as in PyTorch: MPI knows them
    init_method, timeout, store, group_name, pg_options, device_id  only the defaults

    From here on an exception in one rank ends all of them, and so does a rank that is killed.
    Raises RuntimeError without mpi4py or an MPI library, ValueError if there is a group already.
    https://pytorch.org/docs/stable/distributed.html#torch.distributed.init_process_group
    """
    if World.group is not None:
        raise errors.initialized_twice()
    if backend is not None and not isinstance(backend, str):
        raise errors.unknown_backend(backend)
    if backend is not None and backend.lower() != 'mpi':
        known = backend.lower() in ('gloo', 'nccl', 'ucc', 'xccl')
        raise errors.other_backend(backend) if known else errors.unknown_backend(backend)
    refused = {'init_method': init_method, 'timeout': timeout, 'store': store,
               'group_name': group_name or None, 'pg_options': pg_options, 'device_id': device_id}
    for name, value in refused.items():
        if value is not None:
            raise errors.not_built('init_process_group', name, value)
    if world_size != -1 or rank != -1:
        warnings.warn(errors.assigned_by_mpi(world_size, rank), stacklevel=2)
    if World.first is None:
        try:
            MPI = import_module('mpi4py.MPI')
        except (ImportError, RuntimeError) as error:
            raise errors.no_mpi(error) from error
        World.first = ProcessGroup(MPI)
        if World.first.size() > 1:
            end_together(World.first, watched(World.first), Agreement)
    World.group = World.first


def destroy_process_group(group: ProcessGroup | None = None) -> None:
    """Wait for what is still under way, and forget the group.

    group  only None

    Raises AssertionError if there is no group.
    """
    if World.group is None:
        raise errors.nothing_to_destroy()
    for work in [*default_group('destroy_process_group', group).works]:
        work.wait()
    World.group = None


def default_group(function: str, group: Any) -> ProcessGroup:
    """The group of all ranks. Raises ValueError if there is none yet.

    function  who asks
    group     what it was given for its argument of this name: only None
    """
    if group is not None:
        raise errors.not_built(function, 'group', group)
    if World.group is None:
        raise errors.not_initialized()
    return World.group


def is_available() -> bool:
    """Whether this module is there: True. Ask is_mpi_available() whether it can be used."""
    return True


def is_mpi_available() -> bool:
    """Whether mpi4py is installed."""
    return find_spec('mpi4py') is not None


def is_gloo_available() -> bool:
    """Whether there is the backend Gloo: False."""
    return False


def is_nccl_available() -> bool:
    """Whether there is NVIDIA's backend NCCL: False."""
    return False


def is_initialized() -> bool:
    """Whether init_process_group was called, and destroy_process_group was not."""
    return World.group is not None


def get_rank(group: ProcessGroup | None = None) -> int:
    """The number of this process, from 0 on.

    group  only None
    """
    return default_group('get_rank', group).rank()


def get_world_size(group: ProcessGroup | None = None) -> int:
    """How many processes there are.

    group  only None
    """
    return default_group('get_world_size', group).size()


def get_backend(group: ProcessGroup | None = None) -> str:
    """How the processes talk: 'mpi'.

    group  only None
    """
    default_group('get_backend', group)
    return 'mpi'
