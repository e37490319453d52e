"""Trees as bytes: the fast way gives what `to_dict()` says once the host has dropped the nulls, and what it costs."""

import math
import statistics
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest

from bench.trees import TREES
from contara_worker.trees import decode_tree, encode_tree
from ContaraNAS.core.action import ActionRef, action
from ContaraNAS.core.module import Module
from ContaraNAS.core.plain import Shaped, to_plain
from ContaraNAS.core.ui import Button, Component, Input, LineChart, Password, Stack, Stat, Table, TableColumn, Text
from host import received

NODES = {"S": 10, "M": 63, "L": 380}
LEAST_RATIO = 6.0

of_each_size = pytest.mark.parametrize("size", TREES)


class Sample(Module):
    @action
    async def go(self, how: Any = None) -> None: ...


def count(value: object) -> int:
    """Count components and parts."""
    if isinstance(value, Shaped):
        return 1 + sum(count(item) for item in value.shape().values())
    return sum(count(item) for item in value) if isinstance(value, list | tuple) else 0


@of_each_size
def test_the_trees_have_the_sizes_of_the_limits_page(size: str) -> None:
    assert count(TREES[size]()) == NODES[size]


@of_each_size
def test_the_host_sees_what_to_dict_says(size: str) -> None:
    tree = TREES[size]()
    assert received(tree) == msgspec.msgpack.encode(tree.to_dict())
    assert received(tree) != encode_tree(tree, "tile"), "nulls are left to the host"


def seconds(work: Callable[[], object]) -> float:
    """CPU time of this thread; others on the machine don't count."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


@of_each_size
def test_it_is_much_cheaper_than_the_recursive_walk(size: str) -> None:
    tree = TREES[size]()
    slow = msgspec.msgpack.Encoder()
    rounds = 2000 // NODES[size]

    def walk() -> None:
        for _ in range(rounds):
            slow.encode(to_plain(tree, "tile"))

    def fast() -> None:
        for _ in range(rounds):
            encode_tree(tree, "tile")

    # One beside the other, so that what the machine does meanwhile meets both.
    ratios = [seconds(walk) / seconds(fast) for _ in range(15)]
    assert statistics.median(ratios) >= LEAST_RATIO


def rows_of(table: Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = decode_tree(encode_tree(table, "tile"))["data"]
    return rows


def test_rows_keep_their_nulls_whatever_their_first_key() -> None:
    columns = [TableColumn(key=key, label=key) for key in ("type", "size")]
    rows: list[dict[str, Any]] = [
        {"type": "ssd", "size": None},
        {"type": None, "size": None},
        {"type": None},
        {"size": None, "type": "x"},
    ]
    table = Table(columns=columns, data=rows)
    assert rows_of(table) == rows
    assert received(table) == msgspec.msgpack.encode(table.to_dict())
    table.data.append({"type": "later", "size": None})
    assert rows_of(table)[-1] == {"type": "later", "size": None}


@pytest.mark.parametrize("how", [{"type": "full", "depth": None}, [{"type": "a", "b": [{"type": "c", "d": None}]}]])
def test_bound_parameters_keep_their_nulls(how: object) -> None:
    button = Button(label="go", on_click=ActionRef(Sample().go, how=how))
    sent = decode_tree(encode_tree(button, "tile"))
    assert sent["on_click"]["__params__"] == {"how": how}
    assert received(button) == msgspec.msgpack.encode(button.to_dict())


def test_a_password_that_was_assigned_later_is_not_sent_whatever_made_it_one() -> None:
    turned = Input(name="key", value="geheim")
    turned.input_type = "password"
    late = Password(name="key")
    late.value = "geheim"
    for field in (turned, late):
        assert b"geheim" not in encode_tree(field, "tile")
        assert received(field) == msgspec.msgpack.encode(field.to_dict())


def late(value: Any) -> Component:
    chart = LineChart(data=[1.0, 2.0])
    chart.data = value
    return Stack(children=[Text(content="before"), chart])


@pytest.mark.parametrize("value", [deque([1.5, 2.5]), (1, 2), [True], [datetime(2026, 1, 31, 12)]])  # noqa: DTZ001
def test_what_was_assigned_later_is_sent_as_to_dict_says(value: Any) -> None:
    assert received(late(value)) == msgspec.msgpack.encode(late(value).to_dict())


LOOKALIKES = (
    [float.fromhex("0x1.fcb7ff0ffffffp+1"), 1.7e308, -1.7e308],  # bytes of a NaN inside a number; exponents near it
    [255, 0xCBFFF0, 0xCB7FF0, 0xD6FF, 0xC70CFF, -1],
    ["3:45:00Z", "2026-01-31T12:00:00", "at 12:30:00Z", "\x7f\xff", "©12:30:00Z"],
)


@pytest.mark.parametrize("values", LOOKALIKES)
def test_bytes_that_look_like_what_cannot_be_sent_pass(values: list[Any]) -> None:
    assert decode_tree(encode_tree(late(values), "tile"))["children"][1]["data"] == values


@pytest.mark.parametrize("value", [math.nan, -math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("before", [[], [255], [0.1] * 50])
def test_a_number_that_is_not_finite_is_found_anywhere(value: float, before: list[float]) -> None:
    with pytest.raises(ValueError, match=rf"^tile\.children\[1\]\.data\[{len(before)}\]: expected a finite number"):
        encode_tree(late([*before, value]), "tile")


@pytest.mark.parametrize("value", [b"x".decode, Stat, Module("x"), ValueError("x")])
def test_objects_with_attributes_are_no_components(value: object) -> None:
    with pytest.raises(ValueError, match=r"^tile\.children\[1\]\.data: a value of type \w+ can't be sent"):
        encode_tree(late(value), "tile")
