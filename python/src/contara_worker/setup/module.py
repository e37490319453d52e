"""What a hook gets as its argument `module`: what the host says of the module, and what its description has beside."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from contara_worker.messages import SetupModule

__all__ = ["ModuleArgument"]


class ModuleArgument:
    """A setup module, for its hooks: `slug`, `name`, `path`, `configured`, and the keys of `desc.json`.

    `_path` is how hooks of old call the folder.
    """

    def __init__(self, told: SetupModule) -> None:
        self.slug = told.slug
        self.name = told.name
        self.path = told.path
        self.configured = told.configured

    @property
    def _path(self) -> str:
        return self.path

    @property
    def description(self) -> str:
        """What the module is for, untranslated; the older spelling wins."""
        return str(self._written.get("desc") or self._written.get("description") or "")

    def __getattr__(self, name: str) -> Any:
        for keys in (self._written, self._written.get("module")):
            if isinstance(keys, dict) and name in keys and not name.startswith("_"):
                return keys[name]
        raise AttributeError(f"a setup module has no attribute {name!r}")

    def __str__(self) -> str:
        return self.slug

    @cached_property
    def _written(self) -> dict[str, Any]:
        """The description as it was written; empty if it can't be read, which the host tells of."""
        try:
            written = json.loads(Path(self.path, "desc.json").read_text("utf-8-sig"))
        except (OSError, ValueError):
            return {}
        return written if isinstance(written, dict) else {}
