"""Sentences for the person in front of a form, such as `Enter a whole number.`, out of a Pydantic error.

What an author gets told about wrong props is `describe`'s.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

__all__ = [
    "NOT_FINITE",
    "REQUIRED",
    "at_least_sentence",
    "at_most_sentence",
    "choices_sentence",
    "longest_sentence",
    "sentence",
    "sentences",
    "shortest_sentence",
    "step_sentence",
]

REQUIRED = "This field is required."
NOT_FINITE = "Enter a finite number."

_PLAIN: Mapping[str, str] = {
    "bool_parsing": "Choose yes or no.",
    "bool_type": "Choose yes or no.",
    "decimal_parsing": "Enter a number.",
    "decimal_type": "Enter a number.",
    "extra_forbidden": "There is no such field.",
    "finite_number": NOT_FINITE,
    "float_parsing": "Enter a number.",
    "float_type": "Enter a number.",
    "int_from_float": "Enter a whole number.",
    "int_parsing": "Enter a whole number.",
    "int_parsing_size": "Enter a smaller number.",
    "int_type": "Enter a whole number.",
    "missing": REQUIRED,
    "string_type": "Enter text.",
    "url_parsing": "Enter a complete address, such as https://example.org.",
    "url_scheme": "Enter a complete address, such as https://example.org.",
    "url_type": "Enter a complete address, such as https://example.org.",
}

_BY_PREFIX: tuple[tuple[str, str], ...] = (
    ("datetime_", "Enter a date and time, such as 2026-01-31 12:30."),
    ("date_", "Enter a date, such as 2026-01-31."),
    ("timezone_", "Enter a date and time with its time zone."),
    ("time_delta_", "Enter a duration, such as 01:30:00."),
    ("time_", "Enter a time, such as 12:30."),
    ("uuid_", "Enter a UUID."),
)

_Context = Mapping[str, Any]
_LIMITS: Mapping[str, Callable[[_Context], str]] = {
    "enum": lambda ctx: choices_sentence(_choices(ctx["expected"])),
    "greater_than": lambda ctx: f"Enter more than {_number(ctx['gt'])}.",
    "greater_than_equal": lambda ctx: at_least_sentence(ctx["ge"]),
    "less_than": lambda ctx: f"Enter less than {_number(ctx['lt'])}.",
    "less_than_equal": lambda ctx: at_most_sentence(ctx["le"]),
    "literal_error": lambda ctx: choices_sentence(_choices(ctx["expected"])),
    "multiple_of": lambda ctx: f"Enter a multiple of {_number(ctx['multiple_of'])}.",
    "string_pattern_mismatch": lambda ctx: f"This doesn't have the expected form, {ctx['pattern']}.",
    "string_too_long": lambda ctx: longest_sentence(ctx["max_length"]),
    "string_too_short": lambda ctx: shortest_sentence(ctx["min_length"]),
    "too_long": lambda ctx: f"Choose at most {ctx['max_length']}.",
    "too_short": lambda ctx: f"Choose at least {ctx['min_length']}.",
}


def sentences(error: ValidationError, name_of: Callable[[tuple[int | str, ...]], str]) -> dict[str, str]:
    """Give each wrong field one sentence, its first. `name_of` turns a Pydantic location into a field's name."""
    found: dict[str, str] = {}
    for detail in error.errors(include_url=False):
        found.setdefault(name_of(detail["loc"]), sentence(detail))
    return found


def sentence(detail: ErrorDetails) -> str:
    """Say one finding of Pydantic in a sentence; an author's own `ValueError` is said as it is."""
    kind: str = detail["type"]
    context = detail.get("ctx", {})
    if kind in {"value_error", "assertion_error"}:
        return str(context["error"]) or "This isn't right."
    if kind in {"too_long", "too_short"} and isinstance(detail["input"], str):
        kind = f"string_{kind}"  # of a secret, which Pydantic measures like a list
    if kind in _LIMITS:
        return _entry(detail) + _LIMITS[kind](context)
    if kind in _PLAIN:
        return _entry(detail) + _PLAIN[kind]
    known = next((text for prefix, text in _BY_PREFIX if kind.startswith(prefix)), None)
    return _entry(detail) + (known or f"{detail['msg']}.")


def choices_sentence(choices: list[str]) -> str:
    """Say what may be chosen."""
    return f"Choose one of: {', '.join(choices)}."


def _entry(detail: ErrorDetails) -> str:
    """Say which entry of a list is meant, counted from 1."""
    place = next((part for part in detail["loc"] if isinstance(part, int)), None)
    return "" if place is None else f"Entry {place + 1}: "


def _number(limit: Any) -> str:
    return str(int(limit)) if isinstance(limit, float) and limit.is_integer() else str(limit)


def _choices(expected: str) -> list[str]:
    """Take apart what Pydantic says of choices: `'GB', 'MB' or 'TB'`."""
    return expected.replace(" or ", ", ").replace("'", "").split(", ")


def at_least_sentence(least: float) -> str:
    """Say how small a number may be."""
    return f"Enter at least {_number(least)}."


def at_most_sentence(most: float) -> str:
    """Say how great a number may be."""
    return f"Enter at most {_number(most)}."


def step_sentence(step: float, least: float | None) -> str:
    """Say in which steps, from `least` or zero, numbers go."""
    return f"Enter {_number(least or 0)} and steps of {_number(step)} from there."


def longest_sentence(characters: int) -> str:
    """Say how long a text may be."""
    return f"Enter at most {_count(characters, 'character')}."


def shortest_sentence(characters: int) -> str:
    """Say how short a text may be."""
    return REQUIRED if characters == 1 else f"Enter at least {characters} characters."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
