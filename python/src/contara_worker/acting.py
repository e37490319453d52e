"""Actions as requests: which ones run, how far they are, and cancelling them. How one is run is `ActionRunner`'s."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from contara_worker.failure import Refusal, refused, sendable
from contara_worker.messages import Action, Answer, Error, ErrorKind, Progress
from contara_worker.outlet import Outlet
from ContaraNAS.core.action import ActionRunner, action_schema, get_actions
from ContaraNAS.core.action.running import ActionCall, ActionRequest, Outcome, results_of
from ContaraNAS.core.exceptions import ActionError, ActionTimeoutError, BadArgumentsError, UnknownActionError
from ContaraNAS.core.module import Module

__all__ = ["Acting"]

_PROGRESS_SECONDS = 1 / 20
_TEXT_CHARS = 500

_KINDS: tuple[tuple[type[ActionError], ErrorKind], ...] = (
    (BadArgumentsError, ErrorKind.BAD_ARGUMENTS),
    (ActionTimeoutError, ErrorKind.TIMEOUT),
)


class Acting:
    """Runs the actions of one module that the host asks for, by the ids of its requests.

    `answer` is called with what each of them is answered, `ended` after the last step of an action, which is later if
    it was given up and couldn't be stopped.
    """

    def __init__(
        self, module: Module, outlet: Outlet, answer: Callable[[Answer | Error], None], ended: Callable[[], None]
    ) -> None:
        self._module = module
        self._runner = ActionRunner(module)
        self._outlet = outlet
        self._answer = answer
        self._ended = ended
        self._running: dict[int, ActionCall] = {}

    def schemas(self) -> dict[str, dict[str, Any]]:
        """Describe every action, by its name."""
        return {name: action_schema(method) for name, method in get_actions(self._module).items()}

    def cancel(self, request: int) -> bool:
        """Cancel an action that waits or runs; tell whether it was still there."""
        call = self._running.get(request)
        if call is None:
            return False
        call.cancel()
        return True

    def start(self, request: Action) -> None:
        """Start an action. Raises `Refusal` for an unknown one; whatever else becomes of it is its answer."""
        progress = _ProgressSender(self._outlet, request.id)
        asked = ActionRequest(request.action, request.params, request.form, progress.report)
        try:
            call = self._runner.start(asked, partial(self._settled, request, progress), self._ended)
        except UnknownActionError as error:
            raise Refusal(ErrorKind.UNKNOWN_ACTION, str(error)) from None
        self._running[request.id] = call

    def _settled(self, request: Action, progress: "_ProgressSender", outcome: Outcome) -> None:
        call = self._running.pop(request.id)
        progress.close()
        value, error = outcome
        try:
            if error is not None:
                raise error
            answer: Answer | Error = Answer(request.id, results_of(request.action, value))
        except BaseException as raised:  # noqa: BLE001 - the module's own
            answer = refused(request.id, self._refusal(raised, call))
        self._answer(answer)

    def _refusal(self, error: BaseException, call: ActionCall) -> Refusal:
        if isinstance(error, asyncio.CancelledError) and call.was_cancelled:
            return Refusal(ErrorKind.CANCELLED, "it was cancelled")
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
