"""The module's Python as syntax trees, and the questions that several rules ask of them. Runs nothing."""

import ast
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = [
    "DRAWING",
    "Function",
    "SourceFile",
    "called",
    "calls",
    "guarded",
    "is_state",
    "own_nodes",
    "read_sources",
    "state_root",
]

Function = ast.FunctionDef | ast.AsyncFunctionDef

DRAWING = frozenset({"get_tile", "get_modals", "get_page"})
"""Methods that only draw: called after every commit, in the loop."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_SKIPPED = frozenset({"tests", "__pycache__", "node_modules", "site-packages"})
_FILES = 1_000  # a module of more Python files than this has something foreign in its folder
_FILE_BYTES = 2 * 1024 * 1024


class SourceFile:
    """One file that parses. `name` is its path relative to the module's folder."""

    def __init__(self, name: str, text: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.tree = ast.parse(text, filename=name)
        self.nodes = list(ast.walk(self.tree))
        self.names = _imported_names(self.nodes)
        self._bound: dict[Function, set[str]] = {}
        self._classes: dict[str, list[ast.ClassDef]] = {}
        self._parents = {child: parent for parent in self.nodes for child in ast.iter_child_nodes(parent)}

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Give what encloses `node`, the nearest first."""
        while (parent := self._parents.get(node)) is not None:
            yield parent
            node = parent

    def enclosing_function(self, node: ast.AST) -> Function | ast.Lambda | None:
        """Return the function whose body `node` is in, or None at the level of the module or a class."""
        return next((item for item in self.ancestors(node) if isinstance(item, Function | ast.Lambda)), None)

    def functions(self) -> Iterator[Function]:
        """Give every function and method."""
        return (node for node in self.nodes if isinstance(node, Function))

    def calls(self) -> Iterator[ast.Call]:
        """Give every call."""
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def classes(self, base: str) -> list[ast.ClassDef]:
        """Return classes that name `base` as their base, themselves or through another class of this file."""
        if base not in self._classes:
            self._classes[base] = self._derived(base)
        return self._classes[base]

    def methods(self, base: str = "Module") -> Iterator[Function]:
        """Give the methods of the classes derived from `base`."""
        return (item for owner in self.classes(base) for item in owner.body if isinstance(item, Function))

    def resolve(self, node: ast.expr) -> str | None:
        """Return the full name that an expression has by this file's imports: `sp.run` → `subprocess.run`.

        None when its first name wasn't imported, or is a parameter or variable of an enclosing function.
        """
        parts: list[str] = []
        root = node
        while isinstance(root, ast.Attribute):
            parts.append(root.attr)
            root = root.value
        if not isinstance(root, ast.Name) or root.id not in self.names or self._is_local(root):
            return None
        return ".".join([self.names[root.id], *reversed(parts)])

    def _derived(self, base: str) -> list[ast.ClassDef]:
        classes = [node for node in self.nodes if isinstance(node, ast.ClassDef)]
        found: list[ast.ClassDef] = []
        names = {base}
        while new := [node for node in classes if node not in found and names & set(_base_names(node))]:
            found += new
            names |= {node.name for node in new}
        return found

    def _is_local(self, name: ast.Name) -> bool:
        functions = (item for item in self.ancestors(name) if isinstance(item, Function))
        return any(name.id in self._bound_in(function) for function in functions)

    def _bound_in(self, function: Function) -> set[str]:
        if function not in self._bound:
            self._bound[function] = _bound_names(function)
        return self._bound[function]


def read_sources(folder: Path) -> list[SourceFile]:
    """Read the module's Python files, `tests/` and hidden folders left out, and those that don't parse."""
    found: list[SourceFile] = []
    for path in sorted(_python_files(folder)):
        try:
            if path.stat().st_size <= _FILE_BYTES:
                found.append(SourceFile(path.relative_to(folder).as_posix(), path.read_text("utf-8"), folder))
        except (OSError, ValueError, SyntaxError, RecursionError):
            continue  # the import tells of it, if the file is imported at all
    return found


def _python_files(folder: Path) -> Iterator[Path]:
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _SKIPPED and not name.startswith(".")]
        for name in files:
            if name.endswith(".py") and count < _FILES:
                count += 1
                yield Path(root, name)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Give every call inside `tree`."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """Return the last name of what is called: `OpenModal` for `action.OpenModal(...)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Give the nodes that run as part of `body`, and not those of functions and classes defined in it."""
    for node in body:
        yield node
        if not isinstance(node, _SCOPES):
            yield from own_nodes(ast.iter_child_nodes(node))


def guarded(file: SourceFile, node: ast.AST) -> bool:
    """Whether `node` runs under a condition, or where an exception is caught."""
    return any(isinstance(item, ast.If | ast.Try | ast.Match | ast.IfExp) for item in file.ancestors(node))


def state_root(node: ast.expr, aliases: frozenset[str]) -> bool:
    """Whether an expression reaches into the State: `self.typed_state.a.b`, or a local name for the State."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if is_state(node):
            return True
        node = node.value
    return isinstance(node, ast.Name) and node.id in aliases


def is_state(node: ast.AST) -> bool:
    """Whether an expression is the State itself, `self._typed_state` or `self.typed_state`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in {"_typed_state", "typed_state"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def _imported_names(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Map each name that an absolute import binds, anywhere in the file, to what it stands for."""
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for item in node.names:
                top = item.name.partition(".")[0]
                names[item.asname or top] = item.name if item.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {item.asname or item.name: f"{node.module}.{item.name}" for item in node.names}
    return names


def _base_names(node: ast.ClassDef) -> list[str]:
    return [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]


def _bound_names(function: Function) -> set[str]:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {argument.arg for argument in every if argument is not None}
    stored = (node for node in own_nodes(function.body) if isinstance(node, ast.Name))
    return names | {node.id for node in stored if isinstance(node.ctx, ast.Store)}
