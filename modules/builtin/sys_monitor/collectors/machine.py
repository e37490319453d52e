"""One reading of the whole machine, from all collectors."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from .cpu import Cpu, CpuCollector
from .disks import Disk, DiskCollector
from .memory import Memory, MemoryCollector
from .network import Interface, NetworkCollector
from .pressure import Pressure, PressureCollector
from .sensors import FrequencyCollector, TemperatureCollector
from .source import Source

__all__ = ["Machine", "Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the machine does at one time. What it doesn't tell is None or absent."""

    time: float
    """Unix seconds."""
    cpu: Cpu | None = None
    frequency: float | None = None
    """MHz, the mean over all cores."""
    temperature: float | None = None
    """Degrees Celsius."""
    load: tuple[float, ...] = ()
    """Tasks that run or wait to, averages over 1, 5 and 15 minutes."""
    pressure: dict[str, Pressure] = field(default_factory=dict)
    memory: Memory | None = None
    disks: list[Disk] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    uptime: float | None = None
    """Seconds since the start of the machine."""


class Machine:
    """All collectors of one machine, whose files lie below `root` (a recorded machine's in tests)."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._cpu = CpuCollector(root)
        self._frequency = FrequencyCollector(root)
        self._temperature = TemperatureCollector(root)
        self._pressure = PressureCollector(root)
        self._memory = MemoryCollector(root)
        self._disks = DiskCollector(root)
        self._network = NetworkCollector(root)
        self._load = Source(root / "proc/loadavg")
        self._uptime = Source(root / "proc/uptime")
        self._last = 0.0

    def sample(self) -> Sample:
        """Read everything once, in about half a millisecond. Rates are those since the last call."""
        now = time.monotonic()
        seconds, self._last = max(now - self._last, 0.001), now
        return Sample(
            time=time.time(),
            cpu=self._cpu.read(),
            frequency=self._frequency.read(),
            temperature=self._temperature.read(),
            load=_numbers(self._load.read(), 3),
            pressure=self._pressure.read(),
            memory=self._memory.read(),
            disks=self._disks.read(seconds),
            interfaces=self._network.read(seconds),
            uptime=next(iter(_numbers(self._uptime.read(), 1)), None),
        )


def _numbers(text: str | None, count: int) -> tuple[float, ...]:
    """Return the first numbers of a line such as `0.20 0.18 0.12 1/80 11206`."""
    return tuple(float(field) for field in (text or "").split()[:count])
