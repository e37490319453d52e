"""Components that show a value."""

from typing import Literal

from pydantic import Field

from ContaraNAS.core.ui.component import ICON, Accent, Component, Icon, Number, Part

__all__ = [
    "Badge",
    "Image",
    "Progress",
    "SegmentedProgress",
    "SegmentedProgressSegment",
    "Stat",
    "StatCard",
    "StatSmall",
    "Text",
]


class Text(Component):
    """A run of text. `size` wins over the size that `variant` would have."""

    type: Literal["text"] = "text"
    content: str = Field(description="what it says")
    variant: Literal["body", "secondary", "muted", "code"] = Field(default="body", description="how it stands out")
    size: Literal["sm", "base", "lg", "xl"] = Field(default="base", description="size of the letters")


class Badge(Component):
    """A short word with a colour."""

    type: Literal["badge"] = "badge"
    text: str = Field(description="the word")
    variant: Literal["default", "primary", "success", "warning", "error", "info"] = Field(
        default="default", description="its colour"
    )


class Stat(Component):
    """A value with a label: in a tile's `stats` a bold figure, elsewhere a line of text."""

    type: Literal["stat"] = "stat"
    label: str = Field(description="what the value is")
    value: str | int | float = Field(description="the value; text is shown as it is, with its unit")


class StatSmall(Component):
    """A value with a label on one line, label left and value right."""

    type: Literal["stat_small"] = "stat_small"
    label: str = Field(description="what the value is")
    value: str | int | float = Field(description="the value; text is shown as it is, with its unit")


class StatCard(Component):
    """A value with a label in a frame of its own, with an icon and a trend."""

    type: Literal["stat_card"] = "stat_card"
    label: str = Field(description="what the value is")
    value: str | int | float = Field(description="the value; text is shown as it is, with its unit")
    icon: Icon | None = Field(default=None, description=ICON)
    color: Accent = Field(default="default", description="how good or bad it is")
    trend: tuple[Literal["up", "down"], str] | None = Field(
        default=None, description='where it goes and by how much, e.g. `("up", "5 %")`'
    )


class Progress(Component):
    """A bar that is filled in proportion to `value`."""

    type: Literal["progress"] = "progress"
    value: Number = Field(description="how far; below 0 draws as 0, above `max` as `max`")
    max: Number = Field(default=100, description="what counts as full")
    label: str | None = Field(default=None, description="what it measures")
    sublabel: str | None = Field(default=None, description="a second, quieter label, e.g. `3.1 of 8 GB`")
    color: Accent = Field(default="default", description="how good or bad it is")
    size: Literal["sm", "lg"] = Field(default="sm", description="height of the bar")


class SegmentedProgressSegment(Part):
    """A stretch of a `SegmentedProgress`."""

    type: Literal["segment"] = "segment"
    value: Number = Field(description="its length, in the unit of the bar's `max`; 0 and less draw nothing")
    color: str = Field(
        description="`primary`, `success`, `warning`, `error`, `info`, `muted` or a colour as of “Sizes and colours”"
    )
    label: str | None = Field(default=None, description="what it stands for")


class SegmentedProgress(Component):
    """A bar made of coloured stretches, e.g. what takes up a disk."""

    type: Literal["segmented_progress"] = "segmented_progress"
    segments: list[SegmentedProgressSegment] = Field(description="from left to right")
    max: Number = Field(default=100, description="what the whole bar stands for")
    size: Literal["sm", "lg"] = Field(default="sm", description="height of the bar")
    show_legend: bool = Field(default=False, description="whether the labels are listed below")


class Image(Component):
    """A picture."""

    type: Literal["image"] = "image"
    src: str = Field(description="a path of the daemon, or a `data:` URL; from another host it is a link, not loaded")
    alt: str = Field(default="", description="what it shows, for who can't see it; empty if it only decorates")
    width: int | None = Field(default=None, description="in CSS pixels; its own if left out")
    height: int | None = Field(default=None, description="in CSS pixels; its own if left out")
    border_radius: Literal["none", "sm", "md", "lg"] = Field(default="sm", description="how round the corners are")
