"""The NFS server: what its files say now, and what may be answered."""

import ipaddress
import re
import socket
from pathlib import Path
from typing import Any

import psutil

_ROOT = Path("/")
_MAIN = "etc/exports"
_OURS = "etc/exports.d/contara.exports"


def get_config_info() -> tuple[str, list[str]]:
    """Return the script, and what it is given."""
    return "setup-nfs-server.sh", ["folder", "networks", "access", "squash"]


def get_current_config() -> dict[str, Any]:
    """Return what the script has written, or who has edited that since."""
    folders = _exports(_OURS)
    if not folders:
        return {}
    folder, clients = next(iter(folders.items()))
    options = re.split(r"[,()]", clients[0]) if clients else []
    return {
        "folder": folder,
        "networks": [_pair(client.partition("(")[0]) for client in clients],
        "access": "rw" if "rw" in options else "ro",
        "squash": "off" if "no_root_squash" in options else "on",
    }


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


def check_folder(path: str) -> str | None:
    """Want an absolute path that isn't the system's own, and that nobody has exported otherwise."""
    if not re.fullmatch(r"(/\w[\w.-]*)+", path):
        return "Please enter an absolute path of letters, digits, _, . and -."
    if path.split("/")[1] in {"bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "usr"}:
        return "The system keeps its own files there."
    if path in _exports(_MAIN):
        return "/etc/exports has this folder already."
    return None


def _exports(name: str) -> dict[str, list[str]]:
    """Read the folders of a file in the format of exports(5), with their clients; none without a file."""
    try:
        text = (_ROOT / name).read_text(errors="replace")
    except FileNotFoundError:
        return {}
    lines = (line.split("#", maxsplit=1)[0].split() for line in text.replace("\\\n", " ").splitlines())
    return {words[0].strip('"'): words[1:] for words in lines if words}


def _pair(net: str) -> list[str]:
    """`192.0.2.0/24` as the form has it; what is no network as it is, so that people see it."""
    try:
        network = ipaddress.ip_network(net, strict=False)
    except ValueError:
        return [net, ""]
    return [str(network.network_address), str(network.netmask)]
