"""PyTorch's samples as arguments for either library, and the comparison of what comes out."""

import warnings

import numpy as np
import torch as pytorch

import tinygrad_adam

BOTH = pytorch, tinygrad_adam


class Built:
    """Builds copies of samples for one library, and remembers their tensors in order."""

    def __init__(self, library):
        self.library, self.tensors, self.known = library, [], {}

    def __call__(self, x):
        """The same thing made of tensors, dtypes and sizes of the library."""
        if isinstance(x, pytorch.Tensor):
            if id(x) not in self.known:
                self.known[id(x)] = x, self.tensor(x)
                self.tensors.append(self.known[id(x)][1])
            return self.known[id(x)][1]
        if isinstance(x, (pytorch.dtype, pytorch.memory_format, pytorch.layout)):
            return self.named(x)
        if isinstance(x, pytorch.device):
            return self.library.device(str(x))
        if isinstance(x, pytorch.Size):
            return self.library.Size(x)
        if isinstance(x, (tuple, list)):
            return type(x)(map(self, x))
        if isinstance(x, dict):
            return {key: self(value) for key, value in x.items()}
        if isinstance(x, slice):
            return slice(self(x.start), self(x.stop), self(x.step))
        return x

    def tensor(self, x):
        array = np.array(x.detach().resolve_conj().resolve_neg().numpy(), order='K')
        copy = self.library.from_numpy(array)
        if isinstance(x, pytorch.nn.Parameter):
            return self.library.nn.Parameter(copy, x.requires_grad)
        return copy.requires_grad_() if x.requires_grad else copy

    def named(self, x):
        name = str(x).rpartition('.')[2]
        if not hasattr(self.library, name):
            raise TypeError(f'there is no {name}')
        return getattr(self.library, name)


def flat(x):
    """Everything in nested tuples, lists and dicts, in order."""
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, (tuple, list)) and not isinstance(x, BOTH[0].Size):
        return [leaf for part in x for leaf in flat(part)]
    return [x]


def plain(x):
    """A tensor as its dtype, whether it requires grad, and its values; anything else as it is."""
    if isinstance(x, (pytorch.Tensor, tinygrad_adam.Tensor)):
        return str(x.dtype).rpartition('.')[2], x.requires_grad, np.array(x.detach().numpy())
    return x


def run(library, call, sample):
    """What the call computes from a copy of the sample: outputs, gradients, changed arguments."""
    built = Built(library)
    args = built([sample.input, *sample.args])
    kwargs = built(sample.kwargs)
    with warnings.catch_warnings(), np.errstate(all='ignore'):
        warnings.simplefilter('ignore')
        outputs = flat(call(*args, **kwargs))
        after = [plain(x) for x in built.tensors]
        sources = [x for x in built.tensors if x.requires_grad and x.is_leaf]
        ends = [y for y in outputs if isinstance(y, library.Tensor) and y.requires_grad]
        gradients = [None] * len(sources)
        if sources and ends:
            weights = [library.from_numpy(cosines(y)) for y in ends]
            gradients = library.autograd.grad(ends, sources, weights, allow_unused=True)
        gradients = [x.detach() * 0 if g is None else g for x, g in zip(sources, gradients)]
    return [plain(y) for y in outputs], [plain(g) for g in gradients], after


def cosines(y):
    dtype = str(y.dtype).rpartition('.')[2]
    return np.cos(np.arange(1, y.numel() + 1)).reshape(tuple(y.shape)).astype(dtype)


def difference(ours, theirs, shapes_only=False, allowed=1e-9):
    """In words, the first difference between two results of `run`; None if there is none."""
    for part, xs, ys in zip(('output', 'gradient', 'argument afterwards'), ours, theirs):
        if len(xs) != len(ys):
            return f'{len(xs)} {part}s instead of {len(ys)}'
        for i, (x, y) in enumerate(zip(xs, ys)):
            where = f'{part} {i}'
            if not isinstance(y, tuple) or not isinstance(x, tuple):
                if type(x) is not type(y) or x != y:
                    return f'{where}: {x!r} instead of {y!r}'
            elif x[:2] != y[:2]:
                return f'{where}: dtype, requires_grad {x[:2]} instead of {y[:2]}'
            elif x[2].shape != y[2].shape:
                return f'{where}: shape {x[2].shape} instead of {y[2].shape}'
            elif not shapes_only and not np.allclose(x[2], y[2], allowed, 1e-9, True):
                return f'{where}: {short(x[2])} instead of {short(y[2])}'
    return None


def short(array):
    return np.array2string(array.ravel()[:6], precision=6).replace('\n', '')
