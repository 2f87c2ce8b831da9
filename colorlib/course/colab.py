"""What differs on Colab: a disk that is gone tomorrow, and a file dialog.

Everywhere else files are local, and these say so. "How to use this book"
tells how to open a chapter there.
"""

import shutil
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

DRIVE = Path("/content/drive")
FOLDER = Path("MyDrive", "back-in-color")


@dataclass(frozen=True)
class Kept:
    """Where something is kept. As a cell's last line it says so."""

    path: Path
    where: str

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"{self.path} {self.where}"


def on_colab() -> bool:
    """Tell whether this notebook runs on Colab, whose kernel brings this."""
    return "google.colab" in sys.modules


def keep(path: str | Path, *, drive: Path = DRIVE) -> Kept:
    """Keep a file or a folder beyond the end of a Colab session.

    On Colab it is copied to the reader's Drive, after Google has asked for
    leave; what was kept there under the same name before is replaced.
    Elsewhere nothing is done, because nothing goes away.

    Args:
        path: what to keep, such as a run's folder.
        drive: where Drive appears.

    Returns:
        Where it is kept.

    Raises:
        FileNotFoundError: if there is nothing at the path.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist, so there is nothing to keep; give the"
            " file or the folder that the cells above have written"
        )
    if not on_colab():
        return Kept(path.resolve(), "is on this computer, and stays there")
    import_module("google.colab.drive").mount(str(drive))
    target = drive / FOLDER / path.resolve().name
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, target, dirs_exist_ok=True)
    else:
        shutil.copy2(path, target)
    return Kept(target, "is on your Drive")


def upload() -> Path:
    """Ask for a photograph from the reader's own computer, on Colab.

    Returns:
        Its path, as `Colorizer.colorize` takes it.

    Raises:
        RuntimeError: if this is not Colab: files are at hand, and a path is
            all that is needed.
        ValueError: if not exactly one file was chosen.
    """
    if not on_colab():
        raise RuntimeError(
            "only Colab needs an upload; here, give the path of your"
            ' photograph instead: "old.jpg"'
        )
    names = list(import_module("google.colab.files").upload())
    if len(names) != 1:
        raise ValueError(
            f"choose one photograph, got {len(names)}; run the cell again"
        )
    return Path(names[0]).resolve()
