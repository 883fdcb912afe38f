"""The most common mistakes of learners: each is refused, and the advice, followed literally, works.

A row is a mistake, what the error must advise, and the same line with that advice followed. Where
PyTorch says nothing, teach.diagnose does, on demand.
"""
import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.teach import diagnose

F = nn.functional


def names(torch):
    """What the rows mention, made anew for each."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(64, 3)
    return dict(
        torch=torch, nn=torch.nn, F=torch.nn.functional, optim=torch.optim, np=np,
        input=torch.rand(4, 3), target=torch.tensor([0, 2, 1, 1]), images=torch.rand(4, 1, 8, 8),
        array=np.ones((4, 64)), layer=layer, weight=torch.ones(2, requires_grad=True),
        state=torch.nn.LSTM(8, 64)(torch.rand(5, 4, 8)))


ROWS = [
    # Targets.
    ('labels are floats', RuntimeError, 'F.cross_entropy(input, target.float())',
     'Use target.long()', 'F.cross_entropy(input, target.float().long())'),
    ('labels are int32', RuntimeError, 'F.cross_entropy(input, target.int())',
     'Use target.long()', 'F.cross_entropy(input, target.int().long())'),
    ('labels are one-hot integers', RuntimeError, 'F.cross_entropy(input, F.one_hot(target))',
     'target.argmax(1)', 'F.cross_entropy(input, F.one_hot(target).argmax(1))'),
    ('probabilities are integers', RuntimeError, 'F.cross_entropy(input, F.one_hot(target))',
     'Use target.float()', 'F.cross_entropy(input, F.one_hot(target).float())'),
    ('labels are a column', RuntimeError, 'F.cross_entropy(input, target[:, None])',
     'Use target.squeeze(1)', 'F.cross_entropy(input, target[:, None].squeeze(1))'),
    ('labels are a column of floats', RuntimeError,
     'F.cross_entropy(input, target[:, None].float())', 'Use target.squeeze(1).long()',
     'F.cross_entropy(input, target[:, None].float().squeeze(1).long())'),
    ('labels of a sequence', ValueError, 'F.cross_entropy(input, target.reshape(2, 2))',
     'Use target.flatten()', 'F.cross_entropy(input, target.reshape(2, 2).flatten())'),
    ('classes of a sequence come last', RuntimeError,
     'F.cross_entropy(input.reshape(2, 2, 3), target.reshape(2, 2))',
     'Use input.flatten(0, -2) and target.flatten()',
     'F.cross_entropy(input.reshape(2, 2, 3).flatten(0, -2), target.reshape(2, 2).flatten())'),
    ('masks have a channel', RuntimeError,
     'F.cross_entropy(torch.rand(2, 3, 4, 4), torch.ones(2, 1, 4, 4).long())',
     'Use target.squeeze(1)',
     'F.cross_entropy(torch.rand(2, 3, 4, 4), torch.ones(2, 1, 4, 4).long().squeeze(1))'),
    ('classes are numbered from 1', IndexError, 'F.cross_entropy(input, target + 1)',
     'Use a last layer of 4 scores', 'F.cross_entropy(torch.rand(4, 4), target + 1)'),
    ('-1 stands for no class', IndexError, 'F.cross_entropy(input, target - 1)',
     'ignore_index=-1', 'F.cross_entropy(input, target - 1, ignore_index=-1)'),
    ('a loss is called with what it is made of', RuntimeError, 'nn.MSELoss(input, input)',
     'Write nn.MSELoss()(input, target)', 'nn.MSELoss()(input, input)'),

    # Shapes and dtypes of losses.
    ('(n, 1) against (n,)', ValueError, 'F.binary_cross_entropy(input[:, :1], input[:, 0])',
     'Use input.squeeze(1)', 'F.binary_cross_entropy(input[:, :1].squeeze(1), input[:, 0])'),
    ('(n,) against (n, 1)', ValueError, 'F.binary_cross_entropy(input[:, 0], input[:, :1])',
     'Use target.squeeze(1)', 'F.binary_cross_entropy(input[:, 0], input[:, :1].squeeze(1))'),
    ('targets of two classes are integers', RuntimeError,
     'F.binary_cross_entropy_with_logits(input[:, 0], target // 2)',
     'Use target.float()',
     'F.binary_cross_entropy_with_logits(input[:, 0], (target // 2).float())'),
    ('scores where probabilities belong', RuntimeError,
     'F.binary_cross_entropy(input * 9, input)', 'Use sigmoid first',
     'F.binary_cross_entropy((input * 9).sigmoid(), input)'),
    ('pixels up to 255 as targets', RuntimeError,
     'F.binary_cross_entropy(input, input * 255)', 'divide pixels by 255',
     'F.binary_cross_entropy(input, input * 255 / 255)'),

    # What is given to layers.
    ('images are not flattened', RuntimeError, 'layer(images)',
     'Use input.flatten(1), or nn.Flatten() before', 'nn.Sequential(nn.Flatten(), layer)(images)'),
    ('a layer of the wrong size', RuntimeError, 'layer(input)', 'Use in_features=3',
     'nn.Linear(in_features=3, out_features=3)(input)'),
    ('a layer is given integers', RuntimeError, 'layer(torch.ones(4, 64).long())',
     'Use input.float()', 'layer(torch.ones(4, 64).long().float())'),
    ('a layer is given float64', RuntimeError, 'layer(torch.tensor(array))',
     'Use input.float()', 'layer(torch.tensor(array).float())'),
    ('a layer is given an array', TypeError, 'layer(array)',
     'Use torch.tensor(input, dtype=torch.float32)',
     'layer(torch.tensor(array, dtype=torch.float32))'),
    ('an LSTM returns its state, too', TypeError, 'layer(state)', 'Use input[0]',
     'layer(state[0])'),
    ('a convolution is given integers', RuntimeError, 'nn.Conv2d(1, 2, 3)(images.long())',
     'Use input.float()', 'nn.Conv2d(1, 2, 3)(images.long().float())'),
    ('wrong channels', RuntimeError, 'nn.Conv2d(3, 2, 3)(images)', 'Use in_channels=1',
     'nn.Conv2d(in_channels=1, out_channels=2, kernel_size=3)(images)'),
    ('channels come last', RuntimeError, 'nn.Conv2d(3, 2, 3)(torch.rand(4, 8, 8, 3))',
     'Use input.permute(0, 3, 1, 2)',
     'nn.Conv2d(3, 2, 3)(torch.rand(4, 8, 8, 3).permute(0, 3, 1, 2))'),
    ('images without a channel', RuntimeError, 'nn.Conv2d(1, 2, 3)(images[:, 0])',
     'Use input.unsqueeze(1)', 'nn.Conv2d(1, 2, 3)(images[:, 0].unsqueeze(1))'),
    ('a single image without a channel', RuntimeError, 'nn.Conv2d(1, 2, 3)(images[0, 0])',
     'Use unsqueeze(0)', 'nn.Conv2d(1, 2, 3)(images[0, 0].unsqueeze(0))'),
    ('one sample without a batch', ValueError, 'nn.BatchNorm1d(3).eval()(input[0])',
     'Use input.unsqueeze(0)', 'nn.BatchNorm1d(3).eval()(input[0].unsqueeze(0))'),
    ('a batch of one in BatchNorm', ValueError, 'nn.BatchNorm1d(3)(input[:1])',
     'Use a larger batch or eval()',
     'nn.BatchNorm1d(3)(input[:2]), nn.BatchNorm1d(3).eval()(input[:1])'),
    ('BatchNorm of another size', RuntimeError, 'nn.BatchNorm1d(4)(input)', 'Use num_features=3',
     'nn.BatchNorm1d(num_features=3)(input)'),
    ('words are floats', RuntimeError, 'nn.Embedding(3, 2)(target.float())', 'Use long()',
     'nn.Embedding(3, 2)(target.float().long())'),
    ('more words than rows', IndexError, 'nn.Embedding(2, 2)(target)', 'Use num_embeddings=3',
     'nn.Embedding(num_embeddings=3, embedding_dim=2)(target)'),
    ('-1 stands for padding', IndexError, 'nn.Embedding(3, 2)(target - 1)',
     'give those that are unknown or padding a number', 'nn.Embedding(3, 2)((target - 1) % 3)'),
    ('a function in Sequential', TypeError, 'nn.Sequential(layer, F.relu)', 'nn.ReLU() for relu',
     'nn.Sequential(layer, nn.ReLU())'),
    ('a list in Sequential', TypeError, 'nn.Sequential([layer])', 'nn.Sequential(*layers)',
     'nn.Sequential(*[layer])'),

    # Dimensions, matrices, graphs.
    ('a dimension that does not exist', IndexError, 'input.sum(dim=2)', 'or from -1 backwards',
     'input.sum(dim=-1)'),
    ('a sum of whole numbers is averaged', RuntimeError, 'target.mean()', 'Call float() first',
     'target.float().mean()'),
    ('matrices that do not fit', RuntimeError, 'input @ input', 'Transpose one of them',
     'input @ input.T'),
    ('backward from many numbers', RuntimeError, '(weight * 2).backward()', 'with .sum()',
     '(weight * 2).sum().backward()'),
    ('NumPy asks for a tensor in a graph', RuntimeError, 'weight.numpy()',
     'Use tensor.detach().numpy()', 'weight.detach().numpy()'),
    ('several numbers as one', RuntimeError, 'bool(input > 0)', 'Use .any() or .all()',
     'bool((input > 0).any()), bool((input > 0).all())'),
    ('view of a transposed matrix', RuntimeError, 'input.T.view(12)', 'Use .reshape(...) instead',
     'input.T.reshape(12)'),

    # Optimizers.
    ('an optimizer is given a model', TypeError, 'optim.SGD(layer, lr=0.1)',
     'Write model.parameters()', 'optim.SGD(layer.parameters(), lr=0.1)'),
    ('an optimizer is given layers', TypeError, 'optim.SGD([layer], lr=0.1)',
     'Write model.parameters()', 'optim.SGD(layer.parameters(), lr=0.1)'),
    ('an optimizer is given a tensor', TypeError, 'optim.SGD(weight, lr=0.1)', 'Write [w]',
     'optim.SGD([weight], lr=0.1)'),
]


@pytest.mark.parametrize('error, mistake, advice, remedy', [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])
def test_the_advice_against_a_mistake_works(error, mistake, advice, remedy):
    with pytest.raises(error) as caught:
        eval(mistake, names(torch))
    assert advice in str(caught.value)
    eval(remedy, names(torch))


@pytest.mark.parametrize('error, mistake, advice, remedy', [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])
def test_pytorch_refuses_the_same_with_the_same_error_and_takes_the_remedy(error, mistake, advice,
                                                                          remedy):
    pytorch = pytest.importorskip('torch')
    with pytest.raises(error):
        eval(mistake, names(pytorch))
    eval(remedy, names(pytorch))


@pytest.mark.parametrize('name', ['softmax', 'log_softmax', 'softmin'])
@pytest.mark.parametrize('shape', [(), (3,), (2, 3), (2, 3, 4), (2, 3, 1, 2)])
def test_softmax_without_dim_warns_and_chooses_the_dimension_that_pytorch_chooses(name, shape):
    layer = dict(softmax=nn.Softmax, log_softmax=nn.LogSoftmax, softmin=nn.Softmin)[name]()
    x = torch.rand(shape)
    dim = 0 if len(shape) in (0, 1, 3) else 1
    with pytest.warns(UserWarning, match=f'Implicit dimension choice for {name} ') as caught:
        found = getattr(F, name)(x), layer(x)
    assert [warning.filename for warning in caught] == [__file__] * 2
    assert found[0].tolist() == found[1].tolist() == getattr(F, name)(x, dim).tolist()


def test_softmax_of_a_tensor_is_computed_only_along_a_dimension_that_is_given():
    with pytest.raises(TypeError, match='dim=1 for class scores'):
        torch.softmax(torch.ones(2, 3))
    assert F.softmax(torch.ones(2, 3), dim=1).sum(1).tolist() == pytest.approx([1, 1])


# Where PyTorch says nothing.

X, Y = torch.rand(64, 4, generator=torch.Generator().manual_seed(0)), torch.arange(64) % 3


def net(*more):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3), *more)


def adam(model):
    return torch.optim.Adam(model.parameters(), lr=1e-2)


def findings(model, optimizer=None, loss=F.cross_entropy):
    return ' '.join(diagnose(model, loss, optimizer or adam(model), (X, Y)))


def test_softmax_before_cross_entropy():
    assert 'Leave the softmax out of the model' in findings(net(nn.Softmax(dim=1)))
    assert findings(net()) == ''


def test_zero_grad_forgotten():
    model = net()
    for _ in range(9):
        F.cross_entropy(model(X), Y).backward()
    optimizer = adam(model)
    assert 'Call optimizer.zero_grad() before loss.backward()' in findings(model, optimizer)
    optimizer.zero_grad()
    F.cross_entropy(model(X), Y).backward()
    assert findings(model, optimizer) == ''


def test_layers_in_a_list():
    class Net(nn.Module):
        def __init__(self, container):
            super().__init__()
            self.layers = container([nn.Linear(4, 16), nn.ReLU()])
            self.last = nn.Linear(16, 3)

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return self.last(x)

    torch.manual_seed(0)
    assert 'Write self.layers = nn.ModuleList(...)' in findings(Net(list))
    assert findings(Net(nn.ModuleList)) == ''


def test_nothing_but_a_list_of_layers():
    class Net(nn.Module):
        def __init__(self, container):
            super().__init__()
            self.layers = container([nn.Linear(4, 3)])

    with pytest.raises(ValueError, match='in an nn.ModuleList, not in a Python list'):
        adam(Net(list))
    adam(Net(nn.ModuleList))


def test_an_optimizer_made_before_the_model_was_changed():
    model = net()
    optimizer = adam(model)
    model[2] = nn.Linear(16, 3)
    assert 'from model.parameters() after the model is complete' in findings(model, optimizer)
    assert findings(model, adam(model)) == ''


def test_item_in_the_loss():
    def with_item(out, y):
        return torch.tensor(F.cross_entropy(out, y).item())

    model = net()
    assert 'look for item()' in findings(model, loss=with_item)
    with pytest.raises(RuntimeError, match=r'cut by no_grad\(\), item\(\) or detach\(\)'):
        with_item(model(X), Y).backward()
    assert findings(model) == ''


def test_a_model_left_in_evaluation_mode():
    model = net().eval()
    assert 'Call model.train() before training' in findings(model)
    model.train()
    assert findings(model) == ''


def test_super_forgotten_in_the_constructor_of_a_module():
    class Net(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(2, 1)

    with pytest.raises(AttributeError, match=r'Write super\(\).__init__\(\) first'):
        Net()


def test_a_second_backward_through_the_same_graph():
    w = torch.ones(2, requires_grad=True)
    loss = (w * w).sum()
    loss.backward()
    with pytest.raises(RuntimeError, match='retain_graph=True the first time'):
        loss.backward()
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    loss.backward()


def test_a_parameter_changed_in_place():
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match=r'in a torch.no_grad\(\) block'):
        w -= 0.1
    with torch.no_grad():
        w -= 0.1
