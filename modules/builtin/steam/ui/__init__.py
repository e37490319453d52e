"""How libraries look: from what was found to components."""

from .modal import modal, modal_id
from .tile import tile

__all__ = ["modal", "modal_id", "tile"]
