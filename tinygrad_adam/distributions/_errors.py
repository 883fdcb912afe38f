"""The errors of distributions: functions that return an exception which says what happened, why it
is wrong, and what to write instead."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from .._tensor import Tensor

if TYPE_CHECKING:
    from .distribution import Distribution


def bad_parameter(distribution: object, name: str, x: Tensor, rule: object) -> ValueError:
    return ValueError(
        f'Expected parameter {name} (Tensor of shape {tuple(x.shape)}) of distribution '
        f'{distribution} to satisfy the constraint {rule}, but found invalid values:\n{x.detach()}'
        '\nThere is no such distribution. Let the network compute it with softplus, sigmoid or '
        'exp, or clamp it.')


def outside_support(distribution: object, value: Tensor, support: object) -> ValueError:
    return ValueError(
        f'Expected value argument (Tensor of shape {tuple(value.shape)}) to be within the support '
        f'({support}) of the distribution {distribution}, but found invalid values:\n'
        f'{value.detach()}\nThese never occur. Give values that do, or validate_args=False.')


def not_of_event_shape(value: Tensor, shape: Sequence[int]) -> ValueError:
    return ValueError(
        f'The right-most size of value must match event_shape: torch.Size({list(value.shape)}) vs '
        f'torch.Size({list(shape)}): one value of the distribution has this shape. Give (..., '
        f'{", ".join(map(str, shape))}).')


def not_broadcastable(value: Tensor, shape: Sequence[int]) -> ValueError:
    return ValueError(
        'Value is not broadcastable with batch_shape+event_shape: '
        f'torch.Size({list(value.shape)}) vs torch.Size({list(shape)}): each value belongs to one '
        'distribution. Give a value for each.')


def value_is_no_tensor(value: Any) -> ValueError:
    return ValueError(
        f'The value argument to log_prob must be a Tensor, not {type(value).__name__}: nothing is '
        'converted silently. Use torch.tensor(value).')


def if_known(name: str, value: Any) -> Any:
    """The value, or NotImplementedError if nobody has said what it is."""
    if value is NotImplemented:
        raise NotImplementedError(
            f'.{name} cannot be determined statically: it depends on the parameters. Ask the '
            f'support of a distribution, not of its class, or say dependent({name}=...).')
    return value


def cannot_be_checked() -> ValueError:
    return ValueError(
        'Cannot determine validity of dependent constraint: it depends on the parameters. Ask the '
        'support of a distribution, not of its class.')


def too_few_dimensions(shape: Sequence[int], count: int) -> ValueError:
    return ValueError(
        f'Expected value.dim() >= {count} but got {len(shape)}: so many dimensions belong to one '
        f'value, and the shape is {tuple(shape)}. Give a value with these dimensions.')


def no_rule(distribution: object, name: str) -> str:
    return (f'{type(distribution)} does not define `{name}`, so that nothing is checked. Set '
            f'`{name}` in the class, or give validate_args=False.')


def not_a_switch(value: object) -> ValueError:
    return ValueError(
        f'value must be True or False, not {value!r}: it switches the checks of '
        'all distributions on or off. Give one of the two.')


def parameters_are_no_numbers(*given: Any) -> ValueError:
    return ValueError(
        'Input arguments must all be instances of Number or torch.Tensor, but are of types '
        f'{[type(x).__name__ for x in given]}. Use torch.tensor() for lists and arrays.')


def not_known(distribution: object, name: str) -> NotImplementedError:
    kind = type(distribution).__name__
    return NotImplementedError(
        f'{kind}.{name} is not implemented: there is no formula for it, or one with a function '
        'that is not here, such as the incomplete gamma function. Use the mean over samples, or '
        f'define {name} in a class of your own.')


def not_one_of_two() -> ValueError:
    return ValueError(
        'Either `probs` or `logits` must be specified, but not both: one follows from the other. '
        'Write probs=... for what softmax or sigmoid returned, logits=... for scores.')


def no_categories(name: str) -> ValueError:
    return ValueError(
        f'`{name}` parameter must be at least one-dimensional: each category has a number. Give a '
        'tensor (..., categories).')


def no_gradient_of_samples(distribution: object) -> NotImplementedError:
    return NotImplementedError(
        f'{type(distribution).__name__}.rsample: samples have no gradient, since the distribution '
        'is discrete, or draws until it accepts. Use sample(), and multiply log_prob of the sample '
        'by the reward.')


def no_such_divergence(p: object, q: object) -> NotImplementedError:
    return NotImplementedError(
        f'No KL(p || q) is implemented for p type {type(p).__name__} and q type '
        f'{type(q).__name__}: no formula is registered for the two. Use the mean of '
        'p.log_prob(x) - q.log_prob(x) over samples x of p, or register_kl.')


def different_numbers_of_trials(distribution: object) -> NotImplementedError:
    return NotImplementedError(
        'Inhomogeneous total count not supported by `enumerate_support`, nor by `entropy`: '
        f'{distribution} has distributions with different numbers of trials, and each number of '
        'successes is gone through. Make one Binomial for each total_count.')


def too_many_to_enumerate(distribution: object) -> NotImplementedError:
    return NotImplementedError(
        f'Enumeration over cartesian product is not implemented, as in PyTorch: {distribution} has '
        'events of several values, each with any other. Use itertools.product over '
        'base_dist.enumerate_support().')


def cache_of_several(size: int) -> ValueError:
    return ValueError(
        f'cache_size must be 0 or 1, not {size}: only the last pair of x and y is kept. Give 1.')


def not_of_transform(transform: object, name: str) -> NotImplementedError:
    kind = type(transform).__name__
    return NotImplementedError(
        f'{kind}.{name} is not implemented: not each y comes from one x, or the class does not say '
        f'how. Take a transform whose bijective is True, or define {name} in a class of your own.')


def two_event_dims(transform: object) -> ValueError:
    return ValueError(
        f'Please use either .domain.event_dim or .codomain.event_dim of {transform}: they are two '
        'numbers. .event_dim is for transforms that keep the number of dimensions.')


def too_few_dimensions_of_input(shape: Sequence[int], count: int) -> ValueError:
    return ValueError(
        f'Too few dimensions on input: the shape is {tuple(shape)}, and the last {count} belong to '
        'an event. Give a tensor that has them.')


def other_number_of_elements(old: Sequence[int], new: Sequence[int]) -> ValueError:
    return ValueError(
        f'in_shape, out_shape have different numbers of elements: {tuple(old)} and {tuple(new)}, '
        'but none may be lost. Give shapes whose products are the same.')


def other_event_shape(given: Sequence[int], expected: Sequence[int]) -> ValueError:
    return ValueError(
        f'Shape mismatch: expected {tuple(expected)} but got {tuple(given)}, the last dimensions '
        'of the input: these belong to an event. Give a tensor (..., '
        f'{", ".join(map(str, expected))}).')


def base_of_few_dimensions(shape: Sequence[int], count: int) -> ValueError:
    return ValueError(
        f'base_distribution needs to have shape with size at least {count}, but got '
        f'{tuple(shape)}: so many dimensions are transformed together. Expand it, as in '
        'base_distribution.expand([n]).')


def no_transform_to(constraint: object) -> NotImplementedError:
    return NotImplementedError(
        f'Cannot transform {type(constraint).__name__} constraints: nothing is registered for '
        f'{constraint!r}. Register a function of the constraint that returns a transform.')


def not_a_constraint(constraint: object) -> TypeError:
    return TypeError(
        'Expected constraint to be either a Constraint subclass or instance, but got '
        f'{constraint!r}: transforms are found by the class of a constraint. Give one of '
        'distributions.constraints.')


def not_transforms(transforms: object) -> ValueError:
    return ValueError(
        f'transforms must be a Transform or a list of Transforms, but was {transforms}: samples '
        'are passed through them. Give such as [TanhTransform()].')


def not_a_mixture(mixture: object, components: object) -> ValueError:
    return ValueError(
        'The Mixture distribution needs to be an instance of Categorical, and the Component '
        f'distribution one of Distribution, not {type(mixture).__name__} and '
        f'{type(components).__name__}: the first chooses one of the second. Exchange them, or give '
        'Categorical(probs).')


def components_do_not_fit(mixture: Distribution, components: Distribution) -> ValueError:
    return ValueError(
        f'{mixture} with `mixture_distribution.batch_shape` {tuple(mixture.batch_shape)} is not '
        f'compatible with `component_distribution.batch_shape` {tuple(components.batch_shape)}: '
        'its last dimension counts the components, those before are the batch. Use Independent if '
        'dimensions belong to an event.')


def fewer_trials(p: Distribution, q: Distribution) -> NotImplementedError:
    return NotImplementedError(
        'KL between Binomials where q.total_count > p.total_count is not implemented, as in '
        f'PyTorch: {p} and {q}. Exchange them, or use the mean of p.log_prob(x) - q.log_prob(x) '
        'over samples x of p.')


def no_class_of_distributions(name: str, kind: object) -> TypeError:
    return TypeError(
        f'Expected {name} to be a Distribution subclass but got {kind!r}: formulas are found by '
        'the classes of the two distributions. Write register_kl(Normal, Laplace).')


def several_numbers_of_trials(total_count: object) -> NotImplementedError:
    return NotImplementedError(
        f'inhomogeneous total_count is not supported: {total_count!r} is not an integer, and all '
        'samples have the same number of trials. Give an int, and one Multinomial for each.')


def factor_does_not_fit(loc: Tensor, factor: Tensor, diag: Tensor) -> ValueError:
    return ValueError(
        f'cov_factor must be a batch of matrices with shape {loc.shape[-1]} x m, and cov_diag must '
        f'be a batch of vectors with shape ({loc.shape[-1]},), as loc is: they have the shapes '
        f'{tuple(factor.shape)} and {tuple(diag.shape)}, and each element has its row and its '
        'variance. Give (..., n, m) and (..., n), and batches that broadcast.')


def mean_is_no_vector() -> ValueError:
    return ValueError(
        'loc must be at least one-dimensional: it is the mean of a vector. Give a tensor (..., n), '
        'or take Normal for numbers.')


def not_one_of_three(given: Sequence[str]) -> ValueError:
    return ValueError(
        'Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified, not '
        f'{list(given)}: the others follow from it. Give one of them.')


def no_matrix(name: str, x: Tensor) -> ValueError:
    return ValueError(
        f'{name} must be at least two-dimensional, but has the shape {tuple(x.shape)}: each pair '
        'of elements has a number. Give a tensor (..., n, n), torch.diag(x) for a diagonal.')


def too_many_event_dimensions(count: int, batch_shape: Sequence[int]) -> ValueError:
    return ValueError(
        'Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual '
        f'{count} vs {len(batch_shape)}: the batch has the shape {tuple(batch_shape)}. Give a '
        'smaller number, or expand the base distribution.')


def vectors_of_two_sizes(p: Distribution, q: Distribution) -> ValueError:
    return ValueError(
        'KL-divergence between two Multivariate Normals with different event shapes cannot be '
        f'computed: {tuple(p.event_shape)} and {tuple(q.event_shape)} are vectors of two spaces. '
        'Give distributions of vectors with as many elements.')
