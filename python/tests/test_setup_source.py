"""Importing setup modules: by path and under a name of ours, with what old sources need."""

from pathlib import Path

import pytest

from host import Host, start_worker
from setup_host import call, fail_setup, load_setup, write_setup


@pytest.mark.parametrize("slug", ["json", "mysql", "subprocess", "two-parts"])
def test_a_slug_shadows_nothing(host: Host, tmp_path: Path, slug: str) -> None:
    code = """
import json, os, subprocess
def hook():
    return [json.loads("[1]"), hasattr(subprocess, "PIPE"), os.path.dirname(__file__), __name__]
"""
    folder = write_setup(tmp_path / slug, code)
    load_setup(host, folder)
    assert call(host, "hook") == [[1], True, str(folder), f"contara_setup_{slug.replace('-', '_')}"]


def test_files_beside_it_are_imported_relatively_and_only_so(host: Host, tmp_path: Path) -> None:
    code = "from .helper import where\nfrom . import helper\ndef hook():\n    return [where(), helper.__name__]\n"
    folder = write_setup(tmp_path / "split", code, helper="def where():\n    return __file__\n")
    load_setup(host, folder)
    assert call(host, "hook") == [str(folder / "helper.py"), "contara_setup_split.helper"]
    assert not list(folder.rglob("__pycache__"))


def test_nothing_beside_the_module_is_importable(host: Host, tmp_path: Path) -> None:
    write_setup(tmp_path / "neighbour", "")
    error = fail_setup(host, write_setup(tmp_path / "curious", "import neighbour\n"))
    assert error.message == "ModuleNotFoundError: No module named 'neighbour'"


MIXED = "def {name}():\n\tif True:\n\t    found = 'a\\tb\tc'\n        return found\n"
"""Indentation as editors of old left it: a tab is eight blanks."""


def test_tabs_and_blanks_may_be_mixed(host: Host, tmp_path: Path) -> None:
    code = "from .helper import helped\n" + MIXED.format(name="hook")
    with pytest.raises(TabError):
        compile(code, "mixed", "exec")
    folder = write_setup(tmp_path / "mixed", code, helper=MIXED.format(name="helped"))
    assert load_setup(host, folder) == ["helped", "hook"]
    assert [call(host, "hook"), call(host, "helped")] == ["a\tb\tc", "a\tb\tc"]


def test_a_source_in_another_encoding(host: Host, tmp_path: Path) -> None:
    folder = write_setup(tmp_path / "latin", "")
    text = "# -*- coding: latin-1 -*-\ndef hook():\n\tname = 'Prénom'\n        return name\n"
    (folder / "__init__.py").write_text(text, "latin-1")
    load_setup(host, folder)
    assert call(host, "hook") == "Prénom"


def test_unknown_escapes_are_no_errors(tmp_path: Path) -> None:
    """Not even where warnings are."""
    folder = write_setup(
        tmp_path / "escapes", "import re\ndef hook(value):\n    return bool(re.match('\\d+$', value))\n"
    )
    with start_worker(tmp_path, None, "-P", "-W", "error") as host:
        load_setup(host, folder)
        assert call(host, "hook", "25") is True


def test_nothing_of_it_is_imported_before_it_is_needed(host: Host, tmp_path: Path) -> None:
    code = (
        "import sys\ndef hook():\n    return [name for name in ('IPy', 'netifaces', 'pamela') if name in sys.modules]\n"
    )
    load_setup(host, write_setup(tmp_path / "light", code))
    assert call(host, "hook") == []
