"""`progress`: how far a long action is. Where it goes is the business of who runs the action."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["ProgressListener", "listen_to_progress", "progress"]

ProgressListener = Callable[[float | None, float | None, str | None], None]
"""Called with done, total and text, in the thread that reports."""

_listener: ContextVar[ProgressListener | None] = ContextVar("contara_progress", default=None)


def progress(done: float | None = None, total: float | None = None, text: str | None = None) -> None:
    """Tell how far the running action is: `progress(3, 10, "Copying")`. Outside of an action it does nothing.

    May be called as often as you like; the browser sees at most twenty a second, and always the last. Works in the
    tasks and in the `asyncio.to_thread` calls that the action starts.
    """
    listener = _listener.get()
    if listener is not None:
        listener(done, total, text)


@contextmanager
def listen_to_progress(listener: ProgressListener | None) -> Iterator[None]:
    """Have `progress()` of what is called or started in the block go to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
