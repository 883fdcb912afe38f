"""Names of PyTorch that are imported on first use, or not here."""
from __future__ import annotations

import sys
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import Any, Callable, Mapping, NoReturn

# {module: {where it has them: names}}, where '' stands for modules themselves. A program that uses
# none of them is spared the time that importing them takes.
ON_FIRST_USE: dict[str, dict[str, str]] = {
    'tinygrad_adam': {
        '': 'accelerator amp backends cuda distributed distributions func functional linalg nn '
            'optim serialization special testing utils version',
        '_compile': 'compile',
        '_functions.older_linalg': 'chain_matmul cholesky cross pinverse qr svd',
        '_threads': 'get_num_interop_threads get_num_threads set_num_interop_threads '
                    'set_num_threads',
        'amp': 'GradScaler autocast',
        'func': 'vmap',
        'nn._functions_of_torch': 'alpha_dropout celu dropout max_pool1d max_pool2d rrelu selu '
                                  'threshold',
        'nn.functional': 'adaptive_avg_pool1d avg_pool1d bilinear celu_ channel_shuffle conv1d '
                         'conv2d conv_transpose1d conv_transpose2d cosine_similarity group_norm '
                         'hardshrink layer_norm pairwise_distance pdist pixel_shuffle '
                         'pixel_unshuffle prelu relu_ rms_norm rrelu_ selu_ threshold_',
        'serialization': 'load save'},
    'tinygrad_adam.autograd': {'': 'functional'},
    'tinygrad_adam.cuda': {'': 'amp'},
    'tinygrad_adam.nn': {'': 'common_types modules parallel parameter', 'parallel': 'DataParallel'},
    'tinygrad_adam.optim': {'': 'swa_utils'},
    'tinygrad_adam.utils': {'': 'checkpoint'},
    'tinygrad_adam.utils.data': {'': 'distributed', 'distributed': 'DistributedSampler'}}

QUANTISED = ('quantised numbers serve small devices, not learning. Leave them out, or load '
             'model.state_dict() into the same model in PyTorch and quantise it there.')
COMPUTED = ('a parameter is an attribute, and nothing stands between the two. Compute the weight '
            'from a Parameter in forward(), and pass it to a function of nn.functional; '
            'nn.utils.weight_norm and spectral_norm are here.')
PROFILER = ('all that takes time is called from Python, whose own profiler sees it. Write '
            'python -m cProfile -s tottime program.py')
SAVED = ('what the graph keeps is an array, which no function can replace. To save memory, write '
         'torch.utils.checkpoint.checkpoint(function, x, use_reentrant=False).')
COMPLEX = ('the engine has the derivatives of real numbers. Keep real and imaginary parts in two '
           'tensors.')
SPARSE = ('arrays of NumPy are dense. Write a dense tensor, or its indices and values: index_add() '
          'and scatter_add() add up what a sparse matrix would.')
STRIDED = ("its strides could reach memory that is not the tensor's. Write x.unfold(dim, size, "
           'step) for windows, or an index of positions: x.flatten()[index].')
TRACED = 'there is no language of graphs. Write torch.compile(model), whose program can be read.'

# {module: {a module in it: why it is not here, and what to write instead}}.
INSTEAD: dict[str, dict[str, str]] = {
    'tinygrad_adam': {
        'jit': 'TorchScript is a language for programs without Python. Write '
               'torch.compile(model), whose program can be read, and save model.state_dict().',
        'onnx': 'ONNX is a format for other programs that run networks. Load model.state_dict() '
                'into the same model in PyTorch, and export it there.',
        'multiprocessing': 'processes share no tensors here. Start ranks with mpiexec, and use '
                           'torch.distributed.',
        'hub': 'it downloads programs of others, and runs them. Write the class of the model, and '
               'load its weights with torch.load().',
        'fft': 'its results are complex, and the engine has the derivatives of real numbers. Write '
               'np.fft.rfft(x.detach().numpy()), or a product with matrices of cosines and sines.',
        'sparse': SPARSE, 'fx': TRACED, 'export': TRACED,
        'nested': 'a tensor has one shape. Write nn.utils.rnn.pad_sequence(), or pack_sequence().',
        'profiler': PROFILER,
        'ao': QUANTISED, 'quantization': QUANTISED},
    'tinygrad_adam.autograd': {
        'profiler': PROFILER,
        'forward_ad': 'derivatives are computed backwards, from a result to what it depends on. '
                      'Write torch.func.jvp(function, primals, tangents).'},
    'tinygrad_adam.nn': dict.fromkeys(['quantized', 'quantizable', 'qat', 'intrinsic'], QUANTISED),
    'tinygrad_adam.nn.utils': {
        'parametrize': COMPUTED, 'parametrizations': COMPUTED,
        'prune': 'a pruned weight is one that is multiplied by a mask. Write mask = weight.abs() > '
                 'threshold, and after each optimizer.step(), in torch.no_grad(), '
                 'weight.mul_(mask).'},
    'tinygrad_adam.utils': {
        'tensorboard': 'it needs packages and a server of its own. Append the numbers to a list, '
                       'and draw it with tinygrad_adam.teach.plot.curves({name: numbers}).',
        'benchmark': 'what is called here has ended when it returns, so that any clock will do. '
                     'Write min(timeit.repeat(function, number=100)).'}}

# Functions in torch, and methods here.
METHODS = (
    'abs_ acos_ acosh_ addmv_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ asin_ asinh_ '
    'atan_ atanh_ ceil_ clamp_ clamp_max_ clamp_min_ clip_ cos_ cosh_ deg2rad_ detach detach_ erf_ '
    'erfc_ exp2_ exp_ expm1_ fill_ fix_ floor_ frac_ gcd_ get_device index_put_ lcm_ ldexp_ log10_ '
    'log1p_ log2_ log_ logit_ nan_to_num_ neg_ negative_ rad2deg_ reciprocal_ round_ rsqrt_ '
    'sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ tan_ tanh_ trunc_ xlogy_ zero_')

# {module: {another name in it: why it is not here, and what to write instead}}.
NAMES_INSTEAD: dict[str, dict[str, str]] = {
    'tinygrad_adam': {
        **dict.fromkeys(['complex64', 'complex128', 'cfloat', 'cdouble', 'complex', 'polar',
                         'view_as_complex', 'view_as_real', 'stft', 'istft'], COMPLEX),
        **dict.fromkeys(['sparse_coo', 'sparse_csr', 'sparse_coo_tensor', 'sparse_csr_tensor'],
                        SPARSE),
        **dict.fromkeys(['quantize_per_tensor', 'quantize_per_channel', 'quint8', 'qint8'],
                        QUANTISED),
        **dict.fromkeys(['HalfTensor', 'BFloat16Tensor'],
                        'half precision is for GPUs, and NumPy has no fast one. Write '
                        'torch.FloatTensor.'),
        'as_strided': STRIDED,
        **{name: f'it is a method of tensors here. Write input.{name}().'
           for name in METHODS.split()},
        **dict.fromkeys(['uint16', 'uint32', 'uint64'],
                        'few functions of PyTorch take these integers. Write torch.int64.'),
        **{name: f'its arguments are others in torch than in nn.functional, and stand in another '
                 f'order. Write nn.functional.{name}().'
           for name in ('batch_norm', 'embedding', 'embedding_bag', 'instance_norm')},
        **{name: f'its reduction is a number in torch, and a word in nn.functional. Write '
                 f"nn.functional.{name}(..., reduction='mean')."
           for name in ('binary_cross_entropy_with_logits', 'cosine_embedding_loss', 'ctc_loss',
                        'hinge_embedding_loss', 'kl_div', 'margin_ranking_loss',
                        'poisson_nll_loss', 'triplet_margin_loss')},
        'adaptive_max_pool1d': 'it always returns two tensors in torch. Write '
                               'nn.functional.adaptive_max_pool1d(input, output_size, '
                               'return_indices=True).'},
    'tinygrad_adam.autograd.graph': {
        'saved_tensors_hooks': SAVED,
        'save_on_cpu': 'there is no other memory to save it in. Leave it out.'},
    'tinygrad_adam.optim': {
        'SparseAdam': 'gradients are dense here, of Embedding too. Write Adam.',
        'Muon': 'PyTorch computes its steps in half precision, which NumPy has not. Write AdamW.',
        'Adafactor': 'it saves memory that matters on GPUs. Write Adam.'},
    'tinygrad_adam.nn': {
        'SyncBatchNorm': 'its statistics are those of all processes, and of GPUs. Write '
                         'BatchNorm2d, whose statistics are those of the batch of each process.',
        'Buffer': 'a tensor that is assigned is no buffer. Write self.register_buffer(name, '
                  'tensor) in __init__.'}}


def on_first_use(module: str) -> dict[str, str]:
    """{name: where the module has it, '' for a module} of what it imports on first use.

    module  its name
    """
    return {name: place for place, names in ON_FIRST_USE.get(module, {}).items()
            for name in names.split()}


def refusal(module: str, instead: Mapping[str, str] = MappingProxyType({})
            ) -> Callable[[str], Any]:
    """The `__getattr__` of a module, which Python calls for names that the module does not have.

    module   its name
    instead  {name: what to write instead of it}
    """
    def missing(name: str) -> Any:
        places = on_first_use(module)
        if name in places:
            place = places[name]
            found = import_module(f'{module}.{place or name}')
            value = getattr(found, name) if place else found
            setattr(sys.modules[module], name, value)    # found at once from now on
            return value
        if name in instead:
            raise AttributeError(not_built(f'{module}.{name}', instead[name]))
        raise AttributeError(
            f'module {module!r} has no attribute {name!r}: it is not implemented here, or PyTorch '
            f'does not have it either. dir({module}) lists what there is.')

    return missing


def not_built(name: str, instead: str) -> str:
    """What is said of a name of PyTorch's that is not here.

    name     with the module or the class that PyTorch has it in
    instead  why it is not here, and what to write instead
    """
    return f'{name} is not implemented: {instead}'


class NotBuilt:
    """A method of PyTorch's that is not here: no attribute, but its row says what to write instead.

    instead  why it is not here, and what to write instead
    """

    def __init__(self, instead: str) -> None:
        self.instead: str = instead

    def __set_name__(self, owner: type, name: str) -> None:
        self.name: str = f'{owner.__name__}.{name}'

    def __get__(self, instance: object, owner: type) -> NoReturn:
        raise AttributeError(not_built(self.name, self.instead))


class LastFinder:
    """Finds no module; of those in INSTEAD, which no finder before it has found, it says why."""

    @staticmethod
    def find_spec(fullname: str, path: object = None, target: object = None) -> None:
        """None, or ModuleNotFoundError with what to write instead.

        fullname  the module that a program imports
        path      where its parent is
        target    the module that is loaded again
        """
        module, _, name = fullname.rpartition('.')
        instead = INSTEAD.get(module, {}).get(name)
        if instead:
            raise ModuleNotFoundError(not_built(fullname, instead))


sys.meta_path.append(LastFinder)


def names_of(module: str) -> Callable[[], list[str]]:
    """The `__dir__` of a module: all its names, also those imported on first use.

    module  its name
    """
    return lambda: sorted({*vars(sys.modules[module]), *on_first_use(module)})


def complete(*modules: ModuleType) -> None:
    """Let modules import on first use, list what they import so, and refuse what they have not.

    modules  whose names are PyTorch's
    """
    for module in modules:
        name = module.__name__
        instead = {**INSTEAD.get(name, {}), **NAMES_INSTEAD.get(name, {})}
        setattr(module, '__getattr__', refusal(name, instead))
        setattr(module, '__dir__', names_of(name))
