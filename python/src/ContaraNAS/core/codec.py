"""`encode`, `decode`, `to_builtins`: values to bytes and back, as JSON or MessagePack, typed if one likes.

Besides what msgspec knows (dataclasses, structs, datetimes, enums, sets, …) these take Pydantic models and deques.
"""

from collections import deque
from typing import Any, Literal, TypeVar, get_origin, overload

import msgspec
from pydantic import BaseModel

__all__ = ["Format", "decode", "decode_other", "encode", "encode_other", "to_builtins"]

T = TypeVar("T")

Format = Literal["json", "msgpack"]


def to_builtins(value: Any) -> Any:
    """Return `value` as None, bool, int, float, str, list and dict. Raises `TypeError` for what can't be."""
    return msgspec.to_builtins(value, enc_hook=encode_other, str_keys=True)


def encode(value: Any, format: Format = "json") -> bytes:  # noqa: A002 - the word for it
    """Return `value` as JSON (the default) or MessagePack. Raises `TypeError` for what can't be."""
    if format == "msgpack":
        return msgspec.msgpack.encode(value, enc_hook=encode_other)
    return msgspec.json.encode(value, enc_hook=encode_other)


@overload
def decode(data: bytes | str, type: type[T], format: Format = "json") -> T: ...
@overload
def decode(data: bytes | str, type: Any = Any, format: Format = "json") -> Any: ...
def decode(data: bytes | str, type: Any = Any, format: Format = "json") -> Any:  # noqa: A002 - the words for them
    """Read JSON (the default) or MessagePack, as `type` if one is given. Raises `ValueError` for what doesn't fit."""
    try:
        if format == "msgpack":
            raw = data.encode() if isinstance(data, str) else data
            return msgspec.msgpack.decode(raw, type=type, dec_hook=decode_other)
        return msgspec.json.decode(data, type=type, dec_hook=decode_other)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None


def encode_other(value: Any) -> Any:
    """Turn what msgspec doesn't know into what it does: its `enc_hook`. Raises `TypeError`."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, deque):
        return list(value)
    raise TypeError(f"a value of type {type(value).__name__} can't be encoded")


def decode_other(expected: Any, value: Any) -> Any:
    """Build what msgspec doesn't know: its `dec_hook`. Raises `ValueError`, `NotImplementedError` for other types."""
    kind = get_origin(expected) or expected
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_validate(value)
    if kind is deque:
        return deque(msgspec.convert(value, list[expected.__args__] if get_origin(expected) else list))
    raise NotImplementedError(f"a {kind} can't be decoded")
