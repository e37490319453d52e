"""Leaving out what people don't want to see."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

__all__ = ["shown"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def shown(things: Iterable[N], hidden: Iterable[str]) -> list[N]:
    """Return those whose name none of the patterns (`veth*`) matches."""
    patterns = [pattern.strip() for pattern in hidden]
    return [thing for thing in things if not any(fnmatchcase(thing.name, pattern) for pattern in patterns)]
