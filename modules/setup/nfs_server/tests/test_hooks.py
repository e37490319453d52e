"""What the form of the NFS server begins with, and what it refuses."""

from pathlib import Path

import pytest

from .. import check_folder, get_current_config, get_networks

MODULE = get_networks.__module__


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(f"{MODULE}._ROOT", tmp_path)
    (tmp_path / "etc/exports.d").mkdir(parents=True)
    return tmp_path


@pytest.mark.usefixtures("root")
def test_without_files_there_is_nothing_yet() -> None:
    assert get_current_config() == {}


def test_what_is_configured_is_read_back_also_when_it_was_edited(root: Path) -> None:
    line = "/srv/nfs 192.0.2.0/24(ro,async,no_root_squash) \\\n  client.example.org(ro)  # mine\n"
    (root / "etc/exports.d/contara.exports").write_text(f"# BEGIN Contara 0: x\n{line}# END Contara\n")
    assert get_current_config() == {
        "folder": "/srv/nfs",
        "networks": [["192.0.2.0", "255.255.255.0"], ["client.example.org", ""]],
        "access": "ro",
        "squash": "off",
    }


def test_a_folder_without_clients_is_read_too(root: Path) -> None:
    (root / "etc/exports.d/contara.exports").write_text("/srv/nfs\n")
    assert get_current_config()["networks"] == []


def test_folders(root: Path) -> None:
    (root / "etc/exports").write_text("# /srv/no\n/srv/old *(rw)\n")
    for good in ["/srv/nfs", "/srv/no", "/data/a.b-c"]:
        assert check_folder(good) is None
    for bad in ["", "srv", "/", "/etc/x", "/srv/a b", "/srv/..", "/srv/nfs/", "/srv/nfs\n"]:
        assert check_folder(bad), bad
    assert check_folder("/srv/old") == "/etc/exports has this folder already."


def test_networks_are_pairs_of_private_addresses() -> None:
    for address, mask in get_networks():
        assert address.count(".") == mask.count(".") == 3
        assert not address.startswith("127.")
