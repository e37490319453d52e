"""The host's part in a test: asks the worker's own runtime, in this process, and keeps what it sends.

Every message is encoded and decoded as on the link, so a test sees what the host would. What the module's life is,
how parameters are coerced and when a tree is drawn, is all the worker's code.
"""

import asyncio
import contextlib
import inspect
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from contara_worker.failure import Reporter
from contara_worker.faults import BackgroundWatch
from contara_worker.link import MAX_FRAME, FrameTooLargeError
from contara_worker.messages import (
    Answer,
    Error,
    Fault,
    FromWorker,
    Progress,
    Request,
    State,
    Ui,
    UiFailed,
)
from contara_worker.outlet import Outlet
from contara_worker.runtime import Runtime
from contara_worker.trees import as_received
from ContaraNAS.core.module import Module
from ContaraNAS.testing.background import BackgroundLoop

__all__ = ["InProcessHost"]

T = TypeVar("T")


class Recorder:
    """Where the worker's messages go. From any thread."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.ui: Ui | None = None
        self.failure: UiFailed | None = None
        self.state: dict[str, Any] | None = None
        self.faults: list[Fault] = []
        self.progress: list[Progress] = []
        self._waiting: dict[int, asyncio.Future[Answer | Error]] = {}
        self._decoder = msgspec.msgpack.Decoder(FromWorker)

    @property
    def backlog(self) -> int:
        """Nothing ever waits here."""
        return 0

    @property
    def is_full(self) -> bool:
        """A test always reads."""
        return False

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Nothing is held back here."""
        return contextlib.nullcontext()

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call at once: this is never full."""
        callback()

    def send(self, message: FromWorker) -> None:
        """Keep `message`. Raises `FrameTooLargeError` as the link does."""
        frame = msgspec.msgpack.encode(message)
        if len(frame) > MAX_FRAME:
            raise FrameTooLargeError(len(frame))
        with self.changed:
            self._keep(self._decoder.decode(frame))
            self.changed.notify_all()

    def expect(self, request: int) -> "asyncio.Future[Answer | Error]":
        """Return the answer to a request, once it is there. In the loop."""
        future: asyncio.Future[Answer | Error] = asyncio.get_running_loop().create_future()
        self._waiting[request] = future
        return future

    def _keep(self, message: FromWorker) -> None:
        match message:
            case Answer() | Error():
                future = self._waiting.pop(message.id)
                if not future.done():  # the test gave up waiting
                    future.get_loop().call_soon_threadsafe(_settle, future, message)
            case Ui():
                self.ui, self.failure = as_received(message), None
            case UiFailed():
                self.failure = message
            case State():
                self.state = message.value
            case Fault():
                self.faults.append(message)
            case Progress():
                self.progress.append(message)


def _settle(future: "asyncio.Future[Answer | Error]", message: Answer | Error) -> None:
    if not future.done():
        future.set_result(message)


class InProcessHost:
    """One module's runtime, in a loop of its own. `seconds` is the deadline of every request."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.seen = Recorder()
        self._loop = BackgroundLoop()
        self._next_id = 0
        self._outlet = Outlet(self.seen, Reporter())
        self._watch = BackgroundWatch(self._outlet)
        self._runtime = self._loop.call(self._start, seconds)

    @property
    def module(self) -> Module:
        """The module; raises `RuntimeError` before it is loaded."""
        if self._runtime.module is None:
            raise RuntimeError("no module is loaded")
        return self._runtime.module

    def ask(self, kind: Callable[..., Request], *fields: Any) -> Answer | Error:
        """Send a request and return its answer. Raises `TimeoutError`."""
        self._next_id += 1
        return self._loop.run(self._ask(kind(self._next_id, *fields)), self.seconds)

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call `function` in the loop and return what it returns, awaited if need be."""

        async def call() -> Any:
            returned = function(*args, **kwargs)
            return await returned if inspect.isawaitable(returned) else returned

        return self._loop.run(call(), self.seconds)

    def settle(self) -> None:
        """Wait until what was committed so far is drawn."""
        self._loop.call(lambda: None, self.seconds)

    def wait_for(self, condition: Callable[[], T], seconds: float) -> T:
        """Return the first true value of `condition`, which is asked anew when something came, and 50 times a second.

        Raises `TimeoutError` after `seconds`.
        """
        until = time.monotonic() + seconds
        while not (value := condition()):
            if time.monotonic() > until:
                raise TimeoutError(f"still not so after {seconds} s; the condition last gave {value!r}")
            with self.seen.changed:
                self.seen.changed.wait(0.02)
        return value

    def close(self) -> None:
        """End the loop, after which `seen.faults` holds every task that failed unnoticed."""
        with contextlib.suppress(TimeoutError):  # of a loop that the module blocks
            self._loop.call(self._watch.report_all, self.seconds)
        self._loop.close()

    def _start(self) -> Runtime:
        asyncio.get_running_loop().set_task_factory(self._watch.make_task)
        return Runtime(self._outlet, lambda: None)

    async def _ask(self, request: Request) -> Answer | Error:
        answer = self.seen.expect(request.id)
        self._runtime.handle(request)
        return await answer
