"""What chapter 08 says of its figures and tables is so, at either scale.

(That the deck's network computes the same without its accident in place:
tests/models/test_unet.py. What its trainings show: test_claims.py.)
"""

from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from colorlib import course
from colorlib.color import as_lab, split_lab
from colorlib.data.crops import center_crop
from colorlib.data.samples import BUNDLED, bundled
from colorlib.metrics import spectra
from colorlib.models.unet import Unet

ROOT = Path(__file__).resolve().parents[2]
CELLS = {
    cell.id: cell
    for cell in nbformat.read(ROOT / "chapters/08_unet.ipynb", 4).cells
}


def run(cell: str, names: dict) -> None:
    exec(compile(CELLS[cell].source, cell, "exec"), names)


@pytest.fixture(scope="module", params=["smoke", "laptop"])
def found(request, run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("08_unet", request.param)


# Shapes.


def test_a_photograph_becomes_one_pixel_and_a_photograph_again(found):
    sides = [x.shape[-1] for x in found["maps"].values()]
    assert sides[:9] == [256, 128, 64, 32, 16, 8, 4, 2, 1]
    assert sides[8:] == sides[8::-1]


def test_less_than_a_hundredth_is_left_at_the_bottom(found):
    L, bottom, ab = (found["maps"][n].numel() for n in ("L", "down 8", "ab"))
    assert bottom < L / 100
    assert ab == 2 * L


def test_the_toy_is_the_package_s_network(found):
    G, toy, noise = (found[name] for name in ("G", "toy", "noise"))
    torch.testing.assert_close(G(noise), toy(noise).tanh(), atol=1e-4, rtol=0)
    assert toy(noise).std() > 0.01  # and says something


def test_thousands_of_times_as_many_numbers_go_around(found):
    assert 2000 < sum(found["carried"](256, 64, 8)) / 512 < 10_000


# Without the ways around.


def test_the_explorer_fits_on_a_page(found):
    """Making it at all is the test: it refuses more than 300 kB."""
    assert len(found["seen"]) == 2 * found["n_down"] + 1


# The picture and the code.


def test_the_picture_s_network_eats_its_border(found):
    """The arithmetic of the chapter against layers of PyTorch."""

    def pair(x):
        for _ in range(2):
            x = F.conv2d(x, torch.ones(1, 1, 3, 3, device="meta"))
        return x

    x = torch.zeros(1, 1, 572, 572, device="meta")
    for _ in range(4):
        x = F.max_pool2d(pair(x), 2)
    x = pair(x)
    for _ in range(4):
        up = torch.ones(1, 1, 2, 2, device="meta")
        x = pair(F.conv_transpose2d(x, up, stride=2))
    run("picture-sizes", names := {})
    assert names["side"] == x.shape[-1] == 388


def test_nothing_of_the_legend_is_in_the_code(found):
    ways = [m for m in found["deck"].modules() if hasattr(m, "kernel_size")]
    kinds = {(type(m), m.kernel_size, m.stride) for m in ways}
    ours = (4, 4), (2, 2)
    assert kinds == {(nn.Conv2d, *ours), (nn.ConvTranspose2d, *ours)}


# Sizes.


def test_the_toy_accepts_multiples_of_eight_and_nothing_else(found):
    for side in range(8, 41):
        x = torch.zeros(1, 1, side, side)
        if side % 8 == 0:
            assert found["toy"](x).shape[-1] == side
        elif side // 4 % 2 == side // 2 % 2 == 0:
            assert found["toy"](x).shape[-1] == side - 1
        else:
            with pytest.raises(RuntimeError, match="must match"):
                found["toy"](x)


def test_one_pixel_too_many_is_lost_without_a_word(found):
    """Nothing is joined on the top rung, so `cat` can't complain."""
    assert found["toy"](torch.zeros(1, 1, 65, 65)).shape[-1] == 64


def test_without_skips_sixty_pixels_come_back_as_fewer(found):
    x = torch.zeros(1, 1, 60, 60)
    levels = found["levels"]
    for level in levels:
        x = level.down(x)
    for level in reversed(levels):
        x = F.conv_transpose2d(x, torch.ones(x.shape[1], 1, 4, 4), None, 2, 1)
        x = x.expand(-1, level.down.in_channels, -1, -1)
    assert x.shape[-1] == 56
    assert "come back with 56" in CELLS["odd-seen"].source


def test_one_pixel_of_one_photograph_has_no_spread():
    """What can go wrong quotes PyTorch's message."""
    message = "Expected more than 1 value per channel when training"
    assert message in CELLS["go-wrong"].source
    with pytest.raises(ValueError, match=message):
        nn.BatchNorm2d(3)(torch.zeros(1, 3, 1, 1))


def test_the_quiz_s_photographs_fit_and_fail_as_it_says():
    G = Unet(n_down=5, width=1).eval()
    assert G(torch.zeros(1, 1, 320, 224)).shape[2:] == (320, 224)
    for height, width in [(320, 240), (250, 250)]:
        with pytest.raises(ValueError, match="multiples of 32"):
            G(torch.zeros(1, 1, height, width))


# The accident in place.


def test_the_accident_overwrites_what_is_kept(found):
    run("in-place-code", names := {"torch": torch, "nn": nn})
    assert names["kept"].tolist() != [-2, -1, 0, 1, 2]
    assert names["kept"].data_ptr() == names["activated"].data_ptr()


def test_it_matters_only_if_no_relu_reads_it(found):
    assert found["difference"](F.relu) == 0
    assert found["difference"](F.leaky_relu) > 1e-4


# The exercises.


def test_without_skips_read_nothing_goes_around_the_bottleneck(found):
    """And the mended line is enough."""
    L, G = found["L"], found["with_skips"]
    mended = CELLS["bug-echo"].source.replace("[x, x]", "[skips.pop(), x]")
    exec(mended, names := {"torch": torch, "F": F, "with_skips": G, "L": L})
    with torch.inference_mode():
        assert torch.equal(*found["friends"](G, L[:2], bottleneck=0.0))
        assert not torch.equal(*names["friends"](G, L[:2], bottleneck=0.0))
        torch.testing.assert_close(names["friends"](G, L), G(L))


# The recorded pair.


@pytest.fixture(scope="module")
def pair():
    return course.recorded("model1-100"), course.recorded("unet-noskip")


def test_the_recorded_two_differ_in_their_skips_and_in_precision(pair):
    skips, plain = (run.run["config"] for run in pair)
    differ = {name for name in skips if skips[name] != plain.get(name)}
    assert differ == {"generator", "epochs"}
    assert (plain["generator"], plain["epochs"]) == ("unet-noskip", 20)
    assert pair[0].run["data"]["list_hash"] == pair[1].run["data"]["list_hash"]
    precision = [run.run["machine"]["precision"] for run in pair]
    assert precision == ["bf16", "no"]


def test_without_skips_d_wins_and_l1_stays_above_gray(pair):
    skips, plain = (run.metrics for run in pair)
    assert max(plain["d"][5:]) < 0.12  # "nearly zero"
    assert max(plain["d"][14:]) < 0.09
    assert min(skips["d"][:20]) > 0.45
    assert max(skips["d"][1:20]) - min(skips["d"][1:20]) < 0.05
    for with_skips, without in zip(skips["g_l1"], plain["g_l1"], strict=False):
        assert without > with_skips
    assert min(plain["g_l1"]) > pair[1].run["gray_l1"]


def test_without_skips_lpips_is_far_worse_and_ciede2000_is_not(pair):
    skips, plain = pair
    found = plain.scores(who="model - gray")
    for epoch in (12, 60):
        other = skips.scores(epoch, "model - gray")
        assert found["lpips"].low > other["lpips"].high + 0.03
    other = skips.scores(12, "model - gray")["ciede2000"]
    assert found["ciede2000"].low < other.high
    assert other.low < found["ciede2000"].high


def test_without_skips_color_has_hardly_any_shapes(pair):
    """The fine color agrees less with the truth, for every photograph."""
    agree = []
    for run in pair:
        epoch = min(run.epochs, key=lambda each: abs(each - 20))
        agree.append(
            [
                spectra.band_correlation(
                    split_lab(as_lab(run.picture(name, epoch)))[1],
                    split_lab(as_lab(center_crop(bundled(name), 256)))[1],
                )[3:]
                .mean()
                .item()
                for name in BUNDLED
            ]
        )
    skips, plain = agree
    assert np.mean(plain) < 0.4 * np.mean(skips)
