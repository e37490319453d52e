"""The spawner's end of its socket: frames and the descriptors that come with them. Never waits for the host to read."""

import array
import os
import socket
import struct
from collections import deque

import msgspec

from contara_worker.spawner.messages import Envelope, FromSpawner, Kill, Refused, Start, ToSpawner

__all__ = ["DESCRIPTORS", "BadFrameError", "HostGoneError", "SpawnerLink"]

MAX_FRAME = 1024 * 1024
"""Bytes of MessagePack in a frame, at most."""
DESCRIPTORS = 3
"""That come with a `start`: link, standard output, standard error."""

_CHUNK = 64 * 1024
_LENGTH = struct.Struct(">I")
_CONTROL = socket.CMSG_SPACE(DESCRIPTORS * array.array("i").itemsize)


class BadFrameError(Exception):
    """What the host sent isn't of this protocol; nothing that follows can be trusted."""


class HostGoneError(Exception):
    """The host has closed its end."""


class SpawnerLink:
    """Give messages as they come, `start` with the descriptors that came with it."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)  # noqa: FBT003 - the name of the standard library's parameter is `flag`
        self._sock = sock
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(ToSpawner)
        self._received = bytearray()
        self._outgoing = bytearray()
        self._descriptors: deque[int] = deque()

    def fileno(self) -> int:
        """Descriptor to wait for."""
        return self._sock.fileno()

    @property
    def waits_for_room(self) -> bool:
        """Whether the host has to read before more can be sent."""
        return bool(self._outgoing)

    def send(self, message: FromSpawner) -> None:
        """Send `message` now or as soon as there is room. A host that is gone is noticed by reading."""
        frame = self._encoder.encode(message)
        self._outgoing += _LENGTH.pack(len(frame)) + frame
        self.flush()

    def flush(self) -> None:
        """Send what there is room for."""
        try:
            del self._outgoing[: self._sock.send(self._outgoing)]
        except BlockingIOError:
            return
        except OSError:
            self._outgoing.clear()

    def receive(self) -> None:
        """Take in what has come. Raises `HostGoneError`, `BadFrameError`."""
        try:
            data, control, flags, _ = self._sock.recvmsg(_CHUNK, _CONTROL, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except ConnectionError as error:
            raise HostGoneError from error
        self._descriptors.extend(_descriptors_in(control))
        if flags & socket.MSG_CTRUNC:
            raise BadFrameError("descriptors were lost: too many in a message, or too many are open")
        if not data:
            raise HostGoneError
        self._received += data

    def next(self) -> ToSpawner | None:
        """Return the next message that is complete, or None. Unknown ones are passed over. Raises `BadFrameError`."""
        while (frame := self._take_frame()) is not None:
            message = self._decode(frame)
            if message is not None:
                return message
        return None

    def take_descriptors(self) -> list[int]:
        """Take the descriptors of the `start` that came last. Raises `BadFrameError`."""
        if len(self._descriptors) < DESCRIPTORS:
            raise BadFrameError(f"a start came with fewer than {DESCRIPTORS} descriptors")
        return [self._descriptors.popleft() for _ in range(DESCRIPTORS)]

    def close(self) -> None:
        """Close it; what is sent from now on goes nowhere."""
        self._sock.close()

    def _take_frame(self) -> bytes | None:
        if len(self._received) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack_from(self._received)
        if size > MAX_FRAME:
            raise BadFrameError(f"a frame of {size:,} bytes, more than {MAX_FRAME:,}")
        end = _LENGTH.size + size
        if len(self._received) < end:
            return None
        frame = bytes(self._received[_LENGTH.size : end])
        del self._received[:end]
        return frame

    def _decode(self, frame: bytes) -> ToSpawner | None:
        try:
            return self._decoder.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return self._decode_unknown(frame, error)

    def _decode_unknown(self, frame: bytes, error: Exception) -> None:
        """Tolerate a message of a newer host, refuse a start that asks for what isn't known."""
        try:
            envelope = msgspec.msgpack.decode(frame, type=Envelope)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise BadFrameError(str(error)) from error
        if envelope.type == Start.__struct_config__.tag and envelope.id is not None:
            for descriptor in self.take_descriptors():
                os.close(descriptor)
            self.send(Refused(envelope.id, f"start: {error}"))
        elif envelope.type in {"hello", Kill.__struct_config__.tag, Start.__struct_config__.tag}:
            raise BadFrameError(f"{envelope.type}: {error}")


def _descriptors_in(control: list[tuple[int, int, bytes]]) -> list[int]:
    found = array.array("i")
    for level, kind, data in control:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return found.tolist()
