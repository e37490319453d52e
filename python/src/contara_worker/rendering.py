"""Rendering: from a module to `ui` messages. Decides when a tree is made, and whether it is worth sending."""

import logging
from typing import Any

import msgspec

from contara_worker.failure import describe
from contara_worker.keeping import StateKeeper
from contara_worker.link import MAX_FRAME, FrameTooLargeError
from contara_worker.messages import Answer, Error, Load, Ui, UiFailed
from contara_worker.outlet import NextTurn, Outlet
from contara_worker.trees import decode_tree, encode_tree
from ContaraNAS.core.exceptions import UnserialisableError
from ContaraNAS.core.module import Module
from ContaraNAS.core.module.drawing import draw_modals, draw_page, draw_tile
from ContaraNAS.core.ui import Alert

__all__ = ["Renderer"]

logger = logging.getLogger(__name__)

_Trees = tuple[bytes, bytes, bytes]
"""Tile, modals and page, each as MessagePack."""
_NIL = b"\xc0"


class Renderer:
    """Renders a module at most once per turn of the loop and sends what differs from the last tree.

    `request()` may be called from any thread, all else from the loop's. `keeper` sends the state, always before the
    tree that shows it.
    """

    def __init__(self, module: Module, load: Load, keeper: StateKeeper, outlet: Outlet) -> None:
        self._module = module
        self._capabilities = load.capabilities
        self._keeper = keeper
        self._outlet = outlet
        self._tree_size = load.limits.tree_size if load.limits else MAX_FRAME
        self._answers: list[Answer | Error] = []
        self._turn = NextTurn(outlet, self._render_requested)
        self._revision = 0
        self._open = False
        self._watched = False
        self._last: _Trees | None = None
        self._page_problem: str | None = None

    def open(self) -> None:
        """Begin to send trees, and send the first one."""
        self._open = True
        self._last = None
        self.render()

    def close(self) -> None:
        """Send no more trees."""
        self._open = False

    def watch(self, *, page: bool) -> None:
        """Have trees contain the page from now on, or no longer; the first one with it is sent at once."""
        self._watched = page
        if page:
            self.render()

    def drawn(self) -> list[Any]:
        """Return the tile, the modals and the page as they were sent last."""
        return [] if self._last is None else [decode_tree(tree) for tree in self._last]

    def request(self) -> None:
        """Render in the next turn of the loop; many requests before it make one tree. None without `websocket`."""
        if self._capabilities.websocket:
            self._turn.request()

    def answer(self, answer: Answer | Error) -> None:
        """Answer an action, after the tree that it caused: one tree for all that end in the same turn of the loop."""
        self._answers.append(answer)
        self._turn.hurry()

    def hurry(self) -> None:
        """Render in the next turn of the loop, whatever the pace, with or without `websocket`."""
        self._turn.hurry()

    def render(self, *, with_page: bool = False) -> None:
        """Render now; an earlier request is thereby done. The page is drawn if it is watched, or asked for."""
        self._turn.done()
        self._keeper.send()
        message = self._drawn(with_page=with_page) if self._open else None
        answers, self._answers = self._answers, []
        with self._outlet.link.together():
            if message is not None:
                self._send(message)
            for answer in answers:
                self._outlet.answer(answer)

    def _drawn(self, *, with_page: bool) -> "_Trees | UiFailed | None":
        """Draw and encode the trees; None if they are the last ones."""
        try:
            trees = self._encode(page=(with_page or self._watched) and self._capabilities.detail_page)
            if trees == self._last:
                return None
            self._check_size(trees)
        except BaseException as error:  # noqa: BLE001 - SystemExit in get_tile() is a faulty tile, no reason to end
            return self._failed(error)
        return trees

    def _render_requested(self) -> None:
        self.render()

    def _encode(self, *, page: bool) -> _Trees:
        tile = draw_tile(self._module) if self._capabilities.dashboard else None
        modals = draw_modals(self._module)
        return encode_tree(tile, "tile"), encode_tree(modals, "modals"), self._encode_page() if page else _NIL

    def _encode_page(self) -> bytes:
        """Encode the page. One that fails says so where it would stand; the tile doesn't suffer from it."""
        try:
            page = encode_tree(draw_page(self._module), "page")
        except BaseException as error:
            problem = f"get_page(): {describe(error)}"
            if problem != self._page_problem:
                logger.exception(problem, exc_info=error)
            self._page_problem = problem
            return encode_tree(Alert(variant="error", title="This page can't be shown", message=problem), "page")
        self._page_problem = None
        return page

    def _check_size(self, trees: _Trees) -> None:
        size = sum(map(len, trees))
        if size > self._tree_size:
            raise UnserialisableError(
                f"{_parts(trees)} too large: {size:,} bytes; {self._tree_size:,} are allowed (`tree_size` of the "
                "module in Contara's configuration, contara.toml)"
            )

    def _send(self, message: _Trees | UiFailed) -> None:
        if isinstance(message, UiFailed):
            self._outlet.link.send(message)
            return
        tile, modals, page = map(msgspec.Raw, message)
        try:
            self._outlet.link.send(Ui(self._revision + 1, tile, modals, page))
        except FrameTooLargeError as error:
            self._outlet.link.send(self._failed(UnserialisableError(f"{_parts(message)} too large: {error}")))
        else:
            self._revision += 1
            self._last = message

    def _failed(self, error: BaseException) -> UiFailed:
        return UiFailed(describe(error), self._outlet.reporter.traceback(error))


def _parts(trees: _Trees) -> str:
    return "the tile and the modals are" if trees[2] == _NIL else "the tile, the modals and the page are"
