"""torch.distributed: what ranks compute together, and how a program ends of which one rank fails.

What needs several ranks runs under mpiexec: distributed_checks.py, with all its checks in one job.
"""
import importlib.util
import os
import random
import re
import shutil
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

import pytest

import tinygrad_adam as torch
from distributed_checks import CHECKS
from helpers import refused
from tinygrad_adam import distributed as dist
from tinygrad_adam.distributed._errors import INSTEAD
from tinygrad_adam.utils.data.distributed import DistributedSampler

HERE = Path(__file__).resolve().parent
PACKAGE = str(Path(torch.__file__).parents[1])
MPIEXEC = shutil.which('mpiexec', path=os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ.get('PATH', '')]))
with_mpi = pytest.mark.skipif(not (importlib.util.find_spec('mpi4py') and MPIEXEC),
                              reason='needs mpi4py and an MPI: pip install "tinygrad_adam[mpi]"')


def start(ranks, *words, **options):
    """A job of so many ranks, which run Python with these words."""
    path = os.pathsep.join([PACKAGE, os.environ.get('PYTHONPATH', '')])
    return subprocess.Popen([MPIEXEC, '-n', str(ranks), sys.executable, *words],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env={**os.environ, 'PYTHONPATH': path, 'OMP_NUM_THREADS': '1'},
                            **options)


@lru_cache(maxsize=None)
def job(ranks):
    """The names of the checks that hold, and all that was printed."""
    text, _ = start(ranks, str(HERE / 'distributed_checks.py')).communicate(timeout=60)
    return re.findall('^check_.*', text, re.MULTILINE), text


@with_mpi
@pytest.mark.parametrize('name', CHECKS)
@pytest.mark.parametrize('ranks', [1, 2, 3, 4])
def test_on_several_ranks(ranks, name):
    held, text = job(ranks)
    assert name in held, text


# A rank that fails ends the job.

TRAINING = '''
import os, sys, time
import tinygrad_adam as torch
from tinygrad_adam import distributed as dist, nn
dist.init_process_group('mpi')
if dist.get_rank() == 0:
    torch.save({'step': 0}, sys.argv[2])
model = nn.parallel.DistributedDataParallel(nn.Linear(100, 100))
loader = iter(range(10**9 if dist.get_rank() != 1 or sys.argv[1] != 'break' else 5))
for step in loader:
    model(torch.ones(2, 100)).sum().backward()
    if dist.get_rank() == 0:
        torch.save({'step': step, 'model': model.state_dict()}, sys.argv[2])
    if dist.get_rank() == 1 and step == 5:
        if sys.argv[1] == 'raise':
            raise ValueError('no such thing')
        if sys.argv[1] == 'exit':
            sys.exit(3)
        if sys.argv[1] == '_exit':
            os._exit(3)
        if sys.argv[1] == 'kill':
            print('rank 1 is', os.getpid(), flush=True)
'''


def left_running(word, patience=5):
    """The processes whose command line has this word in it, even after some seconds."""
    deadline = time.monotonic() + patience
    while True:
        listed = subprocess.run(['ps', '-A', '-o', 'pid=,args='], capture_output=True, text=True)
        found = [line for line in listed.stdout.splitlines() if word in line]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


@with_mpi
@pytest.mark.parametrize('way, told', [
    ('raise', r'ValueError: no such thing[\s\S]*Rank 1 of 3 has raised ValueError'),
    ('break', r'rank 0, 2: backward\(\) 6 of .*; rank 1: the end of the program'),
    ('exit', r'rank 0, 2: backward\(\) 7 of .*; rank 1: the end of the program'),
    ('_exit', r'Died without a word: .*rank 1 of 3'),
    ('kill', r'Died without a word: .*rank 1 of 3')])
def test_a_rank_that_fails_ends_all_of_them_and_is_named(way, told, tmp_path):
    file = tmp_path / 'checkpoint'
    process = start(3, '-c', TRAINING, way, str(file))
    text = ''
    if way == 'kill':
        for line in process.stdout:
            text += line
            if 'rank 1 is' in line:
                break
        time.sleep(random.uniform(0, 0.2))
        os.kill(int(line.split()[-1]), 9)
    begin = time.monotonic()
    text += process.communicate(timeout=60)[0]
    assert process.returncode != 0 and re.search(told, text), text
    if way == 'kill':
        assert time.monotonic() - begin < 10
    torch.load(file)
    assert left_running(str(file)) == []


@with_mpi
def test_no_rank_goes_on_before_all_are_watched(tmp_path):
    slow, begun = tmp_path / 'python', tmp_path / 'begun'
    slow.write_text(f'#!/bin/sh\nsleep 0.5\n: > "{begun}"\nexec "{sys.executable}" "$@"\n')
    slow.chmod(0o755)
    code = ('import os, sys, tinygrad_adam as torch; sys.executable = sys.argv[1]; '
            'torch.distributed.init_process_group("mpi"); print(os.path.exists(sys.argv[2]))')
    process = start(3, '-c', code, str(slow), str(begun))
    text, _ = process.communicate(timeout=60)
    assert text.count('True') == 3, text     # mpiexec may put lines of two ranks into one


@with_mpi
def test_nobody_has_to_know_that_the_watcher_was_killed():
    code = ('import tinygrad_adam as torch; torch.distributed.init_process_group("mpi")\n'
            'watcher = torch.distributed.process_group.World.first.watcher\n'
            'if watcher: watcher.kill(); watcher.wait()\n'
            'torch.distributed.barrier()')
    process = start(2, '-c', code)
    assert process.communicate(timeout=60)[0] == '' and process.returncode == 0


@with_mpi
@pytest.mark.parametrize('status', [0, 2])
def test_of_ranks_that_end_at_once_and_together_nobody_has_died(status):
    process = start(2, '-c', 'import sys, tinygrad_adam as torch; '
                    f'torch.distributed.init_process_group("mpi"); sys.exit({status})')
    text, _ = process.communicate(timeout=60)
    assert process.returncode == status and 'rank' not in text, text


@with_mpi
def test_the_benchmark_prints_its_tables():
    script = HERE.parent / 'benchmarks' / 'distributed.py'
    text, _ = start(2, str(script), '--quick').communicate(timeout=60)
    assert text.count('\n| ') == 6 and '2 ranks, a batch each' in text, text


# What needs no MPI.

def test_without_mpi_it_is_told_what_to_install():
    code = ('import sys; sys.modules["mpi4py"] = None\n'
            'from tinygrad_adam import distributed as dist\n'
            'try: dist.init_process_group("mpi")\n'
            'except RuntimeError as error: print(error)\n')
    said = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True,
                          env={**os.environ, 'PYTHONPATH': PACKAGE}).stdout
    assert "doesn't have MPI built in" in said and 'pip install "tinygrad_adam[mpi]"' in said


@pytest.mark.parametrize('error, parts, call', [
    (RuntimeError, ["doesn't have GLOO built in"], "dist.init_process_group('gloo')"),
    (RuntimeError, ["doesn't have NCCL built in"], "dist.init_process_group('nccl')"),
    (ValueError, ['Backend', 'carrier'], "dist.init_process_group('carrier pigeon')"),
    (NotImplementedError, ['init_method'], "dist.init_process_group('mpi', 'env://')"),
    (ValueError, ['Default process group has not been initialized'], 'dist.get_rank()'),
    (ValueError, ['Default process group has not been initialized'], 'dist.barrier()'),
    (ValueError, ['Default process group has not been initialized'],
     'torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(1, 1))'),
    (AssertionError, ['Process group cannot be None'], 'dist.destroy_process_group()'),
    (AttributeError, ['new_group', 'all ranks', 'Leave group out'], 'dist.new_group'),
    (AttributeError, ['all_to_all', 'all_gather'], 'dist.all_to_all'),
    (AttributeError, ['Join', 'DistributedSampler', 'drop_last'], 'dist.algorithms.join.Join')])
def test_what_cannot_be_is_refused(error, parts, call):
    with refused(error, *parts):
        eval(call)


def test_what_is_to_be_written_instead_of_a_name_is_known_for_what_is_not_here():
    for name, sentence in INSTEAD.items():
        with refused(AttributeError, f'distributed.{name} is not implemented: {sentence}'):
            getattr(dist, name)
    pytorch = pytest.importorskip('torch')
    assert [name for name in INSTEAD if not hasattr(pytorch.distributed, name)] == []


def test_there_is_one_backend():
    assert dist.is_available() and not dist.is_initialized()
    assert not dist.is_gloo_available() and not dist.is_nccl_available()
    assert dist.is_mpi_available() == bool(importlib.util.find_spec('mpi4py'))


SPLITS = [(n, ranks, drop_last) for n in (1, 5, 6, 7) for ranks in (1, 2, 3, 4, 8)
          for drop_last in (False, True)]


@pytest.mark.parametrize('n, ranks, drop_last', SPLITS)
def test_samples_are_shared_as_in_pytorch(n, ranks, drop_last):
    pytorch = pytest.importorskip('torch')
    theirs = pytorch.utils.data.distributed.DistributedSampler
    for rank in range(ranks):
        options = dict(num_replicas=ranks, rank=rank, shuffle=False, drop_last=drop_last)
        ours, other = DistributedSampler(range(n), **options), theirs(range(n), **options)
        assert len(ours) == len(other) and list(ours) == list(other)


def test_a_shuffled_order_is_another_one_in_each_epoch_and_the_same_on_all_ranks():
    samplers = [DistributedSampler(range(100), 2, rank, seed=3) for rank in (0, 1)]
    orders = []
    for epoch in (0, 1):
        for sampler in samplers:
            sampler.set_epoch(epoch)
        orders.append([i for pair in zip(*samplers) for i in pair])
        assert sorted(orders[-1]) == [*range(100)]
    assert orders[0] != orders[1]
    samplers[0].set_epoch(0)
    assert list(samplers[0]) == orders[0][::2]


def test_a_rank_that_does_not_exist_is_refused():
    with refused(ValueError, 'Invalid rank 2', '[0, 1]'):
        DistributedSampler([1, 2], 2, 2)
