"""One look at all libraries: which there are, which games are in them, how full their drives are.

Cheap enough to be done after every change: it reads only manifests that were written since, and takes sizes from the
`SizeBook` as far as they have been measured.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .files import Files
from .manifests import Manifest, read_manifest
from .model import Game, Library, Problem, Sizes
from .places import Place, default_homes, extra_places, folders_file, installations, named_places
from .sizes import SizeBook

__all__ = ["Scan", "Scanner"]


@dataclass(frozen=True, slots=True)
class Scan:
    """What one look found."""

    libraries: list[Library] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Folders:
    """Where the parts of one game are; a folder that doesn't exist is an empty one."""

    game: Path
    shaders: Path
    workshop: Path
    compat: Path

    def __iter__(self) -> Iterator[Path]:
        return iter((self.game, self.shaders, self.workshop, self.compat))


class Scanner:
    """Looks at the libraries below `homes` (by default, everybody's that can be read) and those in `extra`."""

    def __init__(self, sizes: SizeBook, homes: Iterable[str] = (), extra: Iterable[str] = ()) -> None:
        self._homes = [Path(home) for home in homes]
        self._extra = list(extra)
        self._sizes = sizes
        self._files = Files()
        self._written: dict[Path, object] = {}
        self._shelves: list[tuple[Place, list[tuple[Manifest, _Folders]]]] = []
        self._problems: list[Problem] = []

    def scan(self) -> None:
        """Look at the libraries; `result()` tells what was found. Blocks for as long as the drives take."""
        self._problems = [problem for home in self._homes if (problem := _closed(home))]
        read: list[Path] = []
        self._shelves = [(place, list(self._games(place, read))) for place in self._places(read)]
        self._files.keep(read)
        self._sizes.follow(folder for _, games in self._shelves for _, folders in games for folder in folders)
        self._measure_rewritten()
        self._problems += self._files.problems

    def result(self) -> Scan:
        """Return what the last `scan()` found, with the sizes as far as they are known now."""
        return Scan([self._library(place, games) for place, games in self._shelves], self._problems)

    @property
    def folders(self) -> list[Path]:
        """The `steamapps` of every library that is there: what is worth watching."""
        found = (place.path / "steamapps" for place, _ in self._shelves)
        return [folder for folder in found if os.path.isdir(folder)]  # noqa: PTH112 - is_dir() may raise

    def _places(self, read: list[Path]) -> list[Place]:
        """Return all libraries, each once; an installation's own kind counts more than a mention elsewhere."""
        installed = list(installations(self._homes or default_homes()))
        named: list[Place] = []
        for place in installed:
            file = folders_file(place)
            read.append(file)
            named += named_places(self._files.read(file) or {})
        places = [*installed, *named, *extra_places(self._extra)]
        return list({place.path: place for place in reversed(places)}.values())[::-1]

    def _games(self, place: Place, read: list[Path]) -> Iterator[tuple[Manifest, _Folders]]:
        folder = place.path / "steamapps"
        try:
            files = sorted(folder.glob("appmanifest_*.acf"))
            if folder.exists():
                os.listdir(folder)  # noqa: PTH208 - glob() hides that a folder can't be read
        except OSError as error:
            self._problems.append(Problem(str(folder), error.strerror or type(error).__name__))
            return
        for file in files:
            read.append(file)
            tree = self._files.read(file)
            manifest = read_manifest(tree) if tree else None
            if manifest is not None:
                yield manifest, _folders(folder, manifest)
            elif tree is not None:
                self._problems.append(Problem(str(file), "expected an AppState with appid and installdir"))

    def _measure_rewritten(self) -> None:
        """Measure a game again when Steam wrote its manifest: it changed, even where its folder can't be watched."""
        before, self._written = self._written, {}
        for place, games in self._shelves:
            for manifest, folders in games:
                file = place.path / f"steamapps/appmanifest_{manifest.app_id}.acf"
                stamp = self._written[file] = self._files.changed_at(file)
                if before.get(file, stamp) != stamp:
                    for folder in folders:
                        self._sizes.changed(folder)

    def _library(self, place: Place, found: list[tuple[Manifest, _Folders]]) -> Library:
        total, free = _drive(place.path)
        parts = [folders for _, folders in found]
        return Library(
            key=hashlib.blake2s(os.fsencode(place.path), digest_size=6).hexdigest(),
            path=str(place.path),
            kind=place.kind,
            present=os.path.isdir(place.path / "steamapps"),  # noqa: PTH112 - is_dir() may raise
            games=[self._game(manifest, folders) for manifest, folders in found],
            sizes=self._sum(parts),
            measured=all(self._sizes.size(folder) is not None for folders in parts for folder in folders),
            drive_total=total,
            drive_free=free,
        )

    def _game(self, manifest: Manifest, folders: _Folders) -> Game:
        sizes = Sizes(*(self._sizes.size(folder) for folder in folders))
        return Game(manifest.app_id, manifest.name, manifest.state, manifest.settled, manifest.updated, sizes)

    def _sum(self, games: list[_Folders]) -> Sizes:
        """Add up by purpose. A folder that two games share (a mod in its game's folder) counts once."""
        columns = [set(column) for column in zip(*games, strict=True)]
        return Sizes(*(sum(self._sizes.size(folder) or 0 for folder in column) for column in columns))


def _folders(steamapps: Path, manifest: Manifest) -> _Folders:
    app = str(manifest.app_id)
    return _Folders(
        game=steamapps / "common" / manifest.folder,
        shaders=steamapps / "shadercache" / app,
        workshop=steamapps / "workshop/content" / app,
        compat=steamapps / "compatdata" / app,
    )


def _closed(home: Path) -> Problem | None:
    """Return why we can't look into a home, if we can't. The user named it, so it should be said."""
    try:
        os.scandir(home).close()
    except OSError as error:
        return Problem(str(home), error.strerror or type(error).__name__)
    return None


def _drive(folder: Path) -> tuple[int, int]:
    """Return size and free bytes of the drive that a folder is on; zeros if it isn't there."""
    try:
        sizes = os.statvfs(folder)
    except OSError:
        return 0, 0
    return sizes.f_blocks * sizes.f_frsize, sizes.f_bavail * sizes.f_frsize
