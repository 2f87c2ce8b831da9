"""What chapter 11 says of its figures and tables is so."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from colorlib import course
from colorlib.models.resunet import ResUnet


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    return run_chapter("11_borrowed_eyes", "smoke")


# Filters, in color and in gray.


def test_upper_rows_keep_their_strength_and_lower_rows_lose_it(found):
    share = found["gray_share"](found["filters"])
    assert len(share) == 64
    assert share[:32].min() > 0.7  # "stripes respond as before"
    assert share[48:].mean() < 0.2  # "the sum is nearly zero"
    assert share[-8:].max() < 0.1  # "most squares are an even gray"


def test_about_a_sixth_keep_less_than_a_tenth(found):
    lost = (found["share"] < 0.1).float().mean().item()
    assert abs(lost - 1 / 6) < 0.02


def test_three_convolutions_of_gray_are_one_with_the_sum(found):
    assert (found["three"] - found["one"]).abs().max() < 1e-4
    assert found["three"].abs().mean() > 0.1


def test_the_coffee_is_gone_from_the_last_filters_in_gray(found):
    """And for the first filters it is the same in both."""

    def left(i):
        w = found["filters"][i]
        gray = found["response"](found["in_gray"], w)
        return (
            gray.std() / found["response"](found["in_color"], w).std()
        ).item()

    assert all(0.9 < left(i) < 1.2 for i in range(8))
    assert all(left(i) < 0.2 for i in range(60, 64))


# Taught by others.

IMAGENETTE = """tench, English springer, cassette player, chain saw, church,
French horn, garbage truck, gas pump, golf ball, parachute"""


def test_the_student_has_learned_something_and_far_less_than_its_teachers():
    asked = course.recorded("backbone-distilled").probe["networks"]
    probe = {network: found["probe"] for network, found in asked.items()}
    assert probe["distilled"]["low"] > 2 * probe["random"]["value"]
    teachers = probe["EfficientNet-Lite2"], probe["MobileNetV2"]
    assert min(t["low"] for t in teachers) > probe["distilled"]["high"] + 0.2


def test_eight_bits_cost_nothing_that_could_be_measured():
    asked = course.recorded("backbone-distilled").probe["networks"]
    for question in ("probe", "head"):
        whole, rounded = asked["distilled"][question], asked["8 bits"][question]
        if question == "probe":
            whole, rounded = {"": whole}, {"": rounded}
        for who, share in whole.items():
            middle = rounded[who]["value"]
            assert share["low"] < middle < share["high"]


def test_most_names_are_imagenette_s(found):
    ten = {name.strip() for name in IMAGENETTE.replace("\n", " ").split(",")}
    named = [found["classes"][i] for i in found["chances"].argmax(dim=1)]
    assert sum(name in ten for name in named) >= 6


def test_pretrained_with_500_photographs_comes_as_far_as_random_with_8000(
    found,
):
    worth, errors = found["worth"], found["errors"]
    assert len(worth.report["cells"]) == 18  # "eighteen times"
    assert {len(seeds) for seeds in errors.values()} == {3}
    few, many = errors["pretrained", 500], errors["random", 8_000]
    assert min(few) <= max(many)
    assert min(many) <= max(few)
    assert min(many) <= min(few)  # "lie among those"
    assert max(few) <= max(many)
    for number in (500, 2_000, 8_000):
        pretrained, random = (
            errors[kind, number] for kind in ("pretrained", "random")
        )
        assert max(pretrained) < min(random)
        assert sum(random) / 3 < found["no_color"]


def test_of_8000_photographs_each_is_seen_once():
    """And the rate of each kind is the one that chapter 12 chose."""
    for cell in course.recorded("learning-curves").report["cells"]:
        steps = cell["looks"][-1]["step"]
        assert 490 < steps < 515
        if cell["photographs"] == 8_000:
            assert 16 * steps == pytest.approx(8_000, rel=0.01)
        rate = 3e-4 if cell["pretrained"] else 1e-3
        assert cell["learning_rate"] == rate
        assert cell["looked_at"]["judge"] == 100


# From three channels to one.


@pytest.fixture(scope="module")
def ways():
    """The share of photographs that keep their class, by network and way."""
    return course.recorded("first-filters").report["networks"]


NETWORKS = "EfficientNet-Lite2", "MobileNetV2"


def test_gray_costs_a_third_and_the_scaled_sum_costs_no_more(ways):
    for network in NETWORKS:
        gray = ways[network]["gray"]["as it is"]["value"]
        assert gray < 2 / 3
        scaled = ways[network]["scaled"]["as it is"]["value"]
        assert abs(scaled - gray) < 0.02


def test_a_wrong_scale_costs_classes(ways):
    lite, mobile = (ways[network] for network in NETWORKS)

    def kept(way):
        return way["as it is"]

    assert abs(kept(lite["sum"])["value"] - kept(lite["gray"])["value"]) < 0.02
    assert kept(mobile["sum"])["high"] < kept(mobile["gray"])["low"]
    assert kept(mobile["mean"])["high"] < kept(mobile["sum"])["low"]
    assert kept(lite["mean"])["value"] < kept(lite["sum"])["value"] - 0.05
    for network in (lite, mobile):
        assert kept(network["first"])["high"] < kept(network["mean"])["low"]
        assert kept(network["random"])["high"] < 0.02


def test_counted_anew_a_factor_makes_no_difference(ways):
    for network in NETWORKS:
        sums, means = (ways[network][way]["adapted"] for way in ("sum", "mean"))
        assert abs(sums["value"] - means["value"]) < 0.01
    wrong, right = (
        ways["MobileNetV2"]["mean"],
        ways["EfficientNet-Lite2"]["sum"],
    )
    assert wrong["adapted"]["low"] > wrong["as it is"]["high"]
    assert right["adapted"]["high"] < right["as it is"]["low"]
    scaled = ways["MobileNetV2"]["scaled"]
    assert scaled["adapted"]["value"] < scaled["as it is"]["value"]


def test_who_gains_by_counting_anew_and_who_loses(ways):
    """ "Clearly": the intervals lie apart."""
    lite, mobile = (ways[network] for network in NETWORKS)
    gains = (mobile["mean"], mobile["first"], lite["first"])
    for found in gains:
        assert found["adapted"]["low"] > found["as it is"]["high"]
    for found in (lite["scaled"], lite["sum"], lite["mean"]):
        assert found["adapted"]["high"] < found["as it is"]["low"]


# Is it pretrained?


def test_what_says_pretrained_is_random(found):
    assert not torch.equal(found["w"], found["v"])
    # "All of them are noise": neighbors have nothing in common.
    w = found["w"].detach()
    assert (
        abs(np.corrcoef(w[..., 1:].flatten(), w[..., :-1].flatten())[0, 1])
        < 0.1
    )
    eyes = found["filters"]
    a, b = eyes[:32, ..., 1:].flatten(), eyes[:32, ..., :-1].flatten()
    assert np.corrcoef(a, b)[0, 1] > 0.25


def test_the_first_layer_is_the_sum_of_three_random_filters(found):
    """Which is why its weights are larger than those of one would be."""
    expected = (3 * 2 / (64 * 49)) ** 0.5  # torchvision: fan_out, ReLU
    assert found["w"].std().item() == pytest.approx(expected, rel=0.05)


# DynamicUnet, opened.


def test_the_network_and_ours_are_one(found):
    G = found["G"]
    assert sum(p.numel() for p in G.parameters()) == 31_099_672
    assert (found["theirs"] - found["ours"]).abs().max() < 1e-5
    kinds = [row["kind"] for row in found["layers"]]
    assert kinds[4:8] == ["UnetBlock"] * 4
    assert kinds[8].startswith("PixelShuffle")
    assert kinds[10] == "MergeLayer"
    assert kinds[12] == "ConvLayer"


def test_hooks_take_the_rocket_s_features_and_ours_do_not(found):
    unet, G, alone = found["unet"], found["G"], found["ours"]
    mixed = found["interrupted"](unet, unet.layers[0])
    assert found["off_by"](mixed, alone) > 5
    assert torch.equal(found["interrupted"](G, G.backbone), alone)
    # Undisturbed, the next photograph is right again.
    with torch.no_grad():
        again = torch.Tensor(unet(found["L"]))
    assert found["off_by"](again, alone) < 0.01


def test_blocks_join_what_the_exercise_counts(found):
    joined = [block.conv1.in_channels for block in found["G"].up]
    assert joined == found["joined"]
    with torch.device("meta"):
        assert [b.conv1.in_channels for b in ResUnet().up] == joined


def test_the_friend_s_test_believes_a_keyword(found):
    torch.manual_seed(0)
    builders = found["from_file"], found["with_parentheses"]
    assert [found["is_pretrained"](build) for build in builders] == [
        True,
        False,
    ]


def test_padding_makes_the_only_difference(found):
    """Away from the border one layer gives what three channels gave."""
    w = found["filters"][:4]
    mean, std = (0.4, 0.5, 0.6), (0.2, 0.3, 0.4)
    means, stds = (torch.tensor(x).view(3, 1, 1) for x in (mean, std))
    L = torch.rand(1, 1, 32, 32) * 2 - 1
    rgb = ((L / 2 + 0.5).expand(-1, 3, -1, -1) - means) / stds
    wanted = F.conv2d(rgb, w, padding=5)
    weight, bias = found["for_lightness"](w, mean, std)
    given = F.conv2d(L, weight, bias, padding=5)
    inner = np.s_[..., 5:-5, 5:-5]
    assert torch.allclose(given[inner], wanted[inner], atol=1e-4)
    assert not torch.allclose(given, wanted, atol=1e-2)


def test_after_a_training_step_it_can_t_be_copied(found):
    unet = copy.deepcopy(found["unet"]).train()
    unet(found["L"].expand(2, -1, -1, -1)).mean().backward()
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly"):
        copy.deepcopy(unet)
