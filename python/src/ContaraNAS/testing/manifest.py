"""Which module a test is about: the folder, and what its `module.json` says that matters here.

Whether a manifest is right is not judged here; `contara module check` does.
"""

import json
from pathlib import Path
from typing import Any, Literal, NamedTuple

from contara_worker.messages import Capabilities

__all__ = ["Manifest", "module_folder", "read_manifest"]

_CAPABILITIES = {
    "websocket": "websocket",
    "dashboard": "dashboard",
    "detailPage": "detail_page",
    "settings": "settings",
}


class Manifest(NamedTuple):
    """What the worker is told about a module."""

    folder: Path
    name: str
    display_name: str
    source: Literal["builtin", "community"]
    capabilities: Capabilities


def module_folder(path: Path) -> Path | None:
    """Return the nearest folder around `path` (or `path` itself) that has a `module.json`."""
    return next((folder for folder in (path, *path.parents) if (folder / "module.json").is_file()), None)


def read_manifest(folder: Path) -> Manifest:
    """Read `module.json`. Raises `FileNotFoundError`, `ValueError` or `TypeError` for what isn't a JSON object."""
    folder = folder.resolve()
    file = folder / "module.json"
    try:
        fields: Any = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(f"{folder} is no module: it has no module.json") from None
    except ValueError as error:
        raise ValueError(f"{file}: {error}; `contara module check {folder}` says more") from None
    if not isinstance(fields, dict):
        raise TypeError(f"{file}: expected a JSON object, got {type(fields).__name__}")
    given = fields.get("capabilities") or {}
    capabilities = {name: given[key] for key, name in _CAPABILITIES.items() if key in given}
    return Manifest(
        folder=folder,
        name=str(fields.get("name", folder.name)),
        display_name=str(fields.get("displayName", folder.name)),
        source="builtin" if folder.parent.name == "builtin" else "community",
        capabilities=Capabilities(**capabilities),
    )
