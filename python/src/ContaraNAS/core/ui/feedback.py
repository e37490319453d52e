"""Components that tell how things stand."""

from typing import Literal

from ContaraNAS.core.ui.component import Component

__all__ = ["Alert"]


class Alert(Component):
    """A message that stands out."""

    type: Literal["alert"] = "alert"
    message: str
    variant: Literal["info", "success", "warning", "error"] = "info"
    title: str | None = None
