"""Rules about `capabilities` in module.json: what they promise has to be there, and what is there be promised."""

from collections.abc import Iterator
from pathlib import Path

from contara_worker.check.problem import Problem
from ContaraNAS.core.module import Module
from ContaraNAS.core.module.settings import settings_class
from ContaraNAS.testing.manifest import Manifest

__all__ = ["capability_problems"]


def capability_problems(manifest: Manifest, found: type[Module]) -> Iterator[Problem]:
    """Give every capability that the class doesn't keep, or keeps and doesn't claim."""
    claimed = manifest.capabilities
    has_settings = settings_class(found) is not None
    sides = [
        ("dashboard", "get_tile()", claimed.dashboard, _overrides(found, "get_tile")),
        ("detailPage", "get_page()", claimed.detail_page, _overrides(found, "get_page")),
        ("settings", "class Settings", claimed.settings, has_settings),
    ]
    for name, what, is_claimed, is_there in sides:
        if is_claimed and not is_there:
            text = f'the capability "{name}" is true, but {found.__name__} has no {what}'
            yield _problem(manifest.folder, name, text, f'write {what}, or set "{name}" to false')
        elif is_there and not is_claimed:
            text = f'{found.__name__} has {what}, but the capability "{name}" is not true, so nobody sees it'
            yield _problem(manifest.folder, name, text, f'set "{name}" to true under "capabilities"')


def _overrides(found: type[Module], method: str) -> bool:
    return getattr(found, method) is not getattr(Module, method)


def _problem(folder: Path, name: str, message: str, help: str) -> Problem:  # noqa: A002 - the name on the wire
    line, column = _place(folder / "module.json", name)
    file = "module.json"
    return Problem(severity="warning", message=message, help=help, file=file, line=line, column=column)


def _place(file: Path, name: str) -> tuple[int | None, int | None]:
    """Return line and column of the key, else of the key `capabilities`, else nothing."""
    lines = file.read_text("utf-8").splitlines()
    for key in (f'"{name}"', '"capabilities"'):
        for number, line in enumerate(lines, 1):
            if key in line:
                return number, line.index(key) + 1
    return None, None
