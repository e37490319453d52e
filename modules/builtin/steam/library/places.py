"""Where libraries can be: the folders that each kind of install uses, and those that its `libraryfolders.vdf` names."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..vdf import Tree

__all__ = ["Place", "default_homes", "extra_places", "folders_file", "installations", "is_full_path", "named_places"]

_INSTALLS = (
    ("Native", ".steam/steam"),
    ("Native", ".steam/root"),
    ("Native", ".steam/debian-installation"),
    ("Native", ".local/share/Steam"),
    ("Flatpak", ".var/app/com.valvesoftware.Steam/.local/share/Steam"),
    ("Flatpak", ".var/app/com.valvesoftware.Steam/data/Steam"),
    ("Snap", "snap/steam/common/.local/share/Steam"),
)
"""Below a home; the first ones are links to one of the others as a rule."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that is or was a library; its path has no links in it, so that one folder has one path."""

    path: Path
    kind: str


def default_homes(everybody: Path = Path("/home")) -> list[Path]:
    """Return the home of the user that Contara runs as, and those in /home that this user may read."""
    own = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    try:
        others = sorted(home for home in everybody.iterdir() if os.access(home, os.R_OK | os.X_OK))
    except OSError:
        others = []
    return list(dict.fromkeys([own, *others]))


def installations(homes: Iterable[Path]) -> Iterator[Place]:
    """Yield the folders into which Steam is installed, each once."""
    seen = set()
    for home in homes:
        for kind, below in _INSTALLS:
            path = Path(os.path.realpath(home / below))
            # Not Path.is_dir(): that raises for a folder in a home which is closed to us.
            if path not in seen and os.path.isdir(path):  # noqa: PTH112
                seen.add(path)
                yield Place(path, kind)


def folders_file(installation: Place) -> Path:
    """Return the file that lists an installation's further libraries. It may not exist."""
    usual = installation.path / "steamapps/libraryfolders.vdf"
    older = installation.path / "config/libraryfolders.vdf"
    return older if os.path.exists(older) and not os.path.exists(usual) else usual  # noqa: PTH110 - as above


def named_places(folders: Tree) -> Iterator[Place]:
    """Yield the libraries that a `libraryfolders.vdf` names, apart from the installation's own, which is number 0."""
    entries = folders.get("libraryfolders")
    for number, entry in entries.items() if isinstance(entries, dict) else ():
        # Up to 2021 the entry was the path itself; beside the numbers stand a few other things.
        path = entry.get("path") if isinstance(entry, dict) else entry
        if number.isdigit() and number != "0" and isinstance(path, str) and is_full_path(path):
            yield Place(Path(os.path.realpath(path)), "Custom")


def is_full_path(path: str) -> bool:
    """Whether this can be a folder's path whatever folder we are in."""
    return path.startswith("/") and "\0" not in path


def extra_places(paths: Iterable[str]) -> Iterator[Place]:
    """Yield the libraries that the user named: folders with a `steamapps` in them, or `steamapps` itself."""
    for text in paths:
        path = Path(os.path.realpath(text))
        yield Place(path.parent if path.name == "steamapps" else path, "Custom")
