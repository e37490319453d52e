"""Actions: what people can do with a module, and what may follow from it in the browser."""

from ContaraNAS.core.action.arguments import action_schema, bind_arguments
from ContaraNAS.core.action.decorator import ActionOptions, action, action_names, get_actions, is_action, options_of
from ContaraNAS.core.action.dispatcher import ActionDispatcher
from ContaraNAS.core.action.progress import progress
from ContaraNAS.core.action.reference import ActionRef, ActionTarget
from ContaraNAS.core.action.results import ActionResult, CloseModal, Notify, OpenModal, Refresh
from ContaraNAS.core.action.running import ActionRunner
from ContaraNAS.core.exceptions import ActionError

__all__ = [
    "ActionDispatcher",
    "ActionError",
    "ActionOptions",
    "ActionRef",
    "ActionResult",
    "ActionRunner",
    "ActionTarget",
    "CloseModal",
    "Notify",
    "OpenModal",
    "Refresh",
    "action",
    "action_names",
    "action_schema",
    "bind_arguments",
    "get_actions",
    "is_action",
    "options_of",
    "progress",
]
