"""What chapter 07 says of its figures, tables and recorded runs is so."""

from math import log
from pathlib import Path

import grid_rows
import nbformat
import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.data.samples import BUNDLED
from colorlib.evaluation.bootstrap import Estimate
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
    assert list(perfect) == pytest.approx([1, 1, 1, 1, 1], abs=1e-3)


def test_networks_are_compared_after_about_as_many_epochs(found):
    """Otherwise not the losses are compared, but patience."""
    l1, both = found["AFTER"].values()
    assert l1 == found["SHORTEST"]
    assert both == pytest.approx(l1, rel=0.25)


def test_the_discriminator_brings_color_and_no_knowledge(found):
    amounts, fake_ab = found["amounts"], found["fake_ab"]
    l1, both = (amounts(fake_ab[who]) for who in ("L1 only", "both"))
    assert max(l1["coarse"], l1["fine"]) < 0.35
    for half in ("coarse", "fine"):
        assert both[half] == pytest.approx(1, abs=0.2)


def test_most_of_l1_s_color_is_one_yellowish_brown(found):
    means = torch.stack(
        [a.mean(dim=(1, 2)) for a in found["fake_ab"]["L1 only"]]
    )
    total = sum(
        a.square().sum(dim=0).mean() for a in found["fake_ab"]["L1 only"]
    )
    assert means.square().sum() > 0.65 * total
    a, b = 110 * means.T
    assert (b > 0).all()
    assert a.abs().max() < 3 < b.median()


def test_with_both_losses_the_mean_color_is_far_too_strong_at_first(found):
    last = found["AFTER"]["both"]
    run = found["runs"]["both"]
    strength = {
        epoch: found["amounts"](
            [found["ab_of"](run.picture(name, epoch)) for name in BUNDLED]
        )["mean color"]
        for epoch in run.epochs
        if epoch >= last
    }
    assert strength.pop(last) > 1.5
    assert max(strength.values()) < 1.05


def agreements(found, who) -> torch.Tensor:
    """Correlations with the truth, a row a photograph."""
    pairs = zip(found["fake_ab"][who], found["true_ab"], strict=True)
    return torch.stack([spectra.band_correlation(*pair) for pair in pairs])


def test_eight_photographs_can_t_tell_whose_colors_agree_better(found):
    more = agreements(found, "both") - agreements(found, "L1 only")
    for half in (more[:, :3], more[:, 3:]):
        gain = Estimate.of(np.mean, half.mean(dim=1).numpy())
        assert gain.low < 0 < gain.high


def strengths_after(found, who, epoch) -> list[float]:
    pictures = [found["runs"][who].picture(name, epoch) for name in BUNDLED]
    amounts = found["amounts"]([found["ab_of"](each) for each in pictures])
    return [amounts[half] for half in ("coarse", "fine")]


def test_after_later_epochs_three_quarters_of_the_strength_are_left(found):
    last = found["AFTER"]["both"]
    later = [e for e in found["runs"]["both"].epochs if e > last]
    assert len(later) == 3
    for epoch in later:
        strengths = strengths_after(found, "both", epoch)
        assert strengths == pytest.approx([0.75, 0.75], abs=0.06)


def test_too_little_training_leaves_little_color_in_both_halves(found):
    early = strengths_after(found, "L1 only", 1)
    late = strengths_after(found, "L1 only", found["AFTER"]["L1 only"])
    assert all(a < b for a, b in zip(early, late, strict=True))


def test_coarse_color_is_about_threefold_and_fine_color_fourfold(found):
    amounts, fake_ab = found["amounts"], found["fake_ab"]
    l1, both = (amounts(fake_ab[who]) for who in ("L1 only", "both"))
    times = [both[half] / l1[half] for half in ("coarse", "fine")]
    assert [round(each) for each in times] == [3, 4]


def mean_ab(found, who, name, rows, columns):
    i = [*BUNDLED].index(name)
    return found["fake_ab"][who][i][:, rows, columns].mean(dim=(1, 2)) * 110


def test_the_wall_is_yellow_and_the_saucer_red_with_both_losses(found):
    wall = "astronaut", slice(20, 90), slice(60, 90)
    saucer = "coffee", slice(150, 200), slice(200, 225)
    yellow = mean_ab(found, "both", *wall)[1]
    assert yellow > max(15, 2 * mean_ab(found, "L1 only", *wall).norm())
    assert mean_ab(found, "both", *saucer)[0] > 15
    assert mean_ab(found, "L1 only", *saucer).norm() < 10


@pytest.fixture(scope="module")
def by_seed(found):
    """By lambda's name a row a seed: color error, chroma ratio, D's loss."""
    assert sum(map(len, found["cells"].values())) == 25
    return {name: grid_rows.by_seed(c) for name, c in found["cells"].items()}


def test_nothing_but_lambda_differs(found):
    seeds = {
        name: [cell["seed"] for cell in five]
        for name, five in found["cells"].items()
    }
    assert set(map(tuple, seeds.values())) == {(1, 2, 3, 4, 5)}
    assert not any(
        cell["joint_batch"] for five in found["cells"].values() for cell in five
    )


def test_l1_alone_is_at_one_end_and_the_gan_alone_at_the_other(by_seed):
    """From each seed."""
    error, chroma, _ = range(3)
    l1, alone = by_seed["L1 alone"], by_seed[0]
    for name in (100, 10, 1):
        assert (l1[:, error] < by_seed[name][:, error]).all()
        assert (by_seed[name][:, error] < alone[:, error]).all()
    for name in (100, 10, 1, 0):
        assert (l1[:, chroma] < by_seed[name][:, chroma]).all()
    assert (by_seed[100][:, chroma] < alone[:, chroma]).all()


@pytest.mark.parametrize(("one", "other"), [(100, 10), (10, 1)])
def test_between_neighbors_no_order_can_be_shown(by_seed, one, other):
    less = by_seed[one][:, 0] < by_seed[other][:, 0]
    assert less.any()
    assert not less.all()


def test_color_and_error_grow_on_average_as_lambda_falls(by_seed):
    means = np.array([by_seed[name].mean(axis=0) for name in (100, 10, 1, 0)])
    for measure in range(2):  # error, chroma
        assert (np.diff(means[:, measure]) > 0).all()
    assert (by_seed[100][:, 0] < by_seed[1][:, 0]).all()


def test_by_ab_mae_l1_alone_is_better_than_gray_from_every_seed(found):
    gray = found["mean_of_halves"](found["sweep"].report["gray"], "ab_mae")
    for cell in found["cells"]["L1 alone"]:
        assert found["at_end"](cell, "ab_mae") < gray


def test_where_lambda_is_small_the_discriminator_guesses(by_seed):
    """And the larger it is, the better D tells the two apart."""
    d = {name: rows[:, 2] for name, rows in by_seed.items()}
    for name in (0, 1):
        assert np.abs(d[name] - log(2)).max() < 0.02
    assert (d[1] - d[10] > 0.02).all()
    assert (d[10] - d[100] > 0.1).all()
    assert (d["L1 alone"] < 0.1).all()


def test_no_color_at_all_has_a_smaller_error(found, by_seed):
    """But L1 alone gets below gray where it trains for longer."""
    assert found["no_color"] < min(
        rows[:, 0].min() for rows in by_seed.values()
    )
    for who, below in (("L1 only", True), ("both", False)):
        gain = found["runs"][who].scores(who="model - gray")["ciede2000"]
        assert (gain.high < 0) if below else (gain.low > 0)


def test_there_is_more_color_with_both_losses_after_any_epoch(found):
    """On the 2,000 photographs as well, as the summary says."""
    l1, both = (
        [run.scores(epoch)["chroma_ratio"] for epoch in run.reports]
        for run in found["runs"].values()
    )
    assert max(each.high for each in l1) < min(each.low for each in both)


# The exercises.


def test_at_lambda_100_less_than_a_unit_is_enough(found):
    assert found["even"](100.0) < 1


def test_the_friend_s_lambda_turns_nothing_around_and_ours_does(found, capsys):
    found["tell"](found["friends_loss"])
    found["tell"](found["objective"])
    friends, ours = capsys.readouterr().out.splitlines()
    assert friends.startswith("0 of")
    assert not ours.startswith("0 of")
