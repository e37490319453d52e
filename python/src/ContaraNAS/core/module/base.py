"""`Module`: what an author derives from. It holds the state and the settings; the worker drives its life."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from ContaraNAS.core.module.settings import default_settings, settings_class
from ContaraNAS.core.module.state import ModuleState

if TYPE_CHECKING:
    from ContaraNAS.core.ui import Component, Tile

__all__ = ["Module"]


class Module:
    """One module of the dashboard.

    Derive from it, give it an inner `class State(ModuleState)` if it has data and an inner `class Settings(BaseModel)`
    if there is something to set, and override what is needed; every method has a default that does nothing. The
    worker constructs it with its name and display name. A constructor of one's own may take fewer arguments; it has
    to call `super().__init__(...)`.
    """

    _typed_state: Any
    """The State, or None in a module that defines none. Untyped here, since the class is the author's."""

    settings: Any = None
    """The Settings, or None in a module that defines none. Before the constructor ends, the defaults."""

    def __init__(self, name: str = "", display_name: str | None = None, *_: Any, **__: Any) -> None:
        # Further arguments (a metadata object, say) are those of the existing system, and of no use here.
        self.name = name or type(self).__name__
        self.display_name = display_name or self.name
        self.init_flag = False
        self.enable_flag = False
        state = getattr(type(self), "State", None)
        is_state = isinstance(state, type) and issubclass(state, ModuleState)
        self._typed_state = state() if is_state and state is not None else None
        settings = settings_class(type(self))
        if settings is not None:
            self.settings = default_settings(settings)[0]

    @property
    def typed_state(self) -> Any:
        """The State, or None in a module that defines none."""
        return self._typed_state

    async def initialize(self) -> None:
        """Prepare what lasts as long as the process; called once, before the first start."""

    async def start_monitoring(self) -> None:
        """Start background work; called whenever the module is enabled."""

    async def stop_monitoring(self) -> None:
        """End background work; called whenever the module is disabled, and before the process ends."""

    def get_tile(self) -> "Tile | None":
        """Return the card on the dashboard; called after every commit, so it should only read."""
        return None

    def get_modals(self) -> "Sequence[Component]":
        """Return the modals that actions of this module can open."""
        return []

    def get_page(self) -> "Component | Sequence[Component] | None":
        """Return the detail page; called while somebody looks at it, so it may be larger than a tile."""
        return None

    def on_settings_changed(self) -> "Awaitable[None] | None":
        """Act on new settings, which are in `self.settings` already; may be sync or async."""
        return None

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after every commit, in the thread that commits. For the runtime."""
        if self._typed_state is not None:
            self._typed_state.on_commit(listener)
