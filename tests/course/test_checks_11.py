"""What a reader of chapter 11 is told about an answer."""

import re

import pytest
import torch
from torch import nn

from colorlib import course
from colorlib.course.checks import chapter11


def by_matrix(w, mean, std):
    """Channels first, and a product over them."""
    slope = 1 / (2 * torch.tensor(std))
    offset = (0.5 - torch.tensor(mean)) / torch.tensor(std)
    weight = torch.einsum("fchw,c->fhw", w, slope)[:, None]
    return [weight, torch.einsum("fchw,c->f", w, offset)]


def by_names(build):
    """Compare as lists, and give back a NumPy bool."""
    torch.manual_seed(3)
    one = [*build().state_dict().values()]
    torch.manual_seed(4)
    other = [*build().state_dict().values()]
    same = [torch.equal(a, b) for a, b in zip(one, other, strict=True)]
    return torch.tensor(same).numpy().all()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("11-for-lightness", chapter11.for_lightness),
        ("11-for-lightness", by_matrix),
        ("11-joined", chapter11.joined()),
        ("11-joined", torch.tensor([512, 384, 256, 192])),
        ("11-is-pretrained", chapter11.is_pretrained),
        ("11-is-pretrained", by_names),
    ],
)
def test_the_truth_is_right(name, answer):
    assert course.check(name, answer)


def only_the_sum(w, mean, std):
    return w.sum(1, keepdim=True), torch.zeros(len(w))


def without_offset(w, mean, std):
    return chapter11.for_lightness(w, mean, std)[0], torch.zeros(len(w))


def from_zero_to_one(w, mean, std):
    mean, std = (torch.tensor(x).view(3, 1, 1) for x in (mean, std))
    bias = -(w * mean / std).sum((1, 2, 3))
    return (w / std).sum(1, keepdim=True), bias


def twice_the_slope(w, mean, std):
    weight, bias = chapter11.for_lightness(w, mean, std)
    return 2 * weight, bias


def first_layer(build):
    """One tensor of all, as the chapter does where it knows the network."""
    torch.manual_seed(0)
    one = next(build().parameters())
    torch.manual_seed(1)
    return torch.equal(one, next(build().parameters()))


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("11-for-lightness", lambda w, m, s: w, "two things"),
        ("11-for-lightness", lambda w, m, s: (w, w), "yours are"),
        ("11-for-lightness", only_the_sum, "the sum alone"),
        ("11-for-lightness", without_offset, "where L is 0"),
        ("11-for-lightness", from_zero_to_one, r"L in \[0, 1\]"),
        ("11-for-lightness", twice_the_slope, "twice too large"),
        (
            "11-for-lightness",
            lambda w, m, s: (w[:, :1] * 3, torch.ones(len(w))),
            "a number times L",
        ),
        ("11-joined", None, "None"),
        ("11-joined", [768, 896, 960, 1024], "halves"),
        ("11-joined", [512, 384, 320, 320], "Only the first"),
        ("11-joined", [256, 128, 64, 64], "alone"),
        ("11-joined", [500, 380, 250, 190], "Begin with 512"),
        ("11-is-pretrained", True, "function itself"),
        ("11-is-pretrained", lambda build: "yes", "True or False"),
        ("11-is-pretrained", lambda build: False, "from a file are"),
        ("11-is-pretrained", lambda build: True, "proves nothing"),
        ("11-is-pretrained", first_layer, "last layer is random"),
    ],
)
def test_a_wrong_answer_is_told_what_is_off(name, answer, told):
    verdict = course.check(name, answer)
    assert not verdict
    assert re.search(told, verdict.text), verdict.text


def test_the_reader_s_random_numbers_go_on_as_they_were():
    before = torch.get_rng_state()
    course.check("11-is-pretrained", chapter11.is_pretrained)
    assert torch.equal(torch.get_rng_state(), before)


def test_one_layer_for_lightness_gives_what_three_channels_gave():
    torch.manual_seed(0)
    conv = nn.Conv2d(3, 5, 3, bias=False)
    mean, std = (0.4, 0.5, 0.6), (0.2, 0.3, 0.4)
    L = torch.rand(2, 1, 8, 8) * 2 - 1
    rgb = (L / 2 + 0.5).expand(-1, 3, -1, -1)
    means, stds = (torch.tensor(x).view(3, 1, 1) for x in (mean, std))
    wanted = conv((rgb - means) / stds)
    weight, bias = chapter11.for_lightness(conv.weight, mean, std)
    found = nn.functional.conv2d(L, weight, bias)
    assert torch.allclose(found, wanted, atol=1e-5)
