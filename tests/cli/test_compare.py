"""`colorlib compare`: a page of two folders, shares of answers."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from colorlib import photos
from colorlib.cli import app
from colorlib.evaluation.answers import COLUMNS
from colorlib.widgets.choice_page import PAGE_START


def run(*arguments):
    """Run the command in this process."""
    return CliRunner().invoke(app, ["compare", *map(str, arguments)])


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Two folders of copies, and one that only the first has."""
    monkeypatch.chdir(tmp_path)
    for folder, level, names in (("l1", 60, "abcd"), ("gan", 160, "abc")):
        for name in names:
            pixels = np.full((20, 30, 3), level, np.uint8)
            photos.write(photos.from_array(pixels), f"{folder}/{name}.png")
    return tmp_path


def table(name, judge, choices):
    """A judge's CSV: of each pair, what was left and what was preferred."""
    rows = [",".join(COLUMNS)]
    for number, (left, preferred) in enumerate(choices, 1):
        right = "l1" if left == "gan" else "gan"
        row = [judge, number, f"{number}.png", left, right, preferred, 1.5]
        rows.append(",".join(map(str, row)))
    Path(name).write_text("\r\n".join(rows) + "\r\n")
    return name


def test_a_page_is_made_and_what_is_left_out_is_named(here):
    result = run("l1", "gan")
    assert result.exit_code == 0, result.output
    page = Path("compare.html").read_text()
    assert page.startswith(PAGE_START)
    assert page.count("<img ") == 6
    first, second = result.stdout.splitlines()
    assert first == "page: compare.html, 3 trials, 0.0 MB"
    assert "60.0 % from 50 %" in second
    assert "194 trials" in second
    assert result.stderr == (
        "colorlib: left out, without a partner: l1/d.png\n"
    )


def test_options_reach_the_page(here):
    result = run(
        *("l1", "gan", "-o", "sub/p.html", "--originals", "l1"),
        *("--trials", 2, "--detect", 0.7, "--question", "Which is true?"),
    )
    assert result.exit_code == 0, result.output
    page = Path("sub/p.html").read_text()
    assert page.count("<img ") == 2 * 3
    assert "<h1>Which is true?</h1>" in page
    assert 'data-detect="70"' in page
    assert "47 trials" in result.stdout


def test_the_same_command_makes_the_same_page(here):
    pages = []
    for seed in (1, 1, 2, 3, 4):
        assert run("l1", "gan", "--seed", seed).exit_code == 0
        pages.append(Path("compare.html").read_text())
    assert pages[0] == pages[1]
    assert len(set(pages)) > 2


def test_a_photograph_that_can_t_be_read_is_status_1(here):
    Path("gan/b.png").write_bytes(b"no picture")
    result = run("l1", "gan")
    assert result.exit_code == 1
    assert "b.png" in result.stderr
    assert Path("compare.html").read_text().count("<img ") == 4


def test_answers_are_summed_up(here):
    ann = table("ann.csv", "ann", [("gan", "gan"), ("l1", "gan")] * 6)
    bob = table("bob.csv", "bob", [("gan", "gan"), ("l1", "l1")] * 6)
    result = run(ann, bob)
    assert result.exit_code == 0, result.output
    told = " ".join(result.stdout.split())
    assert "ann 12 100.0 % 75.8 % to 100.0 % 50.0 %" in told
    assert "bob 12 50.0 % 25.4 % to 74.6 % 100.0 %" in told
    assert "together 24 75.0 %" in told
    assert "gan was preferred to l1 in 75.0 % of 24 trials on 12" in told
    assert "bootstrap over photographs): above 50 %" in told
    assert "the left picture was chosen in 75.0 % of trials" in told
    assert "agreed in 50.0 % of cases on 12 photographs" in told
    assert "194 trials" in told


def test_who_wins_may_be_the_second_by_name(here):
    lost = [("gan", "l1"), ("l1", "l1"), ("l1", "gan")]
    result = run(table("ann.csv", "ann", lost))
    said = " ".join(result.stdout.split())
    assert "l1 was preferred to gan in 66.7 % of 3 trials" in said
    assert "95 % interval 20.8 % to 93.9 % (by Wilson): not clear of" in said
    assert "together" not in said
    assert "two judges" not in said


def test_the_summary_is_json_for_machines(here):
    ann = table("ann.csv", "ann", [("gan", "gan"), ("l1", "gan")])
    result = run(ann, "--json", "--detect", 0.75)
    data = json.loads(result.stdout)
    assert data["names"] == ["gan", "l1"]
    assert data["together"]["first"]["share"] == 1
    assert data["judges"]["ann"]["left"]["share"] == 0.5
    assert data["agreement"] is None
    assert data["trials_needed"] == {"share": 0.75, "trials": 29}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["l1"], "give two folders to make a page of, or files of answers"),
        (["l1", "gan", "l1"], "give two folders"),
        (["l1", "a.csv"], "give two folders"),
        (["l1", "l1"], "l1 and l1 are one folder"),
        (["l1", "nowhere"], "nowhere: no such file"),
        (["l1", "gan", "--trials", 9], "9 trials of 3 pairs; ask for 1 to 3"),
        (["l1", "gan", "--json"], "--json has a meaning only for what sums"),
        (
            ["a.csv", "--trials", 2],
            "--trials has a meaning only for what makes",
        ),
        (["l1", "gan", "-o", "notes.html"], "notes.html exists and is no page"),
        (["notes.html"], "notes.html: is no table of answers"),
        (["l1", "gan", "--max-megapixels", 0], "above 0"),
        (["l1", "gan", "--originals", "empty"], "have no original"),
        ([""], "empty"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_is_one_line(here, arguments, said):
    table("a.csv", "ann", [("gan", "gan")])
    Path("notes.html").write_text("my notes")
    Path("empty").mkdir()
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    if result.stderr.startswith("colorlib: "):
        assert result.stderr.count("\n") == 1
    assert Path("notes.html").read_text() == "my notes"
    assert not Path("compare.html").exists()
