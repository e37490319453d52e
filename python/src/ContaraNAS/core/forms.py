"""From what a form sends to what an annotated type means: `"5"` is 5, `"on"` is True, `""` is nothing.

Forms know text, booleans, lists of text and null. `Slot` is one named place for a value (a parameter, a field of a
model) and fits a value to its type; Pydantic does the rest, in lax mode. Knows nothing of actions or settings.
"""

import contextlib
import dataclasses
import types
from collections import deque
from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, PydanticUserError, SecretBytes, SecretStr, TypeAdapter, ValidationError
from pydantic.errors import PydanticUndefinedAnnotation

from ContaraNAS.core.sentences import REQUIRED, choices_sentence, sentences
from ContaraNAS.core.structs import teach_structs

__all__ = ["FieldErrors", "Slot", "collect", "fit_model", "is_model", "pick_fields", "slots_of"]

teach_structs()

_NOTHING = object()
_LISTS = (list, set, frozenset, tuple, deque)
_TEXTS = (str, bytes, SecretStr, SecretBytes)  # "" is a value of these, of other types it is none


class FieldErrors(Exception):
    """Fields that can't be used; `fields` has a sentence for each, a nested one under `outer.inner`."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in fields.items()))
        self.fields = fields


class _UnfitError(Exception):
    """A value is none of the choices; the text is the sentence that says so."""


class Slot:
    """A named place for a value of one type. `annotation` may be `Any`, for a value that passes as it is."""

    def __init__(self, name: str, annotation: Any, *, required: bool) -> None:
        self.name = name
        self.annotation = annotation
        self.required = required

    @cached_property
    def adapter(self) -> TypeAdapter[Any] | None:
        """What validates the type; built when needed, since that takes much longer than to use it."""
        return None if self.annotation is Any else _adapter(self.annotation)

    def coerce(self, value: object) -> Any:
        """Return `value` as this type. Raises `FieldErrors`."""
        if self.adapter is None:
            return value
        try:
            return self.adapter.validate_python(_fit(value, self.annotation))
        except _UnfitError as unfit:
            raise FieldErrors({self.name: str(unfit)}) from None
        except ValidationError as error:
            raise FieldErrors(sentences(error, self._name_of)) from None

    def is_blank(self, value: object) -> bool:
        """Whether a form means "nothing" by this value."""
        return value in ("", None) and self.adapter is not None and not _takes(value, self.annotation)

    def unchecked(self) -> Any:
        """Return what a form means that doesn't send this field: False, or no entries. Else raises `KeyError`."""
        inner = _bare(self.annotation)
        if inner is bool:
            return False
        if (get_origin(inner) or inner) in _LISTS:
            return []
        raise KeyError(self.name)

    def _name_of(self, place: tuple[int | str, ...]) -> str:
        return ".".join([self.name, *_path(self.annotation, place)])


def collect(slots: Mapping[str, Slot], given: Mapping[str, Any], *, from_form: bool) -> dict[str, Any]:
    """Coerce what is given for each slot; what isn't, or is blank, is left to the default. Raises `FieldErrors`.

    With `from_form` a missing checkbox is False and a missing list is empty, unless they have a default.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, slot in slots.items():
        try:
            if name in given and not slot.is_blank(given[name]):
                values[name] = slot.coerce(given[name])
            elif slot.required:
                values[name] = _absent(slot, from_form=from_form)
        except FieldErrors as error:
            wrong.update(error.fields)
    if wrong:
        raise FieldErrors(wrong)
    return values


def _absent(slot: Slot, *, from_form: bool) -> Any:
    try:
        if from_form:
            return slot.coerce(slot.unchecked())
    except KeyError:
        pass
    raise FieldErrors({slot.name: REQUIRED})


def is_model(annotation: Any) -> bool:
    """Whether a type has fields of its own that a form can fill: a Pydantic model or a dataclass."""
    inner = _bare(annotation)
    return isinstance(inner, type) and (issubclass(inner, BaseModel) or dataclasses.is_dataclass(inner))


def slots_of(annotation: Any) -> dict[str, Slot]:
    """Return the fields of a model as slots, by the names under which a form sends them."""
    return {
        name: Slot(name, field, required=required) for name, (field, required) in _fields(_bare(annotation)).items()
    }


def pick_fields(annotation: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a model that a form has, and those that a form doesn't send when they are unchecked."""
    picked: dict[str, Any] = {}
    for name, slot in slots_of(annotation).items():
        if name in given:
            picked[name] = given[name]
        elif slot.required:
            with contextlib.suppress(KeyError):
                picked[name] = slot.unchecked()
    return picked


def fit_model(model: type[BaseModel], given: Mapping[str, Any]) -> Any:
    """Return a model out of a form, e.g. the settings. Raises `FieldErrors`."""
    values = {name: value for name, value in _fit_fields(given, model).items() if value is not _NOTHING}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise FieldErrors(sentences(error, lambda place: ".".join(_path(model, place)) or "settings")) from None


# Fitting: before Pydantic looks at a value


def _fit(value: Any, annotation: Any) -> Any:
    """Turn what a form sends into something that Pydantic takes for this type. Raises `_UnfitError`."""
    inner = _stripped(annotation)
    if _is_union(inner):
        return _fit_union(value, get_args(inner))
    if _has_choices(inner):
        return _fit_choice(value, inner)
    if inner is bool and value in ("", None):
        return False
    if (get_origin(inner) or inner) in _LISTS:
        return _fit_list(value, get_args(inner))
    if is_model(inner) and isinstance(value, Mapping):
        return {name: item for name, item in _fit_fields(value, inner).items() if item is not _NOTHING}
    return value


def _fit_union(value: Any, members: tuple[Any, ...]) -> Any:
    if type(None) in members and (value is None or (value == "" and not _has_choice("", members))):
        return None
    others = [member for member in members if member is not type(None)]
    if len(others) == 1:
        return _fit(value, others[0])
    for member in others:
        if _has_choices(member):
            try:
                return _fit(value, member)
            except _UnfitError:
                continue
    return value


def _fit_choice(value: Any, inner: Any) -> Any:
    if get_origin(inner) is Literal:
        return _choose(value, {str(choice): choice for choice in get_args(inner)})
    by_value = {str(member.value): member for member in inner}
    return _choose(value, {**{member.name: member for member in inner}, **by_value}, list(by_value))


def _fit_list(value: Any, args: tuple[Any, ...]) -> Any:
    if value is None or value == "":
        return []
    entries = value if isinstance(value, _LISTS) else [value]
    if len(args) == 1 or (len(args) == 2 and args[1] is ...):
        fitted = [_fit(entry, args[0]) for entry in entries]
        return deque(fitted, entries.maxlen) if isinstance(entries, deque) else fitted
    return entries


def _fit_fields(given: Mapping[Any, Any], model: Any) -> dict[Any, Any]:
    """Fit the fields of a model; blank ones become `_NOTHING`, so that their default counts."""
    fitted: dict[Any, Any] = dict(given)
    for name, slot in slots_of(model).items():
        if name in given:
            value = given[name]
            try:
                fitted[name] = _NOTHING if slot.is_blank(value) else _fit(value, slot.annotation)
            except _UnfitError:
                continue  # Pydantic refuses it too, and knows the place
    return fitted


def _choose(value: Any, choices: Mapping[str, Any], shown: list[str] | None = None) -> Any:
    """Return the choice that `value` is or whose text it is."""
    for choice in choices.values():
        if type(choice) is type(value) and choice == value:
            return choice
    text = str(value).lower() if isinstance(value, bool) else str(value)
    for name, choice in choices.items():
        if text in (name, str(choice).lower() if isinstance(choice, bool) else name):
            return choice
    raise _UnfitError(choices_sentence(shown or list(choices)))


# Types


def _adapter(annotation: Any) -> TypeAdapter[Any] | None:
    """Return what validates this type, or None for one that Pydantic doesn't know: such values pass as they are."""
    try:
        # Numbers become text where text is expected: that's what a bound parameter often is. "nan" is no number.
        return TypeAdapter(annotation, config=ConfigDict(coerce_numbers_to_str=True, allow_inf_nan=False))
    except PydanticUserError as error:
        if error.code != "type-adapter-config-unused":  # a model has a configuration of its own
            return None
    except (PydanticUndefinedAnnotation, TypeError, NameError):
        return None
    return TypeAdapter(annotation)


def _fields(model: Any) -> dict[str, tuple[Any, bool]]:
    """Return type and whether it is required of each field of a model, by alias where there is one."""
    if issubclass(model, BaseModel):
        return {
            (field.validation_alias if isinstance(field.validation_alias, str) else name): (
                Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation,
                field.is_required(),
            )
            for name, field in model.model_fields.items()
        }
    types = _field_types(model)
    return {field.name: (types[field.name], _lacks_default(field)) for field in dataclasses.fields(model) if field.init}


def _field_types(model: Any) -> dict[str, Any]:
    """Return the types of a dataclass's fields; where postponed ones can't be resolved they are text."""
    written = {field.name: field.type for field in dataclasses.fields(model)}
    try:
        return {**written, **get_type_hints(model, include_extras=True)}
    except Exception:  # noqa: BLE001 - an annotation is the author's code
        return written


def _lacks_default(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _takes(value: object, annotation: Any) -> bool:
    """Whether `""` or `None` is a value of this type, and not the lack of one."""
    inner = _stripped(annotation)
    if _is_union(inner):
        return type(None) in get_args(inner) or any(_takes(value, member) for member in get_args(inner))
    if inner in (Any, object, bool) or (get_origin(inner) or inner) in _LISTS:
        return True
    if _has_choices(inner):
        return _has_choice(value, (inner,))
    return value == "" and inner in _TEXTS


def _has_choices(annotation: Any) -> bool:
    inner = _stripped(annotation)
    return get_origin(inner) is Literal or (isinstance(inner, type) and issubclass(inner, Enum))


def _has_choice(value: object, members: tuple[Any, ...]) -> bool:
    for member in members:
        inner = _stripped(member)
        if _has_choices(inner):
            choices = get_args(inner) if get_origin(inner) is Literal else [item.value for item in inner]
            if value in choices:
                return True
    return False


def _path(annotation: Any, place: tuple[int | str, ...]) -> list[str]:
    """Return the names of nested fields in a Pydantic location, without the tags of unions and indices of lists."""
    inner, names = _bare(annotation), []
    for part in place:
        if not is_model(inner):
            break
        fields = _fields(inner)
        if part in fields:
            names.append(str(part))
            inner = _bare(fields[str(part)][0])
    return names


def _bare(annotation: Any) -> Any:
    """Strip `Annotated[…]` and `… | None`, in whichever order they are nested."""
    inner = _stripped(annotation)
    members = [member for member in get_args(inner) if member is not type(None)]
    return _bare(members[0]) if _is_union(inner) and len(members) == 1 else inner


def _stripped(annotation: Any) -> Any:
    return _stripped(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, types.UnionType}
