"""Only what was taken in color counts, and what counts is paired with gray."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from archive_server import photograph

from colorlib.colorizer import Colorizer
from colorlib.data.samples import bundled
from colorlib.eras.add import add_scans
from colorlib.eras.catalog import load_era
from colorlib.eras.record import read_record, write_record
from colorlib.evaluation.bootstrap import DIFFERENCE
from colorlib.evaluation.era_color import (
    ERROR,
    PeriodPhotographs,
    find_period_photographs,
    score_true_color,
)
from colorlib.evaluation.era_film import measure_era
from colorlib.evaluation.era_scenes import NOT_COLOR
from colorlib.evaluation.era_scores import BASELINES, GRAY_NAME
from colorlib.models.unet import Unet

ERA = load_era("korean-war")
SAID = {"title": "Busan", "author": "unknown", "date": "1951", "rights": "CC0"}
TRUE = {"process": "Kodachrome", "institution": "a museum"}
NOTHING = PeriodPhotographs((), 0, {})
PHOTOGRAPHS = [(name, bundled(name)) for name in ("coffee", "chelsea")]


def tiny():
    """A colorizer that has learned nothing."""
    torch.manual_seed(0)
    G = Unet(n_down=5, width=4).eval()
    return Colorizer(G, "tiny", "", 32, torch.device("cpu"))


@pytest.fixture
def recorded(tmp_path):
    """A folder with a record: three true colors and a gray photograph."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    for name in "abc":
        data = photograph(ord(name), color=True)
        (folder / f"{name}.jpg").write_bytes(data)
    (folder / "d.jpg").write_bytes(photograph(4))
    add_scans(ERA, folder, for_all=SAID | TRUE)
    return folder


def change(folder, name, **what):
    """Change a line of the record."""
    record = read_record(folder)
    lines = [
        replace(each, **what) if each.file == name else each
        for each in record.values()
    ]
    write_record(folder, lines)


def names(found):
    return [item.name for item in found.items]


def test_a_record_decides_which_photographs_count(recorded):
    found = find_period_photographs(ERA, [recorded])
    assert names(found) == ["a.jpg", "b.jpg", "c.jpg"]
    assert found.recorded == 3
    assert found.left_out == {"gray or of one tone by the record": 1}


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ({"status": "refused"}, "not kept by the record"),
        ({"era": "colonial"}, "recorded for another era"),
        ({"color": "toned"}, "gray or of one tone by the record"),
        ({"process": ""}, "in color without a named process and institution"),
        ({"institution": ""}, "in color without a named process and instituti"),
        ({"sha256": "0" * 64}, "missing, or not the file that was recorded"),
    ],
)
def test_what_the_record_does_not_accept_is_left_out(recorded, what, reason):
    change(recorded, "a.jpg", **what)
    found = find_period_photographs(ERA, [recorded])
    assert names(found) == ["b.jpg", "c.jpg"]
    assert any(each.startswith(reason) for each in found.left_out)
    assert sum(found.left_out.values()) == 2


def test_a_photograph_of_two_eras_is_not_left_out(recorded):
    """It has a line for each era, and counts by its own."""
    colonial = load_era("colonial")
    both = {"date": "between 1940 and 1952"}
    add_scans(colonial, recorded, for_all=SAID | TRUE | both)
    found = find_period_photographs(ERA, [recorded])
    assert names(found) == ["a.jpg", "b.jpg", "c.jpg"]
    assert found.left_out == {"gray or of one tone by the record": 1}


def test_a_plain_folder_counts_on_the_word_of_who_gives_it(recorded, tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "e.jpg").write_bytes(photograph(5, color=True))
    found = find_period_photographs(ERA, [recorded, plain])
    assert names(found)[-1] == "e.jpg"
    assert (len(found.items), found.recorded) == (4, 3)


def test_too_few_photographs_are_an_error_with_the_reasons(recorded):
    change(recorded, "a.jpg", process="")
    change(recorded, "b.jpg", era="colonial")
    with pytest.raises(ValueError, match="have 1; .*1 recorded for another"):
        find_period_photographs(ERA, [recorded])


def test_the_error_is_the_one_of_part_a_on_lightness():
    """The same measure, so that both can be read side by side."""
    scores = score_true_color({"t": tiny()}, PHOTOGRAPHS, NOTHING, crop=64)
    film = measure_era(ERA, {"t": tiny()}, PHOTOGRAPHS, films=1, crop=64)
    for who in (*BASELINES, "t"):
        modern = film.scores.errors[who][:, 0]
        np.testing.assert_allclose(scores.errors[who], modern, rtol=1e-6)


def test_the_difference_is_paired_and_below_zero_if_better():
    scores = score_true_color({"t": tiny()}, PHOTOGRAPHS, NOTHING, crop=64)
    apart = scores.errors["t"] - scores.errors[GRAY_NAME]
    told = scores.estimates["t"][DIFFERENCE]
    assert told.value == pytest.approx(apart.mean())
    assert apart.min() <= told.low <= told.high <= apart.max()
    assert list(scores.estimates[GRAY_NAME]) == [ERROR]
    assert scores.as_json()["photographs"] == 2


def test_a_cast_is_taken_away_where_that_is_asked_for():
    """It is no color of the scene, and gray is charged for it."""
    orange = [
        (name, (pixels * np.array([1, 0.7, 0.4])).astype(np.uint8))
        for name, pixels in PHOTOGRAPHS
    ]
    as_it_is, balanced = (
        score_true_color({}, orange, NOTHING, crop=64, balanced=said)
        for said in (False, True)
    )
    before, after = (each.errors[GRAY_NAME] for each in (as_it_is, balanced))
    assert (after < before - 3).all()
    assert [each.as_json()["balanced"] for each in (as_it_is, balanced)] == [
        False,
        True,
    ]


def test_gray_photographs_are_counted_and_not_scored():
    """Against them gray would be perfect."""
    gray = np.full((64, 64, 3), 90, np.uint8)
    some = [*PHOTOGRAPHS, ("gray", gray)]
    scores = score_true_color({}, some, NOTHING, crop=64)
    assert scores.names == ("coffee", "chelsea")
    assert scores.left_out == {NOT_COLOR: 1}
    with pytest.raises(ValueError, match="got 1; 1 are gray or of one tone"):
        score_true_color({}, some[1:], NOTHING, crop=64)


def test_a_model_is_not_called_gray():
    with pytest.raises(ValueError, match="may be called 'gray'"):
        score_true_color({"gray": tiny()}, PHOTOGRAPHS, NOTHING)
