"""The arguments of a call: parameters that are bound and fields of a form become what the method is annotated with.

`bind_arguments` is the one way from outside values to a call; `action_schema` says the same as JSON Schema.
"""

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, get_type_hints

from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic_core import to_jsonable_python

from ContaraNAS.core.action.decorator import options_of
from ContaraNAS.core.exceptions import BadArgumentsError
from ContaraNAS.core.forms import FieldErrors, Slot, collect, is_model, pick_fields, slots_of
from ContaraNAS.core.sentences import REQUIRED

__all__ = ["action_schema", "bind_arguments", "forget_parameters", "takes_nothing"]


@dataclass(frozen=True)
class _Parameters:
    """What a method takes. `rest` is the slot of `**kwargs`; `defaults` holds the defaults that there are."""

    slots: dict[str, Slot]
    rest: Slot | None
    defaults: dict[str, Any]


def bind_arguments(
    method: Callable[..., Any], params: Mapping[str, Any] | None, form: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the keyword arguments for a call of `method`, coerced to its annotations.

    `params` are bound parameters, all of which `method` has to take. `form` holds the named fields around the button;
    `params` win over them, and fields that `method` doesn't take are left out, unless it has `**kwargs`. Where a form
    is given, a checkbox that it doesn't send is False. A parameter whose type is a model or a dataclass is taken from
    a map of its name; if there is none, and it is the only such parameter, from the form's fields by their own names.
    Raises `BadArgumentsError` with a sentence for each wrong field.
    """
    bound, fields = dict(params or {}), dict(form or {})
    parameters = _parameters(inspect.unwrap(getattr(method, "__func__", method)), _owner(method))
    _refuse_unknown(method, bound, parameters)
    given = {**fields, **bound}
    flat = _flat_model(parameters, given) if form is not None else None
    if flat is not None:
        others = {name: value for name, value in fields.items() if name not in parameters.slots}
        given[flat.name] = pick_fields(flat.annotation, others)
        fields = {name: value for name, value in fields.items() if name not in given[flat.name]}
    try:
        values = collect(parameters.slots, given, from_form=form is not None)
    except FieldErrors as error:
        wrong = _flattened(error.fields, flat)
        raise BadArgumentsError(_message(method, wrong), wrong) from None
    return {**values, **_rest(method, parameters, {**fields, **bound})}


def takes_nothing(method: Callable[..., Any]) -> bool:
    """Whether an action has no parameters, so that there is nothing to bind but what it would refuse."""
    parameters = _parameters(inspect.unwrap(getattr(method, "__func__", method)), _owner(method))
    return not parameters.slots and parameters.rest is None


def forget_parameters() -> None:
    """Let go of the classes whose actions were bound."""
    _parameters.cache_clear()


def action_schema(method: Callable[..., Any]) -> dict[str, Any]:
    """Describe an action: `description`, `params` (JSON Schema), `confirm`, `roles`, `timeout`, `concurrent`."""
    options = options_of(method)
    return {
        "description": _first_paragraph(method),
        "params": _params_schema(_parameters(inspect.unwrap(getattr(method, "__func__", method)), _owner(method))),
        "confirm": options.confirm,
        "roles": list(options.roles),
        "timeout": None if options.timeout is None else float(options.timeout),
        "concurrent": options.concurrent,
    }


def _owner(method: Callable[..., Any]) -> type | None:
    owner = getattr(method, "__self__", None)
    return None if owner is None else type(owner)


def _refuse_unknown(method: Callable[..., Any], bound: Mapping[str, Any], parameters: _Parameters) -> None:
    unknown = [name for name in bound if name not in parameters.slots]
    if unknown and parameters.rest is None:
        raise BadArgumentsError(f"{method.__name__}: got an unexpected keyword argument {unknown[0]!r}")


def _flat_model(parameters: _Parameters, given: Mapping[str, Any]) -> Slot | None:
    """Return the only model that isn't given as a map. One with a default keeps it if no field is its."""
    models = [slot for slot in parameters.slots.values() if slot.name not in given and is_model(slot.annotation)]
    if len(models) != 1:
        return None
    others = given.keys() - parameters.slots.keys()
    return models[0] if models[0].required or slots_of(models[0].annotation).keys() & others else None


def _rest(method: Callable[..., Any], parameters: _Parameters, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `**kwargs` takes: all that no other parameter does."""
    if parameters.rest is None:
        return {}
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        if name in parameters.slots:
            continue
        try:
            values[name] = Slot(name, parameters.rest.annotation, required=True).coerce(value)
        except FieldErrors as error:
            wrong.update(error.fields)
    if wrong:
        raise BadArgumentsError(_message(method, wrong), wrong)
    return values


def _flattened(wrong: Mapping[str, str], flat: Slot | None) -> dict[str, str]:
    """Name the fields of a model that was filled from the form as the form does."""
    if flat is None:
        return dict(wrong)
    return {name.removeprefix(f"{flat.name}."): text for name, text in wrong.items()}


def _message(method: Callable[..., Any], wrong: Mapping[str, str]) -> str:
    texts = [
        f"{name} is missing" if text == REQUIRED else f"{name}: {text.rstrip('.')}" for name, text in wrong.items()
    ]
    return f"{method.__name__}: {'; '.join(texts)}"


@lru_cache(maxsize=512)
def _parameters(function: Callable[..., Any], owner: type | None) -> _Parameters:
    slots: dict[str, Slot] = {}
    defaults: dict[str, Any] = {}
    rest: Slot | None = None
    signature = list(inspect.signature(function).parameters.values())
    annotations = _annotations(function, owner)
    for parameter in signature[1:] if owner is not None else signature:
        annotation = annotations.get(parameter.name, Any)
        has_default = parameter.default is not parameter.empty
        if parameter.kind is parameter.VAR_KEYWORD:
            rest = Slot(parameter.name, annotation, required=False)
        elif parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            if parameter.default is None and annotation is not Any:
                annotation = annotation | None  # as in `name: str = None`
            slots[parameter.name] = Slot(parameter.name, annotation, required=not has_default)
            if has_default:
                defaults[parameter.name] = parameter.default
    return _Parameters(slots, rest, defaults)


def _annotations(function: Callable[..., Any], owner: type | None) -> dict[str, Any]:
    """Return the types of the parameters. A name that can't be resolved (imported for checkers only) leaves it open.

    Postponed annotations are looked up in the function's file, then among what the module's class defines.
    """
    space = getattr(function, "__globals__", vars(sys.modules[function.__module__]))
    local = {name: value for kind in reversed(owner.__mro__) for name, value in vars(kind).items()} if owner else {}
    found: dict[str, Any] = {}
    for name, annotation in getattr(function, "__annotations__", {}).items():
        try:
            holder: Any = SimpleNamespace(__annotations__={name: annotation})
            found.update(get_type_hints(holder, space, _Types(local), include_extras=True))
        except Exception:  # noqa: BLE001 - an annotation is the author's code
            found[name] = Any
    return found


class _Types(dict[str, Any]):
    """Of what a class defines only types: an action named `list` must not stand for the built-in one."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__({name: value for name, value in names.items() if isinstance(value, type)})


def _params_schema(parameters: _Parameters) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    for name, slot in parameters.slots.items():
        properties[name] = _slot_schema(slot)
        definitions.update(properties[name].pop("$defs", {}))
        if parameters.defaults.get(name) is not None:
            _add_default(properties[name], parameters.defaults[name])
    required = [slot.name for slot in parameters.slots.values() if slot.required]
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    schema["additionalProperties"] = parameters.rest is not None
    if definitions:
        schema["$defs"] = definitions
    return schema


def _slot_schema(slot: Slot) -> dict[str, Any]:
    if slot.adapter is None:
        return {}
    try:
        return slot.adapter.json_schema()
    except PydanticInvalidForJsonSchema:
        return {}  # any value, as far as JSON Schema can tell


def _add_default(schema: dict[str, Any], default: object) -> None:
    try:
        schema["default"] = to_jsonable_python(default)
    except ValueError:
        return  # a default that JSON can't say


def _first_paragraph(method: Callable[..., Any]) -> str | None:
    text = inspect.getdoc(method) or ""
    return " ".join(text.split("\n\n")[0].split()) or None
