"""The pytest plugin: the fixture `contara_module`, and test files inside a module's folder imported as part of it.

A module's folder is a package whose name is known only to Contara, so pytest must neither import its `__init__.py`
by itself nor put its parent on `sys.path`: a test could then import a second copy of the module, and a module called
`docker` would hide the library `docker`. Test files get the name that they would have beside the module,
`ContaraNAS.modules.community.hello.tests.test_hello`, so relative imports work and give what the fixture runs.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from contara_worker.failure import Refusal, Reporter
from contara_worker.loader import import_package
from ContaraNAS.testing.errors import ModuleFailed
from ContaraNAS.testing.manifest import module_folder, read_manifest
from ContaraNAS.testing.module_test import ModuleTest

__all__ = ["contara_module"]

_MARKER = "contara_module(settings=None, state=None): settings and state that the module is loaded with"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--contara-module` and its ini form."""
    text = "folder of the module that the fixture contara_module runs (default: the one around the test file)"
    parser.getgroup("contara").addoption("--contara-module", metavar="FOLDER", help=text)
    parser.addini("contara_module", text)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Dir | None:
    """Collect folders of a module as plain folders, whose `__init__.py` pytest doesn't import."""
    return None if module_folder(path) is None else pytest.Dir.from_parent(parent, path=path)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect test files of a module under the name that they have in it."""
    return None if module_folder(module_path) is None else _TestFile.from_parent(parent, path=module_path)


@pytest.fixture
def contara_module(request: pytest.FixtureRequest) -> Iterator[ModuleTest]:
    """Give the module, loaded and not yet enabled; afterwards it is disabled and its loop ended.

    `@pytest.mark.contara_module(settings={...}, state={...})` says what it is loaded with.
    """
    marker = request.node.get_closest_marker("contara_module")
    with ModuleTest(_folder(request), **(marker.kwargs if marker else {})) as module:
        yield module


def _folder(request: pytest.FixtureRequest) -> Path:
    config = request.config
    if option := config.getoption("--contara-module"):
        return config.invocation_params.dir / str(option)
    if ini := config.getini("contara_module"):
        return (config.inipath.parent if config.inipath else config.rootpath) / str(ini)
    folder = module_folder(request.path)
    if folder is None:
        raise pytest.UsageError(
            f"no folder around {request.path} has a module.json; name the module with --contara-module, "
            "or with contara_module in pytest's configuration"
        )
    return folder


class _TestFile(pytest.Module):
    """A test file inside a module's folder."""

    def _getobj(self) -> ModuleType:
        folder = module_folder(self.path)
        if folder is None:
            raise self.CollectError(f"{self.path} was moved out of its module")
        manifest = read_manifest(folder)
        try:
            package = import_package(manifest.name, manifest.source, folder.resolve(), Reporter())
        except Refusal as refusal:
            raise self.CollectError(str(ModuleFailed(refusal.kind, refusal.message, refusal.trace))) from None
        inner = self.path.resolve().relative_to(folder.resolve()).with_suffix("").parts
        return importlib.import_module(".".join((package.__name__, *inner)))
