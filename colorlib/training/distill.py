"""A backbone for gray photographs, taught by networks that saw ImageNet.

Knowledge distillation: teachers look at the photograph in color, the student
at its lightness alone, and it learns to give the same classes as they do.
The photographs need no labels. What comes of it is the backbone that the
deck's second model begins with, where torchvision's can't be had. Chapter 11.

References:
    Hinton et al., Distilling the Knowledge in a Neural Network, 2015; Beyer
    et al., Knowledge distillation: A good teacher is patient and consistent,
    CVPR 2022 (both see the same crop, mixup, many epochs); Romero et al.,
    FitNets: Hints for Thin Deep Nets, ICLR 2015 (features).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from jaxtyping import Float
from torch import Tensor, nn

from colorlib.color import join_lab, lab_to_rgb
from colorlib.data.batches import Batches
from colorlib.models.classifier import GrayClassifier, save_classifier
from colorlib.models.folding import fold_norms
from colorlib.models.layout import place
from colorlib.models.resnet import BACKBONE
from colorlib.models.teachers import CLASSES, Teacher
from colorlib.shapes import RGB, ABChannels, LChannel
from colorlib.training.accelerator import make_accelerator, scaler_of
from colorlib.training.checkpoint import Stateful
from colorlib.training.config import AdamWConfig, DistillConfig
from colorlib.training.loop import Losses, Networks, State, train
from colorlib.training.pretrain import gamma_jitter, rate_at
from colorlib.training.run_folder import Run

ClassLogits = Float[Tensor, "batch classes"]
PooledFeatures = Float[Tensor, "batch _"]


class Student(nn.Module):
    """The network that learns, and linear maps to its teachers' features.

    Args:
        classes: how many there are to choose from.
        widths: how many pooled features each teacher has.

    Attributes:
        classifier: what is kept in the end.
        maps: one for each teacher, needed in training only.
        config: arguments that build the same network again.
        multiple: 1: any height and width will do.
    """

    multiple = 1

    def __init__(self, classes: int = CLASSES, widths: Sequence[int] = ()):
        super().__init__()
        self.config = {"classes": classes, "widths": list(widths)}
        self.classifier = GrayClassifier(classes)
        own = self.classifier.head.in_features
        self.maps = nn.ModuleList([nn.Linear(own, width) for width in widths])

    def forward(self, L: LChannel) -> tuple[ClassLogits, list[PooledFeatures]]:
        """Classify, and guess what each teacher's features are.

        Args:
            L: lightness in [-1, 1], batch x 1 x height x width.

        Returns:
            Logits, batch x classes, and for each teacher batch x width.
        """
        logits, pooled = self.classifier(L)  # (B, classes), (B, 512)
        return logits, [linear(pooled) for linear in self.maps]


@dataclass
class DistillState:
    """Everything that distillation changes, and the teachers, which stay."""

    student: nn.Module
    teachers: list[Teacher]
    opt: torch.optim.Optimizer
    accelerator: Accelerator
    step: int = 0

    def networks(self) -> Networks:
        """The student, without what several processes wrap it in."""
        return {"student": self.accelerator.unwrap_model(self.student)}

    def parts(self) -> dict[str, Stateful]:
        """What a checkpoint must hold; the teachers have files of their own."""
        return {
            "student": self.networks()["student"],
            "opt": self.opt,
            **scaler_of(self.accelerator),
        }


def start_distilling(
    teachers: Sequence[Teacher], config: DistillConfig
) -> DistillState:
    """Put teachers, student and optimizer on the device.

    Args:
        teachers: at least one; see `models.teachers.load_teacher`.
        config: learning rate, precision and the rest.

    Returns:
        A state at step 0. The student's first weights are random.

    Raises:
        ValueError: if there is no teacher, they don't know the same number
            of classes, or the precision can't be had.
    """
    if not teachers:
        raise ValueError(
            "nobody to learn from: give a teacher's file (--teachers)"
        )
    numbers = {teacher.head.out_features for teacher in teachers}
    if len(numbers) > 1:
        raise ValueError(
            f"teachers know {' and '.join(map(str, sorted(numbers)))} classes;"
            " give teachers of the same classes"
        )
    return start_student(config, numbers.pop(), teachers)


def start_student(
    config: AdamWConfig,
    classes: int = CLASSES,
    teachers: Sequence[Teacher] = (),
) -> DistillState:
    """Put a student and its optimizer on the device.

    Args:
        config: learning rate, precision and the rest.
        classes: how many there are to choose from.
        teachers: none for a student that learns from labels.

    Returns:
        A state at step 0. The student's first weights are random.

    Raises:
        ValueError: if the precision can't be had.
    """
    accelerator = make_accelerator(config.precision)
    there = [_lean(teacher, accelerator) for teacher in teachers]
    student = Student(classes, [teacher.width for teacher in there])
    student = place(student, accelerator.device).train()
    opt = torch.optim.AdamW(
        student.parameters(),
        lr=config.learning_rate,
        weight_decay=config.weight_decay,
        fused=True,
    )
    student, opt = accelerator.prepare(student, opt)
    return DistillState(student, there, opt, accelerator)


def _lean(teacher: Teacher, accelerator: Accelerator) -> Teacher:
    # Teachers take most of a step, and only compute: without norms, and with
    # weights that need no cast.
    lean = fold_norms(teacher)
    if accelerator.mixed_precision == "bf16":
        lean.body.to(torch.bfloat16)
        lean.head.to(torch.bfloat16)
    return place(lean, accelerator.device)


def distill_step(
    s: DistillState,
    L: LChannel,
    ab: ABChannels,
    *,
    learning_rate: float,
    config: DistillConfig,
) -> Losses:
    """Bring the student closer to its teachers, once.

    All see the same pictures: teachers in color, the student in gray.

    Args:
        s: the state; changed in place.
        L: lightness in [-1, 1], batch x 1 x height x width.
        ab: color in (-1, 1), batch x 2 x height x width.
        learning_rate: AdamW's rate for this step.
        config: augmentations, temperature and weights of the losses.

    Returns:
        "kl": the divergence of the student's classes from the teachers', in
        nats, times the temperature squared; "features": one minus the cosine
        between features, from 0 to 2.
    """
    for group in s.opt.param_groups:
        group["lr"] = learning_rate
    L, ab = mixup(gamma_jitter(L, config.gamma_jitter), ab, config.mixup)
    rgb = in_color(L, ab)
    if config.teacher_size:
        rgb = F.interpolate(rgb, size=config.teacher_size, mode="bilinear")
    with s.accelerator.autocast():
        taught = [teacher(rgb) for teacher in s.teachers]
    with s.accelerator.accumulate(s.student):
        logits, guesses = s.student(L)
        kl = divergence(logits, [t for t, _ in taught], config.temperature)
        features = feature_distance(guesses, [pooled for _, pooled in taught])
        s.accelerator.backward(kl + config.feature_weight * features)
        s.opt.step()
        s.opt.zero_grad()
    return {"kl": kl.detach(), "features": features.detach()}


def distill(
    s: DistillState, batches: Batches, config: DistillConfig
) -> Iterator[Losses]:
    """Teach a student, from wherever the state is.

    Args:
        s: the state; changed in place.
        batches: the photographs.
        config: how many epochs, and the rest.

    Yields:
        The losses of each step.
    """
    total = config.epochs * len(batches)

    def step(s: DistillState, L: LChannel, ab: ABChannels) -> Losses:
        rate = rate_at(s.step, total, config)
        return distill_step(s, L, ab, learning_rate=rate, config=config)

    yield from train(
        s, step, batches, epochs=config.epochs, accumulate=config.accumulate
    )


def mixup(
    L: LChannel, ab: ABChannels, alpha: float
) -> tuple[LChannel, ABChannels]:
    """Mix each photograph with the one before it in the batch.

    Color and lightness are mixed in the same share, so that the mixture has
    one lightness, whoever looks at it.

    Args:
        L: lightness, batch x 1 x height x width.
        ab: color, batch x 2 x height x width.
        alpha: the share is drawn from the beta distribution with this as both
            parameters, for each photograph anew; 0 mixes nothing.

    Returns:
        Lightness and color of the mixtures, of the same shapes.

    Reference:
        Zhang et al., mixup: Beyond Empirical Risk Minimization, ICLR 2018,
        arXiv 1710.09412.
    """
    if alpha == 0:
        return L, ab
    share = mixing_shares(len(L), alpha).to(L.device)  # (B, 1, 1, 1)
    return mix(L, share), mix(ab, share)


def mixing_shares(number: int, alpha: float) -> Tensor:
    """Draw the share of itself that each photograph keeps, number x 1 x 1 x 1.

    Args:
        number: of photographs.
        alpha: see `mixup`; larger than 0.
    """
    evenly = torch.distributions.Beta(alpha, alpha)
    return evenly.sample(torch.Size([number, 1, 1, 1]))


def mix(x: Tensor, share: Tensor) -> Tensor:
    """Mix each member of a batch with the one before it.

    Args:
        x: batch x anything.
        share: of its own that each keeps; broadcast against x.
    """
    return share * x + (1 - share) * x.roll(1, 0)


def in_color(L: LChannel, ab: ABChannels) -> RGB:
    """Show teachers what the student sees in gray.

    Args:
        L: lightness in [-1, 1], batch x 1 x height x width.
        ab: color in (-1, 1), batch x 2 x height x width.

    Returns:
        sRGB in [0, 1]; what lies outside, as mixtures may, is clipped.
    """
    return lab_to_rgb(join_lab(L, ab)).clamp(0, 1)


def divergence(
    logits: ClassLogits, taught: Sequence[ClassLogits], temperature: float
) -> Float[Tensor, ""]:
    """Compare the student's classes with the mean of its teachers'.

    Args:
        logits: the student's.
        taught: each teacher's.
        temperature: divides all logits before the softmax.

    Returns:
        Kullback-Leibler divergence, mean over the batch, times the
        temperature squared: so its gradient is about as large at any
        temperature.

    Reference:
        Hinton et al., Distilling the Knowledge in a Neural Network, 2015,
        section 2.

    Example:
        >>> sure, unsure = torch.tensor([[9.0, 0.0]]), torch.zeros(1, 2)
        >>> divergence(sure, [sure], 1.0).abs().item() < 1e-6
        True
        >>> f"{divergence(unsure, [sure], 1.0):.3f}"  # ln 2
        '0.692'
    """
    # Softmax in 32 bits, whatever the networks compute in.
    each = [F.softmax(t.float() / temperature, dim=1) for t in taught]
    wanted = torch.stack(each).mean(0)  # (B, classes)
    found = F.log_softmax(logits.float() / temperature, dim=1)
    kl = F.kl_div(found, wanted, reduction="batchmean")
    return kl * temperature**2


def feature_distance(
    guesses: Sequence[PooledFeatures], taught: Sequence[PooledFeatures]
) -> Float[Tensor, ""]:
    """Compare features by their direction, mean over batch and teachers.

    Args:
        guesses: what the student makes of each teacher's features.
        taught: these features.

    Returns:
        One minus the cosine: 0 where they agree. It is the same for teachers
        whose features are large and small.
    """
    pairs = zip(guesses, taught, strict=True)
    cosines = [F.cosine_similarity(g.float(), t.float()) for g, t in pairs]
    return 1 - torch.stack(cosines).mean()


def keep_backbone(
    about: dict[str, Any], *, run: Run, state: State, size: int
) -> None:
    """Write a checkpoint to go on from, and the backbone to begin with.

    Args:
        about: the content of run.json, for the card.
        run: the folder; it gets `backbone.safetensors`, in 16 bits.
        state: network and optimizer.
        size: the side that was trained on, pixels, for the card.
    """
    run.save(state.parts(), state.step)
    if run.writes:
        card = {"name": run.folder.name, "size": size}
        card |= {"step": state.step, "training": about}
        student = state.networks()["student"]
        path = run.folder / BACKBONE
        save_classifier(student.classifier, path, card=card, half=True)
