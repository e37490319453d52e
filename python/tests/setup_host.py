"""Setup modules for tests, and how a host talks to the worker of one."""

import struct
from functools import partial
from pathlib import Path
from typing import Any

from contara_worker.messages import Call, Error, LoadSetup, SetupModule
from host import Host

MAIL = SetupModule("mail", "Mail server", "/srv/modules/mail", configured=True)
"""A module as the host tells a hook of it."""


def write_setup(folder: Path, init: str, **files: str) -> Path:
    """Write a setup module's `__init__.py` and further files beside it (`helper="…"` is helper.py)."""
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(init)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def load_setup(host: Host, folder: Path, language: str = "en_US", *, discreet: bool = False) -> list[str]:
    """Import the module in `folder`, whose slug is the folder's name, and return the names of its functions."""
    catalogues = folder.parent / "catalogues"
    answer = host.value(LoadSetup, folder.name, str(folder), str(catalogues), language, discreet)
    functions: list[str] = answer["functions"]
    return functions


def fail_setup(host: Host, folder: Path, *, discreet: bool = False) -> Error:
    """Import a module whose import has to fail."""
    return host.error(LoadSetup, folder.name, str(folder), str(folder.parent), "en_US", discreet)


def call(
    host: Host, function: str, *arguments: Any, module: SetupModule | None = None, language: str | None = None
) -> Any:
    """Call a function that has to succeed."""
    return host.value(partial(Call, module=module, language=language), function, list(arguments))


def fail_call(host: Host, function: str, *arguments: Any, module: SetupModule | None = None) -> Error:
    """Call a function that has to fail."""
    return host.error(partial(Call, module=module), function, list(arguments))


def compiled(texts: dict[str, str]) -> bytes:
    """Return a compiled catalogue (.mo), by its format in the gettext manual."""
    entries = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **texts}.items())
    keys, values = (b"\0".join(entry[side].encode() for entry in entries) + b"\0" for side in (0, 1))
    start = 28 + 16 * len(entries)
    tables = [_table([entry[side] for entry in entries], at) for side, at in ((0, start), (1, start + len(keys)))]
    header = struct.pack("<7I", 0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 0)
    return header + b"".join(tables) + keys + values


def _table(texts: list[str], start: int) -> bytes:
    table = b""
    for text in texts:
        size = len(text.encode())
        table += struct.pack("<2I", size, start)
        start += size + 1
    return table


def write_catalogue(folder: Path, language: str, name: str, **texts: str) -> None:
    """Write `<folder>/<language>/LC_MESSAGES/<name>.mo`."""
    path = folder / language / "LC_MESSAGES" / f"{name}.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(compiled(texts))
