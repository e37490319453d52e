"""`python -m contara_client`, as a process."""

import asyncio
import json
import os
import signal
import sys
from http import HTTPStatus
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from stream_server import INFO, TOKEN, Peer, in_loop, module, serving


async def started(*arguments: str, stdout: int = PIPE, **environment: str) -> asyncio.subprocess.Process:
    inherited = {name: value for name, value in os.environ.items() if name != "CONTARA_TOKEN"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "contara_client",
        *arguments,
        stdout=stdout,
        stderr=PIPE,
        env=inherited | environment,
        preexec_fn=take_interrupts,
    )


def take_interrupts() -> None:
    """Be as at a terminal: what a shell has started in the background ignores interrupts, and so does all below it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def lines(process: asyncio.subprocess.Process, count: int) -> list[dict[str, Any]]:
    assert process.stdout is not None
    return [json.loads(await process.stdout.readline()) for _ in range(count)]


def first_lines(reader: int, count: int) -> list[dict[str, Any]]:
    """Read so many lines, and go."""
    with open(reader, "rb") as pipe:
        return [json.loads(pipe.readline()) for _ in range(count)]


@in_loop
async def test_changes_are_lines() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome(module("a", {"tile": None}, revision=3), module("b"))
        await peer.until_closed()

    async with serving(script) as server:
        process = await started(server.url, CONTARA_TOKEN=TOKEN)
        welcome, a, b = await lines(process, 3)
        assert (welcome["event"], welcome["node"]) == ("Connected", "nas")
        assert (a["event"], a["module"], a["revision"], a["ui"]) == ("Changed", "a", 3, {"tile": None})
        assert b["info"].items() >= INFO.items()
        process.send_signal(signal.SIGINT)
        assert (await process.communicate(), process.returncode) == ((b"", b""), 130)


@in_loop
async def test_one_module_with_its_page_and_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    gone = asyncio.Event()
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")

    async def script(peer: Peer) -> None:
        assert peer.request.path == "/ws?language=fr"
        await peer.welcome(module("a"), module("b"))
        await peer.expect("subscribe", page="b")
        await gone.wait()
        await peer.send("module", **module("b", revision=2))
        await peer.until_closed()

    async with serving(script) as server:
        reader, writer = os.pipe()
        process = await started(
            server.url, "--module", "b", "--token-file", str(file), "--language", "fr", stdout=writer
        )
        os.close(writer)
        seen = await asyncio.to_thread(first_lines, reader, 2)
        assert [event.get("module") for event in seen] == [None, "b"]
        gone.set()
        _, stderr = await process.communicate()
        assert (process.returncode, stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "token", "status", "complaint"),
    [
        ((), TOKEN, 2, "the following arguments are required: URL"),
        (("http://127.0.0.1:1",), "", 1, "contara_client: no token: CONTARA_TOKEN isn't set"),
        (("http://127.0.0.1:1", "--token-file", "/nowhere"), "", 1, "No such file or directory: '/nowhere'"),
        (("127.0.0.1:1",), TOKEN, 1, "an address is like http://nas:8000"),
        (("http://127.0.0.1:1",), TOKEN, 1, "contara_client: http://127.0.0.1:1 can't be reached"),
    ],
)
@in_loop
async def test_errors_are_sentences(arguments: tuple[str, ...], token: str, status: int, complaint: str) -> None:
    process = await started(*arguments, CONTARA_TOKEN=token)
    _, stderr = await process.communicate()
    assert complaint in stderr.decode()
    assert "Traceback" not in stderr.decode()
    assert process.returncode == status


@in_loop
async def test_a_token_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xff\xfe")
    process = await started("http://127.0.0.1:1", "--token-file", str(file))
    complaint = f"contara_client: {file} is no text, so there is no token in it\n"
    assert (await process.communicate(), process.returncode) == ((b"", complaint.encode()), 1)


@in_loop
async def test_a_refused_token_and_an_unknown_module() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome(module("a"), module("b"))
        await peer.until_closed()

    async with serving(script, HTTPStatus.FORBIDDEN) as server:
        process = await started(server.url, "--module", "c", CONTARA_TOKEN=TOKEN)
        assert (await process.communicate())[1] == b"contara_client: there is no module 'c'; there are: a, b\n"
        process = await started(server.url, CONTARA_TOKEN=TOKEN)
        stderr = (await process.communicate())[1].decode()
        assert "contara pair" in stderr
        assert TOKEN not in stderr
