"""What went wrong, in words: the one-line message and the module's part of a traceback."""

from collections.abc import Mapping
from pathlib import Path
from traceback import StackSummary, TracebackException, extract_tb

from contara_worker.messages import Error, ErrorKind

__all__ = ["DiscreetReporter", "Refusal", "Reporter", "describe", "refused", "sendable"]

_MESSAGE_CHARS = 2_000
_FIELD_CHARS = 500
_TRACEBACK_CHARS = 64 * 1024


class Refusal(Exception):
    """A request that fails; becomes an `error` message. `fields` has a sentence for each wrong field of a form."""

    def __init__(
        self, kind: ErrorKind, message: str, trace: str | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = sendable(message, _MESSAGE_CHARS)
        self.trace = trace
        pairs = ((str(name), str(text)) for name, text in (fields or {}).items())
        self.fields = {sendable(name, _FIELD_CHARS): sendable(text, _FIELD_CHARS) for name, text in pairs}


def refused(request: int, refusal: Refusal) -> Error:
    """Return the message that tells of a refusal."""
    return Error(request, refusal.kind, refusal.message, refusal.trace, refusal.fields)


class Reporter:
    """Tells of errors, with tracebacks; once it knows the module's folder, with the frames of its files only."""

    def __init__(self) -> None:
        self._folder: str | None = None

    def keep_frames_of(self, folder: Path) -> None:
        """Leave out the frames of files that aren't in `folder`."""
        self._folder = f"{folder}/"

    def traceback(self, error: BaseException) -> str:
        """Return the traceback of `error` and of what caused it. Without a frame of the module only the error."""
        report = TracebackException.from_exception(error)
        self._cut(report, set())
        return sendable("".join(report.format()), _TRACEBACK_CHARS)

    def refusal(self, kind: ErrorKind, error: BaseException) -> Refusal:
        """Return the refusal that tells of an error in the module's code."""
        return Refusal(kind, _with_note(describe(error), kind, error), self.traceback(error))

    def _is_own(self, file: str) -> bool:
        return self._folder is None or file.startswith(self._folder)

    def _cut(self, report: TracebackException, seen: set[int]) -> None:
        if self._folder is None or id(report) in seen:
            return
        seen.add(id(report))
        kept = [frame for frame in report.stack if self._is_own(frame.filename)]
        report.stack = StackSummary.from_list(kept)
        for other in (report.__cause__, report.__context__, *(report.exceptions or ())):
            if other is not None:
                self._cut(other, seen)


class DiscreetReporter(Reporter):
    """Refuses without the words of an error, which may quote a password that the module knows.

    What is left is its type, its place, and the name of what couldn't be imported.
    """

    def refusal(self, kind: ErrorKind, error: BaseException) -> Refusal:
        """Return the refusal that tells of an error in the module's code."""
        message = type(error).__name__
        if isinstance(error, ImportError) and error.name:
            message += f" ({error.name})"
        place = self._place(error)
        if place is not None:
            message += f" in {place}"
        return Refusal(kind, _with_note(message, kind, error))

    def _place(self, error: BaseException) -> str | None:
        """Return the last line of the module's own that led to `error`; `None` if there was none."""
        places = [(frame.filename, frame.lineno) for frame in extract_tb(error.__traceback__)]
        if isinstance(error, SyntaxError):
            places.append((error.filename or "", error.lineno))
        own = [place for place in places if self._is_own(place[0])]
        return f"{Path(own[-1][0]).name}, line {own[-1][1]}" if own else None


def _with_note(message: str, kind: ErrorKind, error: BaseException) -> str:
    if kind == ErrorKind.IMPORT and isinstance(error, SystemExit):
        return f"{message} — the module ended itself while it was imported"
    return message


def describe(error: BaseException) -> str:
    """Return one line fit for a person: `ValueError: no such disk`."""
    try:
        lines = [line.strip() for line in str(error).splitlines()]
    except Exception:  # noqa: BLE001 - __str__ is the module's code
        lines = ["(its text can't be had)"]
    text = "; ".join(line for line in lines if line)
    name = type(error).__name__
    return sendable(f"{name}: {text}" if text else name, _MESSAGE_CHARS)


def sendable(text: str, limit: int) -> str:
    """Return `text` cut to `limit` characters, and without lone surrogates, which file names may bring."""
    if len(text) > limit:
        text = f"{text[:limit]}… ({len(text) - limit:,} characters more)"
    return text.encode("utf-8", "backslashreplace").decode()
