"""Numbers as people read them."""

__all__ = ["bytes_text", "duration_text", "percent_text", "rate_text", "scale"]

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def scale(most: float) -> tuple[float, str]:
    """Return what to divide bytes by, and the unit then, for numbers up to `most`."""
    power = 0
    while most >= 1023.5 and power < len(_UNITS) - 1:
        most /= 1024
        power += 1
    return 1024.0**power, _UNITS[power]


def bytes_text(count: float) -> str:
    """Write 3221225472 as `3.0 GiB`."""
    divisor, unit = scale(count)
    value = count / divisor
    return f"{value:.1f} {unit}" if divisor > 1 and value < 100 else f"{value:.0f} {unit}"


def rate_text(count: float) -> str:
    """Write bytes a second."""
    return f"{bytes_text(count)}/s"


def percent_text(value: float | None) -> str:
    """Write a share; a dash if it isn't known (yet)."""
    return "–" if value is None else f"{value:.0f} %"


def duration_text(seconds: float) -> str:
    """Write 93784 as `1 d 2 h`: the two largest units."""
    minutes = int(seconds // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
