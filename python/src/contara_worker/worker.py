"""The worker: wires link, logging and runtime together, and knows the ways in which the process ends."""

import asyncio
import logging
import platform
import signal
import socket
import sys
from typing import NoReturn

import ContaraNAS
from contara_worker.failure import Reporter
from contara_worker.faults import watch_background
from contara_worker.link import Link
from contara_worker.messages import PROTOCOL, HostHello, ToWorker, WorkerHello
from contara_worker.outlet import Outlet
from contara_worker.output import install_logging
from contara_worker.process import HostWatch, end_process, line_buffer_output
from contara_worker.runtime import Runtime

__all__ = ["new_loop", "serve"]

logger = logging.getLogger(__name__)

_BAD_FRAME_STATUS = 3
_STOP_SECONDS = 4.5  # below the five that the host watch allows, so that the end is a clean one
_DRAIN_SECONDS = 2.0


def serve(sock: socket.socket, loop: asyncio.AbstractEventLoop | None = None) -> NoReturn:
    """Serve the host at the other end of `sock`; ends the process with status 0, or 3 after a bad frame."""
    line_buffer_output()
    loop = loop or new_loop()
    asyncio.set_event_loop(loop)
    worker = loop.run_until_complete(_attach(sock))
    while not worker.status.done():
        try:
            loop.run_until_complete(worker.status)
        except (SystemExit, KeyboardInterrupt) as error:
            # asyncio lets these two out of a background task of the module. They end that task, not the worker.
            logger.exception("a task of the module ended with %s", type(error).__name__)
    worker.finish()


def new_loop() -> asyncio.AbstractEventLoop:
    """Make the kind of loop that a worker runs in."""
    try:
        import uvloop  # noqa: PLC0415 - not built for every platform
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _attach(sock: socket.socket) -> "Worker":
    worker = Worker(sock)
    await worker.attach()
    return worker


class Worker:
    """Owner of the link. `status` becomes the exit status once the process shall end."""

    def __init__(self, sock: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self.status: asyncio.Future[int] = self._loop.create_future()
        self._reporter = Reporter()
        self._link = Link(sock, self)
        self._outlet = Outlet(self._link, self._reporter)
        self._runtime = Runtime(self._outlet, self._end)
        self._ending: asyncio.Task[None] | None = None
        self._watch = HostWatch(sock.dup(), self._host_gone_elsewhere)

    async def attach(self) -> None:
        """Say hello, then begin to receive."""
        self._loop.add_signal_handler(signal.SIGTERM, self._terminate)
        self._loop.add_signal_handler(signal.SIGINT, _ignore)
        install_logging(self._link, self._reporter)
        watch_background(self._outlet)
        self._link.send(WorkerHello(PROTOCOL, ContaraNAS.__version__, platform.python_version()))
        self._watch.start()
        await self._link.attach()

    def received(self, message: ToWorker) -> None:
        """Handle a message of the host."""
        if not isinstance(message, HostHello):
            self._runtime.handle(message)
        elif message.protocol != PROTOCOL:
            self.broken(f"the host speaks protocol {message.protocol}, this worker {PROTOCOL}")

    def broken(self, reason: str) -> None:
        """End with status 3: after a bad frame nothing that follows can be trusted."""
        sys.stderr.write(f"contara_worker: bad frame: {' '.join(reason.split())}\n")
        end_process(_BAD_FRAME_STATUS)

    def finish(self) -> NoReturn:
        """End the process with `status`, once the host has read what was sent, or doesn't."""
        self._link.drain(_DRAIN_SECONDS)
        end_process(self.status.result())

    def host_gone(self) -> None:
        """Stop the module and end; nobody is left to answer to."""
        self._terminate()

    def _host_gone_elsewhere(self) -> None:
        self._loop.call_soon_threadsafe(self._terminate)

    def _terminate(self) -> None:
        if self._ending is None:
            self._ending = self._loop.create_task(self._stop_and_finish())

    async def _stop_and_finish(self) -> None:
        try:
            # Not `wait_for`, which makes a task of its own: a module that cancels all tasks but the current one,
            # as some do when they stop, would cancel the one that waits for it.
            async with asyncio.timeout(_STOP_SECONDS):
                await self._runtime.end()
        except TimeoutError:
            logger.warning("stop_monitoring() took more than %s s", _STOP_SECONDS)
        finally:
            self._end()

    def _end(self) -> None:
        if not self.status.done():
            self.status.set_result(0)


def _ignore() -> None:
    """Ignore SIGINT: a Ctrl-C in the terminal is the host's, which stops its workers in order.

    A handler and not `SIG_IGN`, which every program that the module starts would inherit.
    """
