"""Pairing against a real HTTP server that answers as Contara does, and as others do."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from contara_client import ConnectionLost, PairingRefused, ProtocolError, pair


@contextmanager
def answering(status: HTTPStatus, body: bytes) -> Iterator[tuple[str, list[Any]]]:
    """Serve this answer to a POST; the URL, and what was asked."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            asked.append((self.path, self.headers["Content-Type"], json.loads(self.rfile.read(length))))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            serving.join()


def test_a_code_gives_a_token() -> None:
    with answering(HTTPStatus.OK, b'{"success": true, "api_token": "t0ken"}') as (url, asked):
        assert asyncio.run(pair(url + "/", "AAAA-BBBB-CCCC")) == "t0ken"
    assert asked == [("/api/auth/pair", "application/json", {"pairing_code": "AAAA-BBBB-CCCC"})]


@pytest.mark.parametrize(
    ("status", "body", "detail"),
    [
        (HTTPStatus.UNAUTHORIZED, b'{"detail": "Invalid or expired pairing code"}', "Invalid or expired pairing code"),
        (HTTPStatus.TOO_MANY_REQUESTS, b'{"detail": [1]}', "HTTP 429 Too Many Requests"),
        (HTTPStatus.NOT_FOUND, b"<html>", "HTTP 404 Not Found"),
    ],
)
def test_a_code_that_is_refused(status: HTTPStatus, body: bytes, detail: str) -> None:
    with answering(status, body) as (url, _), pytest.raises(PairingRefused) as raised:
        asyncio.run(pair(url, "x"))
    assert (raised.value.status, raised.value.detail) == (status, detail)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"api_token": ""}', b"\xff"])
def test_what_is_no_contara(body: bytes) -> None:
    with answering(HTTPStatus.OK, body) as (url, _), pytest.raises(ProtocolError, match="is it a Contara"):
        asyncio.run(pair(url, "x"))


def test_nobody_there_and_a_bad_address() -> None:
    with answering(HTTPStatus.OK, b"") as (url, _):
        pass
    with pytest.raises(ConnectionLost, match="can't be reached"):
        asyncio.run(pair(url, "x"))
    with pytest.raises(ValueError, match="http or https"):
        asyncio.run(pair("file:///etc/passwd", "x"))
