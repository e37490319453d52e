"""A module that is loaded, with everything that serves it: its actions, settings, trees and state."""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from contara_worker.acting import Acting
from contara_worker.configuring import Configuring
from contara_worker.failure import Refusal, describe, sendable
from contara_worker.keeping import StateKeeper
from contara_worker.limits import broken_limits
from contara_worker.messages import Action, ErrorKind, Load
from contara_worker.outlet import Outlet
from contara_worker.rendering import Renderer
from ContaraNAS.core.module import Module
from ContaraNAS.core.module.state import describe_problem

__all__ = ["Loaded"]

_PROBLEM_CHARS = 4_000


class Loaded:
    """Gives the module its stored state and settings; what no longer validates leaves the defaults.

    Raises `Refusal`.
    """

    def __init__(self, module: Module, request: Load, outlet: Outlet) -> None:
        self.module = module
        limits = request.limits
        paced = replace(outlet, frames_per_second=limits.frames_per_second if limits else None)
        self.keeper = StateKeeper(module, paced, keep_any=request.keep_state)
        self.renderer = Renderer(module, request, self.keeper, paced)
        self.acting = Acting(module, outlet, self.renderer.answer, self.renderer.hurry)
        self._schemas = self.acting.schemas()
        self.configuring = Configuring(module, request.capabilities)
        self.configuring.load(request.settings)
        # A State that no longer asks to be kept begins anew, whatever was stored when it did.
        self._state_problem = _restore(module, request.state) if self.keeper.keeps else None

    def committed(self) -> None:
        """Send state and trees soon; called after a commit, in the thread that commits."""
        self.keeper.note()
        self.renderer.request()

    def check_form(self, request: Action) -> None:
        """Raise `Refusal` if a field that the action takes doesn't keep the limits that the browser shows."""
        schema = self._schemas.get(request.action)
        if not request.form or schema is None:
            return
        form = {name: value for name, value in request.form.items() if _takes(schema["params"], name)}
        wrong = broken_limits(self.renderer.drawn(), form)
        if wrong:
            told = "; ".join(f"{name}: {text.rstrip('.')}" for name, text in wrong.items())
            raise Refusal(ErrorKind.BAD_ARGUMENTS, f"{request.action}: {told}", fields=wrong)

    def describe(self) -> dict[str, Any]:
        """Return the answer to `load`."""
        schemas = self._schemas
        return {
            "class": type(self.module).__name__,
            "actions": list(schemas),
            "schemas": schemas,
            "settings": self.configuring.schema,
            "persist": self.keeper.persists,
            "state_problem": self._state_problem,
            "settings_problem": self.configuring.problem,
        }


def _takes(params: dict[str, Any], name: str) -> bool:
    """Whether an action with these parameters takes the field: by its name, in a model, or with all the rest."""
    models = [model.get("properties", {}) for model in params["properties"].values()]
    return params["additionalProperties"] or any(name in names for names in (params["properties"], *models))


def _restore(module: Module, stored: dict[str, Any] | None) -> str | None:
    """Put the stored state in place and return None, or why that can't be done."""
    state = module.typed_state
    if stored is None or state is None:
        return None
    try:
        state.restore(stored)
    except ValidationError as error:
        return sendable(describe_problem(type(state), error), _PROBLEM_CHARS)
    except Exception as error:  # noqa: BLE001 - validators are the module's code
        return describe(error)
    return None
