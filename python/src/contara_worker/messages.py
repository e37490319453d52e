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
    "Call",
    "Cancel",
    "Capabilities",
    "CheckSettings",
    "Configure",
    "Envelope",
    "Error",
    "ErrorKind",
    "Fault",
    "FromWorker",
    "HostHello",
    "Initialize",
    "Load",
    "LoadSetup",
    "Log",
    "LogLevel",
    "Ping",
    "Progress",
    "Render",
    "Request",
    "SetupModule",
    "Shutdown",
    "Start",
    "State",
    "Stop",
    "ToWorker",
    "TreeLimits",
    "Ui",
    "UiFailed",
    "Watch",
    "WorkerHello",
]

PROTOCOL = 1

_NO_LIMIT = 2**32 - 1


class HostHello(msgspec.Struct, tag="hello", frozen=True):
    """The host's first message."""

    protocol: int
    host: str = ""
    features: list[str] = []


class Capabilities(msgspec.Struct, frozen=True):
    """What the manifest says that the module does; the defaults are the manifest's."""

    websocket: bool = True
    dashboard: bool = True
    detail_page: bool = False
    settings: bool = False


class TreeLimits(msgspec.Struct, frozen=True):
    """What trees may be, beyond what a frame can hold.

    `tree_size` is in bytes of MessagePack, of tile, modals and page together; `frames_per_second` counts trees that no
    action has caused, and `state` messages likewise.
    """

    tree_size: int
    frames_per_second: int

    @property
    def pace(self) -> int | None:
        """`frames_per_second`, or None if there is no limit."""
        return None if self.frames_per_second >= _NO_LIMIT else self.frames_per_second


class Load(msgspec.Struct, tag="load", frozen=True):
    """Import the module in the folder `path` and construct it.

    `settings` are the stored ones, secrets included, `state` is the last one that was sent. With `keep_state` a State
    is sent although it isn't persistent.
    """

    id: int
    name: str
    path: str
    source: Literal["builtin", "community"]
    display_name: str
    capabilities: Capabilities = Capabilities()
    settings: dict[str, Any] | None = None
    state: dict[str, Any] | None = None
    keep_state: bool = False
    limits: TreeLimits | None = None


class LoadSetup(msgspec.Struct, tag="load_setup", frozen=True):
    """Import the Python code of the setup module in the folder `path`, once per process.

    `catalogues` is the folder of its compiled catalogues, `<language>/LC_MESSAGES/<name>.mo`; `language` is for texts
    that are translated while it is imported. Errors of a `discreet` one are told by their type and place only: it may
    know passwords, and quote them.
    """

    id: int
    name: str
    path: str
    catalogues: str
    language: str
    discreet: bool = False


class SetupModule(msgspec.Struct, frozen=True):
    """What a hook is told of its module."""

    slug: str
    name: str
    path: str
    configured: bool = False


class Call(msgspec.Struct, tag="call", frozen=True):
    """Call a function of a setup module, with `module` as a last argument if its signature takes one more.

    Texts are translated into `language` meanwhile; without one into that of the last request.
    """

    id: int
    function: str
    arguments: list[Any] = []
    module: SetupModule | None = None
    language: str | None = None


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
    """Run an action of the module. `params` are bound to it; `form` holds the fields around the button."""

    id: int
    action: str
    params: dict[str, Any] | None = None
    form: dict[str, Any] | None = None


class Cancel(msgspec.Struct, tag="cancel", frozen=True):
    """Cancel the action that was asked for with the id `action_id`."""

    id: int
    action_id: int


class Render(msgspec.Struct, tag="render", frozen=True):
    """Render now, with the page."""

    id: int


class Watch(msgspec.Struct, tag="watch", frozen=True):
    """Have trees contain the page from now on, or no longer."""

    id: int
    page: bool


class CheckSettings(msgspec.Struct, tag="check_settings", frozen=True):
    """Validate settings; nothing changes."""

    id: int
    settings: dict[str, Any]


class Configure(msgspec.Struct, tag="configure", frozen=True):
    """Give the module new settings."""

    id: int
    settings: dict[str, Any]


class Ping(msgspec.Struct, tag="ping", frozen=True):
    """Answered at once unless the module blocks the loop."""

    id: int


class Shutdown(msgspec.Struct, tag="shutdown", frozen=True):
    """Stop the module if it runs, answer, exit."""

    id: int


Request = (
    Load
    | LoadSetup
    | Call
    | Initialize
    | Start
    | Stop
    | Action
    | Cancel
    | Render
    | Watch
    | CheckSettings
    | Configure
    | Ping
    | Shutdown
)
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
    UNKNOWN_FUNCTION = "unknown_function"
    BAD_ARGUMENTS = "bad_arguments"
    WRONG_STATE = "wrong_state"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


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
    """A request failed. `fields` has a sentence for each field of a form that is wrong."""

    id: int
    kind: ErrorKind
    message: str
    traceback: str | None = None
    fields: dict[str, str] = {}


class Ui(msgspec.Struct, tag="ui", frozen=True):
    """A whole tree. When sending, `tile`, `modals` and `page` are MessagePack already (`msgspec.Raw`)."""

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


class State(msgspec.Struct, tag="state", frozen=True):
    """The last committed state. When sending, `value` is MessagePack already (`msgspec.Raw`)."""

    value: Any


class Progress(msgspec.Struct, tag="progress", frozen=True):
    """How far the running action with this id is."""

    id: int
    done: float | int | None = None
    total: float | int | None = None
    text: str | None = None


class Fault(msgspec.Struct, tag="fault", frozen=True):
    """A background task or thread of the module ended with an exception that nobody took."""

    origin: Literal["task", "thread"]
    name: str
    message: str
    traceback: str | None = None


FromWorker = WorkerHello | Answer | Error | Ui | UiFailed | Log | State | Progress | Fault
