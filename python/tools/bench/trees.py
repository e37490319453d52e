"""The three trees that serialising is measured with, as on the page of measured limits: S, M and L.

Each function builds its tree anew, as `get_tile()` would. They use the vocabulary alone, so any program may.
"""

from collections.abc import Callable

from ContaraNAS.core.ui import (
    Badge,
    Button,
    Card,
    Component,
    Grid,
    LineChart,
    Progress,
    Stack,
    Stat,
    StatCard,
    StatSmall,
    Tab,
    Table,
    TableColumn,
    Tabs,
    Text,
    Tile,
)

__all__ = ["TREES", "large", "medium", "small"]

_SAMPLES = 60
_ROWS = 100


def small() -> Tile:
    """10 nodes: a tile with figures, a bar and two buttons."""
    return Tile(
        icon="HardDrive",
        title="Disks",
        stats=[Stat(label=label, value=value) for label, value in (("Used", "1.2 TB"), ("Free", 2.8), ("Disks", 4))],
        content=[Stack(children=[Text(content="Healthy", variant="muted"), Progress(value=30.5, label="30.5 %")])],
        actions=[Button(label="Scan", icon="RefreshCw"), Button(label="Eject", variant="danger")],
        badge=Badge(text="ok", variant="success"),
    )


def medium() -> Tile:
    """63 nodes: a monitor with a chart of 60 points and a line per core and disk."""
    return Tile(
        icon="Activity",
        title="System",
        colspan=2,
        stats=[Stat(label=f"Stat {number}", value=number * 1.5) for number in range(6)],
        content=[
            LineChart(data=_history(), label="CPU", unit="%"),
            Grid(columns=4, children=[StatSmall(label=f"Core {core}", value=f"{core * 3}%") for core in range(16)]),
            Stack(children=[_bar(disk) for disk in range(12)]),
        ],
        actions=[Button(label="Refresh", icon="RefreshCw")],
    )


def large() -> Tile:
    """380 nodes: figures, cards with bars in tabs, and a table of 100 rows and 5 columns."""
    return Tile(
        icon="List",
        title="Everything",
        colspan=3,
        rowspan=3,
        stats=[Stat(label=f"Stat {number}", value=number * 1.5) for number in range(30)],
        content=[
            Tabs(tabs=[Tab(id=f"tab{number}", label=f"Tab {number}", children=_cards(number)) for number in range(6)]),
            Table(columns=_columns(), data=[_row(number) for number in range(_ROWS)], row_key="pid", sortable=True),
        ],
    )


TREES: dict[str, Callable[[], Component]] = {"S": small, "M": medium, "L": large}
"""By the name that the tables use."""


def _history() -> list[float]:
    return [round(40 + 30 * ((sample * 7919) % 101) / 101, 2) for sample in range(_SAMPLES)]


def _bar(disk: int) -> Stack:
    bar = Progress(value=disk * 9.7, label=f"{disk * 9.7:.1f} %", color="default")
    return Stack(direction="horizontal", children=[Text(content=f"/dev/sd{disk}"), bar])


def _cards(tab: int) -> list[Component]:
    return [_card(tab * 7 + number) for number in range(7)]


def _card(number: int) -> Card:
    return Card(
        title=f"Card {number}",
        icon="Box",
        children=[
            Stack(children=[Text(content=f"Text {number}", variant="secondary"), Badge(text="on", variant="info")]),
            StatCard(label="Rate", value=number * 0.37, icon="Gauge"),
            Progress(value=number * 2.3),
            Stat(label="Count", value=number),
            Button(label="Open", size="sm"),
        ],
    )


def _columns() -> list[TableColumn]:
    return [TableColumn(key=key, label=key.upper()) for key in ("pid", "name", "user", "cpu", "memory")]


def _row(number: int) -> dict[str, object]:
    return {
        "pid": 1000 + number,
        "name": f"process-{number}",
        "user": "root" if number % 3 else None,
        "cpu": round(number * 0.37, 2),
        "memory": number * 1_048_576,
    }
