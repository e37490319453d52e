"""A small host for tests: starts a real worker on a real socketpair and speaks the link to it."""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from contara_worker.messages import (
    Action,
    Answer,
    Error,
    FromWorker,
    HostHello,
    Initialize,
    Load,
    Log,
    Request,
    Start,
    State,
    ToWorker,
    Ui,
    UiFailed,
    Watch,
    WorkerHello,
)
from contara_worker.trees import as_received, decode_tree, encode_tree
from ContaraNAS.core.shape import Shape

FIXTURES = Path(__file__).parents[2] / "tests" / "fixtures" / "modules"
GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "worker-link.json"
DEADLINE = 20.0
"""Seconds until a test gives up on something that should take milliseconds; the machine may be busy."""

PYCACHE = tempfile.TemporaryDirectory(prefix="contara-tests-")
"""Compiled code of all workers of a test run; as in the daemon, a module's folder stays as it was."""

M = TypeVar("M")


class Host:
    """The host's end of one worker. `seen` holds every message in the order in which it came."""

    def __init__(self, process: subprocess.Popen[str], link: socket.socket) -> None:
        self.process = process
        self.link = link
        self.seen: list[FromWorker] = []
        self._next_id = 0
        self._received = b""
        self._decoder = msgspec.msgpack.Decoder(FromWorker)

    # Plain messages

    def send(self, message: ToWorker) -> None:
        self.send_frame(msgspec.msgpack.encode(message))

    def send_frame(self, payload: bytes) -> None:
        self.link.sendall(struct.pack(">I", len(payload)) + payload)

    def receive(self, deadline: float = DEADLINE) -> FromWorker:
        """Return the next message. Raises `EOFError` at the end of the link, `TimeoutError` at the deadline."""
        until = time.monotonic() + deadline
        header = self._read(4, until)
        frame = self._read(struct.unpack(">I", header)[0], until)
        message: FromWorker = self._decoder.decode(frame)
        if isinstance(message, Ui):
            message = as_received(message)
        self.seen.append(message)
        return message

    def expect(self, kind: type[M], deadline: float = DEADLINE) -> M:
        """Return the next message of one kind; others before it only land in `seen`."""
        until = time.monotonic() + deadline
        while True:
            message = self.receive(until - time.monotonic())
            if isinstance(message, kind):
                return message

    def rest(self) -> list[FromWorker]:
        """Read to the end of the link."""
        start = len(self.seen)
        try:
            while True:
                self.receive()
        except (EOFError, ConnectionResetError):
            return self.seen[start:]

    def _read(self, size: int, until: float) -> bytes:
        while len(self._received) < size:
            self.link.settimeout(max(until - time.monotonic(), 0.001))
            data = self.link.recv(1 << 20)
            if not data:
                raise EOFError
            self._received += data
        taken, self._received = self._received[:size], self._received[size:]
        return taken

    # Requests

    def post(self, kind: Callable[..., Request], *fields: Any) -> int:
        """Send a request and return its id without waiting."""
        self._next_id += 1
        self.send(kind(self._next_id, *fields))
        return self._next_id

    def ask(self, kind: Callable[..., Request], *fields: Any) -> Answer | Error:
        """Send a request and return its answer or error."""
        return self.outcome(self.post(kind, *fields))

    def outcome(self, request: int) -> Answer | Error:
        for message in self.seen:
            if isinstance(message, Answer | Error) and message.id == request:
                return message
        while True:
            message = self.receive()
            if isinstance(message, Answer | Error) and message.id == request:
                return message

    def value(self, kind: Callable[..., Request], *fields: Any) -> Any:
        """Send a request that has to succeed and return its value."""
        outcome = self.ask(kind, *fields)
        assert isinstance(outcome, Answer), outcome
        return outcome.value

    def error(self, kind: Callable[..., Request], *fields: Any) -> Error:
        """Send a request that has to fail."""
        outcome = self.ask(kind, *fields)
        assert isinstance(outcome, Error), outcome
        return outcome

    def act(self, name: str, **params: Any) -> Any:
        return self.value(Action, name, params or None)

    def load(self, folder: Path, source: str = "community", **options: Any) -> Any:
        """Load a module; `options` are further fields of the message, e.g. `state={"count": 4}`."""
        fields = (folder.name, str(folder), source, folder.name.replace("_", " ").title())
        return self.value(partial(Load, **options), *fields)

    def send_load(self, folder: Path) -> int:
        return self.post(Load, folder.name, str(folder), "community", folder.name)

    def fail_load(self, folder: Path) -> Error:
        return self.error(Load, folder.name, str(folder), "community", folder.name)

    def run(self, folder: Path, **options: Any) -> None:
        """Bring the module up to running."""
        self.load(folder, **options)
        self.value(Initialize)
        self.value(Start)

    def watch(self, *, page: bool) -> None:
        assert self.value(partial(Watch, page=page)) is None

    # What was seen

    def trees(self) -> list[Ui]:
        return [message for message in self.seen if isinstance(message, Ui)]

    def failures(self) -> list[UiFailed]:
        return [message for message in self.seen if isinstance(message, UiFailed)]

    def states(self) -> list[Any]:
        return [message.value for message in self.seen if isinstance(message, State)]

    def logs(self) -> list[str]:
        return [message.message for message in self.seen if isinstance(message, Log)]

    def stats(self) -> list[Any]:
        """The value of the first stat of each tree."""
        return [tree.tile["stats"][0]["value"] for tree in self.trees()]

    # The process

    def exit_status(self) -> int:
        return self.process.wait(DEADLINE)

    def output(self) -> tuple[str, str]:
        """Wait for the end of the process and return what it printed and what went to standard error."""
        return self.process.communicate(timeout=DEADLINE)


@contextmanager
def start_worker(cwd: Path, hello: HostHello | None = None, *args: str) -> Iterator[Host]:
    """Start a worker in `cwd` as the daemon does, read its hello, say ours."""
    ours, theirs = socket.socketpair()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = PYCACHE.name
    command = [sys.executable, *(args or ("-P",)), "-m", "contara_worker"]
    process = subprocess.Popen(
        command,
        stdin=theirs.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
        process_group=0,
    )
    theirs.close()
    host = Host(process, ours)
    try:
        assert isinstance(host.receive(), WorkerHello)
        host.send(hello or HostHello(1, "tests", []))
        yield host
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        for text in process.communicate(timeout=DEADLINE):
            sys.stderr.write(text)  # shown by pytest when a test fails
        ours.close()


def write_module(folder: Path, init: str, **files: str) -> Path:
    """Write a module's `__init__.py` and further files (`services__api="…"` is services/api.py)."""
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(PRELUDE + init)
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        for parent in (path.parent, *path.parent.parents):
            if parent == folder:
                break
            parent.mkdir(exist_ok=True)
            (parent / "__init__.py").touch()
        path.write_text(text)
    return folder


PRELUDE = """\
import asyncio, logging, math, os, subprocess, sys, threading, time
from ContaraNAS.core.action import ActionRef, CloseModal, Notify, OpenModal, Refresh, action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Alert, Badge, Button, Stack, Stat, Text, Tile
"""


COUNTER = """
class Counter(Module):
    class State(ModuleState):
        count: int = 0

    async def initialize(self):
        self.calls = ["initialize"]

    async def start_monitoring(self):
        self.calls.append("start")

    async def stop_monitoring(self):
        self.calls.append("stop")

    def get_tile(self):
        return Tile(icon="Box", title=self.display_name, stats=[Stat(label="count", value=self.typed_state.count)])

    @action
    async def add(self, by: int = 1):
        self.typed_state.count += by

    @action
    async def called(self):
        return Notify(message=" ".join(self.calls))
"""


def received(component: Shape) -> bytes:
    """Return what the host keeps of a component that a worker sends."""
    return msgspec.msgpack.encode(decode_tree(encode_tree(component, "tile")))


def run_action(host: Host, folder: Path, body: str, options: dict[str, Any] | None = None) -> None:
    """Run a module with one action `go` of this body (indented by eight) and a tile that shows the count.

    `options` are further fields of `load`.
    """
    indented = "\n".join(f"        {line}" for line in body.splitlines())
    host.run(write_module(folder, f"{COUNTER}\n    @action\n    async def go(self):\n{indented}\n"), **(options or {}))


def wait_for_end(pid: int) -> None:
    """Wait for the end of a process that isn't ours."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(process, select.POLLIN)
        assert poll.poll(DEADLINE * 1000), f"process {pid} still runs"
    finally:
        os.close(process)
