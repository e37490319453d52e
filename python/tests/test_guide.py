"""The module author guide: every file in it is a module, a manifest or a test that works, and the check likes it.

Commands in `console` blocks are run by the daemon's tests.
"""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ContaraNAS.testing import ModuleTest
from guide import GUIDE, Block, blocks, pages
from host import DEADLINE

_ICONS = GUIDE.parents[1] / "crates" / "manifest" / "src" / "lucide.txt"
_REQUIRED = ("name", "displayName", "version", "author", "description", "icon", "engine", "platforms")


def test_every_page_is_named_in_the_first() -> None:
    assert sorted(pages()) == sorted(GUIDE.glob("*.md"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = [part.partition(")")[0].partition("#")[0] for part in text.split("](")[1:]]
    for target in targets:
        if target and "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_icons_are_icons(page: Path) -> None:
    known = set(_ICONS.read_text("utf-8").split())
    used = re.findall(r"""["']?icon["']?[=:] ?["']([^"']+)["']""", page.read_text("utf-8"))
    assert [icon for icon in used if re.sub(r"(?<!^)(?=[A-Z])", "-", icon).lower() not in known] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_blocks_of_a_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTARA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CONTARA_CACHE_DIR", str(tmp_path / "cache"))
    names: dict[str, Any] = {}
    for block in blocks(page):
        _run(block, tmp_path, names)


def _run(block: Block, folder: Path, names: dict[str, Any]) -> None:
    """Do with a block what its first line says; a language of which nothing is known fails."""
    if block.path is None:
        run = {"python": _execute, "console": _look_at, "text": _look_at}[block.language]
        run(block, names)
        return
    path = folder / block.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.body)
    if path.name == "module.json":
        _judge_manifest(block, path)
    elif path.name == "__init__.py" and (path.parent / "desc.json").exists():
        _look_at_hooks(path)
    elif path.name == "__init__.py":
        _write_missing_manifest(path.parent)
        _check(block, path.parent)
        if not _is_bad(block):
            _show(path.parent)
    elif path.name.startswith("test_"):
        _test(block, path)


def _look_at(block: Block, _: dict[str, Any]) -> None:
    assert block.body.strip(), block.place


def _execute(block: Block, names: dict[str, Any]) -> None:
    exec(compile(block.body, block.place, "exec"), names)  # noqa: S102 - that is what the guide says


def _judge_manifest(block: Block, path: Path) -> None:
    fields = json.loads(block.body)
    assert fields["name"] == path.parent.name, block.place
    assert [name for name in _REQUIRED if name not in fields] == [], block.place


def _write_missing_manifest(folder: Path) -> None:
    """Write a manifest beside a module that the page shows without one, as `contara module new` would have."""
    file = folder / "module.json"
    if not file.exists():
        file.write_text(json.dumps({"name": folder.name, "displayName": folder.name.replace("_", " ").title()}))


def _look_at_hooks(path: Path) -> None:
    """Compare the hooks of a setup module with its manifest, which the page has shown before."""
    fields = {field["name"]: field for field in json.loads((path.parent / "desc.json").read_text())["config"]}
    names = runpy.run_path(str(path))
    script, parameters = names["get_config_info"]()
    assert script.endswith(".sh")
    assert set(parameters) == set(fields)
    for field in fields.values():
        if field["type"] == "text":
            default = names[field["default"]](None)
            assert names[field["validation"]](default) is None
            assert names[field["validation"]](default * 80)


def _check(block: Block, folder: Path) -> None:
    command = [sys.executable, "-P", "-B", "-m", "contara_worker.check", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE * 2, check=True)
    report = json.loads(done.stdout)
    assert bool(report["problems"]) == _is_bad(block), f"{block.place}: {report['problems']}"
    assert report["class"], block.place


def _is_bad(block: Block) -> bool:
    """Whether it shows how not to do it."""
    return block.body.startswith("# A bad example.")


def _show(folder: Path) -> None:
    """Enable the module and draw all that it has."""
    with ModuleTest(folder) as module:
        module.enable()
        assert module.tile.text()


def _test(block: Block, path: Path) -> None:
    """Run the tests that a block shows, with warnings as errors."""
    command = [sys.executable, "-P", "-B", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", str(path)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=DEADLINE * 3, check=False
    )
    assert done.returncode == 0, f"{block.place}\n{done.stdout}{done.stderr}"
    assert " passed" in done.stdout, block.place
