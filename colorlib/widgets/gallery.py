"""A page of colored photographs, each before and after.

One HTML file with all pictures inside: it can be mailed, opened without a
network and on a telephone, and asks no host for anything. The pictures are
small copies and carry nothing of their files but pixels. Chapter 01.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from colorlib import photos
from colorlib.archive.credit import CAPTION, STRIPS
from colorlib.archive.outcomes import HINTS_MAP, THERE, UNCERTAINTY, Outcome
from colorlib.figures.picture import Strip, encoded
from colorlib.photos.limits import MAX_MEGAPIXELS
from colorlib.shapes import RGBArray
from colorlib.widgets.choosing import page_file
from colorlib.widgets.comparing import before_after

# How a page of ours begins; another file is not replaced.
GALLERY_START = "<!doctype html>\n<!-- made by colorlib colorize -->\n"
CAUTION = (
    "The colors are guesses of a trained network. They were likely in the"
    " photographs that it learned from. None of them is evidence of what was"
    " there."
)
MOST_BYTES = 50_000_000  # a browser on a telephone has to hold it
_LONGEST, _SMALL = 640, 240  # pixels
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
    further: dict[str, Strip] = field(default_factory=dict)
    """Maps and variants, small, by what they are called."""
    notes: tuple[str, ...] = ()
    """What was said of it."""


def read_gallery(
    outcomes: Iterable[Outcome],
    unreadable: list[str],
    *,
    max_megapixels: float | int = MAX_MEGAPIXELS,
) -> Iterator[GalleryPhoto]:
    """Read what a run has made, one photograph at a time.

    Args:
        outcomes: of the run; what is colored or was colored before is read.
        unreadable: gets a line for each photograph that can't be.
        max_megapixels: a photograph that is larger is not read.

    Yields:
        Each photograph, with its maps and variants.
    """
    there = [o for o in outcomes if o.status in THERE]
    further: dict[Path, dict[str, Path]] = {}
    for outcome in there:
        if outcome.job.way and outcome.job.target:
            ways = further.setdefault(outcome.job.source, {})
            ways[outcome.job.way] = outcome.job.target
    for outcome in there:
        source, target = outcome.job.source, outcome.job.target
        if outcome.job.way or target is None or not target.exists():
            continue
        try:
            before, after = (
                _small(path, _LONGEST, max_megapixels)
                for path in (source, target)
            )
            more = {
                _SAID.get(way, way): _strip(
                    _small(path, _SMALL, max_megapixels)
                )
                for way, path in further.get(source, {}).items()
            }
        except photos.PhotoError as error:
            unreadable.append(str(error))
            continue
        hints = [f"hint: {hint.line}" for hint in outcome.job.hints]
        notes = (*hints, *outcome.job.notes, *outcome.notes)
        yield GalleryPhoto(str(source), before, after, more, notes)


def gallery_page(
    gallery: Iterable[GalleryPhoto],
    about: Mapping[str, Any],
    *,
    max_bytes: int = MOST_BYTES,
) -> str:
    """Write the page.

    Args:
        gallery: see `read_gallery`.
        about: what the run did: `archive.report.describe_coloring`.
        max_bytes: of all photographs; those beyond it are counted, not shown.

    Returns:
        A whole HTML document.
    """
    articles: list[str] = []
    weight = left_out = 0
    for photo in gallery:
        article = _article(photo) if weight <= max_bytes else ""
        weight += len(article)
        if article and weight <= max_bytes:
            articles.append(article)
        else:
            left_out += 1
    model = about["model"]
    sizes = " and ".join(map(str, [model["size"], *model["tta_sizes"]]))
    mirror = ", averaged with the mirror image" if model["mirror"] else ""
    made = (
        f"Made by {about['software']} with the model {model['name']}"
        f" ({model['sha256'][:12]}), which saw each photograph at {sizes}"
        f" pixels{mirror}; {about['started'][:10]}."
    )
    more = (
        f"{left_out} more are not shown: the page would be too large for a"
        " browser."
    )
    lines = "".join(
        f'<li lang="{language}">{escape(line)}</li>'
        for language, line in about["caption"].items()
    )
    return page_file("gallery.html").format(
        caution=escape(CAUTION),
        made=escape(made),
        lines=lines,
        page=page_file("page.css"),
        style=page_file("frames.css"),
        articles="\n".join(articles),
        left_out=f"<p>{more}</p>" if left_out else "",
        script=page_file("frames.js"),
    )


def _article(photo: GalleryPhoto) -> str:
    name = escape(photo.name)
    slider = before_after(photo.before, photo.after, alt=photo.name)
    further = "".join(
        f"<figure>{strip.tag(f'{photo.name}: {way}')}"
        f"<figcaption>{escape(way)}</figcaption></figure>"
        for way, strip in photo.further.items()
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in photo.notes)
    return "\n".join(
        [
            f"<article><h2>{name}</h2>",
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


def _strip(pixels: RGBArray) -> Strip:
    image = Image.fromarray(pixels)
    return Strip(encoded(image), *image.size)
