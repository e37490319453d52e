"""Components that frame others: the tile, cards in it, and modals."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ContaraNAS.core.ui.component import ICON, Children, Component, Icon, Wire
from ContaraNAS.core.ui.display import Badge, Stat

__all__ = ["Card", "Modal", "Tile"]

Span = Annotated[int, Field(ge=1, le=3)]


def _to_badge(value: Badge | str | None) -> Badge | None:
    return Badge(text=value) if isinstance(value, str) else value


class Tile(Component):
    """The card of a module on the dashboard, which `get_tile()` returns."""

    type: Literal["tile"] = "tile"
    icon: Icon = Field(description=ICON)
    title: str = Field(description="heading; usually the module's name")
    colspan: Span = Field(default=1, description="width in cells of the dashboard's grid")
    rowspan: Span = Field(default=1, description="height in cells of the dashboard's grid")
    stats: list[Stat] = Field(default_factory=list, description="figures at the top, three a row")
    content: Children | None = Field(default=None, description="what is below the figures")
    actions: Children = Field(default_factory=list, description="usually buttons, at the bottom")
    badge: Annotated[Badge | str | None, AfterValidator(_to_badge), Wire(Badge | None)] = Field(
        default=None, description="a short word beside the title; plain text becomes a `Badge`"
    )


class Card(Component):
    """A frame with an optional heading and footer."""

    type: Literal["card"] = "card"
    icon: Icon | None = Field(default=None, description=ICON)
    title: str | None = Field(default=None, description="heading")
    children: Children = Field(default_factory=list, description="components in order")
    footer: Children | None = Field(default=None, description="what stands in the bar below; without it there is none")


class Modal(Component):
    """A dialog, one of those that `get_modals()` returns. `OpenModal` opens it; among `children` it draws nothing."""

    type: Literal["modal"] = "modal"
    id: str = Field(description="its name, by which actions open and close it; unlike that of any other modal")
    title: str = Field(description="heading")
    size: Literal["sm", "md", "lg", "xl"] = Field(default="md", description="its width")
    children: Children = Field(default_factory=list, description="components in order")
    footer: Children | None = Field(default=None, description="usually buttons, at the bottom")
    closable: bool = Field(default=True, description="whether people may close it without pressing a button")
