"""Errors that the SDK raises at authors. Each is also the built-in error that fits it best."""

__all__ = ["ActionReferenceError", "ComponentError", "ContaraError", "UnserialisableError"]


class ContaraError(Exception):
    """Base of everything that the SDK raises on purpose."""


class ComponentError(ContaraError, ValueError):
    """A component or an action result was built with wrong props; one line per prop."""


class ActionReferenceError(ContaraError, ValueError):
    """Something that isn't an `@action` method of a module was given where an action is expected."""


class UnserialisableError(ContaraError, ValueError):
    """A value in a tree can't be sent; the text begins with the path of the value."""
