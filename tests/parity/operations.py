"""The samples and error inputs of PyTorch's op_db on the operations of this package."""

import functools
import types
import warnings
from collections import namedtuple

import torch as pytorch
from torch.testing._internal.common_methods_invocations import op_db

import tinygrad_adam
from helpers import tolerance

from .samples import Built, difference, run

NAMES = '''
add sub mul div pow neg abs sign exp expm1 log log1p log2 sqrt rsqrt square reciprocal sin cos tan
tanh sigmoid atan sinh cosh clamp maximum minimum where lerp logaddexp
sum mean prod var std amax amin max min argmax argmin logsumexp cumsum norm linalg.vector_norm all
any
reshape view flatten squeeze unsqueeze transpose permute t expand repeat flip roll cat stack split
chunk unbind __getitem__ index_select gather scatter_add masked_fill tril triu diagonal
matmul mm bmm mv dot outer einsum
log10 exp2 asin acos asinh acosh atanh atan2 erf erfc logit deg2rad rad2deg fmod frac nan_to_num
addcmul addcdiv erfinv hypot float_power heaviside gcd lcm argwhere
xlogy logaddexp2 ldexp sinc copysign fmax fmin signbit isposinf isneginf positive aminmax msort
round nanmean kthvalue mode nanmedian logcumsumexp trapezoid trapz cumulative_trapezoid
unique_consecutive unique sum_to_size
lgamma digamma polygamma bitwise_and bitwise_or bitwise_xor bitwise_not
median quantile cumprod diff std_mean var_mean nansum dist cdist trace
hstack vstack dstack column_stack atleast_1d atleast_2d atleast_3d tile movedim rot90 fliplr flipud
ravel unflatten broadcast_to unfold diag diag_embed
tensor_split hsplit vsplit dsplit split_with_sizes block_diag diagflat select
scatter_reduce masked_scatter index_put
masked_select take take_along_dim repeat_interleave scatter index_add index_copy index_fill
addmm addmv baddbmm inner tensordot
'''.split() + ['nn.functional.' + name for name in '''
relu leaky_relu elu gelu silu softplus logsigmoid softmax log_softmax
linear conv1d conv2d conv_transpose2d max_pool2d avg_pool2d adaptive_avg_pool2d interpolate
batch_norm layer_norm group_norm embedding pad
mse_loss l1_loss smooth_l1_loss huber_loss cross_entropy nll_loss binary_cross_entropy
binary_cross_entropy_with_logits kl_div cosine_similarity normalize ctc_loss
scaled_dot_product_attention
margin_ranking_loss triplet_margin_loss soft_margin_loss hinge_embedding_loss
cosine_embedding_loss multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss
poisson_nll_loss gaussian_nll_loss pairwise_distance
selu celu prelu hardtanh relu6 hardswish mish softsign tanhshrink threshold softmin glu
softshrink hardshrink hardsigmoid channel_shuffle
rms_norm instance_norm local_response_norm max_pool1d avg_pool1d adaptive_avg_pool1d
adaptive_max_pool1d adaptive_max_pool2d pixel_shuffle pixel_unshuffle conv_transpose1d unfold
'''.split()]

# Of operations with several variants, those that are built; others are refused by name.
VARIANTS = {'nn.functional.interpolate': ['nearest', 'nearest-exact', 'linear', 'bilinear',
                                        'bicubic', 'area']}

COLUMNS = 'samples agree refused different raised errors accepted'.split()
Report = namedtuple('Report', ['name', *COLUMNS, 'failures'])


def infos(name):
    """PyTorch's descriptions of an operation: one for each of its variants."""
    found = ([op for op in op_db if op.name == name] or
             [op for op in op_db if name in [alias.name for alias in op.aliases]])
    return [op for op in found if name not in VARIANTS or op.variant_test_name in VARIANTS[name]]


def resolved(library, path):
    return functools.reduce(getattr, path.split('.'), library)


def calls(op, name):
    """Pairs of ways to call an operation, PyTorch's and ours: as a function, method, in place."""
    if getattr(op.op, '__name__', '') == '<lambda>':
        function = rebound(op.op)
    elif name.startswith('__'):
        function = Late(f'Tensor.{name}')
    else:
        function = Late(name)
    yield 'function', op.op, function
    if op.get_method() is not None:
        yield 'method', op.get_method(), Late(f'Tensor.{op.get_method().__name__}')
    place = op.get_inplace()
    if hasattr(tinygrad_adam.Tensor, getattr(place, '__name__', '')):
        yield 'in place', on_clone(place), on_clone(getattr(tinygrad_adam.Tensor, place.__name__))


class Late:
    """A name of this package, looked up when it is called."""

    def __init__(self, path):
        self.path = path

    def __call__(self, *args, **kwargs):
        return resolved(tinygrad_adam, self.path)(*args, **kwargs)


def rebound(function):
    """A small function of PyTorch's test data with `torch` meaning this package."""
    names = {**function.__globals__, 'torch': tinygrad_adam, 'F': tinygrad_adam.nn.functional}
    return types.FunctionType(function.__code__, names, closure=function.__closure__)


def on_clone(method):
    return lambda x, *args, **kwargs: method(x.clone(), *args, **kwargs)


@functools.lru_cache(maxsize=None)
def report(name):
    """How this package answers the samples and error inputs of one operation."""
    counts = dict.fromkeys(COLUMNS, 0)
    failures = []

    def fail(kind, call, sample, words):
        text = ' '.join(str(words).split())[:300]
        failures.append(f'{kind} ({call}): {described(sample)}\n        {text}')

    for op in infos(name):
        for sample in op.sample_inputs('cpu', pytorch.float64, requires_grad=op.supports_autograd):
            outcomes = []
            for way, theirs, ours in calls(op, name):
                outcome, words = answer(theirs, ours, sample, tolerance(name, 1e-9))
                outcomes.append(outcome)
                if outcome != 'agree':
                    fail(outcome, way, sample, words)
            counts['samples'] += 1
            counts[max(outcomes, key=COLUMNS.index)] += 1
        for error in op.error_inputs('cpu') if op.error_inputs_func else ():
            way, _, ours = next(calls(op, name))
            counts['errors'] += 1
            if 'unsupported operation' in error.error_regex:
                continue    # of memory that is shared, and is not here; test_outputs.py has these
            if accepted(ours, error.sample_input):
                counts['accepted'] += 1
                fail('accepted', way, error.sample_input, error.error_regex)
    return Report(name, **counts, failures=failures)


def answer(theirs, ours, sample, allowed):
    """Whether the two libraries agree on a sample, and if not, why in words."""
    try:
        expected = run(pytorch, theirs, sample)
    except Exception as error:
        right = 'the derivative for \'inplace version of' in str(error)     # and here there is one
        return ('different', f'PyTorch refuses: {error}') if (
            not right and accepted(ours, sample)) else ('agree', '')
    try:
        result = run(tinygrad_adam, ours, sample)
    except Exception as error:
        return 'refused' if refuses(error, sample) else 'raised', f'{type(error).__name__}: {error}'
    random = sample.kwargs.get('dropout_p', 0) > 0
    words = difference(result, expected, shapes_only=random, allowed=allowed)
    return ('different', words) if words else ('agree', '')


def refuses(error, sample):
    """Whether the error is a clear refusal: it names an option, a dtype or what is not built."""
    return isinstance(error, NotImplementedError) or isinstance(error, TypeError) and any(
        name in str(error) for name in [*sample.kwargs, *DTYPES])


DTYPES = 'int8 int16 int32 float16 bfloat16 complex64 complex128'.split()


def accepted(call, sample):
    built = Built(tinygrad_adam)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        try:
            call(*built([sample.input, *sample.args]), **built(sample.kwargs))
        except Exception:
            return False
    return True


def described(sample):
    def short(x):
        if isinstance(x, pytorch.Tensor):
            return f'{str(x.dtype)[6:]}{list(x.shape)}'
        if isinstance(x, (tuple, list)):
            return '[' + ', '.join(map(short, x)) + ']'
        return repr(x)

    words = [short(x) for x in (sample.input, *sample.args)]
    return ', '.join(words + [f'{key}={short(x)}' for key, x in sample.kwargs.items()])
