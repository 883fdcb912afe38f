"""Random small programs, run on both libraries line by line.

A program is text, so that one that fails can be read, and run again by hand. A line that fails does
not end the program: the same lines must fail on both sides, and what is left must be equal.
"""
import warnings

import numpy as np
import torch as pytorch

import tinygrad_adam

# What may share the memory of x. A change of x.data itself spoils what PyTorch saved of x, and the
# gradient is wrong in silence; here what was saved may have been copied before.
VIEWS = ['{x}[1:]', '{x}[0]', '{x}.T', '{x}.reshape(-1)', '{x}.view(-1)', '{x}.unsqueeze(0)',
         '{x}.detach()', '{x}.expand(2, *{x}.shape)', '{x}.squeeze(0)', '{x}.transpose(0, -1)',
         '{x}.flatten()', '{x}.narrow(0, -1, 1)', '{x}[..., 0]', '{x}.diagonal()',
         '{x}.chunk(2)[0]', '{x}.unbind()[-1]', '{x}.float()', '{x}.double()', '{x}.contiguous()',
         '{x}.expand_as({x})', '{x}[:, None]', '{x}.swapaxes(0, -1)', '{x}.view_as({x})',
         '{x}.diagonal(1)']
# What does not; max(0).values is a view of a hidden tensor here, which a retained gradient shows.
RESULTS = ['{x}[[0, 1, 1]]', '{x} * {y}', '{x} + {y}', '{x}.tanh()', '{x}.clone()', '{x}.sum(0)',
           '{x}.relu()', '{x}.mean(-1)', '{x} @ {x}.T', '{x}.max(0).values.clone()',
           'torch.cat([{x}, {y}])', 'torch.where({x} > 0, {x}, {y})', '{x}.cumsum(0)',
           '{x}.data.clone()', '{x}.softmax(-1)', '{x}.flip(0)', '{x}.repeat(1, 1)',
           '{x}[{x} > 0]']
CHANGES = ['{x}.mul_({c})', '{x}.mul_({y})', '{x}.add_({y})', '{x} *= {y}', '{x}[0] = {c}',
           '{x}[1:] = {y}[1:]', '{x}[1:] *= {c}', '{x}.zero_()', '{x}.copy_({y})',
           '{x}.clamp_(-1, {c})', 'with torch.no_grad(): {x}.mul_({c})',
           '{x}.relu_()', '{x}.fill_({c})', '{x}[{x} > 0] = {c}', '{x}.T.mul_({c})',
           '{x} = {x}.detach()', '{x}.masked_fill_({x} < 0, {c})',
           '{x}.diagonal().mul_({c})', '{x}.T[0] = {c}', '{x}[..., 0] = {y}[..., 0]',
           '{x}[True] = {y}', '{x}.flatten()[0] = {c}', '{x}.expand_as({x}).add_({c})',
           '{x}[None].fill_({c})', '{x}[0] = {y}[:1]', '{x}.reshape(-1).mul_({c})']
# A hook on a view of what has changed since then ends PyTorch with a segmentation fault.
GRADIENTS = ['{x} = {x} * 1; {x}.register_hook(lambda g: g * {c})', 'b.register_hook(torch.neg)',
             'a.register_hook(lambda g: None)',
             '{x} = {x} * 1; {x}.retain_grad()', '{x}.sum().backward(retain_graph=True)',
             '({x} * {y}).sum().backward()', '{x}.sum().backward(inputs=[a])',
             '{x}.sum().backward(inputs=[{y}], retain_graph=True)',
             'g{i} = torch.autograd.grad({x}.sum(), {y}, allow_unused=True, retain_graph=True)[0]',
             'g{i} = torch.autograd.grad(({x} * {y}).sum(), a, retain_graph=True)[0]',
             'a.grad = None', '{x}.backward({x}.detach() * 2, retain_graph=True)']
LEAVES = ['a', 'b', 'c']

INDICES = ['0', '-1', '1:', '::2', ':-1', '0:0', 'None', '...', '[0, -1]', 'torch.tensor(1)',
           'torch.tensor([1, 0, 1])', 'torch.tensor([[0, -1]])', 'torch.tensor([[0], [1]])',
           'torch.tensor([True, False])', 'torch.tensor([[True, False, True]] * 2)', 'True',
           'False', 'torch.tensor(True)', '[[0, 1], [1, 0]]', '[]', '()', '-9:9',
           'np.array([0, 1])', 'torch.tensor([1], dtype=torch.int32)',
           'torch.tensor([True, False, True])']
OPERANDS = [f'torch.tensor({value}, dtype=torch.{dtype})'
            for dtype in ('bool', 'uint8', 'int32', 'int64', 'float32', 'float64')
            for value in ('[1, 3]', '2')]
OPERANDS += ['2', '2.5', 'True', 'np.float64(2.5)', 'np.int64(3)']
OPERATORS = ['{x} + {y}', '{x} - {y}', '{x} * {y}', '{x} / {y}', '{x} ** {y}', '{x} // {y}',
             '{x} % {y}', '{x} < {y}', '{x} == {y}', '{x} & {y}', '{x} @ {y}',
             'torch.maximum({x}, {y})', 'torch.where(torch.tensor([True, False]), {x}, {y})',
             'torch.add({x}, {y}, alpha=2)', 'torch.cat([{x}, {y}])', 'torch.lerp({x}, {y}, 0.5)',
             '{x}.masked_fill({y} > 1, {y})',
             '{x}.add_({y})', '{x}.mul_({y})', '{x}.div_({y})', '{x}.copy_({y})',
             '({x} > 1).sum() + {y}', '{x}.exp() + {y}', '{x}.square() * {y}', '{x}.mean() - {y}',
             '{x}.cumsum(0) * {y}', '{x}.prod() * {y}', '{x}.sigmoid() * {y}', '{x}.relu() * {y}',
             'torch.full_like({x}, 2) * {y}', 'torch.nn.functional.mse_loss({x}, {y})']

# Layers by the number of dimensions of what they take, (2, 4), (2, 4, 6) or (2, 4, 6, 6), with c of
# its channels or features; what they give is measured while the program is made.
LAYERS = {
    2: ['Linear({c}, 5)', 'Linear({c}, 3, bias=False)', 'BatchNorm1d({c})', 'LayerNorm({c})',
        'Unflatten(1, (1, {c}))', 'GroupNorm(1, {c})', 'Softmax(1)'],
    3: ['Conv1d({c}, 4, 3, padding=1)', 'Conv1d({c}, {c}, 2, stride=2, groups={c})',
        'BatchNorm1d({c}, momentum=0.3)', 'Flatten()', 'GroupNorm({c}, {c})', 'LayerNorm({d})',
        'Linear({d}, 4)', 'Unflatten(1, (1, {c}))', 'Conv1d({c}, 2, 3, dilation=2)'],
    4: ['Conv2d({c}, 4, 3, padding=1)', 'Conv2d({c}, 2, 2, stride=2, bias=False)',
        'Conv2d({c}, {c}, 3, dilation=2, padding=2, groups={c})', 'BatchNorm2d({c})',
        'BatchNorm2d({c}, affine=False)', 'MaxPool2d(2)', 'MaxPool2d(3, 2, 1)', 'AvgPool2d(2)',
        'AdaptiveAvgPool2d(2)', 'AvgPool2d(3, 2, 1, count_include_pad=False)', 'Flatten()',
        'Flatten(2)', 'Upsample(scale_factor=2)', 'ConvTranspose2d({c}, 3, 2, stride=2)',
        'MaxPool2d(2, ceil_mode=True)']}
ACTIVATIONS = ['ReLU()', 'Tanh()', 'Sigmoid()', 'GELU()', 'SiLU()', 'LeakyReLU(0.2)', 'ELU()',
               'Softplus()', 'Identity()', 'Dropout(0.0)', 'LogSoftmax(-1)', 'LogSigmoid()',
               "GELU(approximate='tanh')", 'ReLU(inplace=True)', 'Softmax(-1)']
LOSSES = ['F.cross_entropy(y.flatten(1), torch.tensor([0, 1]))', 'F.mse_loss(y, 0 * y)',
          'F.cross_entropy(y.flatten(1), torch.tensor([1, 0]), label_smoothing=0.1)',
          'F.smooth_l1_loss(y, torch.zeros_like(y), beta=0.5)', '(y ** 2).mean()', 'y.std()',
          "F.huber_loss(y, torch.ones_like(y), reduction='sum')", 'y.logsumexp(-1).sum()',
          'F.binary_cross_entropy_with_logits(y, torch.ones_like(y) * 0.3)', 'y.abs().max()',
          'F.nll_loss(F.log_softmax(y.flatten(1), 1), torch.tensor([0, 0]))', 'y.norm()']


def of_views(seed):
    """Views, changes in place, hooks, dtypes, and backward, whole or in part, again and again.

    Left out is what PyTorch leaves open: a change by a tensor that shares memory is one by its
    clone, since the order in which elements are written and read would show; and where the graph
    does not record a change, no gradient is retained, since PyTorch then takes views from the
    tensor at their bottom, past those between.
    """
    random = np.random.default_rng(seed)
    dtype = random.choice(['float32', 'float64', 'float64'])
    lines = [f'a, b, c = (torch.tensor(x, dtype=torch.{dtype}) for x in values)',
             'a.requires_grad_(); b.requires_grad_()', 'v0, v1, v2 = a * 1.5, b + 0.5, c']
    names = ['v0', 'v1', 'v2']
    memory = {'a': 'a', 'b': 'b', 'c': 'c', 'v0': 'v0', 'v1': 'v1', 'v2': 'c'}
    for i in range(random.integers(4, 14)):
        x, y = random.choice(names + LEAVES * (random.random() < 0.2), 2)
        kind = random.choice(['view', 'result', 'change', 'gradient'], p=[0.3, 0.2, 0.3, 0.2])
        text = random.choice({'view': VIEWS, 'result': RESULTS, 'change': CHANGES,
                              'gradient': GRADIENTS}[kind])
        if kind == 'change' and x != y and memory[x] == memory[y]:
            text = text.replace('{y}', '{y}.clone()')
        text = text.format(x=x, y=y, c=random.integers(1, 4), i=i)
        if kind in ('view', 'result'):
            names.append(f'v{len(names)}')
            memory[names[-1]] = memory[x] if kind == 'view' else names[-1]
            text = f'{names[-1]} = {text}'
        lines.append(text)
    if any('no_grad' in line for line in lines):
        lines = [line for line in lines if 'retain_grad()' not in line and 'inputs=[v' not in line]
    total = ' + '.join(f'({name} * {i + 1}).sum()' for i, name in enumerate(names))
    return [*lines, f'total = {total}', 'total.backward()']


def of_indexing(seed):
    """A tensor read and written at one random index."""
    random = np.random.default_rng(seed)
    index = ', '.join(random.choice(INDICES, random.integers(1, 5)))
    return ['a = torch.tensor(values[0], requires_grad=True)', 'd = a.reshape(2, 3, 2) * 1',
            f'read = d[{index}] * 1', f'd[{index}] = read.detach() * 2', 'd.sum().backward()']


def of_dtypes():
    """Every operator on every pair of operands, but for what is meant to differ from PyTorch."""
    for operator in OPERATORS:
        for x in OPERANDS:
            for y in OPERANDS:
                array = 'cumsum' in operator and x.startswith('np.')    # on the left of a tensor
                unequal = 'loss' in operator and ('[' in x) != ('[' in y)    # are not broadcast
                if not (array or unequal):
                    yield ['result = ' + operator.format(x=x, y=y)]


def of_layers(seed):
    """A random network: its loss and gradients, two steps, and its output in evaluation mode."""
    random = np.random.default_rng(seed)
    start = shape = (2, 4, 6, 6)[:random.integers(2, 5)]
    layers = []
    for _ in range(random.integers(1, 6)):
        kind = LAYERS[len(shape)] if random.random() < 0.6 else ACTIVATIONS
        text = 'nn.' + random.choice(kind).format(c=shape[1], d=shape[-1])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                after = tuple(eval(text, {'nn': pytorch.nn})(pytorch.zeros(shape)).shape)
        except (RuntimeError, ValueError):      # a window is too large, or a channel has one value
            continue
        if len(after) in LAYERS:
            layers.append(text)
            shape = after
    return [f'net = nn.Sequential({", ".join(layers)}).double()',
            'for k, p in enumerate(net.parameters()): p.data = some(p.shape, k)',
            f'x = some({start}, 99).requires_grad_()',
            'o = torch.optim.SGD([x, *net.parameters()], 0.1)',
            *['y = net(x * 1)', f'loss = {random.choice(LOSSES)}', 'loss.backward()',
              'gradients = [p.grad.clone() for p in net.parameters()]',
              'o.step()', 'o.zero_grad()'] * 2,
            'state = list(net.state_dict().values())', 'net.eval()', 'y = net(x)']


def some(library):
    """some(shape, k): the k-th tensor of this shape, in float64; the same in both libraries."""
    def tensor(shape, k):
        n = int(np.prod(shape))
        return library.tensor(np.cos(1.3 * np.arange(n) + k).reshape(tuple(shape)))
    return tensor


def outcome(library, lines):
    """What every line ended with, None or an error; and by name what there is at the end."""
    values = np.cos(np.arange(36.0)).reshape(3, 3, 4).tolist()
    names = dict(torch=library, np=np, nn=library.nn, F=library.nn.functional, some=some(library),
                 values=values)
    given, ends = {*names, '__builtins__', '__warningregistry__'}, []
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        for line in lines:
            try:
                exec(line, names)
                ends.append(None)
            except Exception as error:
                ends.append(error)
        return ends, {name: seen(value) for name, value in names.items() if name not in given}


def seen(value):
    """What can be compared of a value: arrays, types, whether it requires grad, its gradient."""
    if isinstance(value, (list, tuple)):
        return [seen(x) for x in value]
    if isinstance(value, (tinygrad_adam.Tensor, pytorch.Tensor)):
        try:
            grad, is_leaf, requires_grad = value.grad, value.is_leaf, value.requires_grad
        except RuntimeError:      # a view that in-place changes have made useless
            return 'RuntimeError'
        return [np.array(value.detach().numpy()), str(value.dtype).rpartition('.')[2],
                requires_grad, is_leaf, None if grad is None else seen(grad.detach())]
    return value if isinstance(value, (bool, int, float)) else None


def equal(x, y, tolerance):
    """Whether two things seen are the same, up to rounding."""
    if isinstance(x, list) and isinstance(y, list):
        return len(x) == len(y) and all(equal(a, b, tolerance) for a, b in zip(x, y))
    if isinstance(x, (np.ndarray, float)) and isinstance(y, (np.ndarray, float)):
        tolerance = 1e-4 if getattr(x, 'dtype', None) == np.float32 else tolerance
        return np.shape(x) == np.shape(y) and np.allclose(x, y, tolerance, tolerance, True)
    return type(x) is type(y) and x == y


# Where PyTorch alone refuses, though the gradient is right: here a change in place leaves the saved
# result of another alone, fewer graphs have to be freed, views of one split can be used after a
# change, what is expanded after a change goes back, a view of what has since got a gradient is no
# leaf, and copy_() of one row to all reads it first.
HARMLESS = ('modified by an inplace operation', 'backward through the graph a second time',
            'a function that returns multiple views', 'a leaf Variable that requires grad',
            'more than one element of the written-to tensor refers to a single memory location',
            'some elements of the input tensor and the written-to tensor refer to a single memory')
# Where this package alone refuses: max_pool2d saves its result, in PyTorch only its input; a mask
# may not write into an expanded tensor, which PyTorch deprecates; a change of x.detach() with a
# gradient is not overlooked when x is used; and an index has one ellipsis at most.
KNOWN = ('that max_pool() at', 'it was expanded to shape', 'shares memory with another one',
         'a view of a leaf Variable', 'has `...` a second time')


def wrong(lines):
    """In words, what differs from PyTorch; None if nothing does, or until one of the two refuses.

    A refusal is NotImplementedError or a known one here, or a harmless one there. What a walk that
    failed has left in `grad` is not compared either.
    """
    (ours, mine), (theirs, yours) = outcome(tinygrad_adam, lines), outcome(pytorch, lines)
    for line, x, y in zip(lines, ours, theirs):
        if (isinstance(x, NotImplementedError) or any(words in str(x) for words in KNOWN)
                or 'backward' in line and x and y
                or x is None and any(words in str(y) for words in HARMLESS)):
            return None
        if (x is None) != (y is None):
            return '\n'.join([*lines, f'in {line}: {x!r} instead of {y!r}'])
    tolerance = 1e-4 if any('float' in line and 'float64' not in line for line in lines) else 1e-7
    for name in yours:
        if not equal(mine[name], yours[name], tolerance):
            return '\n'.join([*lines, f'{name}: {mine[name]} instead of {yours[name]}'])
    return None
