"""`colorlib colorize --gallery`: a page of the results, in one file."""

import re
from pathlib import Path

import numpy as np
from bs4 import BeautifulSoup

from colorlib import photos
from colorlib.cli import colorize as command
from colorlib.widgets.gallery import (
    CAUTION,
    GALLERY_START,
    GalleryPhoto,
    gallery_page,
)
from tests.cli.test_colorize import colorize, gray
from tests.cli.test_colorize_further import here, palette  # noqa: F401

ABOUT = {
    "software": "colorlib 1",
    "started": "2026-11-29T08:00:00+00:00",
    "caption": {"en": "guesses", "ko": "추정"},
    "model": {
        "name": "tiny",
        "sha256": "0" * 64,
        "size": 32,
        "tta_sizes": [48],
        "mirror": False,
    },
}


def some(name):
    pixels = np.full((30, 40, 3), 90, np.uint8)
    return GalleryPhoto(name, pixels, pixels + 9)


def test_a_page_shows_all_results_with_a_caution(here, palette):  # noqa: F811
    gray("scans/a.jpg")
    gray("scans/b.tif")
    Path("scans/c.jpg").touch()
    options = ("--model", palette, "--gallery", "--uncertainty")

    result = colorize("scans", *options, "--variants", 1)

    assert "gallery: colorized/colorlib-gallery.html" in result.output
    html = Path("colorized/colorlib-gallery.html").read_text()
    page = BeautifulSoup(html, "html.parser")
    names = [each.h2.text for each in page.find_all("article")]
    assert names == ["scans/a.jpg", "scans/b.tif"]
    assert CAUTION in page.text
    assert "with the model tiny" in page.text
    korean = page.find("li", lang="ko")
    assert "알고리즘" in korean.text  # to copy, and print below a picture
    first = page.find("article")
    assert [c.text for c in first.find_all("figcaption")] == [
        "uncertainty: bright where the color is likely off",
        "warmer",
    ]
    assert all(image["alt"] for image in page.find_all("img"))


def test_a_page_asks_no_host_for_anything(here, palette):  # noqa: F811
    gray("a.jpg")
    colorize("a.jpg", "--model", palette, "--gallery")
    html = Path("colorized/colorlib-gallery.html").read_text()
    assert not re.search(r"""(src|href)=["'](?!data:)""", html)
    assert "https:" not in html.replace("http-equiv", "")
    assert "default-src 'none'" in html


def test_a_page_goes_on_with_what_was_colored_before(here, palette):  # noqa: F811
    gray("scans/a.jpg")
    colorize("scans", "--model", palette)
    gray("scans/b.jpg")
    assert colorize("scans", "--model", palette, "--gallery").exit_code == 0
    html = Path("colorized/colorlib-gallery.html").read_text()
    assert html.count("<article>") == 2
    assert colorize("scans", "--model", palette, "--gallery").exit_code == 0


def test_another_s_page_is_left_alone(here, palette):  # noqa: F811
    gray("a.jpg")
    Path("colorized").mkdir()
    page = Path("colorized/colorlib-gallery.html")
    page.write_text("mine")
    result = colorize("a.jpg", "--model", palette, "--gallery")
    assert result.exit_code == 2
    assert "is no gallery of colorlib" in result.stderr
    assert page.read_text() == "mine"
    assert not Path("colorized/a.jpg").exists()


def test_names_and_notes_are_text_and_no_html():
    photo = some("<b>.jpg")
    html = gallery_page([photo], ABOUT)
    assert "<h2>&lt;b&gt;.jpg</h2>" in html


def test_what_a_browser_could_not_hold_is_counted():
    one = len(gallery_page([some("a")], ABOUT)) - len(gallery_page([], ABOUT))
    html = gallery_page(map(some, "abc"), ABOUT, max_bytes=int(1.5 * one))
    assert html.count("<article>") == 1
    assert "2 more are not shown" in html


def test_a_page_begins_as_the_command_expects():
    assert gallery_page([], ABOUT).startswith(GALLERY_START)
    assert command.GALLERY_START == GALLERY_START


def test_pictures_are_small_copies(here, palette):  # noqa: F811
    gray("a.png", size=(2000, 1000))
    colorize("a.png", "--model", palette, "--gallery")
    html = Path("colorized/colorlib-gallery.html").read_text()
    sizes = re.findall(r'<img [^>]*width="(\d+)"', html)
    assert sizes == ["640", "640"]
    assert photos.read("colorized/a.png").width == 2000
