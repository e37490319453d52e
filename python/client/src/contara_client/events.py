"""What a stream tells its reader, and what waits to be told.

Nothing here grows with a reader that is slow: a later event of the same thing takes the place of the one that waits,
which loses nothing, because the stream itself holds the latest. Only lines of setup's log can't be left out; of them so
many wait, and the stream asks for the others again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = [
    "Changed",
    "Connected",
    "Disconnected",
    "Event",
    "Notice",
    "Pending",
    "Removed",
    "SetupChanged",
    "SetupLines",
]

_LINES = 10_000  # of setup's log: ten answers of the server


@dataclass(frozen=True, slots=True)
class Connected:
    """The stream is connected, and `modules` is whole. `session` is the connection's number in Contara's log."""

    node: str
    version: str
    session: int
    features: Sequence[str]


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection was lost; `modules` stays as it was. It is tried again in `retry_in` seconds."""

    reason: str
    retry_in: float


@dataclass(frozen=True, slots=True)
class Changed:
    """A module is new or has changed, once or many times: `stream.modules.get(module)` is how it is now."""

    module: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A module is gone."""

    module: str


@dataclass(frozen=True, slots=True)
class SetupChanged:
    """A setup transaction has changed; it is the TX of `docs/protocol/http.md`."""

    transaction: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SetupLines:
    """The next lines of the log that is watched, each a LOGLINE of `docs/protocol/http.md`; none is left out."""

    transaction: int
    lines: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a person or an author should know; `protocol_error` is this client's complaint."""

    kind: str
    text: str
    module: str | None = None


Event: TypeAlias = Connected | Disconnected | Changed | Removed | SetupChanged | SetupLines | Notice

# So many different ones wait, and the oldest gives way. Of others there are as many as the server has modules. It sends
# the last ten transactions, and those that change.
_MOST: Mapping[type[Event], int] = {Notice: 64, SetupChanged: 64}


class Pending:
    """Events that wait for the reader: one for each thing."""

    def __init__(self) -> None:
        self._events: dict[tuple[object, ...], Event] = {}
        self._filled = asyncio.Event()
        self._end: BaseException | None = None

    def put(self, event: Event) -> None:
        """Add an event, in the place of one of the same thing."""
        key = _key(event)
        waiting = self._events.get(key)
        if isinstance(event, SetupLines) and isinstance(waiting, SetupLines):
            event = SetupLines(event.transaction, [*waiting.lines, *event.lines])
        self._events[key] = event
        self._limit(type(event))
        self._filled.set()

    def has_room_for_lines(self, transaction: int) -> bool:
        """Whether more lines may wait."""
        waiting = self._events.get((SetupLines, transaction))
        return not isinstance(waiting, SetupLines) or len(waiting.lines) < _LINES

    def end(self, error: BaseException) -> None:
        """Have the reader get `error` after all that waits."""
        self._end = error
        self._filled.set()

    async def take(self) -> Event:
        """Give the event that has waited longest, or wait for one."""
        while not self._events:
            if self._end is not None:
                raise self._end
            self._filled.clear()
            await self._filled.wait()
        return self._events.pop(next(iter(self._events)))

    def _limit(self, kind: type[Event]) -> None:
        if kind in _MOST:
            keys = [key for key in self._events if key[0] is kind]
            if len(keys) > _MOST[kind]:
                del self._events[keys[0]]


def _key(event: Event) -> tuple[object, ...]:
    """Give what an event is about."""
    match event:
        case Connected() | Disconnected():
            return (Connected,)
        case Changed(module) | Removed(module):
            return (Changed, module)
        case SetupChanged(transaction):
            return (SetupChanged, transaction.get("id"))
        case SetupLines(transaction):
            return (SetupLines, transaction)
        case Notice(kind, text, module):
            return (Notice, kind, text, module)
