"""The state across workers: sent after commits, given back at load, kept from doing harm when it doesn't fit."""

from pathlib import Path

import pytest

from contara_worker.link import MAX_STATE
from contara_worker.messages import Answer, Initialize, Ping, Request, Shutdown, Start, State, Stop, Ui
from host import COUNTER, Host, run_action, start_worker, write_module

KEPT = COUNTER.replace("class State(ModuleState)", "class State(ModuleState, persist=True)")


def test_state_is_sent_before_the_tree_of_its_commit(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "kept", KEPT))
    assert host.states() == []
    host.act("add", by=3)
    state, tree, answer = host.seen[-3:]
    assert state == State({"count": 3})
    assert isinstance(tree, Ui)
    assert isinstance(answer, Answer)


def test_state_comes_back_in_another_worker(tmp_path: Path) -> None:
    folder = write_module(tmp_path / "kept", KEPT)
    with start_worker(tmp_path) as first:
        first.run(folder)
        first.act("add", by=3)
    with start_worker(tmp_path) as second:
        answer = second.load(folder, state=first.states()[-1])
        assert (answer["persist"], answer["state_problem"]) == (True, None)
        second.value(Initialize)
        second.value(Start)
        assert second.stats() == [3]
        assert second.states() == []


def test_state_that_no_longer_validates_leaves_the_defaults(host: Host, tmp_path: Path) -> None:
    folder = write_module(tmp_path / "kept", KEPT)
    answer = host.load(folder, state={"count": "many", "gone": 1})
    assert answer["state_problem"] == "count: expected an integer, got 'many'\ngone: no such field"
    host.value(Initialize)
    host.value(Start)
    assert host.stats() == [0]


def test_validator_that_raises_something_else(host: Host, tmp_path: Path) -> None:
    body = """
from pydantic import field_validator
class Picky(Module):
    class State(ModuleState, persist=True):
        count: int = 0
        @field_validator("count")
        @classmethod
        def check(cls, value):
            return {0: 0}[value]
"""
    answer = host.load(write_module(tmp_path / "picky", body), state={"count": 5})
    assert answer["state_problem"] == "KeyError: 5"


@pytest.mark.parametrize(("options", "kept"), [({}, False), ({"keep_state": True}, True)])
def test_state_that_is_not_persistent(host: Host, tmp_path: Path, options: dict[str, bool], *, kept: bool) -> None:
    host.run(write_module(tmp_path / "counter", COUNTER), **options)
    host.act("add")
    assert bool(host.states()) == kept


@pytest.mark.parametrize(("options", "count"), [({}, 0), ({"keep_state": True}, 3)])
def test_state_that_was_persistent_when_it_was_stored(
    host: Host, tmp_path: Path, options: dict[str, bool], count: int
) -> None:
    host.run(write_module(tmp_path / "counter", COUNTER), state={"count": 3}, **options)
    assert host.stats() == [count]


def test_state_that_is_not_persistent_need_not_fit(host: Host, tmp_path: Path) -> None:
    answer = host.load(write_module(tmp_path / "counter", COUNTER), state={"gone": 3})
    assert answer["state_problem"] is None


def test_state_that_no_load_could_carry(host: Host, tmp_path: Path) -> None:
    body = """
class Grown(Module):
    class State(ModuleState, persist=True):
        text: str = ""
    @action
    async def grow(self, size: int):
        self.typed_state.text = "x" * size
"""
    host.run(write_module(tmp_path / "grown", body))
    for _ in range(2):
        host.act("grow", size=MAX_STATE)
    assert host.states() == []
    assert "more than a kept state may have (8,388,608)" in "".join(host.logs())
    host.act("grow", size=MAX_STATE - 100)
    assert len(host.states()) == 1


def test_module_without_a_state(host: Host, tmp_path: Path) -> None:
    answer = host.load(write_module(tmp_path / "bare", "class Bare(Module): ...\n"), state={"count": 1})
    assert (answer["persist"], answer["state_problem"]) == (False, None)


def test_many_commits_make_one_state(host: Host, tmp_path: Path) -> None:
    body = """
async def burst():
    for _ in range(500):
        self.typed_state.count += 1
        self.typed_state.commit()
await asyncio.create_task(burst())
"""
    run_action(host, tmp_path / "burst", body, options={"keep_state": True})
    host.act("go")
    assert host.states() == [{"count": 500}]


def test_equal_states_are_not_sent_again(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "same", "self.typed_state.commit()", options={"keep_state": True})
    host.act("go")
    host.act("go")
    assert host.states() == [{"count": 0}]


@pytest.mark.parametrize("end", [Stop, Shutdown])
def test_commits_before_start_and_in_stop_are_kept(host: Host, tmp_path: Path, end: type[Request]) -> None:
    body = """
class Late(Module):
    class State(ModuleState, persist=True):
        at: str = ""
    def note(self, at):
        self.typed_state.at = at
        self.typed_state.commit()
    async def initialize(self): self.note("initialize")
    async def stop_monitoring(self): self.note("stop")
"""
    host.run(write_module(tmp_path / "late", body))
    host.value(end)
    assert host.states() == [{"at": "initialize"}, {"at": "stop"}]
    assert isinstance(host.seen[-2], State)


def test_state_that_cannot_be_sent_is_logged_once(host: Host, tmp_path: Path) -> None:
    body = """
class Odd(Module):
    class State(ModuleState, persist=True):
        model_config = {"arbitrary_types_allowed": True}
        count: int = 0
        lock: object = None
    @action
    async def go(self, odd: bool = False):
        self.typed_state.lock = threading.Lock() if odd else None
        self.typed_state.count += 1
"""
    host.run(write_module(tmp_path / "odd", body))
    for odd in (True, True, False):
        host.act("go", odd=odd)
    host.value(Ping)
    (log,) = host.logs()
    assert log.startswith("the state can't be kept: UnserialisableError: state: Unable to serialize unknown type")
    assert host.states() == [{"count": 3, "lock": None}]


def test_a_number_that_cannot_be_sent_is_named(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "huge", "self.typed_state.count = 2 ** 64", {"keep_state": True})
    host.act("go")
    assert host.logs() == [
        "the state can't be kept: UnserialisableError: state.count: an integer of more than 64 bits can't be sent"
    ]
