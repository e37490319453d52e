"""`Table`: rows of values under columns, and the checks that its parts fit together."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ContaraNAS.core.action import ActionRef
from ContaraNAS.core.plain import not_shaped, to_plain
from ContaraNAS.core.ui.component import Component, Part
from ContaraNAS.core.ui.interactive import Button

__all__ = ["Table", "TableColumn"]

_SENT_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})

PageSize = Annotated[int, Field(ge=1, le=1000)]


class TableColumn(Part):
    """A column of a `Table`. What else a cell needs stands in the same row, under the column's key with a suffix.

    - `<key>_sort`: what to sort by instead of the value, e.g. a number of bytes beside `2 TB`
    - `<key>_variant`: colour of a badge, as of `Badge`
    - `<key>_max`: what a progress bar counts as full; 100 if left out
    - `<key>_href`: where a link leads; the value itself if left out
    - `<key>_alt`: what an image shows, for who can't see it
    """

    type: Literal["table_column"] = "table_column"
    key: str = Field(description="where its value stands in a row")
    label: str = Field(description="heading")
    width: str | None = Field(default=None, description="a length as of “Sizes and colours”, e.g. `8rem`")
    align: Literal["left", "center", "right"] = Field(default="left", description="where the value stands in its cell")
    render: Literal["text", "image", "badge", "progress", "link"] = Field(
        default="text", description="how the value is drawn; a client that doesn't know the way prints it"
    )
    sortable: bool = Field(default=True, description="whether people may sort by it, if they may sort the table")


class Table(Component):
    """Rows of values under columns; people may sort it, and page through it."""

    type: Literal["table"] = "table"
    columns: list[TableColumn] = Field(description="from left to right")
    data: list[dict[str, Any]] = Field(
        description="the rows: maps from a column's key to text, a number, true or false, null, a date or a time"
    )
    empty_message: str = Field(default="No data", description="what is shown if there are no rows")
    sortable: bool = Field(default=False, description="whether people may sort it")
    default_sort_key: str | None = Field(default=None, description="key of the column that it is sorted by at first")
    default_sort_desc: bool = Field(default=True, description="whether that is from high to low")
    row_key: str | None = Field(default=None, description="the key whose value tells rows apart; every row has it")
    page_size: PageSize | None = Field(default=None, description="rows on a page; without it there is one page")
    row_actions: list[Button] = Field(
        default_factory=list,
        description="buttons at each row, which needs `row_key`; their actions get the row's value of it as the "
        "parameter of that name, beside what is bound",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        for index, row in enumerate(self.data):
            _make_plain(row, f"data[{index}]")
        if self.row_key is not None:
            self._check_rows(self.row_key)
        for index, button in enumerate(self.row_actions):
            _check_action(button, self.row_key, f"row_actions[{index}]")
        return self

    def wire(self) -> dict[str, Any]:
        """Props as they stand, and no row that could be taken for a component."""
        if any("type" in row for row in self.data):
            return self.__dict__ | {"data": [not_shaped(row) for row in self.data]}
        return self.__dict__

    def _check_rows(self, row_key: str) -> None:
        for index, row in enumerate(self.data):
            if row.get(row_key) is None:
                raise ValueError(f"data[{index}]: expected a value of {row_key!r}, which is the row_key")


def _make_plain(row: dict[str, Any], path: str) -> None:
    """Replace what isn't sent as it is, so that dates are told in one way and bad values are found here."""
    for key, value in row.items():
        if type(value) not in _SENT_AS_THEY_ARE:
            row[key] = to_plain(value, f"{path}.{key}")


def _check_action(button: Button, row_key: str | None, path: str) -> None:
    action = button.on_click
    if row_key is None:
        raise ValueError(f"{path}: row actions need row_key, the name of the value that they get")
    if action is None:
        raise ValueError(f"{path}: expected a Button with on_click")
    if isinstance(action, ActionRef) and not action.accepts(row_key):
        raise ValueError(f"{path}: the action {action.name} has no parameter {row_key!r}, which is the row_key")
