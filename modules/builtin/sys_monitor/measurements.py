"""Which numbers of a sample are kept over time, and under which names."""

from .collectors import Sample

__all__ = ["measurements"]


def measurements(sample: Sample) -> dict[str, float | None]:
    """Return the value of each series, None where the machine doesn't tell.

    Percent: `cpu`, `waiting`, `memory`, `swap`, `pressure.cpu|memory|io`, `busy.<disk>`. Bytes a second: `read`,
    `written`, `received`, `sent`, of all together. Also `temperature` (°C) and `load` (tasks).
    """
    cpu, memory = sample.cpu, sample.memory
    values: dict[str, float | None] = {
        "cpu": cpu.busy if cpu else None,
        "waiting": cpu.waiting if cpu else None,
        "memory": memory.used_percent if memory else None,
        "swap": memory.swap_percent if memory else None,
        "temperature": sample.temperature,
        "load": sample.load[0] if sample.load else None,
    }
    if sample.disks:
        values["read"] = sum(disk.read for disk in sample.disks)
        values["written"] = sum(disk.written for disk in sample.disks)
    if sample.interfaces:
        values["received"] = sum(interface.received for interface in sample.interfaces)
        values["sent"] = sum(interface.sent for interface in sample.interfaces)
    values.update({f"pressure.{name}": pressure.some for name, pressure in sample.pressure.items()})
    values.update({f"busy.{disk.name}": disk.busy for disk in sample.disks})
    return values
