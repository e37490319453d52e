"""Fixtures that several test files use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from host import COUNTER, Host, start_worker, write_module
from spawner_host import SpawnerHost


@pytest.fixture(scope="session")
def spawner() -> Iterator[SpawnerHost]:
    """Give the spawner that tests share; one that ends it makes its own."""
    spawner = SpawnerHost()
    yield spawner
    assert spawner.close() == (0, "")


@pytest.fixture(params=["fork", "exec"])
def way(request: pytest.FixtureRequest) -> str:
    """How the worker is started; both give the same."""
    return str(request.param)


@pytest.fixture
def host(way: str, tmp_path: Path, spawner: SpawnerHost) -> Iterator[Host]:
    """Give a worker that has said hello."""
    if way == "plain":
        with start_worker(tmp_path) as host:
            yield host
    else:
        with spawner.worker(spawner.order("exec" if way == "exec" else "fork")) as host:
            yield host


@pytest.fixture
def counter(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "counter", COUNTER))
    return host
