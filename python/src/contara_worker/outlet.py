"""What everything that sends of its own accord shares: the link, the reporter, and the next turn of the loop."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from contara_worker.failure import Reporter
from contara_worker.link import FrameTooLargeError, Sender
from contara_worker.messages import Answer, Error, ErrorKind

__all__ = ["NextTurn", "Outlet"]

_SHARE = 4
"""Unasked work leaves the loop to others for so many times as long as it took, if its pace is limited at all."""

_CLOCK_SECONDS = 0.001
"""What the loop's clock can't tell apart; it may call so much too early."""


@dataclass(frozen=True)
class Outlet:
    """Where messages go, how errors become text, and how often a second somebody may send unasked (None: any)."""

    link: Sender
    reporter: Reporter
    frames_per_second: int | None = None

    def answer(self, answer: Answer | Error) -> None:
        """Send an answer, or why it can't be sent."""
        try:
            self.link.send(answer)
        except (FrameTooLargeError, TypeError, ValueError, OverflowError) as error:
            self.link.send(Error(answer.id, ErrorKind.EXCEPTION, f"the answer can't be sent: {error}"))


class NextTurn:
    """Calls `paced` in the next turn of the loop in which the link isn't full, once for however many requests.

    Not more often than the outlet's pace: the first time at once, and then as soon as it is due again. `hurried` is for
    what somebody waits for. `request()` may be called from any thread, all else from the loop's.
    """

    def __init__(self, outlet: Outlet, *, paced: Callable[[], None], hurried: Callable[[], None]) -> None:
        self._link = outlet.link
        self._paced_work = paced
        self._hurried_work = hurried
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._interval = 1 / outlet.frames_per_second if outlet.frames_per_second else 0.0
        self._next = 0.0
        self._timed = False
        self._soon = False
        self._requested = False
        self._hurried = False

    def request(self) -> None:
        """Have the work done as soon as its pace allows."""
        if self._requested:
            return
        self._requested = True
        if threading.get_ident() == self._thread:
            self._wake()
            return
        with contextlib.suppress(RuntimeError):  # a thread of the module outlived the loop
            self._loop.call_soon_threadsafe(self._run)

    def hurry(self) -> None:
        """Have the work done in the next turn, whatever the pace and however full the link: somebody waits for it."""
        self._hurried = True
        self._wake()

    def done(self) -> None:
        """Forget earlier requests: the work is being done."""
        self._requested = self._hurried = False

    def _wake(self) -> None:
        if not self._soon:
            self._soon = True
            self._loop.call_soon(self._run)

    def _run(self) -> None:
        self._soon = False
        if self._hurried:
            self.done()
            self._hurried_work()
        elif self._requested:
            self._run_paced()

    def _run_paced(self) -> None:
        if self._link.is_full:
            # The host is behind: what it gets next is the latest and not each one that was missed.
            self._link.when_drained(self._run)
            return
        start = time.monotonic()  # the loop's own clock stands still during a turn, and counts milliseconds
        if start < self._next - _CLOCK_SECONDS:
            if not self._timed:
                self._timed = True
                self._loop.call_later(self._next - start, self._due)
            return
        self.done()
        self._paced_work()
        if self._interval:
            # From when it was due, if that is a bit later than now: too early each time would be too often.
            self._next = max(start, self._next) + max(self._interval, (1 + _SHARE) * (time.monotonic() - start))

    def _due(self) -> None:
        self._timed = False
        self._run()
