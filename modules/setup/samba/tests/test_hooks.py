"""What the form of Samba begins with, and what it refuses."""

from pathlib import Path

import pytest

from .. import (
    check_folder,
    check_share,
    check_user,
    check_workgroup,
    get_current_config,
    get_networks,
    get_workgroup,
)

MODULE = get_workgroup.__module__

OURS = """# BEGIN Contara 0: x
[global]
    workgroup = HOME
[Media]
    path = /srv/media
    write list = ada
    Guest  OK = yes
    hosts allow = 127.0.0.1 ::1 192.0.2.0/24 10.0.
# END Contara
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(f"{MODULE}._ROOT", tmp_path)
    (tmp_path / "etc/samba").mkdir(parents=True)
    return tmp_path


@pytest.mark.usefixtures("root")
def test_without_files_there_are_defaults() -> None:
    assert get_current_config() == {}
    assert get_workgroup() == "WORKGROUP"


def test_what_somebody_has_chosen_before_is_the_default(root: Path) -> None:
    (root / "etc/samba/smb.conf").write_text(
        "[global]\n; workgroup = NO\n  workgroup = OFFICE\n[Old Things]\npath = /x\n"
    )
    assert get_workgroup() == "OFFICE"
    assert check_share("old things") == "smb.conf has a shared folder of this name already."
    assert check_share("Media") is None


def test_what_is_configured_is_read_back_also_when_it_was_edited(root: Path) -> None:
    (root / "etc/samba/contara.conf").write_text(OURS)
    assert get_current_config() == {
        "workgroup": "HOME",
        "share": "Media",
        "folder": "/srv/media",
        "user": "ada",
        "user_passwd": "(unchanged)",
        "guests": "on",
        "networks": [["192.0.2.0", "255.255.255.0"], ["10.0.", ""]],
    }


def test_networks_are_pairs_of_private_addresses() -> None:
    for address, mask in get_networks():
        assert address.count(".") == mask.count(".") == 3
        assert not address.startswith("127.")


def test_folders() -> None:
    for good in ["/srv/samba/share", "/home/ada/My files"]:
        assert check_folder(good) is None
    for bad in ["", "srv", "/", "/etc", "/etc/x", "/srv/../etc", "/srv/", "/srv/a%b", "/srv/x ", "/srv/x\n"]:
        assert check_folder(bad), bad


def test_names() -> None:
    for good in ["ada", "a-b_1"]:
        assert check_user(good) is None
    for bad in ["", "root", "Ada", "-a", "a b", "a\n"]:
        assert check_user(bad)
    for bad in ["global", "Printers", "a]b", "a\nb", "%m"]:
        assert check_share(bad)
    assert check_workgroup("HOME") is None
    for bad in ["", "a b", "a" * 16, "$x"]:
        assert check_workgroup(bad)
