"""The state of a module: assignment, dirtiness, commit."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from ContaraNAS.core.module import Module, ModuleState


@dataclass
class Disk:
    name: str = "sda"
    errors: list[str] = field(default_factory=list)


class Nested(BaseModel):
    numbers: list[int] = []


class State(ModuleState):
    counter: int = 0
    items: list[int] = []
    names: dict[str, int] = {}
    history: deque[float] = deque(maxlen=3)
    disk: Disk = Disk()
    nested: Nested = Nested()
    seen: datetime = datetime(2026, 1, 1, tzinfo=UTC)


def test_new_state_is_clean() -> None:
    state = State(counter=3)
    assert not state.is_dirty
    assert state.get_changes() == {}


def test_assignment_is_validated_and_seen() -> None:
    state = State()
    with pytest.raises(ValidationError):
        state.counter = "many"  # type: ignore[assignment]  # the point of the test
    with pytest.raises(ValidationError):
        state.unknown = 1  # type: ignore[attr-defined]  # the point of the test
    assert not state.is_dirty
    state.counter = 5
    assert state.get_changes() == {"counter": 5}
    state.commit()
    assert not state.is_dirty


def test_unknown_field_at_construction_is_refused() -> None:
    with pytest.raises(ValidationError):
        State(contour=1)  # type: ignore[call-arg]  # the point of the test


def test_going_back_to_the_committed_value_is_clean() -> None:
    state = State()
    state.counter = 1
    state.counter = 0
    assert not state.is_dirty


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda state: state.items.append(1), "items"),
        (lambda state: state.names.update(a=1), "names"),
        (lambda state: state.history.append(0.5), "history"),
        (lambda state: state.disk.errors.append("x"), "disk"),
        (lambda state: state.nested.numbers.append(1), "nested"),
    ],
)
def test_changes_in_place_are_seen(change: Any, name: str) -> None:
    state = State()
    change(state)
    assert state.is_dirty
    assert set(state.get_changes()) == {name}
    state.commit()
    assert not state.is_dirty


def test_commit_keeps_the_authors_list() -> None:
    state = State()
    items = state.items
    items.append(1)
    state.commit()
    items.append(2)
    assert state.get_changes() == {"items": [1, 2]}


def test_commit_refuses_what_went_wrong_in_place() -> None:
    state = State()
    state.items.append("x")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ValidationError, match=r"items\.0"):
        state.commit()
    assert state.is_dirty


def test_mark_dirty() -> None:
    state = State()
    state.mark_dirty()
    assert state.is_dirty
    assert state.get_changes() == {}
    state.commit()
    assert not state.is_dirty


def test_what_cannot_be_fingerprinted_always_counts_as_changed() -> None:
    class Locked(ModuleState):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        lock: Any = None

    state = Locked(lock=Lock())
    assert set(state.get_changes()) == {"lock"}


def test_listener_hears_of_each_commit_after_it() -> None:
    state = State()
    heard: list[bool] = []
    state.on_commit(lambda: heard.append(state.is_dirty))
    state.counter = 1
    state.commit()
    state.commit()
    assert heard == [False, False]


def test_states_do_not_share_defaults() -> None:
    first, second = State(), State()
    first.items.append(1)
    assert second.items == []


def test_module_makes_its_state() -> None:
    class Counting(Module):
        class State(ModuleState):
            counter: int = 0

    module = Counting("counting", "Counting")
    assert module.typed_state is module._typed_state
    assert module.typed_state.counter == 0
    assert (module.name, module.display_name) == ("counting", "Counting")
    assert not module.init_flag
    assert not module.enable_flag


def test_module_without_state() -> None:
    module = Module("plain", metadata={"version": "1"})
    assert module.typed_state is None
    assert module.display_name == "plain"
    assert module.get_tile() is None
    assert module.get_modals() == []
