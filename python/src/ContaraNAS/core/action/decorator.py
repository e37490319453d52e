"""`@action`: marks a method as callable from the dashboard, with its options. Running it is done in `running`."""

import inspect
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeVar, overload

from ContaraNAS.core.exceptions import ActionDefinitionError

__all__ = ["ActionOptions", "action", "action_names", "commit_changes", "get_actions", "is_action", "options_of"]

R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

_MARK = "__contara_action__"
_CONFIRM = "__contara_confirm__"


@dataclass(frozen=True)
class ActionOptions:
    """What `@action(…)` was given. Raises `ActionDefinitionError` for what makes no sense.

    `timeout` is in seconds, None for as long as it takes; `roles` are the names of those who may run it, empty for all.
    """

    concurrent: bool = False
    timeout: float | None = 60.0
    roles: tuple[str, ...] = ()
    confirm: str | None = None

    def __post_init__(self) -> None:
        given: Any = self  # what an author wrote may be of any type
        if not isinstance(given.concurrent, bool):
            raise _refused("concurrent", given.concurrent, "True or False")
        if given.timeout is not None and not _is_duration(given.timeout):
            raise _refused("timeout", given.timeout, "seconds above 0, or None")
        if not (isinstance(given.roles, tuple) and all(_is_text(role) for role in given.roles)):
            raise _refused("roles", given.roles, 'names of roles, such as ("admin",)')
        if given.confirm is not None and not _is_text(given.confirm):
            raise _refused("confirm", given.confirm, "the text of a question")


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _refused(option: str, value: object, expected: str) -> ActionDefinitionError:
    return ActionDefinitionError(f"@action({option}={value!r}): expected {expected}")


class _Decorator(Protocol):
    def __call__(self, method: F, /) -> F: ...


@overload
def action(method: F, /) -> F: ...
@overload
def action(
    *,
    concurrent: bool = False,
    timeout: float | None = 60.0,
    roles: tuple[str, ...] | list[str] = (),
    confirm: str | None = None,
) -> _Decorator: ...
def action(
    method: Callable[..., Any] | None = None,
    /,
    *,
    concurrent: bool = False,
    timeout: float | None = 60.0,
    roles: Any = (),
    confirm: str | None = None,
) -> Any:
    """Mark a method, sync or async, as an action; `@action` and `@action()` do the same.

    Calls of one action run one after the other, unless it is `concurrent`. After `timeout` seconds (None: never) an
    async one is cancelled. `confirm` is a question that the browser asks first. After the method returns, a state
    that has uncommitted changes is committed; when it raises, nothing is committed. Sync methods run in a thread, so
    they may block. Raises `ActionDefinitionError` for options that make no sense.
    """
    options = ActionOptions(concurrent, timeout, tuple(roles) if isinstance(roles, list) else roles, confirm)
    return _mark(method, options) if method is not None else lambda method: _mark(method, options)


def is_action(method: object) -> bool:
    """Whether `method` (bound or not) was marked with `@action`."""
    return callable(method) and isinstance(getattr(method, _MARK, None), ActionOptions)


def options_of(method: Callable[..., Any]) -> ActionOptions:
    """Return the options of an action. Raises `AttributeError` for another method."""
    options: ActionOptions = getattr(method, _MARK)
    return options


def action_names(owner: type) -> list[str]:
    """Names of all actions of a class, inherited ones included, sorted."""
    defined = {name: value for kind in reversed(owner.__mro__) for name, value in vars(kind).items()}
    return sorted(name for name, value in defined.items() if is_action(value))


def get_actions(module: object) -> dict[str, Callable[..., Any]]:
    """Return the actions of a module by name, sorted, each bound to it."""
    return {name: getattr(module, name) for name in action_names(type(module))}


def commit_changes(owner: object) -> None:
    """Commit the state of a module if anything in it changed."""
    state = getattr(owner, "typed_state", None)
    if state is not None and state.is_dirty:
        state.commit()


def _mark(method: Callable[..., Any], options: ActionOptions) -> Callable[..., Any]:
    _check_method(method)
    wrapper = _wrap_async(method) if inspect.iscoroutinefunction(method) else _wrap_sync(method)
    setattr(wrapper, _MARK, options)
    setattr(wrapper, _CONFIRM, options.confirm)
    return wrapper


def _check_method(method: object) -> None:
    if not inspect.isfunction(method):
        raise ActionDefinitionError(f"@action: expected a method, got {method!r}")
    if inspect.isgeneratorfunction(method) or inspect.isasyncgenfunction(method):
        raise ActionDefinitionError(f"@action: {method.__qualname__} yields; an action returns its results")
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.kind is parameter.POSITIONAL_ONLY and parameter.default is parameter.empty:
            raise ActionDefinitionError(
                f"@action: {method.__qualname__} takes {parameter.name!r} by position only; parameters come by name"
            )


def _wrap_async(method: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R]]:
    @wraps(method)
    async def run(self: object, *args: Any, **kwargs: Any) -> R:
        result = await method(self, *args, **kwargs)
        commit_changes(self)
        return result

    return run


def _wrap_sync(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def run(self: object, *args: Any, **kwargs: Any) -> Any:
        result = method(self, *args, **kwargs)
        if inspect.isawaitable(result):  # an async method below another decorator
            return _commit_after(self, result)
        commit_changes(self)
        return result

    return run


async def _commit_after(owner: object, work: Awaitable[R]) -> R:
    result = await work
    commit_changes(owner)
    return result
