"""The errors of nn: functions that return an exception which says what happened, why it is wrong,
and what to write instead."""
from __future__ import annotations

import warnings
from typing import Any

from .._functions._pointwise_errors import relu_of_bools
from .._functions._product_errors import product_of_bools
from .._tensor import Tensor


# Modules.

def no_forward(module: object) -> NotImplementedError:
    return NotImplementedError(
        f'Module [{type(module).__name__}] is missing the required "forward" function that a call '
        'runs. Write def forward(self, x); modules in a list or dict are called one by one')


# Methods of PyTorch's Module that are not here, and what to write instead.
NOT_BUILT: dict[str, str] = {
    **dict.fromkeys(['cuda', 'ipu', 'mtia', 'xpu'], 'Leave it out: NumPy computes, on the CPU'),
    'share_memory': 'Leave it out: threads share all parameters, and processes none. Use '
                    'torch.distributed to train in several processes',
    'to_empty': 'Leave it out: there is no meta device, and a layer has its parameters from the '
                'start. reset_parameters() gives it new ones',
    **dict.fromkeys(['half', 'bfloat16'], 'Use float(), or leave it out: half precision is for '
                                          'GPUs, and NumPy has no fast one'),
    'type': 'Use float(), double() or to(dtype)',
    'register_backward_hook': 'Use register_full_backward_hook()'}


def no_attribute(module: object, name: str) -> AttributeError:
    advice = '' if '_modules' in vars(module) else '. Call super().__init__() in its __init__'
    if name in NOT_BUILT:
        advice = f': it is not implemented here. {NOT_BUILT[name]}.'
    return AttributeError(f'{type(module).__name__!r} object has no attribute {name!r}{advice}')


def nothing_under(module: object, name: str) -> AttributeError:
    return AttributeError(
        f'{type(module).__name__} has no attribute `{name}`: each part of a dotted name is an '
        'attribute of the module before it. named_modules(), named_parameters() and '
        'named_buffers() list them.')


def no_module_to_set(target: str, module: Any) -> ValueError:
    return ValueError(
        f'Cannot set the submodule: the target name is {target!r}, and the module is of '
        f'{type(module)}: `module` is not an nn.Module, or nameless. Pass a name as in '
        'named_modules(), and a module.')


def not_of_this_kind(name: str, kind: str) -> AttributeError:
    return AttributeError(
        f'`{name}` is not {kind}: it is another kind of attribute. Use getattr(), or the method of '
        'its kind: get_submodule(), get_parameter(), get_buffer().')


def assigned_too_early(what: str, name: str) -> AttributeError:
    return AttributeError(
        f'cannot assign {what} {name!r} before Module.__init__() call: there is no registry for it '
        'yet. Write super().__init__() first in __init__')


def wrong_kind(what: str, name: str, value: Any, kind: type) -> TypeError:
    advice = f'Make it a {kind.__name__}, or del the attribute first'
    if what == 'module' and isinstance(value, (list, tuple)):
        advice = 'Give the layers one by one: nn.Sequential(*layers)'
    elif what == 'module' and callable(value):
        advice = 'Use the layer of that function, as nn.ReLU() for relu'
    return TypeError(
        f'cannot assign {type(value).__name__!r} as {what} {name!r}: it is not a {kind.__name__} '
        f'subclass ({kind.__name__} or None expected). {advice}')


def bad_name(what: str, name: str) -> KeyError:
    return KeyError(
        f'{what} name {name!r} is empty, contains "." or already exists, so that looking it up '
        f'would not find this {what}. Choose another')


def mode_not_boolean(mode: Any) -> ValueError:
    return ValueError(f'training mode is expected to be boolean, not {mode!r}. Give True or False')


def not_floating_point(dtype: Any) -> TypeError:
    return TypeError(
        f'nn.Module.to only accepts floating point dtypes, but got {dtype}: it has no '
        'gradients. Use float32 or float64')


def state_does_not_fit(module: object, problems: list[str]) -> RuntimeError:
    title = f'Error(s) in loading state_dict for {type(module).__name__}:'
    return RuntimeError('\n\t'.join([title, *problems]))


def no_mapping(state_dict: Any) -> TypeError:
    return TypeError(
        f'Expected state_dict to be dict-like, got {type(state_dict)}: tensors are found by their '
        'names. Pass what state_dict() returned, or load() of a file')


def no_extra_state(module: object) -> RuntimeError:
    return RuntimeError(
        f'{type(module).__name__} has no extra state: a class defines get_extra_state and '
        'set_extra_state together, or neither. Define the other one')


# Hooks.

def not_args_and_kwargs(found: Any) -> RuntimeError:
    return RuntimeError(
        'forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got '
        f'{found!r}: with_kwargs=True replaces both. Return (args, kwargs)')


def hook_failed_too(error: Exception) -> str:
    return ('module forward hook with ``always_call=True`` raised an exception that was silenced '
            f'as another error was raised in forward: {error}. Fix that one first')


def output_without_hooks(output: Any) -> str:
    return ('For backward hooks to be called, module output should be a Tensor or a tuple of '
            f'Tensors but received {type(output)}. Return a tuple')


def wrong_number_of_gradients(which: str, found: int, expected: int) -> RuntimeError:
    kind = 'Backward pre hook' if which == 'grad_output' else 'Backward hook'
    return RuntimeError(
        f'{kind} returned an invalid number of {which}, got {found}, but expected {expected}: each '
        'has its gradient. Return a tuple with one for each, or None')


def no_input_requires_grad() -> str:
    return ('Full backward hook is firing when gradients are computed with respect to module '
            'outputs since no inputs require gradients: grad_input is all None. Call '
            'requires_grad_() on an input if you want its gradient')


def gradients_for_no_inputs() -> RuntimeError:
    return RuntimeError(
        'Backward hook for Modules where no input requires gradient should always return None or '
        'None for all gradients: there is no gradient to replace. Return nothing')


def hook_returned(kind: str, what: str) -> RuntimeError:
    return RuntimeError(
        f'{kind} must return None: what it returns would be lost. Change {what} in place')


def load_hook_returned() -> AssertionError:
    return AssertionError(
        'Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return '
        'new values: they would be lost. Change the lists in incompatible_keys in place')


# Lists of modules.

def index_out_of_range(index: int, size: int) -> IndexError:
    return IndexError(
        f'index {index} is out of range: there are {size} modules. Give {-size} to {size - 1}')


def insert_of_no_module(found: Any) -> AssertionError:
    return AssertionError(
        f'module should be of type Module, but is {type(found).__name__}: what is in a Sequential '
        'is called. Make it a Module')


def not_a_sequential(other: Any) -> ValueError:
    return ValueError(
        f'add operator supports only objects of Sequential class, but {type(other)} is given. '
        'Write nn.Sequential(*modules)')


def not_a_number_of_times(times: Any) -> TypeError:
    return TypeError(
        f'unsupported operand type(s) for *: Sequential and {type(times)}: it can only be '
        'repeated an integer number of times. Give an int')


def not_repeated(times: int) -> ValueError:
    return ValueError(
        f'Non-positive multiplication factor {times} for Sequential: nothing would be left. Give 1 '
        'or more')


def extend_needs_an_iterable(kind: str, found: Any) -> TypeError:
    return TypeError(
        f'{kind}.extend should be called with an iterable, but got {type(found).__name__}: it '
        'appends each element. Use append() for one')


def list_is_not_called() -> RuntimeError:
    return RuntimeError(
        'ParameterList should not be called: it computes nothing. Index it, or loop over it')


# Initial values and gradients.

def unknown_nonlinearity(nonlinearity: str, known: list[str]) -> ValueError:
    return ValueError(
        f'Unsupported nonlinearity {nonlinearity}: its gain is not known. Use one of {known}')


def dict_is_not_called() -> RuntimeError:
    return RuntimeError(
        'ParameterDict should not be called: it only holds parameters. Use them in a forward()')


def slope_is_no_number(slope: Any) -> ValueError:
    return ValueError(
        f'negative_slope {slope!r} not a valid number: the gain follows from it. Give one such as '
        '0.01')


def warn_of_nothing_to_fill() -> None:
    warnings.warn(
        'Initializing zero-element tensors is a no-op: a size of the weight is 0. Check the sizes '
        'of the layer.', stacklevel=3)


def no_fans(tensor: Tensor) -> ValueError:
    return ValueError(
        'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, here '
        f'{tensor.ndim}: weights are (out, in). Use normal_')


def no_matrix_to_make_orthogonal(tensor: Tensor) -> ValueError:
    return ValueError(
        'Only tensors with 2 or more dimensions are supported, but this one has '
        f'{tensor.ndim}: a vector has no rows that could be orthogonal. Use normal_')


def no_matrix_to_fill(tensor: Tensor) -> ValueError:
    return ValueError(
        f'Only tensors with 2 dimensions are supported, but this one has {tensor.ndim}: rows and '
        'columns are filled. Use dirac_ or normal_')


def no_filters_to_fill(tensor: Tensor) -> ValueError:
    return ValueError(
        f'Only tensors with 3, 4, or 5 dimensions are supported, but this one has {tensor.ndim}: '
        'filters are (out, in, kernel size...). Use eye_ for a matrix')


def filters_not_divisible(tensor: Tensor, groups: int) -> ValueError:
    return ValueError(
        f'dim 0 must be divisible by groups, but {tensor.shape[0]} is not by {groups}: each group '
        'has as many filters. Give the groups of the convolution')


def mean_far_from_bounds() -> str:
    return ('mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of '
            'values may be incorrect.')


def unknown_mode(mode: str, known: list[str]) -> ValueError:
    return ValueError(f'Mode {mode} not supported, please use one of {known}')


def norm_not_finite(norm_type: float, total: Any) -> RuntimeError:
    return RuntimeError(
        f'The total norm of order {norm_type} is non-finite ({total}), so the gradients cannot be '
        'clipped. Find why, or set error_if_nonfinite=False')


def not_in_eval(layer: object, norm: object) -> AssertionError:
    return AssertionError(
        f'Fusion only for eval! {layer} and {norm} are not both in evaluation mode, and in '
        'training the statistics are those of each batch. Call eval() on both first')


def no_statistics_to_fuse(norm: object) -> AssertionError:
    return AssertionError(
        f'bn.running_mean and bn.running_var must not be None, but {norm} has none: they become '
        'part of the weight. Make it with track_running_stats=True')


def features_do_not_match(out_features: int, num_features: int) -> AssertionError:
    return AssertionError(
        'To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got '
        f'linear.out_features={out_features} and bn.num_features={num_features}: the norm scales '
        'the outputs of the layer. Pass the norm that follows it')


def not_a_class_of_modules(module_cls: Any) -> RuntimeError:
    return RuntimeError(
        f'Expected a Module; got {module_cls}: skip_init makes one, of the arguments that follow. '
        'Pass a class such as nn.Linear')


def class_without_device(module_cls: type) -> RuntimeError:
    return RuntimeError(
        f"Module must support a 'device' arg to skip initialization, and {module_cls.__name__} has "
        'none: PyTorch needs it. Call the class')


def unexpected_factory_kwargs(names: Any) -> TypeError:
    return TypeError(
        f'unexpected kwargs {names}: tensors are made with a device and a dtype. Leave others out')


def given_twice(name: str) -> TypeError:
    return TypeError(
        f'{name} specified twice, in **kwargs and in factory_kwargs: which one is meant is not '
        'known. Give it once')


# Functions.

def not_tensors(function: str, **arguments: Any) -> TypeError:
    wrong = {name: x for name, x in arguments.items() if not isinstance(x, Tensor)}
    name, x = next(iter(wrong.items()))
    advice = f'torch.tensor({name})'
    if isinstance(x, (list, tuple)) and any(isinstance(part, Tensor) for part in x):
        advice = f'{name}[0], if it is what a recurrent or attention layer returned'
    elif getattr(getattr(x, 'dtype', None), 'kind', None) == 'f':
        advice = f'torch.tensor({name}, dtype=torch.float32)'
    return TypeError(
        f"{function}(): argument '{name}' must be Tensor, not {type(x).__name__}: nothing is "
        f'converted silently. Use {advice}.')


def relu_of(input: Any) -> Exception:
    return relu_of_bools() if isinstance(input, Tensor) else not_tensors('relu', input=input)


# Losses.

def delta_is_no_number(delta: Any) -> TypeError:
    return TypeError(
        f'delta must be a float or int, got: {type(delta)}: it is a distance. Give 1.0.')


def tensor_as_option() -> RuntimeError:
    return RuntimeError(
        'Boolean value of Tensor with more than one value is ambiguous: a loss takes options '
        'when it is made, and tensors when it is called. Write nn.MSELoss()(input, target), or '
        'nn.functional.mse_loss(input, target), and so for other losses.')


def options_are_deprecated(reduction: str) -> str:
    return ('size_average and reduce args will be deprecated, please use '
            f"reduction='{reduction}' instead.")


def no_pairs_of_vectors(input1: Tensor, input2: Tensor, target: Tensor) -> RuntimeError:
    return RuntimeError(
        '0D or 1D target tensor expected, with 1D or 2D input tensors, found target '
        f'{tuple(target.shape)} and inputs {tuple(input1.shape)} and {tuple(input2.shape)}: each '
        'pair of vectors has one target. Pass (N, D), (N, D) and (N,)')


def exponent_neither_1_nor_2(p: object) -> ValueError:
    return ValueError(
        f'only p == 1 and p == 2 supported, but p is {p}: PyTorch has no other. Write p=1 or p=2')


def margin_weight_not_a_vector(weight: Tensor) -> ValueError:
    return ValueError(
        f'weight must be one-dimensional, but has the shape {tuple(weight.shape)}: each class has '
        'one. Pass a tensor (C,)')


def not_one_class_each(input: Tensor, target: Tensor) -> RuntimeError:
    return RuntimeError(
        f'inconsistent target size, expected {tuple(input.shape[:-1])} but got '
        f'{tuple(target.shape)}, for scores {tuple(input.shape)}: each sample has one class. '
        'Pass (N, C) and (N,), or (C,) and ()')


def target_of_multi_margin_out_of_range(classes: int) -> RuntimeError:
    return RuntimeError(
        f'target out of range: there are {classes} classes, with the numbers 0 to {classes - 1}. '
        'Give each sample one of them')


def no_list_of_classes_each(input: Tensor, target: Tensor) -> RuntimeError:
    return RuntimeError(
        f'inconsistent target size: {tuple(target.shape)} for input of size: '
        f'{tuple(input.shape)}; each row lists the classes of a sample, and is filled with -1. '
        'Pass both as (N, C), or (C,)')


def classes_are_not_int64(function: str, target: Tensor) -> RuntimeError:
    return RuntimeError(
        f'{function}: expected scalar type Long but found {_kind(target)}: the target holds '
        'numbers of classes, which are int64. Use target.long().')


def smoothing_of_bytes() -> RuntimeError:
    return RuntimeError(
        'cross_entropy: gather(): Expected dtype int32/int64 for index, got uint8: with a weight '
        'and label_smoothing the mean looks up the weight of each target. Use target.long().')


def target_of_multilabel_margin_out_of_range(classes: int) -> RuntimeError:
    return RuntimeError(
        f'target out of range: there are {classes} classes, with the numbers 0 to {classes - 1}, '
        'and -1 ends a row. Write one of these')


def unknown_reduction(reduction: Any) -> ValueError:
    return ValueError(
        f'{reduction!r} is not a valid value for reduction: a loss is one number or one for each '
        "element. Choose 'mean', 'sum' or 'none'.")


def shapes_differ(function: str, input: Tensor, target: Tensor) -> ValueError:
    return ValueError(
        f'{function}: input {tuple(input.shape)} and target {tuple(target.shape)} differ in shape; '
        'broadcasting would compare elements that do not belong together. The target size must be '
        f'the same as the input size. Use {_same_shape(input, target)}.')


def broadcasts(input: Tensor, target: Tensor) -> str:
    return (f'Using a target size ({target.shape}) that is different to the input size '
            f'({input.shape}). This will likely lead to incorrect results due to broadcasting, '
            'which compares elements that do not belong together. Please ensure they have the '
            f'same size. Use {_same_shape(input, target)}.')


def _same_shape(input: Tensor, target: Tensor) -> str:
    """What gives an input and a target the same shape."""
    shapes = {'input': tuple(input.shape), 'target': tuple(target.shape)}
    (longer, long), (_, short) = sorted(shapes.items(), key=lambda pair: -len(pair[1]))
    dims = [i for i, n in enumerate(long) if n == 1 and long[:i] + long[i + 1:] == short]
    return (f'{longer}.squeeze({dims[-1]})' if dims else
            'target.view_as(input), if the elements are in the same order'
            if input.numel() == target.numel() else
            'a target of the shape of input, or a model that returns that of the target')


def dimensions_to_rank_differ(*tensors: Tensor) -> RuntimeError:
    sizes = ', '.join(f'{name}: torch.Size({list(x.shape)})'
                      for name, x in zip(('input1', 'input2', 'target'), tensors))
    return RuntimeError(
        'margin_ranking_loss : All input tensors should have same dimension but got sizes: '
        f'{sizes}: broadcasting would compare scores that do not belong together. Use '
        'squeeze(1) or unsqueeze(1).')


def margin_not_positive(margin: float) -> ValueError:
    return ValueError(
        f'triplet_margin_loss: margin must be greater than 0, got {margin}: without it the loss '
        'is 0 where all vectors are equal. Give 1.0.')


def dimensions_of_triplet_differ(*tensors: Tensor) -> RuntimeError:
    a, p, n = (x.ndim for x in tensors)
    return RuntimeError(
        'The anchor, positive, and negative tensors are expected to have the same number of '
        f'dimensions, but got: anchor {a}D, positive {p}D, and negative {n}D inputs: each anchor '
        'has a positive and a negative of its own. Use expand_as(anchor) for one that all share.')


def negative_variance() -> ValueError:
    return ValueError(
        'gaussian_nll_loss: var has negative entry/entries: it is the mean of a square. Let the '
        'network compute it with softplus or exp.')


def variance_of_wrong_shape(var: Tensor, input: Tensor) -> ValueError:
    return ValueError(
        f'gaussian_nll_loss: var is of incorrect size: {tuple(var.shape)} for an input of '
        f'{tuple(input.shape)}; each element has a variance, or all of a last dimension share one. '
        'Use var.expand_as(input).')


def not_positive(function: str, name: str, value: float) -> RuntimeError:
    kind = 'non-positive' if function == 'huber_loss' else 'negative'
    return RuntimeError(
        f'{function} does not support {kind} values for {name}, got {value}: it is a distance. '
        'Give 1.0.')


def not_probabilities(name: str) -> RuntimeError:
    advice = ('Use sigmoid first, or binary_cross_entropy_with_logits.' if name == 'input' else
              'Use 0.0 and 1.0 as labels, and divide pixels by 255.')
    return RuntimeError(
        f'all elements of {name} should be between 0 and 1: they are probabilities. {advice}')


def not_one_weight_each(function: str, weight: Tensor, input: Tensor) -> ValueError:
    return ValueError(
        f'{function}: Weights and input must have the same size, but got {tuple(weight.shape)} and '
        f'{tuple(input.shape)}: each element has a weight. Use weight.expand_as(input).')


def weight_does_not_broadcast(function: str, name: str, weight: Tensor,
                              input: Tensor) -> RuntimeError:
    return RuntimeError(
        f'{function}: {name} of shape {tuple(weight.shape)} cannot be expanded to the input, '
        f"{tuple(input.shape)}: output with shape {list(input.shape)} doesn't match the broadcast "
        'shape. Give a number for each element, or sizes of 1 where all have the same.')


def weight_requires_grad(function: str, name: str) -> RuntimeError:
    return RuntimeError(
        f"The function '{function}' is not differentiable with respect to argument '{name}'. This "
        'input cannot have requires_grad True: PyTorch has no such derivative. Use '
        f'{name}.detach(), or multiply the loss of reduction="none" yourself.')


def weight_of_another_dtype(weight: Tensor, dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'weight: expected scalar type {KINDS[str(dtype)]} but found {_kind(weight)}: the weights '
        'of classes have the dtype of the scores. Use weight.to(input.dtype).')


def bad_label_smoothing(label_smoothing: float) -> RuntimeError:
    return RuntimeError(
        f'label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}: it is the fraction '
        'of the target that is spread over all classes. Give 0.1.')


def not_class_scores(function: str, input: Tensor, target: Tensor) -> Exception:
    scores, labels = tuple(input.shape), tuple(target.shape)
    whole = '' if target.type() in ('torch.LongTensor', 'torch.ByteTensor') else '.long()'
    if not scores:
        return (IndexError if function == 'cross_entropy' else ValueError)(
            f'{function}: Expected 1 or more dimensions (got 0), Dimension out of range: each '
            'class has a score. Make the last layer return one for each class.')
    sizes = scores[:1] + scores[2:] if len(scores) > 1 else ()
    batch = labels[0] if labels else 0
    if len(scores) > 1 and batch != scores[0]:
        advice = (f'Use target.flatten(){whole}' if (target.numel(),) == sizes else
                  'Take both from the same batch')
        return ValueError(
            f'{function}: Expected input batch_size ({scores[0]}) to match target batch_size '
            f'({batch}): each sample has its class; scores are {scores}, the target {labels}. '
            f'{advice}.')
    if len(scores) < 3 and len(labels) > 1:
        advice = (f'target.squeeze(1){whole}' if labels == (*sizes, 1) else
                  'target.argmax(1) if each row has a single 1' if labels == scores else
                  'a target of one class number for each sample')
        return RuntimeError(
            f'{function}: 0D or 1D target tensor expected, multi-target not supported: got '
            f'{labels} for scores of {scores}; each sample has one class. Use {advice}.')
    if len(scores) == 1 and labels not in ((), (1,)):
        return ValueError(
            f'{function}: For 1D input, 1D target must have size 1, but got target size: {batch}: '
            f'scores of {scores} are one sample. Give the number of one class, or scores (N, C).')
    if len(scores) > 1 and labels != sizes:
        advice = (
            f'target.squeeze(1){whole}' if labels == (*sizes[:1], 1, *sizes[1:]) else
            f'input.flatten(0, -2) and target.flatten(){whole}' if labels == scores[:-1] else
            f'a target of shape {sizes}')
        return RuntimeError(
            f'{function}: Expected target size {list(sizes)}, got {list(labels)} (only batches of '
            f'spatial targets supported, size mismatch) for scores of {scores}: dimension 1 holds '
            f'the classes, and all others are those of the target. Use {advice}.')
    return RuntimeError(
        f'{function}: expected target dtype to be Long or Byte, but got {_kind(target)}: each '
        'target is the number of a class. Use target.long().')


def needs_floating_point(function: str, input: Tensor) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for {_kind(input)!r}: its results are floating-point, and '
        'integers have no gradient. Use input.float().')


def fractions_cut_off(function: str, name: str, x: Tensor) -> RuntimeError:
    return RuntimeError(
        f"{function}: result type Float can't be cast to the desired output type {_kind(x)}, that "
        f'of {name}: the fractional part would be lost. Use {name}.float().')


def another_dtype(function: str, input: Tensor, target: Tensor) -> RuntimeError:
    return RuntimeError(
        f'{function}: Found dtype {_kind(target)} but expected {_kind(input)}: input is '
        f'{input.dtype}, target {target.dtype}. Use target.to(input.dtype).')


def not_log_probabilities(input: Tensor, target: Tensor) -> RuntimeError:
    return RuntimeError(
        f'kl_div: Integral inputs not supported: got {input.dtype} and {target.dtype}; input holds '
        'log probabilities, target probabilities. Use log_softmax(dim=1) for one, softmax(dim=1) '
        'or float() for the other.')


def probabilities_not_floating_point(target: Tensor) -> RuntimeError:
    return RuntimeError(
        'cross_entropy: Expected floating point type for target with class probabilities, got '
        f'{_kind(target)}: a target of the shape of the scores, {tuple(target.shape)}, holds a '
        'probability for each class. Use target.float(), or target.argmax(1) for class numbers.')


def no_class_to_ignore() -> RuntimeError:
    return RuntimeError(
        'cross_entropy: ignore_index is not supported for floating point target: where each class '
        'has a probability, no sample has the number of one. Leave it out.')


def ignore_index_not_whole(ignore_index: Any) -> TypeError:
    return TypeError(
        f"argument 'ignore_index' must be int, not {type(ignore_index).__name__}: it is the number "
        'of a class. Give an integer; -100 ignores nothing.')


def _kind(x: Tensor) -> str:
    """PyTorch's word for a dtype: Long for int64."""
    return KINDS[x.dtype.name]


KINDS = {'float32': 'Float', 'float64': 'Double', 'int64': 'Long', 'int32': 'Int',
         'int16': 'Short', 'int8': 'Char', 'uint8': 'Byte', 'bool': 'Bool'}


def class_out_of_range(target: int, classes: int) -> IndexError:
    advice = (f'Write ignore_index={target} if it stands for no class' if target < 0 else
              f'Use a last layer of {target + 1} scores, or number the classes from 0')
    if classes == 1:
        advice = 'Use binary_cross_entropy_with_logits for two classes and a single score'
    return IndexError(
        f'Target {target} is out of bounds: there are {classes} classes, 0 to {classes - 1}. '
        f'{advice}.')


def bad_class_weight(weight: Any, classes: int) -> Exception:
    if not isinstance(weight, Tensor):
        return TypeError(
            f"argument 'weight' must be Tensor, not {type(weight).__name__}: nothing is converted "
            'silently. Use torch.tensor(weight).')
    return RuntimeError(
        f'weight tensor should be defined either for all {classes} classes or no classes but got '
        f'weight tensor of shape: {list(weight.shape)}. Give one weight for each class.')


def no_linear_map(x: Any, w: Any) -> RuntimeError:
    if w.dtype.kind == 'b':
        return product_of_bools()
    advice = ('input.flatten(1), or nn.Flatten() before this layer'
              if x.ndim > 1 and x[0].size == w.shape[-1] else
              f'in_features={x.shape[-1]}' if x.ndim else 'an input of at least one dimension')
    return RuntimeError(
        f'linear: input {x.shape} and weight {w.shape}: mat1 and mat2 shapes cannot be multiplied, '
        'since the last size of the input must be the last of the weight, in_features. Use '
        f'{advice}.')


def dtypes_differ(function: str, input: Tensor, weight: Tensor, *others: Any) -> RuntimeError:
    dtypes = ', '.join(str(x.dtype) for x in (input, weight, *others) if x is not None)
    return RuntimeError(
        f'{function}: mat1 and mat2 must have the same dtype, as must the bias, but got {dtypes}: '
        f'products of matrices are not promoted. Use {_converted(input, weight)}.')


def input_of_another_dtype(input: Tensor, weight: Tensor, bias: Tensor | None) -> RuntimeError:
    dtypes = ' and '.join(str(x.dtype) for x in (weight, bias) if x is not None)
    return RuntimeError(
        f'conv: Input type ({input.dtype}) and weight and bias type ({dtypes}) should be the same: '
        f'products are not promoted. Use {_converted(input, weight)}.')


def _converted(input: Tensor, weight: Tensor) -> str:
    """What to write for an input that does not have the dtype of the weight."""
    methods = {'torch.float32': 'input.float()', 'torch.float64': 'input.double()'}
    if input.dtype == weight.dtype:
        return 'a bias of that dtype'
    return methods.get(str(weight.dtype), 'weight.float()')
