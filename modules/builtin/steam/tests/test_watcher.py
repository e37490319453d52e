"""Which changes on the disk are reported, with the kernel's real events."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ..library.watcher import Watcher, count_folders, measured_folder, watch_limit
from .steam_tree import SteamTree

DEADLINE = 20.0


class Reports:
    """What was reported, and a way to wait for it."""

    def __init__(self) -> None:
        self.seen: list[Path | None] = []
        self._changed = threading.Condition()

    def take(self, folder: Path | None) -> None:
        with self._changed:
            self.seen.append(folder)
            self._changed.notify_all()

    def wait(self, folder: Path | None) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: folder in self.seen, DEADLINE), (folder, self.seen)
            self.seen.clear()

    def none_before(self, cause: Callable[[], object], folder: Path | None) -> None:
        """Whatever was reported before `cause` had its report is nothing but that."""
        cause()
        with self._changed:
            assert self._changed.wait_for(lambda: folder in self.seen, DEADLINE)
            assert set(self.seen) == {folder}
            self.seen.clear()


@pytest.fixture
def steam(tmp_path: Path) -> SteamTree:
    tree = SteamTree(tmp_path / "Steam")
    tree.game(1, "Game")
    return tree


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def watcher(reports: Reports) -> Iterator[Watcher]:
    watcher = Watcher(reports.take)
    watcher.start()
    yield watcher
    watcher.stop()


def test_a_change_deep_in_a_game_names_the_game(steam: SteamTree, watcher: Watcher, reports: Reports) -> None:
    watcher.follow([steam.steamapps])
    assert watcher.sees_all_of(steam.steamapps)
    steam.file("common/Game/bin/data.pak", 2000)
    reports.wait(steam.steamapps / "common/Game")
    steam.file("workshop/content/1/77/new/map", 1)
    reports.wait(steam.steamapps / "workshop/content/1")
    steam.manifest(2, "Other")
    reports.wait(None)


def test_reading_is_no_change(steam: SteamTree, watcher: Watcher, reports: Reports) -> None:
    watcher.follow([steam.steamapps])
    (steam.steamapps / "common/Game/bin/data.pak").read_bytes()
    list((steam.steamapps / "common").iterdir())
    reports.none_before(lambda: steam.manifest(2, "Other"), None)


def test_a_library_that_was_removed_and_made_anew_is_watched_again(
    steam: SteamTree, watcher: Watcher, reports: Reports
) -> None:
    watcher.follow([steam.steamapps])
    steam.steamapps.rename(steam.root / "old")
    watcher.follow([])
    assert not watcher.sees_all_of(steam.steamapps)
    steam.steamapps.mkdir()
    watcher.follow([steam.steamapps])
    steam.file("common/Game/a", 1)
    reports.wait(steam.steamapps / "common/Game")


def test_a_library_of_too_many_folders_is_watched_at_its_top(steam: SteamTree, reports: Reports) -> None:
    watcher = Watcher(reports.take, limit=3)
    watcher.start()
    try:
        watcher.follow([steam.steamapps])
        assert not watcher.sees_all_of(steam.steamapps)
        steam.file("common/Game/bin/data.pak", 2000)
        reports.none_before(lambda: steam.manifest(1, "Game"), None)
    finally:
        watcher.stop()


def test_nothing_is_reported_after_the_end(steam: SteamTree, watcher: Watcher, reports: Reports) -> None:
    late = Reports()
    stopped = Watcher(late.take)
    stopped.start()
    stopped.follow([steam.steamapps])
    watcher.follow([steam.steamapps])
    stopped.stop()
    steam.manifest(1, "Game")
    reports.wait(None)
    assert late.seen == []


def test_folders_are_counted_only_so_far(steam: SteamTree) -> None:
    assert count_folders(steam.steamapps, 100) == 4
    assert count_folders(steam.steamapps, 2) == 3


def test_the_kernel_has_a_limit() -> None:
    assert watch_limit() > 0


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("common/Game/bin/data", "common/Game"),
        ("common/Game", "common/Game"),
        ("common", None),
        ("workshop/content/7/x", "workshop/content/7"),
        ("workshop/appworkshop_7.acf", None),
        ("compatdata/7/pfx", "compatdata/7"),
        ("shadercache/7", "shadercache/7"),
        ("appmanifest_7.acf", None),
        ("downloading/7/x", None),
        ("", None),
    ],
)
def test_which_folder_a_path_belongs_to(path: str, folder: str | None) -> None:
    assert measured_folder(path.split("/")) == (Path(folder) if folder else None)


def test_half_a_download_is_no_change(steam: SteamTree, watcher: Watcher, reports: Reports) -> None:
    steam.file("downloading/7/x", 1)
    watcher.follow([steam.steamapps])
    steam.file("downloading/7/x", 1000)
    reports.none_before(lambda: steam.file("common/Game/x", 1), steam.steamapps / "common/Game")
