"""Reads the module author guide: its pages in order, and what each fenced block is.

A block's first line says what is done with it. `python hello/__init__.py`, `json hello/module.json` and so on are
files; `python` without a path is run as it stands; `console` holds commands, which the daemon's tests run
(`crates/contara/tests/daemon/guide.rs`); `text` is a picture in words.
"""

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["GUIDE", "Block", "blocks", "pages"]

GUIDE = Path(__file__).parents[2] / "docs" / "guide"

_FENCE = re.compile(r"^```(?P<info>.*)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
_LINK = re.compile(r"\]\((?P<target>[\w./-]+\.md)[#)]")


@dataclass(frozen=True)
class Block:
    """A fenced block. `line` is that of its fence; `path` is relative to the folder that holds the modules."""

    page: Path
    line: int
    language: str
    path: str | None
    body: str

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.page.name}:{self.line}"


def pages() -> list[Path]:
    """Return the pages in the order in which README.md names them."""
    first = GUIDE / "README.md"
    named = [GUIDE / match["target"] for match in _LINK.finditer(first.read_text("utf-8"))]
    return [first, *(page for page in dict.fromkeys(named) if page.parent == GUIDE)]


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page."""
    text = page.read_text("utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, _, path = match["info"].strip().partition(" ")
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(page, line, language, path or None, match["body"]))
    return found
