"""The vocabulary as a whole: golden samples, what v1 fixed, the JSON Schema, and what is generated."""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from jsonschema import Draft202012Validator
from pydantic import Field

from ContaraNAS.core import ui
from ContaraNAS.core.action import ActionRef
from ContaraNAS.core.ui import Component
from host import received
from samples import GOLDEN, SAMPLES, Disks, build
from vocabulary import reading
from vocabulary.example import code
from vocabulary.reading import Atom, Choice, Fixed, Items, Kind, Prop, Tuple, Typed

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/components.schema.json").read_text("utf-8"))
V1: dict[str, Any] = json.loads((GOLDEN / "vocabulary-v1.json").read_text("utf-8"))
ENTRIES = {entry.type: entry for entry in reading.read()}

sample_of_each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample['type']}-{sample['name']}")


def test_every_type_has_a_minimal_and_a_full_sample() -> None:
    assert len(ENTRIES) == 28
    for entry in ENTRIES.values():
        samples = {sample["name"]: sample["tree"] for sample in SAMPLES if sample["type"] == entry.type}
        assert samples.keys() >= {"minimal", "full"}
        used = set().union(*(tree.keys() for tree in samples.values()))
        assert {prop.name for prop in entry.props} <= used, "a prop that no sample has"
        assert entry.doc
        assert all(prop.description for prop in entry.props)


@sample_of_each
def test_the_classes_give_the_samples(sample: dict[str, Any]) -> None:
    tree = build(sample["tree"]).to_dict()
    assert list(tree) == list(sample["tree"])
    assert json.loads(json.dumps(tree)) == sample["tree"]


@sample_of_each
def test_the_link_carries_what_to_dict_says(sample: dict[str, Any]) -> None:
    component = build(sample["tree"])
    assert received(component) == msgspec.msgpack.encode(component.to_dict())


@pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES if sample["name"] == "full"], ids=lambda sample: sample["type"]
)
def test_the_python_of_the_reference_makes_the_samples(sample: dict[str, Any]) -> None:
    names = {name: getattr(ui, name) for name in ui.__all__} | {"ActionRef": ActionRef, "self": Disks()}
    component = eval(code(sample["tree"], ENTRIES), names)  # noqa: S307 - our own code
    assert component.to_dict() == build(sample["tree"]).to_dict()


# What an author may now leave to us; on the wire it is there as ever.
RELAXED = {("line_chart", "data"), ("line_chart", "max"), ("line_chart", "min")}

# Choices that have become more.
EXTENDED = {("input", "input_type"), ("table_column", "render")}


def test_v1_has_all_types_but_the_new_one() -> None:
    assert ENTRIES.keys() - V1.keys() == {"series"}
    assert {type_: entry.class_name for type_, entry in ENTRIES.items() if type_ in V1} == {
        type_: fact["class"] for type_, fact in V1.items()
    }
    for type_, fact in V1.items():
        names = [prop.name for prop in ENTRIES[type_].props]
        assert names[: len(fact["props"])] == list(fact["props"]), "additions come after what was there"
        assert not any(prop.sent for prop in ENTRIES[type_].props[len(fact["props"]) :])


@pytest.mark.parametrize(("type_", "name"), [(type_, name) for type_, fact in V1.items() for name in fact["props"]])
def test_v1_props_are_as_they_were(type_: str, name: str) -> None:
    fact = V1[type_]["props"][name]
    prop = next(prop for prop in ENTRIES[type_].props if prop.name == name)
    assert prop.sent == fact["required"]
    assert prop.default == fact["default"]
    relaxed = (type_, name) in RELAXED
    assert prop.given == (fact["required"] and not relaxed)
    expected = set(fact["type"].split(" / "))
    found = set(v1_text(prop, nullable=prop.nullable and not relaxed).split(" / "))
    assert expected < found if (type_, name) in EXTENDED else expected == found


def v1_text(prop: Prop, *, nullable: bool) -> str:
    return v1_kind(prop.kind) + (" or null" if nullable else "")


def v1_kind(kind: Kind) -> str:
    atoms = {"string": "string", "integer": "int", "number": "float", "boolean": "bool"}
    match kind:
        case Atom():
            text = atoms[kind.name]
        case Fixed():
            text = {"component": "Component", "map": "map", "action": "Callable"}[kind.name]
        case Choice():
            text = " / ".join(f'"{value}"' for value in kind.values)
        case Items():
            text = f"list of {v1_kind(kind.item)}"
        case Tuple():
            text = f"[{', '.join(map(v1_kind, kind.items))}]"
        case Typed():
            text = kind.class_name
        case _:
            text = " or ".join(map(v1_kind, kind.members))
    return text


def validator(type_: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMA | {"$ref": f"#/$defs/{type_}"})


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@sample_of_each
def test_the_schema_accepts_the_samples(sample: dict[str, Any]) -> None:
    validator(sample["type"]).validate(sample["tree"])
    assert Draft202012Validator(SCHEMA).is_valid(sample["tree"]) == ENTRIES[sample["type"]].drawn


@sample_of_each
def test_the_schema_refuses_them_with_a_prop_too_many_or_too_few(sample: dict[str, Any]) -> None:
    tree, check = sample["tree"], validator(sample["type"])
    assert not check.is_valid(tree | {"colour": "red"})
    for name in ["type", *(prop.name for prop in ENTRIES[sample["type"]].props if prop.sent)]:
        assert not check.is_valid({key: value for key, value in tree.items() if key != name})
    for name in tree:
        assert not check.is_valid(tree | {name: None}), f"{name} is null"


@pytest.mark.parametrize(
    "tree",
    [
        {"type": "meter"},
        {"type": "tile", "icon": "x", "title": "t", "colspan": 4},
        {"type": "tile", "icon": "x", "title": "t", "badge": "new"},
        {"type": "text", "content": "t", "size": "huge"},
        {"type": "stack", "children": [{"type": "tab", "id": "a", "label": "b"}]},
        {"type": "stack", "children": [{"type": "text"}]},
        {"type": "stack", "on_click": {"__params__": {}}},
        {"type": "stack", "form": ""},
        {"type": "stat_card", "label": "l", "value": 1, "trend": ["up"]},
        {"type": "stat_card", "label": "l", "value": 1, "trend": ["up", "1", "2"]},
        {"type": "line_chart", "data": [1, None]},
        {"type": "table", "columns": [], "data": [], "page_size": 0},
        {"type": "input", "name": "n", "step": 0},
        [],
    ],
)
def test_the_schema_refuses_broken_trees(tree: Any) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(tree)


class Unwritable(Component):
    """A component with a prop that no generator knows."""

    type: Literal["unwritable"] = "unwritable"
    prop: bytes = Field(default=b"", description="bytes")


def test_a_prop_of_a_kind_that_no_generator_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_classes", lambda: [Unwritable])
    with pytest.raises(TypeError, match="no generator knows what <class 'bytes'> is on the wire"):
        reading.read()


def test_short_cuts_are_part_of_the_type_that_they_make() -> None:
    def check(type_: str, names: set[str]) -> None:
        assert ENTRIES[type_].short_cuts.keys() == names

    check("input", {"Textarea", "Password"})
    check("stack", {"Form"})
    check("text", set())
    assert ENTRIES["stack"].props[-1].name == "form"
