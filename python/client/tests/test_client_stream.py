"""The stream against a real WebSocket server that keeps to the contract, or breaks it."""

import asyncio
import gc
import logging
import random
import ssl
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from contara_client import (
    ActionRefused,
    Changed,
    Connected,
    ConnectionLost,
    Disconnected,
    Event,
    Notice,
    Progress,
    Removed,
    SetupChanged,
    SetupLines,
    SignInRefused,
    Stream,
    Timing,
    UnsupportedServer,
    connect,
)
from stream_server import QUICK, TOKEN, Peer, Script, connected, in_loop, module, serving, stay, unchanged

TILE = {"tile": {"n": 1}, "modals": []}


async def seen(stream: Stream, kind: type[Event]) -> Event:
    """The next event of this kind."""
    async for event in stream:
        if isinstance(event, kind):
            return event
    raise AssertionError("the stream is over")


async def drained(stream: Stream) -> list[Event]:
    """The events that wait."""
    events: list[Event] = []
    try:
        while True:
            async with asyncio.timeout(0):
                events.append(await anext(stream))
    except TimeoutError:
        return events


# Modules and events


@in_loop
async def test_modules_are_whole_at_once_and_events_say_so() -> None:
    async with connected(stay) as stream:
        assert {name: (known.ui, known.revision) for name, known in stream.modules.items()} == {
            "a": (TILE, 3),
            "b": (None, 4),
        }
        assert stream.modules["a"].info.life == "running"
        assert await drained(stream) == [Connected("nas", "1.0.0", 7, ["later"]), Changed("a"), Changed("b")]


@in_loop
async def test_the_handshake(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def script(peer: Peer) -> None:
        assert peer.request.path == "/ws?language=de"
        assert peer.request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert peer.request.headers["Sec-WebSocket-Protocol"] == "contara.v2"
        assert "Sec-WebSocket-Extensions" not in peer.request.headers
        assert await peer.welcome() == {}
        await peer.until_closed()

    async with serving(script) as server, connect(server.url, token=TOKEN, language="de", timing=QUICK) as stream:
        assert TOKEN not in repr(vars(stream))
    assert TOKEN not in "".join(record.getMessage() for record in caplog.records if "server" not in record.name)


@in_loop
async def test_changes_of_all_kinds() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome(module("a", TILE), module("c"))
        await peer.receive()
        await peer.send("something_of_later", module=5)
        await peer.patch("a", 2, "/tile/n", 2)
        await peer.send("module", module="b", revision=1, info=module("b")["info"] | {"later": 1}, ui=None, later=1)
        await peer.send("module", module="c", removed=True)
        await peer.send("notice", kind="later", text="Something", module="a")
        await peer.until_closed()

    async with connected(script) as stream:
        before = stream.modules
        await stream.watch_setup()
        assert await seen(stream, Notice) == Notice("later", "Something", "a")
        assert {name: known.ui for name, known in stream.modules.items()} == {
            "a": {"tile": {"n": 2}, "modals": []},
            "b": None,
        }
        assert (list(before), before["a"].ui) == (["a", "c"], TILE)


@in_loop
async def test_a_reader_that_is_slow_costs_nothing() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome(module("a", TILE))
        for revision in range(2, 20_002):
            await peer.patch("a", revision, "/tile/n", revision)
        await peer.send("result", id=1, results=[])
        await peer.until_closed()

    async with connected(script) as stream:
        await stream.act("a", "wait_for_the_end")
        assert stream.modules["a"].ui == {"tile": {"n": 20_001}, "modals": []}
        assert await drained(stream) == [Connected("nas", "1.0.0", 7, ["later"]), Changed("a")]


# Losing the connection


@in_loop
async def test_a_lost_connection_is_resumed() -> None:
    async def first(peer: Peer) -> None:
        assert await peer.welcome(module("a", TILE, 3), module("b", TILE, 4), module("c")) == {}
        await peer.patch("a", 5, "/tile/n", 2)
        await peer.socket.close(1001, "restart")

    async def second(peer: Peer) -> None:
        await peer.hello()
        await peer.expect("resume", run="r1", modules={"a": 5, "b": 4, "c": 1})
        await peer.snapshot(unchanged("a", 5), module("b", None, 6))
        await peer.patch("a", 6, "/tile/n", 3)
        await peer.send("notice", kind="end", text="")
        await peer.until_closed()

    async with connected(first, HTTPStatus.BAD_GATEWAY, second) as stream:
        lost = await seen(stream, Disconnected)
        assert isinstance(lost, Disconnected)
        assert "1001" in lost.reason
        assert lost.retry_in <= QUICK.longest_delay
        assert await seen(stream, Removed) == Removed("c")
        await seen(stream, Notice)
        assert {name: known.ui for name, known in stream.modules.items()} == {
            "a": {"tile": {"n": 3}, "modals": []},
            "b": None,
        }


@in_loop
async def test_pauses_grow_until_there_is_a_good_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _, longest: longest)
    timing = Timing(first_delay=0.01, longest_delay=0.03)
    down = HTTPStatus.BAD_GATEWAY
    async with connected(restart, down, down, down, restart, stay, timing=timing) as stream:
        pauses: list[float] = []
        while len(pauses) < 5:
            event = await seen(stream, Disconnected)
            assert isinstance(event, Disconnected)
            pauses.append(event.retry_in)
        assert pauses == [0.01, 0.02, 0.03, 0.03, 0.01]
        await seen(stream, Connected)


def test_the_pauses_are_those_of_the_typescript_client() -> None:
    assert (Timing().first_delay, Timing().longest_delay) == (0.3, 10)


@in_loop
async def test_what_is_watched_is_watched_again() -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome(module("a"))
        await peer.expect("subscribe", page="a")
        await peer.expect("subscribe", setup={"transaction": 7, "after": 2})
        await peer.send("setup", transaction={"id": 7})
        await peer.send("setup_lines", transaction=7, lines=[{"number": 3}, {"number": 4}], next=4, more=False)
        await peer.socket.close(1001)

    async def second(peer: Peer) -> None:
        await peer.welcome(module("a"))
        await peer.expect("subscribe", page="a", setup={"transaction": 7, "after": 4})
        await peer.send("notice", kind="ready", text="")
        await peer.expect("subscribe", page=None)
        await peer.expect("subscribe", setup=None)
        await peer.send("notice", kind="end", text="")
        await peer.until_closed()

    async with connected(first, second) as stream:
        await stream.watch_page("a")
        await stream.watch_setup(7, after=2)
        assert await seen(stream, SetupChanged) == SetupChanged({"id": 7})
        assert await seen(stream, SetupLines) == SetupLines(7, [{"number": 3}, {"number": 4}])
        await seen(stream, Notice)
        await stream.watch_page(None)
        await stream.unwatch_setup()
        await seen(stream, Notice)


@in_loop
async def test_lines_that_a_slow_reader_missed_are_asked_for() -> None:
    def lines(first: int, last: int) -> dict[str, Any]:
        return {"transaction": 7, "lines": [{"number": n} for n in range(first, last + 1)], "next": last, "more": True}

    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.expect("subscribe", setup={"transaction": 7, "after": 0})
        for first in range(1, 20_000, 1000):
            await peer.send("setup_lines", **lines(first, first + 999))
        await peer.receive()
        await peer.send("result", id=1, results=[])
        await peer.expect("subscribe", setup={"transaction": 7, "after": 10_000})
        await peer.send("setup_lines", **lines(10_001, 10_500))
        await peer.until_closed()

    async with connected(script) as stream:
        await stream.watch_setup(7)
        await stream.act("a", "wait_for_the_end")
        numbers: list[int] = []
        while len(numbers) < 10_500:
            event = await seen(stream, SetupLines)
            assert isinstance(event, SetupLines)
            numbers += [line["number"] for line in event.lines]
        assert numbers == list(range(1, 10_501))


@in_loop
async def test_a_server_that_is_silent_is_noticed() -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.expect("ping")
        await peer.send("pong")
        await peer.expect("ping")
        await peer.until_closed()

    timing = Timing(quiet=0.02, patience=0.02, closing=0.05, first_delay=0.001)
    async with serving(first, first_pong) as server, connect(server.url, token=TOKEN, timing=timing) as stream:
        lost = await seen(stream, Disconnected)
        assert isinstance(lost, Disconnected)
        assert lost.reason == "the server has said nothing for 0.04 seconds"
        await seen(stream, Notice)


async def first_pong(peer: Peer) -> None:
    """Answer pings, and say so after the third."""
    await peer.welcome()
    for _ in range(3):
        await peer.expect("ping")
        await peer.send("pong")
    await peer.send("notice", kind="still_here", text="")
    await peer.socket.close()


# Servers that break the contract


@in_loop
async def test_a_patch_that_does_not_fit_makes_all_modules_come_whole(caplog: pytest.LogCaptureFixture) -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome(module("a", TILE), module("b", TILE))
        await peer.patch("a", 2, "/page/x", 2)
        await peer.patch("b", 2, "/tile/n", 99)
        await peer.expect("resume")
        await peer.snapshot(module("a", {"tile": {"n": 7}}, 2), module("b", TILE))
        await peer.patch("b", 2, "/tile/n", 3)
        await peer.send("notice", kind="end", text="")
        await peer.until_closed()

    async with connected(script) as stream:
        await seen(stream, Notice)
        assert [known.ui["tile"] for known in stream.modules.values()] == [{"n": 7}, {"n": 3}]
    assert "a: a patch that doesn't fit (operation 0: not_found); all modules are asked for anew" in caplog.text


@in_loop
async def test_patches_that_never_fit_end_the_connection() -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome(module("a", TILE))
        for _ in range(3):
            await peer.patch("a", 2, "/page/x", 2)
            await peer.expect("resume")
            await peer.snapshot(module("a", TILE))
        await peer.patch("a", 2, "/page/x", 2)
        await peer.until_closed()
        assert peer.socket.close_code == 1002

    async with connected(first, stay) as stream:
        complaint = await seen(stream, Notice)
        assert isinstance(complaint, Notice)
        assert complaint.kind == "protocol_error"
        await seen(stream, Connected)


@pytest.mark.parametrize(
    "message",
    [
        b"\xc1",
        b"",
        b"\x93\x01\x02\x03",
        b"\x80",
        b"\x81\xa4type\x05",
        b"\x81\xa4type\xa5patch",
        b"\x82\xa4type\xa8snapshot\xa3run\xa1r",
        b"\x91" * 5000,
        b"\x82\xa4type\xa6result\xa2id\x01",
        "text",
    ],
    ids=["no type", "empty", "list", "no field", "number", "few fields", "no modules", "deep", "no outcome", "text"],
)
@in_loop
async def test_a_malformed_frame_changes_nothing_and_all_is_asked_for_anew(message: bytes | str) -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome(module("a", TILE))
        await peer.socket.send(message)
        await peer.until_closed()
        assert peer.socket.close_code == 1002

    async def second(peer: Peer) -> None:
        await peer.hello()
        await peer.expect("resume")
        await peer.snapshot(module("a", None))
        await peer.until_closed()

    async with connected(first, second) as stream:
        complaint = await seen(stream, Notice)
        assert isinstance(complaint, Notice)
        assert complaint.kind == "protocol_error"
        await seen(stream, Disconnected)
        assert stream.modules["a"].ui == TILE
        await seen(stream, Changed)
        assert stream.modules["a"].ui is None


# Signing in


@in_loop
async def test_a_token_that_is_refused() -> None:
    async with serving(HTTPStatus.FORBIDDEN) as server:
        with pytest.raises(SignInRefused, match="contara pair") as raised:
            async with connect(server.url, token=TOKEN):
                pass
    assert TOKEN not in str(raised.value)


async def sign_out(peer: Peer) -> None:
    await peer.welcome()
    await peer.socket.close(4401, "signed out")


async def restart(peer: Peer) -> None:
    await peer.welcome()
    await peer.socket.close(1001)


@pytest.mark.parametrize("scripts", [(sign_out,), (restart, HTTPStatus.FORBIDDEN)], ids=["4401", "403"])
@in_loop
async def test_signing_out_ends_the_stream(scripts: tuple[Script | HTTPStatus, ...]) -> None:
    async with connected(*scripts) as stream:
        with pytest.raises(SignInRefused):
            await seen(stream, Changed)
        with pytest.raises(SignInRefused):
            await stream.act("a", "x")
        with pytest.raises(SignInRefused):
            await stream.watch_page("a")


@in_loop
async def test_a_server_without_stream_v2() -> None:
    async def version_1(peer: Peer) -> None:
        await peer.until_closed()

    async with serving(version_1, subprotocol=None) as server:
        with pytest.raises(UnsupportedServer, match="too old"):
            async with connect(server.url, token=TOKEN):
                pass


@in_loop
async def test_a_first_connection_that_fails_is_not_tried_again() -> None:
    async with serving() as server:
        url = server.url
    with pytest.raises(ConnectionLost, match="can't be reached"):
        async with connect(url, token=TOKEN):
            pass


@in_loop
async def test_https() -> None:
    certificate = Path(__file__).with_name("certificate.pem")  # of nobody, for 127.0.0.1
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    async with serving(stay, tls=tls) as server:
        with pytest.raises(ConnectionLost, match="self-signed"):
            async with connect(server.url, token=TOKEN):
                pass
        trusting = ssl.create_default_context(cafile=str(certificate))
        async with connect(server.url, token=TOKEN, tls=trusting) as stream:
            assert list(stream.modules) == ["a", "b"]
    with pytest.raises(ValueError, match="https"):
        async with connect("http://nas", token=TOKEN, tls=trusting):
            pass


@pytest.mark.parametrize(
    ("url", "token", "complaint"),
    [
        ("nas:8000", TOKEN, "with http or https"),
        ("ws://nas", TOKEN, "with http or https"),
        ("http://nas:x", TOKEN, "Port"),
        ("http://nas/?token=x", TOKEN, "more than a host"),
        ("http://me:secret@nas", TOKEN, "more than a host"),
        ("http://nas", "", "no token"),
        ("http://nas", "a\r\nb", "no token"),
    ],
)
@in_loop
async def test_bad_input(url: str, token: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as raised:
        async with connect(url, token=token):
            pass
    assert "secret" not in str(raised.value)


# Actions


@in_loop
async def test_an_action() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome(module("a", TILE))
        params = {"by": 2, "__form__": {"name": "x"}}
        await peer.expect("action", id=1, module="a", action="add", params=params)
        await peer.send("progress", id=1, done=1, total=2, text=None)
        await peer.send("progress", id=99, done=1, total=2, text=None)
        await peer.patch("a", 2, "/tile/n", 2)
        await peer.send("result", id=1, results=[{"type": "close_modal"}])
        await peer.expect("action", id=2, module="a", action="add", params=None)
        await peer.send("result", id=2, error={"status": 422, "detail": "No", "errors": {"name": "is missing"}})
        await peer.until_closed()

    progress: list[Progress] = []
    async with connected(script) as stream:
        results = await stream.act("a", "add", {"by": 2}, form={"name": "x"}, on_progress=progress.append)
        assert results == [{"type": "close_modal"}]
        assert stream.modules["a"].ui["tile"] == {"n": 2}, "what it changed comes before"
        assert progress == [Progress(1, 1, 2)]
        with pytest.raises(ActionRefused, match="No") as raised:
            await stream.act("a", "add")
        assert (raised.value.status, raised.value.errors) == (422, {"name": "is missing"})


@in_loop
async def test_an_action_that_is_cancelled_is_cancelled_there() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.expect("action", id=1, module="a", action="long", params=None)
        await peer.expect("cancel", id=1)
        await peer.send("result", id=1, results=[])
        await peer.until_closed()

    async with connected(script) as stream:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await stream.act("a", "long")


@in_loop
async def test_what_on_progress_raises_cancels_the_action() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.receive()
        await peer.send("progress", id=1, done=None, total=None, text="x")
        await peer.expect("cancel", id=1)
        await peer.until_closed()

    def fail(progress: Progress) -> None:
        raise LookupError(progress.text)

    async with connected(script) as stream:
        with pytest.raises(LookupError, match="x"):
            await stream.act("a", "long", on_progress=fail)


@in_loop
async def test_an_action_whose_connection_is_lost() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.receive()
        await peer.socket.close(1001)

    slow = Timing(closing=0.2, first_delay=1000, longest_delay=1000)
    async with connected(script, timing=slow) as stream:
        with pytest.raises(ConnectionLost) as raised:
            await stream.act("a", "x")
        assert raised.value.may_have_run
        with pytest.raises(ConnectionLost, match="no connection") as raised:
            await stream.act("a", "x")
        assert not raised.value.may_have_run


@in_loop
async def test_actions_that_are_lost_while_they_are_sent() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.receive()
        peer.socket.transport.pause_reading()
        await full.wait()
        peer.socket.transport.abort()

    full = asyncio.Event()
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    slow = Timing(closing=0.2, first_delay=1000, longest_delay=1000)
    async with connected(script, timing=slow) as stream:
        text = "x" * 60_000
        actions = [asyncio.create_task(stream.act("a", "x", {"text": text})) for _ in range(300)]
        await asyncio.sleep(0)  # all have begun to send, which is more than anything on the way holds
        full.set()
        outcomes = await asyncio.gather(*actions, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {ConnectionLost}
    del actions, outcomes
    gc.collect()
    assert complaints == []


@in_loop
async def test_parameters_that_can_not_be_sent() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        for number in (3, 4):
            await peer.expect("action", id=number, module="a", action="x", params=None)
            await peer.send("result", id=number, results=[])
        await peer.until_closed()

    async with connected(script) as stream:
        with pytest.raises(ValueError, match=r"65,536"):
            await stream.act("a", "x", {"text": "x" * 65536})
        with pytest.raises(TypeError):
            await stream.act("a", "x", {"text": object()})
        for _ in range(2):
            assert await stream.act("a", "x") == [], "and nothing was sent of those before, nor a cancel"


@in_loop
async def test_the_end_of_the_block_ends_all() -> None:
    async with connected(stay) as stream:
        await drained(stream)
        reading = asyncio.create_task(anext(stream))
        acting = asyncio.create_task(stream.act("a", "x"))
        await asyncio.sleep(0)
    with pytest.raises(StopAsyncIteration):
        await reading
    with pytest.raises(ConnectionLost):
        await acting
    assert "a" in stream.modules
