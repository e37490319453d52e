"""Reading the small files of /proc and /sys, again and again, for as little as it can cost."""

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["Source", "read_number"]

_CHUNK = 65536  # bytes; most of these files give less, /proc/stat of a large server more


class Source:
    """A file that is kept open and read from its start each time: a third of the cost of opening it anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def read(self) -> str | None:
        """Return the whole text, or None if there is no such file or it can't be read now."""
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            return _read_all(self._file)
        except OSError:  # never there, not ours to read, or its device is gone
            self.close()
            return None

    def close(self) -> None:
        """Give the descriptor back; the next `read()` opens it again."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None


def read_number(source: Source) -> int | None:
    """Return the one integer that a file of /sys holds, or None."""
    try:
        return int(source.read() or "")
    except ValueError:
        return None


def _read_all(file: int) -> str:
    """Read to the end: files of several records come in pieces of a page, however much is asked for."""
    pieces: list[bytes] = []
    size = 0
    while piece := os.pread(file, _CHUNK, size):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces).decode("utf-8", "replace")
