"""The workers that were started: which process is whose, how each ended, and the end of what they left running.

A worker is the parent of all that it starts, orphans too, as long as it lives. After that the spawner is: a child that
is no worker is what an ended one left.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from contara_worker.family import children_of, kill_families
from contara_worker.spawner.messages import Exited

__all__ = ["Workers"]

_PATIENCE = 2.0
"""Seconds until an end is told though the worker that was killed, or something that it left, doesn't die.

The kernel may hold it while a disk or a network share doesn't answer. A longer silence
the host takes for the spawner's own end.
"""


class Workers:
    """Tells each end by `tell`, in the order of the ends."""

    def __init__(self, tell: Callable[[Exited], None]) -> None:
        self._tell = tell
        self._living: dict[int, int] = {}  # process → id of the worker
        self._killed: dict[int, float] = {}  # process → when its end is told even if it isn't gone
        self._held: set[int] = set()  # processes of such ends
        self._ended: list[Exited] = []
        self._tell_at = 0.0
        self._hunting = False

    @property
    def is_empty(self) -> bool:
        """Whether every worker has ended and its end was told."""
        return not self._living and not self._ended

    @property
    def is_hunting(self) -> bool:
        """Whether something still has to be killed, or to die: `clean_up()` has to be called soon."""
        return self._hunting or bool(self._killed)

    def add(self, worker: int, pid: int) -> None:
        """Remember a worker that was just started."""
        self._living[pid] = worker

    def kill(self, worker: int) -> None:
        """Kill a worker with all that stayed in its group; the rest is killed when its end is noticed."""
        for pid, living in self._living.items():
            if living == worker:
                _kill_group(pid)
                self._killed.setdefault(pid, time.monotonic() + _PATIENCE)

    def kill_all(self) -> None:
        """Kill every worker."""
        for pid in self._living:
            _kill_group(pid)

    def clean_up(self, spare: int | None) -> None:
        """Take note of what has ended, and kill what was left: children that are neither worker nor `spare`."""
        self._reap()
        self._give_up_held()
        left = self._left(spare)
        if left:
            kill_families(left)
            self._reap()
            left = self._left(spare)
        self._hunting = bool(left)
        if not left or time.monotonic() > self._tell_at:
            ended, self._ended = self._ended, []
            for exited in ended:
                self._tell(exited)

    def _left(self, spare: int | None) -> set[int]:
        return children_of(os.getpid()) - self._living.keys() - self._held - {spare}

    def _give_up_held(self) -> None:
        """Tell the ends of those that were killed long ago and are still there; they go when the kernel lets them."""
        now = time.monotonic()
        for pid in [pid for pid, tell_at in self._killed.items() if now > tell_at]:
            del self._killed[pid]
            self._held.add(pid)
            kill_families(children_of(pid))  # those in sessions of their own; they are its children until it is gone
            self._tell(Exited(self._living.pop(pid), signal=signal.SIGKILL))

    def _reap(self) -> None:
        with suppress(ChildProcessError):  # there is none left
            # Only looked at first: as long as it isn't waited for, the number of its group is nobody else's.
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                worker = self._living.pop(ended.si_pid, None)
                self._killed.pop(ended.si_pid, None)
                self._held.discard(ended.si_pid)
                if worker is not None:
                    _kill_group(ended.si_pid)
                    self._note(worker, ended)
                os.waitpid(ended.si_pid, 0)

    def _note(self, worker: int, ended: os.waitid_result) -> None:
        if not self._ended:
            self._tell_at = time.monotonic() + _PATIENCE
        if ended.si_code == os.CLD_EXITED:
            self._ended.append(Exited(worker, code=ended.si_status))
        else:
            self._ended.append(Exited(worker, signal=ended.si_status))


def _kill_group(pid: int) -> None:
    """Kill a child and its process group at once: no member can fork out of this."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it may not lead its group yet
        os.kill(pid, signal.SIGKILL)
