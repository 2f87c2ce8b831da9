"""What is kept, so that a command goes on where it was stopped.

Beside whatever is kept lies NAME.asked: what it was made for. So a name alone
never decides that something is done. What another command made is made anew
where that is cheap (`is_kept`), or else refused (`begin`).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from colorlib.colorizer import Colorizer
from colorlib.files import replacing

Asked = Mapping[str, Any]


def is_kept(path: Path, asked: Asked) -> bool:
    """Whether a file is there, and was made for just what is asked for.

    Args:
        path: the file.
        asked: all that it depends on, as JSON can say it.
    """
    said = _beside(path)
    if not (path.exists() and said.exists()):
        return False
    return json.loads(said.read_bytes()) == json.loads(json.dumps(asked))


def keep(path: Path, text: str, asked: Asked) -> None:
    """Write a file, and what it was made for.

    Args:
        path: the file to make or to replace.
        text: its content.
        asked: see `is_kept`.
    """
    # A kill before the end leaves a file that is of nothing, and made anew.
    _beside(path).unlink(missing_ok=True)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
    _say(path, asked)


def begin(path: Path, asked: Asked) -> None:
    """Begin a file or a folder that grows, or go on with it.

    Args:
        path: it may be there already.
        asked: see `is_kept`.

    Raises:
        ValueError: if it was begun for something else.
    """
    if path.exists() and not is_kept(path, asked):
        raise ValueError(
            f"{path} was made with other settings; move it, or give another"
            " folder with --work"
        )
    _say(path, asked)


def forget(path: Path) -> None:
    """Remove what is said of something that isn't kept any longer."""
    _beside(path).unlink(missing_ok=True)


def settings_of(colorizer: Colorizer) -> dict[str, Any]:
    """Say all that a model's answers depend on, but for the code.

    Args:
        colorizer: the model; its card has settings that no hash of its
            weights knows.
    """
    return {
        "sha256": colorizer.sha256,
        "size": colorizer.size,
        "tta_sizes": colorizer.tta_sizes,
        "mirror": colorizer.mirror,
        "faded": colorizer.faded,
    }


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.asked")


def _say(path: Path, asked: Asked) -> None:
    with replacing(_beside(path)) as part:
        part.write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
