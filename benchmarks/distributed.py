"""What several processes cost and gain: bytes that are reduced, and steps of a large MLP.

    OMP_NUM_THREADS=1 mpiexec -n 2 python benchmarks/distributed.py [--seconds 2] [--quick]

The first table has all_reduce beside the Allreduce of mpi4py alone; the second has steps of the MLP
on one rank, while the others sleep, beside those of all ranks with DistributedDataParallel.
"""
import argparse

import numpy as np
from mpi4py import MPI
from programs import CASES
from timing import best, turn_about

import tinygrad_adam as torch
from tinygrad_adam import distributed as dist
from tinygrad_adam import nn, optim
from tinygrad_adam.nn.parallel import DistributedDataParallel


def together(programs, turns):
    """The best time of each program, which all ranks run in turn as often."""
    times = [[] for _ in programs]
    for _ in range(turns):
        for program, own in zip(programs, times):
            dist.barrier()
            start = MPI.Wtime()
            program()
            own.append(MPI.Wtime() - start)
    return [best(own) for own in times]


def bandwidth(sizes, turns):
    print('| bytes | mpi4py, ms | all_reduce, ms | mpi4py, GB/s | all_reduce, GB/s |')
    print('|---:|---:|---:|---:|---:|')
    for size in sizes:
        array, tensor = np.ones(size // 4, np.float32), torch.ones(size // 4)
        alone, ours = together(
            [lambda: MPI.COMM_WORLD.Allreduce(MPI.IN_PLACE, array, MPI.MAX),
             lambda: dist.all_reduce(tensor, dist.ReduceOp.MAX)], turns)
        print(f'| {size:,} | {1e3 * alone:.3f} | {1e3 * ours:.3f} | {size / alone / 1e9:.2f} | '
              f'{size / ours / 1e9:.2f} |')


def step_of(model, x, y):
    optimizer = optim.Adam(model.parameters())

    def step():
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def scaling(case, seconds, turns):
    x, y = map(torch.from_numpy, case.batches(1)[0])
    n, whole = dist.get_world_size(), len(x)
    (alone,) = map(best, turn_about([step_of(case.network(torch), x, y)], seconds)
                   if dist.get_rank() == 0 else [[1.0]])
    print(f'\n| {case.title} | ms a step | samples a second | times one rank |')
    print('|---|---:|---:|---:|')
    print(f'| one rank | {1e3 * alone:.1f} | {whole / alone:,.0f} | 1 |')
    for name, each in (('batch shared', whole // n), ('a batch each', whole)):
        step = step_of(DistributedDataParallel(case.network(torch)), x[:each], y[:each])
        step()
        (time,) = together([step], turns)
        rate = n * each / time
        print(f'| {n} ranks, {name} | {1e3 * time:.1f} | {rate:,.0f} | '
              f'{rate * alone / whole:.2f} |')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seconds', type=float, default=2, help='for the steps of one rank')
    parser.add_argument('--quick', action='store_true', help='small sizes, few turns')
    args = parser.parse_args()
    dist.init_process_group('mpi')
    if dist.get_rank():
        print = lambda *_: None    # noqa: E731, A001
    bandwidth([1024, 65536] if args.quick else [1024, 2**16, 2**20, 2**23, 2**25],
              5 if args.quick else 40)
    scaling(CASES['mlp-digits' if args.quick else 'mlp-large'],
            0.1 if args.quick else args.seconds, 5 if args.quick else 40)
