"""Rules about what was drawn: fields, buttons and modals, and the actions that they lead to."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contara_worker.check.problem import Problem, warning
from contara_worker.check.rules.actions import action_methods
from contara_worker.check.source import SourceFile, called
from ContaraNAS.core.action import action_schema
from ContaraNAS.testing.fields import duplicate_fields, fields_of, presses, scopes
from ContaraNAS.testing.tree import Node

__all__ = ["TREE_RULES", "Drawn"]

_ANYTHING = ("Any", "typing.Any", "object", Any, object)


class Drawn:
    """The trees of a module and where they come from. A tree that isn't drawn is None."""

    def __init__(
        self,
        tile: Node | None,
        modals: list[Node],
        page: Node | None,
        actions: Mapping[str, Callable[..., Any]],
        files: list[SourceFile],
    ) -> None:
        self.tile = tile
        self.modals = modals
        self.page = page
        self.actions = actions
        self.files = files

    @property
    def parts(self) -> list[tuple[str, Node]]:
        """Every tree, with the method that gave it."""
        parts = [("get_tile", self.tile), ("get_page", self.page), *(("get_modals", modal) for modal in self.modals)]
        return [(method, tree) for method, tree in parts if tree is not None]

    def warn(self, method: str, prop: str, value: object, message: str, help: str) -> Problem:  # noqa: A002
        """Return a problem where a component with this literal prop is made, else where `method` is defined."""
        place = self._call_with(prop, value) or self._definition(method)
        if place is None:
            return Problem(severity="warning", message=message, help=help)
        return warning(place[0].name, place[1], message, help)

    def warn_at_action(self, name: str, message: str, help: str) -> Problem:  # noqa: A002
        """Return a problem where an action is defined."""
        found = ((file, node) for file in self.files for node in action_methods(file) if node.name == name)
        file, node = next(found, (None, None))
        if file is None or node is None:
            return Problem(severity="warning", message=message, help=help)
        return warning(file.name, node, message, help)

    def _call_with(self, prop: str, value: object) -> tuple[SourceFile, ast.AST] | None:
        found = [
            (file, call)
            for file in self.files
            for call in file.calls()
            for keyword in call.keywords
            if keyword.arg == prop and isinstance(keyword.value, ast.Constant) and keyword.value.value == value
            if called(call)[:1].isupper()
        ]
        return found[-1] if found else None  # of two with one name, the later is the one too many

    def _definition(self, method: str) -> tuple[SourceFile, ast.AST] | None:
        return next(((file, node) for file in self.files for node in file.methods() if node.name == method), None)


def duplicate_modals(drawn: Drawn) -> Iterator[Problem]:
    """Give ids that several modals have."""
    ids = [modal.id for modal in drawn.modals]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        text = f"{ids.count(name)} modals have the id {name!r}, so only one of them can be opened"
        yield drawn.warn("get_modals", "id", name, text, "give each modal an id of its own")


def duplicate_names(drawn: Drawn) -> Iterator[Problem]:
    """Give field names that stand twice in one scope, so that one value overwrites the other."""
    for method, tree in drawn.parts:
        for scope in scopes(tree):
            for name in duplicate_fields(scope):
                text = f"several fields of one form are named {name!r}, so an action gets one of their values only"
                yield drawn.warn(method, "name", name, text, "name them apart, or put one into a Form of its own")


def idle_buttons(drawn: Drawn) -> Iterator[Problem]:
    """Give buttons that do nothing when they are pressed; in a modal such a button closes it."""
    for method, tree in drawn.parts:
        if tree.type == "modal":
            continue
        for scope in scopes(tree):
            for button in presses(scope):
                if button.on_click is None and not button.disabled and not button.loading:
                    text = f"the button {button.label!r} has no on_click, so pressing it does nothing"
                    help_ = "give it an action, `on_click=self.…`, or disabled=True"
                    yield drawn.warn(method, "label", button.label, text, help_)


def loose_parameters(drawn: Drawn) -> Iterator[Problem]:
    """Give parameters that a form fills and that have no type, so that they get the text as it was typed."""
    seen: set[tuple[str, str]] = set()
    for _, tree in drawn.parts:
        for scope in scopes(tree):
            names = {field.name for field in fields_of(scope)}
            for button in presses(scope):
                action, bound = _action(button)
                for parameter, text, help_ in _loose(drawn.actions.get(action), names - bound):
                    if (action, parameter) not in seen:
                        seen.add((action, parameter))
                        yield drawn.warn_at_action(action, text, help_)


def _action(button: Node) -> tuple[str, set[str]]:
    reference = button.on_click or {}
    return reference.get("__action__", ""), set(reference.get("__params__") or ())


def _loose(method: Callable[..., Any] | None, names: set[str]) -> Iterator[tuple[str, str, str]]:
    if method is None:
        return
    schemas = action_schema(method)["params"]["properties"]
    for name, parameter in inspect.signature(method).parameters.items():
        place = f"{method.__name__}({name})"
        if name not in names or name not in schemas or parameter.annotation in _ANYTHING:
            continue
        if parameter.annotation is parameter.empty:
            yield name, f"{place} is filled from a form and has no type, so it gets text", f"write e.g. `{name}: int`"
        elif not set(schemas[name]) - {"default", "title"}:
            text = f"{place} is filled from a form, but its type can't be made from one, so it gets the text itself"
            yield name, text, "use a type that Pydantic knows, and import it outside `if TYPE_CHECKING:`"


TREE_RULES: tuple[Callable[[Drawn], Iterator[Problem]], ...] = (
    duplicate_modals,
    duplicate_names,
    idle_buttons,
    loose_parameters,
)
