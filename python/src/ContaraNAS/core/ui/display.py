"""Components that show a value."""

from typing import Literal

from ContaraNAS.core.ui.component import Component

__all__ = ["Badge", "Stat", "Text"]


class Stat(Component):
    """A value with a label."""

    type: Literal["stat"] = "stat"
    label: str
    value: str | int | float


class Text(Component):
    """A run of text. `size` wins over the size that `variant` would have."""

    type: Literal["text"] = "text"
    content: str
    variant: Literal["body", "secondary", "muted", "code"] = "body"
    size: Literal["sm", "base", "lg", "xl"] = "base"


class Badge(Component):
    """A short word with a colour."""

    type: Literal["badge"] = "badge"
    text: str
    variant: Literal["default", "primary", "success", "warning", "error", "info"] = "default"
