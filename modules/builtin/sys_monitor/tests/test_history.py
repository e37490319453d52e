"""What is kept of what was measured, and for how long."""

from ..history import History


def test_values_of_one_step_make_their_mean() -> None:
    history = History(span=60, points=6)
    for time, value in ((100.0, 1.0), (104.0, 2.0), (108.0, 6.0), (111.0, 5.0)):
        history.add(time, {"a": value})
    assert history.times == [100, 110]
    assert history.series("a") == [3.0, 5.0]


def test_what_is_older_than_the_span_goes() -> None:
    history = History(span=60, points=6)
    for time in range(0, 1000, 3):
        history.add(time, {"a": time})
    assert history.times == [940, 950, 960, 970, 980, 990]
    assert len(history.series("a")) == 6


def test_points_further_apart_than_a_step_are_fewer() -> None:
    history = History(span=60, points=6)
    for time in range(0, 300, 30):
        history.add(time, {"a": 1})
    assert history.times == [240, 270]


def test_a_series_may_begin_late_have_gaps_and_end() -> None:
    history = History(span=40, points=4)
    history.add(0, {"a": 1, "b": None})
    history.add(10, {"a": 1, "b": 7})
    history.add(20, {"a": 1, "b": None})
    assert history.series("b") == [None, 7, None]
    history.add(30, {"a": 1})
    history.add(50, {"a": 1})
    assert "b" not in history
    assert "a" in history
    assert history.series("b") == [None] * len(history)


def test_an_hour_of_seconds_is_at_most_as_long_as_it_says() -> None:
    history = History(span=3600, points=240)
    for time in range(8000):
        history.add(time, {"a": time})
    assert len(history) == 240
    assert history.times[-1] - history.times[0] == 3585


def test_a_clock_that_is_set_back_begins_anew() -> None:
    history = History(span=60, points=6)
    history.add(1000, {"a": 1})
    history.add(500, {"a": 2})
    assert (history.times, history.series("a")) == ([500], [2])
