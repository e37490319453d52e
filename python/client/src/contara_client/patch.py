"""RFC 6902: applying patches. Pure: nothing that is given changes, and what a patch doesn't touch is shared.

Writing patches is the server's; `tests/golden/patch.json` has what all of them have to agree on.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeGuard

__all__ = ["PatchError", "apply"]

_Container: TypeAlias = dict[str, Any] | list[Any]
_Path: TypeAlias = tuple[str, ...]

_BAD_ESCAPE = re.compile(r"~(?![01])")
_INDEX = re.compile(r"0|[1-9][0-9]*")
_INDEX_DIGITS = 18  # more than any list has; and Python refuses to read numbers of thousands of digits


class PatchError(Exception):
    """A patch doesn't fit: `reason` is one of the words of `tests/golden/patch.json`, `op` which operation, from 0."""

    def __init__(self, reason: str, op: int = 0) -> None:
        super().__init__(f"operation {op}: {reason}")
        self.reason = reason
        self.op = op


def apply(document: Any, ops: Sequence[Mapping[str, Any]], at: str = "") -> Any:
    """Give `document` with all of `ops` done, whose paths begin at `at`. Raises `PatchError`."""
    draft = _Draft(document)
    for number, op in enumerate(ops):
        try:
            _apply_one(draft, op, _segments(at))
        except PatchError as error:
            raise PatchError(error.reason, number) from None
    return draft.root


def _apply_one(draft: "_Draft", op: Mapping[str, Any], base: _Path) -> None:
    kind = _text(op, "op")
    if kind not in {"add", "remove", "replace", "move", "copy", "test"}:
        raise PatchError("unknown_op")
    path = base + _segments(_text(op, "path"))
    if kind == "add":
        draft.add(path, _value(op))
    elif kind == "remove":
        draft.remove(path)
    elif kind == "replace":
        draft.replace(path, _value(op))
    elif kind == "test":
        if not _same(draft.get(path), _value(op)):
            raise PatchError("test_failed")
    elif kind == "move":
        draft.move(base + _segments(_text(op, "from")), path)
    else:
        draft.copy(base + _segments(_text(op, "from")), path)


class _Draft:
    """A document that is being changed. Containers of its own are changed in place, others are copied first."""

    def __init__(self, document: Any) -> None:
        self.root = document
        # By id, and kept, so that no other container gets the id of one that was thrown away.
        self._own: dict[int, _Container] = {}

    def get(self, path: _Path) -> Any:
        found = self.root
        for segment in path:
            container = _container(found)
            found = _at(container, _existing(container, segment))
        return found

    def add(self, path: _Path, value: Any) -> None:
        if not path:
            self.root = value
            return
        container = self._open(path[:-1])
        if isinstance(container, list):
            container.insert(_new_index(container, path[-1]), value)
        else:
            container[path[-1]] = value

    def replace(self, path: _Path, value: Any) -> None:
        if not path:
            self.root = value
            return
        container = self._open(path[:-1])
        _put(container, _existing(container, path[-1]), value)

    def remove(self, path: _Path) -> None:
        if not path:
            raise PatchError("no_root")
        container = self._open(path[:-1])
        key = _existing(container, path[-1])
        if isinstance(container, list):
            del container[int(key)]
        else:
            del container[str(key)]

    def move(self, source: _Path, path: _Path) -> None:
        value = self.get(source)
        if source == path:
            return
        if path[: len(source)] == source:
            raise PatchError("into_itself")
        self.remove(source)
        self.add(path, value)

    def copy(self, source: _Path, path: _Path) -> None:
        value = self.get(source)
        self._own.clear()  # from now on it stands in two places, so nothing in it may be changed in place
        self.add(path, value)

    def _open(self, path: _Path) -> _Container:
        """Give the container at `path`; it and all on the way to it may be changed."""
        container = self.root = self._owned(self.root)
        for segment in path:
            key = _existing(container, segment)
            inner = self._owned(_at(container, key))
            _put(container, key, inner)
            container = inner
        return container

    def _owned(self, value: Any) -> _Container:
        container = _container(value)
        if id(container) in self._own:
            return container
        copied = container.copy()
        self._own[id(copied)] = copied
        return copied


def _segments(pointer: str) -> _Path:
    """Read a JSON Pointer (RFC 6901)."""
    if not pointer:
        return ()
    if not pointer.startswith("/") or _BAD_ESCAPE.search(pointer):
        raise PatchError("bad_pointer")
    return tuple(segment.replace("~1", "/").replace("~0", "~") for segment in pointer[1:].split("/"))


def _text(op: Mapping[str, Any], field: str) -> str:
    value = op.get(field)
    if not isinstance(value, str):
        raise PatchError("missing_field")
    return value


def _value(op: Mapping[str, Any]) -> Any:
    if "value" not in op:
        raise PatchError("missing_field")
    return op["value"]


def _is_container(value: Any) -> TypeGuard[_Container]:
    return isinstance(value, dict | list)


def _container(value: Any) -> _Container:
    if not _is_container(value):
        raise PatchError("no_container")
    return value


def _at(container: _Container, key: int | str) -> Any:
    return container[int(key)] if isinstance(container, list) else container[str(key)]


def _put(container: _Container, key: int | str, value: Any) -> None:
    if isinstance(container, list):
        container[int(key)] = value
    else:
        container[str(key)] = value


def _existing(container: _Container, segment: str) -> int | str:
    """Give the index or key of what is there."""
    if isinstance(container, dict):
        if segment not in container:
            raise PatchError("not_found")
        return segment
    index = len(container) if segment == "-" else _index(segment)
    if index >= len(container):
        raise PatchError("not_found")
    return index


def _new_index(items: list[Any], segment: str) -> int:
    """Give where in `items` something is inserted."""
    index = len(items) if segment == "-" else _index(segment)
    if index > len(items):
        raise PatchError("not_found")
    return index


def _index(segment: str) -> int:
    if not _INDEX.fullmatch(segment):
        raise PatchError("bad_index")
    if len(segment) > _INDEX_DIGITS:
        raise PatchError("not_found")
    return int(segment)


def _same(left: Any, right: Any) -> bool:
    """Whether two values are the same in JSON, where `true` isn't 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
