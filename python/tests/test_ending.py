"""The ways in which a worker ends, and that nothing of the module outlives it."""

import signal
import time
from pathlib import Path

import pytest

from contara_worker.messages import Action, Answer, Initialize, Ping, Shutdown
from host import FIXTURES, Host, wait_for_end, write_module

LEAVES_THINGS = """
class Leaves(Module):
    async def start_monitoring(self):
        threading.Thread(target=time.sleep, args=(600,)).start()
        self.child = subprocess.Popen(["sh", "-c", "trap '' TERM INT HUP; sleep 600 & wait"])
    async def stop_monitoring(self):
        print("stopped")
    @action
    async def child_pid(self):
        return Notify(message=str(self.child.pid))
    @action
    async def block(self):
        print("blocking", flush=True)
        time.sleep(600)
    @action
    async def leave(self):
        os._exit(9)
"""


@pytest.fixture(params=["plain", "fork", "exec"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def leaving(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "leaves", LEAVES_THINGS))
    return host


def child_of(host: Host) -> int:
    return int(host.act("child_pid")[0]["message"])


def test_shutdown_stops_and_leaves_nothing(leaving: Host) -> None:
    child = child_of(leaving)
    assert leaving.value(Shutdown) is None
    assert leaving.rest() == []
    assert leaving.exit_status() == 0
    assert leaving.output() == ("stopped\n", "")
    wait_for_end(child)


def test_a_program_in_a_session_of_its_own_ends_too(host: Host, tmp_path: Path) -> None:
    body = """
class Daemonic(Module):
    async def start_monitoring(self):
        self.child = subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60 & wait"], start_new_session=True)
    @action
    async def child_pid(self):
        return Notify(message=str(self.child.pid))
"""
    host.run(write_module(tmp_path / "daemonic", body))
    child = child_of(host)
    assert host.value(Shutdown) is None
    wait_for_end(child)
    assert host.output() == ("", "")  # its own children hold the other ends of these pipes


def test_shutdown_of_a_worker_without_a_module(host: Host) -> None:
    assert host.value(Shutdown) is None
    assert host.exit_status() == 0


def test_shutdown_though_stop_raises(host: Host, tmp_path: Path) -> None:
    body = "class Bad(Module):\n    async def stop_monitoring(self):\n        raise ValueError('stuck')\n"
    host.run(write_module(tmp_path / "bad", body))
    assert host.value(Shutdown) is None
    assert host.logs() == ["stop_monitoring() raised ValueError: stuck"]
    assert host.exit_status() == 0


def test_sigterm_is_a_shutdown(leaving: Host) -> None:
    leaving.process.send_signal(signal.SIGTERM)
    assert leaving.exit_status() == 0
    assert leaving.output()[0] == "stopped\n"


def test_sigterm_waits_for_a_stop_that_cancels_all_tasks(host: Host, tmp_path: Path) -> None:
    body = """
class Tidy(Module):
    async def stop_monitoring(self):
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)
        print("tidied up")
"""
    host.run(write_module(tmp_path / "tidy", body))
    host.process.terminate()
    assert host.output() == ("tidied up\n", "")
    assert host.exit_status() == 0


def test_host_gone_stops_the_module(leaving: Host) -> None:
    child = child_of(leaving)
    leaving.link.close()
    assert leaving.exit_status() == 0
    assert leaving.output()[0] == "stopped\n"
    wait_for_end(child)


def test_host_gone_while_stop_hangs(host: Host, tmp_path: Path) -> None:
    body = "class Hangs(Module):\n    async def stop_monitoring(self):\n        await asyncio.sleep(600)\n"
    host.run(write_module(tmp_path / "hangs", body))
    begun = time.monotonic()
    host.link.close()
    assert host.exit_status() == 0
    assert time.monotonic() - begun < 6.5


def test_host_gone_while_the_module_blocks(leaving: Host) -> None:
    child = child_of(leaving)
    leaving.post(Action, "block", None)
    assert leaving.process.stdout is not None
    assert leaving.process.stdout.readline() == "blocking\n"
    begun = time.monotonic()
    leaving.link.close()
    assert leaving.exit_status() == -signal.SIGKILL
    assert 4.0 < time.monotonic() - begun < 6.5
    wait_for_end(child)


def test_module_that_never_answers(host: Host) -> None:
    host.load(FIXTURES / "never_answers")
    request = host.post(Initialize)
    assert host.process.stdout is not None
    assert host.process.stdout.readline() == "blocking from now on\n"
    host.post(Ping)
    with pytest.raises(TimeoutError):
        host.receive(0.3)
    assert not any(isinstance(message, Answer) and message.id == request for message in host.seen)


def test_module_that_exits_at_import(host: Host) -> None:
    host.send_load(FIXTURES / "exits_at_import")
    assert host.rest() == []
    assert host.exit_status() == 3
    assert host.output() == ("about to exit\n", "")


def test_log_before_a_sudden_end_arrives(host: Host, tmp_path: Path) -> None:
    body = "logging.getLogger(__name__).warning('last words')\nos._exit(9)\n"
    host.send_load(write_module(tmp_path / "sudden", body))
    host.rest()
    assert host.logs() == ["last words"]
    assert host.exit_status() == 9


def test_a_host_that_does_not_read_costs_little(host: Host, tmp_path: Path) -> None:
    body = """
class Busy(Module):
    class State(ModuleState):
        count: int = 0
    def get_tile(self):
        return Tile(icon="x", title="y" * 10_000, stats=[Stat(label="c", value=self.typed_state.count)])
    @action
    async def flood(self):
        self.task = asyncio.create_task(self.commit_often())
    async def commit_often(self):
        for _ in range(3000):
            self.typed_state.count += 1
            self.typed_state.commit()
            logging.info("x" * 500)
            await asyncio.sleep(0)
        print("flooded", flush=True)
"""
    host.run(write_module(tmp_path / "busy", body))
    host.post(Action, "flood", None)
    assert host.process.stdout is not None
    assert host.process.stdout.readline() == "flooded\n"
    while not host.trees() or host.trees()[-1].tile["stats"][0]["value"] != 3000:
        host.receive()
    assert len(host.trees()) < 1000
    assert [tree.revision for tree in host.trees()] == list(range(1, len(host.trees()) + 1))
    host.value(Ping)
    host.act("flood")
    while not any("log messages were dropped" in text for text in host.logs()):
        host.receive()
