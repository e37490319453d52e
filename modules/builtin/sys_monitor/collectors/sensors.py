"""How fast and how hot the processor is: cpufreq, hwmon and thermal zones in /sys.

What there is to read is looked up once; sensors of a processor don't come and go.
"""

from pathlib import Path

from .source import Source, read_number

__all__ = ["FrequencyCollector", "TemperatureCollector"]

_CPU_CHIPS = {"coretemp", "k10temp", "zenpower", "cpu_thermal", "via_cputemp"}
"""Names of the hwmon drivers that measure processors; the others measure disks, boards, batteries."""

_CPU_ZONES = ("x86_pkg_temp", "cpu", "soc")
"""How the types of thermal zones begin that measure processors, where there is no such chip."""


class FrequencyCollector:
    """The present frequency of the cores."""

    def __init__(self, root: Path) -> None:
        policies = root.glob("sys/devices/system/cpu/cpufreq/policy*/scaling_cur_freq")
        self._sources = [Source(path) for path in sorted(policies)]

    def read(self) -> float | None:
        """Return the mean over all cores in MHz, or None if this machine doesn't tell."""
        kilohertz = [value for source in self._sources if (value := read_number(source)) is not None]
        return round(sum(kilohertz) / len(kilohertz) / 1000) if kilohertz else None


class TemperatureCollector:
    """The hottest of the processor's sensors, since that one decides when it slows down."""

    def __init__(self, root: Path) -> None:
        self._sources = [Source(path) for path in _chip_sensors(root) or _zone_sensors(root)]

    def read(self) -> float | None:
        """Return degrees Celsius, or None if this machine has no such sensor."""
        thousandths = [value for source in self._sources if (value := read_number(source)) is not None]
        return round(max(thousandths) / 1000, 1) if thousandths else None


def _chip_sensors(root: Path) -> list[Path]:
    chips = [path.parent for path in root.glob("sys/class/hwmon/hwmon*/name") if _text(path) in _CPU_CHIPS]
    return sorted(sensor for chip in chips for sensor in chip.glob("temp*_input"))


def _zone_sensors(root: Path) -> list[Path]:
    zones = root.glob("sys/class/thermal/thermal_zone*/type")
    return sorted(path.parent / "temp" for path in zones if _text(path).startswith(_CPU_ZONES))


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
