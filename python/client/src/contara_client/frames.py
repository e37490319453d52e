"""Frames of stream v2: one type each, and the codec. No I/O, and no meaning beyond `docs/protocol/stream-v2.md`.

Unknown fields are ignored, and so are frames of an unknown `type`.
"""

from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from contara_client.errors import ProtocolError

__all__ = [
    "MAX_SENT",
    "Action",
    "ActionError",
    "ActionProgress",
    "Cancel",
    "ClientFrame",
    "Hello",
    "Info",
    "ModuleFrame",
    "Notice",
    "Patch",
    "Ping",
    "Preparing",
    "Problem",
    "Progress",
    "Result",
    "Resume",
    "RunningAction",
    "ServerFrame",
    "Setup",
    "SetupLines",
    "SetupWish",
    "Snapshot",
    "Subscribe",
    "decode",
    "encode",
]

MAX_SENT = 64 * 1024
"""Bytes of a frame to the server, at most."""


class Problem(msgspec.Struct, frozen=True):
    """Why a module isn't running, or isn't all that it was; `retry_in_ms` if it is tried again by itself."""

    kind: str
    title: str
    detail: str
    traceback: str | None = None
    retry_in_ms: int | None = None


class Preparing(msgspec.Struct, frozen=True):
    """What is being installed for a module: so many packages of so many, if that is known."""

    text: str
    done: int | None = None
    total: int | None = None


class ActionProgress(msgspec.Struct, frozen=True):
    """How far an action is."""

    done: float | None = None
    total: float | None = None
    text: str | None = None


class RunningAction(msgspec.Struct, frozen=True):
    """An action of anybody's that has been running for a while; `call` is its number."""

    call: int
    action: str
    params: dict[str, Any] = {}
    progress: ActionProgress | None = None


class Info(msgspec.Struct, frozen=True):
    """What is known of a module beside its UI. `life` is a text, so that one of later is no error."""

    display_name: str
    enabled: bool
    initialized: bool
    life: str
    problem: Problem | None = None
    preparing: Preparing | None = None
    running: list[RunningAction] = []
    dashboard: bool = True
    has_page: bool = False
    live: bool = True
    settings: int = 0


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The server's first frame."""

    version: str
    node: str
    session: int
    run: str
    protocol: int = 2
    features: list[str] = []


class ModuleFrame(msgspec.Struct, frozen=True, tag="module"):
    """A module is new, has other metadata, comes whole, or is gone; in a snapshot, one that is there."""

    module: str
    revision: int | UnsetType = UNSET
    info: Info | UnsetType = UNSET
    ui: Any = UNSET
    removed: bool = False


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot"):
    """Which modules there are, in the order to draw them; only the revision of those that the client has already."""

    run: str
    modules: list[ModuleFrame]


class Patch(msgspec.Struct, frozen=True, tag="patch"):
    """How a module's UI has changed. Operations are plain maps: one that is wrong is a patch that doesn't fit."""

    module: str
    revision: int
    ops: list[dict[str, Any]]
    at: str = ""


class ActionError(msgspec.Struct, frozen=True):
    """Why an action wasn't run."""

    status: int
    detail: str
    errors: dict[str, str] = {}


class Result(msgspec.Struct, frozen=True, tag="result"):
    """An action has ended; either of the two is there."""

    id: int
    results: list[dict[str, Any]] | UnsetType = UNSET
    error: ActionError | UnsetType = UNSET


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """How far an action of this client's is; each may be unknown."""

    id: int
    done: float | None = None
    total: float | None = None
    text: str | None = None


class Setup(msgspec.Struct, frozen=True, tag="setup"):
    """A setup transaction has changed."""

    transaction: dict[str, Any]


class SetupLines(msgspec.Struct, frozen=True, tag="setup_lines"):
    """Lines of a setup transaction's log; `next` is the number of the last one that is finished."""

    transaction: int
    lines: list[dict[str, Any]]
    next: int
    more: bool = False


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """Something that a person or an author should know."""

    kind: str
    text: str
    module: str | None = None


ServerFrame: TypeAlias = Hello | Snapshot | ModuleFrame | Patch | Result | Progress | Setup | SetupLines | Notice


class Resume(msgspec.Struct, frozen=True, tag="resume", omit_defaults=True):
    """Begin, or begin anew; what the client has, by module its revision."""

    run: str | UnsetType = UNSET
    modules: dict[str, int] | UnsetType = UNSET


class Action(msgspec.Struct, frozen=True, tag="action"):
    """Run an action."""

    id: int
    module: str
    action: str
    params: dict[str, Any] | None = None


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Cancel an action of this client's."""

    id: int


class SetupWish(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wanted of setup beside its events: one transaction's log, after this line."""

    transaction: int | UnsetType = UNSET
    after: int | UnsetType = UNSET


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe", omit_defaults=True):
    """What is wanted; what isn't set stays as it is."""

    page: str | UnsetType | None = UNSET
    setup: SetupWish | UnsetType | None = UNSET


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Ask for a sign of life."""


ClientFrame: TypeAlias = Resume | Action | Cancel | Subscribe | Ping


class _Typed(msgspec.Struct):
    type: str


_TYPE = msgspec.msgpack.Decoder(_Typed)
_FRAMES: dict[str, "msgspec.msgpack.Decoder[ServerFrame]"] = {
    str(frame.__struct_config__.tag): msgspec.msgpack.Decoder(frame)
    for frame in (Hello, Snapshot, ModuleFrame, Patch, Result, Progress, Setup, SetupLines, Notice)
}
_ENCODER = msgspec.msgpack.Encoder()


def decode(message: bytes) -> ServerFrame | None:
    """Read a message of the server; `None` for a frame that means nothing to this client. Raises `ProtocolError`."""
    try:
        decoder = _FRAMES.get(_TYPE.decode(message).type)
        return decoder.decode(message) if decoder else None
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ProtocolError(f"a frame that isn't of stream v2: {error}") from error


def encode(frame: ClientFrame) -> bytes:
    """Write a message to the server. Raises `ValueError` for one that is too large, `TypeError` for odd parameters."""
    message = _ENCODER.encode(frame)
    if len(message) > MAX_SENT:
        raise ValueError(f"{len(message):,} bytes are more than a frame to Contara may hold ({MAX_SENT:,})")
    return message
