"""Setup modules that may know passwords: what goes wrong in them is told without their words."""

from pathlib import Path

import pytest

from contara_worker.messages import Error, ErrorKind
from host import Host
from setup_host import call, fail_call, fail_setup, load_setup, write_setup

CODE = """
import json
from .helper import deeper

def raises():
    raise ValueError("it is canary")

def multiplies():
    raise ExceptionGroup("canary", [KeyError("canary")]) from OSError("canary")

def asks():
    return deeper("canary")

def parses():
    return json.loads("canary")

def evaluates():
    return eval("canary")

def lacks():
    from . import absent

def leaves():
    raise SystemExit("canary")

def returns():
    return float("nan")

def good():
    return "good"
"""
HELPER = """
def deeper(word):
    return {}[word]
"""


@pytest.fixture
def host_of_secrets(host: Host, tmp_path: Path) -> Host:
    load_setup(host, write_setup(tmp_path / "secrets", CODE, helper=HELPER), discreet=True)
    return host


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("raises", "ValueError in __init__.py, line 6"),
        ("multiplies", "ExceptionGroup in __init__.py, line 9"),
        ("asks", "KeyError in helper.py, line 3"),
        ("parses", "JSONDecodeError in __init__.py, line 15"),
        ("evaluates", "NameError in __init__.py, line 18"),
        ("lacks", "ImportError (contara_setup_secrets) in __init__.py, line 21"),
        ("leaves", "SystemExit in __init__.py, line 24"),
        ("returns", "nan was returned, which is no number"),
    ],
)
def test_an_error_is_told_by_its_type_and_place(host_of_secrets: Host, function: str, message: str) -> None:
    error = fail_call(host_of_secrets, function)
    assert error == Error(error.id, ErrorKind.EXCEPTION, message)
    assert call(host_of_secrets, "good") == "good"


def test_an_error_outside_of_the_modules_files_has_no_place(host_of_secrets: Host) -> None:
    assert fail_call(host_of_secrets, "good", "canary").message == "TypeError"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError (nothing_of_this_name) in __init__.py, line 1"),
        ("\nraise RuntimeError('canary')", "RuntimeError in __init__.py, line 2"),
        ("word = 'canary'\ndef get_config_info(:\n    pass", "SyntaxError in __init__.py, line 2"),
        (
            "raise SystemExit('canary')",
            "SystemExit in __init__.py, line 1 — the module ended itself while it was imported",
        ),
    ],
)
def test_code_that_cannot_be_imported(host: Host, tmp_path: Path, code: str, message: str) -> None:
    error = fail_setup(host, write_setup(tmp_path / "broken", code), discreet=True)
    assert error == Error(error.id, ErrorKind.IMPORT, message)
