"""What the ranks do together: each function is called by all of them, or by a pair.

They check their arguments, tell the others what they are about to do (Agreement), and leave the
rest to MPI. What they write, they write into the tensors they are given.
"""
from __future__ import annotations

import io
from enum import Enum
from functools import lru_cache
from typing import Any, Callable, Sequence

import numpy as np

from .._tensor import Tensor
from ..autograd import increment_version
from ..autograd.opaque import steps
from ..serialization import load, save
from . import _errors as errors
from .process_group import (
    LENGTH, Agreement, ProcessGroup, default_group, in_bytes, in_words)
from .waiting import wait
from .work import Work, perform


class RedOpType(Enum):
    """The kinds of ReduceOp."""

    SUM = 0
    AVG = 1
    PRODUCT = 2
    MIN = 3
    MAX = 4


class ReduceOp:
    """How several tensors become one, element by element: SUM, AVG (the mean), PRODUCT, MIN, MAX.

    https://pytorch.org/docs/stable/distributed.html#torch.distributed.ReduceOp
    """

    RedOpType = RedOpType
    SUM = RedOpType.SUM
    AVG = RedOpType.AVG
    PRODUCT = RedOpType.PRODUCT
    MIN = RedOpType.MIN
    MAX = RedOpType.MAX


# In MPI: of numbers, and of truth values as the bytes 0 and 1, where True + True is True.
IN_MPI: dict[RedOpType, str] = {
    RedOpType.SUM: 'SUM', RedOpType.AVG: 'SUM', RedOpType.PRODUCT: 'PROD', RedOpType.MIN: 'MIN',
    RedOpType.MAX: 'MAX'}
OF_BYTES: dict[str, str] = {'SUM': 'MAX', 'PROD': 'MIN'}
KEEPING_NAN: dict[RedOpType, Any] = {RedOpType.MIN: np.minimum, RedOpType.MAX: np.maximum}


@lru_cache(maxsize=None)
def keeping_nan(function: Any, MPI: Any) -> Any:
    """The operation of MPI that takes the least or the largest of numbers, and nan if there is one,
    as min() and max() do. With MPI's own it depends on the order, and ranks may get other numbers.

    function  np.minimum or np.maximum
    MPI       the module mpi4py.MPI
    """
    def apply(received: Any, so_far: Any, datatype: Any) -> None:
        one, other = [np.frombuffer(x, f'f{datatype.Get_size()}') for x in (received, so_far)]
        function(one, other, out=other)

    return MPI.Op.Create(apply, commute=True)


# What the functions have in common.

def described(function: str, tensor: Tensor, rest: str = '') -> str:
    """A call in words.

    function  its name
    tensor    its argument
    rest      what else all ranks must agree on
    """
    return f'{function} of {tensor.dtype} {tuple(tensor.shape)}{rest}'


def checked(name: str, tensor: Any, written: str = '') -> Tensor:
    """The tensor, if it is one.

    name     that of the argument
    tensor   what was passed
    written  the function that writes into it, if one does
    """
    if not isinstance(tensor, Tensor):
        raise errors.no_tensor(name, tensor)
    if written and (tensor._overlaps() or not tensor._array.flags.writeable):
        raise errors.read_only(written)
    return tensor


def checked_list(function: str, name: str, tensors: Any, tensor: Tensor, size: int,
                 written: bool = True) -> list[Tensor]:
    """The list, if it has a tensor like this one for each rank.

    function  whose argument it is
    name      that of the argument
    tensors   the list
    tensor    what each rank sends or receives
    size      how many ranks there are
    written   whether the function writes into the list
    """
    if not isinstance(tensors, (list, tuple)):
        raise errors.no_list(name, tensors)
    if len(tensors) != size:
        raise errors.wrong_length(function, name, len(tensors), size)
    for i, x in enumerate(tensors):
        checked(f'{name}[{i}]', x, function if written else '')
        if x.dtype != tensor.dtype or x.shape != tensor.shape:
            raise errors.element_differs(function, name, i, x, tensor)
    return list(tensors)


def rank_of(function: str, rank: Any, group_rank: Any, group: ProcessGroup) -> int:
    """The rank at the one end of a collective.

    function          whose argument it is
    rank, group_rank  the arguments: one of them
    group             the ranks
    """
    if rank is not None and group_rank is not None:
        raise errors.two_ranks()
    found = rank if group_rank is None else group_rank
    if found is None:
        raise errors.no_rank(function)
    if not isinstance(found, int) or not 0 <= found < group.size():
        raise errors.no_such_rank(function, found, group.size())
    return found


def contiguous(tensor: Tensor) -> Any:
    """The array of a tensor with its elements in order in memory: itself, or a copy."""
    return tensor._array if tensor._array.flags.c_contiguous else tensor._array.copy('C')


def put(tensor: Tensor, array: Any) -> None:
    """Write an array into a tensor.

    tensor  the tensor
    array   of its shape; its own array has been written to already
    """
    if array is not tensor._array:
        tensor._array[...] = array
    increment_version(tensor)


def reduction(op: Any, tensor: Tensor, group: ProcessGroup) -> tuple[Any, Any, Callable[[], None]]:
    """(the memory to reduce, how in MPI, what is to be done afterwards).

    op      one of ReduceOp
    tensor  what is reduced
    group   the ranks
    """
    if not isinstance(op, RedOpType):
        raise errors.no_operation(op)
    if op is RedOpType.AVG and tensor._array.dtype.kind != 'f':
        raise errors.mean_of_integers(tensor)
    array, name = contiguous(tensor), IN_MPI[op]
    buffer = array
    if array.dtype.kind == 'b':
        buffer, name = array.view(np.uint8), OF_BYTES.get(name, name)

    def finish():
        if op is RedOpType.AVG:
            array[...] /= group.size()
        put(tensor, array)

    if array.dtype.kind == 'f' and op in KEEPING_NAN:
        return buffer, keeping_nan(KEEPING_NAN[op], group.MPI), finish
    return buffer, getattr(group.MPI, name), finish


# From all to all.

def barrier(group: Any = None, async_op: bool = False, device_ids: Any = None,
            timeout: Any = None) -> Work | None:
    """Wait until all ranks have called it.

    async_op                    return a Work instead, whose wait() waits
    group, device_ids, timeout  only None
    """
    ranks = default_group('barrier', group)
    for name, value in (('device_ids', device_ids), ('timeout', timeout)):
        if value is not None:
            raise errors.not_built('barrier', name, value)
    return perform(ranks, 'barrier', 'Barrier', (), lambda: None, async_op)


def all_reduce(tensor: Tensor, op: Any = ReduceOp.SUM, group: Any = None,
               async_op: bool = False) -> Work | None:
    """Replace the tensor of each rank by the sum of all.

    tensor    of one shape and dtype on all ranks
    op        one of ReduceOp: another operation than the sum
    group     only None
    async_op  return a Work at once; until its wait() leave the tensor alone

    Every rank gets the same bits. https://pytorch.org/docs/stable/distributed.html
    """
    checked('tensor', tensor, 'all_reduce')
    ranks = default_group('all_reduce', group)
    buffer, how, finish = reduction(op, tensor, ranks)
    return perform(ranks, described('all_reduce', tensor, f' with {op.name}'), 'Allreduce',
                   (ranks.MPI.IN_PLACE, buffer, how), finish, async_op)


def all_gather(tensor_list: Sequence[Tensor], tensor: Tensor, group: Any = None,
               async_op: bool = False) -> Work | None:
    """Write the tensors of all ranks, in order, into the list of each.

    tensor_list  a tensor for each rank
    tensor       what this rank sends, of one shape and dtype on all ranks
    group        only None
    async_op     return a Work at once; until its wait() leave the tensors alone
    """
    if not isinstance(tensor_list, (list, tuple)):
        raise errors.no_list('tensor_list', tensor_list)
    checked('tensor', tensor)
    ranks = default_group('all_gather', group)
    tensors = checked_list('all_gather', 'tensor_list', tensor_list, tensor, ranks.size())
    sent, received = contiguous(tensor), _room_for(tensors)
    return perform(ranks, described('all_gather', tensor), 'Allgather', (sent, received),
                   lambda: _put_all(tensors, received), async_op)


# From one to all.

def broadcast(tensor: Tensor, src: int | None = None, group: Any = None, async_op: bool = False,
              group_src: int | None = None) -> Work | None:
    """Give all ranks the tensor of one.

    tensor     what is sent by that rank, and overwritten on the others; of one shape and dtype
    src        the rank that sends
    group      only None
    async_op   return a Work at once; until its wait() leave the tensor alone
    group_src  the same as src
    """
    checked('tensor', tensor, 'broadcast')
    ranks = default_group('broadcast', group)
    root = rank_of('broadcast', src, group_src, ranks)
    array = contiguous(tensor)
    return perform(ranks, described('broadcast', tensor, f' from rank {root}'), 'Bcast',
                   (array, root), lambda: put(tensor, array), async_op)


def scatter(tensor: Tensor, scatter_list: Sequence[Tensor] | None = None, src: int | None = None,
            group: Any = None, async_op: bool = False, group_src: int | None = None) -> Work | None:
    """Give each rank one of the tensors that one rank has.

    tensor        is overwritten by the tensor received
    scatter_list  on the rank that sends, a tensor for each rank; None on the others
    src           the rank that sends; None is 0
    group         only None
    async_op      return a Work at once; until its wait() leave the tensors alone
    group_src     the same as src
    """
    checked('tensor', tensor, 'scatter')
    ranks = default_group('scatter', group)
    root = rank_of('scatter', 0 if src is None and group_src is None else src, group_src, ranks)
    sent = None
    if _is_at_the_end('scatter_list', scatter_list, root, ranks, 'source'):
        tensors = checked_list('scatter', 'scatter_list', scatter_list, tensor, ranks.size(), False)
        sent = np.array([x._array for x in tensors])
    received = contiguous(tensor)
    return perform(ranks, described('scatter', tensor, f' from rank {root}'), 'Scatter',
                   (sent, received, root), lambda: put(tensor, received), async_op)


def broadcast_object_list(object_list: list[Any], src: int | None = None, group: Any = None,
                          device: Any = None, group_src: int | None = None) -> None:
    """Give all ranks the objects of one.

    object_list  what is sent by that rank, and overwritten on the others; as long on all ranks.
                 Numbers, strings, None, tensors, and lists, tuples and dicts of these: what save()
                 writes. Anything else raises TypeError, since a pickle could run code
    src          the rank that sends; None is 0
    device       None or 'cpu'
    group        only None
    group_src    the same as src
    """
    ranks = default_group('broadcast_object_list', group)
    if device is not None and str(device) != 'cpu':
        raise errors.not_built('broadcast_object_list', 'device', device)
    root = rank_of('broadcast_object_list', 0 if src is None and group_src is None else src,
                   group_src, ranks)
    sends, file = ranks.rank() == root, io.BytesIO()
    objects = list(object_list)
    if sends:
        try:
            save(objects, file)
        except TypeError as error:
            raise errors.objects_not_sent(error) from error
    Agreement(ranks, f'broadcast_object_list of {len(objects)} objects from rank {root}').check()
    length = np.array(len(file.getvalue()))
    ranks.comm.Bcast(length, root)
    content = np.frombuffer(bytearray(file.getvalue() or int(length)), np.uint8)
    ranks.comm.Bcast(content, root)
    if not sends:
        object_list[:] = load(io.BytesIO(content.tobytes()))


# From all to one.

def reduce(tensor: Tensor, dst: int | None = None, op: Any = ReduceOp.SUM, group: Any = None,
           async_op: bool = False, group_dst: int | None = None) -> Work | None:
    """Replace the tensor of one rank by the sum of all; those of the others stay.

    tensor     of one shape and dtype on all ranks
    dst        the rank that receives
    op         one of ReduceOp: another operation than the sum
    group      only None
    async_op   return a Work at once; until its wait() leave the tensor alone
    group_dst  the same as dst
    """
    checked('tensor', tensor, 'reduce')
    ranks = default_group('reduce', group)
    root = rank_of('reduce', dst, group_dst, ranks)
    buffer, how, finish = reduction(op, tensor, ranks)
    receives = ranks.rank() == root
    buffers = (ranks.MPI.IN_PLACE, buffer) if receives else (buffer, None)
    return perform(ranks, described('reduce', tensor, f' to rank {root} with {op.name}'), 'Reduce',
                   (*buffers, how, root), finish if receives else lambda: None, async_op)


def gather(tensor: Tensor, gather_list: Sequence[Tensor] | None = None, dst: int | None = None,
           group: Any = None, async_op: bool = False, group_dst: int | None = None) -> Work | None:
    """Write the tensors of all ranks, in order, into the list of one.

    tensor       what this rank sends, of one shape and dtype on all ranks
    gather_list  on the rank that receives, a tensor for each rank; None on the others
    dst          the rank that receives; None is 0
    group        only None
    async_op     return a Work at once; until its wait() leave the tensors alone
    group_dst    the same as dst
    """
    checked('tensor', tensor)
    ranks = default_group('gather', group)
    root = rank_of('gather', 0 if dst is None and group_dst is None else dst, group_dst, ranks)
    tensors, received = [], None
    if _is_at_the_end('gather_list', gather_list, root, ranks, 'destination'):
        tensors = checked_list('gather', 'gather_list', gather_list, tensor, ranks.size())
        received = _room_for(tensors)
    return perform(ranks, described('gather', tensor, f' to rank {root}'), 'Gather',
                   (contiguous(tensor), received, root), lambda: _put_all(tensors, received),
                   async_op)


def _is_at_the_end(name: str, tensors: Any, root: int, group: ProcessGroup, end: str) -> bool:
    if group.rank() != root:
        if tensors:
            raise errors.list_not_wanted(name, end)
        return False
    if not tensors:
        raise errors.list_missing(name, end)
    return True


def _room_for(tensors: Sequence[Tensor]) -> Any:
    return np.empty((len(tensors), *tensors[0].shape), tensors[0]._array.dtype)


def _put_all(tensors: Sequence[Tensor], arrays: Any) -> None:
    for i, tensor in enumerate(tensors):
        put(tensor, arrays[i])


# From one to one. What is sent comes after a message that describes it.

def send(tensor: Tensor, dst: int | None = None, group: Any = None, tag: int = 0,
         group_dst: int | None = None) -> None:
    """Send a tensor to another rank, which calls recv or irecv.

    tensor     what is sent
    dst        the rank that receives
    group      only None
    tag        a number, the same in recv
    group_dst  the same as dst
    """
    checked('tensor', tensor)
    ranks = default_group('send', group)
    other = _other('send', 'destination', dst, group_dst, ranks)
    ranks.comm.Send(_description(tensor), other, _tag(tag))
    ranks.comm.Send(contiguous(tensor), other, tag)


def isend(tensor: Tensor, dst: int | None = None, group: Any = None, tag: int = 0,
          group_dst: int | None = None) -> Work:
    """Send a tensor as send does, without waiting: until wait() of the Work leave the tensor alone.

    tensor     what is sent
    dst        the rank that receives
    group      only None
    tag        a number, the same in recv
    group_dst  the same as dst
    """
    checked('tensor', tensor)
    ranks = default_group('isend', group)
    other = _other('isend', 'destination', dst, group_dst, ranks)
    return Work(ranks, [(ranks.comm.Isend(message, other, _tag(tag)), lambda: None)
                        for message in (_description(tensor), contiguous(tensor))])


def recv(tensor: Tensor, src: int | None = None, group: Any = None, tag: int = 0,
         group_src: int | None = None) -> int:
    """Receive a tensor that another rank sends.

    tensor     is overwritten; of the shape and dtype of the one that is sent (RuntimeError)
    src        the rank that sends; None: any
    group      only None
    tag        a number, the same in send
    group_src  the same as src

    Returns the rank that has sent it.
    """
    checked('tensor', tensor, 'recv')
    ranks = default_group('recv', group)
    other, status = _other('recv', 'source', src, group_src, ranks), ranks.MPI.Status()
    sent, expected = np.empty(LENGTH, np.uint8), _description(tensor)
    ranks.comm.Recv(sent, other, _tag(tag), status)
    source = status.Get_source()
    if (sent != expected).any():
        ranks.comm.Probe(source, tag, status)      # so that the next one finds the next message
        ranks.comm.Recv(np.empty(status.Get_count(ranks.MPI.BYTE), np.uint8), source, tag)
        raise errors.other_message(source, in_words(sent), in_words(expected))
    array = contiguous(tensor)
    ranks.comm.Recv(array, source, tag)
    put(tensor, array)
    return source


def irecv(tensor: Tensor, src: int | None = None, group: Any = None, tag: int = 0,
          group_src: int | None = None) -> Work:
    """Receive a tensor as recv does, without waiting: until wait() of the Work leave it alone.

    tensor     is overwritten; of the shape and dtype of the one that is sent (RuntimeError, by
               wait())
    src        the rank that sends; unlike recv's it must be given
    group      only None
    tag        a number, the same in send
    group_src  the same as src
    """
    if src is None and group_src is None:
        raise errors.no_source()
    checked('tensor', tensor, 'irecv')
    ranks = default_group('irecv', group)
    other = _other('irecv', 'source', src, group_src, ranks)
    sent, expected = np.empty(LENGTH, np.uint8), _description(tensor)
    array = np.empty(tensor.shape, tensor._array.dtype)
    first, second = [ranks.comm.Irecv(message, other, _tag(tag)) for message in (sent, array)]

    def check():
        if (sent != expected).any():
            try:
                wait(second)      # so that the next one finds the next message
            except ranks.MPI.Exception:
                pass              # it is longer than the tensor
            raise errors.other_message(other, in_words(sent), in_words(expected))

    return Work(ranks, [(first, check), (second, lambda: put(tensor, array))])


def _description(tensor: Tensor) -> Any:
    return in_bytes(f'{tensor.dtype} {tuple(tensor.shape)}')


def _other(function: str, end: str, rank: Any, group_rank: Any, group: ProcessGroup) -> int:
    if steps.note is not None:
        raise errors.not_compiled(function)
    if function == 'recv' and rank is None and group_rank is None:
        return group.MPI.ANY_SOURCE
    found = rank_of(function, rank, group_rank, group)
    if found == group.rank():
        raise errors.own_rank(end)
    return found


def _tag(tag: Any) -> int:
    if not isinstance(tag, int) or tag < 0:
        raise errors.negative_tag(tag)
    return tag
