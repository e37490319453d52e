"""Setup modules: which functions they have, and what each kind of hook is called with."""

from pathlib import Path

import pytest

from contara_worker.messages import ErrorKind, SetupModule
from host import Host
from setup_host import MAIL, call, fail_call, load_setup, write_catalogue, write_setup

HOOKS = """
def get_config_info():
    return ("setup-mail.sh", ["domain", "networks"])

def check_configured():
    return True

def get_current_config(module):
    return {"domain": module.slug + ".example.org", "networks": [("192.0.2.0", "255.255.255.0")]}

def get_interfaces_config(config):
    config.append({"type": "text", "name": "interface", "default": config[0]["name"]})
    return config

def get_domain(module):
    return f"{module.name} in {module.path}"

def get_realm():
    return "EXAMPLE.ORG"

def valid_domain(value):
    if value != value.lower():
        return "Only lower case."

def valid_networks(networks):
    return " ".join("%s/%s" % pair for pair in networks)

def valid_names(names):
    return ", ".join(sorted(names))
"""


@pytest.fixture
def mail(host: Host, tmp_path: Path) -> Host:
    load_setup(host, write_setup(tmp_path / "mail", HOOKS))
    return host


def test_each_hook_gets_what_belongs_to_it(mail: Host) -> None:
    assert call(mail, "get_config_info") == ["setup-mail.sh", ["domain", "networks"]]
    assert call(mail, "check_configured") is True
    current = call(mail, "get_current_config", module=MAIL)
    assert current == {"domain": "mail.example.org", "networks": [["192.0.2.0", "255.255.255.0"]]}
    field = {"type": "text", "name": "domain"}
    generated = {"type": "text", "name": "interface", "default": "domain"}
    assert call(mail, "get_interfaces_config", [field]) == [field, generated]
    assert call(mail, "get_domain", module=MAIL) == "Mail server in /srv/modules/mail"


def test_validators_get_the_value_in_its_own_shape(mail: Host) -> None:
    assert call(mail, "valid_domain", "example.org") is None
    assert call(mail, "valid_domain", "Example.org") == "Only lower case."
    assert call(mail, "valid_names", ["b", "a"]) == "a, b"
    networks = [["192.0.2.0", "255.255.255.0"], ["198.51.100.0", "255.255.255.0"]]
    assert call(mail, "valid_networks", networks) == "192.0.2.0/255.255.255.0 198.51.100.0/255.255.255.0"


@pytest.mark.parametrize(
    ("signature", "arguments", "gets"),
    [
        ("()", [], []),
        ("(module)", [], ["mail"]),
        ("(module=None)", [], ["mail"]),
        ("(*given)", [], ["mail"]),
        ("(fields)", [[]], [[]]),
        ("(fields, module)", [[]], [[], "mail"]),
        ("(fields, *, quick=False)", [[]], [[], False]),
        ("(*given)", [[]], [[], "mail"]),
    ],
)
def test_the_module_is_passed_only_where_it_fits(
    host: Host, tmp_path: Path, signature: str, arguments: list[object], gets: list[object]
) -> None:
    body = "    taken = [*dict(locals()).values()]\n    taken = [*taken[0]] if given else taken\n"
    code = f"given = {'given' in signature}\ndef hook{signature}:\n{body}"
    code += "    return [getattr(each, 'slug', each) for each in taken]\n"
    load_setup(host, write_setup(tmp_path / "mail", code))
    assert call(host, "hook", *arguments, module=MAIL) == gets


def test_without_the_module_an_optional_argument_keeps_its_default(host: Host, tmp_path: Path) -> None:
    load_setup(host, write_setup(tmp_path / "mail", "def hook(module='nobody'):\n    return module\n"))
    assert call(host, "hook") == "nobody"


def test_the_module_is_friendly(host: Host, tmp_path: Path) -> None:
    code = """
def hook(module):
    return [module.slug, module.name, module.path, module._path, module.configured, module.description, str(module)]

def written(module):
    return [module.packages, module.section]

def misspelt(module):
    return module.confgured
"""
    folder = write_setup(tmp_path / "mail", code)
    description = '\ufeff{"description": "Sends mail", "packages": [], "module": {"section": "core"}}'
    (folder / "desc.json").write_text(description)
    load_setup(host, folder)
    told = SetupModule("mail", "Courrier", str(folder), configured=False)
    assert call(host, "hook", module=told) == [
        *("mail", "Courrier", str(folder), str(folder), False, "Sends mail", "mail")
    ]
    assert call(host, "written", module=told) == [[], "core"]
    assert "confgured" in fail_call(host, "misspelt", module=told).message
    (folder / "desc.json").write_text("{")
    assert call(host, "hook", module=told)[5] == ""


def test_functions_are_those_that_the_module_made(host: Host, tmp_path: Path) -> None:
    code = """
import functools, os
from socket import gethostname
from IPy import IP
from mss.agent.lib.utils import grep
from .helper import valid_port, Range

LIMIT = 3
_ = str.upper

class Plan:
    def __call__(self, value): return "called"

def wrapped(function):
    @functools.wraps(function)
    def inner(*args): return function(*args)
    return inner

@wrapped
def get_name(): return gethostname()

def _quiet(): return "quiet"

valid_low = functools.partial(valid_port, 1)
valid_high = lambda value: value
valid_plan = Plan()
abs_of = functools.partial(abs)
"""
    helper = "class Range: pass\ndef valid_port(low, port): return [low, port]\n"
    folder = write_setup(tmp_path / "mail", code, helper=helper)
    assert load_setup(host, folder) == [
        *("_quiet", "get_name", "valid_high", "valid_low", "valid_plan", "valid_port", "wrapped")
    ]
    assert call(host, "valid_low", 25) == [1, 25]
    assert call(host, "valid_plan", "x") == "called"
    for name in ("os", "IP", "gethostname", "grep", "LIMIT", "Plan", "Range", "abs_of", "missing", "__build_class__"):
        error = fail_call(host, name, module=MAIL)
        assert error.kind == ErrorKind.UNKNOWN_FUNCTION
        assert error.message == f"__init__.py has no function {name}()"


def test_a_coroutine_is_awaited(host: Host, tmp_path: Path) -> None:
    code = "import asyncio\nasync def hook():\n    await asyncio.sleep(0)\n    return 'awaited'\n"
    load_setup(host, write_setup(tmp_path / "mail", code))
    assert call(host, "hook") == "awaited"


def test_what_the_module_keeps_stays_in_one_thread(host: Host, tmp_path: Path) -> None:
    """As a database's connection has to."""
    code = """
import sqlite3
connection = sqlite3.connect(":memory:")
def hook():
    return connection.execute("select 2 + 2").fetchone()
"""
    load_setup(host, write_setup(tmp_path / "mail", code))
    assert [call(host, "hook"), call(host, "hook")] == [[4], [4]]


def test_texts_are_translated_with_the_hosts_catalogues(host: Host, tmp_path: Path) -> None:
    code = """
from mss.agent.managers.translation import TranslationManager
_ = TranslationManager().translate
def hook():
    return [_("Name", "mail"), _("Unknown", "mail"), _("Name", "other"), _("", "mail"), TranslationManager().get_lang()]
"""
    write_catalogue(tmp_path / "catalogues", "fr_FR", "mail", Name="Prénom")
    load_setup(host, write_setup(tmp_path / "mail", code), "fr_FR")
    assert call(host, "hook") == ["Prénom", "Unknown", "Name", "", "fr_FR"]


def test_each_call_has_its_language(host: Host, tmp_path: Path) -> None:
    code = """
from mss.agent.managers.translation import TranslationManager
_ = TranslationManager().translate
NAME = _("Name", "mail")
def hook():
    return [NAME, _("Name", "mail"), TranslationManager().lang]
"""
    write_catalogue(tmp_path / "catalogues", "fr_FR", "mail", Name="Prénom")
    write_catalogue(tmp_path / "catalogues", "de_DE", "mail", Name="Vorname")
    load_setup(host, write_setup(tmp_path / "mail", code), "fr_FR")
    assert call(host, "hook", language="de_DE") == ["Prénom", "Vorname", "de_DE"]
    assert call(host, "hook", language="en_US") == ["Prénom", "Name", "en_US"]
    assert call(host, "hook", language="fr_FR") == ["Prénom", "Prénom", "fr_FR"]
