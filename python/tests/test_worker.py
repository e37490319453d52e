"""The life of a module in a real worker: loading, running, actions, trees, stopping."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contara_worker.messages import (
    Action,
    Answer,
    Error,
    Initialize,
    Load,
    Log,
    Ping,
    Request,
    Shutdown,
    Start,
    Stop,
    Ui,
    UiFailed,
)
from host import FIXTURES, Host, start_worker, write_module

COUNTER = """
class Counter(Module):
    class State(ModuleState):
        count: int = 0

    async def initialize(self):
        self.calls = ["initialize"]

    async def start_monitoring(self):
        self.calls.append("start")

    async def stop_monitoring(self):
        self.calls.append("stop")

    def get_tile(self):
        return Tile(icon="Box", title=self.display_name, stats=[Stat(label="count", value=self.typed_state.count)])

    @action
    async def add(self, by: int = 1):
        self.typed_state.count += by

    @action
    async def called(self):
        return Notify(message=" ".join(self.calls))
"""


@pytest.fixture
def counter(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "counter", COUNTER))
    return host


def run_action(host: Host, folder: Path, body: str, **files: str) -> None:
    """Run a module with one action `go` of this body (indented by eight) and a tile that shows the count."""
    indented = "\n".join(f"        {line}" for line in body.splitlines())
    host.run(write_module(folder, f"{COUNTER}\n    @action\n    async def go(self):\n{indented}\n", **files))


# The Quick Start


def test_quick_start(host: Host) -> None:
    assert host.load(FIXTURES / "my_module") == {"class": "MyModule", "actions": ["increment"]}
    assert host.value(Initialize) is None
    assert host.value(Start) is None
    (first,) = host.trees()
    assert first == Ui(1, first.tile, [], None)
    assert first.tile == {
        "type": "tile",
        "icon": "Counter",
        "title": "My Module",
        "colspan": 1,
        "rowspan": 1,
        "stats": [{"type": "stat", "label": "Count", "value": 0}],
        "actions": [
            {
                "type": "button",
                "label": "Increment",
                "on_click": {"__action__": "increment"},
                "variant": "primary",
                "size": "md",
                "icon_only": False,
                "disabled": False,
                "loading": False,
            }
        ],
    }
    assert host.act("increment") == []
    tree, answer = host.seen[-2:]
    assert isinstance(tree, Ui)
    assert isinstance(answer, Answer)
    assert (tree.revision, tree.tile["stats"][0]["value"]) == (2, 1)
    assert host.value(Stop) is None
    assert host.value(Shutdown) is None
    assert host.exit_status() == 0
    assert host.output() == ("", "")


def test_quick_start_is_the_document(tmp_path: Path) -> None:
    manifest = json.loads((FIXTURES / "my_module" / "module.json").read_text())
    assert (manifest["name"], manifest["icon"]) == ("my_module", "wrench")
    assert (FIXTURES / "my_module" / "__init__.py").read_text().startswith("# my_module/__init__.py\n\nfrom ContaraNAS")
    assert not (FIXTURES / "my_module" / "__pycache__").exists()
    del tmp_path


# Loading


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


# The life cycle


def test_order_of_life(counter: Host) -> None:
    assert counter.value(Initialize) is None
    assert counter.value(Start) is None
    assert counter.value(Stop) is None
    assert counter.value(Stop) is None
    assert counter.value(Start) is None
    assert counter.act("called")[0]["message"] == "initialize start stop start"


def test_start_sends_the_tree_again_with_the_next_revision(counter: Host) -> None:
    counter.value(Stop)
    counter.value(Start)
    assert [tree.revision for tree in counter.trees()] == [1, 2]


@pytest.mark.parametrize("kind", [Initialize, Start])
def test_requests_before_load(host: Host, kind: type[Request]) -> None:
    assert host.error(kind) == Error(1, host.seen[-1].kind, "no module is loaded")  # type: ignore[union-attr]
    assert host.seen[-1].kind == "wrong_state"  # type: ignore[union-attr]  # the line before found an Error


def test_wrong_states(host: Host, tmp_path: Path) -> None:
    folder = write_module(tmp_path / "counter", COUNTER)
    host.load(folder)
    assert host.fail_load(folder).kind == "wrong_state"
    assert host.error(Start).message == "the module isn't initialized"
    assert host.error(Action, "add", None).message == "the module doesn't run"
    assert host.value(Stop) is None


def test_failing_initialize_may_be_tried_again(host: Host, tmp_path: Path) -> None:
    body = """
class Shy(Module):
    tries = 0
    async def initialize(self):
        self.tries += 1
        if self.tries == 1:
            raise OSError("not yet")
    async def start_monitoring(self):
        raise RuntimeError("never")
"""
    host.load(write_module(tmp_path / "shy", body))
    error = host.error(Initialize)
    assert (error.kind, error.message) == ("exception", "OSError: not yet")
    assert error.traceback is not None
    assert "shy/__init__.py" in error.traceback
    assert "runtime.py" not in error.traceback
    assert host.value(Initialize) is None
    assert host.error(Start).message == "RuntimeError: never"
    assert host.trees() == []
    assert host.error(Action, "x", None).kind == "wrong_state"


def test_sync_life_methods_run_in_the_loop(host: Host, tmp_path: Path) -> None:
    body = """
class Sync(Module):
    def start_monitoring(self):
        self.task = asyncio.get_running_loop().create_task(asyncio.sleep(0))
"""
    host.run(write_module(tmp_path / "sync", body))


def test_flags(host: Host, tmp_path: Path) -> None:
    body = """
class Flags(Module):
    seen = []
    def note(self): self.seen.append(f"{self.init_flag:d}{self.enable_flag:d}")
    async def initialize(self): self.note()
    async def start_monitoring(self): self.note()
    async def stop_monitoring(self): self.note()
    @action
    async def go(self): return Notify(message=" ".join(self.seen))
"""
    host.run(write_module(tmp_path / "flags", body))
    host.value(Stop)
    host.value(Start)
    assert host.act("go")[0]["message"] == "00 11 10 11"


# Actions


def test_sync_action_does_not_block_the_loop(host: Host, tmp_path: Path) -> None:
    body = """
class Blocking(Module):
    done = threading.Event()
    @action
    def wait(self):
        self.done.wait()
        return Notify(message="waited")
    async def stop_monitoring(self):
        self.done.set()
"""
    host.run(write_module(tmp_path / "blocking", body))
    waiting = host.post(Action, "wait", None)
    assert host.value(Ping) is None
    assert not any(isinstance(message, Answer) and message.id == waiting for message in host.seen)
    host.value(Stop)
    outcome = host.outcome(waiting)
    assert isinstance(outcome, Answer)
    assert outcome.value == [{"type": "notify", "message": "waited", "variant": "info"}]


def test_actions_run_one_after_the_other(host: Host, tmp_path: Path) -> None:
    run_action(
        host,
        tmp_path / "serial",
        "count = self.typed_state.count\nawait asyncio.sleep(0.01)\nself.typed_state.count = count + 1",
    )
    requests = [host.post(Action, "go", None) for _ in range(5)]
    assert host.value(Ping) is None
    for request in requests:
        assert isinstance(host.outcome(request), Answer)
    assert host.stats() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("name", "params", "kind", "message"),
    [
        ("nope", None, "unknown_action", "the module has no action 'nope'"),
        ("get_tile", None, "unknown_action", "the module has no action 'get_tile'"),
        ("add", {"times": 1}, "bad_arguments", "add: got an unexpected keyword argument 'times'"),
        ("add", {"by": "x"}, "exception", "TypeError: unsupported operand type(s) for +=: 'int' and 'str'"),
    ],
)
def test_actions_that_fail(counter: Host, name: str, params: Any, kind: str, message: str) -> None:
    error = counter.error(Action, name, params)
    assert (error.kind, error.message) == (kind, message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise SystemExit(7)", "SystemExit: 7"),
        ("sys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise asyncio.CancelledError", "CancelledError"),
        ("raise StopIteration", "RuntimeError: coroutine raised StopIteration"),
        ("await asyncio.create_task(asyncio.to_thread(sys.exit, 'bye'))", "SystemExit: bye"),
    ],
)
def test_what_an_action_raises_does_not_end_the_worker(host: Host, tmp_path: Path, body: str, message: str) -> None:
    run_action(host, tmp_path / "raising", body)
    error = host.error(Action, "go", None)
    assert (error.kind, error.message) == ("exception", message)
    assert host.act("add") == []


def test_sync_action_raising_system_exit(host: Host, tmp_path: Path) -> None:
    body = "class Exits(Module):\n    @action\n    def go(self):\n        sys.exit(4)\n"
    host.run(write_module(tmp_path / "exits", body))
    assert host.error(Action, "go", None).message == "SystemExit: 4"
    assert host.value(Ping) is None


def test_background_task_raising_system_exit(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "task", "async def leave(): sys.exit(5)\nself.task = asyncio.create_task(leave())")
    host.act("go")
    while "a task of the module ended with SystemExit" not in host.logs():
        host.expect(Log)
    assert host.act("add") == []


def test_state_changed_before_an_exception_is_shown(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "half", "self.typed_state.count = 9\nraise ValueError('then')")
    host.error(Action, "go", None)
    assert host.stats() == [0, 9]


@pytest.mark.parametrize(
    ("returned", "types"),
    [
        ("None", []),
        ("Refresh()", ["refresh"]),
        ("[OpenModal(modal_id='a'), None, CloseModal()]", ["open_modal", "close_modal"]),
        ("(Notify(message='a'),)", ["notify"]),
        ("'done'", []),
    ],
)
def test_results(host: Host, tmp_path: Path, returned: str, types: list[str]) -> None:
    run_action(host, tmp_path / "results", f"return {returned}")
    assert [result["type"] for result in host.act("go")] == types


def test_meaningless_result_is_logged(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "results", "return True")
    host.act("go")
    assert "action go returned a bool, which means nothing" in host.logs()


def test_answer_over_the_limit(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "long", "return Notify(message='x' * (17 << 20))")
    error = host.error(Action, "go", None)
    assert error.kind == "exception"
    assert "bytes are more than a frame may hold (16,777,216)" in error.message
    assert host.act("add") == []


# Trees


def test_many_commits_in_one_turn_make_one_tree(host: Host, tmp_path: Path) -> None:
    body = """
async def burst():
    for _ in range(2000):
        self.typed_state.count += 1
        self.typed_state.commit()
self.task = asyncio.create_task(burst())
"""
    run_action(host, tmp_path / "burst", body)
    host.act("go")
    host.value(Ping)
    host.value(Stop)
    assert host.stats() == [0, 2000]


def test_commit_from_a_thread(host: Host, tmp_path: Path) -> None:
    body = """
def work():
    self.typed_state.count = 5
    self.typed_state.commit()
thread = threading.Thread(target=work)
thread.start()
"""
    run_action(host, tmp_path / "threaded", body)
    host.act("go")
    while host.stats()[-1] != 5:
        host.expect(Ui)
    assert [tree.revision for tree in host.trees()] == [1, 2]


def test_equal_trees_are_not_sent(counter: Host) -> None:
    counter.act("add", by=0)
    counter.act("called")
    assert len(counter.trees()) == 1


def test_commits_before_start_and_after_stop_send_nothing(host: Host, tmp_path: Path) -> None:
    body = """
class Eager(Module):
    class State(ModuleState):
        count: int = 0
    def bump(self):
        self.typed_state.count += 1
        self.typed_state.commit()
    async def initialize(self): self.bump()
    async def start_monitoring(self):
        self.bump()
        await asyncio.sleep(0.01)
    async def stop_monitoring(self):
        self.bump()
        await asyncio.sleep(0.01)
    def get_tile(self): return Tile(icon="x", title="t", stats=[Stat(label="c", value=self.typed_state.count)])
"""
    host.run(write_module(tmp_path / "eager", body))
    host.value(Stop)
    host.value(Ping)
    assert host.stats() == [2]


FAILING = """
class Failing(Module):
    class State(ModuleState):
        how: str = "good"
    def get_tile(self):
        how = self.typed_state.how
        if how == "raise":
            raise ValueError("no such disk")
        if how == "exit":
            sys.exit(3)
        if how == "text":
            return "a tile"
        stat = Stat(label="s", value=how)
        if how == "nan":
            stat.value = math.nan
        if how == "object":
            stat.value = object()
        if how == "nan_prop":
            Stat(label="s", value=math.nan)
        if how == "huge":
            stat.value = "x" * (17 << 20)
        return Tile(icon="x", title="t", stats=[stat])
    def get_modals(self):
        return ["modal"] if self.typed_state.how == "modal" else []
    @action
    async def be(self, how):
        self.typed_state.how = how
"""


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("raise", "ValueError: no such disk"),
        ("exit", "SystemExit: 3"),
        ("text", "TypeError: get_tile() returned str; expected a Tile or None"),
        ("modal", "TypeError: get_modals() returned something else than a list of components"),
        ("nan", "UnserialisableError: tile.stats[0].value: expected a finite number, got nan"),
        ("nan_prop", "ComponentError: Stat.value: expected a finite number, got nan"),
        ("object", "UnserialisableError: tile.stats[0].value: a value of type object can't be sent"),
        ("huge", "UnserialisableError: the tile and the modals are too large: 17,825,"),
    ],
)
def test_a_tree_that_fails(host: Host, tmp_path: Path, how: str, message: str) -> None:
    host.run(write_module(tmp_path / "failing", FAILING))
    host.act("be", how=how)
    (failure,) = host.failures()
    assert failure.message.startswith(message)
    assert message.partition(":")[0] in failure.traceback
    assert "contara_worker" not in failure.traceback
    host.act("be", how="good again")
    assert [(tree.revision, tree.tile["stats"][0]["value"]) for tree in host.trees()] == [
        (1, "good"),
        (2, "good again"),
    ]


def test_first_tree_failing_does_not_fail_the_start(host: Host, tmp_path: Path) -> None:
    body = "class Never(Module):\n    def get_tile(self):\n        raise ValueError('never')\n"
    host.run(write_module(tmp_path / "never", body))
    failure, answer = host.seen[-2:]
    assert isinstance(failure, UiFailed)
    assert isinstance(answer, Answer)
    assert "never/__init__.py" in failure.traceback


def test_module_without_a_tile(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "bare", "class Bare(Module): ...\n"))
    assert host.trees() == [Ui(1, None, [], None)]


# What it says


def test_logging_and_printing(host: Host, tmp_path: Path) -> None:
    body = """
log = logging.getLogger(__name__)
log.debug("at import")
print("printed \\udcff")
print("to stderr", file=sys.stderr)

class Talks(Module):
    @action
    async def go(self):
        log.info("with %s", "arguments")
        logging.getLogger("urllib3").debug("not for us")
        logging.critical("file \\udcff.txt")
        try:
            1 / 0
        except ZeroDivisionError:
            log.exception("failed")
        sys.stdout.buffer.write(b"\\x00\\x00\\x00\\x01\\xc0\\xff\\n")
        sys.stdout.flush()
"""
    host.run(write_module(tmp_path / "talks", body))
    host.act("go")
    host.value(Shutdown)
    logs = [message for message in host.seen if isinstance(message, Log)]
    name = "ContaraNAS.modules.community.talks"
    assert [(log.level, log.logger, log.message) for log in logs] == [
        ("debug", name, "at import"),
        ("info", name, "with arguments"),
        ("error", "root", "file \\udcff.txt"),
        ("error", name, "failed"),
    ]
    assert logs[-1].traceback is not None
    assert "1 / 0" in logs[-1].traceback
    assert host.process.stdout is not None
    assert host.process.stderr is not None
    assert host.process.stdout.buffer.read() == b"printed \\udcff\n\x00\x00\x00\x01\xc0\xff\n"  # type: ignore[attr-defined]  # a TextIOWrapper
    assert host.process.stderr.read() == "to stderr\n"


def test_a_forked_child_stays_off_the_link(host: Host, tmp_path: Path) -> None:
    body = """
pid = os.fork()
if pid == 0:
    logging.getLogger(__name__).error("from the child")
    self.typed_state.commit()
    os._exit(0)
os.waitpid(pid, 0)
"""
    run_action(host, tmp_path / "forking", body)
    host.act("go")
    assert host.logs() == []
    host.value(Shutdown)
    assert "from the child" in host.output()[1]


def test_module_reads_nothing_from_standard_input(host: Host, tmp_path: Path) -> None:
    run_action(host, tmp_path / "reading", "return Notify(message=repr(sys.stdin.read()))")
    assert host.act("go")[0]["message"] == "''"


# Unknown and bad messages


def test_unknown_messages(host: Host) -> None:
    host.send_frame(msgspec.msgpack.encode({"type": "news", "text": "x"}))
    host.send_frame(msgspec.msgpack.encode({"type": "call", "id": 77, "hook": "x"}))
    outcome = host.outcome(77)
    assert isinstance(outcome, Error)
    assert (outcome.kind, outcome.message) == ("wrong_state", "this worker doesn't know the request 'call'")


def test_request_with_bad_fields(host: Host) -> None:
    host.send_frame(msgspec.msgpack.encode({"type": "load", "id": 5, "name": 7}))
    outcome = host.outcome(5)
    assert isinstance(outcome, Error)
    assert outcome.kind == "bad_arguments"


def test_frame_in_pieces(host: Host) -> None:
    frame = msgspec.msgpack.encode(Ping(5))
    for byte in len(frame).to_bytes(4, "big") + frame:
        host.link.sendall(bytes([byte]))
    assert host.outcome(5) == Answer(5, None)


def test_large_frame(counter: Host) -> None:
    error = counter.error(Action, "add", {"by": "x" * (15 << 20)})
    assert error.kind == "exception"


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00\x01\xc1",  # no MessagePack
        b"\x00\x00\x00\x02\x01\x02",  # more than one value
        b"\x00\x00\x00\x01\x90",  # no map
        b"\x00\x00\x00\x01\x80",  # no type
        b"\x01\x00\x00\x01",  # 16 MiB + 1
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00\x00\x00\x0b\x81\xa4type\xa4ping",  # no id
    ],
)
def test_bad_frame(host: Host, data: bytes) -> None:
    host.link.sendall(data)
    assert host.exit_status() == 3
    stdout, stderr = host.output()
    assert stdout == ""
    assert stderr.startswith("contara_worker: bad frame: ")
    assert len(stderr.splitlines()) == 1


def test_other_protocol(tmp_path: Path) -> None:
    with start_worker(tmp_path) as host:
        host.send_frame(msgspec.msgpack.encode({"type": "hello", "protocol": 2}))
        assert host.exit_status() == 3


def test_plain_asyncio_will_do(tmp_path: Path) -> None:
    program = "import sys; sys.modules['uvloop'] = None; from contara_worker.__main__ import main; main()"
    folder = write_module(tmp_path / "counter", COUNTER)
    with start_worker(tmp_path, None, "-P", "-c", program) as host:
        host.run(folder)
        host.act("add")
        assert host.stats() == [0, 1]
        host.value(Shutdown)
        assert host.exit_status() == 0


def test_ctrl_c_is_the_hosts(counter: Host) -> None:
    counter.process.send_signal(signal.SIGINT)
    assert counter.value(Ping) is None


def test_python_of_the_hello(tmp_path: Path) -> None:
    with start_worker(tmp_path) as host:
        hello = host.seen[0]
    assert hello.python == ".".join(map(str, sys.version_info[:3]))  # type: ignore[union-attr]  # a WorkerHello


def test_load_is_refused_a_bad_name(host: Host, tmp_path: Path) -> None:
    error = host.error(Load, "a.b", str(tmp_path), "community", "x")
    assert error.kind == "import"


def test_threads_that_log_and_commit_at_once_keep_frames_whole(host: Host, tmp_path: Path) -> None:
    body = """
def work(number):
    for _ in range(200):
        logging.getLogger(f"thread{number}").info("x" * 300)
        self.typed_state.count += 1
        self.typed_state.commit()
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
await asyncio.to_thread(lambda: [thread.join() for thread in threads])
"""
    run_action(host, tmp_path / "crowd", body)
    assert host.act("go") == []
    dropped = sum(int(text.split()[0]) for text in host.logs() if "were dropped" in text)
    assert len([text for text in host.logs() if text.startswith("xxx")]) + dropped == 1600
    assert [tree.revision for tree in host.trees()] == list(range(1, len(host.trees()) + 1))
