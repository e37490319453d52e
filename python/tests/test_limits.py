"""Limits of fields: what is filled in is held against the field that the browser shows."""

from pathlib import Path
from typing import Any

import pytest

from contara_worker.limits import broken_limits
from contara_worker.messages import Action
from ContaraNAS.core.ui import Checkbox, Component, Input, Select, SelectOption, Stack, Tile, Toggle
from host import Host, write_module

CHOICE = Select(name="field", options=[SelectOption(value="a", label="A"), SelectOption(value="b", label="B")])


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Input(name="field"), "", None),
        (Input(name="field", required=True), "", "This field is required."),
        (Input(name="field", required=True), None, "This field is required."),
        (Input(name="field", required=True), "x", None),
        (Input(name="field", min_length=3), "ab", "Enter at least 3 characters."),
        (Input(name="field", min_length=3), "", None),
        (Input(name="field", max_length=1), "ab", "Enter at most 1 character."),
        (Input(name="field", pattern="[a-z]+"), "abc", None),
        (Input(name="field", pattern="[a-z]+"), "abc1", "This doesn't have the expected form, [a-z]+."),
        (Input(name="field", input_type="number", min=1, max=5), "5", None),
        (Input(name="field", input_type="number", min=1), "0.5", "Enter at least 1."),
        (Input(name="field", input_type="number", max=5), "6", "Enter at most 5."),
        (Input(name="field", input_type="number", step=0.1), "0.3", None),
        (Input(name="field", input_type="number", min=1, step=2), "5", None),
        (Input(name="field", input_type="number", min=1, step=2), "4", "Enter 1 and steps of 2 from there."),
        (Input(name="field", input_type="number", min=1), "many", None),
        (Input(name="field", input_type="number", step=2), "nan", None),
        (Input(name="field", input_type="number", step=2), "1e999", None),
        (Toggle(name="field", required=True), False, "This field is required."),
        (Checkbox(name="field", required=True), True, None),
        (CHOICE, "a", None),
        (CHOICE, "c", "Choose one of: a, b."),
        (CHOICE, ["a", "c"], "Choose one of: a, b."),
        (CHOICE, "", None),
    ],
)
def test_a_field_is_held_to_its_limits(field: Component, value: object, expected: str | None) -> None:
    tile = Tile(icon="Box", title="T", content=[Stack(children=[field])]).to_dict()
    assert broken_limits([tile, []], {"field": value, "other": ""}).get("field") == expected


def test_of_several_fields_of_one_name_one_is_enough() -> None:
    fields = [Input(name="field", max_length=1).to_dict(), Input(name="field", max_length=3).to_dict()]
    assert broken_limits(fields, {"field": "ab"}) == {}
    assert broken_limits(fields, {"field": "abcd"}) == {"field": "Enter at most 1 character."}


MODULE = """
from ContaraNAS.core.ui import Input, Tile

class Limited(Module):
    class State(ModuleState):
        saved: int = 0

    def get_tile(self):
        return Tile(icon="Box", title="Limited", content=[Input(name="name", max_length=3)])

    @action
    def save(self, name: str):
        self.typed_state.saved += 1
        return Notify(message=f"{name} {self.typed_state.saved}")

    @action
    def reset(self):
        return Notify(message="reset")
"""


def act(host: Host, name: str, form: dict[str, Any]) -> Any:
    return host.outcome(host.post(Action, name, None, form))


def test_an_action_is_not_run_with_what_breaks_a_limit(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "limited", MODULE))
    refused = act(host, "save", {"name": "Adalbert"})
    assert (refused.kind, refused.fields) == ("bad_arguments", {"name": "Enter at most 3 characters."})
    assert refused.message == "save: name: Enter at most 3 characters"
    assert act(host, "save", {"name": "Ada"}).value[0]["message"] == "Ada 1"


def test_an_action_that_does_not_take_the_field_is_not_held_up(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "limited", MODULE))
    assert act(host, "reset", {"name": "Adalbert"}).value[0]["message"] == "reset"
