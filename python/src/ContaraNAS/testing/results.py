"""What an action returned, as a test asks for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from ContaraNAS.core.action import ActionResult, CloseModal, Notify, OpenModal, Refresh

__all__ = ["Results"]

_CLASSES = {"open_modal": OpenModal, "close_modal": CloseModal, "notify": Notify, "refresh": Refresh}


class Results(Sequence[ActionResult]):
    """The results of one call, in order: a sequence, with the usual questions as properties."""

    def __init__(self, raw: Sequence[Mapping[str, Any]]) -> None:
        self._all: list[ActionResult] = [_CLASSES[item["type"]](**item) for item in raw]

    @overload
    def __getitem__(self, index: int, /) -> ActionResult: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[ActionResult]: ...
    def __getitem__(self, index: int | slice, /) -> ActionResult | list[ActionResult]:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[ActionResult]:
        return iter(self._all)

    def __repr__(self) -> str:
        return f"Results({self._all!r})"

    @property
    def opened(self) -> str | None:
        """Id of the modal that was opened last, or None."""
        ids = [result.modal_id for result in self._all if isinstance(result, OpenModal)]
        return ids[-1] if ids else None

    @property
    def closed(self) -> bool:
        """Whether a modal was closed."""
        return any(isinstance(result, CloseModal) for result in self._all)

    @property
    def refreshed(self) -> bool:
        """Whether the browser was told to fetch everything anew."""
        return any(isinstance(result, Refresh) for result in self._all)

    @property
    def notifications(self) -> list[Notify]:
        """Every notification, with its text, variant and title."""
        return [result for result in self._all if isinstance(result, Notify)]

    @property
    def notified(self) -> str | None:
        """Text of the first notification, or None."""
        return next((result.message for result in self.notifications), None)
