"""What a careful person would see: the same numbers in less time.

The largest of what relu leaves is what relu leaves of the largest. So a pool that follows a relu
goes first, and relu, forward and backward, has a fourth of the elements or less.
"""
from __future__ import annotations

from typing import Any

from ..ops.pointwise import relu
from ..ops.pooling import max_pool
from .recording import Line, Value, arrays_of
from .text import of_operation, primitive_of


def rule_of(operation: Any) -> Any:
    """The rule for the input of an operation."""
    return of_operation(operation, 'readers')['input'][0]


def users(value: Value, lines: list[Line]) -> list[Line]:
    """The lines that read a value."""
    return [line for line in lines if value in list(arrays_of(line))]


def pool_before_relu(forward: list[Line], backward: list[Line], kept: set[Value]) -> None:
    """Exchange a relu and the pool after it, in both lists.

    kept  the values that are returned: what relu gives must not be one
    """
    for line in forward:
        if line.function is not primitive_of(relu) or line.results[0] in kept:
            continue
        z, out = line.args[0], line.results[0]
        pools = users(out, forward)
        if len(pools) != 1 or pools[0].function is not primitive_of(max_pool):
            continue
        pool, pooled = pools[0], pools[0].results[0]
        scattered = [b for b in users(out, backward) if b.function is rule_of(max_pool)]
        masked = [b for b in users(out, backward) if b.function is rule_of(relu)]
        if backward and not (
                len(scattered) == len(masked) == 1 and len(users(out, backward)) == 2
                and users(scattered[0].results[0], backward) == masked
                and masked[0].args[0] is scattered[0].results[0]):
            continue
        largest = Value(pool.function(z.array, *pool.args[1:]), line)
        line.function, pool.function = pool.function, line.function
        line.args, pool.args = (z, *pool.args[1:]), (largest,)
        line.results = [largest]
        if backward:
            scatter, mask = scattered[0], masked[0]
            scatter.function, mask.function = mask.function, scatter.function
            g = scatter.results[0]
            options = scatter.args[3:]
            scatter.args = scatter.args[0], pooled
            mask.args = g, z, largest, *options
            g.array, g.of = scatter.args[0].array, largest
