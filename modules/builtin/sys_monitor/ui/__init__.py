"""How things look: from what was read to components. Reads nothing itself."""

from .page import page
from .tile import tile

__all__ = ["page", "tile"]
