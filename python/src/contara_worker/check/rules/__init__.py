"""The rules that read source files. One function per habit; each gives its problems and runs nothing."""

from collections.abc import Callable, Iterator

from contara_worker.check.problem import Problem
from contara_worker.check.rules.actions import private_actions
from contara_worker.check.rules.drawing import async_drawing, changes_while_drawing
from contara_worker.check.rules.imports import started_at_import, windows_imports
from contara_worker.check.rules.loop import blocking_calls, lost_tasks, swallowed_cancellation
from contara_worker.check.rules.state import fields_without_default
from contara_worker.check.source import SourceFile

__all__ = ["RULES", "static_problems"]

RULES: tuple[Callable[[SourceFile], Iterator[Problem]], ...] = (
    async_drawing,
    blocking_calls,
    changes_while_drawing,
    fields_without_default,
    lost_tasks,
    private_actions,
    started_at_import,
    swallowed_cancellation,
    windows_imports,
)
"""Those that look at one file by itself."""


def static_problems(files: list[SourceFile]) -> list[Problem]:
    """Return what the rules find, in the order of the lines."""
    found = [problem for file in files for rule in RULES for problem in rule(file)]
    return sorted(found, key=lambda problem: (problem.file or "", problem.line or 0, problem.column or 0))
