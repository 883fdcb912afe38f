"""save and load: what comes back, what damage is noticed, and what a kill leaves behind."""
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter, OrderedDict
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam as ta
from helpers import refused
from tinygrad_adam import nn, optim
from tinygrad_adam._temporary import open_temporary
from tinygrad_adam.serialization import load, save

PACKAGE = str(Path(ta.__file__).parents[1])


def saved(obj):
    """The bytes of the file of an object."""
    file = io.BytesIO()
    save(obj, file)
    return file.getvalue()


def again(obj):
    return load(io.BytesIO(saved(obj)))


def same(x, y):
    """Whether two objects are equal in kind and value, to the bit."""
    if type(x) is not type(y):
        return False
    if isinstance(x, ta.Tensor):
        return (x.dtype == y.dtype and x.shape == y.shape and x.requires_grad == y.requires_grad
                and x.numpy(force=True).tobytes() == y.numpy(force=True).tobytes())
    if isinstance(x, dict):
        return list(x) == list(y) and all(same(x[key], y[key]) for key in x)
    if isinstance(x, (list, tuple)):
        return len(x) == len(y) and all(map(same, x, y))
    return repr(x) == repr(y)


@pytest.mark.parametrize('obj', [
    None, True, False, 0, -1, 10**60, 0.1, -0.0, 5e-324, float('inf'), float('nan'), '', 'größe\n',
    [], [1, [2, []]], (), (1, (2,)), {}, {1: 2, '1': 3}, {None: 1, 0.5: 2, True: 3, (1, 'a'): 4},
    OrderedDict(b=1, a=2), Counter([3, 3, 5]), ta.Size([2, 3]), ta.float64, ta.bool,
    {'tensor': 0}, {'dict': [['a', 1]]}, {'deep': [{'er': ({'est': [None]},)}]},
], ids=repr)
def test_plain_objects_come_back_as_they_were(obj):
    assert same(again(obj), obj)


@pytest.mark.parametrize('dtype', ['float32', 'float64', 'int64', 'int32', 'int16', 'int8', 'uint8',
                                   'bool'])
@pytest.mark.parametrize('shape', [(), (1,), (0, 3), (2, 3, 4)], ids=str)
def test_tensors_come_back_to_the_bit(dtype, shape):
    values = np.random.default_rng(0).integers(0, 200, shape).astype(dtype)
    x = again(ta.from_numpy(np.array(values)))
    assert same(x, ta.from_numpy(np.array(values)))
    assert x.is_leaf and x.numpy().flags.writeable


def test_special_values_and_odd_layouts_come_back():
    x = ta.tensor([[float('nan'), float('inf')], [-0.0, 1e-45]])
    for view in (x.T, x[:, 1], x[::1, ::1], x.expand(3, 2, 2)):
        assert same(again(view), view)


def test_parameters_and_requires_grad_are_kept_and_graphs_are_not():
    w = nn.Parameter(ta.ones(2))
    frozen = nn.Parameter(ta.ones(2), requires_grad=False)
    loaded = again([w, frozen, ta.ones(1, requires_grad=True), w * 2])
    assert [type(x) for x in loaded] == [nn.Parameter, nn.Parameter, ta.Tensor, ta.Tensor]
    assert [x.requires_grad for x in loaded] == [True, False, True, True]
    assert all(x.is_leaf for x in loaded)


def test_tensor_saved_twice_is_one_again():
    x = ta.ones(3)
    a, b, c = again([x, {'again': x}, x.clone()])
    assert a is b['again'] and a is not c


def test_memory_that_tensors_share_is_shared_again_and_written_once():
    layer = nn.Linear(100, 100)
    tied = nn.Sequential(layer, layer)
    state = again(tied.state_dict())
    state['0.weight'].zero_()
    assert (state['1.weight'] == 0).all()
    assert len(saved(tied.state_dict())) < 1.1 * len(saved(layer.state_dict()))


def test_what_is_loaded_shares_nothing_with_what_was_saved():
    x = ta.ones(3)
    y = again(x)
    y.zero_()
    assert x.tolist() == [1, 1, 1]


def test_states_of_model_optimizer_scheduler_and_generator_go_through_a_file(tmp_path):
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    optimizer = optim.Adam(model.parameters(), amsgrad=True)
    schedulers = [optim.lr_scheduler.MultiStepLR(optimizer, [2, 2, 5]),
                  optim.lr_scheduler.ReduceLROnPlateau(optimizer)]
    for _ in range(3):
        model(ta.randn(5, 3)).square().sum().backward()
        optimizer.step()
        schedulers[0].step()
    state = {'model': model.state_dict(), 'optimizer': optimizer.state_dict(),
             'schedulers': [scheduler.state_dict() for scheduler in schedulers],
             'generator': ta.default_generator.get_state(), 'epoch': 3}
    save(state, tmp_path / 'checkpoint.pt')
    loaded = load(str(tmp_path / 'checkpoint.pt'), map_location='cpu', weights_only=True)
    assert same(loaded, state)
    drawn = ta.rand(5)
    ta.default_generator.set_state(loaded['generator'])
    assert same(ta.rand(5), drawn)
    optimizer.load_state_dict(loaded['optimizer'])
    schedulers[0].load_state_dict(loaded['schedulers'][0])
    assert same(optimizer.state_dict(), state['optimizer'])
    assert schedulers[0].milestones[4] == 0


class Colour(int):
    pass


@pytest.mark.parametrize('obj, where', [
    (nn.Linear(1, 1), 'tinygrad_adam.nn.linear.Linear at obj'), (len, 'builtin_function'),
    ({'model': [1, nn.ReLU()]}, "obj['model'][1]"), ({'f': lambda x: x}, "obj['f']"),
    (np.ones(3), 'numpy.ndarray'), (np.int64(3), 'numpy.int64'), ({3}, 'builtins.set'),
    (b'raw', 'builtins.bytes'), (1j, 'builtins.complex'), (Colour(3), 'Colour'),
    ({len: 1}, 'a key of obj')], ids=str)
def test_what_is_no_data_is_refused_with_its_place(obj, where, tmp_path):
    with refused(TypeError, where, 'nothing that would have to run', 'Save model.state_dict()'):
        save(obj, tmp_path / 'file.pt')
    assert list(tmp_path.iterdir()) == []


def test_numpy_reads_the_arrays_and_the_same_object_gives_the_same_file():
    x = ta.arange(6).reshape(2, 3)
    file = saved({'x': x})
    arrays = np.load(io.BytesIO(file))
    assert arrays['0'].tolist() == x.tolist()
    assert file == saved({'x': x.clone()})


def test_file_like_objects_are_read_from_any_position():
    file = io.BytesIO()
    save([1, 2], file)
    assert load(file) == [1, 2]
    assert load(file) == [1, 2]


def test_a_folder_that_is_missing_is_named_and_not_made(tmp_path):
    with refused(RuntimeError, f'Parent directory {tmp_path / "runs"} does not exist', 'makedirs'):
        save(1, tmp_path / 'runs' / 'best.pt')
    assert not any(tmp_path.iterdir())


def test_missing_file_and_another_device_are_refused_as_usual(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / 'nothing.pt')
    with pytest.raises(RuntimeError, match='there is no device'):
        load(io.BytesIO(saved(1)), map_location='cuda')


def test_a_map_of_locations_leaves_tensors_where_they_are(tmp_path):
    save({'w': ta.ones(2), 'n': 3}, tmp_path / 'w.pt')
    seen = []

    def kept(storage, location):
        seen.append((storage.tolist(), location))
        return storage

    for place in ({'cuda:0': 'cpu'}, {'cpu': 'cpu'}, kept, lambda storage, location: None,
                  ta.device('cpu')):
        loaded = load(tmp_path / 'w.pt', map_location=place, mmap=True)
        assert loaded['w'].tolist() == [1, 1] and loaded['n'] == 3
    assert seen == [([1, 1], 'cpu')]
    with pytest.raises(RuntimeError, match='there is no device'):
        load(tmp_path / 'w.pt', map_location={'cpu': 'cuda:0'})
    with refused(NotImplementedError, 'map_location', 'Return the first argument'):
        load(tmp_path / 'w.pt', map_location=lambda storage, location: storage.clone())
    with refused(ValueError, 'mmap', 'give the path'):
        load(io.BytesIO(saved(1)), mmap=True)


STATE = {'w': ta.arange(40).double(), 'b': ta.ones(2, 2), 'epoch': 3}


def test_truncated_file_is_refused_wherever_it_ends():
    file = saved(STATE)
    for end in range(len(file)):
        with refused(RuntimeError, 'is damaged, or was not written by save()', 'Load another copy'):
            load(io.BytesIO(file[:end]))


def test_altered_file_is_refused_or_the_alteration_means_nothing():
    file, noticed = saved(STATE), 0
    for position in range(len(file)):
        altered = bytearray(file)
        altered[position] ^= 0xff
        try:
            assert same(load(io.BytesIO(altered)), STATE)
        except RuntimeError as error:
            assert 'is damaged' in str(error)
            noticed += 1
    assert noticed > 0.8 * len(file)


def archive(compression=zipfile.ZIP_STORED, **members):
    """A zip file with right checksums, whatever is in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w', compression) as whole:
        for name, content in members.items():
            whole.writestr({'data': 'data.json'}.get(name, f'{name[1:]}.npy'), content)
    return file


def content(data, tensors=((0, False, False),), **more):
    return json.dumps({'format': 'tinygrad_adam 1', 'tensors': tensors, 'data': data, **more})


def npy(shape, values=(1.0, 2.0), descr='<f8'):
    file = io.BytesIO()
    header = {'descr': descr, 'fortran_order': False, 'shape': shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + np.array(values).tobytes()


NESTED = '[' * 100_000 + ']' * 100_000


@pytest.mark.parametrize('file', [
    io.BytesIO(b'not a zip'), io.BytesIO(b''), archive(x0='x'), archive(data='{'),
    archive(data=content({'tensor': 0})), archive(data='{"format": "PyTorch"}'),
    archive(data=content({'tensor': 5}), x0=npy((2,))),
    archive(data=content({'module': 'os'}, [])), archive(data=content({'float': 'x'}, [])),
    archive(data=content({'dict': [[[], 1]]}, [])), archive(data=content({}, [])),
    archive(data=content({'dtype': 'object'}, [])), archive(data=NESTED),
    archive(data=content({'tensor': 0}), x0=npy((10**12,))),
    archive(data=content({'tensor': 0}), x0=npy((10**30,))),
    archive(data=content({'tensor': 0}), x0=npy((-1,))),
    archive(data=content({'tensor': 0}), x0=npy((3,))),
    archive(data=content({'tensor': 0}), x0=npy((1,))),
    archive(data=content({'tensor': 0}), x0=npy((2,), descr='|O')),
    archive(data=content({'tensor': 0}), x0=npy((1,), descr='<c16')),
    archive(data=content({'tensor': 0}, [[0, False, True]]), x0=npy((2,), (1, 2), '<i8')),
    archive(zipfile.ZIP_DEFLATED, data=content({'tensor': 0}), x0=npy((10**6,), np.zeros(10**6))),
])
def test_file_that_lies_is_refused_without_a_crash_or_a_huge_allocation(file):
    with refused(RuntimeError, 'is damaged, or was not written by save()'):
        load(file)


def test_file_of_pytorch_is_refused_with_advice(tmp_path):
    torch = pytest.importorskip('torch')
    torch.save({'w': torch.ones(2)}, tmp_path / 'theirs.pt')
    with refused(RuntimeError, 'theirs.pt', 'How a file of PyTorch is carried over'):
        load(tmp_path / 'theirs.pt')


def test_failure_while_writing_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / 'model.pt'
    save('old', path)

    def full(*_):
        raise OSError('no space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(OSError, match='no space left'):
        save('new', path)
    assert load(path) == 'old' and os.listdir(tmp_path) == ['model.pt']


def test_a_save_removes_what_dead_writers_left_and_nothing_else(tmp_path):
    leftover, others = tmp_path / 'a.pt.0123abcd.tmp', ['a.pt.tmp', 'b.pt.0123abcd.tmp', 'a.pt.txt']
    for name in (leftover.name, *others):
        (tmp_path / name).write_bytes(b'half a file')
    save('new', tmp_path / 'a.pt')
    assert sorted(os.listdir(tmp_path)) == sorted(['a.pt', *others])


def test_a_save_leaves_the_file_of_a_writer_that_is_alive(tmp_path):
    path = str(tmp_path / 'a.pt')
    temporary, file = open_temporary(path)
    with file:
        file.write(b'half a file')
        save('new', path)
        assert os.path.exists(temporary)
    save('newer', path)
    assert load(path) == 'newer' and os.listdir(tmp_path) == ['a.pt']


def test_the_versions_in_the_state_of_a_module_go_through_a_file():
    class Second(nn.Linear):
        _version = 2

    state = again(nn.Sequential(Second(2, 1)).state_dict())
    assert state._metadata == {'': {'version': 1}, '0': {'version': 2}}
    assert list(state) == ['0.weight', '0.bias'] and type(state) is OrderedDict


def test_link_stays_a_link(tmp_path):
    save('old', tmp_path / 'real.pt')
    (tmp_path / 'link.pt').symlink_to('real.pt')
    save('new', tmp_path / 'link.pt')
    assert (tmp_path / 'link.pt').is_symlink() and load(tmp_path / 'real.pt') == 'new'


def started(code, *args):
    return subprocess.Popen([sys.executable, '-c', code, *map(str, args)], stdout=subprocess.PIPE,
                            env={**os.environ, 'PYTHONPATH': PACKAGE, 'OMP_NUM_THREADS': '1'})


def outcome(code, *args):
    """The return code of a program, or minus the signal that killed it."""
    with started(code, *args) as process:
        return process.wait()


SAVER = '''
import sys
import tinygrad_adam as torch
from tinygrad_adam.serialization import save
for version in range(100_000):
    save({'version': version, 'w': torch.full((100_000,), version)}, sys.argv[1])
    print(version, flush=True)
'''


@pytest.mark.skipif(not hasattr(signal, 'SIGKILL'), reason='there is no SIGKILL here')
def test_kill_at_any_moment_leaves_a_whole_file(tmp_path):
    path = tmp_path / 'model.pt'
    for delay in (0.0, 0.001, 0.003, 0.0042, 0.0077):
        with started(SAVER, path) as process:
            output = process.stdout.readline()
            time.sleep(delay)
            process.kill()
            output += process.stdout.read()
        loaded = load(path)
        assert loaded['version'] >= int(output.split(b'\n')[-2])   # the last that was finished
        assert (loaded['w'] == loaded['version']).all()


TRAINING = '''
import os, signal, sys
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.serialization import load, save
from tinygrad_adam.utils.data import DataLoader, TensorDataset

path, kill_at, kill_in_save = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3))
optimizer = optim.Adam(model.parameters(), lr=0.01)
scheduler = optim.lr_scheduler.StepLR(optimizer, 2)
data = TensorDataset(torch.randn(40, 4), torch.randint(3, (40,)))
order = torch.Generator().manual_seed(1)
loader = DataLoader(data, batch_size=8, shuffle=True, generator=order)
parts = {'model': model, 'optimizer': optimizer, 'scheduler': scheduler}
epoch = 0
if os.path.exists(path):
    checkpoint = load(path)
    for name, part in parts.items():
        part.load_state_dict(checkpoint[name])
    torch.default_generator.set_state(checkpoint['dropout'])
    order.set_state(checkpoint['order'])
    epoch = checkpoint['epoch']

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

step = 0
while epoch < 6:
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
        step += 1
        if step == kill_at and not kill_in_save:
            kill()
    scheduler.step()
    epoch += 1
    if step >= kill_at and kill_in_save:
        os.replace = kill
    save({'epoch': epoch, 'dropout': torch.default_generator.get_state(),
          'order': order.get_state(),
          **{name: part.state_dict() for name, part in parts.items()}}, path)
'''


@pytest.mark.skipif(not hasattr(signal, 'SIGKILL'), reason='there is no SIGKILL here')
def test_training_killed_and_resumed_ends_bit_equal_to_one_that_was_not(tmp_path):
    whole, killed = tmp_path / 'whole.pt', tmp_path / 'killed.pt'
    never = 1000
    assert outcome(TRAINING, whole, never, 0) == 0
    for step, in_save in [(1, 0), (7, 0), (9, 1), (3, 0), (12, 0)]:
        assert outcome(TRAINING, killed, step, in_save) == -signal.SIGKILL
    assert outcome(TRAINING, killed, never, 0) == 0
    assert load(whole)['epoch'] == 6
    assert killed.read_bytes() == whole.read_bytes()
