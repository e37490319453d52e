"""Messages between host and spawner, protocol 1: one tagged union per direction. Types only, no I/O.

The order of the fields is that of the tables in `docs/protocol/spawner.md`; `tests/golden/spawner.json` holds a sample
of each.
"""

from typing import Literal

import msgspec

__all__ = [
    "PROTOCOL",
    "Envelope",
    "Exited",
    "FromSpawner",
    "Hello",
    "Kill",
    "Limits",
    "Refused",
    "SpawnerHello",
    "Start",
    "Started",
    "ToSpawner",
]

PROTOCOL = 1


class Hello(msgspec.Struct, tag="hello", frozen=True):
    """The host's first message."""

    protocol: int
    host: str = ""


class Limits(msgspec.Struct, frozen=True):
    """What the kernel holds each process of the module to; None leaves it as the spawner has it."""

    address_space: int | None = None
    """Bytes."""
    open_files: int | None = None


class Start(msgspec.Struct, tag="start", frozen=True):
    """Start a worker. Three descriptors come with it: the link, standard output, standard error.

    `environment` is the worker's whole environment, `packages` the folder of the module's own packages.
    """

    id: int
    module: str
    way: Literal["fork", "exec"]
    python: str
    pycache_prefix: str
    packages: str | None = None
    environment: dict[str, str] = {}
    limits: Limits = Limits()


class Kill(msgspec.Struct, tag="kill", frozen=True):
    """Kill the worker and all that it started."""

    id: int


class SpawnerHello(msgspec.Struct, tag="hello", frozen=True):
    """The spawner's first message: everything is loaded."""

    protocol: int
    sdk: str = ""
    python: str = ""


class Started(msgspec.Struct, tag="started", frozen=True):
    """The worker's process is there."""

    id: int
    pid: int


class Refused(msgspec.Struct, tag="refused", frozen=True):
    """The worker couldn't be started."""

    id: int
    message: str


class Exited(msgspec.Struct, tag="exited", frozen=True):
    """The worker has ended, by `exit` with a code or by a signal, and nothing that it left runs any more."""

    id: int
    code: int | None = None
    signal: int | None = None


class Envelope(msgspec.Struct, frozen=True):
    """What every message has in common, to tell an unknown one from a bad one."""

    type: str
    id: int | None = None


ToSpawner = Hello | Start | Kill
FromSpawner = SpawnerHello | Started | Refused | Exited
