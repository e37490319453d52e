"""What takes up a library's drive."""

from ContaraNAS.core.ui import SegmentedProgress, SegmentedProgressSegment

from ..library import Library
from .text import size_text

__all__ = ["drive_bar"]


def drive_bar(library: Library) -> SegmentedProgress:
    """Return a bar of the whole drive: the library by purpose, then all else; what is left over is free."""
    sizes = library.sizes
    # The drive may hold less than the files' sizes add up to, if it compresses them.
    other = max(library.drive_total - library.drive_free - sizes.total, 0)
    parts = (
        ("Games", sizes.game, "primary"),
        ("Shader caches", sizes.shaders, "info"),
        ("Workshop", sizes.workshop, "success"),
        ("Proton", sizes.compat, "warning"),
        ("Other files", other, "muted"),
    )
    segments = [
        SegmentedProgressSegment(value=size, color=color, label=f"{label} {size_text(size)}")
        for label, size, color in parts
        if size
    ]
    most = max(library.drive_total, sizes.total + other, 1)
    return SegmentedProgress(segments=segments, max=most, size="lg", show_legend=True)
