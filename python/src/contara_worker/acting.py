"""Actions as requests: which ones run, how far they are, and cancelling them. How one is run is `ActionRunner`'s."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from contara_worker.failure import Refusal, sendable
from contara_worker.messages import Action, ErrorKind, Progress
from contara_worker.outlet import Outlet
from ContaraNAS.core.action import ActionRunner, action_schema, get_actions
from ContaraNAS.core.exceptions import ActionError, ActionTimeoutError, BadArgumentsError, UnknownActionError
from ContaraNAS.core.module import Module

__all__ = ["Acting"]

_PROGRESS_SECONDS = 1 / 20
_TEXT_CHARS = 500

_KINDS: tuple[tuple[type[ActionError], ErrorKind], ...] = (
    (UnknownActionError, ErrorKind.UNKNOWN_ACTION),
    (BadArgumentsError, ErrorKind.BAD_ARGUMENTS),
    (ActionTimeoutError, ErrorKind.TIMEOUT),
)


class Acting:
    """Runs the actions of one module that the host asks for, by the ids of its requests."""

    def __init__(self, module: Module, outlet: Outlet) -> None:
        self._module = module
        self._runner = ActionRunner(module)
        self._outlet = outlet
        self._running: dict[int, asyncio.Task[Any]] = {}

    def schemas(self) -> dict[str, dict[str, Any]]:
        """Describe every action, by its name."""
        return {name: action_schema(method) for name, method in get_actions(self._module).items()}

    def cancel(self, request: int) -> bool:
        """Cancel an action that waits or runs; tell whether it was still there."""
        task = self._running.get(request)
        if task is None:
            return False
        if not task.cancelling():  # once more would cut short what the action does to clean up
            task.cancel()
        return True

    async def run(self, request: Action, on_end: Callable[[], None]) -> list[dict[str, Any]]:
        """Run an action in this task and return its results. `on_end` is called when it ends. Raises `Refusal`."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("an action needs a task to run in")
        progress = _ProgressSender(self._outlet, request.id)
        self._running[request.id] = task
        try:
            return await self._runner.run(request.action, request.params, request.form, progress.report, on_end)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and task.cancelling():
                # By `cancel()`, or by a module that cancels every task that there is; either way it gets an answer.
                raise Refusal(ErrorKind.CANCELLED, "it was cancelled") from None
            raise self._refusal(error) from error
        finally:
            del self._running[request.id]
            progress.close()

    def _refusal(self, error: BaseException) -> Refusal:
        for kind, name in _KINDS:
            if isinstance(error, kind):
                return Refusal(name, str(error), fields=getattr(error, "fields", None))
        return self._outlet.reporter.refusal(ErrorKind.EXCEPTION, error)


class _ProgressSender:
    """Sends what an action reports, at most twenty times a second, and always the last. For any thread."""

    def __init__(self, outlet: Outlet, request: int) -> None:
        self._link = outlet.link
        self._request = request
        self._loop = asyncio.get_running_loop()
        self._lock = threading.RLock()
        self._waiting: Progress | None = None
        self._timed = False
        self._closed = False
        self._next = 0.0

    def report(self, done: float | None, total: float | None, text: str | None) -> None:
        """Take a report of the action."""
        with self._lock:
            self._waiting = Progress(self._request, done, total, text and sendable(text, _TEXT_CHARS))
            wait = self._next - time.monotonic()
            if wait <= 0 and not self._link.is_full:
                self._send()
            elif not self._timed and not self._closed:
                self._timed = True
                self._loop.call_soon_threadsafe(self._loop.call_later, max(wait, 0.0), self._due)

    def close(self) -> None:
        """Send the last report if it waits; what comes later is of an action that was answered already."""
        with self._lock:
            self._send()
            self._closed = True

    def _due(self) -> None:
        with self._lock:
            self._timed = False
            self._send()

    def _send(self) -> None:
        message, self._waiting = self._waiting, None
        if message is not None and not self._closed:
            self._next = time.monotonic() + _PROGRESS_SECONDS
            self._link.send(message)
