"""What a spare does while it waits: it uses what a worker will use, so that the pages are its own already."""

__all__ = ["warm"]


def warm() -> None:
    pass
