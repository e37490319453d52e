"""`settings`: the folders that a module may write to. What a person sets is the module's own `Settings`."""

import os
from pathlib import Path

__all__ = ["Paths", "settings"]


class Paths:
    """Read from the environment that the host gives a worker, at each access; the folders are made when asked for."""

    @property
    def data_dir(self) -> Path:
        """Where data is kept: `CONTARA_DATA_DIR`, the module's own; outside a worker `~/.local/share/contara`."""
        return _folder("CONTARA_DATA_DIR", "~/.local/share/contara")

    @property
    def cache_dir(self) -> Path:
        """Where things lie that can be had again: `CONTARA_CACHE_DIR`; outside a worker `~/.cache/contara`."""
        return _folder("CONTARA_CACHE_DIR", "~/.cache/contara")

    def __getattr__(self, name: str) -> Path:
        raise AttributeError(
            f"ContaraNAS.core.settings has no {name!r}, only data_dir and cache_dir; "
            "what people set belongs in the module's own `class Settings(BaseModel)`"
        )


def _folder(variable: str, default: str) -> Path:
    folder = Path(os.environ.get(variable) or default).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


settings = Paths()
