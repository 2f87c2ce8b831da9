"""What chapter 03 says is so.

(The arithmetic of layers: tests/course/test_checks_03.py; what a missing
line does to a step: tests/toys/test_failures.py.)
"""

import math
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from torch import nn

from colorlib import course
from colorlib.course.checks.chapter03 import FAILED, side
from colorlib.losses import bce
from colorlib.toys import first
from colorlib.toys.digits import INKS
from colorlib.toys.failures import EPOCHS, SETUPS
from colorlib.toys.small_gans import best_discriminator

LN2 = math.log(2)
CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"


def source_of(cell_id: str) -> str:
    cells = nbformat.read(
        CHAPTERS / "03_first_generator.ipynb", as_version=4
    ).cells
    return next(cell.source for cell in cells if cell.id == cell_id)


@pytest.fixture(scope="module")
def failed():
    return {name: course.recorded(run) for name, run in FAILED.items()}


def late(run, loss: str) -> list[float]:
    """The second half of a training."""
    return run.metrics[loss][EPOCHS // 2 :]


def mean(values) -> float:
    return sum(values) / len(values)


# The slide


def test_a_max_pool_has_no_bias():
    with pytest.raises(TypeError, match="unexpected keyword argument 'bias'"):
        nn.MaxPool2d(2, stride=2, padding=0, bias=False)


@pytest.mark.parametrize("n", [64, 31, 15, 7, 3])
def test_arithmetic_knows_what_pytorch_does(n):
    """A convolution and a pool as on the slide, at each of its sizes."""
    x = torch.zeros(1, 1, n, n)
    x = nn.Conv2d(1, 1, kernel_size=4, stride=1, padding=1)(x)
    assert x.shape[-1] == side(n, 4, 1, 1) == n - 1
    x = nn.MaxPool2d(2)(x)
    assert x.shape[-1] == side(n - 1, 2, 2, 0)


def test_every_promise_of_the_slide_but_the_last_is_broken_by_one():
    n, sides = 64, []
    for _ in range(5):
        n = side(side(n, 4, 1, 1), 2, 2, 0)
        sides.append(n)
    assert sides == [31, 15, 7, 3, 1]


def test_a_kernel_of_4_halves_with_a_stride_of_2():
    """What can go wrong names it, and the decoder doubles so."""
    for n in (64, 32, 16, 8):
        assert side(n, 4, 2, 1) == n // 2
        assert (n - 1) * 2 - 2 * 1 + 4 == 2 * n


def test_without_detach_descend_clears_what_d_left_in_g():
    """The page's step: G moves as with `detach`, only later."""
    step = source_of("train-step")
    without = step.replace("fake.detach()", "fake")
    without = without.replace("backward()", "backward(retain_graph=True)")
    assert without != step

    def weights_after(code):
        torch.manual_seed(0)
        G, D = first.FirstGenerator(2), first.FirstDiscriminator(2)
        scope = {"G": G, "D": D, "torch": torch, "bce": bce}
        scope["opt_G"] = torch.optim.SGD(G.parameters(), lr=0.1)
        scope["opt_D"] = torch.optim.SGD(D.parameters(), lr=0.1)
        exec(code, scope)
        scope["train_step"](
            torch.randn(2, 1, 64, 64), torch.randn(2, 2, 64, 64)
        )
        return torch.cat([w.detach().flatten() for w in G.parameters()])

    torch.testing.assert_close(weights_after(without), weights_after(step))


# The recorded runs


def test_the_viewer_is_the_same_at_all_scales():
    """Its frames weigh nearly what a page has room for: smoke must tell."""
    assert "at_scale" not in source_of("viewer-run")


def test_run_3_is_green_at_first_and_violet_in_the_end(failed):
    """So the answer to the viewer's question is no."""
    colors = []
    for epoch in (5, 75):
        pixels = np.asarray(failed["run 3"].picture("digits", epoch))
        pixels = pixels.reshape(-1, 3).astype(float)
        colors.append(pixels[pixels.max(axis=1) > 60].mean(axis=0))
    (r, g, b), (late_r, late_g, late_b) = colors
    assert g > max(r, b) + 20
    assert late_g < min(late_r, late_b) - 50


def test_the_healthy_run_uses_all_inks_near_the_line():
    run = course.recorded("ink-healthy")
    found = run.report["inks_generated"]
    assert list(found) == list(INKS)
    assert min(found.values()) > 100
    assert LN2 - 0.1 < run.metrics["d"][-1] < LN2 + 0.05


def test_no_run_that_failed_uses_two_inks(failed):
    """More than a handful of times among a thousand digits."""
    for name, run in failed.items():
        found = sorted(run.report["inks_generated"].values())
        assert sum(found[:-1]) < 20, name


def test_the_runs_that_failed_are_as_long_as_the_healthy_one(failed):
    healthy = course.recorded("ink-healthy")
    for run in failed.values():
        assert len(run.metrics["d"]) == len(healthy.metrics["d"]) == EPOCHS
        assert run.epochs == healthy.epochs
        assert run.run["config"]["seed"] == healthy.run["config"]["seed"]


def test_a_run_was_made_with_the_setup_of_its_name(failed):
    """Else a setup could be changed, and its picture stay."""
    for name in FAILED.values():
        run = course.recorded(name).run
        setup = SETUPS[name]
        assert run["about"] == setup.about
        for field in ("rate_G", "rate_D", "beta1", "detach", "real_is"):
            assert run["config"][field] == getattr(setup, field), name


def test_without_zero_grad_both_losses_climb_above_the_line(failed):
    assert mean(late(failed["run 1"], "d")) > LN2
    assert mean(late(failed["run 1"], "g")) > 3


def test_with_swapped_labels_both_losses_are_nothing(failed):
    assert max(late(failed["run 2"], "d") + late(failed["run 2"], "g")) < 0.01


def test_collapse_lies_on_the_line_nearer_than_all_others(failed):
    """The picture of health, by its losses."""
    off = {
        name: abs(mean(run.metrics["d"]) - LN2) for name, run in failed.items()
    }
    assert min(off, key=off.get) == "run 3"
    assert off["run 3"] < 0.03
    last = {
        name: max(abs(run.metrics[x][-1] - LN2) for x in "dg")
        for name, run in failed.items()
    }
    assert min(last, key=last.get) == "run 3"
    healthy = course.recorded("ink-healthy").metrics
    for x in "dg":
        off = failed["run 3"].metrics[x][-1] - healthy[x][-1]
        assert abs(off) < 0.15


def test_where_d_won_the_losses_part_for_good(failed):
    assert max(late(failed["run 4"], "d")) < 0.1
    assert min(late(failed["run 4"], "g")) > 10


def test_without_detach_all_digits_stay_in_one_ink(failed):
    """One ink of four, so the best D says 1/5 there, and nothing moves."""
    D = best_discriminator(torch.tensor(0.25), torch.tensor(1.0))
    d = (-0.25 * D.log() - (1 - D).log()) / 2
    assert mean(late(failed["run 5"], "d")) == pytest.approx(d.item(), abs=0.01)
    assert mean(late(failed["run 5"], "g")) == pytest.approx(
        -D.log().item(), 0.02
    )
    for name in "dg":  # they stand still, away from the line
        values = late(failed["run 5"], name)
        assert max(values) - min(values) < 0.15
        assert min(abs(value - LN2) for value in values) > 0.1
    assert max(failed["run 5"].report["inks_generated"].values()) > 990


def test_oscillation_crosses_the_line_again_and_again(failed):
    above = [d > LN2 for d in failed["run 6"].metrics["d"]]
    crossings = sum(a != b for a, b in zip(above, above[1:], strict=False))
    assert crossings >= 6
    assert max(failed["run 6"].metrics["d"]) > 1.5
    assert min(failed["run 6"].metrics["d"]) < 0.1


def test_with_an_l1_loss_both_stand_still_and_g_learns():
    """Chapter 10's training, from epoch 11 on."""
    metrics = course.recorded("model1-100").metrics
    for name in ("d", "g_gan"):
        values = metrics[name][10:]
        assert max(values) - min(values) < 0.1
        assert min(abs(value - LN2) for value in values) > 0.1
    assert metrics["g_l1"][-1] < 0.7 * metrics["g_l1"][10]
