"""How long a worker takes from the host's request until its module is imported: from the spare, by fork, by exec.

`python -m bench.workers FOLDER MODULE ROUNDS`, in `python/tools`; FOLDER is for compiled code, MODULE a module.
"""

import array
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Literal

import msgspec

from bench.figures import Figure, show
from contara_worker.spawner.messages import Hello, Kill, Start

__all__: list[str] = []

_DEADLINE = 60.0
_REST = 0.5
"""Seconds in which the spawner makes its next spare ready."""


class _Link:
    """One end of a link or of the spawner's socket."""

    def __init__(self) -> None:
        self.socket, self.theirs = socket.socketpair()
        self.socket.settimeout(_DEADLINE)

    def send(self, message: object, *descriptors: int) -> None:
        content = msgspec.msgpack.encode(message)
        frame = struct.pack(">I", len(content)) + content
        passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        sent = self.socket.sendmsg([frame], passed)
        self.socket.sendall(frame[sent:])

    def until(self, kind: str) -> dict[str, Any]:
        """Read on to a message of this type."""
        while True:
            size = struct.unpack(">I", self._read(4))[0]
            message: dict[str, Any] = msgspec.msgpack.decode(self._read(size))
            if message["type"] == kind:
                return message
            if message["type"] in ("refused", "error"):
                raise RuntimeError(message["message"])

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise EOFError("the other end is gone")
            data += more
        return data


class _Spawner:
    def __init__(self, cache: str, module: Path) -> None:
        self._cache = cache
        self._module = module
        self._output = os.open(os.devnull, os.O_WRONLY)
        self._link = _Link()
        self._ids = 0
        command = [sys.executable, "-P", "-X", f"pycache_prefix={cache}", "-m", "contara_worker.spawner"]
        self._process = subprocess.Popen(command, stdin=self._link.theirs.fileno(), start_new_session=True)  # noqa: S603
        self._link.theirs.close()
        self._link.until("hello")
        self._link.send(Hello(1, "bench"))

    def start(self, way: Literal["fork", "exec"]) -> "_Worker":
        """Send the request; the answer is waited for with the worker."""
        self._ids += 1
        worker = _Worker(self._ids)
        order = Start(self._ids, self._module.name, way, sys.executable, self._cache, environment=dict(os.environ))
        self._link.send(order, worker.link.theirs.fileno(), self._output, self._output)
        worker.link.theirs.close()
        return worker

    def end(self, worker: "_Worker") -> None:
        self._link.send(Kill(worker.id))
        self._link.until("exited")
        worker.link.socket.close()

    def close(self) -> None:
        self._link.socket.close()
        self._process.wait(_DEADLINE)

    def load(self, worker: "_Worker") -> float:
        """Have the module imported; gives milliseconds since the request for the worker."""
        link = worker.link
        link.send({"type": "hello", "protocol": 1, "host": "bench", "features": []})
        link.send({"type": "load", "id": 1, "name": self._module.name, "path": str(self._module)} | _LOAD)
        link.until("hello")
        link.until("answer")
        return (time.perf_counter() - worker.since) * 1000


class _Worker:
    def __init__(self, number: int) -> None:
        self.id = number
        self.since = time.perf_counter()
        self.link = _Link()


_LOAD = {
    "source": "community",
    "display_name": "Bench",
    "capabilities": {"websocket": True, "dashboard": True, "detail_page": False, "settings": False},
    "settings": None,
    "state": None,
    "keep_state": False,
}


def _one(spawner: _Spawner, way: Literal["fork", "exec"]) -> float:
    time.sleep(_REST)
    worker = spawner.start(way)
    taken = spawner.load(worker)
    spawner.end(worker)
    return taken


def _second_of_two(spawner: _Spawner) -> float:
    """Give the spare to the first, so that the second is forked when it is asked for."""
    time.sleep(_REST)
    first = spawner.start("fork")
    spawner.load(first)
    second = spawner.start("fork")
    taken = spawner.load(second)
    spawner.end(first)
    spawner.end(second)
    return taken


def main() -> None:
    """Measure all three ways."""
    cache, module, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    spawner = _Spawner(cache, module)
    try:
        # The first of each way compiles what it loads.
        _one(spawner, "exec")
        spare = [_one(spawner, "fork") for _ in range(rounds + 1)][1:]
        forked = [_second_of_two(spawner) for _ in range(rounds)]
        executed = [_one(spawner, "exec") for _ in range(max(rounds // 3, 2))]
    finally:
        spawner.close()
    show(
        [
            Figure("worker.spare", "worker: request → module imported, from the spare", "ms", spare, at_most=5),
            Figure("worker.fork", "worker: request → module imported, by fork", "ms", forked, at_most=12),
            Figure("worker.exec", "worker: request → module imported, plain start", "ms", executed),
        ]
    )


if __name__ == "__main__":
    main()
