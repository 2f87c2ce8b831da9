"""What chapter 14 says of its figures and tables is so."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from colorlib import course
from colorlib.color import as_channels, as_lab
from colorlib.color import lightness as L_star_of
from colorlib.evaluation import Estimate
from colorlib.film.fitting import printed_lightness

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("14_old_film", "smoke")


# Red goes dark, blue goes light.


@pytest.fixture(scope="module")
def lightness(found):
    """Mean lightness of a place on a film."""

    def at(place, film):
        name, down, across = found["PLACES"][place]
        L = found["L_star"](name, found["films"][film])
        return L[down, across].mean().item()

    return at


def test_no_film_has_the_weights_of_the_eye(found):
    eye = found["EYE"]
    for name, film in found["EMULSIONS"].items():
        assert film.weights[2] > 3 * eye[2], name  # "several times as much"


def test_red_goes_dark_on_orthochromatic_film(lightness):
    eye, ortho = "the eye (CIE)", "orthochromatic"
    saucer = [lightness("red saucer", film) for film in (eye, ortho)]
    assert saucer[1] < 0.25 * saucer[0]  # "loses most of its lightness"
    suit = [lightness("orange suit", film) for film in (eye, ortho)]
    assert 0.5 < suit[1] / suit[0] < 0.65  # "the suit nearly half"


def test_blue_goes_light_on_a_blue_sensitive_plate(lightness):
    eye, blue = "the eye (CIE)", "blue-sensitive"
    for place in ("blue wall", "sky"):
        assert lightness(place, blue) > lightness(place, eye) + 10
    assert lightness("sky", blue) > 95  # "almost white paper"


def test_skin_and_lips_go_darker(lightness):
    eye, ortho = "the eye (CIE)", "orthochromatic"
    left = {
        place: lightness(place, ortho) / lightness(place, eye)
        for place in ("lips", "cheek")
    }
    assert left["lips"] == pytest.approx(0.8, abs=0.03)  # "about a fifth"
    assert left["lips"] < left["cheek"] < 1


def test_fine_things_grow_without_red(found):
    for name in found["FACES"]:
        eye = found["relief"](name, found["EYE"])
        relief = {
            film: found["relief"](name, found["films"][film]) / eye
            for film in found["SHOWN"]
        }
        assert relief["orthochromatic"] > 1.09
        assert relief["blue-sensitive"] > 1.09
        assert abs(relief["panchromatic B"] - 1) < 0.07


# What a model makes of it.


@pytest.fixture(scope="module")
def ab():
    """Mean a* and b* of a part of a colored picture."""

    def at(pixels, down, across):
        return as_lab(pixels)[1:, down, across].mean((1, 2)).numpy()

    return at


SUIT = slice(150, 190), slice(40, 75)
WALL = slice(20, 110), slice(225, 250)  # right of the shuttle
TABLE = slice(145, 160), slice(190, 240)
FACE = slice(55, 90), slice(90, 125)


def test_the_suit_is_dull(found, ab):
    for pixels in (found["colored"], found["kept"]):
        a, b = ab(pixels, *SUIT)
        assert a > b > 0  # brown
        assert np.hypot(a, b) < 15
    assert np.hypot(*ab(found["squares"]["astronaut"], *SUIT)) > 50


def test_from_the_copy_the_table_is_green(found, ab):
    grainy, kept = found["colored"], found["kept"]
    assert ab(kept, *TABLE)[0] < -3 < ab(grainy, *TABLE)[0]
    for place in (SUIT, WALL, FACE):  # "nearly the same"
        assert np.hypot(*(ab(kept, *place) - ab(grainy, *place))) < 4


def test_the_print_keeps_its_lightness(found):
    assert found["off"].max() < 1


@pytest.fixture(scope="module")
def sets():
    """What was recorded of the model before, by set of photographs."""
    return course.recorded("film-gap-before").report["sets"]


def values(numbers, kind):
    """One number an input."""
    return {n: found[kind]["value"] for n, found in numbers["inputs"].items()}


def test_weights_cost_little_and_a_print_costs_all(sets):
    for which, numbers in sets.items():
        lost = values(numbers, "lost")
        won = values(numbers, "removed")["CIE L*"]
        for film in ("panchromatic B", "orthochromatic"):
            assert lost[film] < 0.04, which
        assert 1 / 4 < lost["blue-sensitive"] / won < 1 / 2, which
        assert lost["orthochromatic print"] > 0.9 * won, which
    for which in ("validation", "plates"):  # "about all"
        removed = values(sets[which], "removed")
        assert abs(removed["orthochromatic print"]) < 0.04, which
    kodachrome = sets["kodachromes"]["inputs"]["orthochromatic print"]
    assert kodachrome["removed"]["high"] < 0  # "gray is clearly better"


def test_grain_costs_about_as_much_as_the_whole_print(found):
    for which, numbers in found["parts"].items():
        lost = values(numbers, "lost")
        assert lost["grain"] == pytest.approx(lost["all three"], rel=0.15)
        others = {n: lost[n] for n in ("steep curve", "softness")}
        assert lost["grain"] > 1.9 * max(others.values()), which
        assert others["steep curve"] > others["softness"], which
        little = others["softness"] < 0.05
        assert little == (which != "kodachromes")
    for part in ("steep curve", "softness"):  # "cost the most on the ..."
        lost = {w: values(n, "lost")[part] for w, n in found["parts"].items()}
        assert max(lost, key=lost.get) == "kodachromes"
    plates = values(found["parts"]["plates"], "lost")
    for part in ("steep curve", "softness"):  # "their lines hardly differ"
        assert abs(plates[part] - plates["plain print"]) < 0.02
    sets = found["before"].report
    assert sets["model"] == course.recorded("print-parts").report["model"]


def test_smoothing_helps_most_on_the_plates(sets):
    regained = {}
    for which, numbers in sets.items():
        lost = values(numbers, "lost")
        whole = lost["orthochromatic print"]
        left = lost["orthochromatic print, smoothed"]
        regained[which] = 1 - left / whole
    assert regained["plates"] > 0.5
    assert regained["kodachromes"] < 0
    assert 0.2 < regained["validation"] < 0.3


def test_smoothing_gained_surely_on_the_plates_alone(found):
    """Of the model before; the interval of validation begins at zero."""

    def gain(which):
        rows = [
            row
            for row in found["errors"](found["before"]).values()
            if row["set"] == which
        ]
        name = "orthochromatic print"
        more = [float(r[name]) - float(r[f"{name}, smoothed"]) for r in rows]
        return Estimate.of(np.mean, np.array(more))

    assert gain("plates").low > 0
    assert abs(gain("validation").low) < 0.02
    assert gain("kodachromes").low < 0 < gain("kodachromes").high


@pytest.fixture(scope="module")
def now():
    """What was recorded of the model that ships."""
    return course.recorded("film-gap").report["sets"]


def change(found, which, name):
    """The table's column of means."""
    [row] = [
        row
        for row in found["changes"]
        if (row["photographs"], row["input"]) == (which, name)
    ]
    return row["CIEDE2000, now - before"]


def test_on_prints_training_with_film_won_much(found, sets, now):
    for which in sets:
        assert change(found, which, "orthochromatic print").high < -0.8
        assert -3 < change(found, which, "orthochromatic print").value < -1.5
    for which in ("validation", "plates"):
        removed = values(now[which], "removed")
        print_, L = removed["orthochromatic print"], removed["CIE L*"]
        assert print_ > 0.6 * L  # "most of what it removes"
    gray = now["kodachromes"]["inputs"]["orthochromatic print"]["removed"]
    assert gray["low"] < 0 < gray["high"]  # "can't be told from gray"


def test_the_two_trainings_differ_in_film_alone(found):
    about = [
        json.loads((record.folder / "training.json").read_text())
        for record in found["arms"].values()
    ]
    blind, aware = (each["config"] for each in about)
    assert (blind.pop("film"), aware.pop("film")) == (0.0, 0.5)
    assert blind == aware
    assert aware["epochs"] == 1
    hashes = {each["data"]["list_hash"] for each in about}
    begun = {each["generator_sha256"] for each in about}
    assert (len(hashes), len(begun)) == (1, 1)
    assert begun == {found["before"].report["model"]["sha256"]}
    assert aware["photographs"] == 6_000


def test_what_film_in_the_training_won_and_cost(found):
    def more(which, name):
        return found["change"](*found["arms"].values(), which, name)

    for which in found["sets"]:
        assert more(which, "orthochromatic print").high < 0
        assert more(which, "orthochromatic print").value < -1
        kodachromes = which == "kodachromes"
        plate = more(which, "blue-sensitive")
        assert (plate.high < 0) == (not kodachromes)
        for name in ("panchromatic B", "CIE L*"):
            found_more = more(which, name)
            assert found_more.high > 0
            assert (found_more.low > 0) == kodachromes
        ortho = more(which, "orthochromatic")
        assert ortho.low < 0 < ortho.high
    assert 0 < more("kodachromes", "CIE L*").low < 0.1  # "just clears zero"


def test_on_lightness_it_won_nothing_and_lost_on_kodachromes(found):
    for which in ("validation", "plates"):
        same = change(found, which, "CIE L*")
        assert same.low < 0 < same.high
    worse = change(found, "kodachromes", "CIE L*")
    assert worse.low > 0
    assert 0.4 < worse.value < 0.6  # "half a unit"
    ortho = change(found, "kodachromes", "orthochromatic")
    assert ortho.low > 0
    assert ortho.value > 0.7 * worse.value  # "nearly as much"


def test_on_the_blue_sensitive_plate_it_gained_in_two_of_three(found, sets):
    gained = {
        which
        for which in sets
        if change(found, which, "blue-sensitive").high < 0
    }
    assert gained == {"validation", "plates"}


def test_what_ships_is_a_mean_of_two_stages_on_more_photographs(found):
    card = ROOT / "colorlib" / "models" / "shipped" / "compact.json"
    stage, later = json.loads(card.read_text())["training"]
    shares = [each["share of the weights"] for each in (stage, later)]
    assert 0 < min(shares)
    assert sum(shares) == 1
    assert later["photographs"] > stage["photographs"]
    assert (stage["on film"], later["on film"]) == (0, 0.5)


def test_the_model_that_knows_grain_does_better_on_the_print(found, now):
    new = found["errors"](found["now"])
    for which in now:
        rows = [row for (where, _), row in new.items() if where == which]
        more = [
            float(row["orthochromatic print, smoothed"])
            - float(row["orthochromatic print"])
            for row in rows
        ]
        assert Estimate.of(np.mean, np.array(more)).low > 0


def test_judges_prefer_the_present_model(found):
    choices = found["choices"]
    assert found["newer"] == "colorlib-compact-4"
    for judge in choices["judges"].values():
        assert 0.6 < 1 - judge["first"]["share"] < 0.75  # "two of three"
    assert 0 < choices["agreement"]["alpha"] < 0.3  # "they often disagree"


def test_where_both_sides_count_the_same_they_still_do_together(found):
    judges = found["choices"]["judges"].values()
    *alone, together = found["judges"]
    left = [row["chose left, %"] for row in alone]
    stood_left = [row["present model left, %"] for row in alone]
    favor = [judge["left"]["low"] > 0.5 for judge in judges]
    assert favor == [True, True, False]  # "two judges chose the left"
    assert min(left[:2]) > 65
    assert min(stood_left[:2]) > 55 > 50 > stood_left[2]
    shares = [row["if both sides count alike, %"] for row in alone]
    assert min(share.value for share in shares) > 60
    assert shares[1].low == pytest.approx(50, abs=0.5)  # "down to one half"
    assert together["if both sides count alike, %"].low > 55


def test_fewer_blotches_are_no_chance_and_other_faults_may_be(found):
    faults = found["choices"]["faults"]
    assert set(faults) == {"blotches", "haze", "border", "bleed"}
    assert found["choices"]["together"]["trials"] == 180
    for fault, seen in faults.items():
        change = found["fault_change"](fault)
        more = seen[found["newer"]] - seen[found["older"]]
        assert change.value == pytest.approx(more / 1.8)  # of 180 pictures
        if fault == "blotches":
            assert change.high < 0
        else:
            assert change.low < 0 <= change.high + 1e-9, fault


# Which film was it?


def test_every_film_gives_back_the_print(found):
    """For a print on orthochromatic film, in the colors of the model."""
    made = as_channels(found["on"]("orthochromatic", "astronaut"))
    wanted = L_star_of(made)[None]
    answer = found["colorizer"].predict(wanted / 50 - 1)
    ab = 110 * F.interpolate(answer, 256, mode="bicubic")
    for film in found["SHOWN"]:
        weights = torch.tensor(found["films"][film])
        L = found["fit_lightness"](wanted, ab, weights)
        off = (printed_lightness(L, ab, weights) - wanted).abs()
        assert off.mean() < 0.05, film


@pytest.fixture(scope="module")
def known(found):
    """Each film of each set, by what is known of it."""
    sets = found["known"].report["sets"]
    assert found["known"].report["model"]["name"] == "colorlib-compact-4"
    return {
        (which, film): about
        for which, each in sets.items()
        for film, about in each["films"].items()
    }


def test_a_known_film_lowers_no_mean_error(known):
    assert len(known) == 9
    for about in known.values():
        assert about["change"]["low"] < 0 < about["change"]["high"]
    blue = "blue-sensitive"
    assert known["validation", blue]["change"]["value"] < 0
    for which in ("validation", "kodachromes", "plates"):
        won = {
            film: known[which, film]["first"]["value"]
            for film in ("panchromatic B", "orthochromatic", blue)
        }
        assert max(won, key=won.get) == blue  # "the most to win"


def test_most_photographs_of_today_got_a_little_better(found, known):
    blue = "blue-sensitive"
    assert known["validation", blue]["better"]["low"] > 0.55
    for which in ("kodachromes", "plates"):
        for film in ("panchromatic B", "orthochromatic", blue):
            assert known[which, film]["better"]["low"] < 0.5
    changes = [
        float(row[f"{blue}: second"]) - float(row[f"{blue}: first"])
        for row in found["known"].rows
        if row["set"] == "validation"
    ]
    assert -0.3 < np.median(changes) < 0  # "by little"
    *others, worst = sorted(changes)
    assert worst == pytest.approx(9, abs=0.5)  # "one by nine units"
    assert max(others) < -min(others)  # no other moved so far


def test_how_far_the_lightness_moved_is_no_warning(known):
    for about in known.values():
        for r in about["rank_correlation"].values():
            assert r["low"] < 0 < r["high"]


def test_a_batch_shows_what_is_said(found):
    """Six films, all different, one of them in dots."""
    shown = [pixels[..., 0].astype(float) for pixels in found["shown"]]
    assert len({pixels.tobytes() for pixels in shown}) == 6
    edges = [np.abs(np.diff(p, axis=1)).mean() for p in shown]
    assert np.argmax(edges) == 2
    assert sorted(edges)[-1] > 1.5 * sorted(edges)[-2]


def test_a_strong_red_is_not_where_the_model_expects_it(found):
    red, _ = found["swap"]
    eye, ortho = (
        found["L_of"](red, weights)
        for weights in (found["EYE"], found["films"]["orthochromatic"])
    )
    assert 40 < eye < 60  # "a middle lightness"
    assert ortho < 20  # "very dark"


def test_the_bug_makes_red_too_dark(found):
    right = found["film_gray"](found["red"], (0.25, 0.37, 0.38))
    assert right > 0.28 + 0.05


def test_stretched_contrast_wins_back_half_on_faded_prints_and_costs_nothing():
    record = course.recorded("faded-prints").report
    inputs = record["sets"]["validation"]["inputs"]
    plain, faded = inputs["CIE L*"], inputs["faded print"]
    assert faded["all"]["change"]["high"] < 0
    lost, left = (
        faded["all"][name]["value"] - plain["all"]["as it is"]["value"]
        for name in ("as it is", "stretched")
    )
    assert 0.4 < (lost - left) / lost < 0.6  # "about half"
    touched = [
        found["low contrast"]["photographs"] / found["all"]["photographs"]
        for found in (plain, faded)
    ]
    assert touched[0] == 2 / 250
    assert touched[1] == pytest.approx(0.75, abs=0.01)
    change = plain["all"]["change"]
    assert change["low"] < 0 < change["high"]
    assert record["lost"] == [0.65, 0.85]
    assert record["noise"] == 0.01
    assert record["stretched_spans"][1] == 48
