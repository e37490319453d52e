"""How long work has to wait for processor, memory and disks: pressure stall information, /proc/pressure."""

from dataclasses import dataclass
from pathlib import Path

from .source import Source

__all__ = ["Pressure", "PressureCollector", "parse_pressure"]

_RESOURCES = ("cpu", "memory", "io")


@dataclass(frozen=True, slots=True)
class Pressure:
    """Shares of the last ten seconds, in percent."""

    some: float
    """At least one task had to wait."""
    full: float
    """Nothing else could run meanwhile."""


class PressureCollector:
    """Reads whatever of the three the kernel offers; many are built without, or started with `psi=0`."""

    def __init__(self, root: Path) -> None:
        self._sources = {name: Source(root / "proc/pressure" / name) for name in _RESOURCES}

    def read(self) -> dict[str, Pressure]:
        """Return the pressure by resource: `cpu`, `memory`, `io`."""
        found = {name: parse_pressure(source.read() or "") for name, source in self._sources.items()}
        return {name: pressure for name, pressure in found.items() if pressure is not None}


def parse_pressure(text: str) -> Pressure | None:
    """Read `some avg10=0.12 avg60=… avg300=… total=…` and the line of `full`, which older kernels lack for the CPU."""
    averages = {}
    for line in text.splitlines():
        kind, first, *_ = line.split()
        averages[kind] = float(first.removeprefix("avg10="))
    return Pressure(averages["some"], averages.get("full", 0.0)) if "some" in averages else None
