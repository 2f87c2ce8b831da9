"""A page of colored photographs, each before and after, to decide on.

One HTML file with all pictures inside: it can be mailed, opened without a
network and on a telephone, and asks no host for anything. The pictures are
small copies and carry nothing of their files but pixels. A person accepts,
rejects and comments; the browser keeps that and gives it as a CSV, which
`archive.review` reads, and the page itself: of another browser, or another
person. What a run could not color is named on it. Chapter 16.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from colorlib import photos
from colorlib.archive.copies import FolderCopy
from colorlib.archive.credit import CAPTION, STRIPS
from colorlib.archive.outcomes import HINTS_MAP, UNCERTAINTY, one_line
from colorlib.figures.picture import QUALITY, Strip, encoded
from colorlib.files import sha256_of
from colorlib.photos.limits import MAX_MEGAPIXELS
from colorlib.shapes import RGBArray
from colorlib.widgets.choosing import page_file
from colorlib.widgets.comparing import before_after
from colorlib.widgets.frames import QUALITIES

# How a page of ours begins; another file is not replaced.
GALLERY_START = "<!doctype html>\n<!-- made by colorlib colorize -->\n"
CAUTION = (
    "The colors are guesses of a trained network. They were likely in the"
    " photographs that it learned from. None of them is evidence of what was"
    " there."
)
MOST_BYTES = 50_000_000  # a browser on a telephone has to hold it
# Pixels of a photograph, and of what belongs to it. A few are shown large, as
# whoever decides needs it; of many there are thumbnails, so that 1,000 fit.
_LARGE, _THUMBNAIL = (640, 240), (320, 160)
_FEW = 300
_LISTED = 10  # photographs that aren't shown: more are folded
_THUMBNAIL_QUALITY = 70  # of WebP; for large ones see `as_frames`
_STYLES = ("page.css", "frames.css", "gallery.css")
_SCRIPTS = ("frames.js", "decisions.js", "gallery.js")
_SAID = {
    UNCERTAINTY: "uncertainty: bright where the color is likely off",
    **{f"{CAPTION}{strip}": "a copy to print" for strip in STRIPS},
    HINTS_MAP: "hints: bright where the color comes from them",
}


@dataclass(frozen=True)
class GalleryPhoto:
    """One photograph of the page."""

    name: str
    """Where its original lies."""
    before: RGBArray
    after: RGBArray
    copy: str = ""
    """Where its copy was written."""
    source_sha256: str = ""
    """Of the original."""
    copy_sha256: str = ""
    """Of the copy: a decision is about these bytes."""
    further: dict[str, Strip] = field(default_factory=dict)
    """Maps and variants, small, by what they are called."""
    notes: tuple[str, ...] = ()
    """What was said of it."""
    thumbnail: bool = False
    """Whether it is small and light, because there are many."""


def read_gallery(
    copies: Sequence[FolderCopy],
    absent: list[str],
    *,
    max_megapixels: float | int = MAX_MEGAPIXELS,
) -> Iterator[GalleryPhoto]:
    """Read copies and their originals, one photograph at a time.

    Args:
        copies: see `copies.find_copies`.
        absent: gets a line for each photograph that can't be read.
        max_megapixels: a photograph that is larger is not read.

    Yields:
        Each photograph, with its maps and variants. Up to 300, and as many
        maps and variants as pictures of them, are 640 pixels large; more are
        thumbnails of 320.
    """
    pictures = sum(2 + len(copy.further) for copy in copies)
    thumbnail = len(copies) > _FEW or pictures > 4 * _FEW
    longest, small = _THUMBNAIL if thumbnail else _LARGE
    quality = _THUMBNAIL_QUALITY if thumbnail else QUALITY
    for copy in copies:
        name = copy.entry["input"]
        if copy.original is None:
            why = "; ".join(copy.told) or "its original is not here"
            absent.append(why if why.startswith(name) else f"{name}: {why}")
            continue
        try:
            before, after = (
                _small(path, longest, max_megapixels)
                for path in (copy.original, copy.path)
            )
            further = {
                _SAID.get(way, way): _strip(
                    _small(path, small, max_megapixels), quality
                )
                for way, path in copy.further.items()
            }
            copy_sha256 = sha256_of(copy.path)
        except (photos.PhotoError, OSError) as error:
            absent.append(one_line(error))
            continue
        yield GalleryPhoto(
            name=name,
            before=before,
            after=after,
            copy=copy.entry["output"],
            source_sha256=copy.entry["source_sha256"] or "",
            copy_sha256=copy_sha256,
            further=further,
            notes=(*_notes(copy),),
            thumbnail=thumbnail,
        )


def _notes(copy: FolderCopy) -> Iterator[str]:
    for hint in copy.entry.get("hints") or []:
        yield f"hint: {hint['line']}"
    yield from copy.entry["notes"]
    if copy.earlier and copy.mark:
        yield f"of an earlier run: made by {copy.mark.model}, {copy.mark.date}"
    yield from copy.told


def gallery_page(
    gallery: Iterable[GalleryPhoto],
    about: Mapping[str, Any],
    *,
    absent: Sequence[str] = (),
    max_bytes: int = MOST_BYTES,
) -> str:
    """Write the page.

    Args:
        gallery: see `read_gallery`.
        about: what the run did: `archive.report.describe_coloring`.
        absent: what `copies.find_copies` says, and then `read_gallery`: it is
            looked at when all photographs were read.
        max_bytes: of all photographs; those beyond it are named, not shown.

    Returns:
        A whole HTML document.
    """
    articles: list[str] = []
    left_out: list[str] = []
    weight = 0
    kind = "large"
    for photo in gallery:
        kind = "thumbnails" if photo.thumbnail else kind
        article = _article(photo) if weight <= max_bytes else ""
        weight += len(article)
        if article and weight <= max_bytes:
            articles.append(article)
        else:
            left_out.append(photo.name)
    model = about["model"]
    sizes = " and ".join(map(str, [model["size"], *model["tta_sizes"]]))
    mirror = ", averaged with the mirror image" if model["mirror"] else ""
    faded = ", with stretched contrast where faded" if model["faded"] else ""
    made = (
        f"Made by {about['software']} with the model {model['name']}"
        f" ({model['sha256'][:12]}), which saw each photograph at {sizes}"
        f" pixels{mirror}{faded}; {about['started'][:10]}."
    )
    lines = "".join(
        f'<li lang="{language}">{escape(line)}</li>'
        for language, line in about["caption"].items()
    )
    return page_file("gallery.html").format(
        kind=kind,
        caution=escape(CAUTION),
        made=escape(made),
        lines=lines,
        style="\n".join(map(page_file, _STYLES)),
        articles="\n".join(articles),
        absent="\n".join(_absences(absent, left_out)),
        script="\n".join(map(page_file, _SCRIPTS)),
    )


def _absences(absent: Sequence[str], left_out: Sequence[str]) -> Iterator[str]:
    """Say what the page doesn't show, so that nobody takes it for all."""
    for lines, why in (
        (absent, "for these reasons"),
        (left_out, "as the page would be too large for a browser"),
    ):
        if lines:
            n = len(lines)
            what = "1 photograph is" if n == 1 else f"{n} photographs are"
            told = "".join(f"<li>{escape(line)}</li>" for line in lines)
            yield (
                f'<details class="absent"{" open" if n <= _LISTED else ""}>'
                f"<summary>{what} not shown, {why}</summary>"
                f"<ul>{told}</ul></details>"
            )


def _article(photo: GalleryPhoto) -> str:
    name = escape(photo.name)
    height, width = photo.before.shape[:2]
    qualities = [_THUMBNAIL_QUALITY] if photo.thumbnail else QUALITIES
    slider = before_after(
        photo.before, photo.after, alt=photo.name, qualities=qualities
    )
    further = "".join(
        f"<figure>{strip.tag(f'{photo.name}: {way}')}"
        f"<figcaption>{escape(way)}</figcaption></figure>"
        for way, strip in photo.further.items()
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in photo.notes)
    return "\n".join(
        [
            f'<article tabindex="-1" aria-label="{name}"'
            f' data-copy="{escape(photo.copy)}"'
            f' data-source-sha256="{photo.source_sha256}"'
            f' data-copy-sha256="{photo.copy_sha256}"'
            f' style="--picture: {width}px; --shape: {height / width:.3f}">'
            f"<h2>{name}</h2>",
            slider.element,
            *([f'<div class="further">{further}</div>'] if further else []),
            *([f"<ul>{notes}</ul>"] if notes else []),
            "</article>",
        ]
    )


def _small(path: Path, longest: int, max_megapixels: float | int) -> RGBArray:
    photo = photos.read(path, max_megapixels=max_megapixels).to_8_bits()
    image = Image.fromarray(np.ascontiguousarray(photo.rgb))
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _strip(pixels: RGBArray, quality: int) -> Strip:
    image = Image.fromarray(pixels)
    return Strip(encoded(image, quality), *image.size)
