"""Capabilities: what is drawn, when, and for whom."""

from pathlib import Path

import pytest

from contara_worker.messages import Answer, Capabilities, Render, Stop, Ui
from host import Host, write_module

PAGED = """
class Paged(Module):
    class State(ModuleState):
        count: int = 0
        how: str = "good"
    drawn = 0
    def get_tile(self):
        return Tile(icon="x", title="t", stats=[Stat(label="c", value=self.typed_state.count)])
    def get_page(self):
        Paged.drawn += 1
        how = self.typed_state.how
        if how == "raise": raise ValueError("no such disk")
        if how == "text": return "a page"
        if how == "nan":
            stat = Stat(label="s", value=1)
            stat.value = math.nan
            return stat
        text = Text(content=f"page {self.typed_state.count}")
        return [text, text] if how == "list" else text
    @action
    async def add(self, by: int = 1): self.typed_state.count += by
    @action
    async def be(self, how: str): self.typed_state.how = how
    @action
    async def times(self): return Notify(message=str(self.drawn))
"""


@pytest.fixture
def paged(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "paged", PAGED), capabilities=Capabilities(detail_page=True))
    return host


def pages(host: Host) -> list[str | None]:
    return [tree.page["content"] if tree.page else None for tree in host.trees()]


def test_page_is_drawn_only_while_it_is_watched(paged: Host) -> None:
    paged.act("add")
    assert paged.act("times")[0]["message"] == "0"
    paged.watch(page=True)
    tree, answer = paged.seen[-2:]
    assert isinstance(tree, Ui)
    assert isinstance(answer, Answer)
    paged.act("add")
    paged.watch(page=False)
    paged.act("add")
    assert pages(paged) == [None, None, "page 1", "page 2", None]
    assert paged.act("times")[0]["message"] == "2"


def test_render_has_the_page_and_is_sent_if_it_differs(paged: Host) -> None:
    assert paged.value(Render) is None
    assert paged.value(Render) is None
    assert pages(paged) == [None, "page 0"]


def test_a_list_of_components_is_a_stack(paged: Host) -> None:
    paged.act("be", how="list")
    paged.value(Render)
    page = paged.trees()[-1].page
    assert (page["type"], len(page["children"])) == ("stack", 2)


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("raise", "get_page(): ValueError: no such disk"),
        ("text", "get_page(): TypeError: get_page() returned str; expected a component, a list of them, or None"),
        ("nan", "get_page(): UnserialisableError: page.value: expected a finite number, got nan"),
    ],
)
def test_a_page_that_fails_leaves_the_tile(paged: Host, how: str, problem: str) -> None:
    paged.watch(page=True)
    paged.act("be", how=how)
    paged.act("add")
    tree = paged.trees()[-1]
    assert tree.tile["stats"][0]["value"] == 1
    assert (tree.page["type"], tree.page["variant"], tree.page["message"]) == ("alert", "error", problem)
    assert paged.failures() == []
    assert paged.logs() == [problem]


def test_without_the_capability_there_is_no_page(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "paged", PAGED))
    host.watch(page=True)
    host.value(Render)
    assert pages(host) == [None]


def test_without_websocket_actions_still_draw(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "quiet", PAGED), capabilities=Capabilities(websocket=False))
    host.act("add")
    assert host.stats() == [0, 1]


QUIET = """
class Quiet(Module):
    class State(ModuleState):
        count: int = 0
    def get_tile(self):
        return Tile(icon="x", title="t", stats=[Stat(label="c", value=self.typed_state.count)])
    async def start_monitoring(self):
        self.task = asyncio.create_task(self.work())
    async def work(self):
        while True:
            self.typed_state.count += 1
            self.typed_state.commit()
            print(self.typed_state.count, flush=True)
            await asyncio.sleep(0.001)
"""


def test_without_websocket_a_tree_is_sent_when_asked_for(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "quiet", QUIET), capabilities=Capabilities(websocket=False))
    assert host.process.stdout is not None
    while int(host.process.stdout.readline()) < 20:
        pass
    assert len(host.trees()) == 1
    host.value(Render)
    first, second = host.stats()
    assert second >= 20 > first


def test_without_dashboard_there_is_no_tile(host: Host, tmp_path: Path) -> None:
    body = """
class Hidden(Module):
    def get_tile(self): raise AssertionError("called")
    def get_modals(self): return [Stack()]
"""
    host.run(write_module(tmp_path / "hidden", body), capabilities=Capabilities(dashboard=False))
    (tree,) = host.trees()
    assert tree.tile is None
    assert len(tree.modals) == 1


def test_a_module_that_does_not_run_is_not_drawn(paged: Host) -> None:
    paged.value(Stop)
    assert paged.error(Render).kind == "wrong_state"
    paged.watch(page=True)
    assert len(paged.trees()) == 1
