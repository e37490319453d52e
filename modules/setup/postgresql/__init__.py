"""PostgreSQL: what the server's files say now, and what may be answered."""

import ipaddress
import re
from pathlib import Path
from typing import Any

# Where Debian and Fedora keep the configuration of the main server.
_CONFIGURATIONS = ("etc/postgresql/*/main/postgresql.conf", "var/lib/pgsql/data/postgresql.conf")
_ROOT = Path("/")

# What the packages write: nobody has chosen it.
_PACKAGED_MEMORY = "128MB"
_PACKAGED_CONNECTIONS = "100"

# Stands for a password that stays as it is; the script knows it too.
_UNCHANGED = "(unchanged)"

_MEGABYTES = {"kB": 1 / 1024, "MB": 1, "GB": 1024, "TB": 1024 * 1024}


def get_config_info() -> tuple[str, list[str]]:
    """Return the script, and what it is given."""
    return "setup-postgresql.sh", ["database", "owner", "owner_passwd", "networks", "connections", "memory"]


def get_current_config() -> dict[str, Any]:
    """Return what the script has written, or who has edited that since."""
    folder = _folder()
    if folder is None:
        return {}
    current: dict[str, Any] = {}
    rules = re.findall(
        r'^host\s+"?(\w+)"?\s+"?(\w+)"?\s+(\S+)\s+scram-sha-256', _block(folder / "pg_hba.conf"), re.MULTILINE
    )
    if rules:
        current["database"], current["owner"], _ = rules[0]
        current["owner_passwd"] = _UNCHANGED
        current["networks"] = [_pair(net) for *_, net in rules if not net.startswith(("127.", "::1"))]
    settings = _settings(folder / "conf.d" / "contara.conf")
    if "max_connections" in settings:
        current["connections"] = settings["max_connections"]
    if "shared_buffers" in settings:
        current["memory"] = _megabytes(settings["shared_buffers"])
    return current


def get_connections() -> str:
    """Return what somebody has chosen on a server that is there already, else what the package has."""
    folder = _folder()
    settings = _settings(folder / "postgresql.conf") if folder else {}
    return settings.get("max_connections", _PACKAGED_CONNECTIONS)


def get_memory() -> str:
    """Return what somebody has chosen on a server that is there already, else a quarter of the memory, 8 GB at most."""
    folder = _folder()
    chosen = _settings(folder / "postgresql.conf").get("shared_buffers") if folder else None
    if chosen and chosen != _PACKAGED_MEMORY:
        return _megabytes(chosen)
    text = (_ROOT / "proc/meminfo").read_text()
    found = re.search(r"^MemTotal:\s+(\d+) kB", text, re.MULTILINE)
    quarter = int(found[1]) // 4096 if found else 128
    return str(max(16, min(quarter, 8192)))


def check_database(name: str) -> str | None:
    """Want a name that needs no quotes anywhere, and isn't one of PostgreSQL's own."""
    if name in {"postgres", "template0", "template1"}:
        return "PostgreSQL needs this database itself."
    return _check_name(name)


def check_owner(name: str) -> str | None:
    """Want the same of users."""
    if name == "postgres" or name.startswith("pg_"):
        return "PostgreSQL needs this user itself."
    return _check_name(name)


def check_connections(value: str) -> str | None:
    """Want as many as a machine can bear."""
    return _check_number(value, 10, 10_000, "Please enter a number from 10 to 10000.")


def check_memory(value: str) -> str | None:
    """Want as much as a machine may have."""
    return _check_number(value, 1, 1_048_576, "Please enter a number of MB, such as 512.")


def _check_name(name: str) -> str | None:
    if re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name, re.ASCII):
        return None
    return "Please use lowercase letters, digits and _, beginning with a letter, 63 characters at most."


def _check_number(value: str, least: int, most: int, refusal: str) -> str | None:
    if re.fullmatch(r"[0-9]{1,8}", value, re.ASCII) and least <= int(value) <= most:
        return None
    return refusal


def _folder() -> Path | None:
    """Where the configuration of the newest main server is."""
    found = [path.parent for pattern in _CONFIGURATIONS for path in _ROOT.glob(pattern)]
    return max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))], default=None)


def _block(path: Path) -> str:
    """Read what stands in Contara's block of a file."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return ""
    found = re.search(r"^# BEGIN Contara .*?\n(.*?)^# END Contara$", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _settings(path: Path) -> dict[str, str]:
    """Read the settings of a file, of which the last one counts; none without a file."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return {}
    pairs = re.findall(r"^\s*(\w+)(?:\s*=\s*|\s+)('[^']*'|[^\s#]+)", text, re.MULTILINE)
    return {key: value.strip("'") for key, value in pairs}


def _megabytes(size: str) -> str:
    """Convert a size as PostgreSQL writes it: without a unit in pages of 8 kB."""
    found = re.fullmatch(r"\s*(\d+)\s*([kMGT]B)?\s*", size)
    if not found:
        return size
    number = int(found[1])
    return str(int(number * _MEGABYTES[found[2]]) if found[2] else number // 128)


def _pair(net: str) -> list[str]:
    """`192.0.2.0/24` as the form has it; what is no network as it is, so that people see it."""
    try:
        network = ipaddress.ip_network(net, strict=False)
    except ValueError:
        return [net, ""]
    return [str(network.network_address), str(network.netmask)]
