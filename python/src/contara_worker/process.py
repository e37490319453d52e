"""The worker as a process: its descriptors, its process group, and its end. Knows nothing of modules."""

import fcntl
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from contara_worker.family import kill_families, processes

__all__ = ["HostWatch", "drop_unsafe_path", "end_process", "line_buffer_output", "take_link"]

_GRACE_SECONDS = 5.0
"""How long a module may take to stop once the host is gone (worker-link.md)."""

_KILL_ROUNDS = 20  # one may fork while they are looked for; a fork bomb isn't ours to win against


def drop_unsafe_path() -> None:
    """Remove the working directory that `-m` puts first on `sys.path` when `-P` wasn't given."""
    if not sys.flags.safe_path and sys.path and sys.path[0] in {"", str(Path.cwd())}:
        del sys.path[0]


def take_link() -> socket.socket:
    """Move the link from descriptor 0 to one that is closed on exec, and open `/dev/null` as standard input."""
    link = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 3)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return socket.socket(fileno=link)


def line_buffer_output() -> None:
    """Have what a module prints reach the host line by line, whatever characters it holds."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def end_process(status: int) -> NoReturn:
    """Flush what was printed, see to it that nothing of the module goes on, and exit.

    `os._exit`, since an ordinary exit would wait for every thread that the module left. What the worker started is
    ended by the spawner; without one it is ended here, as far as it is the worker's child or in its process group.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # the pipe may be gone, the stream closed by the module
            stream.flush()
    if _leads_group() and not _was_spawned():
        _kill_others()
    os._exit(status)


def _leads_group() -> bool:
    """Whether the process group is the worker's own, so that ending it can't hit the host or a shell."""
    return os.getpgrp() == os.getpid()


def _was_spawned() -> bool:
    """Whether the spawner started this process: it gives each worker a session of its own."""
    return os.getsid(0) == os.getpid()


def _kill_others() -> None:
    for _ in range(_KILL_ROUNDS):
        others = _relatives(os.getpid(), os.getpgrp())
        if not others:
            break
        kill_families(others)


def _relatives(own: int, group: int) -> set[int]:
    """Living children, and members of the group whose parents have ended."""
    return {other.pid for other in processes() if other.pid != own and (other.parent == own or other.group == group)}


class HostWatch:
    """A thread that notices the end of the host even while the module blocks the loop.

    It calls `gone` (in its own thread) and gives the loop five seconds; then it kills the process group.
    """

    def __init__(self, sock: socket.socket, gone: Callable[[], None]) -> None:
        self._sock = sock  # kept, since a socket closes its descriptor when it is collected
        self._gone = gone
        self._thread = threading.Thread(target=self._run, name="contara-host-watch", daemon=True)

    def start(self) -> None:
        """Start watching; it ends with the process only."""
        self._thread.start()

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._sock.fileno(), 0)  # POLLHUP and POLLERR are always reported
        poll.poll()
        self._gone()
        threading.Event().wait(_GRACE_SECONDS)
        if _leads_group():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)
