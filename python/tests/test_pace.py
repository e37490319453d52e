"""Limits of trees: how large they may be, and how often they are sent when no action has caused them."""

import struct
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contara_worker.messages import Action, Answer, Ping, State, Stop, TreeLimits, Ui, UiFailed, Watch
from host import Host, run_action, write_module

RATE = 20
PACED = {"limits": TreeLimits(2 << 20, RATE), "keep_state": True}

BURST = """
async def burst():
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        for _ in range(50):
            self.typed_state.count += 1
            self.typed_state.commit()
        await asyncio.sleep(0)
    logging.getLogger("burst").info("count %s drawn %s", self.typed_state.count, 0)
self.task = asyncio.create_task(burst())
"""


def counts(host: Host) -> list[int]:
    return [message.value["count"] for message in host.seen if isinstance(message, State)]


def ended(host: Host) -> tuple[int, int]:
    """Wait for the end of the burst; return how far it counted and how often the tile was drawn."""
    while not (logs := [text for text in host.logs() if text.startswith("count ")]):
        host.receive()
    words = logs[0].split()
    return int(words[1]), int(words[3])


def test_a_burst_of_commits_is_sent_at_its_pace_and_its_last_one_arrives(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "burst", BURST, PACED)
    host.act("go")
    count, _ = ended(host)
    assert count > 50 * RATE
    while host.stats()[-1] != count:
        host.receive()
    # In 0.5 s: the first tree, the action's, one at once, one for each interval, and the last. As many states.
    assert len(host.trees()) <= 0.5 * RATE + 5
    assert counts(host)[-1] == count
    assert len(counts(host)) <= 0.5 * RATE + 5
    for message, following in zip(host.seen, host.seen[1:], strict=False):
        if isinstance(following, Ui) and isinstance(message, State):
            assert following.tile["stats"][0]["value"] == message.value["count"]


def test_an_action_in_a_burst_is_answered_after_its_own_tree_and_state(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "burst", BURST, PACED)
    host.act("go")
    before = len(host.trees())
    for _ in range(20):
        host.act("add", by=1_000_000)
        tree, state = host.trees()[-1], counts(host)[-1]
        assert tree.tile["stats"][0]["value"] == state
    assert len(host.trees()) >= before + 20, "actions wait for no pace"
    assert counts(host)[-1] >= 20_000_000


def test_the_first_commit_after_a_pause_is_sent_at_once(host: Host, tmp_path: Path) -> None:
    slow = {"limits": TreeLimits(2 << 20, 1)}
    body = """
async def commit():
    await asyncio.sleep(0)
    self.typed_state.count = 7
    self.typed_state.commit()
self.task = asyncio.create_task(commit())
"""
    run_action(host, tmp_path / "once", body, slow)
    start = time.monotonic()
    host.act("go")
    while host.stats()[-1] != 7:
        host.receive()
    assert time.monotonic() - start < 0.9


def test_what_is_asked_for_waits_for_no_pace(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "asked", BURST, PACED)
    host.act("go")
    host.value(Watch, *[True])
    host.value(Stop)
    count = host.stats()[-1]
    host.value(Ping)
    assert host.stats()[-1] == count, "no tree after stop"


SIZED = """
class Sized(Module):
    class State(ModuleState):
        size: int = 0
    def get_tile(self):
        return Tile(icon="x", title="t", content=[Text(content="x" * self.typed_state.size)])
    @action
    async def grow(self, size: int):
        self.typed_state.size = size
"""


def test_a_tree_over_its_limit_names_size_limit_and_setting(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "sized", SIZED), limits=TreeLimits(10_000, 30))
    host.act("grow", size=9_000)
    host.act("grow", size=20_000)
    host.act("grow", size=10)
    (failure,) = host.failures()
    assert failure.message.startswith("UnserialisableError: the tile and the modals are too large: 20,1")
    assert failure.message.endswith(
        " bytes; 10,000 are allowed (`tree_size` of the module in Contara's configuration, contara.toml)"
    )
    assert [tree.revision for tree in host.trees()] == [1, 2, 3]


HUGE = """
class Huge(Module):
    class State(ModuleState):
        count: int = 0
    drawn = 0
    def get_tile(self):
        type(self).drawn += 1
        time.sleep(0.05)  # as long as it takes to build some 50,000 nodes
        return Tile(icon="x", title="x" * 20_000)
    @action
    async def go(self):
        async def commit():
            for _ in range(500):
                self.typed_state.count += 1
                self.typed_state.commit()
                await asyncio.sleep(0.001)
            logging.getLogger("huge").info("count %s drawn %s", self.typed_state.count, self.drawn)
        self.task = asyncio.create_task(commit())
"""


def test_a_huge_tree_is_not_built_at_full_pace(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "huge", HUGE), limits=TreeLimits(10_000, 30))
    start = time.monotonic()
    host.act("go")
    _, drawn = ended(host)
    seconds = time.monotonic() - start
    # At the start, after the action, and then a fifth of the time at most, with one begun at the end.
    assert (drawn - 3) * 0.05 <= seconds / 5
    assert drawn == len(host.failures())
    host.expect(UiFailed)


@pytest.mark.parametrize("limits", [None, TreeLimits(2**64 - 1, 2**32 - 1)])
def test_without_limits_each_turn_may_send_a_tree(host: Host, tmp_path: Path, limits: Any) -> None:
    body = """
for _ in range(50):
    self.typed_state.count += 1
    self.typed_state.commit()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
"""
    run_action(host, tmp_path / "free", body, {"limits": limits})
    host.act("go")
    assert len(host.trees()) > 10


def test_actions_that_end_together_share_a_tree_that_shows_each(counter: Host) -> None:
    ids = range(1001, 1051)
    frames = [msgspec.msgpack.encode(Action(request, "add", {"by": 1})) for request in ids]
    counter.link.sendall(b"".join(struct.pack(">I", len(frame)) + frame for frame in frames))
    for number, request in enumerate(ids, start=1):
        assert isinstance(counter.outcome(request), Answer)
        assert counter.stats()[-1] >= number
    assert counter.stats()[-1] == 50
    assert len(counter.trees()) <= 5, "the first tree, and one for all that came in one read"
    answers = [message.id for message in counter.seen if isinstance(message, Answer) and message.id in ids]
    assert answers == list(ids)
