"""The spawner's loop: orders come in, workers are forked, their ends are told. One thread, and no event loop."""

import errno
import os
import platform
import select
import socket
import sys
import time
from typing import NoReturn

import ContaraNAS
from contara_worker.prctl import adopt_orphans
from contara_worker.spawner.birth import Assignment, fork, leave_spawner, name_process
from contara_worker.spawner.link import BadFrameError, HostGoneError, SpawnerLink
from contara_worker.spawner.messages import PROTOCOL, Hello, Kill, Refused, SpawnerHello, Start, Started, ToSpawner
from contara_worker.spawner.signals import Signals
from contara_worker.spawner.spare import Spare, await_assignment, fork_spare
from contara_worker.spawner.workers import Workers

__all__ = ["Spawner"]

_BAD_FRAME_STATUS = 3
_GRACE = 6.0
"""Seconds that workers have to end by themselves once the host is gone: they take 5 (worker-link.md), and a bit."""
_LAST = 1.0
"""Seconds for what was killed then to be gone."""
_HUNT_PAUSE = 0.02
_QUIET = 0.02
"""Seconds without an order until a new spare is made: making one takes time from workers that just start."""


class Spawner:
    """Build it when everything is loaded, then `run()`."""

    def __init__(self, sock: socket.socket) -> None:
        self._pid = os.getpid()
        self._link = SpawnerLink(sock)
        self._workers = Workers(self._link.send)
        self._signals = Signals()
        self._spare: Spare | None = None
        self._spare_at: float | None = 0.0

    def run(self) -> Assignment:
        """Serve the host to its end. Returns in each child that has to become a worker, and only there."""
        adopt_orphans()
        name_process("contara-spawner")
        self._link.send(SpawnerHello(PROTOCOL, ContaraNAS.__version__, platform.python_version()))
        try:
            while True:
                assignment = self._turn()
                if assignment is not None:
                    return assignment
        except HostGoneError:
            self._end(0)
        except BadFrameError as error:
            sys.stderr.write(f"contara_worker.spawner: bad frame: {' '.join(str(error).split())}\n")
            self._end(_BAD_FRAME_STATUS)

    def _turn(self) -> Assignment | None:
        """Wait for something to happen and handle it."""
        ready = self._wait()
        if self._spare is not None and self._spare.fileno() in ready and not self._spare.note():
            self._drop_spare()
        if self._signals.take() or self._workers.is_hunting:
            self._clean_up()
        if self._link.waits_for_room:
            self._link.flush()
        if self._link.fileno() in ready:
            self._link.receive()
            return self._handle_all()
        if self._spare_at is not None and time.monotonic() >= self._spare_at:
            return self._make_spare()
        return None

    def _wait(self) -> set[int]:
        """Return the descriptors at which something happened, none if it is time for something else."""
        poll = select.poll()
        poll.register(self._link, select.POLLIN | (select.POLLOUT if self._link.waits_for_room else 0))
        poll.register(self._signals, select.POLLIN)
        if self._spare is not None:
            poll.register(self._spare, select.POLLIN)
        return {descriptor for descriptor, _ in poll.poll(self._milliseconds())}

    def _milliseconds(self) -> float | None:
        """How long to wait at most; None is until something happens."""
        if self._workers.is_hunting:
            return _HUNT_PAUSE * 1000
        if self._spare_at is not None:
            return max((self._spare_at - time.monotonic()) * 1000, 0.0)
        return None

    def _handle_all(self) -> Assignment | None:
        while (message := self._link.next()) is not None:
            assignment = self._handle(message)
            if assignment is not None:
                return assignment
        return None

    def _handle(self, message: ToSpawner) -> Assignment | None:
        match message:
            case Start():
                return self._start(message, self._link.take_descriptors())
            case Kill():
                self._workers.kill(message.id)
            case Hello() if message.protocol != PROTOCOL:
                raise BadFrameError(f"the host speaks protocol {message.protocol}, this spawner {PROTOCOL}")
        return None

    def _start(self, order: Start, descriptors: list[int]) -> Assignment | None:
        """Start a worker. Returns what it has to become in the child."""
        try:
            pid = self._employ(order, descriptors)
        except OSError as error:
            self._link.send(Refused(order.id, f"{type(error).__name__}: {error}"))
        else:
            if pid == 0:
                self._leave(descriptors)
                return Assignment.of(order, descriptors)
            self._workers.add(order.id, pid)
            self._link.send(Started(order.id, pid))
        for descriptor in descriptors:
            os.close(descriptor)
        self._spare_at = None if self._spare is not None else time.monotonic() + _QUIET
        return None

    def _employ(self, order: Start, descriptors: list[int]) -> int:
        """Give the order to the spare if there is one, else fork. Returns 0 in a child. Raises `OSError`."""
        if order.way == "exec" and not os.access(order.python, os.X_OK):
            raise FileNotFoundError(errno.ENOENT, "there is no such program", order.python)
        spare = self._spare
        if order.way == "fork" and spare is not None and spare.is_warm and spare.assign(order, descriptors):
            self._drop_spare()
            return spare.pid
        return fork()

    def _make_spare(self) -> Assignment | None:
        self._spare_at = None
        try:
            pid, sock = fork_spare()
        except OSError:  # the next worker is forked then, or is refused with the reason
            return None
        if pid == 0:
            self._leave([sock.fileno()])
            return await_assignment(sock)
        self._spare = Spare(pid, sock)
        return None

    def _drop_spare(self) -> None:
        """Let go of it: it has an order, or has ended. Only an order makes a new one, lest that goes on and on."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def _leave(self, keep: list[int]) -> None:
        """Be the spawner no more: in a child, before anything else."""
        self._link.close()
        if self._spare is not None:
            self._spare.close()
        self._signals.close()
        leave_spawner(self._pid, keep)

    def _clean_up(self) -> None:
        self._workers.clean_up(None if self._spare is None else self._spare.pid)

    def _end(self, status: int) -> NoReturn:
        """Let workers end by themselves, since the host is gone, kill what doesn't, and exit."""
        self._link.close()
        self._drop_spare()
        self._await_ends(_GRACE)
        self._workers.kill_all()
        self._await_ends(_LAST)
        os._exit(status)

    def _await_ends(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._clean_up()
        while not self._workers.is_empty and (left := until - time.monotonic()) > 0:
            self._signals.wait(min(left, _HUNT_PAUSE) if self._workers.is_hunting else left)
            self._clean_up()
