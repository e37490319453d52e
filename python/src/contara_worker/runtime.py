"""The life of one module in this process: requests come in, the module's methods are called, answers go out.

Requests that change the life run one after the other; actions run one after the other too, beside them. `ping` waits
for neither.
"""

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from contara_worker.failure import Refusal, Reporter
from contara_worker.link import FrameTooLargeError, Outlet
from contara_worker.loader import load_module
from contara_worker.messages import (
    Action,
    Answer,
    Error,
    ErrorKind,
    Initialize,
    Load,
    Ping,
    Request,
    Shutdown,
    Start,
    Stop,
)
from contara_worker.rendering import Renderer
from ContaraNAS.core.action import ActionResult, action_names
from ContaraNAS.core.module import Module

__all__ = ["Runtime"]

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Runtime:
    """Holds the module. `ended` is called after `shutdown` was answered."""

    def __init__(self, link: Outlet, reporter: Reporter, ended: Callable[[], None]) -> None:
        self._link = link
        self._reporter = reporter
        self._ended = ended
        self._module: Module | None = None
        self._renderer: Renderer | None = None
        self._actions: list[str] = []
        self._life = asyncio.Lock()
        self._acting = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def module(self) -> Module | None:
        """The module, once it is loaded."""
        return self._module

    def handle(self, request: Request) -> None:
        """Answer a `ping` at once, and any other request when it is done."""
        if isinstance(request, Ping):
            self._link.send(Answer(request.id))
            return
        task = asyncio.get_running_loop().create_task(self._serve(request))
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Stop the module if it runs, after the change of its life that is going on, if any."""
        async with self._life:
            await self._stop_quietly()

    async def _stop_quietly(self) -> None:
        """Stop the module if it runs; an exception that it raises is logged."""
        try:
            await self._stop()
        except Refusal as refusal:
            logger.exception("stop_monitoring() raised %s", refusal.message, exc_info=refusal.__cause__)

    async def _serve(self, request: Request) -> None:
        try:
            answer: Answer | Error = Answer(request.id, await self._do(request))
        except Refusal as refusal:
            answer = Error(request.id, refusal.kind, refusal.message, refusal.trace)
        try:
            self._link.send(answer)
        except FrameTooLargeError as error:
            self._link.send(Error(request.id, ErrorKind.EXCEPTION, f"the answer can't be sent: {error}"))
        if isinstance(request, Shutdown):
            self._ended()

    async def _do(self, request: Request) -> Any:
        if isinstance(request, Action):
            async with self._acting:
                return await self._act(request)
        async with self._life:
            return await self._change_life(request)

    async def _change_life(self, request: Request) -> Any:
        match request:
            case Load():
                return self._load(request)
            case Initialize():
                return await self._initialize()
            case Start():
                return await self._start()
            case Stop():
                return await self._stop()
            case Shutdown():
                return await self._stop_quietly()
            case _:
                raise Refusal(ErrorKind.WRONG_STATE, "not a request that changes the module's life")

    def _load(self, request: Load) -> dict[str, Any]:
        if self._module is not None:
            raise Refusal(ErrorKind.WRONG_STATE, "this worker has loaded a module already")
        module = load_module(request, self._reporter)
        self._renderer = Renderer(module, self._link, self._reporter)
        module.on_commit(self._renderer.request)
        self._module = module
        self._actions = action_names(type(module))
        return {"class": type(module).__name__, "actions": self._actions}

    async def _initialize(self) -> None:
        module, _ = self._loaded()
        if not module.init_flag:
            await self._guard(_call(module.initialize))
            module.init_flag = True

    async def _start(self) -> None:
        module, renderer = self._loaded()
        if not module.init_flag:
            raise Refusal(ErrorKind.WRONG_STATE, "the module isn't initialized")
        if module.enable_flag:
            return
        module.enable_flag = True  # before the call, so that what it starts sees itself enabled
        try:
            await self._guard(_call(module.start_monitoring))
        except Refusal:
            module.enable_flag = False
            raise
        renderer.open()

    async def _stop(self) -> None:
        if self._module is None or self._renderer is None or not self._module.enable_flag:
            return
        self._renderer.close()
        self._module.enable_flag = False
        await self._guard(_call(self._module.stop_monitoring))

    async def _act(self, request: Action) -> list[dict[str, Any]]:
        module, renderer = self._loaded()
        if not module.enable_flag:
            raise Refusal(ErrorKind.WRONG_STATE, "the module doesn't run")
        if request.action not in self._actions:
            raise Refusal(ErrorKind.UNKNOWN_ACTION, f"the module has no action {request.action!r}")
        method = getattr(module, request.action)
        params = request.params or {}
        try:
            inspect.signature(method).bind(**params)
        except TypeError as error:
            raise Refusal(ErrorKind.BAD_ARGUMENTS, f"{request.action}: {error}") from None
        try:
            returned = await self._guard(_perform(method, params))
        finally:
            renderer.render()  # also after an exception: what it had changed is true already
        return self._results(request.action, returned)

    def _results(self, action: str, returned: object) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = []
        for result in returned if isinstance(returned, list | tuple) else [returned]:
            if isinstance(result, ActionResult):
                results.append(result.to_dict())
            elif result is not None:
                logger.warning("action %s returned a %s, which means nothing", action, type(result).__name__)
        return results

    def _loaded(self) -> tuple[Module, Renderer]:
        if self._module is None or self._renderer is None:
            raise Refusal(ErrorKind.WRONG_STATE, "no module is loaded")
        return self._module, self._renderer

    async def _guard(self, work: Coroutine[Any, Any, T]) -> T:
        """Await what runs the module's code; whatever that raises, SystemExit too, becomes a `Refusal`."""
        error: BaseException
        try:
            return await work
        except asyncio.CancelledError as cancelled:
            if _is_cancelled():
                raise
            error = cancelled  # the module's own, of something that it awaited
        except BaseException as raised:  # noqa: BLE001 - anything else would end the loop and with it the worker
            error = raised
        raise self._reporter.refusal(ErrorKind.EXCEPTION, error) from error


async def _call(method: Callable[[], Any]) -> None:
    """Call a method of the module's life. A sync one runs in the loop too, since it may start tasks there."""
    returned = method()
    if inspect.isawaitable(returned):
        await returned


async def _perform(method: Callable[..., Any], params: dict[str, Any]) -> Any:
    """Call an action, a sync one in a thread, where it may block."""
    if inspect.iscoroutinefunction(method):
        return await method(**params)
    returned, failed = await asyncio.to_thread(_outcome, method, params)
    if failed is not None:
        raise failed
    return await returned if inspect.isawaitable(returned) else returned


def _outcome(method: Callable[..., Any], params: dict[str, Any]) -> tuple[Any, BaseException | None]:
    """Run in a thread; a Future can't carry StopIteration, and would raise SystemExit in the loop."""
    try:
        return method(**params), None
    except BaseException as error:  # noqa: BLE001 - handed to the caller
        return None, error


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
