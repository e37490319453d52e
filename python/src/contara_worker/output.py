"""Logging: what a module says through Python's `logging` becomes `log` messages on the link."""

import logging
import os

from contara_worker.failure import Reporter, sendable
from contara_worker.link import Link
from contara_worker.messages import Log, LogLevel

__all__ = ["LinkHandler", "install_logging"]

_MESSAGE_CHARS = 64 * 1024
_BACKLOG = 500
"""Log records are dropped while so many messages wait for the host to read; trees and answers never are."""


class LinkHandler(logging.Handler):
    """Sends records over the link, from any thread."""

    def __init__(self, link: Link, reporter: Reporter) -> None:
        super().__init__()
        self._link = link
        self._reporter = reporter
        self._dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Send `record`, unless the host is far behind."""
        if self._link.backlog > _BACKLOG:
            self._drop()
            return
        try:
            message = self._message(record)
        except Exception:  # noqa: BLE001 - a record's arguments are the module's; logging's own way of telling
            self.handleError(record)
            return
        self._link.send(message)

    def _message(self, record: logging.LogRecord) -> Log:
        error = record.exc_info[1] if record.exc_info else None
        return Log(
            level=_level(record.levelno),
            logger=sendable(record.name, _MESSAGE_CHARS),
            message=sendable(record.getMessage(), _MESSAGE_CHARS),
            traceback=self._reporter.traceback(error) if error else None,
        )

    def _drop(self) -> None:
        if not self._dropped:
            self._link.when_drained(self._tell_dropped)
        self._dropped += 1

    def _tell_dropped(self) -> None:
        self.acquire()  # as `emit()` is called with it, by whichever thread logs
        dropped, self._dropped = self._dropped, 0
        self.release()
        text = f"{dropped:,} log messages were dropped, because the host was behind in reading"
        self._link.send(Log("warning", __name__, text))


def install_logging(link: Link, reporter: Reporter) -> None:
    """Send all records of level info and above, and the module's own from debug."""
    root = logging.getLogger()
    handler = LinkHandler(link, reporter)
    root.addHandler(handler)
    os.register_at_fork(after_in_child=lambda: _log_to_stderr(handler))
    root.setLevel(logging.INFO)
    logging.getLogger("ContaraNAS").setLevel(logging.DEBUG)


def _log_to_stderr(handler: LinkHandler) -> None:
    """Have a process that the module forked log to standard error: the link isn't its own."""
    root = logging.getLogger()
    root.removeHandler(handler)
    root.addHandler(logging.StreamHandler())


def _level(number: int) -> LogLevel:
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"
