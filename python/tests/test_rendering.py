"""Trees: when one is sent, and what becomes of one that can't be."""

from pathlib import Path

import pytest

from contara_worker.messages import (
    Answer,
    Ping,
    Stop,
    Ui,
    UiFailed,
)
from host import Host, run_action, write_module


def test_many_commits_in_one_turn_make_one_tree(host: Host, tmp_path: Path) -> None:
    body = """
async def burst():
    for _ in range(2000):
        self.typed_state.count += 1
        self.typed_state.commit()
self.task = asyncio.create_task(burst())
"""
    run_action(host, tmp_path / "burst", body)
    host.act("go")
    host.value(Ping)
    host.value(Stop)
    assert host.stats() == [0, 2000]


def test_commit_from_a_thread(host: Host, tmp_path: Path) -> None:
    body = """
def work():
    self.typed_state.count = 5
    self.typed_state.commit()
thread = threading.Thread(target=work)
thread.start()
"""
    run_action(host, tmp_path / "threaded", body)
    host.act("go")
    while host.stats()[-1] != 5:
        host.expect(Ui)
    assert [tree.revision for tree in host.trees()] == [1, 2]


def test_equal_trees_are_not_sent(counter: Host) -> None:
    counter.act("add", by=0)
    counter.act("called")
    assert len(counter.trees()) == 1


def test_commits_before_start_and_after_stop_send_nothing(host: Host, tmp_path: Path) -> None:
    body = """
class Eager(Module):
    class State(ModuleState):
        count: int = 0
    def bump(self):
        self.typed_state.count += 1
        self.typed_state.commit()
    async def initialize(self): self.bump()
    async def start_monitoring(self):
        self.bump()
        await asyncio.sleep(0.01)
    async def stop_monitoring(self):
        self.bump()
        await asyncio.sleep(0.01)
    def get_tile(self): return Tile(icon="x", title="t", stats=[Stat(label="c", value=self.typed_state.count)])
"""
    host.run(write_module(tmp_path / "eager", body))
    host.value(Stop)
    host.value(Ping)
    assert host.stats() == [2]


FAILING = """
class Failing(Module):
    class State(ModuleState):
        how: str = "good"
    def get_tile(self):
        how = self.typed_state.how
        if how == "raise":
            raise ValueError("no such disk")
        if how == "exit":
            sys.exit(3)
        if how == "text":
            return "a tile"
        stat = Stat(label="s", value=how)
        if how == "nan":
            stat.value = math.nan
        if how == "object":
            stat.value = object()
        if how == "nan_prop":
            Stat(label="s", value=math.nan)
        if how == "huge":
            stat.value = "x" * (17 << 20)
        return Tile(icon="x", title="t", stats=[stat])
    def get_modals(self):
        return ["modal"] if self.typed_state.how == "modal" else []
    @action
    async def be(self, how):
        self.typed_state.how = how
"""


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("raise", "ValueError: no such disk"),
        ("exit", "SystemExit: 3"),
        ("text", "TypeError: get_tile() returned str; expected a Tile or None"),
        ("modal", "TypeError: get_modals() returned something else than a list of components"),
        ("nan", "UnserialisableError: tile.stats[0].value: expected a finite number, got nan"),
        ("nan_prop", "ComponentError: Stat.value: expected a finite number, got nan"),
        ("object", "UnserialisableError: tile.stats[0].value: a value of type object can't be sent"),
        ("huge", "UnserialisableError: the tile and the modals are too large: 17,825,"),
    ],
)
def test_a_tree_that_fails(host: Host, tmp_path: Path, how: str, message: str) -> None:
    host.run(write_module(tmp_path / "failing", FAILING))
    host.act("be", how=how)
    (failure,) = host.failures()
    assert failure.message.startswith(message)
    assert message.partition(":")[0] in failure.traceback
    assert "contara_worker" not in failure.traceback
    host.act("be", how="good again")
    assert [(tree.revision, tree.tile["stats"][0]["value"]) for tree in host.trees()] == [
        (1, "good"),
        (2, "good again"),
    ]


def test_first_tree_failing_does_not_fail_the_start(host: Host, tmp_path: Path) -> None:
    body = "class Never(Module):\n    def get_tile(self):\n        raise ValueError('never')\n"
    host.run(write_module(tmp_path / "never", body))
    failure, answer = host.seen[-2:]
    assert isinstance(failure, UiFailed)
    assert isinstance(answer, Answer)
    assert "never/__init__.py" in failure.traceback


def test_module_without_a_tile(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "bare", "class Bare(Module): ...\n"))
    assert host.trees() == [Ui(1, None, [], None)]


def heard(host: Host) -> int:
    """Count the log records that came, or were reported as dropped."""
    dropped = sum(int(text.split()[0].replace(",", "")) for text in host.logs() if "were dropped" in text)
    return dropped + len([text for text in host.logs() if text.startswith("xxx")])


def test_threads_that_log_and_commit_at_once_keep_frames_whole(host: Host, tmp_path: Path) -> None:
    body = """
def work(number):
    for _ in range(200):
        logging.getLogger(f"thread{number}").info("x" * 300)
        self.typed_state.count += 1
        self.typed_state.commit()
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
await asyncio.to_thread(lambda: [thread.join() for thread in threads])
"""
    run_action(host, tmp_path / "crowd", body)
    assert host.act("go") == []
    while heard(host) < 1600:
        host.receive()
    assert heard(host) == 1600
    assert [tree.revision for tree in host.trees()] == list(range(1, len(host.trees()) + 1))
