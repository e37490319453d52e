"""Reading a tree in a test, and what the browser would send from it."""

from typing import Any

import pytest

from ContaraNAS.core.ui import (
    Badge,
    Button,
    Checkbox,
    Component,
    Form,
    Input,
    Modal,
    Progress,
    Select,
    SelectOption,
    Stack,
    Stat,
    StatCard,
    Tab,
    Table,
    TableColumn,
    Tabs,
    Text,
    Tile,
    Toggle,
)
from ContaraNAS.testing import Node, NotFound
from ContaraNAS.testing.fields import duplicate_fields, field_values, filled, presses, scopes
from ContaraNAS.testing.vocabulary import known_props


def node(component: Component) -> Node:
    return Node(component.to_dict(), known_props())


TILE = Tile(
    icon="Box",
    title="Disks",
    stats=[Stat(label="Count", value=3)],
    content=[
        Tabs(
            tabs=[
                Tab(id="a", label="Space", children=[Progress(value=40, label="sda"), Progress(value=90, label="sdb")])
            ]
        ),
        Table(columns=[TableColumn(key="name", label="Name")], data=[{"name": "sda", "type": "disk"}]),
        Badge(text="fine"),
        Text(content="all is well"),
        StatCard(label="Free", value="3 TB"),
    ],
    actions=[Button(label="Scan"), Button(label="Stop", disabled=True)],
)


def test_find_by_type_and_words() -> None:
    tile = node(TILE)
    assert tile.stat("Count").value == 3
    assert tile.stat("Free").type == "stat_card"
    assert tile.find("progress", "sdb").value == 90
    assert tile.find("progress", value=40).label == "sda"
    assert tile.find("badge").caption == "fine"
    assert tile.button("Stop").disabled is True
    assert [found.label for found in tile.find_all("progress")] == ["sda", "sdb"]
    assert tile.has("text", "all is well")
    assert not tile.has("alert")


def test_props_are_attributes() -> None:
    tile = node(TILE)
    assert tile.stats[0] == tile.stat("Count")
    assert tile.button("Scan").icon is None
    assert tile.find("table").data == [{"name": "sda", "type": "disk"}]
    with pytest.raises(AttributeError, match=r"<button 'Scan'> has no prop 'lable'; it has .*\blabel\b"):
        tile.button("Scan").lable  # noqa: B018


@pytest.mark.parametrize(
    ("find", "message"),
    [
        (
            lambda tile: tile.button("Start"),
            "<tile 'Disks'> has no button labelled 'Start'; it has <button 'Scan'>, <button 'Stop'>",
        ),
        (lambda tile: tile.find("progress"), "<tile 'Disks'> has 2 of a progress: <progress 'sda' value=40>, "),
        (
            lambda tile: tile.stat("Used"),
            "no stat labelled 'Used'; it has <stat 'Count' value=3>, <stat_card 'Free' value='3 TB'>",
        ),
        (lambda tile: tile.field("name"), "no field named 'name'; it has none"),
        (lambda tile: tile.find("alert"), "no alert; it has none"),
    ],
)
def test_what_is_not_found(find: Any, message: str) -> None:
    with pytest.raises(NotFound) as caught:
        find(node(TILE))
    assert message in str(caught.value)


def test_text_is_what_people_read() -> None:
    lines = node(TILE).text().splitlines()
    assert lines == [
        "Disks",
        "Count 3",
        "Space",
        "sda 40",
        "sdb 90",
        "sda",
        "Name",
        "fine",
        "all is well",
        "Free 3 TB",
        "Scan",
        "Stop",
    ]


FORM = Modal(
    id="m",
    title="Settings",
    children=[
        Input(name="city", value="Rome"),
        Input(name="note"),
        Input(name="fixed", value="x", disabled=True),
        Select(name="unit", options=[SelectOption(value="c", label="°C"), SelectOption(value="f", label="°F")]),
        Select(name="days", options=[SelectOption(value="mo", label="Monday")], multiple=True, values=["mo"]),
        Toggle(name="alarm", checked=True),
        Checkbox(name="agreed"),
        Checkbox(name="disks", value="sda", checked=True),
        Checkbox(name="disks", value="sdb"),
        Form(form="inner", children=[Input(name="city", value="Oslo"), Button(label="Look up")]),
    ],
    footer=[Button(label="Save")],
)


def test_a_button_sends_the_fields_of_its_scope() -> None:
    outer, inner = scopes(node(FORM))
    assert field_values(outer) == {
        "city": "Rome",
        "note": "",
        "unit": "c",
        "days": ["mo"],
        "alarm": True,
        "agreed": False,
        "disks": ["sda"],
    }
    assert field_values(inner) == {"city": "Oslo"}
    assert [button.label for button in presses(outer)] == ["Save"]
    assert [button.label for button in presses(inner)] == ["Look up"]


def test_filling_in() -> None:
    outer, inner = scopes(node(FORM))
    values = filled(outer, {"city": "Bonn", "note": 5, "alarm": False, "disks": ("sda", "sdb")})
    assert values is not None
    assert (values["city"], values["note"], values["alarm"], values["disks"]) == ("Bonn", "5", False, ["sda", "sdb"])
    with pytest.raises(NotFound, match="has no field named 'town'; it has agreed, alarm, city, "):
        filled(outer, {"town": "Bonn"})
    with pytest.raises(NotFound, match="the field 'fixed' of <modal 'Settings'> is disabled"):
        filled(outer, {"fixed": "y"})
    assert filled(inner, {"city": None}) == {"city": None}
    assert filled(node(TILE), {}) is None


def test_a_select_sends_what_it_shows() -> None:
    options = [SelectOption(value=value, label=value.upper()) for value in ("a", "b")]
    selects = [
        Select(name="gone", options=options, value="z"),
        Select(name="none", options=[]),
        Select(name="some", options=options, multiple=True, values=["b", "z", "a"]),
    ]
    assert field_values(node(Stack(children=[*selects]))) == {"gone": "a", "none": None, "some": ["a", "b"]}


def test_names_that_several_fields_share() -> None:
    assert [duplicate_fields(scope) for scope in scopes(node(FORM))] == [[], []]
    twice = Stack(children=[Input(name="a"), Toggle(name="a"), Input(name="b"), Checkbox(name="b", value="x")])
    assert duplicate_fields(node(twice)) == ["a", "b"]
