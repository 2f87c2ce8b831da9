"""Which hints belong to which photograph, and what is nobody's."""

import unicodedata
from pathlib import Path

import pytest

from colorlib.archive.hinting import give_hints
from colorlib.archive.plan import add_results, plan
from tests.cli.test_colorize import gray


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hints(*photos, path="hints.toml", place="point = [3, 2]"):
    tables = [
        f'[[hint]]\nphoto = "{photo}"\n{place}\ncolor = "#8c1c2b"\n'
        'source = "me"\n'
        for photo in photos
    ]
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("\n".join(tables), encoding="utf-8")
    return Path(path)


def hinted(*paths, file):
    made = plan([Path(path) for path in paths], Path("out"))
    give_hints(made, file)
    return {job.source.as_posix(): len(job.hints) for job in made.jobs}


def test_a_photograph_is_named_by_the_end_of_its_path(here):
    for name in ("x/a.png", "x/1951/b.png", "x/c.png"):
        gray(name)
    file = hints("a.png", "1951/b.png", "x/a.png", "1951/../a.png")
    with pytest.raises(ValueError, match=r"hints.toml: 1951/../a.png: is not"):
        hinted("x", file=file)
    file = hints("a.png", "1951/b.png", str(here / "x/1951/b.png"))
    assert hinted("x", file=file) == {
        "x/1951/b.png": 2,
        "x/a.png": 1,
        "x/c.png": 0,
    }


def test_a_mac_s_way_to_write_hangul_is_a_way(here):
    gray(unicodedata.normalize("NFD", "x/한강.png"))
    assert set(hinted("x", file=hints("한강.png")).values()) == {1}


def test_a_file_may_be_of_more_than_is_colored(here):
    """One for a folder, of which a single photograph is tried first."""
    for name in ("x/a.png", "x/1951/b.png"):
        gray(name)
    file = hints("a.png", "1951/b.png", path="x/hints.toml")
    assert hinted("x/a.png", file=file) == {"x/a.png": 1}


def test_a_name_of_several_is_refused(here):
    for name in ("x/1/a.png", "x/2/a.png"):
        gray(name)
    with pytest.raises(ValueError, match="may be x/1/a.png or x/2/a.png"):
        hinted("x", file=hints("a.png"))


def test_a_place_outside_is_refused(here):
    gray("a.png")
    for place in ("point = [40, 2]", "box = [0, 0, 40, 31]"):
        with pytest.raises(ValueError, match="has 40 x 30 pixels"):
            hinted("a.png", file=hints("a.png", place=place))


def test_a_place_is_in_the_photograph_as_it_is_seen(here):
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    gray("a.jpg", exif=exif)
    assert hinted("a.jpg", file=hints("a.jpg", place="point = [5, 39]"))
    with pytest.raises(ValueError, match="has 30 x 40 pixels"):
        hinted("a.jpg", file=hints("a.jpg", place="point = [35, 5]"))


def test_two_names_of_one_photograph_may_not_differ(here):
    gray("x/a.png")
    file = hints("a.png")
    text = file.read_text()
    file.write_text(
        text + '[[hint]]\nphoto = "x/a.png"\npoint = [3, 2]\n'
        'color = [0, 0]\nsource = "you"\n'
    )
    with pytest.raises(ValueError, match="overlap and differ in color"):
        hinted("x", file=file)


def test_what_can_t_be_read_is_left_to_the_coloring(here):
    Path("a.jpg").write_bytes(b"no photograph")
    assert hinted("a.jpg", file=hints("a.jpg")) == {"a.jpg": 1}


def test_only_a_photograph_with_hints_gets_a_map_of_them(here):
    gray("x/a.png")
    gray("x/b.png")
    made = plan([Path("x")], Path("out"))
    give_hints(made, hints("b.png"))
    add_results(made, ["uncertainty", "hints", "warmer"])
    assert [(job.target.name, len(job.hints)) for job in made.jobs] == [
        ("a.png", 0),
        ("a.uncertainty.png", 0),
        ("a.warmer.png", 0),
        ("b.png", 1),
        ("b.uncertainty.png", 1),
        ("b.hints.png", 1),
        ("b.warmer.png", 1),
    ]
