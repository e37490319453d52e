"""Numbers as people read them."""

import math

__all__ = ["bytes_text", "ceiling", "duration_text", "percent_text", "rate_text", "scale"]

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def scale(most: float) -> tuple[float, str]:
    """Return what to divide bytes by, and the unit then, for numbers up to `most`."""
    power = 0
    while most >= 1023.5 and power < len(_UNITS) - 1:
        most /= 1024
        power += 1
    return 1024.0**power, _UNITS[power]


def ceiling(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, 50, … (and of 0.1, 0.2, …): the upper edge of a chart that can be read."""
    if value <= 0.1:
        return 0.1
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


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
