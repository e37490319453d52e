"""What the form of PostgreSQL begins with, and what it refuses."""

from pathlib import Path

import pytest

from .. import (
    _settings,
    check_connections,
    check_database,
    check_memory,
    check_owner,
    get_connections,
    get_current_config,
    get_memory,
)

MODULE = get_memory.__module__


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(f"{MODULE}._ROOT", tmp_path)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal:        8388608 kB\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.usefixtures("root")
def test_without_a_server_the_defaults_are_the_machines() -> None:
    assert get_current_config() == {}
    assert get_memory() == "2048"
    assert get_connections() == "100"


def test_what_somebody_has_chosen_before_is_the_default(root: Path) -> None:
    write(root / "etc/postgresql/9.6/main/postgresql.conf", "shared_buffers = 128MB\n")
    write(root / "etc/postgresql/15/main/postgresql.conf", "shared_buffers = 1GB # mine\nmax_connections = 250\n")
    assert (get_memory(), get_connections()) == ("1024", "250")


def test_the_packages_own_memory_is_nobodys_choice(root: Path) -> None:
    write(root / "var/lib/pgsql/data/postgresql.conf", "shared_buffers = 128MB\n")
    assert get_memory() == "2048"


def test_what_is_configured_is_read_back_also_when_it_was_edited(root: Path) -> None:
    folder = root / "etc/postgresql/15/main"
    write(folder / "postgresql.conf", "")
    write(folder / "conf.d/contara.conf", "# BEGIN Contara 0: x\nmax_connections = 60\nshared_buffers = 16384\n")
    rules = ["127.0.0.1/32", "::1/128", "192.0.2.0/24", "samenet"]
    lines = "".join(f'host "app" "ada" {net} scram-sha-256\n' for net in rules)
    write(
        folder / "pg_hba.conf", f"# BEGIN Contara 0: x\n{lines}# END Contara\nhost all all 10.0.0.0/8 scram-sha-256\n"
    )
    assert get_current_config() == {
        "database": "app",
        "owner": "ada",
        "owner_passwd": "(unchanged)",
        "networks": [["192.0.2.0", "255.255.255.0"], ["samenet", ""]],
        "connections": "60",
        "memory": "128",
    }


def test_the_last_setting_counts_and_comments_dont(tmp_path: Path) -> None:
    file = tmp_path / "a.conf"
    file.write_text("port = 5432\n#port = 1\nport 5433 # x\nlisten_addresses = '*'\n")
    assert _settings(file) == {"port": "5433", "listen_addresses": "*"}


@pytest.mark.parametrize("name", ["app", "_x", "a" * 63])
def test_good_names(name: str) -> None:
    assert check_database(name) is None
    assert check_owner(name) is None


@pytest.mark.parametrize("name", ["", "App", "1a", "a-b", 'a"b', "a b", "a" * 64, "a\n", "postgres"])
def test_bad_names(name: str) -> None:
    assert check_database(name)
    assert check_owner(name)


def test_numbers() -> None:
    assert check_connections("60") is None
    assert check_memory("512") is None
    for bad in ["", "9", "10001", "-5", "x", "٦٠", "60\n"]:
        assert check_connections(bad)
    for bad in ["0", "1GB", "9999999999"]:
        assert check_memory(bad)
