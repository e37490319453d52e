"""The setup modules that ship: all that they say is said in every language, and nothing else is translated."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

_SETUP = Path(__file__).parents[2] / "modules" / "setup"
_SLUGS = sorted(manifest.parent.name for manifest in _SETUP.glob("*/desc.json"))
_LANGUAGES = ["de_DE", "fr_FR"]


def _manifest_texts(value: Any) -> set[str]:
    """What the host translates: names, descriptions, labels and help."""
    if isinstance(value, list):
        return {text for entry in value for text in _manifest_texts(entry)}
    if not isinstance(value, dict):
        return set()
    texts = {value[key] for key in ("name", "description", "label", "help") if key in value}
    if "type" in value:
        texts.discard(value.get("name"))
    return texts | _manifest_texts(value.get("categories")) | _manifest_texts(value.get("options"))


def _texts(slug: str) -> set[str]:
    folder = _SETUP / slug
    manifest = json.loads((folder / "desc.json").read_text())
    texts = _manifest_texts(manifest) | _manifest_texts(manifest["config"])
    for script in [*folder.glob("*.sh"), _SETUP / "functions.sh"]:
        texts.update(re.findall(r'(?<![\w*])\$"([^"]+)"', script.read_text()))
    # Sentences in the code are what checks return.
    for node in ast.walk(ast.parse((folder / "__init__.py").read_text())):
        if isinstance(node, (ast.Return, ast.Call)):
            values = [node.value] if isinstance(node, ast.Return) else node.args
            constants = [value.value for value in values if isinstance(value, ast.Constant)]
            texts.update(text for text in constants if isinstance(text, str) and re.search(r" .*\.$", text))
    return texts


def _catalogue(slug: str, language: str) -> dict[str, str]:
    text = (_SETUP / slug / "locale" / language / "LC_MESSAGES" / f"{slug}.po").read_text()
    pairs = re.findall(r'^msgid (".+")\nmsgstr (".+")$', text, re.MULTILINE)
    return {json.loads(original): json.loads(translation) for original, translation in pairs}


def test_three_modules_ship() -> None:
    assert _SLUGS == ["nfs_server", "postgresql", "samba"]


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("slug", _SLUGS)
def test_everything_is_translated(slug: str, language: str) -> None:
    assert set(_catalogue(slug, language)) == _texts(slug)


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("slug", _SLUGS)
def test_translations_are_safe_in_bash_and_name_the_same_values(slug: str, language: str) -> None:
    for original, translation in _catalogue(slug, language).items():
        assert not re.search(r'["\\`]|\$\(', translation), translation
        values = re.compile(r"\$\w+")
        assert sorted(values.findall(translation)) == sorted(values.findall(original)), translation
