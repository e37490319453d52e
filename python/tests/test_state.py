"""The state of a module: assignment, dirtiness, commit."""

import math
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import count
from threading import Event, Lock, Thread
from time import sleep
from typing import Annotated, Any

import msgspec
import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    computed_field,
    field_serializer,
)

from ContaraNAS.core.exceptions import UnserialisableError
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.module.state import describe_problem


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


class Size(StrEnum):
    LARGE = "lg"


class Point(msgspec.Struct):
    x: int
    label: str = ""


@dataclass
class Drive:
    name: str
    sizes: list[int]


class Rich(ModuleState, persist=True):
    counter: int = 0
    history: deque[float] = deque(maxlen=3)
    seen: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    size: Size = Size.LARGE
    tags: set[str] = set()
    pair: tuple[int, str] = (1, "a")
    raw: bytes = b""
    price: Decimal = Decimal("0.10")
    by_number: dict[int, str] = {}
    points: list[Point] = []
    drive: Drive = Drive("sda", [1])
    nested: Nested = Nested()
    hidden: Annotated[int, PlainSerializer(lambda value: value * 2)] = 0
    stamp: datetime | None = None

    @field_serializer("counter")
    def write_counter(self, value: int) -> str:
        return f"{value:03}"

    @computed_field  # type: ignore[prop-decorator]  # Pydantic's documented order
    @property
    def double(self) -> int:
        return self.counter * 2


def filled() -> Rich:
    return Rich(
        counter=7,
        history=deque([1.0, math.inf, 3.0]),
        tags={"a"},
        raw=b"\xff\x00",
        by_number={3: "c"},
        points=[Point(1, "p")],
        drive=Drive("sdb", [2, 3]),
        nested=Nested(numbers=[4]),
        stamp=datetime(2026, 1, 31, 12),  # noqa: DTZ001 - naive ones come back as they were
    )


def test_to_dict_goes_through_messagepack_and_back() -> None:
    state = filled()
    plain = state.to_dict()
    assert plain["counter"] == "007"
    assert plain["double"] == 14
    assert plain["points"] == [{"x": 1, "label": "p"}]
    again = Rich.from_dict(msgspec.msgpack.decode(msgspec.msgpack.encode(plain)))
    assert again == state
    assert again.history.maxlen == 3
    assert not again.is_dirty


def test_serializers_are_respected() -> None:
    state = Rich(hidden=4)
    assert state.to_dict()["hidden"] == 8


def test_from_dict_takes_values_too() -> None:
    state = Rich.from_dict({"points": [Point(2)], "seen": datetime(2026, 5, 1, tzinfo=UTC), "history": deque([1.0])})
    assert state.points == [Point(2)]
    assert state.seen == datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"counter": "four"}, "counter: expected an integer, got 'four'"),
        ({"older": 1}, "older: no such field"),
        ({"counter": [], "size": "xs"}, "counter: expected an integer, got []\nsize: expected Size, got 'xs'"),
    ],
)
def test_values_that_do_not_validate(data: dict[str, Any], problem: str) -> None:
    state = Rich(counter=1)
    with pytest.raises(ValidationError) as refused:
        state.restore(data)
    assert describe_problem(Rich, refused.value) == problem
    assert state.counter == 1


def test_restore_counts_as_committed() -> None:
    state = Rich()
    state.counter = 5
    state.restore(filled().to_dict())
    assert state == filled()
    assert not state.is_dirty
    assert state.history.maxlen == 3


def test_what_cannot_be_said_plainly() -> None:
    class Odd(ModuleState):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        lock: Any = None

    with pytest.raises(UnserialisableError, match="state: Unable to serialize unknown type"):
        Odd(lock=Lock()).to_dict()


def test_reset_is_a_change_to_commit() -> None:
    state = State(counter=3)
    state.items.append(1)
    state.commit()
    state.reset()
    assert (state.counter, state.items) == (0, [])
    assert state.get_changes() == {"counter": 0, "items": []}
    state.items.append(2)
    state.reset()
    assert state.items == []


def test_assigned_list_becomes_a_deque_of_the_same_length() -> None:
    state = State()
    state.history = [1.0, 2.0, 3.0, 4.0]  # type: ignore[assignment]  # lax, as Pydantic is
    assert state.history == deque([2.0, 3.0, 4.0], maxlen=3)
    state.history.append(5.0)
    assert len(state.history) == 3


def test_structs_are_validated_and_watched() -> None:
    state = Rich()
    with pytest.raises(ValidationError, match=r"Expected `int`, got `str`"):
        state.points = [{"x": "many"}]  # type: ignore[list-item]  # the point of the test
    state.points.append(Point(1))
    state.commit()
    state.points[0].x = 5
    assert set(state.get_changes()) == {"points"}


def test_a_wrong_value_among_numbers_is_found() -> None:
    state = State()
    state.history.append(1.5)
    state.commit()
    state.history.append("g")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ValidationError, match=r"history\.1"):
        state.commit()


def test_true_is_not_one() -> None:
    state = State(items=[1])
    state.items[0] = True
    assert state.is_dirty


def test_persistence_is_inherited_and_can_be_undone() -> None:
    class Child(Rich):
        more: int = 0

    class Without(Rich, persist=False):
        pass

    assert Rich.__contara_persist__
    assert Child.__contara_persist__
    assert not Without.__contara_persist__
    assert not State.__contara_persist__


@contextmanager
def busy_threads(*work: Callable[[int], object]) -> Iterator[None]:
    """Call each of `work` again and again in a thread of its own, switching often; what one raises is raised here."""
    stop = Event()
    errors: list[BaseException] = []

    def run(each: Callable[[int], object]) -> None:
        try:
            for number in count():
                if stop.is_set():
                    return
                each(number)
        except BaseException as error:  # noqa: BLE001 - raised below
            errors.append(error)

    threads = [Thread(target=run, args=(each,)) for each in work]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(before)
    assert errors == []


def test_commits_race_with_changes_of_other_threads() -> None:
    state = State(names={str(number): number for number in range(200)})

    def assign(number: int) -> None:
        state.counter = number

    def grow_and_shrink(number: int) -> None:
        state.names[f"x{number}"] = number
        state.names.pop(f"x{number}")
        state.items.append(number) if number % 100 else state.items.clear()

    with busy_threads(assign, grow_and_shrink, lambda number: state.history.append(float(number))):
        for _ in range(300):
            state.commit()
            state.to_dict()
    state.commit()
    assert not state.is_dirty
    assert State.from_dict(state.to_dict()) == state


def test_assignments_of_several_threads_are_all_kept() -> None:
    class Slow(ModuleState):
        first: int = 0
        second: Annotated[int, AfterValidator(lambda value: sleep(0) or value)] = 0

    state = Slow()
    lost: list[int] = []

    def assign_first(number: int) -> None:
        state.first = number
        if state.first != number:
            lost.append(number)

    with busy_threads(assign_first):
        for number in range(2000):
            state.second = number
    assert lost == []


class Lines(BaseModel):
    recent: deque[int] = Field(default_factory=lambda: deque(maxlen=2))


@dataclass(frozen=True)
class Log:
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=3))


class Past(msgspec.Struct, frozen=True):
    raw: bytes = b""
    recent: deque[int] = msgspec.field(default_factory=lambda: deque(maxlen=4))


def test_deques_within_other_types_come_back_with_their_lengths() -> None:
    class Nested(ModuleState):
        lines: Lines = Lines()
        logs: dict[str, list[Log]] = {}
        past: tuple[Past, int] = (Past(), 0)

    state = Nested(logs={"a": [Log()]})
    state.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(state.to_dict())))
    assert [state.lines.recent.maxlen, state.logs["a"][0].recent.maxlen, state.past[0].recent.maxlen] == [2, 3, 4]


def test_bytes_of_a_struct_come_back() -> None:
    class Binary(ModuleState):
        past: Past = Past()

    state = Binary(past=Past(raw=b"\xff\xfe\xfd"))
    assert Binary.from_dict(state.to_dict()) == state


def test_bytes_of_a_model_that_are_no_text_are_refused_as_everything() -> None:
    class Photo(BaseModel):
        raw: bytes = b""

    class Binary(ModuleState):
        photo: Photo = Photo(raw=b"\xff")

    with pytest.raises(UnserialisableError, match="state: 'utf-8' codec can't decode"):
        Binary().to_dict()
