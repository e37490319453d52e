"""Loading: from a folder to a module, and all that may be wrong with one."""

import itertools
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from contara_worker.loader import forget
from contara_worker.messages import (
    Initialize,
    Ping,
    Start,
)
from host import Host, start_worker, write_module


def test_relative_imports_subpackages_and_pickling(host: Host, tmp_path: Path) -> None:
    folder = write_module(
        tmp_path / "packaged",
        "from .controllers.main import Packaged\n",
        controllers__main="""
import pickle
from ContaraNAS.core.module import Module
from ContaraNAS.core.action import action, Notify
from ..dtos.models import Model
from ContaraNAS.modules.community.packaged.services import api

class Packaged(Module):
    @action
    def go(self):
        copy = pickle.loads(pickle.dumps(Model(3)))
        return [Notify(message=f"{api.fetch()} {copy.number} {Model.__module__}")]
""",
        dtos__models="from dataclasses import dataclass\n@dataclass\nclass Model:\n    number: int\n",
        services__api="def fetch():\n    return 'fetched'\n",
    )
    host.run(folder)
    (result,) = host.act("go")
    assert result["message"] == "fetched 3 ContaraNAS.modules.community.packaged.dtos.models"
    assert not list(folder.rglob("__pycache__"))


@pytest.mark.parametrize(("age", "runs"), [(-60, ["1", "2"]), (60, ["1", "1"])])
def test_a_save_right_after_another_is_seen(tmp_path: Path, age: float, runs: list[str]) -> None:
    """Even one of the same size in the same second; the older files show that bytecode is kept otherwise.

    The new ones are from the minute to come, so that they are new on a slow machine too.
    """
    code = "class Saved(Module):\n    @action\n    def go(self):\n        return Notify(message='1')\n"
    folder = write_module(tmp_path / "saved", code)
    init = folder / "__init__.py"
    saved = int(time.time()) - age
    answers = []
    for number in "12":
        init.write_text(init.read_text().replace("'1'", f"'{number}'"))
        os.utime(init, (saved, saved))
        with start_worker(tmp_path) as host:
            host.run(folder)
            answers.append(host.act("go")[0]["message"])
    assert answers == runs


def test_builtin_modules_have_a_package_of_their_own(host: Host, tmp_path: Path) -> None:
    folder = write_module(
        tmp_path / "inner",
        "class Inner(Module):\n    @action\n    def go(self):\n        return Notify(message=__name__)\n",
    )
    host.load(folder, "builtin")
    host.value(Initialize)
    host.value(Start)
    assert host.act("go")[0]["message"] == "ContaraNAS.modules.builtin.inner"


@pytest.mark.parametrize("flags", [("-P",), ("-u",)])
def test_nothing_beside_the_module_is_importable(tmp_path: Path, flags: tuple[str, ...]) -> None:
    (tmp_path / "stray.py").write_text("raise AssertionError('imported from the working directory')")
    folder = write_module(tmp_path / "lonely", "import stray\n")
    with start_worker(tmp_path, None, *flags) as host:
        error = host.fail_load(folder)
    assert (error.kind, error.message) == ("import", "ModuleNotFoundError: No module named 'stray'")


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        ("x = 1\n", "no_module_class", "no class derived from Module is defined in this module"),
        ("def broken(:\n", "import", "SyntaxError: invalid syntax (__init__.py, line 5)"),
        ("1 / 0\n", "import", "ZeroDivisionError: division by zero"),
        ("import nowhere\n", "import", "ModuleNotFoundError: No module named 'nowhere'"),
        ("raise SystemExit(3)\n", "import", "SystemExit: 3 — the module ended itself while it was imported"),
        (
            "class A(Module): ...\nclass B(Module): ...\n",
            "no_module_class",
            "several classes derive from Module: A ({0}), B ({0}); name one in __all__",
        ),
        (
            "class A(Module):\n    def __init__(self):\n        raise ValueError('no\\ndisk')\n",
            "exception",
            "ValueError: no; disk",
        ),
    ],
)
def test_faulty_modules(host: Host, tmp_path: Path, source: str, kind: str, message: str) -> None:
    error = host.fail_load(write_module(tmp_path / "faulty", source))
    assert (error.kind, error.message) == (kind, message.format("ContaraNAS.modules.community.faulty"))
    assert host.value(Ping) is None


def test_an_answer_that_cannot_be_sent(host: Host, tmp_path: Path) -> None:
    body = "class Odd(Module):\n    @action\n    async def go(self):\n        'lone \\udcff'\n"
    error = host.fail_load(write_module(tmp_path / "odd", body))
    assert (error.kind, error.message.partition(":")[0]) == ("exception", "the answer can't be sent")


def test_folder_without_init(host: Host, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    error = host.fail_load(tmp_path / "empty")
    assert (error.kind, error.message) == ("import", f"there is no __init__.py in {tmp_path / 'empty'}")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Base(Module): ...\nclass Real(Base): ...\n", "Real"),
        ("class A(Module): ...\nclass B(Module): ...\n__all__ = ['B']\n", "B"),
        ("from .other import A\nclass B(Module): ...\n", "B"),
    ],
)
def test_which_class_is_the_module(host: Host, tmp_path: Path, source: str, found: str) -> None:
    other = "from ContaraNAS.core.module import Module\nclass A(Module): ...\n"
    assert host.load(write_module(tmp_path / "several", source, other=other))["class"] == found


@pytest.mark.parametrize(
    "constructor",
    [
        "def __init__(self): super().__init__('built', 'Built')",
        "def __init__(self, name): super().__init__(name, 'Built')",
        "def __init__(self, id, title, metadata=None): super().__init__(id, title, metadata)",
        "def __init__(self, **kwargs): super().__init__(**kwargs)",
    ],
)
def test_constructors(host: Host, tmp_path: Path, constructor: str) -> None:
    tile = "def get_tile(self): return Tile(icon='x', title=self.display_name + '/' + self.name)"
    host.run(write_module(tmp_path / "built", f"class Built(Module):\n    {constructor}\n    {tile}\n"))
    assert host.trees()[0].tile["title"] == "Built/built"


def test_traceback_holds_the_modules_frames_only(host: Host, tmp_path: Path) -> None:
    folder = write_module(tmp_path / "deep", "from . import inner\n", inner="import json\njson.loads('{')\n")
    error = host.fail_load(folder)
    assert error.traceback is not None
    files = [line.split('"')[1] for line in error.traceback.splitlines() if line.startswith("  File")]
    assert files == [str(folder / "__init__.py"), str(folder / "inner.py")]
    assert error.traceback.startswith("Traceback (most recent call last):\n")
    assert error.traceback.rstrip().splitlines()[-1].startswith("json.decoder.JSONDecodeError: ")


def test_what_a_thread_imports_meanwhile_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    ended = threading.Event()

    def keep_importing() -> None:
        for number in itertools.takewhile(lambda _: not ended.is_set(), itertools.count()):
            sys.modules[f"imported{number % 50}"] = sys
            sys.modules.pop(f"imported{(number + 25) % 50}", None)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=keep_importing)
    thread.start()
    try:
        for _ in range(100):
            sys.modules.update({f"forgotten.part{number}": sys for number in range(300)})
            forget("forgotten")
            assert [name for name in list(sys.modules) if name.startswith("forgotten")] == []
    finally:
        ended.set()
        thread.join()
        sys.setswitchinterval(interval)
