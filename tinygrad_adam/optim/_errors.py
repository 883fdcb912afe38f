"""Exceptions of optimizers and schedulers, for the caller to raise."""
from __future__ import annotations

from typing import Any

# Optimizers.


def not_parameters(params: object) -> TypeError:
    advice = ('model.parameters()' if hasattr(params, 'parameters') else
              'model.parameters(), with brackets' if callable(params) else
              '[w], for iterating over a Tensor w would give its rows, which are not leaves')
    return TypeError(
        'params argument given to the optimizer should be an iterable of Tensors or dicts, but got '
        f'a {type(params).__name__} object, which is not iterable. Write {advice}')


def no_parameters() -> ValueError:
    return ValueError(
        'optimizer got an empty parameter list: nothing would be trained. Keep layers '
        'in attributes or in an nn.ModuleList, not in a Python list; and pass a fresh '
        'model.parameters(), since a generator that was used before is empty')


def unsupported(**options: Any) -> NotImplementedError:
    option = next(f'{name}={value}' for name, value in options.items() if value)
    return NotImplementedError(
        f'{option} is not implemented: steps are computed with NumPy, and no gradient flows '
        'through them. Leave it out')


def foreach_and_fused() -> RuntimeError:
    return RuntimeError(
        '`fused` and `foreach` cannot be `True` together: each is a way of PyTorch to loop over '
        'the parameters. Leave both out; no number changes')


def tensor_with_foreach() -> ValueError:
    return ValueError(
        'lr as a Tensor is not supported for capturable=False and foreach=True: PyTorch passes it '
        'as a number to the loop. Write lr.item(), or leave foreach out; no number changes')


def wrong_step_hook(hook: object, result: object) -> RuntimeError:
    return RuntimeError(
        f'{hook} must return None or a tuple of (new_args, new_kwargs), but got {result!r}: they '
        'are what step() is called with. Return nothing to leave them as they are')


def no_rule(optimizer: object) -> NotImplementedError:
    return NotImplementedError(
        f'{type(optimizer).__name__} has no rule; define update(self, p, g, state, t, **_)')


def returned(optimizer: object, value: object) -> TypeError:
    return TypeError(
        f'{type(optimizer).__name__}.update returned a value of type {type(value).__name__}; a '
        'rule changes p in place, and what it returns is lost. Write p -= ... or p[...] = ..., '
        'and return nothing')


def rebound(optimizer: object, name: str) -> TypeError:
    return TypeError(
        f'{type(optimizer).__name__}.update rebinds {name}: it computed a new array and left the '
        f'parameter as it was. Change the array in place: write {name} -= ... in place of '
        f'{name} = {name} - ..., or {name}[...] = ...')


def group_is_no_dict(group: object) -> TypeError:
    return TypeError(
        f'param_group must be a dict, but got {type(group)}; its options have names. '
        "Write {'params': [...], 'lr': ...}")


def names_in_some_groups(named: bool) -> ValueError:
    return ValueError(
        'all optimizer param groups should be with/without names. cannot add param group '
        f'{"with" if named else "without"} names to the optimizer, as the earlier ones differ. '
        'Name all or none')


def names_for_some_parameters(count: int) -> ValueError:
    return ValueError(
        'all optimizer params should be with/without names. Some param names are missing; only '
        f'{count} have one. Name all or none')


def in_two_groups() -> ValueError:
    return ValueError(
        'some parameters appear in more than one parameter group; each would move twice a step. '
        'Leave them in one group')


def duplicates() -> str:
    return ('optimizer contains a parameter group with duplicate parameters; each moves twice a '
            'step. List it once')


def unordered() -> TypeError:
    return TypeError(
        'optimizer parameters need to be organized in ordered collections, but the ordering of '
        'tensors in sets will change between runs. Use a list instead')


def not_a_tensor(param: object) -> TypeError:
    advice = ('model.parameters()' if hasattr(param, 'parameters') else
              'torch.tensor(x, requires_grad=True)')
    return TypeError(
        f'optimizer can only optimize Tensors, but one of the params is {type(param).__name__}, '
        f'which has no gradient. Write {advice}')


def not_a_leaf() -> ValueError:
    return ValueError(
        "can't optimize a non-leaf Tensor; the next forward pass recomputes it from others. "
        'Pass those, or w.detach().requires_grad_()')


def other_groups(saved: list[int], own: list[int]) -> ValueError:
    what = ('has a different number of parameter groups' if len(saved) != len(own) else
            "contains a parameter group that doesn't match the size of optimizer's group")
    return ValueError(
        f'loaded state dict {what}: sizes {saved}, not {own}; parameters are matched by order. '
        'Create the same groups before loading')


def other_state(optimizer: object, name: str, shape: tuple[int, ...]) -> ValueError:
    return ValueError(
        f'loaded state dict lacks {name} of shape {tuple(shape)}, which '
        f'{type(optimizer).__name__} needs; another optimizer saved it, or the order of the '
        'parameters changed. Create the same ones before loading')


def nesterov(momentum: float, dampening: float) -> ValueError:
    return ValueError(
        f'Nesterov momentum requires a momentum and zero dampening, not {momentum}, {dampening}; '
        'it looks ahead along v. Set momentum=0.9')


def one_group_only(count: int) -> ValueError:
    return ValueError(
        f"LBFGS doesn't support per-parameter options (parameter groups), but has {count} groups: "
        'all parameters are one vector, with one step length. Pass them in one list')


def unknown_line_search(name: object) -> RuntimeError:
    return RuntimeError(
        f"only 'strong_wolfe' is supported, but line_search_fn is {name!r}: there is no other "
        "search. Write line_search_fn='strong_wolfe', or None")


# Averages of weights.


def two_averages() -> AssertionError:
    return AssertionError(
        'Only one of avg_fn and multi_avg_fn should be provided: each says what the average is. '
        'Leave one out')


def no_fraction_to_keep(decay: object) -> ValueError:
    return ValueError(
        f'Invalid decay value {decay} provided. Please provide a value in [0,1] range: it is the '
        'fraction of the average that is kept. Write decay=0.999')


# Schedulers.


def not_an_optimizer(optimizer: object) -> TypeError:
    return TypeError(
        f'{type(optimizer).__name__} is not an Optimizer, so it has no learning rates to set. '
        'Pass the optimizer, not the model')


def no_initial_lr(index: int, last_epoch: int) -> KeyError:
    return KeyError(
        f"param 'initial_lr' is not specified in param_groups[{index}] when resuming with "
        f'last_epoch {last_epoch}; a schedule needs its start. Load the optimizer first, or leave '
        'last_epoch out')


def no_schedule(scheduler: object) -> NotImplementedError:
    return NotImplementedError(
        f'{type(scheduler).__name__} has no rule; define get_lr(self)')


def stepped_too_early() -> str:
    return ('Detected call of `lr_scheduler.step()` before `optimizer.step()`. The first learning '
            'rate of the schedule is skipped. Call them in the opposite order')


def other_length(name: str, count: int, given: int) -> ValueError:
    return ValueError(
        f'{name} must have the same length as optimizer.param_groups: expected {count} {name}, '
        f'got {given}. Give one for each, or one for all')


def constant_factor(factor: float) -> ValueError:
    return ValueError(
        f'Constant multiplicative factor expected to be between 0 and 1, not {factor}: it lowers '
        'the rate for a while. Raise lr itself instead')


def start_factor(factor: float) -> ValueError:
    return ValueError(
        'Starting multiplicative factor expected to be greater than 0 and less or equal to 1, not '
        f'{factor}: the rates that follow are multiples of the first. Write a small one, like 0.01')


def end_factor(factor: float) -> ValueError:
    return ValueError(
        f'Ending multiplicative factor expected to be between 0 and 1, not {factor}: lr is the '
        'highest rate. Raise lr itself instead')


def no_end_of_cycle() -> ValueError:
    return ValueError(
        'You must define either total_steps OR (epochs AND steps_per_epoch): the cycle must know '
        'its end. Write total_steps=epochs * len(loader)')


def not_a_positive_integer(name: str, value: object) -> ValueError:
    return ValueError(
        f'Expected positive integer {name}, but got {value}: it counts batches. '
        'Write an integer')


def fraction_of_the_cycle(pct_start: object) -> ValueError:
    return ValueError(
        f'Expected float between 0 and 1 pct_start, but got {pct_start}: it is the fraction of '
        'the cycle in which the rate rises. Write pct_start=0.3')


def unknown_strategy(strategy: object) -> ValueError:
    return ValueError(
        f"anneal_strategy must be one of 'cos' or 'linear', instead got {strategy}: there are no "
        'others. Write one of these')


def negative_number_of_epochs(anneal_epochs: object) -> ValueError:
    return ValueError(
        f'anneal_epochs must be equal or greater than 0, got {anneal_epochs}: it counts epochs. '
        'Write an integer')


def no_function_of_the_epoch(factor: object) -> TypeError:
    return TypeError(
        f'lr_lambda should be a function, but got {type(factor).__name__}: it is asked for the '
        'factor of each epoch. Write lr_lambda=lambda epoch: 0.95')


def not_a_number_of_epochs(name: str, value: object) -> ValueError:
    return ValueError(
        f'Expected positive integer {name}, but got {value}: restarts come after whole epochs. '
        'Write an integer of at least 1')


def no_lowest_rate(eta_min: object) -> ValueError:
    return ValueError(
        f'Expected float or int eta_min, but got {eta_min} of type {type(eta_min)}: it is the '
        'lowest learning rate. Write a number')


def negative_epoch(epoch: float) -> ValueError:
    return ValueError(
        f'Expected non-negative epoch, but got {epoch}: the schedule starts at 0. '
        'Write scheduler.step() for the next one')


def unknown_cycle(mode: object) -> ValueError:
    return ValueError(
        f"mode is invalid and scale_fn is None: {mode!r} does not say how high the cycles are. "
        "Write 'triangular', 'triangular2' or 'exp_range', or pass scale_fn")


def no_momentum_to_cycle(optimizer: object) -> ValueError:
    return ValueError(
        'optimizer must support momentum or beta1 with `cycle_momentum` enabled; '
        f'{type(optimizer).__name__} has none. Set it to False')


def cycle_is_over(epoch: int, total_steps: int) -> ValueError:
    return ValueError(
        f'Tried to step {epoch} times. The specified number of total steps is {total_steps}: the '
        'cycle is over. Set a larger total_steps, or stop')


def epoch_is_deprecated() -> str:
    return ('The epoch parameter in `scheduler.step()` is deprecated: few schedules can jump. '
            'Write scheduler.step()')


def group_added_later(groups: int, rates: int) -> ValueError:
    return ValueError(
        f'the schedule has {rates} learning rates for {groups} parameter groups: one was added '
        'after the scheduler was made. Add all groups first, or make a new scheduler')


def no_min_lr_for_new_group(groups: int, before: int) -> RuntimeError:
    return RuntimeError(
        f'The number of param groups in the `optimizer` ({groups}) differs from when '
        f'`ReduceLROnPlateau` was initialized ({before}): the new one has no lowest rate. Append '
        'it to scheduler.min_lrs')


def no_schedulers(name: str) -> ValueError:
    return ValueError(
        f'{name} expects at least one scheduler, but got no scheduler: there would be no rate to '
        'set. Pass a list of them')


def not_a_scheduler(name: str, index: int, other: object) -> TypeError:
    return TypeError(
        f'{name} at index {index} should have `optimizer` as its attribute, but is '
        f'{type(other).__name__}: it is no scheduler. Pass StepLR(optimizer, ...) or another')


def plateau_among_several(name: str, index: int) -> ValueError:
    return ValueError(
        f'{name} does not support `ReduceLROnPlateau`, which is scheduler number {index}: its '
        'step() needs a metric. Step it by itself')


def scheduler_of_another(name: str, index: int) -> ValueError:
    return ValueError(
        f'{name} expects all schedulers to belong to the same optimizer, but number {index} has '
        'another. Make them with this one')


def other_number_of_milestones(schedulers: int, milestones: int) -> ValueError:
    return ValueError(
        'SequentialLR expects one scheduler more than milestones, but got '
        f'{schedulers} and {milestones}: at a milestone one follows another. Leave some out')


def plateau_factor(factor: float) -> ValueError:
    return ValueError(
        f'Factor should be < 1.0, not {factor}: it reduces the rate. Write factor=0.1')


def unknown_mode(name: str, value: object, known: tuple[str, ...]) -> ValueError:
    return ValueError(f'{name} {value} is unknown! It says what is better. Write one of {known}')


# Hyper-parameters.


def several_elements(name: str, shape: tuple[int, ...]) -> ValueError:
    return ValueError(
        f'Tensor {name} must be 1-element, but its shape is {tuple(shape)}; a group has one '
        f'{name}. Make more groups')


def negative(name: str, value: object) -> ValueError:
    what = {'lr': 'learning rate', 'eps': 'epsilon value'}.get(name, f'{name} value')
    return ValueError(
        f'Invalid {what}: {value}; it must not be below 0. Write {name} >= 0 (to go uphill: '
        'maximize=True)')


def above_one(name: str, value: object) -> ValueError:
    return ValueError(
        f'Invalid {name} value: {value}; it is the fraction of a running mean that is kept. '
        f'Write 0 <= {name} <= 1')


def too_few_betas(betas: object) -> IndexError:
    return IndexError(
        f'betas must be two numbers, not {betas}: one for the mean of the gradients, one for that '
        'of their squares. Write betas=(0.9, 0.999)')


def beta_out_of_range(index: int, beta: object) -> ValueError:
    return ValueError(
        f'Invalid beta parameter at index {index}: {beta}; it is the decay rate of a running '
        'mean, which nothing new enters at 1. Write 0 <= beta < 1')


def betas_are_no_floats(betas: object) -> ValueError:
    return ValueError(
        f'betas must be either both floats or both Tensors, but are {betas}; Tensors are not '
        'supported here. Write two floats')


def no_shrinking_and_growing(name: str, less: object, more: object) -> ValueError:
    return ValueError(
        f'Invalid eta values: {less}, {more}; a step is multiplied by the first if the slope has '
        f'changed its sign, and by the second if not. Write {name}=(0.5, 1.2)')
