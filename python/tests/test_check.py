"""The check of a whole module: what it reports when all is well, and each problem that shows only when code runs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from host import DEADLINE, FIXTURES, write_module

CLEAN = """
from pydantic import BaseModel
from ContaraNAS.core.ui import Input, Modal

class Clean(Module):
    class State(ModuleState):
        count: int = 0

    class Settings(BaseModel):
        step: int = 1

    def get_tile(self):
        return Tile(icon="Box", title=self.display_name, stats=[Stat(label="Count", value=self.typed_state.count)],
            actions=[Button(label="Set", on_click=self.ask)])

    def get_modals(self):
        return [Modal(id="set", title="Set", children=[Input(name="count", label="Count")],
            footer=[Button(label="Save", on_click=self.save), Button(label="Cancel")])]

    def get_page(self):
        return Text(content="A page")

    @action
    async def ask(self):
        return OpenModal(modal_id="set")

    @action(confirm="Sure?")
    async def save(self, count: int):
        \"\"\"Set the count.\"\"\"
        self.typed_state.count = count
"""


def check(folder: Path, *args: str) -> dict[str, Any]:
    command = [sys.executable, "-P", "-B", "-m", "contara_worker.check", str(folder), *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def write(folder: Path, body: str, capabilities: dict[str, bool] | None = None, **files: str) -> Path:
    write_module(folder, body, **files)
    text = json.dumps({"name": folder.name, "displayName": "Clean", "capabilities": capabilities or {}}, indent=1)
    (folder / "module.json").write_text(text)
    return folder


def problems(folder: Path) -> list[tuple[str, str, str | None, int | None]]:
    found = check(folder)["problems"]
    return [(item["severity"], item["message"], item["file"], item["line"]) for item in found]


def line_of(folder: Path, text: str, file: str = "__init__.py") -> int:
    lines = (folder / file).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_clean_module(tmp_path: Path) -> None:
    folder = write(tmp_path / "clean", CLEAN, {"detailPage": True, "settings": True})
    report = check(folder, "--name", "clean", "--source", "builtin", "--display-name", "Clean it is")
    assert report["problems"] == []
    assert report["class"] == "Clean"
    assert list(report["schemas"]) == ["ask", "save"]
    assert report["schemas"]["save"]["confirm"] == "Sure?"
    assert report["schemas"]["save"]["params"]["properties"]["count"]["type"] == "integer"
    assert report["settings"]["properties"]["step"]["default"] == 1
    assert report["trees"]["tile"]["title"] == "Clean it is"
    assert report["trees"]["modals"][0]["id"] == "set"
    assert report["trees"]["page"]["content"] == "A page"
    assert not (folder / "__pycache__").exists()


def test_modules_of_the_fixtures() -> None:
    assert problems(FIXTURES / "my_module") == []
    (_, message, _, line), *others = problems(FIXTURES / "never_answers")
    assert (message.partition(" in ")[0], line) == ("time.sleep()", line_of(FIXTURES / "never_answers", "time.sleep"))
    assert ["no get_tile()" in other[1] for other in others] == [True]


def test_what_a_module_prints_is_not_in_the_report(tmp_path: Path) -> None:
    noise = "print('hello')\nos.write(1, b'{}')\nsubprocess.run(['echo', 'there'])\nsys.stdout.write('x')\n"
    report = check(write(tmp_path / "noisy", f"{noise}{CLEAN}", {"detailPage": True, "settings": True}))
    assert report["class"] == "Clean"


def test_threads_that_are_left_do_not_keep_it_waiting(tmp_path: Path) -> None:
    body = """
class T(Module):
    def __init__(self, name):
        super().__init__(name)
        threading.Thread(target=threading.Event().wait).start()
    def get_tile(self):
        return None
"""
    assert check(write(tmp_path / "threads", body))["class"] == "T"


@pytest.mark.parametrize(
    ("body", "message", "text"),
    [
        ("import nothing_like_it\n", "ModuleNotFoundError: No module named 'nothing_like_it'", "nothing_like_it"),
        ("x = 1 / 0\n", "ZeroDivisionError: division by zero", "1 / 0"),
        ("sys.exit(3)\n", "SystemExit: 3 — the module ended itself while it was imported", "sys.exit(3)"),
        ("import winreg\n", "ModuleNotFoundError: No module named 'winreg'", "winreg"),
        (
            "class A(Module):\n    def __init__(self):\n        raise OSError('no')\n",
            "OSError: no",
            "raise OSError",
        ),
        (
            "class A(Module):\n    class State(ModuleState):\n        count: int\n",
            "State.count has no default, so the State can't be built when the module starts",
            "count: int",
        ),
    ],
)
def test_module_that_can_not_be_loaded(tmp_path: Path, body: str, message: str, text: str) -> None:
    folder = write(tmp_path / "broken", body)
    assert problems(folder) == [("error", message, "__init__.py", line_of(folder, text))]
    assert check(folder)["class"] is None


def test_syntax_error_in_another_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "broken", "from . import api\n", api="x = 1\ndef (\n")
    ((severity, message, file, line),) = problems(folder)
    assert (severity, file, line) == ("error", "api.py", 2)
    assert message.startswith("SyntaxError")


def test_help_with_imports(tmp_path: Path) -> None:
    (problem,) = check(write(tmp_path / "a", "import winreg\n"))["problems"]
    assert "exists on Windows only" in problem["help"]
    (problem,) = check(write(tmp_path / "b", "import vdf_is_missing\n"))["problems"]
    assert 'among "dependencies"' in problem["help"]
    assert f"installed for {sys.executable}" in problem["help"]


@pytest.mark.parametrize(
    ("returned", "severity", "message"),
    [
        ("Tile(icon='Box', title='A', colspan=9)", "error", "get_tile(): ComponentError: Tile.colspan"),
        (
            "Tile(icon='Box', title='A', content=[Text(content='x', size='xx')])",
            "error",
            "get_tile(): ComponentError: Text.size",
        ),
        ("Tile(icon='Box', title='A', actions=[Button(label='B', on_click=self.get_modals)])", "error", "get_tile(): "),
        ("'hello'", "error", "TypeError: get_tile() returned str; expected a Tile or None"),
        ("[][0]", "warning", "get_tile() raises IndexError: list index out of range while the State has its defaults"),
        ("sys.exit()", "warning", "get_tile() raises SystemExit while the State has its defaults"),
    ],
)
def test_tile_that_can_not_be_drawn(tmp_path: Path, returned: str, severity: str, message: str) -> None:
    body = f"class A(Module):\n    def get_tile(self):\n        return {returned}\n"
    ((found, text, _, _),) = problems(write(tmp_path / "a", body))
    assert found == severity
    assert text.startswith(message)


@pytest.mark.parametrize(
    "returned", ["Tile(icon='Box', title=self.client.title)", "Tile(icon='Box', title=self.later)"]
)
def test_tile_that_needs_initialize_is_no_problem(tmp_path: Path, returned: str) -> None:
    body = (
        "class A(Module):\n    client = None\n    async def initialize(self):\n        self.later = 'x'\n"
        f"    def get_tile(self):\n        return {returned}\n"
    )
    assert problems(write(tmp_path / "a", body)) == []


@pytest.mark.parametrize(
    ("change", "message", "place"),
    [
        (
            ('return [Modal(id="set"', 'return [Modal(id="set", title="Other"), Modal(id="set"'),
            "2 modals have the id 'set'",
            'Modal(id="set"',
        ),
        (
            ("[Input(", '[Input(name="count"), Input('),
            "several fields of one form are named 'count'",
            'Input(name="count"',
        ),
        (("on_click=self.ask)", ")"), "the button 'Set' has no on_click", 'Button(label="Set"'),
        (
            ("save(self, count: int)", "save(self, count)"),
            "save(count) is filled from a form and has no type",
            "async def save",
        ),
        (
            ("count: int)", "count: 'Missing')"),
            "save(count) is filled from a form, but its type can't be made from one",
            "async def save",
        ),
        (('modal_id="set"', 'modal_id="sett"'), "no modal has the id 'sett'", 'modal_id="sett"'),
        (("async def ask", "async def _ask"), "the action _ask() looks private", "async def _ask"),
    ],
)
def test_habits_that_show_in_the_trees(tmp_path: Path, change: tuple[str, str], message: str, place: str) -> None:
    body = CLEAN.replace(*change).replace("self.ask", "self._ask" if "_ask" in change[1] else "self.ask")
    folder = write(tmp_path / "clean", body, {"detailPage": True, "settings": True})
    ((severity, text, file, line),) = problems(folder)
    assert (severity, file, line) == ("warning", "__init__.py", line_of(folder, place))
    assert text.startswith(message)


@pytest.mark.parametrize(
    "change",
    [
        ('Button(label="Set", on_click=self.ask)', 'Button(label="Set", disabled=True)'),
        ("save(self, count: int)", "save(self, **values)"),
        ("on_click=self.save)", "on_click=ActionRef(self.save, count=3))"),
        ("[Input(", "[Checkbox(name='disks', value='a'), Checkbox(name='disks', value='b'), Input("),
        ("[Input(", "[Form(children=[Input(name='count')]), Input("),
    ],
)
def test_innocent_neighbours(tmp_path: Path, change: tuple[str, str]) -> None:
    body = "from ContaraNAS.core.ui import Checkbox, Form\n" + CLEAN.replace(*change)
    assert problems(write(tmp_path / "clean", body, {"detailPage": True, "settings": True})) == []


@pytest.mark.parametrize(
    ("capabilities", "body", "messages"),
    [
        ({"detailPage": True}, "pass", ['"detailPage" is true, but A has no get_page()']),
        ({"settings": True}, "pass", ['"settings" is true, but A has no class Settings']),
        (
            {},
            "def get_page(self):\n        return None",
            ['A has get_page(), but the capability "detailPage" is not true'],
        ),
        (
            {},
            "class Settings(__import__('pydantic').BaseModel):\n        a: int = 1",
            ['A has class Settings, but the capability "settings"'],
        ),
        ({"dashboard": False}, "pass", ['A has get_tile(), but the capability "dashboard" is not true']),
    ],
)
def test_capabilities(tmp_path: Path, capabilities: dict[str, bool], body: str, messages: list[str]) -> None:
    module = f"class A(Module):\n    def get_tile(self):\n        return None\n    {body}\n"
    folder = write(tmp_path / "a", module, capabilities)
    found = problems(folder)
    assert len(found) == len(messages)
    for (severity, text, file, line), message in zip(found, messages, strict=True):
        assert (severity, file) == ("warning", "module.json")
        assert message in text
        key = next(iter(capabilities), "capabilities")
        assert line == line_of(folder, key, "module.json")


def test_dashboard_without_a_tile(tmp_path: Path) -> None:
    ((_, text, _, _),) = problems(write(tmp_path / "a", "class A(Module):\n    pass\n"))
    assert text == 'the capability "dashboard" is true, but A has no get_tile()'


def test_async_tile_is_told_once(tmp_path: Path) -> None:
    body = "class A(Module):\n    async def get_tile(self):\n        return None\n"
    ((severity, text, _, _),) = problems(write(tmp_path / "a", body))
    assert severity == "error"
    assert text.startswith("get_tile() is async")


def test_settings_that_no_form_can_show(tmp_path: Path) -> None:
    body = CLEAN.replace("step: int = 1", "step: type = int").replace(
        "BaseModel):", "BaseModel, arbitrary_types_allowed=True):"
    )
    ((severity, text, _, _),) = problems(write(tmp_path / "a", body, {"detailPage": True, "settings": True}))
    assert severity == "error"
    assert text.startswith("no form can be made of Settings")


def test_folder_that_is_no_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "contara_worker.check", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "has no module.json" in done.stderr
