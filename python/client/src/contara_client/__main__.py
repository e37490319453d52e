"""`python -m contara_client URL`: what changes, one JSON object a line."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from contara_client.errors import StreamError
from contara_client.lines import line
from contara_client.stream import connect

_TOKEN = "CONTARA_TOKEN"  # noqa: S105 - the name of a variable
_FAILED = 1
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Print until interrupted; the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        asyncio.run(_follow(options.url, _token(options.token_file), options.language, options.module))
    except (StreamError, OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError):  # who reads has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        sys.stderr.write(f"contara_client: {error}\n")
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m contara_client",
        description="Follow a Contara: print each change as a line of JSON, at first all modules as they are.",
        epilog=f"The token is read from the environment, {_TOKEN}, or from a file; `contara_client.pair` gives one.",
    )
    parser.add_argument("url", metavar="URL", help="where it is, like http://nas:8000")
    parser.add_argument("--module", metavar="NAME", help="only changes of this module, and its detail page")
    parser.add_argument("--language", help="the language of Contara's own words, like de")
    parser.add_argument("--token-file", metavar="FILE", type=Path, help="a file with nothing but the token")
    return parser


def _token(file: Path | None) -> str:
    token = os.environ.get(_TOKEN, "") if file is None else _text(file).strip()
    if not token:
        where = f"{_TOKEN} isn't set, and there is no --token-file" if file is None else f"{file} is empty"
        raise ValueError(f"no token: {where}")
    return token


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file} is no text, so there is no token in it") from error


async def _follow(url: str, token: str, language: str | None, module: str | None) -> None:
    async with connect(url, token=token, language=language) as stream:
        if module is not None:
            if module not in stream.modules:
                raise ValueError(f"there is no module {module!r}; there are: {', '.join(stream.modules) or 'none'}")
            await stream.watch_page(module)
        async for event in stream:
            if module is None or getattr(event, "module", None) in {None, module}:
                sys.stdout.buffer.write(line(stream, event))
                sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
