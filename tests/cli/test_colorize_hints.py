"""`colorlib colorize --hints`: known colors, and who says so."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from typer.testing import CliRunner

from colorlib import photos
from colorlib.archive.verify import verify
from colorlib.cli import app
from colorlib.hints.hint import hints_digest
from tests.cli.test_colorize import colorize, contents, gray, report
from tests.cli.test_colorize_further import here, made, palette  # noqa: F401

LINE = "box 10, 5, 25, 20: #8c1c2b; source: letter of 1951: the dress was red"


def hints(*changes, photo="a.png"):
    text = (
        f'[[hint]]\nphoto = "{photo}"\nbox = [10, 5, 25, 20]\n'
        'color = "#8c1c2b"\nsource = "letter of 1951: the dress was red"\n'
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    Path("hints.toml").write_text(text)
    return "--hints", "hints.toml"


def test_a_hint_colors_its_place_and_says_so_everywhere(here, palette):  # noqa: F811
    gray("scans/a.png")
    gray("scans/b.png")
    options = ("--model", palette, "--hints-map", "--variants", 1, "--gallery")

    result = colorize("scans", *options, "--uncertainty", *hints())

    assert result.exit_code == 0, result.output
    assert {name for name in made() if "a." in name} == {
        *("a.png", "a.uncertainty.png", "a.hints.png", "a.warmer.png"),
    }
    assert "b.hints.png" not in made()
    settings = f"sizes=32 hints={hints_digest([LINE])}"
    for name, way in (("a", ""), ("a.hints", "hints"), ("a.warmer", "warmer")):
        photo = photos.read(f"colorized/{name}.png")
        more = f" result={way}" if way else ""
        assert photo.made_by.settings == settings + more
        assert photo.made_by.hints == (LINE,)
        if way != "hints":
            middle = photo.pixels[12, 18].astype(int)
            assert middle[0] - middle[1:].max() > 30  # it is red there
    doubts = photos.read("colorized/a.uncertainty.png")
    assert doubts.made_by.settings == settings + " result=uncertainty"
    assert doubts.made_by.hints == (LINE,)
    assert doubts.pixels[12, 18] == 0 < doubts.pixels[29, 0]
    mapped = photos.read("colorized/a.hints.png")
    assert mapped.is_gray
    assert mapped.pixels[12, 18] == 255 > mapped.pixels[29, 0]
    assert photos.read_mark("colorized/b.png").settings == "sizes=32"

    entries = {Path(e["output"]).name: e for e in report()["photographs"]}
    [told] = entries["a.png"]["hints"]
    assert told["source"] == "letter of 1951: the dress was red"
    assert (told["box"], told["color"]) == ([10, 5, 25, 20], "#8c1c2b")
    assert "hints" not in entries["b.png"]
    html = Path("colorized/colorlib-gallery.html").read_text()
    article = BeautifulSoup(html, "html.parser").find("article")
    assert f"hint: {LINE}" in article.text
    assert "hints: bright where the color comes from them" in article.text


def test_a_photograph_without_hints_is_colored_as_ever(here, palette):  # noqa: F811
    gray("scans/a.png")
    gray("scans/b.png")
    colorize("scans", "--model", palette, "-o", "without")
    colorize("scans", "--model", palette, "-o", "with", *hints())
    one, other = (
        Path(folder, "b.png").read_bytes() for folder in ("without", "with")
    )
    assert one == other


def test_a_hinted_copy_is_verified_and_shown(here, palette):  # noqa: F811
    gray("a.jpg")
    options = hints(photo="a.jpg")
    assert colorize("a.jpg", "--model", palette, *options).exit_code == 0
    verdict = verify("a.jpg", "colorized/a.jpg")
    assert verdict.good, verdict.line()
    shown = CliRunner().invoke(app, ["info", "colorized/a.jpg"])
    assert LINE in shown.output


def test_a_mark_whose_hints_were_changed_is_found_out(here, palette):  # noqa: F811
    gray("a.png")
    colorize("a.png", "--model", palette, *hints())
    path = Path("colorized/a.png")
    data = path.read_bytes()
    assert data.count(b"letter of 1951") == 1
    photo = photos.read(path)
    mark = replace(photo.made_by, hints=(LINE.replace("1951", "1915"),))
    photos.write(replace(photo, made_by=mark), path, overwrite=True)
    assert "hints in its mark are not those" in verify("a.png", path).line()


def test_other_hints_are_another_setting(here, palette):  # noqa: F811
    gray("a.png")
    assert colorize("a.png", "--model", palette, *hints()).exit_code == 0
    assert colorize("a.png", "--model", palette, *hints()).exit_code == 0
    assert report()["skipped"] == 1
    [entry] = report()["photographs"]
    assert len(entry["hints"]) == 1
    other = hints(("1951", "1952"))
    for options in (other, ()):
        result = colorize("a.png", "--model", palette, *options)
        assert result.exit_code == 1
        assert "was colored with sizes=32 hints=" in result.stderr
        assert "hints" not in report()["photographs"][0]
    again = colorize("a.png", "--model", palette, *other, "--overwrite")
    assert again.exit_code == 0


def test_a_color_that_can_t_be_is_one_clear_note(here, palette):  # noqa: F811
    Image.fromarray(np.full((30, 40), 250, np.uint8)).save("a.png")
    options = hints(("#8c1c2b", "#ff0000"))
    result = colorize("a.png", "--model", palette, *options)
    assert result.exit_code == 0
    assert "the hint at box 10, 5, 25, 20 was made paler" in result.output
    assert verify("a.png", "colorized/a.png").good


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("source = ", "sauce = "), "hint 1: has no use for 'sauce'"),
        (("letter of 1951: the dress was red", ""), "it has no source"),
        (("a.png", "z.png"), "z.png: is not among the photographs"),
        (("25, 20", "25, 31"), "has 40 x 30 pixels when it is upright"),
        (("#8c1c2b", "red"), "no color is called 'red'"),
        (("[[hint]]", "[[hint"), "at line 1"),
        (
            (
                "[[hint]]",
                '[[hint]]\nphoto = "a.png"\npoint = [12, 7]\n'
                'color = [0, 0]\nsource = "me"\n[[hint]]',
            ),
            "point 12, 7 and box 10, 5, 25, 20 overlap and differ",
        ),
    ],
)
def test_bad_input_is_one_clear_line_before_any_work(
    here,  # noqa: F811
    change,
    says,
):
    """No model is looked for, and nothing is written."""
    gray("a.png")
    options = hints(change)
    before = contents(Path())
    result = colorize("a.png", "--model", "no-such-model", *options)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert says in result.stderr
    assert contents(Path()) == before


def test_a_file_that_isn_t_there_is_one_clear_line(here):  # noqa: F811
    gray("a.png")
    for options in (("--hints", "hints.toml"), ("--hints-map",)):
        result = colorize("a.png", *options)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
        assert "hints" in result.stderr


def test_the_report_is_json_that_others_can_read(here, palette):  # noqa: F811
    gray("a.png")
    colorize("a.png", "--model", palette, *hints(('"#8c1c2b"', "[60, -4.5]")))
    text = Path("colorized/colorlib-report.json").read_text()
    [hint] = json.loads(text)["photographs"][0]["hints"]
    assert (hint["color"], hint["ab"]) == ([60, -4.5], [60, -4.5])
