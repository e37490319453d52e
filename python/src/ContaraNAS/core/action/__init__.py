"""Actions: what people can do with a module, and what may follow from it in the browser."""

from ContaraNAS.core.action.decorator import action, action_names, is_action
from ContaraNAS.core.action.reference import ActionRef, ActionTarget
from ContaraNAS.core.action.results import ActionResult, CloseModal, Notify, OpenModal, Refresh

__all__ = [
    "ActionRef",
    "ActionResult",
    "ActionTarget",
    "CloseModal",
    "Notify",
    "OpenModal",
    "Refresh",
    "action",
    "action_names",
    "is_action",
]
