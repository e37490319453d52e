"""Patches: the samples that all clients share, and that nothing which was given changes."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from contara_client.patch import PatchError, apply

GOLDEN = Path(__file__).resolve().parents[3] / "tests/golden/patch.json"
CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden(case: dict[str, Any]) -> None:
    given = copy.deepcopy(case)
    if "error" in case:
        with pytest.raises(PatchError) as raised:
            apply(case["before"], case["ops"], case["at"])
        assert {"op": raised.value.op, "reason": raised.value.reason} == case["error"]
    else:
        after = apply(case["before"], case["ops"], case["at"])
        assert json.dumps(after, sort_keys=True) == json.dumps(case["after"], sort_keys=True)
    assert case == given, "what is given stays as it is"


def test_what_is_not_touched_is_shared() -> None:
    before: dict[str, Any] = {"tile": {"stats": [1, 2]}, "modals": [{"id": "m"}]}
    after = apply(before, [{"op": "replace", "path": "/stats/0", "value": 5}], "/tile")
    assert after["modals"] is before["modals"]
    assert after["tile"]["stats"] is not before["tile"]["stats"]


def test_what_was_changed_before_it_was_copied_changes_alone() -> None:
    ops: list[dict[str, Any]] = [
        {"op": "add", "path": "/a/b/-", "value": 2},
        {"op": "copy", "from": "/a", "path": "/c"},
        {"op": "add", "path": "/a/b/-", "value": 3},
    ]
    assert apply({"a": {"b": [1]}}, ops) == {"a": {"b": [1, 2, 3]}, "c": {"b": [1, 2]}}


def test_true_is_not_one() -> None:
    with pytest.raises(PatchError, match="test_failed"):
        apply({"a": [True]}, [{"op": "test", "path": "/a", "value": [1]}])
