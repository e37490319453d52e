"""Modules are imported as `ContaraNAS.modules.<source>.<name>`, from whichever folder they lie in.

The worker imports its module itself. A Python process that the module starts, e.g. through `multiprocessing`, has to
find the module's classes by their names: the worker tells it in the environment where the module lies.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

__all__ = ["tell_children", "tell_nothing"]

_VARIABLE = "CONTARA_MODULE"
"""`<full name>=<folder>` of the module that this process, or the one that started it, has loaded."""


def tell_children(name: str, folder: Path) -> None:
    """Have Python processes that this one starts find the package `name` (in full) in `folder`."""
    os.environ[_VARIABLE] = f"{name}={folder}"


def tell_nothing() -> None:
    """Take that back."""
    os.environ.pop(_VARIABLE, None)


class _ToldFinder(MetaPathFinder):
    """Finds the package that the environment names; asked last."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        name, _, folder = os.environ.get(_VARIABLE, "").partition("=")
        if fullname != name:
            return None
        init = Path(folder, "__init__.py")
        return spec_from_file_location(fullname, init, submodule_search_locations=[folder])


sys.meta_path.append(_ToldFinder())
