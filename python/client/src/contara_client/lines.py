"""Events as lines of JSON, for programs that read them from a pipe."""

from typing import Any

import msgspec

from contara_client.events import Changed, Event
from contara_client.stream import Stream

__all__ = ["line"]


def line(stream: Stream, event: Event) -> bytes:
    """Give `{"event": its class's name, …its fields}`, and of a module that has changed `info`, `ui` and `revision`."""
    described: dict[str, Any] = {"event": type(event).__name__, **msgspec.to_builtins(event)}
    module = stream.modules.get(event.module) if isinstance(event, Changed) else None
    if module is not None:
        described |= msgspec.to_builtins(module)
    return msgspec.json.encode(described) + b"\n"
