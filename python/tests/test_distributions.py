"""What the host is told about the interpreter and the SDK's packages."""

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

from contara_worker.distributions import name_of, read_facts


def test_the_program_prints_one_json_object_and_imports_no_package() -> None:
    code = (
        "import runpy, sys; runpy.run_module('contara_worker.distributions', run_name='__main__');"
        "print(*{'pydantic', 'msgspec', 'psutil', 'asyncio'} & sys.modules.keys(), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == ""
    assert len(ended.stdout.splitlines()) == 1
    assert json.loads(ended.stdout) == read_facts()


def test_the_closure_has_what_the_sdk_needs_and_nothing_else() -> None:
    facts = read_facts()
    found = facts["distributions"]
    assert found["pydantic"]["version"] == version("pydantic")
    # Of pydantic only; the latter with its optional parts left out.
    assert "pydantic-core" in found
    assert not any("extra" in requirement for each in found.values() for requirement in each["requires"])
    assert {"pytest", "ruff", "contara-sdk"}.isdisjoint(found)
    assert {name_of(requirement) for requirement in facts["sdk"]} <= found.keys()
    assert "uv" in found


def test_the_interpreter_is_described() -> None:
    facts = read_facts()
    assert facts["python"] == ".".join(map(str, sys.version_info[:2]))
    assert facts["abi"]
    assert facts["platform"].startswith(sys.platform)


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("Typing_Extensions>=4", "typing-extensions"), ("a.b[c]; x", "a-b"), ("p (>=1)", "p"), (";", "")],
)
def test_names_are_normalised(requirement: str, name: str) -> None:
    assert name_of(requirement) == name


def test_without_the_sdks_metadata_that_is_said() -> None:
    code = (
        "import importlib.metadata as m, runpy\n"
        "def missing(name): raise m.PackageNotFoundError(name)\n"
        "m.distribution = missing\n"
        "runpy.run_module('contara_worker.distributions', run_name='__main__')"
    )
    ended = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "contara-sdk is not installed" in ended.stderr
