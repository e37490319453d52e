"""The module's own packages: their folder on `sys.path`, as if they were installed, and before all that is."""

import site
import sys

__all__ = ["add_packages"]


def add_packages(folder: str) -> None:
    """Put `folder` first on `sys.path`, followed by what its `.pth` files name. These may run code."""
    others = [entry for entry in sys.path if entry != folder]
    sys.path[:] = others
    site.addsitedir(folder)
    added = [entry for entry in sys.path if entry not in others]
    sys.path[:] = [*added, *others]
