"""What there is to say about libraries and games: plain values, as the State holds them and the UI shows them."""

from dataclasses import dataclass, field

__all__ = ["Game", "Library", "Problem", "Sizes"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes by purpose: the sums of the sizes of all files. None as long as it hasn't been measured."""

    game: int | None = 0
    shaders: int | None = 0
    workshop: int | None = 0
    compat: int | None = 0
    """The Windows environment in which Proton runs a game, saved games included."""

    @property
    def parts(self) -> tuple[int | None, ...]:
        """All four."""
        return self.game, self.shaders, self.workshop, self.compat

    @property
    def total(self) -> int:
        """All that has been measured so far."""
        return sum(part or 0 for part in self.parts)

    @property
    def complete(self) -> bool:
        """Whether all of it has been measured."""
        return None not in self.parts


@dataclass(frozen=True, slots=True)
class Game:
    """An app of Steam's that is installed, or about to be."""

    app_id: int
    name: str
    state: str
    """In a few words: `Installed`, `Downloading`, and so on."""
    settled: bool
    """Whether the state is the one in which nothing is left to do."""
    updated: float | None
    """Unix seconds."""
    sizes: Sizes


@dataclass(frozen=True, slots=True)
class Library:
    """A folder with a `steamapps` in it."""

    key: str
    """Short and the same as long as the folder's path is."""
    path: str
    kind: str
    """`Native`, `Flatpak`, `Snap`; `Custom` for a folder that the user added."""
    present: bool
    """False for one that Steam knows but that isn't there, such as a drive that isn't plugged in."""
    games: list[Game] = field(default_factory=list)
    sizes: Sizes = field(default_factory=Sizes)
    """Of all games as far as they are measured, each folder counted once."""
    measured: bool = True
    """Whether all of it is measured."""
    drive_total: int = 0
    drive_free: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that couldn't be read."""

    place: str
    """The file, with the line if there is one, or the folder."""
    message: str
