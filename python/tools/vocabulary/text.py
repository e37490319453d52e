"""Texts that the generators share: JSON laid out as the web client's formatter would leave it."""

import json
from typing import Any

__all__ = ["dump"]

WIDTH = 110


def dump(value: Any, indent: int = 0, *, room: int = WIDTH) -> str:
    """JSON with maps one key a line, and lists on one line if they hold no maps and fit into `room` columns."""
    if isinstance(value, dict) and value:
        lines = [f"{json.dumps(key)}: {dump(item, indent + 2)}" for key, item in value.items()]
        return _block("{", lines, "}", indent)
    if isinstance(value, list | tuple) and value:
        line = json.dumps(value, ensure_ascii=False)
        if "{" not in line and indent + len(line) < room:
            return line
        return _block("[", [dump(item, indent + 2) for item in value], "]", indent)
    return json.dumps(value, ensure_ascii=False)


def _block(start: str, lines: list[str], end: str, indent: int) -> str:
    inner = " " * (indent + 2)
    return start + "\n" + ",\n".join(inner + line for line in lines) + "\n" + " " * indent + end
