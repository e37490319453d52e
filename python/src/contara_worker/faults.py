"""Faults: what goes wrong in the background, in tasks and threads that nobody waits for.

asyncio itself tells of such a task when it is collected, which one that the module keeps never is.
"""

import asyncio
import threading
from collections.abc import Coroutine, Generator
from typing import Any, Literal, TypeVar

from contara_worker.failure import describe
from contara_worker.messages import Fault
from contara_worker.outlet import Outlet

__all__ = ["BackgroundWatch", "watch_background"]

T = TypeVar("T")

_MOMENT = 1.0
"""Seconds in which somebody may still take the exception of a task that ended."""
_BACKLOG = 500  # faults are dropped while so many messages wait for the host to read, as log records are


def watch_background(outlet: Outlet) -> None:
    """Report every task of this loop and every thread that ends with an exception which nobody takes, once."""
    watch = BackgroundWatch(outlet)
    asyncio.get_running_loop().set_task_factory(watch.make_task)
    threading.excepthook = watch.thread_ended


class BackgroundWatch:
    """Looks at how tasks and threads end, once it is told of them."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._untaken: set[asyncio.Task[Any]] = set()

    def make_task(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T] | Generator[Any, None, T], **options: Any
    ) -> "asyncio.Task[T]":
        """Make a task as the loop would, and look at how it ends."""
        task = asyncio.Task(work, loop=loop, **options)
        task.add_done_callback(self._task_ended)
        return task

    def thread_ended(self, ended: threading.ExceptHookArgs) -> None:
        """Report a thread; ending one by `sys.exit()` is no fault."""
        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
            self._report("thread", ended.thread.name if ended.thread else "thread", ended.exc_value)

    def _task_ended(self, task: "asyncio.Task[Any]") -> None:
        if not task.cancelled() and _is_untaken(task):
            self._untaken.add(task)
            task.get_loop().call_later(_MOMENT, self._report_untaken, task)

    def report_all(self) -> None:
        """Report now what would be reported soon. In the loop."""
        for task in list(self._untaken):
            self._report_untaken(task)

    def _report_untaken(self, task: "asyncio.Task[Any]") -> None:
        self._untaken.discard(task)
        if _is_untaken(task):
            error = task.exception()  # takes it, so that asyncio doesn't tell of it as well
            if error is not None:
                self._report("task", task.get_name(), error)

    def _report(self, origin: Literal["task", "thread"], name: str, error: BaseException) -> None:
        if self._outlet.link.backlog <= _BACKLOG:
            text = self._outlet.reporter.traceback(error)
            self._outlet.link.send(Fault(origin, name, describe(error), text))


def _is_untaken(task: "asyncio.Task[Any]") -> bool:
    """Whether the task ended with an exception that nobody asked for; asyncio itself goes by this attribute."""
    return bool(getattr(task, "_log_traceback", False))
