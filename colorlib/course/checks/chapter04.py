"""What chapter 04 asks, and the truth."""

from itertools import product

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from colorlib.color import (
    AB_SCALE,
    outside_gamut,
    rgb_to_lab,
    split_lab,
)
from colorlib.color.arrays import as_lab
from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import compare_answer
from colorlib.figures.gamut import ab_plane
from colorlib.shapes import Lab, LChannel, Number, RGBArray

Gray = UInt8[np.ndarray, "_ _"]
# Any grid of points is an answer; between two grids there is this much.
GRIDS_DIFFER = 0.01
# 0.05 L*: the constants of CIE 15 come in older and newer digits.
DIGITS_DIFFER = 0.001


def lightness(gray: Gray) -> LChannel:
    """What the network sees of a black-and-white photograph: 1 x H x W."""
    rgb = torch.from_numpy(gray).expand(3, *gray.shape)
    return split_lab(rgb_to_lab(rgb))[0]


def check_lightness(answer: object) -> str:
    """The answer is a function: gray bytes in, L in [-1, 1] out."""
    gray = np.arange(240, dtype=np.uint8).reshape(12, 20)
    truth = lightness(gray).numpy()
    shares = gray[None] / 255
    compare_answer(
        call(answer, gray),
        truth,
        low=-1,
        high=1,
        within=DIGITS_DIFFER,
        mistakes=[
            (2 * shares - 1, "The trap itself: a byte is not yet L*."),
            (shares, "Bytes as shares of 255. Where does L* come in?"),
            (50 * (truth + 1), "That is L*, 0 to 100. What does tanh reach?"),
            (truth / 2 + 0.5, "L* as a share of 100. And below zero?"),
        ],
        otherwise="In range, but it is not the lightness of these bytes.",
    )
    return "From now on a scan looks to the network as training did."


def share_shown(L_star: Number) -> float:
    """The share of the plane of a* and b* that sRGB can show."""
    return 1 - outside_gamut(ab_plane(L_star)).float().mean().item()


def check_share_shown(answer: object) -> str:
    """The answer is a function: a lightness in, a share out."""
    shares = {L_star: share_shown(L_star) for L_star in (20, 55, 90)}
    for L_star, share in shares.items():
        compare_answer(
            call(answer, L_star),
            share,
            low=0,
            high=1,
            within=GRIDS_DIFFER,
            mistakes=[
                (other, "The share of another lightness: is L_star used?")
                for other in shares.values()
            ],
            otherwise=f"At L* = {L_star} it is another share. Do a* and b*"
            " both run from -110 to 110, in even steps?",
        )
    return "Now try it on every lightness from 0 to 100."


def prepare(pixels: RGBArray) -> Lab:
    """What the network sees and what it is to say: L, a, b in [-1, 1]."""
    return torch.cat(split_lab(as_lab(pixels)))


def check_prepare(answer: object) -> str:
    """The answer is the three times broken function, mended."""
    rng = np.random.default_rng(4)
    pixels = rng.integers(0, 256, (12, 20, 3), np.uint8)
    truth = prepare(pixels)
    bugs = product([False, True], repeat=3)
    compare_answer(
        call(answer, pixels),
        truth,
        low=-1,
        high=1,
        mistakes=[
            (broken(pixels, *left).numpy(), _what_is_left(*left))
            for left in bugs
            if any(left)
        ],
    )
    return "A network can be trained on this."


def broken(
    pixels: RGBArray, torn: bool, bright: bool, unscaled: bool
) -> Tensor:
    """The function of the bug hunt, with those of its bugs that are left."""
    rgb = torch.from_numpy(pixels)
    rgb = rgb.reshape(3, *rgb.shape[:2]) if torn else rgb.permute(2, 0, 1)
    lab = rgb_to_lab(rgb.float() if bright else rgb.float() / 255)
    # As it stands in the chapter: far out of range, digits would differ.
    scale = 1 if unscaled else AB_SCALE
    return torch.cat([lab[:1] / 50 - 1, lab[1:] / scale])


def _what_is_left(torn: bool, bright: bool, unscaled: bool) -> str:
    count = torn + bright + unscaled
    if count == 3:
        return "Nothing has changed: all three bugs are there."
    left = "One bug is left" if count == 1 else "Two bugs are left"
    if bright:
        return f"{left}. Is L between -1 and 1?"
    if unscaled:
        return f"{left}. Are a and b between -1 and 1?"
    return f"{left}, and no range shows it. Look at L as a picture."
