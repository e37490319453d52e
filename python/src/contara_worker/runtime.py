"""The life of one module in this process: requests come in, the module's methods are called, answers go out.

Requests that change the life run one after the other. Actions run beside them, and so does what only looks: rendering,
checking settings. `ping` waits for nothing. A setup module has no life: it is imported and its functions are called.
"""

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from contara_worker.failure import Refusal, refused
from contara_worker.loaded import Loaded
from contara_worker.loader import load_module
from contara_worker.messages import (
    Action,
    Answer,
    Call,
    Cancel,
    CheckSettings,
    Configure,
    Error,
    ErrorKind,
    Initialize,
    Load,
    LoadSetup,
    Ping,
    Render,
    Request,
    Shutdown,
    Start,
    Stop,
    Watch,
)
from contara_worker.outlet import Outlet
from contara_worker.setup import Hooks
from ContaraNAS.core.action.decorator import commit_changes
from ContaraNAS.core.module import Module

__all__ = ["Runtime"]

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Runtime:
    """Holds the module. `ended` is called after `shutdown` was answered."""

    def __init__(self, outlet: Outlet, ended: Callable[[], None]) -> None:
        self._outlet = outlet
        self._ended = ended
        self._loaded: Loaded | None = None
        self._hooks: Hooks | None = None
        self._life = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def module(self) -> Module | None:
        """The module, once it is loaded."""
        return None if self._loaded is None else self._loaded.module

    def handle(self, request: Request) -> None:
        """Answer a `ping` at once, and any other request when it is done."""
        if isinstance(request, Action):
            self._act(request)
            return
        if isinstance(request, Ping):
            self._outlet.link.send(Answer(request.id))
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
            answer = refused(request.id, refusal)
        except asyncio.CancelledError:  # a module may cancel every task that there is; the host waits nevertheless
            answer = Error(request.id, ErrorKind.CANCELLED, "the module cancelled it")
        self._outlet.answer(answer)
        if isinstance(request, Shutdown):
            self._ended()

    async def _do(self, request: Request) -> Any:
        match request:
            case Cancel():
                return self._loaded is not None and self._loaded.acting.cancel(request.action_id)
            case Render():
                return self._running().renderer.render(with_page=True)
            case Watch():
                return self._present().renderer.watch(page=request.page)
            case CheckSettings():
                values = await self._guard(_later(self._present().configuring.check, request.settings))
                return {"values": values}
            case LoadSetup() | Call():
                return await self._hook(request)
            case _:
                async with self._life:
                    return await self._change_life(request)

    async def _change_life(self, request: Request) -> Any:
        match request:
            case Load():
                return await self._guard(_later(self._load, request))
            case Initialize():
                return await self._initialize()
            case Start():
                return await self._start()
            case Stop():
                return await self._stop()
            case Configure():
                return await self._configure(request)
            case Shutdown():
                return await self._stop_quietly()
            case _:
                raise Refusal(ErrorKind.WRONG_STATE, "not a request that changes the module's life")

    async def _hook(self, request: LoadSetup | Call) -> Any:
        if isinstance(request, LoadSetup):
            self._refuse_another()
            self._hooks = Hooks(self._outlet.reporter)
            return await self._hooks.load(request)
        if self._hooks is None:
            raise Refusal(ErrorKind.WRONG_STATE, "no setup module is loaded")
        return await self._hooks.call(request)

    def _refuse_another(self) -> None:
        if self._loaded is not None or self._hooks is not None:
            raise Refusal(ErrorKind.WRONG_STATE, "this worker has loaded a module already")

    def _load(self, request: Load) -> dict[str, Any]:
        self._refuse_another()
        module = load_module(request, self._outlet.reporter)
        loaded = Loaded(module, request, self._outlet)
        answer = loaded.describe()
        module.on_commit(loaded.committed)
        self._loaded = loaded
        return answer

    async def _initialize(self) -> None:
        module = self._present().module
        if not module.init_flag:
            await self._guard(_call(module.initialize))
            module.init_flag = True

    async def _start(self) -> None:
        loaded = self._present()
        module = loaded.module
        if not module.init_flag:
            raise Refusal(ErrorKind.WRONG_STATE, "the module isn't initialized")
        if module.enable_flag:
            return
        module.enable_flag = True  # before the call, so that what it starts sees itself enabled
        try:
            await self._guard(_call(module.start_monitoring))
        except BaseException:
            module.enable_flag = False
            raise
        loaded.renderer.open()

    async def _stop(self) -> None:
        loaded = self._loaded
        if loaded is None:
            return
        try:
            if loaded.module.enable_flag:
                loaded.renderer.close()
                loaded.module.enable_flag = False
                await self._guard(_call(loaded.module.stop_monitoring))
        finally:
            loaded.keeper.send()  # what it committed last, before anybody ends this process

    def _act(self, request: Action) -> None:
        """Start an action. It is answered by the renderer, after the tree that shows what it did."""
        try:
            loaded = self._running()
            loaded.check_form(request)
            loaded.acting.start(request)
        except Refusal as refusal:
            self._outlet.answer(refused(request.id, refusal))

    async def _configure(self, request: Configure) -> None:
        loaded = self._present()
        module = loaded.module
        changed = await self._guard(_later(loaded.configuring.configure, request.settings))
        if not changed or not module.init_flag:
            return
        try:
            await self._guard(_call(module.on_settings_changed))
            await self._guard(_later(commit_changes, module))
        finally:
            loaded.renderer.render()

    def _present(self) -> Loaded:
        if self._loaded is None:
            raise Refusal(ErrorKind.WRONG_STATE, "no module is loaded")
        return self._loaded

    def _running(self) -> Loaded:
        loaded = self._present()
        if not loaded.module.enable_flag:
            raise Refusal(ErrorKind.WRONG_STATE, "the module doesn't run")
        return loaded

    async def _guard(self, work: Coroutine[Any, Any, T]) -> T:
        """Await what runs the module's code; whatever that raises, SystemExit too, becomes a `Refusal`."""
        error: BaseException
        try:
            return await work
        except Refusal:
            raise
        except asyncio.CancelledError as cancelled:
            if _is_cancelled():
                raise
            error = cancelled  # the module's own, of something that it awaited
        except BaseException as raised:  # noqa: BLE001 - anything else would end the loop and with it the worker
            error = raised
        raise self._outlet.reporter.refusal(ErrorKind.EXCEPTION, error) from error


async def _call(method: Callable[[], Any]) -> None:
    """Call a method of the module's life. A sync one runs in the loop too, since it may start tasks there."""
    returned = method()
    if inspect.isawaitable(returned):
        await returned


async def _later(function: Callable[..., T], *args: Any) -> T:
    """Call a function of ours that runs the module's code, where it can be awaited and hence guarded."""
    return function(*args)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
