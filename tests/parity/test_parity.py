"""PyTorch's own samples, errors and optimizer settings: this package agrees or refuses."""

import os
import random

import pytest

pytorch = pytest.importorskip('torch', reason='PyTorch, the oracle of these tests, is not here')
pytest.importorskip('torch.testing._internal.common_methods_invocations')

import test_edges as edges  # noqa: E402
from helpers import tolerance  # noqa: E402

from . import layers, operations, optimizers, programs, training  # noqa: E402
from .table import table  # noqa: E402

# Random programs: how many of each kind, and from which seed on; every run has new ones.
PROGRAMS = int(os.environ.get('PARITY_PROGRAMS', 200))
FIRST = int(os.environ.get('PARITY_SEED') or random.randrange(10 ** 9))
KINDS = {       # how one is made, how it is tried, and seeds whose program has once failed
    'views': (programs.of_views, programs.wrong, []),
    'indexing': (programs.of_indexing, programs.wrong, [71]),
    'layers': (programs.of_layers, programs.wrong, [9, 52]),
    'trainings': (training.training, training.wrong, [])}


@pytest.mark.parametrize('name', operations.NAMES)
def test_an_operation_is_never_silently_different(name):
    report = operations.report(name)
    assert report.samples > 0
    assert report.different == report.raised == report.accepted == 0, '\n'.join(report.failures)


def test_97_of_100_samples_agree_in_every_value_and_gradient():
    reports = [operations.report(name) for name in operations.NAMES]
    print(table(reports))
    assert sum(r.agree for r in reports) >= 0.97 * sum(r.samples for r in reports)


@pytest.mark.parametrize('name', optimizers.NAMES)
def test_every_setting_of_an_optimizer_has_the_trajectory_of_pytorch(name):
    report = optimizers.report(name)
    assert report.samples == report.agree > 0, '\n'.join(report.failures)
    assert report.accepted == 0, '\n'.join(report.failures)


@pytest.mark.parametrize('kind', KINDS)
def test_random_programs_do_what_they_do_in_pytorch(kind):
    make, wrong, failed = KINDS[kind]
    failures = {seed: wrong(make(seed)) for seed in [*failed, *range(FIRST, FIRST + PROGRAMS)]}
    assert not any(failures.values()), f'PARITY_SEED={FIRST}\n' + '\n\n'.join(
        f'{text}\n{seed} belongs in KINDS' for seed, text in failures.items() if text)


def test_dtypes_are_promoted_as_in_pytorch():
    failures = [programs.wrong(lines) for lines in programs.of_dtypes()]
    assert not any(failures), '\n'.join(filter(None, failures))


@pytest.mark.parametrize('name', layers.LAYERS)
def test_a_layer_accepts_no_argument_that_pytorch_refuses(name):
    assert layers.wrong(name) == []


@pytest.mark.parametrize('second', [False, True])
def test_infinities_nan_zeros_and_kinks_give_what_pytorch_gives(second):
    failures = []
    for row in edges.TWICE if second else edges.ROWS:
        ours = edges.answers(edges.torch, row, second)
        theirs = edges.answers(pytorch, row, second)
        kept = edges.KEPT_SECOND if second else edges.KEPT
        failures += edges.wrong(row, ours, theirs, kept, tolerance(row[1], 1e-9), second)[0]
    assert not failures, '\n'.join(failures)
