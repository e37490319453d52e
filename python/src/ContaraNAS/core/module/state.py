"""`ModuleState`: the data of a module, checked at assignment, compared with the last commit to know what changed.

Changes are found by fingerprints and not by watching assignments, so that `state.items.append(1)` counts as well.
"""

import hashlib
import pickle
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, PrivateAttr

__all__ = ["ModuleState"]

_SIMPLE = (str, int, float, bool, bytes, type(None))
_UNKNOWN = object()  # of a value that can't be fingerprinted, and hence always counts as changed


class ModuleState(BaseModel):
    """Base of a module's inner `class State`. A wrong value raises `pydantic.ValidationError` at assignment.

    Change fields as you like, then `commit()`: the tile and the modals are rendered and sent. Any thread may commit.
    """

    model_config = ConfigDict(validate_assignment=True, extra="forbid")

    _committed: dict[str, object] = PrivateAttr(default_factory=dict)
    _marked: bool = PrivateAttr(default=False)
    _listener: Callable[[], None] | None = PrivateAttr(default=None)

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self._committed = self._fingerprints()

    @property
    def is_dirty(self) -> bool:
        """Whether anything differs from the last commit, or `mark_dirty()` was called since."""
        return self._marked or bool(self.get_changes())

    def mark_dirty(self) -> None:
        """Count as changed, for changes in places that the state can't see (an attribute of a foreign object)."""
        self._marked = True

    def get_changes(self) -> dict[str, Any]:
        """Fields whose value differs from the last commit, with their present value."""
        committed = self._committed
        return {
            name: getattr(self, name)
            for name, print_ in self._fingerprints().items()
            if print_ is _UNKNOWN or print_ != committed.get(name, _UNKNOWN)
        }

    def commit(self) -> None:
        """Validate what changed in place, take it as the new base, and have the UI rendered and sent.

        Returns at once; commits close to each other are sent as one tree. Outside a worker (in a unit test) it
        only ends dirtiness. Raises `pydantic.ValidationError`, and stays dirty, if e.g. a wrong value was appended.
        """
        self._validate_changes()
        self._committed = self._fingerprints()
        self._marked = False
        if self._listener is not None:
            self._listener()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after every commit, in the thread that commits. For the runtime."""
        self._listener = listener

    def _validate_changes(self) -> None:
        # On a copy: assignment would put Pydantic's own list in place of the one that the author holds.
        changes = {name: value for name, value in self.get_changes().items() if type(value) not in _SIMPLE}
        if changes:
            probe = self.model_copy()
            for name, value in changes.items():
                setattr(probe, name, value)

    def _fingerprints(self) -> dict[str, object]:
        return {name: _fingerprint(getattr(self, name)) for name in type(self).model_fields}


def _fingerprint(value: object) -> object:
    """Something small that differs when the value does. Simple values stand for themselves."""
    if type(value) in _SIMPLE:
        return type(value), value  # the type too, since 1 == True
    try:
        return hashlib.blake2b(pickle.dumps(value, protocol=5), digest_size=16).digest()
    except Exception:  # noqa: BLE001 - a foreign __reduce__ may raise anything; unknown is the safe answer
        return _UNKNOWN
