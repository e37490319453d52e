"""Reads the vocabulary off the component classes: what each `type` is and what its props are on the wire.

Everything that the generators write comes through here; nothing about a single component is known to them.
"""

import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, MinLen
from pydantic.fields import FieldInfo

from ContaraNAS.core import ui
from ContaraNAS.core.action import ActionRef
from ContaraNAS.core.shape import Shape
from ContaraNAS.core.ui import Component, Part
from ContaraNAS.core.ui.component import Wire

__all__ = ["Atom", "Choice", "Entry", "Fixed", "Items", "Kind", "OneOf", "Prop", "Tuple", "Typed", "read"]


@dataclass(frozen=True)
class Atom:
    """Text, a number, true or false, or null: a type of JSON Schema, with the limits that JSON Schema gives it."""

    name: Literal["string", "integer", "number", "boolean", "null"]
    limits: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Fixed:
    """A map from text to anything, any plain value, any component that is drawn, or a reference to an action."""

    name: Literal["map", "anything", "component", "action"]


@dataclass(frozen=True)
class Choice:
    """One of several texts."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """A list of any length."""

    item: "Kind"


@dataclass(frozen=True)
class Tuple:
    """A list of fixed length."""

    items: tuple["Kind", ...]


@dataclass(frozen=True)
class Typed:
    """The component or part with this `type`."""

    type: str
    class_name: str


@dataclass(frozen=True)
class OneOf:
    """What fits one of several kinds."""

    members: tuple["Kind", ...]


Kind = Atom | Fixed | Choice | Items | Tuple | Typed | OneOf


@dataclass(frozen=True)
class Prop:
    """A prop. `kind` is what is sent, which null never is."""

    name: str
    kind: Kind
    nullable: bool
    """Whether an author may give None."""
    given: bool
    """Whether an author has to give it."""
    sent: bool
    """Whether it is sent in any tree, whoever made it."""
    default: Any
    description: str


@dataclass
class Entry:
    """A `type` of the vocabulary."""

    type: str
    class_name: str
    doc: str
    drawn: bool
    family: str
    props: list[Prop]
    short_cuts: dict[str, str] = field(default_factory=dict)
    """Other classes that make this type, by name, with their docstring."""


def read() -> list[Entry]:
    """All types, by family and within it in the order of the source."""
    entries: dict[str, Entry] = {}
    for model in sorted(_classes(), key=_place):
        name = model.model_fields["type"].default
        if name in entries:
            _add_short_cut(entries[name], model)
        else:
            entries[name] = _entry(name, model)
    return list(entries.values())


def _classes() -> Iterator[type[Shape]]:
    for name in ui.__all__:
        model = getattr(ui, name)
        if issubclass(model, Shape) and model not in {Component, Part}:
            yield model


def _place(model: type[Shape]) -> tuple[str, int]:
    return model.__module__, inspect.getsourcelines(model)[1]


def _entry(name: str, model: type[Shape]) -> Entry:
    family = model.__module__.rpartition(".")[2]
    return Entry(name, model.__name__, _doc(model), issubclass(model, Component), family, list(_props(model)))


def _add_short_cut(entry: Entry, model: type[Shape]) -> None:
    entry.short_cuts[model.__name__] = _doc(model)
    known = {prop.name for prop in entry.props}
    entry.props += [
        Prop(**(vars(prop) | {"sent": False, "default": None, "nullable": True}))
        for prop in _props(model)
        if prop.name not in known
    ]


def _doc(model: type[Shape]) -> str:
    return inspect.cleandoc(model.__doc__ or "")


def _props(model: type[Shape]) -> Iterator[Prop]:
    for name, info in model.model_fields.items():
        if name != "type":
            yield _prop(name, info)


def _prop(name: str, info: FieldInfo) -> Prop:
    wire = next((item for item in info.metadata if isinstance(item, Wire)), None)
    annotation = wire.annotation if wire else info.annotation
    kinds = [_kind(member) for member in _members(annotation)]
    null = Atom("null")
    given = info.is_required()
    return Prop(
        name,
        _joined([_limited(kind, info.metadata) for kind in kinds if kind != null]),
        nullable=type(None) in _members(info.annotation),
        given=given,
        sent=given or bool(wire and wire.always),
        default=None if given else info.get_default(call_default_factory=True),
        description=info.description or "",
    )


def _members(annotation: Any) -> tuple[Any, ...]:
    """Return the members of a union, or the annotation itself. A method is sent as a reference to it."""
    if get_origin(annotation) in {Union, types.UnionType}:
        return tuple(member for member in get_args(annotation) if get_origin(member) is not Callable)
    return (annotation,)


def _joined(kinds: list[Kind]) -> Kind:
    return kinds[0] if len(kinds) == 1 else OneOf(tuple(kinds))


def _limited(kind: Kind, metadata: list[Any]) -> Kind:
    flat = [item for bound in metadata for item in (bound.metadata if isinstance(bound, FieldInfo) else [bound])]
    limits = tuple(limit for item in flat for limit in _limits(item))
    return Atom(kind.name, limits) if isinstance(kind, Atom) and limits else kind


def _limits(item: object) -> Iterator[tuple[str, Any]]:
    if isinstance(item, Ge):
        yield "minimum", item.ge
    elif isinstance(item, Gt):
        yield "exclusiveMinimum", item.gt
    elif isinstance(item, Le):
        yield "maximum", item.le
    elif isinstance(item, MinLen):
        yield "minLength", item.min_length


_SIMPLE: dict[Any, Kind] = {
    str: Atom("string"),
    int: Atom("integer"),
    float: Atom("number"),
    bool: Atom("boolean"),
    type(None): Atom("null"),
    Any: Fixed("anything"),
    ActionRef: Fixed("action"),
    Component: Fixed("component"),
}


def _kind(annotation: Any) -> Kind:
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    if get_origin(annotation) is not None:
        return _composed(annotation, *get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return Typed(annotation.model_fields["type"].default, annotation.__name__)
    raise TypeError(f"no generator knows what {annotation!r} is on the wire")


def _composed(annotation: Any, first: Any, *more: Any) -> Kind:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _limited(_kind(first), list(more))
    if origin is Literal:
        return Choice((first, *more))
    if origin is tuple:
        return Tuple(tuple(map(_kind, (first, *more))))
    if origin in {list, dict}:
        return Items(_kind(first)) if origin is list else Fixed("map")
    return _joined([_kind(member) for member in _members(annotation)])
