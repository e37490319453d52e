"""`ActionRef`: how a component names the action that a click runs."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

from ContaraNAS.core.action.decorator import is_action
from ContaraNAS.core.exceptions import ActionReferenceError
from ContaraNAS.core.plain import Shaped, to_plain

__all__ = ["ActionRef", "ActionTarget"]


class ActionRef(Shaped):
    """An action with parameters bound to it: `ActionRef(self.kill, pid=4711)`.

    A plain `self.kill` does where nothing is bound. Raises `ActionReferenceError` for a method that isn't an
    `@action` and for parameters that it doesn't have, `UnserialisableError` for values that can't be sent.
    """

    __slots__ = ("_method", "confirm", "name", "params")

    def __init__(self, method: Callable[..., Any], /, **params: Any) -> None:
        if not (inspect.ismethod(method) and is_action(method)):
            raise ActionReferenceError(f"expected a method marked with @action, got {_name(method)}")
        self._method = method
        self.name: str = method.__name__
        self.confirm: str | None = getattr(method, "__contara_confirm__", None)
        self.params: dict[str, Any] | None = _bind(method, params) if params else None

    def accepts(self, name: str) -> bool:
        """Whether the action takes a parameter of this name, by keyword or as one of its `**kwargs`."""
        return any(
            kind is inspect.Parameter.VAR_KEYWORD or (own == name and kind in _BY_KEYWORD)
            for own, kind in _parameters(self._method)
        )

    def shape(self) -> dict[str, Any]:
        """Return `{"__action__": name}` and, where there is any, `__params__` and `__confirm__`."""
        shape: dict[str, Any] = {"__action__": self.name}
        if self.params is not None:
            shape["__params__"] = self.params
        if self.confirm is not None:
            shape["__confirm__"] = self.confirm
        return shape

    def to_dict(self) -> dict[str, Any]:
        """Return the same as `shape()`: all of it is plain already."""
        return self.shape()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActionRef) and self.shape() == other.shape()

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        bound = "".join(f", {name}={value!r}" for name, value in (self.params or {}).items())
        return f"ActionRef({self.name}{bound})"


_BY_KEYWORD = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def _parameters(method: Callable[..., Any]) -> list[tuple[str, Any]]:
    return [(parameter.name, parameter.kind) for parameter in inspect.signature(method).parameters.values()]


def _bind(method: Callable[..., Any], params: dict[str, Any]) -> dict[str, Any]:
    try:
        inspect.signature(method).bind_partial(**params)
    except TypeError as error:
        raise ActionReferenceError(f"{_name(method)}: {error}") from None
    # Made plain now, so that a bad value fails where the author bound it and encoding needs no second look.
    plain: dict[str, Any] = to_plain(params, method.__name__)
    return plain


def _name(method: object) -> str:
    return getattr(method, "__qualname__", None) or repr(method)


def _to_reference(value: object) -> ActionRef | None:
    if value is None or isinstance(value, ActionRef):
        return value
    return ActionRef(value)  # type: ignore[arg-type]  # refuses whatever isn't a method, with its own text


ActionTarget = Annotated[
    Callable[..., Any] | ActionRef | None,
    PlainValidator(_to_reference),
    PlainSerializer(lambda value: value and value.to_dict(), return_type=dict[str, Any] | None),
]
"""The type of an `on_click` prop: an action method of the module, an `ActionRef`, or None."""
