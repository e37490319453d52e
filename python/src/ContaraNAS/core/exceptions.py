"""Errors that the SDK raises at authors. Each is also the built-in error that fits it best."""

__all__ = [
    "ActionDefinitionError",
    "ActionError",
    "ActionReferenceError",
    "ActionTimeoutError",
    "BadArgumentsError",
    "ComponentError",
    "ContaraError",
    "ContaraNASError",
    "ModuleError",
    "ModuleInitializationError",
    "ModuleLoadError",
    "ModuleNotFoundError",
    "UnknownActionError",
    "UnserialisableError",
]


class ContaraError(Exception):
    """Base of everything that the SDK raises on purpose."""


ContaraNASError = ContaraError
"""The name that modules of the existing system know."""


class ComponentError(ContaraError, ValueError):
    """A component or an action result was built with wrong props; one line per prop."""


class ActionReferenceError(ContaraError, ValueError):
    """Something that isn't an `@action` method of a module was given where an action is expected."""


class UnserialisableError(ContaraError, ValueError):
    """A value in a tree or a state can't be sent; the text begins with the path of the value."""


class ActionDefinitionError(ContaraError, ValueError):
    """`@action` was given options that make no sense, or something that can't be an action."""


class ActionError(ContaraError):
    """An action failed. Modules may raise it themselves, with a text for the person who pressed the button.

    Several arguments, as in `ActionError(module_name, action_name, message)`, are joined by colons.
    """

    def __str__(self) -> str:
        return ": ".join(str(part) for part in self.args)


class UnknownActionError(ActionError, LookupError):
    """There is no such action, or no such module."""


class BadArgumentsError(ActionError, ValueError):
    """An action can't be run with what was given. `fields` has a sentence for each field that is wrong.

    Actions may raise it themselves for what no annotation can say: `BadArgumentsError("taken", {"name": "Taken."})`.
    """

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, str] = fields or {}


class ActionTimeoutError(ActionError, TimeoutError):
    """An action took longer than its timeout."""


class ModuleError(ContaraError):
    """Something is wrong with a module; for modules to raise. Several arguments are joined by colons."""

    def __str__(self) -> str:
        return ": ".join(str(part) for part in self.args)


class ModuleInitializationError(ModuleError):
    """A module can't be initialized; for modules to raise in `initialize()`."""


class ModuleLoadError(ModuleError, ImportError):
    """A module can't be loaded."""


class ModuleNotFoundError(ModuleError, LookupError):  # noqa: A001 - the name that existing modules import
    """There is no such module."""
