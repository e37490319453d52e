"""An event loop in a thread of its own, so that a module's background tasks live while the test does something else."""

import asyncio
import contextlib
import sys
import threading
import traceback
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

__all__ = ["BackgroundLoop"]

T = TypeVar("T")

_CLOSE_SECONDS = 5.0  # what the worker gives a module at its end


class BackgroundLoop:
    """Runs until `close()`. All methods are for other threads than the loop's."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="contara-testing", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Run `work` in the loop and return what it returns. Raises `TimeoutError`, which says where the loop is."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        return self._result(future, seconds)

    def call(self, function: Callable[[], T], seconds: float) -> T:
        """Call a function in the loop, after everything that was handed to the loop before."""

        async def work() -> T:
            return function()

        return self.run(work(), seconds)

    def close(self) -> None:
        """Cancel the tasks that are left, then end loop and thread. A loop that is blocked is left to itself."""
        with contextlib.suppress(TimeoutError, CancelledError):
            self.run(self._cancel_tasks(), _CLOSE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSE_SECONDS)
        if not self._thread.is_alive():
            self._loop.close()

    async def _cancel_tasks(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()

    def _result(self, future: Future[T], seconds: float) -> T:
        try:
            return future.result(seconds)
        except TimeoutError:
            if future.done():
                raise  # the work's own
            future.cancel()
            raise TimeoutError(f"no answer within {seconds} s; {self._whereabouts()}") from None

    def _whereabouts(self) -> str:
        frame = sys._current_frames().get(self._thread.ident or 0)
        if frame is None:
            return "the module's loop has ended"
        return f"the module's loop is at:\n{''.join(traceback.format_stack(frame)[-3:])}"
