"""A worker that the spawner starts is what a plain start gives: each rule of a fork, in both ways."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contara_worker.spawner.messages import Limits
from host import Host, write_module
from spawner_host import SpawnerHost, Way

PROBE = """
import gc, json, random, resource, socket, ssl, tempfile, threading, uuid
from concurrent.futures import ProcessPoolExecutor
import multiprocessing

class Point:
    def __init__(self, x):
        self.x = x

def double(point):
    return Point(point.x * 2), __name__, os.getpid()

class Probe(Module):
    @action
    async def tell(self, expression: str):
        return Notify(message=json.dumps(eval(expression)))
    @action
    async def pool(self, method: str):
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            point, name, pid = await asyncio.wrap_future(pool.submit(double, Point(21)))
        return Notify(message=json.dumps([point.x, name, type(point) is Point, pid != os.getpid()]))
    @action
    async def thread(self):
        return Notify(message=json.dumps(await asyncio.to_thread(lambda: threading.current_thread().name)))
    @action
    async def program(self):
        made = await asyncio.create_subprocess_exec("sh", "-c", "echo out; exit 3", stdout=subprocess.PIPE)
        out, _ = await made.communicate()
        return Notify(message=json.dumps([out.decode(), made.returncode]))
"""


def tell(host: Host, name: str, **params: Any) -> Any:
    import json

    return json.loads(host.act(name, **params)[0]["message"])


def evaluate(host: Host, expression: str) -> Any:
    return tell(host, "tell", expression=expression)


@pytest.fixture
def probe(host: Host, tmp_path: Path) -> Host:
    host.run(write_module(tmp_path / "probe", PROBE))
    return host
