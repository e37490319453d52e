"""What the disks do, from /proc/diskstats: see the kernel's Documentation/admin-guide/iostats.rst."""

import re
from dataclasses import dataclass
from pathlib import Path

from .source import Source

__all__ = ["Counters", "Disk", "DiskCollector", "parse_counters"]

_SECTOR = 512  # bytes, whatever the sectors of the device are
_LAYERS = re.compile(r"(loop|ram|zram|dm-|md|sr|fd|nbd)\d")
"""Devices in memory, without work of their own, or whose work is done and counted by the disks below."""
_PARTITION = re.compile(r"(.*?)p?\d+")


@dataclass(frozen=True, slots=True)
class Counters:
    """Since the start of the machine."""

    read: int
    """Bytes."""
    written: int
    """Bytes."""
    busy: int
    """Milliseconds with at least one request under way."""


@dataclass(frozen=True, slots=True)
class Disk:
    """What one disk did since the last reading."""

    name: str
    read: float
    """Bytes a second."""
    written: float
    """Bytes a second."""
    busy: float
    """Percent of the time."""


class DiskCollector:
    """Compares each reading with the one before."""

    def __init__(self, root: Path) -> None:
        self._source = Source(root / "proc/diskstats")
        self._last: dict[str, Counters] = {}

    def read(self, seconds: float) -> list[Disk]:
        """Return the disks that were there at the last call too, `seconds` ago, by name."""
        before, self._last = self._last, parse_counters(self._source.read() or "")
        pairs = [(name, before[name], after) for name, after in self._last.items() if name in before]
        return [_compare(name, old, new, seconds) for name, old, new in pairs]


def parse_counters(text: str) -> dict[str, Counters]:
    """Return the counters of whole disks that were ever used, by name."""
    lines = {fields[2]: fields for line in text.splitlines() if len(fields := line.split()) >= 14}
    return {
        name: Counters(int(fields[5]) * _SECTOR, int(fields[9]) * _SECTOR, int(fields[12]))
        for name, fields in sorted(lines.items())
        if not _LAYERS.match(name) and not _is_partition(name, lines) and (int(fields[3]) or int(fields[7]))
    }


def _is_partition(name: str, names: dict[str, list[str]]) -> bool:
    """Tell sda1 and nvme0n1p1, whose disks are listed as well, from a disk such as nvme0n1."""
    match = _PARTITION.fullmatch(name)
    return match is not None and match[1] in names


def _compare(name: str, before: Counters, after: Counters, seconds: float) -> Disk:
    def rate(old: int, new: int) -> float:
        return round(max(new - old, 0) / seconds, 1)  # a disk that was replaced counts from 0 again

    busy = min(rate(before.busy, after.busy) / 10, 100.0)
    return Disk(name, rate(before.read, after.read), rate(before.written, after.written), round(busy, 1))
