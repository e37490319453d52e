"""The golden samples, which the Rust tests read too."""

import json
from typing import Any

import msgspec
import pytest

from contara_worker.messages import FromWorker, ToWorker, Ui
from contara_worker.trees import as_received
from host import GOLDEN

SAMPLES: list[dict[str, Any]] = json.loads(GOLDEN.read_text())
UNIONS: dict[str, Any] = {"to_worker": ToWorker, "from_worker": FromWorker}


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["name"] for sample in SAMPLES])
def test_sample_is_what_we_read_and_write(sample: dict[str, Any]) -> None:
    union = UNIONS[sample["direction"]]
    message = msgspec.msgpack.decode(bytes.fromhex(sample["msgpack"]), type=union)
    assert message == msgspec.convert(sample["message"], union)
    assert msgspec.msgpack.encode(message).hex() == sample["msgpack"]
    assert next(iter(sample["message"])) == "type"


def test_the_host_drops_the_nulls_of_components() -> None:
    (sample,) = [sample for sample in SAMPLES if "received" in sample]
    ui = msgspec.msgpack.decode(bytes.fromhex(sample["msgpack"]), type=Ui)
    assert msgspec.to_builtins(as_received(ui)) == sample["received"]


def test_every_type_has_a_sample() -> None:
    for direction, union in UNIONS.items():
        tags = {member.__struct_config__.tag for member in union.__args__}
        assert tags == {s["message"]["type"] for s in SAMPLES if s["direction"] == direction}


def test_unknown_fields_are_tolerated() -> None:
    frame = msgspec.msgpack.encode({"type": "ping", "id": 1, "urgency": "high"})
    assert msgspec.msgpack.decode(frame, type=ToWorker).id == 1
