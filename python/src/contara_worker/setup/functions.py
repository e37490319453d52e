"""Which functions a setup module has, and how one is called."""

import asyncio
import functools
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

__all__ = ["call", "own_functions"]


def own_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return by name what can be called in `module` and was made in its files.

    What it imported from elsewhere isn't meant: a field whose default is the text `call` doesn't ask for that of
    `subprocess`.
    """
    return {
        name: value
        for name, value in list(vars(module).items())
        if not name.startswith("__") and callable(value) and not inspect.isclass(value) and _is_own(value, module)
    }


def _is_own(value: Any, module: ModuleType) -> bool:
    while isinstance(value, functools.partial):
        value = value.func
    origin = getattr(value, "__module__", None)
    return isinstance(origin, str) and f"{origin}.".startswith(f"{module.__name__}.")


def call(function: Callable[..., Any], arguments: list[Any], module: Any) -> Any:
    """Call `function`, with `module` as a last argument if there is one and the signature takes it."""
    if module is not None and _takes(function, [*arguments, module]):
        arguments = [*arguments, module]
    returned = function(*arguments)
    return asyncio.run(_awaited(returned)) if inspect.isawaitable(returned) else returned


def _takes(function: Callable[..., Any], arguments: list[Any]) -> bool:
    try:
        inspect.signature(function).bind(*arguments)
    except (TypeError, ValueError):  # it takes fewer; nobody knows what it takes
        return False
    return True


async def _awaited(returned: Any) -> Any:
    return await returned
