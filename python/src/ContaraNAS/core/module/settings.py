"""The settings of a module: its inner `class Settings(BaseModel)`, described, checked and read.

Where they are stored is the host's business; what changed settings mean is the module's.
"""

import math
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, SecretBytes, SecretStr, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema

from ContaraNAS.core.forms import FieldErrors, fit_model
from ContaraNAS.core.sentences import NOT_FINITE, sentences

__all__ = ["default_settings", "known_settings", "plain_settings", "read_settings", "settings_class", "settings_schema"]

_SECRET = {"type": "string", "format": "password", "writeOnly": True}


def settings_class(module: type) -> type[BaseModel] | None:
    """Return the inner `Settings` of a module's class, if it is a Pydantic model."""
    found = getattr(module, "Settings", None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def default_settings(model: type[BaseModel]) -> tuple[BaseModel, dict[str, str]]:
    """Return the defaults and a sentence for each field that has none; such fields are None."""
    try:
        return model(), {}
    except ValidationError as error:
        missing = {name: None for name, field in model.model_fields.items() if field.is_required()}
        wrong = sentences(error, lambda place: str(place[0]) if place else "settings")
        return model.model_construct(**missing), wrong


def read_settings(model: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    """Return settings out of stored values or a form; what isn't given has its default. Raises `FieldErrors`."""
    known = known_settings(model, values)
    wrong = {name: "There is no such setting." for name in values if name not in known}
    try:
        settings: BaseModel = fit_model(model, known)
    except FieldErrors as error:
        raise FieldErrors({**error.fields, **wrong}) from None
    wrong |= dict.fromkeys(_not_finite(settings.model_dump(exclude_unset=True)), NOT_FINITE)
    if wrong:
        raise FieldErrors(wrong)
    return settings


def plain_settings(settings: BaseModel) -> dict[str, Any]:
    """Return the values as JSON has them, secrets included: the host stores them."""
    plain: dict[str, Any] = _revealed(settings, settings.model_dump(mode="json"))
    return plain


def settings_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema; a secret is text with `writeOnly` and without a default. Raises `ValueError`."""
    try:
        schema = model.model_json_schema()
    except PydanticInvalidForJsonSchema as error:
        raise ValueError(f"{model.__name__}: JSON Schema can't say this: {error.message}") from None
    schema["properties"] = {name: _property(part) for name, part in schema.get("properties", {}).items()}
    return schema


def known_settings(model: type[BaseModel], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out stored values of settings that there no longer are."""
    return {name: value for name, value in stored.items() if name in _names(model)}


def _not_finite(value: Any, place: str = "") -> Iterator[str]:
    """Give the places of numbers that JSON can't say, and so can't be stored."""
    if isinstance(value, float) and not math.isfinite(value):
        yield place
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _not_finite(item, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list | tuple | set | frozenset | deque):
        for item in value:
            yield from _not_finite(item, place)


def _names(model: type[BaseModel]) -> set[str]:
    aliases = {field.alias for field in model.model_fields.values() if field.alias is not None}
    return {*model.model_fields, *aliases}


def _property(part: dict[str, Any]) -> dict[str, Any]:
    options = part.get("anyOf", [])
    if not any(option.get("writeOnly") for option in [part, *options]):
        return part
    kept = {name: value for name, value in part.items() if name not in {"anyOf", "default", *_SECRET}}
    limits: dict[str, Any] = next((option for option in options if option.get("writeOnly")), {})
    return {**_SECRET, **{name: value for name, value in limits.items() if name not in _SECRET}, **kept}


def _revealed(value: Any, dumped: Any) -> Any:
    """Put secrets in place of the asterisks that Pydantic prints."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, SecretBytes):
        return value.get_secret_value().decode()
    if isinstance(value, BaseModel):
        return {name: _revealed(getattr(value, name, item), item) for name, item in dumped.items()}
    if isinstance(value, dict):
        return {name: _revealed(item, dumped.get(str(name))) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_revealed(item, plain) for item, plain in zip(value, dumped, strict=True)]
    return dumped
