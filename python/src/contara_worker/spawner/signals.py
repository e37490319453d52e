"""Signals of the spawner, as something that can be waited for beside its sockets."""

import os
import select
import signal
from contextlib import suppress

__all__ = ["Signals"]


class Signals:
    """Wakes up for the end of a child.

    SIGTERM and SIGINT are passed over: those who send them to all processes of a service or a terminal mean the host,
    which first ends its workers and then this process.
    """

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)

    def fileno(self) -> int:
        """Readable when a signal has come."""
        return self._reading

    def take(self) -> bool:
        """Whether there was any since the last time."""
        try:
            return bool(os.read(self._reading, 4096))
        except BlockingIOError:
            return False

    def wait(self, seconds: float) -> None:
        """Wait for one."""
        select.select([self._reading], [], [], seconds)
        self.take()

    def close(self) -> None:
        """Hear no more, in a child of the spawner."""
        signal.set_wakeup_fd(-1)
        with suppress(OSError):
            os.close(self._reading)
            os.close(self._writing)
