"""Actions in a real worker: their order, their results, and what they may raise."""

from pathlib import Path
from typing import Any

import pytest

from contara_worker.messages import (
    Action,
    Answer,
    Log,
    Ping,
    Stop,
)
from host import Host, run_action, write_module


def test_sync_action_does_not_block_the_loop(host: Host, tmp_path: Path) -> None:
    body = """
class Blocking(Module):
    done = threading.Event()
    @action
    def wait(self):
        self.done.wait()
        return Notify(message="waited")
    async def stop_monitoring(self):
        self.done.set()
"""
    host.run(write_module(tmp_path / "blocking", body))
    waiting = host.post(Action, "wait", None)
    assert host.value(Ping) is None
    assert not any(isinstance(message, Answer) and message.id == waiting for message in host.seen)
    host.value(Stop)
    outcome = host.outcome(waiting)
    assert isinstance(outcome, Answer)
    assert outcome.value == [{"type": "notify", "message": "waited", "variant": "info"}]


def test_actions_run_one_after_the_other(host: Host, tmp_path: Path) -> None:
    run_action(
        host,
        tmp_path / "serial",
        "count = self.typed_state.count\nawait asyncio.sleep(0.01)\nself.typed_state.count = count + 1",
    )
    requests = [host.post(Action, "go", None) for _ in range(5)]
    assert host.value(Ping) is None
    for request in requests:
        assert isinstance(host.outcome(request), Answer)
    assert host.stats() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("name", "params", "kind", "message"),
    [
        ("nope", None, "unknown_action", "the module has no action 'nope'"),
        ("get_tile", None, "unknown_action", "the module has no action 'get_tile'"),
        ("add", {"times": 1}, "bad_arguments", "add: got an unexpected keyword argument 'times'"),
        ("add", {"by": "x"}, "bad_arguments", "add: by: Enter a whole number"),
    ],
)
def test_actions_that_fail(counter: Host, name: str, params: Any, kind: str, message: str) -> None:
    error = counter.error(Action, name, params)
    assert (error.kind, error.message) == (kind, message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise SystemExit(7)", "SystemExit: 7"),
        ("sys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise asyncio.CancelledError", "CancelledError"),
        ("raise StopIteration", "RuntimeError: coroutine raised StopIteration"),
        ("await asyncio.create_task(asyncio.to_thread(sys.exit, 'bye'))", "SystemExit: bye"),
    ],
)
def test_what_an_action_raises_does_not_end_the_worker(host: Host, tmp_path: Path, body: str, message: str) -> None:
    run_action(host, tmp_path / "raising", body)
    error = host.error(Action, "go", None)
    assert (error.kind, error.message) == ("exception", message)
    assert host.act("add") == []


def test_sync_action_raising_system_exit(host: Host, tmp_path: Path) -> None:
    body = "class Exits(Module):\n    @action\n    def go(self):\n        sys.exit(4)\n"
    host.run(write_module(tmp_path / "exits", body))
    assert host.error(Action, "go", None).message == "SystemExit: 4"
    assert host.value(Ping) is None


def test_background_task_raising_system_exit(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "task", "async def leave(): sys.exit(5)\nself.task = asyncio.create_task(leave())")
    host.act("go")
    while "a task of the module ended with SystemExit" not in host.logs():
        host.expect(Log)
    assert host.act("add") == []


def test_state_changed_before_an_exception_is_shown(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "half", "self.typed_state.count = 9\nraise ValueError('then')")
    host.error(Action, "go", None)
    assert host.stats() == [0, 9]


@pytest.mark.parametrize(
    ("returned", "types"),
    [
        ("None", []),
        ("Refresh()", ["refresh"]),
        ("[OpenModal(modal_id='a'), None, CloseModal()]", ["open_modal", "close_modal"]),
        ("(Notify(message='a'),)", ["notify"]),
        ("'done'", []),
    ],
)
def test_results(host: Host, tmp_path: Path, returned: str, types: list[str]) -> None:
    run_action(host, tmp_path / "results", f"return {returned}")
    assert [result["type"] for result in host.act("go")] == types


def test_meaningless_result_is_logged(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "results", "return True")
    host.act("go")
    assert "action go returned a bool, which means nothing" in host.logs()


def test_answer_over_the_limit(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "long", "return Notify(message='x' * (17 << 20))")
    error = host.error(Action, "go", None)
    assert error.kind == "exception"
    assert "bytes are more than a frame may hold (16,777,216)" in error.message
    assert host.act("add") == []
