"""Writes a tree as the Python code that builds it, laid out as a formatter would."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from vocabulary.reading import Entry

__all__ = ["code"]

_WIDTH = 100


def code(tree: dict[str, Any], entries: Mapping[str, Entry]) -> str:
    """Return an expression; `self` in it is the module whose actions the tree names. Defaults are left out."""
    return _code(tree, entries, 0)


def _code(value: Any, entries: Mapping[str, Entry], indent: int) -> str:
    if isinstance(value, list):
        return _wrapped("[", [("", item) for item in value], "]", entries, indent)
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    if "__action__" in value:
        return _action(value["__action__"], value.get("__params__", {}))
    if value.get("type") not in entries:
        return _wrapped("{", [(f"{json.dumps(key)}: ", item) for key, item in value.items()], "}", entries, indent)
    entry = entries[value["type"]]
    props = [(f"{prop.name}=", value[prop.name]) for prop in entry.props if value.get(prop.name) != prop.default]
    return _wrapped(f"{entry.class_name}(", props, ")", entries, indent)


def _action(name: str, params: Mapping[str, Any]) -> str:
    bound = "".join(f", {key}={value!r}" for key, value in params.items())
    return f"ActionRef(self.{name}{bound})".replace("'", '"') if bound else f"self.{name}"


def _wrapped(start: str, items: Iterable[tuple[str, Any]], end: str, entries: Mapping[str, Entry], indent: int) -> str:
    items = list(items)
    line = start + ", ".join(name + _code(item, entries, 0) for name, item in items) + end
    if "\n" not in line and indent + len(line) <= _WIDTH:
        return line
    inner = " " * (indent + 4)
    lines = [f"{inner}{name}{_code(item, entries, indent + 4)}," for name, item in items]
    return "\n".join([start, *lines, " " * indent + end])
