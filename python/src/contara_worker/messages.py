"""Messages of the worker link, protocol 1: one tagged union per direction. Types and codec only, no I/O.

The order of the fields is that of the tables in `docs/protocol/worker-link.md`; `tests/golden/worker-link.json` holds
a sample of each.
"""

from enum import StrEnum
from typing import Any, Literal

import msgspec

__all__ = [
    "PROTOCOL",
    "Action",
    "Answer",
    "Envelope",
    "Error",
    "ErrorKind",
    "FromWorker",
    "HostHello",
    "Initialize",
    "Load",
    "Log",
    "LogLevel",
    "Ping",
    "Request",
    "Shutdown",
    "Start",
    "Stop",
    "ToWorker",
    "Ui",
    "UiFailed",
    "WorkerHello",
]

PROTOCOL = 1


class HostHello(msgspec.Struct, tag="hello", frozen=True):
    """The host's first message."""

    protocol: int
    host: str = ""
    features: list[str] = []


class Load(msgspec.Struct, tag="load", frozen=True):
    """Import the module in the folder `path` and construct it."""

    id: int
    name: str
    path: str
    source: Literal["builtin", "community"]
    display_name: str


class Initialize(msgspec.Struct, tag="initialize", frozen=True):
    """Call `initialize()`, once per process."""

    id: int


class Start(msgspec.Struct, tag="start", frozen=True):
    """Call `start_monitoring()` and begin to send trees."""

    id: int


class Stop(msgspec.Struct, tag="stop", frozen=True):
    """Call `stop_monitoring()`; no tree is sent any more."""

    id: int


class Action(msgspec.Struct, tag="action", frozen=True):
    """Run an action of the module."""

    id: int
    action: str
    params: dict[str, Any] | None = None


class Ping(msgspec.Struct, tag="ping", frozen=True):
    """Answered at once unless the module blocks the loop."""

    id: int


class Shutdown(msgspec.Struct, tag="shutdown", frozen=True):
    """Stop the module if it runs, answer, exit."""

    id: int


Request = Load | Initialize | Start | Stop | Action | Ping | Shutdown
ToWorker = HostHello | Request


class Envelope(msgspec.Struct, frozen=True):
    """What any message has; read when a message isn't one of ours."""

    type: str
    id: int | None = None


class ErrorKind(StrEnum):
    """Why a request failed."""

    IMPORT = "import"
    NO_MODULE_CLASS = "no_module_class"
    EXCEPTION = "exception"
    UNKNOWN_ACTION = "unknown_action"
    BAD_ARGUMENTS = "bad_arguments"
    WRONG_STATE = "wrong_state"


LogLevel = Literal["debug", "info", "warning", "error"]


class WorkerHello(msgspec.Struct, tag="hello", frozen=True):
    """The worker's first message, sent unasked."""

    protocol: int
    sdk: str
    python: str
    features: list[str] = []


class Answer(msgspec.Struct, tag="answer", frozen=True):
    """A request succeeded."""

    id: int
    value: Any = None


class Error(msgspec.Struct, tag="error", frozen=True):
    """A request failed."""

    id: int
    kind: ErrorKind
    message: str
    traceback: str | None = None


class Ui(msgspec.Struct, tag="ui", frozen=True):
    """A whole tree. When sending, `tile` and `modals` are MessagePack already (`msgspec.Raw`)."""

    revision: int
    tile: Any
    modals: Any
    page: Any = None


class UiFailed(msgspec.Struct, tag="ui_failed", frozen=True):
    """The tree couldn't be rendered or sent; the last one still stands."""

    message: str
    traceback: str


class Log(msgspec.Struct, tag="log", frozen=True):
    """A record of Python's logging."""

    level: LogLevel
    logger: str
    message: str
    traceback: str | None = None


FromWorker = WorkerHello | Answer | Error | Ui | UiFailed | Log
