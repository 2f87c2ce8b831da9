"""What chapter 00 says of its figures and tables is so, at either scale.

Nothing here is luck: the three weights have one best place, and what is drawn
at random is averaged in front of the reader.
"""

from itertools import pairwise

import pytest
import torch

from colorlib.data.samples import BUNDLED


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute; it is the same at all scales."""
    return run_chapter("00_how_a_network_learns", "smoke")


def test_blue_at_the_top_is_the_better_direction(found):
    loss = found["loss"]
    bluer, yellower = (torch.tensor([0, 0, s * 0.1]) for s in (-1, 1))
    assert loss(bluer) < found["gray"] < loss(yellower)


def test_the_valley_lies_left_of_zero(found):
    lowest = found["values"][int(torch.stack(found["losses"]).argmin())]
    assert -3 < lowest < -0.5


def test_nudging_and_backpropagation_agree(found):
    start = torch.zeros(3).requires_grad_()
    found["loss"](start).backward()
    torch.testing.assert_close(start.grad, found["by_hand"], atol=1e-3, rtol=0)
    assert start.grad[2] > 0


def test_training_halves_the_loss_and_finds_the_sky(found):
    w, curve = found["train"](rate=0.5, steps=60)
    assert 0.4 < curve[-1] / curve[0] < 0.6
    assert w[2] < -1
    best = torch.linalg.lstsq(found["inputs"].T, found["b"][:, None]).solution
    torch.testing.assert_close(w, best[:, 0], atol=0.02, rtol=0)


def test_three_rates_are_too_slow_right_and_diverging(found):
    slow, right, wild = (
        found["train"](rate, 40)[1] for rate in (0.02, 0.5, 1.0)
    )
    assert slow == sorted(slow, reverse=True)
    assert slow[-1] > 1.1 * right[-1]
    assert right[12] < 1.02 * right[-1]
    assert wild[2] < slow[2]  # it falls at first
    lowest = wild.index(min(wild))
    assert wild[lowest:] == sorted(wild[lowest:])
    assert wild[-1] > 4  # beyond the chart


def test_a_small_batch_can_be_further_off_than_the_gradient_is_long(found):
    torch.manual_seed(1)
    some = torch.randint(len(found["b"]), (500, 4))
    draws = [found["gradient"](torch.zeros(3), each) for each in some]
    spread = torch.stack(draws).std(dim=0)
    assert (spread > found["gradient"](torch.zeros(3)).abs()).any()


def test_sixteen_times_as_many_pixels_are_four_times_as_exact(found):
    torch.manual_seed(1)
    spread = []
    for size in (64, 1024):
        some = torch.randint(len(found["b"]), (500, size))
        draws = [found["gradient"](torch.zeros(3), each) for each in some]
        spread.append(torch.stack(draws).std(dim=0))
    assert (spread[0] / spread[1] - 4).abs().max() < 0.8


def test_batches_arrive_where_all_pixels_do_and_tremble(found):
    whole = torch.tensor(found["train"](0.2, 768)[1])
    assert whole[100:].std() < 1e-3
    for seed in range(5):
        torch.manual_seed(seed)
        curve = torch.tensor(found["train_in_batches"](0.2, 8))
        assert curve.shape == whole.shape
        assert curve[0] == whole[0]  # both before their first step
        assert 0 <= curve[100:].mean() - whole[-1] < 0.1
        assert curve[100:].std() > 0.015


def test_only_adam_gets_down_with_the_height_in_pixels(found):
    fit = found["fit"]
    small, large = (
        fit(lambda w, rate=rate: torch.optim.SGD(w, lr=rate))
        for rate in (3e-4, 1e-3)
    )
    adam = fit(lambda w: torch.optim.Adam(w, lr=0.05))
    assert large[2] > 3  # beyond the chart at once
    assert small[20] - small[-1] < 0.1  # slowly
    assert max(adam) > 1.2 * adam[0]
    assert adam[-1] < 0.9 * small[-1]
    assert adam[-1] == min(adam[-1], small[-1], large[-1])


def test_the_network_beats_three_weights_which_beat_gray(found):
    assert found["net_loss"] < 0.8 * found["loss"](found["w"])
    assert found["loss"](found["w"]) < 0.6 * found["gray"]


def test_the_curves_part_when_the_network_overfits(found):
    training, others = found["training"], found["others"]
    lowest = others.argmin()
    assert 0 < lowest < len(others) / 2  # early
    assert others[-1] > 1.2 * others[lowest]
    assert training[-1] < 0.1 * training[0]


def test_one_photograph_teaches_little_about_others(found):
    shares = {r["photograph"]: r["model"] / r["gray"] for r in found["rows"]}
    own = shares.pop("china")
    assert 0.4 < own < 0.6
    assert min(shares.values()) > 0.85
    assert sum(share > 1 for share in shares.values()) == 1


def test_three_weights_can_t_fit_a_few_photographs_at_once(found):
    """Trained on all eight, they are worse than gray on some of them."""
    each = []
    for name in BUNDLED:
        L, y, b = found["pixels"](name)
        each.append((torch.stack([torch.ones_like(L), L, y], dim=1), b))
    inputs, targets = map(torch.cat, zip(*each, strict=True))
    w = torch.linalg.lstsq(inputs, targets[:, None]).solution[:, 0]
    off = [((x @ w - b) ** 2).mean() / (b**2).mean() for x, b in each]
    assert sum(share > 1 for share in off) >= 2


def test_the_bug_swings_and_the_mended_loop_rests(found):
    late = found["curve"][20:]
    assert max(late) > 1.5 * min(late)
    assert found["curve"][-1] > found["value"]
    assert abs(found["value"].item() - found["loss"](found["w"])) < 0.01


def test_the_trees_at_the_bottom_have_a_positive_b(found):
    b = found["pixels"]("china")[2].reshape(64, 96)
    assert b[-12:].mean() > 0 > b[:12].mean()


def test_the_changes_get_slower(found):
    ends = [found["train"](0.1, steps)[0] for steps in found["STEPS"]]
    a_step = [
        (later - sooner).norm().item() / (to - since)
        for (sooner, later), (since, to) in zip(
            pairwise(ends), pairwise(found["STEPS"]), strict=True
        )
    ]
    assert a_step == sorted(a_step, reverse=True)
