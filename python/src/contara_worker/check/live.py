"""The part of the check that runs the module: import, construction, schemas, and what it draws with its defaults.

`initialize()` isn't called: it may reach for disks and networks, and a check must be safe to run. What a module draws
only after it is therefore not seen; that alone is never a problem.
"""

import ast
import inspect
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import ValidationError

from contara_worker.check.capabilities import capability_problems
from contara_worker.check.problem import Problem, place_of
from contara_worker.check.rules import static_problems
from contara_worker.check.rules.actions import unknown_modals
from contara_worker.check.rules.imports import WINDOWS_ONLY
from contara_worker.check.source import SourceFile, read_sources
from contara_worker.check.trees import TREE_RULES, Drawn
from contara_worker.failure import Refusal, Reporter, describe
from contara_worker.loader import load_module
from contara_worker.messages import Load
from ContaraNAS.core.action import action_schema, get_actions
from ContaraNAS.core.exceptions import ContaraError
from ContaraNAS.core.module import Module
from ContaraNAS.core.module.drawing import draw_modals, draw_page, draw_tile
from ContaraNAS.core.module.settings import settings_class, settings_schema
from ContaraNAS.core.plain import to_plain
from ContaraNAS.testing.manifest import Manifest
from ContaraNAS.testing.tree import Node
from ContaraNAS.testing.vocabulary import known_props

__all__ = ["Report", "check_module"]


class Report(NamedTuple):
    """What the host is told. `schemas` maps action to schema; trees are as they would be sent."""

    class_name: str | None
    problems: list[Problem]
    schemas: dict[str, Any]
    settings: dict[str, Any] | None
    trees: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the documented shape, in which the class is called `class`."""
        fields = self._asdict()
        return {"class": fields.pop("class_name"), **fields}


class _Check:
    """One run. Problems gather in `problems`."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.files = read_sources(manifest.folder)
        self.problems: list[Problem] = static_problems(self.files)

    def load(self) -> Module | None:
        found = self.manifest
        request = Load(0, found.name, str(found.folder), found.source, found.display_name, found.capabilities)
        try:
            return load_module(request, Reporter())
        except Refusal as refusal:
            self._could_not_load(refusal, refusal.__cause__ or refusal)
            return None

    def schemas(self, module: Module) -> dict[str, Any]:
        schemas: dict[str, Any] = {}
        for name, method in get_actions(module).items():
            try:
                schemas[name] = action_schema(method)
            except Exception as error:  # noqa: BLE001 - annotations and defaults are the author's
                self.add("error", f"the parameters of the action {name}() can't be described: {describe(error)}", error)
        return schemas

    def settings(self, module: Module) -> dict[str, Any] | None:
        model = settings_class(type(module))
        if model is None:
            return None
        try:
            return settings_schema(model)
        except Exception as error:  # noqa: BLE001 - validators and types are the author's
            self.add("error", f"no form can be made of Settings: {describe(error)}", error)
            return None

    def draw(self, module: Module) -> dict[str, Any]:
        claimed = self.manifest.capabilities
        return {
            "tile": self._drawn(module, "get_tile", draw_tile) if claimed.dashboard else None,
            "modals": self._drawn(module, "get_modals", draw_modals),
            "page": self._drawn(module, "get_page", draw_page) if claimed.detail_page else None,
        }

    def look_at(self, module: Module, trees: dict[str, Any]) -> None:
        """Apply the rules about what was drawn."""
        tile, page = (Node(tree, known_props()) if tree else None for tree in (trees["tile"], trees["page"]))
        modals = [Node(tree, known_props()) for tree in trees["modals"] or []]
        drawn = Drawn(tile, modals, page, get_actions(module), self.files)
        self.problems += [problem for rule in TREE_RULES for problem in rule(drawn)]
        if trees["modals"] is not None:
            ids = {modal.id for modal in modals if modal.type == "modal"}
            self.problems += unknown_modals(self.files, ids)

    def add(self, severity: Any, message: str, error: BaseException, help: str | None = None) -> None:  # noqa: A002
        file, line = place_of(error, self.manifest.folder)
        self.problems.append(Problem(severity=severity, message=message, help=help, file=file, line=line))

    def _drawn(self, module: Module, method: str, draw: Callable[[Module], Any]) -> Any:
        if inspect.iscoroutinefunction(getattr(module, method)):
            return None  # a rule has told of it
        try:
            return to_plain(draw(module), method.removeprefix("get_"))
        except ContaraError as error:
            self.add("error", f"{method}(): {describe(error)}", error)
        except BaseException as error:  # noqa: BLE001 - SystemExit too is only a tile that can't be drawn
            self._could_not_draw(method, error)
        return None

    def _could_not_draw(self, method: str, error: BaseException) -> None:
        if place_of(error, self.manifest.folder)[0] is None:
            self.add("error", describe(error), error, f"return what {method}() is documented to")
        elif not _is_made_later(error, self.files):
            text = f"{method}() raises {describe(error)} while the State has its defaults"
            self.add("warning", text, error, "draw something while there is no data yet")

    def _could_not_load(self, refusal: Refusal, error: BaseException) -> None:
        told = [problem for problem in self.problems if problem.severity == "error"]
        if isinstance(error, ValidationError) and told:
            return  # of a State whose fields have no defaults
        place = place_of(error, self.manifest.folder)
        self.problems = [problem for problem in self.problems if (problem.file, problem.line) != place]
        self.add("error", refusal.message, error, _import_help(error))


def check_module(manifest: Manifest) -> Report:
    """Check a module; whatever its code does, that is a problem in the report and no exception."""
    check = _Check(manifest)
    module = check.load()
    if module is None:
        return Report(None, check.problems, {}, None, {"tile": None, "modals": None, "page": None})
    schemas, settings = check.schemas(module), check.settings(module)
    trees = check.draw(module)
    check.look_at(module, trees)
    check.problems += capability_problems(manifest, type(module))
    return Report(type(module).__name__, check.problems, schemas, settings, trees)


def _import_help(error: BaseException) -> str | None:
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    if error.name in WINDOWS_ONLY:
        return f'{error.name} exists on Windows only; import it where `sys.platform == "win32"` is true'
    if error.name.startswith("ContaraNAS."):
        return "there is no such file in the module, or in the SDK"
    needed = f'among "dependencies" in module.json, and installed for {sys.executable}'
    return f"is the name right? Its package must be {needed}"


def _is_made_later(error: BaseException, files: list[SourceFile]) -> bool:
    """Whether an attribute is missing, or None, because a method like `initialize()` has yet to set it."""
    if isinstance(error, AttributeError):
        return error.obj is None or (isinstance(error.obj, Module) and error.name in _own_attributes(files))
    return isinstance(error, TypeError) and "NoneType" in str(error)


def _own_attributes(files: list[SourceFile]) -> set[str]:
    return {
        node.attr
        for file in files
        for node in file.nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
