"""What chapter 11 asks, and the truth."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from colorlib.course.checks.calling import WrongAnswerError, call
from colorlib.course.checks.comparing import as_numbers, compare_answer

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's
SKIPS = (256, 128, 64, 64)


def for_lightness(
    w: Tensor, mean: Sequence[float], std: Sequence[float]
) -> tuple[Tensor, Tensor]:
    """One filter and a bias for L, in place of three for normalized sRGB."""
    means, stds = (torch.as_tensor(x).view(3, 1, 1) for x in (mean, std))
    weight = (w * 0.5 / stds).sum(dim=1, keepdim=True)
    return weight, (w * (0.5 - means) / stds).sum(dim=(1, 2, 3))


def check_for_lightness(answer: object) -> str:
    """The answer is a function: filters, mean and std in, two tensors out."""
    generator = torch.Generator().manual_seed(11)
    w = torch.randn(4, 3, 3, 3, generator=generator)
    L = torch.rand(1, 1, 9, 9, generator=generator) * 2 - 1
    given = call(answer, w, MEAN, STD)
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise WrongAnswerError(
            "for_lightness gives two things, a filter and a bias."
        )
    weight, bias = (torch.from_numpy(as_numbers(x)).float() for x in given)
    if weight.shape != (4, 1, 3, 3) or bias.shape != (4,):
        raise WrongAnswerError(
            "For 4 filters of 3 x 3 x 3 the weight is 4 x 1 x 3 x 3 and the"
            f" bias has 4 numbers; yours are {tuple(weight.shape)} and"
            f" {tuple(bias.shape)}."
        )

    def apply(weight: Tensor, bias: Tensor) -> np.ndarray:
        return F.conv2d(L, weight, bias).numpy()

    true, offset = for_lightness(w, MEAN, STD)
    means, stds = (torch.tensor(x).view(3, 1, 1) for x in (MEAN, STD))
    zero = torch.zeros(4)
    compare_answer(
        apply(weight, bias),
        apply(true, offset),
        mistakes=[
            (
                apply(w.sum(1, keepdim=True), zero),
                "That is the sum alone. What do mean and std do to a channel?",
            ),
            (
                apply(true, zero),
                "The slope is right. What does a channel hold where L is 0?",
            ),
            (
                apply(
                    (w / stds).sum(1, keepdim=True),
                    -(w * means / stds).sum((1, 2, 3)),
                ),
                "That takes L in [0, 1]. Ours is in [-1, 1].",
            ),
            (
                apply(true * 2, offset),
                "The slope is twice too large: x is L / 2 + 1 / 2.",
            ),
        ],
        otherwise="Write a channel as a number times L plus a number, and"
        " then the convolution with it.",
    )
    return "Three filters, their means and deviations are in one layer now."


def joined() -> list[int]:
    """How many channels each block of the decoder joins."""
    channels, found = 512, []
    for skip in SKIPS:
        channels = channels // 2 + skip
        found.append(channels)
    return found


def check_joined(answer: object) -> str:
    """The answer is a list of four numbers."""
    whole, channels = [], 512
    for skip in SKIPS:
        channels += skip
        whole.append(channels)
    compare_answer(
        answer,
        joined(),
        low=1,
        mistakes=[
            (whole, "Pixel shuffle halves what comes from below."),
            ([256 + skip for skip in SKIPS], "Only the first gets 512."),
            (SKIPS, "These are the skip connections alone."),
        ],
        otherwise="Begin with 512: half of it, and 256 from the skip.",
    )
    return "So wide are the features that the decoder's convolutions take."


def is_pretrained(build: Callable[[], nn.Module]) -> bool:
    """Whether no weight depends on the seed."""
    built = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        built.append(build().state_dict())
    first, second = built
    return all(torch.equal(w, second[name]) for name, w in first.items())


def check_is_pretrained(answer: object) -> str:
    """The answer is a function: a function that builds in, yes or no out."""

    def nothing(pretrained: bool = True) -> nn.Module:  # noqa: ARG001
        return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))

    def whole() -> nn.Module:
        net = nothing()
        net.load_state_dict(weights)
        return net

    def half() -> nn.Module:
        return nn.Sequential(whole(), nn.Conv2d(2, 2, 1))

    cases = (
        (whole, True, "Weights that all come from a file are pretrained."),
        (nothing, False, "An argument that nobody uses proves nothing."),
        (half, False, "Its last layer is random: compare all the weights."),
    )
    with torch.random.fork_rng(devices=[]):
        weights = nothing().state_dict()
        for build, true, told in cases:
            said = call(answer, build)
            if not isinstance(said, bool | np.bool_):
                raise WrongAnswerError("is_pretrained says True or False.")
            if said != true:
                raise WrongAnswerError(told)
    return "A test that a keyword can't deceive."
