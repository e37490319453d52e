"""From a folder to a module object: import under the documented package name, find the class, construct it.

The folder is imported as `ContaraNAS.modules.<source>.<name>`, wherever it lies, without touching `sys.path`:
relative imports, submodules and pickling work, and nothing beside the module becomes importable.
"""

import importlib
import importlib.util
import inspect
import os
import sys
import time
from itertools import islice, takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

from contara_worker.failure import Refusal, Reporter
from contara_worker.messages import ErrorKind, Load
from ContaraNAS import modules
from ContaraNAS.core.module import Module
from ContaraNAS.modules import builtin, community  # noqa: F401 - before any module, so that they are found at once

__all__ = ["forget", "import_package", "load_module", "was_just_saved"]

_SETTLED_SECONDS = 2.0
"""Python takes cached bytecode for that of a source whose size and whole second of change are the same. So a save might
go unseen if it follows another within a second, and the bytecode of a source that is younger than this isn't kept."""

_NAMES_AT_FIRST = 64


def load_module(request: Load, reporter: Reporter) -> Module:
    """Import and construct the module. Raises `Refusal` (`import`, `no_module_class` or `exception`)."""
    package = import_package(request.name, request.source, Path(request.path).resolve(), reporter)
    found = _module_class(package)
    try:
        return _construct(found, request.name, request.display_name)
    except BaseException as error:
        raise reporter.refusal(ErrorKind.EXCEPTION, error) from error


def import_package(name: str, source: str, folder: Path, reporter: Reporter) -> ModuleType:
    """Import the module in `folder` under its documented name, or return it if it is imported already.

    One that was imported from another folder under the same name is forgotten. Raises `Refusal` (`import`).
    """
    reporter.keep_frames_of(folder)
    if not name or "." in name:
        raise Refusal(ErrorKind.IMPORT, f"{name!r} can't be the name of a Python package")
    parent = importlib.import_module(f"{modules.__name__}.{source}")
    full_name = f"{parent.__name__}.{name}"
    init = folder / "__init__.py"
    imported = sys.modules.get(full_name)
    if imported is not None and imported.__file__ == str(init):
        return imported
    forget(full_name)
    package = _execute(full_name, init, reporter)
    setattr(parent, name, package)
    modules.tell_children(full_name, folder)
    return package


def _execute(name: str, init: Path, reporter: Reporter) -> ModuleType:
    if not init.is_file():
        raise Refusal(ErrorKind.IMPORT, f"there is no __init__.py in {init.parent}")
    spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[str(init.parent)])
    if spec is None or spec.loader is None:
        raise Refusal(ErrorKind.IMPORT, f"{init} can't be imported as Python")
    sys.dont_write_bytecode |= was_just_saved(init.parent)
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    try:
        spec.loader.exec_module(package)
    except BaseException as error:
        forget(name)
        raise reporter.refusal(ErrorKind.IMPORT, error) from error
    return package


def was_just_saved(folder: Path) -> bool:
    """Whether Python might take the bytecode that it makes of these sources for that of their next version."""
    files = (Path(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith(".py"))
    newest = max((path.stat().st_mtime for path in files if path.is_file()), default=0.0)
    return time.time() - newest < _SETTLED_SECONDS


def forget(name: str) -> None:
    """Remove a package and all in it, so that the next import runs them anew."""
    for imported in _imported(name):
        del sys.modules[imported]


def _imported(package: str) -> list[str]:
    """Names of a package and all in it, as far as they are imported.

    Only names younger than `ContaraNAS.modules` are looked at: a look at each of the hundreds that a worker shares with
    the spawner would take a copy of its page, half a megabyte in all.
    """
    young = takewhile(lambda name: name != modules.__name__, _latest_names())
    return [name for name in young if f"{name}.".startswith(f"{package}.")]


def _latest_names() -> list[str]:
    """Names of what was imported last, the latest first, as far back as `ContaraNAS.modules` at least.

    Each look is one step for the interpreter, since a thread that the module has started may import something.
    """
    count = _NAMES_AT_FIRST
    while True:
        names = list(islice(reversed(sys.modules), count))
        if len(names) < count or modules.__name__ in names:
            return names
        count *= 2


def _module_class(package: ModuleType) -> type[Module]:
    """Return the one class derived from `Module` that the package defines, in whichever of its files."""
    classes = _defined_classes(package.__name__)
    bases = {base for found in classes for base in found.__mro__[1:]}
    candidates = [found for found in classes if found not in bases]
    for choice in (candidates, _exported(package, candidates), _defined_in(package, candidates)):
        if len(choice) == 1:
            return choice[0]
    if not candidates:
        raise Refusal(ErrorKind.NO_MODULE_CLASS, "no class derived from Module is defined in this module")
    names = ", ".join(f"{found.__name__} ({found.__module__})" for found in candidates)
    raise Refusal(ErrorKind.NO_MODULE_CLASS, f"several classes derive from Module: {names}; name one in __all__")


def _defined_classes(package: str) -> list[type[Module]]:
    files = [sys.modules[name] for name in _imported(package)]
    values = [value for module in files for value in vars(module).values()]
    found = {value for value in values if isinstance(value, type) and issubclass(value, Module)}
    own = [value for value in found if f"{value.__module__}.".startswith(f"{package}.")]
    return sorted(own, key=lambda value: (value.__module__, value.__qualname__))


def _exported(package: ModuleType, candidates: list[type[Module]]) -> list[type[Module]]:
    return [found for found in candidates if found.__name__ in getattr(package, "__all__", ())]


def _defined_in(package: ModuleType, candidates: list[type[Module]]) -> list[type[Module]]:
    return [found for found in candidates if found.__module__ == package.__name__]


def _construct(found: type[Module], name: str, display_name: str) -> Module:
    """Call the constructor with as many of name and display name as it takes."""
    attempts: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((), {"name": name, "display_name": display_name}),
        ((name, display_name), {}),
        ((name,), {}),
        ((), {}),
    ]
    signature = inspect.signature(found)
    for args, kwargs in attempts:
        try:
            signature.bind(*args, **kwargs)
        except TypeError:
            continue
        return found(*args, **kwargs)
    raise TypeError(f"{found.__name__}() takes more than a name and a display name: {signature}")
