"""Rules about the loop that all of a module's async code shares."""

import ast
from collections.abc import Iterator

from contara_worker.check.problem import Problem, warning
from contara_worker.check.source import DRAWING, Function, SourceFile, own_nodes

__all__ = ["blocking_calls", "lost_tasks", "swallowed_cancellation"]

_THREAD = "await asyncio.to_thread({name}, …)"
_BLOCKING = {
    "time.sleep": "await asyncio.sleep(…)",
    "os.system": "await asyncio.create_subprocess_shell(…)",
    "shutil.copytree": _THREAD,
    "shutil.rmtree": _THREAD,
    "socket.create_connection": "await asyncio.open_connection(…)",
    "socket.getaddrinfo": "await asyncio.get_running_loop().getaddrinfo(…)",
    "socket.gethostbyname": "await asyncio.get_running_loop().getaddrinfo(…)",
    "urllib.request.urlopen": _THREAD,
    "urllib.request.urlretrieve": _THREAD,
    **{
        f"subprocess.{name}": "await asyncio.create_subprocess_exec(…)"
        for name in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput")
    },
    **{
        f"{library}.{name}": _THREAD
        for library in ("requests", "httpx")
        for name in ("get", "post", "put", "patch", "delete", "head", "options", "request")
    },
}
_STARTERS = ("asyncio.create_task", "asyncio.ensure_future")
_LOOPS = ("asyncio.get_running_loop", "asyncio.get_event_loop")


def blocking_calls(file: SourceFile) -> Iterator[Problem]:
    """Give calls that block, right in an async function or in a method that draws."""
    drawing = {method for method in file.methods() if method.name in DRAWING}
    for call in file.calls():
        name = file.resolve(call.func)
        function = file.enclosing_function(call)
        if name not in _BLOCKING or not isinstance(function, Function):
            continue
        if not (isinstance(function, ast.AsyncFunctionDef) or function in drawing):
            continue
        where = function.name
        yield warning(
            file.name,
            call,
            f"{name}() in {where}() blocks the module: nothing else of it runs meanwhile, and after 10 s it is killed",
            "read in a background task and keep the result in the State"
            if where in DRAWING
            else f"use {_BLOCKING[name].format(name=name)}",
        )


def lost_tasks(file: SourceFile) -> Iterator[Problem]:
    """Give background tasks that nobody keeps: Python may collect them while they run."""
    for node in file.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _starts_task(file, node.value):
            yield warning(
                file.name,
                node,
                "nobody keeps this task: stop_monitoring() can't cancel it, and Python may drop it while it runs",
                "keep it, e.g. `self._task = asyncio.create_task(…)`, and cancel it in stop_monitoring()",
            )


def swallowed_cancellation(file: SourceFile) -> Iterator[Problem]:
    """Give handlers in async code that catch everything, and with it the request to end."""
    for function in file.functions():
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        for node in own_nodes(function.body):
            if isinstance(node, ast.Try) and _awaits(node):
                yield from _swallowing(file, function, node)


def _starts_task(file: SourceFile, call: ast.Call) -> bool:
    if file.resolve(call.func) in _STARTERS:
        return True
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "create_task"
        and isinstance(function.value, ast.Call)
        and file.resolve(function.value.func) in _LOOPS
    )


def _awaits(node: ast.Try) -> bool:
    return any(isinstance(item, ast.Await | ast.AsyncFor | ast.AsyncWith) for item in own_nodes(node.body))


def _swallowing(file: SourceFile, function: ast.AsyncFunctionDef, node: ast.Try) -> Iterator[Problem]:
    for handler in node.handlers:
        caught = ast.unparse(handler.type) if handler.type is not None else ""
        if "CancelledError" in caught:
            return
        if (not caught or "BaseException" in caught) and not _leaves(handler):
            what = f"except {caught}" if caught else "except:"
            yield warning(
                file.name,
                handler,
                f"`{what}` around an await also catches the cancellation, so {function.name}() can't be ended",
                "catch `Exception` instead; a cancellation isn't one",
            )


def _leaves(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(item, ast.Raise | ast.Return | ast.Break) for item in own_nodes(handler.body))
