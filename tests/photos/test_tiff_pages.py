"""Which page of a TIFF is read, and that all it says is of that page."""

import numpy as np
import pytest
import tifffile

from colorlib import photos
from colorlib.photos.provenance import to_xmp

PHOTO = np.linspace(0, 255, 64 * 96).reshape(64, 96).round().astype(np.uint8)
PREVIEW = 255 - PHOTO[::4, ::4]
MASK = PHOTO > 99
MARK = photos.MadeBy("compact", "0" * 64, "colorlib 0")


def turned(orientation: int, caption: str) -> dict:
    """Orientation and description, for `TiffWriter.write`."""
    tag = (274, "H", 1, orientation, True)
    return {"extratags": [tag], "description": caption, "metadata": None}


def write_pages(path, *pages):
    """Each page is an array and what `TiffWriter.write` takes."""
    with tifffile.TiffWriter(path) as tiff:
        for levels, options in pages:
            tiff.write(levels, photometric="minisblack", **options)
    return photos.read(path)


@pytest.mark.parametrize(
    ("first", "options", "why"),
    [
        (PREVIEW, {"subfiletype": 1}, ": 1 is a preview"),
        (PREVIEW, {}, ": 1 is a preview"),
        (MASK, {"subfiletype": 4}, ": 1 is a mask"),
        (MASK[::4, ::4], {"subfiletype": 5}, ": 1 is a mask"),
    ],
    ids=["marked preview", "unmarked preview", "mask", "mask of a preview"],
)
def test_what_is_said_is_of_the_page_that_is_read(
    tmp_path, first, options, why
):
    """Not of the preview or mask before it, which differ in all."""
    xmp = to_xmp(MARK)
    second = turned(6, "The photograph")
    second["extratags"].append((700, "B", len(xmp), xmp, True))
    photo = write_pages(
        tmp_path / "pages.tif",
        (first, {**options, **turned(3, "No"), "resolution": (72, 72)}),
        (PHOTO, {**second, "resolution": (600, 300), "resolutionunit": 2}),
    )
    assert np.array_equal(photo.pixels, np.rot90(PHOTO, -1))
    assert photo.dpi == (300, 600)
    assert b"The photograph" in photo.exif
    assert photo.made_by == MARK
    assert photos.read_mark(tmp_path / "pages.tif") == MARK
    of = "page 2 of 2 was read"
    assert photo.notes[0] == of + why


def test_a_mask_after_the_photograph_changes_nothing(tmp_path):
    photo = write_pages(
        tmp_path / "masked.tif", (PHOTO, {}), (MASK, {"subfiletype": 4})
    )
    assert np.array_equal(photo.pixels, PHOTO)
    assert photo.notes == ()


@pytest.mark.parametrize("marked", [True, False])
def test_a_photograph_below_its_preview(tmp_path, marked):
    """SubIFDs: what the page doesn't say, the page above says for it."""
    kind = {"subfiletype": 1} if marked else {}
    photo = write_pages(
        tmp_path / "below.tif",
        (
            PREVIEW,
            {**kind, "subifds": 1, "resolution": (72, 72), **turned(6, "It")},
        ),
        (PHOTO, {"subfiletype": 0, "metadata": None}),
    )
    assert np.array_equal(photo.pixels, np.rot90(PHOTO, -1))
    assert photo.dpi != (72, 72)
    assert b"It" in photo.exif
    assert photo.notes == ("page 1.1 of 1 was read: 1 is a preview",)


def test_small_pages_that_are_no_preview(tmp_path):
    """Another shape, or hardly smaller: the first photograph is read."""
    for other in (PHOTO.T, PHOTO[:, :90], PREVIEW):
        photo = write_pages(
            tmp_path / "album.tif", (PHOTO[:60], {}), (other, {})
        )
        assert np.array_equal(photo.pixels, PHOTO[:60])
        assert photo.notes == ("page 1 of 2 was read",)


def test_the_raw_data_of_a_camera_below_its_preview(tmp_path):
    with tifffile.TiffWriter(tmp_path / "x.tif") as tiff:
        tiff.write(PREVIEW, subfiletype=1, subifds=1)
        tiff.write(PHOTO, photometric="cfa", subfiletype=0)
    with pytest.raises(photos.PhotoError, match=r"raw data \(CFA\); develop"):
        photos.read(tmp_path / "x.tif")


def relink(path, links) -> None:
    """Let pages be followed by others: {page: next page, or an offset}."""
    with tifffile.TiffFile(path) as tiff:
        pages = [page.aspage() for page in tiff.pages]
    data = bytearray(path.read_bytes())
    for page, after in links.items():
        offset = pages[page].offset
        fields = int.from_bytes(data[offset : offset + 2], "little")
        at = offset + 2 + 12 * fields
        data[at : at + 4] = pages[after].offset.to_bytes(4, "little")
    path.write_bytes(data)


@pytest.mark.parametrize(("count", "back"), [(2, 0), (130, 120)])
def test_pages_in_a_circle_come_to_an_end(tmp_path, count, back):
    """tifffile finds circles among the first hundred pages only."""
    path = tmp_path / "circle.tif"
    write_pages(path, *[(PHOTO, {})] * count)
    relink(path, {count - 1: back})
    photo = photos.read(path)
    assert np.array_equal(photo.pixels, PHOTO)
    assert photo.notes[0].startswith("page 1 of ")
