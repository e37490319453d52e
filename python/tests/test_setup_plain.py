"""What hooks return, made plain."""

import datetime as dt
import enum
import ipaddress
import math
from collections import OrderedDict, deque, namedtuple
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contara_worker.failure import Refusal
from contara_worker.setup.pipes import PipeText
from contara_worker.setup.plain import plain


class Level(enum.StrEnum):
    HIGH = "high"


class Number(enum.IntEnum):
    ONE = 1


Pair = namedtuple("Pair", "ip mask")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (-(2**63), -(2**63)),
        (2**64, str(2**64)),
        (Number.ONE, 1),
        (1.5, 1.5),
        ("text", "text"),
        (Level.HIGH, "high"),
        (PipeText("text"), "text"),
        (b"caf\xc3\xa9 \xff", "café \ufffd"),
        (bytearray(b"text"), "text"),
        ("\udce9", "\\udce9"),
        ((1, (2, [3])), [1, [2, [3]]]),
        (Pair("192.0.2.1", "255.255.255.0"), ["192.0.2.1", "255.255.255.0"]),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({2}), [2]),
        (deque([1]), [1]),
        (range(2), [0, 1]),
        (map(str, [1, 2]), ["1", "2"]),
        ({"b": 1, "a": 2}.keys(), ["b", "a"]),
        ({"a": 1}.values(), [1]),
        ({"a": 1}.items(), [["a", 1]]),
        (OrderedDict(a=b"x"), {"a": "x"}),
        ({1: "a", b"b": 2, None: 3, (4,): 5}, {"1": "a", "b": 2, "None": 3, "(4,)": 5}),
        (Decimal("1.5"), "1.5"),
        (Path("/etc"), "/etc"),
        (ipaddress.IPv4Network("192.0.2.0/24"), "192.0.2.0/24"),
        (dt.date(2026, 1, 31), "2026-01-31"),
    ],
)
def test_values_become_plain(value: Any, expected: Any) -> None:
    made = plain(value)
    assert made == expected
    assert type(made) is type(expected)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made)) == expected


@pytest.mark.parametrize("value", [math.nan, math.inf, [-math.inf], {"a": math.nan}])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(Refusal, match="which is no number"):
        plain(value)
