"""What programs print is text for a setup module's own files, unless it says otherwise."""

from pathlib import Path

import pytest

from host import Host
from setup_host import call, fail_call, load_setup, write_setup

PIPES = """
import ctypes.util, os, subprocess
from subprocess import PIPE, Popen, call, check_output
from .helper import helped

ECHO = ["echo", "a,b"]
CAT = ["cat"]
BAD = ["printf", r"caf\\351\\n"]

def split(): return Popen(ECHO, stdout=PIPE).stdout.read().split(",")
def communicated(): return Popen(ECHO, stdout=PIPE).communicate()[0].decode()
def stripped(): return Popen(ECHO, stdout=PIPE).communicate()[0].strip().split(",")[0].decode("utf-8")
def lines(): return [line.decode() for line in Popen(["printf", "1\\n2\\n"], stdout=PIPE).stdout]
def all_lines(): return [line.decode() for line in Popen(["printf", "1\\n2\\n"], stdout=PIPE).stdout.readlines()]
def checked(): return check_output("echo yes; echo no", shell=True).splitlines()[1]
def ran(): return subprocess.run(ECHO, capture_output=True).stdout + "!"
def errors(): return Popen("echo oops >&2", shell=True, stderr=PIPE).communicate()[1].upper()
def merged(): return Popen("echo oops >&2", shell=True, stdout=PIPE, stderr=subprocess.STDOUT).stdout.readline()
def as_bytes():
    out = check_output(ECHO)
    same = [b"a" in out, out == b"a,b\\n", out != b"", out.startswith((b"x", b"a"))]
    return [*same, out.split(b","), {out: 1}["a,b\\n"]]
def given_bytes(): return Popen(CAT, stdin=PIPE, stdout=PIPE).communicate(b"caf\\xc3\\xa9")[0]
def given_text(): return Popen(CAT, stdin=PIPE, stdout=PIPE).communicate("caf\\u00e9")[0]
def only_given(): return Popen(CAT, stdin=PIPE, stdout=subprocess.DEVNULL).communicate(b"x")[0]
def kept_bytes(): return Popen(["wc", "-c"], stdin=PIPE, stdout=PIPE).communicate(b"\\xff\\xfe")[0].strip()
def written():
    process = Popen(CAT, stdin=PIPE, stdout=PIPE)
    process.stdin.write("text ")
    process.stdin.write(b"and bytes")
    process.stdin.close()
    return process.stdout.read()
def malformed(): return check_output(BAD)
def status(): return call(["false"])
def opened(): return os.popen("echo opened").read()
def said_bytes(): return type(check_output(ECHO, text=False)).__name__
def said_universal(): return type(check_output(ECHO, universal_newlines=True)).__name__
def said_encoding(): return check_output(BAD, encoding="latin-1")
def positional():
    process = Popen(ECHO, -1, None, None, PIPE, None, None, True, False, None, None, False)
    return type(process.stdout.read()).__name__
def from_library(): return ctypes.util.find_library("c").startswith("libc")
def unbuffered(): return Popen(ECHO, stdout=PIPE, bufsize=0).stdout.read()
def missing(): return Popen(["no-such-program"], stdout=PIPE)
def derived():
    class Mine(Popen): pass
    with Mine(ECHO, stdout=PIPE) as process:
        return [isinstance(process, subprocess.Popen), process.stdout.read()]
"""

HELPER = "import subprocess\ndef helped():\n    return subprocess.check_output(['echo', 'helped']).strip()\n"


@pytest.fixture
def way() -> str:
    return "fork"


@pytest.fixture
def pipes(host: Host, tmp_path: Path) -> Host:
    load_setup(host, write_setup(tmp_path / "pipes", PIPES, helper=HELPER))
    return host


def test_programs_speak_text(pipes: Host) -> None:
    expected = {
        "split": ["a", "b\n"],
        "communicated": "a,b\n",
        "stripped": "a",
        "lines": ["1\n", "2\n"],
        "all_lines": ["1\n", "2\n"],
        "checked": "no",
        "ran": "a,b\n!",
        "errors": "OOPS\n",
        "merged": "oops\n",
        "as_bytes": [True, True, True, True, ["a", "b\n"], 1],
        "malformed": "caf\ufffd\n",
        "status": 1,
        "opened": "opened\n",
        "helped": "helped",
        "unbuffered": "a,b\n",
        "derived": [True, "a,b\n"],
    }
    assert {name: call(pipes, name) for name in expected} == expected


def test_programs_are_given_text_or_bytes(pipes: Host) -> None:
    expected = {
        "given_bytes": "café",
        "given_text": "café",
        "only_given": None,
        "kept_bytes": "2",
        "written": "text and bytes",
    }
    assert {name: call(pipes, name) for name in expected} == expected


def test_what_is_said_is_done(pipes: Host) -> None:
    expected = {"said_bytes": "bytes", "said_universal": "str", "said_encoding": "café\n", "positional": "bytes"}
    assert {name: call(pipes, name) for name in expected} == expected


def test_libraries_get_bytes(pipes: Host) -> None:
    assert call(pipes, "from_library") is True


def test_a_program_that_is_not_there(pipes: Host) -> None:
    assert fail_call(pipes, "missing").message.startswith("FileNotFoundError: [Errno 2]")
