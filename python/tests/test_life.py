"""The life of a module in a real worker, from the Quick Start on."""

import json
from pathlib import Path
from typing import Any

import pytest

from contara_worker.messages import (
    Action,
    Answer,
    Error,
    Initialize,
    Request,
    Shutdown,
    Start,
    Stop,
    Ui,
)
from host import COUNTER, FIXTURES, GOLDEN, Host, write_module

SAMPLES = json.loads(GOLDEN.read_text())
SCHEMA: dict[str, Any] = {
    "params": {"type": "object", "properties": {}, "additionalProperties": False},
    "confirm": None,
    "roles": [],
    "timeout": 60.0,
    "concurrent": False,
}


def test_quick_start(host: Host) -> None:
    (sample,) = [sample for sample in SAMPLES if sample["name"] == "answer to load"]
    increment = {"description": "Increment the counter (called from frontend)"}
    expected = {**sample["message"]["value"], "schemas": {"increment": {**SCHEMA, **increment}}}
    assert host.load(FIXTURES / "my_module") == expected
    assert host.value(Initialize) is None
    assert host.value(Start) is None
    (first,) = host.trees()
    assert first == Ui(1, first.tile, [], None)
    assert first.tile == {
        "type": "tile",
        "icon": "Counter",
        "title": "My Module",
        "colspan": 1,
        "rowspan": 1,
        "stats": [{"type": "stat", "label": "Count", "value": 0}],
        "actions": [
            {
                "type": "button",
                "label": "Increment",
                "on_click": {"__action__": "increment"},
                "variant": "primary",
                "size": "md",
                "icon_only": False,
                "disabled": False,
                "loading": False,
            }
        ],
    }
    assert host.act("increment") == []
    tree, answer = host.seen[-2:]
    assert isinstance(tree, Ui)
    assert isinstance(answer, Answer)
    assert (tree.revision, tree.tile["stats"][0]["value"]) == (2, 1)
    assert host.value(Stop) is None
    assert host.value(Shutdown) is None
    assert host.exit_status() == 0
    assert host.output() == ("", "")


def test_quick_start_is_the_document(tmp_path: Path) -> None:
    manifest = json.loads((FIXTURES / "my_module" / "module.json").read_text())
    assert (manifest["name"], manifest["icon"]) == ("my_module", "wrench")
    assert (FIXTURES / "my_module" / "__init__.py").read_text().startswith("# my_module/__init__.py\n\nfrom ContaraNAS")
    assert not (FIXTURES / "my_module" / "__pycache__").exists()
    del tmp_path


def test_order_of_life(counter: Host) -> None:
    assert counter.value(Initialize) is None
    assert counter.value(Start) is None
    assert counter.value(Stop) is None
    assert counter.value(Stop) is None
    assert counter.value(Start) is None
    assert counter.act("called")[0]["message"] == "initialize start stop start"


def test_start_sends_the_tree_again_with_the_next_revision(counter: Host) -> None:
    counter.value(Stop)
    counter.value(Start)
    assert [tree.revision for tree in counter.trees()] == [1, 2]


@pytest.mark.parametrize("kind", [Initialize, Start])
def test_requests_before_load(host: Host, kind: type[Request]) -> None:
    assert host.error(kind) == Error(1, host.seen[-1].kind, "no module is loaded")  # type: ignore[union-attr]
    assert host.seen[-1].kind == "wrong_state"  # type: ignore[union-attr]  # the line before found an Error


def test_wrong_states(host: Host, tmp_path: Path) -> None:
    folder = write_module(tmp_path / "counter", COUNTER)
    host.load(folder)
    assert host.fail_load(folder).kind == "wrong_state"
    assert host.error(Start).message == "the module isn't initialized"
    assert host.error(Action, "add", None).message == "the module doesn't run"
    assert host.value(Stop) is None


def test_failing_initialize_may_be_tried_again(host: Host, tmp_path: Path) -> None:
    body = """
class Shy(Module):
    tries = 0
    async def initialize(self):
        self.tries += 1
        if self.tries == 1:
            raise OSError("not yet")
    async def start_monitoring(self):
        raise RuntimeError("never")
"""
    host.load(write_module(tmp_path / "shy", body))
    error = host.error(Initialize)
    assert (error.kind, error.message) == ("exception", "OSError: not yet")
    assert error.traceback is not None
    assert "shy/__init__.py" in error.traceback
    assert "runtime.py" not in error.traceback
    assert host.value(Initialize) is None
    assert host.error(Start).message == "RuntimeError: never"
    assert host.trees() == []
    assert host.error(Action, "x", None).kind == "wrong_state"


def test_sync_life_methods_run_in_the_loop(host: Host, tmp_path: Path) -> None:
    body = """
class Sync(Module):
    def start_monitoring(self):
        self.task = asyncio.get_running_loop().create_task(asyncio.sleep(0))
"""
    host.run(write_module(tmp_path / "sync", body))


def test_flags(host: Host, tmp_path: Path) -> None:
    body = """
class Flags(Module):
    seen = []
    def note(self): self.seen.append(f"{self.init_flag:d}{self.enable_flag:d}")
    async def initialize(self): self.note()
    async def start_monitoring(self): self.note()
    async def stop_monitoring(self): self.note()
    @action
    async def go(self): return Notify(message=" ".join(self.seen))
"""
    host.run(write_module(tmp_path / "flags", body))
    host.value(Stop)
    host.value(Start)
    assert host.act("go")[0]["message"] == "00 11 10 11"
