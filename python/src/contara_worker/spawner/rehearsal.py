"""A worker's life, rehearsed: with everything that a worker does, but for nobody and with a module of no meaning.

In the spawner, so that what is made at the first use, and what the interpreter learns of the code, is made once for
all workers. In the spare again, so that the pages to which that life writes are its own before it is needed.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import msgspec

from contara_worker.failure import Reporter, describe
from contara_worker.loader import forget
from contara_worker.messages import (
    Action,
    Answer,
    Error,
    FromWorker,
    Initialize,
    Load,
    Request,
    Shutdown,
    Start,
    ToWorker,
)
from contara_worker.outlet import Outlet
from contara_worker.runtime import Runtime
from ContaraNAS import modules
from ContaraNAS.core.action.arguments import forget_parameters
from ContaraNAS.core.module.lengths import lengths_of
from ContaraNAS.modules import builtin

__all__ = ["rehearse"]

_FOLDER = Path(__file__).parent / "rehearsed"
_SECONDS = 5.0
"""That it may take; it takes some milliseconds."""
_NAME = f"{builtin.__name__}.{_FOLDER.name}"
_LIFE: tuple[Request, ...] = (
    Load(1, _FOLDER.name, str(_FOLDER), "builtin", "Rehearsed"),
    Initialize(2),
    Start(3),
    Action(4, "add"),
    Shutdown(5),
)


def rehearse(loop: asyncio.AbstractEventLoop) -> None:
    """Live it in `loop`, and leave nothing of it behind. One that goes wrong costs time only, and is told."""
    with _traceless():
        try:
            loop.run_until_complete(asyncio.wait_for(_live(), _SECONDS))
        except Exception as error:  # noqa: BLE001 - workers can be had without it
            sys.stderr.write(f"contara_worker.spawner: the rehearsal failed: {describe(error)}\n")


async def _live() -> None:
    audience = _Audience()
    runtime = Runtime(Outlet(audience, Reporter()), lambda: None)
    encoder, decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(ToWorker)
    for request in _LIFE:
        answered = audience.expect(request.id)
        runtime.handle(decoder.decode(encoder.encode(request)))
        await answered
        await asyncio.sleep(0)  # the turn in which it is drawn


class _Audience:
    """Stands for the link: encodes what it is given."""

    backlog = 0
    is_full = False

    def __init__(self) -> None:
        self._encoder = msgspec.msgpack.Encoder()
        self._waiting: dict[int, asyncio.Future[None]] = {}

    def expect(self, request: int) -> "asyncio.Future[None]":
        self._waiting[request] = asyncio.get_running_loop().create_future()
        return self._waiting[request]

    def when_drained(self, callback: Callable[[], None]) -> None:
        callback()

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def send(self, message: FromWorker) -> None:
        self._encoder.encode_into(message, bytearray(4), 4)
        if isinstance(message, Error):
            self._waiting[message.id].set_exception(RuntimeError(message.message))
        elif isinstance(message, Answer):
            self._waiting[message.id].set_result(None)


@contextmanager
def _traceless() -> Iterator[None]:
    """Leave what the loader changes as it was."""
    dont_write = sys.dont_write_bytecode
    try:
        yield
    finally:
        forget(_NAME)
        vars(builtin).pop(_FOLDER.name, None)
        modules.tell_nothing()
        forget_parameters()
        lengths_of.cache_clear()
        sys.dont_write_bytecode = dont_write
