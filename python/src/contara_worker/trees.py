"""Trees as bytes: the fast way from components to MessagePack, and back as the host has them.

A component is encoded as its props stand, nulls included: to leave them out here would cost more than all the rest. The
host drops them from maps whose first key is `type`, which is how it tells components from maps of the author's.
"""

import re
from collections import deque
from typing import Any

import msgspec

from contara_worker.messages import Ui
from ContaraNAS.core.plain import Shaped, to_plain

__all__ = ["as_received", "decode_tree", "encode_tree", "without_nulls"]

# What a tree may not hold, as it would stand in MessagePack. Each is looked for where a certain byte stands, and that
# byte first: to find one is a hundred times as fast as to find two. Other bytes may look the same; the slow way then
# finds nothing.
_SUSPECT = (
    # NaN and infinity without a sign.
    (0x7F, re.compile(rb"\x7f(?<=\xcb\x7f)[\xf0-\xff]")),
    # The same with a sign; timestamp extensions, where the browser gets text.
    (0xFF, re.compile(rb"\xff(?:(?<=\xcb\xff)[\xf0-\xff]|(?<=[\xd6\xd7]\xff)|(?<=\xc7\x0c\xff))")),
    # A datetime without a zone and a time of day in UTC, as msgspec would write them, at their first colon; `to_plain`
    # gives the former its zone and the latter `+00:00`. Components refuse or replace both when built, so this is for
    # what was assigned to them later.
    (0x3A, re.compile(rb":(?:(?<=[\xb3\xba]\d{4}-\d\d-\d\dT\d\d:)|(?<=[\xa9\xb0]\d\d:)\d\d:\d\d[.\d]*Z)")),
)


def encode_tree(tree: object, path: str) -> bytes:
    """Return `tree`, which stands at `path`, as MessagePack. Raises `UnserialisableError` with a place."""
    try:
        encoded = _encoder.encode(tree)
    except (TypeError, ValueError, OverflowError, AttributeError):
        return _encoder.encode(to_plain(tree, path))
    if _is_suspect(encoded):
        return _encoder.encode(to_plain(tree, path))
    return encoded


def decode_tree(encoded: bytes) -> Any:
    """Return a tree as plain values, as the host passes it on."""
    return without_nulls(msgspec.msgpack.decode(encoded))


def without_nulls(tree: Any) -> Any:
    """Return a decoded tree without the nulls of components: what the host does to each tree that it gets."""
    if isinstance(tree, list):
        return [without_nulls(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    is_component = next(iter(tree), None) == "type" and isinstance(tree["type"], str)
    return {key: without_nulls(value) for key, value in tree.items() if value is not None or not is_component}


def as_received(ui: Ui) -> Ui:
    """Return a decoded `ui` as the host has it: its trees without the nulls of components."""
    return Ui(ui.revision, without_nulls(ui.tile), without_nulls(ui.modals), without_nulls(ui.page))


def _is_suspect(encoded: bytes) -> bool:
    return any(byte in encoded and pattern.search(encoded) is not None for byte, pattern in _SUSPECT)


def _encode_other(value: object) -> Any:
    """Turn what msgspec doesn't know into what it does; it calls this once for every component."""
    if isinstance(value, Shaped):
        return value.wire()
    if isinstance(value, deque):
        return list(value)
    raise TypeError(type(value).__name__)


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_other)
