"""What else passes over the link and beside it: logs, printing, unknown and bad messages."""

import signal
import sys
from pathlib import Path

import msgspec
import pytest

from contara_worker.messages import (
    Action,
    Answer,
    Error,
    Load,
    Log,
    Ping,
    Shutdown,
)
from host import COUNTER, Host, run_action, start_worker, write_module


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


def test_unknown_messages(host: Host) -> None:
    host.send_frame(msgspec.msgpack.encode({"type": "news", "text": "x"}))
    host.send_frame(msgspec.msgpack.encode({"type": "guess", "id": 77, "what": "x"}))
    outcome = host.outcome(77)
    assert isinstance(outcome, Error)
    assert (outcome.kind, outcome.message) == ("wrong_state", "this worker doesn't know the request 'guess'")


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
    assert error.kind == "bad_arguments"


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
