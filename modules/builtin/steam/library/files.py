"""Steam's files in their last good version: while one is being written, what it said before holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..vdf import Tree, VdfError, parse
from .model import Problem

__all__ = ["Files"]

_LARGEST = 8_000_000
"""Bytes; real ones have a few thousand, and a file of this size is read in seconds."""

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Known:
    stamp: Stamp
    tree: Tree | None
    problem: Problem | None


class Files:
    """Reads files and remembers them; one that hasn't changed since isn't read again."""

    def __init__(self) -> None:
        self._known: dict[Path, _Known] = {}

    def read(self, path: Path) -> Tree | None:
        """Return the last good content, or None if there is no such file or there never was a good one."""
        known = self._known.get(path)
        try:
            stamp = _stamp(path)
            if known is None or known.stamp != stamp:
                self._known[path] = known = _Known(stamp, _parse(path), None)
        except FileNotFoundError:
            self._known.pop(path, None)
            return None
        except (OSError, VdfError) as error:
            known = _Known(_stamp_or_none(path), known.tree if known else None, _problem(path, error))
            self._known[path] = known
        return known.tree

    def changed_at(self, path: Path) -> Stamp | None:
        """Return something that differs when the file was written since."""
        known = self._known.get(path)
        return known.stamp if known else None

    def keep(self, paths: Iterable[Path]) -> None:
        """Forget all others."""
        wanted = set(paths)
        self._known = {path: known for path, known in self._known.items() if path in wanted}

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the files that were read."""
        return [known.problem for known in self._known.values() if known.problem is not None]


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _stamp_or_none(path: Path) -> Stamp:
    try:
        return _stamp(path)
    except OSError:
        return 0, 0, 0


def _parse(path: Path) -> Tree:
    if path.stat().st_size > _LARGEST:
        raise VdfError(1, f"expected a text of Steam's, found more than {_LARGEST} bytes")
    try:
        return parse(path.read_text("utf-8", "replace"))
    except RecursionError:
        raise VdfError(1, "expected a text of Steam's, found hundreds of nested braces") from None


def _problem(path: Path, error: OSError | VdfError) -> Problem:
    if isinstance(error, VdfError):
        return Problem(f"{path}:{error.line}", str(error))
    return Problem(str(path), error.strerror or type(error).__name__)
