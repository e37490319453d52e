"""The collectors on the machine that runs the tests; psutil is the second opinion."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from ..collectors import Machine, ProcessTable, spaces


@contextmanager
def busy_core() -> Iterator[None]:
    """Keep this process busy."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            sum(range(1000))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def wait_for_ticks(count: int) -> None:
    """Wait until this process has used so much more processor time, in hundredths of a second."""
    until = time.process_time() + count / 100
    while time.process_time() < until:
        time.sleep(0.01)


def test_a_busy_core_shows() -> None:
    machine = Machine()
    machine.sample()
    with busy_core():
        wait_for_ticks(20)
        sample = machine.sample()
    assert sample.cpu is not None
    assert max(sample.cpu.cores.values()) > 5
    assert 0 < sample.cpu.busy <= 100
    assert len(sample.cpu.cores) <= (os.cpu_count() or 1)


def test_the_busy_process_is_found() -> None:
    table = ProcessTable()
    table.read(1)
    with busy_core():
        wait_for_ticks(30)
        found = table.read(1000)
    (own,) = [process for process in found if process.pid == os.getpid()]
    assert own.cpu > 0
    assert own.memory > 1_000_000
    assert abs(table.count - len(psutil.pids())) < max(50, table.count / 2)


def test_memory_disks_and_time_are_as_psutil_says() -> None:
    sample = Machine().sample()
    assert sample.memory is not None
    assert sample.memory.total == psutil.virtual_memory().total
    assert abs(sample.memory.available - psutil.virtual_memory().available) < sample.memory.total / 5
    assert sample.uptime is not None
    assert abs(time.time() - sample.uptime - psutil.boot_time()) < 60
    assert len(sample.load) == 3


def test_network_totals_are_as_psutil_says() -> None:
    machine = Machine()
    machine.sample()
    theirs = psutil.net_io_counters(pernic=True)
    for interface in machine.sample().interfaces:
        assert interface.received_total >= theirs[interface.name].bytes_recv


def test_the_root_has_space() -> None:
    root = next(space for space in spaces() if space.name == "/")
    theirs = psutil.disk_usage("/")
    assert root.total == theirs.total
    assert abs(root.percent - theirs.percent) < 5
