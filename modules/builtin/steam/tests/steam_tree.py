"""A home with Steam in it, made of empty files of some size, as a test wants it."""

from pathlib import Path

__all__ = ["SteamTree"]

_MANIFEST = """\
"AppState"
{{
	"appid"		"{app_id}"
	"universe"		"1"
	"name"		"{name}"
	"StateFlags"		"{flags}"
	"installdir"		"{folder}"
	"LastUpdated"		"{updated}"
	"SizeOnDisk"		"12345"
	"UserConfig"
	{{
		"language"		"english"
	}}
}}
"""


class SteamTree:
    """A library at `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.steamapps = root / "steamapps"
        self.steamapps.mkdir(parents=True)

    def game(self, app_id: int, name: str, size: int = 1000, *, flags: int = 4, updated: int = 1_700_000_000) -> Path:
        """Install a game, of which one file has all the bytes, and return its manifest."""
        self.file(f"common/{name}/bin/data.pak", size)
        return self.manifest(app_id, name, flags=flags, updated=updated)

    def manifest(self, app_id: int, name: str, *, flags: int = 4, updated: int = 1_700_000_000) -> Path:
        """Write a manifest alone."""
        path = self.steamapps / f"appmanifest_{app_id}.acf"
        path.write_text(_MANIFEST.format(app_id=app_id, name=name, folder=name, flags=flags, updated=updated))
        return path

    def file(self, path: str, size: int) -> Path:
        """Write a file of this size below `steamapps`, without taking room for it."""
        file = self.steamapps / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            stream.truncate(size)
        return file

    def libraries(self, *roots: Path | str) -> Path:
        """Write which libraries there are besides this one, as Steam does since 2021."""
        entries = "".join(
            f'\t"{number}"\n\t{{\n\t\t"path"\t\t"{root}"\n\t\t"label"\t\t""\n\t\t"apps"\n\t\t{{\n\t\t}}\n\t}}\n'
            for number, root in enumerate((self.root, *roots))
        )
        path = self.steamapps / "libraryfolders.vdf"
        path.write_text(f'"libraryfolders"\n{{\n{entries}}}\n')
        return path
