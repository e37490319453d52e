"""What an `appmanifest_<id>.acf` says about a game."""

from dataclasses import dataclass

from ..vdf import Tree

__all__ = ["Manifest", "read_manifest"]

_STATES = (
    (1 << 20, "Downloading"),
    (1 << 19, "Making room"),
    (1 << 17, "Checking files"),
    (1 << 9, "Paused"),
    (1 << 8, "Updating"),
    (1 << 10, "Updating"),
    (1 << 11, "Being removed"),
    (1 << 7, "Files are damaged"),
    (1 << 5, "Files are missing"),
    (1 << 6, "Running"),
    (1 << 1, "Update waits"),
    (1 << 2, "Installed"),
)
"""Bits of `StateFlags` (`EAppState` of Steam's client), the one that says most first."""

_SETTLED = {"Installed", "Running"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The part of it that is of interest."""

    app_id: int
    name: str
    folder: str
    """Its name in `steamapps/common`."""
    state: str
    settled: bool
    updated: float | None


def read_manifest(tree: Tree) -> Manifest | None:
    """Return what the file says, or None if it is no game's: without an id or a folder."""
    app = tree.get("appstate")
    if not isinstance(app, dict):
        return None
    app_id, folder = _number(app, "appid"), _text(app, "installdir")
    # The folder's name comes from a file that anybody may write; it mustn't lead out of the library.
    if not app_id or not folder or "/" in folder or folder in {".", ".."}:
        return None
    state = _state(_number(app, "stateflags"))
    updated = _number(app, "lastupdated") or None
    return Manifest(app_id, _text(app, "name") or f"App {app_id}", folder, state, state in _SETTLED, updated)


def _state(flags: int) -> str:
    return next((text for bit, text in _STATES if flags & bit), "Not installed")


def _number(app: Tree, name: str) -> int:
    text = _text(app, name)
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _text(app: Tree, name: str) -> str:
    value = app.get(name, "")
    return value if isinstance(value, str) else ""
