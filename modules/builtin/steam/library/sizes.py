"""How large folders are.

They are measured one at a time, again only when something in them changed, and never so often that measuring a busy
folder becomes a load of its own.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SizeBook", "folder_size"]

_LEAST_PAUSE = 2.0
"""Seconds between two measurements of one folder."""
_PAUSE_FACTOR = 10
"""A folder that took a second to measure is left alone for ten."""


@dataclass(slots=True)
class _Entry:
    size: int | None = None
    stale: bool = True
    due: float = 0.0
    """Not before this time, on the monotonic clock."""


class SizeBook:
    """The sizes of some folders. `measure_next()` may run in another thread; the rest is quick."""

    def __init__(self) -> None:
        self._entries: dict[Path, _Entry] = {}

    def follow(self, folders: Iterable[Path]) -> None:
        """Know these folders and no others; new ones become due."""
        self._entries = {folder: self._entries.get(folder) or _Entry() for folder in folders}

    def size(self, folder: Path) -> int | None:
        """Return bytes, or None if it hasn't been measured yet. What isn't there has 0."""
        entry = self._entries.get(folder)
        return entry.size if entry else None

    def changed(self, folder: Path) -> None:
        """Have a folder measured again, if it is one of those followed."""
        if entry := self._entries.get(folder):
            entry.stale = True

    def next_due(self) -> float | None:
        """Return in how many seconds a folder can be measured (0: now), or None if all sizes are current."""
        times = [entry.due for entry in self._entries.values() if entry.stale]
        return max(min(times) - time.monotonic(), 0.0) if times else None

    def measure_next(self) -> None:
        """Measure the folder that has waited longest; blocks while it walks through it."""
        waiting = [(entry.due, folder) for folder, entry in self._entries.items() if entry.stale]
        if not waiting:
            return
        _, folder = min(waiting)
        entry = self._entries[folder]
        entry.stale = False  # first, since what changes from here on has to be measured again
        begin = time.monotonic()
        entry.size = folder_size(folder)
        end = time.monotonic()
        entry.due = end + max(_LEAST_PAUSE, _PAUSE_FACTOR * (end - begin))


def folder_size(folder: Path) -> int:
    """Return the sum of the sizes of all files below `folder`. Links aren't followed; hard links count once."""
    total = 0
    linked: set[tuple[int, int]] = set()
    waiting = [str(folder)] if not folder.is_symlink() else []
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except OSError:  # gone meanwhile, never there, or not ours to read
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    total += _file_size(entry, linked)
    return total


def _file_size(entry: "os.DirEntry[str]", linked: set[tuple[int, int]]) -> int:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return 0
    if found.st_nlink > 1:
        if (found.st_dev, found.st_ino) in linked:
            return 0
        linked.add((found.st_dev, found.st_ino))
    return found.st_size
