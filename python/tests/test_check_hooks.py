"""The check of a setup module's functions."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "dns"
    path.mkdir()
    return path


def check(folder: Path, code: str) -> dict[str, Any]:
    (folder / "__init__.py").write_text(code)
    command = [sys.executable, "-P", "-B", "-m", "contara_worker.check.hooks", str(folder), "--slug", "dns"]
    report: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    return report


def test_functions_and_script_are_told(folder: Path) -> None:
    report = check(
        folder,
        "import os\nfrom subprocess import call\nprint('hello')\n"
        "def get_config_info():\n    return ('setup-dns.sh', ['domain'])\n"
        "def valid_domain(value):\n    pass\n",
    )
    assert report == {
        "functions": ["get_config_info", "valid_domain"],
        "script": "setup-dns.sh",
        "parameters": ["domain"],
        "problems": [],
    }


def test_an_empty_file_is_fine(folder: Path) -> None:
    assert check(folder, "") == {"functions": [], "script": None, "parameters": [], "problems": []}


def test_what_can_not_be_imported_is_placed(folder: Path) -> None:
    [problem] = check(folder, "import os\nimport no_such_library\n")["problems"]
    assert (problem["severity"], problem["file"], problem["line"]) == ("error", "__init__.py", 2)
    assert "no_such_library" in problem["message"]
    [problem] = check(folder, "def a():\n    print 'hello'\n")["problems"]
    assert (problem["severity"], problem["line"]) == ("error", 2)
    [problem] = check(folder, "import sys\n\nsys.exit(3)\n")["problems"]
    assert (problem["severity"], problem["line"]) == ("error", 3)


def test_indentation_of_old_is_a_warning(folder: Path) -> None:
    report = check(folder, "def a():\n        if True:\n\t    return 1\n\treturn 2\n")
    assert report["functions"] == ["a"]
    [problem] = report["problems"]
    assert (problem["severity"], problem["file"]) == ("warning", "__init__.py")
    assert "tabs" in problem["message"]


@pytest.mark.parametrize("given", ["None", "'setup.sh'", "('setup.sh',)", "('setup.sh', 'domain')", "('', [])"])
def test_a_script_has_to_be_named(folder: Path, given: str) -> None:
    report = check(folder, f"def get_config_info():\n    return {given}\n")
    [problem] = report["problems"]
    assert (problem["severity"], report["script"]) == ("error", None)
    assert "which script" in problem["message"]


def test_a_hook_that_fails_here_may_work_elsewhere(folder: Path) -> None:
    report = check(folder, "def get_config_info():\n    open('/etc/no such file')\n")
    [problem] = report["problems"]
    assert (problem["severity"], problem["line"]) == ("warning", 2)
    assert "get_config_info() raises" in problem["message"]
    [problem] = check(folder, "def get_config_info():\n    raise SystemExit(1)\n")["problems"]
    assert problem["severity"] == "warning"
