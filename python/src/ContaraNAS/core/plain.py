"""Plain values: from what authors put into components to what JSON and MessagePack can say.

This is the slow, exact way, used by `to_dict()` and to name the place of a value that can't be sent. The worker's
hot path (`contara_worker.trees`) encodes without it and must give the same for every tree that it accepts.
"""

import math
from collections import deque
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from ContaraNAS.core.exceptions import UnserialisableError

__all__ = ["Shaped", "not_shaped", "to_plain"]

_INT_MIN, _INT_MAX = -(2**63), 2**64 - 1  # what MessagePack has a type for
_ATOMS = (bool, type(None))


class Shaped:
    """A value that knows its own fields: components, action references, action results."""

    __slots__ = ()

    def shape(self) -> dict[str, Any]:
        """Fields in the order in which they are sent, nulls left out; the values may still be anything."""
        raise NotImplementedError

    def wire(self) -> dict[str, Any]:
        """Fields for the worker's link, where the host drops the nulls. What needs no copy gives none: only read it."""
        return self.shape()


def to_plain(value: object, path: str) -> Any:
    """Turn `value` into `None`, bool, int, float, str, list, tuple and dict with text keys.

    Tuples stay tuples, enums become their values, dates and times ISO 8601 text (a naive datetime is local time
    and gets its zone). `path` is where `value` stands, e.g. `"tile"`. Raises `UnserialisableError`.
    """
    if isinstance(value, Enum):
        return to_plain(value.value, path)
    if isinstance(value, _ATOMS):
        return value
    if isinstance(value, str):
        return _plain_text(value, path)
    if isinstance(value, int | float):
        return _plain_number(value, path)
    if isinstance(value, date | time):
        return _plain_time(value)
    return _plain_collection(value, path)


def _plain_text(value: str, path: str) -> str:
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        raise UnserialisableError(f"{path}: text with a lone surrogate can't be sent: {value!a}")
    return str(value)


def _plain_number(value: float, path: str) -> int | float:
    if isinstance(value, int):
        if not _INT_MIN <= value <= _INT_MAX:
            raise UnserialisableError(f"{path}: an integer of more than 64 bits can't be sent")
        return int(value)
    if not math.isfinite(value):
        raise UnserialisableError(f"{path}: expected a finite number, got {value!r}")
    return float(value)


def _plain_time(value: date | time) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.astimezone()
    return value.isoformat()


def _plain_collection(value: object, path: str) -> Any:
    if isinstance(value, Shaped):
        return {key: to_plain(item, f"{path}.{key}") for key, item in value.shape().items()}
    if isinstance(value, Mapping):
        return _plain_map(value, path)
    if isinstance(value, tuple):
        return tuple(to_plain(item, f"{path}[{index}]") for index, item in enumerate(value))
    if isinstance(value, list | deque):
        return [to_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise UnserialisableError(f"{path}: a value of type {type(value).__name__} can't be sent")


def _plain_map(value: Mapping[Any, Any], path: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, item in value.items():
        name = to_plain(key, f"{path}.{key!s}")
        if not isinstance(name, str):
            raise UnserialisableError(f"{path}: expected text as the key of a map, got {key!r}")
        plain[name] = to_plain(item, f"{path}.{name}")
    return not_shaped(plain)


def not_shaped(plain: dict[str, Any]) -> dict[str, Any]:
    """Return a map of the author's as it is sent: not beginning with `type`, by which the host tells components."""
    if next(iter(plain), None) != "type":
        return plain
    return {**{name: item for name, item in plain.items() if name != "type"}, "type": plain["type"]}
