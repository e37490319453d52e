"""`python -m contara_worker.check.hooks FOLDER --slug …`: a setup module's functions, and the script that it names.

The module is imported, as the worker imports it, and `get_config_info()` is called; no other hook is. Which functions
`desc.json` names, and which fields there are, the host knows.
"""

import argparse
from pathlib import Path
from typing import Any, NamedTuple

from contara_worker.check.printing import print_report
from contara_worker.check.problem import Problem, place_of
from contara_worker.failure import Refusal, Reporter, describe
from contara_worker.process import drop_unsafe_path
from contara_worker.setup.functions import call, own_functions
from contara_worker.setup.pipes import give_text
from contara_worker.setup.plain import plain
from contara_worker.setup.source import import_setup

__all__ = ["HooksReport", "check_hooks"]

_SHAPE = 'return the script\'s path and the names of its parameters: ("setup.sh", ["domain", "password"])'


class HooksReport(NamedTuple):
    """What the host is told. Without `get_config_info()` there is no script."""

    functions: list[str]
    script: str | None
    parameters: list[str]
    problems: list[Problem]


def check_hooks(folder: Path, slug: str) -> HooksReport:
    """Check a module; whatever its code does, that is a problem in the report and no exception."""
    problems = _old_indentation(folder / "__init__.py")
    give_text(folder)
    try:
        functions = own_functions(import_setup(slug, folder, Reporter()))
    except Refusal as refusal:
        problems.append(_problem("error", refusal.message, refusal.__cause__ or refusal, folder))
        return HooksReport([], None, [], problems)
    names = sorted(functions)
    if "get_config_info" not in functions:
        return HooksReport(names, None, [], problems)
    try:
        script, parameters = _script(plain(call(functions["get_config_info"], [], None)))
    except BaseException as error:  # noqa: BLE001 - SystemExit too is only a hook that fails
        text = f"get_config_info() raises {describe(error)} on this machine"
        problems.append(_problem("warning", text, error, folder, "without it there is no script to run"))
        return HooksReport(names, None, [], problems)
    if script is None:
        message = "get_config_info() doesn't say which script to run"
        problems.append(Problem(severity="error", message=message, help=_SHAPE, file="__init__.py"))
    return HooksReport(names, script, parameters, problems)


def _script(given: Any) -> tuple[str | None, list[str]]:
    """Return the script and its parameters; no script if it is something else that was given."""
    match given:
        case [str(script), [*parameters]] if script and all(isinstance(name, str) for name in parameters):
            return script, parameters
        case _:
            return None, []


def _old_indentation(init: Path) -> list[Problem]:
    """Return the problem of a source that only Python 2 took as it is; the worker takes it all the same."""
    try:
        compile(init.read_bytes(), str(init), "exec")
    except IndentationError as error:
        message = "the indentation mixes tabs and blanks, which Python refuses"
        advice = "it is read as if each tab reached the next eighth column; indent with blanks only"
        return [Problem(severity="warning", message=message, help=advice, file="__init__.py", line=error.lineno)]
    except (OSError, SyntaxError, ValueError):
        pass  # the import tells of it
    return []


def _problem(severity: Any, message: str, error: BaseException, folder: Path, advice: str | None = None) -> Problem:
    file, line = place_of(error, folder)
    return Problem(severity=severity, message=message, help=advice, file=file or "__init__.py", line=line)


def main() -> None:
    """Check the module that the arguments name. Ends with status 0 whatever is found; 2 for wrong arguments."""
    drop_unsafe_path()
    parser = argparse.ArgumentParser(prog="contara_worker.check.hooks", description="Check a setup module's hooks.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slug", required=True)
    arguments = parser.parse_args()
    print_report(lambda: check_hooks(arguments.folder.resolve(), arguments.slug)._asdict())


if __name__ == "__main__":
    main()
