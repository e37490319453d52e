"""`LineChart`: what is worked out where an author leaves it to us, and that a v1 client always gets numbers."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from ContaraNAS.core.exceptions import ComponentError
from ContaraNAS.core.ui import LineChart, LineChartSeries


def test_data_is_the_first_series_without_gaps() -> None:
    series = [LineChartSeries(name="in", data=[1, None, 3]), LineChartSeries(name="out", data=[4])]
    chart = LineChart(series=series).to_dict()
    assert chart["data"] == [1.0, 0.0, 3.0]
    assert chart["series"][0]["data"] == [1.0, None, 3.0]


def test_data_of_its_own_stays() -> None:
    assert LineChart(data=[7], series=[LineChartSeries(name="in", data=[1])]).to_dict()["data"] == [7.0]


@pytest.mark.parametrize(
    ("props", "low", "high"),
    [
        ({"data": [5]}, 0, 100),
        ({"data": [5, -3, 9], "min": None, "max": None}, -3, 9),
        ({"data": [0.2, 0.5], "max": None}, 0, 0.5),
        ({"data": [20, 30], "min": None}, 20, 100),
        ({"data": [120, 130], "min": None}, 99, 100),
        ({"data": [-5], "max": None}, 0, 1),
        ({"data": [], "min": None, "max": None}, 0, 1),
        ({"data": [0, 0], "min": 0, "max": 0}, 0, 1),
        ({"data": [1e12], "min": None, "max": None}, 1e12, 1.001e12),
        (
            {"series": [LineChartSeries(name="a", data=[None, 2]), LineChartSeries(name="b", data=[8])], "max": None},
            0,
            8,
        ),
    ],
)
def test_range(props: dict[str, Any], low: float, high: float) -> None:
    chart = LineChart(**props).to_dict()
    assert (chart["min"], chart["max"]) == (low, high)


@pytest.mark.parametrize(
    ("props", "label"),
    [
        ({"data": [1, 2.345], "unit": "MB/s"}, "2.35 MB/s"),
        ({"data": [1234567.8], "unit": "B"}, "1234568 B"),
        ({"data": [], "unit": "°C"}, "°C"),
        ({"data": [1], "unit": "°C", "label": "CPU"}, "CPU"),
        ({"data": [1]}, None),
    ],
)
def test_label_has_the_unit(props: dict[str, Any], label: str | None) -> None:
    assert LineChart(**props).label == label


def test_times_are_unix_seconds() -> None:
    noon = datetime(2026, 1, 31, 12)  # noqa: DTZ001 - local time
    times: list[float | datetime] = [datetime(2026, 1, 31, 12, tzinfo=UTC), noon, 5.5]
    chart = LineChart(data=[1, 2, 3], times=times).to_dict()
    assert chart["times"] == [1769860800.0, noon.astimezone().timestamp(), 5.5]


@pytest.mark.parametrize(
    ("props", "text"),
    [
        ({}, "LineChart.data: missing; expected a list of numbers, or else series"),
        ({"series": []}, "LineChart.data: missing; expected a list of numbers, or else series"),
        ({"data": [1, None]}, "LineChart.data[1]: expected a number, got None"),
        ({"data": [1, "high"]}, "LineChart.data[1]: expected a number, got 'high'"),
        ({"data": [math.inf]}, "LineChart.data[0]: expected a finite number, got inf"),
        ({"data": [1], "max": math.nan}, "LineChart.max: expected a finite number, got nan"),
        ({"data": [1], "min": 3, "max": 2}, "LineChart.max: expected more than min, which is 3, got 2"),
        ({"data": [1, 2], "times": [1]}, "LineChart.times: expected 2, as many as data has values, got 1"),
        (
            {"data": [1], "times": [1], "series": [LineChartSeries(name="a", data=[])]},
            "LineChart.times: expected 0, as many as series[0].data has values, got 1",
        ),
        ({"data": [1], "times": ["noon"]}, "LineChart.times[0]: expected a number or a date and time, got 'noon'"),
    ],
)
def test_refusals(props: dict[str, Any], text: str) -> None:
    with pytest.raises(ComponentError) as refused:
        LineChart(**props)
    assert str(refused.value) == text


def test_a_series_refuses_what_is_no_number() -> None:
    with pytest.raises(ComponentError, match=r"^LineChartSeries\.data\[0\]: expected a finite number, got nan$"):
        LineChartSeries(name="a", data=[math.nan])
