"""Where a Contara is: what `https://nas:8443` means for the stream and for HTTP."""

import urllib.parse
from dataclasses import dataclass

__all__ = ["Address"]


@dataclass(frozen=True, slots=True)
class Address:
    """A Contara's address: `base` without a slash at its end."""

    base: str

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read an address that a person wrote. Raises `ValueError` that says what is wrong with it."""
        example = "an address is like http://nas:8000"
        try:
            parts = urllib.parse.urlsplit(url)
            port_is_good = parts.port != 0  # reading it raises for one that is no number
        except ValueError as error:
            raise ValueError(f"{url!r}: {error}; {example}") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_good:
            raise ValueError(f"{url!r}: {example}, with http or https")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError(f"the address has more than a host, a port and a path; {example}")
        return cls(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}")

    @property
    def is_secure(self) -> bool:
        """Whether it is spoken to with TLS."""
        return self.base.startswith("https:")

    def http(self, path: str) -> str:
        """Give the URL of a path of the API, `/api/…`."""
        return self.base + path

    def stream(self, language: str | None) -> str:
        """Give the WebSocket's URL. A token is no part of it: URLs end up in logs."""
        query = f"?{urllib.parse.urlencode({'language': language})}" if language else ""
        return f"ws{self.base.removeprefix('http')}/ws{query}"
