"""The worker around a setup module: imports its `__init__.py` and calls the functions that the host names.

Nothing here knows what a hook is for: forms, defaults and checks are the host's. The import surface that these modules
expect is the package `mss` beside this one.
"""

from contara_worker.setup.hooks import Hooks

__all__ = ["Hooks"]
