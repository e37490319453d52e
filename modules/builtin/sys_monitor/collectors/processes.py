"""Which processes use the most, from /proc/<pid>/stat: see proc_pid_stat(5).

The dearest reading of all, some 15 µs a process; hence apart from `Machine` and only made when somebody looks.
"""

import os
import pwd
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["Process", "ProcessTable", "Reading", "parse_process"]

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a process gives."""

    name: str
    state: str
    """One letter: `R` runs, `S` sleeps, `D` waits for a disk, `Z` has ended, and so on."""
    ticks: int
    """Processor time so far."""
    started: int
    """Ticks after the start of the machine; with the number it tells a process from a later one."""
    memory: int
    """Bytes in memory."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process as it is shown."""

    pid: int
    name: str
    user: str
    state: str
    cpu: float
    """Percent of one core since the last reading."""
    memory: int
    """Bytes in memory."""


class ProcessTable:
    """Compares each reading with the one before. `count` is the number of processes at the last one."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._folder = root / "proc"
        self._last: dict[int, Reading] = {}
        self._time = 0.0
        self.count = 0

    def read(self, most: int) -> list[Process]:
        """Return the `most` processes that use the most processor time, and as many that use the most memory."""
        before, then = self._last, self._time
        self._last, self._time = self._readings(), time.monotonic()
        self.count = len(self._last)
        seconds = max(self._time - then, 0.001)
        cpu = {pid: _cpu(before.get(pid), now, seconds) for pid, now in self._last.items()}
        chosen = {
            *sorted(cpu, key=lambda pid: -cpu[pid])[:most],
            *sorted(cpu, key=lambda pid: -self._last[pid].memory)[:most],
        }
        shown = [self._shown(pid, cpu[pid]) for pid in chosen]
        return sorted(shown, key=lambda process: (-process.cpu, -process.memory, process.pid))

    def _readings(self) -> dict[int, Reading]:
        found = {}
        for name in os.listdir(self._folder):  # noqa: PTH208 - a quarter of the cost of iterdir()
            if name.isdigit() and (reading := self._reading(name)) is not None:
                found[int(name)] = reading
        return found

    def _reading(self, pid: str) -> Reading | None:
        try:
            file = os.open(f"{self._folder}/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # it ended meanwhile
            return None
        try:
            return parse_process(os.read(file, 4096).decode("utf-8", "replace"))
        except OSError:
            return None
        finally:
            os.close(file)

    def _shown(self, pid: int, cpu: float) -> Process:
        now = self._last[pid]
        return Process(pid, now.name, self._user(pid), now.state, cpu, now.memory)

    def _user(self, pid: int) -> str:
        try:
            return _user_name((self._folder / str(pid)).stat().st_uid)
        except OSError:
            return ""


def parse_process(text: str) -> Reading:
    """Read one line. The name stands in brackets and may hold spaces and brackets itself."""
    start, _, rest = text.rpartition(")")
    fields = rest.split()
    return Reading(
        name=start.partition("(")[2],
        state=fields[0],
        ticks=int(fields[11]) + int(fields[12]),
        started=int(fields[19]),
        memory=int(fields[21]) * _PAGE,
    )


def _cpu(before: Reading | None, after: Reading, seconds: float) -> float:
    """Return percent of one core; 0 for a process that was not there before."""
    if before is None or before.started != after.started:
        return 0.0
    return round(100 * (after.ticks - before.ticks) / _TICKS_PER_SECOND / seconds, 1)


@lru_cache(maxsize=256)
def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
