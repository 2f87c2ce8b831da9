"""What chapter 01 asks, and the truth."""

from functools import cache

import numpy as np

from colorlib.color import as_lab, as_pixels, clamp_to_gamut, without_color
from colorlib.colorizer import Colorizer
from colorlib.course.checks.calling import WrongAnswerError, call
from colorlib.course.checks.comparing import as_numbers, compare_answer
from colorlib.data.samples import bundled
from colorlib.metrics import color_error
from colorlib.metrics.errors import ErrorMap
from colorlib.shapes import Number, RGBArray

PLAINLY_WRONG = 10.0  # CIEDE2000
MORE = 1.5
SPOTS, APART = 3, 40  # pixels, so that one suit isn't three answers


def share_wrong(picture: RGBArray, true: RGBArray) -> float:
    """The share of pixels whose color is plainly another, 0 to 1."""
    return float((color_error(picture, true) > PLAINLY_WRONG).mean())


def check_share_wrong(answer: object) -> str:
    """The answer is a function: picture and truth in, a share out."""
    shares: list[float] = []
    for picture, true in (_three_rows_of_ten(), speckled()):
        mean = float(color_error(picture, true).mean())
        compare_answer(
            call(answer, picture, true),
            share_wrong(picture, true),
            low=0,
            high=1,
            count=true.shape[0] * true.shape[1],
            mistakes=[
                (mean, "That is the mean error, not a share of pixels."),
                *(
                    (share, "The same for every picture: does it look at them?")
                    for share in shares
                ),
            ],
            otherwise="A share, but of something else."
            " What do you compare with 10, and how?",
        )
        shares.append(share_wrong(picture, true))
    return "A mean would have hidden this."


def more_color(pixels: RGBArray) -> RGBArray:
    """The same picture with a* and b* half as large again."""
    return _scaled(pixels, 1, MORE, MORE)


def check_more_color(answer: object) -> str:
    """The answer is a function: pixels in, pixels with more color out."""
    _, pixels = speckled()
    compare_answer(
        call(answer, pixels),
        more_color(pixels),
        within=2,  # bytes: rounding may be done twice
        mistakes=[
            (pixels, "Nothing has changed."),
            (_scaled(pixels, MORE, MORE, MORE), "It got lighter, too."),
            (_scaled(pixels, 1, MORE, 1), "That is more a*, but not more b*."),
            (_scaled(pixels, 1, 1, MORE), "That is more b*, but not more a*."),
            (_scaled(pixels, 1, MORE**2, MORE**2), "It was done twice."),
            (_scaled(pixels, 1, 1 / MORE, 1 / MORE), "That is less color."),
        ],
        otherwise="Other colors, but not these. Is it Lab that you multiply?",
    )
    return "Lightness is what it was, and so is what the model knows."


def score(picture: RGBArray, true: RGBArray) -> float:
    """The mean color error, the true photograph left as it was."""
    return float(color_error(picture, true).mean())


def check_score(answer: object) -> None:
    """The answer is the friend's function, mended."""
    picture, true = _three_rows_of_ten()
    compare_answer(
        call(answer, picture, true),
        score(picture, true),
        low=0,
        mistakes=[
            (0, "Zero, for a picture that is wrong. What is compared with it?")
        ],
    )


def check_three_wrong(answer: object) -> str:
    """The answer is three places, (row, column), on the astronaut."""
    error = error_of_the_astronaut()
    spots = as_numbers(answer)
    if spots.shape != (SPOTS, 2) or spots.dtype.kind not in "iu":
        raise WrongAnswerError(
            "Three pairs of whole numbers are wanted: (row, column)."
        )
    if (spots < 0).any() or (spots >= error.shape).any():
        raise WrongAnswerError(
            f"A place is outside the photograph, which has {error.shape[0]}"
            f" rows and {error.shape[1]} columns, counted from 0."
        )
    for row, column in spots:
        if error[row, column] <= PLAINLY_WRONG:
            raise WrongAnswerError(
                f"At row {row}, column {column} the color is close."
            )
    for i, j in ((0, 1), (0, 2), (1, 2)):
        if np.hypot(*(spots[i] - spots[j])) < APART:
            raise WrongAnswerError(
                f"Places {i + 1} and {j + 1} lie in one spot."
            )
    return "Could anybody have known these?"


@cache
def error_of_the_astronaut() -> ErrorMap:
    """Where the shipped model is wrong, and by how much."""
    true = bundled("astronaut")
    colored = Colorizer.load().colorize(without_color(true))
    return color_error(colored.pixels, true)


def _three_rows_of_ten() -> tuple[RGBArray, RGBArray]:
    true = np.full((10, 12, 3), 120, np.uint8)
    picture = true.copy()
    picture[:3] = 200, 30, 30
    return picture, true


def speckled() -> tuple[RGBArray, RGBArray]:
    """Soft colors, and others near enough that some pass for right."""
    rng = np.random.default_rng(1)
    true = rng.integers(100, 150, (12, 8, 3), np.uint8)
    return true + rng.integers(0, 30, true.shape, np.uint8), true


def _scaled(pixels: RGBArray, *factors: Number) -> RGBArray:
    lab = as_lab(pixels)
    for channel, factor in zip(lab, factors, strict=True):
        channel *= factor
    return as_pixels(clamp_to_gamut(lab)[0])
