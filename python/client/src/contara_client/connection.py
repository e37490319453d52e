"""One connection: the WebSocket, its frames, its heartbeat and what its end means. What frames say is the stream's."""

import asyncio
import logging
import ssl
from dataclasses import dataclass

import websockets.asyncio.client as websocket
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from contara_client.address import Address
from contara_client.errors import ConnectionLost, ProtocolError, SignInRefused, StreamError, UnsupportedServer
from contara_client.frames import ClientFrame, Ping, ServerFrame, decode, encode

__all__ = ["Connection", "Target", "Timing"]

_SUBPROTOCOL = Subprotocol("contara.v2")
_SIGNED_OUT = 4401
_MAX_RECEIVED = 256 * 1024 * 1024  # bytes: a snapshot of a hundred modules, each as large as a tree may be by default

# The library's own debug messages have the request's headers in them, and so the token.
_LOGGER = logging.getLogger("contara_client.websocket")
_LOGGER.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations in seconds; those of the heartbeat are the protocol's."""

    opening: float = 10
    quiet: float = 15
    """Hearing nothing for so long, the client asks whether the server is there."""
    patience: float = 10
    """And so long it waits for the answer."""
    closing: float = 1
    first_delay: float = 0.3
    """Until the first attempt to connect again, at most; the longest that is waited doubles with each attempt."""
    longest_delay: float = 10


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to connect to, and as whom."""

    address: Address
    token: str
    language: str | None
    tls: ssl.SSLContext | None

    def __post_init__(self) -> None:
        if not self.token or not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise ValueError("that is no token: it is empty, or has characters that none has")
        if self.tls is not None and not self.address.is_secure:
            raise ValueError("`tls` is for addresses that begin with https")

    def __repr__(self) -> str:
        return f"Target({self.address.base})"

    def refused(self, what: str) -> SignInRefused:
        """Give the error for a token that isn't taken."""
        return SignInRefused(
            f"{self.address.base}: {what}. `contara pair` on that machine shows a pairing code; "
            "`await contara_client.pair(url, code)` makes a new token of it"
        )


class Connection:
    """A WebSocket that speaks stream v2. All methods raise `ConnectionLost` once it has ended."""

    def __init__(self, target: Target, timing: Timing, socket: websocket.ClientConnection) -> None:
        self._target = target
        self._timing = timing
        self._socket = socket

    @classmethod
    async def open(cls, target: Target, timing: Timing) -> "Connection":
        """Connect. Raises `SignInRefused` and `UnsupportedServer`, which stay, and `ConnectionLost`, which may not."""
        try:
            socket = await websocket.connect(
                target.address.stream(target.language),
                subprotocols=[_SUBPROTOCOL],
                additional_headers={"Authorization": f"Bearer {target.token}"},
                compression=None,
                ssl=target.tls or (True if target.address.is_secure else None),
                open_timeout=timing.opening,
                close_timeout=timing.closing,
                ping_interval=None,  # the protocol's own heartbeat asks the whole way, and not only the socket
                max_size=_MAX_RECEIVED,
                logger=_LOGGER,
            )
        except (OSError, InvalidHandshake) as error:
            raise _not_opened(target, error) from error
        if socket.subprotocol != _SUBPROTOCOL:
            await socket.close()
            raise UnsupportedServer(f"{target.address.base} doesn't speak stream v2; is this Contara too old?")
        return cls(target, timing, socket)

    async def receive(self) -> ServerFrame | None:
        """Give the next frame, `None` for one that means nothing to this client. Raises `ProtocolError`, too."""
        message = await self._message()
        if isinstance(message, str):
            raise ProtocolError("a text message; all of stream v2 is binary")
        return decode(message)

    async def send(self, frame: ClientFrame) -> None:
        """Send a frame. Raises what `encode` raises, too."""
        await self.send_encoded(encode(frame))

    async def send_encoded(self, message: bytes) -> None:
        """Send what `encode` gave."""
        try:
            await self._socket.send(message)
        except ConnectionClosed as error:
            raise self._ended(error) from error

    async def close(self, error: StreamError | None = None) -> None:
        """Close the connection, because of an `error` of the server if there was one."""
        code = 1002 if isinstance(error, ProtocolError) else 1000
        await self._socket.close(code)

    async def _message(self) -> str | bytes:
        try:
            try:
                async with asyncio.timeout(self._timing.quiet):
                    return await self._socket.recv()
            except TimeoutError:
                async with asyncio.timeout(self._timing.patience):
                    await self._socket.send(encode(Ping()))
                    return await self._socket.recv()
        except TimeoutError as error:
            seconds = self._timing.quiet + self._timing.patience
            raise ConnectionLost(f"the server has said nothing for {seconds:g} seconds") from error
        except ConnectionClosed as error:
            raise self._ended(error) from error

    def _ended(self, error: ConnectionClosed) -> StreamError:
        if error.rcvd is None:
            return ConnectionLost("the connection broke off")
        if error.rcvd.code == _SIGNED_OUT:
            return self._target.refused("this client was signed out")
        return ConnectionLost(f"the server closed the connection: {error.rcvd}")


def _not_opened(target: Target, error: Exception) -> StreamError:
    """Say what it means that no connection could be opened."""
    where = target.address.base
    if not isinstance(error, InvalidStatus):
        return ConnectionLost(f"{where} can't be reached: {error}")
    status = error.response.status_code
    if status in {401, 403}:
        return target.refused(f"the token wasn't taken (HTTP {status})")
    # Also 404: what stands before a Contara that is being started may say so.
    return ConnectionLost(f"{where} answers with HTTP {status} instead of the stream")
