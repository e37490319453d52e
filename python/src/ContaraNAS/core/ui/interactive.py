"""Components that people act on; fields of forms are in `forms`."""

from typing import Literal

from pydantic import Field

from ContaraNAS.core.action import ActionTarget
from ContaraNAS.core.ui.component import ICON, Children, Component, Icon, Part

__all__ = ["Button", "Tab", "Tabs"]


class Button(Component):
    """Runs an action when pressed. Without `on_click` it closes the modal that it is in."""

    type: Literal["button"] = "button"
    label: str = Field(description="what it does; its accessible name even if `icon_only` hides it")
    on_click: ActionTarget = Field(default=None, description="the action that it runs")
    variant: Literal["primary", "secondary", "ghost", "danger"] = Field(
        default="primary", description="how much it stands out; `danger` is asked for before it runs"
    )
    size: Literal["sm", "md", "lg"] = Field(default="md", description="its size")
    icon: Icon | None = Field(default=None, description=ICON)
    icon_only: bool = Field(default=False, description="show the icon and hide the label")
    disabled: bool = Field(default=False, description="can't be pressed")
    loading: bool = Field(default=False, description="shows a spinner and can't be pressed")
    confirm: str | None = Field(default=None, description="a question that must be confirmed before the action runs")


class Tab(Part):
    """One of the `Tabs`."""

    type: Literal["tab"] = "tab"
    id: str = Field(description="its name among the tabs, the same in every tree")
    label: str = Field(description="what is written on it")
    icon: Icon | None = Field(default=None, description=ICON)
    children: Children = Field(default_factory=list, description="what it shows, one below the other")


class Tabs(Component):
    """Several views in one place, of which people choose one."""

    type: Literal["tabs"] = "tabs"
    tabs: list[Tab] = Field(description="from left to right")
    default_tab: str | None = Field(default=None, description="id of the tab that is open at first; else the first one")
    size: Literal["sm", "md"] = Field(default="md", description="size of the row of tabs")
