"""Numbers as people read them."""

from datetime import UTC, datetime

__all__ = ["date_text", "size_text"]

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def size_text(size: int | None) -> str:
    """Write 3221225472 as `3.0 GiB`, and what isn't measured yet as `…`."""
    if size is None:
        return "…"
    value, power = float(size), 0
    while value >= 1023.5 and power < len(_UNITS) - 1:
        value, power = value / 1024, power + 1
    return f"{value:.1f} {_UNITS[power]}" if power and value < 100 else f"{value:.0f} {_UNITS[power]}"


def date_text(seconds: float | None) -> str:
    """Write Unix seconds as a day; a dash if there are none, or no calendar has them."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d") if seconds is not None else "–"
    except (OverflowError, ValueError, OSError):
        return "–"
