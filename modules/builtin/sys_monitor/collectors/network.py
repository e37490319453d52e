"""What goes over the network interfaces, from /proc/net/dev: see proc_pid_net(5)."""

from dataclasses import dataclass
from pathlib import Path

from .source import Source

__all__ = ["Interface", "NetworkCollector", "parse_bytes"]


@dataclass(frozen=True, slots=True)
class Interface:
    """One network interface, and what went over it since the last reading."""

    name: str
    received: float
    """Bytes a second."""
    sent: float
    """Bytes a second."""
    received_total: int
    """Bytes since the interface exists."""
    sent_total: int
    """Bytes since the interface exists."""


class NetworkCollector:
    """Compares each reading with the one before."""

    def __init__(self, root: Path) -> None:
        self._source = Source(root / "proc/net/dev")
        self._last: dict[str, tuple[int, int]] = {}

    def read(self, seconds: float) -> list[Interface]:
        """Return the interfaces that were there at the last call too, `seconds` ago, by name."""
        before, self._last = self._last, parse_bytes(self._source.read() or "")
        return [
            Interface(
                name,
                # An interface that was made anew counts from 0 again.
                received=round(max(received - before[name][0], 0) / seconds, 1),
                sent=round(max(sent - before[name][1], 0) / seconds, 1),
                received_total=received,
                sent_total=sent,
            )
            for name, (received, sent) in self._last.items()
            if name in before
        ]


def parse_bytes(text: str) -> dict[str, tuple[int, int]]:
    """Return the bytes received and sent by name, without the loopback and what was never used."""
    found = {}
    for line in text.splitlines()[2:]:  # two lines of headings
        name, _, rest = line.rpartition(":")
        fields = rest.split()
        received, sent = int(fields[0]), int(fields[8])
        if name.strip() != "lo" and (received or sent):
            found[name.strip()] = (received, sent)
    return dict(sorted(found.items()))
