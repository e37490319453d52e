"""Gathers what many threads report until the loop has time for it: a thousand files written make one look."""

import asyncio
from contextlib import suppress
from pathlib import Path

__all__ = ["Changes"]

_QUIET = 0.5
"""Seconds to gather after the first report. Steam writes a manifest and what belongs to it in less."""
_BUSY = 8.0
"""Seconds to gather at most, while reports never end: a game that is being installed, for an hour maybe."""


class Changes:
    """Made on the loop that waits. `report()` may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reported = asyncio.Event()
        self._folders: set[Path | None] = set()
        self._gather = _QUIET

    def report(self, folder: Path | None = None) -> None:
        """Note that something in `folder` changed, or (None) that it is time for another look."""
        if folder in self._folders:
            return  # a download reports thousands of times a second, and only the first one has to wake the loop
        self._folders.add(folder)
        with suppress(RuntimeError):  # the loop has ended; so has the interest
            self._loop.call_soon_threadsafe(self._reported.set)

    @property
    def pending(self) -> bool:
        """Whether something was reported that nobody has taken yet."""
        return self._reported.is_set()

    async def wait(self, seconds: float) -> set[Path]:
        """Wait for a report, but no longer than `seconds`, and return the folders that were named.

        A report that came since the last call doubles the time in which further ones are gathered.
        """
        self._gather = min(self._gather * 2, _BUSY) if self.pending else _QUIET
        # Not asyncio.wait_for(): up to Python 3.11 it loses a cancellation that comes together with the event.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._reported.wait()
            await asyncio.sleep(self._gather)
        self._reported.clear()
        # Another set from here on: what is reported now counts for the next time.
        folders, self._folders = self._folders, set()
        return {folder for folder in folders if folder is not None}
