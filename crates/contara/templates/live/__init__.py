"""A counter: its state, its tile, and two buttons, one of which asks something first."""

from ContaraNAS.core import get_logger
from ContaraNAS.core.action import ActionResult, CloseModal, Notify, OpenModal, action
from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Button, Input, Modal, Stat, Tile

logger = get_logger(__name__)


class MyModule(Module):
    """The module. Contara makes one object of this class, in a process of its own."""

    class State(ModuleState):
        """All that is shown comes from here. A wrong value is refused where it is assigned."""

        count: int = 0
        step: int = 1

    async def initialize(self) -> None:
        """Prepare what lasts as long as the process. Called once, before the first start."""

    async def start_monitoring(self) -> None:
        """Start background work. Called whenever the module is enabled."""
        logger.info("counting in steps of %d", self.typed_state.step)

    async def stop_monitoring(self) -> None:
        """End what start_monitoring() has started. Called whenever the module is disabled."""

    def get_tile(self) -> Tile:
        """Draw the tile. Called after every commit, so it only reads the state."""
        return Tile(
            icon="mouse-pointer-click",
            title=self.display_name,
            stats=[Stat(label="Count", value=self.typed_state.count)],
            actions=[
                Button(label="Increment", on_click=self.increment),
                Button(label="Change step", variant="secondary", on_click=self.ask_for_step),
            ],
        )

    def get_modals(self) -> list[Modal]:
        """Draw the dialogs that actions can open."""
        step = Input(name="step", label="Step", input_type="number", value=str(self.typed_state.step), min=1)
        save = Button(label="Save", on_click=self.change_step)
        return [Modal(id="step", title="Change step", children=[step], footer=[save])]

    # What buttons do. The state is committed afterwards, and every browser sees the new tile.

    @action
    async def increment(self) -> None:
        """Count one step further."""
        self.typed_state.count += self.typed_state.step

    @action
    async def ask_for_step(self) -> OpenModal:
        """Open the dialog."""
        return OpenModal(modal_id="step")

    @action
    async def change_step(self, step: int) -> list[ActionResult]:
        """Take the dialog's field of the same name. What is no number is refused before this runs."""
        self.typed_state.step = step
        return [CloseModal(), Notify(message=f"Counting in steps of {step}.", variant="success")]
