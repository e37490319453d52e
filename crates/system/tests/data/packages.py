"""Makes what the tests of environments need: wheels, and an environment that has pip and the SDK but not uv.

    packages.py wheels FOLDER "name==version: requirement, requirement" ...
    packages.py venv FOLDER

A version may be `installed`: the one that this interpreter has. Each package is a module that knows its version, and
a program of its name.
"""

import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import version as installed_version
from pathlib import Path


def make_wheel(folder: Path, text: str) -> None:
    """Write one wheel."""
    pin, _, requirements = text.partition(":")
    name, _, version = pin.partition("==")
    version = installed_version(name) if version == "installed" else version
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    requires = [f"Requires-Dist: {each.strip()}" for each in requirements.split(",") if each.strip()]
    files = {
        f"{module}/__init__.py": f'VERSION = "{version}"\n\n\ndef main() -> None:\n    print(VERSION)\n',
        f"{info}/METADATA": "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *requires, ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {module}:main\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as wheel:
        for file, content in files.items():
            wheel.writestr(file, content)


def make_venv(folder: Path) -> None:
    """Make an environment that sees this interpreter's packages and has none of its programs."""
    venv.create(folder, with_pip=False, symlinks=True)
    [site] = folder.glob("lib/python*/site-packages")
    here = sysconfig.get_path("purelib")
    (site / "here.pth").write_text(f"import site; site.addsitedir({here!r})\n")


def main() -> None:
    """Do what the arguments say."""
    kind, folder, *texts = sys.argv[1:]
    if kind == "venv":
        make_venv(Path(folder))
        return
    Path(folder).mkdir(exist_ok=True)
    for text in texts:
        make_wheel(Path(folder), text)


if __name__ == "__main__":
    main()
