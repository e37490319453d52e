"""The least that a module does, for the rehearsal (`rehearsal.py`). Nobody sees it.

What it does beyond that would be done in vain for a module that doesn't, and costs each worker memory.
"""

from ContaraNAS.core.action import action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Button, Stat, Tile


class Rehearsed(Module):
    """State, tile and action."""

    class State(ModuleState):
        """One field."""

        count: int = 0

    async def initialize(self) -> None:
        """Do nothing."""

    async def start_monitoring(self) -> None:
        """Do nothing."""

    async def stop_monitoring(self) -> None:
        """Do nothing."""

    def get_tile(self) -> Tile:
        """Draw the state."""
        return Tile(
            icon="Box",
            title=self.display_name,
            stats=[Stat(label="Count", value=self.typed_state.count)],
            actions=[Button(label="Add", on_click=self.add)],
        )

    @action
    async def add(self) -> None:
        """Change the state."""
        self.typed_state.count += 1
