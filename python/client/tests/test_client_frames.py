"""Frames: the samples that the daemon and all clients share, and what isn't a frame."""

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from contara_client.errors import ProtocolError
from contara_client.frames import Action, ClientFrame, Notice, decode, encode

GOLDEN = Path(__file__).resolve().parents[3] / "tests/golden/stream-v2.json"
SAMPLES: list[dict[str, Any]] = json.loads(GOLDEN.read_text())
SENT = {frame.__struct_config__.tag for frame in get_args(ClientFrame)}


def samples(direction: str) -> list[Any]:
    return [pytest.param(it, id=it["name"]) for it in SAMPLES if it["direction"] == direction]


def known_of(message: Any, known: Any) -> Any:
    """What of `message` is known."""
    if isinstance(message, dict):
        return {key: known_of(value, known[key]) for key, value in message.items() if key in known}
    if isinstance(message, list):
        assert len(message) == len(known)
        return [known_of(*both) for both in zip(message, known, strict=True)]
    return known


@pytest.mark.parametrize("sample", samples("from_server"))
def test_all_that_the_server_sends_is_known(sample: dict[str, Any]) -> None:
    frame = decode(bytes.fromhex(sample["msgpack"]))
    if sample["message"] == {"type": "pong"}:
        assert frame is None, "it says nothing but that something came"
    else:
        assert known_of(sample["message"], msgspec.to_builtins(frame)) == sample["message"]


@pytest.mark.parametrize("sample", [it for it in samples("from_client") if it.values[0]["message"]["type"] in SENT])
def test_what_is_sent_is_what_the_server_reads(sample: dict[str, Any]) -> None:
    frame: ClientFrame = msgspec.convert(sample["message"], ClientFrame)
    assert encode(frame).hex() == sample["msgpack"]


def test_there_is_a_sample_of_all_that_is_sent() -> None:
    assert {it["message"]["type"] for it in SAMPLES} >= SENT


def test_what_is_not_known_is_ignored() -> None:
    assert decode(msgspec.msgpack.encode({"type": "dance", "module": 5})) is None
    later = {"type": "notice", "kind": "k", "text": "t", "since": [1]}
    assert decode(msgspec.msgpack.encode(later)) == Notice("k", "t")


@pytest.mark.parametrize("sample", samples("from_server"))
def test_a_frame_that_is_cut_off_is_none(sample: dict[str, Any]) -> None:
    message = bytes.fromhex(sample["msgpack"])
    for length in range(len(message)):
        with pytest.raises(ProtocolError):
            decode(message[:length])


def test_a_frame_may_have_64_kib() -> None:
    def action(size: int) -> Action:
        return Action(1, "m", "a", {"text": "x" * size})

    rest = 65536 - len(encode(action(65000)))
    assert len(encode(action(65000 + rest))) == 65536
    with pytest.raises(ValueError, match=r"65,537 bytes"):
        encode(action(65001 + rest))
