"""`@action`: marks a method as callable from the dashboard. Dispatching is the worker's, not done here."""

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, overload

__all__ = ["action", "action_names", "is_action"]

R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

_MARK = "__contara_action__"


class _Decorator(Protocol):
    def __call__(self, method: F, /) -> F: ...


@overload
def action(method: F, /) -> F: ...
@overload
def action() -> _Decorator: ...
def action(method: Callable[..., Any] | None = None, /) -> Any:
    """Mark a method, sync or async, as an action; `@action` and `@action()` do the same.

    After the method returns, a state that has uncommitted changes is committed. When it raises, nothing is
    committed. The worker runs sync methods in a thread, so they may block.
    """
    if method is None:
        return action
    wrapper = _wrap_async(method) if inspect.iscoroutinefunction(method) else _wrap_sync(method)
    setattr(wrapper, _MARK, True)
    return wrapper


def is_action(method: object) -> bool:
    """Whether `method` (bound or not) was marked with `@action`."""
    return callable(method) and getattr(method, _MARK, False) is True


def action_names(owner: type) -> list[str]:
    """Names of all actions of a class, inherited ones included, sorted."""
    return sorted(name for name in dir(owner) if is_action(inspect.getattr_static(owner, name, None)))


def _wrap_async(method: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R]]:
    @wraps(method)
    async def run(self: object, *args: Any, **kwargs: Any) -> R:
        result = await method(self, *args, **kwargs)
        _commit_changes(self)
        return result

    return run


def _wrap_sync(method: Callable[..., R]) -> Callable[..., R]:
    @wraps(method)
    def run(self: object, *args: Any, **kwargs: Any) -> R:
        result = method(self, *args, **kwargs)
        _commit_changes(self)
        return result

    return run


def _commit_changes(owner: object) -> None:
    state = getattr(owner, "typed_state", None)
    if state is not None and state.is_dirty:
        state.commit()
