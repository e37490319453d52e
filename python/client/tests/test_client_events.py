"""Events that wait for a slow reader, and lines of setup's log, of which none may be left out."""

import pytest

from contara_client.errors import ProtocolError
from contara_client.events import (
    Changed,
    Connected,
    Disconnected,
    Event,
    Notice,
    Pending,
    Removed,
    SetupChanged,
    SetupLines,
)
from contara_client.frames import SetupLines as LinesFrame
from contara_client.frames import SetupWish
from contara_client.setup import SetupWatch
from stream_server import in_loop


async def taken(pending: Pending) -> list[Event]:
    """All that waits."""
    pending.end(StopAsyncIteration())
    events = []
    try:
        while True:
            events.append(await pending.take())
    except StopAsyncIteration:
        return events


@in_loop
async def test_a_later_event_of_the_same_thing_takes_its_place() -> None:
    pending = Pending()
    connected = Connected("nas", "1", 1, [])
    for event in (
        Changed("a"),
        Changed("b"),
        Disconnected("x", 1),
        Changed("a"),
        Removed("b"),
        SetupChanged({"id": 1, "revision": 1}),
        SetupChanged({"id": 2}),
        SetupChanged({"id": 1, "revision": 2}),
        connected,
    ):
        pending.put(event)
    assert await taken(pending) == [
        Changed("a"),
        Removed("b"),
        connected,
        SetupChanged({"id": 1, "revision": 2}),
        SetupChanged({"id": 2}),
    ]


@in_loop
async def test_notices_and_transactions_are_so_many_at_most() -> None:
    pending = Pending()
    for number in range(10_000):
        pending.put(Notice("kind", str(number)))
        pending.put(SetupChanged({"id": number}))
    events = await taken(pending)
    assert len(events) == 2 * 64
    assert Notice("kind", "9999") in events


@in_loop
async def test_lines_come_together() -> None:
    pending = Pending()
    pending.put(SetupLines(1, [{"number": 1}]))
    pending.put(SetupLines(1, [{"number": 2}]))
    assert await taken(pending) == [SetupLines(1, [{"number": 1}, {"number": 2}])]


@in_loop
async def test_there_is_room_for_so_many_lines() -> None:
    pending = Pending()
    pending.put(SetupLines(1, [{"number": number} for number in range(1, 10_001)]))
    assert not pending.has_room_for_lines(1)
    await pending.take()
    assert pending.has_room_for_lines(1)


def lines(first: int, last: int, after: int | None = None) -> LinesFrame:
    return LinesFrame(7, [{"number": number} for number in range(first, last + 1)], last if after is None else after)


def numbers(watch: SetupWatch, frame: LinesFrame, *, has_room: bool = True) -> list[int]:
    return [line["number"] for line in watch.take(frame, has_room=has_room)]


def test_lines_follow_on_each_other() -> None:
    watch = SetupWatch(7, 0)
    assert numbers(watch, lines(1, 3)) == [1, 2, 3]
    assert numbers(watch, lines(4, 4, after=3)) == [4], "an open line"
    assert numbers(watch, lines(4, 5)) == [4, 5], "which comes again when it has grown"
    assert watch.wish() == SetupWish(7, 5)


def test_lines_that_found_no_room_are_asked_for_again() -> None:
    watch = SetupWatch(7, 0)
    numbers(watch, lines(1, 3))
    assert numbers(watch, lines(4, 6), has_room=False) == []
    assert watch.is_behind
    assert watch.wish() == SetupWish(7, 3)
    assert not watch.is_behind
    assert numbers(watch, lines(7, 8)) == [], "was on its way"
    assert numbers(watch, lines(4, 8)) == [4, 5, 6, 7, 8]
    assert numbers(watch, lines(7, 9)) == [9]


def test_lines_of_another_transaction_and_without_numbers() -> None:
    assert SetupWatch(8, 0).take(lines(1, 3), has_room=True) == ()
    assert SetupWatch(None, 0).wish() == SetupWish()
    with pytest.raises(ProtocolError):
        SetupWatch(7, 0).take(LinesFrame(7, [{"text": "x"}], 1), has_room=True)
