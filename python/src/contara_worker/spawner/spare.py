"""The spare: a child that was forked and has warmed itself before anybody asked for a worker."""

import os
import socket

import msgspec

from contara_worker.spawner.birth import Assignment, fork
from contara_worker.spawner.link import DESCRIPTORS
from contara_worker.spawner.messages import Start
from contara_worker.spawner.warming import warm

__all__ = ["Spare", "await_assignment", "fork_spare"]

_MAX_ORDER = 1 << 20
_WARM = b"warm"


class Spare:
    """The spawner's side of it."""

    def __init__(self, pid: int, sock: socket.socket) -> None:
        self.pid = pid
        self._sock = sock
        self.is_warm = False

    def fileno(self) -> int:
        """Readable once it is warm, and when it has ended."""
        return self._sock.fileno()

    def note(self) -> bool:
        """Take in what it says; False if it has ended."""
        try:
            self.is_warm = self._sock.recv(len(_WARM)) == _WARM
        except ConnectionError:
            self.is_warm = False
        return self.is_warm

    def assign(self, order: Start, descriptors: list[int]) -> bool:
        """Hand over an order; False if it can't take it."""
        try:
            socket.send_fds(self._sock, [msgspec.msgpack.encode(order)], descriptors)
        except OSError:  # it has ended, or the environment is larger than the socket takes
            return False
        return True

    def close(self) -> None:
        """Let go of it: one that has no order then ends."""
        self._sock.close()


def fork_spare() -> tuple[int, socket.socket]:
    """Fork one. Raises `OSError`. Returns 0 and its end of the socket in the child."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        pid = fork()
    except OSError:
        ours.close()
        theirs.close()
        raise
    (theirs if pid else ours).close()
    return pid, ours if pid else theirs


def await_assignment(sock: socket.socket) -> Assignment:
    """Warm up and wait for the order, in the spare. Ends the process if the spawner lets go of it."""
    loop = warm()
    try:
        sock.sendall(_WARM)
        frame, descriptors, _, _ = socket.recv_fds(sock, _MAX_ORDER, DESCRIPTORS)
    except ConnectionError:
        os._exit(0)
    if len(descriptors) != DESCRIPTORS:
        os._exit(0)
    sock.close()
    return Assignment(msgspec.msgpack.decode(frame, type=Start), *descriptors, loop=loop)
