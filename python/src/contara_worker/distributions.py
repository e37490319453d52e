"""`python -m contara_worker.distributions`: the interpreter and the SDK's packages, as one JSON object.

The host asks this before it installs a module's packages: they have to fit this Python and what the SDK has
loaded already. Owns facts only; which versions are taken is decided by the resolver. It imports nothing but the
standard library, so that it is quick and works beside a broken package.
"""

import importlib.util
import json
import re
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, distribution
from typing import TypedDict

_SDK = "contara-sdk"


class Distribution(TypedDict):
    """An installed package."""

    version: str
    requires: list[str]


class Facts(TypedDict):
    """What the host is told."""

    python: str
    """Such as `3.11`: packages are the same for all its patch releases."""
    abi: str
    """Such as `cpython-311-x86_64-linux-gnu`."""
    platform: str
    """Such as `linux-x86_64`."""
    scripts: str
    """The folder of programs that packages of this interpreter bring."""
    pip: bool
    sdk: list[str]
    """What the SDK itself requires (PEP 508)."""
    distributions: dict[str, Distribution]
    """What the SDK needs, directly and indirectly, as it is installed, by normalised name."""


def main() -> None:
    """Print the facts. Ends with status 1 and a sentence if the SDK's own metadata isn't there."""
    try:
        facts = read_facts()
    except PackageNotFoundError:
        sys.exit(f"the package {_SDK} is not installed for {sys.executable}")
    json.dump(facts, sys.stdout)


def read_facts() -> Facts:
    """Look at this interpreter. Raises `PackageNotFoundError` if the SDK isn't installed as a package."""
    sdk = _own_requirements(distribution(_SDK).requires)
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "abi": str(sysconfig.get_config_var("SOABI") or sys.implementation.cache_tag),
        "platform": sysconfig.get_platform(),
        "scripts": sysconfig.get_path("scripts"),
        "pip": importlib.util.find_spec("pip") is not None,
        "sdk": sdk,
        "distributions": _closure(sdk),
    }


def _closure(requirements: list[str]) -> dict[str, Distribution]:
    """Follow requirements. What isn't installed is left out: its marker speaks of another platform."""
    found: dict[str, Distribution] = {}
    waiting = [name_of(requirement) for requirement in requirements]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        requires = _own_requirements(installed.requires)
        found[name] = {"version": installed.version, "requires": requires}
        waiting += [name_of(requirement) for requirement in requires]
    return found


def _own_requirements(requirements: list[str] | None) -> list[str]:
    """Leave out what is required by a package's optional parts only."""
    return [each for each in requirements or [] if not re.search(r"\bextra\b", each.partition(";")[2])]


def name_of(requirement: str) -> str:
    """Give the package's name as PEP 503 normalises it."""
    name = re.match(r"\s*([A-Za-z0-9._-]+)", requirement)
    return re.sub(r"[-_.]+", "-", name[1]).lower() if name else ""


if __name__ == "__main__":
    main()
