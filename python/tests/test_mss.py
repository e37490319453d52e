"""The package `mss`, and what else setup modules import."""

import configparser
import re
from pathlib import Path

import IPy
import netifaces
import psutil
import pytest

from mss.agent.lib import pam
from mss.agent.lib.utils import (
    Singleton,
    ethernet_ifs,
    formatExceptionInfo,
    get_config_option,
    getINIoption,
    grep,
)
from mss.agent.managers.translation import TranslationManager
from setup_host import write_catalogue


@pytest.fixture
def translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TranslationManager:
    monkeypatch.setattr(TranslationManager, "_only", None)
    manager = TranslationManager()
    manager.set_catalogues(str(tmp_path / "compiled"))
    manager.set_lang("fr_FR")
    write_catalogue(tmp_path / "compiled", "fr_FR", "mail", Domain="Domaine")
    write_catalogue(tmp_path / "compiled", "de", "mail", Domain="Domäne")
    return manager


def test_there_is_one_translation_manager(translations: TranslationManager) -> None:
    assert TranslationManager() is translations
    assert translations.lang == translations.get_lang() == "fr_FR"


def test_a_text_is_translated_by_its_catalogue(translations: TranslationManager) -> None:
    _ = translations.translate
    assert _("Domain", "mail") == "Domaine"
    assert _("Domain") == "Domain"
    assert _("Domain", "unknown") == "Domain"
    assert _("Nothing said of it", "mail") == "Nothing said of it"
    assert _("", "mail") == ""
    translations.set_lang("de_DE")
    assert _("Domain", "mail") == "Domäne"
    translations.set_lang("pt_BR")
    assert _("Domain", "mail") == "Domain"


def test_a_catalogue_may_lie_elsewhere(translations: TranslationManager, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    write_catalogue(elsewhere, "fr_FR", "extra", Port="Le port")
    assert translations.get_catalog_path("extra") == str(tmp_path / "compiled")
    translations.set_catalog("extra", str(elsewhere))
    assert translations.get_catalog_path("extra") == str(elsewhere)
    assert translations.translate("Port", "extra") == "Le port"
    translations.set_catalog("mail", str(elsewhere))
    assert translations.translate("Domain", "mail") == "Domaine"  # not there, hence from where the others are


@pytest.mark.parametrize("content", [b"", b"no catalogue", b"\xde\x12\x04\x95" + b"\xff" * 30])
def test_a_broken_catalogue_leaves_the_text(
    translations: TranslationManager, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "compiled/fr_FR/LC_MESSAGES/broken.mo").write_bytes(content)
    assert [translations.translate("Domain", "broken") for _ in range(2)] == ["Domain"] * 2
    assert len(caplog.records) == 1


def test_grep_looks_at_each_line_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "urpmi.cfg"
    file.write_bytes(b"first\nMain\xff Repository {\n")
    assert grep("^Main.*{$", str(file)) is True
    assert grep("^Repository", str(file)) is False
    assert grep("anything", str(tmp_path / "missing")) is False
    with pytest.raises(re.error):
        grep("(", str(file))


def test_an_option_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "network"
    file.write_text("#NAME=no\nHOSTNAME.x=not this\nNAME=  vm.example.org  \nEMPTY=\nNAME=later\n")
    assert get_config_option(str(file), "NAME") == "vm.example.org"
    assert get_config_option(str(file), "HOSTNAME.x") == "not this"
    assert get_config_option(str(file), "EMPTY") == ""
    assert get_config_option(str(file), "ABSENT") == ""
    with pytest.raises(OSError, match=r"^File not found$"):
        get_config_option(str(tmp_path / "missing"), "NAME")


def test_an_option_of_an_ini_file(tmp_path: Path) -> None:
    file = tmp_path / "base.ini"
    file.write_text(
        "[main]\nhost = ldap.example.org ; the server\nhost2 = %(host)s:389\nbad = 100%\n[main]\nport = 1\n"
    )
    assert getINIoption("main", "host", str(file)) == "ldap.example.org"
    assert getINIoption("main", "host2", str(file)) == "ldap.example.org:389"
    assert getINIoption("main", "port", str(file)) == "1"
    for section, option in (("main", "absent"), ("absent", "host"), ("main", "bad")):
        with pytest.raises(configparser.Error):
            getINIoption(section, option, str(file))
    with pytest.raises(configparser.NoSectionError):
        getINIoption("main", "host", str(tmp_path / "missing"))


def test_ethernet_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses: dict[str, dict[int, list[dict[str, str]]]] = {
        "lo": {netifaces.AF_INET: [{"addr": "127.0.0.1", "netmask": "255.0.0.0"}]},
        "eth0": {netifaces.AF_INET: [{"addr": "192.0.2.77", "netmask": "255.255.255.0", "broadcast": "192.0.2.255"}]},
        "eth1": {netifaces.AF_INET6: [{"addr": "fe80::1%eth1"}]},
        "br0": {netifaces.AF_INET: [{"addr": "198.51.100.1", "netmask": "255.255.255.0"}]},
    }
    monkeypatch.setattr(netifaces, "interfaces", lambda: list(addresses))
    monkeypatch.setattr(netifaces, "ifaddresses", addresses.__getitem__)
    assert ethernet_ifs() == [["eth0", "192.0.2.77", "192.0.2.0", "255.255.255.0"]]


def test_the_exception_that_is_handled() -> None:
    def fail() -> None:
        raise ValueError("no such disk", 3)

    def told() -> tuple[str, object, list[str]]:
        try:
            fail()
        except ValueError:
            return formatExceptionInfo()
        return "", (), []

    name, arguments, frames = told()
    assert (name, arguments) == ("ValueError", ("no such disk", 3))
    assert "in fail" in frames[-1]
    assert formatExceptionInfo() == ("", (), [])


def test_a_singleton() -> None:
    class One(metaclass=Singleton):
        def __init__(self, number: int) -> None:
            self.number = number

    class Other(One):
        pass

    assert One(1) is One(2)
    assert Other(3).number == 3


class FakePam:
    """The system's, with one user."""

    PAMError = RuntimeError

    def authenticate(self, user: str, password: str, *, service: str, **_: object) -> None:
        if (user, password, service) != ("root", "geheim", "passwd"):
            raise RuntimeError("refused")


def test_a_password_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pamela", FakePam())
    assert pam.authenticate("root", "geheim", "passwd") is True
    assert pam.authenticate("root", "geheim") is False
    assert pam.authenticate("root", "", "passwd") is False


def test_nobody_gets_in_with_a_wrong_password() -> None:
    """By the system's own PAM, or without one."""
    assert pam.authenticate("nobody-of-this-name", "wrong") is False


def test_what_else_modules_import() -> None:
    network = IPy.IP("192.0.2.0/24")
    assert (network.strNormal(2), network.strNormal(0)) == ("192.0.2.0/255.255.255.0", "192.0.2.0")
    assert IPy.IP("192.0.2.7").strNormal(2) == "192.0.2.7"
    made: object = IPy.IP("192.0.2.7").make_net("255.255.255.0")  # type: ignore[no-untyped-call]
    assert str(made) == "192.0.2.0/24"
    assert str(IPy.IP("192.0.2.7/24", make_net=True)) == "192.0.2.0/24"
    loopback = netifaces.ifaddresses("lo")[netifaces.AF_INET][0]
    assert (loopback["addr"], loopback["netmask"]) == ("127.0.0.1", "255.0.0.0")
    assert "lo" in netifaces.interfaces()
    assert all(part.device and part.mountpoint for part in psutil.disk_partitions(all=False))
