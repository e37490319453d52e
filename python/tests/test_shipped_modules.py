"""The modules that ship are clean by our own rules for authors; what they do is tested in their own folders."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[2] / "modules" / "builtin"
NAMES = sorted(path.parent.name for path in MODULES.glob("*/module.json"))


def test_there_are_some() -> None:
    assert NAMES == ["steam", "sys_monitor"]


@pytest.mark.parametrize("name", NAMES)
def test_a_module_that_ships_has_no_problems(name: str) -> None:
    arguments = ["--name", name, "--source", "builtin", "--display-name", name.title()]
    command = [sys.executable, "-m", "contara_worker.check", str(MODULES / name), *arguments]
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert report["problems"] == []
    assert report["settings"] is not None
    assert report["trees"]["tile"]["type"] == "tile"
