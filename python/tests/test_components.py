"""Components: texts of refusals, the documented shape, and what can't be sent.

Charts, fields and tables have files of their own.
"""

import enum
import json
import math
from collections import deque
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import msgspec
import pytest

from contara_worker.trees import decode_tree, encode_tree
from ContaraNAS.core.action import ActionRef, action
from ContaraNAS.core.exceptions import ComponentError, UnserialisableError
from ContaraNAS.core.module import Module
from ContaraNAS.core.plain import to_plain
from ContaraNAS.core.ui import (
    Alert,
    Badge,
    Button,
    Card,
    Form,
    Grid,
    Image,
    Modal,
    Progress,
    SegmentedProgress,
    Select,
    Spinner,
    Stack,
    Stat,
    StatCard,
    Tab,
    Tabs,
    Text,
    Tile,
)
from host import received


class Sample(Module):
    @action
    async def go(self, disk: str = "") -> None:
        pass

    async def helper(self) -> None:
        pass


class Size(enum.StrEnum):
    LARGE = "lg"


REPR_OF_TEXT = repr(Text(content=""))

# Untyped on purpose: a type checker refuses all of these as well.
REFUSALS: list[tuple[Any, dict[str, Any], str]] = [
    (Tile, {"icon": "x", "title": "t", "colspan": 7}, "Tile.colspan: expected an integer from 1 to 3, got 7"),
    (Tile, {"icon": "x", "title": "t", "rowspan": 0}, "Tile.rowspan: expected an integer from 1 to 3, got 0"),
    (Tile, {"icon": "x"}, "Tile.title: missing; expected text"),
    (Tile, {"icon": "x", "title": 1}, "Tile.title: expected text, got 1"),
    (Tile, {"icon": "x", "title": "t", "titel": "u"}, "Tile.titel: no such prop; did you mean title?"),
    (Tile, {"icon": "x", "title": "t", "stats": [4]}, "Tile.stats[0]: expected a Stat, got 4"),
    (Tile, {"icon": "x", "title": "t", "content": [4]}, "Tile.content[0]: expected a Component, got 4"),
    (Tile, {"icon": "x", "title": "t", "stats": None}, "Tile.stats: expected a list of Stat, got None"),
    (
        Button,
        {"label": "", "icon": "icons"},
        "Button.icon: expected the name of an icon, got 'icons', which clients of protocol v1 don't survive",
    ),
    (Stack, {"children": [{}]}, "Stack.children[0]: expected a Component, got {}"),
    (Stack, {"children": None}, "Stack.children: expected a list of Component, got None"),
    (Text, {"content": "", "size": "big"}, "Text.size: expected one of 'sm', 'base', 'lg', 'xl', got 'big'"),
    (Stat, {"label": "", "value": math.inf}, "Stat.value: expected a finite number, got inf"),
    (Stat, {"label": "", "value": None}, "Stat.value: expected text, an integer or a number, got None"),
    (Button, {"label": "", "icon_only": 7}, "Button.icon_only: expected true or false, got 7"),
    (
        Button,
        {"label": "", "on_click": Sample().helper},
        "Button.on_click: expected a method marked with @action, got Sample.helper",
    ),
    (Stack, {"on_click": "go"}, "Stack.on_click: expected a method marked with @action, got 'go'"),
    (Form, {"form": ""}, "Form.form: expected text of at least 1 character, got ''"),
    (Grid, {"columns": None}, "Grid.columns: expected an integer or text, got None"),
    (Tile, {"icon": "x", "title": "t", "badge": 3}, "Tile.badge: expected a Badge, text or None, got 3"),
    (
        StatCard,
        {"label": "", "value": 1, "trend": 1},
        "StatCard.trend: expected a tuple of one of 'up', 'down' and text or None, got 1",
    ),
    (
        StatCard,
        {"label": "", "value": 1, "trend": ("left", "")},
        "StatCard.trend[0]: expected one of 'up', 'down', got 'left'",
    ),
    (StatCard, {"label": "", "value": 1, "trend": ("up",)}, "StatCard.trend[1]: missing; expected text"),
    (Progress, {"value": math.nan}, "Progress.value: expected a finite number, got nan"),
    (SegmentedProgress, {"segments": [1]}, "SegmentedProgress.segments[0]: expected a SegmentedProgressSegment, got 1"),
    (Modal, {"title": "t"}, "Modal.id: missing; expected text"),
    (Card, {"footer": ["x"]}, "Card.footer[0]: expected a Component, got 'x'"),
    (Image, {"src": "x", "width": "wide"}, "Image.width: expected an integer or None, got 'wide'"),
    (Spinner, {"size": 1}, "Spinner.size: expected one of 'sm', 'md', 'lg', got 1"),
    (Tabs, {"tabs": [Text(content="")]}, "Tabs.tabs[0]: expected a Tab, got " + REPR_OF_TEXT),
    (Button, {"label": "", "confirm": True}, "Button.confirm: expected text or None, got True"),
]


@pytest.mark.parametrize(("kind", "props", "text"), REFUSALS)
def test_refusals_name_component_prop_and_value(kind: Any, props: dict[str, Any], text: str) -> None:
    with pytest.raises(ComponentError) as refused:
        kind(**props)
    assert str(refused.value) == text
    assert isinstance(refused.value, ValueError)


def test_a_part_is_no_component() -> None:
    with pytest.raises(ComponentError, match=r"^Stack\.children\[0\]: expected a Component, got Tab\("):
        Stack(children=[Tab(id="a", label="b")])  # type: ignore[list-item]  # the point of the test


class Level(enum.Enum):
    """An enum that is no text by itself."""

    BAD = "error"


def test_enums_stand_for_their_values() -> None:
    assert Badge(text="b", variant=Level.BAD).variant == "error"  # type: ignore[arg-type]  # enums become text
    assert Select(name="s", options=[], multiple=True, values=[Size.LARGE]).to_dict()["values"] == ["lg"]
    assert StatCard(label="l", value=Level.BAD, trend=("up", "1")).to_dict()["value"] == "error"  # type: ignore[arg-type]  # enums become text
    with pytest.raises(ComponentError, match=r"^Text\.size: expected one of 'sm'.*, got 'error'$"):
        Text(content="", size=Level.BAD)  # type: ignore[arg-type]  # the point of the test


def test_tuples_are_kept() -> None:
    assert StatCard(label="l", value=1, trend=("up", "5 %")).to_dict()["trend"] == ("up", "5 %")


def test_text_becomes_the_badge_of_a_tile() -> None:
    assert Tile(icon="x", title="t", badge="new").badge == Badge(text="new")
    assert Tile(icon="x", title="t", badge=Badge(text="b", variant="error")).to_dict()["badge"]["variant"] == "error"
    assert Tile(icon="x", title="t").badge is None


def test_all_wrong_props_are_told_at_once() -> None:
    with pytest.raises(ComponentError) as refused:
        Tile(icon=1, colspan=9)  # type: ignore[call-arg, arg-type]  # the point of the test
    assert len(str(refused.value).splitlines()) == 3


def make_tile() -> Tile:
    module = Sample()
    return Tile(
        icon="HardDrive",
        title="Größe",
        stats=[Stat(label="a", value=1), Stat(label="b", value=0.5), Stat(label="c", value="x")],
        content=[Stack(children=[Text(content="t", size=Size.LARGE)]), Badge(text="b"), Alert(message="m")],  # type: ignore[arg-type]  # enums become text
        actions=[
            Button(label="go", on_click=module.go),
            Button(label="go sda", on_click=ActionRef(module.go, disk="sda"), icon="Play"),
        ],
    )


def test_to_dict() -> None:
    shape = make_tile().to_dict()
    assert next(iter(shape)) == "type"
    assert shape["content"][0]["children"][0] == {"type": "text", "content": "t", "variant": "body", "size": "lg"}
    assert "title" not in shape["content"][2]
    assert shape["actions"][0]["on_click"] == {"__action__": "go"}
    assert shape["actions"][1]["on_click"] == {"__action__": "go", "__params__": {"disk": "sda"}}
    assert json.loads(json.dumps(shape)) == shape


def test_the_fast_encoding_says_the_same() -> None:
    tile = make_tile()
    assert received(tile) == msgspec.msgpack.encode(tile.to_dict())


def test_equal_trees_have_equal_bytes() -> None:
    assert encode_tree(make_tile(), "tile") == encode_tree(make_tile(), "tile")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, float.fromhex("-0x1p+1023") * 4])
def test_a_number_that_went_bad_later_is_refused_with_its_path(value: float) -> None:
    tile = make_tile()
    tile.stats[1].value = value
    text = r"tile\.stats\[1\]\.value: expected a finite number"
    with pytest.raises(UnserialisableError, match=text):
        tile.to_dict()
    with pytest.raises(UnserialisableError, match=text):
        encode_tree(tile, "tile")


@pytest.mark.parametrize("value", [1.7e308, -1.7e308, 5e-324, 2**64 - 1, -(2**63)])
def test_the_largest_numbers_pass(value: float) -> None:
    assert decode_tree(encode_tree(Stat(label="", value=value), "stat"))["value"] == value


@pytest.mark.parametrize("value", [object(), {1, 2}, 2**64, "\ud800", {1: 2}, b"x"])
def test_what_cannot_be_sent_is_refused_with_its_path(value: Any) -> None:
    stat = Stat(label="", value=0)
    stat.value = value
    with pytest.raises(UnserialisableError, match=r"^stat\.value: "):
        stat.to_dict()


@pytest.mark.parametrize("value", [object(), 2**64, "\ud800"])
def test_encoding_refuses_it_too(value: Any) -> None:
    stat = Stat(label="", value=0)
    stat.value = value
    with pytest.raises(UnserialisableError, match=r"^tile\.value: "):
        encode_tree(stat, "tile")


NOON = datetime(2026, 1, 31, 12)  # noqa: DTZ001 - local time


@pytest.mark.parametrize(
    "value",
    [
        NOON,
        NOON.replace(microsecond=5),
        datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=UTC),
        datetime(1900, 1, 31, tzinfo=timezone(timedelta(hours=-2))),
        datetime(9999, 1, 31, tzinfo=UTC),
        date(2026, 1, 31),
        time(12),
        time(12, 0, 0, 5, tzinfo=UTC),
        time(12, tzinfo=UTC),
        time(12, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_a_time_that_was_assigned_later_is_the_same_text_on_both_ways(value: Any) -> None:
    stat = Stat(label="", value=0)
    stat.value = value
    assert received(stat) == msgspec.msgpack.encode(stat.to_dict())


def test_plain_values() -> None:
    assert to_plain((1, [Size.LARGE]), "x") == (1, ["lg"])
    assert to_plain(deque([1.5]), "x") == [1.5]
    assert to_plain(date(2026, 1, 31), "x") == "2026-01-31"
    assert to_plain({"a": None}, "x") == {"a": None}
    assert type(to_plain(enum.IntEnum("N", "A").A, "x")) is int  # type: ignore[attr-defined]  # functional enum


def test_one_component_in_place_of_a_list_is_named() -> None:
    with pytest.raises(ComponentError, match=r"^Stack\.children: expected a list of Component, got Text\(") as refused:
        Stack(children=Text(content="alone"))  # type: ignore[arg-type]  # the point of the test
    assert "\n" not in str(refused.value)
