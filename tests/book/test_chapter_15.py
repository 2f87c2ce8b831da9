"""What chapter 15 says of its figures and tables is so."""

import numpy as np
import pytest

from colorlib import course
from colorlib.course.recorded import RESULTS
from colorlib.eras.schema import HUES
from colorlib.evaluation.era_objects import WITHIN
from colorlib.evaluation.era_scores import ERA_PROTOCOL


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("15_korean_eras", "smoke")


def test_two_licenses_and_type_1_allow_it(found):
    allowed = [s for s, terms in found["verdicts"].items() if not terms.reason]
    assert allowed == ["Public domain", "CC BY-SA 4.0", "공공누리 제1유형"]
    assert not found["read_terms"]("공공누리 제0유형").reason


def test_type_2_is_taken_on_demand(found):
    terms = found["read_terms"]("공공누리 제2유형", non_commercial=True)
    assert terms.non_commercial
    assert not terms.reason


def test_of_three_offers_one_is_kept(found):
    lines = found["lines"]
    assert [line.status for line in lines] == ["kept", "refused", "refused"]
    assert "colored later" in lines[1].reason
    assert "outside" in lines[2].reason


def test_most_films_are_estimates(found):
    priors = [prior for era in found["eras"] for prior in era.film]
    assert {prior.source for prior in priors} == {"unsourced"}


def test_there_is_no_free_true_color_of_the_war(found):
    series, *others = [claim.says for claim in found["war"].true_color]
    assert all("not free" in each for each in others)
    assert "the Army, the Air Force and the Marines" in series
    assert "none was seen" in series
    rights = [claim.says for claim in found["war"].rights]
    on_duty = "employees of the United States made on duty are in the public"
    assert any(on_duty in each for each in rights)


def test_prints_of_one_era_differ(found):
    """Contrast and lightness, from one print to the next."""

    def tones(era, seed):
        chance = found["torch"].Generator().manual_seed(seed)
        film = found["draw_films"](1, chance, found["periods_of"](era))
        rgb = found["as_channels"](found["truth"])
        light = found["render"](rgb[None], film, chance)
        pixels = found["gray_pixels"](light)
        return pixels.mean(), pixels.std()

    for era in found["eras"]:
        drawn = np.array([tones(era, seed) for seed in range(1, 9)])
        assert np.ptp(drawn, axis=0).min() > 10


def test_two_eras_can_show_the_same_print(found):
    def drawn(era, seed):
        chance = found["torch"].Generator().manual_seed(seed)
        return repr(found["draw_films"](1, chance, found["periods_of"](era)))

    colonial, war, late = found["eras"]
    assert drawn(war, 2) == drawn(late, 2) != drawn(colonial, 2)
    assert drawn(colonial, 3) == drawn(war, 3) != drawn(late, 3)


def far(hue, documented):
    apart = abs(hue - documented) % 360
    return min(apart, 360 - apart)


def test_the_model_paints_both_halves_blue(found):
    truth, *prints = found["rows"]
    assert far(truth["red half: hue"], 30) < 10
    assert far(truth["blue half: hue"], 290) < 10
    pass_the_test = []
    for row in prints:
        red, blue = row["red half: hue"], row["blue half: hue"]
        assert far(red, 290) < 30
        assert far(blue, 290) < 30
        # "a pale blue": the flag's own are stronger than 50
        for half in ("red half", "blue half"):
            assert row[f"{half}: chroma"] < 20 < 50 < truth[f"{half}: chroma"]
        pass_the_test.append(far(red, HUES["red"]) <= WITHIN)
        assert far(blue, HUES["blue"]) <= WITHIN  # "here one half passes"
    assert pass_the_test == [False] * 3  # "and the flag fails"
    assert (HUES["red"], HUES["blue"], WITHIN) == (30, 280, 30)  # as it says


def test_the_flag_s_source_is_the_catalogue_s(found):
    [flag] = [c for c in found["war"].colors if c.korean == "태극기"]
    assert "krflag.org" in found["SOURCE"]
    assert "krflag.org" in flag.source
    assert "15 October 1949" in flag.says
    assert "red lies above blue" in flag.unknown
    assert "was not read" in flag.unknown  # so it is no source


def test_on_old_film_the_red_half_is_nearly_black(found):
    _, new, *old = found["rows"]
    assert abs(new["red half: L*"] - new["blue half: L*"]) < 5
    for row in old:
        assert row["red half: L*"] < 30 < row["blue half: L*"] - 15


def test_the_friend_s_filter_gets_two_wrong(found):
    may = found["may_be_colored"]
    assert [
        may(said)
        for said in ("CC BY 4.0", "CC BY-ND 2.0", "Not in the public domain")
    ] == [True, False, False]


# The recorded numbers.


def test_where_it_is_fairly_sure_it_is_right_more_often_than_it_says(found):
    assert found["doubts"]["near"] == 15  # "within 15 units"
    said, was, low = (np.array(found[n]) for n in ("said", "was", "low"))
    assert np.abs(was - said).max() < 8  # "by a few percentage points"
    assert (was < said)[said < 40].all()
    assert (was > said)[said > 60].all()
    assert (low > said)[(said > 60) & (said < 80)].all()


def test_the_middle_of_the_palette_lies_between_two_colors(found):
    """Up to what the edge of the gamut takes from a strong color."""
    asked = found["asked"]
    assert 0 <= asked["probably off, %"].min() <= 20  # sure somewhere
    assert 50 <= asked["probably off, %"].max() <= 100  # and nowhere else
    for axis in ("a*", "b*"):
        wide = asked[f"{axis} to"] - asked[f"{axis} from"]
        assert (wide > -1).mean() > 0.99
        assert wide.mean() > 5


@pytest.fixture(scope="module")
def eras():
    """CIEDE2000 by era and colorizer: lists of value, low, high."""
    report = course.recorded("eras").report
    return {name: found["ciede2000"] for name, found in report.items()}


BEFORE, NOW = "colorlib-compact-3", "colorlib-compact-4"


def test_four_prints_were_made_of_each_photograph():
    for found in course.recorded("eras").report.values():
        assert found["films"] == 4
        assert found["era_protocol"] == ERA_PROTOCOL
        assert found["photographs"] == 150


def test_without_film_in_training_prints_dont_tell_it_from_gray(eras):
    for found in eras.values():
        gray, model = found["gray"], found[BEFORE]
        assert 12 < gray["film"][0] < 13  # "twelve units"
        assert 1.5 < gray["modern"][0] - model["modern"][0] < 2.5
        assert model["gain"][1] < 0 < model["gain"][2]
        lost = model["gap"][0] / (gray["modern"][0] - model["modern"][0])
        assert lost > 0.85  # "nearly all of that"


def test_with_it_the_model_is_better_than_gray(eras):
    for found in eras.values():
        before, now = found[BEFORE], found[NOW]
        assert abs(now["modern"][0] - before["modern"][0]) < 0.1
        assert now["gap"][0] < 0.5 * before["gap"][0]
        assert now["gain"][1] > 0


def test_the_mixture_was_chosen_on_some_of_what_it_is_measured_on(found):
    """Of the Kodachromes, "half were looked at"."""
    readme = " ".join((RESULTS / "README.md").read_text().split())
    assert (
        "looked at on 50 photographs to validate on and on 28 Kodachromes,"
        " 0.6 was taken, for prints' sake" in readme
    )
    slides = found["measured"]["as they are"]["kodachromes"]
    assert len(slides) == 2 * 28  # "half"


def test_on_prints_doubts_are_about_right_on_average():
    for found in course.recorded("eras").report.values():
        assert found["doubt"]["photographs"] == found["photographs"]
        assert found["doubt"]["far"] == 15
        shares = found["doubt"]["shares"]
        for who in (BEFORE, NOW):
            (said, _, said_high), (off, off_low, _) = (
                shares[who][name] for name in ("film", "off")
            )
            assert 0 < said - shares[who]["modern"][0] < 0.06  # "a little"
            assert abs(off - said) < 0.03  # "about as often as they say"
            assert off_low < said_high
            assert shares[who]["film"][1] < shares[who]["off"][2]


def test_two_baselines_cant_be_told_from_gray(eras):
    for found in eras.values():
        for name in ("dataset mean", "lookup, median"):
            assert found[name]["gain"][1] < 0 < found[name]["gain"][2]


def test_variants_are_hardly_better_than_tints_or_strengths():
    for found in course.recorded("eras").report.values():
        scores = found["doubt"]["variants"]["scores"][NOW]["film"]
        value, _, high = scores["variants - tints"]
        assert -0.1 < value < 0
        assert high < 0
        assert scores["variants - chroma"][2] > 0  # "no better"


def test_four_portraits_show_uniforms():
    """Yellow four times before; now three times, nearly gray, and a purple."""
    found = course.recorded("eras").report["korean-war"]["objects"]
    before, now = found["rows"][BEFORE], found["rows"][NOW]
    assert len(before) == len(now) == 4
    assert [part["found"] for part in before] == ["yellow"] * 4
    assert sorted(part["found"] for part in now) == ["", *["yellow"] * 3]
    assert max(part["chroma"] for part in now) < 4  # "nearly gray"
    assert min(part["chroma"] for part in before) > 8
    [other] = [part for part in now if not part["found"]]
    assert 310 < other["hue"] < 345  # "purple"


def test_the_three_eras_hardly_differ(eras):
    for who in (BEFORE, NOW):
        values = [found[who]["gap"][0] for found in eras.values()]
        assert max(values) - min(values) < 0.1 * min(values)


COLORS = {"as they are": "film-gap", "balanced": "film-gap-balanced"}
SHARE, MINUS = "removed of gray's error, %", "today's minus this"


def rows_of(found, colors):
    """The table's rows, by set of photographs."""
    return {
        row["photographs"]: row
        for row in found["removals"]
        if row["colors"] == colors
    }


@pytest.mark.parametrize("colors", list(COLORS))
def test_the_table_says_what_the_records_say(found, colors):
    sets = course.recorded(COLORS[colors]).report["sets"]
    rows = rows_of(found, colors)
    assert len(rows) == len(sets) == 3
    for name, recorded in sets.items():
        row = rows[name.replace("validation", "of today")]
        assert row["number"] == recorded["photographs"]
        removed = recorded["inputs"]["CIE L*"]["removed"]
        assert row[SHARE].value == pytest.approx(100 * removed["value"])
        assert row[SHARE].low == pytest.approx(100 * removed["low"], abs=1)
        assert row[SHARE].high == pytest.approx(100 * removed["high"], abs=1)


def test_as_they_are_both_collections_show_it_better_than_gray(found):
    rows = rows_of(found, "as they are")
    assert rows["plates"][SHARE].low > 5
    assert 0.5 < rows["kodachromes"][SHARE].low < 1.5  # "just above zero"
    assert rows["kodachromes"][MINUS].low > 0
    assert rows["plates"][MINUS].low < 0 < rows["plates"][MINUS].high


def test_a_part_of_its_gain_was_the_tint(found):
    """On all three sets, and by other draws, too."""
    order = [
        [(row["set"], row["photograph"]) for row in course.recorded(n).rows]
        for n in COLORS.values()
    ]
    assert len(order[0]) == 215
    assert sorted(order[0]) == sorted(order[1])
    for name in ("validation", "kodachromes", "plates"):
        names = [[p for s, p in each if s == name] for each in order]
        assert names[0] == names[1]  # so that rows are pairs
        pairs = [found["measured"][colors][name] for colors in COLORS]
        again = found["Estimate"].of(
            found["by_tint"], np.hstack(pairs), seed=15
        )
        assert again.low > 2
    for row in found["tints"]:
        assert row["as they are, minus balanced"].low > 2


def test_on_balanced_kodachromes_no_gain_is_left_to_show(found):
    rows = rows_of(found, "balanced")
    assert rows["kodachromes"][SHARE].low < 0 < rows["kodachromes"][SHARE].high
    assert rows["of today"][SHARE].low > 5


def test_blue_light_alone_costs_little(found):
    """Read off channels, not off a simulation of an emulsion."""
    as_they_are, balanced = (row["lost"] for row in found["blue"])
    assert 0 < as_they_are.low < as_they_are.value < 4  # "a little"
    assert balanced.low < 0 < balanced.high
    left = rows_of(found, "balanced")["plates"][SHARE].value
    assert 7.5 < left < 8.5  # "only about eight points"


def test_hints_make_one_half_red_and_one_blue(found):
    hinted, before = found["hinted"].pixels, found["shown"]["orthochromatic"]
    now = found["halves"](found["seen"], hinted)
    assert far(now["red half: hue"], 30) < 15
    assert far(now["blue half: hue"], 290) < 15
    lab, gray = (found["as_lab"](x) for x in (hinted, found["seen"]))
    assert (lab[0] - gray[0]).abs().max() < 1  # "stays the print's"
    # "A faint tint reaches the paper."
    outside = np.hypot(found["down"], found["across"]) > 0.65
    off = np.abs(hinted.astype(int) - before)[outside]
    assert 0.5 < off.mean() < 12
