"""Steam's text format, "KeyValues" in Valve's wiki. Names come in lower case, since Steam ignores their case."""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

__all__ = ["Tree", "VdfError", "parse"]

Tree: TypeAlias = dict[str, "str | Tree"]

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*) | "(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<open>{) | (?P<close>})
      | \[(?P<condition>[^\]\n]*)\] | (?P<bare>[^\s"{}\[\]]+)""",
    re.VERBOSE | re.DOTALL,
)
_HERE = {"$LINUX", "$POSIX", "!$WIN32", "!$WINDOWS", "!$OSX", "!$X360"}  # conditions that hold on Linux


class VdfError(ValueError):
    """The text isn't VDF, or only half of it is there. `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def parse(text: str) -> Tree:
    """Return the tree of `text`. Raises `VdfError`, e.g. for a file that is half written."""
    return _block(_tokens(text), opened=None)


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise VdfError(line, "a quote is never closed" if text[at] == '"' else f"{text[at]!r} has no meaning here")
        kind = str(match.lastgroup)
        if kind != "space":
            yield _Token(kind, _unescape(match[kind]) if kind == "quoted" else match[kind], line)
        line += match[0].count("\n")
        at = match.end()
    yield _Token("end", "", line)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text, flags=re.DOTALL)


def _block(tokens: Iterator[_Token], opened: int | None) -> Tree:
    """Read pairs up to the closing brace. `opened` is the line of the opening one, None for the whole file."""
    pairs: list[tuple[str, str | Tree]] = []
    for token in tokens:
        if token.kind in {"quoted", "bare"}:
            pairs.append((token.text.lower(), _value(tokens, token)))
        elif token.kind == "condition" and pairs:  # it belongs to the pair before
            del pairs[len(pairs) - (token.text.upper() not in _HERE) :]
        elif token.kind == ("end" if opened is None else "close"):
            break
        elif token.kind == "end":
            raise VdfError(opened or 1, "this { is never closed; the file may be half written")
        else:
            raise VdfError(token.line, f"expected a name, found {token.text}")
    return dict(pairs)


def _value(tokens: Iterator[_Token], name: _Token) -> "str | Tree":
    token = next(tokens)
    if token.kind in {"quoted", "bare"}:
        return token.text
    if token.kind == "open":
        return _block(tokens, token.line)
    raise VdfError(name.line, f'expected a value or {{ after "{name.text}"')
