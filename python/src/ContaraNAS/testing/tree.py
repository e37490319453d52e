"""Reading a tree in a test: components by type, by the words on them, and by their props.

It reads what is sent to the browser and not the Python objects, so that a test sees what people see.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ContaraNAS.testing.errors import NotFound

__all__ = ["Node", "one"]

_CAPTIONS = ("label", "title", "text", "content", "message", "alt")
"""Props that say what a component is called, the first that is set counts."""

_WORDS = ("title", "label", "text", "content", "message", "value", "sublabel", "help", "error")
"""Props that people read, in the order in which they stand on the page."""

_FIELDS = frozenset({"input", "select", "toggle", "checkbox"})
_STATS = frozenset({"stat", "stat_small", "stat_card"})
_LISTED = 20  # more of what there is helps nobody


class Node:
    """One component of a tree. Its props are attributes: `node.label`, `node.value`; those left out are None.

    Raises `AttributeError` for what is no prop of this type. `raw` is the component as it was sent.
    """

    def __init__(self, raw: Mapping[str, Any], props: Mapping[str, frozenset[str]]) -> None:
        self.raw = raw
        self._props = props

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.raw:
            return self._wrap(name, self.raw[name])
        known = self._props.get(self.type, frozenset())
        if name in known:
            return None
        raise AttributeError(f"{self!r} has no prop {name!r}; it has {_join(sorted({*known, *self.raw}))}")

    def __repr__(self) -> str:
        caption = self.caption
        value = f" value={self.raw['value']!r}" if "value" in self.raw else ""
        name = f" name={self.raw['name']!r}" if "name" in self.raw else ""
        return f"<{self.type}{'' if caption is None else f' {caption!r}'}{name}{value}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.raw == other.raw

    __hash__ = None  # type: ignore[assignment]  # compared by what it holds, which is no key

    @property
    def type(self) -> str:
        """The component's type: `"stat"`, `"button"`, ..."""
        return str(self.raw["type"])

    @property
    def caption(self) -> str | None:
        """What the component is called on the page: its label, else its title, text, content or message."""
        texts = (self.raw[name] for name in _CAPTIONS if isinstance(self.raw.get(name), str))
        return next(texts, None)

    @property
    def children(self) -> "list[Node]":
        """The components right inside this one, in the order of its props."""
        return [Node(raw, self._props) for name, value in self.raw.items() for raw in _components(name, value)]

    def walk(self) -> "Iterator[Node]":
        """Give this component and all inside it, outer before inner."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find_all(self, type: str | None = None, label: str | None = None, **props: Any) -> "list[Node]":  # noqa: A002
        """Return every component inside (or this one) of a type, called `label`, with these props."""
        return [
            node
            for node in self.walk()
            if (type is None or node.type == type)
            and (label is None or node.caption == label)
            and all(node.raw.get(name) == value for name, value in props.items())
        ]

    def find(self, type: str | None = None, label: str | None = None, **props: Any) -> "Node":  # noqa: A002
        """Return the one component that `find_all()` finds. Raises `NotFound` when there is none, or several."""
        what = _description(type, label, props)
        return one(self.find_all(type, label, **props), what, self, self.find_all(type))

    def has(self, type: str | None = None, label: str | None = None, **props: Any) -> bool:  # noqa: A002
        """Whether `find_all()` finds anything."""
        return bool(self.find_all(type, label, **props))

    def stat(self, label: str) -> "Node":
        """Return the stat of any size with this label."""
        stats = [node for node in self.walk() if node.type in _STATS]
        return one([node for node in stats if node.caption == label], f"a stat labelled {label!r}", self, stats)

    def button(self, label: str) -> "Node":
        """Return the button with this label."""
        return self.find("button", label)

    def field(self, name: str) -> "Node":
        """Return the input, select, toggle or checkbox of this name."""
        fields = [node for node in self.walk() if node.type in _FIELDS]
        return one([node for node in fields if node.name == name], f"a field named {name!r}", self, fields)

    def text(self) -> str:
        """Return the words that people read in this component, one line for each component."""
        return "\n".join(line for node in self.walk() if (line := _line(node.raw)))

    def _wrap(self, name: str, value: Any) -> Any:
        inside = _components(name, value)
        if not inside:
            return value
        nodes = [Node(raw, self._props) for raw in inside]
        return nodes[0] if isinstance(value, Mapping) else nodes


def one(found: list[Node], what: str, where: Node, candidates: list[Node]) -> Node:
    """Return the only one of `found`. Raises `NotFound`, which lists `candidates` when there is none."""
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(f"{where!r} has {len(found)} of {what}: {_join([repr(node) for node in found])}")
    raise NotFound(f"{where!r} has no {what.removeprefix('a ')}; it has {_join([repr(node) for node in candidates])}")


def _components(name: str, value: Any) -> list[Mapping[str, Any]]:
    """Give the components that a prop holds. A table's rows are data, whatever their keys are."""
    if name in {"data", "value"}:
        return []
    items = value if isinstance(value, list | tuple) else [value]
    found = [item for item in items if isinstance(item, Mapping) and isinstance(item.get("type"), str)]
    return found if len(found) == len(items) else []


def _line(raw: Mapping[str, Any]) -> str:
    words = [raw[name] for name in _WORDS if isinstance(raw.get(name), str | int | float)]
    if raw["type"] == "table":
        words += [cell for row in raw.get("data", ()) for cell in _cells(raw, row)] or [raw.get("empty_message", "")]
    return " ".join(str(word) for word in words if word != "")


def _cells(table: Mapping[str, Any], row: Mapping[str, Any]) -> list[Any]:
    return [row.get(column["key"], "") for column in table.get("columns", ())]


def _description(type_: str | None, label: str | None, props: Mapping[str, Any]) -> str:
    parts = [f"labelled {label!r}"] if label is not None else []
    parts += [f"with {name}={value!r}" for name, value in props.items()]
    return " ".join([f"a {type_ or 'component'}", *parts])


def _join(texts: list[str]) -> str:
    listed = ", ".join(texts[:_LISTED]) or "none"
    return listed if len(texts) <= _LISTED else f"{listed} and {len(texts) - _LISTED} more"
