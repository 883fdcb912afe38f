"""Modules and settings that programs look for where PyTorch has them."""
import importlib
import importlib.util
import inspect
import subprocess
import sys
from contextlib import nullcontext

import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import nn
from tinygrad_adam._missing import INSTEAD, METHODS, NAMES_INSTEAD

FILES = ['distributions.constraints', 'nn.modules', 'nn.parameter', 'functional', 'backends',
         'accelerator', 'func', 'utils.data.dataloader', 'utils.data.dataset',
         'utils.data.sampler', 'optim.adam', 'autograd.function', 'nn.modules.loss',
         'backends.cudnn', 'backends.mps', 'distributed', 'nn.parallel',
         'nn.parallel.distributed', 'utils.data.distributed', 'amp', 'cuda.amp', 'testing',
         'utils.checkpoint', 'version', 'special']


@pytest.mark.parametrize('name', FILES)
def test_a_module_is_an_attribute_and_can_be_imported(name):
    module = importlib.import_module(f'tinygrad_adam.{name}')
    found = torch
    for part in name.split('.'):
        found = getattr(found, part)
    assert found is module


@pytest.mark.parametrize('name', ['amp', 'backends', 'distributed', 'func', 'functional',
                                  'nn.modules', 'nn.parallel', 'testing', 'utils.checkpoint',
                                  'utils.data.distributed'])
def test_what_few_programs_use_is_imported_on_first_use(name):
    code = ('import sys, tinygrad_adam as torch; names = "tinygrad_adam.%s",; '
            'before = [name in sys.modules for name in names]; torch.%s; '
            'print(before, [name in sys.modules for name in names])' % (name, name))
    out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert out.stdout == '[False] [True]\n'


def test_each_class_is_in_the_file_of_nn_modules_that_has_it_in_pytorch():
    pytorch = pytest.importorskip('torch')
    names = [name for name in nn.__all__ if inspect.isclass(getattr(pytorch.nn, name, None))]
    homes = {name: getattr(pytorch.nn, name).__module__.rpartition('.')[2] for name in names}
    found = {name for name in names if getattr(getattr(nn.modules, homes[name], None), name, None)
             is getattr(nn, name)}
    assert set(names) - found == {'Parameter'}
    assert nn.parameter.Parameter is nn.Parameter is nn.modules.Parameter


def test_sizes_are_read_by_the_functions_and_have_the_types_that_layers_of_programs_use():
    from tinygrad_adam.nn.common_types import _size_2_t, _size_any_t
    from tinygrad_adam.nn.modules.utils import (
        _ntuple, _pair, _quadruple, _reverse_repeat_tuple, _single, _triple)
    assert _size_2_t != _size_any_t and nn.common_types._size_2_t is _size_2_t
    assert [_single(3), _pair(3), _triple(3), _quadruple(3)] == [(3,) * n for n in (1, 2, 3, 4)]
    assert _pair([1, 2]) == (1, 2) and _ntuple(5)('a') == ('a',) and _pair.__name__ == '_pair'
    assert _reverse_repeat_tuple((1, 2), 2) == (2, 2, 1, 1)


def test_a_prefix_is_taken_off_the_names_in_a_state():
    model = nn.Sequential(nn.Linear(2, 1))
    wrapped = nn.Module()
    wrapped.module = model
    state = wrapped.state_dict()
    nn.modules.utils.consume_prefix_in_state_dict_if_present(state, 'module.')
    assert [*state] == [*model.state_dict()] and [*state._metadata] == ['', '0']
    model.load_state_dict(state)
    plain = {'a.b': 1, 'c': 2}
    nn.modules.consume_prefix_in_state_dict_if_present(plain, 'a.')
    assert plain == {'b': 1, 'c': 2}


def test_what_a_layer_passes_on_to_functions_that_make_tensors():
    given = {'dtype': torch.float64, 'factory_kwargs': {'device': 'cpu'}}
    assert nn.factory_kwargs(given) == {'dtype': torch.float64, 'device': 'cpu'}
    assert nn.factory_kwargs(None) == {}
    with refused(TypeError, "unexpected kwargs {'size'}", 'Leave others out'):
        nn.factory_kwargs({'size': 3})
    with refused(TypeError, 'dtype specified twice', 'Give it once'):
        nn.factory_kwargs({'dtype': 1, 'factory_kwargs': {'dtype': 2}})


def test_there_is_no_accelerator_and_programs_that_ask_run_on_the_cpu():
    device = (torch.accelerator.current_accelerator().type if torch.accelerator.is_available()
              else 'mps' if torch.backends.mps.is_available() and torch.backends.mps.is_built()
              else 'cuda' if torch.cuda.is_available() else 'cpu')
    assert torch.ones(1, device=device).device == torch.get_default_device()
    assert torch.accelerator.current_accelerator() is None
    assert torch.accelerator.device_count() == torch.cuda.device_count() == 0
    assert not torch.backends.cuda.is_built() and not torch.backends.mkldnn.is_available()
    assert not torch.backends.cudnn.is_available() and torch.backends.cudnn.version() is None


def test_a_program_for_mixed_precision_runs_in_float32_with_pytorchs_warnings():
    net = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    with pytest.warns(FutureWarning, match='deprecated'), pytest.warns(UserWarning, match='CUDA'):
        scaler = torch.cuda.amp.GradScaler()
    with pytest.warns(UserWarning, match='CUDA is not available'):
        scope = torch.autocast('cuda', dtype=torch.float32)
    with scope:
        loss = net(torch.ones(3, 2)).sum()
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    expected = net.weight - 0.1 * net.weight.grad
    scaler.step(optimizer)
    scaler.update()
    assert net.weight.tolist() == expected.tolist()
    assert scaler.get_scale() == 1 and scaler.state_dict() == {} and not scaler.is_enabled()
    assert torch.amp.autocast('cpu', enabled=False)(net)(torch.ones(2)).dtype is torch.float32
    with pytest.warns(UserWarning, match='float32'):
        torch.autocast('cpu', torch.float32)


@pytest.mark.parametrize('error, parts, act', [
    (ValueError, ("'int'", 'str'), lambda: torch.autocast(3)),
    (RuntimeError, ('tpu', "'cpu'"), lambda: torch.autocast('tpu')),
    (NotImplementedError, ('bfloat16', 'enabled=False'), lambda: torch.autocast('cpu')),
    (NotImplementedError, ('half', 'enabled=False'),
     lambda: torch.amp.autocast(device_type='cpu', dtype=torch.bfloat16)),
    (NotImplementedError, ('half', 'enabled=False'), lambda: torch.amp.GradScaler('cpu')),
    (RuntimeError, ('tpu', "'cpu'"), lambda: torch.amp.GradScaler('tpu'))])
def test_mixed_precision_that_is_not_here_is_refused(error, parts, act):
    with refused(error, *parts):
        act()


def test_a_program_may_name_the_dtype_of_mixed_precision():
    dtype, device_type = 'float16', 'cpu'
    types = {'float32': torch.float32, 'bfloat16': torch.bfloat16, 'float16': torch.float16}
    context = nullcontext() if device_type == 'cpu' else torch.amp.autocast(
        device_type=device_type, dtype=types[dtype])
    with pytest.warns(UserWarning, match='CUDA is not available'):
        scaler = torch.GradScaler(enabled=dtype == 'float16')
    with context, torch.amp.autocast('cpu', dtype=torch.bfloat16, enabled=False):
        assert scaler.scale(torch.ones(2)).dtype is torch.float32
    assert torch.GradScaler is torch.amp.GradScaler


def test_the_lines_that_make_a_program_repeatable_are_taken():
    torch.manual_seed(0)
    torch.cuda.manual_seed(0)
    torch.cuda.manual_seed_all(0)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.use_deterministic_algorithms(True, warn_only=True)
    assert torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(False)
    torch.set_float32_matmul_precision('high')
    assert torch.get_float32_matmul_precision() == 'high'
    torch.set_float32_matmul_precision('highest')
    torch.cuda.empty_cache()
    torch.cuda.seed_all()
    assert torch.cuda.memory_allocated() == torch.cuda.max_memory_allocated() == 0
    assert torch.cuda.memory_reserved() == torch.cuda.max_memory_reserved() == 0
    assert not torch.cuda.is_bf16_supported() and not torch.cuda.is_initialized()


def test_the_defaults_can_be_set_to_what_they_are():
    torch.set_default_dtype(torch.float32)
    torch.set_default_device('cpu')
    assert torch.get_default_dtype() is torch.float32
    with pytest.raises(RuntimeError, match='no device'):
        torch.set_default_device('cuda')
    with refused(ValueError, "'fast'", 'no other names', "'highest'"):
        torch.set_float32_matmul_precision('fast')


def test_threads_are_those_of_numpy():
    number = torch.get_num_threads()
    torch.set_num_threads(number)
    torch.set_num_interop_threads(1)
    with pytest.warns(UserWarning, match=f'changes nothing.* OMP_NUM_THREADS={number + 1}'):
        torch.set_num_threads(number + 1)
    with pytest.warns(UserWarning, match='one after another'):
        torch.set_num_interop_threads(2)
    assert torch.get_num_threads() == number > 0 and torch.get_num_interop_threads() == 1
    for set_threads in torch.set_num_threads, torch.set_num_interop_threads:
        with refused(RuntimeError, 'expects an int', 'str', 'threads are counted'):
            set_threads('1')
        with refused(RuntimeError, 'expects a positive integer', '0', 'Write 1'):
            set_threads(0)


def test_a_program_may_print_the_versions():
    assert torch.version.__version__ == torch.__version__
    assert torch.version.cuda is torch.version.hip is None


NOT_BUILT = [f'{module}.{name}' for module, names in INSTEAD.items() for name in names]


@pytest.mark.parametrize('name', NOT_BUILT)
@pytest.mark.parametrize('line', ['import {0}', 'from {0} import something', 'from {1} import {2}'])
def test_importing_what_is_not_built_says_what_to_write_instead(name, line):
    module, _, last = name.rpartition('.')
    with refused(ModuleNotFoundError, f'{name} is not implemented: ', INSTEAD[module][last]):
        exec(line.format(name, module, last))


@pytest.mark.parametrize('name', NOT_BUILT)
def test_what_is_not_built_is_no_attribute_and_pytorch_has_it(name):
    module, _, last = name.rpartition('.')
    with refused(AttributeError, f'{name} is not implemented: ', INSTEAD[module][last]):
        getattr(importlib.import_module(module), last)
    pytest.importorskip('torch')
    assert importlib.util.find_spec(name.replace('tinygrad_adam', 'torch'))


@pytest.mark.parametrize('module, name, why', [
    (module, *row) for module, names in NAMES_INSTEAD.items() for row in names.items()])
def test_a_name_that_is_not_built_says_what_to_write_instead(module, name, why):
    with refused(AttributeError, f'{module}.{name} is not implemented: {why}'):
        getattr(importlib.import_module(module), name)
    pytest.importorskip('torch')
    assert hasattr(importlib.import_module(module.replace('tinygrad_adam', 'torch')), name)


def test_what_is_a_method_alone_is_one():
    assert [name for name in METHODS.split() if not callable(getattr(torch.Tensor, name))] == []


def test_other_modules_that_are_not_there_are_told_by_python():
    with pytest.raises(ModuleNotFoundError, match="^No module named 'tinygrad_adam.nothing'$"):
        import tinygrad_adam.nothing    # noqa: F401


def test_memory_is_not_shared_between_processes_nor_left_empty():
    x, layer = torch.ones(2), nn.Linear(2, 2)
    assert not hasattr(x, 'share_memory_') and not hasattr(nn.Module, 'to_empty')
    with refused(AttributeError, 'Tensor.share_memory_ is not implemented', 'torch.distributed'):
        x.share_memory_()
    with refused(AttributeError, "'share_memory': it is not implemented", 'torch.distributed'):
        layer.share_memory()
    with refused(AttributeError, "'to_empty': it is not implemented", 'reset_parameters()'):
        layer.to_empty(device='cpu')


def test_what_is_to_be_written_instead_of_pruning_and_forward_derivatives_works():
    layer = nn.Linear(3, 2)
    optimizer, mask = torch.optim.SGD(layer.parameters(), lr=0.1), layer.weight.abs() > 0.2
    for _ in range(2):
        layer(torch.ones(3)).sum().backward()
        optimizer.step()
        with torch.no_grad():
            layer.weight.mul_(mask)
    assert ((layer.weight == 0) == ~mask).all()
    value, tangent = torch.func.jvp(torch.sin, (torch.zeros(2),), (torch.tensor([1.0, 2.0]),))
    assert value.tolist() == [0, 0] and tangent.tolist() == [1, 2]
