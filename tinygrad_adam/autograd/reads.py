"""What a rule reads of its arguments, so that a graph keeps alive only what it will need.

`lambda g, out, x, y: g * y` reads the value of y, and nothing of x: the node of a product whose
first factor alone requires grad keeps the second factor and lets go of the first. This is where the
memory of a training step is saved, and why changing an array in place is an error only if some
derivative needs its old value. Rules capture nothing, so their bytecode tells all there is to know.
"""
import dis


class Like:
    """Stands for an array of which a rule reads only the shape, and keeps none of its memory."""

    __slots__ = 'shape', 'dtype'
    ndim = property(lambda self: len(self.shape))

    def __init__(self, array):
        self.shape, self.dtype = array.shape, array.dtype


def reads(rules, length):
    """For the output and each argument: 'value', 'shape' or None, whichever the rules read."""
    found = [None] * length
    for rule in rules:
        code = rule.__code__
        positional = code.co_varnames[1:code.co_argcount]    # after g
        named = code.co_argcount + code.co_kwonlyargcount
        rest = code.co_varnames[named] if code.co_flags & 4 else ''    # *xs, if there is one
        for name, what in _loads(code):
            if name == rest:
                places = range(len(positional), length)
            else:
                places = [positional.index(name)] if name in positional else []
            for i in places:
                if i < length:
                    found[i] = what if found[i] != 'value' else 'value'
    return found


def _loads(code):
    """Pairs (name of a local variable, 'value' or 'shape') for every place that loads it."""
    steps = list(dis.get_instructions(code))
    for name in code.co_cellvars:                            # used by an inner function
        yield name, 'value'
    for step, after in zip(steps, steps[1:]):
        if step.opname.startswith('LOAD_FAST'):
            loaded = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            shape = after.opname == 'LOAD_ATTR' and after.argval in ('shape', 'ndim', 'dtype')
            for name in loaded:
                yield name, 'shape' if shape and name == loaded[-1] else 'value'
