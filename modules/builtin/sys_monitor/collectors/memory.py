"""How much memory and swap is in use, from /proc/meminfo: see proc_meminfo(5)."""

from dataclasses import dataclass
from pathlib import Path

from .source import Source

__all__ = ["Memory", "MemoryCollector", "parse_memory"]


@dataclass(frozen=True, slots=True)
class Memory:
    """All in bytes."""

    total: int
    available: int
    """What programs could still get, caches that would give way included."""
    cached: int
    """Copies of files and the like; part of `available` for the most part."""
    swap_total: int
    """0 if there is no swap."""
    swap_free: int

    @property
    def used(self) -> int:
        """What programs hold, and nothing gives back by itself."""
        return self.total - self.available

    @property
    def used_percent(self) -> float:
        """The share of the memory that is used, 0–100."""
        return round(100 * self.used / self.total, 1)

    @property
    def swap_used(self) -> int:
        """What lies in swap."""
        return self.swap_total - self.swap_free

    @property
    def swap_percent(self) -> float | None:
        """The share of the swap that is used, or None if there is none."""
        return round(100 * self.swap_used / self.swap_total, 1) if self.swap_total else None


class MemoryCollector:
    """Reads memory and swap."""

    def __init__(self, root: Path) -> None:
        self._source = Source(root / "proc/meminfo")

    def read(self) -> Memory | None:
        """Return what is in use now, or None if the kernel doesn't tell."""
        return parse_memory(self._source.read() or "")


def parse_memory(text: str) -> Memory | None:
    """Read lines such as `MemTotal:  16316412 kB`; None if one that every kernel has is missing."""
    fields = {}
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        number, *_ = rest.split() or [""]
        if number.isdigit():
            fields[name] = int(number) * 1024
    if not fields.get("MemTotal") or "MemAvailable" not in fields:
        return None
    return Memory(
        total=fields["MemTotal"],
        available=fields["MemAvailable"],
        cached=fields.get("Cached", 0) + fields.get("Buffers", 0) + fields.get("SReclaimable", 0),
        swap_total=fields.get("SwapTotal", 0),
        swap_free=fields.get("SwapFree", 0),
    )
