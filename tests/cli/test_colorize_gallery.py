"""`colorlib colorize --gallery`: a page of the results, in one file."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
from bs4 import BeautifulSoup
from PIL import Image

from colorlib import photos
from colorlib.archive.copies import find_copies
from colorlib.archive.outcomes import Job, Outcome
from colorlib.cli import colorize as command
from colorlib.colorizer import Colorizer
from colorlib.data.samples import BUNDLED, bundled
from colorlib.figures.picture import Strip, encoded
from colorlib.files import sha256_of
from colorlib.widgets.gallery import (
    CAUTION,
    GALLERY_START,
    MOST_BYTES,
    GalleryPhoto,
    gallery_page,
    read_gallery,
)
from tests.cli.test_colorize import colorize, gray
from tests.cli.test_colorize_further import here, palette  # noqa: F401

THUMBNAIL = 320
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
        "faded": False,
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
    assert html.count("<article ") == 2
    assert colorize("scans", "--model", palette, "--gallery").exit_code == 0


def test_a_page_shows_the_copies_of_all_runs(here, palette):  # noqa: F811
    """What an earlier run made says so: it may be of another model."""
    gray("x/a.jpg")
    gray("y/b.jpg")
    page = Path("colorized/colorlib-gallery.html")
    options = ("--model", palette, "--gallery", "--uncertainty")
    for box in "xy":
        colorize(box, *options)
    html = BeautifulSoup(page.read_text(), "html.parser")
    articles = html.find_all("article")
    assert [each.h2.text for each in articles] == ["y/b.jpg", "x/a.jpg"]
    assert [len(each.find_all("figcaption")) for each in articles] == [1, 1]
    told = ["of an earlier run: made by tiny, 20" in a.text for a in articles]
    assert told == [False, True]
    colorize("x", "y", *options)
    assert page.read_text().count("<article ") == 2
    assert "earlier run" not in page.read_text()


def test_a_map_of_another_setting_is_not_shown(here, palette):  # noqa: F811
    """Bright where the color is likely off: of other colors."""
    gray("a.jpg")
    colorize("a.jpg", "--model", palette, "--uncertainty")
    options = ("--model", palette, "--gallery", "--overwrite")
    colorize("a.jpg", *options, "--size", 16)
    html = Path("colorized/colorlib-gallery.html").read_text()
    article = BeautifulSoup(html, "html.parser").article
    assert not article.find_all("figcaption")
    assert "a.uncertainty.png is of another model, scan or setting" in (
        article.text
    )


def test_before_is_the_scan_that_was_colored(here, palette):  # noqa: F811
    """Another scan may lie there by now; the card keeps the first one."""
    gray("x/a.jpg")
    gray("y/b.jpg")
    colorize("x", "--model", palette)
    shutil.copytree("x", "colorized/originals")
    gray("x/a.jpg", size=(41, 30))
    options = ("--model", palette, "--gallery")
    colorize("y", *options)
    page = Path("colorized/colorlib-gallery.html")
    assert page.read_text().count("<article ") == 2
    Path("colorized/originals/a.jpg").unlink()
    colorize("y", *options)
    html = BeautifulSoup(page.read_text(), "html.parser")
    assert [each.h2.text for each in html.find_all("article")] == ["y/b.jpg"]
    [line] = html.find("details", class_="absent").find_all("li")
    assert line.text == "x/a.jpg: its original is not here"


def test_a_copy_is_not_taken_for_that_of_another_photograph(here, palette):  # noqa: F811
    """Copies of an earlier run lie among the photographs."""
    gray("a.jpg")
    colorize("a.jpg", "--model", palette)
    colorize(".", "-o", "new", "--model", palette, "--gallery")
    html = Path("new/colorlib-gallery.html").read_text()
    page = BeautifulSoup(html, "html.parser")
    [article] = page.find_all("article")
    assert article.h2.text == "a.jpg"
    assert article["data-copy"] == "new/a.jpg"
    [line] = page.find("details", class_="absent").find_all("li")
    assert line.text.startswith("colorized/a.jpg: was colored by tiny already")


def test_a_copy_not_made_anew_says_so(here, palette, monkeypatch):  # noqa: F811
    gray("a.jpg")
    colorize("a.jpg", "--model", palette)
    monkeypatch.setattr(Colorizer, "colorize", broken)
    options = ("--model", palette, "--gallery", "--overwrite")
    colorize("a.jpg", *options)
    html = Path("colorized/colorlib-gallery.html").read_text()
    assert "out of memory" in BeautifulSoup(html, "html.parser").article.text


def broken(*_, **__):
    raise MemoryError("out of memory")


def test_an_original_that_is_gone_is_named(here, palette):  # noqa: F811
    gray("x/a.jpg")
    gray("y/b.jpg")
    colorize("x", "--model", palette)
    Path("x/a.jpg").unlink()
    result = colorize("y", "--model", palette, "--gallery")
    html = Path("colorized/colorlib-gallery.html").read_text()
    page = BeautifulSoup(html, "html.parser")
    assert [each.h2.text for each in page.find_all("article")] == ["y/b.jpg"]
    [line] = page.find("details", class_="absent").find_all("li")
    assert "x/a.jpg" in line.text
    assert "x/a.jpg" in result.stderr


def test_a_page_says_which_hints_a_copy_has(here, palette):  # noqa: F811
    gray("a.jpg")
    Path("hints.toml").write_text(
        '[[hint]]\nphoto = "a.jpg"\npoint = [3, 4]\ncolor = [12, -3.5]\n'
        'source = "letter of 1951"\n'
    )
    colorize("a.jpg", "--model", palette, "--gallery", "--hints", "hints.toml")
    html = Path("colorized/colorlib-gallery.html").read_text()
    words = "hint: point 3, 4: a* 12, b* -3.5; source: letter of 1951"
    assert words in BeautifulSoup(html, "html.parser").article.text


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


def test_what_was_refused_stands_on_the_page_with_the_reason(here, palette):  # noqa: F811
    """And a copy of other settings, which is not what the run would make."""
    gray("scans/a.jpg")
    gray("scans/old.jpg")
    Path("scans/<c>.jpg").touch()
    colorize("scans/old.jpg", "--model", palette, "--size", 16)

    options = ("--model", palette, "--gallery", "--uncertainty")
    result = colorize("scans", "gone.jpg", *options)

    html = Path("colorized/colorlib-gallery.html").read_text()
    page = BeautifulSoup(html, "html.parser")
    new, old = page.find_all("article")
    assert (old.h2.text, new.h2.text) == ("scans/old.jpg", "scans/a.jpg")
    assert "colorized/old.jpg was colored with" in old.text
    absent = page.find("details", class_="absent")
    assert (
        absent.summary.text == "2 photographs are not shown, for these reasons"
    )
    assert "open" in absent.attrs
    missing, empty = (line.text for line in absent.find_all("li"))
    assert missing.startswith("gone.jpg: ")
    assert empty == "scans/<c>.jpg: is empty; copy or download it again"
    assert result.stderr.count("is empty") == 1
    Path("scans/<c>.jpg").unlink()
    colorize("scans/a.jpg", *options)
    html = Path("colorized/colorlib-gallery.html").read_text()
    assert 'class="absent"' not in html


def test_many_absent_photographs_are_folded():
    html = gallery_page([], ABOUT, absent=["a: b"] * 11)
    details = BeautifulSoup(html, "html.parser").find("details", "absent")
    assert len(details.find_all("li")) == 11
    assert "open" not in details.attrs


def test_a_copy_that_is_gone_is_not_passed_over(tmp_path):
    job = Job(tmp_path / "a.png", tmp_path / "gone.png", True)

    def absent(*about):
        entries = [Outcome(job, *about).as_json(tmp_path)]
        return find_copies({"photographs": entries}, tmp_path)[1]

    assert absent("skipped", ("was colored",)) == [f"{job.source}: was colored"]
    assert absent("colored")[0].endswith("its copy is gone")


def test_names_and_notes_are_text_and_no_html():
    photo = some("<b>.jpg")
    html = gallery_page([photo], ABOUT)
    assert "<h2>&lt;b&gt;.jpg</h2>" in html


def test_a_page_says_what_the_model_saw():
    words = "48 pixels, averaged with the mirror image, with stretched"
    assert "48 pixels; 2026" in gallery_page([], ABOUT)
    model = ABOUT["model"] | {"mirror": True, "faded": True}
    assert words in gallery_page([], ABOUT | {"model": model})


def test_what_a_browser_could_not_hold_is_named():
    one = len(gallery_page([some("a")], ABOUT)) - len(gallery_page([], ABOUT))
    html = gallery_page(map(some, "abc"), ABOUT, max_bytes=int(1.5 * one))
    assert html.count("<article ") == 1
    absent = BeautifulSoup(html, "html.parser").find("details", "absent")
    assert "2 photographs are not shown, as the page would" in absent.text
    assert [line.text for line in absent.find_all("li")] == ["b", "c"]


def test_a_thousand_ordinary_photographs_fit():
    """As thumbnails, with a map of doubts each."""
    photographs = []
    for name in BUNDLED:
        image = Image.fromarray(bundled(name))
        image.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
        small = image.resize((image.width // 2, image.height // 2))
        photographs.append(
            GalleryPhoto(
                name=f"scans/box 17/{name}.jpg",
                before=np.asarray(image.convert("L").convert("RGB")),
                after=np.asarray(image),
                further={"map": Strip(encoded(small, 70), *small.size)},
                thumbnail=True,
            )
        )
    weight = len(gallery_page(photographs, ABOUT).encode())
    assert 1000 * weight / len(photographs) < MOST_BYTES


def test_many_photographs_are_thumbnails(tmp_path):
    """A few are as large as whoever decides needs them."""
    path = tmp_path / "a.png"
    photo = photos.from_array(np.full((400, 800, 3), 90, np.uint8))
    made_by = photos.MadeBy("tiny", "0" * 64, "colorlib 1")
    photos.write(replace(photo, made_by=made_by), path)
    names = [path, *(tmp_path / f"{i}.png" for i in range(300))]
    for name in names[1:]:
        name.hardlink_to(path)
    done = [Outcome(Job(name, name, True), "colored") for name in names]
    uncertain = Outcome(Job(path, path, True, way="uncertainty"), "colored")

    def sizes(*outcomes):
        entries = [outcome.as_json(tmp_path) for outcome in outcomes]
        copies, _ = find_copies({"photographs": entries}, tmp_path)
        photo = next(read_gallery(copies, []))
        strips = [strip.width for strip in photo.further.values()]
        return photo.thumbnail, photo.before.shape[1], *strips

    assert sizes(done[0], uncertain) == (False, 640, 240)
    assert sizes(*done[:300]) == (False, 640)
    assert sizes(*done, uncertain) == (True, 320, 160)


def test_a_photograph_says_what_is_decided_on(here, palette):  # noqa: F811
    """As the report does, and of which bytes."""
    gray("scans/a.jpg")
    colorize("scans", "--model", palette, "--gallery")
    html = Path("colorized/colorlib-gallery.html").read_text()
    said = BeautifulSoup(html, "html.parser").article.attrs
    report = json.loads(Path("colorized/colorlib-report.json").read_text())
    [entry] = report["photographs"]
    assert said["aria-label"] == entry["input"] == "scans/a.jpg"
    assert said["data-copy"] == entry["output"]
    assert said["data-source-sha256"] == entry["source_sha256"]
    assert said["data-copy-sha256"] == sha256_of(entry["output"])


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
