"""Batch norm, forward and backward."""
from __future__ import annotations

import numpy as np

from .... import Generator, tensor
from ....nn import functional as F
from ....teach import datasets
from ..exercise import Exercise, Mistake, Training

TEXT = """
Batch norm shifts and scales each column of x, (n, features), to mean 0 and
variance 1 over the batch, and then by two parameters, weight and bias:

    x_hat = (x - mean) / sqrt(var + eps)
    out = weight x_hat + bias

At evaluation there need be no batch. Therefore, in training, running means
are kept, of which a batch has the share momentum:

    running_mean = (1 - momentum) running_mean + momentum mean
    running_var  = (1 - momentum) running_var  + momentum var_unbiased

var is the sum of the squared distances from the mean over n, var_unbiased
over n - 1. If training is False, running_mean and running_var are used in
place of the batch's, and stay as they are.

The backward is that of training, from g, the gradient of out. Mean and
variance depend on x, too, which gives dx two terms more. All arrays but x, g,
out and dx have the shape (features,).
"""


def batch_norm(x, weight, bias, running_mean, running_var, training,
               momentum, eps):
    """out, and the new running_mean and running_var."""
    mean, var = running_mean, running_var
    if training:
        n = len(x)
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        unbiased = var * n / (n - 1)
        running_var = (1 - momentum) * running_var + momentum * unbiased
    x_hat = (x - mean) / np.sqrt(var + eps)
    return weight * x_hat + bias, running_mean, running_var


def batch_norm_backward(x, weight, eps, g):
    """dx, dweight and dbias."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dweight = (g * x_hat).sum(axis=0)
    dbias = g.sum(axis=0)
    dx = weight / std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0))
    return dx, dweight, dbias


def by_columns(x, weight, bias, running_mean, running_var, training, momentum, eps):
    n, features = x.shape
    out, new_mean, new_var = np.empty_like(x), running_mean.copy(), running_var.copy()
    for j in range(features):
        m, v = running_mean[j], running_var[j]
        if training:
            m = sum(x[:, j]) / n
            v = sum((x[:, j] - m)**2) / n
            new_mean[j] += momentum * (m - new_mean[j])
            new_var[j] += momentum * (sum((x[:, j] - m)**2) / (n - 1) - new_var[j])
        out[:, j] = (x[:, j] - m) * (v + eps)**-0.5 * weight[j] + bias[j]
    return out, new_mean, new_var


def step_by_step(x, weight, eps, g):
    n = x.shape[0]
    centred = x - np.mean(x, axis=0)
    var = np.mean(centred**2, axis=0)
    inv_std = 1 / np.sqrt(var + eps)
    dx_hat = g * weight
    dvar = np.sum(dx_hat * centred, axis=0) * -0.5 * inv_std**3
    dmean = -np.sum(dx_hat * inv_std, axis=0) + dvar * np.mean(-2 * centred, axis=0)
    dx = dx_hat * inv_std + dvar * 2 * centred / n + dmean / n
    return dx, np.sum(g * centred * inv_std, axis=0), np.sum(g, axis=0)


def in_one_formula(x, weight, eps, g):
    n = len(x)
    std = np.sqrt(((x - x.mean(0))**2).mean(0) + eps)
    x_hat = (x - x.mean(0)) / std
    dx_hat = g * weight
    return (n * dx_hat - dx_hat.sum(0) - x_hat * (dx_hat * x_hat).sum(0)) / (n * std), (
        g * x_hat).sum(0), g.sum(0)


def with_ddof(x, weight, bias, running_mean, running_var, training, momentum, eps):
    if not training:
        scale = weight / np.sqrt(running_var + eps)
        return x * scale + (bias - running_mean * scale), running_mean, running_var
    out = (x - np.mean(x, 0)) / (np.var(x, 0) + eps)**0.5 * weight + bias
    return (out, running_mean * (1 - momentum) + np.mean(x, 0) * momentum,
            running_var * (1 - momentum) + np.var(x, 0, ddof=1) * momentum)


def use(learner, x, weight, bias, running_mean, running_var, training, momentum, eps, g):
    """The results of both."""
    forward = learner.batch_norm(x, weight, bias, running_mean, running_var, training, momentum,
                                 eps)
    backward = learner.batch_norm_backward(x, weight, eps, g)
    if forward is None or backward is None:
        return forward or backward
    return (*forward, *backward)


def inputs(rng):
    yield (np.array([[1.0], [3.0]]), np.array([2.0]), np.array([10.0]), np.array([0.0]),
           np.array([1.0]), True, 0.25, 3.0, np.array([[1.0], [0.0]]))
    yield (np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 8.0]]), np.array([1.0, 2.0]), np.zeros(2),
           np.array([3.0, 4.0]), np.array([3.75, 0.75]), False, 0.25, 0.25,
           np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))
    for eps, training in (1e-5, True), (0.5, True), (0.1, False), (1e-3, True), (1.0, True):
        n, k = rng.choice([3, 4, 5, 6, 7], 2, False)
        yield (rng.normal(rng.normal(size=k), 1, (n, k)), rng.normal(size=k), rng.normal(size=k),
               rng.normal(size=k), rng.uniform(0.5, 3, k), training, rng.uniform(0.1, 0.4), eps,
               rng.normal(size=(n, k)))
    yield (*(rng.normal(size=shape).astype(np.float32) for shape in ((6, 3), 3, 3, 3)),
           rng.uniform(0.5, 2, 3).astype(np.float32), True, 0.125, 0.01,
           rng.normal(size=(6, 3)).astype(np.float32))
    yield (np.full((4, 2), [3.0, -1.0]), np.array([1.0, 2.0]), np.array([0.0, 5.0]), np.ones(2),
           np.ones(2), True, 0.1, 0.25, rng.normal(size=(4, 2)))


def package(x, weight, bias, running_mean, running_var, training, momentum, eps, g):
    arrays = [tensor(a, requires_grad=True) for a in (x, weight, bias)]
    mean, var = tensor(running_mean), tensor(running_var)
    out = F.batch_norm(arrays[0], mean, var, *arrays[1:], training, momentum, eps)
    F.batch_norm(arrays[0], None, None, *arrays[1:], True, momentum, eps).backward(tensor(g))
    return (out.detach().numpy(), mean.numpy(), var.numpy(), *(a.grad.numpy() for a in arrays))


def trained(program, training):
    """The loss of a network of 16 units with batch norm on spirals, after 100 steps."""
    x, y = datasets.spirals(150, generator=Generator().manual_seed(0))
    x, lr, eps, ones = x.numpy() + 3.0, 0.3, 1e-5, np.ones(16)
    rng = np.random.default_rng(0)
    first, last = rng.normal(size=(2, 16)), rng.normal(0, 0.25, (16, 3))
    weight, bias, mean, var = ones, 0 * ones, 0 * ones, ones
    for step in range(101):
        h = x @ first
        state = h, weight, bias, mean, var, training or step < 100, 0.1, eps
        out, new_mean, new_var, *_ = program(*state, np.zeros_like(h))
        out, w = tensor(out, requires_grad=True), tensor(last, requires_grad=True)
        loss = F.cross_entropy(out.relu() @ w, y)
        loss.backward()
        if step < 100:
            mean, var = new_mean, new_var
            dx, dweight, dbias = program(*state, out.grad.numpy())[3:]
            first, last = first - lr * x.T @ dx, last - lr * w.grad.numpy()
            weight, bias = weight - lr * dweight, bias - lr * dbias
    return loss.item()


def of_two_rows(program):
    x, zeros, ones = np.array([[10.0, 0.0], [20.0, 2.0]]), np.zeros(2), np.ones(2)
    return float(program(x, ones, zeros, zeros, ones, True, 0.1, 1e-5, x)[0][0, 0])


COLUMN = np.array([[1.0], [2.0], [6.0], [7.0]])


def on_a_column(k, training=True, g=(1.0, 0.0, 0.0, 0.0), x=COLUMN, eps=0.0):
    """The first number of result k, for weight 2, bias 1, running mean 0, running variance 1."""
    one = np.ones(1)
    return lambda program: float(np.ravel(program(
        x, 2 * one, one, 0 * one, one, training, 0.1, eps, np.array(g)[:, None])[k])[0])


STATISTICS = 'mean, var = x.mean(axis=0), x.var(axis=0)'
RUNNING_MEAN = 'running_mean = (1 - momentum) * running_mean + momentum * mean'
UNBIASED = 'unbiased = var * n / (n - 1)'
RUNNING_VAR = 'running_var = (1 - momentum) * running_var + momentum * unbiased'
X_HAT = '    x_hat = (x - mean) / np.sqrt(var + eps)'
OUT = 'weight * x_hat + bias'
STD = 'std = np.sqrt(x.var(axis=0) + eps)'
DX = 'dx = weight / std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0))'
DWEIGHT, DBIAS = 'dweight = (g * x_hat).sum(axis=0)', 'dbias = g.sum(axis=0)'

EVALUATION = Training('the loss at evaluation of a network with batch norm, after 100 steps on '
                      'spirals', lambda program: trained(program, False))
TRAINING = Training('the loss of a network with batch norm, after 100 steps on spirals',
                    lambda program: trained(program, True))
VARIANCE = Training('the running variance after a batch of 1, 2, 6 and 7, from 1', on_a_column(2))
FIRST = Training('the first output for a batch of 1, 2, 6 and 7, with weight 2 and bias 1',
                 on_a_column(0))
AT_EVALUATION = Training('the output at evaluation for x = 1, with running mean 0 and running '
                         'variance 1, weight 2 and bias 1', on_a_column(0, False))
ROWS = Training('the first output of two rows, (10, 0) and (20, 2)', of_two_rows)
EQUAL = Training('the output for a batch whose numbers are all 3, with weight 2 and bias 1',
                 on_a_column(0, x=np.full((4, 1), 3.0), eps=1e-5))
SLOPE = Training('the first slope for a batch of 1, 2, 6 and 7, of the first output with weight 2',
                 on_a_column(3))
DWEIGHTS = Training('the slope of the first output to the weight, for a batch of 1, 2, 6 and 7',
                    on_a_column(4))
DBIASES = Training('the slope of the sum of four outputs to the bias', on_a_column(5, g=np.ones(4)))

exercise = Exercise(
    22, 'Batch norm, forward and backward', chapter=12, text=TEXT,
    solution=[batch_norm, batch_norm_backward], inputs=inputs, use=use, training=TRAINING,
    right=[(by_columns, step_by_step), (with_ddof, in_one_formula)], package=package,
    returns=['out', 'running_mean', 'running_var', 'dx', 'dweight', 'dbias'],
    hints=['All means are over the batch, axis 0: one for each feature.',
           'x.var(axis=0) divides by n, and that is what normalises. x.var(axis=0, ddof=1) divides '
           'by n - 1, and that is what goes into running_var.',
           'dx = weight / std * (g - mean of g - x_hat * mean of (g x_hat)), with means over the '
           'batch: the first is there because mean depends on x, the second because var does.'],
    mistakes=[
        Mistake('a running mean and variance in which momentum is the share of the old: that is '
                'how Keras counts. In PyTorch it is the share of the new',
                (RUNNING_MEAN, 'running_mean = momentum * running_mean + (1 - momentum) * mean'),
                (RUNNING_VAR, 'running_var = momentum * running_var + (1 - momentum) * unbiased'),
                training=VARIANCE),
        Mistake('a running variance made of the one over n: PyTorch keeps the one over n - 1',
                (UNBIASED, 'unbiased = var'), training=VARIANCE),
        Mistake('a running variance that is corrected the wrong way, by (n - 1) / n',
                (UNBIASED, 'unbiased = var * (n - 1) / n'), training=VARIANCE),
        Mistake('a running variance that keeps the standard deviation',
                (UNBIASED, 'unbiased = np.sqrt(var * n / (n - 1))'), training=VARIANCE,
                also=[[(UNBIASED, 'unbiased = np.sqrt(var)')]]),
        Mistake('a running mean and variance that do not run: they stay as they are',
                (RUNNING_MEAN, 'pass'), (RUNNING_VAR, 'pass'), training=EVALUATION),
        Mistake('a running mean and variance that are those of the last batch',
                (RUNNING_MEAN, 'running_mean = mean'), (RUNNING_VAR, 'running_var = unbiased'),
                training=VARIANCE),
        Mistake('a running mean and variance to which the new are added, and no old is taken away: '
                'they grow and grow',
                (RUNNING_MEAN, 'running_mean = running_mean + momentum * mean'),
                (RUNNING_VAR, 'running_var = running_var + momentum * unbiased'),
                training=EVALUATION),
        Mistake('a batch norm that uses and updates the statistics of the batch at evaluation, '
                'too: training is not looked at', ('if training', 'if True'),
                training=AT_EVALUATION),
        Mistake('a batch norm that uses the statistics of the batch at evaluation, too',
                (X_HAT, f'    {STATISTICS}\n{X_HAT}'),
                training=AT_EVALUATION),
        Mistake('a batch norm that goes on with the running mean and variance at evaluation',
                ('    mean, var = running_mean, running_var\n    if training',
                 '    old = running_mean, running_var\n    if True'),
                (X_HAT, f'    mean, var = (mean, var) if training else old\n{X_HAT}'),
                training=Training('the running variance after a batch of 1, 2, 6 and 7 at '
                                  'evaluation, where it was 1', on_a_column(2, False))),
        Mistake('a batch norm that uses the running mean and variance in training, too',
                (X_HAT, X_HAT.replace('mean', 'running_mean').replace('var', 'running_var')),
                training=FIRST),
        Mistake('a batch norm whose own variance is the one over n - 1 (ddof=1)',
                (STATISTICS, 'mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)'),
                (UNBIASED, 'unbiased = var'), training=FIRST),
        Mistake('a batch norm whose own variance is the one over n - 1 (ddof=1), and is corrected '
                'again for the running one',
                (STATISTICS, 'mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)'), training=FIRST),
        Mistake('a batch norm over each row: that is layer norm. Here the mean is over the batch, '
                'axis 0', (STATISTICS, 'mean, var = (f(axis=1, keepdims=True) for f in (x.mean, '
                                       'x.var))'), training=ROWS,
                also=[[(STATISTICS, 'mean, var = x.mean(axis=1), x.var(axis=1)')]]),
        Mistake('a batch norm with one mean and one variance for all features',
                (STATISTICS, 'mean, var = x.mean(), x.var()'), training=ROWS),
        Mistake('a batch norm with eps outside the root',
                (X_HAT, '    x_hat = (x - mean) / (np.sqrt(var) + eps)'), training=Training(
                    'the first output for a batch of 0 and 0.002, with weight 2, bias 1, eps = '
                    '1e-5', on_a_column(0, x=np.array([[0.0], [0.002]]), g=(1, 0), eps=1e-5))),
        Mistake('a batch norm without eps: 0 / 0 is nan where all numbers are alike',
                (X_HAT, '    x_hat = (x - mean) / np.sqrt(var)'), training=EQUAL),
        Mistake('a batch norm that divides by the variance, not by its root',
                (X_HAT, '    x_hat = (x - mean) / (var + eps)'), training=FIRST),
        Mistake('a batch norm that does not subtract the mean',
                (X_HAT, '    x_hat = x / np.sqrt(var + eps)'), training=FIRST),
        Mistake('a batch norm that only subtracts the mean',
                (X_HAT, '    x_hat = x - mean'), training=FIRST),
        Mistake('a batch norm without weight and bias', (OUT, 'x_hat'), training=FIRST),
        Mistake('a batch norm without its bias', (OUT, 'weight * x_hat'), training=FIRST),
        Mistake('a batch norm without its weight', (OUT, 'x_hat + bias'), training=FIRST),
        Mistake('a batch norm with weight and bias exchanged', (OUT, 'bias * x_hat + weight'),
                training=FIRST),
        Mistake('a dx that takes mean and variance for constants: two terms are missing',
                (DX, 'dx = weight / std * g')),
        Mistake('a dx that takes the variance for a constant: the term with x_hat is missing',
                (DX, 'dx = weight / std * (g - g.mean(axis=0))'), training=SLOPE),
        Mistake('a dx that takes the mean for a constant: the mean of g is not subtracted',
                (DX, 'dx = weight / std * (g - x_hat * (g * x_hat).mean(axis=0))'),
                training=SLOPE),
        Mistake('a dx with sums where the means over the batch should stand',
                (DX, DX.replace('.mean(', '.sum(')), training=SLOPE),
        Mistake('a dx whose term of the variance has the wrong sign',
                (DX, DX.replace('- x_hat', '+ x_hat')), training=SLOPE),
        Mistake('a dx without the weight', (DX, DX.replace('weight / std', '1 / std')),
                training=SLOPE),
        Mistake('a dx without 1 / std', (DX, DX.replace('weight / std', 'weight')),
                training=SLOPE),
        Mistake('a dx divided by the variance, not by its root',
                (DX, DX.replace('/ std', '/ std**2')), training=SLOPE),
        Mistake('a dx whose term of the variance has x - mean in place of x_hat',
                (DX, DX.replace('- x_hat', '- (x - x.mean(axis=0))')), training=SLOPE),
        Mistake('a backward whose variance is the one over n - 1',
                (STD, STD.replace('axis=0', 'axis=0, ddof=1')), training=SLOPE),
        Mistake('a backward with eps outside the root',
                (STD, 'std = np.sqrt(x.var(axis=0)) + eps'), training=Training(
                    'the slope of the first output to the weight, for a batch of 0 and 0.002, eps '
                    '= 1e-5', on_a_column(4, x=np.array([[0.0], [0.002]]), g=(1, 0), eps=1e-5))),
        Mistake('a backward without eps', (STD, 'std = np.sqrt(x.var(axis=0))'), training=Training(
                    'the slope of the first output to the weight, for a batch whose numbers are '
                    'all 3', on_a_column(4, x=np.full((4, 1), 3.0), eps=1e-5))),
        Mistake('a dweight with x in place of x_hat: the weight is multiplied by x_hat',
                (DWEIGHT, 'dweight = (g * x).sum(axis=0)'), training=DWEIGHTS),
        Mistake('a dweight with x - mean in place of x_hat',
                (DWEIGHT, 'dweight = (g * (x - x.mean(axis=0))).sum(axis=0)'), training=DWEIGHTS),
        Mistake('a dweight that is a mean over the batch: it is a sum, as the weight is used in '
                'each row', (DWEIGHT, DWEIGHT.replace('sum', 'mean')), training=DWEIGHTS),
        Mistake('a dbias that is a mean over the batch: it is a sum, as the bias is used in each '
                'row', (DBIAS, DBIAS.replace('sum', 'mean')), training=DBIASES),
        Mistake('a dweight that is not summed over the batch', (DWEIGHT, 'dweight = g * x_hat'),
                training=Training('the number of gradients for one weight and a batch of four',
                                  lambda program: np.size(program(
                                      COLUMN, *np.ones((4, 1)), True, 0.1, 0.0, COLUMN)[4]))),
        Mistake('a dbias that is not summed over the batch', (DBIAS, 'dbias = g'),
                training=Training('the number of gradients for one bias and a batch of four',
                                  lambda program: np.size(program(
                                      COLUMN, *np.ones((4, 1)), True, 0.1, 0.0, COLUMN)[5]))),
        Mistake('a dbias multiplied by the weight', (DBIAS, 'dbias = (g * weight).sum(axis=0)'),
                training=DBIASES),
        Mistake('a dweight and a dbias that are exchanged',
                (DWEIGHT, DWEIGHT.replace('dweight', 'dbias')),
                (DBIAS, DBIAS.replace('dbias', 'dweight')), training=DBIASES),
    ])
