"""Each public name of PyTorch is built, or listed in fixtures/names.json with others of its kind.

`python tests/test_names.py` writes that list, where PyTorch 2.13 is installed, and README.md's part
about what is not here.
"""
import importlib
import inspect
import json
import re
import textwrap
from operator import attrgetter
from pathlib import Path

import pytest

import tinygrad_adam
from tinygrad_adam._missing import INSTEAD

ROOT = Path(__file__).resolve().parents[1]
LIST = Path(__file__).with_name('fixtures') / 'names.json'
README = ROOT / 'README.md'
PART = re.compile(r'(?<=\n## What is not here\n\n).*?(?=\nMIT licence)', re.DOTALL)
PLACES = ['', 'Tensor', 'nn', 'nn.functional', 'nn.init', 'nn.utils', 'optim', 'optim.lr_scheduler',
          'linalg', 'distributions', 'utils.data', 'autograd', 'func']

# What is not in the spirit of the package: the kind, why, and names; the first that fits counts.
KINDS = [(kind, why, re.compile('|'.join(names.split()))) for kind, why, names in [
    ('other devices, and their memory', 'NumPy computes on the CPU', '''
        cuda cudnn xpu mps mtia hpu ipu xla maia vulkan miopen mkldnn pinned pin_memory ^Stream
        ^Event [Ss]torage share OutOfMemory Accelerator GradScaler get_device'''),
    ('complex numbers', 'the engine has real derivatives', '''
        [Cc]omplex cfloat cdouble chalf conj imag$ real$ polar$ ^angle stft$ ^m?H$ adjoint
        eig(vals)?$'''),
    ('half precision and small integers', 'NumPy has no fast ones', r'''
        half$ Half bfloat BFloat float(16|8|4) [Aa]utocast ^bits?(\d|$)
        ^u?int(1|2|3|4|5|6|7|16|32|64)$'''),
    ('quantised numbers', 'they serve deployment, not learning', '''
        quantiz dequant fake_quant ^q(int|uint|scheme|_) QInt QUInt per_(channel|tensor) int_repr
        fbgemm qparams'''),
    ('sparse and nested tensors', 'NumPy has dense arrays', '''
        [Ss]parse coo csr csc bsr bsc (row|col|crow|ccol)_indices coalesce smm$ spmm hsmm nested
        jagged padded_tensor dense'''),
    ('compiled, traced and symbolic programs', 'torch.compile writes NumPy, which can be read', '''
        Script JIT ^[Ss]ym Type$ Graph ^Lite parse_ ^fork$ ^wait$ import_ir merge_type Tracing
        Schema Code$ Alias Capsule FileCheck CompilationUnit Inferred Argument ^cond$
        while_loop'''),
    ('copies of views, and parts of other functions', 'one name for each operation is enough', '''
        _copy$ ^native_ ^unsafe_ _backward _elemt _stats$ _cell$ embedding_renorm grid_sampler
        fused_ ^rnn_''')]]


def ours(place):
    return attrgetter(place)(tinygrad_adam) if place else tinygrad_adam


def names_in(pytorch):
    """{place: its public names} of a PyTorch, without modules and what it imports from others."""
    found = {}
    for place in PLACES:
        home = importlib.import_module(f'torch.{place}') if place not in ('', 'Tensor') else (
            pytorch.Tensor if place else pytorch)
        names = dir(home) if not place else getattr(home, '__all__', dir(home))
        found[place] = sorted(name for name in names if name[0] != '_' and is_of_pytorch(
            getattr(home, name, None)))
    return found


def is_of_pytorch(value):
    module = getattr(value, '__module__', None)
    return not inspect.ismodule(value) and (
        not isinstance(module, str) or module.partition('.')[0] in ('torch', 'builtins', '_C'))


def kind_of(name):
    return next((i for i, (_, _, pattern) in enumerate(KINDS) if pattern.search(name)), len(KINDS))


def sorted_out(names):
    """{place: [how many are built, the others of each kind, in the order of KINDS]}."""
    table = {}
    for place, known in names.items():
        missing = [name for name in known if not hasattr(ours(place), name)]
        table[place] = [len(known) - len(missing), *(
            ' '.join(name for name in missing if kind_of(name) == i)
            for i in range(len(KINDS) + 1))]
    return table


def text(table):
    """The part of README.md."""
    counts = {place: [built, *(len(names.split()) for names in kinds)]
              for place, (built, *kinds) in table.items()}
    built, everything = (sum(count[0] for count in counts.values()),
                         sum(map(sum, counts.values())))
    lines = textwrap.wrap(
        'No GPU, no compiled code, no complex or half precision numbers, no sparse tensors: NumPy '
        'does the arithmetic, and the core is to be read in an afternoon. What is not built is '
        'refused by its name, options too; nothing is computed differently. Of the '
        f'{everything:,} public names of PyTorch 2.13 in the places below, {built:,} are here. '
        'These are not, for a reason:', 100) + [
        '', '| kind | names | why |', '|---|---:|---|']
    lines += [f'| {kind} | {sum(count[i + 1] for count in counts.values())} | {why} |'
              for i, (kind, why, _) in enumerate(KINDS)]
    modules = ', '.join(f'`torch{module[13:]}.{name}`' for module, names in INSTEAD.items()
                        for name in names)
    lines += [''] + textwrap.wrap(
        f'Importing {modules} says why they are not here and what to write instead. torchvision '
        'works on tensors of PyTorch: `teach.datasets` has digits and reads the files of MNIST.',
        100)
    lines += ['', 'The others are not in the subset; `tests/fixtures/names.json` lists them all:',
              '', '| in | here | not in the subset |', '|---|---:|---:|']
    lines += [f'| `torch{"." * bool(place)}{place}` | {count[0]} | {count[-1]} |'
              for place, count in counts.items()]
    return '\n'.join(lines) + '\n'


def listed():
    return json.loads(LIST.read_text(encoding='utf-8'))


def test_names_that_are_listed_as_missing_are_missing_and_refused_by_name():
    for place, (_, *kinds) in listed().items():
        for name in ' '.join(kinds).split():
            with pytest.raises(AttributeError, match=name):
                getattr(ours(place), name)


def test_every_name_of_pytorch_is_built_or_listed():
    pytorch = pytest.importorskip('torch')
    if pytorch.__version__[:5] != '2.13.':
        pytest.skip('the list is that of PyTorch 2.13')
    assert sorted_out(names_in(pytorch)) == listed(), 'run: python tests/test_names.py'


def positional(function):
    """The names of the arguments that may be given by position; None if PyTorch does not say."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    kinds = [parameter.kind for parameter in parameters]
    return None if inspect.Parameter.VAR_POSITIONAL in kinds else [
        x.name for x in parameters if x.kind in (x.POSITIONAL_ONLY, x.POSITIONAL_OR_KEYWORD)]


# PyTorch's have other names when they are functions, or one more argument that is not built.
OTHERWISE = {'Size', 'dtype', 'no_grad', 'norm', '.split', 'nn.PoissonNLLLoss.forward',
             'nn.RMSNorm.forward'}


def test_arguments_stand_where_they_stand_in_pytorch():
    pytorch, compared = pytest.importorskip('torch'), 0
    for place, names in names_in(pytorch).items():
        here, there = ours(place), attrgetter(place)(pytorch) if place else pytorch
        for name in names:
            pairs = [(name, getattr(here, name, None), getattr(there, name))]
            if inspect.isclass(pairs[0][1]) and inspect.isclass(pairs[0][2]):
                pairs += [(f'{name}.{method}', getattr(pairs[0][1], method, None),
                           getattr(pairs[0][2], method, None))
                          for method in dir(pairs[0][1]) if method[0] != '_']
            for path, mine, theirs in pairs:
                path = f'{place}.{path}'.strip('.')
                mine, theirs = positional(mine), positional(theirs)
                if mine and theirs and not {path, path[path.rfind('.'):]} & OTHERWISE:
                    of_self = theirs[0] == 'self'
                    assert mine[of_self:] == theirs[of_self:len(mine)], path
                    compared += 1
    assert compared > 1000


def test_the_readme_counts_them():
    assert PART.search(README.read_text(encoding='utf-8'))[0] == text(listed())


if __name__ == '__main__':
    import torch
    LIST.write_text(json.dumps(sorted_out(names_in(torch)), indent=1) + '\n', encoding='utf-8')
    page = README.read_text(encoding='utf-8')
    README.write_text(PART.sub(lambda _: text(listed()), page), encoding='utf-8')
