"""Running the actions of one module: arguments, order, timeouts, cancelling. The worker and `ActionDispatcher` use it.

It doesn't render: who calls it does so afterwards, also when it raises, since what an action had changed is true.
"""

import asyncio
import contextlib
import inspect
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ContaraNAS.core.action.arguments import bind_arguments
from ContaraNAS.core.action.decorator import ActionOptions, get_actions, options_of
from ContaraNAS.core.action.progress import ProgressListener, set_progress_listener
from ContaraNAS.core.action.results import ActionResult
from ContaraNAS.core.exceptions import ActionTimeoutError, UnknownActionError

__all__ = ["ActionCall", "ActionRequest", "ActionRunner", "Outcome", "results_of"]

_GRACE_SECONDS = 1.0
"""How long a cancelled action may take to clean up before it is answered without waiting any longer."""

logger = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What an action returned, or the exception that it raised, `SystemExit` too."""

    value: Any = None
    error: BaseException | None = None


class ActionRequest(NamedTuple):
    """What is asked for: bound parameters, the fields of a form, and who is told how far it is."""

    name: str
    params: Mapping[str, Any] | None = None
    form: Mapping[str, Any] | None = None
    on_progress: ProgressListener | None = None


class _Action:
    """An action, and its calls that wait for their turn or run; those of a concurrent one don't wait."""

    __slots__ = ("left", "method", "options", "queue", "task_name")

    def __init__(self, name: str, method: Callable[..., Any]) -> None:
        self.method = method
        self.options: ActionOptions = options_of(method)
        self.queue: deque[ActionCall] = deque()
        self.left: asyncio.Task[None] | None = None
        self.task_name = f"action {name}"

    def refuse_if_left(self) -> None:
        """Raise `ActionTimeoutError` while a call that was given up can't be stopped."""
        if self.left is not None and not self.left.done():
            raise ActionTimeoutError("an earlier call of it still runs and can't be stopped")


class ActionCall:
    """One call, in a task of its own. `settled` is called once, in the loop: when it has ended, or was given up.

    `ended` is called after the action's last step; that is later than `settled`, if the action couldn't be stopped.
    """

    __slots__ = ("_action", "_ended", "_gate", "_given_up", "_request", "_settled", "_task", "_timer")

    def __init__(
        self,
        action: _Action,
        request: ActionRequest,
        settled: Callable[[Outcome], None],
        ended: Callable[[], None] | None,
    ) -> None:
        self._action = action
        self._request = request
        self._settled: Callable[[Outcome], None] | None = settled
        self._ended = ended
        self._gate: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._given_up: BaseException | None = None
        loop = asyncio.get_running_loop()
        if not action.options.concurrent:
            action.queue.append(self)
        # Not by the loop's factory, which would look at how it ends: no exception gets out of it.
        self._task = asyncio.Task(self._run(), loop=loop, name=action.task_name)
        self._task.add_done_callback(self._task_done)

    def cancel(self) -> None:
        """Give the call up: it waits no longer, or is cancelled and settled within a moment."""
        self._give_up(asyncio.CancelledError())

    async def _run(self) -> None:
        try:
            outcome = Outcome(await self._perform())
        except BaseException as error:  # noqa: BLE001 - handed to who asked; SystemExit in a task would end the loop
            outcome = Outcome(error=error)
        self._end(outcome)

    async def _perform(self) -> Any:
        action, request = self._action, self._request
        arguments = bind_arguments(action.method, request.params, request.form)
        if not action.options.concurrent:
            if action.queue[0] is not self:
                self._gate = asyncio.get_running_loop().create_future()
                await self._gate
            action.refuse_if_left()
        if action.options.timeout is not None:
            self._timer = asyncio.get_running_loop().call_later(action.options.timeout, self._expire)
        set_progress_listener(request.on_progress)  # in the context of this task, which nobody else has
        if inspect.iscoroutinefunction(action.method):
            return await action.method(**arguments)
        return await _in_thread(action.method, arguments)

    def _expire(self) -> None:
        self._give_up(ActionTimeoutError(f"no result within {self._action.options.timeout:g} s"))

    def _give_up(self, why: BaseException) -> None:
        """Cancel the action and give it a moment; one that goes on nevertheless is remembered."""
        if self._given_up is not None or self._settled is None:
            return  # once more would cut short what the action does to clean up
        self._given_up = why
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._abandon)
        self._task.cancel()

    def _abandon(self) -> None:
        self._action.left = self._task
        why = self._given_up
        if isinstance(why, ActionTimeoutError):
            is_async = inspect.iscoroutinefunction(self._action.method)
            reason = "it ignores being cancelled" if is_async else "a sync action can't be stopped"
            why = ActionTimeoutError(f"{why}; {reason} and goes on")
        self._settle(Outcome(error=why))

    def _task_done(self, _: "asyncio.Task[None]") -> None:
        """End a call that was cancelled before its first step; any other has ended by itself."""
        if self._settled is not None:
            self._end(Outcome(error=asyncio.CancelledError()))

    def _end(self, outcome: Outcome) -> None:
        if self._ended is not None:
            self._ended()
        if self._settled is not None:
            self._settle(outcome if self._given_up is None else Outcome(error=self._given_up))

    def _settle(self, outcome: Outcome) -> None:
        self._cancel_timer()
        settled, self._settled = self._settled, None
        if not self._action.options.concurrent:
            self._leave(self._action.queue)
        if settled is not None:
            settled(outcome)

    def _leave(self, queue: "deque[ActionCall]") -> None:
        queue.remove(self)
        if queue:
            gate = queue[0]._gate
            if gate is not None and not gate.done():
                gate.set_result(None)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    @property
    def was_cancelled(self) -> bool:
        """Whether somebody gave it up, or cancelled its task: the module may cancel every task that there is."""
        return isinstance(self._given_up, asyncio.CancelledError) or self._task.cancelling() > 0


class ActionRunner:
    """Runs the actions of `module`, calls of the same one in turn unless it is concurrent."""

    def __init__(self, module: object) -> None:
        self._actions = {name: _Action(name, method) for name, method in get_actions(module).items()}

    @property
    def names(self) -> list[str]:
        """The names of all actions, sorted."""
        return list(self._actions)

    def start(
        self, request: ActionRequest, settled: Callable[[Outcome], None], ended: Callable[[], None] | None = None
    ) -> ActionCall:
        """Start an action, in its turn; for `settled` and `ended` see `ActionCall`. In the loop.

        The outcome's error may be `BadArgumentsError` (the action wasn't run), `ActionTimeoutError`, and whatever the
        action raises, `SystemExit` too. Raises `UnknownActionError`.
        """
        action = self._actions.get(request.name)
        if action is None:
            raise UnknownActionError(f"the module has no action {request.name!r}")
        return ActionCall(action, request, settled, ended)

    async def run(
        self,
        name: str,
        params: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
        on_progress: ProgressListener | None = None,
        ended: Callable[[], None] | None = None,
    ) -> list[dict[str, Any]]:
        """Run an action and return its results as maps. Raises what `start()` does, and its outcome's error.

        To cancel the action, cancel the task that awaits this.
        """
        settled: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        call = self.start(ActionRequest(name, params, form, on_progress), settled.set_result, ended)
        try:
            await asyncio.wait({settled})  # and not `await settled`, which would end with the task that awaits it
        except asyncio.CancelledError:
            call.cancel()
            await asyncio.wait({settled})
            raise
        value, error = settled.result()
        if error is not None:
            raise error
        return results_of(name, value)


def results_of(name: str, returned: object) -> list[dict[str, Any]]:
    """Return the results that an action returned as maps, in order; what isn't a result is logged and left out."""
    results: list[dict[str, Any]] = []
    for result in returned if isinstance(returned, list | tuple) else [returned]:
        if isinstance(result, ActionResult):
            results.append(result.to_dict())
        elif result is not None:
            logger.warning("action %s returned a %s, which means nothing", name, type(result).__name__)
    return results


async def _in_thread(method: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Call a sync action in a thread, where it may block. The thread is waited for even when this is cancelled."""
    thread = asyncio.ensure_future(asyncio.to_thread(_thread_outcome, method, arguments))
    while not thread.done():
        with contextlib.suppress(asyncio.CancelledError):  # the thread goes on whatever we want; its end is what counts
            await asyncio.shield(thread)
    returned, failed = thread.result()
    if failed is not None:
        raise failed
    return await returned if inspect.isawaitable(returned) else returned


def _thread_outcome(method: Callable[..., Any], arguments: dict[str, Any]) -> Outcome:
    """Run in a thread; a Future can't carry StopIteration, and would raise SystemExit in the loop."""
    try:
        return Outcome(method(**arguments))
    except BaseException as error:  # noqa: BLE001 - handed to the caller
        return Outcome(error=error)
