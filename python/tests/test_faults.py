"""Faults in the background: told once, and only if nobody took them."""

from pathlib import Path

from contara_worker.messages import Fault, Ping
from host import Host, run_action


def faults(host: Host) -> list[Fault]:
    return [message for message in host.seen if isinstance(message, Fault)]


def test_task_that_the_module_keeps(host: Host, tmp_path: Path) -> None:
    body = "async def poll(): raise ValueError('no such disk')\nself.task = asyncio.create_task(poll(), name='poll')"
    run_action(host, tmp_path / "polling", body)
    host.act("go")
    fault = host.expect(Fault)
    assert (fault.origin, fault.name, fault.message) == ("task", "poll", "ValueError: no such disk")
    assert fault.traceback is not None
    assert "polling/__init__.py" in fault.traceback
    assert "contara_worker" not in fault.traceback
    assert host.act("add") == []


def test_tasks_whose_exception_is_taken(host: Host, tmp_path: Path) -> None:
    body = """
async def fail(): raise ValueError("taken")
async def await_it():
    self.other = asyncio.create_task(fail())
    await asyncio.sleep(0.01)
    try: await self.other
    except ValueError: pass
self.tasks = [asyncio.create_task(await_it()), asyncio.create_task(asyncio.sleep(600))]
await asyncio.gather(*[fail() for _ in range(3)], return_exceptions=True)
self.tasks[1].cancel()
async def last(): raise OSError("not taken")
self.last = asyncio.create_task(last())
"""
    run_action(host, tmp_path / "taking", body)
    host.act("go")
    host.expect(Fault)
    assert host.value(Ping) is None
    assert [fault.message for fault in faults(host)] == ["OSError: not taken"]
    assert host.logs() == []


def test_thread(host: Host, tmp_path: Path) -> None:
    body = """
def work(): raise OSError("gone")
threading.Thread(target=sys.exit).start()
threading.Thread(target=work, name="scan").start()
"""
    run_action(host, tmp_path / "threading_", body)
    host.act("go")
    fault = next(iter(faults(host)), None) or host.expect(Fault)  # it may come before the answer
    assert (fault.origin, fault.name, fault.message) == ("thread", "scan", "OSError: gone")
    assert fault.traceback is not None
    assert len(faults(host)) == 1
