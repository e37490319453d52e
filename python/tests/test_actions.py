"""`@action`, references to actions, and results."""

import asyncio
import functools
import inspect
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from ContaraNAS.core.action import (
    ActionRef,
    CloseModal,
    Notify,
    OpenModal,
    Refresh,
    action,
    action_names,
    is_action,
)
from ContaraNAS.core.exceptions import ActionReferenceError, ComponentError, UnserialisableError
from ContaraNAS.core.module import Module, ModuleState


class Counting(Module):
    class State(ModuleState):
        counter: int = 0
        items: list[int] = []

    @action
    async def increment(self, by: int = 1) -> int:
        """Add."""
        self._typed_state.counter += by
        return int(self._typed_state.counter)

    @action()
    def append(self, item: int) -> None:
        self._typed_state.items.append(item)

    @action
    async def fail(self) -> None:
        self._typed_state.counter = -1
        raise ValueError("no such disk")

    async def helper(self) -> None:
        pass


class Derived(Counting):
    async def fail(self) -> None:
        """No action any more."""


def run(coroutine: object) -> object:
    """Run a coroutine that never waits for anything."""
    assert inspect.iscoroutine(coroutine)
    with pytest.raises(StopIteration) as stopped:
        coroutine.send(None)
    return stopped.value.value


def test_signature_and_name_are_kept() -> None:
    assert str(inspect.signature(Counting.increment)) == "(self, by: int = 1) -> int"
    assert Counting.increment.__doc__ == "Add."
    assert inspect.iscoroutinefunction(Counting.increment)
    assert not inspect.iscoroutinefunction(Counting.append)


def test_async_action_commits_after_it() -> None:
    module = Counting()
    commits: list[int] = []
    module.on_commit(lambda: commits.append(module.typed_state.counter))
    assert run(module.increment(by=2)) == 2
    assert commits == [2]


def test_sync_action_commits_a_change_in_place() -> None:
    module = Counting()
    commits: list[int] = []
    module.on_commit(lambda: commits.append(1))
    module.append(5)
    assert commits == [1]
    assert not module.typed_state.is_dirty


def test_action_that_raises_commits_nothing() -> None:
    module = Counting()
    coroutine = module.fail()
    with pytest.raises(ValueError, match="no such disk"):
        coroutine.send(None)
    assert module.typed_state.is_dirty


def test_a_decorator_below_delays_no_commit() -> None:
    def traced(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any) -> Any:
            return method(*args)

        return call

    class Traced(Module):
        class State(ModuleState):
            counter: int = 0

        @action
        @traced
        async def add(self) -> int:
            self.typed_state.counter += 1
            return 7

    module = Traced()
    assert asyncio.run(module.add()) == 7
    assert (module.typed_state.counter, module.typed_state.is_dirty) == (1, False)


def test_action_without_state() -> None:
    class Plain(Module):
        @action
        def go(self) -> str:
            return "gone"

    assert Plain().go() == "gone"


def test_names() -> None:
    assert action_names(Counting) == ["append", "fail", "increment"]
    assert action_names(Derived) == ["append", "increment"]
    assert is_action(Counting().increment)
    assert not is_action(Counting().helper)


def test_reference() -> None:
    module = Counting()
    assert ActionRef(module.increment).to_dict() == {"__action__": "increment"}
    bound = ActionRef(module.increment, by=2)
    assert bound.to_dict() == {"__action__": "increment", "__params__": {"by": 2}}
    assert bound == ActionRef(module.increment, by=2)
    assert bound != ActionRef(module.increment)
    assert repr(bound) == "ActionRef(increment, by=2)"


def test_reference_carries_what_must_be_confirmed() -> None:
    class Asking(Module):
        @action
        def wipe(self, disk: str) -> None:
            pass

        wipe.__contara_confirm__ = "Wipe it?"  # type: ignore[attr-defined]  # as the decorator leaves it

    bound = ActionRef(Asking().wipe, disk="sda")
    assert bound.to_dict() == {"__action__": "wipe", "__params__": {"disk": "sda"}, "__confirm__": "Wipe it?"}


def test_reference_knows_the_parameters() -> None:
    reference = ActionRef(Counting().increment)
    assert reference.accepts("by")
    assert not reference.accepts("self")
    assert not reference.accepts("times")


def test_reference_makes_values_plain() -> None:
    bound = ActionRef(Counting().increment, by=datetime(2026, 1, 31, 12))  # noqa: DTZ001 - naive is local time
    assert bound.params is not None
    assert datetime.fromisoformat(bound.params["by"]).tzinfo is not None


def test_bad_references() -> None:
    module = Counting()
    with pytest.raises(ActionReferenceError, match=r"expected a method marked with @action, got Counting\.helper"):
        ActionRef(module.helper)
    with pytest.raises(ActionReferenceError, match="expected a method marked with @action"):
        ActionRef(lambda: None)
    with pytest.raises(ActionReferenceError, match="unexpected keyword argument 'times'"):
        ActionRef(module.increment, times=2)
    with pytest.raises(UnserialisableError, match=r"increment\.by: expected a finite number"):
        ActionRef(module.increment, by=math.nan)


def test_results() -> None:
    assert OpenModal(modal_id="x").to_dict() == {"type": "open_modal", "modal_id": "x"}
    assert CloseModal().to_dict() == {"type": "close_modal"}
    assert Refresh().to_dict() == {"type": "refresh"}
    assert Notify(message="m").to_dict() == {"type": "notify", "message": "m", "variant": "info"}
    assert Notify(message="m", title="t").to_dict()["title"] == "t"
    with pytest.raises(ComponentError, match=r"Notify\.variant: expected one of 'info'"):
        Notify(message="m", variant="loud")  # type: ignore[arg-type]  # the point of the test
