"""The measures: right by authority, and known for what they can't see."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from skimage.color import lab2lch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torchmetrics.functional import image as torchmetrics_image

from colorlib import metrics
from colorlib.color import (
    clamp_to_gamut,
    join_lab,
    lab_to_rgb,
    rgb_to_lab,
    split_lab,
)
from colorlib.data.samples import BUNDLED, bundled

# L*, a*, b* of two colors and their CIEDE2000 difference. Sharma, Wu, Dalal,
# Color Research and Application 30(1), 2005, table 1.
PUBLISHED = """
50.0000   2.6772 -79.7751  50.0000   0.0000 -82.7485   2.0425
50.0000   3.1571 -77.2803  50.0000   0.0000 -82.7485   2.8615
50.0000   2.8361 -74.0200  50.0000   0.0000 -82.7485   3.4412
50.0000  -1.3802 -84.2814  50.0000   0.0000 -82.7485   1.0000
50.0000  -1.1848 -84.8006  50.0000   0.0000 -82.7485   1.0000
50.0000  -0.9009 -85.5211  50.0000   0.0000 -82.7485   1.0000
50.0000   0.0000   0.0000  50.0000  -1.0000   2.0000   2.3669
50.0000  -1.0000   2.0000  50.0000   0.0000   0.0000   2.3669
50.0000   2.4900  -0.0010  50.0000  -2.4900   0.0009   7.1792
50.0000   2.4900  -0.0010  50.0000  -2.4900   0.0010   7.1792
50.0000   2.4900  -0.0010  50.0000  -2.4900   0.0011   7.2195
50.0000   2.4900  -0.0010  50.0000  -2.4900   0.0012   7.2195
50.0000  -0.0010   2.4900  50.0000   0.0009  -2.4900   4.8045
50.0000  -0.0010   2.4900  50.0000   0.0010  -2.4900   4.8045
50.0000  -0.0010   2.4900  50.0000   0.0011  -2.4900   4.7461
50.0000   2.5000   0.0000  50.0000   0.0000  -2.5000   4.3065
50.0000   2.5000   0.0000  73.0000  25.0000 -18.0000  27.1492
50.0000   2.5000   0.0000  61.0000  -5.0000  29.0000  22.8977
50.0000   2.5000   0.0000  56.0000 -27.0000  -3.0000  31.9030
50.0000   2.5000   0.0000  58.0000  24.0000  15.0000  19.4535
50.0000   2.5000   0.0000  50.0000   3.1736   0.5854   1.0000
50.0000   2.5000   0.0000  50.0000   3.2972   0.0000   1.0000
50.0000   2.5000   0.0000  50.0000   1.8634   0.5757   1.0000
50.0000   2.5000   0.0000  50.0000   3.2592   0.3350   1.0000
60.2574 -34.0099  36.2677  60.4626 -34.1751  39.4387   1.2644
63.0109 -31.0961  -5.8663  62.8187 -29.7946  -4.0864   1.2630
61.2901   3.7196  -5.3901  61.4292   2.2480  -4.9620   1.8731
35.0831 -44.1164   3.7933  35.0232 -40.0716   1.5901   1.8645
22.7233  20.0904 -46.6940  23.0331  14.9730 -42.5619   2.0373
36.4612  47.8580  18.3852  36.2715  50.5065  21.2231   1.4146
90.8027  -2.0831   1.4410  91.1528  -1.6435   0.0447   1.4441
90.9257  -0.5406  -0.9208  88.6381  -0.8985  -0.7239   1.5381
 6.7747  -0.2908  -2.4247   5.8714  -0.0985  -2.2286   0.6377
 2.0776   0.0795  -1.1350   0.9033  -0.0636  -0.5514   0.9082
"""


def lab_image(*pixels) -> torch.Tensor:
    """One row of Lab pixels as an image, (3, 1, pixels)."""
    return torch.from_numpy(np.array(pixels, float)).T[:, None]


def test_ciede2000_gives_the_published_differences():
    table = np.array([line.split() for line in PUBLISHED.split("\n")[1:-1]])
    table = table.astype(float)
    assert table.shape == (34, 7)
    ours = metrics.ciede2000(
        lab_image(*table[:, :3]), lab_image(*table[:, 3:6])
    ).numpy()
    # Where hues are exactly opposite the formula jumps, and the last bit of an
    # arc tangent decides, which is not the same in every NumPy.
    opposite = (table[:, 1:3] == -table[:, 4:6]).all(axis=1)
    assert opposite.sum() == 2
    beyond = np.where(opposite, np.roll(table[:, 6], -1), table[:, 6])
    off = np.minimum(abs(ours[0] - table[:, 6]), abs(ours[0] - beyond))
    np.testing.assert_allclose(off, 0, atol=0.5e-4)


def test_ciede2000_is_a_map_and_batches_are_only_many_of_them():
    lab = torch.rand(2, 3, 4, 5) * 50
    true_lab = torch.rand(2, 3, 4, 5) * 50
    error = metrics.ciede2000(lab, true_lab)
    assert error.shape == (2, 4, 5)
    alone = metrics.ciede2000(lab[1], true_lab[1])
    torch.testing.assert_close(error[1], alone)


def test_ab_mae_is_the_mean_over_both_channels_and_ignores_lightness():
    true_lab = torch.rand(2, 3, 4, 4)
    offset = torch.tensor([40.0, 3.0, -5.0])[:, None, None]
    error = metrics.ab_mae(true_lab + offset, true_lab)
    torch.testing.assert_close(error, torch.tensor([4.0, 4.0]))


def test_chroma_is_the_distance_from_gray():
    lab = lab_image((50, 3, -4), (20, 0, 0))
    assert metrics.chroma(lab).item() == 2.5


def test_chroma_ratio_takes_the_means_first():
    """Or a nearly gray photograph would rule: here the mean ratio is 25.5."""
    nearly_gray, colorful = lab_image((50, 0.1, 0)), lab_image((50, 50, 0))
    true_lab = torch.stack([nearly_gray, colorful])
    lab = torch.stack([lab_image((50, 5, 0)), colorful])
    ratio = metrics.chroma_ratio(lab, true_lab)
    assert ratio == pytest.approx(55 / 50.1)


def test_colorfulness_is_the_signed_one():
    """Half red, half green: 255 + 0.3 * 127.5. Without signs it is 85.5."""
    red_green = torch.tensor([[255, 0], [0, 255], [0, 0]], dtype=torch.uint8)
    found = metrics.colorfulness(red_green[:, None])
    assert found.item() == pytest.approx(255 + 0.3 * 127.5)


def test_colorfulness_abs_is_what_published_code_computes():
    """Of the same picture: no spread is left, and strength does not cancel."""
    red_green = torch.tensor([[255, 0], [0, 255], [0, 0]], dtype=torch.uint8)
    found = metrics.colorfulness_abs(red_green[:, None])
    assert found.item() == pytest.approx(0.3 * math.hypot(255, 127.5))


def test_nothing_is_colorful_about_gray():
    ramp = torch.arange(256, dtype=torch.uint8).expand(3, 1, 256)
    assert metrics.colorfulness(ramp).item() == 0
    assert metrics.chroma(rgb_to_lab(ramp)).item() < 0.01


def test_hue_error_is_the_angle_where_the_truth_has_color():
    true_lab = lab_image((50, 30, 0), (50, 0, 10), (50, 0, 0))
    lab = lab_image((50, 0, 5), (50, 0, 99), (50, -50, 0))  # 90, 0, anything
    expected = (90 * 30 + 0 * 10) / 40
    assert metrics.hue_error(lab, true_lab).item() == pytest.approx(expected)


def test_a_gray_picture_has_no_better_hue_than_a_guess():
    """What rounding leaves of a hue, 0.003 of chroma, must not count."""
    true_rgb = some_bytes()
    true_lab = rgb_to_lab(true_rgb)
    gray = rgb_to_lab(true_rgb[:1].expand(3, -1, -1))
    assert 0 < metrics.chroma(gray) < 0.05
    assert metrics.hue_error(gray, true_lab).item() == pytest.approx(90)


def test_a_truth_without_hue_has_none_to_miss():
    black = torch.zeros(3, 4, 4)
    assert metrics.hue_error(torch.full((3, 4, 4), 9.0), black).item() == 0


def test_one_level_off_everywhere_is_48_decibels():
    """20 log10(255), and infinity when nothing is off."""
    true_rgb = torch.full((3, 4, 4), 100, dtype=torch.uint8)
    found = metrics.psnr(true_rgb + 1, true_rgb)
    assert found.item() == pytest.approx(48.1308, abs=1e-4)
    assert metrics.psnr(true_rgb, true_rgb).item() == math.inf


@pytest.mark.usefixtures("as_outside_pytest")
@pytest.mark.parametrize(
    "measure",
    [
        metrics.ab_mae,
        metrics.ciede2000,
        metrics.hue_error,
        metrics.psnr,
        metrics.ssim,
    ],
)
def test_pictures_of_two_sizes_are_an_error(measure):
    with pytest.raises(ValueError, match=r"\(3, 4, 4\).*\(3, 4, 5\)"):
        measure(torch.zeros(3, 4, 4), torch.zeros(3, 4, 5))


def test_ssim_needs_its_window():
    small = torch.zeros(3, 10, 40, dtype=torch.uint8)
    with pytest.raises(ValueError, match=r"window of 11.*\(10, 40\)"):
        metrics.ssim(small, small)


# The same from other hands.


def some_bytes(seed: int = 0, *batch: int) -> torch.Tensor:
    """Noise with structure: blocks of color, and grain on them."""
    rng = torch.Generator().manual_seed(seed)
    blocks = torch.rand(*batch, 3, 6, 8, generator=rng) * 200
    blocks = blocks.repeat_interleave(6, -1).repeat_interleave(6, -2)
    grain = torch.rand(blocks.shape, generator=rng) * 55
    return (blocks + grain).byte()


def as_array(rgb: torch.Tensor) -> np.ndarray:
    return rgb.permute(1, 2, 0).numpy()


def test_psnr_and_ssim_are_scikit_images():
    one, two = some_bytes(0), some_bytes(1)
    psnr = peak_signal_noise_ratio(as_array(two), as_array(one))
    assert metrics.psnr(one, two).item() == pytest.approx(psnr, abs=1e-4)
    ssim = structural_similarity(
        as_array(one),
        as_array(two),
        channel_axis=2,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    assert metrics.ssim(one, two).item() == pytest.approx(ssim, abs=1e-4)


def test_psnr_and_ssim_are_torchmetrics():
    """And batches are only many photographs."""
    one, two = some_bytes(0, 4), some_bytes(1, 4)
    options = {"data_range": 255.0, "reduction": "none"}
    psnr = torchmetrics_image.peak_signal_noise_ratio(
        one.float(), two.float(), dim=(1, 2, 3), **options
    )
    torch.testing.assert_close(metrics.psnr(one, two), psnr)
    # Theirs counts the borders too, where the window looks at reflections.
    _, full = torchmetrics_image.structural_similarity_index_measure(
        one.float(), two.float(), **options, return_full_image=True
    )
    ssim = full[..., 5:-5, 5:-5].mean(dim=(-3, -2, -1))
    torch.testing.assert_close(metrics.ssim(one, two), ssim, atol=1e-4, rtol=0)


def test_hue_error_is_that_of_polar_coordinates():
    lab, true_lab = rgb_to_lab(some_bytes(0)), rgb_to_lab(some_bytes(1))
    hue = lab2lch(lab.numpy(), channel_axis=0)[2]
    _, weight, true_hue = lab2lch(true_lab.numpy(), channel_axis=0)
    off = np.abs(hue - true_hue)
    off = np.degrees(np.minimum(off, 2 * np.pi - off))
    expected = (off * weight).sum() / weight.sum()
    found = metrics.hue_error(lab, true_lab).item()
    assert found == pytest.approx(expected, rel=1e-4)


# What holds for any two pictures.

some_pairs = pytest.mark.parametrize("seeds", [(0, 1), (2, 3), (4, 4)])


def all_errors(rgb: torch.Tensor, true_rgb: torch.Tensor) -> dict[str, float]:
    """Every measure that compares, so that 0 is right."""
    lab, true_lab = rgb_to_lab(rgb), rgb_to_lab(true_rgb)
    return {
        "ab_mae": metrics.ab_mae(lab, true_lab).item(),
        "ciede2000": metrics.ciede2000(lab, true_lab).mean().item(),
        "hue_error": metrics.hue_error(lab, true_lab).item(),
        "1 / psnr": 1 / metrics.psnr(rgb, true_rgb).item(),
        "1 - ssim": 1 - metrics.ssim(rgb, true_rgb).item(),
    }


@some_pairs
def test_the_truth_has_no_error_and_no_other_picture_less(seeds):
    one, two = map(some_bytes, seeds)
    assert set(all_errors(one, one).values()) == {0}
    if not torch.equal(one, two):
        assert min(all_errors(one, two).values()) > 0


@some_pairs
def test_errors_are_the_same_from_both_sides_but_for_the_hue(seeds):
    """The hue error asks how colorful the truth is, and only the truth."""
    one, two = map(some_bytes, seeds)
    there, back = all_errors(one, two), all_errors(two, one)
    weighted = there.pop("hue_error"), back.pop("hue_error")
    assert there == pytest.approx(back, rel=1e-4)
    assert (weighted[0] == weighted[1]) == torch.equal(one, two)


@some_pairs
def test_measures_stay_in_their_ranges(seeds):
    one, two = map(some_bytes, seeds)
    lab = rgb_to_lab(one)
    assert 0 <= metrics.hue_error(lab, rgb_to_lab(two)).item() <= 180
    assert -1 <= metrics.ssim(one, two).item() <= 1
    assert 0 <= metrics.chroma(lab).item() <= 134
    for measure in (metrics.colorfulness, metrics.colorfulness_abs):
        assert 0 <= measure(one).item() <= 255 * 1.5


# What the measures make of right, timid, absent and wrong color.


def hue_rotated(ab: torch.Tensor, degrees: float) -> torch.Tensor:
    """Every hue rotated, no chroma changed."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b = ab.unbind(-3)
    return torch.stack([c * a - s * b, s * a + c * b], dim=-3)


def written(L: torch.Tensor, ab: torch.Tensor) -> torch.Tensor:
    lab, _ = clamp_to_gamut(join_lab(L, ab))
    return (255 * lab_to_rgb(lab)).round().clamp(0, 255).byte()


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, torch.Tensor]]:
    """The bundled photographs with other colors: colors -> measure -> (8,)."""
    photographs = [
        torch.from_numpy(bundled(name).copy()).permute(2, 0, 1)[None]
        for name in BUNDLED
    ]
    truth = torch.cat([F.interpolate(p, (96, 96)) for p in photographs])
    true_lab = rgb_to_lab(truth)
    L, ab = split_lab(true_lab)
    found = {}
    for colors, some_ab in {
        "true": ab,
        "half": ab / 2,
        "gray": ab * 0,
        "turned 60": hue_rotated(ab, 60),
        "turned 180": hue_rotated(ab, 180),
    }.items():
        rgb = written(L, some_ab)
        lab = rgb_to_lab(rgb)
        found[colors] = {
            "ciede2000": metrics.ciede2000(lab, true_lab).mean(dim=(-2, -1)),
            "ab_mae": metrics.ab_mae(lab, true_lab),
            "psnr": -metrics.psnr(rgb, truth),  # so that less is better
            "ssim": -metrics.ssim(rgb, truth),
            "hue_error": metrics.hue_error(lab, true_lab),
            "chroma": metrics.chroma(lab),
            "colorfulness": metrics.colorfulness(rgb),
            "colorfulness_abs": metrics.colorfulness_abs(rgb),
        }
    return found


def order(scores, measure: str, *colors: str) -> bool:
    """Whether errors rise in this order on every one of the photographs."""
    errors = torch.stack([scores[some][measure] for some in colors])
    return bool((errors.diff(dim=0) > 0).all())


def test_ciede2000_ranks_right_timid_absent_wrong(scores):
    """On each photograph: the measure to trust most."""
    assert order(scores, "ciede2000", "true", "half", "gray", "turned 60")
    assert order(scores, "ciede2000", "true", "half", "gray", "turned 180")


@pytest.mark.parametrize("measure", ["ab_mae", "psnr", "ssim"])
def test_distances_rank_timid_but_not_wrong(scores, measure):
    """They fail the order: on average all wrong hues beat no color at all."""
    assert order(scores, measure, "true", "half", "gray", "turned 180")
    wrong, gray = scores["turned 60"][measure], scores["gray"][measure]
    assert wrong.mean() < gray.mean()
    assert (wrong < gray).any()
    assert (wrong > gray).any()


def test_hue_error_ranks_wrong_but_is_blind_to_timid(scores):
    """It fails the order: half is as good as all, and 60 beats a guess."""
    assert order(scores, "hue_error", "half", "turned 60", "gray", "turned 180")
    assert scores["true"]["hue_error"].max() < 0.01
    assert scores["half"]["hue_error"].max() < 2


@pytest.mark.parametrize(
    "measure", ["chroma", "colorfulness", "colorfulness_abs"]
)
def test_quantity_of_color_ranks_timid_but_is_blind_to_wrong(scores, measure):
    """They fail the order: wrong hues come nearer to the truth than half."""
    means = {some: found[measure].mean() for some, found in scores.items()}
    assert means["true"] > means["half"] > means["gray"]
    miss = {some: abs(mean - means["true"]) for some, mean in means.items()}
    assert miss["turned 60"] < miss["half"] < miss["gray"]
