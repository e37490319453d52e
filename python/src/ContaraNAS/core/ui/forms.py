"""Fields of forms. When a button is pressed, the fields around it are sent to its action under their names."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ContaraNAS.core.ui.component import Component, Number, Part

__all__ = ["Checkbox", "Input", "Password", "Select", "SelectOption", "Textarea", "Toggle"]

Step = Annotated[float, Field(gt=0)]
Length = Annotated[int, Field(ge=0)]


def _regular_expression(pattern: str | None) -> str | None:
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"expected a regular expression, got {pattern!r}: {error}") from None
    return pattern


class Input(Component):
    """A field for text, a number, a date and the like. A password is never sent to the browser."""

    type: Literal["input"] = "input"
    name: str = Field(description="the action's parameter that gets the value")
    label: str | None = Field(default=None, description="what to fill in")
    value: str = Field(default="", description="what is filled in; of a password always empty")
    input_type: Literal["text", "password", "email", "number", "textarea", "date", "time", "url"] = Field(
        default="text", description="what kind of value it takes; `date` and `time` in ISO 8601"
    )
    placeholder: str | None = Field(default=None, description="an example, shown while it is empty")
    disabled: bool = Field(default=False, description="can't be changed")
    help: str | None = Field(default=None, description="a hint below the field")
    error: str | None = Field(default=None, description="what is wrong with the value")
    required: bool = Field(default=False, description="must be filled in before an action that takes it runs")
    min: Number | None = Field(default=None, description="the least number")
    max: Number | None = Field(default=None, description="the greatest number")
    step: Step | None = Field(default=None, description="distance between numbers that it takes")
    pattern: Annotated[str | None, AfterValidator(_regular_expression)] = Field(
        default=None, description="a regular expression that the whole value has to match"
    )
    min_length: Length | None = Field(default=None, description="the least number of characters")
    max_length: Length | None = Field(default=None, description="the greatest number of characters")
    rows: Annotated[int, Field(ge=1)] | None = Field(default=None, description="height of a `textarea` in lines")
    filled: bool = Field(default=False, description="whether there is a password; true if a `value` was given")

    @model_validator(mode="before")
    @classmethod
    def _keep_password(cls, props: Any) -> Any:
        """Take a password's value away before anything can hold, print or refuse it."""
        kind = props.get("input_type", cls.model_fields["input_type"].default)
        if kind != "password" or "value" not in props:
            return props
        return props | {"value": "", "filled": bool(props["value"]) or props.get("filled", False)}

    @model_validator(mode="after")
    def _check_limits(self) -> Self:
        for low, high in (("min", "max"), ("min_length", "max_length")):
            least, most = getattr(self, low), getattr(self, high)
            if least is not None and most is not None and most < least:
                raise ValueError(f"{high}: expected at least {low}, which is {least}, got {most}")
        return self

    def shape(self) -> dict[str, Any]:
        """Props as of any component, but never a password's value, even if one was assigned later."""
        shape = super().shape()
        if self.input_type == "password" and self.value:
            shape |= {"value": "", "filled": True}
        return shape

    def wire(self) -> dict[str, Any]:
        """Props as they stand; of a password that was assigned later what `shape()` says."""
        return self.shape() if self.input_type == "password" else self.__dict__


class Textarea(Input):
    """An input of several lines."""

    input_type: Literal["textarea"] = Field(default="textarea", description="always `textarea`")


class Password(Input):
    """An input whose value is hidden, and never sent to the browser."""

    input_type: Literal["password"] = Field(default="password", description="always `password`")


class SelectOption(Part):
    """One of the options of a `Select`."""

    type: Literal["select_option"] = "select_option"
    value: str = Field(description="what the action gets")
    label: str = Field(description="what people read")


class Select(Component):
    """A choice of one option, or of several."""

    type: Literal["select"] = "select"
    name: str = Field(description="the action's parameter that gets the value, or the list of values if `multiple`")
    label: str | None = Field(default=None, description="what to choose")
    options: list[SelectOption] = Field(description="in order")
    value: str | None = Field(default=None, description="value of the chosen option")
    disabled: bool = Field(default=False, description="can't be changed")
    help: str | None = Field(default=None, description="a hint below the field")
    error: str | None = Field(default=None, description="what is wrong with the choice")
    required: bool = Field(default=False, description="must be chosen before an action that takes it runs")
    multiple: bool = Field(default=False, description="whether several options may be chosen")
    values: list[str] | None = Field(default=None, description="values of the chosen options, if `multiple`")

    @model_validator(mode="after")
    def _check_values(self) -> Self:
        if self.values is not None and not self.multiple:
            raise ValueError("values: only with multiple=True; expected value")
        return self


class Toggle(Component):
    """A switch that is on or off."""

    type: Literal["toggle"] = "toggle"
    name: str = Field(description="the action's parameter that gets true or false")
    label: str | None = Field(default=None, description="what it switches")
    checked: bool = Field(default=False, description="whether it is on")
    disabled: bool = Field(default=False, description="can't be changed")
    help: str | None = Field(default=None, description="a hint below the field")
    error: str | None = Field(default=None, description="what is wrong with it")
    required: bool = Field(default=False, description="must be on before an action that takes it runs")


class Checkbox(Component):
    """A box to tick. Several of one name, each with a `value`, make a list of the values of those that are ticked."""

    type: Literal["checkbox"] = "checkbox"
    name: str = Field(description="the action's parameter that gets true or false, or the list of values")
    label: str | None = Field(default=None, description="what ticking it means")
    checked: bool = Field(default=False, description="whether it is ticked")
    disabled: bool = Field(default=False, description="can't be changed")
    help: str | None = Field(default=None, description="a hint below the field")
    error: str | None = Field(default=None, description="what is wrong with it")
    required: bool = Field(default=False, description="must be ticked before an action that takes it runs")
    value: str | None = Field(default=None, description="what the list gets if it is one of several")
