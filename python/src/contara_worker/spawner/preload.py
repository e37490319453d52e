"""What every worker needs, loaded once: what is imported here is imported in no worker any more.

Nothing here may start a thread or make an event loop, since neither survives a fork.
"""

import asyncio
import gc
import importlib
from contextlib import suppress

__all__ = ["freeze", "preload"]

_NEEDED = (
    "asyncio",
    "json",
    "subprocess",
    "pydantic",
    "ContaraNAS.core.module",
    "ContaraNAS.core.action",
    "ContaraNAS.core.ui",
    "contara_worker.__main__",
    "contara_worker.worker",
)
_USEFUL = ("psutil", "uvloop")
"""Used by many modules, or not built for every platform: a worker does without."""


def preload() -> None:
    """Import what workers need, and use it once. Raises `ImportError` if one of them can't do without it."""
    for name in _NEEDED:
        importlib.import_module(name)
    for name in _USEFUL:
        with suppress(Exception):  # whatever a broken package raises
            importlib.import_module(name)
    _rehearse()


def freeze() -> None:
    """Keep the garbage collector off what is loaded: looking at an object would copy its page in each worker."""
    gc.collect()
    gc.disable()
    gc.freeze()


def _rehearse() -> None:
    """In asyncio's own loop: libuv keeps descriptors of its own for the whole process."""
    # Not above, since it imports the loader, which looks at the names of all that was imported after it.
    from contara_worker.spawner.rehearsal import rehearse  # noqa: PLC0415

    loop = asyncio.new_event_loop()
    try:
        rehearse(loop)
    finally:
        loop.close()
