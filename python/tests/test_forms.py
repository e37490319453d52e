"""Form data: what becomes of text, booleans and lists, per annotated type; and the sentences where nothing does."""

from __future__ import annotations

import dataclasses
import enum
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import pytest
from pydantic import BaseModel, Field, SecretStr

from ContaraNAS.core.action import ActionRef, action, action_schema, bind_arguments
from ContaraNAS.core.exceptions import BadArgumentsError
from ContaraNAS.core.module import Module

if TYPE_CHECKING:
    from nowhere import Unknown  # type: ignore[import-not-found]  # it only exists for type checkers


class Mode(enum.Enum):
    FAST = "fast"
    SLOW = 2


class Address(BaseModel):
    city: str = Field(min_length=1)
    zip: int = 1000
    primary: bool


@dataclasses.dataclass
class Share:
    path: str
    size: int = 1
    hidden: bool = dataclasses.field(kw_only=True)


class Point(msgspec.Struct):
    x: int


class Forms(Module):
    class Inner(enum.StrEnum):
        A = "a"

    def list(self) -> None:
        """Not what `list[str]` below is."""

    @action
    def whole(self, v: int) -> None: ...
    @action
    def whole_or_none(self, v: int | None) -> None: ...
    @action
    def whole_or_five(self, v: int = 5) -> None: ...
    @action
    def small(self, v: Annotated[int, Field(ge=1, le=9)]) -> None: ...
    @action
    def number(self, v: float) -> None: ...
    @action
    def money(self, v: Decimal) -> None: ...
    @action
    def yes(self, *, v: bool) -> None: ...
    @action
    def yes_by_default(self, *, v: bool = True) -> None: ...
    @action
    def text(self, v: str) -> None: ...
    @action
    def text_or_none(self, v: str | None) -> None: ...
    @action
    def text_implicit(self, v: str = None) -> None: ...  # type: ignore[assignment]  # noqa: RUF013 - as people write
    @action
    def secret(self, v: SecretStr) -> None: ...
    @action
    def mode(self, v: Mode) -> None: ...
    @action
    def inner(self, v: Inner) -> None: ...
    @action
    def literal(self, v: Literal[1, 2]) -> None: ...
    @action
    def blank_literal(self, v: Literal["", "a"]) -> None: ...
    @action
    def either(self, v: int | Literal["all"]) -> None: ...
    @action
    def texts(self, v: list[str]) -> None: ...  # type: ignore[valid-type]  # of the class's `list`, says mypy
    @action
    def wholes(self, v: set[int]) -> None: ...
    @action
    def modes(self, v: tuple[Mode, ...]) -> None: ...
    @action
    def day(self, v: date) -> None: ...
    @action
    def moment(self, v: datetime) -> None: ...
    @action
    def clock(self, v: time) -> None: ...
    @action
    def address(self, v: Address) -> None: ...
    @action
    def point(self, v: Point) -> None: ...
    @action
    def open(self, v) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001 - the point of the test
    @action
    def unresolved(self, v: Unknown) -> None: ...
    @action
    def anything(self, v: Any) -> None: ...

    @action
    def move(self, disk: str, target: Address) -> None: ...
    @action
    def share(self, share: Share, **rest: int) -> None: ...
    @action
    def maybe(self, disk: str, target: Address | None = None) -> None: ...
    @action
    def by_position(self, v: int = 1, /, w: int = 2) -> None: ...
    @action
    def two(self, a: Address, b: Address) -> None: ...
    @action
    def rest(self, known: int, **rest: Any) -> None: ...


MODULE = Forms()
DAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("whole", "5", 5),
        ("whole", " 5 ", 5),
        ("whole", 5, 5),
        ("whole_or_none", "", None),
        ("whole_or_none", None, None),
        ("whole_or_none", "7", 7),
        ("small", "9", 9),
        ("number", "1.5", 1.5),
        ("money", "1.10", Decimal("1.10")),
        ("yes", "on", True),
        ("yes", "off", False),
        ("yes", True, True),
        ("yes", "false", False),
        ("yes", "", False),
        ("yes", None, False),
        ("text", "", ""),
        ("text", 5, "5"),
        ("text_or_none", "", None),
        ("text_or_none", "a", "a"),
        ("text_implicit", None, None),
        ("secret", "x", SecretStr("x")),
        ("mode", "fast", Mode.FAST),
        ("mode", "SLOW", Mode.SLOW),
        ("mode", "2", Mode.SLOW),
        ("mode", Mode.SLOW, Mode.SLOW),
        ("inner", "a", Forms.Inner.A),
        ("literal", "2", 2),
        ("literal", 1, 1),
        ("blank_literal", "", ""),
        ("either", "all", "all"),
        ("either", "3", 3),
        ("texts", "a", ["a"]),
        ("texts", ["a", "b"], ["a", "b"]),
        ("texts", "", []),
        ("wholes", ["1", "2"], {1, 2}),
        ("modes", ["fast", "2"], (Mode.FAST, Mode.SLOW)),
        ("day", "2026-01-31", DAY),
        ("moment", "2026-01-31T12:30", datetime(2026, 1, 31, 12, 30)),  # noqa: DTZ001 - as a browser sends it
        ("clock", "12:30", time(12, 30)),
        ("address", {"city": "Wien", "zip": "", "primary": "on"}, Address(city="Wien", primary=True)),
        ("point", {"x": "3"}, Point(3)),
        ("open", "5", "5"),
        ("unresolved", "5", "5"),
        ("anything", "", ""),
    ],
)
def test_what_becomes_of_a_value(name: str, given: Any, value: Any) -> None:
    for arguments in (
        bind_arguments(getattr(MODULE, name), {"v": given}),
        bind_arguments(getattr(MODULE, name), None, {"v": given, "other": "x"}),
    ):
        assert arguments == {"v": value}
        assert type(arguments["v"]) is type(value)


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("whole", "five", "Enter a whole number."),
        ("whole", "1.5", "Enter a whole number."),
        ("whole", "", "This field is required."),
        ("whole", None, "This field is required."),
        ("small", "12", "Enter at most 9."),
        ("small", "0", "Enter at least 1."),
        ("number", "x", "Enter a number."),
        ("number", "nan", "Enter a finite number."),
        ("number", "1e999", "Enter a finite number."),
        ("money", "x", "Enter a number."),
        ("yes", "maybe", "Choose yes or no."),
        ("text", None, "This field is required."),
        ("text", ["a"], "Enter text."),
        ("mode", "warp", "Choose one of: fast, 2."),
        ("literal", "3", "Choose one of: 1, 2."),
        ("wholes", ["1", "x"], "Entry 2: Enter a whole number."),
        ("day", "31.1.2026", "Enter a date, such as 2026-01-31."),
        ("moment", "noon", "Enter a date and time, such as 2026-01-31 12:30."),
        ("clock", "noon", "Enter a time, such as 12:30."),
        ("point", {"x": "a"}, "Expected `int`, got `str` - at `$.x`"),
    ],
)
def test_what_cannot_be_coerced(name: str, given: Any, sentence: str) -> None:
    with pytest.raises(BadArgumentsError) as refused:
        bind_arguments(getattr(MODULE, name), None, {"v": given})
    assert refused.value.fields == {"v": sentence}


def test_every_wrong_field_is_told_at_once() -> None:
    with pytest.raises(BadArgumentsError) as refused:
        bind_arguments(MODULE.address, {"v": {"city": "", "zip": "x"}})
    assert refused.value.fields == {
        "v.city": "This field is required.",
        "v.zip": "Enter a whole number.",
        "v.primary": "This field is required.",
    }
    assert str(refused.value) == "address: v.city is missing; v.zip: Enter a whole number; v.primary is missing"


def test_missing_fields() -> None:
    assert bind_arguments(MODULE.yes, None, {}) == {"v": False}
    assert bind_arguments(MODULE.texts, None, {}) == {"v": []}
    assert bind_arguments(MODULE.whole_or_five, None, {"v": ""}) == {}
    assert bind_arguments(MODULE.yes_by_default, None, {}) == {}
    forms: list[dict[str, Any] | None] = [None, {}]
    for form in forms:
        with pytest.raises(BadArgumentsError, match="whole: v is missing"):
            bind_arguments(MODULE.whole, None, form)
    with pytest.raises(BadArgumentsError, match="yes: v is missing"):
        bind_arguments(MODULE.yes, None)


def test_bound_parameters_win_over_the_form() -> None:
    assert bind_arguments(MODULE.whole, {"v": 1}, {"v": "2"}) == {"v": 1}


def test_a_bound_parameter_too_many_is_refused_a_field_is_not() -> None:
    with pytest.raises(BadArgumentsError, match="whole: got an unexpected keyword argument 'w'") as refused:
        bind_arguments(MODULE.whole, {"v": 1, "w": 2})
    assert refused.value.fields == {}


def test_a_model_takes_the_fields_of_the_form() -> None:
    form = {"city": "Wien", "zip": "1010", "junk": "x"}
    expected = {"disk": "sda", "target": Address(city="Wien", zip=1010, primary=False)}
    assert bind_arguments(MODULE.move, {"disk": "sda"}, form) == expected
    with pytest.raises(BadArgumentsError) as refused:
        bind_arguments(MODULE.move, {"disk": "sda"}, {"city": "", "zip": "x"})
    assert refused.value.fields == {"city": "This field is required.", "zip": "Enter a whole number."}


def test_a_dataclass_takes_its_fields_and_kwargs_the_rest() -> None:
    arguments = bind_arguments(MODULE.share, None, {"path": "/srv", "size": "", "more": "3"})
    assert arguments == {"share": Share("/srv", 1, hidden=False), "more": 3}
    with pytest.raises(BadArgumentsError) as refused:
        bind_arguments(MODULE.share, None, {"path": "/srv", "more": "x"})
    assert refused.value.fields == {"more": "Enter a whole number."}


def test_a_model_with_a_default_needs_no_fields() -> None:
    assert bind_arguments(MODULE.maybe, None, {"disk": "sda", "junk": "x"}) == {"disk": "sda"}
    with pytest.raises(BadArgumentsError) as refused:
        bind_arguments(MODULE.maybe, None, {"disk": "sda", "zip": "5"})
    assert refused.value.fields == {"city": "This field is required."}


def test_what_comes_by_position_only_keeps_its_default() -> None:
    assert bind_arguments(MODULE.by_position, None, {"v": "5", "w": "6"}) == {"w": 6}


def test_two_models_have_to_be_named() -> None:
    with pytest.raises(BadArgumentsError) as refused:
        bind_arguments(MODULE.two, None, {"city": "Wien"})
    assert set(refused.value.fields) == {"a", "b"}


def test_kwargs_take_the_rest() -> None:
    assert bind_arguments(MODULE.rest, {"a": 1}, {"known": "2", "b": ["x"]}) == {"known": 2, "a": 1, "b": ["x"]}


def test_what_a_reference_binds_can_be_called() -> None:
    bound = ActionRef(MODULE.day, v=DAY).params
    assert bind_arguments(MODULE.day, bound) == {"v": DAY}


def test_schema() -> None:
    class Described(Module):
        @action(confirm="Really?", roles=["admin"], timeout=None, concurrent=True)
        async def rename(self, name: str, times: int = 2, where: Address | None = None, **more: Any) -> None:
            """Rename
            a disk.

            Slowly.
            """

    schema = action_schema(Described().rename)
    params = schema.pop("params")
    assert schema == {
        "description": "Rename a disk.",
        "confirm": "Really?",
        "roles": ["admin"],
        "timeout": None,
        "concurrent": True,
    }
    assert params["properties"]["name"] == {"type": "string"}
    assert params["properties"]["times"] == {"type": "integer", "default": 2}
    assert params["properties"]["where"]["anyOf"][0] == {"$ref": "#/$defs/Address"}
    assert params["$defs"]["Address"]["required"] == ["city", "primary"]
    assert (params["required"], params["additionalProperties"]) == (["name"], True)


def test_schemas_of_types_without_one() -> None:
    for method in (MODULE.open, MODULE.unresolved, MODULE.anything):
        assert action_schema(method)["params"]["properties"] == {"v": {}}
    assert action_schema(MODULE.point)["params"]["properties"] == {"v": {"type": "object"}}
