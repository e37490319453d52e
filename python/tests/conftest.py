"""Fixtures that several test files use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from host import COUNTER, Host, start_worker, write_module


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """Give a worker that has said hello, in an empty working directory."""
    with start_worker(tmp_path) as host:
        yield host


@pytest.fixture
def counter(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "counter", COUNTER))
    return host
