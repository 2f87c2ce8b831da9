"""Hints spread along edges, and leave everything else to the network."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from colorlib import Colorizer, photos
from colorlib.color import AB_SCALE, as_lab
from colorlib.data.samples import BUNDLED, bundled
from colorlib.hints import spreading
from colorlib.hints.hint import Hint
from colorlib.hints.spreading import (
    apply_hints,
    pale_hints,
    pull_for,
    spread,
)
from colorlib.metrics.errors import ciede2000


def dense(told, known, L, pull):
    """The same equations, cell by cell, for NumPy's solver."""
    rows, columns = L.shape
    A, b = np.eye(L.size), np.where(known, told, 0).reshape(len(told), -1)
    for i in range(L.size):
        y, x = divmod(i, columns)
        if known[y, x]:
            continue
        window = [
            (v, u)
            for v in range(max(0, y - 1), min(rows, y + 2))
            for u in range(max(0, x - 1), min(columns, x + 2))
        ]
        variance = np.var([L[p] for p in window]) + 1
        weights = {
            p: np.exp(-((L[p] - L[y, x]) ** 2) / (0.6 * variance))
            for p in window
            if p != (y, x)
        }
        A[i, i] += pull
        for (v, u), weight in weights.items():
            A[i, v * columns + u] -= weight / sum(weights.values())
    return np.linalg.solve(A, b.T).T.reshape(told.shape)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 6))
def test_it_solves_what_a_dense_solver_does(seed, rows, columns):
    rng = np.random.default_rng(seed)
    L, told = rng.uniform(0, 100, (rows, columns)), rng.normal(size=(2, 6, 6))
    told = told[:, :rows, :columns]
    known = rng.random(L.shape) < 0.3
    expected = dense(told, known, L, 0.01)
    found = spread(told, known, L, pull=0.01)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert (found[:, known] == told[:, known]).all()
    if known.any():  # a mean of what is known, and of 0
        assert np.abs(found).max() <= np.abs(told[:, known]).max() + 1e-9


def test_an_edge_stops_it():
    L = np.full((20, 40), 40.0)
    L[:, 20:] = 80
    known = np.zeros(L.shape, bool)
    known[10, 10] = True
    share = spread(np.ones((1, *L.shape)), known, L, pull=1e-4)[0]
    assert share[:, :20].min() > 3 * share[:, 20:].max()


def test_less_pull_reaches_farther():
    L, known = np.full((20, 40), 40.0), np.zeros((20, 40), bool)
    known[10, 10] = True
    shares = [
        spread(np.ones((1, 20, 40)), known, L, pull=pull)[0, 10, 39]
        for pull in (1e-2, 1e-3, 1e-4)
    ]
    assert sorted(shares) == shares
    assert shares[0] < 0.1 < 0.5 < shares[-1] < 1
    with pytest.raises(ValueError, match="above 0"):
        spread(np.ones((1, 20, 40)), known, L, pull=0)


def test_it_reaches_as_far_as_is_said():
    """From a line of hints, over even ground."""
    L, known = np.full((5, 200), 40.0), np.zeros((5, 200), bool)
    known[:, 0] = True
    share = spread(np.ones((1, 5, 200)), known, L, pull=pull_for(30))[0, 2]
    assert share[30] == pytest.approx(np.exp(-1), rel=0.01)


def scene(rows=24, columns=36):
    """Lightness and an answer, on a small grid; 10 pixels a cell."""
    torch.manual_seed(0)
    L = torch.rand(1, rows, columns) * 20 + 40
    return torch.rand(2, rows, columns) * 0.2, L, (10 * rows, 10 * columns)


def test_at_a_hint_the_color_is_the_hint_s():
    ab, L, size = scene()
    point = Hint((55, 105, 56, 106), (30.0, -20.0), "me")
    box = Hint((200, 0, 300, 50), (-10.0, 40.0), "me")
    corrected, share = apply_hints(ab, L, [point, box], size)
    assert (corrected[:, 10, 5] * AB_SCALE).tolist() == pytest.approx([30, -20])
    inside = corrected[:, :5, 20:30] * AB_SCALE
    assert inside.mean((1, 2)).tolist() == pytest.approx([-10, 40])
    assert inside.std((1, 2)).max() < 1e-3
    assert (share[0, :5, 20:30] == 1).all()
    assert 0 < share.min() < 0.95


def test_a_hint_of_the_model_s_own_color_changes_nothing():
    ab, L, size = scene()
    a, b = (ab[:, 10, 5] * AB_SCALE).tolist()
    own = Hint((55, 105, 56, 106), (a, b), "me")
    corrected, _ = apply_hints(ab, L, [own], size)
    torch.testing.assert_close(corrected, ab, rtol=0, atol=1e-5)


def test_two_hints_in_one_cell_are_its_mean():
    ab, L, size = scene()
    hints = [
        Hint((x, 105, x + 1, 106), (a, 0.0), "me")
        for x, a in ((52, 10.0), (57, 20.0))
    ]
    corrected, _ = apply_hints(ab, L, hints, size)
    assert (corrected[0, 10, 5] * AB_SCALE).item() == pytest.approx(15)


def test_a_fine_answer_is_corrected_on_a_coarser_grid(monkeypatch):
    """A sparse solver's memory grows faster than the picture."""
    ab, L, size = scene(60, 90)
    L = torch.full_like(L, 50)
    box = Hint((300, 200, 600, 400), (30.0, -20.0), "me")
    expected, share = apply_hints(ab, L, [box], size)
    monkeypatch.setattr(spreading, "MOST_CELLS", 1400)
    coarse, coarse_share = apply_hints(ab, L, [box], size)
    assert coarse.shape == expected.shape
    assert (coarse_share - share).abs().max() < 0.5  # at the box's own edge
    assert (coarse_share - share).abs().mean() < 0.03
    inside = coarse[:, 20:40, 30:60] * AB_SCALE
    assert inside.mean((1, 2)).tolist() == pytest.approx([30, -20])
    assert inside.std((1, 2)).max() < 1e-3


def test_a_hint_outside_is_refused():
    ab, L, size = scene()
    with pytest.raises(ValueError, match="lies outside"):
        apply_hints(ab, L, [Hint((0, 0, 361, 1), "#8c1c2b", "me")], size)


def test_a_color_that_the_lightness_can_t_have_is_named():
    L = torch.full((1, 6, 6), 97.0)
    red, pale = (
        Hint((0, 0, 60, 60), color, "me") for color in ("#ff0000", "#fff6f0")
    )
    assert pale_hints([red, pale], L, (60, 60)) == [red]


@pytest.fixture(scope="module")
def shipped():
    return Colorizer.load(device="cpu")


def test_without_hints_nothing_changes(shipped):
    gray = photos.from_array(np.tile(np.arange(200, dtype=np.uint8), (90, 1)))
    plain, same = shipped.colorize(gray), shipped.colorize(gray, hints=())
    np.testing.assert_array_equal(plain.pixels, same.pixels)
    assert plain.made_by == same.made_by


def test_lightness_stays_the_photograph_s(shipped):
    gray = np.tile(np.arange(200, dtype=np.uint8), (90, 1))
    hint = Hint((60, 20, 140, 70), "#8c1c2b", "me")
    for pixels in (gray, gray.astype(np.uint16) * 257):
        colored = shipped.colorize(pixels, hints=[hint])
        assert colored.made_by.hints == (hint.line,)
        rgb = colored.to_8_bits().pixels
        L = as_lab(rgb)[0]
        expected = as_lab(np.dstack([gray] * 3))[0]
        assert (L - expected).abs().max() < 0.6
        assert np.ptp(rgb[45, 100].astype(int)) > 40  # it is red there
        mapped = shipped.map_hints(pixels, [hint])
        assert mapped.pixels.shape == gray.shape
        assert mapped.pixels[45, 100] == 255
        assert mapped.pixels[45, 0] < 255


def true_hints(pixels):
    """The true color at five fixed points: the mean of a few pixels there."""
    rows, columns = pixels.shape[:2]
    lab = as_lab(pixels)
    hints = []
    for down, right in ((1, 1), (1, 3), (2, 2), (3, 1), (3, 3)):
        y, x = rows * down // 4, columns * right // 4
        a, b = lab[1:, y - 2 : y + 3, x - 2 : x + 3].mean((1, 2)).tolist()
        hints.append(Hint((x, y, x + 1, y + 1), (a, b), "the photograph"))
    return hints


@pytest.mark.slow
def test_five_true_hints_lower_the_error(shipped):
    """Of the bundled photographs together; single ones may gain nothing."""
    without, with_hints = {}, {}
    for name in BUNDLED:
        pixels = bundled(name)
        for errors, hints in (
            (without, ()),
            (with_hints, true_hints(pixels)),
        ):
            colored = shipped.colorize(pixels, hints=hints).pixels
            error = ciede2000(as_lab(colored), as_lab(pixels))
            errors[name] = error.mean().item()
        print(f"{name}: {without[name]:.2f}, hinted {with_hints[name]:.2f}")
    share = 1 - sum(with_hints.values()) / sum(without.values())
    print(f"lower by {share:.1%}")
    assert share > 0.15
