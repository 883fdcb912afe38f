"""nn.init: what fills matrices and filters with ones and zeros, and the older names."""
import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

nn = torch.nn


@pytest.fixture(params=['here', 'PyTorch'])
def library(request):
    return torch if request.param == 'here' else pytest.importorskip('torch')


@pytest.mark.parametrize('rows, columns', [(2, 3), (3, 2), (0, 2)])
def test_an_identity_passes_on_as_many_inputs_as_there_are_outputs(rows, columns, library):
    w = library.nn.Parameter(library.full((rows, columns), 7.0))
    assert library.nn.init.eye_(w) is w and w.requires_grad and w.is_leaf
    assert w.tolist() == np.eye(rows, columns).tolist()


@pytest.mark.parametrize('groups, filters, channels', [(1, 3, 2), (2, 4, 2), (2, 4, 1)])
@pytest.mark.parametrize('size', [(3,), (3, 5), (2, 1, 3)])
def test_dirac_filters_pass_their_channels_on(groups, filters, channels, size, library):
    w = library.full((filters, channels, *size), 7.0)
    assert library.nn.init.dirac_(w, groups) is w
    expected = np.zeros(w.shape)
    for group in range(groups):
        for i in range(min(filters // groups, channels)):
            expected[(group * filters // groups + i, i, *(n // 2 for n in size))] = 1
    assert w.tolist() == expected.tolist()


def test_a_convolution_with_dirac_filters_is_the_identity():
    conv = nn.Conv2d(4, 4, 3, padding='same', groups=2, bias=False)
    nn.init.dirac_(conv.weight, 2)
    x = torch.rand(1, 4, 5, 5)
    assert conv(x).tolist() == x.tolist()


@pytest.mark.parametrize('sparsity, zeros', [(0.0, 0), (0.1, 1), (0.5, 5), (0.55, 6), (1.0, 10)])
def test_a_sparse_matrix_has_as_many_zeros_in_each_column(sparsity, zeros, library):
    library.manual_seed(0)
    w = library.nn.init.sparse_(library.ones(10, 300), sparsity, std=0.1)
    assert ((w == 0).sum(0) == zeros).all()
    if zeros < 10:
        assert w[w != 0].std().item() == pytest.approx(0.1, rel=0.1)


def test_where_the_zeros_are_is_drawn_by_the_packages_generator_the_rest_by_its_own():
    def drawn(seed):
        torch.manual_seed(seed)
        return nn.init.sparse_(torch.ones(9, 9), 0.5,
                               generator=torch.Generator().manual_seed(7))
    assert (drawn(1) == drawn(1)).all() and not (drawn(1) == drawn(2)).all()


OLDER = {'uniform': {}, 'normal': {}, 'constant': dict(val=2.0), 'eye': {}, 'xavier_uniform': {},
         'xavier_normal': {}, 'kaiming_uniform': {}, 'kaiming_normal': {}, 'orthogonal': {},
         'sparse': dict(sparsity=0.5), 'dirac': {}}


@pytest.mark.parametrize('name', OLDER)
def test_older_names_do_the_same_and_warn(name, library):
    shape, init = (4, 3, 3) if name == 'dirac' else (4, 3), library.nn.init
    library.manual_seed(0)
    expected = getattr(init, f'{name}_')(library.empty(*shape), **OLDER[name])
    library.manual_seed(0)
    with pytest.warns(FutureWarning, match=f'`nn.init.{name}` is now deprecated in favor of '
                                           f'`nn.init.{name}_`') as caught:
        w = library.empty(*shape)
        found = getattr(init, name)(w, **OLDER[name])
    assert found is w and (found == expected).all() and getattr(init, name).__name__ == name
    assert caught[0].filename == __file__
    assert name in getattr(init, name).__doc__


@pytest.mark.parametrize('error, parts, act', [
    (ValueError, ('2 dimensions', 'has 3', 'dirac_'), lambda: nn.init.eye_(torch.ones(1, 1, 1))),
    (ValueError, ('2 dimensions', 'has 1'), lambda: nn.init.sparse_(torch.ones(2), 0.5)),
    (ValueError, ('3, 4, or 5', 'has 2', 'eye_'), lambda: nn.init.dirac_(torch.ones(2, 2))),
    (ValueError, ('divisible by groups', '3', '2'), lambda: nn.init.dirac_(torch.ones(3, 1, 1), 2)),
])
def test_tensors_that_cannot_be_filled_so_are_refused(error, parts, act):
    with refused(error, *parts):
        act()
