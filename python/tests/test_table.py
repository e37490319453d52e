"""`Table`: values of rows on both ways of encoding, row keys, and actions of rows."""

import enum
import math
from collections import deque
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from contara_worker.trees import encode_tree
from ContaraNAS.core.action import action
from ContaraNAS.core.exceptions import ComponentError, UnserialisableError
from ContaraNAS.core.module import Module
from ContaraNAS.core.ui import Button, Table, TableColumn
from host import received

NAIVE = datetime(2026, 1, 31, 12)  # noqa: DTZ001 - local time
ZONED = datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))


class State(enum.StrEnum):
    READY = "ready"


class Level(enum.IntEnum):
    HIGH = 3


class Sample(Module):
    @action
    def wipe(self, disk: str) -> None:
        pass

    @action
    def anything(self, **values: str) -> None:
        pass

    @action
    def nothing(self, disk: str = "", /) -> None:
        pass


def table(*values: Any, **props: Any) -> Table:
    return Table(columns=[TableColumn(key="v", label="V")], data=[{"v": value} for value in values], **props)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("text", "text"),
        (2**64 - 1, 2**64 - 1),
        (0.5, 0.5),
        (True, True),
        (None, None),
        (NAIVE, NAIVE.astimezone().isoformat()),
        (ZONED, "2026-01-31T12:00:00.000005+02:00"),
        (ZONED.astimezone(UTC), "2026-01-31T10:00:00.000005+00:00"),
        (date(2026, 1, 31), "2026-01-31"),
        (time(12, 30, tzinfo=UTC), "12:30:00+00:00"),
        (time(12, 30), "12:30:00"),
        (State.READY, "ready"),
        (Level.HIGH, 3),
        (["a", NAIVE], ["a", NAIVE.astimezone().isoformat()]),
        (deque([1]), [1]),
        ({"a": ZONED}, {"a": "2026-01-31T12:00:00.000005+02:00"}),
    ],
)
def test_values_are_the_same_on_both_ways(value: Any, sent: Any) -> None:
    component = table(value)
    assert component.to_dict()["data"] == [{"v": sent}]
    assert received(component) == msgspec.msgpack.encode(component.to_dict())


@pytest.mark.parametrize("value", [{1, 2}, b"x", Decimal(1), timedelta(1), object(), [object()], {1: 2}])
def test_what_cannot_be_sent_is_refused_at_construction(value: Any) -> None:
    with pytest.raises(ComponentError, match=r"^Table\.data\[1\]\.v.*: "):
        table("fine", value)


@pytest.mark.parametrize("value", [math.nan, -math.inf, 2**64, "\ud800"])
def test_what_fails_only_when_sent_is_refused_with_its_path(value: Any) -> None:
    component = table("fine", value)
    for send in (Table.to_dict, lambda tree: encode_tree(tree, "table")):
        with pytest.raises(UnserialisableError, match=r"^table\.data\[1\]\.v: "):
            send(component)


def test_rows_are_copied() -> None:
    row: dict[str, Any] = {"v": NAIVE}
    Table(columns=[], data=[row])
    assert row == {"v": NAIVE}


def test_row_actions_get_the_row_key() -> None:
    module = Sample()
    buttons = [Button(label="Wipe", on_click=module.wipe), Button(label="Any", on_click=module.anything)]
    component = Table(columns=[], data=[{"disk": "sda"}], row_key="disk", row_actions=buttons, page_size=1000)
    assert [button["on_click"] for button in component.to_dict()["row_actions"]] == [
        {"__action__": "wipe"},
        {"__action__": "anything"},
    ]


WIPE = Button(label="Wipe", on_click=Sample().wipe)


@pytest.mark.parametrize(
    ("props", "text"),
    [
        (
            {"row_actions": [WIPE]},
            "Table.row_actions[0]: row actions need row_key, the name of the value that they get",
        ),
        (
            {"row_actions": [WIPE, WIPE], "row_key": "v"},
            "Table.row_actions[0]: the action wipe has no parameter 'v', which is the row_key",
        ),
        ({"row_actions": [Button(label="x")], "row_key": "v"}, "Table.row_actions[0]: expected a Button with on_click"),
        ({"row_actions": ["wipe"], "row_key": "v"}, "Table.row_actions[0]: expected a Button, got 'wipe'"),
        ({"row_key": "id"}, "Table.data[0]: expected a value of 'id', which is the row_key"),
        ({"page_size": 0}, "Table.page_size: expected an integer from 1 to 1000 or None, got 0"),
        ({"page_size": 1001}, "Table.page_size: expected an integer from 1 to 1000 or None, got 1001"),
        ({"columns": ["v"]}, "Table.columns[0]: expected a TableColumn, got 'v'"),
        ({"data": ["v"]}, "Table.data[0]: expected a map with text as keys, got 'v'"),
        ({"data": [{1: 2}]}, "Table.data[0][1]: expected a map with text as keys, got 1"),
    ],
)
def test_refusals(props: dict[str, Any], text: str) -> None:
    given: dict[str, Any] = {"columns": [], "data": [{"v": 1}]}
    with pytest.raises(ComponentError) as refused:
        Table(**(given | props))
    assert str(refused.value) == text


def test_a_parameter_that_goes_by_place_only_takes_no_row_key() -> None:
    with pytest.raises(ComponentError, match="the action nothing has no parameter 'disk'"):
        Table(columns=[], data=[], row_key="disk", row_actions=[Button(label="x", on_click=Sample().nothing)])


def test_columns_refuse_an_unknown_way_to_draw() -> None:
    with pytest.raises(ComponentError, match=r"^TableColumn\.render: expected one of 'text', 'image', 'badge'"):
        TableColumn(key="a", label="A", render="bar")  # type: ignore[arg-type]  # the point of the test
