"""The trivial colorizers: each is the best at what it is made for."""

import numpy as np
import pytest
import torch

from colorlib.color import AB_SCALE, rgb_to_lab, split_lab
from colorlib.data.samples import bundled
from colorlib.evaluation import baselines
from colorlib.evaluation.baselines import learn, learned


@pytest.fixture(scope="module")
def labs() -> list[torch.Tensor]:
    """Two photographs in Lab, one of them small."""
    some = bundled("coffee")[::4, ::4], bundled("chelsea")[::8, ::8]
    return [
        rgb_to_lab(torch.from_numpy(rgb.copy()).permute(2, 0, 1))
        for rgb in some
    ]


def errors(labs, color) -> tuple[float, float]:
    """Squared and absolute error of what `color` makes of L, by channel."""
    off = []
    for lab in labs:
        L, ab = split_lab(lab)
        off.append((color(L, ab) - ab).flatten(1))
    off = torch.cat(off, dim=1)
    return off.square().mean().item(), off.abs().mean().item()


def test_gray_has_no_color_and_the_flat_ones_have_one(labs):
    L, ab = split_lab(labs[0])
    assert not baselines.gray(ab).any()
    flat = baselines.oracle_mean(ab)
    assert flat.shape == ab.shape
    assert flat.flatten(1).unique(dim=1).shape == (2, 1)
    torch.testing.assert_close(flat[:, 0, 0], ab.mean(dim=(1, 2)))


def test_the_dataset_mean_is_the_flat_tint_of_least_squared_error(labs):
    mean = learn(labs).mean
    best, _ = errors(labs, lambda L, ab: baselines.one_color(ab, mean))
    for step in torch.tensor([[1.0, 0], [-1, 0], [0, 1], [0, -1]]):
        moved = mean + step / AB_SCALE
        worse, _ = errors(
            labs, lambda L, ab, c=moved: baselines.one_color(ab, c)
        )
        assert worse > best


def test_mean_and_median_are_what_l2_and_l1_ask_for(labs):
    """Each lookup beats the other in its own loss, and one tint in both."""
    known = learn(labs)
    l2_mean, l1_mean = errors(
        labs, lambda L, ab: baselines.look_up_color(L, known.mean_by_L)
    )
    l2_median, l1_median = errors(
        labs, lambda L, ab: baselines.look_up_color(L, known.median_by_L)
    )
    l2_flat, l1_flat = errors(
        labs, lambda L, ab: baselines.one_color(ab, known.mean)
    )
    assert l2_mean < l2_median < l2_flat
    assert l1_median < l1_mean < l1_flat


def test_lookup_tables_are_what_numpy_finds(labs):
    """A second way: sort the pixels of one lightness."""
    pixels = torch.cat([lab.flatten(1) for lab in labs], dim=1).numpy()
    known = learn(labs)
    for L_star in (20, 40, 60):
        same = pixels[1:, np.round(pixels[0]) == L_star]
        mean = known.mean_by_L[:, L_star] * AB_SCALE
        median = known.median_by_L[:, L_star] * AB_SCALE
        np.testing.assert_allclose(mean, same.mean(axis=1), atol=0.1)
        np.testing.assert_allclose(median, np.median(same, axis=1), atol=0.6)


def test_lightnesses_that_never_occurred_get_their_neighbors_color():
    """Eight bundled photographs don't have all; nan would paint black."""
    lab = torch.tensor([[20.0, 40], [10, 30], [0, -20]])[:, None]
    table = learn([lab]).mean_by_L * AB_SCALE
    assert table[:, 0].tolist() == table[:, 20].tolist() == [10, 0]
    torch.testing.assert_close(table[:, 30], torch.tensor([20.0, -10]))
    assert table[:, 100].tolist() == table[:, 40].tolist() == [30, -20]


def test_nothing_can_be_learned_from_nothing():
    with pytest.raises(ValueError, match="no photograph to learn"):
        learn([])


def test_turning_keeps_chroma_and_moves_as_far_as_gray_does(labs):
    """2 sin 30 = 1, which is why ab-MAE can't tell them apart."""
    _, ab = split_lab(labs[0])
    around = baselines.hue_rotated(ab)
    torch.testing.assert_close(around.norm(dim=0), ab.norm(dim=0))
    torch.testing.assert_close((around - ab).norm(dim=0), ab.norm(dim=0))
    torch.testing.assert_close(baselines.hue_rotated(ab, 180.0), -ab)


def test_all_of_them_answer_in_the_shape_of_the_truth(labs):
    L, ab = split_lab(labs[0])
    painted = baselines.baseline_predictions(L, ab, ab.flip(-1), learned())
    assert all(fake.shape == ab.shape for fake in painted.values())
    assert all(fake.isfinite().all() for fake in painted.values())
    torch.testing.assert_close(painted["another's color"], ab.flip(-1))


def test_what_the_course_learned_is_brownish():
    """Warm at all but the darkest and the brightest, and never strong."""
    known = learned()
    a, b = known.mean * AB_SCALE
    assert 0 < a < b < 10
    for table in (known.mean_by_L, known.median_by_L):
        assert table.shape == (2, 101)
        assert table.norm(dim=0).max() * AB_SCALE < 20
    warm = known.mean_by_L[1, 20:80]
    assert (warm > 0).all()
