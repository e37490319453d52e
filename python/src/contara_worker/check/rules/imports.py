"""Rules about what happens while the module is imported, and what it imports."""

import ast
from collections.abc import Iterator

from contara_worker.check.problem import Problem, warning
from contara_worker.check.source import SourceFile, guarded, own_nodes

__all__ = ["WINDOWS_ONLY", "started_at_import", "windows_imports"]

WINDOWS_ONLY = frozenset(
    [
        "_winapi",
        "msvcrt",
        "nt",
        "pythoncom",
        "pywintypes",
        "servicemanager",
        "win32api",
        "win32com",
        "win32con",
        "win32event",
        "win32file",
        "win32gui",
        "win32process",
        "win32service",
        "win32serviceutil",
        "winreg",
        "winsound",
        "wmi",
    ]
)
_LIFE = frozenset(
    {"__init__", "initialize", "start_monitoring", "stop_monitoring", "get_tile", "get_modals", "get_page"}
)
_STARTS = frozenset(
    [
        "asyncio.run",
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.new_event_loop",
        "asyncio.get_event_loop",
        "_thread.start_new_thread",
        "subprocess.Popen",
    ]
)
_STARTABLE = frozenset({"threading.Thread", "threading.Timer", "multiprocessing.Process"})


def started_at_import(file: SourceFile) -> Iterator[Problem]:
    """Give threads, loops and processes that are started by importing the file."""
    startable = _startable_names(file)
    for node in own_nodes(file.tree.body):
        if isinstance(node, ast.ClassDef):
            continue
        if isinstance(node, ast.Call) and not _only_as_program(file, node) and _starts(file, node, startable):
            yield warning(
                file.name,
                node,
                f"`{ast.unparse(node.func)}(…)` runs when the module is imported, also where it is only checked",
                "start it in initialize() or start_monitoring(), and end it in stop_monitoring()",
            )


def windows_imports(file: SourceFile) -> Iterator[Problem]:
    """Give imports of what only Windows has, unguarded, where they run on every machine."""
    always = [node for node in own_nodes(file.tree.body) if file.name == "__init__.py"]
    always += [node for method in file.methods() if method.name in _LIFE for node in own_nodes(method.body)]
    for node in always:
        for name in _imported(node):
            if name in WINDOWS_ONLY and not guarded(file, node):
                yield warning(
                    file.name,
                    node,
                    f"{name} exists on Windows only, so this import fails on Linux",
                    'import it where `sys.platform == "win32"` is true, or leave it out',
                )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [item.name.partition(".")[0] for item in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


def _startable_names(file: SourceFile) -> set[str]:
    assigned = (node for node in own_nodes(file.tree.body) if isinstance(node, ast.Assign))
    return {
        target.id
        for node in assigned
        if isinstance(node.value, ast.Call) and file.resolve(node.value.func) in _STARTABLE
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _starts(file: SourceFile, call: ast.Call, startable: set[str]) -> bool:
    if file.resolve(call.func) in _STARTS:
        return True
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "start"):
        return False
    started = call.func.value
    if isinstance(started, ast.Call):
        return file.resolve(started.func) in _STARTABLE
    return isinstance(started, ast.Name) and started.id in startable


def _only_as_program(file: SourceFile, node: ast.AST) -> bool:
    """Whether it stands under `if __name__ == "__main__":`, which is never true in a worker."""
    tests = (item.test for item in file.ancestors(node) if isinstance(item, ast.If))
    return any("__name__" in ast.unparse(test) for test in tests)
