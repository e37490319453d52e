"""A module that does a little of everything, for the rehearsal (`rehearsal.py`). Nobody sees it."""

from pydantic import BaseModel, Field

from ContaraNAS.core.action import Notify, action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Button, Input, Modal, Progress, Stack, Stat, Text, Tile


class Disk(BaseModel):
    """Part of the state."""

    name: str = "sda"
    used: float = Field(default=0.5, ge=0, le=1)


class Rehearsed(Module):
    """State, tile, modal, page and actions."""

    class State(ModuleState):
        """Fields of the usual kinds."""

        count: int = 0
        note: str | None = None
        disks: list[Disk] = Field(default_factory=lambda: [Disk()])

    async def initialize(self) -> None:
        """Do nothing."""

    async def start_monitoring(self) -> None:
        """Do nothing."""

    async def stop_monitoring(self) -> None:
        """Do nothing."""

    def get_tile(self) -> Tile:
        """Draw the state."""
        state = self.typed_state
        return Tile(
            icon="Box",
            title=self.display_name,
            stats=[Stat(label="Count", value=state.count)],
            content=[Stack(children=[Progress(value=disk.used * 100, label=disk.name) for disk in state.disks])],
            actions=[Button(label="More", on_click=self.add)],
        )

    def get_modals(self) -> list[Modal]:
        """Give one, with a field."""
        button = Button(label="Save", on_click=self.rename)
        return [Modal(id="edit", title="Edit", children=[Input(name="note", label="Note"), Text(content="…"), button])]

    @action
    async def add(self, by: int = 1) -> None:
        """Change the state, and commit twice."""
        self.typed_state.count += by
        self.typed_state.commit()

    @action
    async def rename(self, note: str = "") -> Notify:
        """Take a form."""
        self.typed_state.note = note
        return Notify(message="Saved")
