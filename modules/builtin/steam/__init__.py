"""Shows Steam's libraries.

Here is when to look at them and to measure. Where libraries are and what is in them is `library`, how they look `ui`.
"""

import asyncio
import math
import time
from typing import Annotated

from ContaraNAS.core.action import OpenModal, action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Component, Tile
from pydantic import AfterValidator, BaseModel, Field

from .changes import Changes
from .library import Library, Problem, Scanner, SizeBook, Watcher, is_full_path
from .ui import modal, modal_id, tile

__all__ = ["Steam"]

_RECHECK = 60.0
"""Seconds; what isn't there can't be watched: Steam itself, a drive that isn't plugged in."""
_COMMIT_PAUSE = 1.0
"""Seconds between two commits while sizes come in, a few milliseconds apart for small games."""


def _full_path(text: str) -> str:
    path = text.strip()
    if not is_full_path(path):
        raise ValueError(f"expected the full path of a folder, such as /srv/games, got {path!r}")
    return path


class Steam(Module):
    """The Steam libraries on this machine."""

    class Settings(BaseModel):
        """What people may choose on the settings page."""

        homes: list[Annotated[str, AfterValidator(_full_path)]] = Field(
            default=[],
            title="Home folders",
            description="Whose Steam to look for. Left empty: the home of the user that runs "
            "Contara, and those in /home that this user may read.",
        )
        libraries: list[Annotated[str, AfterValidator(_full_path)]] = Field(
            default=[],
            title="Further libraries",
            description="Library folders that Steam's own files don't name.",
        )

    class State(ModuleState):
        """What was found last."""

        looked: bool = False
        libraries: list[Library] = []
        problems: list[Problem] = []

    async def initialize(self) -> None:
        """Remember sizes for as long as the process lives: measuring is the dear part."""
        self._sizes = SizeBook()
        self._changes = Changes()
        self._published = -math.inf
        self._task: asyncio.Task[None] | None = None

    async def start_monitoring(self) -> None:
        """Begin to watch."""
        self._task = asyncio.create_task(self._keep_up())

    async def stop_monitoring(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def on_settings_changed(self) -> None:
        """Look for the libraries in the new places."""
        if self._task is not None:
            await self.stop_monitoring()
            await self.start_monitoring()

    def get_tile(self) -> Tile:
        """Return the card on the dashboard."""
        return tile(self.display_name, self.typed_state, show=self.show, look=self.look_again)

    def get_modals(self) -> list[Component]:
        """Return a modal for each library."""
        return [modal(library) for library in self.typed_state.libraries]

    @action
    async def show(self, library: str) -> OpenModal:
        """Show the games of a library."""
        return OpenModal(modal_id=modal_id(library))

    @action
    async def look_again(self) -> None:
        """Look for libraries now, such as on a drive that was just plugged in."""
        self._changes.report()

    async def _keep_up(self) -> None:
        scanner = Scanner(self._sizes, self.settings.homes, self.settings.libraries)
        watcher = Watcher(self._changes.report)
        watcher.start()
        try:
            while True:
                await asyncio.to_thread(scanner.scan)
                # First watch, then measure: what changes in between is measured again.
                await asyncio.to_thread(watcher.follow, scanner.folders)
                await self._measure(scanner)
                for folder in await self._changes.wait(self._pause()):
                    self._sizes.changed(folder)
        finally:
            await asyncio.to_thread(watcher.stop)

    async def _measure(self, scanner: Scanner) -> None:
        """Measure what is due until something changes, at least one folder, and show what is known meanwhile."""
        while self._sizes.next_due() == 0:
            if time.monotonic() - self._published >= _COMMIT_PAUSE:
                await self._publish(scanner)
            await asyncio.to_thread(self._sizes.measure_next)
            if self._changes.pending:
                break
        await self._publish(scanner)

    async def _publish(self, scanner: Scanner) -> None:
        found = await asyncio.to_thread(scanner.result)
        state = self.typed_state
        state.looked, state.libraries, state.problems = True, found.libraries, found.problems
        if state.is_dirty:
            state.commit()
        self._published = time.monotonic()

    def _pause(self) -> float:
        due = self._sizes.next_due()
        return _RECHECK if due is None else min(due, _RECHECK)
