"""The errors and warnings of torch.compile."""
from __future__ import annotations


def no_double_backward():
    return RuntimeError(
        'torch.compile with aot_autograd does not currently support double backward: the recorded '
        'program holds the first derivatives alone. Call the function that is not compiled.')


def runs_eagerly(name, reason, at):
    file, line = at or ('', 0)
    where = f' at line {line} of {file}' if at else ''
    return (f'{name}() is not compiled: {reason}{where}, and so its next call may have to do '
            'something else. It runs eagerly from now on.')


def needs_graph(name, reason, at):
    return RuntimeError(
        runs_eagerly(name, reason, at).partition(' It runs')[0] + ' With fullgraph=True that is an '
        'error: write it with operations on tensors, or leave fullgraph out.')


def too_many_programs(name, limit):
    return (f'{name}() hit the recompile_limit ({limit}): shapes, numbers or objects that it reads '
            'change from call to call. Calls that fit no recorded program run eagerly from now on; '
            'make what changes a tensor, or keep it fixed.')


def not_callable(x):
    return AssertionError(
        f'A callable function is expected, but {type(x)} is provided: torch.compile takes a '
        'function or a Module. Pass that.')


def no_other_backend(backend):
    return NotImplementedError(
        f'torch.compile(backend={backend!r}) is not implemented: there is one backend, which '
        "writes programs for NumPy, under the names 'inductor', 'eager' and 'aot_eager'. Leave the "
        'argument out.')


def unknown_mode(mode, known):
    return RuntimeError(
        f'Unrecognized mode={mode}, should be one of: {", ".join(known)}. All give the same '
        'program, for NumPy; leave the argument out.')


def mode_and_options():
    return RuntimeError(
        "Either mode or options can be specified, but both can't be specified at the same time: a "
        'mode is a set of options. Leave both out, as programs for NumPy have none.')


def no_options(options):
    return NotImplementedError(
        f'torch.compile(options={options!r}) is not implemented: options belong to compilers of '
        'PyTorch, and programs for NumPy have none. Leave the argument out.')


def no_text(name, x):
    return NotImplementedError(
        f'The program calls {name}, {type(x).__name__}, whose text is not at hand as that of a '
        'function of this package is: a file could not call it. Save a program without it.')


def nothing_recorded(name):
    return RuntimeError(
        f'{name}() has no program yet: the first call records it. Call it once, and then save().')
