"""`ModuleState`: the data of a module, checked at assignment, compared with the last commit to know what changed.

Changes are found by fingerprints and not by watching assignments, so that `state.items.append(1)` counts as well.
Where a committed state goes is the runtime's business.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from ContaraNAS.core.codec import to_builtins
from ContaraNAS.core.describe import describe_errors
from ContaraNAS.core.exceptions import UnserialisableError
from ContaraNAS.core.module.fingerprint import SIMPLE, UNKNOWN, Fingerprint, fingerprint
from ContaraNAS.core.module.lengths import lengths_of, limit_lengths, limit_lengths_within
from ContaraNAS.core.structs import teach_structs

__all__ = ["ModuleState", "describe_problem"]

teach_structs()

_changing = threading.RLock()
"""Held while a field is assigned or a state is committed: Pydantic puts all fields anew for one that changes."""

_TRIES = 20  # as often a state is read again that another thread changed meanwhile


class ModuleState(BaseModel):
    """Base of a module's inner `class State`. A wrong value raises `pydantic.ValidationError` at assignment.

    Change fields as you like, then `commit()`: the tile and the modals are rendered and sent. Any thread may commit.
    With `class State(ModuleState, persist=True)` the last committed state is there again after a restart.
    """

    model_config = ConfigDict(
        validate_assignment=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        ser_json_inf_nan="constants",
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )

    __contara_persist__: ClassVar[bool] = False

    _committed: dict[str, object] = PrivateAttr(default_factory=dict)
    _marked: bool = PrivateAttr(default=False)
    _listener: Callable[[], None] | None = PrivateAttr(default=None)

    def __init_subclass__(cls, *, persist: bool | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if persist is not None:
            cls.__contara_persist__ = persist

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        limit_lengths(self)
        self._inner["_committed"] = self._fingerprints()

    if not TYPE_CHECKING:  # for a type checker any attribute would exist

        def __setattr__(self, name: str, value: Any) -> None:
            with _changing:
                super().__setattr__(name, value)
                if name in lengths_of(type(self)):
                    limit_lengths(self)

    def __eq__(self, other: object) -> bool:
        # By the fields alone: when each was committed is no part of what a state says.
        return type(other) is type(self) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # as every mutable value

    @property
    def is_dirty(self) -> bool:
        """Whether anything differs from the last commit, or `mark_dirty()` was called since."""
        inner = self._inner
        return inner["_marked"] or bool(self._changed(self._fingerprints()))

    def mark_dirty(self) -> None:
        """Count as changed, for changes in places that the state can't see (an attribute of a foreign object)."""
        self._inner["_marked"] = True

    def get_changes(self) -> dict[str, Any]:
        """Fields whose value differs from the last commit, with their present value."""
        return {name: getattr(self, name) for name in self._changed(self._fingerprints())}

    def commit(self) -> None:
        """Validate what changed in place, take it as the new base, and have the UI rendered and sent.

        Returns at once; commits close to each other are sent as one tree. Outside a worker (in a unit test) it
        only ends dirtiness. Raises `pydantic.ValidationError`, and stays dirty, if e.g. a wrong value was appended.
        """
        with _changing:
            prints = self._fingerprints()
            self._validate(prints)
            inner = self._inner
            inner["_committed"] = prints
            inner["_marked"] = False
        listener = inner["_listener"]
        if listener is not None:
            listener()

    def to_dict(self) -> dict[str, Any]:
        """Return all fields as plain values, the way serializers say, fit for JSON and MessagePack.

        Raises `UnserialisableError` for what can't be said that way.
        """
        for _ in range(_TRIES):
            try:
                return self.model_dump(mode="json")
            except (PydanticSerializationError, UnicodeDecodeError) as error:  # the latter of bytes in a nested model
                raise UnserialisableError(f"state: {error}") from None
            except RuntimeError:  # another thread changed it meanwhile
                continue
        raise UnserialisableError("state: another thread changes it all the time")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a state from a map of values, or from what `to_dict()` gave. Raises `pydantic.ValidationError`."""
        fields = {name: value for name, value in data.items() if name not in cls.model_computed_fields}
        try:
            # As JSON, the inverse of `to_dict()`: text becomes a datetime and a list a set, in strict models too.
            text = to_json(fields, bytes_mode="base64", inf_nan_mode="constants", fallback=to_builtins)
        except (PydanticSerializationError, TypeError):
            return cls.model_validate(fields)
        state = cls.model_validate_json(text)
        limit_lengths_within(state)
        state._inner["_committed"] = state._fingerprints()
        return state

    def reset(self) -> None:
        """Put every field back to its default; counts as a change like any other, so commit it."""
        self._take(type(self)())

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take all values from what `to_dict()` gave, as if they had just been committed. For the runtime.

        Raises `pydantic.ValidationError`, and leaves everything as it was.
        """
        self._take(type(self).from_dict(data))
        self._inner["_committed"] = self._fingerprints()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after every commit, in the thread that commits. For the runtime."""
        self._inner["_listener"] = listener

    @property
    def _inner(self) -> dict[str, Any]:
        """The private attributes. Through Pydantic's own way to them, each access would take ten times as long."""
        private: dict[str, Any] = self.__pydantic_private__  # type: ignore[assignment]  # there are some
        return private

    def _take(self, other: Self) -> None:
        with _changing:
            for name in type(self).model_fields:
                self.__dict__[name] = other.__dict__[name]

    def _validate(self, prints: Mapping[str, object]) -> None:
        """Check what was changed in place. Assigned values are right already, as are numbers of a plain history."""
        names = [
            name
            for name in self._changed(prints)
            if type(getattr(self, name)) not in SIMPLE and not self._is_history(name, prints[name])
        ]
        if not names:
            return
        # On a copy: assignment would put Pydantic's own list in place of the one that the author holds.
        probe = self.model_copy()
        for name in names:
            self._validate_on(probe, name)

    def _validate_on(self, probe: Self, name: str) -> None:
        for _ in range(_TRIES):
            try:
                self.__pydantic_validator__.validate_assignment(probe, name, getattr(self, name))
            except RuntimeError:  # another thread changed it meanwhile
                continue
            return

    def _is_history(self, name: str, print_: object) -> bool:
        field = type(self).model_fields[name]
        is_plain = field.annotation in (list[float], deque[float]) and not field.metadata
        return is_plain and isinstance(print_, Fingerprint) and print_.only_floats

    def _changed(self, prints: Mapping[str, object]) -> list[str]:
        committed = self._inner["_committed"]
        return [name for name, print_ in prints.items() if _differs(print_, committed.get(name))]

    def _fingerprints(self) -> dict[str, object]:
        return {name: fingerprint(getattr(self, name)) for name in type(self).model_fields}


def describe_problem(state: type[ModuleState], error: ValidationError) -> str:
    """Say why stored values don't fit a state any more, a line per field: `counter: expected an integer, got 'x'`."""
    lines = describe_errors(state, error).replace("no such prop", "no such field").splitlines()
    return "\n".join(line.removeprefix(f"{state.__name__}.") for line in lines)


def _differs(print_: object, committed: object) -> bool:
    return print_ is UNKNOWN or print_ != committed
