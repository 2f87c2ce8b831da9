"""What chapter 07 says of its figures, tables and recorded runs is so."""

from math import log
from pathlib import Path

import nbformat
import pytest
import torch

from colorlib import course
from colorlib.data.samples import BUNDLED
from colorlib.metrics import spectra

pytestmark = pytest.mark.slow  # it runs the chapter's cells

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = ROOT / "chapters" / "07_pix2pix.ipynb"


def run_cells(names: dict, *, up_to: str | None = None, since=None) -> None:
    """Compute the chapter's own cells, or those between two of them."""
    wanted = since is None
    for cell in nbformat.read(CHAPTER, as_version=4).cells:
        wanted = wanted or cell.id == since
        if cell.id == up_to:
            return
        if wanted and cell.cell_type == "code" and cell.id != "colab-setup":
            exec(compile(cell.source, cell.id, "exec"), names)


@pytest.fixture(scope="module")
def found():
    """The chapter's names and their values: the same at all scales."""
    names = {"course": course}
    run_cells(names)
    return names


def test_the_chapter_computes_the_same_at_all_scales():
    assert "at_scale" not in CHAPTER.read_text()


# Coarse and fine.


def test_coarse_and_fine_are_the_whole(found):
    whole = found["coarse"] + found["fine"]
    torch.testing.assert_close(whole, found["colors"], atol=1e-5, rtol=0)


def test_the_filter_and_the_package_agree(found):
    torch.testing.assert_close(
        torch.stack(found["by_hand"]),
        spectra.band_rms(found["colors"]),
        rtol=1e-3,
        atol=0,
    )


def test_there_is_less_color_from_octave_to_octave(found):
    octaves = found["typical"](found["ab"])
    assert (octaves.diff() < 0).all()


def test_most_of_the_color_is_coarse(found):
    for each in found["ab"]:
        assert found["fine_share"](each, 8) < 0.5


# Uncertainty.


def kept(found, doubt: str) -> torch.Tensor:
    """How much of the true strength the median keeps, octave by octave."""
    true = spectra.band_rms(found["colors"])
    return spectra.band_rms(found["best"][doubt]) / true


def test_doubt_about_the_place_takes_the_fine_octaves(found):
    share = kept(found, "place")
    assert (share[:3] - 1).abs().max() < 0.1  # below eight cycles
    assert share[4:].max() < 0.6
    assert share[-1] < 0.5
    assert (share[2:].diff() < 0).all()  # the finer, the more


def test_doubt_about_the_hue_takes_all(found):
    assert kept(found, "hue").max() < 0.15


def test_as_many_pictures_are_possible_as_the_text_says(found):
    counts = {doubt: len(each) for doubt, each in found["possible"].items()}
    assert counts == {"place": 81, "hue": 35}


def test_the_photograph_costs_more_than_the_median(found):
    for doubt, possible in found["possible"].items():
        cost = found["cost"]
        favorite = cost(found["best"][doubt], possible)
        assert cost(found["colors"], possible) > 1.1 * favorite


# The discriminator.


def test_only_with_the_gray_photograph_can_it_object(found, capsys):
    cells = nbformat.read(CHAPTER, as_version=4).cells
    [swap] = [cell.source for cell in cells if cell.id == "swap"]
    exec(swap, found)
    alone, with_gray = (
        float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()
    )
    assert alone < 1e-6
    assert with_gray > 1e-5


def test_three_lines_give_what_the_step_gives(found):
    assert found["ours"].keys() == found["theirs"].keys()
    for name, loss in found["ours"].items():
        torch.testing.assert_close(
            loss, found["theirs"][name], atol=1e-5, rtol=0
        )


# The recorded runs.


def test_the_truth_has_all_of_its_color_where_it_is(found):
    perfect = found["amounts"](found["true_ab"]).values()
    assert list(perfect) == pytest.approx([1, 1, 1, 1], abs=1e-3)


def test_every_run_was_scored_after_as_many_epochs(found):
    """Otherwise not lambda is compared, but patience."""
    epoch = found["EPOCH"]
    for run in found["runs"].values():
        assert epoch in run.reports
        assert epoch in run.epochs


def test_the_reduced_runs_have_as_much_color_as_the_text_says(found):
    amounts, fake_ab = found["amounts"], found["fake_ab"]
    l1, gan, both = map(
        amounts, map(fake_ab.get, ("L1 only", "GAN only", "both"))
    )
    assert max(l1["coarse"], l1["fine"]) < 0.25
    assert min(gan["coarse"], gan["fine"]) > 1
    for half in ("coarse", "fine"):
        assert both[half] > 3 * l1[half]
        name = f"{half} agrees"
        assert both[name] == pytest.approx(l1[name], abs=0.1)
        assert gan[name] < 0.1


def test_the_reduced_dots_are_in_the_last_octaves_and_ends_at_1(found):
    typical, fake_ab = found["typical"], found["fake_ab"]
    true = typical(found["true_ab"])
    assert (typical(fake_ab["GAN only"])[-2:] > true[-2:]).all()
    for who in ("lambda 1", "lambda 10", "both"):
        assert typical(fake_ab[who])[-1] < true[-1]


def test_the_reduced_skies_are_green_or_even(found):
    sky = [*BUNDLED].index("china"), slice(None), slice(0, 64), slice(160, 224)
    at = {
        who: torch.stack(ab)[sky] * 110 for who, ab in found["fake_ab"].items()
    }
    a, b = at["GAN only"].mean(dim=(1, 2))
    assert a < -15 < 15 < b
    assert at["GAN only"].std(dim=(1, 2)).min() > 10
    for who in ("L1 only", "both"):
        assert at[who].std(dim=(1, 2)).max() < 2


def test_in_the_reduced_runs_only_the_error_turns_one_way(found, capsys):
    run_cells(dict(found), since="lambda-steps-code", up_to="exercise-even")
    color, error = capsys.readouterr().out.splitlines()
    assert error.endswith("3 of 3 steps of lambda")
    assert "3 of 3" not in color


def test_with_little_l1_the_discriminator_guesses(found):
    """And the rows of small lambdas show little of what a GAN can do."""
    d = {row["lambda"]: row["D's loss"] for row in found["rows"]}
    assert all(abs(d[weight] - log(2)) < 0.01 for weight in (0, 1))
    assert d[100] < log(2) - 0.2


def test_in_the_reduced_runs_nobody_beats_gray_and_l1_comes_closest(found):
    errors = {
        row["lambda"]: float(row["color error"]) for row in found["below"]
    }
    runs = [float(row["color error"]) for row in found["rows"]]
    assert errors["gray"] < errors["L1 only"] < min(runs)


# The exercises.


def test_at_lambda_100_less_than_a_unit_is_enough(found):
    assert found["even"](100.0) < 1


def test_the_friend_s_lambda_turns_nothing_around_and_ours_does(found, capsys):
    found["tell"](found["friends_loss"])
    found["tell"](found["objective"])
    friends, ours = capsys.readouterr().out.splitlines()
    assert friends.startswith("0 of")
    assert not ours.startswith("0 of")
