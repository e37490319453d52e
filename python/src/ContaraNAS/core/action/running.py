"""Running the actions of one module: arguments, order, timeouts, cancelling. The worker and `ActionDispatcher` use it.

It doesn't render: who calls it does so afterwards, also when it raises, since what an action had changed is true.
"""

import asyncio
import contextlib
import inspect
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ContaraNAS.core.action.arguments import bind_arguments
from ContaraNAS.core.action.decorator import get_actions, options_of
from ContaraNAS.core.action.progress import ProgressListener, listen_to_progress
from ContaraNAS.core.action.results import ActionResult
from ContaraNAS.core.exceptions import ActionTimeoutError, UnknownActionError

__all__ = ["ActionRunner", "results_of"]

_GRACE_SECONDS = 1.0
"""How long a cancelled action may take to clean up before it is answered without waiting any longer."""

logger = logging.getLogger(__name__)

_Outcome = tuple[Any, BaseException | None]


@dataclass(frozen=True)
class _Call:
    method: Callable[..., Any]
    arguments: dict[str, Any]
    on_progress: ProgressListener | None
    on_end: Callable[[], None] | None

    @property
    def name(self) -> str:
        return self.method.__name__


class ActionRunner:
    """Runs the actions of `module`, calls of the same one in turn unless it is concurrent."""

    def __init__(self, module: object) -> None:
        self._actions = get_actions(module)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._left: dict[str, asyncio.Task[_Outcome]] = {}

    @property
    def names(self) -> list[str]:
        """The names of all actions, sorted."""
        return list(self._actions)

    async def run(
        self,
        name: str,
        params: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
        on_progress: ProgressListener | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> list[dict[str, Any]]:
        """Run an action and return its results as maps. Whatever it raises comes through, `SystemExit` too.

        `on_end` is called in the loop right after the action's last step, before anything else gets its turn; that is
        after this method has returned, if the action couldn't be stopped.

        Raises `UnknownActionError`, `BadArgumentsError` (the action isn't run) and `ActionTimeoutError`. To cancel
        the action, cancel the task that awaits this.
        """
        method = self._actions.get(name)
        if method is None:
            raise UnknownActionError(f"the module has no action {name!r}")
        call = _Call(method, bind_arguments(method, params, form), on_progress, on_end)
        if options_of(method).concurrent:
            return results_of(name, await self._perform(call))
        async with self._turns[name]:
            self._refuse_if_left(name)
            return results_of(name, await self._perform(call))

    async def _perform(self, call: _Call) -> Any:
        seconds = options_of(call.method).timeout
        with listen_to_progress(call.on_progress):
            task = asyncio.get_running_loop().create_task(_outcome(call), name=f"action {call.name}")
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
        except asyncio.CancelledError:
            await self._abandon(call.name, task)
            raise
        if not done:
            await self._abandon(call.name, task)
            raise ActionTimeoutError(f"no result within {seconds:g} s{_left_running(call, task)}")
        value, error = task.result()
        if error is not None:
            raise error
        return value

    async def _abandon(self, name: str, task: "asyncio.Task[_Outcome]") -> None:
        """Cancel an action and give it a moment; one that goes on nevertheless is remembered."""
        self._left[name] = task  # now already, since who is cancelled once more doesn't get past the wait
        task.cancel()
        await asyncio.wait({task}, timeout=_GRACE_SECONDS)

    def _refuse_if_left(self, name: str) -> None:
        left = self._left.get(name)
        if left is None:
            return
        if not left.done():
            raise ActionTimeoutError("an earlier call of it still runs and can't be stopped")
        del self._left[name]


def results_of(name: str, returned: object) -> list[dict[str, Any]]:
    """Return the results that an action returned as maps, in order; what isn't a result is logged and left out."""
    results: list[dict[str, Any]] = []
    for result in returned if isinstance(returned, list | tuple) else [returned]:
        if isinstance(result, ActionResult):
            results.append(result.to_dict())
        elif result is not None:
            logger.warning("action %s returned a %s, which means nothing", name, type(result).__name__)
    return results


def _left_running(call: _Call, task: "asyncio.Task[_Outcome]") -> str:
    if task.done():
        return ""
    kind = (
        "it ignores being cancelled" if inspect.iscoroutinefunction(call.method) else "a sync action can't be stopped"
    )
    return f"; {kind} and goes on"


async def _outcome(call: _Call) -> _Outcome:
    """Return what the action returns or raises: SystemExit raised in a task would end the loop."""
    try:
        return await _finished(call), None
    except BaseException as error:  # noqa: BLE001 - handed to the caller
        return None, error
    finally:
        if call.on_end is not None:
            call.on_end()


async def _finished(call: _Call) -> Any:
    """Call an action, a sync one in a thread, where it may block. The thread is waited for even when cancelled."""
    if inspect.iscoroutinefunction(call.method):
        return await call.method(**call.arguments)
    thread = asyncio.ensure_future(asyncio.to_thread(_thread_outcome, call))
    while not thread.done():
        with contextlib.suppress(asyncio.CancelledError):  # the thread goes on whatever we want; its end is what counts
            await asyncio.shield(thread)
    returned, failed = thread.result()
    if failed is not None:
        raise failed
    return await returned if inspect.isawaitable(returned) else returned


def _thread_outcome(call: _Call) -> _Outcome:
    """Run in a thread; a Future can't carry StopIteration, and would raise SystemExit in the loop."""
    try:
        return call.method(**call.arguments), None
    except BaseException as error:  # noqa: BLE001 - handed to the caller
        return None, error
