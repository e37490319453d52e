"""The golden samples of the vocabulary, and components built from their trees."""

import json
from pathlib import Path
from typing import Any

from ContaraNAS.core import ui
from ContaraNAS.core.action import ActionRef, action
from ContaraNAS.core.module import Module
from ContaraNAS.core.shape import Shape

__all__ = ["GOLDEN", "SAMPLES", "Disks", "build", "class_of"]

GOLDEN = Path(__file__).parents[2] / "tests/golden"

SAMPLES: list[dict[str, Any]] = json.loads((GOLDEN / "components.json").read_text("utf-8"))


class Disks(Module):
    """The module whose actions the samples name."""

    @action
    def start(self, disk: str = "") -> None:
        pass

    @action
    def wipe(self, disk: str = "") -> None:
        pass

    wipe.__contara_confirm__ = "Wipe the disk?"  # type: ignore[attr-defined]  # as the decorator leaves it


def class_of(tree: dict[str, Any]) -> type[Shape]:
    """Return the class that makes a tree of this type; the one whose props it has, if there are several."""
    candidates: list[type[Shape]] = [getattr(ui, name) for name in ui.__all__]
    fitting = [one for one in candidates if one.model_fields["type"].default == tree["type"]]
    return min(
        (one for one in fitting if one.model_fields.keys() >= tree.keys()), key=lambda one: len(one.model_fields)
    )


def build(value: Any) -> Any:
    """Build the components that a tree describes."""
    if isinstance(value, list):
        return [build(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "__action__" in value:
        return ActionRef(getattr(Disks(), value["__action__"]), **value.get("__params__", {}))
    if "type" not in value:
        return value
    return class_of(value)(**{name: build(item) for name, item in value.items() if name != "type"})
