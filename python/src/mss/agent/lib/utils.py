"""Small readers of configuration files, and what IPv4 networks this machine is in."""

import re
import sys
import traceback
from configparser import ConfigParser
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

__all__ = ["Singleton", "ethernet_ifs", "formatExceptionInfo", "getINIoption", "get_config_option", "grep"]


class Singleton(type):
    """A metaclass whose classes have one object each."""

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
        super().__init__(name, bases, members)
        cls._only: Any = None

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Return the object, which the first call makes."""
        if cls._only is None:
            cls._only = super().__call__(*args, **kwargs)
        return cls._only


def grep(pattern: str, file: str) -> bool:
    """Whether a regular expression is found in a file, with `^` and `$` at its lines; no file, nothing found."""
    path = Path(file)
    return path.is_file() and re.search(pattern, _text(path), re.MULTILINE) is not None


def get_config_option(file: str, option: str) -> str:
    """Return what stands after `option=` in a file, or `""`. Raises `OSError` if there is no such file."""
    path = Path(file)
    if not path.is_file():
        raise OSError("File not found")
    found = re.search(rf"^[ \t]*{re.escape(option)}=(.*)$", _text(path), re.MULTILINE)
    return found[1].strip() if found else ""


def getINIoption(section: str, option: str, file: str) -> str:
    """Return an option of an INI file, with its `%(…)s` filled in. Raises `configparser.Error`."""
    parser = ConfigParser(strict=False, inline_comment_prefixes=(";",))
    path = Path(file)
    if path.is_file():
        parser.read_string(_text(path), file)
    return parser.get(section, option)


def ethernet_ifs() -> list[list[str]]:
    """Return name, address, address of the network and netmask of each interface `eth…` that has an IPv4 address."""
    import netifaces  # noqa: PLC0415 - few modules need it

    found = []
    for name in netifaces.interfaces():
        entries = netifaces.ifaddresses(name).get(netifaces.AF_INET, []) if name.startswith("eth") else []
        for entry in entries:
            if "addr" in entry and "netmask" in entry:
                own = IPv4Interface(f"{entry['addr']}/{entry['netmask']}")
                found.append([name, str(own.ip), str(own.network.network_address), str(own.netmask)])
    return found


def formatExceptionInfo(maxTBlevel: int = 5) -> tuple[str, Any, list[str]]:
    """Return the name, the arguments and the innermost frames of the exception that is being handled."""
    kind, error, trace = sys.exc_info()
    name = kind.__name__ if kind else ""
    return name, error.args if error else (), traceback.format_tb(trace, -maxTBlevel)


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")
