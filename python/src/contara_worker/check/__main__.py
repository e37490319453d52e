"""`python -m contara_worker.check FOLDER --name … --source … --display-name …`: one JSON object on standard output."""

import argparse
import asyncio
import sys
from pathlib import Path

from contara_worker.check.live import Report, check_module
from contara_worker.check.printing import print_report
from contara_worker.process import drop_unsafe_path
from ContaraNAS.testing.manifest import Manifest, read_manifest


def main() -> None:
    """Check the module that the arguments name. Ends with status 0 whatever is found; 2 for wrong arguments."""
    drop_unsafe_path()
    arguments = _parser().parse_args()
    print_report(lambda: asyncio.run(_check(_manifest(arguments))).to_dict())


async def _check(manifest: Manifest) -> Report:
    # In a loop, as in the worker: a constructor may ask for it.
    return check_module(manifest)


def _manifest(arguments: argparse.Namespace) -> Manifest:
    """Read the capabilities; the rest is said by the host, which has read the manifest with more care."""
    try:
        read = read_manifest(arguments.folder)
    except (OSError, ValueError, TypeError) as error:
        sys.exit(f"contara_worker.check: {error}")
    return read._replace(
        name=arguments.name or read.name,
        source=arguments.source,
        display_name=arguments.display_name or read.display_name,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="contara_worker.check", description="Check a module.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--source", choices=("builtin", "community"), default="community")
    parser.add_argument("--display-name")
    return parser


if __name__ == "__main__":
    main()
