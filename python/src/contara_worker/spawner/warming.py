"""What a spare does before it is needed: it makes its loop and writes to the pages to which a worker writes."""

import asyncio
import gc

from contara_worker.spawner.rehearsal import rehearse
from contara_worker.worker import new_loop

__all__ = ["warm"]


def warm() -> asyncio.AbstractEventLoop:
    """Return the loop to serve in, after a life in it."""
    loop = new_loop()
    rehearse(loop)
    gc.collect()  # of the rehearsal only: all else is frozen
    return loop
