"""What can be said about the setup without changing a machine. Run it with `pytest` in the module's folder."""

import importlib.util
import json
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent.parent


@pytest.fixture
def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hooks_of_my_module", FOLDER / "__init__.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_gets_fields_that_exist(hooks: ModuleType) -> None:
    description = json.loads((FOLDER / "desc.json").read_text("utf-8"))
    script, names = hooks.get_config_info()
    assert set(names) <= {field["name"] for field in description["config"]}
    subprocess.run(["bash", "-n", FOLDER / script], check=True)


def test_long_greetings_are_refused(hooks: ModuleType) -> None:
    assert hooks.check_greeting("Hello") is None
    assert hooks.check_greeting("x" * 81)
