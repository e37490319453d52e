"""`Shape`: the base of everything that authors build and the browser receives (components, action results)."""

from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ContaraNAS.core.describe import describe_errors
from ContaraNAS.core.exceptions import ComponentError
from ContaraNAS.core.plain import Shaped, to_plain

__all__ = ["Shape"]


def _without_enums(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [_without_enums(item) for item in value]
    return value


class Shape(Shaped, BaseModel):
    """Props checked at construction, `type` first. Subclasses set `type` to a literal with a default.

    Raises `ComponentError` naming class, prop and value when a prop is unknown or wrong.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    type: str

    def __init__(self, **data: Any) -> None:
        # The call that BaseModel.__init__ makes; going through it would cost a third more per node.
        try:
            self.__pydantic_validator__.validate_python(data, self_instance=self)
        except ValidationError:
            # An Enum stands for its value. Tried only now, so that it costs nothing where there is none.
            self._build({name: _without_enums(value) for name, value in data.items()})

    def _build(self, data: dict[str, Any]) -> None:
        try:
            self.__pydantic_validator__.validate_python(data, self_instance=self)
        except ValidationError as error:
            raise ComponentError(describe_errors(type(self), error)) from None

    if not TYPE_CHECKING:
        # Pydantic's models can be iterated, so that one in place of a list would be taken apart into its props.
        __iter__ = None

    def shape(self) -> dict[str, Any]:
        """Props in order, nulls left out, values as they are."""
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def wire(self) -> dict[str, Any]:
        """Props as they stand, `type` first, nulls included."""
        return self.__dict__

    def to_dict(self) -> dict[str, Any]:
        """Return the documented shape as plain values.

        Raises `UnserialisableError` with the path of a value that can't be sent, e.g. `tile.stats[0].value`.
        """
        plain: dict[str, Any] = to_plain(self, self.type)
        return plain
