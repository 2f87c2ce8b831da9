"""`colorlib colorize` from end to end, on folders as archives have them."""

import json
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from colorlib import photos
from colorlib.cli import app
from colorlib.cli import colorize as command
from colorlib.cli.results import write_json
from colorlib.cli.signals import Terminated
from colorlib.eras.record import RecordLine, write_record
from colorlib.files import sha256_of
from colorlib.models import weights
from colorlib.models.unet import Unet


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tiny model with random weights, as a user's own would lie on disk."""
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    G = Unet(n_down=5, width=4)
    return weights.save_generator(G, path, card={"name": "tiny", "size": 32})


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLORLIB_DEBUG", raising=False)
    return tmp_path


def colorize(*arguments):
    """Run the command in this process."""
    return CliRunner().invoke(app, ["colorize", *map(str, arguments)])


def gray(path, size=(40, 30), **options):
    """Write a gray ramp, in whatever format the name asks for."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    ramp = np.linspace(20, 230, size[0] * size[1]).reshape(size[::-1])
    Image.fromarray(ramp.astype(np.uint8)).save(path, **options)
    return path


def archive(folder):
    """Lay out a folder with every mode and every kind of broken file."""
    gray(folder / "portrait.jpg", dpi=(300, 300))
    gray(folder / "1951" / "street.png")
    gray(folder / "1951" / "winter" / "river.tif")
    gray(folder / "1951" / "drawing.gif")
    gray(folder / "1951" / "scan.bmp")
    gray(folder / "1951" / "page.webp")
    for mode in ("1", "LA", "RGB", "RGBA", "P"):
        with Image.open(folder / "portrait.jpg") as image:
            image.convert(mode).save(folder / f"mode_{mode}.png")
    with Image.open(folder / "portrait.jpg") as image:
        image.convert("CMYK").save(folder / "mode_CMYK.jpg")
    deep = np.arange(40 * 30, dtype=np.uint16).reshape(30, 40) * 50
    Image.fromarray(deep).save(folder / "deep.png")
    whole = (folder / "portrait.jpg").read_bytes()
    (folder / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.jpg").touch()
    (folder / "letter.jpg").write_text("Dear grandmother")
    (folder / ".hidden.jpg").write_bytes(whole)
    (folder / "readme.txt").write_text("not a photograph")
    return {"truncated.jpg", "empty.jpg", "letter.jpg"}


def contents(folder):
    """Everything in a folder; an empty folder counts, too."""
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def report(folder="colorized"):
    return json.loads(Path(folder, "colorlib-report.json").read_text())


def test_an_archive_end_to_end(here, model):
    """Whatever lies in the folder: colored in place, or named in one line."""
    broken = archive(here / "scans")
    result = colorize("scans", "--model", model, "--device", "cpu")

    assert result.exit_code == 1, result.output
    copies = {
        str(p.relative_to("colorized"))
        for p in Path("colorized").rglob("*")
        if p.is_file() and p.suffix != ".json"
    }
    assert copies == {
        "portrait.jpg",
        "deep.png",
        "mode_CMYK.jpg",
        *(f"mode_{mode}.png" for mode in ("1", "LA", "RGB", "RGBA", "P")),
        "1951/street.png",
        "1951/winter/river.tif",
        "1951/drawing.png",  # was a GIF
        "1951/scan.png",  # was a BMP
        "1951/page.webp",
    }
    for copy in copies:
        photo = photos.read(Path("colorized", copy))
        assert not photo.is_gray
        assert (photo.width, photo.height) == (40, 30)
        assert photo.made_by.model == "tiny"
    assert photos.read("colorized/deep.png").bits == 16
    assert photos.read("colorized/portrait.jpg").dpi == (300, 300)

    complaints = result.stderr.splitlines()
    assert len(complaints) == len(broken)
    for name in broken:
        assert sum(name in line for line in complaints) == 1

    found = report()
    assert (found["colored"], found["skipped"], found["failed"]) == (13, 0, 3)
    assert found["not_reached"] == 0
    assert found["model"]["name"] == "tiny"
    assert found["model"]["device"] == "cpu"
    entries = {Path(e["input"]).name: e for e in found["photographs"]}
    assert {n for n in entries if entries[n]["status"] == "failed"} == broken
    assert all(entries[name]["error"] for name in broken)
    assert entries["drawing.gif"]["output"] == "colorized/1951/drawing.png"
    assert "guess" in entries["mode_CMYK.jpg"]["notes"][0]
    assert "mode_CMYK.jpg: is in CMYK" in result.stdout


def test_in_a_notebook_nothing_but_text_is_left(here, model, monkeypatch):
    """A page that is built would keep empty boxes where progress was."""
    boxes = []
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    monkeypatch.setattr("rich.jupyter.display", lambda *it: boxes.append(it))
    gray("scans/portrait.png")
    result = colorize("scans", "-o", "folder", "--model", model)
    assert result.exit_code == 0
    assert "colored" in result.stdout
    assert "Output()" not in result.output
    assert boxes == []


def test_what_is_done_is_skipped(here, model):
    """An interrupted run of thousands goes on where it was."""
    gray("scans/a.jpg")
    assert colorize("scans", "--model", model).exit_code == 0
    first = Path("colorized/a.jpg").stat().st_mtime_ns

    assert colorize("scans", "--model", model).exit_code == 0
    assert Path("colorized/a.jpg").stat().st_mtime_ns == first
    assert (report()["colored"], report()["skipped"]) == (0, 1)
    assert report()["model"]["name"] == "tiny"

    assert colorize("scans", "--overwrite", "--model", model).exit_code == 0
    assert Path("colorized/a.jpg").stat().st_mtime_ns > first


def test_a_missing_model_is_an_error_even_if_all_is_done(here, model):
    gray("scans/a.jpg")
    assert colorize("scans", "--model", model).exit_code == 0
    assert colorize("scans", "--model", "no.safetensors").exit_code == 2


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_another_scan_of_the_same_name_is_not_done(here, fake, suffix):
    """It was skipped with status 0, and never colored."""
    gray(f"scans/a{suffix}")
    assert colorize("scans").exit_code == 0
    first = Path(f"colorized/a{suffix}").read_bytes()
    gray(f"scans/a{suffix}", size=(50, 20))

    result = colorize("scans")
    assert result.exit_code == 1
    assert f"a{suffix} was colored from another file or scan" in result.stderr
    assert "--update" in result.stderr
    assert (report()["outdated"], report()["skipped"]) == (1, 0)
    assert Path(f"colorized/a{suffix}").read_bytes() == first  # not lost

    assert colorize("scans", "--update").exit_code == 0
    assert photos.read(f"colorized/a{suffix}").width == 50
    assert colorize("scans").exit_code == 0
    assert report()["skipped"] == 1


def test_the_same_size_in_bytes_is_not_the_same_scan(here, fake):
    gray("scans/a.bmp")
    assert colorize("scans").exit_code == 0
    data = bytearray(Path("scans/a.bmp").read_bytes())
    data[-1] ^= 1
    Path("scans/a.bmp").write_bytes(data)
    assert colorize("scans").exit_code == 1
    assert report()["outdated"] == 1


def test_another_model_or_setting_is_not_done(here, fake, monkeypatch):
    """A change of model must not pass for work that it did."""
    gray("scans/a.jpg")
    assert colorize("scans").exit_code == 0
    asked = colorize("scans", "--size", 64)
    assert asked.exit_code == 1
    assert "was colored with sizes=32,16,48, not sizes=64" in asked.stderr

    monkeypatch.setattr(FakeColorizer, "sha256", "1" * 64)
    result = colorize("scans")
    assert result.exit_code == 1
    assert "was colored by another model, fake" in result.stderr
    assert report()["outdated"] == 1
    assert colorize("scans", "--overwrite", "--quiet").exit_code == 0


def test_update_colors_what_is_outdated_and_nothing_else(here, fake):
    """Not a box again for one new scan, and not what a person put there."""
    for name in "abc":
        gray(f"scans/{name}.jpg")
    theirs = gray("colorized/c.jpg").read_bytes()
    assert colorize("scans").exit_code == 1  # c.jpg is in the way
    done = Path("colorized/a.jpg").stat()
    gray("scans/b.jpg", (60, 44))  # scanned again
    assert colorize("scans").exit_code == 1
    assert report()["outdated"] == 1

    result = colorize("scans", "--update")
    assert result.exit_code == 1
    counts = [report()[name] for name in ("colored", "skipped", "failed")]
    assert counts == [1, 1, 1]
    again = photos.read("colorized/b.jpg").made_by
    assert again.source_sha256 == sha256_of("scans/b.jpg")
    assert Path("colorized/a.jpg").stat().st_mtime_ns == done.st_mtime_ns
    assert Path("colorized/c.jpg").read_bytes() == theirs
    assert report()["outdated"] == 0


def test_update_and_overwrite_are_not_given_together(here, fake):
    gray("scans/a.jpg")
    result = colorize("scans", "--update", "--overwrite")
    assert result.exit_code == 2
    assert "--overwrite takes all" in result.stderr


def test_update_colors_new_photographs_too(here, fake):
    gray("scans/a.jpg")
    colorize("scans")
    gray("scans/b.jpg")
    assert colorize("scans", "--update").exit_code == 0
    assert (report()["colored"], report()["skipped"]) == (1, 1)


@pytest.mark.parametrize("more", [[], ["--update"]])
def test_a_copy_put_in_place_of_its_scan_is_no_new_scan(here, fake, more):
    gray("scans/a.jpg")
    colorize("scans")
    copy = Path("colorized/a.jpg").read_bytes()
    Path("scans/a.jpg").write_bytes(copy)
    assert colorize("scans", *more).exit_code == 0
    assert report()["skipped"] == 1
    assert Path("colorized/a.jpg").read_bytes() == copy


def test_update_takes_another_setting_along(here, fake):
    gray("scans/a.jpg")
    colorize("scans")
    assert colorize("scans", "--size", 64, "--update").exit_code == 0
    assert "sizes=64" in photos.read("colorized/a.jpg").made_by.settings
    assert colorize("scans", "--size", 64).exit_code == 0
    assert report()["skipped"] == 1


def test_a_copy_that_does_not_say_its_source_is_not_done(here, fake):
    """One that Python wrote, without the command line."""
    photo = photos.read(gray("scans/a.png"))
    Path("colorized").mkdir()
    photos.write(FakeColorizer().colorize(photo), "colorized/a.png")
    result = colorize("scans")
    assert result.exit_code == 1
    assert "doesn't say which file it was colored from" in result.stderr


def test_the_same_scan_elsewhere_and_later_is_done(here, fake):
    """Bytes decide: neither its folder's name nor its date."""
    gray("scans/a.jpg")
    assert colorize("scans").exit_code == 0
    Path("scans").rename("box 7")
    os.utime("box 7/a.jpg", (1e9, 1e9))
    assert colorize("box 7").exit_code == 0
    assert report()["skipped"] == 1


@pytest.mark.parametrize("taken_by", ["a gray scan", "junk", "nothing"])
def test_what_colorlib_did_not_make_is_not_taken_for_done(here, fake, taken_by):
    """An uncolored copy in the way would go into the archive as colored."""
    for name in "ab":
        gray(f"scans/{name}.jpg")
    inway = gray("colorized/a.jpg")
    if taken_by != "a gray scan":
        inway.write_bytes(b"junk" if taken_by == "junk" else b"")
    before = inway.read_bytes()
    result = colorize("scans")
    assert result.exit_code == 1
    assert "a.jpg exists and was not made by colorlib" in result.stderr
    assert (report()["colored"], report()["failed"]) == (1, 1)
    assert inway.read_bytes() == before
    assert colorize("scans", "--overwrite").exit_code == 0
    assert photos.read(inway).made_by


def test_own_copies_inside_the_folder_are_not_colored_again(here, model):
    """Neither in the same run's folder nor in that of an earlier one."""
    gray("scans/a.jpg")
    for _ in range(2):
        result = colorize("scans", "-o", "scans/out", "--model", model)
        assert result.exit_code == 0
    assert report("scans/out")["skipped"] == 1
    assert not Path("scans/out/out").exists()

    assert colorize("scans", "-o", "other", "--model", model).exit_code == 0
    assert Path("other/a.jpg").exists()
    assert not Path("other/out").exists()
    entries = {e["input"]: e for e in report("other")["photographs"]}
    copy = entries["scans/out/a.jpg"]
    assert copy["status"] == "skipped"
    assert copy["notes"] == ["was colored by tiny already"]


def test_the_current_folder_can_be_given(here, model):
    gray("a.jpg")
    gray("b/c.jpg")
    for _ in range(2):
        assert colorize(".", "--model", model).exit_code == 0
    copies = {p.as_posix() for p in Path("colorized").rglob("*.jpg")}
    assert copies == {"colorized/a.jpg", "colorized/b/c.jpg"}


def test_a_name_without_a_format_gets_one(here, fake):
    """Scanners count: scan.001 and scan.002 must not become one file."""
    for name in ("scan.001", "scan.002"):
        gray("a.jpg").rename(name)
    assert colorize("scan.001", "scan.002").exit_code == 0
    assert photos.read("colorized/scan.001.png").made_by
    assert photos.read("colorized/scan.002.png").made_by


@pytest.mark.parametrize(
    ("content", "name", "copy"),
    [
        ("deep.png", "x.jpg", "x.png"),
        ("clear.png", "x.JPEG", "x.png"),
        ("plain.jpg", "x.png", "x.jpg"),
        ("plain.tif", "x.gif", "x.tif"),
        ("plain.gif", "x.jpg", "x.png"),
    ],
)
def test_the_content_names_the_copy(here, fake, content, name, copy):
    """A 16-bit PNG that is called .jpg can't be written as its name says."""
    gray(content)
    with Image.open(content) as image:
        if content.startswith("deep"):
            Image.fromarray(np.full((9, 9), 40_000, np.uint16)).save(content)
        elif content.startswith("clear"):
            image.putalpha(90)
            image.save(content)
    Path(content).rename(name)
    result = colorize(name)
    assert result.exit_code == 0, result.output
    assert "although its name ends in" in " ".join(photos.read(name).notes)
    written = photos.read(Path("colorized", copy))
    assert written.made_by
    assert not written.notes  # the copy's own name tells the truth


@pytest.mark.parametrize(
    ("files", "arguments", "copies"),
    [
        (["x/a.jpg", "y/a.jpg"], ["x", "y"], ["a.jpg", "a.jpg.jpg"]),
        (["a.gif", "a.png"], ["a.gif", "a.png"], ["a.gif.png", "a.png"]),
        (["x/a.bmp", "x/a.gif"], ["x"], ["a.png", "a.gif.png"]),
        (["x/A.jpg", "y/a.jpg"], ["x", "y"], ["A.jpg", "a.jpg.jpg"]),
        (["x/a.jpg", "x/a.tif"], ["x"], ["a.jpg", "a.tif"]),
        (
            ["x/a.jpg", "y/a.jpg", "z/a.jpg"],
            ["x", "y", "z"],
            ["a.jpg", "a.jpg.jpg", "a.jpg.2.jpg"],
        ),
        (
            ["x/a.gif", "x/a.gif.png", "x/a.png"],
            ["x"],
            ["a.gif.2.png", "a.gif.png", "a.png"],
        ),
        (["x/\u00fc.jpg", "y/u\u0308.jpg"], ["x", "y"], ["ü.jpg", "ü.jpg.jpg"]),
    ],
)
def test_two_copies_never_get_one_name(here, fake, files, arguments, copies):
    """Both are colored, a note says so, and a second run finds both."""
    for file in files:
        gray(file, size=(30 + len(file), 20))
    result = colorize(*arguments)
    assert result.exit_code == 0, result.stderr
    outputs = [Path(e["output"]).name for e in report()["photographs"]]
    as_one = [unicodedata.normalize("NFC", name) for name in outputs]
    assert as_one == copies
    renamed = sum(name.count(".") > 1 for name in copies) - files.count(
        "x/a.gif.png"  # which keeps its own name
    )
    assert result.stdout.count("its copy is called") == renamed
    again = colorize(*arguments)
    assert again.exit_code == 0, again.stderr
    assert report()["skipped"] == len(files)


def test_true_formats_may_meet_too(here, fake):
    gray("x.png")
    gray("y.png").rename("x.jpg")
    assert colorize("x.png", "x.jpg").exit_code == 0
    assert photos.read("colorized/x.png").made_by
    assert photos.read("colorized/x.jpg.png").made_by


def test_a_photograph_given_twice_is_colored_once(here, model):
    gray("scans/a.jpg")
    result = colorize("scans", "scans/a.jpg", "--model", model)
    assert result.exit_code == 0
    assert report()["colored"] == 1


def test_a_photograph_given_by_two_ways_is_one(here, fake):
    """Not two whose copies would have one name."""
    gray("scans/a.jpg")
    result = colorize("scans/a.jpg", "scans/../scans/a.jpg")
    assert result.exit_code == 0, result.stderr
    assert report()["colored"] == 1


@pytest.mark.parametrize("command", ["colorize", "info"])
def test_an_empty_name_is_not_the_current_folder(here, fake, command):
    """`colorlib colorize "$scan"`, where the variable was not set."""
    gray("a.jpg")
    result = CliRunner().invoke(app, [command, ""])
    assert result.exit_code == 2
    assert "empty" in result.stderr
    assert not Path("colorized").exists()


@pytest.mark.parametrize("option", ["-o", "--report"])
def test_an_empty_name_is_no_place_for_results(here, fake, option):
    gray("a.jpg")
    result = colorize("a.jpg", option, "")
    assert result.exit_code == 2
    assert "empty" in result.stderr
    assert [p.name for p in here.iterdir()] == ["a.jpg"]


@pytest.mark.parametrize(
    ("files", "arguments", "said"),
    [
        (["x/a.jpg"], ["x", "-o", "x"], "would replace an original"),
        (["a.jpg"], ["a.jpg", "-o", "."], "would replace an original"),
        (["a.jpg"], ["missing.jpg"], "missing.jpg: no such file"),
        (["x/readme.txt"], ["x"], "no photographs in x"),
        (["a.jpg"], ["a.jpg", "--report", "b.jpg"], "takes a .json file"),
        (["a.jpg"], ["a.jpg", "--model", "no.safetensors"], "no.safetensors"),
        (["a.jpg"], ["a.jpg", "--device", "abacus"], "abacus"),
    ],
)
def test_wrong_usage_is_refused_before_any_work(
    here, model, files, arguments, said
):
    """One line, status 2, and nothing written: no half-done surprise."""
    for file in files:
        if file.endswith(".txt"):
            Path(file).parent.mkdir()
            Path(file).touch()
        else:
            gray(file)
    before = contents(here)
    if "--model" not in arguments:
        arguments = [*arguments, "--model", model]
    result = colorize(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert contents(here) == before


class FakeColorizer:
    """Colors nothing; does what a test tells it to at a given photograph."""

    name, sha256, device = "fake", "0" * 64, "cpu"
    size, tta_sizes, mirror, faded = 32, (16, 48), False, False

    def __init__(self, trouble=None, at="b.jpg"):
        self.trouble, self.at = trouble, at

    def is_faded(self, photo):
        return False

    def colorize(self, photo, *, size=None, hints=()):
        if photo.path.name == self.at and self.trouble:
            raise self.trouble
        made_by = photos.MadeBy("fake", self.sha256, "test")
        return replace(photo, made_by=made_by, notes=("made for a test",))


@pytest.fixture
def fake(monkeypatch):
    """Put a fake in the place of every colorizer that is loaded."""

    def put(*arguments):
        monkeypatch.setattr(
            "colorlib.colorizer.Colorizer.load",
            lambda model=None, **_: FakeColorizer(*arguments),
        )

    put()
    return put


def test_the_report_is_kept_on_the_way(here, fake, monkeypatch):
    """When the power fails, what was noted of the first ones is there."""
    for name in "abc":
        gray(f"scans/{name}.jpg")
    monkeypatch.setattr(command, "KEEP_EVERY", -1.0)
    kept = []
    fake(RuntimeError("broken"))
    monkeypatch.setattr(
        command,
        "write_json",
        lambda said, path: kept.append(said) or write_json(said, path),
    )
    colorize("scans")
    assert [each["not_reached"] for each in kept] == [2, 1, 0, 0]
    assert kept[0]["photographs"][0]["notes"] == ["made for a test"]
    entries = report()["photographs"]
    assert [e["status"] for e in entries] == ["colored", "failed", "colored"]
    assert report()["photographs_of_earlier_runs"] == []


def test_of_very_many_errors_the_first_are_shown(here, fake, monkeypatch):
    for name in "abc":
        gray(f"scans/{name}.jpg")
    colorize("scans")
    monkeypatch.setattr(command, "SHOWN_ERRORS", 1)
    result = colorize("scans", "--size", 8)
    assert result.stderr.count("was colored with") == 1
    assert "and 2 more, which are in the report" in result.stderr


def test_ctrl_c_keeps_what_was_done_and_says_so(here, fake):
    for name in "abc":
        gray(f"scans/{name}.jpg")
    fake(KeyboardInterrupt())
    result = colorize("scans")
    assert result.exit_code == 130
    assert "2 of 3 photographs to go; the same command" in result.stderr
    assert (report()["colored"], report()["not_reached"]) == (1, 2)
    written = {p.name for p in Path("colorized").iterdir()}
    assert written == {"a.jpg", "colorlib-report.json"}

    fake()
    assert colorize("scans").exit_code == 0
    assert (report()["colored"], report()["skipped"]) == (2, 1)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (MemoryError(), "scans/b.jpg: does not fit into memory"),
        (OSError(28, "No space left on device"), "the disk is full; make room"),
        (TypeError("no"), "scans/b.jpg: unexpected TypeError: no"),
    ],
)
def test_no_trouble_with_one_photograph_stops_the_rest(
    here, fake, trouble, said
):
    for name in "abc":
        gray(f"scans/{name}.jpg")
    fake(trouble)
    result = colorize("scans")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert (report()["colored"], report()["failed"]) == (2, 1)


def test_debugging_stops_at_the_first_trouble(here, fake, monkeypatch):
    monkeypatch.setenv("COLORLIB_DEBUG", "1")
    gray("b.jpg")
    fake(TypeError("no"))
    assert isinstance(colorize("b.jpg").exception, TypeError)


def test_notes_are_told_once_for_all_who_share_them(here, fake):
    for name in "abc":
        gray(f"scans/{name}.jpg")
    result = colorize("scans")
    told = "scans/a.jpg and 2 more: made for a test"
    assert result.stdout.count("made for a test") == 1
    assert told in result.stdout


def test_quiet_shows_errors_only(here, fake):
    gray("scans/a.jpg")
    Path("scans/empty.jpg").touch()
    result = colorize("scans", "--quiet")
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


def test_the_report_goes_where_it_is_asked_for(here, fake):
    gray("a.jpg")
    assert colorize("a.jpg", "--report", "far/away.json").exit_code == 0
    assert json.loads(Path("far/away.json").read_text())["colored"] == 1
    assert [p.name for p in Path("colorized").iterdir()] == ["a.jpg"]


def test_a_name_that_is_not_utf8_is_colored_and_reported(here, fake):
    """Disks of the nineties hold such names."""
    name = os.fsdecode(b"\xc1\xb6.jpg")
    gray(f"scans/{name}")
    result = colorize("scans")
    assert result.exit_code == 0, result.output
    assert Path("colorized", name).exists()
    assert report()["photographs"][0]["input"] == f"scans/{name}"


@pytest.mark.slow
def test_a_pipe_gets_text_without_control_characters(here, model):
    """What a script or a log reads: no bar, no colors, no cursor moves."""
    gray("scans/a.jpg")
    Path("scans/empty.jpg").touch()
    process = subprocess.run(
        [sys.executable, "-m", "colorlib", "colorize", "scans"]
        + ["--model", str(model), "--device", "cpu"],
        capture_output=True,
        text=True,
    )
    assert process.returncode == 1
    for text in (process.stdout, process.stderr):
        assert all(c.isprintable() or c == "\n" for c in text)
    assert "colored" in process.stdout
    assert process.stderr.count("\n") == 1


def test_a_second_run_keeps_what_the_report_said(here, fake):
    """Its notes are the only record of what was done to a photograph."""
    for name in "ab":
        gray(f"scans/{name}.jpg")
    assert colorize("scans/a.jpg").exit_code == 0
    (first,) = report()["photographs"]
    assert first["notes"] == ["made for a test"]
    for _ in range(2):
        assert colorize("scans").exit_code == 0
        again = report()["photographs"][0]
        assert again == first | {"status": "skipped"}


@pytest.mark.parametrize("more", [[], ["--overwrite"]])
def test_a_run_keeps_what_the_report_said_of_other_photographs(
    here, fake, more
):
    """An archive is colored folder by folder."""
    for name in "abc":
        gray(f"{name}.jpg")
        assert colorize(f"{name}.jpg", *more).exit_code == 0
    found = report()
    names = [e["input"] for e in found["photographs_of_earlier_runs"]]
    assert names == ["a.jpg", "b.jpg"]
    assert [e["input"] for e in found["photographs"]] == ["c.jpg"]
    assert found["colored"] == 1  # in this run


@pytest.mark.parametrize("content", ["{}", "[1]", "Dear diary", ""])
def test_a_report_replaces_nothing_but_a_report(here, fake, content):
    gray("a.jpg")
    Path("diary.json").write_text(content)
    result = colorize("a.jpg", "--report", "diary.json")
    assert result.exit_code == 2
    assert "diary.json exists and is no report of colorlib" in result.stderr
    assert Path("diary.json").read_text() == content
    assert not Path("colorized/a.jpg").exists()
    asked = colorize("a.jpg", "--report", "diary.json", "--overwrite")
    assert asked.exit_code == 0
    assert json.loads(Path("diary.json").read_text())["colored"] == 1


@pytest.mark.parametrize(
    "place", [["-o", "note.txt/out"], ["--report", "note.txt/r.json"]]
)
def test_a_place_that_takes_no_file_is_found_before_the_work(here, fake, place):
    """Not after a night, when the first result is to be kept."""
    gray("a.jpg")
    Path("note.txt").touch()
    result = colorize("a.jpg", *place)
    assert result.exit_code == 2
    assert result.stderr.startswith("colorlib: note.txt")
    assert result.stderr.count("\n") == 1
    assert not Path("colorized/a.jpg").exists()


def test_a_broken_link_in_a_list_fails_alone(here, fake):
    gray("a.jpg")
    Path("gone.jpg").symlink_to("nowhere.jpg")
    Path("self.jpg").symlink_to("self.jpg")
    result = colorize("gone.jpg", "a.jpg", "self.jpg", "missing.jpg")
    assert result.exit_code == 1
    assert Path("colorized/a.jpg").exists()
    assert result.stderr.splitlines() == [
        "colorlib: gone.jpg: no such file or folder; check the name",
        "colorlib: self.jpg: is a link that leads nowhere; remove it, or mend"
        " it",
        "colorlib: missing.jpg: no such file or folder; check the name",
    ]
    assert (report()["colored"], report()["failed"]) == (1, 3)


def test_a_pipe_and_a_device_fail_alone(here, fake):
    """`colorlib colorize <(fetch scan)`: opening it may wait for ever."""
    gray("a.jpg")
    os.mkfifo("pipe.jpg")
    result = colorize("pipe.jpg", "/dev/zero", "a.jpg")
    assert result.exit_code == 1
    assert (report()["colored"], report()["failed"]) == (1, 2)
    assert "pipe.jpg: is a device or a pipe" in result.stderr
    assert "/dev/zero: is a device or a pipe" in result.stderr


def test_what_a_folder_holds_beside_photographs_is_told(here, fake):
    """Nothing vanishes without a word, and nothing is waited for."""
    gray("scans/a.jpg")
    os.mkfifo("scans/pipe.jpg")
    Path("scans/self.jpg").symlink_to("self.jpg")
    Path("scans/more").symlink_to(".")
    for name in ("box.zip", "raw.dng", "notes.txt"):
        Path("scans", name).write_bytes(b"...")
    for _ in range(2):  # what an earlier run left is not set aside
        result = colorize("scans", "-o", "scans/out")
        assert result.exit_code == 0, result.stderr
    found = report("scans/out")["set_aside"]
    assert sorted(map(sorted, found.values())) == [
        ["scans/box.zip"],
        ["scans/more"],
        ["scans/notes.txt"],
        ["scans/pipe.jpg", "scans/self.jpg"],
        ["scans/raw.dng"],
    ]
    assert "set aside 1 of archives, which are not opened: sc" in result.stdout


def test_a_record_s_refusals_are_told_and_it_is_no_other_file(here, fake):
    """Of `colorlib eras`. What is colored stays the user's decision."""
    gray("scans/a.png")
    gray("scans/b.png")
    lines = [
        RecordLine("kept", "a.png", id="a"),
        RecordLine("refused", "b.png", "forbids changes", id="b"),
    ]
    write_record(Path("scans"), lines)
    result = colorize("scans")
    assert result.exit_code == 0
    assert (
        "scans/photographs.csv refuses 1 of its 2 photographs here, colored"
        " all the same: scans/b.png\n"
    ) in result.stdout
    assert "set aside" not in result.stdout
    assert report()["set_aside"] == {}
    assert report()["colored"] == 2


def test_a_copy_is_in_the_way_as_a_pipe(here, fake):
    gray("a.jpg")
    Path("colorized").mkdir()
    os.mkfifo("colorized/a.jpg")
    assert colorize("a.jpg").exit_code == 1
    assert report()["failed"] == 1


def test_sigterm_keeps_what_was_done(here, fake):
    for name in "abc":
        gray(f"scans/{name}.jpg")
    fake(Terminated())
    result = colorize("scans")
    assert result.exit_code == 143
    assert "2 of 3 photographs to go" in result.stderr
    assert (report()["colored"], report()["not_reached"]) == (1, 2)


def test_a_failure_does_not_delete_what_the_report_knew(here, fake):
    """That it was colored, and what was noted, stays true."""
    gray("scans/a.jpg")
    assert colorize("scans").exit_code == 0
    (first,) = report()["photographs"]
    gray("scans/a.jpg", size=(50, 20))
    for _ in range(2):
        assert colorize("scans").exit_code == 1
        assert report()["photographs_of_earlier_runs"] == [first]
    assert colorize("scans", "--overwrite").exit_code == 0
    assert report()["photographs_of_earlier_runs"] == [first]
    (now,) = report()["photographs"]
    assert now["source_sha256"] != first["source_sha256"]


def test_the_report_tells_files_of_one_name_apart(here, fake, monkeypatch):
    """The same relative path, from two folders, is two photographs."""
    for folder, size in (("x", (30, 20)), ("y", (50, 20))):
        gray(here / folder / "a.jpg", size=size)
        monkeypatch.chdir(here / folder)
        colorize("a.jpg", "-o", here / "out", "--overwrite")
    found = report(here / "out")
    assert len(found["photographs_of_earlier_runs"]) == 1


@pytest.mark.parametrize("more", [[], ["--update"]])
def test_a_file_that_came_meanwhile_is_not_replaced(
    here, fake, monkeypatch, more
):
    """Another program put it there while the network was at work."""
    gray("scans/a.jpg")
    real = FakeColorizer.colorize

    def meanwhile(self, photo, *, size=None, hints=()):
        Path("colorized").mkdir(exist_ok=True)
        Path("colorized/a.jpg").write_bytes(b"theirs")
        return real(self, photo, size=size, hints=hints)

    monkeypatch.setattr(FakeColorizer, "colorize", meanwhile)
    assert colorize("scans", *more).exit_code == 1
    assert Path("colorized/a.jpg").read_bytes() == b"theirs"


def test_a_report_that_grew_meanwhile_keeps_both(here, fake, monkeypatch):
    """Two runs at once, one report: the later one reads it again."""
    gray("a.jpg")
    gray("b.jpg")
    really = FakeColorizer.colorize

    def meanwhile(self, photo, *, size=None, hints=()):
        monkeypatch.setattr(FakeColorizer, "colorize", really)
        assert colorize("b.jpg").exit_code == 0
        return really(self, photo, size=size)

    monkeypatch.setattr(FakeColorizer, "colorize", meanwhile)
    assert colorize("a.jpg").exit_code == 0
    (other,) = report()["photographs_of_earlier_runs"]
    assert other["input"] == "b.jpg"


@pytest.mark.parametrize("entry", [{}, "a.jpg", {"input": 7, "notes": None}])
def test_an_entry_that_somebody_edited_is_kept(here, fake, entry):
    gray("a.jpg")
    Path("r.json").write_text(
        json.dumps({"software": "colorlib 0.0.1", "photographs": [entry]})
    )
    assert colorize("a.jpg", "--report", "r.json").exit_code == 0
    found = json.loads(Path("r.json").read_text())
    assert len(found["photographs_of_earlier_runs"]) == 1


def test_size_is_what_the_model_sees(here, fake, monkeypatch):
    seen = []
    really = FakeColorizer.colorize

    def watch(self, photo, *, size=None, hints=()):
        seen.append(size)
        return really(self, photo, size=size)

    monkeypatch.setattr(FakeColorizer, "colorize", watch)
    gray("a.jpg")
    assert colorize("a.jpg", "--size", 64).exit_code == 0
    assert seen == [64]
    assert report()["model"]["size"] == 64
    assert report()["model"]["tta_sizes"] == []


def test_the_report_names_every_size_that_the_model_looks_at(here, fake):
    gray("a.jpg")
    assert colorize("a.jpg").exit_code == 0
    assert report()["model"]["size"] == 32
    assert report()["model"]["tta_sizes"] == [16, 48]


def test_what_is_above_the_limit_of_megapixels_fails(here, fake):
    gray("a.jpg")  # 40 x 30
    result = colorize("a.jpg", "--max-megapixels", 0.001)
    assert result.exit_code == 1
    assert "raise the limit of megapixels" in result.stderr
    assert "0.0012 million" in result.stderr
    assert colorize("a.jpg", "--max-megapixels", 0.0012).exit_code == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--max-megapixels", "nan"),
        ("--max-megapixels", "-1"),
        ("--max-megapixels", "0"),
        ("--size", "0"),
        ("--size", "-3"),
        ("--device", ""),
    ],
)
def test_a_value_without_meaning_is_wrong_usage(here, model, option, value):
    """An empty --device is a script's variable that was not set."""
    gray("a.jpg")
    result = colorize("a.jpg", "--model", model, option, value)
    assert result.exit_code == 2
    assert not Path("colorized/a.jpg").exists()


def test_a_remedy_is_right_on_the_command_line_too(here, fake, monkeypatch):
    """Whoever types a command can't call dataclasses.replace."""
    gray("a.jpg")
    really = FakeColorizer.colorize

    def deepen(self, photo, *, size=None, hints=()):
        deep = photo.pixels.astype(np.uint16)
        return replace(really(self, photo), pixels=deep)

    monkeypatch.setattr(FakeColorizer, "colorize", deepen)
    result = colorize("a.jpg")
    assert result.exit_code == 1
    assert result.stderr.rstrip().endswith("save it as .png or .tif")
