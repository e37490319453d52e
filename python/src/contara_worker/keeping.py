"""Keeping: sends the committed state to the host, which gives it back to the next worker of the module."""

import logging
from typing import Any

import msgspec

from contara_worker.failure import describe
from contara_worker.link import MAX_STATE
from contara_worker.messages import State
from contara_worker.outlet import NextTurn, Outlet
from ContaraNAS.core.module import Module
from ContaraNAS.core.plain import to_plain

__all__ = ["StateKeeper"]

logger = logging.getLogger(__name__)

_SUSPECT = (b"\xcb\x7f", b"\xcb\xff")
"""How floats begin that may be NaN or infinity; where other bytes look the same, the slow way finds nothing."""


class StateKeeper:
    """Sends the state of a module after commits, if it is to be kept, once for commits close to each other.

    Read when it is sent, in the loop: what another thread changes meanwhile may be in it before its commit. `note()`
    may be called from any thread, all else from the loop's.
    """

    def __init__(self, module: Module, outlet: Outlet, *, keep_any: bool) -> None:
        self._state = module.typed_state
        self._link = outlet.link
        self._encoder = msgspec.msgpack.Encoder()
        self._turn = NextTurn(outlet, self.send)
        self._committed = False
        self._last: bytes | None = None
        self._problem: str | None = None
        self.persists = self._state is not None and bool(type(self._state).__contara_persist__)
        self.keeps = self._state is not None and (self.persists or keep_any)

    def note(self) -> None:
        """Note a commit; the state is sent soon."""
        if self.keeps:
            self._committed = True
            self._turn.request()

    def send(self) -> None:
        """Send the state if there was a commit since it was last sent, and it differs."""
        if not self._committed:
            return
        self._committed = False
        self._turn.done()
        try:
            self._send(self._encode(self._state.to_dict()))
        except Exception as error:  # noqa: BLE001 - serializers are the module's code
            self._tell(f"the state can't be kept: {describe(error)}", error)
        else:
            self._problem = None

    def _encode(self, state: dict[str, Any]) -> bytes:
        """Encode a state. Raises `UnserialisableError` for what no message may hold: NaN, infinity, huge integers."""
        try:
            encoded = self._encoder.encode(state)
        except (TypeError, ValueError, OverflowError):
            return self._encoder.encode(to_plain(state, "state"))
        if any(mark in encoded for mark in _SUSPECT):
            return self._encoder.encode(to_plain(state, "state"))
        return encoded

    def _send(self, encoded: bytes) -> None:
        if encoded == self._last:
            return
        if len(encoded) > MAX_STATE:
            raise ValueError(f"{len(encoded):,} bytes are more than a kept state may have ({MAX_STATE:,})")
        self._link.send(State(msgspec.Raw(encoded)))
        self._last = encoded

    def _tell(self, problem: str, error: Exception) -> None:
        """Log a problem once, and not at every commit."""
        if problem != self._problem:
            logger.error(problem, exc_info=error)
        self._problem = problem
