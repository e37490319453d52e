"""The detail page: an hour of everything. A card appears only if this machine has something to put into it."""

from typing import Any

from ContaraNAS.core.ui import Card, Component, Grid, Spinner, Stack, Table, TableColumn

from ..collectors import Disk, Interface, Process, Sample, Space
from ..history import History
from .parts import byte_chart, chart, cores, disk_table, loads, memory_bars, processor_facts
from .text import bytes_text, rate_text

__all__ = ["page"]

_STATES = {"R": "runs", "S": "sleeps", "D": "waits for a disk", "Z": "has ended", "T": "stopped", "I": "idle"}
_COLUMNS = "repeat(auto-fit, minmax(min(440px, 100%), 1fr))"


def page(state: Any, hour: History) -> Component:
    """Return the page for a State."""
    sample: Sample | None = state.sample
    if sample is None:
        return Spinner(label="Measuring")
    cards = [
        _card(
            "Processor",
            "Cpu",
            chart(hour, {"Busy": "cpu", "Waiting for disks": "waiting"}, "%"),
            _cores(sample),
            *processor_facts(sample),
        ),
        _card("Memory", "MemoryStick", chart(hour, {"Memory": "memory", "Swap": "swap"}, "%"), *memory_bars(sample)),
        _card("Temperature", "Thermometer", chart(hour, {"Processor": "temperature"}, "°C")),
        _card("Load", "Gauge", chart(hour, {"Load": "load"}, "tasks", most=None), *loads(sample)),
        _card("Pressure", "Hourglass", _pressure(hour)),
        _card("Disk throughput", "HardDrive", byte_chart(hour, {"Read": "read", "Written": "written"})),
        _card("Disk activity", "HardDrive", _busy(sample.disks, hour), disk_table(sample.disks)),
        _card("Space", "Database", _spaces(state.spaces)),
        _card("Network", "Network", *_network(sample.interfaces, hour)),
    ]
    grid = Grid(columns=_COLUMNS, children=[card for card in cards if card is not None])
    processes = _card(f"Processes ({state.process_count})", "List", _processes(state.processes))
    return Stack(children=[grid, *([processes] if processes else [])])


def _card(title: str, icon: str, *children: Component | None) -> Card | None:
    present = [child for child in children if child is not None]
    return Card(title=title, icon=icon, children=present) if present else None


def _cores(sample: Sample) -> Component | None:
    bars = cores(sample.cpu) if sample.cpu else []
    return Grid(columns=2, gap="2", children=bars) if bars else None


def _pressure(hour: History) -> Component | None:
    lines = {"Processor": "pressure.cpu", "Memory": "pressure.memory", "Disks": "pressure.io"}
    return chart(hour, lines, "%", most=None)


def _busy(disks: list[Disk], hour: History) -> Component | None:
    return chart(hour, {disk.name: f"busy.{disk.name}" for disk in disks}, "%")


def _spaces(spaces: list[Space]) -> Component | None:
    columns = [
        TableColumn(key="name", label="Mounted at"),
        TableColumn(key="free", label="Free", align="right"),
        TableColumn(key="total", label="Size", align="right"),
        TableColumn(key="used", label="Used, %", render="progress"),
    ]
    rows = [
        {
            "name": space.name,
            "free": bytes_text(space.available),
            "free_sort": space.available,
            "total": bytes_text(space.total),
            "total_sort": space.total,
            "used": space.percent,
        }
        for space in spaces
    ]
    return Table(columns=columns, data=rows, row_key="name", sortable=True) if rows else None


def _network(interfaces: list[Interface], hour: History) -> list[Component | None]:
    columns = [TableColumn(key="name", label="Interface")] + [
        TableColumn(key=key, label=label, align="right")
        for key, label in (("in", "In"), ("out", "Out"), ("received", "Total in"), ("sent", "Total out"))
    ]
    rows = [
        {
            "name": interface.name,
            "in": rate_text(interface.received),
            "in_sort": interface.received,
            "out": rate_text(interface.sent),
            "out_sort": interface.sent,
            "received": bytes_text(interface.received_total),
            "received_sort": interface.received_total,
            "sent": bytes_text(interface.sent_total),
            "sent_sort": interface.sent_total,
        }
        for interface in interfaces
    ]
    table = Table(columns=columns, data=rows, row_key="name", sortable=True) if rows else None
    return [byte_chart(hour, {"Received": "received", "Sent": "sent"}), table]


def _processes(processes: list[Process]) -> Component | None:
    columns = [
        TableColumn(key="name", label="Name"),
        TableColumn(key="cpu", label="CPU", align="right"),
        TableColumn(key="memory", label="Memory", align="right"),
        TableColumn(key="pid", label="PID", align="right"),
        TableColumn(key="user", label="User"),
        TableColumn(key="state", label="State"),
    ]
    rows = [
        {
            "pid": process.pid,
            "name": process.name,
            "user": process.user,
            "state": _STATES.get(process.state, process.state),
            "cpu": f"{process.cpu:.1f} %",
            "cpu_sort": process.cpu,
            "memory": bytes_text(process.memory),
            "memory_sort": process.memory,
        }
        for process in processes
    ]
    if not rows:
        return None
    return Table(columns=columns, data=rows, row_key="pid", sortable=True, default_sort_key="cpu", page_size=20)
