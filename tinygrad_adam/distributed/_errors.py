"""The errors of torch.distributed: functions that return an exception which says what happened, why
it is wrong, and what to write instead."""
from __future__ import annotations

from typing import Any

from .._tensor import Tensor

INSTALL = 'pip install "tinygrad_adam[mpi]"'

# The process group.


def no_mpi(error: Exception) -> RuntimeError:
    return RuntimeError(
        f"Distributed package doesn't have MPI built in ({type(error).__name__}: {error}): ranks "
        f'talk through mpi4py and an MPI library, which are not here. Install both with {INSTALL}, '
        'or mpi4py for the MPI of your cluster.')


def other_backend(backend: str) -> RuntimeError:
    return RuntimeError(
        f"Distributed package doesn't have {backend.upper()} built in: the one backend here is "
        "MPI. Write init_process_group('mpi') and start the program with mpiexec -n 2 python ...")


def unknown_backend(backend: Any) -> ValueError:
    return ValueError(
        f'Backend constructor parameter must be string-ish, and the name of a backend, not '
        f"{backend!r}: the one here is MPI. Write init_process_group('mpi').")


def initialized_twice() -> ValueError:
    return ValueError(
        'trying to initialize the default process group twice! There is one for each program. Call '
        'init_process_group once, or destroy_process_group() before it.')


def not_initialized() -> ValueError:
    return ValueError(
        'Default process group has not been initialized, please make sure to call '
        "init_process_group: ranks know of each other only afterwards. Write "
        "init_process_group('mpi') first.")


def nothing_to_destroy() -> AssertionError:
    return AssertionError(
        'Process group cannot be None: there is no group to destroy. Ask is_initialized() first.')


def not_built(function: str, argument: str, value: Any) -> NotImplementedError:
    return NotImplementedError(
        f'{function}({argument}={value!r}) is not implemented: only its default is. Leave '
        f'{argument} out.')


def assigned_by_mpi(world_size: int, rank: int) -> str:
    return (f'For MPI backend, world_size ({world_size}) and rank ({rank}) are ignored since they '
            'are assigned by the MPI runtime. Leave them out.')


# Names of torch.distributed that are not here: what to write instead.

ALL_RANKS = ('the one group here is that of all ranks. Leave group out; for a part of the ranks, '
             'start a program of its own.')
COLLECT = 'write all_gather, and take from its list what this rank needs.'
REDUCE = 'write all_reduce, and take from the sum the part of this rank.'
OBJECTS = 'write broadcast_object_list, once for each rank that sends.'
MESSAGES = 'write isend and irecv for each tensor, and wait() for each Work.'
JOIN = ('all ranks must call forward and backward equally often. Give them equally many batches: '
        'DistributedSampler pads its shares to one length, and drop_last=True leaves the last '
        'batch out.')
INSTEAD: dict[str, str] = {
    'new_group': ALL_RANKS, 'new_subgroups': ALL_RANKS, 'new_subgroups_by_enumeration': ALL_RANKS,
    'split_group': ALL_RANKS, 'shrink_group': ALL_RANKS, 'group': ALL_RANKS,
    'GroupMember': ALL_RANKS, 'get_group_rank': ALL_RANKS, 'get_global_rank': ALL_RANKS,
    'get_process_group_ranks': ALL_RANKS, 'init_device_mesh': ALL_RANKS, 'DeviceMesh': ALL_RANKS,
    'all_gather_into_tensor': COLLECT + ' torch.cat makes one tensor of it.',
    'all_gather_single': COLLECT + ' torch.cat makes one tensor of it.',
    'all_gather_coalesced': 'write all_gather for each tensor.',
    'all_reduce_coalesced': 'write all_reduce for each tensor, or for torch.cat of them.',
    'all_to_all': COLLECT, 'all_to_all_single': COLLECT,
    'reduce_scatter': REDUCE, 'reduce_scatter_tensor': REDUCE, 'reduce_scatter_single': REDUCE,
    'all_gather_object': OBJECTS, 'gather_object': OBJECTS, 'scatter_object_list': OBJECTS,
    'send_object_list': OBJECTS, 'recv_object_list': OBJECTS,
    'batch_isend_irecv': MESSAGES, 'P2POp': MESSAGES,
    'monitored_barrier': 'write barrier: a rank that calls something else is told to all, and one '
                         'that has died ends the program.',
    'reduce_op': 'it is deprecated in PyTorch, too: write ReduceOp.',
    'algorithms': 'without Join, ' + JOIN}


# Arguments of collectives.


def no_tensor(name: str, x: Any) -> TypeError:
    return TypeError(
        f'Invalid function argument. Expected parameter `{name}` of type torch.Tensor but got '
        f'{type(x)} instead: its memory is what is sent or received. Use torch.tensor().')


def no_list(name: str, x: Any) -> TypeError:
    return TypeError(
        f'Invalid function argument. Expected parameter `{name}` of type List[torch.Tensor] but '
        f'got {type(x)} instead: it has one tensor for each rank. Write '
        f'{name}=[torch.empty(...) for _ in range(get_world_size())].')


def wrong_length(function: str, name: str, found: int, size: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: invalid tensor list {name} (expected length {size}, got {found}): it has one '
        'tensor for each rank. Make it as long as get_world_size().')


def element_differs(function: str, name: str, i: int, x: Tensor, tensor: Tensor) -> Exception:
    if x.dtype != tensor.dtype:
        return ValueError(
            f'Invalid usage of tensors with different dtypes Found {x.dtype} and {tensor.dtype}: '
            f'{function} copies bytes, and {name}[{i}] would misread them. Convert one of them.')
    return RuntimeError(
        f'{function}: invalid tensor size at index {i} of {name} (expected {tuple(tensor.shape)}, '
        f'got {tuple(x.shape)}): all ranks send tensors of one shape. Make '
        f'{name} of torch.empty_like(tensor).')


def list_missing(name: str, end: str) -> ValueError:
    return ValueError(
        f'Argument ``{name}`` must be specified on {end} rank: it has one tensor for each rank. '
        f'Pass a list there, and None on the others.')


def list_not_wanted(name: str, end: str) -> ValueError:
    return ValueError(
        f'Argument ``{name}`` must NOT be specified on non-{end} ranks: these have nothing to do '
        'with it. Pass None there.')


def no_such_rank(function: str, rank: Any, size: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: invalid root rank: {rank!r}. There are {size}, counted from 0. Pass one of '
        f'0, ..., {size - 1}.')


def no_rank(function: str) -> ValueError:
    return ValueError(
        f'Must specify global_rank or group_rank: {function} has one rank at one end. Pass its '
        'number.')


def two_ranks() -> ValueError:
    return ValueError(
        "Can't specify both group_rank and global_rank: in the one group there is, they are the "
        'same. Pass one of them.')


def own_rank(end: str) -> ValueError:
    return ValueError(
        f'Invalid {end} rank: {end} rank should not be the same as the rank of the current '
        'process: it would wait for itself. Use the tensor as it is.')


def no_source() -> NotImplementedError:
    return NotImplementedError(
        'irecv(src=None) is not implemented: a message comes in two parts, which could then be '
        'those of two ranks. Pass src, or call recv, which takes what comes first from any rank.')


def no_operation(op: Any) -> TypeError:
    return TypeError(
        f'incompatible function arguments: op is {op!r}, which does not say how to reduce. Pass '
        'one of ReduceOp.SUM, AVG, PRODUCT, MIN, MAX.')


def mean_of_integers(tensor: Tensor) -> RuntimeError:
    return RuntimeError(
        f"result type Float can't be cast to the desired output type {tensor.dtype}: a mean of "
        'integers is no integer. Convert with .float() first, or use ReduceOp.SUM.')


def read_only(function: str) -> RuntimeError:
    return RuntimeError(
        f'{function} writes into its tensor, but this one is read-only, or its elements share '
        'memory, as those of expand() do. Pass tensor.clone().')


def negative_tag(tag: Any) -> ValueError:
    return ValueError(
        f'tag={tag!r}: messages are told apart by integers from 0 on. Pass one of these.')


def objects_not_sent(error: TypeError) -> TypeError:
    return TypeError(
        f'broadcast_object_list sends what save() writes, since a pickle could run code on the '
        f'other ranks: {error}')

# What one rank cannot know.


def different_calls(calls: list[str]) -> RuntimeError:
    ranks: dict[str, list[int]] = {}
    for rank, call in enumerate(calls):
        ranks.setdefault(call, []).append(rank)
    told = '; '.join(f'rank {", ".join(map(str, numbers))}: {call}'
                     for call, numbers in ranks.items())
    return RuntimeError(
        f'The ranks call different things: {told}. A collective needs the same call from every '
        'rank, and would wait forever or mix up the data. Let all ranks make the same calls, in '
        'the same order, with tensors of the same shape and dtype, and give them equally many '
        'batches, as DistributedSampler does.')


def not_compiled(call: str) -> NotImplementedError:
    return NotImplementedError(
        f'{call} in a function that torch.compile records is not implemented: its program knows '
        'nothing of other ranks. Call it outside, or compile the module inside '
        'DistributedDataParallel.')


def other_message(source: int, sent: str, expected: str) -> RuntimeError:
    return RuntimeError(
        f'recv expected {expected}, but rank {source} has sent {sent}: bytes would be lost or '
        'misread. Let both tensors have the same shape and dtype.')


def rank_failed(rank: int, size: int, error: BaseException) -> str:
    return (f'\nRank {rank} of {size} has raised {type(error).__name__}. The other ranks would '
            'wait for it forever, so all of them end here.')


def ends_differ(rank: int, size: int, error: RuntimeError) -> str:
    return f'\nRank {rank} of {size} is at its end, and the others are not. {error}'
