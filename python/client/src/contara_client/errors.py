"""What can go wrong, one class per answer to "what should the caller do?". No error has a token in its text."""

from collections.abc import Mapping

__all__ = [
    "ActionRefused",
    "ConnectionLost",
    "PairingRefused",
    "ProtocolError",
    "SignInRefused",
    "StreamError",
    "UnsupportedServer",
]


class StreamError(Exception):
    """All errors of this package."""


class SignInRefused(StreamError):
    """The token isn't, or is no longer, one of a paired client. The stream has ended; only a new token helps."""


class UnsupportedServer(StreamError):
    """What answers there isn't a Contara with stream v2. The stream has ended."""


class ProtocolError(StreamError):
    """The server sent what the protocol doesn't have. Nothing of that frame counts."""


class ConnectionLost(StreamError):
    """There is no connection. `may_have_run` tells whether the action that raised this may have been run."""

    def __init__(self, reason: str, *, may_have_run: bool = False) -> None:
        super().__init__(reason)
        self.may_have_run = may_have_run


class ActionRefused(StreamError):
    """An action wasn't run: `status` as by HTTP, `detail` for people, `errors` by field of the form."""

    def __init__(self, status: int, detail: str, errors: Mapping[str, str]) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors


class PairingRefused(StreamError):
    """A pairing code wasn't taken: `status` as by HTTP, `detail` for people."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
