"""`ModuleTest`: a module that runs in a test, and what a person at the dashboard could do with it."""

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

from contara_worker.messages import (
    Action,
    Answer,
    CheckSettings,
    Configure,
    Error,
    Initialize,
    Load,
    Request,
    Start,
    Stop,
    Watch,
)
from ContaraNAS.core.module import Module
from ContaraNAS.testing.errors import ActionFailed, FieldErrors, ModuleFailed, NotFound, NotPressable
from ContaraNAS.testing.fields import filled, presses, scopes
from ContaraNAS.testing.host import InProcessHost
from ContaraNAS.testing.manifest import read_manifest
from ContaraNAS.testing.results import Results
from ContaraNAS.testing.tree import Node
from ContaraNAS.testing.vocabulary import known_props

__all__ = ["ModuleTest"]

T = TypeVar("T")

_PRESS_SECONDS = 30.0


class ModuleTest:
    """A module from its folder, loaded as the worker loads it, without a daemon. All methods are synchronous.

    `settings` and `state` are stored ones, given to the module when it is loaded. `seconds` is the deadline of each
    call. Use it in a `with` statement, or `close()` it. Raises `ModuleFailed` when the module can't be loaded.
    """

    def __init__(
        self,
        folder: str | PathLike[str],
        *,
        settings: Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
        seconds: float = _PRESS_SECONDS,
    ) -> None:
        self._manifest = read_manifest(Path(folder))
        self._host = InProcessHost(seconds)
        self._open_modal: str | None = None
        try:
            self._load(settings, state)
        except BaseException:
            self._host.close()
            raise

    # Life

    def enable(self) -> None:
        """Run `initialize()`, the first time, and `start_monitoring()`. Raises `ModuleFailed`."""
        self._ask(Initialize)
        self._ask(Start)

    def disable(self) -> None:
        """Run `stop_monitoring()`. Raises `ModuleFailed`."""
        self._ask(Stop)

    def close(self) -> None:
        """Disable the module and end its loop. Raises `ModuleFailed` for background work that failed unnoticed."""
        try:
            self.disable()
        finally:
            self._host.close()
        if self._host.seen.faults:
            fault = self._host.seen.faults[0]
            raise ModuleFailed("exception", f"the {fault.origin} {fault.name} failed: {fault.message}", fault.traceback)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            self.close()
        except ModuleFailed:
            if error is None:  # else the test's own failure says more
                raise

    # The module

    @property
    def module(self) -> Module:
        """The module object itself, for a look inside."""
        return self._host.module

    @property
    def state(self) -> Any:
        """The module's State, or None."""
        return self.module.typed_state

    @property
    def settings(self) -> Any:
        """The module's present settings, or None."""
        return self.module.settings

    @property
    def stored_state(self) -> dict[str, Any] | None:
        """The State that the host has stored: that of the last commit, in a module whose State is `persist=True`."""
        self._host.settle()
        return self._host.seen.state

    @property
    def faults(self) -> list[str]:
        """Messages of background tasks and threads that failed since the last look. Unlooked at, they fail the test."""
        self._host.settle()
        faults, self._host.seen.faults = self._host.seen.faults, []
        return [fault.message for fault in faults]

    @property
    def progress(self) -> list[tuple[float | None, float | None, str | None]]:
        """What actions reported so far: `(done, total, text)`."""
        self._host.settle()
        return [(step.done, step.total, step.text) for step in self._host.seen.progress]

    def configure(self, **values: Any) -> None:
        """Save settings, as a person does in the form. Raises `FieldErrors`, and then nothing is changed."""
        checked = self._ask(CheckSettings, values)
        self._ask(Configure, checked["values"])

    # What people do

    def act(self, name: str, /, *, form: Mapping[str, Any] | None = None, **params: Any) -> Results:
        """Run an action. `form` holds fields, coerced as the worker does; `params` are as if bound to a button.

        Raises `FieldErrors` for a form that doesn't fit, `ActionFailed` for all else that can go wrong.
        """
        given = dict(form) if form is not None else None
        return self._did(Results(self._ask(Action, name, params or None, given)))

    def press(
        self,
        label: str,
        *,
        form: Mapping[str, Any] | None = None,
        row: Mapping[str, Any] | None = None,
        where: str | None = None,
    ) -> Results:
        """Press the button with this label, with its fields as they stand and `form` filled in.

        It is looked for in the modal that is open, then in tile and page, then in the other modals; or only in `where`:
        `"tile"`, `"page"` or a modal's id. `row={"name": "sda"}` presses a row's button: in the row with these values.
        Raises `NotFound`, `NotPressable`, and what `act()` raises.
        """
        scope, button = self._button(label, where)
        for hindrance in ("disabled", "loading"):
            if button.raw.get(hindrance):
                raise NotPressable(f"{button!r} is {hindrance}")
        if button.on_click is None:
            return self._press_without_action(button)
        params = {**(button.on_click.get("__params__") or {}), **self._row_params(scope, button, row)}
        values = filled(scope, dict(form or {}))
        return self._did(Results(self._ask(Action, button.on_click["__action__"], params or None, values)))

    def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call a function in the module's loop, await it if it is async, and return what it returns or raises."""
        return self._host.run(function, *args, **kwargs)

    def wait_for(self, condition: Callable[[], T], timeout: float = 10.0) -> T:
        """Wait until `condition` gives something true, and return that. Raises `TimeoutError`."""
        return self._host.wait_for(condition, timeout)

    # What people see

    @property
    def tile(self) -> Node:
        """The tile as it was last sent. Raises `ModuleFailed` if it couldn't be drawn, `NotFound` if there is none."""
        return self._part("tile")

    @property
    def page(self) -> Node:
        """The detail page. Raises as `tile` does."""
        return self._part("page")

    @property
    def modals(self) -> list[Node]:
        """All modals, open or not."""
        return [Node(raw, known_props()) for raw in self._tree().modals]

    @property
    def open_modal(self) -> Node | None:
        """The modal that an action opened and none has closed, or None."""
        return None if self._open_modal is None else self.modal(self._open_modal)

    def modal(self, id: str) -> Node:  # noqa: A002 - the prop's name
        """Return the modal with this id. Raises `NotFound`."""
        found = [modal for modal in self.modals if modal.id == id]
        if not found:
            listed = ", ".join(repr(modal.id) for modal in self.modals) or "none"
            raise NotFound(f"{self._manifest.name} has no modal with the id {id!r}; it has {listed}")
        return found[0]

    # Inside

    def _load(self, settings: Mapping[str, Any] | None, state: Mapping[str, Any] | None) -> None:
        found = self._manifest
        loaded = self._ask(
            Load,
            found.name,
            str(found.folder),
            found.source,
            found.display_name,
            found.capabilities,
            dict(settings) if settings is not None else None,
            dict(state) if state is not None else None,
            state is not None,  # given back although the State may not be persistent
        )
        for problem in ("state_problem", "settings_problem"):
            if loaded.get(problem):
                raise ModuleFailed("bad_arguments", loaded[problem])
        if found.capabilities.detail_page:
            self._ask(Watch, True)  # noqa: FBT003 - a field of the message

    def _ask(self, kind: Callable[..., Request], *fields: Any) -> Any:
        answer = self._host.ask(kind, *fields)
        return answer.value if isinstance(answer, Answer) else _fail(kind, answer)

    def _did(self, results: Results) -> Results:
        if results.closed:
            self._open_modal = None
        if results.opened is not None:
            self.modal(results.opened)  # it has to be there
            self._open_modal = results.opened
        return results

    def _tree(self) -> Any:
        self._host.settle()
        failure, tree = self._host.seen.failure, self._host.seen.ui
        if failure is not None:
            raise ModuleFailed("exception", failure.message, failure.traceback)
        if tree is None:
            raise NotFound(f"{self._manifest.name} shows nothing yet; call enable() first")
        return tree

    def _part(self, part: str) -> Node:
        raw = getattr(self._tree(), part)
        if raw is None:
            raise NotFound(f"{self._manifest.name} has no {part}: see get_{part}() and the capabilities in module.json")
        return Node(raw, known_props())

    def _places(self, where: str | None) -> list[list[Node]]:
        """Return groups of trees to look for a button in: the first group that has one counts."""
        if where in {"tile", "page"}:
            return [[self._part(where)]]
        if where is not None:
            return [[self.modal(where)]]
        tree, modals = self._tree(), self.modals
        parts = [Node(raw, known_props()) for raw in (tree.tile, tree.page) if raw is not None]
        opened = [modal for modal in modals if modal.id == self._open_modal]
        return [opened, parts, [modal for modal in modals if modal not in opened]]

    def _button(self, label: str, where: str | None) -> tuple[Node, Node]:
        groups = self._places(where)
        for group in groups:
            found = [pair for place in group for pair in _labelled(place, label)]
            if len(found) == 1:
                return found[0]
            if found:
                listed = ", ".join(repr(scope) for scope, _ in found)
                raise NotFound(f"{len(found)} buttons are labelled {label!r}, in {listed}; say which with where=…")
        labels = [words for group in groups for place in group for words in _all_words(place)]
        raise NotFound(f"no button is labelled {label!r}; there are {', '.join(map(repr, labels)) or 'none'}")

    def _press_without_action(self, button: Node) -> Results:
        if self._open_modal is None:
            raise NotPressable(f"{button!r} has no on_click, so nothing happens; only in a modal would it close that")
        self._open_modal = None
        return Results([{"type": "close_modal"}])

    def _row_params(self, scope: Node, button: Node, row: Mapping[str, Any] | None) -> dict[str, Any]:
        table = next((node for node in scope.find_all("table") if button in (node.row_actions or [])), None)
        if table is None:
            if row is not None:
                raise NotFound(f"{button!r} is no row's button, so row= means nothing")
            return {}
        if row is None:
            raise NotFound(f"{button!r} is in every row; say which with row={{{table.row_key!r}: …}}")
        found = [item for item in table.data if all(item.get(name) == value for name, value in row.items())]
        if len(found) != 1:
            raise NotFound(f"{len(found)} rows of {table!r} have {dict(row)!r}; expected one")
        return {table.row_key: found[0][table.row_key]}


def _labelled(place: Node, label: str) -> list[tuple[Node, Node]]:
    return [(scope, node) for scope in scopes(place) for node in presses(scope) if _words(node) == label]


def _all_words(place: Node) -> list[str]:
    return [words for scope in scopes(place) for node in presses(scope) if (words := _words(node))]


def _words(node: Node) -> str:
    """Return what is written on a button, or on a stack that can be pressed."""
    return node.caption or "" if node.type == "button" else node.text()


def _fail(kind: Callable[..., Request], error: Error) -> NoReturn:
    if error.fields:
        raise FieldErrors(error.message, error.fields)
    if kind is Action:
        raise ActionFailed(error.kind, error.message, error.traceback)
    raise ModuleFailed(error.kind, error.message, error.traceback)
