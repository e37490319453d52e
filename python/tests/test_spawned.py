"""A worker that the spawner starts is what a plain start gives: each rule of a fork, in both ways."""

import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest

from contara_worker.messages import Action
from contara_worker.spawner.messages import Limits
from host import PYCACHE, Host, write_module
from spawner_host import STRAY, SpawnerHost, Way

PROBE = """
import gc, json, random, resource, signal, socket, ssl, tempfile, threading, uuid
from concurrent.futures import ProcessPoolExecutor
import multiprocessing

class Point:
    def __init__(self, x):
        self.x = x

def double(point):
    return Point(point.x * 2), __name__, os.getpid()

class Probe(Module):
    @action
    async def tell(self, expression: str):
        return Notify(message=json.dumps(eval(expression)))
    @action
    async def pool(self, method: str):
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            point, name, pid = await asyncio.wrap_future(pool.submit(double, Point(21)))
        return Notify(message=json.dumps([point.x, name, type(point) is Point, pid != os.getpid()]))
    @action
    async def thread(self):
        return Notify(message=json.dumps(await asyncio.to_thread(lambda: threading.current_thread().name)))
    @action
    async def program(self):
        made = await asyncio.create_subprocess_exec("sh", "-c", "echo out; exit 3", stdout=subprocess.PIPE)
        out, _ = await made.communicate()
        return Notify(message=json.dumps([out.decode(), made.returncode]))
"""


def tell(host: Host, name: str, **params: Any) -> Any:
    return json.loads(host.act(name, **params)[0]["message"])


def evaluate(host: Host, expression: str) -> Any:
    return tell(host, "tell", expression=expression)


@pytest.fixture
def probe(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "probe", PROBE))
    return host


def test_nothing_else_is_open(probe: Host, tmp_path: Path, spawner: SpawnerHost) -> None:
    """Nothing but what a worker has that Python was started for."""
    with spawner.worker(spawner.order("exec")) as started:
        started.run(write_module(tmp_path / "other" / "probe", PROBE))
        assert kinds_of_descriptors(probe) == kinds_of_descriptors(started)
        assert STRAY.name not in kinds_of_descriptors(probe)


def kinds_of_descriptors(host: Host) -> list[str]:
    targets = evaluate(host, "[os.path.realpath(f'/proc/self/fd/{name}') for name in os.listdir('/proc/self/fd')]")
    return sorted(target.rpartition("/")[2].partition(":")[0] for target in targets)


def test_environment_is_the_orders(way: Way, spawner: SpawnerHost, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": "/", "TZ": "Asia/Tokyo", "CONTARA_DATA_DIR": "/x"}
    with spawner.worker(spawner.order(way, environment=environment)) as host:
        folder = write_module(tmp_path / "probe", PROBE)
        host.run(folder)
        told = {"CONTARA_MODULE": f"ContaraNAS.modules.community.probe={folder}"}
        seen = evaluate(host, "dict(os.environ)")
        seen.pop("LC_CTYPE", None)  # a Python that is started sets it where there is no locale (PEP 538)
        assert seen == environment | told
        text = evaluate(host, "subprocess.run(['env'], stdout=subprocess.PIPE, text=True).stdout")
        assert "CONTARA_DATA_DIR=/x" in text
        assert "PYTEST" not in text
        assert evaluate(host, "time.strftime('%z')") == "+0900"


def test_limits_are_set_before_the_module(way: Way, spawner: SpawnerHost, tmp_path: Path) -> None:
    limits = Limits(address_space=1 << 30, open_files=200)
    with spawner.worker(spawner.order(way, limits=limits)) as host:
        host.run(write_module(tmp_path / "probe", PROBE))
        names = "'RLIMIT_AS', 'RLIMIT_NOFILE', 'RLIMIT_CORE'"
        seen = evaluate(host, f"[resource.getrlimit(getattr(resource, name)) for name in ({names})]")
        assert seen == [[1 << 30, 1 << 30], [200, 200], [0, 0]]
        error = host.error(Action, "tell", {"expression": "bytearray(2 << 30)"})
        assert error.message == "MemoryError"
        assert evaluate(host, "1 + 1") == 2


def test_no_limits(way: Way, spawner: SpawnerHost, tmp_path: Path) -> None:
    with spawner.worker(spawner.order(way)) as host:
        host.run(write_module(tmp_path / "probe", PROBE))
        seen = evaluate(host, "[resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_NOFILE)]")
        assert seen == [list(resource.getrlimit(kind)) for kind in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE)]


def test_a_limit_beyond_what_the_kernel_counts_is_none(spawner: SpawnerHost, tmp_path: Path) -> None:
    with spawner.worker(spawner.order(limits=Limits(address_space=(1 << 64) - 1))) as host:
        host.run(write_module(tmp_path / "probe", PROBE))
        assert evaluate(host, "1 + 1") == 2


def test_place_among_processes(probe: Host, spawner: SpawnerHost) -> None:
    seen = evaluate(probe, "[os.getcwd(), os.getppid(), os.getsid(0) == os.getpid() == os.getpgrp()]")
    assert seen == ["/", spawner.process.pid, True]
    score = int(Path("/proc/self/oom_score_adj").read_text())
    assert evaluate(probe, "int(open('/proc/self/oom_score_adj').read())") == min(score + 500, 1000)


def test_orphans_are_the_workers(probe: Host) -> None:
    orphan = "int(subprocess.check_output(['sh', '-c', 'sleep 600 >/dev/null & echo $!']))"
    pid = evaluate(probe, orphan)
    assert evaluate(probe, f"open('/proc/{pid}/stat').read().split()[3] == str(os.getpid())")


def test_it_looks_like_a_plain_start(probe: Host) -> None:
    main = "sys.modules['__main__']"
    seen = evaluate(
        probe, f"[{main}.__spec__.name, {main}.__name__, {main}.__package__, sys.argv == [{main}.__file__]]"
    )
    assert seen == ["contara_worker.__main__", "__main__", "contara_worker", True]
    assert evaluate(probe, "'contara_worker.__main__' in sys.modules") is False
    assert evaluate(probe, "[sys.flags.safe_path, sys.pycache_prefix, sys._xoptions['pycache_prefix']]") == [
        True,
        PYCACHE.name,
        PYCACHE.name,
    ]
    assert evaluate(probe, "sys.orig_argv[-2:]") == ["-m", "contara_worker"]
    streams = "[(stream.name, stream.encoding, stream.line_buffering) for stream in (sys.stdout, sys.stderr)]"
    assert evaluate(probe, streams) == [["<stdout>", "utf-8", True], ["<stderr>", "utf-8", True]]
    assert evaluate(probe, "[sys.stdin.name, threading.current_thread() is threading.main_thread()]") == [
        "<stdin>",
        True,
    ]


def test_nothing_of_the_rehearsal_is_there(probe: Host) -> None:
    kinds = "[kind.__name__ for base in (Module, ModuleState) for kind in base.__subclasses__()]"
    assert evaluate(probe, f"(gc.collect(), {kinds})[1]") == ["Probe"]
    assert evaluate(probe, "[name for name in sys.modules if 'rehearsed' in name]") == []
    assert evaluate(probe, "threading.main_thread().native_id == os.getpid()") is True


def test_signals_are_a_plain_starts(probe: Host) -> None:
    assert evaluate(probe, "[str(signal.getsignal(signal.SIGCHLD)), list(signal.pthread_sigmask(0, []))]") == ["0", []]


def test_garbage_is_collected(way: Way, probe: Host) -> None:
    assert evaluate(probe, "gc.isenabled()") is True
    assert (evaluate(probe, "gc.get_freeze_count()") > 0) == (way == "fork")


def test_no_two_workers_draw_the_same(spawner: SpawnerHost, tmp_path: Path) -> None:
    folder = write_module(tmp_path / "probe", PROBE)
    drawn = "[random.random(), ssl.RAND_bytes(8).hex(), str(uuid.uuid4()), next(tempfile._get_candidate_names())]"
    seen = []
    for _ in range(3):
        with spawner.worker(spawner.order()) as host:
            host.run(folder)
            seen.append(evaluate(host, drawn))
    for column in zip(*seen, strict=True):
        assert len(set(column)) == 3


def test_packages_come_first(way: Way, spawner: SpawnerHost, tmp_path: Path) -> None:
    packages, named = tmp_path / "packages", tmp_path / "named"
    for folder, file, text in (
        (packages, "colours.py", "RED = 1"),
        (packages, "colorsys.py", "MINE = True"),
        (packages, "more.pth", f"{named}\nimport sys; sys.told_by_pth = True\n"),
        (named, "further.py", "FAR = 2"),
    ):
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(text)
    body = "import colours, colorsys, further\n" + PROBE
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(packages)}
    with spawner.worker(spawner.order(way, packages=str(packages), environment=environment)) as host:
        host.run(write_module(tmp_path / "probe", body))
        seen = evaluate(host, "[colours.RED, colorsys.MINE, further.FAR, sys.told_by_pth, sys.path[:2]]")
        assert seen == [1, True, 2, True, [str(packages), str(named)]]
        assert evaluate(host, "len(sys.path) == len(set(sys.path))")
        assert evaluate(host, "len(sys.argv)") == 1


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_the_module_know_its_classes(probe: Host, method: str) -> None:
    name = "ContaraNAS.modules.community.probe"
    assert tell(probe, "pool", method=method) == [42, name, True, True]


def test_threads_programs_and_tls(probe: Host) -> None:
    assert tell(probe, "thread") not in {"", "MainThread"}
    assert tell(probe, "program") == ["out\n", 3]
    assert evaluate(probe, "ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED")


def test_what_comes_out_of_it_is_its_own(probe: Host) -> None:
    evaluate(probe, "[print('out'), print('err', file=sys.stderr), os.system('echo shell')]")
    probe.process.terminate()
    assert probe.output() == ("out\nshell\n", "err\n")
