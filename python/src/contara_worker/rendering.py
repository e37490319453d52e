"""Rendering: from a module to `ui` messages. Decides when a tree is made, and whether it is worth sending."""

import asyncio
import contextlib
import re
import threading
from collections import deque
from typing import Any

import msgspec

from contara_worker.failure import Reporter, describe
from contara_worker.link import FrameTooLargeError, Link
from contara_worker.messages import Ui, UiFailed
from ContaraNAS.core.exceptions import UnserialisableError
from ContaraNAS.core.module import Module
from ContaraNAS.core.plain import Shaped, to_plain
from ContaraNAS.core.ui import Component, Tile

__all__ = ["Renderer", "encode_tree"]

# What a tree may not hold, as it would stand in MessagePack: floats that begin like NaN and infinity, and timestamp
# extensions, where the browser gets text. Other bytes may look the same; the slow way then finds nothing.
_SUSPECT = (b"\xcb\x7f", b"\xcb\xff", b"\xd6\xff", b"\xd7\xff", b"\xc7\x0c\xff")

# A datetime without a zone and a time of day in UTC, as msgspec would write them; `to_plain` gives the former its zone
# and the latter `+00:00`. Components refuse or replace both when built, so this is for what was assigned to them later.
_TIME = re.compile(rb"[\xb3\xba\xa9\xb0]\d\d(?:\d\d-\d\d-\d\dT|:\d\d:\d\d[.\d]*Z)")


def encode_tree(tree: object, path: str) -> bytes:
    """Return `tree` as MessagePack, nulls of components left out. Raises `UnserialisableError` naming the place."""
    try:
        encoded = _encoder.encode(tree)
    except (TypeError, ValueError, OverflowError):
        return _encoder.encode(to_plain(tree, path))
    if any(mark in encoded for mark in _SUSPECT) or (b":" in encoded and _TIME.search(encoded)):
        return _encoder.encode(to_plain(tree, path))
    return encoded


def _encode_other(value: object) -> Any:
    """Turn what msgspec doesn't know into what it does; it calls this once for every component."""
    if isinstance(value, Shaped):
        return value.shape()
    if isinstance(value, deque):
        return list(value)
    raise TypeError(type(value).__name__)


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_other)


class Renderer:
    """Renders a module at most once per turn of the loop and sends what differs from the last tree.

    `request()` may be called from any thread, all else from the loop's.
    """

    def __init__(self, module: Module, link: Link, reporter: Reporter) -> None:
        self._module = module
        self._link = link
        self._reporter = reporter
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._revision = 0
        self._open = False
        self._requested = False
        self._last: tuple[bytes, bytes] | None = None

    def open(self) -> None:
        """Begin to send trees, and send the first one."""
        self._open = True
        self._last = None
        self.render()

    def close(self) -> None:
        """Send no more trees."""
        self._open = False

    def request(self) -> None:
        """Render in the next turn of the loop; many requests before it make one tree."""
        if self._requested:
            return
        self._requested = True
        if threading.get_ident() == self._thread:
            self._loop.call_soon(self._render_requested)
            return
        with contextlib.suppress(RuntimeError):  # a thread of the module outlived the loop
            self._loop.call_soon_threadsafe(self._render_requested)

    def render(self) -> None:
        """Render now; an earlier request is thereby done."""
        self._requested = False
        if not self._open:
            return
        try:
            self._send(*self._encode())
        except BaseException as error:  # noqa: BLE001 - SystemExit in get_tile() is a faulty tile, no reason to end
            self._link.send(UiFailed(describe(error), self._reporter.traceback(error)))

    def _render_requested(self) -> None:
        if not self._requested:
            return
        if self._link.is_full:
            # The host is behind: what it gets next is the latest tree and not each one that was missed.
            self._link.when_drained(self._render_requested)
            return
        self.render()

    def _encode(self) -> tuple[bytes, bytes]:
        tile = self._module.get_tile()
        if tile is not None and not isinstance(tile, Tile):
            raise TypeError(f"get_tile() returned {type(tile).__name__}; expected a Tile or None")
        modals = self._module.get_modals() or []
        if not all(isinstance(modal, Component) for modal in modals):
            raise TypeError("get_modals() returned something else than a list of components")
        return encode_tree(tile, "tile"), encode_tree(list(modals), "modals")

    def _send(self, tile: bytes, modals: bytes) -> None:
        if (tile, modals) == self._last:
            return
        message = Ui(self._revision + 1, msgspec.Raw(tile), msgspec.Raw(modals))
        try:
            self._link.send(message)
        except FrameTooLargeError as error:
            raise UnserialisableError(f"the tile and the modals are too large: {error}") from None
        self._revision += 1
        self._last = (tile, modals)
