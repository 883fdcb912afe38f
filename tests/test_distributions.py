"""torch.distributions: samples, logarithms of densities, entropies and divergences."""
import math

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

# Expressions in d, torch.distributions; x and y, tensors that require grad; and inside, in (0, 1).
VALUES = '''
d.Normal(x, y.exp()).log_prob(inside)
d.Normal(0, 2).log_prob(x)
d.Normal(x, y.exp()).entropy()
d.Normal(x, y.exp()).cdf(inside)
d.Normal(x, y.exp()).stddev + d.Normal(x, y.exp()).variance + d.Normal(x, 1.0).mean
d.Normal(x[:, None], y[0].exp()).log_prob(inside[:, None])
d.Uniform(x, x + y.exp()).log_prob(x + 0.1 * y.exp())
d.Uniform(x, x + y.exp()).entropy()
d.Uniform(x, x + y.exp()).mean + d.Uniform(x, x + y.exp()).variance
d.Uniform(0.0, 1.0).log_prob(torch.tensor([0.0, 1.0]))
d.Uniform(0.0, 0.5, False).log_prob(inside)
d.Exponential(x.exp()).log_prob(inside)
d.Exponential(x.exp()).entropy()
d.Exponential(x.exp()).mean + d.Exponential(y.exp()).variance + d.Exponential(x.exp()).stddev
d.Bernoulli(x.sigmoid()).log_prob(torch.tensor([0.0, 1.0, 1.0]))
d.Bernoulli(logits=x).log_prob(torch.tensor([[0.0], [1.0]]))
d.Bernoulli(x.sigmoid()).entropy()
d.Bernoulli(logits=x).entropy()
d.Bernoulli(logits=x).mean + d.Bernoulli(x.sigmoid()).variance
d.Bernoulli(torch.tensor([0.0, 1.0])).entropy()
d.Bernoulli(torch.tensor([0.1, 0.5, 0.7])).mode
d.Categorical(x.exp()).log_prob(torch.tensor([0, 2, 2]))
d.Categorical(logits=x).log_prob(torch.tensor([[0], [1]]))
d.Categorical(logits=torch.stack([x, y])).log_prob(torch.tensor([2, 0]))
d.Categorical(torch.stack([x, y]).exp()).entropy()
d.Categorical(logits=x).entropy()
d.Categorical(logits=x).perplexity()
d.Categorical(torch.tensor([0.0, 1.0])).entropy()
d.Categorical(logits=x).probs
d.Categorical(x.exp()).logits
d.Categorical(logits=torch.stack([x, y])).mode
d.Categorical(logits=torch.stack([x, y])).mean
d.Independent(d.Normal(x, y.exp()), 1).log_prob(inside)
d.Independent(d.Normal(x, y.exp()), 1).entropy()
d.Independent(d.Normal(x, y.exp()), 0).log_prob(inside)
d.Independent(d.Normal(x, y.exp()), 1).mean + d.Independent(d.Normal(x, y.exp()), 1).stddev
d.Independent(d.Normal(x, y.exp()), 1).mode
d.Independent(d.Categorical(logits=torch.stack([x, y])), 1).log_prob(torch.tensor([2, 0]))
d.Independent(d.Normal(x, y.exp()), 1).expand((2,)).log_prob(inside)
d.MultivariateNormal(x, spread(y)).log_prob(inside)
d.MultivariateNormal(x, precision_matrix=spread(y)).log_prob(inside)
d.MultivariateNormal(x, scale_tril=spread(y).tril()).log_prob(torch.stack([x, y]))
d.MultivariateNormal(torch.stack([x, y]), spread(y)).log_prob(inside)
d.MultivariateNormal(x, torch.stack([spread(x), spread(y)])).entropy()
d.MultivariateNormal(torch.stack([x, y]), spread(y)).entropy()
d.MultivariateNormal(torch.stack([x, y]), spread(y)).variance
d.MultivariateNormal(x, spread(y)).stddev + d.MultivariateNormal(x, spread(y)).mean
d.MultivariateNormal(x, spread(y)).mode
d.MultivariateNormal(x, spread(y)).scale_tril + d.MultivariateNormal(x, spread(y)).precision_matrix
d.MultivariateNormal(x, precision_matrix=spread(y)).covariance_matrix
d.MultivariateNormal(x, spread(y)).expand((2,)).precision_matrix
d.MultivariateNormal(x, spread(y)).expand((2,)).log_prob(inside)
d.Normal(x, y.exp()).expand((2, 3)).log_prob(inside)
d.Categorical(logits=x).expand((2,)).log_prob(torch.tensor([2, 0]))
d.Exponential(x.exp()).mode
d.Uniform(x, x + 1).mode
d.kl_divergence(d.Independent(d.Normal(x, y.exp()), 1), d.Independent(d.Normal(y, x.exp()), 1))
d.kl_divergence(d.MultivariateNormal(x, spread(y)), d.MultivariateNormal(y, spread(x)))
d.kl_divergence(d.MultivariateNormal(torch.stack([x, y]), spread(y)), wide)
d.kl_divergence(d.Normal(x, y.exp()), d.Normal(y, x.exp()))
d.kl_divergence(d.Normal(x, 1.0), d.Normal(0.0, 1.0))
d.kl_divergence(d.Uniform(x, x + 1), d.Uniform(x - 1, x + y.exp() + 2))
d.kl_divergence(d.Uniform(0.0, 2.0), d.Uniform(0.0, 1.0))
d.kl_divergence(d.Exponential(x.exp()), d.Exponential(y.exp()))
d.kl_divergence(d.Bernoulli(logits=x), d.Bernoulli(y.sigmoid()))
d.kl_divergence(d.Bernoulli(inside.round()), d.Bernoulli(torch.tensor([0.0, 0.0, 1.0])))
d.kl_divergence(d.Categorical(logits=x), d.Categorical(y.exp()))
d.kl_divergence(d.Categorical(torch.tensor([0.0, 1.0])), d.Categorical(torch.tensor([1.0, 0.0])))
'''.strip().splitlines()
TEXTS = ['d.Normal(0, 1)', 'd.Normal(x, 1)', 'd.Bernoulli(0.5)', 'd.Bernoulli(logits=x)',
         'd.Categorical(logits=x)', 'd.Uniform(0, 1)', 'd.Exponential(2)',
         'd.Normal(x[:, None], y.exp()).batch_shape',
         'd.Categorical(torch.stack([x, y]).exp()).batch_shape',
         'd.Categorical(torch.stack([x, y]).exp()).sample((5,)).shape',
         'd.Bernoulli.has_rsample',
         'd.Categorical(logits=x).sample((2, 4)).shape', 'd.Bernoulli(logits=x).sample().dtype',
         'd.Categorical(torch.stack([x, y]).exp()).sample((5,)).shape', 'd.Bernoulli.has_rsample',
         'd.Categorical(logits=x).sample().dtype', 'd.Normal(x, 1).rsample().requires_grad',
         'd.Normal(x, 1).sample().requires_grad', 'd.Normal(0, 1).loc.dtype',
         'd.Independent(d.Normal(x, 1), 1)', 'd.MultivariateNormal(x, spread(y))',
         'wide.sample((5,)).shape', 'wide.event_shape', 'wide.batch_shape',
         'd.MultivariateNormal(torch.stack([x, y]), spread(y)).rsample((4,)).shape',
         'd.MultivariateNormal(torch.stack([x, y]), spread(y)).batch_shape',
         'd.Independent(d.Normal(x, 1), 1).sample((5,)).shape',
         'd.Independent(d.Normal(x, 1), 1).event_shape', 'd.Normal(0, 1).expand((2, 3))',
         'd.Independent(d.Normal(x, 1), 1).rsample().requires_grad',
         'd.Independent(d.Bernoulli(logits=x), 1).has_rsample']
# (error, what its text says, call)
REFUSED = [
    (ValueError, ['parameter scale (Tensor of shape ())', 'GreaterThan(lower_bound=0.0)',
                  'softplus'],
     'd.Normal(0, -1)'),
    (ValueError, ['parameter loc', 'Real()'], 'd.Normal(x * math.nan, 1)'),
    (ValueError, ['parameter rate', '-1.0'], 'd.Exponential(-1)'),
    (ValueError, ['parameter low'], 'd.Uniform(1, 0)'),
    (ValueError, ['parameter probs', 'Interval(lower_bound=0.0, upper_bound=1.0)'],
     'd.Bernoulli(1.5)'),
    (ValueError, ['Simplex()'], 'd.Categorical(torch.tensor([-1.0, 2.0]))'),
    (ValueError, ['at least one-dimensional'], 'd.Categorical(torch.tensor(1.0))'),
    (ValueError, ['but not both'], 'd.Categorical(x, x)'),
    (ValueError, ['but not both'], 'd.Bernoulli()'),
    (ValueError, ['must all be instances of Number'], "d.Normal('a', 1)"),
    (ValueError, ['within the support (Real())'], 'd.Normal(0, 1).log_prob(x * math.nan)'),
    (ValueError, ['within the support (Boolean())'], 'd.Bernoulli(0.5).log_prob(x)'),
    (ValueError, ['IntegerInterval(lower_bound=0, upper_bound=2)'],
     'd.Categorical(logits=x).log_prob(torch.tensor(3))'),
    (ValueError, ['within the support'], 'd.Uniform(0, 1).log_prob(torch.tensor(2.0))'),
    (ValueError, ['within the support'], 'd.Exponential(1).log_prob(torch.tensor(-2.0))'),
    (ValueError, ['must be a Tensor'], 'd.Normal(0, 1).log_prob(1.0)'),
    (ValueError, ['not broadcastable', '[2]'], 'd.Normal(x, 1).log_prob(torch.ones(2))'),
    (ValueError, ['reinterpreted_batch_ndims', '2 vs 1'], 'd.Independent(d.Normal(x, 1), 2)'),
    (ValueError, ['loc must be at least one-dimensional'],
     'd.MultivariateNormal(x[0], spread(y))'),
    (ValueError, ['Exactly one of', 'not []'], 'd.MultivariateNormal(x)'),
    (ValueError, ['Exactly one of', 'scale_tril'],
     'd.MultivariateNormal(x, spread(y), scale_tril=spread(y).tril())'),
    (ValueError, ['covariance_matrix must be at least two-dimensional', 'torch.diag'],
     'd.MultivariateNormal(x, y)'),
    (ValueError, ['PositiveDefinite()'], 'd.MultivariateNormal(x, -spread(y))'),
    (ValueError, ['PositiveDefinite()'], 'd.MultivariateNormal(x, spread(y).tril())'),
    (ValueError, ['LowerCholesky()'], 'd.MultivariateNormal(x, scale_tril=spread(y))'),
    (ValueError, ['not broadcastable', '[3]'], 'wide.log_prob(torch.ones(2))'),
    (ValueError, ['different event shapes', '(2,)'],
     'd.kl_divergence(wide, d.MultivariateNormal(x[:2], torch.eye(2).double()))'),
    (NotImplementedError, ['Independent'],
     'd.kl_divergence(d.Independent(d.Normal(x, 1), 1), d.Independent(d.Normal(x, 1), 0))'),
    (NotImplementedError, [], 'd.Categorical(logits=x).rsample()')]


def names(torch):
    def leaf(*values):
        return torch.tensor(values, dtype=torch.float64, requires_grad=True)

    def spread(x):      # a covariance matrix
        return torch.outer(x, x) + torch.diag(x.exp())

    x = leaf(0.5, -1.0, 2.0)
    wide = torch.distributions.MultivariateNormal(x, 2 * torch.eye(3, dtype=torch.float64))
    return dict(torch=torch, d=torch.distributions, math=math, x=x, y=leaf(1.5, 0.3, -0.7),
                inside=torch.tensor([0.2, 0.6, 0.9]), spread=spread, wide=wide)


@pytest.mark.parametrize('expression', VALUES)
def test_values_and_gradients_are_those_of_pytorch(expression):
    pytorch, found = pytest.importorskip('torch'), []
    for library in (torch, pytorch):
        known = names(library)
        value = eval(expression, known)
        if value.requires_grad:
            value.sum().backward()
        found.append([None if t is None else t.detach().numpy() for t in (
            value, known['x'].grad, known['y'].grad)])
    for ours, theirs in zip(*found):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            assert ours.dtype == theirs.dtype
            np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize('expression', TEXTS)
def test_texts_shapes_and_dtypes_are_those_of_pytorch(expression):
    pytorch = pytest.importorskip('torch')
    assert repr(eval(expression, names(torch))) == repr(eval(expression, names(pytorch)))


@pytest.mark.parametrize('error, parts, call', REFUSED, ids=[row[2] for row in REFUSED])
def test_what_pytorch_refuses_is_refused(error, parts, call):
    with refused(error, *parts):
        eval(call, names(torch))


@pytest.mark.parametrize('error, parts, call', REFUSED, ids=[row[2] for row in REFUSED])
def test_pytorch_refuses_the_same(error, parts, call):
    pytorch = pytest.importorskip('torch')
    pytorch.distributions.Distribution.set_default_validate_args(True)   # its test data switch it
    with pytest.raises(error):
        eval(call, names(pytorch))


@pytest.mark.parametrize('call', [
    'Normal(1.5, 0.5)', 'Uniform(-1.0, 2.0)', 'Exponential(0.5)', 'Bernoulli(0.3)'])
def test_samples_have_the_mean_and_the_variance_of_the_distribution(call):
    torch.manual_seed(0)
    distribution = eval(f'torch.distributions.{call}')
    drawn = distribution.sample((20000,))
    deviation = distribution.stddev.item() / math.sqrt(20000)
    assert abs(drawn.mean() - distribution.mean) < 4 * deviation
    assert drawn.var().item() == pytest.approx(distribution.variance.item(), rel=0.08)


def test_categories_are_drawn_as_often_as_they_are_probable():
    torch.manual_seed(0)
    probs = torch.tensor([[0.2, 0.8, 0.0], [0.5, 0.25, 0.25]])
    drawn = torch.distributions.Categorical(probs).sample((20000,))
    for row, expected in zip(drawn.T, probs):
        shares = torch.bincount(row, minlength=3) / 20000
        np.testing.assert_allclose(shares.numpy(), expected.numpy(), atol=0.015)


def test_a_reparametrized_sample_passes_the_gradient_to_the_parameters():
    loc, scale = torch.tensor(0.5, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    sample = torch.distributions.Normal(loc, scale).rsample()
    sample.backward()
    assert loc.grad == 1 and scale.grad.item() == pytest.approx((sample.item() - 0.5) / 2)


def test_samples_of_vectors_vary_together_as_the_covariance_matrix_says():
    torch.manual_seed(0)
    covariance = torch.tensor([[2.0, -0.8], [-0.8, 1.0]])
    drawn = torch.distributions.MultivariateNormal(torch.tensor([1.0, -2.0]), covariance).sample(
        (20000,))
    np.testing.assert_allclose(drawn.mean(0).numpy(), [1, -2], atol=0.04)
    np.testing.assert_allclose(drawn.T.cov().numpy(), covariance.numpy(), atol=0.08)


def test_a_divergence_between_two_kinds_is_refused():
    d = torch.distributions
    with refused(NotImplementedError, 'Normal', 'Uniform', 'samples'):
        d.kl_divergence(d.Normal(0, 1), d.Uniform(0, 1))


def test_without_checks_anything_goes():
    assert torch.distributions.Normal(0, -1, validate_args=False).scale == -1
