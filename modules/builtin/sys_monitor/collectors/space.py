"""How full the file systems are: the mounts of /proc/self/mountinfo that hold people's files, and statvfs(3)."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Mount", "Space", "parse_mounts", "spaces"]

_KINDS = {
    "bcachefs", "btrfs", "ceph", "cifs", "fuse.glusterfs", "fuse.mergerfs", "fuse.rclone", "fuse.sshfs",
    "nfs", "nfs4", "smb3", "virtiofs", "zfs",
}  # fmt: skip
"""File systems of drives and servers whose source isn't a device file."""

_IMAGES = {"iso9660", "squashfs", "udf", "erofs"}
"""Read-only images: full by nature."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A place where a file system is mounted."""

    device: str
    """`major:minor`, the same for all mounts of one file system."""
    point: str


@dataclass(frozen=True, slots=True)
class Space:
    """How full the file system at one place is, in bytes."""

    name: str
    """Where it is mounted."""
    total: int
    used: int
    available: int
    """What everybody may still use; some is kept for root."""

    @property
    def percent(self) -> float:
        """The used share of what isn't kept for root, as `df` counts."""
        usable = self.used + self.available
        return round(100 * self.used / usable, 1) if usable else 0.0


def spaces(root: Path = Path("/")) -> list[Space]:
    """Return the space of every mounted drive, each once, by mount point. Blocks as long as a server doesn't answer."""
    try:
        text = (root / "proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return []
    found = (_space(mount) for mount in parse_mounts(text))
    return [space for space in found if space is not None]


def parse_mounts(text: str) -> list[Mount]:
    """Return the mounts of drives and servers, the shortest path of each: see proc_pid_mountinfo(5)."""
    mounts: dict[str, Mount] = {}
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        device, _, point = before.split()[2:5]
        kind, source = after.split()[:2]
        if _holds_files(kind, source, point):
            mount = Mount(device, _unescape(point))
            known = mounts.setdefault(device, mount)
            if len(mount.point) < len(known.point):
                mounts[device] = mount
    return sorted(mounts.values(), key=lambda mount: mount.point)


def _holds_files(kind: str, source: str, point: str) -> bool:
    if kind in _IMAGES:
        return False
    return point == "/" or kind in _KINDS or source.startswith("/dev/")


def _unescape(path: str) -> str:
    r"""Undo the kernel's octal escapes, such as `\040` for a space."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), path)


def _space(mount: Mount) -> Space | None:
    try:
        # Containers get single files mounted, such as /etc/hosts; they are no place to put anything.
        if not Path(mount.point).is_dir():
            return None
        sizes = os.statvfs(mount.point)
    except OSError:
        return None
    block = sizes.f_frsize
    used = (sizes.f_blocks - sizes.f_bfree) * block
    return Space(mount.point, sizes.f_blocks * block, used, sizes.f_bavail * block) if sizes.f_blocks else None
