"""Rules about the State."""

import ast
from collections.abc import Iterator

from contara_worker.check.problem import Problem, error
from contara_worker.check.source import SourceFile, called, calls

__all__ = ["fields_without_default"]

_DEFAULTS = frozenset({"default", "default_factory", "init"})


def fields_without_default(file: SourceFile) -> Iterator[Problem]:
    """Give every field of a State that has no default: the State is built from nothing when the module starts."""
    for owner in file.classes("ModuleState"):
        for item in owner.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and _lacks_default(item):
                name = item.target.id
                yield error(
                    file.name,
                    item,
                    f"{owner.name}.{name} has no default, so the State can't be built when the module starts",
                    f"give it one, e.g. `{name}: {ast.unparse(item.annotation)} = …`, or `… | None = None`",
                )


def _lacks_default(item: ast.AnnAssign) -> bool:
    if not isinstance(item.target, ast.Name) or item.target.id.startswith("_") or item.target.id == "model_config":
        return False
    if "ClassVar" in ast.unparse(item.annotation):
        return False
    if item.value is None:
        return not any(_field_gives_default(call) for call in calls(item.annotation))
    if isinstance(item.value, ast.Call) and called(item.value) == "Field":
        return not _field_gives_default(item.value)
    return isinstance(item.value, ast.Constant) and item.value.value is Ellipsis


def _field_gives_default(call: ast.Call) -> bool:
    if called(call) != "Field":
        return False
    if call.args:
        return not (isinstance(call.args[0], ast.Constant) and call.args[0].value is Ellipsis)
    # `**options` may hold one.
    return any(keyword.arg is None or keyword.arg in _DEFAULTS for keyword in call.keywords)
