"""The worker as a process: its descriptors, its process group, and its end. Knows nothing of modules."""

import fcntl
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

__all__ = ["HostWatch", "drop_unsafe_path", "end_process", "line_buffer_output", "take_link"]

_GRACE_SECONDS = 5.0
"""How long a module may take to stop once the host is gone (worker-link.md)."""

_KILL_ROUNDS = 20  # a member may fork while the group is read; a fork bomb isn't ours to win against


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
    """Flush what was printed, end what the module left behind, also what left this process group, and exit.

    `os._exit`, since an ordinary exit would wait for every thread that the module left.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # the pipe may be gone, the stream closed by the module
            stream.flush()
    if _leads_group():
        _kill_others()
    os._exit(status)


def _leads_group() -> bool:
    """Whether the process group is the worker's own, so that ending it can't hit the host or a shell."""
    return os.getpgrp() == os.getpid()


def _kill_others() -> None:
    """Stop them all first: the child of one that is killed while it forks would be nobody's that we know."""
    stopped: set[int] = set()
    for _ in range(_KILL_ROUNDS):
        others = _relatives(os.getpid(), os.getpgrp()) - stopped
        if not others:
            break
        _signal(others, signal.SIGSTOP)
        stopped |= others
    _signal(stopped, signal.SIGKILL)


def _signal(processes: set[int], number: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _relatives(own: int, group: int) -> set[int]:
    """Living processes of `group` and descendants of `own`, which may have left the group for a session of theirs."""
    processes = {pid: (parent, member) for pid, parent, member in _processes() if pid != own}
    found = {pid for pid, (_, member) in processes.items() if member == group}
    families = {own, *found}
    while more := {pid for pid, (parent, _) in processes.items() if parent in families} - found:
        found |= more
        families |= more
    return found


def _processes() -> Iterator[tuple[int, int, int]]:
    """Id, parent and group of living processes (proc_pid_stat(5): state is field 3, ppid field 4, pgrp field 5)."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):  # it ended meanwhile
            state, ppid, pgrp = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if state not in {"Z", "X"}:
                yield int(folder.name), int(ppid), int(pgrp)


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
