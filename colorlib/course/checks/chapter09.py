"""What chapter 09 asks, and the truth."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from colorlib.course.checks.calling import call
from colorlib.course.checks.comparing import as_numbers, compare_answer
from colorlib.losses import bce
from colorlib.models.patchgan import PatchDiscriminator, patch_span

SIZE, ROWS = 256, 30  # pixels and logits, along one side
LAYERS = (
    ([3], [1]),
    ([4, 4, 4, 4, 4], [2, 2, 2, 1, 1]),
    ([7, 3, 5], [2, 1, 3]),
)
# Of the second the mean logit and the mean probability say the same.
MAPS = (
    torch.tensor([[-3.0, 0.5, 2.0]]),
    torch.tensor([[9.0, 9.0], [-9.0, -9.0]]),
)


def side_of_patch(kernels: Sequence[int], strides: Sequence[int]) -> int:
    """How many pixels, in height or width, one number sees."""
    side, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        side += (kernel - 1) * step
        step *= stride
    return side


def check_side_of_patch(answer: object) -> str:
    """The answer is a function: kernels and strides in, pixels out."""
    for kernels, strides in LAYERS:
        steps = np.cumprod([1, *strides])
        more = np.array(kernels) - 1
        compare_answer(
            as_numbers(call(answer, kernels, strides)),
            side_of_patch(kernels, strides),
            low=1,
            mistakes=[
                (np.array(kernels) @ steps[:-1], "A kernel of 1 adds nothing."),
                (more @ steps[:-1], "With no layer at all, one pixel is seen."),
                (
                    1 + more @ steps[1:],
                    "A layer's own stride doesn't move its kernel's pixels"
                    " apart. Which strides do?",
                ),
                (1 + more.sum(), "And the strides?"),
                (
                    side_of_patch(kernels[::-1], strides[::-1]),
                    "From which end of the list do you come?",
                ),
            ],
            otherwise=f"Not for kernels {kernels} with strides {strides}. What"
            " does each layer add, in steps of which width?",
        )
    return "Whatever network you meet, its list of layers is enough."


def padded() -> int:
    """How many of the deck's 900 patches contain padding."""
    with torch.device("meta"):
        D = PatchDiscriminator()
    spans = [patch_span(D, i) for i in range(ROWS)]
    inside = sum(first >= 0 and end <= SIZE for first, end in spans)
    return ROWS**2 - inside**2


def check_padding(answer: object) -> str:
    """The answer is a count."""
    free = ROWS**2 - padded()
    edge = ROWS - int(free**0.5)  # rows, above and below together
    compare_answer(
        answer,
        padded(),
        low=0,
        high=ROWS**2,
        within=0.5,
        mistakes=[
            (free, "Those are the ones that see none."),
            (ROWS**2 - (ROWS - 2) ** 2, "Only the outermost ring?"),
            (edge * ROWS, "Rows, or columns. And the others?"),
            (2 * edge * ROWS, "The corners are counted twice."),
            (ROWS**2 - (ROWS - edge // 2) ** 2, "A map has two ends."),
        ],
        otherwise="Begin with one row of logits: which spans lie inside?",
    )
    return "More than a third of the logits of a photograph of this size."


def patch_loss(logits: Tensor, target: float) -> Tensor:
    """The loss of a map of logits: first that of each, then their mean."""
    return bce(logits, target)


def check_patch_loss(answer: object) -> str:
    """The answer is a function: logits and a target in, a loss out."""
    for logits in MAPS:
        for target in (1.0, 0.0):
            says = logits.sigmoid().mean()
            right = says if target else 1 - says
            compare_answer(
                call(answer, logits, target),
                patch_loss(logits, target).numpy(),
                low=0,
                mistakes=[
                    (
                        bce(logits.mean(), target).numpy(),
                        "Still the loss of the mean, and not the mean of the"
                        " losses.",
                    ),
                    (
                        -right.log().numpy(),
                        "Probabilities are averaged here, logits before. What"
                        " should be?",
                    ),
                    (
                        bce(logits, 1 - target).numpy(),
                        "That is the loss for the other target.",
                    ),
                    (
                        (patch_loss(logits, target) * logits.numel()).numpy(),
                        "That is the sum. A larger photograph would pay more.",
                    ),
                ],
                otherwise="What does a single patch pay? Begin with one.",
            )
    return "Now half a photograph of sure mistakes costs what it should."
