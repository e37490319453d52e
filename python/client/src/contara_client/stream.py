"""The stream as its user sees it: connected again whenever the connection is lost, and always whole.

Everything runs in the user's event loop: one task keeps the connection, and reads it. It never waits for the user, so
a user who is slow costs neither memory nor the heartbeat.
"""

import asyncio
import contextlib
import itertools
import logging
import random
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec import UNSET

from contara_client import events, frames, store
from contara_client.address import Address
from contara_client.connection import Connection, Target, Timing
from contara_client.errors import ActionRefused, ConnectionLost, ProtocolError, StreamError
from contara_client.frames import Progress
from contara_client.setup import SetupWatch
from contara_client.store import Module

__all__ = ["OnProgress", "Stream", "connect"]

OnProgress: TypeAlias = Callable[[Progress], object]

_LOG = logging.getLogger(__name__)
_MISFITS = 3  # on one connection; after that it is no accident any more, and a pause is due
_DOUBLINGS = 16  # of a pause; far beyond any longest pause


@contextlib.asynccontextmanager
async def connect(
    url: str,
    *,
    token: str,
    language: str | None = None,
    tls: ssl.SSLContext | None = None,
    timing: Timing | None = None,
) -> AsyncIterator["Stream"]:
    """Connect to the Contara at `url`, `http://nas:8000`, and stay connected until the block's end.

    `language` (`de`) is that of Contara's own words, `tls` for certificates that this machine doesn't trust. Raises
    `ValueError` for an address or token that can't be one, and if this first connection fails `ConnectionLost`,
    `SignInRefused`, `UnsupportedServer` or `ProtocolError`. Once the block has begun, connections that are lost are
    made again.
    """
    stream = Stream(Target(Address.of(url), token, language, tls), timing or Timing())
    try:
        await stream.begin()
        yield stream
    finally:
        await stream.end()


@dataclass(slots=True)
class _Call:
    """An action that hasn't ended."""

    outcome: asyncio.Future[list[dict[str, Any]]]
    on_progress: OnProgress | None


class Stream:
    """Every module, what changes, and actions. `connect` makes one; it is for one event loop."""

    def __init__(self, target: Target, timing: Timing) -> None:
        self._target = target
        self._timing = timing
        self._state = store.State()
        self._events = events.Pending()
        self._connection: Connection | None = None
        self._hello: frames.Hello | None = None
        self._is_whole = False  # a snapshot has come on this connection
        self._misfits = 0
        self._attempts = 0
        self._page: str | None = None
        self._setup: SetupWatch | None = None
        self._calls: dict[int, _Call] = {}
        self._ids = itertools.count(1)
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._error: Exception | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()

    # What users see

    @property
    def modules(self) -> Mapping[str, Module]:
        """All modules by name, in the order to draw them: as they are now, and of one moment. It never changes."""
        return self._state.modules

    def __aiter__(self) -> AsyncIterator[events.Event]:
        """Give events, for one reader: at first `Connected`, and `Changed` for each module."""
        return self

    async def __anext__(self) -> events.Event:
        """Give the next event. Raises what has ended the stream; at the end of the block it is over."""
        event = await self._events.take()
        if isinstance(event, events.SetupLines) and self._setup is not None and self._setup.is_behind:
            self._start(self._subscribe(frames.Subscribe(setup=self._setup.wish())))
        return event

    async def act(
        self,
        module: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        form: Mapping[str, Any] | None = None,
        on_progress: OnProgress | None = None,
    ) -> list[dict[str, Any]]:
        """Run an action and give its results: what a client should do, each a map with a `type`.

        `form` has the named fields of the form that it is called from. Cancelled, as by `asyncio.timeout`, it cancels
        the action. Raises `ActionRefused`, `ConnectionLost`, what has ended the stream, what `on_progress` raises, and
        for parameters that can't be sent `ValueError` or `TypeError`. Nothing is tried twice.
        """
        connection = self._connected()
        number = next(self._ids)
        message = frames.encode(frames.Action(number, module, action, _body(params, form)))
        call = _Call(asyncio.get_running_loop().create_future(), on_progress)
        self._calls[number] = call
        try:
            await connection.send_encoded(message)
            return await call.outcome
        finally:
            if self._calls.pop(number, None) is not None and self._connection is connection:
                self._start(connection.send(frames.Cancel(number)))
            _retrieved(call.outcome)

    async def watch_page(self, module: str | None) -> None:
        """Have this module's detail page as `ui["page"]`, in place of the one before; `None` for none."""
        self._page = module
        await self._subscribe(frames.Subscribe(page=module))

    async def watch_setup(self, transaction: int | None = None, *, after: int = 0) -> None:
        """Have events of setup and, with `transaction`, the lines of its log from `after` on."""
        self._setup = SetupWatch(transaction, after)
        await self._subscribe(frames.Subscribe(setup=self._setup.wish()))

    async def unwatch_setup(self) -> None:
        """Have nothing of setup any more."""
        self._setup = None
        await self._subscribe(frames.Subscribe(setup=None))

    # Its life

    async def begin(self) -> None:
        """Connect, and wait until all modules are there."""
        self._keeper = asyncio.create_task(self._keep())
        await self._begun

    async def end(self) -> None:
        """Send what is to be sent yet, and close the connection."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=self._timing.closing)
        for task in [*self._sending, self._keeper]:
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        self._events.end(StopAsyncIteration())

    async def _keep(self) -> None:
        """Stay connected, until something happens that no further attempt would change."""
        try:
            while True:
                try:
                    await self._converse()
                except (ConnectionLost, ProtocolError) as error:
                    if not self._begun.done():
                        raise
                    await self._pause(error)
        except Exception as error:  # noqa: BLE001 - also a fault of this package's; its user would wait forever
            self._error = error
            self._events.end(error)
            if not self._begun.done():
                self._begun.set_exception(error)

    async def _converse(self) -> None:
        """Connect and take what comes. Ends only by an error."""
        self._hello, self._is_whole, self._misfits = None, False, 0
        connection = await Connection.open(self._target, self._timing)
        ended: StreamError = ConnectionLost("the stream was closed")
        try:
            await self._resume(connection)
            self._connection = connection
            await self._subscribe(self._wishes())
            while True:
                await self._take(connection, await connection.receive())
        except StreamError as error:
            ended = error
            raise
        finally:
            self._connection = None
            self._lose_calls(ended)
            await connection.close(ended)

    async def _pause(self, error: StreamError) -> None:
        """Say what happened, and wait: shortly after a good connection, longer each time that it doesn't get better."""
        if isinstance(error, ProtocolError):
            _LOG.warning("%s: %s; all modules are asked for anew", self._target.address.base, error)
            self._events.put(events.Notice("protocol_error", str(error)))
            self._state = store.doubted(self._state)
        elif self._is_whole:
            self._attempts = 0
        longest = min(self._timing.longest_delay, self._timing.first_delay * 2 ** min(self._attempts, _DOUBLINGS))
        # Anything up to that, so that not all clients of a daemon that was restarted come at once.
        delay = random.uniform(0, longest)  # noqa: S311 - no secret
        self._attempts += 1
        self._events.put(events.Disconnected(str(error), delay))
        await asyncio.sleep(delay)

    # What comes

    async def _take(self, connection: Connection, frame: frames.ServerFrame | None) -> None:
        match frame:
            case frames.Hello():
                self._hello = frame
            case frames.Snapshot() | frames.ModuleFrame() | frames.Patch():
                await self._step(connection, frame)
            case frames.Progress():
                self._progressed(frame)
            case frames.Result():
                self._answered(frame)
            case frames.Setup():
                self._events.put(events.SetupChanged(frame.transaction))
            case frames.SetupLines():
                self._take_lines(frame)
            case frames.Notice():
                self._events.put(events.Notice(frame.kind, frame.text, frame.module))

    async def _step(self, connection: Connection, frame: store.ModulesFrame) -> None:
        try:
            step = store.stepped(self._state, frame)
        except store.Misfit as misfit:
            await self._mend(connection, misfit)
            return
        if isinstance(frame, frames.Snapshot) and not self._is_whole:
            self._welcome()
        self._state = step.state
        for module in step.changed:
            self._events.put(events.Changed(module))
        for module in step.removed:
            self._events.put(events.Removed(module))
        if self._is_whole and not self._begun.done():
            self._begun.set_result(None)

    async def _mend(self, connection: Connection, misfit: store.Misfit) -> None:
        """Have all come whole: what is on its way yet would move revisions on that were named."""
        self._misfits += 1
        if self._misfits > _MISFITS:
            raise ProtocolError(f"{misfit}, after {_MISFITS} others")
        _LOG.warning("%s: %s; all modules are asked for anew", self._target.address.base, misfit)
        self._state = store.doubted(self._state)
        await self._resume(connection)

    def _welcome(self) -> None:
        hello = self._hello
        if hello is None:
            raise ProtocolError("a snapshot before the hello")
        self._is_whole = True
        self._events.put(events.Connected(hello.node, hello.version, hello.session, hello.features))

    def _progressed(self, progress: Progress) -> None:
        call = self._calls.get(progress.id)
        if call is None or call.on_progress is None or call.outcome.done():
            return
        try:
            call.on_progress(progress)
        except Exception as error:  # noqa: BLE001 - it is that of who called `act`, and raised there
            call.outcome.set_exception(error)

    def _answered(self, result: frames.Result) -> None:
        if result.error is UNSET and result.results is UNSET:
            raise ProtocolError("a result with neither results nor an error")
        call = self._calls.pop(result.id, None)
        if call is None or call.outcome.done():
            return
        if result.error is not UNSET:
            error = result.error
            call.outcome.set_exception(ActionRefused(error.status, error.detail, error.errors))
        elif result.results is not UNSET:
            call.outcome.set_result(result.results)

    def _take_lines(self, frame: frames.SetupLines) -> None:
        if self._setup is None:
            return
        lines = self._setup.take(frame, has_room=self._events.has_room_for_lines(frame.transaction))
        if lines:
            self._events.put(events.SetupLines(frame.transaction, lines))

    # What goes

    def _connected(self) -> Connection:
        if self._error is not None:
            raise self._error
        if self._connection is None:
            raise ConnectionLost("there is no connection at the moment")
        return self._connection

    async def _resume(self, connection: Connection) -> None:
        self._state, resume = store.asked(self._state)
        await connection.send(resume)

    async def _subscribe(self, wishes: frames.Subscribe) -> None:
        """Say what is wanted. Without a connection the next one begins with it."""
        if self._error is not None:
            raise self._error
        if self._connection is not None and wishes != frames.Subscribe():
            with contextlib.suppress(StreamError):  # which the keeper meets as well
                await self._connection.send(wishes)

    def _wishes(self) -> frames.Subscribe:
        """Give all that a new connection is to know."""
        return frames.Subscribe(
            page=UNSET if self._page is None else self._page,
            setup=UNSET if self._setup is None else self._setup.wish(),
        )

    def _start(self, sending: Coroutine[Any, Any, None]) -> None:
        """Send something from where one can't wait."""
        task = asyncio.create_task(_unless_lost(sending))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def _lose_calls(self, error: StreamError) -> None:
        calls, self._calls = self._calls, {}
        for call in calls.values():
            if not call.outcome.done():
                call.outcome.set_exception(ConnectionLost(f"{error}; the action may have run", may_have_run=True))


def _body(params: Mapping[str, Any] | None, form: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if form is None:
        return None if params is None else dict(params)
    return {**(params or {}), "__form__": dict(form)}


def _retrieved(outcome: asyncio.Future[list[dict[str, Any]]]) -> None:
    """Have asyncio not complain about an outcome that came while sending failed, or end one that is to come."""
    if not outcome.cancel() and not outcome.cancelled():
        outcome.exception()


async def _unless_lost(sending: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(StreamError):
        await sending
