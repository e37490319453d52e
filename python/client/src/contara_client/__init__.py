"""Contara's stream, version 2, with asyncio: `connect`, and `pair` to get a token. The README has an example."""

from contara_client.connection import Timing
from contara_client.errors import (
    ActionRefused,
    ConnectionLost,
    PairingRefused,
    ProtocolError,
    SignInRefused,
    StreamError,
    UnsupportedServer,
)
from contara_client.events import (
    Changed,
    Connected,
    Disconnected,
    Event,
    Notice,
    Removed,
    SetupChanged,
    SetupLines,
)
from contara_client.frames import ActionProgress, Info, Preparing, Problem, Progress, RunningAction
from contara_client.pairing import pair
from contara_client.store import Module
from contara_client.stream import OnProgress, Stream, connect

__all__ = [
    "ActionProgress",
    "ActionRefused",
    "Changed",
    "Connected",
    "ConnectionLost",
    "Disconnected",
    "Event",
    "Info",
    "Module",
    "Notice",
    "OnProgress",
    "PairingRefused",
    "Preparing",
    "Problem",
    "Progress",
    "ProtocolError",
    "Removed",
    "RunningAction",
    "SetupChanged",
    "SetupLines",
    "SignInRefused",
    "Stream",
    "StreamError",
    "Timing",
    "UnsupportedServer",
    "connect",
    "pair",
]

__version__ = "0.1.0"
