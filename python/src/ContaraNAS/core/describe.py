"""One line for a person out of a Pydantic error: `Tile.colspan: expected an integer from 1 to 3, got 7`.

What is expected comes from the field's annotation, the one definition of a prop, and not from Pydantic's texts.
"""

import difflib
import reprlib
import types
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, MinLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

__all__ = ["describe_errors"]

_NAMES: Mapping[Any, str] = {
    bool: "true or false",
    date: "a date",
    datetime: "a date and time",
    float: "a number",
    int: "an integer",
    str: "text",
    type(None): "None",
}

_LIMITS: Mapping[type, str] = {
    Ge: " of at least {0.ge}",
    Gt: " above {0.gt}",
    Le: " of at most {0.le}",
    MinLen: " of at least {0.min_length} character",
}

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80


def describe_errors(model: type[BaseModel], error: ValidationError) -> str:
    """Every wrong prop of `model` once, one line each, in the order of Pydantic's findings."""
    lines: dict[str, str] = {}
    details = error.errors(include_url=False)
    unfit = {_place(detail) for detail in details if detail["type"] == "finite_number"}
    for detail in details:
        if not detail["loc"]:
            place, _, text = _told_by(detail).partition(": ")
            lines.setdefault(place, text)
            continue
        place = _place(detail)
        lines.setdefault(place, _describe(model, detail, finite=place in unfit))
    return "\n".join(f"{model.__name__}.{place}: {text}" for place, text in lines.items())


def _place(detail: ErrorDetails) -> str:
    """Return the path without the names of union members, which Pydantic appends: `stats[0]`."""
    name, *rest = detail["loc"]
    place = str(name)
    for part in rest:
        if not isinstance(part, int):
            break
        place += f"[{part}]"
    return place


def _told_by(detail: ErrorDetails) -> str:
    """Return what a check of ours said. One that looks at several props begins its text with the prop's name."""
    return str(detail["ctx"]["error"])


def _describe(model: type[BaseModel], detail: ErrorDetails, *, finite: bool) -> str:
    name = str(detail["loc"][0])
    field = model.model_fields.get(name)
    if field is None:
        return f"no such prop{_suggestion(name, model.model_fields)}"
    expected = "a finite number" if finite else _expected_at(field, detail)
    if detail["type"] == "missing":
        return f"missing; expected {expected}"
    if detail["type"] == "value_error":
        return _told_by(detail)
    return f"expected {expected}, got {_short.repr(detail['input'])}"


def _suggestion(name: str, known: Mapping[str, FieldInfo]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _expected_at(field: FieldInfo, detail: ErrorDetails) -> str:
    annotation: Any = field.annotation
    bounds: tuple[Any, ...] = tuple(field.metadata)
    for part in detail["loc"][1:]:
        annotation = _innermost(annotation)
        members = get_args(annotation)
        if not isinstance(part, int) or get_origin(annotation) not in {list, tuple}:
            break
        annotation, bounds = members[part if get_origin(annotation) is tuple else 0], ()
    return _expected(annotation, bounds)


def _innermost(annotation: Any) -> Any:
    """Strip `Annotated[…]` and `… | None`, in whichever order they are nested."""
    if get_origin(annotation) is Annotated:
        return _innermost(get_args(annotation)[0])
    members = [member for member in get_args(annotation) if member is not type(None)]
    return _innermost(members[0]) if _is_union(annotation) and len(members) == 1 else annotation


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, types.UnionType}


def _expected(annotation: Any, bounds: tuple[Any, ...] = ()) -> str:
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return _expected(inner, tuple(metadata))
    if get_origin(annotation) is not None:
        return _expected_generic(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"a {annotation.__name__}"
    return _NAMES.get(annotation, getattr(annotation, "__name__", str(annotation))) + _range(bounds)


def _expected_generic(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return "one of " + ", ".join(repr(choice) for choice in arguments)
    if origin is dict:
        return "a map with text as keys"
    expected = [_expected(argument) for argument in arguments]
    if origin is list:
        return "a list of " + expected[0].removeprefix("a ")
    return "a tuple of " + " and ".join(expected) if origin is tuple else _join(expected)


def _range(bounds: tuple[Any, ...]) -> str:
    # Field(ge=1, le=3) keeps its limits in a nested FieldInfo inside Annotated.
    flat = [item for bound in bounds for item in (bound.metadata if isinstance(bound, FieldInfo) else [bound])]
    limits = {type(limit): limit for limit in flat}
    low, high = limits.get(Ge), limits.get(Le)
    if low and high:
        return f" from {low.ge} to {high.le}"
    return "".join(text.format(limits[kind]) for kind, text in _LIMITS.items() if kind in limits)


def _join(texts: list[str]) -> str:
    *most, last = texts
    return f"{', '.join(most)} or {last}"
