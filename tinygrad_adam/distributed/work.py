"""A collective that is under way: what `async_op=True` returns."""
from __future__ import annotations

from typing import Any, Callable

from . import _errors as errors
from .process_group import Agreement, ProcessGroup
from .waiting import wait


class Work:
    """A collective that was started. Its tensors may be used after wait().

    group   the ranks
    call    what all of them call
    start   starts it, and returns MPI's request
    finish  is called when it is complete
    """

    def __init__(self, group: ProcessGroup, call: str, start: Callable[[], Any],
                 finish: Callable[[], None]) -> None:
        self._agreement: Agreement | None = Agreement(group, call)
        self._group, self._request, self._finish = group, start(), finish
        group.works.add(self)      # keeps the memory that MPI writes to

    def wait(self, timeout: Any = None) -> bool:
        """Wait until it is complete; returns True.

        timeout  only None
        """
        if timeout is not None:
            raise errors.not_built('wait', 'timeout', timeout)
        if self._agreement is not None:
            self._group.works.discard(self)
            self._agreement.check()
            wait(self._request)
            self._finish()
            self._agreement = None
        return True

    def is_completed(self) -> bool:
        """Whether it is complete; does not wait."""
        if self._agreement is not None and self._agreement.request.Test() and self._request.Test():
            self.wait()
        return self._agreement is None

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
        return Work(group, call, lambda: method(*arguments), finish)
    Agreement(group, call).check()
    getattr(group.comm, name)(*arguments)
    finish()
    return None
