"""The host's end of a spawner, for tests: a real one, which starts real workers."""

import array
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

import msgspec

from contara_worker.messages import HostHello, WorkerHello
from contara_worker.spawner.messages import (
    Exited,
    FromSpawner,
    Hello,
    Kill,
    Refused,
    SpawnerHello,
    Start,
    Started,
    ToSpawner,
)
from host import DEADLINE, PYCACHE, Host

M = TypeVar("M")
STRAY = Path(__file__)
"""What every spawner has open by mistake, and no worker may have."""
Way = Literal["fork", "exec"]


class SpawnerHost:
    """Speaks to one spawner. `seen` holds every message in the order in which it came."""

    def __init__(self, program: Iterable[str] = ("-m", "contara_worker.spawner"), *before: str) -> None:
        """Start `program`, behind the commands in `before`."""
        self.link, theirs = socket.socketpair()
        with STRAY.open() as stray:
            self.process = subprocess.Popen(
                [*before, sys.executable, "-P", "-X", f"pycache_prefix={PYCACHE.name}", *program],
                stdin=theirs.fileno(),
                stderr=subprocess.PIPE,
                env=environment(),
                start_new_session=True,
                encoding="utf-8",
                pass_fds=[stray.fileno()],
            )
        theirs.close()
        self.link.settimeout(DEADLINE)
        self.seen: list[FromSpawner] = []
        self._next_id = 0
        self._decoder = msgspec.msgpack.Decoder(FromSpawner)
        self.expect(SpawnerHello)
        self.send(Hello(1, "tests"))

    def close(self) -> tuple[int, str]:
        """Let go of it; returns its exit status and what it complained of."""
        self.link.close()
        _, complaints = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, complaints

    def send(self, message: ToSpawner, descriptors: Iterable[int] = ()) -> None:
        self.send_frame(msgspec.msgpack.encode(message), descriptors)

    def send_frame(self, payload: bytes, descriptors: Iterable[int] = ()) -> None:
        frame = struct.pack(">I", len(payload)) + payload
        control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        sent = self.link.sendmsg([frame], control if control[0][2] else [])
        self.link.sendall(frame[sent:])

    def receive(self) -> FromSpawner:
        size = struct.unpack(">I", self._read(4))[0]
        message: FromSpawner = self._decoder.decode(self._read(size))
        self.seen.append(message)
        return message

    def expect(self, kind: type[M]) -> M:
        """Return the next message of one kind."""
        while not isinstance(message := self.receive(), kind):
            pass
        return message

    def outcome(self, kind: type[Started] | type[Exited] | type[Refused], worker: int) -> Any:
        """Return the message of one kind about a worker, once it is there."""
        while True:
            for message in self.seen:
                if isinstance(message, kind) and message.id == worker:
                    return message
            self.receive()

    def order(self, way: Way = "fork", **fields: Any) -> Start:
        """Make an order; `fields` are further ones of the message."""
        self._next_id += 1
        fields = {"python": sys.executable, "pycache_prefix": PYCACHE.name, "environment": environment()} | fields
        return Start(self._next_id, fields.pop("module", "tested"), way, **fields)

    @contextmanager
    def worker(self, order: Start, hello: HostHello | None = None) -> Iterator[Host]:
        """Start a worker, read its hello, say ours; kill it in the end."""
        ours, theirs = socket.socketpair()
        process = SpawnedProcess(self, order, theirs)
        host = Host(process, ours)
        try:
            assert isinstance(host.receive(), WorkerHello)
            host.send(hello or HostHello(1, "tests", []))
            yield host
        finally:
            process.close()
            ours.close()

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.link.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data


class SpawnedProcess:
    """A worker's process as the spawner tells of it, with the names of `subprocess.Popen`."""

    def __init__(self, spawner: SpawnerHost, order: Start, link: socket.socket) -> None:
        self._spawner = spawner
        self._id = order.id
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        spawner.send(order, [link.fileno(), their_out, their_err])
        for descriptor in (their_out, their_err):
            os.close(descriptor)
        link.close()
        self.stdout: IO[str] = open(out, encoding="utf-8")  # noqa: SIM115, PTH123 - closed in `close`
        self.stderr: IO[str] = open(err, encoding="utf-8")  # noqa: SIM115, PTH123
        self.pid: int = spawner.outcome(Started, order.id).pid

    def poll(self) -> int | None:
        return next(
            (_status(seen) for seen in self._spawner.seen if isinstance(seen, Exited) and seen.id == self._id), None
        )

    def wait(self, timeout: float | None = None) -> int:
        del timeout  # the link has one
        return _status(self._spawner.outcome(Exited, self._id))

    def communicate(self, input: None = None, timeout: float | None = None) -> tuple[str, str]:  # noqa: A002
        del input
        self.wait(timeout)
        return self.stdout.read(), self.stderr.read()

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """As the host does it."""
        self._spawner.send(Kill(self._id))

    def abandon(self) -> None:
        """Know of no end to wait for: the spawner is gone."""
        self._spawner.seen.append(Exited(self._id, signal=signal.SIGKILL))

    def close(self) -> None:
        if self.poll() is None:
            self.kill()
        for text in self.communicate():
            sys.stderr.write(text)  # shown by pytest when a test fails
        self.stdout.close()
        self.stderr.close()


def _status(exited: Exited) -> int:
    if exited.code is not None:
        return exited.code
    assert exited.signal is not None
    return -exited.signal


def environment() -> dict[str, str]:
    """Ours, but compiled code is kept."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
