"""A problem as the host reads it: where, what, why it fails, what to do."""

import ast
from pathlib import Path
from traceback import extract_tb
from typing import Literal

import msgspec

__all__ = ["Problem", "at", "error", "place_of", "warning"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`file` is relative to the module's folder; `line` and `column` count from 1. Null where there is no one place."""

    severity: Literal["error", "warning"]
    message: str
    help: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None


def error(file: str, node: ast.AST, message: str, help: str) -> Problem:  # noqa: A002 - the name on the wire
    """Return the problem of a module that can't be used like this."""
    return at(file, node, "error", message, help)


def warning(file: str, node: ast.AST, message: str, help: str) -> Problem:  # noqa: A002
    """Return the problem of a module that works, though likely not as its author means."""
    return at(file, node, "warning", message, help)


def at(
    file: str,
    node: ast.AST,
    severity: Literal["error", "warning"],
    message: str,
    help: str,  # noqa: A002
) -> Problem:
    """Return a problem at the place of `node`."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
    return Problem(severity=severity, message=message, help=help, file=file, line=line, column=column)


def place_of(error: BaseException, folder: Path) -> tuple[str | None, int | None]:
    """Return file and line in the module where an error comes from: the innermost frame in its folder."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return Path(error.filename).relative_to(folder).as_posix(), error.lineno
    inside = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(folder)]
    if not inside:
        return None, None
    return Path(inside[-1].filename).relative_to(folder).as_posix(), inside[-1].lineno
