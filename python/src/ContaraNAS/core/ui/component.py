"""`Component`, the base of the vocabulary, and the types that several components share."""

from typing import Annotated

from pydantic import Field, InstanceOf

from ContaraNAS.core.shape import Shape

__all__ = ["Children", "Component"]


class Component(Shape):
    """A building block of the UI. Built with keyword props, read by attribute, sent by the runtime."""


# Instances only: a dict would otherwise be taken for a Component without a kind.
Children = Annotated[list[InstanceOf[Component]], Field(description="components in order")]
