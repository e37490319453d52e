"""`LineChart`: numbers over time, and what is worked out when an author leaves it to us."""

from collections.abc import Sequence, Sized
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ContaraNAS.core.ui.component import Component, Items, Part, Wire

__all__ = ["LineChart", "LineChartSeries"]

Color = Literal["default", "primary", "success", "warning", "error"]


def _to_seconds(times: Sequence[float | datetime] | None) -> list[float] | None:
    """Unix seconds; a datetime without a zone is local time."""
    if times is None:
        return None
    return [time.timestamp() if isinstance(time, datetime) else time for time in times]


class LineChartSeries(Part):
    """A line of a `LineChart` that has several."""

    type: Literal["series"] = "series"
    name: str = Field(description="what the line is, for the legend")
    data: Items[float | None] = Field(description="its values, oldest first; None leaves a gap")
    color: Color | None = Field(default=None, description="its colour; chosen by the client if left out")


class LineChart(Component):
    """One or several lines.

    `data` is the line that every client can draw; a client that knows `series` draws these instead.
    """

    type: Literal["line_chart"] = "line_chart"
    data: Annotated[Items[float] | None, Wire(list[float], always=True)] = Field(
        default=None,
        description="values, oldest first; may be left out if `series` is given, and is then its first line",
    )
    max: Annotated[float | None, Wire(float)] = Field(
        default=100, description="value at the upper edge; None: the greatest one that is drawn"
    )
    min: Annotated[float | None, Wire(float)] = Field(
        default=0, description="value at the lower edge; None: the least one that is drawn"
    )
    height: int = Field(default=80, description="in CSS pixels")
    color: Color = Field(default="primary", description="colour of the line of `data`")
    fill: bool = Field(default=True, description="whether the area below the line is tinted")
    label: str | None = Field(
        default=None,
        description="text over the chart; if left out, the last value with `unit`, or with % if there is none",
    )
    series: Items[LineChartSeries] | None = Field(default=None, description="several lines with names")
    unit: str | None = Field(default=None, description="unit of the values, e.g. `MB/s`")
    times: Annotated[Items[float | datetime] | None, AfterValidator(_to_seconds), Wire(list[float] | None)] = Field(
        default=None, description="when each value was taken: datetimes, or Unix seconds as they are sent"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        lines = self.series or []
        if self.data is None:
            if not lines:
                raise ValueError("data: missing; expected a list of numbers, or else series")
            self.data = [0.0 if value is None else value for value in lines[0].data]
        self._check_times(self.data, lines)
        if self.min is None or self.max is None or self.min >= self.max:
            self._find_range([line.data for line in lines] or [self.data])
        if self.label is None and self.unit is not None:
            self.label = _with_unit(self.data[-1:], self.unit)
        return self

    def _check_times(self, data: Sized, lines: Sequence[LineChartSeries]) -> None:
        if self.times is None:
            return
        places = {"data": data} | {f"series[{index}].data": line.data for index, line in enumerate(lines)}
        for place, values in places.items():
            if len(values) != len(self.times):
                raise ValueError(f"times: expected {len(values)}, as many as {place} has values, got {len(self.times)}")

    def _find_range(self, lines: Sequence[Sequence[float | None]]) -> None:
        """Set what was left to us. An idle chart whose author computed 0 to 0 is drawn flat rather than refused."""
        low, high = self.min, self.max
        if low is not None and high is not None and high < low:
            raise ValueError(f"max: expected more than min, which is {low:g}, got {high:g}")
        values = [value for line in lines for value in line if value is not None] or [0.0]
        if low is None:
            low = min(values)
            if high is not None and low >= high:
                low = _beyond(high, -1)
        if high is None:
            high = max(values)
        self.min, self.max = low, high if high > low else _beyond(low, 1)


def _beyond(edge: float, direction: int) -> float:
    """Return a number at some distance from `edge`, however large that is."""
    return edge + direction * max(1.0, abs(edge) * 1e-3)


def _with_unit(last: Sequence[float], unit: str) -> str:
    """Write the last value with its unit, or the unit alone if there is no value."""
    figures = [f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}" for value in last]
    return " ".join([*figures, unit])
