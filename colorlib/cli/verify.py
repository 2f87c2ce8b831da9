"""`colorlib verify`: is a colored copy still the photograph that it was?

What is compared, and how, is in `archive.verify`. Chapter 16.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Exit, Option

from colorlib.cli.terminal import (
    FAILED,
    MAX_MEGAPIXELS,
    WRONG_USAGE,
    check_megapixels,
    check_there,
    given_path,
    plain_errors,
    progress_bar,
    say,
)

if TYPE_CHECKING:
    from colorlib.archive.verify import Verification


def verify(
    original: Annotated[
        Path,
        Argument(metavar="ORIGINAL", parser=given_path, show_default=False),
    ],
    colored: Annotated[
        list[Path],
        Argument(metavar="COLORED...", parser=given_path, show_default=False),
    ],
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
    quiet: Annotated[bool, Option("--quiet", "-q")] = False,
) -> None:
    """Verify that colored copies are still their originals, but for color.

    Compares size, depth, resolution, EXIF and captions, and the lightness of
    every pixel: equal within rounding, and in JPEG and WebP within what
    compression does. Each copy must say that an algorithm colored it, and be
    colored from this very file; where it is signed, the signature must hold,
    which takes `pip install c2pa-python` to check. A line a file.

    Exit status: 0 all good, 1 some not, 2 wrong usage, 130 interrupted (143
    by SIGTERM).

    Args:
        original: A photograph, or a folder of photographs.
        colored: Colored copies of it; or the folder of the colored copies,
            each found by the hash of its original.
        max_megapixels: A photograph that is larger is not good.
        quiet: Show only what is not good.
    """
    with plain_errors(WRONG_USAGE):
        check_megapixels(max_megapixels)
        pairs, strangers = _pairs(original, colored)
    bad = 0
    with plain_errors():
        from colorlib.archive.verify import Verification, verify

        with progress_bar("verifying", shown=len(pairs) > 1) as bar:
            for source, copy in bar.track(pairs):
                verdict = (
                    verify(source, copy, max_megapixels=max_megapixels)
                    if copy
                    else Verification(source, None, ("has no colored copy",))
                )
                bad += _tell(verdict, quiet)
        for path in strangers:
            fault = f"is no copy of a photograph in {original}"
            bad += _tell(Verification(path, None, (fault,)), quiet)
    if bad:
        raise Exit(FAILED)


def _tell(verdict: "Verification", quiet: bool) -> bool:
    """Say a verdict; whether it is bad."""
    if not (verdict.good and quiet):
        say(verdict.line())
    return not verdict.good


def _pairs(
    original: Path, colored: list[Path]
) -> tuple[list[tuple[Path, Path | None]], list[Path]]:
    """Pair originals and copies; and the copies of nothing."""
    check_there(original)
    if not original.is_dir():
        return [(original, copy) for copy in colored], []
    if len(colored) != 1 or not colored[0].is_dir():
        raise ValueError(
            f"{original} is a folder; give one folder of colored copies with it"
        )
    from colorlib.archive.pairing import pair

    return pair(original, colored[0])
