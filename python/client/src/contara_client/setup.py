"""Which lines of a setup transaction's log the client has, so that its reader gets each of them, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from contara_client.errors import ProtocolError
from contara_client.frames import SetupLines, SetupWish

__all__ = ["SetupWatch"]


@dataclass(slots=True)
class SetupWatch:
    """What is watched of setup: its events and, with `transaction`, the lines of that one's log after `after`."""

    transaction: int | None
    after: int
    is_behind: bool = False
    """Whether lines were let go, because the reader is slow; they have to be asked for again."""

    def wish(self) -> SetupWish:
        """Give what to ask the server for, from where this is."""
        self.is_behind = False
        if self.transaction is None:
            return SetupWish()
        return SetupWish(self.transaction, self.after)

    def take(self, frame: SetupLines, *, has_room: bool) -> Sequence[Mapping[str, Any]]:
        """Give the lines of `frame` that follow on those that were taken. Raises `ProtocolError`."""
        if frame.transaction != self.transaction:
            return ()  # of the one that was watched before
        if not has_room:
            self.is_behind = True
            return ()
        lines = [line for line in frame.lines if _number(line) > self.after]
        if lines and _number(lines[0]) > self.after + 1:
            return ()  # was on its way when the lines between were asked for again
        self.after = max(self.after, frame.next)
        return lines


def _number(line: Mapping[str, Any]) -> int:
    number = line.get("number", UNSET)
    if not isinstance(number, int):
        raise ProtocolError("a line of a setup log without its number")
    return number
