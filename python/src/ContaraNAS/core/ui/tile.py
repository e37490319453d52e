"""`Tile`: the card of a module on the dashboard."""

from typing import Annotated, Literal

from pydantic import Field

from ContaraNAS.core.ui.component import Children, Component
from ContaraNAS.core.ui.display import Stat

__all__ = ["Tile"]

Span = Annotated[int, Field(ge=1, le=3)]


class Tile(Component):
    """What `get_tile()` returns. `icon` is a Lucide name in any style; spans count cells of the grid, 1 to 3."""

    type: Literal["tile"] = "tile"
    icon: str
    title: str
    colspan: Span = 1
    rowspan: Span = 1
    stats: list[Stat] = Field(default_factory=list)
    content: Children | None = None
    actions: Children = Field(default_factory=list)
