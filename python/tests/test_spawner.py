"""The spawner: what it says, how it hands out its spare, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contara_worker.family import children_of
from contara_worker.messages import Action, Ping
from contara_worker.spawner import workers
from contara_worker.spawner.messages import Exited, FromSpawner, Kill, Refused, ToSpawner
from host import COUNTER, DEADLINE, Host, wait_for_end, write_module
from spawner_host import SpawnerHost, Way

SAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "tests" / "golden" / "spawner.json").read_text("utf-8")
)
KNOWN = [sample for sample in SAMPLES if not sample["name"].startswith("a message of a newer")]

HOLDER = """
class Holder(Module):
    @action
    async def start_sleeper(self):
        self.sleeper = subprocess.Popen(["sleep", "600"], start_new_session=True)
        return Notify(message=str(self.sleeper.pid))
    @action
    async def hold(self):
        sys.setswitchinterval(600)
        print("holding", flush=True)
        while True:
            pass
"""


SHORT_LIFE = """
from contara_worker.messages import Action
from contara_worker.spawner import rehearsal
rehearsal._LIFE = (*rehearsal._LIFE[:3], Action(4, "no_such"))
"""


@pytest.fixture
def own_spawner() -> Any:
    """Give a spawner that the test may end."""
    spawner = SpawnerHost()
    yield spawner
    spawner.close()


@pytest.mark.parametrize("sample", KNOWN, ids=lambda sample: sample["name"])
def test_golden_samples(sample: dict[str, Any]) -> None:
    union: Any = ToSpawner if sample["direction"] == "to_spawner" else FromSpawner
    message = msgspec.msgpack.decode(bytes.fromhex(sample["msgpack"]), type=union)
    assert msgspec.to_builtins(message) == sample["message"]
    assert msgspec.msgpack.encode(message).hex() == sample["msgpack"]


def test_unknown_messages_are_passed_over(spawner: SpawnerHost) -> None:
    for sample in SAMPLES:
        if sample["name"] == "a message of a newer host":
            spawner.send_frame(bytes.fromhex(sample["msgpack"]))
    with spawner.worker(spawner.order()) as host:
        assert host.value(Ping) is None


def test_the_spare_becomes_the_worker_and_is_replaced(own_spawner: SpawnerHost) -> None:
    spare = wait_for_spare(own_spawner, set())
    with own_spawner.worker(own_spawner.order()) as first:
        assert first.process.pid == spare
        other = wait_for_spare(own_spawner, {spare})
        with own_spawner.worker(own_spawner.order()) as second:
            assert second.process.pid == other


def test_workers_stand_behind_a_host_that_stands_back_itself(own_spawner: SpawnerHost) -> None:
    os.setpriority(os.PRIO_PROCESS, own_spawner.process.pid, 10)
    with own_spawner.worker(own_spawner.order("exec")) as host:
        assert os.getpriority(os.PRIO_PROCESS, host.process.pid) == 15


def test_many_at_once_are_served_without_spare(own_spawner: SpawnerHost, tmp_path: Path) -> None:
    folder = write_module(tmp_path / "counter", COUNTER)
    with ExitStack() as stack:
        hosts = [stack.enter_context(own_spawner.worker(own_spawner.order())) for _ in range(8)]
        assert len({host.process.pid for host in hosts}) == 8
        for host in hosts:
            host.run(folder)
            host.act("add")
            assert host.stats() == [0, 1]


def test_a_spare_that_is_killed_costs_nothing(own_spawner: SpawnerHost) -> None:
    spare = wait_for_spare(own_spawner, set())
    os.kill(spare, signal.SIGKILL)
    wait_for_end(spare)
    with own_spawner.worker(own_spawner.order()) as host:
        assert host.value(Ping) is None


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ("import sys; sys.modules['psutil'] = sys.modules['uvloop'] = None", ""),
        (SHORT_LIFE, "the rehearsal failed: RuntimeError: "),
    ],
    ids=["without useful packages", "without a rehearsal"],
)
def test_it_starts_workers(broken: str, complaint: str, tmp_path: Path) -> None:
    start = "import runpy; runpy.run_module('contara_worker.spawner', run_name='__main__')"
    spawner = SpawnerHost(["-c", f"{broken}\n{start}"])
    spare = wait_for_spare(spawner, set())
    with spawner.worker(spawner.order()) as host:
        assert host.process.pid == spare
        host.run(write_module(tmp_path / "counter", COUNTER))
        host.act("add")
        assert host.stats() == [0, 1]
    status, complaints = spawner.close()
    assert status == 0
    assert complaint in complaints
    assert bool(complaint) == bool(complaints)


def test_a_daemon_that_stands_back_itself_has_workers(tmp_path: Path) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    unprivileged = ("setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice") if os.getuid() == 0 else ()
    spawner = SpawnerHost(("-m", "contara_worker.spawner"), "nice", "-n", "10", *unprivileged)
    with spawner.worker(spawner.order()) as host:
        host.run(write_module(tmp_path / "counter", COUNTER))
        assert os.getpriority(os.PRIO_PROCESS, host.process.pid) == min(own + 15, 19)
    assert spawner.close() == (0, "")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"python": "/nowhere/python"}, "there is no such program: '/nowhere/python'"),
        ({"way": "conjure"}, "Invalid enum value 'conjure'"),
    ],
)
def test_what_cannot_be_started_is_refused(spawner: SpawnerHost, fields: dict[str, Any], message: str) -> None:
    order = spawner.order("exec")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        spawner.send_frame(msgspec.msgpack.encode({**msgspec.to_builtins(order), **fields}), [theirs.fileno()] * 3)
        assert message in spawner.outcome(Refused, order.id).message


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"\x00\x00\x00\x01\xc1", "MessagePack data is malformed"),
        (b"\x00\x00\x00\x01\x80", "missing required field `type`"),
        (b"\x00\x10\x00\x01", "a frame of 1,048,577 bytes, more than 1,048,576"),
        (b"\x00\x00\x00\x0b\x81\xa4type\xa4kill", "kill: Object missing required field `id`"),
        (b"\x00\x00\x00\x16\x82\xa4type\xa5hello\xa8protocol\x02", "speaks protocol 2"),
    ],
)
def test_a_bad_frame_is_the_end(data: bytes, complaint: str) -> None:
    spawner = SpawnerHost()
    spawner.link.sendall(data)
    status, complaints = spawner.process.wait(20), spawner.close()[1]
    assert status == 3
    assert complaints.startswith("contara_worker.spawner: bad frame: ")
    assert complaint in complaints
    assert len(complaints.splitlines()) == 1


def test_a_start_without_descriptors_is_a_bad_frame() -> None:
    spawner = SpawnerHost()
    spawner.send(spawner.order())
    assert spawner.process.wait(20) == 3
    assert "fewer than 3 descriptors" in spawner.close()[1]


def test_how_a_worker_ended_is_told(way: Way, spawner: SpawnerHost, tmp_path: Path) -> None:
    folder = write_module(
        tmp_path / "ends", f"{COUNTER}\n    @action\n    async def leave(self):\n        os._exit(9)\n"
    )
    for post, expected in ((lambda host: host.post(Action, "leave", None), (9, None)), (kill_hard, (None, 9))):
        order = spawner.order(way)
        with spawner.worker(order) as host:
            host.run(folder)
            post(host)
            exited = spawner.outcome(Exited, order.id)
            assert (exited.code, exited.signal) == expected


def test_kill_ends_all_that_a_worker_started(way: Way, spawner: SpawnerHost, tmp_path: Path) -> None:
    order = spawner.order(way)
    with spawner.worker(order) as host:
        host.run(write_module(tmp_path / "holder", HOLDER))
        sleeper = int(host.act("start_sleeper")[0]["message"])
        spawner.send(Kill(order.id))
        assert spawner.outcome(Exited, order.id).signal == signal.SIGKILL
        assert not is_alive(sleeper)


def test_what_an_ended_worker_left_is_gone_when_its_end_is_told(way: Way, spawner: SpawnerHost, tmp_path: Path) -> None:
    body = """
class Leaves(Module):
    @action
    async def leave(self):
        shell = subprocess.Popen(["sh", "-c", "setsid sh -c 'sleep 600 & echo $!; exec sleep 600' &"],
            stdout=subprocess.PIPE, text=True)
        pid = shell.stdout.readline()
        shell.wait()
        return Notify(message=pid)
"""
    order = spawner.order(way)
    with spawner.worker(order) as host:
        host.run(write_module(tmp_path / "leaves", body))
        orphan = int(host.act("leave")[0]["message"])
        assert is_alive(orphan)
        kill_hard(host)
        spawner.outcome(Exited, order.id)
        assert not is_alive(orphan)


def test_a_fork_bomb_ends_and_nobody_waits_for_it(spawner: SpawnerHost, tmp_path: Path) -> None:
    body = """
class Bomb(Module):
    @action
    async def explode(self):
        for _ in range(7):
            if os.fork() == 0:
                os.setsid()  # so that no one signal reaches them all
        print("exploded", flush=True)
        while True:
            time.sleep(0.01)
            pid = os.fork()
            if pid == 0:
                os.setsid()
                os._exit(0)
            os.waitpid(pid, 0)
"""
    order = spawner.order()
    with spawner.worker(order) as host, spawner.worker(spawner.order()) as other:
        host.run(write_module(tmp_path / "bomb", body))
        host.post(Action, "explode", None)
        for _ in range(128):
            assert host.process.stdout is not None
            assert host.process.stdout.readline() == "exploded\n"
        spawner.send(Kill(order.id))
        with spawner.worker(spawner.order()) as third:
            assert third.value(Ping) is None
        spawner.outcome(Exited, order.id)
        assert children_of(spawner.process.pid) >= {other.process.pid}
        # The other one, the spare, and the third that was ended. A busy machine tells the end before all of it is gone.
        until = time.monotonic() + DEADLINE
        while len(children_of(spawner.process.pid)) > 3:
            assert time.monotonic() < until
            assert other.value(Ping) is None


def test_the_end_of_a_killed_worker_that_the_kernel_holds_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 0.0)
    monkeypatch.setattr(workers, "_kill_group", lambda _pid: None)
    told: list[Exited] = []
    children = workers.Workers(told.append)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as held, ExitStack() as stack:
        stack.callback(held.kill)
        monkeypatch.setattr(workers, "children_of", lambda pid: {held.pid} if pid == os.getpid() else set())
        children.add(1, held.pid)
        children.clean_up(None)
        assert told == []
        children.kill(1)
        assert children.is_hunting
        while not told:
            children.clean_up(None)
        assert told == [Exited(1, signal=9)]
        assert children.is_empty
        assert not children.is_hunting
        assert held.poll() is None


def test_workers_end_with_the_spawner(way: Way, own_spawner: SpawnerHost, tmp_path: Path) -> None:
    with own_spawner.worker(own_spawner.order(way)) as host:
        host.run(write_module(tmp_path / "holder", HOLDER))
        hold_interpreter(host)
        own_spawner.process.kill()
        wait_for_end(host.process.pid)
        host.process.abandon()  # type: ignore[attr-defined]  # a SpawnedProcess


def test_a_worker_that_holds_the_interpreter_ends_after_the_host(own_spawner: SpawnerHost, tmp_path: Path) -> None:
    with own_spawner.worker(own_spawner.order()) as host:
        host.run(write_module(tmp_path / "holder", HOLDER))
        sleeper = int(host.act("start_sleeper")[0]["message"])
        hold_interpreter(host)
        host.link.close()
        assert own_spawner.close() == (0, "")
        assert not is_alive(host.process.pid)
        assert not is_alive(sleeper)
        host.process.abandon()  # type: ignore[attr-defined]  # a SpawnedProcess


def test_workers_stop_in_order_when_the_host_is_gone(own_spawner: SpawnerHost, tmp_path: Path) -> None:
    body = "class Tidy(Module):\n    async def stop_monitoring(self):\n        print('tidied up')\n"
    with own_spawner.worker(own_spawner.order()) as host:
        host.run(write_module(tmp_path / "tidy", body))
        host.link.close()
        assert own_spawner.close() == (0, "")
        assert host.process.stdout is not None
        assert host.process.stdout.read() == "tidied up\n"
        host.process.abandon()  # type: ignore[attr-defined]  # a SpawnedProcess


def test_signals_to_all_processes_of_a_service_do_not_end_it(own_spawner: SpawnerHost) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        own_spawner.process.send_signal(number)
    with own_spawner.worker(own_spawner.order()) as host:
        assert host.value(Ping) is None


def hold_interpreter(host: Host) -> None:
    host.post(Action, "hold", None)
    assert host.process.stdout is not None
    assert host.process.stdout.readline() == "holding\n"


def kill_hard(host: Host) -> None:
    os.kill(host.process.pid, signal.SIGKILL)


def wait_for_spare(spawner: SpawnerHost, known: set[int]) -> int:
    """Return the spare, once it waits for an order: a child that `known` doesn't have."""
    while True:
        for child in children_of(spawner.process.pid) - known:
            with suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text() == "contara-spare\n":
                    return child


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}
