"""What `ContaraNAS.core` itself offers: loggers, files, codecs, folders; and the names of errors."""

import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel

from ContaraNAS.core import decode, encode, exceptions, get_logger, load_file, save_file, settings, to_builtins


class Kind(StrEnum):
    SSD = "ssd"


class Model(BaseModel):
    name: str
    sizes: deque[int] = deque()


@dataclass
class Disk:
    kind: Kind
    seen: datetime
    models: list[Model]
    history: deque[float]


DISK = Disk(Kind.SSD, datetime(2026, 1, 31, tzinfo=UTC), [Model(name="x", sizes=deque([1]))], deque([1.5]))
PLAIN = {"kind": "ssd", "seen": "2026-01-31T00:00:00Z", "models": [{"name": "x", "sizes": [1]}], "history": [1.5]}


def test_codec() -> None:
    assert to_builtins(DISK) == PLAIN
    assert decode(encode(DISK)) == PLAIN
    assert decode(encode(DISK), Disk) == DISK
    assert decode(encode(DISK, format="msgpack"), Disk, format="msgpack") == DISK
    assert decode(encode(DISK).decode(), type=Disk) == DISK
    with pytest.raises(ValueError, match=r"Object missing required field `kind`"):
        decode(b"{}", Disk)
    with pytest.raises(TypeError, match="a value of type object can't be encoded"):
        encode(object())


@pytest.mark.parametrize("name", ["disk.json", "deep/er/disk.msgpack", "disk.JSON"])
def test_files(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    save_file(file, DISK)
    save_file(DISK, file)
    assert load_file(file, Disk) == load_file(Disk, str(file)) == load_file(file, type=Disk) == DISK
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_text_goes_into_a_file_named_by_text(tmp_path: Path) -> None:
    save_file(str(tmp_path / "a.json"), "text")
    assert load_file(tmp_path / "a.json") == "text"


def test_a_value_that_cannot_be_written_leaves_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    save_file(file, 1)
    with pytest.raises(TypeError):
        save_file(file, object())
    assert load_file(file) == 1
    assert list(tmp_path.iterdir()) == [file]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"kind": 1}')
    with pytest.raises(ValueError, match=r"bad\.json: .* `\$\.kind`"):
        load_file(tmp_path / "bad.json", Disk)
    with pytest.raises(ValueError, match=r"a\.yaml: expected a name that ends with \.json"):
        save_file(tmp_path / "a.yaml", 1)
    with pytest.raises(FileNotFoundError):
        load_file(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("message", "args", "fields", "text"),
    [
        ("plain", (), {}, "plain"),
        ("100 %", (), {}, "100 %"),
        ("read %s", ("x",), {}, "read x"),
        ("read {}", ("x",), {}, "read x"),
        ("{n} of {}", (2,), {"n": 1}, "1 of 2"),
        ('{"json": %d}', (3,), {}, '{"json": 3}'),
        ("{}", (), {}, "{}"),
        ("{} is 5 %", ("x",), {}, "x is 5 %"),
    ],
)
def test_log_messages(
    caplog: pytest.LogCaptureFixture, message: str, args: tuple[Any, ...], fields: dict[str, Any], text: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        get_logger().info(message, *args, **fields)
    assert caplog.messages == [text]


def test_names_of_loggers(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        get_logger().debug("a")
        get_logger("steam").success("b")
        get_logger("ContaraNAS.modules.community.steam").trace("c")
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            get_logger().exception("failed {}", 1)
    names = [(record.name, record.levelname) for record in caplog.records]
    assert names == [
        (__name__, "DEBUG"),
        (f"{__name__}.steam", "INFO"),
        ("ContaraNAS.modules.community.steam", "DEBUG"),
        (__name__, "ERROR"),
    ]
    assert caplog.records[-1].exc_info is not None


def test_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONTARA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("CONTARA_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings.data_dir == tmp_path / "data"
    assert settings.cache_dir == tmp_path / ".cache" / "contara"
    assert settings.data_dir.is_dir()
    with pytest.raises(AttributeError, match="has no 'api_key', only data_dir and cache_dir"):
        _ = settings.api_key


def test_every_error_is_the_sdks() -> None:
    for name in exceptions.__all__:
        assert issubclass(getattr(exceptions, name), exceptions.ContaraError)
    assert str(exceptions.ModuleInitializationError("steam", "no library")) == "steam: no library"


def test_structs_are_left_as_msgspec_has_them() -> None:
    class Point(msgspec.Struct):
        x: int

    assert decode(encode(Point(1)), Point) == Point(1)
