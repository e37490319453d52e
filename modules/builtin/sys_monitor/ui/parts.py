"""Pieces that both the tile and the page are made of."""

from collections.abc import Mapping
from typing import Literal

from ContaraNAS.core.ui import Component, LineChart, LineChartSeries, Progress, StatSmall, Table, TableColumn

from ..collectors import Cpu, Disk, Sample, Space
from ..history import History
from .text import bytes_text, ceiling, rate_text, scale

__all__ = [
    "accent",
    "byte_chart",
    "chart",
    "cores",
    "loads",
    "memory_bars",
    "pressures",
    "processor_facts",
    "space_bar",
]

Accent = Literal["default", "success", "warning", "error"]

_COLORS: tuple[Literal["primary", "success", "warning", "error", "default"], ...] = (
    "primary", "success", "warning", "error", "default",
)  # fmt: skip

_HIGH, _CRITICAL = 85, 95


def accent(percent: float) -> Accent:
    """Return the colour of a bar that is this full."""
    if percent >= _CRITICAL:
        return "error"
    return "warning" if percent >= _HIGH else "default"


def chart(
    history: History, lines: Mapping[str, str], unit: str, *, most: float | None = 100, height: int = 120
) -> LineChart | None:
    """Return a chart of those series (name in the legend → name in the history) that there are, or None without any."""
    present = {legend: name for legend, name in lines.items() if name in history}
    return _chart(history, {legend: history.series(name) for legend, name in present.items()}, unit, most, height)


def byte_chart(history: History, lines: Mapping[str, str], *, height: int = 120) -> LineChart | None:
    """Return the same for bytes a second, in the unit that suits the largest."""
    values = {legend: history.series(name) for legend, name in lines.items() if name in history}
    divisor, unit = scale(max((value for line in values.values() for value in line if value), default=0))
    scaled = {
        legend: [None if value is None else round(value / divisor, 2) for value in line]
        for legend, line in values.items()
    }
    return _chart(history, scaled, f"{unit}/s", None, height)


def _chart(
    history: History, lines: Mapping[str, list[float | None]], unit: str, most: float | None, height: int
) -> LineChart | None:
    if not lines:
        return None
    series = [
        LineChartSeries(name=legend, data=data, color=color)
        for (legend, data), color in zip(lines.items(), _COLORS, strict=False)
    ]
    if most is None:
        most = ceiling(max((value for line in series for value in line.data if value is not None), default=0))
    return LineChart(series=series, times=[*history.times], unit=unit, min=0, max=most, height=height)


def cores(cpu: Cpu) -> list[Component]:
    """Return a bar for each core."""
    return [
        Progress(label=f"Core {number}", sublabel=f"{busy:.0f} %", value=busy, color=accent(busy))
        for number, busy in sorted(cpu.cores.items())
    ]


def memory_bars(sample: Sample) -> list[Component]:
    """Return a bar for the memory, and one for swap if there is any."""
    memory = sample.memory
    if memory is None:
        return []
    bars: list[Component] = [_bar("Memory", memory.used, memory.total)]
    if memory.swap_total:
        bars.append(_bar("Swap", memory.swap_used, memory.swap_total))
    return bars


def space_bar(space: Space) -> Progress:
    """Return a bar for a mount."""
    return Progress(
        label=space.name,
        sublabel=f"{bytes_text(space.available)} free of {bytes_text(space.total)}",
        value=space.percent,
        color=accent(space.percent),
    )


def disk_table(disks: list[Disk]) -> Component | None:
    """Return what each disk does now, or None without any."""
    columns = [
        TableColumn(key="name", label="Disk"),
        TableColumn(key="read", label="Read", align="right"),
        TableColumn(key="written", label="Written", align="right"),
        TableColumn(key="busy", label="Busy", align="right"),
    ]
    rows = [
        {
            "name": disk.name,
            "read": rate_text(disk.read),
            "read_sort": disk.read,
            "written": rate_text(disk.written),
            "written_sort": disk.written,
            "busy": f"{disk.busy:.0f} %",
            "busy_sort": disk.busy,
        }
        for disk in disks
    ]
    return Table(columns=columns, data=rows, row_key="name", sortable=True) if rows else None


def loads(sample: Sample) -> list[Component]:
    """Return how many tasks ran or waited to, if this machine tells."""
    if not sample.load:
        return []
    return [StatSmall(label="Load (1, 5, 15 min)", value=" · ".join(f"{load:.2f}" for load in sample.load))]


def processor_facts(sample: Sample) -> list[Component]:
    """Return the processor's figures that have no bar, as far as this machine has them."""
    found: list[Component] = []
    if sample.frequency is not None:
        found.append(StatSmall(label="Frequency", value=f"{sample.frequency / 1000:.2f} GHz"))
    if sample.temperature is not None:
        found.append(StatSmall(label="Temperature", value=f"{sample.temperature:.0f} °C"))
    return found


def pressures(sample: Sample) -> list[Component]:
    """Return how much of the time work waits, for each thing that the kernel tells of."""
    return [
        StatSmall(label=f"Waiting for {_RESOURCES[name]}", value=f"{pressure.some:.1f} %")
        for name, pressure in sample.pressure.items()
    ]


_RESOURCES = {"cpu": "the processor", "memory": "memory", "io": "disks"}


def _bar(label: str, used: int, total: int) -> Progress:
    percent = round(100 * used / total, 1)
    sublabel = f"{bytes_text(used)} of {bytes_text(total)}"
    return Progress(label=label, sublabel=sublabel, value=percent, color=accent(percent))
