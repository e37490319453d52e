# The hooks of desc.json: what to run, with which answers, and what the form starts with.

from pathlib import Path

FILE = Path("/etc/motd")


def get_config_info() -> tuple[str, list[str]]:
    """Name the script and the fields whose answers it gets, in the order of its parameters $1, $2, …"""
    return "setup-my_module.sh", ["greeting", "with_name"]


def get_current_config(module: object = None) -> dict[str, str]:
    """Return the present answers; they go before the defaults."""
    lines = FILE.read_text("utf-8").splitlines() if FILE.exists() else []
    return {"greeting": lines[0]} if lines else {}


def get_greeting(module: object = None) -> str:
    """Return the default of the field `greeting`."""
    return "Welcome!"


def check_greeting(value: str) -> str | None:
    """Return what is wrong with an answer, or nothing."""
    return None if len(value) <= 80 else "A greeting has 80 characters at most."
