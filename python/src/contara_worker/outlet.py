"""What everything that sends of its own accord shares: the link, the reporter, and the next turn of the loop."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from contara_worker.failure import Reporter
from contara_worker.link import Sender

__all__ = ["NextTurn", "Outlet"]


@dataclass(frozen=True)
class Outlet:
    """Where messages go, and how errors become text."""

    link: Sender
    reporter: Reporter


class NextTurn:
    """Calls `work` in the next turn of the loop in which the link isn't full, once for however many requests.

    `request()` may be called from any thread, all else from the loop's.
    """

    def __init__(self, link: Sender, work: Callable[[], None]) -> None:
        self._link = link
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._requested = False

    def request(self) -> None:
        """Have the work done soon."""
        if self._requested:
            return
        self._requested = True
        if threading.get_ident() == self._thread:
            self._loop.call_soon(self._run)
            return
        with contextlib.suppress(RuntimeError):  # a thread of the module outlived the loop
            self._loop.call_soon_threadsafe(self._run)

    def done(self) -> None:
        """Forget earlier requests: the work is being done."""
        self._requested = False

    def _run(self) -> None:
        if not self._requested:
            return
        if self._link.is_full:
            # The host is behind: what it gets next is the latest and not each one that was missed.
            self._link.when_drained(self._run)
            return
        self._requested = False
        self._work()
