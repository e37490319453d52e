"""How reports of many threads become few looks."""

import asyncio
import threading
from pathlib import Path

import pytest

from ..changes import Changes


@pytest.fixture(autouse=True)
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Sleep no longer than it takes, and note for how long it would have been."""
    slept: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    return slept


def test_what_threads_report_is_given_once() -> None:
    async def run() -> None:
        reports = Changes()
        threads = [threading.Thread(target=reports.report, args=(Path(name),)) for name in "aab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        reports.report()
        assert await reports.wait(20) == {Path("a"), Path("b")}
        assert not reports.pending

    asyncio.run(run())


def test_a_wait_can_be_cancelled_at_the_very_moment_of_a_report() -> None:
    async def run() -> None:
        reports = Changes()
        waiting = asyncio.create_task(reports.wait(20))
        await asyncio.sleep(0)
        reports._reported.set()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())


def test_without_a_report_the_wait_ends(gathered: list[float]) -> None:
    async def run() -> None:
        assert await Changes().wait(0.01) == set()

    asyncio.run(run())
    assert gathered == []


def test_reports_without_end_are_gathered_for_longer_and_longer(gathered: list[float]) -> None:
    async def run() -> None:
        reports = Changes()
        for _ in range(6):
            reports.report(Path("a"))
            await asyncio.sleep(0)
            assert reports.pending
            await reports.wait(20)
        gathered.append(-1)
        threading.Timer(0.05, reports.report).start()
        await reports.wait(20)

    asyncio.run(run())
    assert [seconds for seconds in gathered if seconds] == [1, 2, 4, 8, 8, 8, -1, 0.5]
