"""The errors of convolution, pooling, normalization, recurrent layers, attention and embedding:
functions that return an exception which says what happened, why it is wrong, and what to write
instead."""
from __future__ import annotations

import warnings
from typing import Any, Iterable, Sequence

from .._tensor import Tensor


# Sizes of images and series.

def not_a_pair(name: str, size: Any) -> TypeError:
    return TypeError(
        f'{name} is {size!r}: images have a height and a width. Give an integer or a pair.')


def not_single(name: str, size: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f'expected {name} to be a single integer value or a list of 1 values to match the '
        f'convolution dimensions, but got {name}={list(size)}: a series has one. Give one number.')


def neither_single_nor_batch(input: Tensor, ndim: int) -> RuntimeError:
    return RuntimeError(
        f'Expected {ndim - 1}D (unbatched) or {ndim}D (batched) input, but got input of size: '
        f'{list(input.shape)}: channels and sizes each have a dimension, and samples may have one. '
        'Use unsqueeze(0) for each that is missing.')


# Convolution.

def channels_not_divisible(in_channels: int, out_channels: int, groups: int) -> ValueError:
    return ValueError(
        f'in_channels={in_channels} and out_channels={out_channels} must be divisible by '
        f'groups={groups}: all groups have equally many channels. Choose a divisor')


def unknown_mode_of_layer_padding(padding_mode: Any, known: Sequence[str]) -> ValueError:
    return ValueError(
        f'padding_mode must be one of {known}, but got padding_mode={padding_mode!r}: no other is '
        "known. Leave it out, or write one of them")


def padding_of_a_transposed_convolution(layer: str, padding_mode: str) -> ValueError:
    return ValueError(
        f'Only "zeros" padding mode is supported for {layer}, not {padding_mode!r}: its padding is '
        'cut off from the output, and nothing is added to the input. Leave padding_mode out')


def unknown_layer_padding(padding: str, stride: Any, known: Sequence[str]) -> ValueError:
    advice = f'one of {tuple(known)}, ' if known else ''
    return ValueError(
        f'padding={padding!r} is not supported with stride={stride}: the size is kept only if the '
        f'stride is 1 and the convolution not transposed. Give {advice}a number or a pair')


def bad_filters(filters: Sequence[int], bias: Tensor | None) -> RuntimeError:
    return RuntimeError(
        'conv2d: expected a weight (O, C / groups, kH, kW) and a bias (O,), got '
        f'{tuple(filters)} and {bias if bias is None else tuple(bias.shape)}: each filter has one '
        'bias. Give as many biases as filters.')


def unknown_padding(padding: str, stride: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f"conv2d: padding={padding!r} is not supported for stride {stride}: there are 'valid', and "
        "'same' for stride 1. Give numbers.")


def empty_filter(filters: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f'kernel size should be greater than zero, but got a weight of size {list(filters)}: a '
        'window without pixels has no sum. Give 1 or more.')


def steps_not_positive(stride: Any, dilation: Any, groups: int) -> RuntimeError:
    return RuntimeError(
        f'conv2d: stride {stride}, dilation {dilation} and groups {groups} must be greater than '
        'zero: windows that do not move, or have no extent, are not a convolution. Give 1 or more.')


def channels_do_not_match(shape: Sequence[int], filters: Sequence[int],
                          groups: int) -> RuntimeError:
    if filters[0] % groups:
        return RuntimeError(
            f'Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, '
            f'but got weight of size {list(filters)}: all groups have equally many filters. Choose '
            'a divisor.')
    channels = filters[1] * groups
    advice = (
        'input.permute(0, 3, 1, 2), if channels come last in it' if shape[-1] == channels else
        f'input.unsqueeze(1), if there are {shape[1]} images without channels'
        if (shape[0], channels) == (1, 1) else f'in_channels={shape[1]}')
    return RuntimeError(
        f'Given groups={groups}, weight of size {list(filters)}, expected input{list(shape)} to '
        f'have {channels} channels, but got {shape[1]} channels instead: a filter has a weight for '
        f'each channel. Use {advice}.')


def bad_transposed_bias(weight: Tensor, bias: Tensor, groups: int) -> RuntimeError:
    channels = weight.shape[1] * groups
    return RuntimeError(
        f'Given transposed=1, weight of size {list(weight.shape)}, expected bias to be '
        f'1-dimensional with {channels} elements, but got bias of size {list(bias.shape)} instead: '
        f'each channel of the result has one. Make it ({channels},).')


def filter_too_large(shape: Sequence[int], filters: Sequence[int], padding: Any,
                     dilation: Any) -> RuntimeError:
    if min(padding) < 0:
        return RuntimeError(
            f'conv2d: negative padding {padding} is not supported: zeros are added, not '
            'removed. Cut with nn.functional.pad before.')
    return RuntimeError(
        f'Calculated padded input size: {list(shape[2:])} + 2 {padding}. Kernel size: '
        f"{list(filters[2:])} with dilation {dilation}. Kernel size can't be greater than actual "
        'input size: there is no window. Pad more.')


def output_padding_too_large(output_padding: Any, stride: Any, dilation: Any) -> RuntimeError:
    return RuntimeError(
        f'output padding must be smaller than either stride or dilation, but got {output_padding} '
        f'for {stride} and {dilation}: it chooses among the sizes that a convolution with this '
        'stride makes equal. Give 0.')


def output_padding_not_built(output_padding: Any, stride: Any) -> NotImplementedError:
    return NotImplementedError(
        f'output_padding {output_padding} of at least the stride {stride} is not implemented, '
        'though PyTorch allows it with dilation. Give less.')


def output_size_not_built() -> NotImplementedError:
    return NotImplementedError('output_size is not implemented. Give output_padding to the layer')


def transposed_channels_do_not_match(input: Tensor, weight: Tensor, groups: int) -> RuntimeError:
    return RuntimeError(
        f'Given transposed=1, weight of size {list(weight.shape)}, groups={groups}, expected '
        f'input{list(input.shape)} to have {weight.shape[0]} channels, but got {input.shape[1]} '
        'channels instead, which groups must divide. Change in_channels.')


def transposed_steps_not_positive(stride: Any, padding: Any, dilation: Any) -> RuntimeError:
    return RuntimeError(
        f'conv_transpose2d: stride {stride} and dilation {dilation} must be greater than zero, and '
        f'negative padding is not supported, got {padding}: pixels are set apart and cut off. Give '
        'stride and dilation of 1 or more, padding of 0 or more.')


def nothing_left(size: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f'conv_transpose2d: the output would have size {list(size)}: padding cuts everything away. '
        'Pad less.')


# Pooling.

def not_implemented_for(function: str, input: Tensor) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for {input.dtype}: it computes with floating-point numbers. '
        'Use float() first.')


def window_not_positive(function: str, kernel: Any, stride: Any, dilation: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: kernel_size {kernel}, stride {stride} and dilation {dilation} must be '
        'greater than zero: they count pixels. Give 1 or more.')


def padding_too_large(function: str, padding: Any, kernel: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: pad should be at most half of effective kernel size, but got {padding} for '
        f'{kernel}: a window could lie in the padding alone. Pad less.')


def window_too_large(function: str, shape: Sequence[int], padding: Any,
                     kernel: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: an image of {tuple(shape[2:])} with padding {padding} has no room for a '
        f'window of {kernel}: Output size is too small. Use a smaller window.')


def divisor_is_zero() -> RuntimeError:
    return RuntimeError(
        'avg_pool2d: divisor must be not zero: sums are divided by divisor_override. Leave it out.')


def no_output_size(function: str) -> TypeError:
    return TypeError(
        f'{function}: output_size is None, which stands for one size, not for both. Write '
        '(None, None) to keep the size of the input.')


def no_pixels_to_pool(function: str, input: Tensor) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Expected input to have non-zero size for non-batch dimensions, but input '
        f'has sizes {list(input.shape)}: a window has at least one pixel. Leave such images out.')


def bad_output_size(function: str, output_size: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: output_size must be 2 sizes of at least 0, not {output_size}: images have a '
        'height and a width. Give a number for both, or a pair.')


def bad_output_length(function: str, output_size: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: output_size must be at least 0, not {output_size}: it is the length of the '
        'result. Give the number of windows.')


# Padding and interpolation.

def widths_not_in_pairs(input: Tensor, widths: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        'Padding length must be divisible by 2 and at most twice the number of dimensions of the '
        f'input, got {tuple(widths)} for {input.ndim}: each dimension has a width before and one '
        'after. Give pairs, the last dimension first.')


def cuts_too_much(input: Tensor, widths: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f'pad {tuple(widths)} would cut off more elements than a tensor of shape '
        f'{tuple(input.shape)} has. Cut less.')


def unknown_padding_mode(mode: str, value: Any) -> NotImplementedError:
    return NotImplementedError(
        f"pad: mode {mode!r} with value {value}: there are 'constant', which takes a value, "
        "'reflect', 'replicate' and 'circular'. Choose one.")


def wrong_number_of_padded_dims(input: Tensor, padded_dims: int) -> NotImplementedError:
    return NotImplementedError(
        f'Padding size {2 * padded_dims} is not supported for {input.ndim}D input tensor: only a '
        'constant can be added anywhere. Give widths for all dimensions but the one or two of '
        'samples and channels.')


def nothing_to_copy(input: Tensor) -> RuntimeError:
    return RuntimeError(
        'pad: Expected a tensor with possibly 0 batch size and other non-zero dimensions for '
        f"input, but got: {list(input.shape)}: there is nothing to copy. Use mode='constant'.")


def too_little_to_copy(input: Tensor, dim: int, before: int, after: int) -> RuntimeError:
    return RuntimeError(
        'Padding size should be less than the corresponding input dimension, but got: padding '
        f'({before}, {after}) at dimension {dim} of input {list(input.shape)}: there are too few '
        'elements to copy, or none would be left. Pad or cut less.')


def unknown_interpolation(mode: str) -> NotImplementedError:
    return NotImplementedError(
        f"interpolate: mode {mode!r} is not implemented: there are 'nearest' and 'nearest-exact', "
        "which copy pixels, and 'linear', 'bilinear', 'bicubic' and 'area', means of neighbours. "
        'Use one of them, or conv_transpose2d.')


def mode_of_other_inputs(mode: str, input: Tensor) -> NotImplementedError:
    return NotImplementedError(
        f"interpolate: Got {input.ndim}D input, but {mode} mode needs "
        f"{'3D' if mode == 'linear' else '4D'} input: 'linear' is for series (N, C, L), 'bilinear' "
        "and 'bicubic' for images (N, C, H, W). Write another one")


def no_antialias() -> NotImplementedError:
    return NotImplementedError(
        'interpolate: antialias=True is not implemented: the same number of neighbours is '
        "averaged however small the result is. Leave it out, or use mode='area' to shrink")


def not_indices_of_maxima(function: str, input: Tensor, indices: Tensor) -> RuntimeError:
    return RuntimeError(
        f'{function}: Expected shape of indices to be same as that of the input tensor '
        f'({tuple(input.shape)}), and elements in indices should be type int64, but got '
        f'{indices.dtype} {tuple(indices.shape)}: they say where each element was. Pass what '
        'return_indices=True returned.')


def no_size_to_unpool(function: str, size: Sequence[int], usual: Sequence[int],
                      stride: Sequence[int]) -> ValueError:
    return ValueError(
        f'{function}: invalid output_size {tuple(size)}: output_size should be a sequence '
        f'containing {len(usual)} or {len(usual) + 2} elements, less than the stride '
        f'{tuple(stride)} away from {tuple(usual)}: others become something else when pooled. '
        'Pass the size of what was pooled.')


def maxima_outside(function: str, indices: Tensor, size: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f'{function}: Found an invalid max index: the indices are {indices._array.min()} to '
        f'{indices._array.max()}, and output volumes are of size {"x".join(map(str, size))}: there '
        'are no more places. Pass output_size, the size of what was pooled.')


# Windows and grids.


def no_windows(function: str, size: Any, kernel_size: Any, dilation: Any, padding: Any,
               stride: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: expected windows inside of the image, but got the size {list(size)} with '
        f'kernel_size={kernel_size}, dilation={dilation}, padding={padding}, stride={stride}: no '
        'window has a place. Use smaller windows, and no number below 1 but in padding')


def not_windows_of_such_an_image(input: Tensor, size: Any, kernel_size: Any,
                                 count: int) -> RuntimeError:
    return RuntimeError(
        "fold: Expected size of input's dimension 1 to be divisible by the product of kernel_size "
        f"{kernel_size}, and size of input's dimension 2 to be {count}, but got input of sizes "
        f"{tuple(input.shape)}: images of {size} have so many windows. Give unfold's arguments")


def corners_are_not_aligned() -> str:
    return ('Default grid_sample and affine_grid behavior has changed to align_corners=False since '
            '1.3.0. Please specify align_corners=True if the old behavior is desired.')


def not_affine_maps(theta: Tensor, size: Any) -> ValueError:
    return ValueError(
        'affine_grid: Expected a batch of 2D affine matrices of shape Nx2x3 for size (N, C, H, W), '
        f'but got {tuple(theta.shape)} and size {tuple(size)}: each image has a map of the plane. '
        'Volumes are not implemented. Pass theta (N, 2, 3)')


def grid_of_integers(function: str, theta: Tensor) -> ValueError:
    return ValueError(
        f'{function}: Expected theta to have floating point type, but got {theta.dtype}: its '
        'places are between pixels. Use float()')


def unknown_sampling(mode: object) -> Exception:
    if mode == 'bicubic':
        return NotImplementedError(
            "grid_sample: mode 'bicubic' is not implemented: it needs 16 pixels for each. Write "
            "mode='bilinear'")
    return ValueError(
        f"grid_sample: expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: {mode!r}; "
        "it says what is taken of the pixels around. Write mode='bilinear'")


def unknown_outside(padding_mode: object) -> ValueError:
    return ValueError(
        "grid_sample: expected padding_mode to be 'zeros', 'border', or 'reflection', but got: "
        f"{padding_mode!r}; it says what is outside of the image. Write padding_mode='zeros'")


def no_grid(input: Tensor, grid: Tensor) -> RuntimeError:
    return (NotImplementedError if input.ndim == 5 else RuntimeError)(
        'grid_sample(): expected 4D input and a grid of pairs with the same batch size, but got '
        f'input with sizes {list(input.shape)} and grid with sizes {list(grid.shape)}: each place '
        "is (x, y). Volumes are not implemented. Pass (N, C, H, W) and (N, H', W', 2)")


def grid_of_another_dtype(input: Tensor, grid: Tensor) -> RuntimeError:
    return RuntimeError(
        'grid_sample(): expected input and grid to have same floating point dtype, but input has '
        f'{input.dtype} and grid has {grid.dtype}: there is no promotion here. Use to(input.dtype)')


def no_pixels_to_sample(input: Tensor) -> RuntimeError:
    return RuntimeError(
        'grid_sample(): expected input to have non-empty spatial dimensions, but input has sizes '
        f'{list(input.shape)}: there is nothing to see. Pass images with pixels')


def not_images_of_floats(input: Tensor) -> NotImplementedError:
    return NotImplementedError(
        'interpolate: Only 3D and 4D input Tensors of floats are supported, got '
        f'{input.ndim}D of {input.dtype}: images are (N, C, H, W). Use unsqueeze() or float().')


def nearest_has_no_options(mode: str) -> ValueError:
    return ValueError(
        'interpolate: align_corners option can only be set with the interpolating modes, '
        f'Anti-alias option likewise: {mode!r} has no pixels between others. Leave them out.')


def no_factor_to_recompute() -> ValueError:
    return ValueError(
        'interpolate: recompute_scale_factor is not meaningful with an explicit size: there is no '
        'factor. Leave it out.')


def size_or_factor(size: Any, scale_factor: Any) -> ValueError:
    return ValueError(
        'interpolate: either size or scale_factor should be defined, and only one of size or '
        f'scale_factor, got {size} and {scale_factor}: each determines the other. Give one.')


def wrong_number_of_sizes(shape: Sequence[int], sizes: Sequence[Any]) -> ValueError:
    return ValueError(
        'interpolate: Input and output must have the same number of spatial dimensions, got '
        f'{sizes} for an input of {list(shape)}: the last {len(shape) - 2} are resized. Give one '
        'number for each.')


def size_not_whole(size: Any) -> TypeError:
    return TypeError(
        f'interpolate: expected size to be of int, got {size}: pixels are counted. Use int().')


def no_pixels(shape: Sequence[int], sizes: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        'interpolate: Input and output sizes should be greater than 0, but got input '
        f'{list(shape)} and output {list(sizes)}: there is no pixel to copy. Use a larger size.')


def no_groups_of_channels(input: Tensor, groups: int) -> RuntimeError:
    return RuntimeError(
        'channel_shuffle expects input with > 2 dims, (N, C, ...), and a positive number of groups '
        f'that divides the channels, but got input {tuple(input.shape)} and {groups}: all groups '
        'have equally many channels. Choose a divisor.')


def channels_not_shuffled(input: Tensor, factor: int) -> RuntimeError:
    return RuntimeError(
        'pixel_shuffle expects its input to have at least 3 dimensions, and its channel dimension '
        f'to be divisible by the square of upscale_factor, a positive number, but got input '
        f'{tuple(input.shape)} and {factor}: each square of pixels is made of as many channels. '
        'Let the convolution before it have C * r**2 channels.')


def pixels_not_shuffled(input: Tensor, factor: int) -> RuntimeError:
    return RuntimeError(
        'pixel_unshuffle expects height and width to be divisible by downscale_factor, a positive '
        f'number, but got input {tuple(input.shape)} and {factor}: each square of pixels becomes '
        'one pixel. Pad the images first.')


# Normalization.

def no_channels(shape: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f'batch_norm: input {tuple(shape)} needs at least 2 dimensions, (N, C, ...): channels are '
        'dimension 1. Use unsqueeze(0).')


def not_one_per_channel(name: str, x: Tensor, channels: int) -> RuntimeError:
    return RuntimeError(
        f'{name} should contain {channels} elements not {x.numel()}: one for each channel, '
        f'dimension 1. Use num_features={channels}, or make it ({channels},).')


def no_running_statistics() -> RuntimeError:
    return RuntimeError(
        'batch_norm: Expected running_mean and running_var to be defined when training=False: '
        'they are the mean and variance then. Pass training=True.')


def one_value_per_channel(shape: Sequence[int]) -> ValueError:
    return ValueError(
        'Expected more than 1 value per channel when training, got input size '
        f'torch.Size({list(shape)}): the variance of one value is 0. Use a larger batch or eval().')


def half_of_running_statistics() -> ValueError:
    return ValueError(
        'batch_norm: running_mean and running_var must either both be None or neither be None: '
        'they are the statistics of the same batches. Give both.')


def parameter_of_another_dtype(function: str, name: str, x: Tensor, input: Tensor) -> RuntimeError:
    return RuntimeError(
        f'{function}: mixed dtype (CPU): {name} is {x.dtype}, input {input.dtype}; all inputs must '
        'share same datatype. Use input.to(layer.weight.dtype), or layer.to(input.dtype).')


def one_value_per_group(input: Tensor) -> ValueError:
    return ValueError(
        'group_norm: Expected more than 1 value per channel when training, got input size '
        f'{list(input.shape)}: a single value is its own mean. Use fewer groups, or larger '
        'images.')


def not_one_for_each_channel(name: str, x: Tensor, input: Tensor) -> RuntimeError:
    return RuntimeError(
        f'group_norm: Expected {name} to be a vector of size equal to the number of channels in '
        f'input, but got {name} of shape {list(x.shape)} and input of shape {list(input.shape)}: '
        f'channels are dimension 1. Make it ({input.shape[1]},).')


def not_normalized_shape(input: Tensor, shape: Sequence[int]) -> RuntimeError:
    return RuntimeError(
        f'Given normalized_shape={list(shape)}, expected input with shape '
        f'[*, {", ".join(map(str, shape))}] and weight and bias of that shape, but got input of '
        f'size{list(input.shape)}: it names the dimensions to normalize. Use normalized_shape='
        f'{tuple(input.shape[-max(1, len(shape)):])}, the last sizes of the input.')


def groups_do_not_divide(input: Tensor, num_groups: int) -> RuntimeError:
    return RuntimeError(
        'Expected number of channels in input to be divisible by num_groups, but got input of '
        f'shape {list(input.shape)} and num_groups={num_groups}: all groups have equally many '
        'channels. Choose a divisor.')


def num_groups_does_not_divide(num_channels: int, num_groups: int) -> ValueError:
    return ValueError(
        f'num_channels={num_channels} must be divisible by num_groups={num_groups}: all groups '
        'have equally many channels. Choose a divisor')


def wrong_ndim(input: Tensor, ndims: Sequence[int]) -> ValueError:
    advice = ('input.unsqueeze(0), if it is one sample' if input.ndim + 1 in ndims else
              'nn.BatchNorm1d' if input.ndim < 4 else 'nn.BatchNorm2d, if it is a batch of images')
    return ValueError(
        f'expected {" or ".join(f"{ndim}D" for ndim in ndims)} input (got {input.dim()}D input), '
        f'channels in dimension 1. Use {advice}.')


def eps_not_positive(eps: float) -> ValueError:
    return ValueError(
        f'batch_norm eps must be positive during training, but got {eps}: it keeps the division '
        'finite where a channel is constant. Give 1e-5.')


def not_num_features(input: Tensor, dim: int, num_features: int) -> ValueError:
    return ValueError(
        f"expected input's size at dim={dim:d} to match num_features ({num_features}), but got: "
        f'{input.shape[dim]}: each channel has its weight. Use num_features={input.shape[dim]}.')


def warn_of_num_features(dim: int) -> None:
    warnings.warn(
        f"input's size at dim={dim:d} does not match num_features, which only counts with affine "
        'or track_running_stats. Give that size.', stacklevel=4)


def momentum_is_no_number(momentum: Any) -> TypeError:
    return TypeError(
        f"instance_norm(): argument 'momentum' must be float, not {type(momentum).__name__}: it is "
        'the weight of the new statistics. Give 0.1.')


def one_position(shape: Sequence[int]) -> ValueError:
    return ValueError(
        'Expected more than 1 spatial element when training, got input size '
        f'torch.Size({list(shape)}): the variance of one value is 0. Use larger images or series, '
        'or layer_norm.')


def no_positions(function: str, input: Tensor) -> ValueError:
    return ValueError(
        f'{function}: Expected 3D or higher dimensionality input (got {input.ndim} dimensions): '
        'there are samples, channels and positions. Use unsqueeze(-1).')


# Embedding.

def sparse_gradients_not_built() -> NotImplementedError:
    return NotImplementedError(
        'embedding: sparse=True is not implemented: NumPy has dense arrays, and the gradient has '
        'a row for each word. Leave it out: the numbers are the same.')


def bag_options_not_built() -> NotImplementedError:
    return NotImplementedError(
        'embedding_bag: max_norm, norm_type, scale_grad_by_freq and sparse are not implemented: '
        'embedding has the first three. Leave them out.')


def embedding_weight_not_a_matrix(weight: Tensor) -> RuntimeError:
    return RuntimeError(
        f"'weight' must be 2-D, a row for each word, not {tuple(weight.shape)}. Reshape it.")


def indices_not_whole(input: Tensor) -> RuntimeError:
    return RuntimeError(
        "embedding: Expected tensor for argument #1 'indices' to have one of the following scalar "
        f'types: Long, Int; but got {input.dtype}: they are the numbers of rows. Use long().')


def no_such_row(input: Tensor, weight: Tensor) -> IndexError:
    low, high = input._array.min(), input._array.max()
    advice = (f'Use num_embeddings={high + 1} or more' if low >= 0 else
              'Number the words from 0; give those that are unknown or padding a number, too')
    return IndexError(
        f'index out of range in self: got {low} to {high} for {len(weight)} rows, numbered from 0: '
        f'there is no such row. {advice}.')


def padding_idx_out_of_range(padding_idx: int, num_embeddings: int) -> AssertionError:
    return AssertionError(
        f'Padding_idx must be within num_embeddings: got {padding_idx} for {num_embeddings} rows; '
        'it is the number of one. Choose one of them.')


def weight_does_not_match(weight: Tensor, shape: Sequence[int]) -> ValueError:
    return ValueError(
        f'Shape of weight {tuple(weight.shape)} does not match num_embeddings and embedding_dim, '
        f'{tuple(shape)}: they are its sizes. Give these numbers')


def embeddings_not_a_matrix(embeddings: Tensor) -> AssertionError:
    return AssertionError(
        'Embeddings parameter is expected to be 2-dimensional, a row for each word, not '
        f'{tuple(embeddings.shape)}. Reshape it')


# Recurrent layers.

def proj_size_not_built(proj_size: int) -> NotImplementedError:
    return NotImplementedError(
        f'proj_size={proj_size} is not implemented, only 0. Put a Linear layer after this one.')


def dropout_not_a_probability(dropout: Any) -> ValueError:
    return ValueError(
        f'dropout should be a number in range [0, 1], not {dropout}: it is the probability of an '
        'element being zeroed. Give a number such as 0.5.')


def wrong_type(name: str, kind: type, value: Any) -> TypeError:
    return TypeError(
        f'{name} should be of type {kind.__name__}, got: {type(value).__name__}. Check the order '
        f'of the arguments, or write {name}=')


def size_not_positive(name: str, size: int) -> ValueError:
    return ValueError(
        f'{name} must be greater than zero, not {size}: without layers or features there is '
        'nothing to compute. Give 1 or more.')


def unknown_recurrent_mode(mode: Any, known: Iterable[str]) -> ValueError:
    return ValueError(
        f'Unrecognized RNN mode: {mode}: it says what a layer computes. Write one of '
        f'{", ".join(known)}, or nn.RNN, nn.LSTM or nn.GRU.')


def unknown_nonlinearity(nonlinearity: Any) -> ValueError:
    return ValueError(
        f"Unknown nonlinearity '{nonlinearity}': there are tanh and relu. Select one.")


def not_a_sequence(layer: str, input: Any) -> TypeError:
    return TypeError(
        f'{layer} got a {type(input).__name__}: it takes sequences, as a Tensor or a '
        'PackedSequence. Use nn.utils.rnn.pad_sequence for a list of tensors.')


def wrong_sequence_ndim(layer: str, input: Tensor, ndims: Sequence[int]) -> ValueError:
    return ValueError(
        f'{layer}: Expected input to be {ndims[0]}D (unbatched) or {ndims[1]}D, got {input.ndim}D '
        'instead: each dimension has its meaning here. Reshape it.')


def wrong_input_size(layer: str, input: Tensor, input_size: int) -> RuntimeError:
    return RuntimeError(
        f'{layer}: input.size(-1) must be equal to input_size. Expected {input_size}, got '
        f'{input.shape[-1]} of {tuple(input.shape)}: features come last. Use input_size='
        f'{input.shape[-1]}, or permute it.')


def wrong_states(layer: str, shapes: Sequence[Any], expected: Any, count: int) -> RuntimeError:
    return RuntimeError(
        f'{layer}: Expected hidden size {expected}, {count} of them, got {list(shapes)}: each '
        'sequence has its own, in every layer and direction. Leave it out for zeros.')


def dtypes_differ(layer: str, input: Tensor, states: Sequence[Tensor], weight: Tensor
                  ) -> RuntimeError | ValueError:
    at_once = layer.endswith('Cell') or input.dtype == weight.dtype
    return (RuntimeError if at_once else ValueError)(
        f'{layer}: input, states and weights must have the same dtype, but input is {input.dtype}, '
        f'states {[str(x.dtype) for x in states]}, weights {weight.dtype}: nothing is converted '
        f'silently. Use {"double" if weight.dtype.itemsize == 8 else "float"}() for input and '
        'states, or convert the layer.')


def empty_sequence(layer: str) -> RuntimeError:
    return RuntimeError(
        f'{layer}: Expected sequence length to be larger than 0: there would be no state to '
        'return. Leave empty sequences out.')


# Attention.

def no_heads(embed_dim: int, num_heads: int) -> ValueError:
    return ValueError(
        f'embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and '
        f'num_heads={num_heads} instead: without heads nothing is attended to. Give 1 or more.')


def heads_do_not_divide(embed_dim: int, num_heads: int) -> AssertionError:
    return AssertionError(
        f'embed_dim must be divisible by num_heads, not {embed_dim} by {num_heads}: all heads have '
        'equally many features. Choose a divisor.')


def wrong_attention_ndim(query: Tensor, key: Tensor, value: Tensor) -> ValueError:
    return ValueError(
        'MultiheadAttention: query, key and value must all be 2D (unbatched) or 3D, but are '
        f'{query.ndim}D, {key.ndim}D and {value.ndim}D. Use unsqueeze().')


def wrong_embedding_dimension(sizes: Sequence[int], *inputs: Tensor
                              ) -> AssertionError | RuntimeError:
    kind = RuntimeError if inputs[0].shape[2] == sizes[0] else AssertionError
    expected = sizes[0] if len({*sizes}) == 1 else sizes
    return kind(
        f'MultiheadAttention: was expecting embedding dimension of {expected}, but got '
        f'{[tuple(x.shape) for x in inputs]} for query, key and value: features come last. Use '
        'embed_dim, kdim and vdim of those sizes, or permute them.')


def keys_and_values_differ(query: Tensor, key: Tensor, value: Tensor) -> RuntimeError:
    return RuntimeError(
        f'MultiheadAttention: key {tuple(key.shape)} and value {tuple(value.shape)} must have '
        f'equal shapes, and the batch size of query {tuple(query.shape)}: each key has its value. '
        'Make them agree.')


def causal_without_mask() -> RuntimeError:
    return RuntimeError(
        'MultiheadAttention: Need attn_mask if specifying the is_causal hint, which only says that '
        'the mask is causal. Pass torch.ones(L, S).tril() == 0.')


def bad_mask_shape(name: str, mask: Tensor, shapes: Sequence[Any]) -> RuntimeError:
    return RuntimeError(
        f'MultiheadAttention: The shape of {name} is {tuple(mask.shape)}, but should be '
        f'{" or ".join(map(str, shapes))}, with an element for each key. Reshape it.')


def mask_of_integers(name: str, mask: Tensor) -> AssertionError:
    return AssertionError(
        f'MultiheadAttention: only bool and floating types of {name} are supported, not '
        f'{mask.dtype}: whether 1 allows or forbids is ambiguous. Pass {name} == 0 if 0 forbids, '
        f'{name} == 1 if 1 does.')


def mask_larger_than_scores(mask: Tensor, scores: Tensor) -> RuntimeError:
    return RuntimeError(
        f'scaled_dot_product_attention: attn_mask {tuple(mask.shape)} has more dimensions than the '
        f'scores {tuple(scores.shape)}, which it cannot enlarge. Use attn_mask[0] for one mask, or '
        'query.expand() for several.')


def heads_do_not_repeat(query: Tensor, key: Tensor, value: Tensor) -> RuntimeError:
    return RuntimeError(
        'scaled_dot_product_attention: For enable_gqa=True, number of heads in key and value must '
        'divide the number of heads in query, dimension -3, but the shapes are '
        f'{[tuple(x.shape) for x in (query, key, value)]}: each key has several queries. Reshape '
        'them.')


def mask_of_wrong_dtype(mask: Tensor, query: Tensor) -> RuntimeError:
    return RuntimeError(
        'scaled_dot_product_attention: Expected attn_mask dtype to be bool or float or to match '
        f'query dtype, but got {mask.dtype} for {query.dtype}: it says which keys are seen, or is '
        'added to scores. Use mask.bool() or mask.to(query.dtype).')


def two_masks() -> RuntimeError:
    return RuntimeError(
        'scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True: '
        'there are two masks. Give one.')


def no_attention_backends(backends: Any) -> AssertionError:
    return AssertionError(
        'Backend must be an instance of SDPBackend or a list of SDPBackend instances, got '
        f'{type(backends).__name__}: it chooses among programs. Write SDPBackend.MATH.')


def no_backend_for_attention(backends: Any) -> RuntimeError:
    return RuntimeError(
        f'No viable backend for scaled_dot_product_attention was found: {backends} need a GPU. Add '
        'SDPBackend.MATH, which gives the same numbers.')


def unknown_activation(activation: str) -> RuntimeError:
    return RuntimeError(
        f'activation should be relu/gelu, not {activation}: no other name is known. Pass a '
        'function.')


def batches_differ(src: Tensor, tgt: Tensor, batch_dim: int) -> RuntimeError:
    return RuntimeError(
        'Transformer: the batch number of src and tgt must be equal, but dimension '
        f'{batch_dim} of {tuple(src.shape)} and {tuple(tgt.shape)} differs: each source has a '
        'target. Give as many of both; batch_first says which dimension the batch is.')


def wrong_number_of_features(src: Tensor, tgt: Tensor, d_model: int) -> RuntimeError:
    return RuntimeError(
        'Transformer: the feature number of src and tgt must be equal to d_model, but src has the '
        f'shape {tuple(src.shape)}, tgt {tuple(tgt.shape)}, and d_model is {d_model}: features '
        'come last. Use an embedding of d_model features for each.')


# Connectionist temporal classification.

def not_log_probs_and_labels(log_probs: Tensor, targets: Tensor) -> RuntimeError:
    return RuntimeError(
        'ctc_loss: expected log_probs (T, N, C) and integers as targets, got '
        f'{log_probs.dtype} {tuple(log_probs.shape)} and {targets.dtype}. Use log_softmax(-1) for '
        'the first, long() for the second.')


def nothing_to_align(log_probs: Tensor) -> RuntimeError:
    return RuntimeError(
        f'ctc_loss: log_probs tensor must not be empty, but its shape is {tuple(log_probs.shape)}: '
        'there is nothing to align. Give at least one sequence, of at least one step.')


def blank_out_of_range(blank: int, classes: int) -> RuntimeError:
    return RuntimeError(
        f'ctc_loss: blank must be in label range, 0 to {classes - 1}, not {blank}: it is one of '
        'the classes. Give its number.')


def wrong_number_of_labels(expected: int, labels: int) -> RuntimeError:
    return RuntimeError(
        f'ctc_loss: Expected tensor to have size {expected} at dimension 0, but got {labels} '
        'targets: target_lengths say how many belong to each sequence. Make them agree.')


def bad_target_shape(targets: Tensor, n: int) -> RuntimeError:
    return RuntimeError(
        f'ctc_loss: Expected targets of size ({n}, S) or one dimension, but got '
        f'{tuple(targets.shape)}: each sequence has a target. Pad them to equal length.')


def label_out_of_range(labels: Any, classes: int) -> IndexError:
    return IndexError(
        f'ctc_loss: targets are {labels.min()} to {labels.max()}, but there are {classes} classes. '
        'Check the targets, or give the last layer more outputs.')


def blank_among_labels(blank: int) -> RuntimeError:
    return RuntimeError(
        f'ctc_loss: targets contain {blank}, the blank, which is no label (PyTorch takes it, with '
        'a wrong gradient). Leave it out.')


def lengths_not_whole(name: str, lengths: Any) -> TypeError:
    return TypeError(
        f'ctc_loss: {name} must be integers, but they are {lengths.dtype}: they are counts. Use '
        'long().')


def wrong_number_of_lengths(name: str, lengths: Any, n: int) -> RuntimeError:
    return RuntimeError(
        f'ctc_loss: {name} must be of size batch_size, {n}, but are {len(lengths)}: each sequence '
        'has one. Pass one for each.')


def length_out_of_range(name: str, lengths: Any, most: int) -> RuntimeError:
    return RuntimeError(
        f'ctc_loss: Expected {name} to have value at least 0 and at most {most}, but got '
        f'{lengths.tolist()}: there are no more. Correct the lengths.')


# Lazy layers, bags, and products of two inputs.


def no_shape_yet() -> RuntimeError:
    return RuntimeError(
        "Can't access the shape of an uninitialized parameter or buffer. This error usually "
        'happens in `load_state_dict` when trying to load an uninitialized parameter into an '
        'initialized one: its layer has seen no input. Call the model once')


def uninitialized(parameter: object) -> ValueError:
    return ValueError(
        f'Attempted to use an uninitialized parameter, a {type(parameter).__name__}: its layer has '
        'seen no input, and so has no size. Call the model once')


def no_points_to_compare(input: Tensor) -> RuntimeError:
    return RuntimeError(
        f'pdist only supports 2D tensors, got: {input.ndim}D, and floating-point dtypes, got '
        f'{input.dtype}: each row is a point. Use flatten(1) or float().')


def no_negative_norm(p: float) -> RuntimeError:
    return RuntimeError(f'pdist only supports non-negative p values, not {p}: p=2 is the length.')


def unknown_bag_mode(mode: object) -> ValueError:
    return ValueError(
        f'mode has to be one of sum, mean or max, but is {mode!r}: it says what becomes of the '
        "vectors of a bag. Write mode='mean'")


def weights_of_words_without_sum(mode: str) -> NotImplementedError:
    return NotImplementedError(
        "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for "
        f"mode='sum' (got mode={mode!r}): there is no other weighted sum. Leave it out")


def not_one_weight_a_word(weights: Tensor, input: Tensor) -> ValueError:
    return ValueError(
        f'embedding_bag: If per_sample_weights ({tuple(weights.shape)}) is not None, then it must '
        f'have the same shape as the input ({tuple(input.shape)}): each word has one. Reshape it')


def no_bags(input: Tensor, offsets: Tensor | None) -> ValueError:
    what = 'None' if offsets is None else f'of shape {tuple(offsets.shape)}'
    return ValueError(
        'embedding_bag: input has to be 1D, with offsets, a 1D Tensor, or 2D, without, but got '
        f'{tuple(input.shape)} and offsets {what}: a row of 2D input is a bag, and in 1D input '
        'offsets say where bags start. Pass (B, N), or (n,) and (B,)')


def bags_do_not_follow(offsets: Tensor, count: int) -> ValueError:
    return ValueError(
        f'embedding_bag: offsets[0] has to be 0, offsets grow and not pass the number of words, '
        f'{count}, but they are {offsets.tolist()}: each bag starts where the one before ends. '
        'Write offsets like [0, 2, 5]')


def no_bilinear_map(input1: Tensor, input2: Tensor, weight: Tensor) -> RuntimeError:
    return RuntimeError(
        f'bilinear(): input1 {tuple(input1.shape)}, input2 {tuple(input2.shape)} and weight '
        f'{tuple(weight.shape)} do not fit: weight is (O, I, J) for inputs (..., I) and (..., J) '
        'that agree in all other sizes. Reshape them')


def no_power_iterations(count: int) -> ValueError:
    return ValueError(
        f'Expected n_power_iterations to be positive, but got n_power_iterations={count}: without '
        'a step the singular value is never estimated. Use 1.')


def parameter_is_none(name: str) -> ValueError:
    return ValueError(
        f'`SpectralNorm` cannot be applied as parameter `{name}` is None: there is nothing to '
        'divide. Name a parameter that the module has.')


def normalized_twice(function: str, name: str) -> RuntimeError:
    return RuntimeError(
        f'Cannot register two {function} hooks on the same parameter {name}: the weight is '
        f'computed already. Call nn.utils.remove_{function}(module, {name!r}) before.')


def not_normalized(function: str, name: str, module: object) -> ValueError:
    return ValueError(
        f'{function} of {name!r} not found in {module}: there is nothing to remove. Call it with '
        f'the module, and the name, that nn.utils.{function} was called with.')


def normalized_too_early(function: str, module: object) -> ValueError:
    return ValueError(
        f"The module passed to {function} can't have uninitialized parameters: {module} learns "
        'their shapes from its first input. Call the module once before.')
