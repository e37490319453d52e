"""`ActionDispatcher`: runs actions of several modules by name, in this process. For modules; the worker needs none."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ContaraNAS.core.action.running import ActionRunner
from ContaraNAS.core.exceptions import UnknownActionError

if TYPE_CHECKING:
    from ContaraNAS.core.module import Module

__all__ = ["ActionDispatcher"]


class ActionDispatcher:
    """Knows modules by name and runs their actions as the dashboard would, coercion and timeouts included."""

    def __init__(self) -> None:
        self._runners: dict[str, ActionRunner] = {}

    def register_module(self, module: "Module") -> None:
        """Make the actions of `module` known under its name, in place of another module of this name."""
        self._runners[module.name] = ActionRunner(module)

    def unregister_module(self, module: "Module | str") -> None:
        """Forget a module, given itself or its name; one that isn't known is no error."""
        self._runners.pop(module if isinstance(module, str) else module.name, None)

    def get_module_actions(self, module_name: str) -> list[str]:
        """Return the names of a module's actions, sorted. Raises `UnknownActionError` for an unknown module."""
        return self._runner(module_name).names

    async def dispatch(
        self,
        module_name: str,
        action_name: str,
        payload: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Run an action with `payload` as bound parameters and `form` under them; return its results as maps.

        Raises `UnknownActionError`, `BadArgumentsError`, `ActionTimeoutError`, and whatever the action raises.
        """
        return await self._runner(module_name).run(action_name, payload, form)

    def _runner(self, module_name: str) -> ActionRunner:
        runner = self._runners.get(module_name)
        if runner is None:
            raise UnknownActionError(f"there is no module {module_name!r}")
        return runner
