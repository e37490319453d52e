"""Components that place others."""

from typing import Literal

from pydantic import Field

from ContaraNAS.core.action import ActionTarget
from ContaraNAS.core.ui.component import Children, Component, Gap

__all__ = ["Form", "Grid", "Stack"]


class Stack(Component):
    """Children in a row or a column. With `on_click` the whole is one button, so put none into it."""

    type: Literal["stack"] = "stack"
    direction: Literal["horizontal", "vertical"] = Field(default="vertical", description="row or column")
    gap: Gap = Field(default="4", description="space between children, in quarters of a rem")
    align: Literal["start", "center", "end", "stretch"] = Field(
        default="stretch", description="where children stand across the direction"
    )
    justify: Literal["start", "center", "end", "between", "around"] = Field(
        default="start", description="where children stand along the direction"
    )
    grow: bool = Field(default=False, description="whether children share the space that is left")
    children: Children = Field(default_factory=list, description="components in order")
    on_click: ActionTarget = Field(default=None, description="the action that a click on any of it runs")


class Form(Stack):
    """A stack whose fields go to the buttons in it and to no others. Without one, a tile, page or modal is one form."""

    form: str = Field(default="form", min_length=1, description="its name, unlike that of other forms around it")


class Grid(Component):
    """Children in columns, row after row."""

    type: Literal["grid"] = "grid"
    columns: int | str = Field(default=2, description="how many equal columns, or tracks as of “Sizes and colours”")
    gap: Gap = Field(default="4", description="space between children, in quarters of a rem")
    row_height: str | None = Field(default=None, description="tracks as of “Sizes and colours”, e.g. `8rem`")
    children: Children = Field(default_factory=list, description="components in order")
