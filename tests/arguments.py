"""Rows of calls for tests/test_arguments.py.

Of each argument a row gives the value that it has in the call, a bar, and another value, which is
put in its place alone; - stands for leaving it out. Where the other value is refused with words
that do not name the argument, a second bar and such a word follow. `args` are given by position,
`on` is what a method is called on (x, or a model), `then` is what the result is good for. COMMON
are arguments that mean the same everywhere. A name with several rows needs an argument to count in
one of them.
"""
import copy
import io
import math

import numpy as np

import tinygrad_adam as torch

COMMON = dict(
    input='x | y', other='y | x * 2', dim='0 | 1', keepdim='- | True', dtype='- | torch.float64',
    device="- | 'cuda'", requires_grad='- | True', generator='- | seeded()', inplace='- | True',
    size_average='- | False', reduce='- | False', reduction="- | 'sum'", target='y | y * 2',
    eps='- | 0.5', bias='- | False', memo='- | {model}', tensor='plain() | plain()[:1]',
    params='[p] | [q]', foreach='- | True', fused='- | True', capturable='- | True',
    differentiable='- | True', maximize='- | True', weight_decay='- | 0.1', lr='0.1 | 0.2',
    betas='- | (0.5, 0.6)', decoupled_weight_decay='- | True', optimizer='sgd | sgd2',
    last_epoch='- | 1', create_graph='- | True', strict='- | True', norm_type='- | 1.0',
    out='- | torch.empty(0, dtype=torch.float64)')
WINDOW = dict(kernel_size='3 | 2', stride='2 | 1', ceil_mode='- | True')
WINDOWS = dict(kernel_size='3 | 2', stride='2 | 1', padding='- | 1', dilation='- | 2')
OF_INPUTS = dict(func='cube | fourth', inputs='x.double() | y.double()')
OF_VECTORS = dict(OF_INPUTS, v='y.double() | x.double()')
LAYER = dict(then='it(x)')
RECURRENT = dict(input_size='3 | 4', hidden_size='2 | 3', num_layers='2 | 3', dropout='- | 0.5',
                 batch_first='- | True', bidirectional='- | True', then='it(x.reshape(2, 1, 3))')
CELL = dict(input_size='3 | 4', hidden_size='2 | 3', then='it(x)')
SCALES = dict(init_scale='- | 2.0', growth_factor='- | 3.0', backoff_factor='- | 0.1',
              growth_interval='- | 10')
TRANSFORMS = {      # of distributions
    'Abs': 'AbsTransform()', 'Affine': 'AffineTransform(y, 2.0)', 'Exp': 'ExpTransform()',
    'CumulativeDistribution': 'CumulativeDistributionTransform(normal)',
    'Compose': 'ComposeTransform([d.PowerTransform(y)])', 'Power': 'PowerTransform(y)',
    'Independent': 'IndependentTransform(d.SigmoidTransform(), 1)', 'Tanh': 'TanhTransform()',
    'Reshape': 'ReshapeTransform((2, 3), (3, 2))', 'Sigmoid': 'SigmoidTransform()',
    'Softmax': 'SoftmaxTransform()', 'Softplus': 'SoftplusTransform()',
    'StickBreaking': 'StickBreakingTransform()'}
GENERIC_SIZE = dict(size='(2, 3) | (3, 2)')
RATES = dict(then='[(it.optimizer.step(), it.step(), it.get_last_lr()) for _ in range(6)], '
                  'it.last_epoch')
CYCLES = ('[(it.optimizer.step(), it.step(), it.get_last_lr(), '
          'it.optimizer.param_groups[0]["momentum"]) for _ in range(7)]')
TRANSFORMER = dict(d_model='4 | 8 | 8', nhead='2 | 1', dim_feedforward='5 | 6', dropout='- | 0.5',
                   activation="- | 'gelu'", layer_norm_eps='- | 0.5', batch_first='- | True',
                   norm_first='- | True')
MASK = 'torch.eye(4) < 1'
PADDING = 'torch.tensor([[True, False, False, False]])'


def is_own(kind, name):
    """Whether a class defines the method, and under no other name."""
    first = kind.__dict__.get('forward_shape') if name == 'inverse_shape' else None
    return name in kind.__dict__ and kind.__dict__[name] is not first


# Where no argument has a name, the arguments by position stand in `args`; `on` is what a method is
# called on. Several rows for one name: an argument has to count in one of them.
ROWS = {
    'compile': [dict(model='cube | fourth', dynamic='- | True', backend="- | 'tvm'",
                     mode="- | 'fast'", options="- | {'shape_padding': True}", disable='- | True',
                     recompile_limit='- | 0', then="it(x), getattr(it, 'code', 0)"),
                dict(model='item', fullgraph='- | True', then='it(x)')],
    # Making tensors.
    'arange': dict(start='1.0 | 2.0', end='9 | 8', step='- | 2'),
    'as_tensor': dict(data='[1, 2] | [3]'),
    'bernoulli': dict(input='torch.rand(99) | torch.rand(98)', p='- | 0.9'),
    'poisson': dict(input='torch.ones(99) | torch.ones(98)'),
    'empty': dict(size='(2, 3) | (3, 2)', then='it * 0'),
    'empty_like': dict(input='x | x[0]', then='it * 0'),
    'eye': dict(n='2 | 3', m='2 | 4'),
    'from_numpy': dict(ndarray='np.ones(2) | np.ones(3)'),
    'full': dict(size='(2,) | (3,)', fill_value='1.0 | 2.0'),
    'full_like': dict(input='x | x[0]', fill_value='1.0 | 2.0'),
    'linspace': dict(start='0 | 1', end='9 | 8', steps='4 | 5'),
    'meshgrid': dict(args='y[0], y[1]', indexing="- | 'xy'"),
    'multinomial': dict(input='torch.ones(9) | torch.eye(9)[0] + 1', num_samples='8 | 9',
                        replacement='- | True'),
    'ones': GENERIC_SIZE, 'zeros': GENERIC_SIZE, 'rand': GENERIC_SIZE, 'randn': GENERIC_SIZE,
    **{f'{name}_like': dict(input='x | x[0]') for name in ('ones', 'zeros', 'rand', 'randn')},
    'randint': dict(low='1 | 50', high='99 | 52', size='(9,) | (8,)', dtype='torch.float32 | -'),
    'randint_like': dict(input='x | x[0]', low='1 | 50', high='99 | 52'),
    'randperm': dict(n='9 | 8', dtype='torch.float32 | -'),
    'tensor': dict(data='[1.0, 2.0] | [3.0]'),
    'nn.functional.one_hot': dict(input='classes | classes * 0', num_classes='- | 5'),

    'normal': [dict(mean='0 | 1', std='1 | 2', size='(9,) | (8,)'),
               dict(mean='x', std='- | 2')],
    **{f'{name}_indices': dict(row=f'{n} | 4', col=f'{m} | 4', offset=f'- | {m - n}',
                               dtype='- | torch.int32')
       for name, n, m in [('tril', 2, 1), ('triu', 1, 2)]},

    # Parts and shapes.
    **{f'atleast_{n}d': dict(args='x[0, 0]') for n in (1, 2, 3)},
    **{name: dict(tensors='[x, y] | [y, x]') for name in (
        'hstack', 'vstack', 'dstack', 'column_stack')},
    'tile': dict(dims='(2,) | (3,)'), 'ravel': {}, 'fliplr': {}, 'flipud': {},
    'movedim': dict(input='cube_of(x) | cube_of(y)', source='0 | 1', destination='2 | 1'),
    'rot90': dict(k='- | 2', dims='- | (1, 0)'),
    'unflatten': dict(input='cube_of(x) | cube_of(y)', dim='0 | 2', sizes='(-1, 1) | (1, -1, 1)'),
    'broadcast_to': dict(size='(2, 2, 3) | (1, 2, 3)'),
    'Tensor.unfold': dict(dimension='1 | 0', size='2 | 1', step='1 | 2'),
    'diag': dict(diagonal='- | 1'), 'trace': {},
    'diag_embed': dict(offset='- | 1', dim1='- | 0', dim2='- | 0'),
    'masked_select': dict(mask='x > 0 | x < 0'), 'take': dict(index='index | index * 0'),
    'take_along_dim': dict(indices='index | index * 0', dim='0 | 1'),
    'repeat_interleave': dict(repeats='2 | 3', dim='- | 1', output_size='- | 2'),
    **{name: [dict(index='index | index * 0', src='y | x', dim='0 | 1', reduce="- | 'add'"),
              dict(index='index', dim='0', value='1.0 | 2.0')]
       for name in ('scatter', 'Tensor.scatter_')},
    **{name: dict(dim='0 | 1', index='torch.tensor([1, 0]) | torch.tensor([0, 1])',
                  source='y[:, :2] | x[:, :2]', **more, input='x[:, :2] | y[:, :2]')
       for name, more in [('index_add', dict(alpha='- | 2')), ('index_copy', {})]},
    **{name: dict(dim='0 | 1', index='torch.tensor([1, 0]) | torch.tensor([0, 1])',
                  on='x[:, :2] * 1', then='me', source='y[:, :2] | y[:, 1:]', **more)
       for name, more in [('Tensor.index_add_', dict(alpha='- | 2')), ('Tensor.index_copy_', {})]},
    **{name: dict(dim='0 | 1', index='torch.tensor([0]) | torch.tensor([1])', value='5.0 | 6.0')
       for name in ('index_fill', 'Tensor.index_fill_')},
    **{name: dict(index='index | index * 0', src='y | x', dim='0 | 1', include_self='- | False',
                  reduce="'sum' | 'amax'")
       for name in ('scatter_reduce', 'Tensor.scatter_reduce_')},
    **{name: dict(mask='x > 0 | x < 0', source='y | x')
       for name in ('masked_scatter', 'Tensor.masked_scatter_')},
    **{name: dict(indices='(torch.tensor([0]),) | (torch.tensor([1]),)',
                  values='y[0] | y[1]', accumulate='- | True')
       for name in ('index_put', 'Tensor.index_put_')},
    'Tensor.fill_diagonal_': dict(on='torch.zeros(7, 3)', fill_value='1.0 | 2.0', wrap='- | True'),
    'cat': dict(tensors='[x, y] | [y, x]'), 'stack': dict(tensors='[x, y] | [y, x]'),
    'chunk': dict(chunks='2 | 3', dim='1 | 0'),
    'diagonal': dict(input='cube_of(x) | cube_of(y)', offset='- | 1', dim1='- | 2', dim2='- | 2'),
    'gather': dict(index='index | index * 0', dim='0 | 1'),
    'index_select': dict(index='torch.tensor([1, 0]) | torch.tensor([1])'),
    'masked_fill': dict(mask='x > 0 | x < 0', value='5.0 | 6.0'),
    'narrow': dict(start='0 | 1', length='1 | 2', dim='1 | 0'),
    'scatter_add': dict(index='index | index * 0', src='y | x', dim='0 | 1'),
    'block_diag': dict(args='x, y'), 'broadcast_shapes': dict(args='(2, 1), (3,)'),
    'diagflat': dict(offset='- | 1'), 'select': dict(index='0 | 1'),
    'split_with_sizes': dict(input='x[:, :2] | y[:, :2]', split_sizes='[1, 1] | [2, 0]'),
    'tensor_split': dict(indices_or_sections='2 | 1', dim='- | 1'),
    **{name: dict(input='cube_of(x) | cube_of(y)', indices_or_sections='1 | [1]')
       for name in ('hsplit', 'vsplit', 'dsplit')},
    'Tensor.split': dict(split_size='1 | 2', dim='1 | 0'),
    'split': dict(tensor='x | y', split_size_or_sections='1 | 2', dim='1 | 0'),
    'tril': dict(diagonal='- | 1'), 'triu': dict(diagonal='- | 1'), 'unbind': {},
    'flatten': dict(input='cube_of(x) | cube_of(y)', start_dim='- | 1', end_dim='- | 1'),
    'flip': dict(dims='(0,) | (1,)'), 'permute': dict(dims='(1, 0) | (0, 1)'),
    'reshape': dict(shape='(6,) | (3, 2)'), 'roll': dict(shifts='1 | 2', dims='1 | 0'),
    'squeeze': dict(input='x[None, :, None] | y[None, :, None]', dim='- | 0'),
    'Tensor.squeeze_': dict(on='x.detach()[:, None, None]', dim='- | 1'),
    'Tensor.unsqueeze_': dict(on='x.detach()'),
    'Tensor.swapaxes_': dict(on='cube_of(x).detach()', dim0='0 | 2', dim1='1 | 2'),
    'transpose': dict(input='cube_of(x) | cube_of(y)', dim0='0 | 2', dim1='1 | 2'),
    'unsqueeze': {}, 'Tensor.expand': dict(size='(2, 2, 3) | (1, 2, 3)'),
    'Tensor.expand_as': dict(other='cube_of(x) | x'),
    'Tensor.repeat': dict(repeats='(1, 2) | (2, 1)'),
    'Tensor.reshape_as': dict(other='torch.ones(6) | torch.ones(3, 2)'),
    'Tensor.view_as': dict(other='torch.ones(6) | torch.ones(3, 2)'),
    'Tensor.view': dict(size='(6,) | (3, 2)'),

    # Element by element, reductions, order, products.
    **{name: dict(alpha='- | 2') for name in ('add', 'sub', 'Tensor.add_', 'Tensor.sub_')},
    **{name: dict(rounding_mode="- | 'floor'") for name in ('div', 'Tensor.div_')},
    'clamp': dict(min='-1.0 | 0.0', max='1.0 | 0.5'), 'pow': dict(input='y | x', exponent='2 | 3'),
    **{name: [dict(input='y | y * 2', other='y + 1e-9 | x'),
              dict(input='y', other='y + 0.1', rtol='- | 1.0', atol='- | 1.0'),
              dict(input='x * math.nan', other='x * math.nan', equal_nan='- | True')]
       for name in ('isclose', 'allclose')},
    **{name: dict(tensor1='y | x', tensor2='y | x * y', value='- | 2.0') for name in (
        'addcmul', 'addcdiv', 'Tensor.addcmul_', 'Tensor.addcdiv_')},
    'argwhere': dict(input='x - x[0] | x'),
    **{name: dict(input='torch.tensor([4]) | torch.tensor([9])',
                  other='torch.tensor([6]) | torch.tensor([16])')
       for name in ('gcd', 'lcm')},
    'heaviside': dict(input='x * 0 | x', values='x | x * 2'),
    **{name: dict(input='x | y', other='y | x') for name in ('fmax', 'fmin', 'logaddexp2')},
    'xlogy': dict(input='x | y', other='y | 2.0'), 'ldexp': dict(other='y | x'),
    'copysign': dict(other='1.0 | -1.0'), 'signbit': dict(input='x | -x'),
    **{name: dict(input=f'{sign}x | x / 0')
       for name, sign in [('isposinf', ''), ('isneginf', '-')]},
    'round': dict(input='x | y', decimals='- | 1'), 'Tensor.round_': dict(decimals='- | 1'),
    'aminmax': {}, 'nanmean': {}, 'msort': {},
    'float_power': dict(input='x | y', exponent='2 | 3'),
    'polygamma': dict(n='1 | 2'),
    'Tensor.polygamma': dict(n='1 | 2'),
    'logit': dict(input='y.sigmoid() | x.sigmoid()', eps='- | 0.4'),
    **{name: dict(nan='- | 1.0', posinf='- | 2.0', neginf='- | 3.0', **more, then=then)
       for name, more, then in [
           ('nan_to_num', dict(input='x * torch.tensor([math.nan, math.inf, -math.inf]) | y'),
            'it'),
           ('Tensor.nan_to_num_', dict(
               on='x.data * torch.tensor([math.nan, math.inf, -math.inf])'), 'me')]},
    **{name: dict(min='0.0 | 0.5') for name in ('clamp_min', 'Tensor.clamp_min_')},
    **{name: dict(max='0.0 | 0.5') for name in ('clamp_max', 'Tensor.clamp_max_')},
    'fmod': dict(other='plain() | plain() * 2'), 'Tensor.fmod_': dict(other='0.7 | 0.9'),
    'Tensor.remainder_': dict(other='0.7 | 0.9'),
    'Tensor.lerp_': dict(end='y | x * 2', weight='0.5 | 0.7'),
    **{f'bitwise_{name}': dict(input='classes + 1 | classes', other='classes + 2 | classes')
       for name in ('and', 'or', 'xor')},
    'bitwise_not': dict(input='classes | classes * 0'),
    'median': {}, 'nansum': {}, 'nanmedian': {}, 'mode': {}, 'logcumsumexp': {},
    'kthvalue': dict(k='1 | 2'), 'Tensor.sum_to_size': dict(size='(3,) | (2, 1)'),
    'vander': dict(x='x[0] | x[1]', N='- | 2', increasing='- | True'),
    'Tensor.apply_': dict(on='x.detach().clone()', callable='abs | lambda x: 2 * x'),
    **{name: dict(y='y | x', x='- | torch.tensor([0.0, 1, 3])', dx='- | 2.0 | 1.0', dim='- | 0')
       for name in ('trapezoid', 'cumulative_trapezoid')},
    'quantile': dict(q='0.3 | 0.4', interpolation="- | 'lower'"),
    'cumprod': {}, 'diff': dict(input='y | x', n='- | 2', dim='- | 0', prepend='- | x',
                                append='- | x'),
    **{name: [dict(unbiased='- | False'), dict(correction='- | 0.5')] for name in (
        'std_mean', 'var_mean')},
    'dist': dict(p='- | 3'), 'cdist': dict(x1='x | y', x2='y | x * x', p='- | 3.0',
                                           compute_mode="- | 'other'"),
    **{name: dict(more, beta='- | 2.0', alpha='- | 2.0') for name, more in [
        ('addmm', dict(input='x | y', mat1='x | y', mat2='torch.eye(3) | torch.ones(3, 3)')),
        ('Tensor.addmm_', dict(mat1='y | x * 1', mat2='torch.eye(3) | torch.ones(3, 3)')),
        ('addmv', dict(input='x[:, 0] | x[:, 1]', mat='x | y', vec='y[0] | y[1]')),
        ('baddbmm', dict(input='x[None] | y[None]', batch1='x[None] | y[None]',
                         batch2='torch.eye(3)[None] | torch.ones(1, 3, 3)'))]},
    'inner': {}, 'tensordot': dict(a='x | y', b='y | x', dims='2 | 0'),
    'remainder': dict(other='plain() | plain() * 2'),
    'isfinite': dict(input='x | x / 0'), 'isinf': dict(input='x | x / 0'),
    'isnan': dict(input='x | x * math.nan'), 'equal': dict(input='x | y', other='x | y'),
    'lerp': dict(end='y | x', weight='0.5 | 0.7'),
    'logical_not': dict(input='x | x * 0'),
    'logical_and': dict(input='x | x * 0', other='y | x * 0'),
    'logical_or': dict(input='x * 0 | x', other='y * 0 | y'),
    'logical_xor': dict(input='x | x * 0', other='y | y * 0'),
    'where': dict(condition='x > 0 | x < 0', input='x | y'),
    'Tensor.where': dict(condition='x > 0 | x < 0'),
    **{name: dict(input='x | y', other='y | x') for name in ('lt', 'le', 'gt', 'ge', 'eq', 'ne')},
    'all': dict(input='y | x * 0'), 'any': dict(input='y | x * 0'),
    **{name: [dict(other='-'), dict(dim='-', other='y | x')] for name in ('max', 'min')},
    'norm': dict(p='- | 3'), 'count_nonzero': dict(input='x | x * 0'),
    'logspace': dict(start='0 | 1', end='2 | 3', steps='3 | 4', base='- | 2'),
    'searchsorted': dict(sorted_sequence='torch.arange(4.0) | torch.ones(4)', input='1.0 | 2.0',
                         out_int32='- | True', right='- | True', side="- | 'right'"),
    'bucketize': dict(input='1.0 | 2.0', boundaries='torch.arange(4.0) | torch.ones(4)',
                      out_int32='- | True', right='- | True'),
    'isin': dict(elements='classes | 0', test_elements='1 | classes', invert='- | True'),
    'histogram': dict(input='x | y', bins='3 | 4', range='- | (0.0, 9.0)', weight='- | x * x',
                      density='- | True'),
    'histc': dict(input='x | y', bins='3 | 4', min='- | -1.0', max='1.0 | 2.0'),
    'cov': dict(input='square | spd', correction='- | 0'), 'corrcoef': dict(input='square | spd'),
    **{name: dict(input='square | -square', dim='0 | 1') for name in ('cummax', 'cummin')},
    'kron': dict(input='square | spd', other='spd | square'),
    **{f'is_{name}': dict(input='x | classes') for name in ('floating_point', 'complex')},
    'is_signed': dict(input='x | x > 0'), 'is_nonzero': dict(input='x[0, 0] | x[0, 0] * 0'),
    'result_type': dict(tensor='classes | 0.5', other='classes | x', then='repr(it)'),
    'promote_types': dict(type1='torch.int64 | torch.float64', type2='torch.int8 | torch.float32',
                          then='repr(it)'),
    'can_cast': dict(from_='torch.int64 | torch.float64', to='torch.int8 | torch.bool'),
    'finfo': dict(type='- | torch.float64', then='it.eps'),
    'iinfo': dict(type='torch.int64 | torch.int8', then='it.max'),
    'cartesian_prod': dict(args='square[0], spd[0]'),
    'combinations': dict(input='square[0] | spd[0]', r='- | 3', with_replacement='- | True'),
    **{name: dict(A='square | square + 1') for name in ('inverse', 'det', 'slogdet')},
    'logdet': dict(input='spd | spd + 1'),
    'linalg.solve': dict(A='square | spd', B='square | spd', left='- | False'),
    'linalg.solve_triangular': dict(A='square | spd', B='square | spd', upper='True | False',
                                    left='- | False', unitriangular='- | True'),
    'linalg.pinv': dict(A='square | spd', rtol='- | 0.5'),
    'linalg.lstsq': [dict(A='square | spd', B='square | spd', rcond='- | 0.5',
                          driver="- | 'gels'")],
    'linalg.matrix_rank': [dict(A='square | square * 0', rtol='- | 1.0'),
                           dict(A='square[:2]', hermitian='- | True | square')],
    'linalg.cholesky': dict(A='spd | spd + 1', upper='- | True'),
    'linalg.eigh': dict(A='square | spd', UPLO="- | 'U'"),
    'linalg.eigvalsh': dict(A='square | spd', UPLO="- | 'U'"),
    'linalg.svd': dict(A='square[:1] | spd[:1]', full_matrices='- | False', driver="- | 'gesvd'"),
    'svd': dict(input='square[:1] | spd[:1]', some='- | False', compute_uv='- | False'),
    'qr': dict(input='square[:, :1] | spd[:, :1]', some='- | False'),
    'cholesky': dict(input='spd | spd + 1', upper='- | True'),
    'pinverse': dict(input='square | spd', rcond='- | 0.5'),
    'chain_matmul': dict(args='square, spd'),
    'cross': dict(input='square | spd', other='spd | square', dim='1 | 0'),
    'linalg.svdvals': dict(A='square | spd', driver="- | 'gesvd'"),
    'linalg.qr': dict(A='square | spd', mode="- | 'r'"),
    'linalg.matrix_norm': dict(A='square | spd', ord='- | 2', dim='(0, 1) | (0, 0)'),
    'linalg.norm': dict(A='square | spd', ord='- | 1', dim='(0, 1) | 0'),
    'linalg.cond': dict(A='square | spd', p='- | 1'),
    'matrix_power': dict(A='square | spd', n='2 | 3'),
    'linalg.multi_dot': dict(tensors='[square, spd] | [spd, spd]'),
    'linalg.cross': dict(input='square | spd', other='spd | square', dim='- | 0'),
    'linalg.vecdot': dict(x='square | spd', y='spd | square', dim='- | 0'),
    'linalg.diagonal': dict(A='cube3 | cube3 + 1', offset='- | 1', dim1='- | 0', dim2='- | 0'),
    'cholesky_solve': dict(B='square | spd', L='square | spd', upper='- | True'),
    'cholesky_inverse': dict(L='square | spd', upper='- | True'),
    'linalg.vector_norm': dict(x='x | y', ord='- | 3'),
    **{name: [dict(unbiased='- | False'), dict(correction='- | 0.5')] for name in ('std', 'var')},
    **{name: dict(descending='- | True', stable='- | True') for name in ('argsort', 'sort')},
    'bincount': dict(input='classes | classes * 0', weights='- | torch.rand(2)',
                     minlength='- | 9'),
    'nonzero': dict(input='x | x * 0', as_tuple='- | True'),
    'topk': dict(k='1 | 2', largest='- | False', sorted='- | False', dim='1 | 0'),
    'unique_consecutive': dict(input='x | x[:, :1]', return_inverse='- | True',
                               return_counts='- | True', dim='- | 0'),
    'unique': dict(sorted='- | False', return_inverse='- | True', return_counts='- | True',
                   dim='- | 0'),
    'mm': dict(mat2='y.T | x.T'), 'matmul': dict(other='y.T | x.T'), 'mv': dict(vec='y[0] | y[1]'),
    'bmm': dict(input='x[None] | y[None]', mat2='y.T[None] | x.T[None]'),
    'dot': dict(input='x[0] | x[1]', other='y[0] | y[1]'),
    'outer': dict(input='x[0] | x[1]', vec2='y[0] | y[1]'),
    'einsum': dict(equation="'ij,ij->i' | 'ij,ij->j'", args='x, y'),

    # Methods of tensors; those in place change x, whose value is seen.
    'Tensor.to': [dict(copy='- | True', non_blocking='- | True', then='it is x, it'),
                  dict(on='x.T', memory_format='- | torch.contiguous_format', then='it.stride()')],
    'Tensor.contiguous': dict(memory_format='- | torch.channels_last'),
    'Tensor.is_contiguous': dict(memory_format='- | torch.channels_last'),
    'clone': dict(input='x.T | y.T', memory_format='- | torch.contiguous_format',
                  then='it, it.stride()'),
    'Tensor.type': {}, 'Tensor.type_as': dict(other='x | x.double()'),
    'Tensor.size': {}, 'Tensor.stride': {}, 'Tensor.numpy': dict(force='True | False | detach'),
    'Tensor.new_zeros': GENERIC_SIZE, 'Tensor.new_ones': GENERIC_SIZE,
    'Tensor.new_empty': dict(GENERIC_SIZE, then='it.detach().zero_(), it.requires_grad'),
    'Tensor.new_full': dict(size='(2,) | (3,)', fill_value='1.0 | 2.0'),
    'Tensor.new_tensor': dict(data='[1] | [2]'), 'Tensor.new': dict(args='[1, 2]'),
    'Tensor.requires_grad_': dict(on='plain()', requires_grad='- | False'),
    'Tensor.register_post_accumulate_grad_hook': dict(
        on='leaf', hook='note | double_note', then='(me * 2).sum().backward(), log'),
    'Tensor.register_hook': dict(hook='abs | lambda g: g * 2', then='x * 1'),
    'Tensor.backward': dict(
        on='(x * x)', gradient='y | x.detach()', retain_graph='- | True', inputs='- | [leaf_y]',
        then='graph_of(me).saved'),
    'Tensor.pow_': dict(exponent='2 | 3'),
    **{f'Tensor.{name}_': dict(on='torch.tensor([4])',
                               other='torch.tensor([6]) | torch.tensor([9])')
       for name in ('gcd', 'lcm', 'bitwise_and', 'bitwise_or', 'bitwise_xor')},
    **{f'Tensor.logical_{name}_': dict(on='torch.eye(2, 3)', other='x | x * 0')
       for name in ('and', 'or', 'xor')},
    **{f'Tensor.{name}_': dict(other=f'{other} | x * 0') for name, other in [
        ('eq', 'x'), ('ne', 'x'), ('le', 'x + 1'), ('less', 'x + 1'), ('ge', 'x - 1'),
        ('greater', 'x - 1')]},
    'Tensor.float_power_': dict(on='x.double().detach()', exponent='2 | 3'),
    'Tensor.heaviside_': dict(on='x * 0', values='x | x * 2'),
    'Tensor.copysign_': dict(other='1.0 | -1.0'),
    'Tensor.logit_': dict(on='x.sigmoid()', eps='- | 0.4'), 'Tensor.polygamma_': dict(n='1 | 2'),
    'Tensor.tril_': dict(diagonal='- | 1'), 'Tensor.triu_': dict(diagonal='- | 1'),
    'Tensor.addmv_': dict(on='x[0] * 1', mat='torch.eye(3) | torch.ones(3, 3)', vec='y[0] | x[0]',
                          beta='- | 2', alpha='- | 2'),
    'Tensor.baddbmm_': dict(on='torch.ones(1, 2, 2)', batch1='x[None] | y[None]',
                            batch2='x.T[None] | y.T[None]', beta='- | 2', alpha='- | 2'),
    'Tensor.clamp_': dict(min='-1.0 | 0.0', max='1.0 | 0.5'), 'Tensor.copy_': dict(src='y | x * 2'),
    'Tensor.fill_': dict(value='1.0 | 2.0'), 'Tensor.mul_': {},
    'Tensor.masked_fill_': dict(mask='x > 0 | x < 0', value='5.0 | 6.0'),
    'Tensor.scatter_add_': dict(index='index | index * 0', src='y | x', dim='0 | 1'),
    'Tensor.random_': dict(low='1 | 50', high='99 | 52'), 'Tensor.bernoulli_': dict(p='- | 0.9'),
    'Tensor.normal_': dict(mean='- | 1.0', std='- | 2.0'),
    'Tensor.uniform_': dict(a='- | 0.5', b='- | 2.0'),
    'Tensor.log_normal_': dict(mean='- | 2.0', std='- | 1.0'),
    'Tensor.exponential_': dict(lambd='- | 2.0'),
    'Tensor.cauchy_': dict(median='- | 1.0', sigma='- | 2.0'),
    'Tensor.geometric_': dict(p='0.5 | 0.01'),

    # Modes, random numbers, types, files.
    'enable_grad': dict(orig_func='- | mode', then='hasattr(it, "__enter__")'),
    'no_grad': dict(orig_func='- | mode', then='hasattr(it, "__enter__")'),
    'inference_mode': dict(mode='- | False', then='it(mode)()'),
    'set_grad_enabled': dict(mode='True | False', then='torch.is_grad_enabled()'),
    'set_printoptions': dict(precision='- | 2', threshold='- | 5', edgeitems='1 | 2',
                             linewidth='- | 20', profile="- | 'short'", sci_mode='- | True',
                             then="repr(torch.rand(3, 5)) + repr(torch.rand(1001))"),
    'Generator': dict(device="- | 'cuda'", then="'made'"),
    'Generator.manual_seed': dict(on='torch.Generator()', seed='1 | 2',
                                  then='torch.rand(2, generator=it)'),
    'Generator.set_state': dict(on='torch.Generator()', then='torch.rand(2, generator=me)',
                                new_state='seeded().get_state() | torch.get_rng_state()'),
    'manual_seed': dict(seed='1 | 2', then='torch.rand(2)'),
    'set_rng_state': dict(new_state='seeded().get_state() | torch.get_rng_state()',
                          then='torch.rand(2)'),
    'save': dict(obj='x | y', f="file | io.BytesIO()", then='file.getvalue()'),
    'load': dict(f='saved(x) | saved(y)', mmap='- | True', map_location="- | 'cuda' | cuda",
                 weights_only='- | False'),
    'Size': dict(sizes='[1] | [2]'),
    'device': dict(type="'cpu' | 'cuda'", index='- | 1', then='str(it)'),
    'dtype': dict(name="'float32' | 'float64'", then='repr(it)'),
    'memory_format': dict(name="'channels_last' | 'contiguous_format'", then='repr(it)'),
    'dtype.named': dict(name="'float32' | 'float64'", then='repr(it)'),
    'is_tensor': dict(obj='x | 1'), 'numel': dict(input='x | x[0]'),

    # Settings, and what is not here.
    'set_default_dtype': dict(d='torch.float32 | torch.float64', then='torch.ones(1)'),
    'set_default_tensor_type': dict(t='torch.FloatTensor | torch.DoubleTensor',
                                    then='torch.ones(1)'),
    'set_default_device': dict(device="'cpu' | 'cuda' | cuda"),
    'use_deterministic_algorithms': dict(mode='True | False', warn_only='- | True',
                                         then='torch.are_deterministic_algorithms_enabled()'),
    'set_float32_matmul_precision': dict(precision="'high' | 'highest'",
                                         then='torch.get_float32_matmul_precision()'),
    **{f'cuda.{name}': dict(seed='0 | "a" | invalid') for name in (
        'manual_seed', 'manual_seed_all')},
    **{f'cuda.{name}': dict(device='- | 0') for name in (
        'memory_allocated', 'max_memory_allocated', 'memory_reserved', 'max_memory_reserved')},
    'cuda.is_bf16_supported': dict(including_emulation='- | False'),
    'autocast': [dict(device_type="'cuda' | 3", cache_enabled='- | True'),
                 dict(device_type="'cpu'", dtype='torch.float32 | -'),
                 dict(device_type="'cpu'", enabled='False | True')],
    'cuda.amp.autocast': dict(enabled='- | False', dtype='- | torch.float32',
                              cache_enabled='- | False'),
    'GradScaler': [dict(device="'cuda' | 'tpu'", **SCALES),
                   dict(device="'cpu'", enabled='False | True')],
    'cuda.amp.GradScaler': dict(enabled='- | False', **SCALES),
    'GradScaler.scale': dict(outputs='x | y'),
    'GradScaler.update': dict(new_scale='- | 2.0'),
    'GradScaler.load_state_dict': dict(state_dict="{} | {'scale': 2.0}"),
    'accelerator.current_accelerator': dict(check_available='- | True'),

    # Derivatives.
    **{f'func.{name}': dict(
        func='products | torch.dot', argnums='- | 1', has_aux='- | True | aux',
        then='it(x[0], y[0])') for name in ('grad', 'grad_and_value', 'jacfwd')},
    'func.jacrev': dict(func='products | torch.dot', argnums='- | 1', has_aux='- | True | aux',
                        chunk_size='- | 2', then='it(x[0], y[0])'),
    'func.hessian': dict(func='products | torch.dot', argnums='- | 1', then='it(x[0], y[0])'),
    'func.vjp': dict(func='products | torch.dot', args='x[0], y[0]', has_aux='- | True | aux',
                     then='it[1](torch.ones(()))'),
    'func.jvp': dict(func='products | torch.dot', primals='(x[0], y[0]) | (y[0], x[0])',
                     tangents='(y[0], y[0]) | (x[0], y[0])', has_aux='- | True | aux'),
    'vmap': [
        dict(func='torch.sum | torch.mean', in_dims='0 | 1', chunk_size='- | 2', then='it(x)'),
        dict(func='torch.exp', out_dims='0 | 1', then='it(x)'),
        dict(func='torch.bernoulli', randomness="'same' | 'different'", then='it(y.sigmoid())')],
    'func.functional_call': [
        dict(module='model[1] | torch.nn.Linear(3, 3, bias=False)', args='x | y',
             parameter_and_buffer_dicts="{'weight': x.T @ y} | {'weight': y.T @ y}",
             strict='- | True'),
        dict(module='model[1]', parameter_and_buffer_dicts='{}',
             kwargs="{'input': x} | {'input': y}")],
    'func.stack_module_state': dict(models='[model, model] | [model]'),
    'autograd.Variable': dict(data='plain() | plain() * 2'),
    'autograd.backward': dict(tensors='[x * x] | [x * y]', grad_tensors='[y] | [x.detach()]',
                              retain_graph='- | True', inputs='- | [leaf_y]',
                              then='graph_of(given["tensors"][0]).saved'),
    'autograd.grad': [
        dict(outputs='[x * x] | [x * y]', inputs='[leaf] | [leaf, leaf]', grad_outputs='[y] | [x]',
             retain_graph='- | True', then='it, graph_of(given["outputs"][0]).saved'),
        dict(outputs='[x * x]', inputs='[leaf, torch.ones(1, requires_grad=True)]',
             grad_outputs='[y]', allow_unused='True | False', materialize_grads='- | True',
             only_inputs='- | False', is_grads_batched='- | True')],
    **{f'autograd.{name}': [
        dict(func='fourth | wrong', inputs='doubles() | [1e9 * doubles()[0]]', eps='- | 3.0',
             atol='- | -9.0', rtol='- | -9.0', raise_exception='False', masked='- | True',
             **{f'check_{what}': '- | True' for what in checks},
             check_undefined_grad='- | False', nondet_tol='- | -1.0', fast_mode='- | True', **more),
        dict(func='wrong', inputs='doubles()', raise_exception='False | True | mismatch')]
       for name, checks, more in [
           ('gradcheck', ['grad_dtypes', 'batched_grad', 'batched_forward_grad', 'forward_ad'],
            dict(check_backward_ad='- | False')),
           ('gradgradcheck', ['grad_dtypes', 'batched_grad', 'fwd_over_rev'],
            dict(grad_outputs='- | [torch.ones(9)] | shape', check_rev_over_rev='- | False',
                 gen_non_contig_grad_outputs='- | True'))]},
    'autograd.increment_version': dict(tensor='x | y', then='squares'),
    'autograd.detect_anomaly': dict(check_nan='- | False', then='nan_inside(it)'),
    'autograd.set_detect_anomaly': dict(mode='True | False', check_nan='- | False',
                                        then='nan_inside(it)'),
    'autograd.primitive': [
        dict(forward='np.subtract | np.add', names="'a b' | 'b a'", name="- | 'times'",
             then='it(a=x, b=y), it.__name__'),
        dict(forward='first', names="'a'", view='- | True', then='it(x)._base is x'),
        dict(forward='lambda a: np.abs(a)', elementwise='- | True',
             then='it(torch.ones(2, 3).T).stride()'),
        dict(forward='lambda a, b: a + b', promote='- | True',
             then='it(torch.tensor([2**24 + 1]), torch.ones(1))')],
    **{f'autograd.functional.{name}': [dict(OF_VECTORS), dict(OF_VECTORS, func='torch.sum')]
       for name in ('hvp', 'vhp')},
    **{f'autograd.functional.{name}': [dict(OF_VECTORS, func='torch.sin | torch.cos'),
                                       dict(OF_VECTORS, func='torch.Tensor.detach')]
       for name in ('jvp', 'vjp')},
    'autograd.functional.hessian': [
        dict(OF_INPUTS, vectorize='- | True',
             outer_jacobian_strategy="- | 'forward-mode' | strategy|forward-mode"),
        dict(OF_INPUTS, func='torch.sum')],
    'autograd.functional.jacobian': [
        dict(OF_INPUTS, func='torch.sin | torch.cos', vectorize='- | True',
             strategy="- | 'forward-mode'"),
        dict(OF_INPUTS, func='torch.Tensor.detach')],

    # Functions of layers, and the layers, whose forward is a row of its own where it takes more.
    **{f'nn.functional.{name}': dict(WINDOW, input='image | image * 2', **more) for name, more in [
        ('max_pool2d', dict(padding='- | 1', dilation='- | 2', return_indices='- | True')),
        ('avg_pool2d', dict(padding='1 | 0', count_include_pad='- | False',
                            divisor_override='- | 5'))]},
    'nn.functional.adaptive_avg_pool2d': dict(input='image | image * 2', output_size='1 | 2'),
    'nn.functional.batch_norm': [
        dict(running_mean='torch.zeros(3) | torch.ones(3)', weight='- | y[0]', bias='- | y[0]',
             running_var='torch.ones(3) | torch.ones(3) * 2', training='False | True'),
        dict(running_mean='torch.zeros(3)', running_var='torch.ones(3)', training='True',
             momentum='- | 0.7', then="given['running_mean']")],
    **{f'nn.functional.{name}': dict(input=f'{of} | {of} * 2', weight=f'{w} | {w} * 2',
                                     bias='- | y[0, :2]', stride='- | 2', padding='- | 1',
                                     dilation='- | 2', groups='1 | 2 | groups')
       for name, of, w in [('conv1d', 'image[0, :, 0]', 'torch.ones(2, 2, 2)'),
                           ('conv2d', 'image', 'torch.ones(2, 2, 2, 2)')]},
    'nn.functional.conv_transpose2d': [
        dict(input='image | image * 2', weight='torch.ones(2, 2, 2, 2) | torch.rand(2, 2, 2, 2)',
             bias='- | y[0, :2]', stride='2 | 3', padding='- | 1', output_padding='- | 1',
             dilation='- | 2', groups='- | 2')],
    'nn.functional.conv_transpose1d': [
        dict(input='image[0, :, 0] | image[0, :, 1]', bias='- | y[0, :2]', stride='2 | 3',
             weight='torch.ones(2, 2, 2) | torch.rand(2, 2, 2)', padding='- | 1',
             output_padding='- | 1', dilation='- | 2', groups='- | 2')],
    'nn.functional.linear': dict(weight='y | x', bias='- | y[:, 0]'),
    'nn.functional.cosine_similarity': dict(x1='x | y', x2='y | x * x', eps='- | 9.0'),
    'nn.functional.normalize': dict(p='- | 1.0', eps='- | 9.0'),
    'nn.functional.ctc_loss': [
        dict(log_probs='series.log_softmax(2) | (series * 2).log_softmax(2)', blank='- | 3',
             targets='torch.tensor([[1, 2]]) | torch.tensor([[2, 1]])', input_lengths='[4] | [3]',
             target_lengths='[2] | [1]', reduction="'sum' | 'mean'"),
        dict(log_probs='series.log_softmax(2)', targets='torch.tensor([[1, 1]])',
             input_lengths='[2]', target_lengths='[2]', zero_infinity='- | True')],
    'nn.functional.dropout': dict(p='- | 0.9', training='- | False'),
    'nn.functional.elu': dict(alpha='- | 2.0'), 'nn.functional.celu': dict(alpha='- | 2.0'),
    'nn.functional.gumbel_softmax': dict(
        logits='x | y', tau='- | 2.0', hard='- | True'),
    'nn.functional.prelu': dict(weight='y[0] | y[1]'), 'nn.functional.glu': dict(
        input='torch.cat([x, y], 1) | torch.cat([y, x], 1)', dim='1 | 0'),
    'nn.functional.hardtanh': dict(min_val='- | -0.5', max_val='- | 0.5'),
    'nn.functional.rrelu': dict(lower='- | 0.2', upper='- | 0.5', training='- | True',
                                then="it, given['input']"),
    'nn.functional.channel_shuffle': dict(input='channels | channels * 2', groups='1 | 2'),
    'nn.functional.triplet_margin_with_distance_loss': dict(
        anchor='x | x * 2', positive='y | y * 2', negative='y * 1.1 | y * 3', margin='- | 3.0',
        distance_function='- | torch.nn.PairwiseDistance(1)', swap='- | True'),
    **{f'nn.functional.{name}_': dict(input='x * 2 | y * 3', then='it', **more) for name, more in [
        ('relu', {}), ('selu', {}), ('elu', dict(alpha='- | 2.0')), ('celu', dict(alpha='- | 2.0')),
        ('leaky_relu', dict(negative_slope='- | 0.2')),
        ('rrelu', dict(lower='- | 0.2', upper='- | 0.5', training='- | True')),
        ('hardtanh', dict(min_val='- | -0.5', max_val='- | 0.5')),
        ('threshold', dict(threshold='0.5 | 1.0', value='7.0 | 8.0'))]},
    **{f'nn.functional.{name}': dict(lambd='- | 0.2') for name in ('softshrink', 'hardshrink')},
    'nn.functional.threshold': dict(threshold='0.5 | 1.0', value='7.0 | 8.0'),
    **{f'nn.functional.{name}': dict(input=f'{of} | {of} * 2', p='- | 0.9', training='True | False',
                                     then="it, given['input']")
       for name, of in [('dropout1d', 'channels'), ('dropout2d', 'channels[..., None]'),
                        ('dropout3d', 'channels[..., None, None]'), ('alpha_dropout', 'x')]},
    **{f'special.{name}': {} for name in ('softmax', 'log_softmax')},
    # Those of torch that have fewer arguments.
    **{name: dict(p='0.5 | 0.9', train='True | False') for name in ('dropout', 'alpha_dropout')},
    'celu': dict(alpha='- | 2.0'), 'selu': {},
    'rrelu': dict(lower='- | 0.2', upper='- | 0.5', training='- | True'),
    'threshold': dict(threshold='0.5 | 1.0', value='7.0 | 8.0'),
    **{f'max_pool{n}d': dict(WINDOW, input=f'{of} | {of} * 2', padding='- | 1', dilation='- | 2')
       for n, of in [(1, 'image[0]'), (2, 'image')]},
    'nn.functional.rms_norm': dict(normalized_shape='(3,) | (2, 3)', weight='- | y[0]'),
    'nn.functional.instance_norm': [
        dict(input='image | image**2', running_mean='torch.zeros(2) | torch.ones(2)',
             running_var='torch.ones(2) | torch.ones(2) * 2', weight='- | y[0, :2]',
             bias='- | y[0, :2]', use_input_stats='False | True'),
        dict(input='image', running_mean='torch.zeros(2)', running_var='torch.ones(2)',
             momentum='- | 0.7', then="given['running_mean']")],
    'nn.functional.local_response_norm': dict(
        input='image | image * 2', size='1 | 2', alpha='- | 0.5', beta='- | 0.5', k='- | 2.0'),
    'nn.functional.max_pool1d': dict(
        WINDOW, input='image[0] | image[0] * 2', padding='- | 1', dilation='- | 2',
        return_indices='- | True'),
    'nn.functional.max_unpool1d': dict(
        input='y[:, :2] | x[:, :2]', indices='index[:, :2] | 1 - index[:, :2]',
        kernel_size='2 | 3', stride='2 | 3', padding='- | 1', output_size='- | (5,)'),
    'nn.functional.max_unpool2d': dict(
        input='y[None] | x[None]', indices='index[None] | 1 - index[None]',
        kernel_size='2 | 3', stride='2 | 3', padding='- | 1', output_size='- | (5, 7)'),
    **{f'nn.functional.lp_pool{d}d': dict(
        WINDOW, input=f'{of} | {of} * 2', norm_type='2.0 | 3.0') for d, of in [
            (1, 'image[0]'), (2, 'image')]},
    'nn.functional.pdist': dict(p='- | 1.0'),
    'nn.functional.avg_pool1d': dict(WINDOW, input='image[0] | image[0] * 2', padding='1 | 0',
                                     count_include_pad='- | False'),
    'nn.functional.adaptive_avg_pool1d': dict(input='image[0] | image[0] * 2',
                                              output_size='1 | 2'),
    **{f'nn.functional.adaptive_max_pool{d}d': dict(
        input=f'{of} | {of} * 2', output_size='1 | 2', return_indices='- | True')
       for d, of in [(1, 'image[0]'), (2, 'image')]},
    'nn.functional.pixel_shuffle': dict(input='image.reshape(1, 8, 4, 4) | image[:, :1]',
                                        upscale_factor='1 | 2 | upscale_factor'),
    'nn.functional.pixel_unshuffle': dict(input='image | image * 2', downscale_factor='1 | 2'),
    'nn.functional.gelu': dict(approximate="- | 'tanh'"),
    'nn.functional.leaky_relu': dict(negative_slope='- | 0.3'),
    'nn.functional.softplus': dict(beta='- | 2', threshold='- | 0.1'),
    'nn.functional.embedding': [
        dict(input='classes | classes * 0', weight='x | y', padding_idx='- | 0', sparse='- | True'),
        dict(input='classes * 0', weight='x', max_norm='- | 1.0', scale_grad_by_freq='- | True'),
        dict(input='classes', weight='x * 1', max_norm='1.0')],
    'nn.functional.group_norm': dict(
        input='x[:, :, None] * y[:, None] | y[:, :, None] * y[:, None]', num_groups='1 | 3',
        weight='- | y[0]', bias='- | y[0]'),
    'nn.functional.layer_norm': dict(normalized_shape='(3,) | (2, 3)', weight='- | y[0]',
                                     bias='- | y[0]'),
    'nn.functional.interpolate': [
        dict(input='image | image * 2', size='3 | 5', mode="- | 'bilinear'",
             align_corners='- | True', antialias='- | True | Anti-alias'),
        dict(input='image', scale_factor='1.3 | 2.0', recompute_scale_factor='- | True')],
    'nn.functional.upsample': [
        dict(input='image | image * 2', size='3 | 5', mode="- | 'bilinear'",
             align_corners='- | True'), dict(input='image', scale_factor='1.3 | 2.0')],
    **{f'nn.functional.upsample_{mode}': [dict(input='image | image * 2', size='3 | 5'),
                                          dict(input='image', scale_factor='1.3 | 2.0')]
       for mode in ('nearest', 'bilinear')},
    'nn.functional.pad': dict(pad='(1, 1) | (2, 1)', mode="'constant' | 'circular'",
                              value='- | 3.0'),
    'nn.functional.scaled_dot_product_attention': dict(
        query='x | y', key='x | y', value='x | y', attn_mask='- | torch.eye(2) > 0',
        dropout_p='- | 0.5', is_causal='- | True', scale='- | 2.0', enable_gqa='- | True'),
    'nn.functional.binary_cross_entropy': dict(
        input='y.sigmoid() | x.sigmoid()', target='x.sigmoid() | y.sigmoid()',
        weight='- | plain()'),
    'nn.functional.binary_cross_entropy_with_logits': dict(weight='- | plain()',
                                                           pos_weight='- | plain()'),
    'nn.functional.kl_div': dict(log_target='- | True'),
    **{f'nn.functional.{name}': dict(weight='- | plain()') for name in ('l1_loss', 'mse_loss')},
    'nn.functional.margin_ranking_loss': dict(
        input1='x | y', input2='y | x', target='x.detach().sign() | y.sign()', margin='- | 0.7'),
    'nn.EmbeddingBag.forward': [
        dict(on="torch.nn.EmbeddingBag(2, 3, mode='sum')", args='index',
             per_sample_weights='- | plain()'),
        dict(on='torch.nn.EmbeddingBag(2, 3)', args='index[0]',
             offsets='torch.tensor([0, 2]) | torch.tensor([0, 1])')],
    **{f'nn.{kind}.initialize_parameters': dict(
        on=f'torch.nn.{kind}({size})', input=f'{x} | torch.rand({shape})', then='me.weight.shape')
       for kind, size, x, shape in [
           ('LazyLinear', '2', 'x', '1, 5'), ('LazyConv1d', '2, 2', 'series', '1, 5, 4'),
           ('LazyBatchNorm1d', '', 'x', '2, 5')]},
    **{f'nn.ParameterDict.{name}': dict(row, on="torch.nn.ParameterDict({'a': p, 'b': q})")
       for name, row in [
           ('get', dict(key="'c' | 'a'", default='- | 5')), ('pop', dict(key="'a' | 'b'")),
           ('update', dict(parameters="{'a': q} | {'b': p}", then='me.items()'))]},
    'nn.functional.bilinear': dict(
        input1='x | x * 2', input2='y | y * 2', bias='- | plain()[0, :2]',
        weight='torch.ones(2, 3, 3) | torch.rand(2, 3, 3)'),
    'nn.functional.embedding_bag': [
        dict(input='index | 1 - index', weight='x | y', mode="'sum' | 'max'", max_norm='- | 1.0',
             norm_type='- | 1.0', scale_grad_by_freq='- | True', sparse='- | True',
             per_sample_weights='- | plain()', padding_idx='- | 0'),
        dict(input='index[0]', weight='x', offsets='torch.tensor([0, 2]) | torch.tensor([0, 1])',
             include_last_offset='- | True')],
    'nn.functional.unfold': dict(WINDOWS, input='image | image * 2'),
    'nn.functional.fold': [
        dict(input='image.reshape(1, 8, 16) | image.reshape(1, 8, 16) * 2',
             output_size='(8, 8) | (6, 6) | fold', kernel_size='2',
             stride='2 | 1 | fold', padding='- | 1 | fold', dilation='- | 2 | fold'),
        dict(input='image.reshape(1, 8, 16)', output_size='(8, 8) | (9, 9)', stride='2',
             kernel_size='(2, 2) | (1, 2)')],
    'nn.functional.affine_grid': dict(theta='plain()[None] | plain()[None] * 2',
                                      size='(1, 1, 2, 2) | (1, 1, 2, 3)', align_corners='- | True'),
    'nn.functional.grid_sample': dict(
        input='image | image * 2', grid='plain()[None, :, :2, None].expand(1, 2, 2, 2) * 0.9 | '
        'plain()[None, :, :2, None].expand(1, 2, 2, 2)', mode="- | 'nearest'",
        padding_mode="- | 'border'", align_corners='- | True'),
    'nn.functional.soft_margin_loss': dict(target='x.detach().sign() | y.sign()'),
    'nn.functional.hinge_embedding_loss': dict(target='x.detach().sign() | y.sign()',
                                               margin='- | 5.0'),
    'nn.functional.cosine_embedding_loss': dict(
        input1='x | y', input2='y | x * y', margin='- | -0.9',
        target='torch.tensor([1, -1]) | torch.tensor([-1, 1])'),
    'nn.functional.multi_margin_loss': dict(target='classes | 1 - classes', p='- | 2',
                                            margin='- | 3.0', weight='- | plain()[0]'),
    'nn.functional.multilabel_margin_loss': dict(target='index | index.flip(0) - 1'),
    'nn.functional.multilabel_soft_margin_loss': dict(weight='- | plain()[0]'),
    'nn.functional.poisson_nll_loss': [
        dict(input='x | y', log_input='- | False', full='- | True'),
        dict(input='y', target='y * 3', log_input='False', full='- | True', eps='- | 0.9')],
    'nn.functional.triplet_margin_loss': dict(
        anchor='x | x * 2', positive='y | x', negative='y * 1.1 | y * x', margin='- | 3.0',
        p='- | 1', eps='- | 0.1', swap='- | True'),
    'nn.functional.gaussian_nll_loss': dict(
        input='x | y', target='y | x', var='plain() | plain() * 2', full='- | True',
        eps='- | 0.9'),
    'nn.functional.pairwise_distance': dict(x1='x | y', x2='y | x * x', p='- | 1', eps='- | 0.1',
                                            keepdim='- | True'),
    'nn.functional.huber_loss': dict(weight='- | plain()', delta='- | 0.3'),
    'nn.functional.smooth_l1_loss': dict(beta='- | 0.3'),
    **{f'nn.functional.{name}': dict(more, target='classes | classes * 0', ignore_index='- | 0',
                                     weight='- | plain()[0]')
       for name, more in [('cross_entropy', dict(label_smoothing='- | 0.5')), ('nll_loss', {})]},
    'nn.Upsample': [
        dict(size='3 | 5', mode="- | 'bilinear'", align_corners='- | True', then='it(image)'),
        dict(scale_factor='1.3 | 2.0', recompute_scale_factor='- | True', then='it(image)')],
    'nn.Parameter': dict(data='plain() | x', requires_grad='- | False'),
    **{f'nn.{name}': dict(LAYER, **row) for name, row in [
        ('AdaptiveAvgPool2d', dict(output_size='1 | 2', then='it(image)')),
        ('AvgPool2d', dict(WINDOW, padding='1 | 0', count_include_pad='- | False',
                           divisor_override='- | 5', then='it(image)')),
        ('MaxPool2d', dict(WINDOW, padding='- | 1', dilation='- | 2', return_indices='- | True',
                           then='it(image)')),
        *[(name, dict(num_features=f'{c} | 4 | {c} elements', momentum='- | 0.7',
                      affine='- | False', track_running_stats='- | False', then=f'it({x})'))
          for name, c, x in [('BatchNorm1d', 3, 'x'), ('BatchNorm2d', 2, 'image')]],
        ('LayerNorm', dict(normalized_shape='3 | (2, 3)', elementwise_affine='- | False')),
        ('RMSNorm', dict(normalized_shape='3 | (2, 3)', elementwise_affine='- | False')),
        *[(name, dict(num_features='2 | 4 | num_features', momentum='- | 0.7',
                      affine='True | False', track_running_stats='True | False', then=f'it({x})'))
          for name, x in [('InstanceNorm1d', 'image[:, :, 0]'), ('InstanceNorm2d', 'image')]],
        ('LocalResponseNorm', dict(size='1 | 2', alpha='- | 0.5', beta='- | 0.5', k='- | 2.0',
                                   then='it(image)')),
        ('MaxPool1d', dict(WINDOW, padding='- | 1', dilation='- | 2', return_indices='- | True',
                           then='it(image[0])')),
        *[(f'MaxUnpool{d}d', dict(kernel_size='2 | 3', stride='- | 1', padding='- | 1',
                                  then=f'it(torch.ones({shape}), torch.zeros({shape}).long())'))
          for d, shape in [(1, '1, 3'), (2, '1, 3, 3')]],
        *[(f'LPPool{d}d', dict(WINDOW, norm_type='2.0 | 3.0', then=f'it({of})'))
          for d, of in [(1, 'image[0]'), (2, 'image')]],
        ('AvgPool1d', dict(WINDOW, padding='1 | 0', count_include_pad='- | False',
                           then='it(image[0])')),
        ('AdaptiveAvgPool1d', dict(output_size='1 | 2', then='it(image[0])')),
        *[(f'AdaptiveMaxPool{d}d', dict(output_size='1 | 2', return_indices='- | True',
                                        then=f'it({of})'))
          for d, of in [(1, 'image[0]'), (2, 'image')]],
        *[(f'{kind}Pad{d}d', dict(padding='1 | 2', **more, then=f'it({of})'))
          for d, of in [(1, 'image[0]'), (2, 'image')]
          for kind, more in [('Reflection', {}), ('Replication', {}), ('Circular', {}),
                             ('Zero', {}), ('Constant', dict(value='1.0 | 2.0'))]],
        ('PixelShuffle', dict(upscale_factor='1 | 2', then='it(image.reshape(1, 8, 4, 4))')),
        ('PixelUnshuffle', dict(downscale_factor='1 | 2', then='it(image)')),
        *[(f'Dropout{d}d', dict(p='- | 0.9', then=f'it(channels{more})'))
          for d, more in [(1, ''), (2, '[..., None]'), (3, '[..., None, None]')]],
        ('AlphaDropout', dict(p='- | 0.9')), ('CELU', dict(alpha='- | 2.0')), ('SELU', {}),
        ('Mish', {}), ('ReLU6', {}), ('Hardswish', {}), ('Hardsigmoid', {}),
        ('RReLU', dict(lower='- | 0.2', upper='- | 0.5')),
        ('ChannelShuffle', dict(groups='1 | 2', then='it(channels)')), ('Softmin', {}),
        ('Softshrink', dict(lambd='- | 0.2')),
        ('Hardshrink', dict(lambd='- | 0.2')),
        ('Hardtanh', dict(min_val='- | -0.5', max_val='- | 0.5', min_value='- | -0.5',
                          max_value='- | 0.5')),
        ('Threshold', dict(threshold='0.5 | 1.0', value='7.0 | 8.0')),
        ('GLU', dict(dim='1 | 0', then='it(torch.cat([x, y], 1))')),
        ('PReLU', dict(num_parameters='1 | 3', init='- | 0.5')),
        ('GroupNorm', dict(num_groups='1 | 3', num_channels='3 | 6 | channels',
                           affine='- | False')),
        ('Linear', dict(in_features='3 | 4 | in_features', out_features='2 | 3')),
        *[(name, dict(in_channels='2 | 4', out_channels='2 | 4', kernel_size='2 | 3',
                      stride='2 | 3', padding='- | 1', dilation='- | 2', groups='- | 2',
                      padding_mode="- | 'reflect'", **more))
          for name, more in [('Conv1d', dict(then='it(image[0, :, 0].to(it.weight.dtype))')),
                             ('Conv2d', dict(then='it(image.to(it.weight.dtype))')),
                             ('ConvTranspose1d', dict(
                                 output_padding='- | 1',
                                 then='it(image[0, :, 0].to(it.weight.dtype))')),
                             ('ConvTranspose2d', dict(output_padding='- | 1',
                                                      then='it(image.to(it.weight.dtype))'))]],
        ('CosineSimilarity', dict(eps='- | 9.0', then='it(x, y)')),
        ('Dropout', dict(p='- | 0.9')), ('ELU', dict(alpha='- | 2.0')),
        ('GELU', dict(approximate="- | 'tanh'")), ('LeakyReLU', dict(negative_slope='- | 0.3')),
        ('ReLU', {}), ('SiLU', {}), ('Softmax', {}), ('LogSoftmax', {}),
        ('Softplus', dict(beta='- | 2', threshold='- | 0.1')),
        ('Flatten', dict(start_dim='- | 2', end_dim='- | 2', then='it(image)')),
        ('Unflatten', dict(dim='1 | 0 | size', unflattened_size='(1, 3) | (3, 1)')),
        ('Embedding', dict(
            num_embeddings='3 | 4', embedding_dim='2 | 3', padding_idx='- | 0',
            max_norm='0.5 | 0.1', scale_grad_by_freq='- | True', sparse='- | True',
            _weight='- | torch.ones(3, 2)',
            _freeze='- | True', then='it(classes)')),
        *[(name, dict(RECURRENT, proj_size='- | 1')) for name in ('GRU', 'LSTM')],
        ('RNN', dict(RECURRENT, nonlinearity="- | 'relu'")),
        ('RNNBase', dict(RECURRENT, mode="'GRU' | 'LSTM'", proj_size='- | 1', then='it')),
        ('RNNCellBase', dict(CELL, num_chunks='1 | 3', bias='True | False', then='it')),
        *[(name, CELL) for name in ('GRUCell', 'LSTMCell')],
        ('RNNCell', dict(CELL, nonlinearity="- | 'relu'")),
        ('MultiheadAttention', dict(
            embed_dim='4 | 8 | 8', num_heads='2 | 1', dropout='- | 0.5', add_bias_kv='- | True',
            add_zero_attn='- | True', kdim='- | 5', vdim='- | 5', batch_first='- | True',
            then='it(series, series, series)')),
        ('TransformerEncoderLayer', dict(
            TRANSFORMER, then='it(torch.cat([series, series * 2], 1))')),
        ('TransformerDecoderLayer', dict(
            TRANSFORMER, then='it(torch.cat([series, series * 2], 1), series.expand(4, 2, 4))')),
        ('TransformerDecoder', dict(
            decoder_layer='decoder | torch.nn.TransformerDecoderLayer(4, 2, 6)',
            num_layers='1 | 2', norm='- | torch.nn.LayerNorm(4)', then='it(series, series)')),
        ('Transformer', dict(
            TRANSFORMER, num_encoder_layers='1 | 2', num_decoder_layers='1 | 2',
            custom_encoder='- | torch.nn.TransformerEncoder(encoder, 1)',
            custom_decoder='- | torch.nn.TransformerDecoder(decoder, 1)',
            then='it(torch.cat([series, series * 2], 1), series.expand(4, 2, 4))')),
        ('TransformerEncoder', dict(
            encoder_layer='encoder | torch.nn.TransformerEncoderLayer(4, 2, 6)', num_layers='1 | 2',
            enable_nested_tensor='- | False', mask_check='- | False',
            norm='- | torch.nn.LayerNorm(4)', then='it(series)')),
        ('MSELoss', dict(then='it(x, y)')), ('L1Loss', dict(then='it(x, y)')),
        ('SmoothL1Loss', dict(beta='- | 0.3', then='it(x, y)')),
        ('HuberLoss', dict(delta='- | 0.3', then='it(x, y)')),
        ('MarginRankingLoss', dict(margin='- | 0.7', then='it(x, y, x.detach().sign())')),
        ('TripletMarginLoss', dict(margin='- | 3.0', p='- | 1', eps='- | 0.1', swap='- | True',
                                   then='it(x, y, y * 1.1)')),
        ('TripletMarginWithDistanceLoss', dict(
            distance_function='- | torch.nn.PairwiseDistance(1)', margin='- | 3.0', swap='- | True',
            then='it(x, y, y * 1.1)')),
        ('Bilinear', dict(in1_features='3 | 2 | 3', in2_features='3 | 2 | 3', out_features='2 | 3',
                          then='it(x, y)')),
        ('EmbeddingBag', dict(
            num_embeddings='2 | 3', embedding_dim='3 | 2', mode="- | 'max'", max_norm='- | 1.0',
            norm_type='- | 1.0', scale_grad_by_freq='- | True', sparse='- | True',
            _weight='- | plain()', padding_idx='- | 0', include_last_offset='- | True | offsets',
            then='it(index), it(index[0], torch.tensor([0, 2]))')),
        ('ParameterDict', dict(parameters="{'a': plain()} | {'b': plain()}",
                               then='dict(it.items())')),
        ('LazyLinear', dict(out_features='2 | 3', then='it(x)')),
        ('LazyConv1d', dict(out_channels='2 | 4', kernel_size='2 | 1', stride='- | 2',
                            padding='- | 1', dilation='- | 2', groups='- | 2 | divisible',
                            padding_mode="- | 'circular'",
                            then='it(series.to(it.weight.dtype))')),
        ('LazyConv2d', dict(out_channels='2 | 4', kernel_size='2 | 1', stride='- | 2',
                            padding='- | 1', dilation='- | 2', groups='- | 2',
                            padding_mode="- | 'circular'",
                            then='it(image.to(it.weight.dtype))')),
        *[(f'LazyConvTranspose{d}d', dict(
            out_channels='2 | 4', kernel_size='2 | 1', stride='2 | 3', padding='- | 1',
            output_padding='- | 1', dilation='- | 2', groups='- | 2',
            padding_mode="- | 'circular'", then=f'it({x}.to(it.weight.dtype))'))
          for d, x in [(1, 'image[0]'), (2, 'image')]],
        *((f'LazyInstanceNorm{d}d', dict(
            momentum='- | 0.9', affine='True | False', track_running_stats='True | False',
            then=f'it({x})')) for d, x in [(1, 'image[:, :, 0]'), (2, 'image')]),
        *((f'Lazy{kind}', dict(momentum='- | 0.9', affine='- | False',
                               track_running_stats='- | False', then=f'it({x})'))
          for kind, x in (('BatchNorm1d', 'x'), ('BatchNorm2d', 'image'))),
        ('Unfold', dict(WINDOWS, then='it(image)')),
        ('Fold', dict(output_size='(8, 8) | (9, 9)', kernel_size='(2, 2) | (1, 2)',
                      stride='2 | 1 | fold', padding='- | 1 | fold', dilation='- | 2 | fold',
                      then='it(image.reshape(1, 8, 16))')),
        ('UpsamplingBilinear2d', dict(size='3 | 4', scale_factor='- | 2', then='it(image)')),
        ('UpsamplingNearest2d', dict(size='3 | 4', scale_factor='- | 2', then='it(image)')),
        ('SoftMarginLoss', dict(then='it(x, x.detach().sign())')),
        ('HingeEmbeddingLoss', dict(margin='- | 5.0', then='it(x, x.detach().sign())')),
        ('CosineEmbeddingLoss', dict(margin='- | -0.9', then='it(x, y, torch.tensor([1, -1]))')),
        ('MultiMarginLoss', dict(p='- | 2', margin='- | 3.0', weight='- | plain()[0]',
                                 then='it(x, classes)')),
        ('MultiLabelMarginLoss', dict(then='it(x, index)')),
        ('MultiLabelSoftMarginLoss', dict(weight='- | plain()[0]', then='it(x, y)')),
        ('PoissonNLLLoss', dict(log_input='- | False', full='- | True', eps='- | 0.9',
                                then='it(y, y * 3), type(it)(log_input=False, eps=it.eps)(y, y)')),
        ('GaussianNLLLoss', dict(full='- | True', eps='- | 0.9', then='it(x, y, plain())')),
        ('PairwiseDistance', dict(p='- | 1', eps='- | 0.1', keepdim='- | True', then='it(x, y)')),
        ('KLDivLoss', dict(log_target='- | True', then='it(x, y)')),
        ('BCELoss', dict(weight='- | plain()', then='it(y.sigmoid(), y.sigmoid())')),
        ('BCEWithLogitsLoss', dict(weight='- | plain()', pos_weight='- | plain()',
                                   then='it(x, y)')),
        *[(name, dict(more, weight='- | plain()[0]', ignore_index='- | 0', then='it(x, classes)'))
          for name, more in [('CrossEntropyLoss', dict(label_smoothing='- | 0.5')),
                             ('NLLLoss', {})]],
        ('CTCLoss', dict(blank='- | 3', zero_infinity='- | True', reduction="'sum' | 'mean'",
                         then='it(series.log_softmax(2), torch.tensor([[1, 2]]), [4], [2]), '
                              'it(series.log_softmax(2), torch.tensor([[1, 1]]), [2], [2])')),
        ('ModuleList', dict(modules='- | [torch.nn.ReLU()]', then='it')),
        ('ModuleDict', dict(modules="- | {'a': torch.nn.ReLU()}", then='it')),
        ('ParameterList', dict(values='- | [p]', then='it'))]},
    **{f'nn.{name}.forward': dict(on=f'torch.nn.{name}(4, 2)', args='series',
                                  hx=f'- | {state.format("torch.ones(1, 1, 2)")}')
       for name, state in [('GRU', '{}'), ('RNN', '{}'), ('LSTM', '({0}, {0})')]},
    **{f'nn.{name}.forward': dict(on=f'torch.nn.{name}(3, 2)', args='x',
                                  hx=f'- | {state.format("torch.ones(2, 2)")}')
       for name, state in [('GRUCell', '{}'), ('RNNCell', '{}'), ('LSTMCell', '({0}, {0})')]},
    'nn.MultiheadAttention.forward': dict(
        on='torch.nn.MultiheadAttention(4, 2)', args='series, series, series',
        need_weights='- | False', key_padding_mask=f'- | {PADDING}', attn_mask=f'- | {MASK}',
        average_attn_weights='- | False', is_causal='- | True'),
    'nn.TransformerEncoderLayer.forward': dict(
        on='encoder', args='series', src_mask=f'- | {MASK}', src_key_padding_mask=f'- | {PADDING}',
        is_causal='- | True'),
    'nn.TransformerEncoder.forward': dict(
        on='torch.nn.TransformerEncoder(encoder, 1)', args='series', mask=f'- | {MASK}',
        src_key_padding_mask=f'- | {PADDING}', is_causal='- | True'),
    **{f'nn.{name}.forward': dict(
        on=on, args='series, series[:3]' if name == 'Transformer' else 'series[:3], series',
        tgt_mask='- | torch.eye(3) < 1', memory_mask='- | torch.eye(3, 4) < 1',
        tgt_key_padding_mask=f'- | {PADDING}[:, :3]', memory_key_padding_mask=f'- | {PADDING}',
        tgt_is_causal='- | True | is_causal', memory_is_causal='- | True | is_causal', **more)
       for name, on, more in [
           ('TransformerDecoderLayer', 'decoder', {}),
           ('TransformerDecoder', 'torch.nn.TransformerDecoder(decoder, 1)', {}),
           ('Transformer', 'torch.nn.Transformer(4, 2, 1, 1, 5, 0.0)', dict(
               src_mask=f'- | {MASK}', src_key_padding_mask=f'- | {PADDING}',
               src_is_causal='- | True | is_causal'))]},
    'nn.Transformer.generate_square_subsequent_mask': dict(sz='3 | 4'),
    **{f'nn.ConvTranspose{d}d.forward': dict(on=f'torch.nn.ConvTranspose{d}d(2, 1, 2)', args=of,
                                             output_size=f'- | {size}')
       for d, of, size in [(1, 'image[0, :, 0]', '(9,)'), (2, 'image', '(9, 9)')]},

    # Modules and their containers.
    'nn.Module.add_module': dict(name="'a' | 'b'", module='torch.nn.ReLU() | None', then='me'),
    'nn.Module.register_module': dict(name="'a' | 'b'", module='torch.nn.ReLU() | None', then='me'),
    'nn.Module.get_submodule': dict(target="'0' | '1'"),
    'nn.Module.set_submodule': [
        dict(target="'0' | '1'", then='me', module='torch.nn.ReLU() | torch.nn.Tanh()'),
        dict(target="'new'", module='torch.nn.ReLU()', strict='- | True | new', then='me')],
    **{f'nn.MaxUnpool{d}d.forward': dict(
        on=f'torch.nn.MaxUnpool{d}d(2)', args=f'torch.ones({shape}), torch.zeros({shape}).long()',
        output_size=f'- | {size}')
       for d, shape, size in [(1, '1, 3', '(7,)'), (2, '1, 3, 3', '(7, 7)')]},
    'nn.Module.get_parameter': dict(target="'0.bias' | '1.bias'"),
    'nn.Module.get_buffer': dict(target="'0.running_mean' | '0.running_var'"),
    'nn.Module.apply': dict(fn='torch.nn.Module.eval | torch.nn.Module.double', then='me'),
    **{f'nn.Module.{name}': dict(recurse='- | False', then='list(it)')
       for name in ('buffers', 'parameters')},
    **{f'nn.Module.named_{name}': dict(more, prefix="- | 'a'", remove_duplicate='- | False',
                                       then='list(it)')
       for name, more in [('buffers', dict(recurse='- | False')),
                          ('parameters', dict(recurse='- | False')), ('modules', {})]},
    'nn.Module.load_state_dict': dict(
        state_dict="{'0.bias': plain_parameter(0)} | {'0.bias': plain_parameter(1)}",
        strict='False | True | loading', assign='- | True',
        then='me, me[0].bias is given["state_dict"]["0.bias"]'),
    'nn.Module.state_dict': dict(destination='- | {1: 2}', prefix="- | 'a'", keep_vars='- | True'),
    'nn.Module.register_buffer': dict(name="'a' | 'b'", persistent='- | False',
                                      then='me.state_dict()'),
    'nn.Module.register_parameter': dict(name="'a' | 'b'", param='p | None',
                                         then='me.state_dict()'),
    'nn.Module.register_forward_hook': [
        dict(hook='double_output | note', then='me(x)'),
        dict(on='hooked', hook='add_to_output', prepend='- | True', then='me(x)'),
        dict(hook='note', with_kwargs='- | True', always_call='- | True',
             then='fails(me), me(x), log')],
    'nn.Module.register_forward_pre_hook': [
        dict(hook='double_first | note', then='me(x)'),
        dict(on='hooked', hook='add_to_first', prepend='- | True', then='me(x)'),
        dict(hook='note', with_kwargs='- | True', then='me(x), log')],
    **{f'nn.Module.register_full_backward_{what}': [
        dict(hook='double_first | note', then='me(x)'),
        dict(on='hooked', hook='add_to_first', prepend='- | True', then='me(x)')]
       for what in ('hook', 'pre_hook')},
    **{f'nn.Module.register_{what}_hook': dict(
        hook='note | double_note', then='me.load_state_dict(me.state_dict()), log')
       for what in ('load_state_dict_pre', 'load_state_dict_post', 'state_dict_pre',
                    'state_dict_post')},
    'nn.Module.requires_grad_': dict(requires_grad='- | False', then='me'),
    'nn.Module.train': dict(mode='- | False', then='me'),
    'nn.Module.zero_grad': dict(set_to_none='- | False', then='[p.grad for p in me.parameters()]'),
    'nn.ModuleDict.pop': dict(on="torch.nn.ModuleDict({'a': model, 'b': model})",
                              key="'a' | 'b'", then='me'),
    'nn.ModuleDict.update': dict(on='torch.nn.ModuleDict()', then='me',
                                 modules="{'a': model} | {'b': model}"),
    **{f'nn.{name}.insert': dict(on=on, index='0 | 1', module='model | torch.nn.ReLU()', then='me')
       for name, on in [('ModuleList', 'torch.nn.ModuleList([encoder])'),
                        ('Sequential', 'torch.nn.Sequential(encoder)')]},
    'nn.ModuleList.pop': dict(on='torch.nn.ModuleList([model, encoder])', key='0 | 1', then='me'),
    **{f'nn.{name}': dict(row, on=f'torch.nn.{name.partition(".")[0]}()', then='me')
       for name, row in [
           ('ModuleList.append', dict(module='model | torch.nn.ReLU()')),
           ('ModuleList.extend', dict(modules='[model] | [torch.nn.ReLU()]')),
           ('Sequential.extend', dict(sequential='[model] | [torch.nn.ReLU()]')),
           ('ParameterList.append', dict(value='p | q')),
           ('ParameterList.extend', dict(values='[p] | [q]'))]},
    'nn.Embedding.from_pretrained': dict(
        embeddings='plain() | plain() * 2', freeze='False | True', padding_idx='- | 0',
        max_norm='1.0 | 1.5', scale_grad_by_freq='- | True', sparse='- | True',
        then='it(classes * 0)'),
    'nn.init.constant_': dict(val='1.0 | 2.0'),
    'nn.init.uniform_': dict(a='- | 0.5', b='- | 2.0'),
    'nn.init.normal_': dict(mean='- | 1.0', std='- | 2.0'),
    'nn.init.calculate_gain': dict(nonlinearity="'leaky_relu' | 'relu'", param='- | 0.5'),
    **{f'nn.init.xavier_{name}_': dict(gain='- | 2.0') for name in ('uniform', 'normal')},
    **{f'nn.init.kaiming_{name}_': dict(a='- | 2.0', mode="- | 'fan_out'",
                                        nonlinearity="- | 'tanh'")
       for name in ('uniform', 'normal')},
    'nn.utils.rnn.PackedSequence': dict(
        data='x[:, 0] | x[:, 1]', batch_sizes='torch.tensor([2]) | torch.tensor([1, 1])',
        sorted_indices='- | torch.tensor([1, 0])', unsorted_indices='- | torch.tensor([1, 0])'),
    'nn.utils.rnn.PackedSequence.to': dict(on='packed', args='torch.float64'),
    'nn.utils.rnn.pack_padded_sequence': [
        dict(input='series | series * 2', lengths='[4] | [3]'),
        dict(input='x', lengths='[2, 2]', batch_first='True | - | batch_size=3'),
        dict(input='x', lengths='[1, 2, 1]', enforce_sorted='False | True')],
    'nn.utils.rnn.pad_packed_sequence': dict(
        sequence='packed | rnn.pack_sequence([x, y])', batch_first='- | True',
        padding_value='- | 7.0', total_length='- | 4'),
    'nn.utils.rnn.pad_sequence': dict(
        sequences='[x, y[:1]] | [y, x[:1]]', batch_first='- | True', padding_value='- | 7.0',
        padding_side="- | 'left'"),
    'nn.utils.rnn.unpad_sequence': dict(
        padded_sequences='x | y', lengths='torch.tensor([2, 1]) | torch.tensor([1, 1])',
        batch_first='- | True'),
    'nn.utils.rnn.pack_sequence': [
        dict(sequences='[x, y[:1]] | [y, x[:1]]'),
        dict(sequences='[x[:1], y]', enforce_sorted='False | True')],
    'nn.utils.rnn.unpack_sequence': dict(packed_sequences='packed | rnn.pack_sequence([x, y])'),
    'nn.init.orthogonal_': dict(tensor='torch.ones(2, 3) | torch.ones(3, 3)', gain='- | 2.0'),
    'nn.init.trunc_normal_': dict(mean='- | 0.5', std='- | 0.5', a='- | 0.0', b='- | 0.1'),
    'nn.init.eye_': {},
    'nn.init.dirac_': dict(tensor='torch.ones(2, 1, 3) | torch.ones(4, 1, 3)', groups='- | 2'),
    'nn.init.sparse_': dict(sparsity='0.5 | 0.9', std='- | 1.0'),
    **{f'nn.utils.{name}': [
        dict(parameters='[p] | [q]', max_norm='0.1 | 0.2', then='it, p.grad, q.grad'),
        dict(parameters='[infinite(p)]', max_norm='0.1', error_if_nonfinite='- | True')]
       for name in ('clip_grad_norm_', 'clip_grad_norm')},
    'nn.utils.get_total_norm': [
        dict(tensors='[p, q] | [q]'),
        dict(tensors='[p * math.inf]', error_if_nonfinite='- | True')],
    'nn.utils.clip_grads_with_norm_': dict(
        parameters='[p] | [q]', max_norm='0.1 | 0.2', then='p.grad, q.grad',
        total_norm='torch.tensor(2.0) | torch.tensor(3.0)'),
    'nn.utils.skip_init': dict(module_cls='torch.nn.Linear | torch.nn.RNN', args='3, 2'),
    'nn.utils.fuse_conv_bn_eval': [
        dict(conv='torch.nn.Conv1d(2, 2, 1).eval() | torch.nn.Conv1d(3, 2, 1).eval()',
             bn='torch.nn.BatchNorm1d(2).eval() | torch.nn.BatchNorm1d(2, 0.5).eval()'),
        dict(conv='torch.nn.ConvTranspose1d(2, 2, 1).eval()', transpose='- | True',
             bn='used(torch.nn.BatchNorm1d(2)).eval()')],
    'nn.utils.fuse_conv_bn_weights': dict(
        conv_w='y[:, :2, None] | x[:, :2, None]', conv_b='y[0, :2] | x[0, :2]',
        bn_rm='y[1, :2] | x[1, :2]', bn_rv='y[1, 1:] | y[0, 1:]', bn_eps='0.1 | 0.2',
        bn_w='y[0, :2] | x[0, :2]', bn_b='y[0, :2] | x[0, :2]', transpose='- | True'),
    'nn.utils.fuse_linear_bn_eval': dict(
        linear='torch.nn.Linear(3, 2).eval() | torch.nn.Linear(2, 2).eval()',
        bn='torch.nn.BatchNorm1d(2).eval() | torch.nn.BatchNorm1d(2, 0.5).eval()'),
    'nn.utils.fuse_linear_bn_weights': dict(
        linear_w='y[:, :2] | x[:, :2]', linear_b='y[0, :2] | x[0, :2]',
        bn_rm='y[1, :2] | x[1, :2]', bn_rv='y[1, 1:] | y[0, 1:]', bn_eps='0.1 | 0.2',
        bn_w='y[0, :2] | x[0, :2]', bn_b='y[0, :2] | x[0, :2]'),
    'nn.factory_kwargs': dict(kwargs="{'dtype': torch.float32} | {'dtype': torch.float64}",
                              then='str(it)'),
    'nn.utils.clip_grad_value_': dict(parameters='[p] | [q]', clip_value='0.1 | 0.2',
                                      then='p.grad, q.grad'),
    'nn.utils.weight_norm': dict(
        module='torch.nn.Linear(3, 2) | torch.nn.Linear(3, 4)', name="'weight' | 'bias'",
        dim='- | 1', then='dict(it.named_parameters())'),
    'nn.utils.spectral_norm': dict(
        module='torch.nn.Linear(3, 2) | torch.nn.Linear(3, 4)', name="'weight' | 'bias'",
        dim='- | 1', n_power_iterations='- | 3', eps='- | 9.0',
        then='it(x), dict(it.named_buffers())'),
    **{f'nn.utils.remove_{name}': dict(
        module=' | '.join(f'torch.nn.utils.{name}(torch.nn.Linear(3, {n}))' for n in (2, 4)),
        name="'weight' | 'none' | none", then='it.weight')
       for name in ('weight_norm', 'spectral_norm')},
    'nn.utils.parameters_to_vector': dict(parameters='[p] | [q]'),
    'nn.utils.vector_to_parameters': dict(vec='torch.ones(3) | torch.zeros(3)',
                                          parameters='[p] | [q]', then='p, q'),

    # Distributions.
    **{f'distributions.{name}': dict(then='it.sample(), it._validate_args',
                                     validate_args='- | False', **row)
       for name, row in [
           ('Normal', dict(loc='y | y * 2', scale='y | y * 2')),
           ('Uniform', dict(low='y | y / 2', high='y * 2 | y * 3')),
           ('Laplace', dict(loc='y | y * 2', scale='y | y * 2')),
           ('LogNormal', dict(loc='y | y * 2', scale='y | y * 2')),
           ('Gamma', dict(concentration='y | y * 2', rate='y | y * 2')),
           ('Beta', dict(concentration1='y | y * 2', concentration0='y | y * 2')),
           ('Dirichlet', dict(concentration='y | y * 2')),
           ('Chi2', dict(df='y | y * 2')), ('Poisson', dict(rate='y * 9 | y * 20')),
           ('StudentT', dict(df='y | y * 2', loc='y | y * 2', scale='y | y * 2')),
           ('Cauchy', dict(loc='y | y * 2', scale='y | y * 2')),
           ('Gumbel', dict(loc='y | y * 2', scale='y | y * 2')),
           ('HalfNormal', dict(scale='y | y * 2')), ('HalfCauchy', dict(scale='y | y * 2')),
           ('LogisticNormal', dict(loc='y | y * 2', scale='y | y * 2')),
           ('Pareto', dict(scale='y | y * 2', alpha='y | y * 2')),
           ('Weibull', dict(scale='y | y * 2', concentration='y | y * 2')),
           ('InverseGamma', dict(concentration='y | y * 2', rate='y | y * 2')),
           ('Kumaraswamy', dict(concentration1='y | y * 2', concentration0='y | y * 2')),
           ('FisherSnedecor', dict(df1='y | y * 2', df2='y | y * 2')),
           ('VonMises', dict(loc='y | y * 2', concentration='y | y * 2')),
           ('LowRankMultivariateNormal', dict(
               loc='y[0] | x[0]', cov_factor='y.T | x.T', cov_diag='y[0] | y[1]')),
           ('Exponential', dict(rate='y | y * 2'))]},
    **{f'distributions.{name}': [
        dict(probs='y / 2 | y / 3 * y', validate_args='- | False',
             then='it.probs, it._validate_args'),
        dict(logits='y | x', then='it.logits')] for name in (
            'Bernoulli', 'Categorical', 'Geometric', 'OneHotCategorical',
            'OneHotCategoricalStraightThrough')},
    **{f'distributions.{name}': [
        dict(total_count='5 | 6', probs='y / 2 | y / 3 * y', validate_args='- | False',
             then='it.probs, it.total_count, it._validate_args'),
        dict(total_count='5', logits='y | x', then='it.logits')]
       for name in ('Binomial', 'NegativeBinomial', 'Multinomial')},
    **{f'distributions.{name}': [
        dict(temperature='y[0, 0] | y[1, 1]', probs='y / 2 | y / 3 * y', validate_args='- | False',
             then='it.probs, it.temperature, it._validate_args'),
        dict(temperature='y[0, 0]', logits='y | x', then='it.logits')]
       for name in ('RelaxedBernoulli', 'RelaxedOneHotCategorical')},
    'distributions.ContinuousBernoulli': [
        dict(probs='y / 2 | y / 3 * y', validate_args='- | False', lims='- | (0.1, 0.9)',
             then='it.mean, it._validate_args'),
        dict(logits='y | x', then='it.logits')],
    'distributions.TransformedDistribution': dict(
        base_distribution='normal | d.Normal(y, y)', validate_args='- | False',
        transforms='d.TanhTransform() | d.ExpTransform()',
        then='it.log_prob(y / 2), it._validate_args'),
    'distributions.MixtureSameFamily': dict(
        mixture_distribution='d.Categorical(y) | d.Categorical(y * y)',
        component_distribution='normal | d.Normal(y, y)', validate_args='- | False',
        then='it.log_prob(y[:, 0]), it._validate_args'),
    **{f'distributions.{name}': dict(more, cache_size='- | 1', then='it(x), it.inv(it(100 * x))')
       for name, more in [
           *[(f'{kind}Transform', {}) for kind in ('Tanh', 'Sigmoid', 'Exp', 'Abs', 'Softmax')],
           ('CumulativeDistributionTransform', dict(distribution='normal | d.Normal(y, y)'))]},
    **{f'distributions.{name}Transform': dict(more, cache_size='- | 1', then=then)
       for name, more, then in [
           ('Affine', dict(loc='y | x', scale='1e-9 | 2e-9', event_dim='- | 1'),
            'it(x), it.inv(it(100 * x)), it.event_dim'),
           ('Power', dict(exponent='0.3 | 2.0'), 'it(y), it.inv(it(y)) is y'),
           ('Softplus', {}, 'it(x), it.inv(it(x)) is x'),
           ('StickBreaking', {}, 'it(x), it.inv(it(x)) is x'),
           ('LowerCholesky', {}, 'it.inv(it(s := torch.eye(3))) is s'),
           ('PositiveDefinite', {}, 'it.inv(it(s := torch.eye(3))) is s'),
           ('Reshape', dict(in_shape='(3,) | (2, 3)', out_shape='(1, 3) | (3, 1)'),
            'it(x), it.inv(it(x)) is x'),
           ('Independent', dict(base_transform='d.ExpTransform() | d.TanhTransform()',
                                reinterpreted_batch_ndims='1 | 2'),
            'repr(it), it(x), it.inv(it(x)) is x'),
           ('Compose', dict(parts='[d.ExpTransform()] | [d.TanhTransform()]'),
            'it(x), it.inv(it(x)) is x')]},
    **{f'distributions.{name}Transform.{method}': dict(on=f'd.{on}', **row)
       for name, on in TRANSFORMS.items() for method, row in [
           ('log_abs_det_jacobian', dict(
               x='y | torch.stack([x.exp(), y])',
               y='torch.ones(2, 4) | torch.eye(2, 4) + 1' if name[:2] == 'St' else 'y | 2 * y')),
           ('forward_shape', dict(shape='(4, 2, 3) | (5, 2, 3)')),
           ('inverse_shape', dict(shape='(4, 3, 2) | (5, 3, 2)' if name == 'Reshape' else
                                  '(4, 2, 3) | (5, 2, 3)')),
           ('with_cache', dict(cache_size='0 | 1', then='it(x), it.inv(it(100 * x))'))]
       if is_own(getattr(torch.distributions, f'{name}Transform'), method) or (
           name == 'Abs' and method != 'log_abs_det_jacobian')},
    **{f'distributions.{name}': dict(
        constraint='d.constraints.positive | d.constraints.unit_interval', then='it(x)')
       for name in ('biject_to', 'transform_to')},
    'distributions.Independent': dict(
        base_distribution='normal | d.Normal(y, y)', reinterpreted_batch_ndims='1 | 0',
        validate_args='- | False', then='it.log_prob(y), it._validate_args'),
    'distributions.MultivariateNormal': [
        dict(loc='y[0] | x[0]', scale_tril='torch.eye(3) | torch.eye(3) * 2',
             validate_args='- | False', then='it.log_prob(y), it._validate_args'),
        *[{'loc': 'y[0]', matrix: 'torch.eye(3) | torch.eye(3) * 2', 'then': 'it.log_prob(y)'}
          for matrix in ('covariance_matrix', 'precision_matrix')]],
    'distributions.Bernoulli.expand': dict(
        on='d.Bernoulli(0.5)', batch_shape='(2,) | (3,)', then='it.sample()'),
    'distributions.MixtureSameFamily.expand': dict(
        on='d.MixtureSameFamily(d.Categorical(y[0]), d.Normal(y[0], 1))',
        batch_shape='(4,) | (5,)', then='it.sample()'),
    **{f'distributions.MixtureSameFamily.{name}': dict(
        on='d.MixtureSameFamily(d.Categorical(y), normal)', x='y[:, 0] | x[:, 0]')
       for name in ('log_prob', 'cdf')},
    'distributions.Independent.expand': dict(
        on='d.Independent(d.Normal(y[0], y[0]), 1)', batch_shape='(4,) | (5,)',
        then='it.sample()'),
    'distributions.Bernoulli.set_default_validate_args': dict(
        value='True | 3', then='d.Normal(0, 1)._validate_args'),
    'distributions.constraints.is_dependent': dict(
        constraint='d.constraints.real | d.constraints.dependent'),
    'distributions.constraints.dependent_property': dict(
        fn='d.Uniform.support.fget | abs', is_discrete='True | False', event_dim='1 | 2',
        then='it.is_discrete, it.event_dim, it.fget'),
    **{f'distributions.constraints.{name}': dict(
        row, then=f'it, it.check({"classes * 2" if "integer" in name else "y"})')
       for name, row in [
           ('MixtureSameFamilyConstraint', dict(
               base_constraint='d.constraints.positive | d.constraints.less_than(1)')),
           ('independent', dict(base_constraint='d.constraints.positive | d.constraints.boolean',
                                reinterpreted_batch_ndims='1 | 2')),
           ('less_than', dict(upper_bound='1 | 2')), ('multinomial', dict(upper_bound='2 | 5')),
           ('greater_than', dict(lower_bound='1 | 2')),
           ('greater_than_eq', dict(lower_bound='1 | 2')),
           *[(name, dict(lower_bound='0 | 1', upper_bound='1 | 2'))
             for name in ('interval', 'half_open_interval', 'integer_interval')]]},
    **{f'distributions.constraints.{name}.check': dict(on=f'd.constraints.{on}', value='y | x')
       for name, on in [
           ('MixtureSameFamilyConstraint', 'MixtureSameFamilyConstraint(d.constraints.positive)'),
           ('independent', 'independent(d.constraints.positive, 1)'), ('less_than', 'less_than(1)'),
           ('greater_than', 'greater_than(1)'), ('greater_than_eq', 'greater_than_eq(1)'),
           ('interval', 'interval(0, 1)'), ('half_open_interval', 'half_open_interval(0, 1)')]},
    'distributions.constraints.integer_interval.check': dict(
        on='d.constraints.integer_interval(0, 2)', value='classes | classes - 1'),
    'distributions.constraints.multinomial.check': dict(
        on='d.constraints.multinomial(2)', value='classes | classes * 3'),
    **{f'distributions.{name}.enumerate_support': dict(on=on, expand='- | False')
       for name, on in [
           ('Bernoulli', 'd.Bernoulli(y / 2)'), ('Binomial', 'd.Binomial(2, y / 2)'),
           ('Categorical', 'd.Categorical(y)'), ('OneHotCategorical', 'd.OneHotCategorical(y)'),
           ('Independent', 'd.Independent(d.Bernoulli(y / 2), 0)')]},
    'distributions.HalfCauchy.icdf': dict(on='d.HalfCauchy(y)', prob='y / 2 | y / 3'),
    'distributions.register_kl': dict(
        type_p='d.Uniform | 3', type_q='d.Poisson | 3',
        then='it(abs), d.kl.FORMULAS.pop((d.Uniform, d.Poisson))'),
    'distributions.kl_divergence': dict(p='normal | d.Normal(y, y)', q='normal | d.Normal(y, y)'),
    **{f'distributions.{name}.{method}': dict(
        on=on, **(dict(sample_shape='() | (2,)') if 'sample' in method else dict(value=value)))
       for name, on, methods, value in [
           ('Normal', 'normal', 'rsample log_prob cdf icdf', 'y | x'),
           ('Uniform', 'd.Uniform(0.0, y * 2)', 'rsample log_prob cdf icdf', 'y | y * 2'),
           ('Independent', 'd.Independent(normal, 1)', 'sample rsample log_prob', 'y | x'),
           ('MultivariateNormal', 'd.MultivariateNormal(y[0], torch.eye(3))', 'rsample log_prob',
            'y | x'),
           ('Exponential', 'd.Exponential(y)', 'rsample log_prob cdf icdf', 'y | y * 2'),
           ('Cauchy', 'd.Cauchy(x, y)', 'rsample log_prob cdf icdf', 'y | x'),
           ('Gumbel', 'd.Gumbel(x, y)', 'rsample log_prob cdf icdf', 'y / 2 | y / 3'),
           ('HalfCauchy', 'd.HalfCauchy(y)', 'log_prob cdf', 'y | y * 2'),
           ('FisherSnedecor', 'd.FisherSnedecor(y, y)', 'rsample log_prob', 'y | y * 2'),
           ('VonMises', 'd.VonMises(x, y)', 'sample log_prob', 'y | x'),
           ('ContinuousBernoulli', 'd.ContinuousBernoulli(y / 2)', 'rsample log_prob cdf icdf',
            'y / 2 | y / 3'),
           ('NegativeBinomial', 'd.NegativeBinomial(2, y / 2)', 'sample log_prob',
            'y * 0 | y * 0 + 1'),
           ('Multinomial', 'd.Multinomial(2, y)', 'sample log_prob',
            'y * 0 | torch.eye(3)[:2] * 2'),
           ('LowRankMultivariateNormal', 'd.LowRankMultivariateNormal(x[0], y.T, y[0])',
            'rsample log_prob', 'y | x'),
           ('Laplace', 'd.Laplace(x, y)', 'rsample log_prob cdf icdf', 'y | x'),
           ('Gamma', 'd.Gamma(y, y)', 'rsample log_prob', 'y | y * 2'),
           ('Beta', 'd.Beta(y, y)', 'sample rsample log_prob', 'y / 2 | y / 3'),
           ('Dirichlet', 'd.Dirichlet(y)', 'rsample log_prob', 'y.softmax(1) | x.softmax(1)'),
           ('StudentT', 'd.StudentT(y, x, y)', 'rsample log_prob', 'y | x'),
           ('Poisson', 'd.Poisson(y)', 'sample log_prob', 'y * 0 | y * 0 + 1'),
           ('Geometric', 'd.Geometric(y / 2)', 'sample log_prob', 'y * 0 | y * 0 + 1'),
           ('Binomial', 'd.Binomial(2, y / 2)', 'sample log_prob', 'y * 0 | y * 0 + 1'),
           ('OneHotCategorical', 'd.OneHotCategorical(y)', 'sample log_prob',
            'torch.eye(3)[:2] | torch.eye(3)[1:]'),
           ('OneHotCategoricalStraightThrough', 'd.OneHotCategoricalStraightThrough(y)', 'rsample',
            ''),
           ('TransformedDistribution', 'd.LogNormal(x, y)', 'sample rsample log_prob cdf icdf',
            'y / 2 | y / 3'),
           ('MixtureSameFamily', 'd.MixtureSameFamily(d.Categorical(y), normal)', 'sample', ''),
           ('Bernoulli', 'd.Bernoulli(y / 2)', 'sample log_prob', 'y * 0 | y * 0 + 1'),
           ('Categorical', 'd.Categorical(y)', 'sample log_prob', 'classes | classes * 0')]
       for method in methods.split()},

    # Optimizers, schedulers, loaders.
    'optim.Optimizer': dict(defaults="{'lr': 1} | {'lr': 2}", then='it.param_groups'),
    **{f'optim.{name}': dict(dict(then='trained(it, p, q)'), **row) for name, row in [
        ('SGD', dict(momentum='0.5 | 0.9', dampening='0 | 0.2', nesterov='False | True')),
        ('Adagrad', dict(lr_decay='- | 0.5', initial_accumulator_value='- | 0.5')),
        ('RMSprop', dict(alpha='- | 0.5', momentum='- | 0.9', centered='- | True')),
        ('Adam', dict(amsgrad='- | True', weight_decay='0.1 | 0.2')),
        ('AdamW', dict(amsgrad='- | True')), ('Adadelta', dict(rho='- | 0.5')), ('Adamax', {}),
        ('NAdam', dict(momentum_decay='- | 0.5', weight_decay='0.1 | 0.2')),
        ('RAdam', dict(weight_decay='0.1 | 0.2')),
        ('Rprop', dict(etas='- | (0.3, 1.5)', step_sizes='- | (0.2, 0.3)')),
        ('ASGD', dict(lambd='0.1 | 0.2', alpha='- | 0.5',
                      then='trained(it, p, q), [*it.state.values()]',
                      t0='- | 3'))]},
    'optim.LBFGS': [
        dict(max_iter='6 | 2', max_eval='- | 2', tolerance_grad='- | 99.0', history_size='- | 1',
             tolerance_change='- | 0.3', then='minimized(it, p), p'),
        dict(max_iter='3', line_search_fn="- | 'strong_wolfe'", then='minimized(it, p), p')],
    'optim.LBFGS.step': dict(
        on='torch.optim.LBFGS([p])', closure='lambda: 5 * (p * p.grad).sum() | lambda: 1.0'),
    'optim.Optimizer.add_param_group': dict(
        on='sgd', param_group="{'params': [q]} | {'params': [q], 'lr': 9}", then='me.param_groups'),
    'optim.Optimizer.load_state_dict': dict(
        on='sgd', state_dict='sgd.state_dict() | sgd2.state_dict()', then='me.param_groups'),
    'optim.AdamW.load_state_dict': dict(
        on='torch.optim.AdamW([p])', then='me.param_groups',
        state_dict='torch.optim.AdamW([p]).state_dict() | torch.optim.AdamW([p], 9).state_dict()'),
    **{f'optim.Optimizer.register_step_{when}_hook': dict(
        on='sgd', hook='note | double_note', then='me.step(), log') for when in ('pre', 'post')},
    'optim.Optimizer.step': dict(on='sgd', closure='- | lambda: 5'),
    'optim.Optimizer.zero_grad': dict(on='sgd', set_to_none='- | False', then='p.grad'),
    **{f'optim.lr_scheduler.{name}': dict(RATES, **row) for name, row in [
        ('LambdaLR', dict(lr_lambda='lambda t: 1 / (1 + t) | lambda t: 2')),
        ('StepLR', dict(step_size='1 | 2', gamma='- | 0.5')),
        ('MultiStepLR', dict(milestones='[1] | [2]', gamma='- | 0.5')),
        ('ExponentialLR', dict(gamma='0.5 | 0.6')),
        ('ConstantLR', dict(factor='- | 0.5', total_iters='- | 2')),
        ('LinearLR', dict(start_factor='- | 0.5', end_factor='- | 0.7', total_iters='- | 2')),
        ('CosineAnnealingLR', dict(T_max='4 | 5', eta_min='- | 0.05')),
        ('MultiplicativeLR', dict(lr_lambda='lambda t: 0.9 | lambda t: 0.8')),
        ('PolynomialLR', dict(total_iters='- | 3', power='- | 2.0')),
        ('CosineAnnealingWarmRestarts', dict(T_0='2 | 3', T_mult='- | 2', eta_min='- | 0.05')),
        ('SequentialLR', dict(
            schedulers='[rates.StepLR(sgd, 1), rates.StepLR(sgd, 2)] | '
                       '[rates.StepLR(sgd, 1), rates.ExponentialLR(sgd, 0.5)]',
            milestones='[3] | [1]'))]},
    'optim.lr_scheduler.CyclicLR': [
        dict(RATES, base_lr='0.01 | 0.02', max_lr='0.1 | 0.2', step_size_up='2 | 3',
             step_size_down='- | 1', mode="'exp_range' | 'triangular'", gamma='0.9 | 0.8',
             scale_fn='- | lambda x: 0.5', cycle_momentum='- | False', base_momentum='- | 0.5',
             max_momentum='- | 0.95', then=CYCLES),
        dict(RATES, base_lr='0.01', max_lr='0.1', scale_fn='lambda x: x / 9',
             scale_mode="- | 'iterations'")],
    'optim.swa_utils.AveragedModel': [
        dict(model='model | hooked', avg_fn='- | lambda a, b, n: a', use_buffers='- | True',
             multi_avg_fn='- | lambda a, b, n: None', then='averaged(it)'),
        dict(model='model', device="'cpu' | 'cuda'")],
    'optim.swa_utils.AveragedModel.update_parameters': dict(
        on='torch.optim.swa_utils.AveragedModel(model[1])',
        model='model[1] | torch.nn.Linear(3, 3)',
        then='[*me.parameters()]'),
    'optim.swa_utils.get_ema_avg_fn': dict(decay='0.5 | 0.9', then='it(x, y, 0)'),
    'optim.swa_utils.get_ema_multi_avg_fn': dict(
        decay='0.5 | 0.9', then='it([p], [q], 0), p'),
    'optim.swa_utils.update_bn': dict(
        loader='[x] | [x * 2]', model='norm | model', device="- | 'cuda'",
        then='norm.running_mean * 1, model[1].weight, norm.training'),
    'optim.swa_utils.SWALR': dict(RATES, swa_lr='0.5 | 0.6', anneal_epochs='3 | 4',
                                  anneal_strategy="- | 'linear'"),
    'optim.lr_scheduler.CyclicLR.scale_fn': dict(
        on="rates.CyclicLR(sgd, 0.1, 0.2, mode='triangular2')", x='1 | 2'),
    'optim.lr_scheduler.CosineAnnealingWarmRestarts.step': dict(
        on='rates.CosineAnnealingWarmRestarts(sgd, 3)', epoch='- | 0.5', then='me.get_last_lr()'),
    'optim.lr_scheduler.OneCycleLR': [
        dict(RATES, optimizer='sgd', max_lr='0.5 | 0.6', total_steps='8 | 9', pct_start='- | 0.5',
             anneal_strategy="- | 'linear'", cycle_momentum='- | False', base_momentum='- | 0.5',
             max_momentum='- | 0.99', div_factor='- | 9', final_div_factor='- | 9',
             three_phase='- | True', last_epoch='- | 3 | base_momentum',
             then=CYCLES),
        dict(RATES, optimizer='sgd | sgd2', max_lr='0.5', epochs='3 | 4', steps_per_epoch='3 | 4')],
    'optim.lr_scheduler.ReduceLROnPlateau': dict(
        mode="- | 'max'", factor='- | 0.5', patience='2 | 1', threshold='0.05 | 0.5',
        threshold_mode="- | 'abs'", cooldown='- | 3', min_lr='- | 0.05', eps='- | 0.5',
        then='[(it.step(loss), it.get_last_lr())[-1] for loss in (10, 9.8, 9.6, 9.4, 9.3, 9.3, '
             '9.3, 9.3, 9.3, 9.3, 9.3)]'),
    'optim.lr_scheduler.ReduceLROnPlateau.step': dict(
        on='rates.ReduceLROnPlateau(sgd)', metrics='1.0 | 2.0', epoch='- | 5',
        then='me.best, me.last_epoch'),
    'optim.lr_scheduler.LambdaLR.step': dict(
        on='rates.StepLR(sgd, 2)', epoch='- | 5', then='me.get_last_lr()'),
    'optim.lr_scheduler.ChainedScheduler': dict(
        schedulers='[rates.StepLR(sgd, 1)] | [rates.StepLR(sgd, 2)]',
        optimizer='- | sgd2 | optimizer',
        then='[(sgd.step(), it.step(), it.get_last_lr()) for _ in range(3)]'),
    **{f'optim.lr_scheduler.{name}.load_state_dict': dict(
        on=f'rates.{make}', state_dict="me.state_dict() | dict(me.state_dict(), last_epoch=5)",
        then='me.last_epoch') for name, make in [
            ('CyclicLR', 'CyclicLR(sgd, 0.1, 0.2)'),
            ('StepLR', 'StepLR(sgd, 2)'), ('LambdaLR', 'LambdaLR(sgd, lambda t: 1)'),
            ('SequentialLR', 'SequentialLR(sgd, [rates.StepLR(sgd, n) for n in (1, 2)], [2])')]},
    'testing.assert_close': [
        dict(actual='y | x | close', expected='y | x | close', then='0'),
        dict(actual='[y]', expected='[y * 1.1]', rtol='0.2 | 0.0 | equal', atol='0.0', then='0'),
        dict(actual='[y]', expected='[y + 1]', rtol='0.0', atol='2.0 | 0.0 | equal', then='0'),
        dict(actual='y * math.nan', expected='y * math.nan', equal_nan='True | False | close',
             then='0'),
        dict(actual='y', expected='y.double()', check_dtype='False | True | dtype', then='0'),
        dict(actual='torch.ones(2, 3).t()', expected='torch.ones(3, 2)',
             check_stride='- | True | stride', then='0'),
        dict(actual='p', expected='p * 1', allow_subclasses='- | False | pair', then='0',
             check_device='- | False', check_layout='- | False', msg="- | 'other words'")],
    'nn.parallel.DataParallel': dict(module='model | norm', device_ids='- | [0]',
                                     output_device='- | 0', dim='- | 1', **LAYER),
    'utils.checkpoint.noop_context_fn': {},
    'utils.checkpoint.checkpoint': [
        dict(function='cube | fourth', args='x', use_reentrant='False | None',
             context_fn='- | lambda: 3 | unpack', determinism_check="- | 'other'",
             debug='- | True', early_stop='- | False'),
        dict(function='lambda t: t * p', args='x.detach()', use_reentrant='False | True')],
    'utils.checkpoint.checkpoint_sequential': [
        dict(functions='[torch.sin, torch.cos] | [torch.cos, torch.sin]', segments='2 | 1',
             input='x | y', use_reentrant='False'),
        dict(functions='[lambda t: t * p, torch.cos]', segments='2', input='x.detach()',
             use_reentrant='False | True')],
    'utils.data.Subset': dict(dataset='range(9) | range(9, 18)', indices='[1, 2] | [3]',
                              then='list(it)'),
    'utils.data.ConcatDataset': dict(datasets='[range(2)] | [range(3)]', then='list(it)'),
    'utils.data.SequentialSampler': dict(data_source='range(2) | range(3)', then='list(it)'),
    'utils.data.RandomSampler': dict(data_source='range(9) | range(8)', replacement='- | True',
                                     num_samples='- | 5', then='list(it)'),
    'utils.data.BatchSampler': dict(sampler='range(9) | range(7)', batch_size='4 | 2',
                                    drop_last='False | True', then='list(it)'),
    'utils.data.default_convert': dict(data='np.ones(2) | np.ones(3)'),
    'utils.data.ChainDataset': dict(datasets='[Stream()] | [Stream(), Stream()]', then='list(it)'),
    'utils.data.StackDataset': dict(args='range(2), range(2)', then='list(it)'),
    'utils.data.SubsetRandomSampler': dict(indices='[1, 2, 3] | [1, 2]', generator='- | seeded()',
                                           then='[*it, *it, *it]'),
    'utils.data.WeightedRandomSampler': dict(
        weights='[1.0] * 9 | [1.0] * 8', num_samples='8 | 7', replacement='- | False',
        generator='- | seeded()', then='list(it)'),
    'utils.data.distributed.DistributedSampler': dict(
        dataset='range(9) | range(8)', num_replicas='2 | 3', rank='0 | 1', shuffle='- | False',
        seed='- | 1', drop_last='- | True', then='list(it)'),
    'utils.data.distributed.DistributedSampler.set_epoch': dict(
        on='torch.utils.data.distributed.DistributedSampler(range(9), 2, 0)', epoch='1 | 2',
        then='list(me)'),
    'utils.data.random_split': dict(dataset='range(9) | range(9, 18)', lengths='[4, 5] | [5, 4]',
                                    then='[list(part) for part in it]'),
    'utils.data.default_collate': dict(batch='[1, 2] | [3]'),
    'utils.data.DataLoader': [
        dict(dataset='range(9) | range(9, 18)', batch_size='- | 2', shuffle='- | True',
             sampler='- | [1, 2]', batch_sampler='- | [[1, 2]]', num_workers='- | 1',
             collate_fn='- | list', pin_memory='- | True', timeout='- | 5',
             worker_init_fn='- | print', multiprocessing_context="- | 'fork'",
             prefetch_factor='- | 2', persistent_workers='- | True', then='list(it)'),
        dict(dataset='range(9)', batch_size='2', shuffle='True', drop_last='- | True',
             generator='- | seeded()', then='list(it)')],
}

# Accepted for PyTorch's sake, where they change nothing either but speed, or the order of what has
# none; each docstring says so.
WITHOUT_EFFECT = {
    'compile: dynamic', *(f'optim.{name}: fused' for name in ('SGD', 'Adam', 'AdamW', 'Adagrad')),
    *(f'optim.{name}: foreach' for name in (
        'SGD', 'Adam', 'AdamW', 'Adagrad', 'RMSprop', 'Adadelta', 'Adamax', 'NAdam', 'RAdam',
        'Rprop', 'ASGD')),
    *(f'nn.utils.{name}: foreach' for name in (
        'clip_grad_norm', 'clip_grad_norm_', 'clip_grad_value_', 'clip_grads_with_norm_',
        'get_total_norm')),
    'nn.functional.gumbel_softmax: eps',
    *(f'distributions.{name}Transform.log_abs_det_jacobian: y'
      for name in ('Affine', 'CumulativeDistribution', 'Exp', 'Independent', 'Reshape', 'Sigmoid',
                   'Softplus', 'Tanh')),
    'Tensor.to: non_blocking', 'argsort: stable', 'autograd.functional.hessian: vectorize',
    'autograd.grad: only_inputs', 'is_complex: input',
    'autograd.functional.jacobian: vectorize', 'load: weights_only',
    *(f'testing.assert_close: {name}' for name in ('check_device', 'check_layout', 'msg')),
    *(f'nn.parallel.DataParallel: {name}' for name in ('device_ids', 'output_device', 'dim')),
    'utils.checkpoint.checkpoint: early_stop', 'utils.checkpoint.checkpoint_sequential: segments',
    'nn.TransformerEncoder: enable_nested_tensor', 'nn.TransformerEncoder: mask_check',
    'sort: stable', 'topk: sorted', 'unique: sorted', 'utils.data.DataLoader: num_workers',
    'utils.data.DataLoader: pin_memory', 'utils.data.DataLoader: worker_init_fn',
    'use_deterministic_algorithms: warn_only',
    *(f'cuda.{name}: device' for name in (
        'memory_allocated', 'max_memory_allocated', 'memory_reserved', 'max_memory_reserved')),
    'cuda.is_bf16_supported: including_emulation',
    'accelerator.current_accelerator: check_available', 'autocast: cache_enabled',
    'GradScaler.unscale_: optimizer', 'GradScaler.update: new_scale',
    'GradScaler.load_state_dict: state_dict',
    *(f'cuda.amp.autocast: {name}' for name in ('enabled', 'dtype', 'cache_enabled')),
    'cuda.amp.GradScaler: enabled',
    *(f'{home}GradScaler: {name}' for home in ('', 'cuda.amp.') for name in SCALES),
    *(f'autograd.{name}: {option}' for name in ('gradcheck', 'gradgradcheck')
      for option in ('check_undefined_grad', 'check_grad_dtypes', 'fast_mode'))}

ROWS.update({name[:-1]: row for name, row in ROWS.items()      # older names
             if name.startswith('nn.init.') and hasattr(torch.nn.init, name[8:-1])})

# Parts of graphs, bases that are not called, and what needs ranks: distributed_checks.py calls it.
NOT_CALLED = {
    *(f'distributed.{name}' for name in torch.distributed.__all__),
    'nn.parallel.DistributedDataParallel', 'nn.parallel.distributed.DistributedDataParallel',
    'distributions.Distribution', 'distributions.Transform', 'distributions.constraints.Constraint',
    'distributions.constraints.dependent',
    'distributions.constraints.dependent_property.check',
    *(f'distributions.Bernoulli.{name}' for name in ('rsample', 'cdf', 'icdf')),
    'distributions.Beta.enumerate_support', 'distributions.AbsTransform.log_abs_det_jacobian',
    'distributions.identity_transform',
    'autograd.Function',
    'autograd.GradcheckError', 'autograd.Node', 'autograd.RemovableHandle', 'autograd.TensorBase',
    'linalg.LinAlgError', 'nn.Module.set_extra_state', 'optim.lr_scheduler.LRScheduler'}


# What rows are made of.

SLOW = {        # to make: only where a row names it
    'encoder': lambda: torch.nn.TransformerEncoderLayer(4, 2, 5, dropout=0.0),
    'decoder': lambda: torch.nn.TransformerDecoderLayer(4, 2, 5, dropout=0.0)}


def names(row):
    """The names that a row may use, made anew for every call."""
    torch.manual_seed(0)
    leaf = torch.tensor([[-1.5, 0.4, 1.1], [0.8, -0.6, 2.0]], requires_grad=True)
    leaf_y = torch.tensor([[0.9, 1.7, 0.3], [0.5, 1.2, 0.7]], requires_grad=True)
    p, q = (torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5]) * (i + 1)) for i in range(2))
    p.grad, q.grad = torch.tensor([0.3, 0.1, -0.2]), torch.tensor([0.3, -0.5, 1.2])
    norm = torch.nn.BatchNorm1d(3)
    model = torch.nn.Sequential(norm, torch.nn.Linear(3, 3), norm)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    image = torch.rand(1, 2, 8, 8) * torch.linspace(1, 2, 8)
    x, y = leaf * 1, leaf_y * 1
    sgd, sgd2 = (torch.optim.SGD([p], lr=lr, momentum=0.9) for lr in (0.1, 0.2))
    for optimizer in (sgd, sgd2):
        optimizer.param_groups[0]['initial_lr'] = optimizer.param_groups[0]['lr']
    log, hooked = [], torch.nn.Linear(3, 3)
    hooked.register_forward_pre_hook(HELPERS['double_first'])
    hooked.register_forward_hook(HELPERS['double_output'])
    hooked.register_full_backward_pre_hook(HELPERS['double_first'])
    hooked.register_full_backward_hook(HELPERS['double_first'])
    return dict(
        log=log, note=lambda *args: log.append(len(args)),
        double_note=lambda *args: log.append(2 * len(args)), hooked=hooked,
        torch=torch, np=np, math=math, io=io, leaf=leaf, leaf_y=leaf_y, x=x, y=y,
        squares=[x * x, y * y], rnn=torch.nn.utils.rnn, d=torch.distributions,
        normal=torch.distributions.Normal(x, y),
        packed=torch.nn.utils.rnn.pack_sequence([x, y[:1]]),
        p=p, q=q, model=model, norm=norm, channels=x[:, None, :1].expand(2, 20, 2) * 1, image=image,
        series=torch.randn(4, 1, 4),
        classes=torch.tensor([0, 1]), index=torch.tensor([[0, 1, 1], [1, 0, 1]]), file=io.BytesIO(),
        sgd=sgd, sgd2=sgd2, rates=torch.optim.lr_scheduler, **HELPERS,
        **{name: make() for name, make in SLOW.items() if name in str(row)})


def plain():
    return torch.tensor([[0.5, 1.5, 1.0], [2.0, 0.2, 0.7]])


def saved(x):
    file = io.BytesIO()
    torch.save(x, file)
    file.seek(0)
    return file


def infinite(p):
    p.grad = p.grad * math.inf
    return p


def used(norm):
    norm.running_var.copy_(torch.arange(1.0, norm.num_features + 1))
    return norm


def trained(optimizer, *parameters):
    for step in range(9):
        for p in parameters:
            p.grad = (p.detach() + 1) / (1 + step) ** 2
        optimizer.step()
    return parameters


def minimized(optimizer, p):
    def closure():
        optimizer.zero_grad()
        loss = ((p - 0.3) ** 4 + p * p.roll(1, 0)).sum()
        loss.backward()
        return loss
    return optimizer.step(closure)


def averaged(model):
    if not isinstance(model, torch.optim.swa_utils.AveragedModel):
        model = torch.optim.swa_utils.AveragedModel(model)
    for n in range(1, 3):
        other = copy.deepcopy(model.module)
        for x in [*other.parameters(), *other.buffers()]:
            x.data.mul_(1 + n) if x.dtype.is_floating_point else x.add_(n)
        model.update_parameters(other)
    return [*model.parameters(), *model.buffers()]


def fails(module):
    try:
        module('no tensor')
    except Exception as error:
        return type(error)


def nan_inside(mode):
    """Whether the mode finds the nan in a gradient that is thrown away."""
    with mode:
        x = torch.zeros(1, requires_grad=True)
        try:
            (x.sqrt() * 0).backward()
        except RuntimeError:
            return True
    return False


class Stream(torch.utils.data.IterableDataset):
    def __iter__(self):
        return iter(range(3))


HELPERS = dict(
    Stream=Stream,
    plain=plain, infinite=infinite, used=used, saved=saved, trained=trained,
    minimized=minimized,
    averaged=averaged,
    nan_inside=nan_inside,
    seeded=lambda: torch.Generator().manual_seed(5),
    item=lambda x: x.sum().item(), products=lambda x, y: (x * y * x).sum(),
    cube=lambda x: (x * x * x).sum(),
    cube_of=lambda x: x[None] * x[:, :1, None],
    doubles=lambda: [torch.tensor([0.5, 1.0]).double().requires_grad_()],
    wrong=lambda x: x.data * x, mode=torch.is_grad_enabled,
    graph_of=lambda x: x.grad_fn, first=lambda a: a[:1], fourth=lambda x: (x ** 4).sum(),
    double_output=lambda module, args, output: output * 2,
    add_to_output=lambda module, args, output: output + 1,
    double_first=lambda module, given, *rest: tuple(g * 2 for g in given),
    add_to_first=lambda module, given, *rest: tuple(g + 1 for g in given),
    square=torch.tensor([[2.0, -1.0, 0.0], [0.5, 3.0, 1.0], [1.0, 0.5, 4.0]]),
    spd=torch.tensor([[4.0, 1.0, 0.0], [1.0, 5.0, 2.0], [0.0, 2.0, 6.0]]),
    cube3=torch.arange(27.0).reshape(3, 3, 3),
    plain_parameter=lambda i: torch.nn.Parameter(plain()[i]), fails=fails)
