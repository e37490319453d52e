"""Components that people act on."""

from typing import Literal

from ContaraNAS.core.action import ActionTarget
from ContaraNAS.core.ui.component import Component

__all__ = ["Button"]


class Button(Component):
    """Runs an action when clicked; without `on_click` a click does nothing."""

    type: Literal["button"] = "button"
    label: str
    on_click: ActionTarget = None
    variant: Literal["primary", "secondary", "ghost", "danger"] = "primary"
    size: Literal["sm", "md", "lg"] = "md"
    icon: str | None = None
    icon_only: bool = False
    disabled: bool = False
    loading: bool = False
