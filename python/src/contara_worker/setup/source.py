"""Importing a setup module by its path, under a name of ours, with the leniency that old sources need.

The module shadows nothing, whatever its slug, and nothing beside it becomes importable. Indentation that mixes tabs and
blanks, which Python 2 took, counts a tab as up to eight blanks; escapes that Python doesn't know are no error.
"""

import importlib.util
import re
import sys
import warnings
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from contara_worker.failure import Refusal, Reporter
from contara_worker.loader import forget, was_just_saved
from contara_worker.messages import ErrorKind

__all__ = ["import_setup"]

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
_TAB = 8


def import_setup(slug: str, folder: Path, reporter: Reporter) -> ModuleType:
    """Import the code of the module in `folder`. Raises `Refusal` (`import`)."""
    reporter.keep_frames_of(folder)
    init = folder / "__init__.py"
    if not init.is_file():
        raise Refusal(ErrorKind.IMPORT, f"there is no __init__.py in {folder}")
    name = "contara_setup_" + re.sub(r"\W", "_", slug)
    sys.path_hooks.insert(0, _finder_of(folder))
    sys.dont_write_bytecode |= was_just_saved(folder)
    loader = LenientLoader(name, str(init))
    spec = importlib.util.spec_from_file_location(name, init, loader=loader, submodule_search_locations=[str(folder)])
    if spec is None:
        raise Refusal(ErrorKind.IMPORT, f"{init} can't be imported as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException as error:
        forget(name)
        raise reporter.refusal(ErrorKind.IMPORT, error) from error
    return module


class LenientLoader(SourceFileLoader):
    """Compiles what Python 2 would have compiled, as far as only indentation is concerned."""

    def source_to_code(  # type: ignore[override]  # a static method in the stubs only
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> CodeType:
        """Compile a source; a second time with its tabs expanded, if it is its indentation that is refused."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they speak to the author, and of each escape that Python doesn't know
            try:
                return self._compile(data, path, _optimize)
            except IndentationError as error:
                text = _INDENTATION.sub(lambda found: found[0].expandtabs(_TAB), importlib.util.decode_source(data))
                try:
                    return self._compile(text, path, _optimize)
                except SyntaxError:
                    raise error from None

    def _compile(self, data: Any, path: Any, optimize: int) -> CodeType:
        code: CodeType = super().source_to_code(data, path, _optimize=optimize)
        return code


def _finder_of(folder: Path) -> Callable[[str], FileFinder]:
    """Return a path hook that finds the other files of the module, to be compiled in the same way."""

    def find(path: str) -> FileFinder:
        if not Path(path).is_relative_to(folder):
            raise ImportError(path=path)
        return FileFinder(path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (LenientLoader, SOURCE_SUFFIXES))

    return find
