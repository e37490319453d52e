"""What was measured over a span of time, in a bounded number of points.

Kept apart from the State: that is compared as a whole at every commit, while this grows by a few numbers at a time.
"""

from array import array
from collections.abc import Mapping
from math import isnan, nan

__all__ = ["History"]


class History:
    """The means over equal steps of time, of any number of series that share one time axis.

    A series may begin late and have gaps: a disk that was plugged in, a sensor that didn't answer.
    """

    def __init__(self, span: float, points: int) -> None:
        """Cover `span` seconds with at most `points` points."""
        self._step = span / points
        self._points = points
        self._times = array("d")
        self._series: dict[str, array[float]] = {}
        self._sums: dict[str, float] = {}
        self._counts: dict[str, int] = {}

    def add(self, time: float, values: Mapping[str, float | None]) -> None:
        """Add what was measured at `time` (Unix seconds). Values that are None leave a gap."""
        begin = time // self._step * self._step
        if self._times and begin < self._times[-1]:
            self.clear()  # the clock was set back: no telling when the old points were
        if not self._times or begin > self._times[-1]:
            self._open(begin)
        for name, value in values.items():
            if value is not None:
                self._count(name, value)

    def clear(self) -> None:
        """Forget everything."""
        self._times = array("d")
        self._series.clear()

    @property
    def times(self) -> list[float]:
        """When each step began, Unix seconds."""
        return self._times.tolist()

    def series(self, name: str) -> list[float | None]:
        """Return a value for each of `times`, None where nothing was measured."""
        return [None if isnan(value) else round(value, 1) for value in self._series.get(name, self._gap())]

    def __contains__(self, name: str) -> bool:
        return name in self._series

    def __len__(self) -> int:
        return len(self._times)

    def _open(self, begin: float) -> None:
        """Begin the next step, and drop what is older than the span."""
        self._times.append(begin)
        for values in self._series.values():
            values.append(nan)
        self._sums.clear()
        self._counts.clear()
        oldest = begin - self._step * (self._points - 1)
        old = sum(time < oldest for time in self._times)
        del self._times[:old]
        for values in self._series.values():
            del values[:old]
        self._series = {name: values for name, values in self._series.items() if not all(map(isnan, values))}

    def _count(self, name: str, value: float) -> None:
        self._sums[name] = self._sums.get(name, 0.0) + value
        self._counts[name] = self._counts.get(name, 0) + 1
        if name not in self._series:
            self._series[name] = self._gap()
        self._series[name][-1] = self._sums[name] / self._counts[name]

    def _gap(self) -> "array[float]":
        return array("d", [nan]) * len(self._times)
