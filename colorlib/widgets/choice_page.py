"""A page that asks which of two folders of photographs looks better.

One HTML file with all pictures inside: it can be mailed, opened without a
network, and asks no host for anything. Each judge sends back a CSV, which
`evaluation.answers` reads.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from colorlib import photos
from colorlib.archive.pairing import pair_copies
from colorlib.figures.picture import Strip, encoded
from colorlib.photos.limits import MAX_MEGAPIXELS
from colorlib.widgets.choosing import (
    DETECT,
    QUESTION,
    ChoiceTrial,
    choice_element,
    page_file,
)

# How a page of ours begins; another file is not replaced.
PAGE_START = "<!doctype html>\n<!-- made by colorlib compare -->\n"
LONGEST = 720  # pixels; two of them fill a screen
MOST_BYTES = 50_000_000  # a browser on a telephone has to hold it
# Models round sizes to multiples; more than this is another photograph.
MOST_STRETCH = 0.02


@dataclass(frozen=True)
class PhotoPair:
    """Two files that show one photograph, and perhaps the original."""

    name: str
    """Where the first of them lies in its folder."""
    first: Path
    second: Path
    original: Path | None = None


def find_pairs(
    first: Path, second: Path, originals: Path | None = None, *, seed: int = 0
) -> tuple[list[PhotoPair], list[Path]]:
    """Pair the photographs of two folders, in random order.

    Args:
        first: a folder of colored copies, or of true photographs.
        second: another one.
        originals: a folder with their originals, to be shown beside them.
        seed: of the order.

    Returns:
        The pairs, see `archive.pairing.pair_copies`; and what has no partner.

    Raises:
        ValueError: if the two are one folder, or nothing can be paired.
        OSError: if a file can't be read.
    """
    if first.resolve() == second.resolve():
        raise ValueError(
            f"{first} and {second} are one folder; give two to compare"
        )
    found, alone = pair_copies(first, second)
    if not found:
        raise ValueError(
            f"no photograph of {first} has a partner in {second}; they need"
            " the same original, or the same name"
        )
    paths = [a for a, _ in found]
    shown: dict[Path, Path] = {}
    if originals:
        shown = dict(pair_copies(first, originals)[0])
        if missing := [path for path in paths if path not in shown]:
            raise ValueError(
                f"{missing[0]} and {len(missing) - 1} others have no original"
                f" in {originals}; give the folder that they were colored from"
            )
    pairs = [
        PhotoPair(a.relative_to(first).as_posix(), a, b, shown.get(a))
        for a, b in found
    ]
    order = np.random.default_rng(seed).permutation(len(pairs))
    return [pairs[i] for i in order], alone


def read_trials(
    pairs: Sequence[PhotoPair],
    trials: int,
    unreadable: list[str],
    *,
    max_megapixels: float | int = MAX_MEGAPIXELS,
    max_bytes: int = MOST_BYTES,
) -> Iterator[ChoiceTrial]:
    """Read pairs until there are enough of them, one at a time.

    The pictures of a pair get one size, that of the smaller, so that none
    gives itself away by its sharpness; at most 720 pixels. They carry nothing
    of their files but pixels.

    Args:
        pairs: see `find_pairs`.
        trials: how many to read, at least one.
        unreadable: gets a line for each pair that can't be read, or whose
            pictures differ in shape; the next one takes its place.
        max_megapixels: a photograph that is larger is not read.
        max_bytes: of the page; reading ends with an error above it.

    Yields:
        The trials, in the order in which they are shown.

    Raises:
        ValueError: if there are fewer pairs than trials, none can be read, or
            the page would be too large.
    """
    if not 1 <= trials <= len(pairs):
        raise ValueError(
            f"{trials} trials of {len(pairs)} pairs; ask for 1 to"
            f" {len(pairs)}: a photograph that one judge sees twice is no"
            " second answer, so add photographs or judges"
        )
    made = size = 0
    for pair in pairs:
        if made == trials:
            break
        try:
            trial = _read(pair, max_megapixels)
        except photos.PhotoError as error:
            unreadable.append(str(error))
            continue
        frames = [*trial.pictures, *filter(None, [trial.reference])]
        size += sum(len(frame.webp) * 4 // 3 for frame in frames)
        if size > max_bytes:
            raise ValueError(
                f"{trials} trials make a page of more than"
                f" {max_bytes / 1e6:g} MB, which browsers fail to hold; ask"
                f" for at most {made}"
            )
        made += 1
        yield trial
    if not made:
        raise ValueError(f"no pair can be read; the first: {unreadable[0]}")


def choice_page(
    trials: Sequence[ChoiceTrial],
    alternatives: tuple[str, str],
    *,
    question: str = QUESTION,
    detect: float | int = DETECT,
    seed: int = 0,
) -> str:
    """Write the page.

    Args:
        trials: see `read_trials`.
        alternatives: what to call the two at the end.
        question: what is asked.
        detect: share for which the end says how many trials it takes, above
            0.5 and below 1.
        seed: of the sides: each alternative stands left in half the trials.

    Returns:
        A whole HTML document.
    """
    element = choice_element(
        trials,
        alternatives,
        alt="a photograph",
        question=question,
        detect=detect,
        seed=seed,
        whole_page=True,
    )
    return page_file("choosing.html").format(
        title=escape(question),
        page=page_file("page.css"),
        style=page_file("choosing.css"),
        element=element,
        script=page_file("choosing.js"),
    )


def folder_names(first: Path, second: Path) -> tuple[str, str]:
    """Name two folders, so that they differ: as short as that can be.

    Args:
        first: a folder.
        second: another one.

    Example:
        >>> folder_names(Path("runs/l1/out"), Path("runs/gan/out"))
        ('l1/out', 'gan/out')
    """
    parts = [Path(os.path.abspath(path)).parts for path in (first, second)]
    for count in range(1, max(map(len, parts)) + 1):
        a, b = ("/".join(each[-count:]) for each in parts)
        if a != b:
            break
    return a, b


def _read(pair: PhotoPair, max_megapixels: float | int) -> ChoiceTrial:
    paths = [pair.first, pair.second, *filter(None, [pair.original])]
    images = [_image(path, max_megapixels) for path in paths]
    width, height = images[0].size
    for image, path in zip(images[1:], paths[1:], strict=True):
        stretch = (image.width * height) / (image.height * width)
        if abs(stretch - 1) > MOST_STRETCH:
            raise photos.PhotoError(
                f"{path} has {image.width} x {image.height} pixels and"
                f" {paths[0]} {width} x {height}, another shape; crop both"
                " alike"
            )
    longest = min(LONGEST, *(max(image.size) for image in images[:2]))
    scale = longest / max(width, height)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    strips = [
        Strip(encoded(image.resize(size, Image.Resampling.LANCZOS)), *size)
        for image in images
    ]
    return ChoiceTrial(pair.name, (strips[0], strips[1]), *strips[2:])


def _image(path: Path, max_megapixels: float | int) -> Image.Image:
    photo = photos.read(path, max_megapixels=max_megapixels).to_8_bits()
    return Image.fromarray(np.ascontiguousarray(photo.rgb))
