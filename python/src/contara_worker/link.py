"""The link: frames to and from the host. Knows messages' types, not what they do.

Reading goes through an asyncio Protocol. Writing goes straight to the socket, from any thread, so that an answer
leaves at once and a module that blocks the loop, or ends the process, still gets its log out.
"""

import asyncio
import contextlib
import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, get_args

import msgspec

from contara_worker.messages import Envelope, Error, ErrorKind, FromWorker, ToWorker

__all__ = ["MAX_FRAME", "MAX_STATE", "FrameTooLargeError", "Link", "LinkOwner", "Sender"]

MAX_FRAME = 16 * 1024 * 1024
"""Bytes of MessagePack in a frame, at most."""
MAX_STATE = MAX_FRAME // 2
"""Bytes of a state that is kept, at most: it comes back in a `load`, beside the module's settings."""

_FRAMES_AT_ONCE = 16  # in one call of the system: a tree and the answers to those who wait for it

_LENGTH = struct.Struct(">I")
_DECODER = msgspec.msgpack.Decoder(ToWorker)  # made once, before a fork: making one looks at all messages
_TYPES = frozenset(member.__struct_config__.tag for member in get_args(ToWorker))


class FrameTooLargeError(Exception):
    """A message is over the limit of a frame; nothing of it was sent."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size:,} bytes are more than a frame may hold ({MAX_FRAME:,})")
        self.size = size


class LinkOwner(Protocol):
    """Who uses a link. All three are called in the loop's thread."""

    def received(self, message: ToWorker) -> None:
        """Handle a message."""

    def broken(self, reason: str) -> None:
        """Handle a frame that isn't of this protocol; nothing more is received."""

    def host_gone(self) -> None:
        """Handle the end of the host."""


class Sender(Protocol):
    """What messages to the host are given to: the link, or in a module's tests what stands for it."""

    @property
    def backlog(self) -> int:
        """Messages that wait to be read by the host."""

    @property
    def is_full(self) -> bool:
        """Whether the host has to read before more can be sent."""

    def send(self, message: FromWorker) -> None:
        """Send `message`, from any thread. Raises `FrameTooLargeError`."""

    def together(self) -> AbstractContextManager[None]:
        """Have what is sent in the block, in the loop's thread, leave at once at its end."""

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call `callback` in the loop once this isn't full; from any thread."""


class Link(asyncio.Protocol):
    """One end of the link. Build it, then `await attach()`."""

    def __init__(self, sock: socket.socket, owner: LinkOwner) -> None:
        self._sock = sock
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = _DECODER
        self._received = bytearray()
        self._broken = False
        # A duplicate, because a descriptor that a transport reads can't be watched for writing as well.
        self._out = sock.dup()
        self._outgoing: deque[memoryview] = deque()
        self._pumping = threading.Lock()
        self._full = False
        self._held = False
        self._drained: list[Callable[[], None]] = []
        os.register_at_fork(after_in_child=self._out.close)  # a child's frames would mingle with ours

    async def attach(self) -> None:
        """Begin to receive."""
        self._sock.setblocking(False)  # noqa: FBT003 - the name of the standard library's parameter is `flag`
        await self._loop.create_unix_connection(lambda: self, sock=self._sock)

    # Sending

    @property
    def backlog(self) -> int:
        """Messages that wait, and not bytes: the queue may change in other threads while one would add them up."""
        return len(self._outgoing)

    @property
    def is_full(self) -> bool:
        """Whether the host has to read before more can be sent."""
        return self._full

    def send(self, message: FromWorker) -> None:
        """Send `message`, from any thread. Raises `FrameTooLargeError`; a host that is gone is no error."""
        frame = bytearray(_LENGTH.size)
        self._encoder.encode_into(message, frame, _LENGTH.size)
        size = len(frame) - _LENGTH.size
        if size > MAX_FRAME:
            raise FrameTooLargeError(size)
        _LENGTH.pack_into(frame, 0, size)
        self._outgoing.append(memoryview(frame))
        if not self._held:
            self._pump()

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Have what is sent in the block leave at once at its end: one call of the system, one waking of the host."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self._pump()

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call `callback` in the loop once the link isn't full; from any thread."""
        self._in_loop(lambda: self._drained.append(callback) if self._full else callback())

    def drain(self, seconds: float) -> None:
        """Send what waits, blocking for `seconds` at most. For the end of the process only."""
        if not self._pumping.acquire(timeout=seconds):
            return
        self._out.settimeout(seconds)
        with contextlib.suppress(OSError):  # the host is gone, or doesn't read
            while self._outgoing:
                self._out.sendall(self._outgoing.popleft())

    def _pump(self) -> None:
        # Never waits for the lock: its holder may be this very thread, interrupted by a finaliser that logs. Who
        # holds it looks at the queue again after letting go, so nothing is left behind.
        while self._outgoing and not self._full and self._pumping.acquire(blocking=False):
            try:
                self._write_some()
            finally:
                self._pumping.release()

    def _write_some(self) -> None:
        count = min(len(self._outgoing), _FRAMES_AT_ONCE)
        if not count:
            return
        try:
            # By index, since other threads may append meanwhile.
            sent = self._out.sendmsg([self._outgoing[index] for index in range(count)])
        except BlockingIOError:
            self._full = True
            self._in_loop(self._wait_for_room)
        except OSError:  # the host is gone, which is noticed by reading
            self._outgoing.clear()
        else:
            self._remove(sent)

    def _remove(self, sent: int) -> None:
        """Remove so many bytes from the front of what waits."""
        while sent:
            frame = self._outgoing[0]
            if sent < frame.nbytes:
                self._outgoing[0] = frame[sent:]
                return
            sent -= frame.nbytes
            self._outgoing.popleft()

    def _wait_for_room(self) -> None:
        self._loop.add_writer(self._out.fileno(), self._room)

    def _room(self) -> None:
        self._loop.remove_writer(self._out.fileno())
        self._full = False
        self._pump()
        if not self._full:
            callbacks, self._drained = self._drained, []
            for callback in callbacks:
                callback()

    def _in_loop(self, callback: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process ends
            self._loop.call_soon_threadsafe(callback)

    # Receiving

    def data_received(self, data: bytes) -> None:
        """Take bytes from the socket and hand over the messages that are complete."""
        self._received += data
        start = 0
        while not self._broken:
            end = self._frame_end(start)
            if end is None:
                break
            self._decode(bytes(memoryview(self._received)[start + _LENGTH.size : end]))
            start = end
        del self._received[:start]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that the host is gone."""
        del exc  # however it went
        self._owner.host_gone()

    def _frame_end(self, start: int) -> int | None:
        """Where the frame that begins at `start` ends, or None when more of it has yet to come."""
        if len(self._received) - start < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack_from(self._received, start)
        if size > MAX_FRAME:
            self._break(f"a frame of {size:,} bytes, more than {MAX_FRAME:,}")
            return None
        end: int = start + _LENGTH.size + size
        return end if len(self._received) >= end else None

    def _decode(self, frame: bytes) -> None:
        try:
            message = self._decoder.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._decode_unknown(frame, error)
        else:
            self._owner.received(message)

    def _decode_unknown(self, frame: bytes, error: Exception) -> None:
        """Tolerate a message of a newer host; anything else is a broken link."""
        try:
            envelope = msgspec.msgpack.decode(frame, type=Envelope)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._break(str(error))
            return
        if envelope.type not in _TYPES:
            self._refuse(envelope, ErrorKind.WRONG_STATE, f"this worker doesn't know the request {envelope.type!r}")
        elif envelope.id is None:
            self._break(str(error))
        else:
            self._refuse(envelope, ErrorKind.BAD_ARGUMENTS, f"{envelope.type}: {error}")

    def _refuse(self, envelope: Envelope, kind: ErrorKind, message: str) -> None:
        if envelope.id is not None:
            self.send(Error(envelope.id, kind, message))

    def _break(self, reason: str) -> None:
        self._broken = True
        self._owner.broken(reason)
