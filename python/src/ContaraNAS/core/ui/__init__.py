"""The components that tiles and modals are made of."""

from ContaraNAS.core.ui.component import Component
from ContaraNAS.core.ui.display import Badge, Stat, Text
from ContaraNAS.core.ui.feedback import Alert
from ContaraNAS.core.ui.interactive import Button
from ContaraNAS.core.ui.layout import Stack
from ContaraNAS.core.ui.tile import Tile

__all__ = ["Alert", "Badge", "Button", "Component", "Stack", "Stat", "Text", "Tile"]
