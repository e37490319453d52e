"""Settings as requests: the stored ones at load, new ones checked and handed to the module."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from contara_worker.failure import Refusal, describe, sendable
from contara_worker.messages import Capabilities, ErrorKind
from ContaraNAS.core.forms import FieldErrors
from ContaraNAS.core.module import Module
from ContaraNAS.core.module.settings import (
    default_settings,
    known_settings,
    plain_settings,
    read_settings,
    settings_class,
    settings_schema,
)

__all__ = ["Configuring"]

_PROBLEM_CHARS = 4_000


class Configuring:
    """The settings of one module. Without the capability, or without a `Settings`, it has none to set."""

    def __init__(self, module: Module, capabilities: Capabilities) -> None:
        self._module = module
        self._model = settings_class(type(module)) if capabilities.settings else None
        self.problem: str | None = None
        """Why the module doesn't have the stored settings but the defaults, a line per field."""
        self.schema: dict[str, Any] | None = None
        """The JSON Schema, or None when there is nothing to set."""

    def load(self, stored: Mapping[str, Any] | None) -> None:
        """Give the module its settings: the stored ones, or the defaults if these don't validate any more."""
        if self._model is None:
            return
        self._describe(self._model)
        self._module.settings, missing = default_settings(self._model)
        wrong = missing
        if stored is not None:
            try:
                self._module.settings = read_settings(self._model, known_settings(self._model, stored))
                wrong = {}
            except FieldErrors as error:
                wrong = error.fields
            except Exception as error:  # noqa: BLE001 - validators are the module's code
                wrong = {"settings": describe(error)}
        if wrong:
            self.problem = _lines(wrong)

    def check(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values as they would be stored, defaults filled in. Raises `Refusal`."""
        return plain_settings(self._read(values))

    def configure(self, values: Mapping[str, Any]) -> bool:
        """Give the module new settings and tell whether anything is different. Raises `Refusal`."""
        new = self._read(values)
        changed = bool(new != self._module.settings)
        self._module.settings = new
        self.problem = None
        return changed

    def _read(self, values: Mapping[str, Any]) -> BaseModel:
        if self._model is None:
            raise Refusal(ErrorKind.WRONG_STATE, "the module has no settings")
        try:
            return read_settings(self._model, values)
        except FieldErrors as error:
            raise Refusal(ErrorKind.BAD_ARGUMENTS, f"settings: {error}", fields=error.fields) from None

    def _describe(self, model: type[BaseModel]) -> None:
        try:
            self.schema = settings_schema(model)
        except Exception as error:
            raise Refusal(ErrorKind.EXCEPTION, f"Settings can't be described: {describe(error)}") from error


def _lines(wrong: Mapping[str, str]) -> str:
    return sendable("\n".join(f"{name}: {text}" for name, text in wrong.items()), _PROBLEM_CHARS)
