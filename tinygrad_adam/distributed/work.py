"""What is under way: what `async_op=True`, isend and irecv return."""
from __future__ import annotations

from typing import Any, Callable

from . import _errors as errors
from .process_group import Agreement, ProcessGroup
from .waiting import wait


class Work:
    """A collective or a message that was started. Its tensors may be used after wait().

    group  the ranks
    parts  [(a request of MPI, what is called when it is complete)], in their order
    """

    def __init__(self, group: ProcessGroup, parts: list[tuple[Any, Callable[[], None]]]) -> None:
        self._group, self._parts = group, parts
        group.works.add(self)      # keeps the memory that MPI writes to

    def wait(self, timeout: Any = None) -> bool:
        """Wait until it is complete; returns True.

        timeout  only None
        """
        if timeout is not None:
            raise errors.not_built('wait', 'timeout', timeout)
        self._group.works.discard(self)
        for request, finish in self._parts:
            wait(request)
            finish()
        self._parts = []
        return True

    def is_completed(self) -> bool:
        """Whether it is complete; does not wait."""
        if all(request.Test() for request, _ in self._parts):
            self.wait()
        return not self._parts

    def is_success(self) -> bool:
        """Whether it is complete: what fails raises an exception."""
        return self.is_completed()


def perform(group: ProcessGroup, call: str, name: str, arguments: Any,
            finish: Callable[[], None], async_op: bool) -> Work | None:
    """Do what all ranks have called, or start it.

    group      the ranks
    call       what they call
    name       the method of MPI's communicator
    arguments  what it is called with
    finish     is called afterwards
    async_op   only start it
    """
    if async_op:
        method = getattr(group.comm, f'I{name.lower()}')
        agreement = Agreement(group, call)
        return Work(group, [(agreement.request, agreement.check), (method(*arguments), finish)])
    Agreement(group, call).check()
    getattr(group.comm, name)(*arguments)
    finish()
    return None
