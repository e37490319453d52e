"""What the browser sends when a button is pressed: which fields belong to it, and what they hold.

The scope of a button is the nearest `Form` around it, else the modal, tile or page that it stands in; a nested form's
fields are its own.
"""

from collections.abc import Iterator
from typing import Any

from ContaraNAS.testing.errors import NotFound
from ContaraNAS.testing.tree import Node

__all__ = ["duplicate_fields", "field_values", "fields_of", "filled", "presses", "scopes"]

_TYPES = frozenset({"input", "select", "toggle", "checkbox"})


def scopes(tree: Node) -> Iterator[Node]:
    """Give the tile, page or modal itself, then every form inside it."""
    yield tree
    yield from (node for node in tree.walk() if _is_form(node) and node.raw is not tree.raw)


def presses(scope: Node) -> list[Node]:
    """Return what can be pressed in a scope and not in a form nested in it: buttons, and stacks with an action."""
    return [node for node in _own(scope) if node.type == "button" or (node.type == "stack" and "on_click" in node.raw)]


def fields_of(scope: Node) -> list[Node]:
    """Return the named fields of a scope."""
    return [node for node in _own(scope) if node.type in _TYPES and node.raw.get("name")]


def field_values(scope: Node) -> dict[str, Any]:
    """Return what the browser would send with nothing filled in: text, bool, a list of text, or None.

    Disabled fields aren't sent; checkboxes of one name that have values make a list of the checked ones.
    """
    values: dict[str, Any] = {}
    for field in fields_of(scope):
        if field.disabled:
            continue
        value = _value(field)
        if _is_listed(field):
            values[field.name] = [*values.get(field.name, []), *value]
        else:
            values[field.name] = value
    return values


def filled(scope: Node, form: dict[str, Any]) -> dict[str, Any] | None:
    """Return the values of a scope with `form` filled in, or None for a scope without fields.

    Raises `NotFound` for a name that it has no field of.
    """
    values = field_values(scope)
    names = {field.name for field in fields_of(scope)}
    for name in form:
        if name not in names:
            listed = ", ".join(sorted(names)) or "none"
            raise NotFound(f"{scope!r} has no field named {name!r}; it has {listed}")
        if name not in values:
            raise NotFound(f"the field {name!r} of {scope!r} is disabled; it can't be filled in")
    return {**values, **{name: _typed(value) for name, value in form.items()}} or None


def duplicate_fields(scope: Node) -> list[str]:
    """Return names that several fields of a scope share, other than checkboxes with values, which make a list."""
    listed = {field.name for field in fields_of(scope) if _is_listed(field)}
    single = [field.name for field in fields_of(scope) if not _is_listed(field)]
    return sorted({name for name in single if single.count(name) > 1 or name in listed})


def _is_listed(field: Node) -> bool:
    """Whether a checkbox adds its value to a list, instead of being on or off."""
    return field.type == "checkbox" and field.value is not None


def _own(scope: Node) -> Iterator[Node]:
    """Give all nodes of a scope, without those of forms nested in it."""
    for child in scope.children:
        if not _is_form(child):
            yield child
            yield from _own(child)


def _is_form(node: Node) -> bool:
    return node.type == "stack" and node.raw.get("form") is not None


def _value(field: Node) -> Any:
    match field.type:
        case "checkbox" if _is_listed(field):
            return [field.value] if field.checked else []
        case "toggle" | "checkbox":
            return bool(field.checked)
        case "select" if field.multiple:
            return [value for value in _options(field) if value in (field.values or ())]
        case "select":
            return _chosen(field)
        case _:
            return field.value or ""


def _chosen(select: Node) -> str | None:
    """Return the chosen option; without one, or with one that isn't offered, a select shows and sends its first."""
    options = _options(select)
    return select.value if select.value in options else next(iter(options), None)


def _options(select: Node) -> list[str]:
    return [option.value for option in select.options]


def _typed(value: Any) -> Any:
    """Turn what a test fills in into what the browser sends: numbers are typed as text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [str(item) for item in value]
    return str(value)
