"""A server for tests: real WebSockets, and of each connection a script that says what stream v2 does."""

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Any, ParamSpec

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from contara_client import Stream, Timing, connect

P = ParamSpec("P")

TOKEN = "a-token-of-this-client"  # noqa: S105 - good for nothing
INFO = {"display_name": "A module", "enabled": True, "initialized": True, "life": "running"}
QUICK = Timing(closing=0.2, first_delay=0.01, longest_delay=0.01)


def in_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in an event loop. It hangs if what it waits for doesn't happen, and fails then."""

    @functools.wraps(test)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 20))

    return wrapper


class Peer:
    """The server's end of a connection."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket

    @property
    def request(self) -> Request:
        assert self.socket.request is not None
        return self.socket.request

    async def send(self, kind: str, /, **fields: Any) -> None:
        await self.socket.send(msgspec.msgpack.encode({"type": kind, **fields}))

    async def patch(self, module: str, revision: int, path: str, value: Any) -> None:
        await self.send(
            "patch", module=module, revision=revision, ops=[{"op": "replace", "path": path, "value": value}]
        )

    async def receive(self) -> dict[str, Any]:
        frame: dict[str, Any] = msgspec.msgpack.decode(await self.socket.recv(decode=False))
        return frame

    async def expect(self, kind: str, /, **fields: Any) -> None:
        assert await self.receive() == {"type": kind, **fields}

    async def hello(self) -> None:
        await self.send("hello", protocol=2, version="1.0.0", node="nas", session=7, run="r1", features=["later"])

    async def snapshot(self, *modules: dict[str, Any], run: str = "r1") -> None:
        await self.send("snapshot", run=run, modules=modules)

    async def welcome(self, *modules: dict[str, Any]) -> dict[str, Any]:
        """Begin with these modules; what the client said to resume."""
        await self.hello()
        resume = await self.receive()
        assert resume.pop("type") == "resume"
        await self.snapshot(*modules)
        return resume

    async def until_closed(self) -> None:
        await self.socket.wait_closed()


Script = Callable[[Peer], Awaitable[None]]


def unchanged(name: str, revision: int) -> dict[str, Any]:
    """A module of a snapshot that the client has already."""
    return {"type": "module", "module": name, "revision": revision}


def module(name: str, ui: Any = None, revision: int = 1, **info: Any) -> dict[str, Any]:
    """A module of a snapshot, whole."""
    return {"type": "module", "module": name, "revision": revision, "info": INFO | info, "ui": ui}


async def stay(peer: Peer) -> None:
    """Be a server with two modules where nothing happens."""
    await peer.welcome(module("a", {"tile": {"n": 1}, "modals": []}, revision=3), module("b", revision=4))
    await peer.until_closed()


class Server:
    """Serves the first connection with the first script, and so on; more than there are scripts are refused."""

    def __init__(
        self, scripts: tuple[Script | HTTPStatus, ...], subprotocol: str | None, tls: ssl.SSLContext | None
    ) -> None:
        self.url = ""
        self._tls = tls
        self._scripts = list(scripts)
        self._faults: list[BaseException] = []
        self._subprotocols = [Subprotocol(subprotocol)] if subprotocol else None

    @asynccontextmanager
    async def run(self) -> AsyncIterator["Server"]:
        async with serve(
            self._serve,
            "127.0.0.1",
            0,
            subprotocols=self._subprotocols,
            process_request=self._admit,
            ssl=self._tls,
            ping_interval=None,
            compression=None,
        ) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
            yield self
        assert not self._faults, self._faults
        assert not self._scripts, "nobody came for these"

    def _admit(self, connection: ServerConnection, _: Request) -> Response | None:
        if not self._scripts:
            return connection.respond(HTTPStatus.FORBIDDEN, "")
        script = self._scripts[0]
        if isinstance(script, HTTPStatus):
            del self._scripts[0]
            return connection.respond(script, "")
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        script = self._scripts.pop(0)
        assert not isinstance(script, HTTPStatus)
        try:
            await script(Peer(socket))
        except Exception as fault:  # noqa: BLE001 - it fails the test
            self._faults.append(fault)


def serving(
    *scripts: Script | HTTPStatus, subprotocol: str | None = "contara.v2", tls: ssl.SSLContext | None = None
) -> AbstractAsyncContextManager[Server]:
    """Run a server with these scripts, as `Server` says."""
    return Server(scripts, subprotocol, tls).run()


@asynccontextmanager
async def connected(*scripts: Script | HTTPStatus, timing: Timing = QUICK) -> AsyncIterator[Stream]:
    """Connect to a server with these scripts."""
    async with serving(*scripts) as server, connect(server.url, token=TOKEN, timing=timing) as stream:
        yield stream
