"""Rules about `get_tile()`, `get_modals()` and `get_page()`: they are called after every commit and only read."""

import ast
from collections.abc import Iterator

from contara_worker.check.problem import Problem, error, warning
from contara_worker.check.source import DRAWING, Function, SourceFile, is_state, own_nodes, state_root

__all__ = ["async_drawing", "changes_while_drawing"]

_MUTATORS = frozenset(
    [
        "add",
        "append",
        "appendleft",
        "clear",
        "discard",
        "extend",
        "extendleft",
        "insert",
        "pop",
        "popitem",
        "popleft",
        "remove",
        "reverse",
        "rotate",
        "setdefault",
        "sort",
        "update",
    ]
)
_STATE_METHODS = frozenset({"commit", "mark_dirty", "reset"})


def async_drawing(file: SourceFile) -> Iterator[Problem]:
    """Give methods that draw and are `async`: they would give a coroutine, which is no component."""
    for method in file.methods():
        if method.name in DRAWING and isinstance(method, ast.AsyncFunctionDef):
            yield error(
                file.name,
                method,
                f"{method.name}() is async, but it is called without await: it has to return at once what there is",
                f"write `def {method.name}(self)`, and do the waiting in a background task that fills the State",
            )


def changes_while_drawing(file: SourceFile) -> Iterator[Problem]:
    """Give places where a method that draws commits or changes the State."""
    for method in file.methods():
        if method.name in DRAWING:
            aliases = _aliases(method)
            for node in own_nodes(method.body):
                if (change := _change(node, aliases)) is not None:
                    yield _changing(file, method, node, change)


def _changing(file: SourceFile, method: Function, node: ast.AST, change: str) -> Problem:
    if change == "commit":
        text = f"{method.name}() commits, and every commit calls {method.name}() again"
        return warning(file.name, node, text, "commit where the data changes: in an action or a background task")
    text = f"{method.name}() changes the State ({change}), but is called whenever the module is drawn"
    return warning(
        file.name, node, text, "compute a value of your own here, or change the State where the data comes in"
    )


def _aliases(method: Function) -> frozenset[str]:
    """Return local names that stand for the State: `state = self.typed_state`."""
    assigned = (node for node in own_nodes(method.body) if isinstance(node, ast.Assign) and is_state(node.value))
    return frozenset(target.id for node in assigned for target in node.targets if isinstance(target, ast.Name))


def _change(node: ast.AST, aliases: frozenset[str]) -> str | None:
    """Return what `node` does to the State, in a word, or None."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _call_change(node.func, aliases)
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None):
        targets = [node.target]
    elif isinstance(node, ast.Delete):
        targets = node.targets
    for target in targets:
        if isinstance(target, ast.Attribute | ast.Subscript) and state_root(target.value, aliases):
            return ast.unparse(target)
    return None


def _call_change(function: ast.Attribute, aliases: frozenset[str]) -> str | None:
    if not (is_state(function.value) or state_root(function.value, aliases)):
        return None
    whole = is_state(function.value) or isinstance(function.value, ast.Name)
    if whole:
        return function.attr if function.attr in _STATE_METHODS else None
    return f"{ast.unparse(function)}()" if function.attr in _MUTATORS else None
