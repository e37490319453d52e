"""The pytest plugin, in a pytest of its own: where the fixture finds the module, and how test files are imported."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from host import DEADLINE, write_module

MODULE = """
from . import api

class Hello(Module):
    class State(ModuleState):
        count: int = 0

    stopped = []

    async def stop_monitoring(self):
        self.stopped.append(True)

    def get_tile(self):
        return Tile(icon="Box", title=self.name, stats=[Stat(label="Count", value=self.typed_state.count)],
            actions=[Button(label="Read", on_click=self.read)])

    @action
    async def read(self):
        self.typed_state.count = api.value()
"""
API = "def value():\n    return 41\n"
TEST = """
def test_reads(contara_module):
    contara_module.enable()
    contara_module.press("Read")
    assert contara_module.tile.stat("Count").value == 41
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_hello(tmp_path / "modules" / "hello")


def write_hello(folder: Path) -> Path:
    write_module(folder, MODULE, api=API)
    (folder / "module.json").write_text(json.dumps({"name": folder.name, "displayName": "Hello"}))
    (folder / "tests").mkdir()
    return folder


def run(folder: Path, *args: str, passed: int, failed: int = 0) -> str:
    """Run pytest in `folder` and compare how many tests passed."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-W", "error", "--strict-markers", "--strict-config", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE * 3,
        check=False,
    )
    summary = done.stdout.splitlines()[-1]
    assert (f"{passed} passed" in summary) == bool(passed), done.stdout + done.stderr
    assert (f"{failed} failed" in summary) == bool(failed), done.stdout + done.stderr
    return done.stdout


def test_module_around_the_test_file(folder: Path) -> None:
    (folder / "tests" / "test_hello.py").write_text(TEST)
    run(folder, passed=1)
    run(folder.parent, passed=1)
    run(folder / "tests", passed=1)


@pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
@pytest.mark.parametrize("package", [True, False])
def test_files_of_the_module_are_those_that_run(folder: Path, mode: str, *, package: bool) -> None:
    if package:
        (folder / "tests" / "__init__.py").touch()
    (folder / "tests" / "test_hello.py").write_text(
        f"from .. import Hello, api\n{TEST}\n"
        "def test_class(contara_module):\n    assert type(contara_module.module) is Hello\n"
        "def test_patch(contara_module, monkeypatch):\n    monkeypatch.setattr(api, 'value', lambda: 7)\n"
        "    contara_module.enable()\n    contara_module.press('Read')\n    assert contara_module.state.count == 7\n"
        "def test_name():\n    assert __name__ == 'ContaraNAS.modules.community.hello.tests.test_hello'\n"
    )
    run(folder, f"--import-mode={mode}", passed=4)


def test_assertions_are_explained(folder: Path) -> None:
    (folder / "tests" / "test_hello.py").write_text("from .. import api\ndef test_a():\n    assert api.value() == 5\n")
    assert "assert 41 == 5" in run(folder, passed=0, failed=1)


def test_module_that_is_called_like_a_library(tmp_path: Path) -> None:
    folder = write_hello(tmp_path / "json")
    (folder / "tests" / "test_a.py").write_text(f"import json\n{TEST}def test_b():\n    assert json.dumps(1) == '1'\n")
    run(tmp_path, passed=2)


def test_two_modules_with_tests_of_one_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (write_hello(tmp_path / name) / "tests" / "test_it.py").write_text(TEST)
    run(tmp_path, passed=2)


def test_module_of_the_builtin_folder(tmp_path: Path) -> None:
    folder = write_hello(tmp_path / "builtin" / "hello")
    (folder / "tests" / "test_it.py").write_text(
        "from ContaraNAS.modules.builtin.hello import Hello\n"
        "def test_it(contara_module):\n    assert type(contara_module.module) is Hello\n"
    )
    run(folder, passed=1)


@pytest.mark.parametrize("how", ["option", "ini"])
def test_module_that_is_named(folder: Path, tmp_path: Path, how: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "test_hello.py").write_text(TEST)
    if how == "ini":
        (elsewhere / "pytest.ini").write_text("[pytest]\ncontara_module = ../modules/hello\n")
        run(elsewhere, passed=1)
    else:
        run(elsewhere, f"--contara-module={folder}", passed=1)


def test_no_module_anywhere(tmp_path: Path) -> None:
    (tmp_path / "test_hello.py").write_text(TEST)
    output = run(tmp_path, passed=0)
    assert "has a module.json; name the module with --contara-module" in output


def test_settings_and_state_of_the_marker(folder: Path) -> None:
    (folder / "tests" / "test_hello.py").write_text(
        "import pytest\n@pytest.mark.contara_module(state={'count': 5})\n"
        "def test_state(contara_module):\n    assert contara_module.state.count == 5\n"
    )
    run(folder, passed=1)


def test_module_is_disabled_afterwards(folder: Path) -> None:
    (folder / "tests" / "test_hello.py").write_text(
        "from .. import Hello\nimport threading\n"
        "def test_a(contara_module):\n    contara_module.enable()\n    assert Hello.stopped == []\n"
        "def test_b():\n    assert Hello.stopped == [True]\n"
        "    assert not any(thread.name == 'contara-testing' for thread in threading.enumerate())\n"
    )
    run(folder, passed=2)


def test_module_that_can_not_be_imported(folder: Path) -> None:
    (folder / "api.py").write_text("x = 1 / 0\n")
    (folder / "tests" / "test_hello.py").write_text(TEST)
    output = run(folder, passed=0)
    assert "ZeroDivisionError: division by zero" in output
    assert "api.py" in output


def test_other_tests_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text("def test_name():\n    assert __name__ == 'test_plain'\n")
    run(tmp_path, passed=1)
