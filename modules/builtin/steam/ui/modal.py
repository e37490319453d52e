"""The dialog with a library's games."""

from typing import Any

from ContaraNAS.core.ui import Modal, Table, TableColumn, Text

from ..library import Game, Library
from .drive import drive_bar
from .text import date_text, size_text

__all__ = ["modal", "modal_id"]


def modal(library: Library) -> Modal:
    """Return the modal of one library."""
    columns = [
        TableColumn(key="name", label="Game"),
        *(
            TableColumn(key=key, label=label, align="right")
            for key, label in (
                ("total", "Total"),
                ("game", "Game files"),
                ("shaders", "Shader cache"),
                ("workshop", "Workshop"),
                ("compat", "Proton"),
            )
        ),
        TableColumn(key="updated", label="Updated"),
        TableColumn(key="state", label="State", render="badge"),
    ]
    table = Table(
        columns=columns,
        data=[_row(game) for game in library.games],
        row_key="app_id",
        empty_message="No games are installed here",
        sortable=True,
        default_sort_key="total",
        page_size=50,
    )
    free = f"{size_text(library.drive_free)} free of {size_text(library.drive_total)}"
    return Modal(
        id=modal_id(library.key),
        title=f"{library.kind} library {library.path}",
        size="xl",
        children=[drive_bar(library), Text(content=free, variant="muted", size="sm"), table],
    )


def modal_id(key: str) -> str:
    """Return the id of the modal of the library with this key."""
    return f"library_{key}"


def _row(game: Game) -> dict[str, Any]:
    sizes = game.sizes
    row: dict[str, Any] = {
        "app_id": game.app_id,
        "name": game.name,
        "name_sort": game.name.casefold(),
        "total": size_text(sizes.total) if sizes.complete else size_text(None),
        "total_sort": sizes.total,
        "updated": date_text(game.updated),
        "updated_sort": game.updated or 0,
        "state": game.state,
        "state_variant": "success" if game.settled else "warning",
    }
    parts = {"game": sizes.game, "shaders": sizes.shaders, "workshop": sizes.workshop, "compat": sizes.compat}
    for key, size in parts.items():
        row |= {key: "–" if size == 0 else size_text(size), f"{key}_sort": size or 0}
    return row
