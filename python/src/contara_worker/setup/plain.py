"""What a hook returns, as plain values that the link can carry: text, numbers, truth values, lists, maps, nil."""

import math
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, Sequence, Set, ValuesView
from typing import Any

from contara_worker.failure import Refusal, sendable
from contara_worker.messages import ErrorKind

__all__ = ["plain"]

_DEPTH = 48
"""Lists and maps inside each other. The host takes 64, of which the message itself needs some."""
_VALUES = 200_000
"""Values in all: far above any form, and below what the host takes (a million)."""
_LEAST, _MOST = -(2**63), 2**64 - 1


def plain(value: Any) -> Any:
    """Return `value` made plain. Raises `Refusal` if that can't be done, and whatever its own methods raise.

    Bytes become text, and so does each object that is nothing plain; whatever can be gone through once becomes a list.
    """
    return _Plain().make(value, _DEPTH)


class _Plain:
    """Makes one value plain, and counts what is in it, since a generator need not have an end."""

    def __init__(self) -> None:
        self._left = _VALUES

    def make(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _refusal(f"more than {_VALUES:,} values were returned")
        if depth < 0:
            raise _refusal(f"what was returned is nested more than {_DEPTH} levels deep")
        if isinstance(value, Mapping):
            return {_text(name): self.make(item, depth - 1) for name, item in value.items()}
        items = _items(value)
        if items is not None:
            return [self.make(item, depth - 1) for item in items]
        return _scalar(value)


def _items(value: Any) -> Iterable[Any] | None:
    """Return what is in a value that becomes a list."""
    match value:
        case str() | bytes() | bytearray():
            return None
        case Sequence() | Iterator() | ItemsView() | KeysView() | ValuesView():
            return value
        case Set():
            return sorted(value, key=str)  # a set's own order is another in each process
        case _:
            return None


def _scalar(value: Any) -> Any:
    match value:
        case None | bool():
            return value
        case int() if _LEAST <= value <= _MOST:
            return int(value)
        case float():
            if not math.isfinite(value):
                raise _refusal(f"{value} was returned, which is no number")
            return float(value)
        case _:
            return _text(value)


def _refusal(message: str) -> Refusal:
    return Refusal(ErrorKind.EXCEPTION, message)


def _text(value: Any) -> str:
    match value:
        case str():
            text = str.__str__(value)  # of a class derived from it, too
        case bytes() | bytearray():
            text = value.decode("utf-8", "replace")
        case _:
            text = str.__str__(str(value))
    return sendable(text, len(text))
