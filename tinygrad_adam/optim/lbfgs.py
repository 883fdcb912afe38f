"""L-BFGS: Newton's method with a Hessian guessed from the last steps."""
from __future__ import annotations

from functools import partial
from typing import Any, Callable, NamedTuple

from .._functions.creation import zeros_like
from .._functions.indexing import cat
from .._tensor import Tensor
from ..autograd import enable_grad, no_grad
from . import _errors as errors
from .optimizer import Optimizer, ParamsT


class LBFGS(Optimizer):
    """Steps along -H g, where H, the inverse of the Hessian, is guessed from the last steps.

        y_k = g_{k+1} - g_k    how the gradient changed in step s_k = w_{k+1} - w_k
        H y_k = s_k            for the last history_size steps
        w = w - lr H g         the first step: lr min(1, 1 / sum |g|) g; with a line search,
                               lr is where the search along H g begins

    A call of step takes several such steps, and calls the closure again for each. All parameters
    are one vector, in one group. The gradients must be those of all data, as H is right for one
    function alone. `state` is kept for the first parameter, under PyTorch's names.

    params                  the weights w
    lr                1     step length
    max_iter          20    steps in a call of step
    max_eval          None  calls of the closure in a call of step; None: 1.25 max_iter
    tolerance_grad    1e-7  step returns if no element of g is larger
    tolerance_change  1e-9  step returns if w or the loss changes less
    history_size      100   steps from which H is guessed
    line_search_fn    None  'strong_wolfe': search along H g for a point that is lower and flatter

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor([-1.0, 2.0], requires_grad=True)
    >>> optimizer = torch.optim.LBFGS([w], line_search_fn='strong_wolfe')
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (1 - w[0])**2 + 100 * (w[1] - w[0]**2)**2    # Rosenbrock's function
    ...     loss.backward()
    ...     return loss
    >>> [round(optimizer.step(closure).item(), 6) for _ in range(4)]
    [104.0, 0.797542, 0.0, 0.0]

    Liu and Nocedal 1989, On the limited memory BFGS method for large scale optimization
    """

    def __init__(self, params: ParamsT, lr: float | Tensor = 1, max_iter: int = 20,
                 max_eval: int | None = None, tolerance_grad: float = 1e-7,
                 tolerance_change: float = 1e-9, history_size: int = 100,
                 line_search_fn: str | None = None) -> None:
        if max_eval is None:
            max_eval = max_iter * 5 // 4
        super().__init__(params, dict(lr=lr, max_iter=max_iter, max_eval=max_eval,
                                      tolerance_grad=tolerance_grad,
                                      tolerance_change=tolerance_change,
                                      history_size=history_size, line_search_fn=line_search_fn))
        if len(self.param_groups) != 1:
            raise errors.one_group_only(len(self.param_groups))

    @no_grad()
    def step(self, closure: Callable[[], Any]) -> Any:    # type: ignore[override]
        """Take at most max_iter steps; returns the loss before the first.

        closure  recomputes the loss and its gradients, and returns the loss
        """
        if len(self.param_groups) != 1:
            raise errors.one_group_only(len(self.param_groups))
        self.has_stepped = True
        group = self.param_groups[0]
        state = self.state[group['params'][0]]
        for count in ('func_evals', 'n_iter'):
            state.setdefault(count, 0)
        most, searches = state['func_evals'] + group['max_eval'], group['line_search_fn']
        first_loss, loss, g = self._evaluate(closure)
        for iteration in range(1, group['max_iter'] + 1):
            if g.abs().max() <= group['tolerance_grad']:
                break
            state['n_iter'] += 1
            d, t = self._direction(g, state), float(group['lr'])
            if state['n_iter'] == 1:
                t *= min(1.0, 1 / g.abs().sum())
            state.update(d=d, t=t, prev_flat_grad=g, prev_loss=loss)
            start = Point(0, loss, g, g.dot(d))
            if start.slope > -group['tolerance_change']:
                break
            if searches == 'strong_wolfe':
                t, loss, g, _ = strong_wolfe(
                    partial(self._look, closure, d), start, t, d.abs().max(),
                    group['tolerance_change'], most - state['func_evals'])
            elif searches is not None:
                raise errors.unknown_line_search(searches)
            self._move_by(d * t)
            if searches is None and iteration < group['max_iter']:
                _, loss, g = self._evaluate(closure)
            state['t'] = t
            if (state['func_evals'] >= most
                    or (d * t).abs().max() <= group['tolerance_change']
                    or abs(loss - start.loss) < group['tolerance_change']):
                break
        return first_loss

    def _direction(self, g: Tensor, state: dict[str, Any]) -> Tensor:
        """-H g, by the products with y and s of which H consists."""
        if state['n_iter'] == 1:
            state.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
            return -g
        history = state['old_dirs'], state['old_stps'], state['ro']    # y, s and 1 / (y s)
        y, s = g - state['prev_flat_grad'], state['d'] * state['t']
        ys = y.dot(s)
        if ys > 1e-10:
            for memory, new in zip(history, (y, s, 1 / ys)):
                if len(memory) == self.param_groups[0]['history_size']:
                    del memory[0]
                memory.append(new)
            state['H_diag'] = ys / y.dot(y)
        d, weights = -g, []
        for y, s, ro in reversed([*zip(*history)]):
            weights.append(s.dot(d) * ro)
            d = d - weights[-1] * y
        d = d * state['H_diag']
        for y, s, ro in zip(*history):
            d = d + (weights.pop() - y.dot(d) * ro) * s
        return d

    def _evaluate(self, closure: Callable[[], Any]) -> tuple[Any, float, Tensor]:
        """The loss, as the closure returns it and as a number, and all gradients in one vector."""
        params = self.param_groups[0]['params']
        self.state[params[0]]['func_evals'] += 1
        with enable_grad():
            loss = closure()
        number = loss.item() if isinstance(loss, Tensor) else float(loss)
        return loss, number, cat([(zeros_like(p) if p.grad is None else p.grad).reshape(-1)
                                  for p in params])

    def _move_by(self, step: Tensor) -> None:
        """Add the parts of a vector to the parameters."""
        params = self.param_groups[0]['params']
        for p, part in zip(params, step.split([p.numel() for p in params])):
            p.add_(part.view_as(p))

    def _look(self, closure: Callable[[], Any], d: Tensor, t: Any) -> Point:
        """The point w + t d; w stays where it is."""
        params = self.param_groups[0]['params']
        start = [p.clone() for p in params]
        self._move_by(d * t)
        _, loss, g = self._evaluate(closure)
        for p, value in zip(params, start):
            p.copy_(value)
        return Point(t, loss, g, g.dot(d))


# The line search.

class Point(NamedTuple):
    """What is known of w + t d: t, the loss, its gradient g, and its slope along d."""

    t: Any
    loss: float
    g: Tensor
    slope: Any


def strong_wolfe(look: Callable[[Any], Point], start: Point, t: Any, size: Tensor,
                 tolerance: float, most: int, c1: float = 1e-4, c2: float = 0.9) -> Point:
    """A point that is lower than start by c1 of what its slope promises, and whose slope is c2 of
    it or less.

    look       returns the Point at a t
    start      the one at t = 0
    t          where to look first
    size       the largest element of d
    tolerance  stop when w would change less
    most       how often to look, beside the first time

    First t grows until such a point must lie between the last two. Then these come closer.
    Nocedal and Wright 2006, Numerical Optimization, algorithms 3.5 and 3.6
    """
    def too_high(point: Point) -> bool:
        return point.loss > start.loss + c1 * point.t * start.slope

    def flat(point: Point) -> bool:
        return abs(point.slope) <= -c2 * start.slope

    before, here = start, look(t)
    for looks in range(most):
        rises = too_high(here) or looks > 1 and here.loss >= before.loss
        if flat(here) and not rises:
            return here
        if rises or here.slope >= 0:
            bracket = [before, here]
            break
        bounds = here.t + 0.01 * (here.t - before.t), 10 * here.t
        before, here = here, look(cubic_minimum(before, here, bounds))
    else:
        looks, bracket = most, [start, here]
    low, stuck = lower(bracket), False
    for _ in range(looks, most):
        left, right = sorted(point.t for point in bracket)
        if (right - left) * size < tolerance:
            break
        t, margin = cubic_minimum(*bracket, (left, right)), 0.1 * (right - left)
        if min(right - t, t - left) >= margin:
            stuck = False
        elif stuck or t >= right or t <= left:    # a second time at the edge: go inside
            t = right - margin if abs(t - right) < abs(t - left) else left + margin
            stuck = False
        else:
            stuck = True
        here = look(t)
        if too_high(here) or here.loss >= bracket[low].loss:
            bracket[1 - low] = here
            low = lower(bracket)
        elif flat(here):
            return here
        else:
            if here.slope * (bracket[1 - low].t - bracket[low].t) >= 0:
                bracket[1 - low] = bracket[low]
            bracket[low] = here
    return bracket[low]


def lower(bracket: list[Point]) -> int:
    """Which of two points is lower."""
    return 0 if bracket[0].loss <= bracket[1].loss else 1


def cubic_minimum(a: Point, b: Point, bounds: tuple[Any, Any]) -> Any:
    """The t at which the cubic through two points, with their slopes, is lowest; within bounds."""
    if b.t < a.t:
        a, b = b, a
    least, most = bounds
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = d1**2 - a.slope * b.slope
    if not square >= 0:
        return (least + most) / 2
    d2 = square.sqrt()
    t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return min(max(t, least), most)
