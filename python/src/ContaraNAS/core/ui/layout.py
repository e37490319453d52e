"""Components that place others."""

from typing import Literal

from pydantic import Field

from ContaraNAS.core.action import ActionTarget
from ContaraNAS.core.ui.component import Children, Component

__all__ = ["Stack"]


class Stack(Component):
    """Children in a row or a column; `gap` is in quarters of a rem. With `on_click` the whole is one button."""

    type: Literal["stack"] = "stack"
    direction: Literal["horizontal", "vertical"] = "vertical"
    gap: Literal["0", "1", "2", "3", "4", "5", "6", "8"] = "4"
    align: Literal["start", "center", "end", "stretch"] = "stretch"
    justify: Literal["start", "center", "end", "between", "around"] = "start"
    grow: bool = False
    children: Children = Field(default_factory=list)
    on_click: ActionTarget = None
