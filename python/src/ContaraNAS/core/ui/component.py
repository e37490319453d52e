"""The bases of the vocabulary, and the types that several components share.

These classes are the one definition of the vocabulary: the reference, the JSON Schema and the TypeScript types are made
from their docstrings, annotations, defaults and descriptions (`tools/vocabulary`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, InstanceOf

from ContaraNAS.core.shape import Shape

__all__ = ["ICON", "Accent", "Children", "Component", "Gap", "Icon", "Items", "Number", "Part", "Wire"]


class Component(Shape):
    """A building block of the UI. Built with keyword props, read by attribute, sent by the runtime."""


class Part(Shape):
    """A piece of one kind of component, such as a column of a table; it isn't drawn by itself."""


@dataclass(frozen=True, slots=True)
class Wire:
    """What a prop is when it is sent, where an author may give more than that."""

    annotation: Any
    always: bool = False
    """Sent in any case, even if the author left it out."""


if TYPE_CHECKING:
    Items = Sequence
else:
    Items = list
"""A list. For type checkers any sequence, since to them a `list[Text]` is no `list[Component]`."""

# Instances only: a dict would otherwise be taken for a Component without a kind.
Children = Items[InstanceOf[Component]]


def _icon(name: str) -> str:
    if name == "icons":
        raise ValueError("expected the name of an icon, got 'icons', which clients of protocol v1 don't survive")
    return name


Icon = Annotated[str, AfterValidator(_icon)]
ICON = "Lucide name in any style, such as `HardDrive` or `hard-drive`"

Number = int | float
Gap = Literal["0", "1", "2", "3", "4", "5", "6", "8"]
Accent = Literal["default", "success", "warning", "error"]
