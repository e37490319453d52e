"""Setup modules that raise, hang, exit, or return what can't be sent: the worker stays, and says what happened."""

from pathlib import Path

import pytest

from contara_worker.messages import Answer, Call, Error, ErrorKind, Initialize, Load, LoadSetup, Ping, Shutdown
from host import Host
from setup_host import call, fail_call, fail_setup, load_setup, write_setup

FAULTS = """
import os, sys, threading

def good():
    return "good"

def raises():
    return deeper()

def deeper():
    return {}["disk"]

def attribute():
    return None.group(1)

def leaves():
    sys.exit(2)

def interrupted():
    raise KeyboardInterrupt

def stops():
    raise StopIteration

def ends():
    os._exit(7)

def hangs():
    threading.Event().wait()

def spins():
    while True:
        pass

def prints():
    print("x" * 1_000_000)
    return "printed"

def closes():
    sys.stdout.close()
    os.close(1)

def says():
    print("said")
"""


@pytest.fixture
def faults(host: Host, tmp_path: Path) -> Host:
    load_setup(host, write_setup(tmp_path / "faults", FAULTS))
    return host


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("raises", "KeyError: 'disk'"),
        ("attribute", "AttributeError: 'NoneType' object has no attribute 'group'"),
        ("leaves", "SystemExit: 2"),
        ("interrupted", "KeyboardInterrupt"),
        ("stops", "StopIteration"),
    ],
)
def test_what_a_hook_raises_is_told(faults: Host, function: str, message: str) -> None:
    error = fail_call(faults, function)
    assert (error.kind, error.message) == (ErrorKind.EXCEPTION, message)
    assert call(faults, "good") == "good"


def test_the_traceback_has_the_modules_frames_only(faults: Host, tmp_path: Path) -> None:
    trace = fail_call(faults, "raises").traceback
    assert trace is not None
    files = [line for line in trace.splitlines() if line.startswith("  File ")]
    assert [line.rsplit(" ", 1)[1] for line in files] == ["raises", "deeper"]
    assert all(str(tmp_path) in line for line in files)


def test_a_wrong_number_of_arguments_is_the_hooks_own_error(faults: Host) -> None:
    error = fail_call(faults, "good", "one too many")
    assert error.kind == ErrorKind.EXCEPTION
    assert error.message.startswith("TypeError: good() takes 0 positional arguments")


def test_a_hook_that_ends_the_process_ends_the_link(faults: Host) -> None:
    faults.post(Call, "ends")
    assert faults.rest() == []
    assert faults.exit_status() == 7


@pytest.mark.parametrize("function", ["hangs", "spins"])
def test_ping_is_answered_while_a_hook_never_returns(faults: Host, function: str) -> None:
    hanging = faults.post(Call, function)
    faults.value(Ping)
    waiting = faults.post(Call, "good")
    faults.value(Ping)
    answered = {message.id for message in faults.seen if isinstance(message, Answer | Error)}
    assert not {hanging, waiting} & answered
    faults.value(Shutdown)
    assert faults.exit_status() == 0


def test_what_is_printed_goes_to_the_output_and_holds_up_only_the_hook(faults: Host) -> None:
    printing = faults.post(Call, "prints")
    faults.value(Ping)  # although nobody has read the pipe yet, which holds less
    assert faults.process.stdout is not None
    assert faults.process.stdout.readline() == "x" * 1_000_000 + "\n"
    assert faults.outcome(printing) == Answer(printing, "printed")


def test_a_hook_may_close_its_output(faults: Host) -> None:
    call(faults, "closes")
    assert fail_call(faults, "says").message == "ValueError: I/O operation on closed file."
    assert call(faults, "good") == "good"


def test_values_that_cannot_be_sent(host: Host, tmp_path: Path) -> None:
    code = """
import itertools
def nan(): return {"size": [float("nan")]}
def endless(): return itertools.count()
def circle():
    found = []
    found.append(found)
    return found
def big(): return ["x" * 1_000_000] * 20
class Odd:
    def __str__(self): raise ValueError("no text")
def odd(): return Odd()
"""
    load_setup(host, write_setup(tmp_path / "odd", code))
    messages = {name: fail_call(host, name).message for name in ("nan", "endless", "circle", "big", "odd")}
    assert messages == {
        "nan": "nan was returned, which is no number",
        "endless": "more than 200,000 values were returned",
        "circle": "what was returned is nested more than 48 levels deep",
        "big": "the answer can't be sent: 20,000,126 bytes are more than a frame may hold (16,777,216)",
        "odd": "ValueError: no text",
    }
    assert {message.kind for message in host.seen if isinstance(message, Error)} == {ErrorKind.EXCEPTION}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("raise SystemExit(3)", "SystemExit: 3 — the module ended itself while it was imported"),
        ("import os\nos.environ['NOT_SET']", "KeyError: 'NOT_SET'"),
        ("def get_config_info(:\n    pass", "SyntaxError: invalid syntax"),
        ("print 'hello'", "SyntaxError: Missing parentheses in call to 'print'"),
        ("def one():\n    pass\n   # odd\n  return 1", "IndentationError: unindent does not match"),
    ],
)
def test_code_that_cannot_be_imported(host: Host, tmp_path: Path, code: str, message: str) -> None:
    error = fail_setup(host, write_setup(tmp_path / "broken", code))
    assert error.kind == ErrorKind.IMPORT
    assert error.message.startswith(message)
    assert fail_call(host, "get_config_info").kind == ErrorKind.WRONG_STATE


def test_an_import_that_never_ends_leaves_ping_alone(host: Host, tmp_path: Path) -> None:
    folder = write_setup(tmp_path / "waiting", "import threading\nthreading.Event().wait()\n")
    host.post(LoadSetup, "waiting", str(folder), "", "en_US")
    host.value(Ping)


def test_a_folder_without_code(host: Host, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert fail_setup(host, folder).message == f"there is no __init__.py in {folder}"


def test_a_worker_has_one_module(faults: Host, tmp_path: Path) -> None:
    another = write_setup(tmp_path / "another", "")
    assert fail_setup(faults, another).kind == ErrorKind.WRONG_STATE
    assert faults.error(Load, "another", str(another), "community", "Another").kind == ErrorKind.WRONG_STATE
    assert faults.error(Initialize).kind == ErrorKind.WRONG_STATE
    assert call(faults, "good") == "good"


def test_calls_need_a_module(host: Host) -> None:
    assert fail_call(host, "good").kind == ErrorKind.WRONG_STATE
