"""ctc_loss against its definition: the sum over all ways to read a text."""

from itertools import groupby, product

import numpy as np
import pytest
import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam.autograd import gradcheck
from tinygrad_adam.nn.functional import ctc_loss


def log_probs(*shape):
    scores = np.random.default_rng(sum(shape)).normal(size=shape)
    return torch.tensor(scores, requires_grad=True).log_softmax(-1)


def by_definition(log_probs, text, blank=0):
    """Minus the log of the sum of the probabilities of all ways that read as the text."""
    p, total = np.exp(log_probs.detach().numpy()), 0.0
    for way in product(range(p.shape[1]), repeat=len(p)):
        letters = [letter for letter, _ in groupby(way) if letter != blank]
        if letters == list(text):
            total += np.prod([row[letter] for row, letter in zip(p, way)])
    return -np.log(total) if total else np.inf


@pytest.mark.parametrize('text', [(), (1,), (1, 2), (1, 1), (2, 1, 2), (1, 2, 1, 1), (1, 1, 1, 1)])
def test_the_loss_is_minus_the_log_of_the_sum_over_all_ways(text):
    p = log_probs(5, 3)
    loss = ctc_loss(p, torch.tensor([[*text, 0]]), [5], [len(text)], reduction='sum')
    np.testing.assert_allclose(loss.item(), by_definition(p, text), rtol=1e-12)


def test_each_sequence_has_its_own_lengths_and_what_is_beyond_does_not_count():
    p, targets = log_probs(4, 3, 3), torch.tensor([[1, 2], [2, 0], [0, 1]])
    lengths, sizes = torch.tensor([4, 2, 3]), torch.tensor([2, 1, 0])
    losses = ctc_loss(p, targets, lengths, sizes, 0, 'none')
    expected = [by_definition(p[:t, i], targets[i, :s].tolist())
                for i, (t, s) in enumerate(zip(lengths.tolist(), sizes.tolist()))]
    np.testing.assert_allclose(losses.detach().numpy(), expected, rtol=1e-12)
    joined = ctc_loss(p, torch.tensor([1, 2, 2]), (4, 2, 3), (2, 1, 0), reduction='none')
    assert (joined == losses).all()
    mean = ctc_loss(p, targets, lengths, sizes)
    np.testing.assert_allclose(mean.item(), np.mean(np.array(expected) / [2, 1, 1]), rtol=1e-12)


def test_the_gradient_through_log_softmax_is_that_of_finite_differences():
    scores = torch.tensor(np.random.default_rng(0).normal(size=(5, 2, 4)), requires_grad=True)
    targets = torch.tensor([[1, 1, 2], [3, 0, 0]])
    assert gradcheck(lambda x: ctc_loss(x.log_softmax(-1), targets, [5, 4], [3, 1],
                                        reduction='none'), (scores,))


def test_an_impossible_text_costs_infinity_or_nothing():
    p = log_probs(2, 2, 3)
    p.retain_grad()
    targets = torch.tensor([[1, 1], [1, 2]])       # 1 1 needs a blank between
    assert ctc_loss(p, targets, [2, 2], [2, 2], reduction='none')[0] == float('inf')
    losses = ctc_loss(p, targets, [2, 2], [2, 2], reduction='none', zero_infinity=True)
    assert losses[0] == 0 and losses[1] > 0
    losses.sum().backward()
    assert (p.grad[:, 0] == 0).all() and (p.grad[:, 1] != 0).any()


def test_float32_stays_float32_and_a_long_sequence_does_not_underflow():
    p = torch.zeros(2000, 1, 5, requires_grad=True)
    loss = ctc_loss(p.log_softmax(-1), torch.ones(1, 10).long(), [2000], [10])
    loss.backward()
    assert loss.dtype == p.grad.dtype == torch.float32
    assert torch.isfinite(loss) and torch.isfinite(p.grad).all()


P, TARGETS = torch.zeros(4, 2, 3).log_softmax(-1), torch.tensor([[1, 2], [2, 1]])


@pytest.mark.parametrize('error, parts, act', [
    (RuntimeError, ['blank', '0 to 2', '3'], lambda: ctc_loss(P, TARGETS, [4, 4], [2, 2], 3)),
    (RuntimeError, ['input_lengths', 'batch_size'], lambda: ctc_loss(P, TARGETS, [4], [2, 2])),
    (RuntimeError, ['input_lengths', 'at most 4'], lambda: ctc_loss(P, TARGETS, [5, 4], [2, 2])),
    (RuntimeError, ['target_lengths', '-1'], lambda: ctc_loss(P, TARGETS, [4, 4], [2, -1])),
    (TypeError, ['target_lengths', 'float'], lambda: ctc_loss(P, TARGETS, [4, 4], [2.0, 2.0])),
    (RuntimeError, ['size 3', '4 targets'],
     lambda: ctc_loss(P, TARGETS.flatten(), [4, 4], [2, 1])),
    (RuntimeError, ['(2, S)', '(1, 2)'], lambda: ctc_loss(P, TARGETS[:1], [4, 4], [2, 2])),
    (IndexError, ['3', '3 classes'], lambda: ctc_loss(P, TARGETS + 1, [4, 4], [2, 2])),
    (RuntimeError, ['blank', 'PyTorch'], lambda: ctc_loss(P, TARGETS - 1, [4, 4], [2, 2])),
    (RuntimeError, ['(T, N, C)', 'log_softmax'], lambda: ctc_loss(P[0, 0], TARGETS, [4], [2])),
    (ValueError, ['reduction'], lambda: ctc_loss(P, TARGETS, [4, 4], [2, 2], reduction='all')),
])
def test_what_does_not_fit_is_refused(error, parts, act):
    with refused(error, *parts):
        act()


def test_a_second_derivative_is_refused():
    p = log_probs(4, 2, 3)
    with refused(NotImplementedError, 'create_graph', 'first derivative'):
        ctc_loss(p, TARGETS, [4, 4], [2, 2]).backward(create_graph=True)
