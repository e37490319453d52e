"""Serialise the three trees: as workers do, and by a walk that makes a dictionary of every component.

`python -m bench.serialising ROUNDS`, in `python/tools`. Building the components isn't part of either.
"""

import gc
import sys
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

import msgspec
from pydantic import BaseModel

from bench.figures import Figure, show
from bench.trees import TREES
from contara_worker.trees import encode_tree

__all__: list[str] = []

_CALLS = 20
_RATIO = 6.0


def walk(value: Any) -> Any:
    """Return plain values as a `to_dict()` of every component would: field by field, without nulls."""
    if isinstance(value, BaseModel):
        fields = {name: walk(getattr(value, name)) for name in type(value).model_fields}
        return {name: field for name, field in fields.items() if field is not None}
    if isinstance(value, list | tuple):
        return [walk(item) for item in value]
    if isinstance(value, dict):
        return {key: walk(item) for key, item in value.items()}
    return value


def _microseconds(call: Callable[[], object]) -> float:
    begin = perf_counter_ns()
    for _ in range(_CALLS):
        call()
    return (perf_counter_ns() - begin) / _CALLS / 1000


def _compare(name: str, rounds: int) -> list[Figure]:
    tree = TREES[name]()
    ours, walked, ratios = [], [], []
    for _ in range(rounds):
        ours.append(_microseconds(lambda: encode_tree(tree, "tile")))
        walked.append(_microseconds(lambda: msgspec.msgpack.encode(walk(tree))))
        ratios.append(walked[-1] / ours[-1])
    return [
        Figure(f"serialising.{name}", f"serialising tree {name}", "µs", ours),
        Figure(f"serialising.{name}_walk", f"tree {name} by the recursive walk", "µs", walked),
        Figure(f"serialising.{name}_ratio", f"tree {name}: walk ÷ ours", "×", ratios, at_least=_RATIO),
    ]


def main() -> None:
    """Measure all three."""
    rounds = int(sys.argv[1])
    gc.disable()
    show([figure for name in TREES for figure in _compare(name, rounds)])


if __name__ == "__main__":
    main()
