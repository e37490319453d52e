"""The module as a whole, on the machine that runs the tests."""

import asyncio

import pytest
from ContaraNAS.testing import FieldErrors, ModuleTest

from .. import SysMonitor


def test_it_measures_from_the_start_and_goes_on(contara_module: ModuleTest) -> None:
    contara_module.enable()
    assert contara_module.tile.has("spinner")
    contara_module.wait_for(lambda: contara_module.tile.has("stat", "CPU"))
    assert contara_module.tile.stat("Memory").value.endswith(" %")
    assert contara_module.tile.has("tab", "Overview")
    contara_module.configure(interval=0.5)
    first = contara_module.state.sample.time
    contara_module.wait_for(lambda: contara_module.state.sample.time > first + 1)


def test_the_page_shows_charts_and_processes(contara_module: ModuleTest) -> None:
    contara_module.enable()
    contara_module.wait_for(lambda: contara_module.state.sample and contara_module.state.processes)
    contara_module.wait_for(lambda: contara_module.page.has("card", "Memory"))
    names = {line["name"] for chart in contara_module.page.find_all("line_chart") for line in chart.raw["series"]}
    assert {"Busy", "Memory"} <= names
    (processes,) = contara_module.page.find_all("table", row_key="pid")
    assert 1 <= len(processes.data) <= 20
    assert contara_module.page.has("card", f"Processes ({contara_module.state.process_count})")


@pytest.mark.contara_module(settings={"processes": 0, "hidden_mounts": ["*"], "hidden_interfaces": ["*"]})
def test_what_the_settings_hide_is_neither_shown_nor_counted(contara_module: ModuleTest) -> None:
    contara_module.enable()
    contara_module.wait_for(lambda: contara_module.state.sample and contara_module.state.process_count)
    state = contara_module.state
    assert (state.spaces, state.processes, state.sample.interfaces) == ([], [], [])
    assert not contara_module.page.has("card", "Space")
    contara_module.configure(processes=1, hidden_mounts=[], hidden_interfaces=["*"])
    contara_module.wait_for(lambda: contara_module.page.has("card", "Space"))
    contara_module.wait_for(lambda: contara_module.state.processes)


@pytest.mark.parametrize("interval", [0.4, 61, "often"])
def test_an_interval_out_of_range_is_refused(contara_module: ModuleTest, interval: object) -> None:
    with pytest.raises(FieldErrors) as caught:
        contara_module.configure(interval=interval)
    assert list(caught.value.fields) == ["interval"]
    assert contara_module.settings.interval == 2


def test_nothing_runs_after_the_end_and_history_stays(contara_module: ModuleTest) -> None:
    contara_module.enable()
    contara_module.wait_for(lambda: contara_module.state.sample)
    contara_module.disable()
    module = contara_module.module
    assert module._tasks == []  # type: ignore[attr-defined]
    contara_module.configure(interval=1)
    assert module._tasks == [], "new settings don't start what is stopped"  # type: ignore[attr-defined]
    before = contara_module.state.sample
    contara_module.enable()
    contara_module.wait_for(lambda: contara_module.state.sample is not before)
    assert len(module._hour) >= 1  # type: ignore[attr-defined]


def test_it_stops_at_the_very_moment_in_which_somebody_looks_at_the_page() -> None:
    async def run() -> None:
        module = SysMonitor("sys_monitor", "System")
        waiting = asyncio.create_task(module._wait_for_page())
        await asyncio.sleep(0)
        module.get_page()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())


def test_it_stops_at_any_moment(contara_module: ModuleTest) -> None:
    for _ in range(30):
        contara_module.enable()
        contara_module.disable()
    assert contara_module.module._tasks == []  # type: ignore[attr-defined]
