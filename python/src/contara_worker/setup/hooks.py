"""A setup module in this process: it is imported and its functions are called in one thread of their own.

So the loop goes on to answer `ping`, whatever a hook does, and what the module keeps between its calls never meets
another thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from contara_worker.failure import DiscreetReporter, Refusal, Reporter
from contara_worker.messages import Call, ErrorKind, LoadSetup
from contara_worker.setup.functions import call, own_functions
from contara_worker.setup.module import ModuleArgument
from contara_worker.setup.pipes import give_text
from contara_worker.setup.plain import plain
from contara_worker.setup.source import import_setup

if TYPE_CHECKING:
    from mss.agent.managers.translation import TranslationManager

__all__ = ["Hooks"]


class Hooks:
    """The functions of one setup module. Calls take turns."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._thread = ThreadPoolExecutor(1, "contara-hooks")
        self._module: ModuleType | None = None
        self._translations: TranslationManager | None = None

    async def load(self, request: LoadSetup) -> dict[str, Any]:
        """Import the module and return the answer. Raises `Refusal` (`import`)."""
        functions = await self._run(lambda: self._load(request))
        return {"functions": functions}

    async def call(self, request: Call) -> Any:
        """Call a function and return what it returned, made plain. Raises `Refusal`."""
        return await self._run(lambda: self._call(request))

    async def _run(self, work: Callable[[], Any]) -> Any:
        outcome = await asyncio.get_running_loop().run_in_executor(self._thread, self._outcome, work)
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    def _outcome(self, work: Callable[[], Any]) -> Any:
        """Return what `work` gives, or the refusal that tells what it raised, `SystemExit` too."""
        try:
            return work()
        except Refusal as refusal:
            return refusal
        except BaseException as error:  # noqa: BLE001 - the thread is used again
            return self._reporter.refusal(ErrorKind.EXCEPTION, error)

    def _load(self, request: LoadSetup) -> list[str]:
        if request.discreet:
            self._reporter = DiscreetReporter()
        folder = Path(request.path).resolve()
        self._translations = _translations(request)
        give_text(folder)
        self._module = import_setup(request.name, folder, self._reporter)
        return sorted(own_functions(self._module))

    def _call(self, request: Call) -> Any:
        if self._module is None:
            raise Refusal(ErrorKind.WRONG_STATE, "the module isn't imported")
        function = own_functions(self._module).get(request.function)
        if function is None:
            raise Refusal(ErrorKind.UNKNOWN_FUNCTION, f"__init__.py has no function {request.function}()")
        if self._translations is not None and request.language is not None:
            self._translations.set_lang(request.language)
        module = None if request.module is None else ModuleArgument(request.module)
        return plain(call(function, [_pairs(argument) for argument in request.arguments], module))


def _translations(request: LoadSetup) -> "TranslationManager":
    from mss.agent.managers.translation import TranslationManager  # noqa: PLC0415 - no live module needs it

    translations = TranslationManager()
    translations.set_catalogues(request.catalogues)
    translations.set_lang(request.language)
    return translations


def _pairs(argument: Any) -> Any:
    """Make the pairs of a network's value tuples again, as which they fit into a format."""
    if not isinstance(argument, list):
        return argument
    return [tuple(item) if isinstance(item, list) else item for item in argument]
