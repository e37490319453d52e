"""What the tile and the page show of a recorded machine, and of one that tells nothing."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from ..collectors import Machine, Process, Sample, Space
from ..filters import shown
from ..history import History
from ..measurements import measurements
from ..ui import page, tile
from ..ui.text import bytes_text, ceiling, duration_text, percent_text
from .recorded import LATER, SERVER, write

SPACES = [Space("/", 100 << 30, 50 << 30, 45 << 30), Space("/tank", 8 << 40, 78 << 36, 2 << 36)]
PROCESSES = [Process(7, "cat", "root", "R", 12.5, 5 << 20)]


class State(msgspec.Struct):
    """The fields of the module's State."""

    sample: Sample | None = None
    spaces: list[Space] = []
    processes: list[Process] = []
    process_count: int = 0


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    machine = Machine(write(tmp_path, SERVER))
    machine.sample()
    write(tmp_path, LATER)
    return machine.sample()


def history_of(sample: Sample) -> History:
    history = History(span=3600, points=240)
    for steps in range(300):
        history.add(sample.time + 15 * steps, measurements(sample))
    return history


def find_all(tree: Any, kind: str) -> list[Any]:
    """Every component of a type in a plain tree."""
    if isinstance(tree, list):
        return [found for item in tree for found in find_all(item, kind)]
    if not isinstance(tree, dict):
        return []
    inside = [found for value in tree.values() for found in find_all(value, kind)]
    return [tree, *inside] if tree.get("type") == kind else inside


def test_the_tile_shows_the_machine(sample: Sample) -> None:
    tree = tile("System", State(sample, SPACES, PROCESSES, 1), history_of(sample)).to_dict()
    assert {stat["label"]: stat["value"] for stat in tree["stats"]} == {
        "CPU": "20 %",
        "Memory": "50 %",
        "Up for": "1 d 2 h",
    }
    assert [tab["label"] for tab in find_all(tree, "tab")] == ["Overview", "CPU", "Disks", "Network"]
    facts = {stat["label"]: stat["value"] for stat in find_all(tree, "stat_small")}
    assert facts["Frequency"] == "2.60 GHz"
    assert facts["Temperature"] == "52 °C"
    assert facts["Waiting for disks"] == "12.2 %"
    bars = {bar["label"]: bar["sublabel"] for bar in find_all(tree, "progress")}
    assert bars["Swap"] == "1.0 GiB of 4.0 GiB"
    assert bars["Core 0"] == "35 %"
    assert bars["/"] == "45.0 GiB free of 100 GiB"


def test_a_drive_that_is_almost_full_is_named_in_the_title(sample: Sample) -> None:
    full = tile("System", State(sample, SPACES), history_of(sample)).to_dict()
    assert full["badge"]["text"] == "/tank is almost full"
    assert "badge" not in tile("System", State(sample, SPACES[:1]), history_of(sample)).to_dict()


def test_the_page_shows_everything_in_charts_of_bounded_length(sample: Sample) -> None:
    tree = page(State(sample, SPACES, PROCESSES, 81), history_of(sample)).to_dict()
    assert [card["title"] for card in find_all(tree, "card")] == [
        "Processor",
        "Memory",
        "Temperature",
        "Load",
        "Pressure",
        "Disk throughput",
        "Disk activity",
        "Space",
        "Network",
        "Processes (81)",
    ]
    charts = find_all(tree, "line_chart")
    assert {len(line["data"]) for chart in charts for line in chart["series"]} == {240}
    assert all(len(chart["times"]) == 240 for chart in charts)
    assert [chart["unit"] for chart in charts][:3] == ["%", "%", "°C"]
    network = charts[-1]
    assert [line["name"] for line in network["series"]] == ["Received", "Sent"]
    assert network["unit"].endswith("iB/s")
    assert max(network["data"]) < 1024
    assert all(chart["max"] == ceiling(chart["max"]) for chart in charts)
    (processes,) = [table for table in find_all(tree, "table") if table["row_key"] == "pid"]
    assert processes["data"] == [
        {
            "pid": 7,
            "name": "cat",
            "user": "root",
            "state": "runs",
            "cpu": "12.5 %",
            "cpu_sort": 12.5,
            "memory": "5.0 MiB",
            "memory_sort": 5 << 20,
        }
    ]


@pytest.mark.parametrize(
    ("value", "edge"),
    [(0, 0.1), (0.1, 0.1), (0.3, 0.5), (1, 1), (3.4, 5), (44.6, 50), (50, 50), (51, 100), (1023, 2000)],
)
def test_a_chart_ends_at_a_number_that_can_be_read(value: float, edge: float) -> None:
    assert ceiling(value) == pytest.approx(edge)


def test_the_overview_has_the_fullest_drive(sample: Sample) -> None:
    overview = find_all(tile("System", State(sample, SPACES), history_of(sample)).to_dict(), "tab")[0]
    assert [bar["label"] for bar in find_all(overview, "progress")] == ["Memory", "Swap", "/tank"]


def test_what_a_machine_does_not_tell_is_not_shown(tmp_path: Path) -> None:
    nothing = Machine(tmp_path).sample()
    history = history_of(nothing)
    assert find_all(page(State(nothing), history).to_dict(), "card") == []
    tree = tile("System", State(nothing), history).to_dict()
    assert tree["stats"] == [{"type": "stat", "label": "CPU", "value": "–"}]
    assert find_all(tree, "tab") == []


def test_before_the_first_reading_it_says_so() -> None:
    empty = History(span=3600, points=240)
    assert find_all(tile("System", State(), empty).to_dict(), "spinner")
    assert page(State(), empty).to_dict()["type"] == "spinner"


def test_what_is_hidden_is_left_out() -> None:
    assert [space.name for space in shown(SPACES, ["/t*", " /boot "])] == ["/"]
    assert shown(SPACES, []) == SPACES


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (150 << 20, "150 MiB"),
        (3 << 30, "3.0 GiB"),
        (2 << 50, "2.0 PiB"),
    ],
)
def test_bytes(count: float, text: str) -> None:
    assert bytes_text(count) == text


def test_durations_and_shares() -> None:
    assert [duration_text(seconds) for seconds in (59, 3700, 93784)] == ["0 min", "1 h 1 min", "1 d 2 h"]
    assert [percent_text(value) for value in (None, 0, 99.6)] == ["–", "0 %", "100 %"]
