"""Text from the programs that a setup module starts.

These modules were written when what a program printed was text, and so they split, strip and compare it as such. In
the module's own files `subprocess` therefore gives text where nobody says otherwise; it still takes `.decode()` and
bytes to split or compare with, for those that were written later. Libraries get bytes, as they expect.
"""

import inspect
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["PipeText", "give_text"]

_ENCODING = "utf-8"
_ERRORS = "replace"
_EXPLICIT = ("text", "universal_newlines", "encoding", "errors")
_ORIGINAL = subprocess.Popen
_SIGNATURE = inspect.signature(_ORIGINAL)
_PASSED_THROUGH = {subprocess.__file__, __file__}


class PipeText(str):
    """Text that a program printed, and that bytes may be compared with. What is made of it is the same."""

    __slots__ = ()
    __hash__ = str.__hash__

    def decode(self, encoding: str = _ENCODING, errors: str = _ERRORS) -> str:
        """Return the text; it was decoded when it was read."""
        del encoding, errors
        return str(self)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, _as_text(other)) is True

    def __ne__(self, other: object) -> bool:
        return not self == other


def _as_text(value: Any) -> Any:
    """Return bytes as text, also in a tuple (of prefixes); anything else as it is."""
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode(_ENCODING, _ERRORS)
    return tuple(_as_text(item) for item in value) if isinstance(value, tuple) else value


def _as_pipe_text(value: Any) -> Any:
    """Return text as what still takes `.decode()`, also in a list or a tuple."""
    if isinstance(value, list | tuple):
        return type(value)(_as_pipe_text(item) for item in value)
    return PipeText(value) if isinstance(value, str) else value


def _lenient(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: PipeText, *args: Any, **kwargs: Any) -> Any:
        return _as_pipe_text(method(self, *map(_as_text, args), **kwargs))

    return call


for _name in (
    *("__add__", "__contains__", "__getitem__", "count", "endswith", "expandtabs", "find", "index", "join", "lower"),
    *("lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit"),
    *("rstrip", "split", "splitlines", "startswith", "strip", "title", "upper"),
):
    setattr(PipeText, _name, _lenient(getattr(str, _name)))


class _Output(io.TextIOWrapper):
    """A program's output."""

    def read(self, size: int | None = -1, /) -> str:
        return PipeText(super().read(size))

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        return PipeText(super().readline(size))


class _Input(io.TextIOWrapper):
    """A program's input; it takes bytes too."""

    def write(self, text: str | bytes, /) -> int:
        if isinstance(text, str):
            return super().write(text)
        self.flush()
        self.buffer.write(text)
        return len(text)


class _Encoded(bytes):
    """Input that is bytes already, where `communicate` would encode a text."""

    def encode(self, *_: Any) -> bytes:
        return self


def give_text(folder: Path) -> None:
    """From now on give text to what is written in `folder`."""
    prefix = f"{folder}/"

    class Popen(_ORIGINAL[Any]):
        """As `subprocess.Popen`, with text for the module's own files."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self._gives_text = not _is_explicit(args, kwargs) and _caller().startswith(prefix)
            if self._gives_text:
                kwargs.update(encoding=_ENCODING, errors=_ERRORS)
            super().__init__(*args, **kwargs)
            if self._gives_text:
                self._wrap_pipes()

        def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:  # noqa: A002
            if self._gives_text and isinstance(input, bytes | bytearray):
                input = _Encoded(input)  # noqa: A001 - the name is subprocess's
            out, errors = super().communicate(input, timeout)
            return (_as_pipe_text(out), _as_pipe_text(errors)) if self._gives_text else (out, errors)

        def _wrap_pipes(self) -> None:
            if isinstance(self.stdout, io.TextIOWrapper):
                self.stdout = _Output(self.stdout.detach(), _ENCODING, _ERRORS)
            if isinstance(self.stderr, io.TextIOWrapper):
                self.stderr = _Output(self.stderr.detach(), _ENCODING, _ERRORS)
            if isinstance(self.stdin, io.TextIOWrapper):
                lines = self.stdin.line_buffering
                pipe = self.stdin.detach()
                self.stdin = _Input(pipe, _ENCODING, _ERRORS, line_buffering=lines, write_through=True)

    subprocess.Popen = Popen  # type: ignore[misc]


def _is_explicit(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether somebody says what the pipes shall give."""
    try:
        given = _SIGNATURE.bind(*args, **kwargs).arguments
    except TypeError:  # which the real one raises in a moment
        return True
    return any(given.get(name) is not None for name in _EXPLICIT)


def _caller() -> str:
    """Return the file of the code that called `subprocess`."""
    frame = sys._getframe(1)  # the only way to know who calls, as `warnings` and `logging` do it
    while frame.f_back is not None and frame.f_code.co_filename in _PASSED_THROUGH:
        frame = frame.f_back
    return frame.f_code.co_filename
