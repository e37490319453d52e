"""Shows what the machine is doing.

Here is when things are read and shown. How they are read is in `collectors`, how they look in `ui`.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ContaraNAS.core.module import Module, ModuleState
from ContaraNAS.core.ui import Component, Tile
from pydantic import BaseModel, Field

from .collectors import Machine, Process, ProcessTable, Sample, Space, spaces
from .filters import shown
from .history import History
from .measurements import measurements
from .ui import page, tile

__all__ = ["SysMonitor"]

_SETTLE = 0.5
"""Seconds between the two readings that the first rates are worked out from."""
_SPACE_INTERVAL = 10.0
"""Seconds; drives fill slowly, and asking one may wake it up."""
_IDLE_PROCESSES = 30.0
"""Seconds between two readings of all processes, the dearest ones, while nobody looks at the page."""


class SysMonitor(Module):
    """Processor, memory, disks, network and processes of this machine."""

    class Settings(BaseModel):
        """What people may choose on the settings page."""

        interval: float = Field(default=2, ge=0.5, le=60, title="Interval", description="Seconds between two readings.")
        hidden_mounts: list[str] = Field(
            default=["/boot/*", "/snap/*", "/var/lib/docker/*"],
            title="Hidden mounts",
            description="Folders whose space isn't shown. * stands for any characters.",
        )
        hidden_interfaces: list[str] = Field(
            default=["br-*", "docker*", "ifb*", "veth*", "virbr*"],
            title="Hidden network interfaces",
            description="Names that are neither shown nor counted. * stands for any characters.",
        )
        processes: int = Field(
            default=10,
            ge=0,
            le=100,
            title="Processes",
            description="How many of those that use the most processor time, and of those that use the most memory.",
        )

    class State(ModuleState):
        """What was read last. The history is kept elsewhere: a state is compared as a whole at every commit."""

        sample: Sample | None = None
        spaces: list[Space] = []
        processes: list[Process] = []
        process_count: int = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._minutes = History(span=300, points=60)
        self._hour = History(span=3600, points=240)
        self._page_seen = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def initialize(self) -> None:
        """Find out what this machine has to read."""
        self._machine = await asyncio.to_thread(Machine)
        self._process_table = ProcessTable()

    async def start_monitoring(self) -> None:
        """Begin to read. Each kind in a task of its own, since a server's drive may take its time to answer."""
        kinds = (self._read_machine(), self._read_spaces(), self._read_processes())
        self._tasks = [asyncio.create_task(work) for work in kinds]

    async def stop_monitoring(self) -> None:
        """Read no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def on_settings_changed(self) -> None:
        """Let new settings count at once, and not only after the interval that was set before."""
        if self._tasks:
            await self.stop_monitoring()
            await self.start_monitoring()

    def get_tile(self) -> Tile:
        """Return the card on the dashboard."""
        return tile(self.display_name, self.typed_state, self._minutes)

    def get_page(self) -> Component:
        """Return the detail page. It is asked for only while somebody looks at it."""
        self._page_seen.set()
        return page(self.typed_state, self._hour)

    async def _read_machine(self) -> None:
        await asyncio.to_thread(self._machine.sample)
        await asyncio.sleep(_SETTLE)
        while True:
            sample = await asyncio.to_thread(self._machine.sample)
            interfaces = shown(sample.interfaces, self.settings.hidden_interfaces)
            self._take(replace(sample, interfaces=interfaces))
            await asyncio.sleep(self.settings.interval)

    def _take(self, sample: Sample) -> None:
        values = measurements(sample)
        self._minutes.add(sample.time, values)
        self._hour.add(sample.time, values)
        self.typed_state.sample = sample
        self.typed_state.commit()

    async def _read_spaces(self) -> None:
        while True:
            found = await asyncio.to_thread(spaces)
            self.typed_state.spaces = shown(found, self.settings.hidden_mounts)
            self.typed_state.commit()
            await asyncio.sleep(_SPACE_INTERVAL)

    async def _read_processes(self) -> None:
        while True:
            self._page_seen.clear()
            most = self.settings.processes
            self.typed_state.processes = await asyncio.to_thread(self._process_table.read, most)
            self.typed_state.process_count = self._process_table.count
            self.typed_state.commit()  # whereupon the page is made anew, if anybody looks at it
            await self._wait_for_page()
            await asyncio.sleep(self.settings.interval)

    async def _wait_for_page(self) -> None:
        # Not asyncio.wait_for(): up to Python 3.11 it loses a cancellation that comes together with the event.
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_PROCESSES):
                await self._page_seen.wait()
