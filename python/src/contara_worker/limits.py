"""The limits of fields: what was filled in has to keep those of the field that the browser shows.

The fields are looked up in the trees that were sent last. The browser doesn't say which of several fields of one name
was filled in, so it is enough to keep the limits of one of them.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ContaraNAS.core.sentences import (
    REQUIRED,
    at_least_sentence,
    at_most_sentence,
    choices_sentence,
    longest_sentence,
    shortest_sentence,
    step_sentence,
)

__all__ = ["broken_limits"]

_FIELDS = frozenset({"input", "select", "toggle", "checkbox"})
_Node = Mapping[str, Any]


def broken_limits(trees: Iterable[object], form: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each field of `form` that keeps the limits of no field of its name in `trees`."""
    found: dict[str, list[str | None]] = {}
    for tree in trees:
        for field in _fields(tree):
            if field["name"] in form:
                found.setdefault(field["name"], []).append(_broken(field, form[field["name"]]))
    return {name: texts[0] for name, texts in found.items() if texts[0] is not None and None not in texts}


def _fields(tree: object) -> Iterator[_Node]:
    if isinstance(tree, dict):
        if tree.get("type") in _FIELDS:
            yield tree
        for value in tree.values():
            yield from _fields(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _fields(item)


def _broken(field: _Node, value: Any) -> str | None:
    if value is None or value in ("", False, []):
        return REQUIRED if field.get("required") else None
    if field["type"] == "input" and isinstance(value, str):
        return _broken_by_text(field, value) or _broken_by_number(field, value)
    if field["type"] == "select":
        return _broken_by_choice(field, value)
    return None


def _broken_by_text(field: _Node, text: str) -> str | None:
    least, most = field.get("min_length", 0), field.get("max_length", math.inf)
    if len(text) < least:
        return shortest_sentence(least)
    if len(text) > most:
        return longest_sentence(most)
    pattern = field.get("pattern")
    if pattern is not None and re.fullmatch(pattern, text) is None:
        return f"This doesn't have the expected form, {pattern}."
    return None


def _broken_by_number(field: _Node, text: str) -> str | None:
    """Leave what is no number to the action's annotations, which know what is meant."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    least, most, step = field.get("min"), field.get("max"), field.get("step")
    if least is not None and number < least:
        return at_least_sentence(least)
    if most is not None and number > most:
        return at_most_sentence(most)
    if step is not None and not _is_step(number - (least or 0), step):
        return step_sentence(step, least)
    return None


def _is_step(distance: float, step: float) -> bool:
    steps = distance / step
    return math.isclose(steps, round(steps), rel_tol=1e-9, abs_tol=1e-6)


def _broken_by_choice(field: _Node, value: Any) -> str | None:
    options = [option["value"] for option in field["options"]]
    chosen = value if isinstance(value, list) else [value]
    return None if all(choice in options for choice in chosen) else choices_sentence(options)
