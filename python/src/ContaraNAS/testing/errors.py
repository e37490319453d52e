"""What a test is told when the module, or the test itself, asks for something that isn't so."""

from collections.abc import Mapping

__all__ = ["ActionFailed", "FieldErrors", "ModuleFailed", "NotFound", "NotPressable"]


class ModuleFailed(AssertionError):
    """The module raised, or broke a rule: at import, in its life, in `get_tile()`, in a background task.

    `kind` is the error kind of the worker link, `traceback` the module's part of the traceback, if there is one.
    """

    def __init__(self, kind: str, message: str, traceback: str | None = None) -> None:
        super().__init__(f"{message}\n\n{traceback}" if traceback else message)
        self.kind = kind
        self.message = message
        self.traceback = traceback


class ActionFailed(ModuleFailed):
    """An action raised, timed out, was cancelled, or was called with parameters that it doesn't take."""


class FieldErrors(ActionFailed):
    """Form fields that are missing or can't be coerced; the action wasn't run. `fields` maps name to text."""

    def __init__(self, message: str, fields: Mapping[str, str]) -> None:
        lines = "\n".join(f"  {name}: {text}" for name, text in fields.items())
        super().__init__("bad_arguments", f"{message}\n{lines}")
        self.message = message
        self.fields = dict(fields)


class NotFound(LookupError):
    """No component, or more than one, is as described; the text lists those there are."""


class NotPressable(AssertionError):
    """The button is disabled, loading, or has nothing to run."""
