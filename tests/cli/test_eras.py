"""`colorlib eras`: what is known of an era, with a source for each claim."""

import json
from functools import partial

import pytest
from archive_server import photograph, serve
from typer.testing import CliRunner

from colorlib.cli import app
from colorlib.eras import fetch
from colorlib.eras.catalog import era_names, load_era


def run(*arguments, **environment):
    """Run the command in this process."""
    arguments = ["eras", *map(str, arguments)]
    return CliRunner(env=environment).invoke(app, arguments)


@pytest.fixture
def archives(monkeypatch):
    """Both archives, on this machine."""
    with serve() as server:
        here = partial(
            fetch.fetch_era,
            commons=server.url + "/w/api.php",
            loc=server.url,
        )
        monkeypatch.setattr(fetch, "fetch_era", here)
        yield server


def test_the_list_counts_what_has_no_source():
    shown = run("list").stdout
    for name in era_names():
        era = load_era(name)
        [line] = [line for line in shown.splitlines() if f" {name} " in line]
        count = [len(era.sources), era.sources.count("unsourced")]
        assert [int(word) for word in line.split()[-2:]] == count


def test_an_era_is_shown_with_all_its_sources():
    shown = run("show", "korean-war")
    assert shown.exit_code == 0
    era = load_era("korean-war")
    found = [s.strip() for s in shown.stdout.splitlines()]
    sources = [line[1:-1] for line in found if line.startswith("[")]
    assert sorted(sources) == sorted(era.sources)
    assert "1950 to 1953: orthochromatic 15%, panchromatic B 85%" in found
    for color in era.colors:
        assert f"not known: {color.unknown}" in found


def test_an_era_that_is_not_there_is_one_line():
    shown = run("show", "joseon")
    assert shown.exit_code == 2
    assert shown.stderr.count("\n") == 1
    assert "choose one of colonial" in shown.stderr


# Photographs


@pytest.mark.slow
def test_photographs_of_an_era_are_fetched(archives, tmp_path):
    """One request a second, as archives want it; so it takes seconds."""
    archives.add_commons("a.jpg")
    archives.add_commons("b.jpg", LicenseShortName="CC BY-ND 4.0")
    done = run(
        "fetch",
        "korean-war",
        "--to",
        tmp_path / "out",
        "--limit",
        2,
        COLORLIB_CONTACT="ann@example.org",
    )
    assert done.exit_code == 0, done.stderr
    first, second, *_, last = done.stdout.splitlines()
    assert first == "kept      commons-100.jpg"
    assert second.startswith("refused   commons 101, b.jpg: forbids changes")
    assert last.endswith("out: 1 kept, 1 refused")
    assert "asking commons for Category:Korean War" in done.stderr


def test_without_a_contact_nobody_is_asked(archives, tmp_path):
    done = run("fetch", "colonial", "--to", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "--contact" in done.stderr
    assert not archives.asked
    assert not (tmp_path / "out").exists()


def test_a_width_that_is_not_there_is_one_line(archives, tmp_path):
    done = run(
        "fetch",
        "colonial",
        "--to",
        tmp_path,
        "--contact",
        "a@b.org",
        "--width",
        1024,
    )
    assert done.exit_code == 2
    assert "choose one of 250" in done.stderr
    assert not archives.asked


def test_own_scans_are_added(tmp_path):
    (tmp_path / "a.jpg").write_bytes(photograph(1))
    asked = run("add", tmp_path, "--era", "korean-war", "--date", "1951")
    assert asked.exit_code == 2
    assert "a.jpg has no title; give it with --title" in asked.stderr
    (tmp_path / "t.csv").write_text("file,title,rights\na.jpg,Seoul,CC0\n")
    done = run(
        "add",
        tmp_path,
        "--era",
        "korean-war",
        "--date",
        "1951",
        "--author",
        "unknown",
        "--table",
        tmp_path / "t.csv",
    )
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[0] == "kept      a.jpg"
    assert "CC0" in (tmp_path / "photographs.csv").read_text()


def test_own_scans_may_be_of_no_era(tmp_path):
    (tmp_path / "a.jpg").write_bytes(photograph(1))
    said = {"date": "unknown", "author": "unknown", "title": "A wedding"}
    said["rights"] = "by permission of the family"
    words = [w for name, text in said.items() for w in (f"--{name}", text)]
    done = run("add", tmp_path, *words)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [
        "kept      a.jpg",
        f"{tmp_path}: 1 kept",
    ]


@pytest.mark.parametrize("name", ["nowhere", "a.jpg"])
def test_scans_are_in_a_folder(tmp_path, name):
    (tmp_path / "a.jpg").write_bytes(photograph(1))
    asked = run("add", tmp_path / name, "--era", "korean-war")
    assert asked.exit_code == 2
    assert f"{name} is no folder; give the one" in asked.stderr
    assert asked.stderr.count("\n") == 1


def test_a_scan_that_is_damaged_is_status_1(tmp_path):
    (tmp_path / "a.jpg").write_bytes(photograph(1)[:-300])
    done = run(
        "add",
        tmp_path,
        "--era",
        "korean-war",
        "--date",
        "1951",
        "--author",
        "unknown",
        "--title",
        "Seoul",
        "--rights",
        "CC0",
    )
    assert done.exit_code == 1
    assert done.stdout.startswith("failed    a.jpg: is cut short")


# Scores


@pytest.mark.slow
def test_models_are_scored_on_an_era_s_film(tmp_path):
    page = tmp_path / "new" / "war.html"
    options = ("--films", 1, "--crop", 64, "-o", page)
    done = run("evaluate", "korean-war", *options)
    assert done.exit_code == 0, done.stderr
    assert "gap" in done.stdout
    assert "Korean War, 1950 to 1953" in page.read_text()
    assert json.loads(page.with_suffix(".json").read_text())["films"] == 1
    assert run("evaluate", "korean-war", *options).exit_code == 0

    page.write_text("mine")
    again = run("evaluate", "korean-war", *options)
    assert again.exit_code == 2
    assert "is no page of colorlib" in again.stderr
    assert page.read_text() == "mine"


FLAG = """
[[object]]
photo = "flag.jpg"
thing = "태극기"
parts = { "red half" = [40, 20, 90, 45], "blue half" = [40, 50, 90, 75] }
"""
ANSWERS = """judge,trial,pair,left,right,preferred,seconds
ann,1,pier.jpg,gan,l1,gan,2.5
"""


@pytest.fixture
def inputs(tmp_path):
    """What the parts of the protocol take: (b), (c) and (e)."""
    color = tmp_path / "color"
    color.mkdir()
    for seed in (1, 2):
        data = photograph(seed, color=True)
        (color / f"{seed}.jpg").write_bytes(data)
    (tmp_path / "flag.jpg").write_bytes(photograph(3))
    (tmp_path / "flag.toml").write_text(FLAG, encoding="utf-8")
    (tmp_path / "ann.csv").write_text(ANSWERS)
    return tmp_path


def evaluate(folder, *options):
    """Run all parts on what `inputs` made, with further options."""
    quick = ("--films", 1, "--crop", 64, "-o", folder / "war.html")
    data = ("--data", folder / "color")
    return run("evaluate", "korean-war", *quick, *data, *options)


@pytest.mark.slow
def test_all_parts_of_the_protocol_are_measured(inputs):
    done = evaluate(
        inputs,
        *("--color", inputs / "color", "--balance"),
        *("--objects", inputs / "flag.toml"),
        *("--answers", inputs / "ann.csv"),
    )
    assert done.exit_code == 0, done.stderr
    words = "model - gray", "of 2 parts", "of 1 things", "off", "gan was"
    for said in (*words, "picked by the truth", "film nearer"):
        assert said in done.stdout
    assert done.stdout.count("dataset mean") == 2  # (a) and (b)
    assert "not measured" not in done.stdout
    told = json.loads((inputs / "war.json").read_text())
    for part in ("true_color", "objects", "doubt", "choices"):
        assert told[part]["meanings"]
    assert told["true_color"]["balanced"] is True
    [(who, scores)] = told["doubt"]["variants"]["scores"].items()
    film = told["ciede2000"][who]["film"]
    assert scores["film"]["first"] == pytest.approx(film)
    page = (inputs / "war.html").read_text()
    assert "cast of each was taken away" in page
    # Every option, and of this machine nothing.
    assert told["command"] == (
        "colorlib eras evaluate korean-war --data color --color color"
        " --balance --objects flag.toml --answers ann.csv --output war.html"
        " --films 1 --crop 64 --max-megapixels 300"
    )
    assert told["command"] in page
    assert str(inputs) not in page + json.dumps(told)


def test_there_is_nothing_to_balance_without_true_colors(inputs):
    done = evaluate(inputs, "--balance")
    assert done.exit_code == 2
    assert "--balance is for --color" in done.stderr


@pytest.mark.slow
def test_photographs_without_color_are_one_line(inputs):
    """Or an error, and no page, if there are no others."""
    (inputs / "color" / "portrait.jpg").write_bytes(photograph(5))
    done = evaluate(inputs)
    assert done.exit_code == 0, done.stderr
    said = "left out of (a) and (d): 1 of 3, gray or of one tone"
    assert said in done.stdout.splitlines()
    for name in ("war.html", "color/1.jpg", "color/2.jpg"):
        (inputs / name).unlink()
    done = evaluate(inputs)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "give some with --data; 1 are gray or of one tone" in done.stderr
    assert not (inputs / "war.html").exists()


@pytest.mark.slow
def test_what_is_not_given_is_said_in_a_line(inputs):
    done = evaluate(inputs)
    lines = done.stdout.splitlines()
    missing = [line for line in lines if "not measured" in line]
    assert [line[:3] for line in missing] == ["(b)", "(c)", "(e)"]


@pytest.mark.slow
def test_a_damaged_photograph_of_a_thing_is_status_1(inputs):
    (inputs / "cut.jpg").write_bytes(photograph(1)[:-300])
    with (inputs / "flag.toml").open("a", encoding="utf-8") as file:
        file.write(FLAG.replace("flag.jpg", "cut.jpg"))
    done = evaluate(inputs, "--objects", inputs / "flag.toml")
    assert done.exit_code == 1
    assert "cut.jpg" in done.stderr
    assert "of 1 things" in done.stdout


@pytest.mark.parametrize(
    ("option", "name", "text", "said"),
    [
        ("--color", "none", None, "no photographs found"),
        ("--objects", "flag.toml", FLAG[:60], "flag.toml"),
        ("--objects", "flag.toml", FLAG.replace("90", "900"), "lies outside"),
        ("--answers", "ann.csv", "judge\nann", "is no table of answers"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    inputs, option, name, text, said
):
    if text:
        (inputs / name).write_text(text, encoding="utf-8")
    done = evaluate(inputs, option, inputs / name)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert not (inputs / "war.html").exists()
    assert not (inputs / "war.json").exists()
