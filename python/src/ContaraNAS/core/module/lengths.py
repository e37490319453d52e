"""Lengths of deques: Pydantic and msgspec forget the `maxlen` of a deque that they build, as out of a stored state.

It is taken from the field's default again, in a State and in the models, dataclasses and structs in it.
"""

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from pydantic import BaseModel

__all__ = ["lengths_of", "limit_lengths", "limit_lengths_within"]


@lru_cache(maxsize=512)
def lengths_of(kind: type) -> Mapping[str, int]:
    """Return the `maxlen` of each field of a model, dataclass or struct whose default is a deque with one."""
    defaults = {name: _default(default, factory) for name, default, factory in _fields(kind)}
    return {
        name: default.maxlen
        for name, default in defaults.items()
        if isinstance(default, deque) and default.maxlen is not None
    }


def limit_lengths(owner: Any) -> None:
    """Limit the deques that are fields of `owner` and have no `maxlen`."""
    for name, length in lengths_of(owner.__class__).items():
        value = getattr(owner, name, None)
        if isinstance(value, deque) and value.maxlen is None:
            put = msgspec.structs.force_setattr if isinstance(owner, msgspec.Struct) else object.__setattr__
            put(owner, name, deque(value, length))


def limit_lengths_within(value: Any) -> None:
    """Do so in `value` and in everything that it holds, which must be a tree."""
    limit_lengths(value)
    for part in _parts(value):
        if not isinstance(part, str | int | float | None):
            limit_lengths_within(part)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, list | tuple | deque):
        return value
    return [getattr(value, name, None) for name, _, _ in _fields(type(value))]


def _fields(kind: type) -> list[tuple[str, object, Callable[..., object] | None]]:
    """Return name, default and default factory of each field; of other types none."""
    if issubclass(kind, BaseModel):
        return [(name, field.default, field.default_factory) for name, field in kind.model_fields.items()]
    if issubclass(kind, msgspec.Struct):
        return [(field.name, field.default, _factory(field.default_factory)) for field in msgspec.structs.fields(kind)]
    if dataclasses.is_dataclass(kind):
        return [(field.name, field.default, _factory(field.default_factory)) for field in dataclasses.fields(kind)]
    return []


def _factory(factory: object) -> Callable[..., object] | None:
    return factory if callable(factory) else None


def _default(default: object, factory: Callable[..., object] | None) -> object:
    if factory is None:
        return default
    try:
        return factory()
    except Exception:  # noqa: BLE001 - an author's factory, or one that takes the fields before it
        return None
