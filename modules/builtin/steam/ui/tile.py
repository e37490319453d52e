"""The card on the dashboard."""

from collections.abc import Callable
from typing import Any

from ContaraNAS.core.action import ActionRef
from ContaraNAS.core.ui import Alert, Button, Component, Spinner, Stack, Stat, Text, Tile

from ..library import Library, Problem
from .drive import drive_bar
from .text import size_text

__all__ = ["tile"]

_ICON = "Gamepad2"
_MOST_PROBLEMS = 3

Action = Callable[..., Any]


def tile(title: str, state: Any, *, show: Action, look: Action) -> Tile:
    """Return the tile for a State; `show` and `look` are the actions of its buttons."""
    again = Button(label="Look again", icon="RefreshCw", variant="secondary", size="sm", on_click=look)
    if not state.looked:
        return Tile(icon=_ICON, title=title, content=[Spinner(label="Looking for libraries")])
    problems = _problems(state.problems)
    if not state.libraries:
        return Tile(icon=_ICON, title=title, content=[*_absent(), *problems], actions=[again])
    libraries: list[Library] = state.libraries
    return Tile(
        icon=_ICON,
        title=title,
        colspan=2,
        stats=[
            Stat(label="Games", value=sum(len(library.games) for library in libraries)),
            Stat(label="Size", value=size_text(sum(library.sizes.total for library in libraries))),
            Stat(label="Libraries", value=len(libraries)),
        ],
        content=[*(_library(library, show) for library in libraries), *problems],
        actions=[again] if not all(library.present for library in libraries) else [],
        badge="Measuring" if not all(library.measured for library in libraries) else None,
    )


def _absent() -> list[Component]:
    return [
        Text(content="Steam isn't on this machine."),
        Text(
            content="If it is, in an unusual place or in a home that Contara may not read, name it in the settings.",
            variant="muted",
            size="sm",
        ),
    ]


def _library(library: Library, show: Action) -> Component:
    path = Text(content=library.path, variant="code", size="sm")
    if not library.present:
        gone = Text(content="Not there now. Its drive may not be plugged in.", variant="muted", size="sm")
        return Stack(gap="2", children=[path, gone])
    heading = Stack(direction="horizontal", justify="between", align="center", children=[path, _open(library, show)])
    free = f"{library.kind} · {size_text(library.drive_free)} free of {size_text(library.drive_total)}"
    return Stack(gap="2", children=[heading, drive_bar(library), Text(content=free, variant="muted", size="sm")])


def _open(library: Library, show: Action) -> Button:
    count = len(library.games)
    return Button(
        label="1 game" if count == 1 else f"{count} games",
        variant="secondary",
        size="sm",
        on_click=ActionRef(show, library=library.key),
    )


def _problems(problems: list[Problem]) -> list[Component]:
    shown = [Alert(message=problem.message, title=problem.place, variant="warning") for problem in problems]
    hidden = len(shown) - _MOST_PROBLEMS
    more = [Text(content=f"and {hidden} more files that can't be read", variant="muted")] if hidden > 0 else []
    return [*shown[:_MOST_PROBLEMS], *more]
