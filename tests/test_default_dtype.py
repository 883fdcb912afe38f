"""set_default_dtype(torch.float64): all that follows from it, and nothing else."""
import math

import pytest

import tinygrad_adam as torch
from helpers import refused


@pytest.fixture(autouse=True)
def float64():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def names(torch):
    return dict(
        torch=torch, nn=torch.nn, F=torch.nn.functional, d=torch.distributions, inf=math.inf,
        i=torch.arange(1, 4), short=torch.arange(1, 4, dtype=torch.int16),
        b=torch.tensor([True, False, True]), single=torch.ones(3, dtype=torch.float32),
        scalar=torch.tensor(1.5, dtype=torch.float32), x=torch.ones(1, 2, 3, 4))


# Expressions whose tensors have the default dtype.
DEFAULT = '''
    torch.tensor(1.5)
    torch.tensor([1, 2.5])
    torch.tensor([])
    torch.tensor([True, 1.5])
    torch.tensor([scalar, 1.0])
    torch.as_tensor([1.5])
    torch.Tensor([1, 2])
    torch.Tensor(2)
    torch.arange(3).type(torch.Tensor)
    torch.zeros(2)
    torch.ones(2)
    torch.empty(2)
    torch.full((2,), inf)
    torch.eye(2)
    torch.rand(2)
    torch.randn(2)
    torch.normal(0.0, 1.0, (2,))
    torch.arange(1.5)
    torch.arange(0, 1, 0.5)
    torch.linspace(0, 1, 3)
    torch.logspace(0, 1, 3)
    i * 1.5
    0.5 - i
    i / 2
    i / i
    short / short
    short.sqrt()
    torch.add(1.5, i)
    torch.pow(2.5, i)
    i ** -1.5
    b * 0.5
    torch.where(b, 1.5, 0.5)
    torch.where(b, i, 0.5)
    torch.clamp(i, 0.5)
    i.exp()
    torch.sigmoid(b)
    torch.erf(i)
    torch.lgamma(i)
    torch.logit(b)
    torch.polygamma(1, i)
    torch.logsumexp(i, 0)
    torch.cov(i)
    torch.zeros(2) + single[:2]
    torch.cat([i, single, torch.ones(1)])
    nn.Linear(2, 1).weight
    nn.Linear(3, 1)(torch.ones(3))
    nn.Conv2d(2, 1, 1)(x)
    nn.BatchNorm2d(2).running_var
    nn.LSTM(4, 2)(x[0])[0]
    nn.Embedding(3, 2)(torch.tensor([0]))
    nn.MultiheadAttention(4, 1).in_proj_weight
    nn.Transformer.generate_square_subsequent_mask(2)
    nn.utils.clip_grad_norm_([], 1.0)
    F.dropout(x)
    F.gumbel_softmax(x)
    F.interpolate(x, scale_factor=2)
    F.scaled_dot_product_attention(x, x, x, is_causal=True)
    d.Normal(0, 1).sample()
    d.Normal(0.0, 1.0).log_prob(torch.tensor(1.0))
    d.Bernoulli(0.5).sample()
    d.Uniform(0, 1).sample()
    d.Gamma(1.0, 1.0).sample()
    d.Poisson(1.0).sample()
    d.Categorical(torch.ones(2)).entropy()
    '''.strip().split('\n    ')

# Others, and theirs.
OTHERS = {
    'torch.tensor(scalar.item() * single)': 'float32', 'single * 1.5': 'float32',
    'scalar * i': 'float32', 'single + i': 'float32', 'scalar + 2.5': 'float32',
    'single.new_tensor(1.5)': 'float32', 'single.exp()': 'float32', 'i.float() / 2': 'float32',
    'torch.where(b, single, 0.5)': 'float32', 'torch.rand_like(single)': 'float32',
    'nn.Linear(3, 1).float()(single)': 'float32', 'single.mean()': 'float32',
    'F.dropout(single)': 'float32', 'd.Normal(scalar, 1.0).sample()': 'float32',
    'torch.float_power(single, 2)': 'float64', 'torch.full((2,), 1)': 'int64', 'i + 1': 'int64',
    'torch.tensor([1, True])': 'int64', 'torch.sum(b)': 'int64', 'i == 0.5': 'bool',
    'torch.zeros(2, dtype=float)': 'float64', 'torch.zeros(2, dtype=torch.float)': 'float32'}
ROWS = {**dict.fromkeys(DEFAULT, 'float64'), **OTHERS}


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('library', ['tinygrad_adam', 'torch'])
def test_the_dtype_of_all_that_asks_for_the_default(library):
    torch = pytest.importorskip(library)
    torch.set_default_dtype(torch.float64)
    try:
        found = {row: str(eval(row, names(torch)).dtype) for row in ROWS}
    finally:
        torch.set_default_dtype(torch.float32)
    assert found == {row: f'torch.{dtype}' for row, dtype in ROWS.items()}


def test_numbers_have_all_their_digits():
    x = torch.tensor([0.1], requires_grad=True)
    (x * 0.3).exp().sum().backward()
    assert x.tolist() == [0.1] and x.grad.item() == pytest.approx(0.3 * math.exp(0.03), abs=1e-16)
    assert (torch.arange(3) * 0.1).tolist() == [0.0, 0.1, 0.2]
    assert (torch.arange(3, dtype=torch.int16) / 3).tolist() == [0.0, 1 / 3, 2 / 3]


def test_the_default_dtype_is_not_printed():
    assert repr(torch.ones(2)) == 'tensor([1., 1.])' and repr(torch.tensor([])) == 'tensor([])'
    assert repr(torch.ones(1, dtype=torch.float32)) == 'tensor([1.], dtype=torch.float32)'
    torch.set_default_dtype(torch.float32)
    assert repr(torch.ones(1, dtype=torch.float64)) == 'tensor([1.], dtype=torch.float64)'
    assert repr(torch.tensor([], dtype=torch.bool)) == 'tensor([], dtype=torch.bool)'


def test_a_compiled_program_is_recorded_again_when_the_default_changes():
    scaled = torch.compile(lambda x: x / 3 + torch.ones(3))
    i = torch.arange(3)
    for dtype in torch.float64, torch.float32, torch.float64:
        torch.set_default_dtype(dtype)
        assert [scaled(i).dtype for _ in range(3)] == [dtype] * 3


@pytest.mark.parametrize('name', ['Adam', 'NAdam', 'ASGD', 'SGD'])
def test_a_training_runs_in_it(name):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    optimizer, x = getattr(torch.optim, name)(net.parameters(), lr=0.1), torch.rand(5, 3)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(net(x), x.sum(1, keepdim=True))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] and loss.dtype is torch.float64
    assert {p.dtype for p in net.parameters()} == {torch.float64}


@pytest.mark.filterwarnings('ignore:torch.set_default_tensor_type')
@pytest.mark.parametrize('library', ['tinygrad_adam', 'torch'])
def test_a_type_of_tensors_says_it_too(library):
    torch = pytest.importorskip(library)
    kinds = {torch.DoubleTensor: 64, 'torch.FloatTensor': 32, 'torch.DoubleTensor': 64,
             torch.FloatTensor: 32}
    for kind, bits in kinds.items():
        torch.set_default_tensor_type(kind)
        assert torch.get_default_dtype() is torch.ones(1).dtype is getattr(torch, f'float{bits}')
        assert torch.finfo().bits == bits


def test_other_defaults_are_refused():
    for wrong in torch.int64, 'float64', float:
        with refused(TypeError, 'only floating-point types', 'that of 1.5', 'torch.float64'):
            torch.set_default_dtype(wrong)
    with refused(NotImplementedError, 'torch.bfloat16', 'NumPy has no fast one', 'torch.float32'):
        torch.set_default_dtype(torch.bfloat16)
    for wrong in torch.LongTensor, torch.float64, 'torch.cuda.FloatTensor', torch.Tensor:
        with refused(TypeError, 'invalid type object', 'torch.DoubleTensor', 'set_default_dtype'):
            torch.set_default_tensor_type(wrong)
    with pytest.warns(UserWarning, match='deprecated'):
        torch.set_default_tensor_type(torch.DoubleTensor)
    assert torch.get_default_dtype() is torch.float64
