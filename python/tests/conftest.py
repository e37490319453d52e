"""Fixtures that several test files use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from host import Host, start_worker


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """Give a worker that has said hello, in an empty working directory."""
    with start_worker(tmp_path) as host:
        yield host
