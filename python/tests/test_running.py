"""`@action` options, the runner and the dispatcher, without a worker."""

import asyncio
import contextlib
import contextvars
import threading
from typing import Any

import pytest

from ContaraNAS.core.action import (
    ActionDispatcher,
    ActionError,
    ActionRunner,
    Notify,
    action,
    get_actions,
    options_of,
    progress,
)
from ContaraNAS.core.exceptions import (
    ActionDefinitionError,
    ActionTimeoutError,
    BadArgumentsError,
    UnknownActionError,
)
from ContaraNAS.core.module import Module, ModuleState

REQUEST: contextvars.ContextVar[str] = contextvars.ContextVar("request", default="")


class Busy(Module):
    class State(ModuleState):
        count: int = 0

    def __init__(self) -> None:
        super().__init__("busy")
        self.release = threading.Event()
        self.log: list[str] = []

    @action
    async def turn(self, who: str) -> None:
        self.log.append(f"{who} in")
        await asyncio.sleep(0)
        self.log.append(f"{who} out")

    @action(concurrent=True)
    async def together(self, who: str) -> None:
        await self.turn(who)

    @action(timeout=0.01)
    async def slow(self) -> None:
        self.typed_state.count = 1
        self.typed_state.commit()
        self.typed_state.count = 2
        await asyncio.sleep(600)

    @action(timeout=0.01)
    def stuck(self) -> None:
        self.release.wait()

    @action
    async def report(self, value: Any = None) -> Notify:
        await asyncio.to_thread(progress, 1, 4, "thread")
        await asyncio.create_task(self._report())
        progress(value)
        return Notify(message=REQUEST.get())

    async def _report(self) -> None:
        progress(2)


def outcome(error: type[BaseException], work: Any) -> str:
    async def run() -> None:
        await work

    with pytest.raises(error) as raised:
        asyncio.run(run())
    return str(raised.value)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"timeout": 0}, "@action(timeout=0): expected seconds above 0, or None"),
        ({"timeout": float("nan")}, "@action(timeout=nan): expected seconds above 0, or None"),
        ({"timeout": True}, "@action(timeout=True): expected seconds above 0, or None"),
        ({"timeout": "60"}, "@action(timeout='60'): expected seconds above 0, or None"),
        ({"roles": "admin"}, "@action(roles='admin'): expected names of roles, such as (\"admin\",)"),
        ({"roles": ("",)}, "@action(roles=('',)): expected names of roles, such as (\"admin\",)"),
        ({"confirm": " "}, "@action(confirm=' '): expected the text of a question"),
        ({"confirm": True}, "@action(confirm=True): expected the text of a question"),
        ({"concurrent": 1}, "@action(concurrent=1): expected True or False"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ActionDefinitionError) as refused:
        action(**options)
    assert str(refused.value) == text


def test_what_cannot_be_an_action() -> None:
    with pytest.raises(ActionDefinitionError, match="expected a method, got 5"):
        action(5)  # type: ignore[call-overload]  # the point of the test

    def yields() -> Any:
        yield

    with pytest.raises(ActionDefinitionError, match="yields; an action returns its results"):
        action(yields)

    def by_position(self: object, first: int, /) -> None: ...

    with pytest.raises(ActionDefinitionError, match="takes 'first' by position only; parameters come by name"):
        action(by_position)


def test_options_are_kept() -> None:
    method = action(timeout=None, roles=["admin"], confirm="Sure?")(Busy.report)
    options = options_of(method)
    assert (options.timeout, options.roles, options.confirm, options.concurrent) == (None, ("admin",), "Sure?", False)
    assert method.__contara_confirm__ == "Sure?"  # type: ignore[attr-defined]  # read by ActionRef


def test_get_actions_gives_bound_methods() -> None:
    module = Busy()
    assert list(get_actions(module)) == ["report", "slow", "stuck", "together", "turn"]
    assert get_actions(module)["turn"].__self__ is module  # type: ignore[attr-defined]  # a bound method


@pytest.mark.parametrize(
    ("first", "second", "log"),
    [
        ("turn", "turn", ["a in", "a out", "b in", "b out"]),
        ("together", "together", ["a in", "b in", "a out", "b out"]),
        ("turn", "together", ["a in", "b in", "a out", "b out"]),
    ],
)
def test_calls_of_one_action_take_turns(first: str, second: str, log: list[str]) -> None:
    module = Busy()

    async def run() -> None:
        runner = ActionRunner(module)
        await asyncio.gather(runner.run(first, {"who": "a"}), runner.run(second, {"who": "b"}))

    asyncio.run(run())
    assert module.log == log


def test_timeout_of_an_async_action_leaves_what_it_committed() -> None:
    module = Busy()
    commits: list[int] = []
    module.on_commit(lambda: commits.append(module.typed_state.count))
    assert outcome(ActionTimeoutError, ActionRunner(module).run("slow")) == "no result within 0.01 s"
    assert commits == [1]


def test_timeout_of_a_sync_action_says_that_it_goes_on() -> None:
    module = Busy()
    ended = asyncio.Event()

    async def run() -> None:
        runner = ActionRunner(module)
        with pytest.raises(ActionTimeoutError, match="a sync action can't be stopped and goes on"):
            await runner.run("stuck", ended=ended.set)
        with pytest.raises(ActionTimeoutError, match="an earlier call of it still runs and can't be stopped"):
            await runner.run("stuck")
        assert not ended.is_set()
        module.release.set()
        await asyncio.wait_for(ended.wait(), 20)
        assert await runner.run("stuck") == []

    asyncio.run(run())


def test_progress_arrives_from_threads_and_tasks() -> None:
    heard: list[Any] = []
    token = REQUEST.set("seven")

    async def run() -> list[dict[str, Any]]:
        runner = ActionRunner(Busy())
        return await runner.run("report", {"value": 3}, on_progress=lambda *report: heard.append(report))

    (result,) = asyncio.run(run())
    REQUEST.reset(token)
    assert heard == [(1, 4, "thread"), (2, None, None), (3, None, None)]
    assert result["message"] == "seven"


def test_progress_outside_of_an_action_does_nothing() -> None:
    progress(1, 2, "three")
    for number in (float("nan"), "1", 2**70):
        with pytest.raises(ValueError, match="expected a finite number"):
            progress(number)  # type: ignore[arg-type]  # the point of the test


def test_dispatcher() -> None:
    dispatcher = ActionDispatcher()
    module = Busy()
    dispatcher.register_module(module)
    assert dispatcher.get_module_actions("busy") == ["report", "slow", "stuck", "together", "turn"]
    (result,) = asyncio.run(dispatcher.dispatch("busy", "report"))
    assert result == {"type": "notify", "message": "", "variant": "info"}
    asyncio.run(dispatcher.dispatch("busy", "turn", None, {"who": "x"}))
    assert module.log == ["x in", "x out"]
    assert outcome(UnknownActionError, dispatcher.dispatch("busy", "fly")) == "the module has no action 'fly'"
    assert outcome(BadArgumentsError, dispatcher.dispatch("busy", "turn", {})) == "turn: who is missing"
    dispatcher.unregister_module("busy")
    assert outcome(ActionError, dispatcher.dispatch("busy", "turn")) == "there is no module 'busy'"
    dispatcher.unregister_module(module)


def test_text_of_an_action_error() -> None:
    assert str(ActionError("busy", "turn", "no disk")) == "busy: turn: no disk"


class Held(Module):
    def __init__(self) -> None:
        super().__init__("held")
        self.begun = asyncio.Event()
        self.release = asyncio.Event()

    @action
    async def hold(self) -> None:
        self.begun.set()
        while not self.release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.release.wait()


def test_an_action_that_is_cancelled_twice_is_still_waited_for() -> None:
    async def run() -> None:
        module = Held()
        runner = ActionRunner(module)
        call = asyncio.create_task(runner.run("hold"))
        await module.begun.wait()
        for _ in range(2):
            call.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(ActionTimeoutError, match="an earlier call of it still runs"):
            await runner.run("hold")
        module.release.set()

    asyncio.run(asyncio.wait_for(run(), 20))
