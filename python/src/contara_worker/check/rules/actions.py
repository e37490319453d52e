"""Rules about actions and their results that can be seen without running anything."""

import ast
from collections.abc import Iterator

from contara_worker.check.problem import Problem, warning
from contara_worker.check.source import Function, SourceFile, called

__all__ = ["action_methods", "private_actions", "unknown_modals"]


def action_methods(file: SourceFile) -> Iterator[Function]:
    """Give the functions that are marked with `@action`."""
    return (function for function in file.functions() if any(map(_is_mark, function.decorator_list)))


def private_actions(file: SourceFile) -> Iterator[Problem]:
    """Give actions whose name begins with an underscore."""
    for function in action_methods(file):
        if function.name.startswith("_"):
            yield warning(
                file.name,
                function,
                f"the action {function.name}() looks private, but whoever may use the module can call it",
                f"name it {function.name.lstrip('_')}, or take @action away",
            )


def unknown_modals(files: list[SourceFile], ids: set[str]) -> Iterator[Problem]:
    """Give every `OpenModal` whose literal id no modal has. `ids` are those of the modals that were drawn.

    A modal may be there at times only, so an id that stands anywhere else in the code is believed, and so is every id
    when the code makes ids that can't be read here.
    """
    if any(_makes_ids(file) for file in files):
        return
    named = {id(node) for file in files for node, _ in _literal_ids(file, {"OpenModal", "CloseModal"})}
    believed = ids | {text for file in files for text in _other_texts(file, named)}
    for file in files:
        for node, text in _literal_ids(file, {"OpenModal"}):
            if text not in believed:
                listed = ", ".join(sorted(repr(item) for item in ids)) or "none"
                yield warning(
                    file.name,
                    node,
                    f"no modal has the id {text!r}, so this opens nothing",
                    f"return a Modal(id={text!r}, …) from get_modals(), which has {listed}",
                )


def _is_mark(decorator: ast.expr) -> bool:
    mark = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (mark.attr if isinstance(mark, ast.Attribute) else getattr(mark, "id", "")) == "action"


def _literal_ids(file: SourceFile, results: set[str]) -> Iterator[tuple[ast.Constant, str]]:
    for call in file.calls():
        if called(call) in results:
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value, value.value


def _makes_ids(file: SourceFile) -> bool:
    modals = (call for call in file.calls() if called(call) == "Modal")
    values = (keyword for call in modals for keyword in call.keywords if keyword.arg in {"id", None})
    return any(not isinstance(keyword.value, ast.Constant) for keyword in values)


def _other_texts(file: SourceFile, named: set[int]) -> Iterator[str]:
    for node in file.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in named:
            yield node.value
