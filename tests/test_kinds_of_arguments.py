"""Where a bool, an integer or a fraction is meant, and which tensors of them functions take.

Each row is run here and, where it is installed, in PyTorch, whose values and errors they are.
"""
import math

import numpy as np
import pytest

import tinygrad_adam as torch

inf = math.inf

REFUSED = [
    # Lengths, positions and counts.
    (TypeError, '''
x.narrow(0, 0, 2.0)  x.narrow(0, True, 2)  x.narrow(0, 0, True)  x.split(True)  x.split(2.0)
x.split([True, 5])  x.split([2.0, 4])  x.split(torch.tensor([2, 4]))  x.chunk(True)  x.chunk(2.0)
x.topk(2.0)  x.topk(True)  x.repeat(True)  x.expand(True)  x.roll(True)
x.reshape(True, 6)  x.view(True, 6)  x.flip(0.0)  m.tril(1.0)  m.triu(True)  m.triu('a')
m.diagonal(1.0)  m.diagonal(True)  torch.randperm(3.0)  torch.randperm(True)
torch.linspace(0, 1, 3.0)  torch.multinomial(x, 2.0)  torch.bincount(i, minlength=3.0)
F.one_hot(i, True)  F.one_hot(i, 3.0)  F.pad(x, (True, 1))  F.max_pool2d(image, True)
F.adaptive_avg_pool2d(image, True)  F.conv2d(image, image, padding=True)
F.group_norm(m, True)  F.layer_norm(m, (3.0,))  F.embedding(i, m, True)  F.embedding(i, m, 1.0)
'''),
    # Flags, and what else has one type.
    (TypeError, '''
x.topk(2, 0, 1)  x.topk(2, 0, None)  x.topk(2, 0, True, 1)  x.sum(0, 1)  x.sum(0, keepdim=1)
x.sum(0, keepdim=np.bool_(True))  x.sort(0, 1)  x.sort(0, None)  x.argsort(descending=1)
x.var(0, 1)  x.std(0, unbiased=1)  torch.nonzero(x, as_tuple=1)  torch.unique(x, True, 1)
F.max_pool2d(image, 2, ceil_mode=1)  F.avg_pool2d(image, 2, count_include_pad=1)
F.avg_pool2d(image, 2, divisor_override=2.0)  F.dropout(x, 0.5, 1)  F.dropout(x, 0.5, None)
torch.ones(2, requires_grad=1)  x.requires_grad_(1)  x.expand_as((2,))  x.view_as((6,))
x.reshape_as((6,))  x.type_as(torch.float32)  x.sum(dtype='cpu')  x.mean(dtype='float32')
x.prod(dtype='cpu')  x.cumsum(0, dtype='cpu')  x.norm(dtype='cpu')  x.softmax(0, dtype='cpu')
x.sum(dtype=x)
'''),
    # keepdim without the dimensions to keep, and tensors as dimensions.
    (TypeError, '''
m.sum(keepdim=True)  m.mean(keepdim=True)  m.prod(keepdim=True)  m.max(keepdim=True)
m.var(True, keepdim=True)  m.max(None)  m.min(dim=None)  m.prod(None, True)  m.squeeze(None)
x.var(True, True)  m.max(dim=torch.tensor(1.0))  m.max(m, True)
'''),
    # Numbers of NumPy and tensors in lists.
    (TypeError, '''
torch.tensor(np.float32(1.5), dtype=torch.int64)  torch.tensor([np.float32(2)], dtype=torch.int8)
torch.tensor(np.float32(300), dtype=torch.uint8)  torch.tensor(np.float32(1), dtype=torch.bool)
torch.tensor(np.bool_(True), dtype=torch.int64)  torch.tensor([np.bool_(True), 2])
torch.tensor([torch.tensor(1.5)], dtype=torch.int64)  torch.LongTensor([np.float32(1.5)])
torch.tensor([torch.tensor(1.5), 2], dtype=torch.bool)  i.new_tensor([np.float32(1.5)])
torch.as_tensor([np.float32(1.5)], dtype=torch.int64)
'''),
    (RuntimeError, '''
x.narrow(0, torch.tensor([0]), 2)  x.narrow(0, torch.tensor(0.0), 2)  F.relu(b)  nn.ReLU()(b)
F.relu(b, inplace=True)  b.relu()  +b  -b  F.dropout(b)  F.dropout(i)  F.dropout(i, inplace=True)
F.linear(m, x[:3], x[:1])  F.linear(x[:3], x[:3], x[:1])  F.linear(m, x[:3], x[0])
F.pad(i.to(torch.uint8), (1, 1), value=300)  F.pad(i.to(torch.uint8), (1, 1), value=-1)
F.pad(x, (1, 1), value=1e300)
F.scaled_dot_product_attention(m, m, m, attn_mask=torch.ones(2, 2, dtype=torch.int64))
'''),
    (NotImplementedError, '''
F.linear(b[None], b[None])  F.linear(b[None], b)  b @ b  torch.einsum('i,i', b, b)
torch.einsum('ij,kj->ik', b[None], b[None])  F.conv1d(b[None], b[None, None])
F.conv2d(image.bool(), image.bool())  F.conv2d(image.bool(), image)
F.conv_transpose2d(image.bool(), image.bool())  F.conv_transpose2d(image.int(), image.int())
F.pad(b[None], (1, 1), mode='reflect')  F.pad(b[None], (1, 1), mode='replicate')
F.gelu(i)  F.elu(i)  F.leaky_relu(b)  F.silu(i)  F.softplus(b)  F.logsigmoid(i)
'''),
    (ValueError, '''
nn.RNN(3, 2)(m.double())  nn.LSTM(3, 2)(m.long())  nn.GRU(3, 2).double()(m)
''')]

VALUES = [
    ('torch.tensor(np.float64(1.5), dtype=torch.int64)', 'int64', 1),
    ('torch.tensor(np.int64(1), dtype=torch.bool)', 'bool', True),
    ('torch.tensor([torch.tensor(True)], dtype=torch.int64)', 'int64', [1]),
    ('torch.tensor([torch.tensor(2)], dtype=torch.float32)', 'float32', [2.0]),
    ('torch.tensor(np.bool_(True))', 'bool', True),
    ('torch.full((2,), np.float32(1.5))', 'float32', [1.5, 1.5]),
    ('x.narrow(0, torch.tensor(1), np.int64(2))', 'float32', [1.0, 2.0]),
    ('x.topk(np.int64(1))[0]', 'float32', [5.0]),
    ('x.chunk(torch.tensor(3))[2]', 'float32', [4.0, 5.0]),
    ('x.split(torch.tensor(4))[1]', 'float32', [4.0, 5.0]),
    ('m.tril(np.int64(-1))', 'float32', [[0, 0, 0], [3.0, 0, 0]]),
    ('m.max(dim=torch.tensor(0)).indices', 'int64', [1, 1, 1]),
    ('m.min(torch.tensor(1), keepdim=True)[0]', 'float32', [[0.0], [3.0]]),
    ('m.max(torch.tensor(1))', 'float32', [[1.0, 1.0, 2.0], [3.0, 4.0, 5.0]]),
    ('m.sum(None, True)', 'float32', [[15.0]]),
    ('m.amax(keepdim=True)', 'float32', [[5.0]]),
    ('m.var(keepdim=True)', 'float32', [[3.5]]),
    ('F.relu(i - 1)', 'int64', [0, 0, 1]),
    ('i[2].to(torch.uint8).clamp(-1, 1.5)', 'float32', 1.5),
    ('i.to(torch.uint8).clamp(-1, 1.5)', 'float32', [0.0, 1.0, 1.5]),
    ('F.linear(i[None], i[None])', 'int64', [[5]]),
    ('F.linear(x[:3], x[:3], x[5])', 'float32', 10.0),
    ('F.conv_transpose2d(image.long(), image.long())[0, 0, 0]', 'int64', [1, 2, 1]),
    ('F.pad(b[None], (1, 1), mode="circular")', 'bool', [[True, True, False, True, True]]),
    ('F.pad(b, (1, 0), value=0.5)', 'bool', [True, True, False, True]),
    ('F.dropout(i, 0.0)', 'int64', [0, 1, 2]),
    ('F.dropout(i, 1.0)', 'int64', [0, 0, 0]),
    ('F.dropout(b, 1.0)', 'bool', [False, False, False]),
    ('torch.einsum("i,j->ij", b, b)[0]', 'bool', [True, False, True]),
    ('b ** True', 'bool', [True, False, True]),
    ('b ** False', 'bool', [True, True, True]),
    ('+i', 'int64', [0, 1, 2]),
    ('7 / torch.tensor([25.0, 3.0, 49.0])', 'float32',
     [0.2800000011920929, 2.3333334922790527, 0.1428571343421936]),     # 7 times 1 / x
    ('7 / i[1:]', 'float32', [7.0, 3.5])]

# 1 / value tells 0 from -0.
SIGNS = [
    ('z % 2', [inf, -inf, inf, -inf]),
    ('z % -2', [inf, -inf, inf, -inf]),
    ('torch.remainder(z, torch.tensor([2.0, 2.0, -2.0, -2.0]))', [inf, -inf, inf, -inf]),
    ('4 % torch.tensor([2.0, -2.0])', [inf, inf]),
    ('z.double() % math.inf', [inf, -inf, 0.25, 0.0]),
    ('torch.relu(z)', [inf, -inf, 0.25, inf]),
    ('torch.clamp(z, min=0)', [inf, -inf, 0.25, inf]),
    ('torch.clamp(z, max=-0.0)', [inf, -inf, -inf, -0.25]),
    ('torch.abs(z)', [inf, inf, 0.25, 0.25]),
    ('F.pad(z[:1], (1, 0), value=-0.0)', [-inf, inf]),
    ('torch.cumsum(z[1:2], 0)', [inf])]


@pytest.fixture(params=['here', 'PyTorch'])
def names(request):
    library = torch if request.param == 'here' else pytest.importorskip('torch')
    x, i = library.arange(6.0), library.arange(3)
    return dict(torch=library, nn=library.nn, F=library.nn.functional, math=math, np=np, x=x, i=i,
                m=x.reshape(2, 3), b=library.tensor([True, False, True]),
                image=library.ones(1, 1, 2, 2), z=library.tensor([0.0, -0.0, 4.0, -4.0]))


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('error, call', [
    (error, call) for error, calls in REFUSED for line in calls.strip().split('\n')
    for call in line.split('  ')])
def test_what_pytorch_refuses_is_refused_with_its_error(error, call, names):
    with pytest.raises(error):
        eval(call, names)


@pytest.mark.parametrize('call, dtype, values', VALUES, ids=[row[0] for row in VALUES])
def test_the_value_and_the_dtype_are_those_of_pytorch(call, dtype, values, names):
    result = eval(call, names)
    assert (str(result.dtype), result.tolist()) == (f'torch.{dtype}', values)


@pytest.mark.parametrize('call, inverse', SIGNS, ids=[row[0] for row in SIGNS])
def test_zeros_have_the_signs_of_pytorch(call, inverse, names):
    assert (1 / eval(call, names)).tolist() == inverse
