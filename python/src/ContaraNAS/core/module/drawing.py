"""Drawing: asks a module for its tile, modals and page, and checks that they are components.

When that is done, and what is sent, is the caller's business: the worker's renderer, or a test.
"""

from ContaraNAS.core.module.base import Module
from ContaraNAS.core.ui import Component, Stack, Tile

__all__ = ["draw_modals", "draw_page", "draw_tile"]


def draw_tile(module: Module) -> Tile | None:
    """Return what `get_tile()` does. Raises `TypeError` if that is no tile, and whatever the module raises."""
    tile: object = module.get_tile()
    if tile is not None and not isinstance(tile, Tile):
        raise TypeError(f"get_tile() returned {type(tile).__name__}; expected a Tile or None")
    return tile


def draw_modals(module: Module) -> list[Component]:
    """Return what `get_modals()` does. Raises `TypeError` if that are no components."""
    modals: object = module.get_modals() or []
    if not (isinstance(modals, list | tuple) and all(isinstance(modal, Component) for modal in modals)):
        raise TypeError("get_modals() returned something else than a list of components")
    return list(modals)


def draw_page(module: Module) -> Component | None:
    """Return what `get_page()` does; a list of components becomes a stack. Raises `TypeError` for anything else."""
    page: object = module.get_page()
    if isinstance(page, list | tuple) and all(isinstance(part, Component) for part in page):
        return Stack(children=list(page))
    if page is not None and not isinstance(page, Component):
        raise TypeError(f"get_page() returned {type(page).__name__}; expected a component, a list of them, or None")
    return page
