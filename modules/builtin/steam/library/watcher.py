"""Who tells when something changes: inotify, by way of watchdog, on every `steamapps`. Nothing is read over and over.

The kernel needs a watch for every folder and has a limited number for all programs of a user together. A library with
too many folders is watched at its top only, where Steam writes a game's manifest whenever it did something to the game.
"""

import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

__all__ = ["Watcher", "count_folders", "measured_folder", "watch_limit"]

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
]
"""Not the opening and reading of files, which games do all the time, and so do we; nor each single write, of which a
download has thousands a second: a file is looked at when who wrote it closes it."""

_SHARE = 4
"""All libraries together take at most one in four of a user's watches."""


@dataclass(frozen=True, slots=True)
class _Watched:
    watch: ObservedWatch
    inode: int
    """Of the folder: one that was removed and made anew needs a new watch."""
    folders: int
    """How many watches it takes."""


class Watcher:
    """Calls `changed` with the measured folder that something happened in, or None if it was right in `steamapps`.

    It calls from threads of its own. The methods may block while they look at many folders; call them from one thread.
    """

    def __init__(self, changed: Callable[[Path | None], None], limit: int | None = None) -> None:
        self._changed = changed
        self._left = watch_limit() // _SHARE if limit is None else limit
        self._observer: BaseObserver | None = None
        self._watched: dict[Path, _Watched] = {}

    def start(self) -> None:
        """Begin to watch, nothing as yet."""
        # A folder that is made while watchdog looks at its parent is added twice; it says so at length, and copes.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
        self._observer = Observer()
        self._observer.start()

    def stop(self) -> None:
        """Watch no more; no call comes after this."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None
        self._left += sum(watched.folders for watched in self._watched.values())
        self._watched.clear()

    def follow(self, folders: Iterable[Path]) -> None:
        """Watch these `steamapps` folders and no others."""
        wanted = {folder: inode for folder in folders if (inode := _inode(folder))}
        for folder, watched in list(self._watched.items()):
            if wanted.get(folder) != watched.inode:
                self._drop(folder)
        for folder, inode in wanted.items():
            if folder not in self._watched:
                self._add(folder, inode)

    def sees_all_of(self, folder: Path) -> bool:
        """Whether changes deep inside of a library are noticed, and not only those of its manifests."""
        watched = self._watched.get(folder)
        return watched is not None and watched.watch.is_recursive

    def _add(self, folder: Path, inode: int) -> None:
        if self._observer is None:
            return
        count = count_folders(folder, self._left)
        deep = count <= self._left
        handler = _Handler(folder, self._changed)
        try:
            watch = self._observer.schedule(handler, str(folder), recursive=deep, event_filter=_EVENTS)
        except OSError:  # gone meanwhile, or no watches are left at all; the next look tries again
            return
        self._watched[folder] = _Watched(watch, inode, count if deep else 1)
        self._left -= self._watched[folder].folders

    def _drop(self, folder: Path) -> None:
        watched = self._watched.pop(folder)
        self._left += watched.folders
        if self._observer is not None:
            self._observer.unschedule(watched.watch)


class _Handler(FileSystemEventHandler):
    def __init__(self, steamapps: Path, changed: Callable[[Path | None], None]) -> None:
        self._steamapps = str(steamapps)
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on both ends of a move, the one path of all else."""
        for path in {event.src_path, event.dest_path}:
            parts = os.fsdecode(path).removeprefix(self._steamapps).strip("/").split("/")
            folder = measured_folder(parts)
            if folder is not None:
                self._changed(Path(self._steamapps, folder))
            elif path and len(parts) == 1:  # a manifest, the list of libraries; deeper down Steam keeps half a download
                self._changed(None)


def measured_folder(parts: list[str]) -> Path | None:
    """Return which of a game's folders a path in `steamapps` lies in: `common/<folder>`, `workshop/content/<id>`, …."""
    depth = {"common": 2, "shadercache": 2, "compatdata": 2, "workshop": 3}.get(parts[0], 0)
    return Path(*parts[:depth]) if depth and len(parts) >= depth else None


def watch_limit() -> int:
    """Return how many folders a user's programs may watch together."""
    try:
        return int(Path("/proc/sys/fs/inotify/max_user_watches").read_text())
    except (OSError, ValueError):
        return 8192  # the kernel's least


def count_folders(folder: Path, enough: int) -> int:
    """Count `folder` and all below it, to just above `enough` at most."""
    count = 0
    for _ in os.walk(folder):
        count += 1
        if count > enough:
            break
    return count


def _inode(folder: Path) -> int | None:
    try:
        return folder.stat().st_ino
    except OSError:
        return None
