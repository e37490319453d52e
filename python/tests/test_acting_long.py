"""Actions that take a while, in a real worker: forms, order, timeouts, cancelling, progress."""

from pathlib import Path

import pytest

from contara_worker.messages import Action, Answer, Cancel, Error, Log, Ping, Progress
from host import Host, write_module

LONG = """
from ContaraNAS.core.action import progress
from ContaraNAS.core import get_logger
from ContaraNAS.core.exceptions import BadArgumentsError

log = get_logger(__name__)

class Long(Module):
    class State(ModuleState):
        count: int = 0
    release = threading.Event()
    def get_tile(self):
        return Tile(icon="x", title="t", stats=[Stat(label="c", value=self.typed_state.count)])
    async def start_monitoring(self):
        self.gate = asyncio.Event()
    @action
    async def rename(self, disk: str, name: str, times: int = 1, force: bool = False):
        return Notify(message=f"{disk} {name} {times} {force}")
    @action
    async def claim(self, name: str):
        raise BadArgumentsError("claim: the name is taken", {"name": f"{name} is taken."})
    @action
    async def wait(self):
        self.typed_state.count += 1
        self.typed_state.commit()
        log.info("waiting")
        try:
            await self.gate.wait()
        finally:
            log.info("left")
    @action
    async def cleans_up(self):
        log.info("begins")
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            log.info("cleans up")
            await self.gate.wait()
            log.info("is clean")
    @action
    async def cancel_all(self):
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
    @action
    async def open(self): self.gate.set()
    @action(timeout=0.05)
    async def slow(self):
        self.typed_state.count = 5
        await asyncio.sleep(600)
    @action(timeout=0.05)
    def blocks(self):
        self.release.wait()
        self.typed_state.count = 6
    @action
    async def unblock(self): self.release.set()
    @action
    async def many(self, times: int):
        def work():
            for number in range(times):
                progress(number + 1, times, f"step {number + 1}")
        await asyncio.to_thread(work)
    @action
    def early(self):
        progress(1, text="one")
        log.info("reported")
        self.release.wait()
    @action
    async def late(self):
        async def later():
            await self.gate.wait()
            progress(9)
            log.info("too late")
        self.task = asyncio.create_task(later())
"""


@pytest.fixture
def long(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "long", LONG))
    return host


def wait_for_log(host: Host, text: str) -> None:
    while text not in host.logs():
        host.expect(Log)


def reports(host: Host) -> list[Progress]:
    return [message for message in host.seen if isinstance(message, Progress)]


def test_form_under_bound_parameters(long: Host) -> None:
    form = {"disk": "sdz", "name": "Größe", "times": "3", "force": "on", "other": "x"}
    (result,) = long.value(Action, "rename", {"disk": "sda"}, form)
    assert result["message"] == "sda Größe 3 True"


def test_form_that_does_not_fit(long: Host) -> None:
    error = long.error(Action, "rename", {"disk": "sda"}, {"times": "x"})
    assert (error.kind, error.message) == ("bad_arguments", "rename: name is missing; times: Enter a whole number")
    assert error.fields == {"name": "This field is required.", "times": "Enter a whole number."}
    assert error.traceback is None


def test_an_action_may_refuse_a_field_itself(long: Host) -> None:
    error = long.error(Action, "claim", None, {"name": "sda"})
    assert (error.kind, error.message) == ("bad_arguments", "claim: the name is taken")
    assert error.fields == {"name": "sda is taken."}


def test_other_actions_run_meanwhile(long: Host) -> None:
    waiting = long.post(Action, "wait", None)
    long.act("open")
    assert isinstance(long.outcome(waiting), Answer)


def test_timeout_draws_what_there_is(long: Host) -> None:
    error = long.error(Action, "slow", None)
    assert (error.kind, error.message) == ("timeout", "no result within 0.05 s")
    assert long.stats() == [0, 5]
    assert long.act("open") == []


def test_timeout_of_a_sync_action(long: Host) -> None:
    error = long.error(Action, "blocks", None)
    assert error.message == "no result within 0.05 s; a sync action can't be stopped and goes on"
    assert "still runs" in long.error(Action, "blocks", None).message
    long.act("unblock")
    while long.stats()[-1] != 6:
        long.receive()


def test_cancel(long: Host) -> None:
    running = long.post(Action, "wait", None)
    wait_for_log(long, "waiting")
    queued = long.post(Action, "wait", None)
    for request in (queued, running):
        assert long.value(Cancel, request) is True
        outcome = long.outcome(request)
        assert isinstance(outcome, Error)
        assert (outcome.kind, outcome.message) == ("cancelled", "it was cancelled")
        assert long.value(Cancel, request) is False
    assert long.logs() == ["waiting", "left"]
    assert long.stats() == [0, 1]
    again = long.post(Action, "wait", None)
    long.act("open")
    assert isinstance(long.outcome(again), Answer)


def test_cancelling_again_does_not_cut_short_what_cleans_up(long: Host) -> None:
    running = long.post(Action, "cleans_up", None)
    wait_for_log(long, "begins")
    long.value(Cancel, running)
    wait_for_log(long, "cleans up")
    assert long.value(Cancel, running) is True
    next_one = long.post(Action, "cleans_up", None)
    long.act("open")
    assert isinstance(long.outcome(next_one), Answer)
    assert long.logs() == ["begins", "cleans up", "is clean", "begins"]


def test_requests_are_answered_though_the_module_cancels_all_tasks(long: Host) -> None:
    running = long.post(Action, "wait", None)
    wait_for_log(long, "waiting")
    long.act("cancel_all")  # which spares itself
    outcome = long.outcome(running)
    assert isinstance(outcome, Error)
    assert outcome.kind == "cancelled"


def test_cancel_of_what_never_was(host: Host) -> None:
    assert host.value(Cancel, 77) is False


def test_progress_is_thinned_out_but_the_last_one_comes(long: Host) -> None:
    running = long.post(Action, "many", {"times": 5000})
    assert isinstance(long.outcome(running), Answer)
    seen = reports(long)
    assert seen[0] == Progress(running, 1, 5000, "step 1")
    assert seen[-1] == Progress(running, 5000, 5000, "step 5000")
    assert len(seen) < 500
    assert isinstance(long.seen[-1], Answer)


def test_progress_of_a_sync_action_comes_while_it_runs(long: Host) -> None:
    running = long.post(Action, "early", None)
    wait_for_log(long, "reported")
    assert reports(long) == [Progress(running, 1, None, "one")]
    long.act("unblock")
    assert isinstance(long.outcome(running), Answer)


def test_progress_after_the_end_is_dropped(long: Host) -> None:
    long.act("late")
    long.act("open")
    wait_for_log(long, "too late")
    assert long.value(Ping) is None
    assert reports(long) == []
