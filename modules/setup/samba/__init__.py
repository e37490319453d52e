"""Samba: what its files say now, and what may be answered."""

import ipaddress
import re
import socket
from pathlib import Path
from typing import Any

import psutil

_ROOT = Path("/")
_MAIN = "etc/samba/smb.conf"
_OURS = "etc/samba/contara.conf"

# Stands for a password that stays as it is; the script knows it too.
_UNCHANGED = "(unchanged)"

# What Samba uses these names for itself.
_RESERVED = {"global", "homes", "printers", "print$", "ipc$", "admin$"}


def get_config_info() -> tuple[str, list[str]]:
    """Return the script, and what it is given."""
    return "setup-samba.sh", ["workgroup", "share", "folder", "user", "user_passwd", "guests", "networks"]


def get_current_config() -> dict[str, Any]:
    """Return what the script has written, or who has edited that since."""
    sections = _sections(_OURS)
    share = next((name for name in sections if name != "global"), None)
    if share is None:
        return {}
    settings = sections[share]
    current: dict[str, Any] = {
        "workgroup": sections.get("global", {}).get("workgroup", ""),
        "share": share,
        "folder": settings.get("path", ""),
        "user": settings.get("write list", ""),
        "user_passwd": _UNCHANGED,
        "guests": "on" if settings.get("guest ok") == "yes" else "off",
    }
    allowed = settings.get("hosts allow", "").split()
    current["networks"] = [_pair(net) for net in allowed if not net.startswith(("127.", "::1"))]
    return current


def get_workgroup() -> str:
    """Return what somebody has chosen already, else what Windows has."""
    return _sections(_MAIN).get("global", {}).get("workgroup", "WORKGROUP")


def get_networks() -> list[list[str]]:
    """Return the private networks that this machine is in."""
    networks = []
    for addresses in psutil.net_if_addrs().values():
        for address in addresses:
            if address.family != socket.AF_INET or not address.netmask:
                continue
            network = ipaddress.ip_network(f"{address.address}/{address.netmask}", strict=False)
            if network.is_private and not network.is_loopback and not network.is_link_local:
                networks.append([str(network.network_address), str(network.netmask)])
    return networks


def check_workgroup(name: str) -> str | None:
    """Want a NetBIOS name."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}", name, re.ASCII):
        return None
    return "Please use letters, digits, _, . and -, 15 characters at most."


def check_share(name: str) -> str | None:
    """Want a name that nobody has given to another share."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_ -]{0,30}", name, re.ASCII) or name.lower() in _RESERVED:
        return "Please use letters, digits, blanks, _ and -, 31 characters at most."
    if name.lower() in map(str.lower, _sections(_MAIN)):
        return "smb.conf has a shared folder of this name already."
    return None


def check_folder(path: str) -> str | None:
    """Want an absolute path that isn't the system's own."""
    if not re.fullmatch(r"(/[\w][\w .-]*)+", path) or path != path.strip():
        return "Please enter an absolute path of letters, digits, blanks, _, . and -."
    if path.split("/")[1] in {"bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "usr"}:
        return "The system keeps its own files there."
    return None


def check_user(name: str) -> str | None:
    """Want a user's name, and not root's."""
    if name == "root" or not re.fullmatch(r"[a-z_][a-z0-9_-]{0,30}", name, re.ASCII):
        return "Please use lowercase letters, digits, _ and -, beginning with a letter; not root."
    return None


def _sections(name: str) -> dict[str, dict[str, str]]:
    """Read the sections of a file of Samba's, with their settings in lowercase; none without a file."""
    try:
        text = (_ROOT / name).read_text(errors="replace")
    except FileNotFoundError:
        return {}
    sections: dict[str, dict[str, str]] = {}
    settings: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            settings = sections.setdefault(line[1:-1].strip(), {})
        elif "=" in line and line[0] not in "#;":
            key, _, value = line.partition("=")
            settings[" ".join(key.lower().split())] = value.strip()
    return sections


def _pair(net: str) -> list[str]:
    """`192.0.2.0/24` as the form has it; what is no network as it is, so that people see it."""
    try:
        network = ipaddress.ip_network(net, strict=False)
    except ValueError:
        return [net, ""]
    return [str(network.network_address), str(network.netmask)]
