"""What the programs of this package print for `cargo xtask bench`: samples, and what they should reach."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

__all__ = ["Figure", "show"]


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    key: str
    what: str
    unit: str
    samples: Sequence[float]
    at_most: float | None = None
    """What the median should not exceed."""
    at_least: float | None = None
    """What the median should reach."""


def show(figures: Sequence[Figure]) -> None:
    """Print them as one JSON list."""
    sys.stdout.write(json.dumps([asdict(figure) for figure in figures]) + "\n")
