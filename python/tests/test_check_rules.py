"""The rules of the check that read source code: each finds its habit, and leaves its innocent neighbour alone."""

from pathlib import Path

import pytest

from contara_worker.check.rules import static_problems
from contara_worker.check.rules.actions import unknown_modals
from contara_worker.check.source import SourceFile, read_sources

MODULE = """\
import asyncio, subprocess, threading, time
import subprocess as sp
import urllib.request
from time import sleep
import requests
from pydantic import Field
from typing import Annotated, ClassVar
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.action import OpenModal, CloseModal, action
from ContaraNAS.core.ui import Modal, Tile
"""


def messages(source: str, name: str = "__init__.py") -> list[str]:
    return [problem.message for problem in static_problems([SourceFile(name, MODULE + source, Path())])]


def in_method(body: str, head: str = "async def initialize(self)") -> str:
    indented = "\n".join(f"        {line}" for line in body.splitlines())
    return f"class It(Module):\n    {head}:\n{indented}\n"


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("time.sleep(1)", "time.sleep()"),
        ("sleep(1)", "time.sleep()"),
        ("sp.run(['true'])", "subprocess.run()"),
        ("urllib.request.urlopen('x')", "urllib.request.urlopen()"),
        ("with urllib.request.urlopen('x') as page:\n    pass", "urllib.request.urlopen()"),
        ("for _ in range(3):\n    requests.get('x')", "requests.get()"),
        ("from time import sleep as nap\nnap(3)", "time.sleep()"),
    ],
)
def test_blocking_call_in_async_code(call: str, found: str) -> None:
    (message,) = messages(in_method(call))
    assert message.startswith(f"{found} in initialize() blocks the module")


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.sleep(1)",
        "await asyncio.to_thread(time.sleep, 1)",
        "await asyncio.to_thread(lambda: time.sleep(1))",
        "def work():\n    time.sleep(1)\nawait asyncio.to_thread(work)",
        "self.time.sleep(1)",
        "time = self.clock\ntime.sleep(1)",
        "requests.Session()",
        "await asyncio.create_subprocess_exec('true')",
    ],
)
def test_call_that_does_not_block(body: str) -> None:
    assert messages(in_method(body)) == []


def test_sync_methods_may_block_but_not_those_that_draw() -> None:
    assert messages(in_method("time.sleep(1)", "@action\n    def go(self)")) == []
    (message,) = messages(in_method("sp.run(['df'])", "def get_tile(self)"))
    assert message.startswith("subprocess.run() in get_tile() blocks")


@pytest.mark.parametrize(
    "statement",
    ["asyncio.create_task(self.run())", "asyncio.ensure_future(f())", "asyncio.get_running_loop().create_task(f())"],
)
def test_task_that_nobody_keeps(statement: str) -> None:
    (message,) = messages(in_method(statement))
    assert message.startswith("nobody keeps this task")


@pytest.mark.parametrize(
    "statement",
    [
        "self._task = asyncio.create_task(self.run())",
        "await asyncio.create_task(self.run())",
        "self._tasks.append(asyncio.create_task(self.run()))",
        "async with asyncio.TaskGroup() as group:\n    group.create_task(self.run())",
        "asyncio.create_task(self.run()).add_done_callback(print)",
    ],
)
def test_task_that_is_kept(statement: str) -> None:
    found = messages(in_method(statement))
    assert found == []


@pytest.mark.parametrize("caught", ["except:", "except BaseException:", "except (ValueError, BaseException) as error:"])
def test_handler_that_swallows_the_cancellation(caught: str) -> None:
    (message,) = messages(in_method(f"while True:\n    try:\n        await self.read()\n    {caught}\n        pass"))
    assert "also catches the cancellation, so initialize() can't be ended" in message


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    await self.read()\nexcept Exception:\n    pass",
        "try:\n    await self.read()\nexcept BaseException:\n    self.undo()\n    raise",
        "try:\n    await self.read()\nexcept asyncio.CancelledError:\n    raise\nexcept BaseException:\n    pass",
        "while True:\n    try:\n        await self.read()\n    except:\n        break",
        "try:\n    self.read()\nexcept:\n    pass",
        "def work():\n    try:\n        self.read()\n    except:\n        pass\nawait asyncio.to_thread(work)",
        "try:\n    self.later(lambda: None)\nexcept BaseException:\n    await self.undo()",
    ],
)
def test_handler_that_lets_it_through(body: str) -> None:
    assert messages(in_method(body)) == []


@pytest.mark.parametrize("name", ["get_tile", "get_modals", "get_page"])
def test_async_drawing(name: str) -> None:
    (message,) = messages(in_method("return None", f"async def {name}(self)"))
    assert message.startswith(f"{name}() is async")
    assert messages(in_method("return None", f"def {name}(self)")) == []
    assert messages(f"class Other:\n    async def {name}(self):\n        pass\n") == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("self._typed_state.commit()", "commits"),
        ("self.typed_state.commit()", "commits"),
        ("state = self.typed_state\nstate.commit()", "commits"),
        ("self._typed_state.count += 1", "changes the State (self._typed_state.count)"),
        ("self.typed_state.rows[0] = 1", "changes the State (self.typed_state.rows[0])"),
        ("self.typed_state.rows.append(1)", "changes the State (self.typed_state.rows.append())"),
        ("state = self._typed_state\nstate.rows.sort()", "changes the State (state.rows.sort())"),
        ("if True:\n    del self._typed_state.rows[0]", "changes the State (self._typed_state.rows[0])"),
    ],
)
def test_change_while_drawing(statement: str, found: str) -> None:
    (message,) = messages(in_method(statement, "def get_tile(self)"))
    assert found in message


@pytest.mark.parametrize(
    "statement",
    [
        "rows = sorted(self.typed_state.rows)\nrows.append(1)",
        "rows = list(self._typed_state.rows)\nrows.sort()",
        "self._drawn = self.typed_state.count",
        "state = self.typed_state.model_copy()\nstate.count = 1",
        "children = []\nchildren.append(self.typed_state.count)",
        "return self.typed_state.names.get('a')",
    ],
)
def test_drawing_that_only_reads(statement: str) -> None:
    assert messages(in_method(statement, "def get_tile(self)")) == []


def test_state_may_change_elsewhere() -> None:
    assert messages(in_method("self.typed_state.count += 1\nself.typed_state.commit()")) == []


@pytest.mark.parametrize(
    "field",
    [
        "count: int",
        "count: int = Field(ge=0)",
        "count: int = ...",
        "count: int = Field(..., ge=0)",
        "a: Annotated[int, Field(ge=0)]",
    ],
)
def test_field_without_default(field: str) -> None:
    (message,) = messages(f"class It(Module):\n    class State(ModuleState):\n        {field}\n")
    assert "has no default, so the State can't be built" in message


@pytest.mark.parametrize(
    "field",
    [
        "count: int = 0",
        "rows: list[int] = []",
        "rows: list[int] = Field(default_factory=list)",
        "count: int = Field(0, ge=0)",
        "count: int = Field(default=0)",
        "count: int = Field(**options)",
        "_cache: dict",
        "limit: ClassVar[int]",
        "model_config: dict",
        "count: Annotated[int, Field(default=0)]",
    ],
)
def test_field_with_default(field: str) -> None:
    assert messages(f"class It(Module):\n    class State(ModuleState):\n        {field}\n") == []


def test_other_models_need_no_defaults() -> None:
    assert messages("from pydantic import BaseModel\nclass Row(BaseModel):\n    count: int\n") == []


def test_private_action() -> None:
    (message,) = messages(in_method("pass", "@action(timeout=5)\n    async def _go(self)"))
    assert message.startswith("the action _go() looks private")
    assert messages(in_method("pass", "@action\n    async def go(self)")) == []
    assert messages(in_method("pass", "async def _go(self)")) == []


@pytest.mark.parametrize(
    "statement",
    [
        "threading.Thread(target=print).start()",
        "worker = threading.Thread(target=print)\nworker.start()",
        "asyncio.run(main())",
        "LOOP = asyncio.new_event_loop()",
        "if True:\n    subprocess.Popen(['true'])",
    ],
)
def test_start_at_import(statement: str) -> None:
    (message,) = messages(f"{statement}\n")
    assert "runs when the module is imported" in message


@pytest.mark.parametrize(
    "statement",
    [
        "def go():\n    threading.Thread(target=print).start()",
        "LOCK = threading.Lock()",
        "worker = threading.Thread(target=print)",
        "if __name__ == '__main__':\n    asyncio.run(main())",
        "import re\nMATCH = re.match('a', 'a')\nSTART = MATCH.start()",
    ],
)
def test_nothing_started_at_import(statement: str) -> None:
    assert messages(f"{statement}\n") == []


def test_windows_import() -> None:
    assert messages("import winreg\n") == ["winreg exists on Windows only, so this import fails on Linux"]
    assert messages("from win32com.client import Dispatch\n")[0].startswith("win32com exists")
    assert len(messages(in_method("import wmi"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import winreg\nexcept ImportError:\n    winreg = None\n",
        "import sys\nif sys.platform == 'win32':\n    import winreg\n",
        in_method("import winreg", "def _read_registry(self)"),
        "from .wmi import read\n",
    ],
)
def test_guarded_windows_import(source: str) -> None:
    assert messages(source) == []


def test_windows_import_in_a_file_that_may_never_be_imported() -> None:
    assert messages("import winreg\n", "windows.py") == []


def unknown(source: str, *ids: str) -> list[str]:
    return [problem.message for problem in unknown_modals([SourceFile("a.py", MODULE + source, Path())], set(ids))]


def test_unknown_modal() -> None:
    source = "def go():\n    return OpenModal(modal_id='detials')\n"
    assert unknown(source, "details") == ["no modal has the id 'detials', so this opens nothing"]
    assert unknown(source, "detials") == []


@pytest.mark.parametrize(
    "source",
    [
        "OpenModal(modal_id='later')\nModal(id='later', title='At times only')\n",
        "OpenModal(modal_id='disk_a')\nModal(id=f'disk_{name}', title='One each')\n",
        "OpenModal(modal_id=DETAILS)\n",
        "CloseModal(modal_id='gone')\n",
        "OpenModal(modal_id='b')\nIDS = ['a', 'b']\n",
    ],
)
def test_modal_that_may_exist(source: str) -> None:
    assert unknown(source) == []


def test_tests_and_foreign_folders_are_not_read(tmp_path: Path) -> None:
    for name in ("a.py", "tests/test_a.py", ".venv/lib.py", "sub/b.py", "broken.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x = (" if name == "broken.py" else "x = 1")
    assert [file.name for file in read_sources(tmp_path)] == ["a.py", "sub/b.py"]


def test_problem_has_its_place() -> None:
    source = "class It(Module):\n    async def get_tile(self):\n        return None\n"
    (problem,) = static_problems([SourceFile("it.py", source, Path())])
    assert (problem.severity, problem.file, problem.line, problem.column) == ("error", "it.py", 2, 5)
    assert problem.help is not None
