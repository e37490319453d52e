"""Fields of forms: their checks, and that a password stays where it is."""

from typing import Any

import pytest
from pydantic import SecretStr

from contara_worker.trees import encode_tree
from ContaraNAS.core.exceptions import ComponentError
from ContaraNAS.core.ui import Checkbox, Form, Input, Password, Select, SelectOption, Stack, Textarea

SECRET = "hunter2"  # noqa: S105 - of nobody


def test_short_cuts_make_inputs() -> None:
    assert Textarea(name="n", rows=3).to_dict() == Input(name="n", input_type="textarea", rows=3).to_dict()
    assert Password(name="n").to_dict() == Input(name="n", input_type="password").to_dict()
    assert Form(form="disk").to_dict() == Stack().to_dict() | {"form": "disk"}


@pytest.mark.parametrize(
    "field", [Password(name="p", value=SECRET), Input(name="p", value=SECRET, input_type="password")]
)
def test_a_password_is_dropped_at_construction(field: Input) -> None:
    assert (field.value, field.filled) == ("", True)
    assert SECRET not in repr(field)
    assert field.to_dict()["value"] == ""
    assert SECRET.encode() not in encode_tree(field, "input")


@pytest.mark.parametrize("value", [SecretStr(SECRET), SECRET.encode(), [SECRET]])
def test_whatever_kind_of_value_a_password_has(value: Any) -> None:
    assert Password(name="p", value=value).filled
    with pytest.raises(ComponentError) as refused:
        Password(name="p", value=value, size=1)  # type: ignore[call-arg]  # the point of the test
    assert SECRET not in str(refused.value)


def test_a_password_that_is_assigned_later_is_not_sent() -> None:
    field = Password(name="p")
    assert not field.filled
    field.value = SECRET
    assert field.to_dict()["value"] == ""
    assert field.to_dict()["filled"] is True
    assert SECRET.encode() not in encode_tree(field, "input")


def test_filled_says_that_a_password_is_stored() -> None:
    assert Password(name="p", filled=True).to_dict()["filled"] is True
    assert Password(name="p", value="", filled=True).filled
    assert not Password(name="p", value="").filled
    assert not Input(name="t", value="text").filled


@pytest.mark.parametrize(
    ("kind", "props", "text"),
    [
        (Input, {}, "Input.name: missing; expected text"),
        (Input, {"name": "n", "value": 5}, "Input.value: expected text, got 5"),
        (Input, {"name": "n", "required": "perhaps"}, "Input.required: expected true or false, got 'perhaps'"),
        (Input, {"name": "n", "step": 0}, "Input.step: expected a number above 0 or None, got 0"),
        (Input, {"name": "n", "min": float("nan")}, "Input.min: expected a finite number, got nan"),
        (Input, {"name": "n", "min": 3, "max": 2}, "Input.max: expected at least min, which is 3, got 2"),
        (Input, {"name": "n", "max_length": -1}, "Input.max_length: expected an integer of at least 0 or None, got -1"),
        (
            Input,
            {"name": "n", "min_length": 3, "max_length": 2},
            "Input.max_length: expected at least min_length, which is 3, got 2",
        ),
        (Input, {"name": "n", "rows": 0}, "Input.rows: expected an integer of at least 1 or None, got 0"),
        (
            Input,
            {"name": "n", "pattern": "["},
            "Input.pattern: expected a regular expression, got '[': unterminated character set at position 0",
        ),
        (Textarea, {"name": "n", "input_type": "text"}, "Textarea.input_type: expected one of 'textarea', got 'text'"),
        (Select, {"name": "n", "options": ["a"]}, "Select.options[0]: expected a SelectOption, got 'a'"),
        (
            Select,
            {"name": "n", "options": [], "values": ["a"]},
            "Select.values: only with multiple=True; expected value",
        ),
        (SelectOption, {"value": 1, "label": "one"}, "SelectOption.value: expected text, got 1"),
        (Checkbox, {"name": "n", "value": True}, "Checkbox.value: expected text or None, got True"),
    ],
)
def test_refusals(kind: Any, props: dict[str, Any], text: str) -> None:
    with pytest.raises(ComponentError) as refused:
        kind(**props)
    assert str(refused.value) == text
