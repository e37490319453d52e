"""`ModuleTest`: a module run in this process, pressed, filled in, waited for; and what it says when that goes wrong."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ContaraNAS.testing import ActionFailed, FieldErrors, ModuleFailed, ModuleTest, NotFound, NotPressable
from host import FIXTURES, write_module

MODULE = """
from pydantic import BaseModel, Field
from ContaraNAS.core.action import progress
from ContaraNAS.core.ui import Form, Input, Modal, Table, TableColumn

class Shop(Module):
    class State(ModuleState, persist=True):
        sold: int = 0
        names: list[str] = []

    class Settings(BaseModel):
        price: int = Field(default=2, ge=1)

    task = None

    async def start_monitoring(self):
        self.task = asyncio.create_task(self.watch())
        self.go = asyncio.Event()

    async def stop_monitoring(self):
        self.task.cancel()

    async def watch(self):
        while True:
            await self.go.wait()
            self.go.clear()
            self.typed_state.names.append("seen")
            self.typed_state.commit()

    def get_tile(self):
        if self.typed_state.sold == 99:
            raise ValueError("too many")
        return Tile(icon="Box", title=self.display_name, stats=[Stat(label="Sold", value=self.typed_state.sold)],
            content=[Text(content=" ".join(self.typed_state.names)), Button(label="Idle"),
                Stack(on_click=self.clear, children=[Text(content="Clear all")]),
                Table(columns=[TableColumn(key="name", label="Name")], row_key="id", data=[{"id": 7, "name": "pear"}],
                    row_actions=[Button(label="Sell one", on_click=self.sell_row)])],
            actions=[Button(label="Sell", on_click=self.ask), Button(label="Later", on_click=self.ask, disabled=True)])

    def get_modals(self):
        return [Modal(id="sell", title="Sell", children=[Input(name="count", value="1", label="How many"),
            Form(children=[Input(name="name"), Button(label="Name it", on_click=self.name_it)])],
            footer=[Button(label="Sell", on_click=ActionRef(self.sell, note="bound")), Button(label="Close")])]

    def get_page(self):
        return Stack(children=[Text(content="The page"), Button(label="Idle")])

    @action
    async def ask(self):
        return OpenModal(modal_id="sell")

    @action
    async def sell(self, count: int, note: str = ""):
        self.typed_state.sold += count * self.settings.price
        return [CloseModal(), Notify(message=f"sold {count} {note}", variant="success")]

    @action
    async def sell_row(self, id: int):
        self.typed_state.names = [f"row {id}"]

    @action
    async def name_it(self, name: str):
        self.typed_state.names = [name]

    @action
    async def clear(self):
        self.typed_state.sold = 0
        return Refresh()

    @action
    async def fail(self):
        raise ValueError("no stock")

    @action
    async def count(self, to: int):
        for done in range(to):
            progress(done + 1, to, "counting")

    @action
    async def open_nothing(self):
        return OpenModal(modal_id="nothing")

    @action
    async def start_failing(self):
        async def fail():
            raise ValueError("behind the scenes")
        self.failing = asyncio.create_task(fail())
"""


def write(folder: Path, body: str, **manifest: object) -> Path:
    write_module(folder, body)
    fields = {"name": folder.name, "displayName": "The Shop", **manifest}
    (folder / "module.json").write_text(json.dumps(fields))
    return folder


def write_shop(folder: Path) -> Path:
    return write(folder, MODULE, capabilities={"detailPage": True, "settings": True})


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ModuleTest]:
    with ModuleTest(write_shop(tmp_path / "shop")) as shop:
        shop.enable()
        yield shop


def test_unmodified_module() -> None:
    with ModuleTest(FIXTURES / "my_module") as module:
        module.enable()
        module.press("Increment")
        assert module.tile.stat("Count").value == 1
        assert module.state.counter == 1
        assert type(module.module).__module__ == "ContaraNAS.modules.community.my_module"


def test_press_with_a_form(shop: ModuleTest) -> None:
    assert shop.press("Sell").opened == "sell"
    assert shop.open_modal is not None
    results = shop.press("Sell", form={"count": 5})
    assert results.notified == "sold 5 bound"
    assert results.notifications[0].variant == "success"
    assert results.closed
    assert shop.open_modal is None
    assert shop.tile.stat("Sold").value == 10


def test_fields_that_do_not_fit(shop: ModuleTest) -> None:
    shop.press("Sell")
    with pytest.raises(FieldErrors) as caught:
        shop.press("Sell", form={"count": "many"})
    assert list(caught.value.fields) == ["count"]
    assert shop.state.sold == 0


def test_nested_form_and_its_scope(shop: ModuleTest) -> None:
    shop.press("Name it", form={"name": "pear"})
    assert "pear" in shop.tile.text()
    with pytest.raises(NotFound, match="has no field named 'count'; it has name"):
        shop.press("Name it", form={"count": 1})


def test_button_of_a_row(shop: ModuleTest) -> None:
    shop.press("Sell one", row={"name": "pear"})
    assert shop.state.names == ["row 7"]
    with pytest.raises(NotFound, match=r"is in every row; say which with row=\{'id': …\}"):
        shop.press("Sell one")
    with pytest.raises(NotFound, match=r"0 rows of <table> have \{'name': 'plum'\}; expected one"):
        shop.press("Sell one", row={"name": "plum"})
    with pytest.raises(NotFound, match="is no row's button"):
        shop.press("Sell", where="tile", row={"id": 7})


def test_stack_that_can_be_pressed(shop: ModuleTest) -> None:
    assert shop.press("Clear all").refreshed


def test_what_can_not_be_pressed(shop: ModuleTest) -> None:
    with pytest.raises(NotPressable, match="<button 'Later'> is disabled"):
        shop.press("Later")
    with pytest.raises(NotPressable, match="has no on_click"):
        shop.press("Idle", where="tile")
    with pytest.raises(
        NotFound, match="no button is labelled 'Buy'; there are 'Idle', 'Clear all', 'Sell one', 'Sell', 'Later'"
    ):
        shop.press("Buy")
    with pytest.raises(NotFound, match=r"2 buttons are labelled 'Idle', in .*where="):
        shop.press("Idle")


def test_button_without_action_closes_the_modal(shop: ModuleTest) -> None:
    shop.press("Sell", where="tile")
    assert shop.press("Close").closed
    assert shop.open_modal is None


def test_action_that_raises(shop: ModuleTest) -> None:
    with pytest.raises(ActionFailed, match="ValueError: no stock") as caught:
        shop.act("fail")
    assert "in fail" in str(caught.value)
    with pytest.raises(ActionFailed, match="'nothing_like_it'"):
        shop.act("nothing_like_it")


def test_modal_that_is_not_there(shop: ModuleTest) -> None:
    with pytest.raises(NotFound, match="shop has no modal with the id 'nothing'; it has 'sell'"):
        shop.act("open_nothing")


def test_tile_that_can_not_be_drawn(shop: ModuleTest) -> None:
    shop.act("sell", count=1)
    shop.state.sold = 99
    shop.state.commit()
    with pytest.raises(ModuleFailed, match=r"ValueError: too many[\s\S]*in get_tile"):
        shop.tile  # noqa: B018
    shop.act("clear")
    assert shop.tile.stat("Sold").value == 0


def test_background_task(shop: ModuleTest) -> None:
    shop.act("name_it", name="first")
    shop.run(shop.module.go.set)  # type: ignore[attr-defined]
    shop.wait_for(lambda: "seen" in shop.tile.text())


def test_running_in_the_loop(shop: ModuleTest) -> None:
    async def price(times: int) -> int:
        await asyncio.sleep(0)
        price: int = shop.settings.price
        return price * times

    assert shop.run(price, times=3) == 6
    assert shop.run(lambda: asyncio.get_running_loop().is_running()) is True
    with pytest.raises(ZeroDivisionError):
        shop.run(lambda: 1 // 0)


def test_progress(shop: ModuleTest) -> None:
    shop.act("count", to=3)
    assert shop.progress[-1] == (3, 3, "counting")


def test_waiting_in_vain(shop: ModuleTest) -> None:
    with pytest.raises(TimeoutError, match=r"still not so after 0.05 s; the condition last gave \[\]"):
        shop.wait_for(lambda: shop.state.names, timeout=0.05)


def test_settings_and_page(shop: ModuleTest) -> None:
    assert shop.settings.price == 2
    shop.configure(price=5)
    assert shop.settings.price == 5
    with pytest.raises(FieldErrors) as caught:
        shop.configure(price=0)
    assert list(caught.value.fields) == ["price"]
    assert "The page" in shop.page.text()


def test_stored_state_and_settings_are_given(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "shop")
    with ModuleTest(folder, settings={"price": 3}, state={"sold": 4, "names": []}) as shop:
        shop.enable()
        assert (shop.settings.price, shop.tile.stat("Sold").value) == (3, 4)
        shop.act("sell", count=1)
        assert shop.stored_state == {"sold": 7, "names": []}
    with pytest.raises(ModuleFailed):
        ModuleTest(folder, state={"sold": "x"})


def test_background_work_that_fails_unnoticed(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "shop")
    shop = ModuleTest(folder)
    shop.enable()
    shop.act("start_failing")
    shop.wait_for(shop.module.failing.done)  # type: ignore[attr-defined]
    del shop.module.failing  # type: ignore[attr-defined]
    with pytest.raises(ModuleFailed, match="behind the scenes"):
        shop.close()


def test_faults_that_a_test_looks_at(shop: ModuleTest) -> None:
    shop.act("start_failing")
    shop.wait_for(lambda: shop.faults == ["ValueError: behind the scenes"])


def test_module_that_is_imported_once_and_from_another_folder_anew(tmp_path: Path) -> None:
    first, second = write_shop(tmp_path / "a" / "shop"), write_shop(tmp_path / "b" / "shop")
    classes = []
    for folder in (first, first, second):
        with ModuleTest(folder) as shop:
            classes.append(type(shop.module))
    assert classes[0] is classes[1]
    assert classes[1] is not classes[2]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("import nothing_like_it", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("", "no class derived from Module"),
        ("class M(Module):\n    def __init__(self):\n        raise ValueError('not today')", "ValueError: not today"),
    ],
)
def test_module_that_can_not_be_loaded(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(ModuleFailed, match=message):
        ModuleTest(write(tmp_path / "broken", body))


def test_module_that_is_not_enabled(tmp_path: Path) -> None:
    with ModuleTest(write_shop(tmp_path / "shop")) as shop:
        with pytest.raises(NotFound, match="shop shows nothing yet; call enable"):
            shop.tile  # noqa: B018
        with pytest.raises(ActionFailed):
            shop.act("clear")


def test_life_that_raises(tmp_path: Path) -> None:
    body = "class M(Module):\n    async def start_monitoring(self):\n        raise OSError('no disk')\n"
    with ModuleTest(write(tmp_path / "broken", body)) as module, pytest.raises(ModuleFailed, match="OSError: no disk"):
        module.enable()


def test_module_that_blocks_its_loop(tmp_path: Path) -> None:
    body = "class M(Module):\n    stop = threading.Event()\n    async def initialize(self):\n        self.stop.wait()\n"
    module = ModuleTest(write(tmp_path / "blocking", body), seconds=0.2)
    try:
        with pytest.raises(TimeoutError, match=r"no answer within 0.2 s; the module's loop is at:[\s\S]*initialize"):
            module.enable()
    finally:
        module.module.stop.set()  # type: ignore[attr-defined]
        module.close()


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, FileNotFoundError), ("{", ValueError), ("[]", TypeError)],
)
def test_folder_that_is_no_module(tmp_path: Path, content: str | None, error: type[Exception]) -> None:
    if content is not None:
        (tmp_path / "module.json").write_text(content)
    with pytest.raises(error, match=tmp_path.name):
        ModuleTest(tmp_path)
