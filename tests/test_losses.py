"""Losses and layers where PyTorch's samples do not reach: mixed dtypes, weights, empty batches.

The values and words are PyTorch's; where it is installed, it is asked again.
"""
import math

import numpy as np
import pytest

import tinygrad_adam as torch

nan, inf = math.nan, math.inf

# (call, dtype, shape, values): PyTorch's.
VALUES = [
    ('F.mse_loss(x, y, weight=w)', 'float32', (), [0.513]),
    ("F.mse_loss(x, y, weight=w, reduction='sum')", 'float32', (), [5.13]),
    ("F.mse_loss(x, y, weight=w, reduction='none')", 'float32', (2, 2), [0.09, 0.72, 1.08, 3.24]),
    ('F.mse_loss(x, y, weight=torch.zeros(2, 2))', 'float32', (), [nan]),
    ('F.mse_loss(x, y, weight=torch.tensor([[1.0, 0.0], [-1.0, 0.0]]))', 'float32', (), [-inf]),
    ('F.l1_loss(x, y, weight=w)', 'float32', (), [0.69]),
    ("F.l1_loss(x, y, weight=w, reduction='none')", 'float32', (2, 2), [0.3, 1.2, 1.8, 3.6]),
    ('F.huber_loss(x, y, weight=w)', 'float32', (), [0.64125]),
    ('F.huber_loss(x, y, delta=0.5, weight=w)', 'float32', (), [0.555]),
    ('F.mse_loss(x, y.bool())', 'float32', (), [0.475]),
    ('F.huber_loss(x, y.bool())', 'float32', (), [0.2375]),
    ('F.smooth_l1_loss(x, y.long())', 'float32', (), [0.2125]),
    ('F.mse_loss(x.long(), y)', 'float32', (), [0.315]),
    ('F.huber_loss(x, y.double())', 'float32', (), [0.2025]),
    ('F.smooth_l1_loss(x, y.double())', 'float64', (), [0.2025]),
    ('F.binary_cross_entropy_with_logits(x.double(), y)', 'float32', (), [0.871374]),
    ('F.binary_cross_entropy_with_logits(x, y.double())', 'float64', (), [0.871374]),
    ("F.binary_cross_entropy_with_logits(x, y, weight=w.double(), reduction='none')",
     'float32', (2, 2), [0.698139, 2.066372, 1.539046, 4.964615]),
    ('F.binary_cross_entropy(x, y, weight=w.double())', 'float32', (), [3.778497]),
    ('F.binary_cross_entropy(x, y, weight=torch.tensor([1.0, 2.0]))', 'float32', (), [2.169059]),
    ("F.binary_cross_entropy(x, y, weight=torch.tensor([[1.0], [2.0]]), reduction='none')",
     'float32', (2, 2), [0.916291, 1.119243, 1.832581, 4.60517]),
    ('F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor([1.0, 2.0]))',
     'float32', (), [0.881453]),
    ('F.huber_loss(x * math.inf, y)', 'float32', (), [inf]),
    ('F.smooth_l1_loss(x * math.inf, y)', 'float32', (), [inf]),
    ("F.kl_div(torch.tensor(0.5), torch.tensor(0.25), reduction='batchmean')",
     'float32', (), [-0.471574]),
    ("F.kl_div(x, y, reduction='batchmean')", 'float32', (), [-0.573416]),
    ("F.kl_div(x, -y, reduction='none')", 'float32', (2, 2), [nan, nan, nan, 0.0]),
    ("F.kl_div(x, y * math.inf, reduction='none')", 'float32', (2, 2), [nan, nan, nan, nan]),
    ("F.cross_entropy(scores[0], torch.tensor([1]), reduction='none')", 'float32', (), [0.581776]),
    ("F.cross_entropy(scores[0], torch.tensor(1), reduction='none')", 'float32', (), [0.581776]),
    ('F.nll_loss(scores[0], torch.tensor([1]))', 'float32', (), [-0.7]),
    ('F.cross_entropy(scores, labels.to(torch.uint8))', 'float32', (), [0.755078]),
    ("F.nll_loss(torch.arange(9.).reshape(3, 3), torch.tensor([2, 1, 1], dtype=torch.uint8), "
     "reduction='none')", 'float32', (3,), [-2, -4, -7]),
    ('F.soft_margin_loss(torch.tensor([0.5, 1]), torch.ones(2, dtype=torch.uint8))', 'float32', (),
     [0.393669]),
    ('F.cross_entropy(scores, labels, weight=c, label_smoothing=0.1)', 'float32', (), [0.661397]),
    ("F.cross_entropy(scores, labels, weight=c, label_smoothing=0.1, reduction='none')",
     'float32', (2,), [1.276621, 1.368966]),
    ('F.cross_entropy(scores, labels, ignore_index=2, label_smoothing=0.1)',
     'float32', (), [1.10511]),
    ('F.cross_entropy(scores, soft, weight=c.double())', 'float64', (), [1.626362]),
    ('F.cross_entropy(scores, soft.double())', 'float64', (), [1.030078]),
    ('F.mse_loss(x[:0], y[:0])', 'float32', (), [nan]),
    ("F.mse_loss(x[:0], y[:0], reduction='sum')", 'float32', (), [0.0]),
    ('F.l1_loss(x[:0], y[:0])', 'float32', (), [nan]),
    ("F.huber_loss(x[:0], y[:0], reduction='none')", 'float32', (0, 2), []),
    ('F.smooth_l1_loss(x[:0], y[:0])', 'float32', (), [nan]),
    ('F.kl_div(x[:0], y[:0])', 'float32', (), [nan]),
    ("F.kl_div(x[:0], y[:0], reduction='batchmean')", 'float32', (), [nan]),
    ('F.binary_cross_entropy(x[:0], y[:0])', 'float32', (), [nan]),
    ('F.binary_cross_entropy_with_logits(x[:0], y[:0])', 'float32', (), [nan]),
    ('F.cross_entropy(scores[:0], labels[:0])', 'float32', (), [nan]),
    ("F.cross_entropy(scores[:0], labels[:0], reduction='sum')", 'float32', (), [0.0]),
    ("F.cross_entropy(scores[:0], labels[:0], reduction='none')", 'float32', (0,), []),
    ('F.cross_entropy(scores[:0], soft[:0])', 'float32', (), [nan]),
    ('F.cross_entropy(scores[:, :0], soft[:, :0])', 'float32', (), [nan]),
    ("F.cross_entropy(scores[:, :0], soft[:, :0], reduction='sum')", 'float32', (), [0.0]),
    ('F.cross_entropy(torch.zeros(2, 3, 0), torch.zeros(2, 0).long())', 'float32', (), [nan]),
    ('F.nll_loss(scores[:0], labels[:0])', 'float32', (), [nan]),
    ('F.nll_loss(scores, labels * 0 - 100)', 'float32', (), [nan]),
    ('F.cross_entropy(scores[:, :0], labels * 0 - 100)', 'float32', (), [nan]),
    ("F.nll_loss(scores[:, :0], labels * 0 - 100, reduction='none')", 'float32', (2,), [0.0, 0.0]),
    ("F.nll_loss(scores, labels * 0 - 100, reduction='sum')", 'float32', (), [0.0]),
    ('F.nll_loss(scores, labels, weight=c * 0)', 'float32', (), [nan]),
]

# (call, error, some of PyTorch's words).
REFUSED = [
    ('F.mse_loss(x, y, weight=w[0])', ValueError, 'Weights and input must have the same size'),
    ('F.l1_loss(x, y, weight=torch.tensor(2.0))', ValueError,
     'Weights and input must have the same size'),
    ('F.huber_loss(x, y, weight=torch.ones(3, 2, 2))', ValueError,
     'Weights and input must have the same size'),
    ('F.mse_loss(x.long(), y.long())', NotImplementedError, "not implemented for 'Long'"),
    ('F.huber_loss(x.long(), y.long())', NotImplementedError, "not implemented for 'Long'"),
    ('F.huber_loss(x.long(), y)', RuntimeError,
     "result type Float can't be cast to the desired output type Long"),
    ('F.smooth_l1_loss(x.bool(), y.bool())', NotImplementedError, "not implemented for 'Bool'"),
    ('F.l1_loss(x, y.bool())', RuntimeError,
     'Subtraction, the `-` operator, with a bool tensor is not supported'),
    ('F.l1_loss(x.long(), y.long())', RuntimeError, 'mean(): could not infer output dtype'),
    ('F.kl_div(x.long(), y)', RuntimeError, 'kl_div: Integral inputs not supported'),
    ('F.kl_div(x, y.long())', RuntimeError, 'kl_div: Integral inputs not supported'),
    ('F.binary_cross_entropy(x, y.double())', RuntimeError,
     'Found dtype Double but expected Float'),
    ('F.binary_cross_entropy(x, y.bool())', RuntimeError, 'Found dtype Bool but expected Float'),
    ('F.binary_cross_entropy(x.long(), y.long())', NotImplementedError,
     "not implemented for 'Long'"),
    ('F.binary_cross_entropy(x, y * 255)', RuntimeError,
     'all elements of target should be between 0 and 1'),
    ('F.binary_cross_entropy(x, y - 1)', RuntimeError,
     'all elements of target should be between 0 and 1'),
    ('F.binary_cross_entropy(x, y * math.nan)', RuntimeError,
     'all elements of target should be between 0 and 1'),
    ('F.binary_cross_entropy(x * math.nan, y)', RuntimeError,
     'all elements of input should be between 0 and 1'),
    ('F.binary_cross_entropy(x, y, weight=torch.ones(3, 2, 2))', RuntimeError,
     "output with shape [2, 2] doesn't match the broadcast shape"),
    ('F.binary_cross_entropy(x, y, weight=torch.ones(3))', RuntimeError, 'broadcast'),
    ('F.binary_cross_entropy(x, y, weight=w.requires_grad_())', RuntimeError,
     "The function 'binary_cross_entropy' is not differentiable with"),
    ('F.binary_cross_entropy_with_logits(x, y, weight=torch.ones(2, 2, 2))', RuntimeError,
     "output with shape [2, 2] doesn't match the broadcast shape"),
    ('F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.ones(2, requires_grad=True))',
     RuntimeError, "The function 'binary_cross_entropy_with_logits' is not differentiable"),
    ('F.binary_cross_entropy_with_logits(x, y, weight=torch.ones(2, requires_grad=True))',
     RuntimeError, "The function 'binary_cross_entropy_with_logits' is not differentiable"),
    ('F.binary_cross_entropy_with_logits(x, y, weight=2.0)', TypeError,
     "binary_cross_entropy_with_logits(): argument 'weight'"),
    ('F.binary_cross_entropy_with_logits(x.long(), y)', NotImplementedError,
     "not implemented for 'Long'"),
    ('F.binary_cross_entropy_with_logits(x, y.long())', RuntimeError,
     "result type Float can't be cast to the desired output type Long"),
    ('F.binary_cross_entropy_with_logits(x, y[0])', ValueError, 'must be the same as'),
    ('F.huber_loss(x, y, delta=0)', RuntimeError,
     'huber_loss does not support non-positive values for delta'),
    ('F.huber_loss(x, y, delta=math.nan)', RuntimeError,
     'huber_loss does not support non-positive values for delta'),
    ('F.smooth_l1_loss(x, y, beta=-1)', RuntimeError,
     'smooth_l1_loss does not support negative values for beta'),
    ('F.smooth_l1_loss(x, y, beta=math.nan)', RuntimeError,
     'smooth_l1_loss does not support negative values for beta'),
    ("F.mse_loss(x, y, reduction='batchmean')", ValueError, 'is not a valid value for reduction'),
    ("F.l1_loss(x, y, reduction='average')", ValueError, 'is not a valid value for reduction'),
    ('F.huber_loss(x, y, reduction=None)', ValueError, 'None is not a valid value for reduction'),
    ("F.kl_div(x, y, reduction='avg')", ValueError, 'is not a valid value for reduction'),
    ("F.cross_entropy(scores, labels, reduction='batchmean')", ValueError,
     'is not a valid value for reduction'),
    ('F.nll_loss(scores, labels, reduction=None)', ValueError,
     'None is not a valid value for reduction'),
    ('F.cross_entropy(scores, labels.int())', RuntimeError,
     'expected target dtype to be Long or Byte, but got Int'),
    ('F.nll_loss(scores, labels.bool())', RuntimeError,
     'expected target dtype to be Long or Byte, but got Bool'),
    ('F.cross_entropy(scores, labels, weight=c.double())', RuntimeError,
     'expected scalar type Float but found Double'),
    ('F.nll_loss(scores, labels, weight=c.long())', RuntimeError,
     'expected scalar type Float but found Long'),
    ('F.cross_entropy(scores, labels, weight=c[:2])', RuntimeError,
     'weight tensor should be defined either for all 3 classes or no'),
    ('F.cross_entropy(scores, soft, weight=c[:1])', RuntimeError,
     'weight tensor should be defined either for all 3 classes or no'),
    ('F.cross_entropy(scores, labels, weight=torch.ones(3, requires_grad=True))', RuntimeError,
     "is not differentiable with respect to argument 'weight'. This input"),
    ('F.nll_loss(scores, labels, weight=torch.ones(3, requires_grad=True))', RuntimeError,
     "is not differentiable with respect to argument 'weight'. This input"),
    ('F.cross_entropy(scores, labels, weight=[1.0, 2.0, 3.0])', TypeError,
     'must be Tensor, not list'),
    ('F.cross_entropy(scores, labels, ignore_index=1.5)', TypeError, "argument 'ignore_index'"),
    ('F.cross_entropy(scores, labels, ignore_index=100.5)', TypeError, "argument 'ignore_index'"),
    ('F.nll_loss(scores, labels, ignore_index=True)', TypeError, "argument 'ignore_index'"),
    ('F.cross_entropy(scores, soft, ignore_index=0)', RuntimeError,
     'ignore_index is not supported for floating point target'),
    ('F.cross_entropy(scores, soft.long())', RuntimeError,
     'Expected floating point type for target with class probabilities, got'),
    ('F.nll_loss(scores, soft)', RuntimeError,
     '0D or 1D target tensor expected, multi-target not supported'),
    ('F.cross_entropy(scores.long(), labels)', NotImplementedError, "not implemented for 'Long'"),
    ('F.nll_loss(scores.long(), labels)', NotImplementedError, "not implemented for 'Long'"),
    ('F.cross_entropy(scores[0], labels)', ValueError,
     'For 1D input, 1D target must have size 1, but got target size: 2'),
    ('F.cross_entropy(scores[0, 0], labels[0])', RuntimeError,
     'Expected floating point type for target with class probabilities, got'),
    ('F.cross_entropy(scores[0, 0], soft[0, 0])', IndexError, 'dimensions'),
    ('F.nll_loss(scores[0, 0], labels[0])', ValueError, 'Expected 1 or more dimensions (got 0'),
    ('F.cross_entropy(torch.zeros(2, 3, 2), labels)', RuntimeError,
     'Expected target size [2, 2], got [2]'),
    ('F.cross_entropy(torch.zeros(2, 3, 2, 2), torch.zeros(2, 2).long())', RuntimeError,
     'only batches of spatial targets supported'),
    ('F.cross_entropy(torch.zeros(2, 3, 2, 2), torch.zeros(2, 2, 3).long())', RuntimeError,
     'size mismatch'),
    ('F.group_norm(torch.ones(1, 2), 2)', ValueError,
     'Expected more than 1 value per channel when training, got input size'),
    ('F.group_norm(torch.ones(1, 2, 1, 1), 2)', ValueError,
     'Expected more than 1 value per channel when training, got input size'),
    ('F.group_norm(torch.ones(2, 4), 2, torch.ones(1))', RuntimeError,
     'Expected weight to be a vector of size equal to the number of'),
    ('F.group_norm(torch.ones(2, 4), 2, torch.ones(4), torch.ones(2))', RuntimeError,
     'Expected bias to be a vector of size equal to the number of channels'),
    ('F.group_norm(torch.ones(2, 4), -2)', RuntimeError, 'Expected num'),
    ('F.group_norm(torch.ones(2, 4).long(), 2)', NotImplementedError, "not implemented for 'Long'"),
    ('F.group_norm(torch.ones(2, 4), 2, torch.ones(4).double())', RuntimeError, 'mixed dtype (CPU'),
    ('F.layer_norm(x.long(), (2,))', NotImplementedError, "not implemented for 'Long'"),
    ('F.layer_norm(x.double(), (2,), torch.ones(2))', RuntimeError,
     'all inputs must share same datatype'),
    ('F.batch_norm(x, None, None, torch.ones(2).double(), training=True)', RuntimeError,
     'mixed dtype (CPU'),
    ('F.batch_norm(x.long(), None, None, training=True)', NotImplementedError,
     "not implemented for 'Long'"),
    ('F.batch_norm(x, torch.ones(2), None, training=True)', ValueError,
     'running_mean and running_var must either both be None or neither be'),
    ('F.batch_norm(x, None, torch.ones(2), training=True)', ValueError,
     'running_mean and running_var must either both be None or neither be'),
    ('F.conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2), torch.ones(1).double())',
     RuntimeError, 'should be the same'),
    ('F.conv2d(torch.ones(1, 1, 4, 4).double(), torch.ones(1, 1, 2, 2))', RuntimeError, 'type'),
    ('F.conv1d(torch.ones(1, 1, 4).double(), torch.ones(1, 1, 2), torch.ones(1))', RuntimeError,
     'should be the same'),
    ('F.conv_transpose2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2), torch.ones(2))',
     RuntimeError, 'Given transposed=1, weight of size [1, 1, 2, 2], expected bias to be'),
    ('F.conv_transpose2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2).double())', RuntimeError,
     'type'),
    ('F.ctc_loss(torch.zeros(2, 0, 2), torch.zeros(0, 1).long(), labels[:0], labels[:0])',
     RuntimeError, 'log_probs tensor must not be empty'),
    ('F.one_hot(labels[:0])', RuntimeError,
     'Can not infer total number of classes from empty tensor'),
    ('F.one_hot(labels[:0], 0)', RuntimeError,
     'Can not infer total number of classes from empty tensor'),
    ('F.one_hot(labels, -2)', RuntimeError, 'Class values must be smaller than num_classes'),
    ('F.one_hot(labels, 2)', RuntimeError, 'Class values must be smaller than num_classes'),
    ('F.one_hot(labels - 1)', RuntimeError, 'Class values must be non-negative'),
    ('F.one_hot(labels.int())', RuntimeError,
     'one_hot is only applicable to index tensor of type LongTensor'),
    ('F.embedding(labels.to(torch.uint8), x)', RuntimeError,
     "Expected tensor for argument #1 'indices' to have one of the"),
    ('F.embedding(labels - 1, x)', IndexError, 'index out of range in self'),
    ('F.embedding(labels * 0, x, padding_idx=2)', AssertionError,
     'Padding_idx must be within num_embeddings'),
    ('nn.Embedding(3, 2, padding_idx=-4)', AssertionError,
     'Padding_idx must be within num_embeddings'),
    ('nn.TransformerEncoder(nn.TransformerEncoderLayer(2, 1), 1)(x, is_causal=True)',
     RuntimeError, 'Need attn_mask if specifying the is_causal hint'),
    ('nn.Transformer(4, 2, 1, 1, 3)(torch.ones(3, 2, 4), torch.ones(2, 1, 4))', RuntimeError,
     'the batch number of src and tgt must be equal'),
    ('nn.Transformer(4, 2, 1, 1, 3)(torch.ones(3, 2, 4), torch.ones(2, 2, 5))', RuntimeError,
     'the feature number of src and tgt must be equal to d_model'),
    ('nn.MSELoss(x, y)', RuntimeError,
     'Boolean value of Tensor with more than one value is ambiguous'),
    ('torch.max(x, 0, other=y)', TypeError, 'max() received an invalid combination of arguments'),
    ('torch.max(x, keepdim=True)', TypeError, 'max() received an invalid combination of arguments'),
    ('torch.min(x, y, keepdim=True)', TypeError,
     'min() received an invalid combination of arguments'),
    ('torch.var(x, unbiased=False, correction=1)', TypeError,
     'var() received an invalid combination of arguments'),
    ('torch.std(x, unbiased=True, correction=0)', TypeError,
     'std() received an invalid combination of arguments'),
]

# (call, the gradients in x and y): PyTorch's.
GRADIENTS = [
    ('F.mse_loss(x, y, weight=w)',
     [-0.06, 0.24, -0.36, 0.72], [0.06, -0.24, 0.36, -0.72]),
    ('F.l1_loss(x, y, weight=w)',
     [-0.1, 0.2, -0.3, 0.4], [0.1, -0.2, 0.3, -0.4]),
    ('F.huber_loss(x, y, delta=0.5, weight=w)',
     [-0.075, 0.25, -0.375, 0.5], [0.075, -0.25, 0.375, -0.5]),
    ('F.huber_loss(x * math.inf, y)',
     [inf, inf, inf, inf], [-0.25, -0.25, -0.25, -0.25]),
    ("F.kl_div(x, y, reduction='sum')",
     [-0.5, -0.1, -1.0, 0.0], [0.106853, -2.002585, 0.6, nan]),
    ('F.binary_cross_entropy(x, y, weight=w.double())',
     [-0.46875, 1.428571, -1.875, 9.999998], [0.346574, -0.423649, 0.304099, -2.197224]),
    ('F.smooth_l1_loss(x, y * math.inf)',
     [-0.25, -0.25, -0.25, nan], [inf, inf, inf, nan]),
    ('F.binary_cross_entropy_with_logits(x, y, weight=w.double(), pos_weight=w)',
     [0.012458, 0.267503, -0.902953, 0.710949], [-0.05, -0.148407, 0.469523, 0.123462]),
    ('F.smooth_l1_loss(x, y.double())',
     [-0.075, 0.15, -0.15, 0.225], [0.075, -0.15, 0.15, -0.225]),
]


def names(torch):
    x, y = torch.tensor([[0.2, 0.7], [0.4, 0.9]]), torch.tensor([[0.5, 0.1], [1.0, 0.0]])
    return dict(
        torch=torch, nn=torch.nn, F=torch.nn.functional, math=math, x=x, y=y,
        w=torch.tensor([[1.0, 2.0], [3.0, 4.0]]), c=torch.tensor([1.0, 2.0, 3.0]),
        scores=torch.tensor([[0.2, 0.7, -1.0], [0.4, 0.9, 2.0]]), labels=torch.tensor([0, 2]),
        soft=torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]))


def near(values):
    return pytest.approx(values, rel=1e-5, abs=1e-6, nan_ok=True)


@pytest.fixture(params=['here', 'PyTorch'])
def library(request):
    return torch if request.param == 'here' else pytest.importorskip('torch')


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('call, dtype, shape, values', VALUES, ids=[row[0] for row in VALUES])
def test_the_value_dtype_and_shape_are_those_of_pytorch(call, dtype, shape, values, library):
    loss = eval(call, names(library))
    assert (str(loss.dtype), tuple(loss.shape)) == (f'torch.{dtype}', shape)
    assert loss.flatten().tolist() == near(values)


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('call, of_x, of_y', GRADIENTS, ids=[row[0] for row in GRADIENTS])
def test_the_gradients_are_those_of_pytorch(call, of_x, of_y, library):
    known = names(library)
    x, y = known['x'].requires_grad_(), known['y'].requires_grad_()
    eval(call, known).backward()
    for leaf, expected in ((x, of_x), (y, of_y)):
        assert leaf.grad.dtype == leaf.dtype
        assert leaf.grad.flatten().tolist() == near(expected)


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('call, error, words', REFUSED, ids=[row[0] for row in REFUSED])
def test_what_pytorch_refuses_is_refused_with_its_error(call, error, words, library):
    with pytest.raises(error) as caught:
        eval(call, names(library))
    assert words in str(caught.value)


@pytest.mark.parametrize('options', [
    dict(max_norm=1.0), dict(max_norm=1.5, norm_type=1.0), dict(scale_grad_by_freq=True),
    dict(max_norm=0.5, norm_type=math.inf, padding_idx=1), dict(max_norm=9.0, padding_idx=1,
                                                                scale_grad_by_freq=True)])
def test_long_vectors_of_words_are_shortened_and_gradients_are_means_of_those_of_a_word(options):
    pytorch, found = pytest.importorskip('torch'), []
    for library in (torch, pytorch):
        layer = library.nn.Embedding(4, 3, **options)
        layer.weight.data = library.arange(12.0).reshape(4, 3) - 4
        out = layer(library.tensor([[1, 2, 2], [3, 3, 3]]))
        (out**2).sum().backward()
        found.append([layer.weight.tolist(), out.tolist(), layer.weight.grad.tolist(), repr(layer)])
    assert found[0][3] == found[1][3]
    for ours, theirs in zip(found[0][:3], found[1][:3]):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.mark.parametrize('name', ['mse_loss', 'l1_loss', 'smooth_l1_loss', 'huber_loss'])
def test_a_distance_of_a_column_and_a_row_is_that_of_all_pairs_and_warns(name, library):
    loss, layer = getattr(library.nn.functional, name), dict(
        mse_loss='MSELoss', l1_loss='L1Loss', smooth_l1_loss='SmoothL1Loss',
        huber_loss='HuberLoss')[name]
    column = library.tensor([[0.0], [1.0], [3.0]], requires_grad=True)
    row = library.tensor([1.0, 3.0, 4.5], requires_grad=True)
    with pytest.warns(UserWarning, match='that is different to the input size') as caught:
        found = [loss(column, row), getattr(library.nn, layer)()(column, row),
                 loss(column, row, reduction='none')]
    assert caught[0].filename == __file__ and 'torch.Size([3, 1])' in str(caught[0].message)
    if library is torch:
        assert 'compares elements that do not belong together' in str(caught[0].message)
        assert str(caught[0].message).endswith('Use input.squeeze(1).')
    pairs = column.expand(3, 3), row.expand(3, 3)
    assert found[0].item() == found[1].item() == loss(*pairs).item()
    assert found[2].tolist() == loss(*pairs, reduction='none').tolist()
    expected = library.autograd.grad(loss(*pairs), [column, row])
    for gradient, g in zip(library.autograd.grad(found[0], [column, row]), expected):
        assert gradient.flatten().tolist() == near(g.flatten().tolist())
    with pytest.warns(UserWarning, match='different'):
        with pytest.raises(RuntimeError, match='size|shape'):
            loss(column, row[:2].reshape(2, 1))


@pytest.mark.parametrize('delta', [0.1, 1.0, 5.0])
def test_the_huber_loss_is_differentiated_twice(delta):
    F, target = torch.nn.functional, torch.zeros(4).double()
    x = torch.tensor([-3.0, -0.4, 0.03, 2.0]).double().requires_grad_()
    for check in (torch.autograd.gradcheck, torch.autograd.gradgradcheck):
        assert check(lambda x: F.huber_loss(x, target, delta=delta), x)
        assert check(lambda x: F.smooth_l1_loss(x, target, beta=delta), x)


def test_a_weight_may_require_grad_where_gradients_are_not_recorded():
    weight = torch.ones(3, requires_grad=True)
    with torch.no_grad():
        loss = torch.nn.functional.nll_loss(torch.ones(2, 3), torch.tensor([0, 1]), weight)
    assert loss == -1.0
