"""The processes that a process has started: who they are, and the end of them all.

Linux keeps a list of each thread's children (proc_tid_children(5)); where it doesn't, every process is looked at.
"""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

__all__ = ["Relative", "children_of", "kill_families", "processes", "signal_all"]

_SECONDS = 0.05
"""How long processes are only stopped and looked for. What has been found by then is killed; a fork bomb that is
quicker has to be killed in several goes."""


def children_of(pid: int) -> set[int]:
    """Children of a process, also those that have ended and that it hasn't waited for. Empty if there is no such process."""
    if not _has_lists():
        return {child.pid for child in processes() if child.parent == pid}
    found: set[int] = set()
    with suppress(OSError):  # it has ended
        for thread in os.listdir(f"/proc/{pid}/task"):
            found |= _children_of_thread(pid, thread)
    return found


def kill_families(roots: Iterable[int]) -> None:
    """Kill processes with all their descendants.

    They are stopped first, since a child of one that is killed while it forks would be somebody else's. One that was
    forking when it was stopped may have had a child nevertheless, so who must be sure looks again afterwards.
    """
    until = time.monotonic() + _SECONDS
    found: set[int] = set()
    new = set(roots)
    while new and time.monotonic() < until:
        signal_all(new, signal.SIGSTOP)
        found |= new
        # Children of those just stopped first. If there are none, all once again: a fork may have been going on.
        new = _children_of_all(new) - found or _children_of_all(found) - found
    signal_all(found | new, signal.SIGKILL)


def signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


class Relative:
    """A living process as `/proc` tells of it."""

    __slots__ = ("group", "parent", "pid")

    def __init__(self, pid: int, parent: int, group: int) -> None:
        self.pid = pid
        self.parent = parent
        self.group = group


def processes() -> Iterator[Relative]:
    """Every living process (proc_pid_stat(5): state is field 3, ppid field 4, pgrp field 5)."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        with suppress(OSError):  # it ended meanwhile
            state, parent, group = _read(f"/proc/{name}/stat").rpartition(b")")[2].split()[:3]
            if state not in {b"Z", b"X"}:
                yield Relative(int(name), int(parent), int(group))


def _children_of_all(pids: Iterable[int]) -> set[int]:
    return {child for pid in pids for child in children_of(pid)}


def _children_of_thread(pid: int, thread: str) -> set[int]:
    try:
        return {int(child) for child in _read(f"/proc/{pid}/task/{thread}/children").split()}
    except OSError:  # the thread has ended, the others' lists are still of use
        return set()


def _has_lists() -> bool:
    """Whether the kernel was built with CONFIG_PROC_CHILDREN."""
    own = os.getpid()
    return os.access(f"/proc/{own}/task/{own}/children", os.R_OK)


def _read(path: str) -> bytes:
    """Read all of a file of `/proc`, which says nothing of its size."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        text = os.read(file, 1 << 16)
        while more := os.read(file, 1 << 16):
            text += more
        return text
    finally:
        os.close(file)
