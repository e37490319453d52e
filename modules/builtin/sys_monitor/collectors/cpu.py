"""How busy the processor is, from /proc/stat: see proc_stat(5)."""

from dataclasses import dataclass
from pathlib import Path

from .source import Source

__all__ = ["Cpu", "CpuCollector", "Ticks", "compare", "parse_ticks"]


@dataclass(frozen=True, slots=True)
class Ticks:
    """Clock ticks since the start of the machine, of one core or of all together."""

    total: int
    idle: int
    waiting: int
    """Idle with a request to a disk under way (`iowait`)."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """Shares of the time since the last reading, in percent."""

    busy: float
    waiting: float
    cores: dict[int, float]
    """How busy each core was, by its number; one that is switched off is absent."""


class CpuCollector:
    """Compares each reading with the one before."""

    def __init__(self, root: Path) -> None:
        self._source = Source(root / "proc/stat")
        self._last: dict[str, Ticks] = {}

    def read(self) -> Cpu | None:
        """Return the shares since the last call, or None at the first one."""
        before, self._last = self._last, parse_ticks(self._source.read() or "")
        return compare(before, self._last)


def parse_ticks(text: str) -> dict[str, Ticks]:
    """Return the ticks by the line's name: `cpu` for all, `cpu0` and so on for each core."""
    ticks: dict[str, Ticks] = {}
    for line in text.splitlines():
        if not line.startswith("cpu"):  # they come first
            break
        name, *fields = line.split()
        # user nice system idle iowait irq softirq steal; the two guest fields after them are part of user and nice.
        numbers = [int(field) for field in fields[:8]]
        ticks[name] = Ticks(sum(numbers), numbers[3], numbers[4])
    return ticks


def compare(before: dict[str, Ticks], after: dict[str, Ticks]) -> Cpu | None:
    """Return what happened between two readings, or None if either is missing or no time passed."""
    if "cpu" not in before or "cpu" not in after or after["cpu"].total <= before["cpu"].total:
        return None
    cores = {
        int(name[3:]): _busy(before[name], ticks) for name, ticks in after.items() if name != "cpu" and name in before
    }
    whole = after["cpu"].total - before["cpu"].total
    waiting = after["cpu"].waiting - before["cpu"].waiting
    return Cpu(_busy(before["cpu"], after["cpu"]), _percent(waiting, whole), cores)


def _busy(before: Ticks, after: Ticks) -> float:
    whole = after.total - before.total
    idle = after.idle - before.idle + after.waiting - before.waiting
    return _percent(whole - idle, whole)


def _percent(part: int, whole: int) -> float:
    """Return a share from 0 to 100. The kernel's own counters sometimes run a little backwards."""
    return round(min(max(100 * part / whole, 0.0), 100.0), 1) if whole > 0 else 0.0
