"""Pairing: a code that Contara showed for a token of this client's own."""

import asyncio
import json
import ssl
import urllib.error
import urllib.request
from typing import Any

from contara_client.address import Address
from contara_client.errors import ConnectionLost, PairingRefused, ProtocolError

__all__ = ["pair"]

_SECONDS = 10


async def pair(url: str, code: str, *, tls: ssl.SSLContext | None = None) -> str:
    """Give the token that the pairing code `code` is good for, which `contara pair` shows on the machine. Keep it safe.

    Raises `PairingRefused` for a code that is wrong, used or too old (401) and after too many of those (429),
    `ConnectionLost` if nothing answers, `ProtocolError` if it is no Contara that does, `ValueError` for a bad address.
    """
    address = Address.of(url)
    return await asyncio.to_thread(_pair, address, code, tls)


def _pair(address: Address, code: str, tls: ssl.SSLContext | None) -> str:
    request = urllib.request.Request(  # noqa: S310 - an `Address` is http or https
        address.http("/api/auth/pair"),
        data=json.dumps({"pairing_code": code}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS, context=tls) as response:  # noqa: S310
            answer = response.read()
    except urllib.error.HTTPError as error:
        with error:
            raise PairingRefused(error.code, _detail(error)) from None
    except OSError as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise ConnectionLost(f"{address.base} can't be reached: {reason}") from error
    return _token(address, answer)


def _detail(error: urllib.error.HTTPError) -> str:
    detail = _field(error.read(), "detail")
    return detail if isinstance(detail, str) else f"HTTP {error.code} {error.reason}"


def _token(address: Address, answer: bytes) -> str:
    token = _field(answer, "api_token")
    if not isinstance(token, str) or not token:
        raise ProtocolError(f"{address.base} gave no token; is it a Contara?")
    return token


def _field(body: bytes, name: str) -> Any:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value.get(name) if isinstance(value, dict) else None
