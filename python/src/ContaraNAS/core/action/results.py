"""What an action may return: nothing, one of these, or a list of them. The browser does them in order."""

from typing import Literal

from ContaraNAS.core.shape import Shape

__all__ = ["ActionResult", "CloseModal", "Notify", "OpenModal", "Refresh"]


class ActionResult(Shape):
    """Base of all results; authors use the classes below."""


class OpenModal(ActionResult):
    """Open the modal with this id; it has to be among those that `get_modals()` gives."""

    type: Literal["open_modal"] = "open_modal"
    modal_id: str


class CloseModal(ActionResult):
    """Close the modal with this id if it is the open one; without an id whichever is open."""

    type: Literal["close_modal"] = "close_modal"
    modal_id: str | None = None


class Notify(ActionResult):
    """Show a short message for a few seconds."""

    type: Literal["notify"] = "notify"
    message: str
    variant: Literal["info", "success", "warning", "error"] = "info"
    title: str | None = None


class Refresh(ActionResult):
    """Have the browser fetch everything anew."""

    type: Literal["refresh"] = "refresh"
