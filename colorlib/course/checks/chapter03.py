"""What chapter 03 asks, and the truth."""

import torch
from torch import Tensor, nn

from colorlib.course.checks.calling import WrongAnswerError, call, kind
from colorlib.course.checks.comparing import compare_answer
from colorlib.losses import bce
from colorlib.toys.failures import SETUPS
from colorlib.toys.small_gans import perceptron

# n, kernel, stride, padding; the slide's own are the second and the third.
LAYERS = (
    (64, 5, 1, 2),
    (63, 2, 2, 0),
    (64, 4, 1, 1),
    (64, 3, 1, 1),
    (64, 4, 2, 1),
    (30, 5, 3, 2),
    (7, 1, 1, 0),
)

# Which name stands for which of the failed runs.
FAILED = {
    "run 1": "ink-no-zero-grad",
    "run 2": "ink-swapped",
    "run 3": "ink-collapse",
    "run 4": "ink-d-won",
    "run 5": "ink-no-detach",
    "run 6": "ink-oscillation",
}
CAUSES = {name: SETUPS[run].about for name, run in FAILED.items()}
# What to look at, if a run was taken for something that it is not.
LOOK = {
    "the discriminator won": "one loss would go to nothing early, without"
    " swings, and stay there, while the other climbs",
    "mode collapse": "D would see no difference, and you would see"
    " at a glance how few colors there are",
    "oscillation": "the losses would go up and down, and up and down again",
    "detach is missing": "both losses would soon stand still, away from ln 2",
    "zero_grad is missing": "old directions would be followed on and on,"
    " and both losses would rise",
    "the labels are swapped": "both networks would want the same thing, and"
    " both would get it",
}


def side(n: int, kernel: int, stride: int, padding: int) -> int:
    """How many pixels wide a convolution's output is."""
    return (n + 2 * padding - kernel) // stride + 1


def check_side(answer: object) -> str:
    """The answer is a function of n, kernel, stride, padding."""
    for n, kernel, stride, padding in LAYERS:
        room = n + 2 * padding - kernel
        compare_answer(
            call(answer, n, kernel, stride, padding),
            side(n, kernel, stride, padding),
            within=1e-6,
            mistakes=[
                (room // stride, "One too few: the first place counts, too."),
                (
                    (n + padding - kernel) // stride + 1,
                    "The padding is on both sides.",
                ),
                (room + 1, "With a stride of 2 it lands on every other place."),
                (
                    room / stride + 1,
                    "A kernel that would reach over the edge isn't put there.",
                ),
            ],
            otherwise=f"Not for n = {n}, kernel = {kernel}, stride ="
            f" {stride}, padding = {padding}: on how many places can the"
            " kernel lie?",
        )
    return "This one line finds most mistakes of this kind."


def check_diagnoses(answer: object) -> str:
    """The answer is a dictionary from names to causes."""
    if not isinstance(answer, dict):
        raise WrongAnswerError(
            f"A dictionary is wanted, this is {kind(answer)}."
        )
    if missing := sorted(CAUSES.keys() - answer.keys()):
        raise WrongAnswerError(f"No word yet about {', '.join(missing)}.")
    for name in CAUSES:
        if answer[name] not in list(LOOK):
            raise WrongAnswerError(f"{name}: choose one of {', '.join(LOOK)}.")
    wrong = [x for x in CAUSES if answer[x] != CAUSES[x]]
    if wrong:
        first = answer[wrong[0]]
        right = len(CAUSES) - len(wrong)
        raise WrongAnswerError(
            f"{right} of {len(CAUSES)} are right. If {wrong[0]} were"
            f" “{first}”, {LOOK[first]}. Look again."
        )
    return "All six."


def both_losses(
    G: nn.Module, D: nn.Module, real: Tensor, gray: Tensor
) -> tuple[Tensor, Tensor]:
    """Both losses, each of them with gradients for its own network."""
    fake = G(gray)
    d_loss = (bce(D(real), 1.0) + bce(D(fake.detach()), 0.0)) / 2
    return d_loss, bce(D(fake), 1.0)


def check_losses(answer: object) -> str:
    """The answer is the friend's function, mended."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        G, D = perceptron(3, 5, 4), perceptron(4, 6, 1)
        real, gray = torch.randn(8, 4), torch.randn(8, 3)
    answers = call(answer, G, D, real, gray)
    if not (
        isinstance(answers, tuple | list)
        and len(answers) == 2
        and all(isinstance(loss, Tensor) for loss in answers)
    ):
        raise WrongAnswerError(
            "Two losses are wanted, d_loss and g_loss, both tensors."
        )
    truth = both_losses(G, D, real, gray)
    for got, want in zip(answers, truth, strict=True):
        compare_answer(
            got,
            want.detach(),
            within=1e-5,
            otherwise="The values were right before; mend what flows back.",
        )
    of_G, of_D = _shapes(G), _shapes(D)
    in_d, in_g = map(_pulls, answers)
    if not of_D <= in_d.keys():
        raise WrongAnswerError("No gradient of D's loss reaches D.")
    if in_d.keys() & of_G:
        raise WrongAnswerError(
            "The gradient of D's loss reaches G, which would learn to be"
            " recognized."
        )
    if not of_G <= in_g.keys():
        raise WrongAnswerError(
            "No gradient of G's loss reaches G, and it will never change."
        )
    for name, own, found, true in (
        ("D", of_D, in_d, _pulls(truth[0])),
        ("G", of_G, in_g, _pulls(truth[1])),
    ):
        if not all(torch.allclose(found[w], true[w], atol=1e-6) for w in own):
            raise WrongAnswerError(
                f"{name} gets only a part of its gradient: what else should it"
                " learn from?"
            )
    return "Each loss reaches its own network."


def _shapes(network: nn.Module) -> set[tuple[int, ...]]:
    return {tuple(weight.shape) for weight in network.parameters()}


def _pulls(loss: Tensor) -> dict[tuple[int, ...], Tensor]:
    """The gradient of a loss at each weight that it reaches.

    The reader's function got copies of the networks, so only shapes can say
    whose weights those are; no two here have the same.
    """
    found: dict[tuple[int, ...], Tensor] = {}
    todo = [loss.grad_fn]
    while todo:
        node = todo.pop()
        if node is None:
            continue
        if hasattr(node, "variable"):  # a leaf
            found[tuple(node.variable.shape)] = node.variable
        todo += [before for before, _ in node.next_functions]
    if not found:
        return {}
    pulls = torch.autograd.grad(loss, tuple(found.values()), retain_graph=True)
    return dict(zip(found, pulls, strict=True))
