"""`get_logger`: Python's logging for modules, with the `{}` style of messages that existing modules use."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

__all__ = ["ModuleLogger", "get_logger"]

_LOGGING = frozenset({"exc_info", "extra", "stack_info", "stacklevel"})
_ROOT = "ContaraNAS"


class ModuleLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger that fills in both `log.info("read %s", path)` and `log.info("read {}", path)`."""

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log `msg` with its arguments."""
        fields = {name: kwargs.pop(name) for name in list(kwargs) if name not in _LOGGING}
        if self.isEnabledFor(level):
            text, rest = _filled(str(msg), args, fields)
            super().log(level, text, *rest, **kwargs)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Leave everything as it is."""
        return msg, kwargs

    def success(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Log at level info."""
        self.log(logging.INFO, msg, *args, **kwargs)

    def trace(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Log at level debug."""
        self.log(logging.DEBUG, msg, *args, **kwargs)


def get_logger(name: str | None = None) -> ModuleLogger:
    """Return a logger. Without a name, or with one of the module's own making, it is below the caller's package.

    `get_logger(__name__)` and `get_logger()` are the same in a module's `__init__.py`.
    """
    caller = str(sys._getframe(1).f_globals.get("__name__", _ROOT))
    if name is None:
        name = caller
    elif name != _ROOT and not name.startswith(f"{_ROOT}."):
        name = f"{caller}.{name}"
    return ModuleLogger(logging.getLogger(name))


def _filled(text: str, args: tuple[object, ...], fields: dict[str, Any]) -> tuple[str, tuple[object, ...]]:
    """Fill in braces; text without any, or that doesn't fit its arguments, is left to logging."""
    if "{" not in text or not (args or fields):
        return text, args
    try:
        return text.format(*args, **fields), ()
    except (LookupError, ValueError):
        return text, args
