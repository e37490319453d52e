"""What each collector reads from recorded files, and what it makes of files that aren't there."""

import os
from pathlib import Path

import pytest

from ..collectors.cpu import CpuCollector, Ticks, parse_ticks
from ..collectors.disks import DiskCollector, parse_counters
from ..collectors.machine import Machine
from ..collectors.memory import Memory, parse_memory
from ..collectors.network import NetworkCollector, parse_bytes
from ..collectors.pressure import Pressure, parse_pressure
from ..collectors.processes import ProcessTable, parse_process
from ..collectors.sensors import FrequencyCollector, TemperatureCollector
from ..collectors.source import Source
from ..collectors.space import Mount, parse_mounts, spaces
from .recorded import LATER, SERVER, write


@pytest.fixture
def server(tmp_path: Path) -> Path:
    return write(tmp_path, SERVER)


def test_ticks_leave_guests_out_since_users_hold_them() -> None:
    assert parse_ticks(SERVER["proc/stat"])["cpu"] == Ticks(total=94350, idle=80000, waiting=1000)
    assert list(parse_ticks(SERVER["proc/stat"])) == ["cpu", "cpu0", "cpu1"]


def test_cpu_is_what_happened_between_two_readings(server: Path) -> None:
    collector = CpuCollector(server)
    assert collector.read() is None
    write(server, LATER)
    cpu = collector.read()
    assert cpu is not None
    assert (cpu.busy, cpu.waiting, cpu.cores) == (20.0, 10.0, {0: 35.0, 1: 5.0})
    assert collector.read() is None, "no time has passed"


def test_a_core_that_is_switched_on_shows_from_its_second_reading(server: Path) -> None:
    collector = CpuCollector(server)
    collector.read()
    write(server, {"proc/stat": LATER["proc/stat"] + "cpu2 1 0 0 0 0 0 0 0 0 0\n"})
    cpu = collector.read()
    assert cpu is not None
    assert list(cpu.cores) == [0, 1]


def test_memory() -> None:
    memory = parse_memory(SERVER["proc/meminfo"])
    assert memory == Memory(16316412 << 10, 8158206 << 10, 5300000 << 10, 4194300 << 10, 3145725 << 10)
    assert (memory.used_percent, memory.swap_percent) == (50.0, 25.0)


def test_memory_without_swap_has_no_share_of_it() -> None:
    memory = parse_memory("MemTotal: 100 kB\nMemAvailable: 75 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n")
    assert memory is not None
    assert (memory.used_percent, memory.swap_percent) == (25.0, None)


@pytest.mark.parametrize("text", ["", "MemTotal: 100 kB\n", "garbage\n", "MemTotal: 0 kB\nMemAvailable: 0 kB\n"])
def test_memory_that_nobody_tells_is_none(text: str) -> None:
    assert parse_memory(text) is None


def test_pressure() -> None:
    assert parse_pressure(SERVER["proc/pressure/io"]) == Pressure(some=12.25, full=11.0)
    assert parse_pressure(SERVER["proc/pressure/cpu"]) == Pressure(some=1.5, full=0.0)
    assert parse_pressure("") is None


def test_disks_are_whole_ones_that_were_used() -> None:
    assert list(parse_counters(SERVER["proc/diskstats"])) == ["nvme0n1", "sda"]


def test_disk_rates(server: Path) -> None:
    collector = DiskCollector(server)
    assert collector.read(2.0) == []
    write(server, LATER)
    nvme, sda = collector.read(2.0)
    assert (sda.read, sda.written, sda.busy) == (4096 * 512 / 2, 0.0, 50.0)
    assert (nvme.read, nvme.written, nvme.busy) == (0.0, 0.0, 0.0)


def test_a_disk_whose_counters_began_anew_is_idle_and_not_negative(server: Path) -> None:
    write(server, LATER)
    collector = DiskCollector(server)
    collector.read(2.0)
    write(server, SERVER)
    assert [disk.read for disk in collector.read(2.0)] == [0.0, 0.0]


def test_interfaces_are_those_that_were_used_without_the_loopback() -> None:
    assert parse_bytes(SERVER["proc/net/dev"]) == {"eth0": (2000000, 1000000), "veth1a": (70000000, 30000)}


def test_network_rates_and_totals(server: Path) -> None:
    collector = NetworkCollector(server)
    assert collector.read(2.0) == []
    write(server, LATER)
    eth0, _ = collector.read(2.0)
    assert (eth0.name, eth0.received, eth0.sent) == ("eth0", 2048.0, 512.0)
    assert (eth0.received_total, eth0.sent_total) == (2004096, 1001024)


def test_sensors(server: Path) -> None:
    assert FrequencyCollector(server).read() == 2600
    assert TemperatureCollector(server).read() == 52.5, "the processor's hottest, and not the drive's"


def test_a_thermal_zone_does_where_there_is_no_chip(tmp_path: Path) -> None:
    zone = "sys/class/thermal/thermal_zone0/"
    write(tmp_path, {f"{zone}type": "cpu-thermal\n", f"{zone}temp": "41234\n"})
    assert TemperatureCollector(tmp_path).read() == 41.2


def test_a_sensor_that_fails_is_left_out(server: Path) -> None:
    collector = TemperatureCollector(server)
    write(server, {"sys/class/hwmon/hwmon1/temp2_input": "\n"})
    assert collector.read() == 48.0


def test_a_source_sees_every_change_of_a_file_of_any_length(tmp_path: Path) -> None:
    path = tmp_path / "file"
    source = Source(path)
    assert source.read() is None
    for text in ("a", "b" * 200_000, "c"):
        path.write_text(text)
        assert source.read() == text


def test_mounts_are_drives_and_servers_each_once_by_its_shortest_path() -> None:
    text = r"""
21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
22 21 0:20 / /proc rw - proc proc rw
23 21 0:21 / /run rw - tmpfs tmpfs rw
24 21 8:17 / /mnt/Big\040Disk rw shared:5 - ext4 /dev/sdb1 rw
25 21 8:17 /backup /srv rw - ext4 /dev/sdb1 rw
26 21 7:0 / /snap/core/1 ro - squashfs /dev/loop0 ro
27 21 0:44 / /tank rw - zfs tank rw
28 21 0:45 / /media/pool rw - fuse.mergerfs a:b rw
29 21 0:46 / /home/u/portal rw - fuse.portal portal rw
30 21 0:47 / /mnt/nas rw - nfs4 nas:/files rw
""".lstrip()
    assert parse_mounts(text) == [
        Mount("8:1", "/"),
        Mount("0:45", "/media/pool"),
        Mount("0:47", "/mnt/nas"),
        Mount("8:17", "/srv"),
        Mount("0:44", "/tank"),
    ]
    only = [line for line in text.splitlines() if "Big" in line]
    assert parse_mounts("\n".join(only)) == [Mount("8:17", "/mnt/Big Disk")]


def test_a_containers_root_counts_whatever_it_is() -> None:
    assert parse_mounts("1 0 0:50 / / rw - overlay overlay rw\n") == [Mount("0:50", "/")]


def test_space_is_that_of_folders_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    lines = [f"1 0 8:{n} / {tmp_path}/{name} rw - ext4 /dev/x rw" for n, name in enumerate(("", "file", "gone"))]
    write(tmp_path, {"proc/self/mountinfo": "\n".join(lines)})
    (found,) = spaces(tmp_path)
    expected = os.statvfs(tmp_path)
    assert found.total == expected.f_blocks * expected.f_frsize
    assert 0 < found.used + found.available <= found.total


STAT = "{pid} ({name}) S 1 2 3 0 -1 4194304 100 0 0 0 {user} {system} 0 0 20 0 1 0 {started} 1000000 {pages} 1 2 3\n"


def process(pid: int, name: str = "cat", user: int = 0, started: int = 50, pages: int = 10) -> dict[str, str]:
    return {f"proc/{pid}/stat": STAT.format(pid=pid, name=name, user=user, system=0, started=started, pages=pages)}


def test_a_process_may_be_called_anything() -> None:
    reading = parse_process(STAT.format(pid=7, name="a) (b) R 1", user=3, system=4, started=50, pages=2))
    assert (reading.name, reading.state, reading.ticks, reading.started) == ("a) (b) R 1", "S", 7, 50)
    assert reading.memory == 2 * os.sysconf("SC_PAGE_SIZE")


def test_processes_are_those_that_use_the_most_of_either(tmp_path: Path) -> None:
    for files in (process(1, "idle"), process(2, "busy"), process(3, "large", pages=999)):
        write(tmp_path, files)
    table = ProcessTable(tmp_path)
    table.read(1)
    write(tmp_path, process(2, "busy", user=100_000))
    found = table.read(1)
    assert [one.name for one in found] == ["busy", "large"]
    assert found[0].cpu > 0 == found[1].cpu
    assert table.count == 3
    assert table.read(0) == []


def test_a_number_that_another_process_got_starts_from_nothing(tmp_path: Path) -> None:
    table = ProcessTable(write(tmp_path, process(2, user=10)))
    table.read(1)
    write(tmp_path, process(2, user=9_000, started=70))
    assert table.read(1)[0].cpu == 0


def test_a_machine_that_tells_nothing_has_nothing(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.sample()
    sample = machine.sample()
    assert (sample.cpu, sample.frequency, sample.temperature, sample.memory, sample.uptime) == (None,) * 5
    assert (sample.load, sample.pressure, sample.disks, sample.interfaces) == ((), {}, [], [])
    assert spaces(tmp_path) == []
