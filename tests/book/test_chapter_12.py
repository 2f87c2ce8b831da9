"""What chapter 12 says of its figures and tables is so."""

import numpy as np
import pytest

from colorlib import course
from colorlib.evaluation.looks import mean_of_halves
from colorlib.training.recipes import RECIPES


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("12_two_stages", "smoke")


def test_the_package_and_the_page_agree(found):
    assert found["off"] < 1e-5


def test_both_ways_learn_the_same_from_l1(found):
    """With lambda = 100 the discriminator changes L1's curve by little."""
    first, at_once = (
        np.array(curve[: found["EPOCHS"]]) for curve in found["curves"].values()
    )
    assert np.abs(first - at_once).max() < 0.1 * first[0]
    assert first[-1] < 0.9 * first[0]


def test_the_file_gives_the_same_colors(found):
    assert found["same"] is not None
    assert found["card"]["sha256"]


# The recorded runs.


@pytest.fixture(scope="module")
def runs():
    names = ("l1", "gan", "gan-slow")
    return {name: course.recorded(f"model2-{name}") for name in names}


def looks(run, half="judge"):
    """What was measured on one half, by step."""
    return {look["step"]: look[half] for look in run.looks["looks"]}


def test_the_first_stage_is_better_than_gray(runs):
    gap = runs["l1"].scores(who="model - gray")
    assert gap["ciede2000"].high < 0
    assert gap["lpips"].high < 0
    # And its gain isn't smaller than that of model 1 with L1 alone.
    other = course.recorded("model1-l1only")
    before = other.scores(who="model - gray")["ciede2000"]
    assert gap["ciede2000"].value < before.value
    epochs = [run.run["config"]["epochs"] for run in (runs["l1"], other)]
    assert epochs == [4, 20]


@pytest.mark.parametrize("name", ["gan", "gan-slow"])
def test_the_gan_brings_color_and_error(runs, name):
    found = looks(runs[name])
    first, last = found[0], found[max(found)]
    assert 0.25 < first["chroma_ratio"][0] < 0.4  # "a third"
    assert 0.5 < last["chroma_ratio"][0] < 1  # "nearer to the truth"
    assert last["chroma_ratio"][1] > first["chroma_ratio"][2]
    assert last["ciede2000_gain"][1] > 0
    hues = [each["hue_error"] for each in found.values()]
    assert min(e[2] for e in hues) > hues[0][0]  # "nowhere clearly below"
    assert max(e[1] for e in hues) < min(e[2] for e in hues)
    swing = max(e[0] for e in hues) - min(e[0] for e in hues)
    assert (swing > 10) == (name == "gan")  # "jumps at model 1's rates"
    errors = [each["lpips"][0] for each in found.values()]
    assert max(errors) - min(errors) < 0.01  # "hardly moves"
    gap = runs[name].scores(who="model - gray")
    assert gap["ciede2000"].low < 0 < gap["ciede2000"].high
    assert gap["lpips"].high < 0
    assert runs[name].run["lacks"][-1] == {
        "setting": "photographs scored",
        "recipe": 2000,
        "here": 500,
    }


def test_looks_are_every_62_steps_at_two_halves_of_60(runs):
    for name in ("gan", "gan-slow"):
        steps = [look["step"] for look in runs[name].looks["looks"]]
        assert steps == [*range(0, 497, 62), 498]
        assert runs[name].looks["photographs"] == {"choose": 60, "judge": 60}


def test_at_model_1_s_rates_the_first_look_is_worse_on_one_half(runs):
    found = looks(runs["gan"])
    other = looks(runs["gan"], "choose")[62]["ciede2000_gain"]
    assert abs(other[0]) < 0.05  # "nothing is seen of it"
    assert other[1] < 0 < other[2]
    start, first, *_ = sorted(found)
    assert found[first]["ciede2000_gain"][1] > 0
    ratio = found[first]["chroma_ratio"][0] / found[start]["chroma_ratio"][0]
    assert ratio < 1.1
    later = [found[step]["ciede2000_gain"][0] for step in sorted(found)[1:]]
    assert min(later) > 0


def test_at_the_low_rates_only_the_last_look_is_worse_for_sure(runs):
    found = looks(runs["gan-slow"])
    start, first, *_ = (found[step] for step in sorted(found))
    assert 1.4 < first["chroma_ratio"][0] / start["chroma_ratio"][0] < 1.6
    assert first["chroma_ratio"][1] > start["chroma_ratio"][2]
    *others, last = (found[s]["ciede2000_gain"] for s in sorted(found)[1:])
    assert all(low < 0 < high for _, low, high in others)
    assert last[1] > 0


@pytest.mark.parametrize("name", ["gan", "gan-slow"])
def test_no_look_is_better_beyond_chance_and_the_last_is_worse(runs, name):
    found = looks(runs[name])
    gains = [found[step]["ciede2000_gain"] for step in sorted(found)[1:]]
    assert min(high for _, _, high in gains) > 0
    assert gains[-1][1] > 0


def test_what_looked_like_a_gain_was_luck(found):
    """For the rule that takes the lowest CIEDE2000, at both rates."""
    for run in found["stages"].values():
        chosen = found["stop"](run, found["RULES"]["lowest CIEDE2000"])
        assert chosen["choose"]["ciede2000_gain"][0] < 0
        assert chosen["judge"]["ciede2000_gain"][0] > 0
        for half in ("choose", "judge"):  # "all four intervals contain zero"
            _, low, high = chosen[half]["ciede2000_gain"]
            assert low < 0 < high
        strongest = found["stop"](run, found["RULES"]["strongest colors"])
        assert strongest["step"] == run.looks["looks"][-1]["step"]
        errors = [
            each["judge"]["ciede2000_gain"][0] for each in (chosen, strongest)
        ]
        assert errors[0] < errors[1]


def test_the_search_of_the_rate_says_what_it_says(found):
    """Also that the judging half would have chosen another rate."""
    searched = course.recorded("learning-rates")
    assert searched.run["config"]["photographs"] == 2_000
    cells = searched.report["cells"]
    assert all(len(cell["looks"]) == 5 for cell in cells)
    assert {cell["looks"][-1]["step"] for cell in cells} == {248}
    assert searched.run["config"]["batch_size"] == 16
    assert all(
        cell["looked_at"] == {"choose": 100, "judge": 100} for cell in cells
    )
    assert {cell["seed"] for cell in cells} == {1, 2}
    *rates, no_color = found["table"]
    best = {
        column: min(rates, key=lambda row: row[column])["rate"]
        for column in found["columns"]
    }
    assert best["pretrained, choose"] == "0.0003"
    assert best["random, choose"] == "0.001"
    assert best["pretrained, judge"] == "0.001"
    for half in ("choose", "judge"):
        worst = max(row[f"pretrained, {half}"] for row in rates)
        least = min(row[f"random, {half}"] for row in rates)
        assert worst < least < no_color[f"random, {half}"]


def test_recipes_that_are_missing_are_named_so():
    missing = {
        name
        for name in RECIPES
        if name.startswith("model2") and name not in course.recordings()
    }
    assert missing == {n for n in missing if "random" in n or "no-l1" in n}


# The ablation: each seed of each training, at its last look.

KINDS = [(s, p) for s in ("l1", "l1-gan", "gan") for p in (True, False)]


@pytest.fixture(scope="module")
def parts():
    """A measure by stages, encoder and seed, minus gray's on demand."""
    report = course.recorded("ablation").report

    def measured(measure):
        found = {kind: [] for kind in KINDS}
        for cell in sorted(report["cells"], key=lambda cell: cell["seed"]):
            value = mean_of_halves(cell["looks"][-1], measure)
            found[cell["stages"], cell["pretrained"]].append(value)
        return {kind: np.array(values) for kind, values in found.items()}

    measured.gray = mean_of_halves(report["gray"], "ciede2000")
    return measured


def test_six_trainings_from_five_seeds_each(parts):
    assert {len(v) for v in parts("ciede2000").values()} == {5}
    run = course.recorded("ablation").run
    assert run["cells"] == 30
    assert run["config"]["batch_size"] == 16
    assert run["config"]["size"] == 64
    assert run["config"]["learning_rate"] == 0.0002
    assert run["data"]["photographs"] == pytest.approx(1_200, abs=50)
    cells = course.recorded("ablation").report["cells"]
    assert {cell["looks"][-1]["step"] for cell in cells} == {148, 296}
    looked_at = [cell["looked_at"] for cell in cells]
    assert all(sum(each.values()) == 200 for each in looked_at)


@pytest.mark.parametrize("measure", ["ciede2000", "lpips"])
def test_the_borrowed_encoder_lowers_the_error_from_every_seed(parts, measure):
    found = parts(measure)
    for stages in ("l1", "l1-gan", "gan"):
        assert (found[stages, True] < found[stages, False]).all(), stages


def test_the_gan_raises_the_error_and_brings_color(parts):
    error, chroma = parts("ciede2000"), parts("chroma_ratio")
    for stages in ("l1-gan", "gan"):
        for pretrained in (True, False):
            alone = error["l1", pretrained]
            assert (error[stages, pretrained] > alone).all()
        assert (chroma[stages, True] > chroma["l1", True]).all()
    pairs = [
        chroma[stages, False] > chroma["l1", False]
        for stages in ("l1-gan", "gan")
    ]
    assert np.sum(pairs) == 9  # of 10: "from nearly every seed"


def test_the_gan_does_not_raise_lpips_on_average(parts):
    error = parts("lpips")
    for pretrained in (True, False):
        alone = error["l1", pretrained].mean()
        for stages in ("l1-gan", "gan"):
            assert error[stages, pretrained].mean() < alone
    at_once = error["gan", False] - error["l1", False]
    assert (at_once < 0).all()  # "falls a little from every seed"


def test_the_first_stage_is_better_from_some_seeds_only(parts):
    error = parts("ciede2000")
    for pretrained in (True, False):
        better = error["l1-gan", pretrained] < error["gan", pretrained]
        assert better.any()
        assert not better.all()


def test_only_l1_on_a_borrowed_encoder_beats_gray_from_every_seed(parts):
    better = {
        kind: (values < parts.gray).all()
        for kind, values in parts("ciede2000").items()
    }
    assert [kind for kind in KINDS if better[kind]] == [("l1", True)]
