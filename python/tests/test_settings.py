"""Settings: the form that they make, the values that they take, and a module that gets new ones."""

import json
import math
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator

from contara_worker.messages import Capabilities, CheckSettings, Configure, Initialize, Load, Start
from ContaraNAS.core.forms import FieldErrors
from ContaraNAS.core.module import Module
from ContaraNAS.core.module.settings import default_settings, plain_settings, read_settings, settings_schema
from host import Host, write_module

SETTINGS = Capabilities(settings=True)


class Mail(BaseModel):
    host: str = ""
    password: SecretStr = SecretStr("inner")


class Settings(BaseModel):
    interval: float = Field(2.0, ge=0.5, le=60, title="Every", description="Seconds between two looks.")
    unit: Literal["GB", "GiB"] = "GB"
    disks: list[str] = []
    key: SecretStr | None = Field(None, description="From your account.", min_length=3)
    token: SecretStr = SecretStr("default")
    limit: int | None = None
    verbose: bool = False
    mail: Mail = Mail()

    @field_validator("disks")
    @classmethod
    def known(cls, value: list[str]) -> list[str]:
        if "sdz" in value:
            raise ValueError("There is no disk sdz.")
        return value


def test_schema_has_labels_help_and_limits_but_no_secret() -> None:
    schema = settings_schema(Settings)
    assert schema["properties"]["interval"] == {
        "default": 2.0,
        "description": "Seconds between two looks.",
        "maximum": 60,
        "minimum": 0.5,
        "title": "Every",
        "type": "number",
    }
    secret = {"type": "string", "format": "password", "writeOnly": True}
    assert schema["properties"]["key"] == {
        **secret,
        "minLength": 3,
        "description": "From your account.",
        "title": "Key",
    }
    assert schema["properties"]["token"] == {**secret, "title": "Token"}
    assert schema["properties"]["unit"]["enum"] == ["GB", "GiB"]
    assert "default" not in json.dumps(schema["properties"]["token"])


def test_values_of_a_form() -> None:
    form = {"interval": "5", "unit": "GiB", "disks": "sda", "key": "", "limit": "", "verbose": "on", "token": "abc"}
    settings = read_settings(Settings, form)
    assert plain_settings(settings) == {
        "interval": 5.0,
        "unit": "GiB",
        "disks": ["sda"],
        "key": None,
        "token": "abc",
        "limit": None,
        "verbose": True,
        "mail": {"host": "", "password": "inner"},
    }
    assert read_settings(Settings, plain_settings(settings)) == settings


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"interval": 0}, {"interval": "Enter at least 0.5."}),
        ({"interval": "soon", "limit": "x"}, {"interval": "Enter a number.", "limit": "Enter a whole number."}),
        ({"unit": "MB"}, {"unit": "Choose one of: GB, GiB."}),
        ({"key": "ab"}, {"key": "Enter at least 3 characters."}),
        ({"disks": ["sdz"]}, {"disks": "There is no disk sdz."}),
        ({"mail": {"host": []}}, {"mail.host": "Enter text."}),
        ({"color": "red", "interval": 99}, {"interval": "Enter at most 60.", "color": "There is no such setting."}),
    ],
)
def test_values_out_of_range(values: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(FieldErrors) as refused:
        read_settings(Settings, values)
    assert refused.value.fields == fields


def test_numbers_that_cannot_be_stored() -> None:
    class Limits(BaseModel):
        wait: float = math.inf

    class Weights(BaseModel):
        limits: Limits = Limits()
        weights: list[float] = []
        most: float = math.inf

    assert read_settings(Weights, {"weights": ["1"]}) == Weights(weights=[1.0])
    with pytest.raises(FieldErrors) as refused:
        read_settings(Weights, {"weights": ["1", "inf"], "limits": {"wait": "nan"}})
    assert refused.value.fields == dict.fromkeys(["limits.wait", "weights"], "Enter a finite number.")


def test_a_setting_without_a_default_is_none_until_it_is_set() -> None:
    class Needy(BaseModel):
        key: SecretStr
        times: int = 3

    settings, missing = default_settings(Needy)
    assert (settings.key, settings.times) == (None, 3)  # type: ignore[attr-defined]  # of the class above
    assert missing == {"key": "This field is required."}


def test_module_has_its_defaults_before_anything_else() -> None:
    class Plain(Module):
        class Settings(BaseModel):
            interval: int = 2

        def __init__(self) -> None:
            super().__init__()
            self.seen = self.settings.interval

    assert Plain().seen == 2
    assert Module().settings is None


SET = """
from pydantic import BaseModel, Field, SecretStr

class Set(Module):
    class State(ModuleState):
        log: list[str] = []
    class Settings(BaseModel):
        interval: float = Field(2.0, ge=0.5)
        key: SecretStr = SecretStr("")
    async def initialize(self):
        self.typed_state.log.append(f"initialize {self.settings.interval}")
    async def on_settings_changed(self):
        self.typed_state.log.append(f"changed {self.settings.interval}")
        if self.settings.interval == 7:
            raise OSError("no such disk")
    def get_tile(self):
        return Tile(icon="x", title=" ".join(self.typed_state.log))
    @action
    async def key(self):
        return Notify(message=self.settings.key.get_secret_value())
"""


def titles(host: Host) -> list[str]:
    return [tree.tile["title"] for tree in host.trees()]


def test_stored_settings_are_there_before_initialize(host: Host, tmp_path: Path) -> None:
    stored = {"interval": 4, "key": "geheim", "of an older version": 1}
    answer = host.load(write_module(tmp_path / "set", SET), capabilities=SETTINGS, settings=stored)
    assert answer["settings"]["properties"]["key"]["writeOnly"]
    assert answer["settings_problem"] is None
    host.value(Initialize)
    host.value(Start)
    assert titles(host) == ["initialize 4.0"]
    assert host.act("key")[0]["message"] == "geheim"


def test_stored_settings_that_no_longer_validate(host: Host, tmp_path: Path) -> None:
    folder = write_module(tmp_path / "set", SET)
    answer = host.load(folder, capabilities=SETTINGS, settings={"interval": 0, "old": 1})
    assert answer["settings_problem"] == "interval: Enter at least 0.5."
    host.value(Initialize)
    host.value(Start)
    assert titles(host) == ["initialize 2.0"]


def test_configure(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "set", SET), capabilities=SETTINGS)
    assert host.value(CheckSettings, {"interval": "3"}) == {"values": {"interval": 3.0, "key": ""}}
    assert host.value(Configure, {"interval": 3}) is None
    assert host.value(Configure, {"interval": 3}) is None
    assert titles(host) == ["initialize 2.0", "initialize 2.0 changed 3.0"]
    for kind in (CheckSettings, Configure):
        error = host.error(kind, {"interval": 0.1})
        assert (error.kind, error.fields) == ("bad_arguments", {"interval": "Enter at least 0.5."})
        assert error.message == "settings: interval: Enter at least 0.5."


def test_on_settings_changed_that_raises(host: Host, tmp_path: Path) -> None:
    host.run(write_module(tmp_path / "set", SET), capabilities=SETTINGS)
    error = host.error(Configure, {"interval": 7})
    assert (error.kind, error.message) == ("exception", "OSError: no such disk")
    assert titles(host)[-1] == "initialize 2.0 changed 7.0"


def test_settings_before_initialize_call_nothing(host: Host, tmp_path: Path) -> None:
    host.load(write_module(tmp_path / "set", SET), capabilities=SETTINGS)
    host.value(Configure, {"interval": 3})
    host.value(Initialize)
    host.value(Start)
    assert titles(host) == ["initialize 3.0"]


def test_sync_on_settings_changed(host: Host, tmp_path: Path) -> None:
    body = SET.replace("async def on_settings_changed", "def on_settings_changed")
    host.run(write_module(tmp_path / "set", body), capabilities=SETTINGS)
    host.value(Configure, {"interval": 3})
    assert titles(host)[-1] == "initialize 2.0 changed 3.0"


@pytest.mark.parametrize(
    ("body", "capabilities"), [(SET, Capabilities()), ("class Bare(Module): ...\n", SETTINGS)], ids=["off", "none"]
)
def test_nothing_to_set(host: Host, tmp_path: Path, body: str, capabilities: Capabilities) -> None:
    answer = host.load(write_module(tmp_path / "bare", body), capabilities=capabilities, settings={"x": 1})
    assert (answer["settings"], answer["settings_problem"]) == (None, None)
    error = host.error(Configure, {})
    assert (error.kind, error.message) == ("wrong_state", "the module has no settings")


def test_settings_that_cannot_be_described(host: Host, tmp_path: Path) -> None:
    body = """
import typing
from pydantic import BaseModel
class Odd(Module):
    class Settings(BaseModel):
        call: typing.Callable[[], None] = print
"""
    folder = write_module(tmp_path / "odd", body)
    error = host.error(Load, "odd", str(folder), "community", "Odd", SETTINGS)
    assert error.message.startswith("Settings can't be described: ")


def test_a_validator_that_exits_answers_the_load(host: Host, tmp_path: Path) -> None:
    body = """
from pydantic import BaseModel, field_validator
class Rude(Module):
    class Settings(BaseModel):
        name: str = ""
        @field_validator("name")
        @classmethod
        def check(cls, value): sys.exit(3)
"""
    folder = write_module(tmp_path / "rude", body)
    error = host.error(Load, "rude", str(folder), "community", "Rude", SETTINGS, {"name": "x"})
    assert (error.kind, error.message) == ("exception", "SystemExit: 3")
