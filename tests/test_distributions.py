"""torch.distributions: samples, logarithms of densities, entropies and divergences."""
import math

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam.ops import implicit

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
d.Laplace(x, y.exp()).log_prob(inside)
d.Laplace(x, y.exp()).cdf(inside)
d.Laplace(x, y.exp()).entropy()
d.Laplace(x, y.exp()).mean + d.Laplace(x, y.exp()).variance + d.Laplace(x, y.exp()).stddev
d.Laplace(x, 1).mode
d.Geometric(x.sigmoid()).log_prob(counts)
d.Geometric(logits=x).log_prob(counts)
d.Geometric(torch.tensor([1.0, 1.0, 0.5])).log_prob(torch.tensor([0.0, 2.0, 1.0]))
d.Geometric(logits=x).entropy()
d.Geometric(x.sigmoid()).mean + d.Geometric(x.sigmoid()).variance
d.Geometric(x.sigmoid()).mode
d.Poisson(x.exp()).log_prob(counts)
d.Poisson(torch.tensor([0.0, 0.0, 2.5])).log_prob(counts)
d.Poisson(x.exp()).mean + d.Poisson(x.exp()).stddev
d.Poisson(x.exp()).mode
d.Binomial(5, x.sigmoid()).log_prob(counts)
d.Binomial(5, logits=x).log_prob(counts)
d.Binomial(torch.tensor([5, 2, 7]), logits=x).log_prob(counts)
d.Binomial(5, torch.tensor([0.0, 1.0, 0.5])).log_prob(torch.tensor([0.0, 5.0, 1.0]))
d.Binomial(5, logits=torch.stack([x, y])).entropy()
d.Binomial(5, x.sigmoid()).mean + d.Binomial(5, x.sigmoid()).variance
d.Binomial(5, x.sigmoid()).mode
d.OneHotCategorical(logits=torch.stack([x, y])).log_prob(torch.eye(3)[:2])
d.OneHotCategorical(x.exp()).entropy()
d.OneHotCategorical(x.exp()).mean + d.OneHotCategorical(x.exp()).variance
d.OneHotCategorical(logits=torch.stack([x, y])).mode
d.OneHotCategorical(x.exp()).logits
d.OneHotCategorical(logits=x).expand((2,)).log_prob(torch.eye(3)[:2])
d.Gamma(x.exp(), y.exp()).log_prob(inside)
d.Gamma(1.0, y.exp()).log_prob(torch.tensor([0.0, 0.5, 1.0]))
d.Gamma(x.exp(), 2).log_prob(0.5)
d.Gamma(x.exp(), y.exp()).entropy()
d.Gamma(x.exp(), y.exp()).mean + d.Gamma(x.exp(), y.exp()).variance
d.Gamma(x.exp(), y.exp()).mode
d.Gamma(x.exp(), y.exp()).expand((2, 3)).log_prob(inside)
d.Chi2(x.exp()).log_prob(inside) + d.Chi2(x.exp()).entropy() + d.Chi2(x.exp()).df
d.Beta(x.exp(), y.exp()).log_prob(inside)
d.Beta(x * 0 + 1, 1.0).log_prob(torch.tensor([0.0, 0.5, 1.0]))
d.Beta(x.exp(), y.exp()).entropy()
d.Beta(x.exp(), y.exp()).mean + d.Beta(x.exp(), y.exp()).variance
d.Beta(x.exp() + 1, y.exp() + 1).mode
d.Beta(x.exp(), y.exp()).expand((2, 3)).log_prob(inside)
d.Beta(x.exp(), y.exp()).concentration1 + d.Beta(2.0, 3.0).concentration0
d.Dirichlet(torch.stack([x, y]).exp()).log_prob(shares)
d.Dirichlet(torch.stack([x, y]).exp()).entropy()
d.Dirichlet(x.exp()).mean + d.Dirichlet(x.exp()).variance
d.Dirichlet(torch.stack([x, y, x - 9]).exp()).mode
d.Dirichlet(x.exp()).expand((2,)).log_prob(shares)
d.StudentT(x.exp(), y, 2.0).log_prob(inside)
d.StudentT(x.exp(), y, inside).entropy()
d.StudentT(torch.tensor([0.5, 1.5, 7.0]), x, y.exp()).mean
d.StudentT(torch.tensor([0.5, 2.0, 7.0]).double(), x, y.exp()).variance
d.StudentT(x.exp(), y).mode
d.LogNormal(x, y.exp()).log_prob(inside)
d.LogNormal(x, y.exp()).entropy() + d.LogNormal(x, y.exp()).loc + d.LogNormal(x, y.exp()).scale
d.LogNormal(x, y.exp()).mean + d.LogNormal(x, y.exp()).variance + d.LogNormal(x, y.exp()).mode
d.LogNormal(x, y.exp()).expand((2, 3)).log_prob(inside)
transformed(d.Normal(x, y.exp()), d.TanhTransform()).log_prob(inside)
transformed(d.Normal(x, y.exp()), d.SigmoidTransform()).log_prob(inside)
transformed(d.Normal(0.0, 1.0), d.AffineTransform(x, y)).log_prob(inside)
transformed(d.Normal(x, 1), [d.AffineTransform(1, -2.0), d.ExpTransform()]).log_prob(inside)
transformed(d.Normal(x, 1.0), []).log_prob(inside)
transformed(d.Independent(d.Normal(x, y.exp()), 1), d.TanhTransform()).log_prob(inside)
transformed(d.Normal(x, 1.0), d.ExpTransform().inv).log_prob(inside)
transformed(wide, d.AffineTransform(y, 2.0)).log_prob(inside)
transformed(wide, d.ExpTransform()).expand((2,)).log_prob(inside)
d.TanhTransform()(x) + d.TanhTransform().inv(inside) + d.SigmoidTransform()(y)
d.SigmoidTransform().inv(torch.tensor([0.0, 0.5, 1.0])) + d.SigmoidTransform()(x * 100)
d.AffineTransform(x, y).inv(inside) + d.ExpTransform().inv.inv(x)
d.AffineTransform(x, y).inv.log_abs_det_jacobian(inside, x)
saturated(d.TanhTransform(cache_size=1), x)
saturated(d.AffineTransform(y, 1e-20, cache_size=1), x)
mixture(d).log_prob(inside)
mixture(d).mean + mixture(d).variance
mixed(d.Categorical(logits=x), d.Normal(y, x.exp())).log_prob(inside)
mixed(d.Categorical(logits=x), d.Normal(torch.stack([x, y]), 1.0)).log_prob(inside[:2])
mixed(d.Categorical(logits=x), d.Normal(y, x.exp())).variance
mixture(d).expand((2,)).log_prob(inside)
d.kl_divergence(d.Laplace(x, y.exp()), d.Laplace(y, x.exp()))
d.kl_divergence(d.Gamma(x.exp(), y.exp()), d.Gamma(y.exp(), inside))
d.kl_divergence(d.Beta(x.exp(), y.exp()), d.Beta(y.exp(), inside))
d.kl_divergence(d.Dirichlet(x.exp()), d.Dirichlet(y.exp()))
d.kl_divergence(d.Poisson(x.exp()), d.Poisson(y.exp()))
d.kl_divergence(d.Geometric(x.sigmoid()), d.Geometric(logits=y))
d.kl_divergence(d.Binomial(5, x.sigmoid()), d.Binomial(torch.tensor([5, 4, 0]), logits=y))
d.kl_divergence(d.OneHotCategorical(logits=x), d.OneHotCategorical(y.exp()))
d.kl_divergence(d.LogNormal(x, y.exp()), d.LogNormal(y, x.exp()))
d.kl_divergence(*[transformed(d.Normal(z, 1), d.AffineTransform(y, 2)) for z in (x, y)])
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
d.Normal(x, y.exp()).icdf(chances) + d.Laplace(x, y.exp()).icdf(chances)
d.Uniform(x, x + y.exp()).icdf(chances) + d.Exponential(x.exp()).icdf(chances)
d.Uniform(x, x + y.exp(), False).cdf(inside) + d.Exponential(x.exp()).cdf(inside)
d.Uniform(x, x + y.exp()).stddev
mixed(d.Categorical(logits=x), d.Normal(torch.stack([x, y]), 1.0)).cdf(inside[:2])
d.Normal(x[0], 1).icdf(torch.tensor([0.0, 1.0, -1.0, math.nan]))
d.Uniform(0, 1, False).cdf(torch.tensor([-1.0, 2.0, math.nan, math.inf]))
d.Bernoulli(x.sigmoid()).enumerate_support()
d.Binomial(3, torch.stack([x, y]).sigmoid()).enumerate_support(False)
d.Binomial(3, 0.5).enumerate_support() + d.Bernoulli(logits=0.5).enumerate_support(False).sum()
d.Categorical(logits=torch.stack([x, y])).enumerate_support()
d.Categorical(logits=x).enumerate_support(expand=False)
d.OneHotCategorical(logits=torch.stack([x, y])).enumerate_support()
d.OneHotCategorical(logits=torch.stack([x, y])).enumerate_support(False)
d.Independent(d.Bernoulli(logits=x), 0).enumerate_support()
d.Bernoulli(logits=x).perplexity() + d.Normal(x, y.exp()).perplexity()
d.Normal(torch.ones(0, 3), 1.0).log_prob(inside)
d.Normal(x[0], y[0].exp()).log_prob(torch.tensor(0.5)) + d.Gamma(x[2], 1.0).entropy()
d.Normal(torch.tensor([math.nan, math.inf, 0.0]), inside - 0.6, False).log_prob(inside)
d.Gamma(torch.tensor([math.nan, math.inf, -1.0]), 1.0, False).log_prob(inside)
d.Gamma(torch.tensor([0.5, 1.0, 2.0]), 1.0, False).log_prob(edges)
d.Exponential(1.0, False).log_prob(edges) + d.Laplace(0.0, 1.0, False).log_prob(edges)
d.Poisson(2.5, False).log_prob(edges) + d.Geometric(0.5, validate_args=False).log_prob(edges)
d.Bernoulli(0.3, validate_args=False).log_prob(edges) + d.LogNormal(0, 1, False).log_prob(edges)
d.Beta(2.0, 3.0, False).log_prob(edges) + d.StudentT(3.0, validate_args=False).log_prob(edges)
d.Binomial(3, 0.5, validate_args=False).log_prob(edges)
d.Categorical(torch.tensor([0.5, math.nan]), validate_args=False).entropy()
mapped(d.SoftplusTransform(), x) + mapped(d.PowerTransform(y), x.exp())
mapped(d.PowerTransform(-0.5), x.exp()) + mapped(d.PowerTransform(torch.tensor(2.0)), y.exp())
d.SoftplusTransform()(edges) + d.SoftplusTransform().inv(edges + 1) + d.PowerTransform(-2)(edges)
d.AbsTransform()(x) + d.AbsTransform().inv(y) + d.AbsTransform()(torch.tensor([-0.0, 0, 3]))
mapped(d.AffineTransform(x, y), y) + mapped(d.AffineTransform(1, -2), y)
mapped(d.AffineTransform(x, y, event_dim=1), y)
mapped(d.AffineTransform(1.0, y[0], event_dim=1), torch.stack([x, y]))
mapped(d.AffineTransform(1.0, -3, event_dim=2), torch.stack([x, y]))
mapped(d.CumulativeDistributionTransform(d.Normal(x, y.exp())), y)
mapped(d.StickBreakingTransform(), x, False)
mapped(d.StickBreakingTransform(), torch.stack([x, y]) * 3, False)
d.StickBreakingTransform()(x) + d.StickBreakingTransform()(torch.tensor([math.inf, 0, 100]))[0]
d.StickBreakingTransform().inv(shares) + d.StickBreakingTransform()(x[:0]).sum()
d.SoftmaxTransform()(torch.stack([x, y])) + d.SoftmaxTransform().inv(shares)
d.LowerCholeskyTransform()(spread(x)) + d.LowerCholeskyTransform().inv(spread(y).tril())
d.PositiveDefiniteTransform()(spread(x) / 9) + d.PositiveDefiniteTransform().inv(spread(y))
mapped(d.IndependentTransform(d.ExpTransform(), 1), x)
mapped(d.IndependentTransform(d.StickBreakingTransform(), 1), torch.stack([x, y]), False)
mapped(d.ReshapeTransform((3,), (1, 3)), x) + mapped(d.ReshapeTransform((), (1,)), y)
mapped(d.ComposeTransform([d.AffineTransform(x, y), d.TanhTransform(), d.ExpTransform()]), y)
mapped(d.ComposeTransform([d.ExpTransform(), d.ReshapeTransform((3,), (3, 1))]), y)
mapped(d.ComposeTransform([d.StickBreakingTransform(), d.AffineTransform(x[0], y[0])]), x, False)
mapped(d.ComposeTransform([d.ExpTransform().inv, d.PowerTransform(2.0).inv.inv]).inv, x * x + 1)
mapped(d.identity_transform, x) + mapped(d.ComposeTransform([], 1).with_cache(0), y)
saturated(d.TanhTransform().with_cache(), x) + saturated(d.SoftmaxTransform(1), y).sum()
saturated(d.ComposeTransform([d.TanhTransform(), d.ExpTransform()], 1), x)
saturated(d.ComposeTransform([d.TanhTransform()]).with_cache().inv.inv, x)
saturated(d.IndependentTransform(d.TanhTransform(), 1).with_cache(), x)
saturated(d.AffineTransform(y, 1e-20).with_cache(), x)
d.AffineTransform(0, x).sign + d.PowerTransform(y).sign + d.ComposeTransform([]).sign
transformed(d.Normal(x, 1.0), d.TanhTransform()).cdf(inside)
transformed(d.Normal(x, 1.0), [d.AffineTransform(1, -2.0), d.ExpTransform()]).cdf(inside)
transformed(d.Normal(x, 1.0), [d.AffineTransform(1, y), d.SigmoidTransform()]).icdf(chances)
d.LogNormal(x, y.exp()).cdf(inside) + d.LogNormal(x, y.exp()).icdf(chances)
transformed(d.Normal(x, y.exp()), d.StickBreakingTransform()).log_prob(shares4)
transformed(d.Normal(x[:, None], y.exp()), d.StickBreakingTransform()).log_prob(shares4)
transformed(d.Normal(x, 1.0), d.ReshapeTransform((3,), (3, 1))).log_prob(inside[:, None])
transformed(wide, d.ReshapeTransform((3,), (1, 3))).log_prob(inside[None])
transformed(d.Normal(x, 1.0), d.IndependentTransform(d.ExpTransform(), 1)).log_prob(inside)
transformed(d.Normal(x[:1], 1.0), d.AffineTransform(y, 2.0, event_dim=1)).log_prob(inside)
d.transform_to(d.Normal.arg_constraints['scale'])(x) + d.biject_to(d.Beta.support)(y)
d.transform_to(c.less_than(y))(x) + d.biject_to(c.greater_than_eq(2))(y) + d.biject_to(c.real)(x)
d.biject_to(c.interval(x, 5.0))(y) + d.biject_to(c.half_open_interval(0, 1))(y)
d.biject_to(c.simplex)(x).sum() + d.transform_to(c.simplex)(x) + d.biject_to(c.real_vector)(x)
d.transform_to(c.lower_cholesky)(spread(x)) + d.transform_to(c.positive_definite)(spread(y) / 9)
d.transform_to(d.MultivariateNormal.arg_constraints['loc'])(x)
'''.strip().splitlines()
TEXTS = ['d.Normal(0, 1)', 'd.Normal(x, 1)', 'd.Bernoulli(0.5)', 'd.Bernoulli(logits=x)',
         'd.Categorical(logits=x)', 'd.Uniform(0, 1)', 'd.Exponential(2)',
         'd.Normal(x[:, None], y.exp()).batch_shape',
         'd.Categorical(torch.stack([x, y]).exp()).batch_shape',
         'd.Categorical(torch.stack([x, y]).exp()).sample((5,)).shape', 'd.Bernoulli.has_rsample',
         'd.Categorical(logits=x).sample((2, 4)).shape', 'd.Bernoulli(logits=x).sample().dtype',
         'd.Categorical(logits=x).sample().dtype', 'd.Normal(x, 1).rsample().requires_grad',
         'd.Normal(x, 1).sample().requires_grad', 'd.Normal(0, 1).loc.dtype',
         'd.Independent(d.Normal(x, 1), 1)', 'd.MultivariateNormal(x, spread(y))',
         'wide.sample((5,)).shape', 'wide.event_shape', 'wide.batch_shape',
         'd.MultivariateNormal(torch.stack([x, y]), spread(y)).rsample((4,)).shape',
         'd.MultivariateNormal(torch.stack([x, y]), spread(y)).batch_shape',
         'd.Independent(d.Normal(x, 1), 1).sample((5,)).shape',
         'd.Independent(d.Normal(x, 1), 1).event_shape', 'd.Normal(0, 1).expand((2, 3))',
         'd.Independent(d.Normal(x, 1), 1).rsample().requires_grad',
         'd.Independent(d.Bernoulli(logits=x), 1).has_rsample', 'd.Laplace(0, x.exp())',
         'd.Laplace(x, 1).rsample((2,)).requires_grad', 'd.Geometric(0.5)',
         'd.Geometric(logits=x).sample((4,)).shape', 'd.Poisson(2)',
         'd.Poisson(x.exp()).sample((2,)).dtype', 'd.Poisson(x.exp()).sample((2, 5)).shape',
         'd.Binomial(3, 0.5)', 'd.Binomial(3, logits=x)',
         'd.Binomial(3, x.sigmoid()).sample((2,)).shape',
         'd.Binomial(torch.tensor([1, 2]), 0.5).total_count', 'd.Binomial(3, 0.5).sample().dtype',
         'd.OneHotCategorical(x.exp())', 'd.OneHotCategorical(x.exp()).event_shape',
         'd.OneHotCategorical(torch.stack([x, y]).exp()).sample((5,)).shape',
         'd.OneHotCategorical(logits=x).sample().dtype', 'd.OneHotCategorical.has_rsample',
         'd.OneHotCategoricalStraightThrough(x.exp()).rsample().requires_grad', 'd.Gamma(2, 3)',
         'd.Gamma(x.exp(), 1).rsample((2,)).requires_grad',
         'd.Gamma(x.exp(), 1).sample((2,)).dtype', 'd.Gamma(2, 3).sample().dtype', 'd.Chi2(3)',
         'd.Chi2(x.exp()).sample((4,)).shape', 'd.Beta(2, 3)', 'd.Beta(2, 3).batch_shape',
         'd.Beta(x.exp(), 1).rsample((2,)).shape', 'd.Beta(x.exp(), 1).rsample().requires_grad',
         'd.Dirichlet(x.exp())', 'd.Dirichlet(torch.stack([x, y]).exp()).sample((5,)).shape',
         'd.Dirichlet(x.exp()).event_shape', 'd.StudentT(3)',
         'd.StudentT(x.exp()).sample((2,)).shape', 'd.LogNormal(0, 1)',
         'd.LogNormal(x, 1).rsample((2,)).shape', 'd.LogNormal.has_rsample',
         'd.LogNormal(x, 1).rsample().requires_grad', 'd.LogNormal(x, 1).sample().requires_grad',
         'transformed(d.Normal(0, 1), d.TanhTransform()).has_rsample',
         'transformed(d.Normal(0, 1), d.AffineTransform(x, 1)).batch_shape',
         'transformed(wide, d.AffineTransform(y, 2)).event_shape',
         'transformed(wide, d.AffineTransform(y, 2)).sample((4,)).shape', 'd.TanhTransform()',
         'd.ExpTransform().inv', 'd.AffineTransform(0, 1)',
         'd.TanhTransform() == d.TanhTransform(cache_size=1)',
         'd.ExpTransform() == d.TanhTransform()', 'd.ExpTransform().inv == d.ExpTransform().inv',
         'd.AffineTransform(0, 1) == d.AffineTransform(0, 2)',
         'd.AffineTransform(x, 1) == d.AffineTransform(x, 1)', 'd.TanhTransform().bijective',
         'd.AffineTransform(0, torch.ones(2, 1)).forward_shape((3,))', 'mixture(d)',
         'd.Normal(0, 1).expand(())', 'mixture(d).batch_shape', 'mixture(d).event_shape',
         'mixture(d).has_rsample', 'd.Independent(d.Bernoulli(logits=x), 1).has_enumerate_support',
         'd.Independent(d.Bernoulli(logits=x), 0).has_enumerate_support',
         'd.Categorical.has_enumerate_support', 'd.Poisson.has_enumerate_support',
         'd.Normal(torch.ones(0, 3), 1.0).sample((2,)).shape', 'd.Normal(0, 1).sample().shape',
         'd.Gamma(torch.ones(0), 1.0).sample().shape', 'mixture(d).sample((5, 2)).shape',
         'mixed(d.Categorical(logits=x), d.Normal(y, 1)).sample((5,)).shape',
         '[t.domain for t in transforms]', '[t.codomain for t in transforms]', 'transforms',
         '[t.bijective for t in transforms]', '[t.inv for t in transforms]',
         '[t.inv.domain for t in transforms]', '[t.inv.inv is t for t in transforms[:-1]]',
         '[t == u for t in transforms for u in transforms]',
         '[t.with_cache(0) is t for t in transforms]', '[t.with_cache(1) == t for t in transforms]',
         '[t.forward_shape(torch.Size((2, 3))) for t in transforms[:-1]]', 'transforms[-1].inv',
         '[t.event_dim for t in transforms if "Stick" not in repr(t) and "Resh" not in repr(t)]',
         '[t.sign for t in transforms[:5]]', 'd.identity_transform', 'd.Transform.bijective',
         'transformed(d.Normal(x, 1), d.StickBreakingTransform()).event_shape',
         'transformed(d.Normal(x, 1), d.StickBreakingTransform()).sample((2,)).shape',
         'transformed(d.Normal(x, 1), d.StickBreakingTransform()).base_dist',
         'transformed(d.Normal(x, 1), d.StickBreakingTransform()).expand((5,)).sample().shape',
         'transformed(d.Normal(x, 1), d.StickBreakingTransform()).support',
         'transformed(d.Normal(x, 1), d.ReshapeTransform((3,), (1, 3))).support',
         'transformed(d.Normal(x, 1), d.ReshapeTransform((), (1, 1))).event_shape',
         'transformed(d.Normal(x, 1), d.AffineTransform(torch.ones(2, 3), 1, 1)).batch_shape',
         'd.transform_to(c.positive)', 'd.biject_to(c.unit_interval)', 'd.biject_to(c.nonnegative)',
         'd.biject_to(c.interval(-1, 2))', 'd.transform_to(c.independent(c.less_than(2.0), 1))',
         'd.biject_to(c.simplex)', 'd.transform_to(c.positive_semidefinite)']
# Expressions in c, torch.distributions.constraints, too.
RULES = '''
c.positive.check(edges), c.nonnegative.check(edges), c.real.check(edges), c.boolean.check(edges)
c.unit_interval.check(edges), c.interval(-1, 2.5).check(edges)
c.half_open_interval(0, edges + 1).check(edges)
c.greater_than(x).check(y), c.less_than(x).check(y), c.greater_than_eq(0.5).check(x)
c.nonnegative_integer.check(edges), c.positive_integer.check(edges)
c.integer_interval(0, 1).check(edges), c.integer_interval(0, 1).check(torch.tensor([-1, 0, 2]))
c.simplex.check(shares), c.simplex.check(x), c.one_hot.check(torch.eye(3)), c.one_hot.check(shares)
c.multinomial(4).check(counts), c.multinomial(2).check(counts), c.real_vector.check(edges)
c.lower_cholesky.check(spread(x).tril()), c.lower_cholesky.check(-torch.eye(2)[None])
c.lower_triangular.check(spread(x)), c.lower_triangular.check(-torch.eye(3))
c.square.check(shares), c.square.check(spread(x)), c.symmetric.check(spread(x).tril())
c.positive_definite.check(spread(x)), c.positive_definite.check(torch.zeros(2, 3, 3))
c.positive_definite.check(torch.full((2, 2), math.nan)), c.positive_definite.check(shares)
c.positive_semidefinite.check(torch.ones(3, 3)), c.positive_semidefinite.check(-spread(x))
c.independent(c.positive, 1).check(edges), c.independent(c.positive, 2).check(spread(x))
c.independent(c.simplex, 1).check(shares), c.independent(c.positive, 0).check(x[0])
c.simplex.check(torch.ones(2, 0)), c.positive.check(torch.ones(0)).dtype
c.MixtureSameFamilyConstraint(c.independent(c.positive, 1)).check(torch.ones(2, 3))
[c.real, c.positive, c.nonnegative, c.unit_interval, c.interval(-1, 2.5), c.boolean, c.one_hot]
[c.nonnegative_integer, c.integer_interval(0, 3), c.half_open_interval(0, 1), c.less_than(2)]
[c.simplex, c.multinomial(3), c.real_vector, c.lower_cholesky, c.positive_definite, c.square]
[c.independent(c.real, 2), c.MixtureSameFamilyConstraint(c.real), c.positive_semidefinite]
[r.event_dim for r in (c.real, c.simplex, c.one_hot, c.lower_cholesky, c.independent(c.simplex, 2))]
[r.is_discrete for r in (c.real, c.boolean, c.integer_interval(0, 1), c.independent(c.boolean, 1))]
[c.is_dependent(r) for r in (c.real, c.dependent, d.Uniform.support, d.Uniform(0, 1).support)]
[c.dependent(is_discrete=True).is_discrete, c.dependent(event_dim=2)(is_discrete=True).event_dim]
[d.Categorical.support.is_discrete, d.Binomial.support.event_dim, d.Uniform.support.is_discrete]
[d.Normal(x, y.exp()).support, d.Uniform(0, 2).support, d.Categorical(logits=x).support]
[d.Binomial(3, 0.5).support, d.Independent(d.Gamma(y.exp(), 1), 1).support, wide.support]
[mixture(d).support, transformed(wide, d.ExpTransform()).support, d.Beta(1.0, 1.0).support]
[transformed(d.Normal(0, 1), []).support, transformed(d.Normal(0, 1), d.TanhTransform()).support]
[d.Uniform(0, 2).arg_constraints, d.Normal.arg_constraints, d.Chi2.arg_constraints]
[d.Independent.arg_constraints, d.Dirichlet.arg_constraints, d.StudentT.arg_constraints]
[d.MultivariateNormal.arg_constraints, d.Categorical.arg_constraints, d.Poisson.arg_constraints]
[d.Binomial.arg_constraints, d.Geometric.arg_constraints, d.LogNormal.arg_constraints]
'''.strip().splitlines()
# {a distribution: values that it may have}. All that can be computed of each is compared.
ALL = {
    'Bernoulli(x.sigmoid())': 'inside.round()', 'Beta(x.exp(), y.exp())': 'inside',
    'Beta(3.0, 0.5)': 'inside', 'Binomial(5, logits=x)': 'counts', 'Categorical(x.exp())': 'counts',
    'Cauchy(x, y.exp())': 'x * y', 'Cauchy(0, 1)': 'edges[0]', 'Chi2(x.exp())': 'inside',
    'ContinuousBernoulli(x.sigmoid())': 'inside', 'ContinuousBernoulli(logits=y / 99)': 'inside',
    'ContinuousBernoulli(0.5)': 'inside',
    'ContinuousBernoulli(logits=x, lims=(0.3, 0.7))': 'inside',
    'ContinuousBernoulli(torch.tensor([0.0, 0.5, 1.0]))': 'inside',
    'Dirichlet(x.exp())': 'shares', 'Exponential(x.exp())': 'inside',
    'FisherSnedecor(x.exp(), y.exp())': 'inside', 'FisherSnedecor(3.0, 5.0)': 'inside',
    'FisherSnedecor(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0]))': 'inside',
    'Gamma(x.exp(), y.exp())': 'inside', 'Geometric(logits=x)': 'counts',
    'Gumbel(x, y.exp())': 'inside', 'Gumbel(0, 1)': 'inside', 'HalfCauchy(y.exp())': 'inside',
    'HalfCauchy(2)': 'counts', 'HalfNormal(y.exp())': 'inside', 'HalfNormal(2)': 'counts',
    'Independent(d.Normal(x, y.exp()), 1)': 'inside',
    'InverseGamma(x.exp(), y.exp())': 'inside', 'InverseGamma(2.5, 1.5)': 'inside',
    'Kumaraswamy(x.exp(), y.exp())': 'inside', 'Kumaraswamy(2.0, 3)': 'inside',
    'Laplace(x, y.exp())': 'x * y', 'LogNormal(x, y.exp())': 'inside',
    'LogisticNormal(x, y.exp())': 'shares4', 'LogisticNormal(0.5, 1)': 'shares4[:, :2] * 2',
    'LowRankMultivariateNormal(x, spread(y)[:, :2], y.exp())': 'torch.stack([x, y])',
    'LowRankMultivariateNormal(torch.stack([x, y]), spread(y)[:, :1], x.exp())': 'inside',
    'Multinomial(3, x.exp())': 'counts', 'Multinomial(3, logits=torch.stack([x, y]))': 'counts',
    'Multinomial(2, torch.tensor([0.0, 0.5, 0.5]))': 'torch.tensor([0.0, 1, 1])',
    'MultivariateNormal(x, spread(y))': 'torch.stack([x, y])',
    'NegativeBinomial(3, x.sigmoid())': 'counts', 'NegativeBinomial(y.exp(), logits=x)': 'counts',
    'NegativeBinomial(torch.tensor([0.0, 0.5, 2.0]), logits=x)': 'counts',
    'Normal(x, y.exp())': 'x * y',
    'OneHotCategorical(logits=x)': 'torch.eye(3)',
    'Pareto(x.exp(), y.exp())': 'x.exp() + inside', 'Pareto(0.125, 3)': 'inside',
    'Poisson(x.exp())': 'counts', 'RelaxedBernoulli(y.exp(), x.sigmoid())': 'inside',
    'RelaxedBernoulli(torch.tensor(0.5), logits=x)': 'inside',
    'RelaxedOneHotCategorical(y[0].exp(), x.exp())': 'shares',
    'RelaxedOneHotCategorical(torch.tensor(2.0), logits=torch.stack([x, y]))': 'shares',
    'StudentT(x.exp(), y)': 'x * y', 'Uniform(x * 0, x * 0 + 0.95)': 'inside',
    'Uniform(x, x + 9)': 'x + y.exp()', 'Uniform(-1, 2)': 'inside',
    'Pareto(0.01, y.exp() + 2)': 'inside', 'VonMises(x, y.exp())': 'x * y',
    'Uniform(inside.double() / 9, y.exp() / 9 + 0.25)': 'inside / 9 + 0.1',
    'VonMises(torch.tensor(0.5), 40.0)': 'x * y', 'Weibull(x.exp(), y.exp() + 1)': 'inside',
    'Weibull(2.0, 1)': 'inside',
    'TransformedDistribution(d.Normal(x, y.exp()), d.AffineTransform(0, 2))': 'x * y'}
COMPUTED = ['mean', 'mode', 'variance', 'stddev', 'entropy()', 'perplexity()', 'log_prob(value)',
            'cdf(value)', 'icdf(chances)', 'enumerate_support()', 'enumerate_support(False)',
            'expand((2, *it.batch_shape)).log_prob(value)',
            'expand((4, *it.batch_shape)).entropy()']
SEEN = ['it', 'it.support', 'it.arg_constraints', 'it.has_rsample', 'it.has_enumerate_support',
        'it.batch_shape', 'it.event_shape', 'it.sample((5,)).shape', 'it.sample().dtype',
        'it.expand((2, *it.batch_shape))', 'it.expand((2, *it.batch_shape)).sample((4,)).shape',
        'it.rsample().requires_grad', 'it.sample().requires_grad']
# Not built: the incomplete gamma function. Expanded multinomials of PyTorch have no entropy.
NOT_HERE = ['Gamma cdf', 'Chi2 cdf', 'InverseGamma cdf',
            'Multinomial expand((4, *it.batch_shape)).entropy']
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
    (ValueError, ['must match event_shape', '[3]'], 'wide.log_prob(torch.ones(2))'),
    (ValueError, ['must match event_shape', '[3]'], 'wide.log_prob(torch.tensor(1.0))'),
    (ValueError, ['must match event_shape'], 'd.Dirichlet(x.exp()).log_prob(torch.ones(2, 1))'),
    (ValueError, ['parameter probs', 'Simplex()', 'nan'], 'd.Categorical(torch.zeros(2))'),
    (ValueError, ['Simplex()'], 'd.Categorical(torch.tensor([0.5, math.inf]))'),
    (ValueError, ['Simplex()'], 'd.Categorical(torch.tensor([0.5, math.nan]))'),
    (ValueError, ['parameter logits'], 'd.Categorical(logits=torch.tensor([0.5, math.nan]))'),
    (ValueError, ['different event shapes', '(2,)'],
     'd.kl_divergence(wide, d.MultivariateNormal(x[:2], torch.eye(2).double()))'),
    (NotImplementedError, ['Independent'],
     'd.kl_divergence(d.Independent(d.Normal(x, 1), 1), d.Independent(d.Normal(x, 1), 0))'),
    (NotImplementedError, [], 'd.Categorical(logits=x).rsample()'),
    (NotImplementedError, ['Poisson.rsample', 'discrete'], 'd.Poisson(2.0).rsample()'),
    (ValueError, ['parameter scale'], 'd.Laplace(0, -1)'),
    (ValueError, ['parameter probs', 'GreaterThan(lower_bound=0.0)'], 'd.Geometric(0.0)'),
    (ValueError, ['IntegerGreaterThan(lower_bound=0)'],
     'd.Geometric(0.5).log_prob(torch.tensor(0.5))'),
    (ValueError, ['parameter rate', 'GreaterThanEq(lower_bound=0.0)'], 'd.Poisson(-1.0)'),
    (ValueError, ['IntegerGreaterThan(lower_bound=0)'], 'd.Poisson(1.0).log_prob(-inside)'),
    (ValueError, ['parameter total_count', 'IntegerGreaterThan(lower_bound=0)'],
     'd.Binomial(-1, 0.5)'),
    (ValueError, ['but not both'], 'd.Binomial(3)'),
    (ValueError, ['IntegerInterval(lower_bound=0, upper_bound=3'],
     'd.Binomial(3, 0.5).log_prob(torch.tensor(4.0))'),
    (NotImplementedError, ['Inhomogeneous total count'],
     'd.Binomial(torch.tensor([1, 2]), 0.5).entropy()'),
    (NotImplementedError, ['q.total_count > p.total_count'],
     'd.kl_divergence(d.Binomial(2, 0.5), d.Binomial(3, 0.5))'),
    (ValueError, ['OneHot()'], 'd.OneHotCategorical(logits=x).log_prob(torch.ones(3))'),
    (ValueError, ['parameter concentration'], 'd.Gamma(0.0, 1.0)'),
    (ValueError, ['parameter rate'], 'd.Gamma(1.0, -1.0)'),
    (ValueError, ['GreaterThanEq(lower_bound=0.0)'], 'd.Gamma(1.0, 1.0).log_prob(-inside)'),
    (ValueError, ['parameter df', 'Chi2()'], 'd.Chi2(-1.0)'),
    (ValueError, ['parameter concentration'], 'd.Beta(0.0, 1.0)'),
    (ValueError, ['Interval(lower_bound=0.0, upper_bound=1.0)'],
     'd.Beta(1.0, 1.0).log_prob(torch.tensor(1.5))'),
    (ValueError, ['at least one-dimensional'], 'd.Dirichlet(torch.tensor(1.0))'),
    (ValueError, ['parameter concentration', 'GreaterThan'],
     'd.Dirichlet(torch.tensor([1.0, 0.0]))'),
    (ValueError, ['Simplex()'], 'd.Dirichlet(torch.ones(3)).log_prob(inside)'),
    (ValueError, ['parameter df'], 'd.StudentT(0.0)'),
    (ValueError, ['parameter scale'], 'd.LogNormal(0.0, 0.0)'),
    (ValueError, ['GreaterThan(lower_bound=0.0)'], 'd.LogNormal(0.0, 1.0).log_prob(-inside)'),
    (ValueError, ['Interval(lower_bound=-1.0, upper_bound=1.0)'],
     'transformed(d.Normal(0, 1), d.TanhTransform()).log_prob(2 * inside)'),
    (ValueError, ['transforms must be a Transform'],
     'transformed(d.Normal(0, 1), [torch.tanh])'),
    (ValueError, ['transforms must be a Transform'],
     'transformed(d.Normal(0, 1), (d.TanhTransform(),))'),
    (NotImplementedError, ['rsample', 'discrete'],
     'transformed(d.Poisson(1.0), d.AffineTransform(0, 2)).rsample()'),
    (ValueError, ['cache_size must be 0 or 1'], 'd.ExpTransform(cache_size=2)'),
    (ValueError, ['instance of Categorical'], 'mixed(d.Normal(0, 1), d.Normal(x, 1))'),
    (ValueError, ['component_distribution.batch_shape'],
     'mixed(d.Categorical(logits=x), d.Normal(x[:2], 1))'),
    (ValueError, ['component_distribution.batch_shape'], 'mixed(d.Categorical('
     'torch.ones(2, 3)), d.Normal(torch.ones(4, 3), 1))'),
    (NotImplementedError, ['cartesian', 'itertools'],
     'd.Independent(d.Bernoulli(logits=x), 1).enumerate_support()'),
    (NotImplementedError, ['Poisson.cdf', 'no formula', 'samples'], 'd.Poisson(1.0).cdf(inside)'),
    (NotImplementedError, ['Normal.enumerate_support'], 'd.Normal(0, 1).enumerate_support()'),
    (NotImplementedError, ['Inhomogeneous total count'],
     'd.Binomial(torch.tensor([1, 2]), 0.5).enumerate_support()'),
    (ValueError, ['within the support'], 'd.Uniform(0, 1).cdf(torch.tensor(2.0))'),
    (ValueError, ['within the support'], 'd.Exponential(1.0).cdf(torch.tensor(-2.0))'),
    (ValueError, ['must be a Tensor'], 'd.Normal(0, 1).cdf(1.0)'),
    (ValueError, ['parameter scale'], 'd.Cauchy(0, 0.0)'),
    (ValueError, ['parameter scale', 'Gumbel'], 'd.Gumbel(x, -1.0)'),
    (ValueError, ['parameter scale', 'HalfNormal()'], 'd.HalfNormal(-1.0)'),
    (ValueError, ['parameter scale', 'HalfCauchy()'], 'd.HalfCauchy(-1.0)'),
    (ValueError, ['GreaterThanEq(lower_bound=0.0)'], 'd.HalfNormal(1.0).log_prob(-inside)'),
    (ValueError, ['parameter'], 'd.Pareto(1.0, -1.0)'),
    (ValueError, ['GreaterThanEq(lower_bound='], 'd.Pareto(1.0, 1.0).log_prob(inside)'),
    (ValueError, ['parameter concentration'], 'd.Weibull(1.0, -1.0)'),
    (ValueError, ['parameter rate'], 'd.InverseGamma(1.0, 0.0)'),
    (ValueError, ['parameter concentration0'], 'd.Kumaraswamy(1.0, 0.0)'),
    (ValueError, ['parameter'], 'd.FisherSnedecor(1.0, 0.0)'),
    (ValueError, ['parameter total_count'], 'd.NegativeBinomial(-1, torch.tensor(0.5))'),
    (ValueError, ['parameter probs', 'HalfOpenInterval'],
     'd.NegativeBinomial(1, torch.tensor(1.0))'),
    (ValueError, ['but not both'], 'd.NegativeBinomial(1)'),
    (NotImplementedError, ['inhomogeneous total_count', 'int'], 'd.Multinomial(x, x.exp())'),
    (ValueError, ['Multinomial()'], 'd.Multinomial(2, x.exp()).log_prob(torch.ones(3))'),
    (ValueError, ['Simplex()'], 'd.Multinomial(2, -x)'),
    (ValueError, ['parameter probs'], 'd.ContinuousBernoulli(1.5, validate_args=True)'),
    (ValueError, ['Interval'], 'd.ContinuousBernoulli(0.5).log_prob(x)'),
    (ValueError, ['parameter concentration'], 'd.VonMises(x, 0.0 * x)'),
    (NotImplementedError, ['VonMises.rsample', 'accepts'], 'd.VonMises(x, y.exp()).rsample()'),
    (ValueError, ['Simplex()'], 'd.RelaxedOneHotCategorical(y[0], x.exp()).log_prob(inside)'),
    (ValueError, ['parameter probs'], 'd.RelaxedBernoulli(y[0], x)'),
    (ValueError, ['parameter scale'], 'd.LogisticNormal(x, -1.0)'),
    (ValueError, ['Simplex()'], 'd.LogisticNormal(x, 1.0).log_prob(torch.ones(4))'),
    (ValueError, ['loc must be'], 'd.LowRankMultivariateNormal(x[0], spread(x), x.exp())'),
    (ValueError, ['3 x m'], 'd.LowRankMultivariateNormal(x, spread(x)[:2], x.exp())'),
    (ValueError, ['cov_diag must be'], 'd.LowRankMultivariateNormal(x, spread(x), x[:2].exp())'),
    (ValueError, ['cov_factor must be'], 'd.LowRankMultivariateNormal(x, x, x.exp())'),
    (ValueError, ['batches'], 'd.LowRankMultivariateNormal(x.expand(2, 3), '
     'spread(x).expand(4, 3, 3), x.exp())'),
    (ValueError, ['different event shapes'], 'd.kl_divergence(wide, d.LowRankMultivariateNormal('
     'x[:2], spread(x)[:2], y[:2].exp()))'),
    (NotImplementedError, ['AbsTransform.log_abs_det_jacobian', 'bijective is True'],
     'd.AbsTransform().log_abs_det_jacobian(x, y)'),
    (NotImplementedError, ['SoftmaxTransform.sign'], 'd.SoftmaxTransform().sign'),
    (ValueError, ['.domain.event_dim'], 'd.ReshapeTransform((3,), (1, 3)).event_dim'),
    (ValueError, ['different numbers of elements'], 'd.ReshapeTransform((3,), (2,))'),
    (ValueError, ['Shape mismatch'], 'd.ReshapeTransform((3,), (1, 3)).forward_shape((2,))'),
    (ValueError, ['Too few dimensions'], 'd.SoftmaxTransform().forward_shape(())'),
    (ValueError, ['Too few dimensions'], 'd.StickBreakingTransform().inverse_shape(())'),
    (ValueError, ['Too few dimensions'], 'd.IndependentTransform(d.ExpTransform(), 2)(x)'),
    (ValueError, ['size at least 1'], 'transformed(d.Normal(0, 1), d.StickBreakingTransform())'),
    (NotImplementedError, ['transform', 'Register'], 'd.biject_to(c.lower_cholesky)'),
    (NotImplementedError, ['Cannot transform _Boolean'], 'd.transform_to(c.boolean)'),
    (TypeError, ['Constraint subclass', 'distributions.constraints'],
     'd.biject_to.register(3, abs)'),
    (ValueError, ['dependent constraint', 'support of a distribution'], 'c.dependent.check(x)'),
    (NotImplementedError, ['.event_dim', 'dependent(event_dim=...)'], 'c.dependent.event_dim'),
    (NotImplementedError, ['.is_discrete'], 'd.Independent.support.is_discrete'),
    (ValueError, ['value.dim() >= 2'], 'c.independent(c.real, 2).check(x)'),
    (NotImplementedError, [], 'd.kl_divergence(d.LogNormal(0, 1), transformed('
     'd.Normal(0, 1), d.TanhTransform()))')]


def known_transforms(d):
    return [d.ExpTransform(), d.SigmoidTransform(), d.SoftplusTransform(), d.TanhTransform(),
            d.AffineTransform(0, -2.0), d.AbsTransform(), d.PowerTransform(2.0),
            d.SoftmaxTransform(), d.LowerCholeskyTransform(), d.PositiveDefiniteTransform(),
            d.StickBreakingTransform(), d.ReshapeTransform((3,), (3, 1)),
            d.AffineTransform(0, 2.0, event_dim=1), d.IndependentTransform(d.TanhTransform(), 1),
            d.ComposeTransform([d.ExpTransform(), d.SoftmaxTransform(), d.SigmoidTransform()])]


def names(torch):
    torch.distributions.Distribution.set_default_validate_args(True)    # PyTorch's test data switch

    def leaf(*values):
        return torch.tensor(values, dtype=torch.float64, requires_grad=True)

    def spread(x):      # a covariance matrix
        return torch.outer(x, x) + torch.diag(x.exp())

    x = leaf(0.5, -1.0, 2.0)
    wide = torch.distributions.MultivariateNormal(x, 2 * torch.eye(3, dtype=torch.float64))

    def mixture(d):     # of Gaussians in three dimensions
        components = d.Independent(d.Normal(torch.stack([x, y]), y.exp()), 1)
        return d.MixtureSameFamily(d.Categorical(logits=x[:2]), components)

    def saturated(transform, x):    # the inverse where y is rounded
        z = 50 * x
        return transform.inv(transform(z)) / 50

    def mapped(transform, x, back=True):     # y, its inverse, and by how much it is stretched
        y = transform(x)
        parts = [y.sum(), transform.inv(y).sum() if back else 0,
                 transform.log_abs_det_jacobian(x, y).sum()]
        assert tuple(transform.forward_shape(x.shape)) == tuple(y.shape)
        assert tuple(transform.inverse_shape(y.shape)) == tuple(x.shape)
        return sum(parts) + 0 * transform.inv.log_abs_det_jacobian(y, x).sum()

    y = leaf(1.5, 0.3, -0.7)
    return dict(torch=torch, d=torch.distributions, math=math, x=x, y=y,
                c=torch.distributions.constraints,
                edges=torch.tensor([[-1.0, 0.0, 0.5], [1.0, math.inf, math.nan]]),
                transforms=known_transforms(torch.distributions), mapped=mapped,
                shares4=torch.tensor([[0.2, 0.3, 0.375, 0.125]] * 3),
                inside=torch.tensor([0.2, 0.6, 0.9]), chances=torch.tensor([0.1, 0.5, 0.9]),
                counts=torch.tensor([0.0, 2.0, 1.0]),
                shares=torch.tensor([[0.2, 0.3, 0.5], [0.9, 0.0625, 0.0375]]), spread=spread,
                transformed=torch.distributions.TransformedDistribution, wide=wide,
                mixed=torch.distributions.MixtureSameFamily, mixture=mixture, saturated=saturated)


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


@pytest.mark.parametrize('call', ALL)
@pytest.mark.parametrize('what', COMPUTED)
def test_all_that_pytorch_computes_of_a_distribution_is_computed_here(call, what):
    pytorch, found = pytest.importorskip('torch'), []
    if f'{call.partition("(")[0]} {what.rpartition("(")[0]}' in NOT_HERE:
        pytest.skip('not built')
    for library in (torch, pytorch):
        known = names(library)
        known['value'] = eval(ALL[call], known)
        known['it'] = eval(f'd.{call}', known)
        try:
            value = eval(f'it.{what}', known)
        except (NotImplementedError, ValueError) as error:
            found.append([type(error), None, None])
            continue
        if value.requires_grad:
            value.sum().backward()
        found.append([None if t is None else t.detach().numpy() for t in (
            value, known['x'].grad, known['y'].grad)])
    for ours, theirs in zip(*found):
        if isinstance(ours, np.ndarray):
            assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
            np.testing.assert_allclose(ours, theirs, rtol=2e-6, atol=1e-6)
        else:
            assert ours is theirs


@pytest.mark.parametrize('call', ALL)
def test_all_distributions_are_printed_and_drawn_as_in_pytorch(call):
    pytorch = pytest.importorskip('torch')
    for what in SEEN:
        found = []
        for library in (torch, pytorch):
            known = names(library)
            known['it'] = eval(f'd.{call}', known)
            try:
                found.append(''.join(repr(eval(what, known)).split()))
            except NotImplementedError:
                found.append('refused')
        assert found[0] == found[1], what


@pytest.mark.parametrize('call', ALL)
def test_all_divergences_are_those_of_pytorch(call):
    pytorch = pytest.importorskip('torch')
    for other in ALL:
        found = []
        for library in (torch, pytorch):
            known = names(library)
            x, y = known['x'], known['y']
            p = eval(f'd.{call}', known)
            q = eval(f'd.{other}', {**known, 'x': y * 0.9, 'y': x * 0.8})
            try:
                value = library.distributions.kl_divergence(p, q)
            except (NotImplementedError, ValueError) as error:
                found.append([type(error)])
                continue
            if value.requires_grad and value.isfinite().all():
                value.sum().backward()
            found.append([None if t is None else t.detach().numpy() for t in (
                value, x.grad, y.grad)])
        for ours, theirs in zip(*found):
            if isinstance(ours, np.ndarray):
                np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5, err_msg=other)
            else:
                assert ours is theirs, other


@pytest.mark.parametrize('expression', TEXTS)
def test_texts_shapes_and_dtypes_are_those_of_pytorch(expression):
    pytorch = pytest.importorskip('torch')
    assert repr(eval(expression, names(torch))) == repr(eval(expression, names(pytorch)))


@pytest.mark.parametrize('expression', RULES)
def test_constraints_check_and_print_what_those_of_pytorch_do(expression):
    pytorch = pytest.importorskip('torch')
    assert repr(eval(expression, names(torch))) == repr(eval(expression, names(pytorch)))


@pytest.mark.parametrize('error, parts, call', REFUSED, ids=[row[2] for row in REFUSED])
def test_what_pytorch_refuses_is_refused(error, parts, call):
    with refused(error, *parts):
        eval(call, names(torch))


@pytest.mark.parametrize('error, parts, call', REFUSED, ids=[row[2] for row in REFUSED])
def test_pytorch_refuses_the_same(error, parts, call):
    pytorch = pytest.importorskip('torch')
    with pytest.raises(error):
        eval(call, names(pytorch))


EDGES = [math.nan, math.inf, -math.inf, 0.0, -1.0, 1.0, 2.5]
OF_NUMBERS = {      # good parameters
    'Bernoulli': [0.5], 'Beta': [2.0, 1.5], 'Cauchy': [0.5, 2.0], 'Chi2': [3.0],
    'ContinuousBernoulli': [0.3], 'Exponential': [2.0], 'FisherSnedecor': [3.0, 7.0],
    'Gamma': [2.0, 3.0], 'Geometric': [0.3], 'Gumbel': [0.5, 2.0], 'HalfCauchy': [2.0],
    'HalfNormal': [2.0], 'InverseGamma': [2.5, 1.0], 'Kumaraswamy': [2.0, 3.0],
    'Laplace': [0.5, 2.0], 'LogNormal': [0.5, 2.0], 'Normal': [0.5, 2.0], 'Pareto': [0.5, 3.0],
    'Poisson': [2.0], 'StudentT': [3.0, 0.5], 'Uniform': [-0.5, 1.5], 'VonMises': [0.5, 2.0],
    'Weibull': [2.0, 3.0]}


@pytest.mark.parametrize('name', OF_NUMBERS)
def test_parameters_and_values_at_the_edges_are_refused_or_computed_as_in_pytorch(name):
    pytorch, found = pytest.importorskip('torch'), []
    pytorch.distributions.Distribution.set_default_validate_args(True)
    good = OF_NUMBERS[name]
    calls = [(good[:i] + [edge] + good[i + 1:], 0.5, True)
             for i in range(len(good)) for edge in EDGES]
    calls += [(good, edge, checked) for edge in EDGES for checked in (True, False)]
    for library in (torch, pytorch):
        outcomes = []
        for given, value, checked in calls:
            given = [library.tensor(x, dtype=library.float64) for x in given]
            try:
                distribution = getattr(library.distributions, name)(*given, validate_args=checked)
                value = library.tensor(value, dtype=library.float64)
                outcomes.append(distribution.log_prob(value).item())
            except ValueError:
                outcomes.append('refused')
        found.append(outcomes)
    for call, ours, theirs in zip(calls, *found):
        assert ours == (theirs if theirs == 'refused' else
                        pytest.approx(theirs, rel=1e-6, abs=1e-6, nan_ok=True)), call


@pytest.mark.parametrize('call', [
    'Normal(1.5, 0.5)', 'Uniform(-1.0, 2.0)', 'Exponential(0.5)', 'Bernoulli(0.3)',
    'Laplace(1.5, 0.5)', 'Geometric(0.3)', 'Poisson(2.5)', 'Binomial(7, 0.3)', 'Gamma(2.5, 1.5)',
    'Gamma(0.3, 2.0)', 'Chi2(3.0)', 'Beta(2.0, 0.7)', 'LogNormal(0.2, 0.4)',
    'StudentT(9.0, 1.0, 2.0)', 'Gumbel(1.0, 2.0)', 'HalfNormal(2.0)', 'Pareto(0.5, 12.0)',
    'Weibull(2.0, 1.5)', 'InverseGamma(7.0, 2.0)', 'Kumaraswamy(2.0, 3.0)',
    'FisherSnedecor(7.0, 14.0)', 'NegativeBinomial(2.5, torch.tensor(0.4))',
    'ContinuousBernoulli(0.3)', 'ContinuousBernoulli(0.5)',
    'MixtureSameFamily(d.Categorical(torch.tensor([0.2, 0.8])), '
    'd.Normal(torch.tensor([-3.0, 1.0]), 1))'])
def test_samples_have_the_mean_and_the_variance_of_the_distribution(call):
    torch.manual_seed(0)
    distribution = eval(f'd.{call}', dict(torch=torch, d=torch.distributions))
    drawn = distribution.sample((20000,))
    deviation = distribution.stddev.item() / math.sqrt(20000)
    assert abs(drawn.mean() - distribution.mean) < 4 * deviation
    assert drawn.var().item() == pytest.approx(distribution.variance.item(), rel=0.08)


@pytest.mark.parametrize('call', ['Cauchy(1.5, 0.5)', 'HalfCauchy(2.0)', 'Gumbel(1.0, 2.0)',
                                  'Normal(1.5, 0.5)', 'Weibull(2.0, 1.5)', 'Pareto(0.5, 6.0)',
                                  'Laplace(0.5, 2.0)', 'Kumaraswamy(2.0, 3.0)'])
def test_as_many_samples_are_below_a_value_as_cdf_says(call):
    torch.manual_seed(0)
    distribution = eval(f'torch.distributions.{call}')
    drawn = distribution.sample((20000,))
    for share in 0.1, 0.5, 0.8:
        value = distribution.icdf(torch.tensor(share))
        assert distribution.cdf(value).item() == pytest.approx(share, abs=1e-5)
        assert (drawn < value).float().mean().item() == pytest.approx(share, abs=0.015)


def test_angles_are_drawn_around_their_mean():
    torch.manual_seed(0)
    distribution = torch.distributions.VonMises(torch.tensor([3.0, -1.0]), torch.tensor([4.0, 0.5]))
    drawn = distribution.sample((20000,))
    assert (drawn.abs() <= math.pi).all()
    off = drawn - distribution.mean
    np.testing.assert_allclose(off.sin().mean(0).numpy(), 0, atol=0.015)
    np.testing.assert_allclose(1 - off.cos().mean(0).numpy(), distribution.variance.numpy(),
                               atol=0.015)


def test_counts_of_categories_have_the_mean_and_the_variance_of_the_distribution():
    torch.manual_seed(0)
    probs = torch.tensor([[0.2, 0.8, 0.0], [0.5, 0.25, 0.25]])
    distribution = torch.distributions.Multinomial(7, probs)
    drawn = distribution.sample((20000,))
    assert (drawn.sum(-1) == 7).all() and drawn.shape == (20000, 2, 3)
    np.testing.assert_allclose(drawn.mean(0).numpy(), distribution.mean.numpy(), atol=0.05)
    np.testing.assert_allclose(drawn.var(0).numpy(), distribution.variance.numpy(), atol=0.06)


def test_relaxed_samples_are_as_often_near_1_as_probable():
    torch.manual_seed(0)
    probs, d = torch.tensor([0.2, 0.3, 0.5]), torch.distributions
    for kind in d.RelaxedBernoulli, d.RelaxedOneHotCategorical:
        drawn = kind(torch.tensor(0.05), probs).sample((20000,))
        likely = drawn > 0.5
        np.testing.assert_allclose(likely.float().mean(0).numpy(), probs.numpy(), atol=0.015)


def test_a_covariance_matrix_of_low_rank_is_that_of_the_samples_and_of_all_formulas():
    torch.manual_seed(0)
    factor = torch.tensor([[1.0, 0.5], [-0.5, 2.0], [0.0, 1.0]])
    diag = torch.tensor([0.5, 1.0, 2.0])
    low = torch.distributions.LowRankMultivariateNormal(torch.ones(3), factor, diag)
    full = torch.distributions.MultivariateNormal(torch.ones(3), factor @ factor.mT + diag.diag())
    for name in 'covariance_matrix', 'precision_matrix', 'scale_tril', 'variance':
        np.testing.assert_allclose(getattr(low, name).numpy(), getattr(full, name).numpy(),
                                   rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(low.sample((20000,)).T.cov().numpy(), full.covariance_matrix.numpy(),
                               atol=0.15)


DRAWN_BY_REJECTION = 'Beta Chi2 Dirichlet FisherSnedecor Gamma InverseGamma StudentT'.split()


@pytest.mark.parametrize('call', [call for call in ALL if 'x' in call and not call.startswith(
    tuple(DRAWN_BY_REJECTION))])
def test_samples_move_with_the_parameters_as_their_gradient_says(call):
    def drawn(shift):
        torch.manual_seed(0)
        known = names(torch)
        moved = known['x'].detach() + shift
        moved.requires_grad_()
        distribution = eval(f'd.{call}', {**known, 'x': moved})
        if not distribution.has_rsample:
            pytest.skip('not reparametrized')
        return distribution.rsample((3,)).atan().sum(), moved

    total, x = drawn(0)
    if not total.requires_grad:
        return
    total.backward()
    for i in range(3):
        step = torch.zeros(3, dtype=torch.float64)
        step[i] = 1e-6
        slope = (drawn(step)[0] - drawn(-step)[0]).item() / 2e-6
        assert (0 if x.grad is None else x.grad[i].item()) == pytest.approx(slope, abs=1e-6)


def test_a_formula_that_is_registered_serves_subclasses_and_two_that_fit_are_warned_of():
    d = torch.distributions

    class A(d.Distribution):
        arg_constraints = {}

    class B(A):
        pass

    @d.register_kl(A, A)
    def of_two(p, q):
        return torch.tensor(1.0)

    assert d.kl_divergence(B(), A()) == d.kl_divergence(A(), B()) == 1
    d.register_kl(A, B)(lambda p, q: torch.tensor(2.0))
    assert d.kl_divergence(A(), B()) == d.kl_divergence(B(), B()) == 2
    d.register_kl(B, A)(lambda p, q: torch.tensor(3.0))
    assert d.kl_divergence(B(), A()) == 3 and d.kl_divergence(A(), B()) == 2
    with pytest.warns(RuntimeWarning, match=r'Ambiguous.*Please register_kl\(B, B\)'):
        assert d.kl_divergence(B(), B()) == 3
    with refused(TypeError, 'type_q to be a Distribution subclass', 'register_kl'):
        d.register_kl(A, torch.Tensor)


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


def probability(log_density, x, power=4, points=200):
    """The integral of a density from 0 to x, by Gauss and Legendre's rule over the power of t."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    t = (nodes[:, None] + 1) / 2
    return (np.exp(log_density(x * t ** power)) * x * power * t ** (power - 1)
            * weights[:, None]).sum(0) / 2


def log_gamma(x):
    return torch.lgamma(torch.tensor(x)).numpy()


DENSITIES = {       # and how concentrations and samples are drawn
    'gamma': (lambda a, b: lambda x: (a - 1) * np.log(x) - x - log_gamma(a),
              lambda rng, a, b: rng.standard_gamma(a)),
    'beta': (lambda a, b: lambda x: (a - 1) * np.log(x) + (b - 1) * np.log1p(-x) + log_gamma(a + b)
             - log_gamma(a) - log_gamma(b), lambda rng, a, b: rng.beta(a, b))}


@pytest.mark.parametrize('name', DENSITIES)
def test_a_sample_moves_with_the_concentration_so_that_its_quantile_stays(name):
    density, drawn = DENSITIES[name]
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.5, 20, 50), rng.uniform(0.5, 20, 50)
    x, h = drawn(rng, a, b), 1e-5
    slope = (implicit.gamma_slope(x, a) if name == 'gamma' else
             implicit.beta_slope(x, a, b) * (1 - x))
    change = (probability(density(a + h, b), x) - probability(density(a - h, b), x)) / (2 * h)
    np.testing.assert_allclose(slope, -change / np.exp(density(a, b)(x)), rtol=1e-4)


def test_slopes_of_samples_are_those_of_pytorch_to_its_three_digits():
    pytorch = pytest.importorskip('torch')
    rng = np.random.default_rng(0)
    for low, high in [(0.01, 1), (1, 20), (20, 3000)]:
        a, b = rng.uniform(low, high, (2, 200))
        x = np.maximum(rng.standard_gamma(a), 1e-300)
        np.testing.assert_allclose(
            implicit.gamma_slope(x, a),
            pytorch._standard_gamma_grad(pytorch.tensor(a), pytorch.tensor(x)), rtol=3e-3)
        x = rng.beta(a, b).clip(1e-300, 1 - 1e-16)
        np.testing.assert_allclose(
            implicit.beta_slope(x, a, b),
            pytorch._dirichlet_grad(*map(pytorch.tensor, (x, a, a + b))), rtol=3e-3)


@pytest.mark.parametrize('call', ['Gamma(c[0], c[1])', 'Beta(c[0], c[1])', 'Dirichlet(c)',
                                  'Dirichlet(c[:1])', 'StudentT(c[0] + 1)', 'Chi2(c[1])'])
@pytest.mark.parametrize('c', [[2.0, 3.0], [1e-3, 1e-3], [1e4, 1e-2]])
def test_samples_and_their_gradients_are_finite_and_differentiated_once(call, c):
    c = torch.tensor(c, requires_grad=True)
    sample = eval(f'torch.distributions.{call}.rsample((50,))')
    gradient, = torch.autograd.grad(sample.pow(2).sum(), c, retain_graph=True)
    assert sample.isfinite().all() and gradient.isfinite().all()
    with refused(NotImplementedError, 'create_graph', 'as in PyTorch', 'backward()'):
        torch.autograd.grad(sample.sum(), c, create_graph=True)


@pytest.mark.parametrize('call', [
    'Gamma(c, c, False).rsample()', 'Dirichlet(c, False).rsample()', 'Chi2(c, False).rsample()',
    'Beta(c, 2.0, False).rsample()', 'Laplace(c, c, False).rsample()',
    'StudentT(c, validate_args=False).rsample()', 'LogNormal(c, c, False).rsample()',
    'Poisson(c, False).sample()', 'Binomial(5, c / 20, validate_args=False).sample()',
    'Geometric(c / 20, validate_args=False).sample()', 'Cauchy(c, c, False).rsample()',
    'Gumbel(c, c, False).rsample()', 'Weibull(c, c, False).rsample()',
    'FisherSnedecor(c, c, False).rsample()',
    'NegativeBinomial(3, c / 20, validate_args=False).sample()',
    'VonMises(c, c, False).sample()',
    'ContinuousBernoulli(c / 20, validate_args=False).rsample()',
    'LogisticNormal(c, c, False).rsample()[:2]'])
def test_a_compiled_function_draws_anew_what_the_function_draws(call):
    moved = eval(f'lambda c: (torch.distributions.{call} * c).sum()', dict(torch=torch))
    found, compiled = [], torch.compile(moved)
    for function in moved, compiled:
        torch.manual_seed(0)
        for factor in 1, 1, 4, 0.5:
            c = torch.tensor([2.0 * factor, 3.0 * factor], requires_grad=True)
            function(c).backward()
            found.append(c.grad.tolist())
    np.testing.assert_allclose(found[:4], found[4:], rtol=1e-5)
    assert found[0] != found[1] and 'random' in compiled.code


def test_the_gradient_of_the_mean_of_samples_is_that_of_the_mean():
    torch.manual_seed(0)
    for call in 'Gamma(c[0], 2.0)', 'Beta(c[0], c[1])', 'Dirichlet(c)':
        c = torch.tensor([2.0, 3.0], requires_grad=True)
        distribution = eval(f'torch.distributions.{call}')
        weights = torch.tensor([1.0, -2.0])[:max(1, len(distribution.event_shape) * 2)]
        expected, = torch.autograd.grad((distribution.mean * weights).sum(), c)
        found, = torch.autograd.grad(
            (distribution.rsample((20000,)) * weights).sum() / 20000, c)
        np.testing.assert_allclose(found.numpy(), expected.numpy(), atol=0.02)


def test_shares_are_drawn_around_their_mean_and_their_sum_is_1():
    torch.manual_seed(0)
    distribution = torch.distributions.Dirichlet(torch.tensor([1.0, 0.5, 2.5]))
    drawn = distribution.sample((20000,))
    np.testing.assert_allclose(drawn.mean(0).numpy(), distribution.mean.numpy(), atol=0.01)
    np.testing.assert_allclose(drawn.var(0).numpy(), distribution.variance.numpy(), atol=0.003)
    np.testing.assert_allclose(drawn.sum(1).numpy(), 1, atol=1e-6)


def test_a_vector_of_a_category_passes_its_gradient_straight_through():
    probs = torch.tensor([0.2, 0.3, 0.5], requires_grad=True)
    sample = torch.distributions.OneHotCategoricalStraightThrough(probs).rsample()
    assert sorted(sample.tolist()) == pytest.approx([0, 0, 1])
    weights = torch.tensor([1.0, 2.0, 4.0])
    (sample * weights).sum().backward()
    np.testing.assert_allclose(probs.grad.numpy(), weights - (weights * probs).sum().item(),
                               rtol=1e-6)


def test_samples_of_vectors_vary_together_as_the_covariance_matrix_says():
    torch.manual_seed(0)
    covariance = torch.tensor([[2.0, -0.8], [-0.8, 1.0]])
    drawn = torch.distributions.MultivariateNormal(torch.tensor([1.0, -2.0]), covariance).sample(
        (20000,))
    np.testing.assert_allclose(drawn.mean(0).numpy(), [1, -2], atol=0.04)
    np.testing.assert_allclose(drawn.T.cov().numpy(), covariance.numpy(), atol=0.08)


def test_a_divergence_between_two_kinds_is_refused():
    d = torch.distributions
    with refused(NotImplementedError, 'Normal', 'Poisson', 'samples', 'register_kl'):
        d.kl_divergence(d.Normal(0, 1), d.Poisson(1.0))


@pytest.mark.parametrize('call', ['Gamma(c[0], 1.0, False)', 'Dirichlet(c, False)'])
@pytest.mark.parametrize('bad', [math.nan, math.inf])
def test_the_gradient_of_samples_that_are_not_finite_ends_and_is_nan(call, bad):
    c = torch.tensor([bad, 2.0], requires_grad=True)
    eval(f'torch.distributions.{call}.rsample()').sum().backward()
    assert c.grad[0].isnan()


def test_without_checks_anything_goes():
    assert torch.distributions.Normal(0, -1, validate_args=False).scale == -1


def test_checks_are_switched_off_for_all_that_are_not_told_otherwise():
    d = torch.distributions
    try:
        d.Distribution.set_default_validate_args(False)
        assert d.Normal(0, -1).log_prob(torch.tensor(math.nan)).isnan()
        with refused(ValueError, 'parameter scale'):
            d.Normal(0, -1, validate_args=True)
    finally:
        d.Distribution.set_default_validate_args(True)
    with refused(ValueError, 'parameter scale'):
        d.Normal(0, -1)
    with refused(ValueError, 'True or False', 'switches'):
        d.Distribution.set_default_validate_args('no')


def test_a_distribution_of_ones_own_without_rules_is_warned_of():
    class Zero(torch.distributions.Distribution):
        def log_prob(self, value):
            self._validate_sample(value)
            return torch.where(value == 0, 0.0, -math.inf)

    with pytest.warns(UserWarning, match='does not define `arg_constraints`'):
        zero = Zero()
    with pytest.warns(UserWarning, match='does not define `support`'):
        assert zero.log_prob(torch.tensor(0.0)) == 0
    with refused(NotImplementedError, 'Zero.mean', 'samples'):
        zero.mean


def test_a_constraint_of_ones_own_has_the_transform_that_is_registered():
    d = torch.distributions

    class Even(d.constraints.Constraint):
        pass

    @d.transform_to.register(Even)
    def to_even(constraint):
        return d.AffineTransform(0, 2)

    assert d.transform_to(Even())(torch.tensor(3.0)) == 6
    with refused(NotImplementedError, 'Cannot transform Even', 'Register'):
        d.biject_to(Even())


def test_a_gamma_sample_with_a_large_rate_is_not_0():
    for concentration in 0.01, 1.0:
        rate = torch.tensor(1e38, requires_grad=True)
        drawn = torch.distributions.Gamma(concentration, rate).rsample((50,))
        drawn.sum().backward()
        assert (drawn >= torch.finfo(torch.float32).tiny).all() and rate.grad.isfinite()


def test_a_small_variance_of_beta_keeps_its_digits():
    for a, b in [(1e6, 1e-3), (1e-9, 1.0), (3e4, 0.3)]:
        total = a + b
        assert torch.distributions.Beta(a, b).variance.item() == pytest.approx(
            a * b / (total ** 2 * (total + 1)), rel=1e-5, abs=0)


def test_what_follows_from_a_parameter_has_its_gradient_also_after_a_sample():
    logits = torch.tensor([0.5, -1.0], requires_grad=True)
    for kind in torch.distributions.Bernoulli, torch.distributions.Categorical:
        distribution = kind(logits=logits)
        distribution.sample()
        assert distribution.probs.requires_grad and distribution.probs is distribution.probs
