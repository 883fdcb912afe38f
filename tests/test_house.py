"""The house: what lies where, which way imports point, how much is to be read, and its manners."""
import ast
import doctest
import importlib.util
import inspect
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from operator import attrgetter
from pathlib import Path

import pytest

import tinygrad_adam
from tinygrad_adam._missing import ON_FIRST_USE, on_first_use

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Path(tinygrad_adam.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob('*.py') if '_course' not in path.parts)
TOP = {'setup.cfg', 'setup.py', 'pyproject.toml', 'MANIFEST.in', 'README.md', 'LICENSE',
       'CHANGELOG.md', 'CITATION.cff', 'CONTRIBUTING.md', '.gitignore', '.ci', '.github',
       'tinygrad_adam', 'tests', 'demos', 'benchmarks'}

# Each part imports only parts before it. What is not named comes last, and nothing here imports it.
ORDER = ['types', '_missing', 'random', 'autograd', 'ops', '_functions', 'autograd.versions',
         '_printing', '_tensor', '_tensor_types', 'autograd.functional', 'nn', 'optim', 'utils',
         'distributions', '_func_errors', 'func', '_temporary', 'serialization', 'distributed',
         'nn.parallel', 'utils.data.distributed']
NAMESAKES = {'autograd.primitive', 'autograd.gradcheck'}    # files about the function itself
DRAWING = {'matplotlib'}     # imported inside the functions that draw
UNIX = {'fcntl', 'resource'}
RARE = {'concurrent'}        # takes 10 ms to import, and few programs need it
HEAVY = {'matplotlib', 'scipy', 'torch', 'tqdm', 'pytest'}
TEACHING = {'teach', 'workshop'}     # workshop.py gives the command its name
GUESTS = {'optim', 'utils'}  # use of Tensor only what users use

# Shelf 1: what README.md asks a person to read, in its order: all files through which a training
# step passes, with any of the four optimizers.
SHELF = ['autograd/graph', 'autograd/primitive', 'ops/pointwise', 'ops/matmul', 'ops/softmax',
         'nn/module', 'nn/linear', 'nn/activation', 'nn/functional', 'optim/optimizer', 'optim/sgd',
         'optim/adagrad', 'optim/rmsprop', 'optim/adam', 'optim/_flat']
SHELF_LINES, STEP_FILES, STEP_HOPS, PRODUCT_FILES = 2000, 12, 60, 3

# A ratchet: the present number of lines of each part. A change that raises one changes the number
# here, in the same commit, and says why.
LINES = {'shelf 1': 1986, 'autograd': 2929, 'ops': 2418, '_functions': 9896, '_tensor': 1045,
         'nn': 12329, 'optim': 2551, 'utils': 1058, 'teach': 10980, 'other files': 10914}

# Modules whose names are PyTorch's, and what they have that PyTorch has not, or not there.
PUBLIC = ['tinygrad_adam', *(f'tinygrad_adam.{name}' for name in (
    'accelerator', 'amp', 'autograd', 'autograd.functional', 'backends', 'backends.cuda',
    'backends.cudnn', 'backends.mkldnn', 'backends.mps', 'cuda', 'cuda.amp', 'distributed',
    'distributions', 'distributions.constraints', 'func', 'functional', 'linalg', 'nn',
    'nn.functional', 'nn.init', 'nn.parallel', 'nn.parallel.distributed', 'nn.utils',
    'nn.utils.rnn', 'optim', 'optim.lr_scheduler', 'optim.swa_utils', 'special', 'testing', 'utils',
    'utils.checkpoint', 'utils.data',
    'utils.data.distributed'))]
OWN = {*(f'autograd.{name}' for name in (
    'GradcheckError', 'Node', 'RemovableHandle', 'TensorBase', 'constant', 'increment_version',
    'is_grad_enabled', 'primitive'))}


def name_of(path):
    """Of a module: nn.functional for nn/functional.py, nn for nn/__init__.py."""
    return '.'.join(path.relative_to(SOURCE).with_suffix('').parts).replace('.__init__', '')


def place(name):
    """Where a module stands in ORDER."""
    found = [part for part in ORDER if f'{name}.'.startswith(f'{part}.')]
    return ORDER.index(max(found, key=len)) if found else len(ORDER)


def part(path):
    return name_of(path).partition('.')[0]


def lines(path):
    return len(path.read_text(encoding='utf-8').splitlines())


def imports(path):
    """(AST node, the module imported or imported from, as a dotted name) for each import."""
    package = [SOURCE.name, *path.relative_to(SOURCE).parts[:-1]]
    tree = ast.parse(path.read_text(encoding='utf-8'))
    unseen = {node for block in ast.walk(tree) if isinstance(block, ast.If)
              and ast.unparse(block.test) == 'TYPE_CHECKING' for node in ast.walk(block)}
    for node in ast.walk(tree):
        if node in unseen:      # what type checkers read, and Python does not
            continue
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) + 1 - node.level] if node.level else []
            base = '.'.join(base + [node.module] if node.module else base)
            for alias in node.names:
                yield node, f'{base}.{alias.name}' if is_module(f'{base}.{alias.name}') else base


def is_module(dotted):
    path = SOURCE.parent / dotted.replace('.', '/')
    return path.is_dir() or path.with_suffix('.py').is_file()


def fresh_python(code, *words):
    """What a new interpreter prints for this code, called with these words."""
    path = os.pathsep.join([str(SOURCE.parent), os.environ.get('PYTHONPATH', '')])
    process = subprocess.run([sys.executable, '-c', code, *words], capture_output=True, text=True,
                             env={**os.environ, 'PYTHONPATH': path})
    assert process.returncode == 0, process.stderr
    return process.stdout


def tracked():
    """The files that git knows, relative to the root; None without git, or outside a checkout."""
    if not (ROOT / '.git').exists() or not shutil.which('git'):
        return None
    listed = subprocess.run(['git', '-c', 'safe.directory=*', 'ls-files'], cwd=ROOT,
                            capture_output=True, text=True)
    return listed.stdout.splitlines() if listed.returncode == 0 else None


def text_files():
    """Every text file that belongs to the repository."""
    names = tracked()
    if names is None:
        paths = [path for name in TOP for path in (ROOT / name, *(ROOT / name).rglob('*'))]
    else:
        paths = [ROOT / name for name in names]
    return [path for path in paths
            if path.is_file() and path.suffix not in ('.npz', '.png', '.pyc', '.gz')]


# What lies where.

def test_the_top_level_holds_what_the_design_names_and_nothing_else():
    names = tracked()
    if names is None:
        pytest.skip('not a checkout, or no git')
    assert {name.partition('/')[0] for name in names} <= TOP


def test_digits_and_type_hints_are_installed_with_the_package():
    assert (SOURCE / 'teach' / 'digits.npz').is_file() and (SOURCE / 'py.typed').is_file()


def test_every_file_that_tells_the_version_tells_the_same():
    version = tinygrad_adam.__version__
    assert f'\nversion: {version}\n' in (ROOT / 'CITATION.cff').read_text(encoding='utf-8')
    assert f'\n## {version}\n' in (ROOT / 'CHANGELOG.md').read_text(encoding='utf-8')


def test_no_file_names_a_machine_or_a_registry_or_has_a_long_dash():
    machine = re.compile(r'(?<![\w.~}:/])/(home|root|Users|work|opt|tmp|mnt|workspace)/\w')
    registry = re.compile(r'py[p]i\.|pythonhoste[d]|anacond[a]\.|files\.pyth[o]n')
    found = []
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            if machine.search(line) or registry.search(line) or '\u2014' in line:
                found.append(f'{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}')
    assert found == []


def test_contributing_names_files_that_exist():
    text = (ROOT / 'CONTRIBUTING.md').read_text(encoding='utf-8')
    named = re.findall(r'(?:^|[`\s(])((?:tinygrad_adam|tests|demos|\.ci)/[\w/.]*\w)', text)
    named = [name for name in named if 'NAME' not in name]
    assert len(named) > 12
    folders = {name: SOURCE.parent if name.startswith(SOURCE.name) else ROOT for name in named}
    assert [name for name, folder in folders.items() if not (folder / name).exists()] == []


# Which way imports point.

def test_each_part_imports_only_parts_before_it():
    wrong = []
    for path in MODULES:
        for node, dotted in imports(path):
            package, _, name = dotted.partition('.')
            if package == SOURCE.name and place(name) > place(name_of(path)):
                wrong.append(f'{path.relative_to(SOURCE)}:{node.lineno} imports {dotted}')
    assert wrong == []


def test_no_import_goes_in_a_circle():
    graph = {f'{SOURCE.name}.{name_of(path)}': {dotted for _, dotted in imports(path)}
             for path in MODULES}
    assert list(TopologicalSorter(graph).static_order())


def test_imports_stand_at_the_top_except_those_that_draw_are_rare_or_that_windows_lacks():
    wrong = []
    for path in MODULES:
        for node, dotted in imports(path):
            root = dotted.partition('.')[0]
            if root not in RARE and (node.col_offset > 0) != (root in DRAWING | UNIX):
                wrong.append(f'{path.relative_to(SOURCE)}:{node.lineno} {dotted}')
    assert wrong == []


def test_optimizers_and_loaders_use_only_what_users_use():
    wrong, between_schedulers = [], ('_initial_step', '_update_lr')     # under PyTorch's names
    for path in MODULES:
        if part(path) in GUESTS:
            for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
                if (isinstance(node, ast.Attribute) and re.match(r'_[^_]', node.attr)
                        and node.attr not in between_schedulers
                        and ast.unparse(node.value) not in ('self', 'cls', 'super()')):
                    wrong.append(f'{path.relative_to(SOURCE)}:{node.lineno} .{node.attr}')
    assert wrong == []


def test_importing_the_package_loads_numpy_and_nothing_heavy():
    loaded = fresh_python('import sys, tinygrad_adam; print(*sys.modules)').split()
    assert 'numpy' in loaded
    assert HEAVY & set(loaded) == set()
    assert [name for name in loaded if name.startswith('tinygrad_adam.teach')] == []


def test_what_takes_time_to_import_is_imported_on_first_use():
    code = '''
import sys, numpy
before = {*sys.modules}
import tinygrad_adam as torch
print(*{*sys.modules} - before)
torch.nn.Linear, torch.optim.Adam, torch.utils.data.DataLoader, torch.linalg.norm, torch.save
print(*{*sys.modules} - before)'''
    at_once, used = (line.split() for line in fresh_python(code).splitlines())
    own = [name for name in at_once if name.startswith('tinygrad_adam')]
    assert len(own) < 75 and len(at_once) - len(own) < 16     # half a millisecond each
    assert {'tinygrad_adam.nn', 'tinygrad_adam.optim', 'tinygrad_adam.serialization'} <= {*used}


def test_names_imported_on_first_use_are_listed_and_known_to_type_checkers():
    for module in ON_FIRST_USE:
        found = importlib.import_module(module)
        names = {*on_first_use(module)}
        assert names <= {*dir(found)} and all(hasattr(found, name) for name in names)
        text = Path(found.__file__).read_text(encoding='utf-8')
        told = {alias.asname or alias.name for block in ast.walk(ast.parse(text))
                if isinstance(block, ast.If) and ast.unparse(block.test) == 'TYPE_CHECKING'
                for node in block.body for alias in node.names}
        assert names == told


def test_nothing_outside_teach_imports_it_and_it_loads_no_drawing():
    assert [f'{name_of(path)}:{node.lineno}' for path in MODULES
            if part(path) not in TEACHING
            for node, dotted in imports(path) if dotted.startswith('tinygrad_adam.teach')] == []
    loaded = fresh_python('import sys; from tinygrad_adam.teach import datasets, diagnose, lab, '
                          'plot; print(*sys.modules)').split()
    assert HEAVY & set(loaded) == set()


def test_the_picture_of_the_parts_is_that_of_the_imports():
    if not (ROOT / 'tinygrad_adam').is_dir():
        pytest.skip('the source is not beside the tests')
    spec = importlib.util.spec_from_file_location('parts', ROOT / '.ci' / 'parts.py')
    parts = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parts)
    below = list(parts.PARTS)
    upward = [(a, b) for a, b in parts.arrows() if below.index(a) > below.index(b)]
    assert upward == [], 'put PARTS of .ci/parts.py in an order in which all arrows point down'
    drawn = parts.PICTURE.read_text(encoding='utf-8')
    assert drawn == parts.draw(), 'If the imports are right, run: python .ci/parts.py'


# How much there is to read.

def shelf_lines():
    return sum(lines(SOURCE / f'{name}.py') for name in SHELF)


def test_shelf_one_is_read_in_an_afternoon():
    assert shelf_lines() <= SHELF_LINES


def test_no_part_grows_unnoticed():
    parts = {'shelf 1': shelf_lines()}
    for path in MODULES:
        if name_of(path).replace('.', '/') not in SHELF:
            parts[part(path)] = parts.get(part(path), 0) + lines(path)
    files = {name: n for name, n in parts.items() if name in LINES}
    files['other files'] = sum(n for name, n in parts.items() if name not in LINES)
    grown = {name: n for name, n in files.items() if n > LINES[name]}
    assert grown == {}, 'a change that adds lines changes LINES, and its message says why'


STEP = """
import sys
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F

def follow(work):
    trail = []
    def note(frame, event, _):
        if event == 'call' and frame.f_globals.get('__name__', '').startswith('tinygrad_adam'):
            trail.append(frame.f_globals['__name__'].partition('.')[2].replace('.', '/'))
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return trail

def hops(trail):
    return sum(a != b for a, b in zip(trail, trail[1:]))

model = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = getattr(optim, sys.argv[1])(model.parameters(), lr=0.003)
x, y = torch.rand(32, 1, 8, 8), torch.randint(0, 10, (32,))

def step():
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()

step()
trail = follow(step)
print(hops(trail), *sorted(set(trail)))
a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
(a * b).backward()
trail = follow(lambda: (a * b).backward())
print(hops(trail), *sorted(set(trail)))
"""


@pytest.mark.parametrize('optimizer', ['SGD', 'Adagrad', 'RMSprop', 'Adam'])
def test_a_training_step_stays_on_shelf_one_and_passes_few_files(optimizer):
    step, product = fresh_python(STEP, optimizer).splitlines()
    hops, *files = step.split()
    assert set(files) <= set(SHELF)
    assert len(files) <= STEP_FILES and int(hops) <= STEP_HOPS
    assert len(product.split()) - 1 <= PRODUCT_FILES


def test_the_readme_lists_shelf_one_in_its_order():
    rows = re.findall(r'^\| `([\w/]+)\.py` \| \d+ \|', (ROOT / 'README.md').read_text('utf-8'),
                      re.MULTILINE)
    assert rows == SHELF


def test_no_file_is_hidden_by_a_function_of_its_name():
    hidden = []
    for path in MODULES:
        package, _, name = f'{SOURCE.name}.{name_of(path)}'.rpartition('.')
        if path.name != '__init__.py' and package:
            found = getattr(importlib.import_module(package), name, None)
            if found is not None and not inspect.ismodule(found):
                hidden.append(name_of(path))
    assert set(hidden) <= NAMESAKES


# Its manners.

def everything_public():
    """(dotted name without the package, object) of all that users may call."""
    for module in map(importlib.import_module, PUBLIC):
        there = [*vars(module), *on_first_use(module.__name__)]
        names = getattr(module, '__all__', [name for name in there if name[0] != '_'])
        for name in names:
            value = getattr(module, name)
            if is_public(value, module):
                yield f'{module.__name__}.{name}'.partition('.')[2], value


def is_public(value, module):
    """Neither a module that PyTorch does not have, nor imported for the module's own use."""
    if inspect.ismodule(value):
        return value.__name__ in PUBLIC
    home = 'tinygrad_adam' if hasattr(module, '__path__') else module.__name__
    return hasattr(module, '__all__') or getattr(value, '__module__', '').startswith(home)


def exists(pytorch, dotted):
    try:
        attrgetter(dotted)(pytorch)
    except AttributeError:
        return False
    return True


def test_every_public_name_is_in_pytorch_at_the_same_place():
    pytorch = pytest.importorskip('torch')
    unknown = {dotted for dotted, _ in everything_public() if not exists(pytorch, dotted)}
    assert unknown - OWN == set()


def test_classes_leave_the_names_free_that_a_program_for_pytorch_may_give_to_attributes():
    pytorch = pytest.importorskip('torch')
    bases = (tinygrad_adam.Tensor, tinygrad_adam.nn.Module,
             tinygrad_adam.optim.lr_scheduler.LRScheduler)
    classes = [(dotted, value) for dotted, value in everything_public()
               if inspect.isclass(value) and issubclass(value, bases)]
    taken = {f'{dotted}.{name}' for dotted, value in classes for name in dir(value)
             if name[0] != '_' and not exists(pytorch, f'{dotted}.{name}')}
    assert len(classes) > 50
    assert {name for name in taken if not name.endswith('.transposed')} == set()    # of instances


def test_every_public_function_and_class_says_what_it_is():
    assert [dotted for dotted, value in everything_public()
            if callable(value) and not (value.__doc__ or '').strip()] == []


def documented():
    """(dotted name, docstring, parameters) of public functions, classes and methods."""
    seen = set()
    for dotted, value in everything_public():
        if inspect.isclass(value) and issubclass(value, tuple) or inspect.ismodule(value):
            continue
        if inspect.isclass(value):
            yield dotted, value.__doc__ or '', parameters_of(value.__init__)
            for name, member in inspect.getmembers(value, inspect.isroutine):
                if name[0] != '_' and name != 'forward' and member not in seen and (
                        getattr(member, '__module__', None) or '').startswith('tinygrad_adam'):
                    seen.add(member)
                    yield f'{dotted}.{name}', inspect.getdoc(member) or '', parameters_of(member)
        elif callable(value):
            yield dotted, value.__doc__ or '', parameters_of(value)


def parameters_of(function):
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return []
    return [name for name, parameter in signature.parameters.items() if name != 'self'
            and name[0] != '_' and parameter.kind not in (parameter.VAR_POSITIONAL,
                                                          parameter.VAR_KEYWORD)]


def test_every_argument_is_named_in_the_docstring():
    missing = [f'{dotted}: {name}' for dotted, text, names in documented() for name in names
               if not re.search(rf'\b{re.escape(name)}\b', text)]
    assert missing == []


def test_every_docstring_is_text_of_this_package():
    assert [dotted for dotted, text, _ in documented() if not text.strip()] == []


def names_of_modules():
    found = pkgutil.walk_packages([str(SOURCE)], 'tinygrad_adam.')
    return [module.name for module in found if not module.name.endswith('__main__')]


@pytest.mark.parametrize('name', names_of_modules())
def test_examples_in_docstrings_run_and_print_what_they_say(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_the_random_numbers_of_numpy_itself_are_left_alone():
    code = '''
import numpy as np
before = np.random.get_state()[1].tolist()
import tinygrad_adam as torch
torch.manual_seed(1)
model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout(0.5))
optimizer = torch.optim.Adam(model.parameters())
model(torch.randn(4, 3)).sum().backward()
optimizer.step()
print(before == np.random.get_state()[1].tolist())'''
    assert fresh_python(code).strip() == 'True'


def test_numerical_warnings_are_silent_inside_the_package_and_heard_outside():
    code = '''
import warnings, numpy as np, tinygrad_adam as torch
with warnings.catch_warnings(record=True) as heard:
    torch.zeros(1) / torch.zeros(1)
    print(len(heard))
    np.zeros(1) / np.zeros(1)
    print(len(heard))'''
    assert fresh_python(code).split() == ['0', '1']
