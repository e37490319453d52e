"""`load_file` and `save_file`: one value in one file, JSON or MessagePack by the file's name."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from ContaraNAS.core.codec import Format, decode, encode

__all__ = ["load_file", "save_file"]

_FORMATS: dict[str, Format] = {".json": "json", ".msgpack": "msgpack", ".mp": "msgpack"}

_Place = str | os.PathLike[str]


def load_file(path: _Place | type[Any], type: Any = Any) -> Any:  # noqa: A002 - the word for it
    """Return what a file holds, as `type` if one is given; both arguments may come in either order.

    Raises `OSError`, e.g. `FileNotFoundError`, and `ValueError` naming the file if what it holds doesn't fit.
    """
    place, kind = (path, type) if isinstance(path, str | os.PathLike) else (type, path)
    file = Path(place)
    try:
        return decode(file.read_bytes(), kind, _format_of(file))
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None


def save_file(path: _Place | Any, value: Any) -> None:
    """Write a value to a file, whole or not at all; both arguments may come in either order, the path as a `Path`.

    Missing folders are made. Raises `OSError`, and `TypeError` for a value that can't be written.
    """
    if isinstance(value, os.PathLike) or not isinstance(path, str | os.PathLike):
        path, value = value, path
    file = Path(path)
    data = encode(value, _format_of(file))
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _format_of(file: Path) -> Format:
    found = _FORMATS.get(file.suffix.lower())
    if found is None:
        raise ValueError(f"{file}: expected a name that ends with {', '.join(_FORMATS)}")
    return found
