"""Components that tell how things stand."""

from typing import Literal

from pydantic import Field

from ContaraNAS.core.ui.component import Component

__all__ = ["Alert", "Spinner"]


class Alert(Component):
    """A message that stands out."""

    type: Literal["alert"] = "alert"
    message: str = Field(description="what it says")
    variant: Literal["info", "success", "warning", "error"] = Field(default="info", description="how serious it is")
    title: str | None = Field(default=None, description="a heading above the message")


class Spinner(Component):
    """Something is going on, and nobody knows for how long."""

    type: Literal["spinner"] = "spinner"
    size: Literal["sm", "md", "lg"] = Field(default="md", description="its size")
    label: str | None = Field(default=None, description="what is going on")
