"""The module as a whole, on trees of libraries that the tests make and change while it runs."""

from pathlib import Path
from typing import Any

import pytest
from ContaraNAS.testing import FieldErrors, ModuleTest, Node

from .steam_tree import SteamTree

DEADLINE = 20.0


@pytest.fixture
def steam(tmp_path: Path) -> SteamTree:
    """Steam in the home that the module looks at."""
    return SteamTree(tmp_path / "home/.local/share/Steam")


class Running:
    """The module, and what a person sees of it."""

    def __init__(self, module: ModuleTest) -> None:
        self.module = module

    def row(self, name: str) -> dict[str, Any]:
        """The row of a game in whichever modal; empty if there is none."""
        rows = [row for modal in self.module.modals for row in modal.find("table").data]
        return next((row for row in rows if row["name"] == name), {})

    def wait_for_row(self, name: str, **cells: Any) -> None:
        try:
            self.module.wait_for(lambda: cells.items() <= self.row(name).items(), DEADLINE)
        except TimeoutError:
            assert self.row(name) == cells

    def wait_for_text(self, text: str) -> None:
        self.module.wait_for(lambda: text in self.module.tile.text(), DEADLINE)

    def wait_until_measured(self) -> None:
        self.module.wait_for(lambda: self.module.tile.stats and self.module.tile.badge is None, DEADLINE)

    @property
    def stats(self) -> dict[str, Any]:
        return {stat.label: stat.value for stat in self.module.tile.stats or []}


@pytest.fixture
def running(contara_module: ModuleTest, tmp_path: Path) -> Running:
    contara_module.configure(homes=[str(tmp_path / "home")])
    return Running(contara_module)


def test_where_steam_is_not_the_tile_says_so_until_it_is(running: Running, tmp_path: Path) -> None:
    running.module.enable()
    running.wait_for_text("Steam isn't on this machine.")
    assert running.module.modals == []
    SteamTree(tmp_path / "home/.local/share/Steam").game(400, "Portal", 2048)
    running.module.press("Look again")
    running.wait_for_row("Portal", total="2.0 KiB")


def test_the_tile_and_the_modal_of_a_library(running: Running, steam: SteamTree) -> None:
    steam.game(400, "Portal", 3 << 20, updated=1_600_000_000)
    steam.file("shadercache/400/x", 1 << 20)
    steam.game(70, "Half-Life", 1024, flags=1026)
    running.module.enable()
    running.wait_until_measured()
    assert running.stats == {"Games": 2, "Size": "4.0 MiB", "Libraries": 1}
    legend = [segment["label"] for segment in running.module.tile.find("segmented_progress").raw["segments"]]
    assert legend[:2] == ["Games 3.0 MiB", "Shader caches 1.0 MiB"]
    assert "Workshop" not in " ".join(legend)

    running.module.press("2 games")
    modal = running.module.open_modal
    assert isinstance(modal, Node)
    assert modal.title == f"Native library {steam.root}"
    table = modal.find("table")
    assert (table.sortable, table.default_sort_key, table.row_key) == (True, "total", "app_id")
    assert running.row("Portal") == {
        "app_id": 400,
        "name": "Portal",
        "name_sort": "portal",
        "total": "4.0 MiB",
        "total_sort": 4 << 20,
        "game": "3.0 MiB",
        "game_sort": 3 << 20,
        "shaders": "1.0 MiB",
        "shaders_sort": 1 << 20,
        "workshop": "–",
        "workshop_sort": 0,
        "compat": "–",
        "compat_sort": 0,
        "updated": "2020-09-13",
        "updated_sort": 1_600_000_000,
        "state": "Installed",
        "state_variant": "success",
    }
    assert running.row("Half-Life")["state_variant"] == "warning"


def test_changes_on_the_disk_are_seen_as_they_happen(running: Running, steam: SteamTree, tmp_path: Path) -> None:
    first = steam.game(400, "Portal", 1024)
    running.module.enable()
    running.wait_for_row("Portal", total="1.0 KiB")

    second = steam.game(70, "Half-Life", 2048)
    running.wait_for_row("Half-Life", total="2.0 KiB")
    steam.file("common/Portal/bin/data.pak", 5 << 20)
    running.wait_for_row("Portal", total="5.0 MiB")
    steam.file("workshop/content/400/1/map", 1 << 20)
    running.wait_for_row("Portal", total="6.0 MiB", workshop="1.0 MiB")

    second.unlink()
    running.module.wait_for(lambda: not running.row("Half-Life"), DEADLINE)
    assert running.row("Portal")

    disk = SteamTree(tmp_path / "disk")
    disk.game(220, "Half-Life 2", 4096)
    steam.libraries(disk.root)
    running.wait_for_row("Half-Life 2", total="4.0 KiB")
    assert running.stats["Libraries"] == 2
    disk.file("common/Half-Life 2/more", 4096)
    running.wait_for_row("Half-Life 2", total="8.0 KiB")
    assert first.exists()


def test_a_broken_file_is_named_on_the_tile_and_the_game_stays(running: Running, steam: SteamTree) -> None:
    manifest = steam.game(400, "Portal", 1024)
    running.module.enable()
    running.wait_for_row("Portal", total="1.0 KiB")
    whole = manifest.read_text()
    manifest.write_text(whole[:20])
    running.wait_for_text(f"{manifest}:3")
    assert running.row("Portal")
    manifest.write_text(whole)
    running.module.wait_for(lambda: not running.module.tile.has("alert"), DEADLINE)


def test_a_library_that_is_not_there_is_shown_and_looked_for(
    running: Running, steam: SteamTree, tmp_path: Path
) -> None:
    steam.libraries(tmp_path / "disk")
    running.module.enable()
    running.wait_for_text("Not there now")
    assert [button.label for button in running.module.tile.find_all("button")] == ["0 games", "Look again"]
    SteamTree(tmp_path / "disk").game(220, "Half-Life 2", 4096)
    running.module.press("Look again")
    running.wait_for_row("Half-Life 2", total="4.0 KiB")
    assert [button.label for button in running.module.tile.find_all("button")] == ["0 games", "1 game"]


def test_libraries_of_the_settings_count_at_once(running: Running, steam: SteamTree, tmp_path: Path) -> None:
    steam.game(400, "Portal", 1024)
    SteamTree(tmp_path / "extra").game(220, "Half-Life 2", 4096)
    running.module.enable()
    running.wait_for_row("Portal", total="1.0 KiB")
    running.module.configure(homes=[str(tmp_path / "home")], libraries=[str(tmp_path / "extra")])
    running.wait_for_row("Half-Life 2", total="4.0 KiB")


@pytest.mark.parametrize("field", ["homes", "libraries"])
@pytest.mark.parametrize("path", ["games", "", "~/games"])
def test_a_setting_that_is_no_full_path_is_refused(contara_module: ModuleTest, field: str, path: str) -> None:
    with pytest.raises(FieldErrors, match="expected the full path of a folder"):
        contara_module.configure(**{field: ["/srv", path]})
    assert contara_module.settings.homes == []


def test_it_can_be_disabled_and_enabled_again(running: Running, steam: SteamTree) -> None:
    steam.game(400, "Portal", 1024)
    running.module.enable()
    running.wait_for_row("Portal", total="1.0 KiB")
    running.module.disable()
    steam.game(70, "Half-Life", 2048)
    running.module.enable()
    running.wait_for_row("Half-Life", total="2.0 KiB")
    steam.file("common/Portal/more", 1024)
    running.wait_for_row("Portal", total="2.0 KiB")
