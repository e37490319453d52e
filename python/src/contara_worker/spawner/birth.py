"""From a fork of the spawner to a worker: everything becomes as if the process had been started by itself."""

import asyncio
import gc
import os
import random
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from typing import NoReturn

from contara_worker.packages import add_packages
from contara_worker.prctl import adopt_orphans, die_with_parent
from contara_worker.spawner.messages import Limits, Start

__all__ = ["Assignment", "become_worker", "close_others", "fork", "leave_spawner", "name_process"]

_EXEC_FAILED = 127
_OOM_SCORE = 500
"""Added, so that of all processes a module's is the first that the kernel kills when memory runs out."""
_OOM_SCORE_MAX = 1000

_NICENESS = 5
"""Added, which is always allowed: about a third of the host's share each, when all want more than there is."""


@dataclass(frozen=True)
class Assignment:
    """What a child of the spawner has to become, with the three descriptors that came for it."""

    order: Start
    link: int
    stdout: int
    stderr: int
    loop: asyncio.AbstractEventLoop | None = None
    """Of a spare: it has made its own."""

    @classmethod
    def of(cls, order: Start, descriptors: list[int], loop: asyncio.AbstractEventLoop | None = None) -> "Assignment":
        """Make one of the descriptors in the order in which they come."""
        link, stdout, stderr = descriptors
        return cls(order, link, stdout, stderr, loop)


def fork() -> int:
    """Fork with all signals blocked, which in the child they stay until `leave_spawner()`."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    pid = None
    try:
        pid = os.fork()
    finally:
        if pid != 0:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def leave_spawner(parent: int, keep: Iterable[int]) -> None:
    """Share nothing any more with the spawner `parent`, and keep no descriptors but the standard ones and these."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    close_others(keep)
    os.setsid()
    _step_back()
    adopt_orphans()
    die_with_parent(parent)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _step_back() -> None:
    """Let the host go first when the processor is short, also where the kernel shares it out by session."""
    os.nice(_NICENESS)
    with suppress(OSError):  # no such sharing, or it was changed elsewhere less than 0.1 s ago
        _write("/proc/self/autogroup", str(_NICENESS))


def close_others(keep: Iterable[int]) -> None:
    """Close all descriptors from 3 on but these. That they are closed on exec is of no use in a fork."""
    kept = {0, 1, 2, *keep}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers are wanted, not paths
        if int(name) not in kept:
            with suppress(OSError):  # the one of the listing itself
                os.close(int(name))


def name_process(name: str) -> None:
    """Say in lists of processes what this one is: a fork has its parent's command line."""
    with suppress(OSError):  # only told to people
        _write("/proc/self/comm", name)


def _write(path: str, text: str) -> None:
    """Write without `pathlib` or a text stream: a worker's first memory is copied for as little as possible."""
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def become_worker(assignment: Assignment) -> NoReturn:
    """Set up the process for the module and serve the link, here or in a Python started anew."""
    order = assignment.order
    os.dup2(assignment.stdout, 1)
    os.dup2(assignment.stderr, 2)
    os.close(assignment.stdout)
    os.close(assignment.stderr)
    os.chdir("/")
    _restrict(order.limits)
    _offer_to_oom_killer()
    if order.way == "exec":
        _execute(assignment)
    _replace_environment(order.environment)
    _look_like_a_plain_start(order)
    name_process(order.module)
    gc.enable()
    if order.packages is not None:
        add_packages(order.packages)
    # Imported here: the spawner's own files have no need of it.
    from contara_worker.worker import serve  # noqa: PLC0415

    serve(socket.socket(fileno=assignment.link), assignment.loop)


def _restrict(limits: Limits) -> None:
    _limit(resource.RLIMIT_CORE, 0)
    if limits.address_space is not None:
        _limit(resource.RLIMIT_AS, limits.address_space)
    if limits.open_files is not None:
        _limit(resource.RLIMIT_NOFILE, limits.open_files)


def _limit(kind: int, value: int) -> None:
    """Set soft and hard limit, as far as the hard one, which only root may raise, allows."""
    hard = resource.getrlimit(kind)[1]
    value = min(value, sys.maxsize if hard == resource.RLIM_INFINITY else hard)
    resource.setrlimit(kind, (value, value))


def _offer_to_oom_killer() -> None:
    with suppress(OSError):  # not there in every container
        score = os.open("/proc/self/oom_score_adj", os.O_RDWR | os.O_CLOEXEC)
        try:
            os.write(score, b"%d" % min(int(os.read(score, 16)) + _OOM_SCORE, _OOM_SCORE_MAX))
        finally:
            os.close(score)


def _execute(assignment: Assignment) -> NoReturn:
    """Start Python as this process, with the link at descriptor 0."""
    order = assignment.order
    os.dup2(assignment.link, 0)
    command = [order.python, "-P", "-X", f"pycache_prefix={order.pycache_prefix}", "-m", "contara_worker"]
    try:
        os.execve(order.python, command + ([order.packages] if order.packages else []), order.environment)  # noqa: S606 - it is what the host ordered
    except OSError as error:
        os.write(2, f"contara_worker: can't run {order.python}: {error.strerror}\n".encode())
        os._exit(_EXEC_FAILED)


def _replace_environment(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()  # reads TZ


def _look_like_a_plain_start(order: Start) -> None:
    """Have `sys` say what it says after `python -m contara_worker`; `multiprocessing` goes by it."""
    main = sys.modules.pop("contara_worker.__main__")
    main.__name__ = "__main__"
    sys.modules["__main__"] = main
    sys.argv = [str(main.__file__)]
    sys.pycache_prefix = order.pycache_prefix
    sys.orig_argv = [order.python, "-P", "-X", f"pycache_prefix={order.pycache_prefix}", "-m", "contara_worker"]
    threading.main_thread()._set_native_id()  # type: ignore[attr-defined]
    random.seed()
    _open_streams()


def _open_streams() -> None:
    """Make new ones: nothing that the spawner has put into a buffer may come out here."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.stdin = sys.__stdin__ = _text(BufferedReader(_file(0, "<stdin>", "r")), "r")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _text(BufferedWriter(_file(1, "<stdout>", "w")), "w")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _text(BufferedWriter(_file(2, "<stderr>", "w")), "w")  # type: ignore[misc]


def _file(descriptor: int, name: str, mode: str) -> FileIO:
    file = FileIO(descriptor, mode, closefd=False)
    file.name = name
    return file


def _text(buffer: BufferedReader | BufferedWriter, mode: str) -> TextIOWrapper:
    stream = TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
    stream.mode = mode  # type: ignore[misc]
    return stream
