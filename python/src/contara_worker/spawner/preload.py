"""What every worker needs, loaded once: what is imported here is imported in no worker any more.

Nothing here may start a thread or make an event loop, since neither survives a fork.
"""

import asyncio
import gc
import importlib

__all__ = ["freeze", "preload"]

_MODULES = (
    "asyncio",
    "json",
    "psutil",
    "subprocess",
    "uvloop",
    "pydantic",
    "ContaraNAS.core.module",
    "ContaraNAS.core.action",
    "ContaraNAS.core.ui",
    "contara_worker.__main__",
    "contara_worker.worker",
)


def preload() -> None:
    """Import what workers need, and use it once. uvloop isn't built for every platform; the others have to be there."""
    for name in _MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            if name != "uvloop":
                raise
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
