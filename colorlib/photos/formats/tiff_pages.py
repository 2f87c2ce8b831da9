"""The page of a TIFF file that is the photograph.

A TIFF holds one picture a page, and beside photographs there are previews
and masks. Some programs mark them (NewSubfileType, 1 for a reduced picture,
4 for a mask), some don't; some put the photograph below the preview
(SubIFDs), as cameras' raw files do.

Source: TIFF 6.0, section 8 (NewSubfileType); Adobe PageMaker 6.0 TIFF
Technical Notes, 1 (SubIFDs).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import tifffile

from colorlib.photos.errors import damage
from colorlib.photos.photo import RefusedError

_MOST_PAGES = 99  # that are looked at; a chain of pages may have no end
_THUMBNAIL = 512  # pixels a side; an unmarked preview is not larger
_TIMES_LARGER = 2  # at least is a photograph than its preview, each way
_MASK_PHOTOMETRIC = 4
_RAW_PHOTOMETRIC = (32803, 34892)  # color filter array, LinearRaw


@dataclass(frozen=True)
class Page:
    """One page, and where it stands in its file."""

    tiff: tifffile.TiffPage
    name: str
    """Its number from 1; "1.2" is the second that page 1 leads to."""
    parent: tifffile.TiffPage | None = None
    """The page that leads to it, which may say what it doesn't."""

    @property
    def kind(self) -> str | None:
        """What it is, if it is no photograph."""
        if self.tiff.subfiletype & 4 or (
            self.tiff.photometric == _MASK_PHOTOMETRIC
        ):
            return "a mask"
        return "a preview" if self.tiff.subfiletype & 1 else None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.tiff.imagewidth, self.tiff.imagelength


def choose_page(tiff: tifffile.TiffFile) -> tuple[Page, tuple[str, ...]]:
    """Choose the first page that is a photograph.

    Returns:
        The page, and a note where others were passed over.

    Raises:
        RefusedError: if none is a photograph.
    """
    pages = list(islice(_pages_of(tiff), _MOST_PAGES))
    if not pages:
        raise RefusedError("is cut short: no page is in it", "copy it again")
    full = [page for page in pages if not page.kind]
    if not full:
        raise RefusedError(
            "holds a preview only, as a camera's raw file does",
            "develop it to a plain TIFF first",
        )
    for page in full:
        if page.tiff.photometric in _RAW_PHOTOMETRIC:
            name = getattr(page.tiff.photometric, "name", "LinearRaw")
            raise RefusedError(
                f"holds a camera's raw data ({name})",
                "develop it to a plain TIFF first",
            )
    chosen = _larger_than_preview(full)
    before = pages[: pages.index(chosen)]
    if not before and len(full) == 1:
        return chosen, ()
    total = sum(page.parent is None for page in pages)
    of = f"{total} or more" if len(pages) == _MOST_PAGES else f"{total}"
    note = f"page {chosen.name} of {of} was read"
    why = [f"{page.name} is {page.kind or 'a preview'}" for page in before[:3]]
    return chosen, (f"{note}: {', '.join(why)}" if why else note,)


def _larger_than_preview(full: list[Page]) -> Page:
    """Pass over a small first page if it looks like a preview of another."""
    first, *others = full
    return next((page for page in others if _is_preview(first, page)), first)


def _is_preview(small: Page, large: Page) -> bool:
    """Whether a page is small, and another much larger with its shape."""
    (width, height), (more, taller) = small.size, large.size
    if max(width, height) > _THUMBNAIL:
        return False
    if more < _TIMES_LARGER * width or taller < _TIMES_LARGER * height:
        return False
    # The sides of a preview are rounded to whole pixels.
    return abs(width * taller - height * more) <= max(more, taller)


def _pages_of(tiff: tifffile.TiffFile) -> Iterator[Page]:
    """List pages, each before those that it leads to, until one is broken."""
    seen = set()
    for number in range(_MOST_PAGES):
        page = _page_at(tiff, number)
        if page is None or page.offset in seen:
            return
        seen.add(page.offset)
        yield Page(page, f"{number + 1}")
        for below in range(_MOST_PAGES if page.subifds else 0):
            inner = _page_at(page, below)
            if inner is None:
                break
            yield Page(inner, f"{number + 1}.{below + 1}", page)


def _page_at(
    above: tifffile.TiffFile | tifffile.TiffPage, index: int
) -> tifffile.TiffPage | None:
    """Get a page; None after the last one, and where one is broken.

    Not by iterating, nor by `len`: tifffile follows pages in a circle for
    ever.
    """
    try:
        with damage():
            pages = above.pages
            page = None if pages is None else pages.get(index)
    except RefusedError:
        return None
    return page if isinstance(page, tifffile.TiffPage) else None
