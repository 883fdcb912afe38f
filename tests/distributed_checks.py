"""What several ranks must find true: test_distributed.py runs this under mpiexec.

    mpiexec -n 3 python tests/distributed_checks.py

Each check is called by all ranks, and rank 0 prints its name if it holds on all of them.
"""
import sys
from contextlib import contextmanager

import numpy as np

import tinygrad_adam as torch
import tinygrad_adam.distributed as dist
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.nn.parallel import DistributedDataParallel
from tinygrad_adam.utils.data.distributed import DistributedSampler


def rank():
    return dist.get_rank()


def size():
    return dist.get_world_size()


def own(*shape, dtype=torch.float64):
    """A tensor whose values tell the rank."""
    return torch.arange(int(np.prod(shape))).reshape(shape).to(dtype) + rank()


def of(other, *shape, dtype=torch.float64):
    """The tensor `own` of another rank."""
    return own(*shape, dtype=dtype) - rank() + other


def linear():
    return nn.Linear(2, 1, bias=False)


@contextmanager
def told(*words, error=RuntimeError):
    """Within the block this error is raised, with these words."""
    try:
        yield
    except error as raised:
        assert all(word in str(raised) for word in words), raised
    else:
        raise AssertionError(f'no {error.__name__} with {words}')


# Collectives.

def check_all_reduce_gives_all_ranks_the_same():
    n = size()
    for op, number in {'SUM': n * (n + 1) / 2, 'AVG': (n + 1) / 2, 'MIN': 1, 'MAX': n,
                       'PRODUCT': np.prod(np.arange(1, n + 1))}.items():
        x = torch.full((2, 3), rank() + 1.0)
        assert dist.all_reduce(x, getattr(dist.ReduceOp, op)) is None
        assert (x == number).all(), op


def check_every_dtype_and_memory_layout_is_reduced():
    for dtype in (torch.float32, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8,
                  torch.uint8):
        for x in (own(3, dtype=dtype), own(2, 3, dtype=dtype).t(), own(4, dtype=dtype)[::2],
                  own(1, dtype=dtype)[0], own(0, dtype=dtype)):
            total = sum((x - rank()) + r for r in range(size()))
            dist.all_reduce(x)
            assert x.dtype == dtype and (x == total).all()
    x = torch.tensor([True, rank() == 0, False])
    dist.all_reduce(x)
    assert x.tolist() == [True, True, False]
    dist.all_reduce(x, dist.ReduceOp.PRODUCT)
    assert x.tolist() == [True, True, False]


def check_nan_is_the_least_and_the_largest_on_all_ranks():
    for op in (dist.ReduceOp.MIN, dist.ReduceOp.MAX):
        for dtype in (torch.float32, torch.float64):
            for other in range(size()):
                x = torch.tensor([float('nan') if rank() == other else 1.0, rank()], dtype=dtype)
                y, work = x.clone(), dist.all_reduce(x, op, async_op=True)
                work.wait()
                dist.reduce(y, 0, op)
                number = 0 if op is dist.ReduceOp.MIN else size() - 1
                assert np.isnan(x[0].item()) and x[1] == number
                assert rank() or np.isnan(y[0].item()) and y[1] == number


def check_a_mean_of_integers_is_refused():
    with told('Float', 'int64'):
        dist.all_reduce(torch.tensor([1]), dist.ReduceOp.AVG)


def check_broadcast_gives_all_ranks_the_tensor_of_one():
    for root in range(size()):
        x = own(2, 3).t()
        dist.broadcast(x, root)
        assert (x == of(root, 2, 3).t()).all()


def check_reduce_leaves_the_others_alone():
    x, root = own(3), size() - 1
    dist.reduce(x, root)
    assert (x == (sum(of(r, 3) for r in range(size())) if rank() == root else own(3))).all()


def check_gather_all_gather_and_scatter_keep_the_order_of_ranks():
    everyone = [of(r, 2) for r in range(size())]
    found = [torch.empty(2, dtype=torch.float64) for _ in everyone]
    dist.all_gather(found, own(2))
    assert all((a == b).all() for a, b in zip(found, everyone))
    root = size() - 1
    found = [torch.empty(2, dtype=torch.float64) for _ in everyone] if rank() == root else None
    dist.gather(own(2), found, dst=root)
    assert all((a == b).all() for a, b in zip(found or [], everyone))
    x = torch.empty(2, dtype=torch.float64)
    dist.scatter(x, everyone if rank() == root else None, src=root)
    assert (x == own(2)).all()


def check_a_tensor_goes_round_in_a_ring():
    if size() == 1:
        return
    before, after = (rank() - 1) % size(), (rank() + 1) % size()
    x = torch.empty(2, 2, dtype=torch.float64)
    for tag in (0, 3):
        if rank() == 0:
            dist.send(own(2, 2), after, tag=tag)
        assert dist.recv(x, before if tag else None, tag=tag) == before
        if rank():
            dist.send(x, after, tag=tag)
        assert (x == of(0, 2, 2)).all()
    if rank() == 0:
        dist.send(own(4), 1)
        dist.send(own(2, 2), 1)
    if rank() == 1:
        with told('rank 0', '(4,)', '(2, 2)'):
            dist.recv(x, 0)
        dist.recv(x, 0)


def check_messages_are_under_way_until_they_are_waited_for():
    if size() == 1:
        return
    before, after = (rank() - 1) % size(), (rank() + 1) % size()
    sent = [own(2, 3).t(), own(), torch.tensor([True, False]), own(0, dtype=torch.int64)]
    found = [torch.zeros(6, 2, dtype=torch.float64)[::2], torch.zeros((), dtype=torch.float64),
             torch.zeros(2, dtype=torch.bool), torch.empty(0, dtype=torch.int64)]
    works = [dist.irecv(x, before) for x in found] + [dist.isend(x, after) for x in sent]
    while not works[-1].is_completed():
        pass
    assert all(work.wait() and work.is_success() for work in works)
    assert (found[0] == of(before, 2, 3).t()).all() and found[1] == before
    assert found[2].tolist() == [True, False]
    for shape, told_of in ((4,), '(4,)'), ((1,), '(1,)'):
        works = [dist.isend(torch.ones(shape), after), dist.isend(torch.ones(2), after)]
        x, y = torch.zeros(2), torch.zeros(2)
        wrong, right = dist.irecv(x, before), dist.irecv(y, before)
        with told(f'rank {before}', told_of, '(2,)'):
            wrong.wait()
        assert right.wait() and x.tolist() == [0, 0] and y.tolist() == [1, 1]
        works[0].wait(), works[1].wait()
    w = torch.ones(2, requires_grad=True)
    y = w.exp()
    works = dist.irecv(y, before), dist.isend(torch.ones(2), after)
    assert works[0].wait() and works[1].wait()
    with told('exp()'):
        y.sum().backward()


def check_objects_are_sent_without_pickle():
    given = [1, 'a', None, {'b': (2.5, [True])}, torch.tensor([1.0])]
    objects = list(given) if rank() == 0 else [None] * 5
    dist.broadcast_object_list(objects)
    assert objects[:4] == given[:4] and objects[4].tolist() == [1.0]
    if rank() == 0:
        with told('set', 'pickle', error=TypeError):
            dist.broadcast_object_list([{1}])


def check_work_is_done_when_it_was_waited_for():
    x, y = own(3), own(3)
    works = [dist.all_reduce(x, async_op=True), dist.broadcast(y, 0, async_op=True),
             dist.barrier(async_op=True)]
    assert all(work.wait() and work.is_completed() and work.is_success() for work in works)
    assert (x == sum(of(r, 3) for r in range(size()))).all() and (y == of(0, 3)).all()
    lists = [torch.empty(3, dtype=torch.float64) for _ in range(size())]
    work = dist.all_gather(lists, own(3), async_op=True)
    while not work.is_completed():
        pass
    assert all((lists[r] == of(r, 3)).all() for r in range(size()))


def check_what_changes_in_place_is_noticed_by_backward():
    w = torch.ones(2, requires_grad=True)
    y = w.exp()
    dist.all_reduce(y)
    with told('exp()'):
        y.sum().backward()


# Mistakes are told on all ranks.

def check_ranks_that_call_different_things_are_told():
    if size() == 1:
        return
    x, first = torch.ones(2), rank() == 0
    lists = [torch.empty(2) for _ in range(size())]
    with told('rank 0: barrier', 'all_reduce of torch.float32 (2,) with SUM'):
        dist.barrier() if first else dist.all_reduce(x)
    with told('(3,)', '(2,)'):
        dist.all_reduce(torch.ones(3) if first else x)
    with told('float64', 'float32'):
        dist.broadcast(x.double() if first else x, 0)
    with told('from rank 0', 'from rank 1'):
        dist.broadcast(x, 0 if first else 1)
    with told('with SUM', 'with MAX'):
        dist.all_reduce(x, dist.ReduceOp.SUM if first else dist.ReduceOp.MAX)
    with told('all_gather', 'gather'):
        dist.all_gather(lists, x) if first else dist.gather(x, None if rank() else lists)
    with told('(3,)', '(2,)'):
        dist.all_reduce(torch.ones(3) if first else x, async_op=True).wait()
    with told('(1, 2)', '(1, 3)'):
        DistributedDataParallel(nn.Linear(2 + first, 1))


def check_arguments_are_refused_before_anything_is_sent():
    x, n = torch.ones(2), size()
    for call, error in [
            (lambda: dist.all_reduce([1.0]), TypeError),
            (lambda: dist.all_reduce(x, 'sum'), TypeError),
            (lambda: dist.all_reduce(x, group=3), NotImplementedError),
            (lambda: dist.broadcast(x), ValueError),
            (lambda: dist.broadcast(x, n), RuntimeError),
            (lambda: dist.broadcast(x, -1), RuntimeError),
            (lambda: dist.broadcast(x, 0, group_src=0), ValueError),
            (lambda: dist.broadcast(torch.ones(1).expand(3), 0), RuntimeError),
            (lambda: dist.all_gather(x, x), TypeError),
            (lambda: dist.all_gather([x] * (n + 1), x), RuntimeError),
            (lambda: dist.all_gather([torch.ones(3)] * n, x), RuntimeError),
            (lambda: dist.all_gather([x.double()] * n, x), ValueError),
            (lambda: dist.gather(x, None if rank() == 0 else [x] * n), ValueError),
            (lambda: dist.scatter(x, None if rank() == 0 else [x] * n), ValueError),
            (lambda: dist.send(x, rank()), ValueError),
            (lambda: dist.recv(x, rank()), ValueError),
            (lambda: dist.recv(x, 0, tag=-1) if rank() else dist.send(x, n - 1, tag=-1),
             ValueError),
            (lambda: dist.isend(x, rank()), ValueError),
            (lambda: dist.isend(x), ValueError),
            (lambda: dist.irecv(x, n), RuntimeError),
            (lambda: dist.irecv(x), NotImplementedError),
            (lambda: dist.irecv(torch.ones(1).expand(3), n - 1 - rank()), RuntimeError),
            (lambda: wrapped().join, AttributeError),
            (lambda: wrapped().register_comm_hook, AttributeError),
            (lambda: torch.compile(lambda x: dist.isend(x, n) or x)(x), NotImplementedError),
            (lambda: torch.compile(lambda x: dist.recv(x) or x)(x), NotImplementedError),
            (lambda: dist.barrier(timeout=3), NotImplementedError),
            (lambda: dist.init_process_group('mpi'), ValueError),
            (lambda: DistributedDataParallel(nn.ReLU()), RuntimeError),
            (lambda: DistributedDataParallel(linear(), device_ids=[0]), ValueError),
            (lambda: DistributedDataParallel(linear(), static_graph=True), NotImplementedError)]:
        with told(error=error):
            call()


# DistributedDataParallel. x is ones on rank 0, twos on rank 1, ...; numbers are PyTorch's.

def wrapped(module=None, **options):
    return DistributedDataParallel(module or linear(), **options)


def ones():
    return torch.ones(3, 2) * (rank() + 1)


MEAN = None     # of the numbers rank + 1


def grad_of(model):
    return model.module.weight.grad


def equal(tensor, number):
    return tensor.numpy().ravel().tolist() == [number] * tensor.numel()


def check_all_ranks_begin_with_the_parameters_and_buffers_of_the_first():
    torch.manual_seed(rank())
    model = nn.BatchNorm1d(2)
    with torch.no_grad():
        model.weight.normal_()
        model.running_mean.normal_()
    same_on_all_ranks(wrapped(model).state_dict().values())


def check_gradients_are_averaged():
    model = wrapped()
    model(ones()).sum().backward()
    assert equal(grad_of(model), 3 * MEAN)
    kept = grad_of(model)
    model(ones()).sum().backward()
    assert grad_of(model) is kept and equal(kept, 6 * MEAN)


def check_no_sync_accumulates_and_the_next_pass_averages_the_sum():
    model = wrapped()
    with model.no_sync():
        model(ones()).sum().backward()
    assert equal(grad_of(model), 3 * (rank() + 1))
    model(ones()).sum().backward()
    assert equal(grad_of(model), 6 * MEAN)


def check_after_an_average_no_sync_and_autograd_grad_stay_local():
    model = wrapped()
    model(ones()).sum().backward()
    model.zero_grad()
    gradient, = torch.autograd.grad(model.module(ones()).sum(), model.parameters())
    with model.no_sync():
        model(ones()).sum().backward()
    assert equal(gradient, 3 * (rank() + 1)) and equal(grad_of(model), 3 * (rank() + 1))


def check_two_forward_passes_have_one_backward():
    model = wrapped()
    loss, other = model(ones()).sum(), model(2 * ones()).sum()
    (loss + other).backward()
    assert equal(grad_of(model), 9 * MEAN)
    model = wrapped()
    loss, other = model(ones()).sum(), model(2 * ones()).sum()
    loss.backward()
    with told('second time'):
        other.backward()
    model = wrapped()
    loss = model(ones()).sum()
    loss.backward(retain_graph=True)
    with told('second time'):
        loss.backward()


def check_a_forward_pass_without_backward_does_no_harm():
    model = wrapped()
    model(ones())
    with torch.no_grad():
        model(ones())
    model(ones()).sum().backward()
    assert equal(grad_of(model), 3 * MEAN)


class Two(nn.Module):
    """Two layers of which forward uses some."""

    def __init__(self, choose):
        super().__init__()
        self.a, self.b, self.choose = linear(), linear(), choose

    def forward(self, x):
        return self.choose(self.a, self.b, x)


def check_unused_parameters_are_told():
    model = wrapped(Two(lambda a, b, x: a(x)))
    with told('find_unused_parameters=True', 'b.weight'):
        model(ones()).sum().backward()


def check_unused_parameters_are_found():
    model = wrapped(Two(lambda a, b, x: a(x)), find_unused_parameters=True)
    for count in (1, 2, 3):
        model(ones()).sum().backward()
        assert equal(model.module.a.weight.grad, count * 3 * MEAN)
        assert model.module.b.weight.grad is None
    model = wrapped(Two(lambda a, b, x: (a(x), b(x))), find_unused_parameters=True)
    model(ones())[0].sum().backward()
    assert model.module.b.weight.grad is None


def check_a_parameter_used_by_one_rank_has_its_mean_on_all():
    model = wrapped(Two(lambda a, b, x: (b if rank() else a)(x)), find_unused_parameters=True)
    model(ones()).sum().backward()
    assert torch.allclose(model.module.a.weight.grad, torch.tensor(3 / size()))
    others = 3 * (MEAN - 1 / size())
    b = model.module.b.weight.grad
    assert b is None if size() == 1 else torch.allclose(b, torch.tensor(others))


def check_autograd_grad_averages_nothing():
    model = wrapped()
    gradient, = torch.autograd.grad(model(ones()).sum(), model.parameters())
    assert equal(gradient, 3 * (rank() + 1))
    model(ones()).sum().backward()
    assert equal(grad_of(model), 3 * MEAN)


def check_hooks_of_parameters_see_the_gradient_of_their_rank():
    model, seen = wrapped(), []
    model.module.weight.register_hook(lambda g: seen.append(g.clone()) or 10 * g)
    model(ones()).sum().backward()
    assert len(seen) == 1 and equal(seen[0], 3 * (rank() + 1))
    assert equal(grad_of(model), 30 * MEAN)


def check_a_penalty_of_the_weights_is_averaged_too():
    model = wrapped()
    w = model.module.weight
    with torch.no_grad():
        w.fill_(1.0)
    (model(ones()).sum() + (rank() + 1) * (w**2).sum()).backward()
    assert torch.allclose(w.grad, torch.tensor(5 * MEAN))


def check_frozen_parameters_are_left_out():
    model = nn.Sequential(nn.Linear(2, 2), linear())
    model[0].requires_grad_(False)
    model = wrapped(model)
    model(ones()).sum().backward()
    assert model.module[0].weight.grad is None and model.module[1].weight.grad is not None


def check_outputs_may_be_nested_and_others_are_refused():
    model = wrapped(Two(lambda a, b, x: {'a': [a(x)], 'b': (b(x), 3, None)}))
    output = model(ones())
    (output['a'][0] + output['b'][0]).sum().backward()
    assert equal(model.module.a.weight.grad, 3 * MEAN)
    with told('object', 'tuples, lists and dicts', error=TypeError):
        wrapped(Two(lambda a, b, x: object()))(ones())


def check_gradients_that_do_not_come_from_the_output_are_told():
    model = wrapped(Two(lambda a, b, x: a.weight))
    with told('a.weight', 'forward'):
        model(ones()).sum().backward()


def check_what_backward_cannot_do_is_refused():
    model = wrapped()
    with told('create_graph', error=NotImplementedError):
        model(ones()).sum().backward(create_graph=True)
    with told('inputs', error=NotImplementedError):
        model(ones()).sum().backward(inputs=[model.module.weight])
    with told('copy', error=NotImplementedError):
        __import__('copy').deepcopy(model)


def check_a_compiled_module_is_averaged():
    model = wrapped(torch.compile(nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))))
    plain = wrapped(nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1)))
    for a, b in zip(model.parameters(), plain.parameters()):
        a.data.copy_(b.data)
    for _ in range(3):
        model(ones()).sum().backward()
        plain(ones()).sum().backward()
    for a, b in zip(model.parameters(), plain.parameters()):
        assert torch.allclose(a.grad, b.grad)


def check_a_collective_inside_a_compiled_function_is_refused():
    @torch.compile
    def total(x):
        y = x * 2
        dist.all_reduce(y)
        return y

    with told('torch.compile', 'all_reduce', error=NotImplementedError):
        total(torch.ones(2))


def check_buckets_are_sent_before_the_walk_is_over():
    torch.manual_seed(0)
    model = wrapped(nn.Sequential(*[nn.Linear(4, 4) for _ in range(6)]), bucket_cap_mb=1e-5)
    started = []
    inside = model.module[0].register_forward_hook(
        lambda module, args, output: output.register_hook(
            lambda g: started.append(len(model.reducer.current.requests))) and None)
    model(torch.ones(1, 4)).sum().backward()
    inside.remove()
    assert len(model.reducer.buckets) == 12 and started == [10]


def check_running_statistics_are_those_of_the_first_rank():
    model = wrapped(nn.BatchNorm1d(2))
    x = ones() * torch.arange(3.0)[:, None]
    model(x)
    model(x)
    expected = 0.9 * 0.1 + 0.1 * (rank() + 1)
    assert torch.allclose(model.module.running_mean, torch.tensor(expected))


def check_keys_and_modes_are_those_of_pytorch():
    model = wrapped(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)))
    assert [*model.state_dict()] == [f'module.{key}' for key in model.module.state_dict()]
    assert not model.eval().module.training
    model.load_state_dict(model.state_dict())
    assert repr(model).startswith('DistributedDataParallel(\n  (module): Sequential(')


def check_samplers_share_the_samples():
    for n in (1, 7, 12):
        sampler = DistributedSampler(range(n), seed=1)
        sampler.set_epoch(2)
        mine = torch.tensor(list(sampler))
        everyone = [torch.empty_like(mine) for _ in range(size())]
        dist.all_gather(everyone, mine)
        assert set(torch.cat(everyone).tolist()) == {*range(n)}
        assert len({len(x) for x in everyone}) == 1


# n ranks with batch B/n give the weights of one process with batch B.

class Reader(nn.Module):
    """An LSTM, and a linear layer on its last state."""

    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(3, 4, batch_first=True), nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


def mlp():
    return nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3)), (12, 5)


def cnn():
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(),
                         nn.Linear(2 * 9, 3)), (12, 1, 5, 5)


def lstm():
    return Reader(), (12, 4, 3)


def trained(model, x, y, optimizer):
    optimizer = optimizer(model.parameters(), lr=0.01)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    for _ in range(50):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    return [parameter.detach() for parameter in model.parameters()]


def same_weights_as_alone(kind, optimizer):
    torch.manual_seed(0)
    alone, shape = kind()
    together, _ = kind()
    alone, together = alone.double(), together.double()
    together.load_state_dict(alone.state_dict())
    x, y = torch.randn(shape, dtype=torch.float64), torch.arange(12) % 3
    one = trained(alone, x, y, optimizer)
    part = slice(rank(), None, size())
    several = trained(wrapped(together, bucket_cap_mb=1e-4), x[part], y[part], optimizer)
    assert max((a - b).abs().max().item() for a, b in zip(one, several)) < 1e-6
    same_on_all_ranks(several)


def same_on_all_ranks(tensors):
    """The very bits."""
    for x in tensors:
        first = x.detach().clone()
        dist.broadcast(first, 0)
        assert first.numpy().tobytes() == x.detach().numpy().tobytes()


def check_an_mlp_has_the_weights_of_one_process():
    same_weights_as_alone(mlp, optim.Adam)


def check_a_cnn_with_fixed_batchnorm_has_the_weights_of_one_process():
    same_weights_as_alone(cnn, optim.SGD)


def check_an_lstm_has_the_weights_of_one_process():
    same_weights_as_alone(lstm, optim.Adam)


def check_zz_a_group_can_be_made_again():
    dist.destroy_process_group()
    assert not dist.is_initialized()
    with told('not been initialized', error=ValueError):
        dist.get_rank()
    dist.init_process_group()
    assert dist.get_backend() == 'mpi'


CHECKS = sorted(name for name in globals() if name.startswith('check_'))

if __name__ == '__main__':
    dist.init_process_group('mpi')
    MEAN = (size() + 1) / 2
    for name in CHECKS:
        globals()[name]()
        dist.barrier()
        if rank() == 0:
            print(name, flush=True)
    sys.exit(0)
