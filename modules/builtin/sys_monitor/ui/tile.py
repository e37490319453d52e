"""The card on the dashboard: four figures' worth of overview, and a tab each for what lies behind."""

from typing import Any

from ContaraNAS.core.ui import Badge, Component, Grid, Spinner, Stat, StatSmall, Tab, Tabs, Text, Tile

from ..collectors import Interface, Sample, Space
from ..history import History
from .parts import byte_chart, chart, cores, disk_table, loads, memory_bars, pressures, processor_facts, space_bar
from .text import duration_text, percent_text, rate_text

__all__ = ["tile"]

_FULL = 95
"""Percent from which the title warns."""
_MOST_CORES = 32
_MOST_BARS = 8


def tile(title: str, state: Any, minutes: History) -> Tile:
    """Return the tile for a State."""
    sample: Sample | None = state.sample
    if sample is None:
        return Tile(icon="Activity", title=title, colspan=2, content=[Spinner(label="Measuring")])
    views = (
        ("overview", "Overview", _overview(sample, state.spaces, minutes)),
        ("cpu", "CPU", _cpu(sample)),
        ("disks", "Disks", _disks(sample, state.spaces)),
        ("network", "Network", _network(sample.interfaces, minutes)),
    )
    tabs = [Tab(id=name, label=label, children=children) for name, label, children in views if children]
    return Tile(
        icon="Activity",
        title=title,
        colspan=2,
        stats=_stats(sample),
        content=[Tabs(tabs=tabs, size="sm")],
        badge=_badge(sample, state.spaces),
    )


def _stats(sample: Sample) -> list[Stat]:
    stats = [Stat(label="CPU", value=percent_text(sample.cpu.busy if sample.cpu else None))]
    if sample.memory is not None:
        stats.append(Stat(label="Memory", value=percent_text(sample.memory.used_percent)))
    if sample.uptime is not None:
        stats.append(Stat(label="Up for", value=duration_text(sample.uptime)))
    return stats


def _badge(sample: Sample, spaces: list[Space]) -> Badge | None:
    """Return the one thing that somebody should look after, if there is any."""
    full = [space for space in spaces if space.percent >= _FULL]
    if full:
        return Badge(text=f"{full[0].name} is almost full", variant="warning")
    if sample.memory is not None and sample.memory.used_percent >= _FULL:
        return Badge(text="Memory is almost full", variant="warning")
    return None


def _overview(sample: Sample, spaces: list[Space], minutes: History) -> list[Component]:
    busy = chart(minutes, {"CPU": "cpu"}, "%", height=80)
    fullest = [space_bar(max(spaces, key=lambda space: space.percent))] if spaces else []
    bars = [*memory_bars(sample), *fullest]
    return [*([busy] if busy else []), *([Grid(columns=len(bars), gap="3", children=bars)] if bars else [])]


def _cpu(sample: Sample) -> list[Component]:
    bars = cores(sample.cpu)[:_MOST_CORES] if sample.cpu else []
    return [
        *([Grid(columns=2, gap="2", children=bars)] if bars else []),
        *loads(sample),
        *processor_facts(sample),
        *pressures(sample),
    ]


def _disks(sample: Sample, spaces: list[Space]) -> list[Component]:
    activity = disk_table(sample.disks[:_MOST_BARS])
    hidden = len(spaces) - _MOST_BARS
    more = [Text(content=f"and {hidden} more", variant="muted", size="sm")] if hidden > 0 else []
    return [*(space_bar(space) for space in spaces[:_MOST_BARS]), *more, *([activity] if activity else [])]


def _network(interfaces: list[Interface], minutes: History) -> list[Component]:
    traffic = byte_chart(minutes, {"Received": "received", "Sent": "sent"}, height=80)
    lines = [
        StatSmall(
            label=interface.name,
            value=f"{rate_text(interface.received)} in, {rate_text(interface.sent)} out",
        )
        for interface in interfaces[:_MOST_BARS]
    ]
    return [*([traffic] if traffic else []), *lines]
