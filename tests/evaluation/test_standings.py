"""Standings: pairs stay pairs, and nobody wins by chance."""

import json

import numpy as np
import pytest

from colorlib.data.samples import bundled
from colorlib.evaluation import Protocol, Row, evaluate
from colorlib.evaluation.perception import compare_sets
from colorlib.evaluation.standings import (
    BETTER,
    CHEATS,
    FOOLED,
    NOT_FOOLED,
    UNDECIDED,
    Standings,
    stand,
)

QUICK = Protocol(resamples=200)
TRUTH = {"psnr": float("inf"), "ssim": 1.0, "colorfulness": 40.0}


def rows_of(n=30, **who):
    """Photographs with scores of each colorizer: functions of a number."""
    rows = []
    for i in range(n):
        scores = {name: of(i) | {"chroma": 10.0} for name, of in who.items()}
        truth = dict.fromkeys(next(iter(scores.values())), 0.0) | TRUTH
        scores["truth"] = truth | {"chroma": 10.0 + i}
        rows.append(Row(f"photo {i}", 8, 8, scores))
    return rows


def color_error(error):
    return lambda i: {"ciede2000": float(error(i))}


def test_pairs_tell_apart_what_two_intervals_do_not():
    """Some photographs are hard for all; a little better is still better."""
    found = stand(
        rows_of(
            one=color_error(lambda i: i), other=color_error(lambda i: i + 0.5)
        ),
        protocol=QUICK,
    )
    one, other = (found.scores[who]["ciede2000"] for who in ("one", "other"))
    assert one.high > other.low
    assert found.better("ciede2000", "one", "other") == "one"
    assert found.better("ciede2000", "other", "one") == "one"
    gap = found.gaps["ciede2000"]["other"]["one"]
    assert (gap.low, gap.value, gap.high) == pytest.approx((0.5, 0.5, 0.5))


def test_where_chance_decides_nobody_wins():
    noise = np.random.default_rng(0).normal(size=30)
    found = stand(
        rows_of(
            one=color_error(lambda i: 0.0),
            other=color_error(lambda i: noise[i]),
        ),
        protocol=QUICK,
    )
    assert found.better("ciede2000", "one", "other") is None
    assert found.better("ciede2000", "other", "one") is None
    assert found.fooled("ciede2000", "one", "other") == UNDECIDED


def three_kinds(error, decibels, colorful):
    return lambda i: {
        "ciede2000": error,
        "psnr": decibels,
        "colorfulness": colorful,
    }


def test_each_measure_knows_what_is_better():
    """Low errors, high decibels, and the colorfulness of the truth."""
    found = stand(
        rows_of(
            a=three_kinds(5.0, 20.0, 80.0),
            b=three_kinds(6.0, 30.0, 35.0),
            c=three_kinds(7.0, 25.0, 10.0),
        ),
        protocol=QUICK,
    )
    assert found.names == ["a", "b", "c"]
    assert found.order("ciede2000") == ["a", "b", "c"]
    assert found.order("psnr") == ["b", "c", "a"]
    assert found.order("colorfulness") == ["b", "c", "a"]
    assert found.scores["a"]["colorfulness"].value == 80
    assert found.scores["truth"]["colorfulness"].value == 40
    assert found.gaps["colorfulness"]["a"]["b"].value == 40 - 5
    assert found.disagreements("psnr", "colorfulness") == []
    assert found.disagreements("ciede2000", "psnr") == [("a", "b"), ("a", "c")]
    assert found.disagreements("psnr", "ciede2000") == [("b", "a"), ("c", "a")]
    assert found.fooled("ciede2000", "a", "b") == FOOLED
    assert found.fooled("psnr", "a", "b") == NOT_FOOLED


def test_hues_count_by_true_chroma_and_decibels_by_their_median():
    """As a report sums them up; one infinite photograph decides nothing."""

    def one(i):
        return {"psnr": float(i) if i else float("inf"), "hue_error": float(i)}

    found = stand(rows_of(one=one, other=one), protocol=QUICK)
    chroma = np.arange(30) + 10.0
    expected = np.average(np.arange(30), weights=chroma)
    assert found.scores["one"]["hue_error"].value == pytest.approx(expected)
    assert found.scores["one"]["psnr"].value == 15.5
    assert found.better("psnr", "one", "other") is None


@pytest.fixture(scope="module")
def report():
    some = [(name, bundled(name)) for name in ("coffee", "chelsea", "rocket")]
    protocol = Protocol(crop=64, resamples=100)
    return evaluate(lambda L: L.new_zeros(1, 2, 4, 4), some, protocol=protocol)


def test_scores_are_those_of_a_report(report):
    """Number and interval: the draws are the same."""
    found = stand(report.rows, protocol=report.protocol)
    assert {*found.names} == {"model", "gray", *CHEATS}
    of_report = report.groups["all"].scores
    for who in found.names:
        for measure, estimate in found.scores[who].items():
            other = of_report[who][measure]
            ours, theirs = (
                (each.value, each.low, each.high) for each in (estimate, other)
            )
            assert ours == pytest.approx(theirs, nan_ok=True), measure


def test_model_and_gray_differ_as_a_report_says(report):
    found = stand(report.rows, protocol=report.protocol)
    gap = found.gaps["ciede2000"]["hue rotated"]["gray"]
    pairs = [
        r.scores["hue rotated"]["ciede2000"] - r.scores["gray"]["ciede2000"]
        for r in report.rows
    ]
    assert gap.value == pytest.approx(np.mean(pairs))
    assert min(pairs) <= gap.low <= gap.value <= gap.high <= max(pairs)


def test_sets_stand_beside_the_others(report):
    """Features near the truth's are better, by FID as by KID."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(24):
        true = rng.normal(size=6)
        scores = {
            w: dict.fromkeys(("ciede2000", "chroma"), 1.0 + i)
            for w in ("near", "far", "truth")
        }
        features = {
            "near": true + 0.1 * rng.normal(size=6),
            "far": true + 1 + 0.1 * rng.normal(size=6),
            "truth": true,
        }
        rows.append(Row(f"{i}", 8, 8, scores, features))
    found = stand(rows, protocol=QUICK)
    assert found.measures == ["ciede2000", "fid", "kid"]
    for measure in ("fid", "kid"):
        assert found.order(measure) == ["near", "far"]
        assert found.better(measure, "far", "near") == "near"
        each = found.scores["far"][measure]
        assert each.low < each.value < each.high
    assert found.scores["truth"]["fid"].value == pytest.approx(0, abs=1e-6)
    kid = found.scores["near"]["kid"]  # as `evaluate` has it
    in_report = compare_sets(rows, "near")["kid"]
    assert (kid.value, kid.low, kid.high) == pytest.approx(in_report)


def test_json_holds_all_of_it(report):
    found = stand(report.rows, protocol=report.protocol)
    text = json.dumps(found.to_json(), allow_nan=False)
    again = Standings.from_json(json.loads(text))
    assert again.photographs == 3
    assert again.order("ssim") == found.order("ssim")
    assert np.isnan(again.scores["truth"]["psnr"].value)  # infinite
    gap = again.gaps["lpips" if "lpips" in again.gaps else "ab_mae"]
    assert gap["gray"]["gray"].value == 0
    assert again.to_json() == json.loads(text)


def test_every_measure_of_the_standings_is_one_of_the_protocol():
    page = Protocol().describe()["measures"] | dict.fromkeys(
        ("lpips", "fid", "kid")
    )
    assert BETTER.keys() <= page.keys()


def test_nothing_to_compare_is_said():
    with pytest.raises(ValueError, match="no photographs to compare"):
        stand([])
