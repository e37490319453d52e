"""Which libraries and games are found in trees that the tests make, and what comes of files that are broken."""

import os
from pathlib import Path

import pytest

from ..library import Library, Scanner, SizeBook, Sizes
from ..library.places import default_homes
from ..ui.text import date_text
from .steam_tree import SteamTree

NATIVE = ".local/share/Steam"
FLATPAK = ".var/app/com.valvesoftware.Steam/.local/share/Steam"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


class Look:
    """A scanner with its sizes, which looks and measures at once."""

    def __init__(self, *homes: Path, extra: tuple[str, ...] = ()) -> None:
        self.sizes = SizeBook()
        self.scanner = Scanner(self.sizes, [str(home) for home in homes], extra)

    def libraries(self) -> list[Library]:
        self.scanner.scan()
        while self.sizes.next_due() == 0:
            self.sizes.measure_next()
        return self.scanner.result().libraries

    def games(self) -> dict[str, Sizes]:
        return {game.name: game.sizes for library in self.libraries() for game in library.games}

    def problems(self) -> list[tuple[str, str]]:
        self.scanner.scan()
        return [(problem.place, problem.message) for problem in self.scanner.result().problems]


def test_every_kind_of_install_is_found(home: Path) -> None:
    roots = {
        "Native": SteamTree(home / NATIVE),
        "Flatpak": SteamTree(home / FLATPAK),
        "Snap": SteamTree(home / "snap/steam/common/.local/share/Steam"),
    }
    assert {library.kind: library.path for library in Look(home).libraries()} == {
        kind: str(tree.root) for kind, tree in roots.items()
    }


def test_one_library_by_several_paths_counts_once(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    (home / ".steam").mkdir()
    for link in ("steam", "root"):
        (home / ".steam" / link).symlink_to(steam.root)
    (home / "games").symlink_to(steam.root)
    steam.libraries(home / "games")
    look = Look(home, extra=(str(home / "games"), str(steam.steamapps)))
    assert [(library.path, library.kind) for library in look.libraries()] == [(str(steam.root), "Native")]


def test_libraries_that_steam_names_and_that_the_user_names(home: Path, tmp_path: Path) -> None:
    steam, disk, extra = SteamTree(home / NATIVE), SteamTree(tmp_path / "my disk"), SteamTree(tmp_path / "extra")
    steam.libraries(disk.root, tmp_path / "unplugged")
    found = Look(home, extra=(str(extra.steamapps),)).libraries()
    assert [(library.path, library.kind, library.present) for library in found] == [
        (str(steam.root), "Native", True),
        (str(disk.root), "Custom", True),
        (str(tmp_path / "unplugged"), "Custom", False),
        (str(extra.root), "Custom", True),
    ]
    assert len({library.key for library in found}) == 4


def test_the_older_form_of_the_list_of_libraries(home: Path, tmp_path: Path) -> None:
    steam, disk = SteamTree(home / NATIVE), SteamTree(tmp_path / "disk")
    (home / NATIVE / "config").mkdir()
    (home / NATIVE / "config/libraryfolders.vdf").write_text(
        f'"LibraryFolders"\n{{\n"TimeNextStatsReport" "1600000000"\n"ContentStatsID" "-42"\n"1" "{disk.root}"\n}}\n'
    )
    assert [library.path for library in Look(home).libraries()] == [str(steam.root), str(disk.root)]


def test_a_game_and_all_that_belongs_to_it(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    steam.game(400, "Portal", 5000, updated=1_600_000_000)
    steam.file("shadercache/400/a/b", 300)
    steam.file("workshop/content/400/77/map", 70)
    steam.file("compatdata/400/pfx/drive_c/save", 9)
    steam.file("shadercache/999/of another", 4000)
    (library,) = Look(home).libraries()
    (game,) = library.games
    assert (game.app_id, game.name, game.state, game.settled, game.updated) == (
        400, "Portal", "Installed", True, 1_600_000_000,
    )  # fmt: skip
    assert game.sizes == library.sizes == Sizes(game=5000, shaders=300, workshop=70, compat=9)
    assert (game.sizes.total, game.sizes.complete, library.measured) == (5379, True, True)
    drive = os.statvfs(library.path)
    assert library.drive_total == drive.f_blocks * drive.f_frsize > library.drive_free > 0


@pytest.mark.parametrize(
    ("flags", "state", "settled"),
    [
        (4, "Installed", True),
        (4 | 64, "Running", True),
        (4 | 2, "Update waits", False),
        (1026, "Updating", False),
        (1 << 20 | 1 << 10 | 2, "Downloading", False),
        (4 | 512, "Paused", False),
        (0, "Not installed", False),
    ],
)
def test_states(home: Path, flags: int, state: str, *, settled: bool) -> None:
    SteamTree(home / NATIVE).game(1, "Game", flags=flags)
    (library,) = Look(home).libraries()
    assert [(game.state, game.settled) for game in library.games] == [(state, settled)]


def test_a_library_has_the_sizes_that_are_known_so_far(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    steam.game(1, "One", 1000)
    steam.game(2, "Two", 200)
    look = Look(home)
    look.scanner.scan()
    (library,) = look.scanner.result().libraries
    assert (library.sizes.total, library.measured, library.games[0].sizes.complete) == (0, False, False)
    while look.scanner.result().libraries[0].sizes.total == 0:
        look.sizes.measure_next()
    (library,) = look.scanner.result().libraries
    assert (library.sizes.total in {1000, 200}, library.measured) == (True, False)


def test_links_are_not_followed_and_hard_links_count_once(home: Path, tmp_path: Path) -> None:
    steam = SteamTree(home / NATIVE)
    steam.game(1, "Game", 1000)
    SteamTree(tmp_path / "elsewhere").file("large", 5000)
    folder = steam.steamapps / "common/Game"
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "round").symlink_to(folder)
    (folder / "same.pak").hardlink_to(folder / "bin/data.pak")
    assert Look(home).games()["Game"].game == 1000


def test_a_folder_that_two_games_share_counts_once_in_the_sum(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    steam.game(1, "Half-Life", 1000)
    manifest = steam.manifest(2, "Mod")
    manifest.write_text(manifest.read_text().replace('"installdir"\t\t"Mod"', '"installdir"\t\t"Half-Life"'))
    (library,) = Look(home).libraries()
    assert [game.sizes.game for game in library.games] == [1000, 1000]
    assert library.sizes.game == 1000


def test_a_manifest_cannot_lead_out_of_its_library(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    SteamTree(home / "private").file("secret", 1000)
    manifest = steam.manifest(1, "../../../private")
    look = Look(home)
    assert look.games() == {}
    assert look.problems() == [(str(manifest), "expected an AppState with appid and installdir")]


def test_a_half_written_manifest_leaves_the_last_good_one_and_is_named(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    manifest = steam.game(1, "Game")
    look = Look(home)
    assert list(look.games()) == ["Game"]
    whole = manifest.read_text()
    manifest.write_text(whole[: whole.index("Game") + 2])
    assert list(look.games()) == ["Game"]
    assert look.problems() == [(f"{manifest}:5", "a quote is never closed")]
    manifest.write_text(whole.replace('"Game"', '"Game 2"'))
    assert list(look.games()) == ["Game 2"]
    assert look.problems() == []


def test_a_broken_list_of_libraries_leaves_the_last_good_one(home: Path, tmp_path: Path) -> None:
    steam, disk = SteamTree(home / NATIVE), SteamTree(tmp_path / "disk")
    file = steam.libraries(disk.root)
    look = Look(home)
    assert len(look.libraries()) == 2
    file.write_text('"libraryfolders"\n{\n')
    assert len(look.libraries()) == 2
    assert look.problems() == [(f"{file}:2", "this { is never closed; the file may be half written")]


def test_a_manifest_that_was_never_good_is_named_and_no_game(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    broken = steam.steamapps / "appmanifest_1.acf"
    broken.write_bytes(b"\xff\xfe\0}")
    look = Look(home)
    assert look.games() == {}
    assert [place for place, _ in look.problems()] == [f"{broken}:1"]
    broken.unlink()
    assert look.problems() == []


def test_a_library_that_cannot_be_read_is_named(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    steam.steamapps.rmdir()
    steam.steamapps.touch()
    assert (str(steam.steamapps), "Not a directory") in Look(home).problems()


def test_a_manifest_that_is_written_anew_has_its_game_measured_again(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    steam.game(1, "Game", 1000)
    look = Look(home)
    look.libraries()
    assert look.sizes.next_due() is None
    steam.game(1, "Game", 2000, updated=1_800_000_000)
    look.scanner.scan()
    assert look.sizes.next_due() is not None


def test_nothing_is_found_where_nothing_is(home: Path) -> None:
    home.mkdir()
    look = Look(home)
    assert (look.libraries(), look.problems(), look.scanner.folders) == ([], [], [])


@pytest.mark.parametrize(
    ("name", "message"), [("gone", "No such file or directory"), ("x" * 300, "File name too long")]
)
def test_a_home_that_the_user_named_and_that_cannot_be_looked_into_is_named(
    home: Path, name: str, message: str
) -> None:
    steam = SteamTree(home / NATIVE)
    look = Look(home / name, home)
    assert [library.path for library in look.libraries()] == [str(steam.root)]
    assert look.problems() == [(str(home / name), message)]


def test_paths_that_lead_nowhere_in_the_list_of_libraries_are_no_libraries(home: Path) -> None:
    steam = SteamTree(home / NATIVE)
    steam.libraries("", "games", "/bad\0path")
    assert [library.path for library in Look(home).libraries()] == [str(steam.root)]


def test_a_manifest_of_nothing_but_braces_is_named(home: Path) -> None:
    broken = SteamTree(home / NATIVE).steamapps / "appmanifest_1.acf"
    broken.write_text("a{" * 100_000)
    ((place, message),) = Look(home).problems()
    assert (place, "nested braces" in message) == (f"{broken}:1", True)


def test_a_day_that_no_calendar_has_is_none(home: Path) -> None:
    SteamTree(home / NATIVE).game(1, "Game", updated=10**17)
    (library,) = Look(home).libraries()
    assert date_text(library.games[0].updated) == "–"
    assert date_text(1_600_000_000) == "2020-09-13"


def test_the_homes_are_ones_own_and_those_of_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "b"))
    assert default_homes(tmp_path) == [tmp_path / "b", tmp_path / "a"]
    assert default_homes(tmp_path / "missing") == [tmp_path / "b"]
