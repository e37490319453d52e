"""`progress`: how far a long action is. Where it goes is the business of who runs the action."""

from collections.abc import Callable
from contextvars import ContextVar

__all__ = ["ProgressListener", "progress", "set_progress_listener"]

ProgressListener = Callable[[float | None, float | None, str | None], None]
"""Called with done, total and text, in the thread that reports."""

_LARGEST = 2**63 - 1  # what every reader of a message can hold; NaN and infinity aren't below it

_listener: ContextVar[ProgressListener | None] = ContextVar("contara_progress", default=None)


def progress(done: float | None = None, total: float | None = None, text: str | None = None) -> None:
    """Tell how far the running action is: `progress(3, 10, "Copying")`. Outside of an action it does nothing.

    May be called as often as you like; the browser sees at most twenty a second, and always the last. Works in the
    tasks and in the `asyncio.to_thread` calls that the action starts. Raises `ValueError` for what is no finite
    number.
    """
    _check("done", done)
    _check("total", total)
    if text is not None:
        text = str(text)
    listener = _listener.get()
    if listener is not None:
        listener(done, total, text)


def _check(name: str, number: object) -> None:
    if number is not None and not (isinstance(number, int | float) and abs(number) <= _LARGEST):
        raise ValueError(f"progress({name}={number!r}): expected a finite number")


def set_progress_listener(listener: ProgressListener | None) -> None:
    """Have `progress()` in this context, and in what is started from it, go to `listener`."""
    _listener.set(listener)
