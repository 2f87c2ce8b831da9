"""FID and KID against second implementations, and what their values mean."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from torch import nn
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.kid import KernelInceptionDistance

from colorlib.metrics.sets import fid, kid, kid_interval, on_halves


def drawn(*size: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*size, generator=torch.Generator().manual_seed(seed))


def test_fid_is_the_formula_with_scipys_square_root():
    mixed = drawn(16, 16, seed=2)
    one, two = drawn(300, 16).double(), (drawn(300, 16, seed=1) @ mixed + 1)
    gap = (one.mean(dim=0) - two.mean(dim=0)).square().sum().item()
    C, D = np.cov(one.numpy().T), np.cov(two.numpy().T)
    root = np.real(sqrtm(C @ D))
    expected = gap + np.trace(C) + np.trace(D) - 2 * np.trace(root)
    assert fid(one, two) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("pictures", "numbers"), [(200, 24), (24, 200)])
def test_fid_is_torchmetrics(pictures, numbers):
    """With more pictures than features, and with fewer."""
    one, two = drawn(pictures, numbers), drawn(pictures, numbers, seed=1) + 0.5
    seen = nn.Identity()
    seen.num_features = numbers  # torchmetrics asks for it
    metric = FrechetInceptionDistance(seen).set_dtype(torch.float64)
    metric.update(one.double(), real=False)
    metric.update(two.double(), real=True)
    expected = metric.compute().item()
    assert fid(one, two) == pytest.approx(expected, rel=1e-3)


@pytest.mark.filterwarnings("ignore:Metric .Kernel Inception:UserWarning")
def test_kid_is_torchmetrics_with_one_large_subset():
    here, there = drawn(30, 2048), drawn(30, 2048, seed=1) + 0.1
    metric = KernelInceptionDistance(nn.Identity(), subsets=1, subset_size=30)
    metric.update(here, real=False)
    metric.update(there, real=True)
    expected, _ = metric.compute()
    assert kid(here, there) == pytest.approx(expected.item(), rel=1e-3)


def test_they_know_one_set_from_another():
    """Of numbers drawn from normal distributions, where both are known."""
    here, same = drawn(1000, 16), drawn(1000, 16, seed=1)
    assert fid(here, here) == pytest.approx(0, abs=1e-9)
    assert fid(here, same) == pytest.approx(0, abs=0.2)
    assert fid(here, same + 0.5) == pytest.approx(16 * 0.5**2, rel=0.1)
    assert kid(here, same) == pytest.approx(0, abs=0.02)
    assert kid(here, same + 0.5) > 0.2


def test_fid_falls_with_the_number_of_pictures_and_kid_does_not():
    one, two = drawn(1600, 32), drawn(1600, 32, seed=1)
    few, many = (fid(one[:n], two[:n]) for n in (40, 1600))
    assert few > 10 * many
    low, high = kid_interval(one[:40], two[:40])
    assert low < 0 < high


def test_equal_sets_are_a_little_below_zero():
    """As the docstring says: each picture's own twin counts as a pair."""
    same = drawn(50, 64)
    assert -1 < kid(same, same) < 0


@pytest.mark.slow
def test_an_interval_holds_what_it_should():
    """About 95 of a hundred hold the distance that was drawn from."""
    true = kid(drawn(3000, 8, seed=998) + 0.5, drawn(3000, 8, seed=999))
    held = 0
    for seed in range(100):
        pictures, photographs = drawn(2, 60, 8, seed=seed)
        low, high = kid_interval(pictures + 0.5, photographs)
        held += low <= true <= high
    assert 85 <= held <= 100


@pytest.mark.slow
def test_fids_halves_scatter_as_much_as_other_photographs_do():
    """So an interval around the whole's FID can be as wide as theirs."""
    others = [
        fid(drawn(60, 8, seed=seed) + 0.5, drawn(60, 8, seed=seed + 500))
        for seed in range(200)
    ]
    spreads = [
        on_halves(fid, drawn(60, 8, seed=seed) + 0.5, drawn(60, 8, seed=-seed))
        .std()
        .item()
        for seed in range(1, 11)
    ]
    assert np.mean(spreads) == pytest.approx(np.std(others), rel=0.35)


def test_an_interval_is_about_pairs():
    """Rows of one photograph are drawn together, and the seed decides."""
    one, two = drawn(40, 8), drawn(40, 8, seed=1)
    assert kid_interval(one, two) == kid_interval(one, two, seed=0)
    assert kid_interval(one, two) != kid_interval(one, two, seed=1)
    low, high = kid_interval(one, one)
    assert low < high < 0  # of equal sets each half is


def test_kids_interval_lies_around_its_value():
    """Pictures like their own photographs: the KIDs of halves are lower."""
    photographs = drawn(40, 64)
    pictures = photographs + 0.1 * drawn(40, 64, seed=1)
    value = kid(pictures, photographs)
    assert (on_halves(kid, pictures, photographs) < value).all()
    low, high = kid_interval(pictures, photographs)
    assert low < value < high


@pytest.mark.usefixtures("as_outside_pytest")
def test_what_is_no_set_is_refused():
    three = torch.zeros(3, 8)
    with pytest.raises(ValueError, match="measure at one size"):
        kid(three, three[:2])
    for measure in (fid, kid):
        with pytest.raises(ValueError, match="at least 2 pictures"):
            measure(three[:1], three[:1])
    with pytest.raises(ValueError, match="at least 4 pictures"):
        kid_interval(three, three)
