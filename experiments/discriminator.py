"""Why a discriminator's loss stands at ln 2: what chapter 09 measures.

Either it can't tell generated colors from true ones, or it is always a step
behind the generator. Small trainings of the GAN alone (lambda 0) tell which:
`record_discriminator.py` records what `examine` finds.
"""

import math
from copy import deepcopy
from dataclasses import replace
from itertools import chain, count, islice
from statistics import fmean
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from colorlib.color import join_lab
from colorlib.data.batches import Batches, lab_batch
from colorlib.losses import bce
from colorlib.metrics.errors import ciede2000
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import Unet, init_weights
from colorlib.training.config import GanConfig
from colorlib.training.gan import (
    GanState,
    joint_logits,
    set_rates,
    start_gan,
    train_gan,
)

CONFIG = GanConfig(
    size=64, width=16, epochs=6, l1_weight=0.0, squash=True, precision="no"
)
WAYS = {
    "two batches": CONFIG,
    "slower G": replace(CONFIG, learning_rate_G=CONFIG.learning_rate_G / 4),
    "joint batch": replace(CONFIG, joint_batch=True),
}
# In place of D's batch norm over 16 photographs: another norm, or batch norm
# over a single one.
NORMS = ("instance norm", "spectral norm")
OTHERS = {
    **dict.fromkeys(NORMS, CONFIG),
    "batches of one": replace(CONFIG, batch_size=1),
}
EVERY, KEPT = 4, 11  # the last 11 networks, 4 steps apart, face each other
SCORED = 2  # and every other of them is scored
CAST = 11.0  # units of a* and b*, in a direction that depends on the seed
ALONE = 150  # steps of the D that learns alone

Kept = dict[int, tuple[nn.Module, nn.Module]]  # G and D by step


def examine(
    batches: Batches,
    config: GanConfig,
    L: Tensor,
    ab: Tensor,
    *,
    norm: str | None = None,
    steps_alone: int = ALONE,
) -> dict[str, Any]:
    """Train in one way from one seed, and measure all that is asked.

    Args:
        batches: what to train on.
        config: how; its seed decides the first weights.
        L: lightness of photographs that are not trained on.
        ab: their true color.
        norm: what D has for batch norm: see `new_discriminator`.
        steps_alone: steps of the discriminator that learns alone.

    Returns:
        "d", D's mean loss in each epoch; "ciede2000" and "chroma", see
        `colors`, means over the last networks; "lags", "stopped" and "alone",
        see these functions.
    """
    torch.manual_seed(config.seed)
    G = Unet.for_training(config.size, config.width)
    s = start_gan(G, new_discriminator(config, norm), config)
    steps = config.epochs * len(batches)
    losses: list[float] = []
    kept: Kept = {}
    for loss in train_gan(s, batches, config):
        losses.append(loss["d"].item())
        left = steps - s.step
        if left % EVERY == 0 and left < EVERY * KEPT:
            kept[s.step] = deepcopy((s.G, s.D))
    epochs = np.reshape(losses, (config.epochs, -1)).mean(axis=1)
    found = {"lags": lags(kept, config, L[:32], ab[:32])}
    scored = [color(G, L) for G, _ in list(kept.values())[::-SCORED]]
    numbers = [colors(made, L, ab) for made in scored]
    return {
        "d": epochs.round(4).tolist(),
        **{name: fmean(x[name] for x in numbers) for name in numbers[0]},
        **found,
        "stopped": stopped(s, batches, config),
        "alone": alone(batches, config, steps_alone, norm),
    }


def color(G: nn.Module, L: Tensor) -> Tensor:
    """Color photographs, in evaluation mode.

    Args:
        G: the generator.
        L: lightness, batch x 1 x height x width.

    Returns:
        Color, batch x 2 x height x width.
    """
    with torch.no_grad():
        return torch.cat([G.eval()(one) for one in L.split(16)])


def colors(made: Tensor, L: Tensor, ab: Tensor) -> dict[str, float]:
    """Compare generated colors with the true ones.

    Args:
        made: generated color, batch x 2 x height x width.
        L: lightness, batch x 1 x height x width.
        ab: true color, of the shape of `made`.

    Returns:
        "ciede2000", the mean color difference, and "chroma", the mean chroma
        as a share of the true one.
    """
    error = ciede2000(join_lab(L, made), join_lab(L, ab)).mean()
    ratio = made.norm(dim=1).mean() / ab.norm(dim=1).mean()
    return {"ciede2000": float(error), "chroma": float(ratio)}


def d_loss(
    D: nn.Module, L: Tensor, ab: Tensor, fake_ab: Tensor, joint_batch: bool
) -> Tensor:
    """Compute D's loss as `gan_step` does.

    Args:
        D: the discriminator.
        L: lightness, batch x 1 x height x width.
        ab: true color, batch x 2 x height x width.
        fake_ab: generated color, of the same shape.
        joint_batch: whether D gets both in one batch.
    """
    if joint_batch:
        real, fake = joint_logits(D, L, ab, fake_ab)
    else:
        real, fake = D(L, ab), D(L, fake_ab)
    return (bce(real, 1.0) + bce(fake, 0.0)) / 2


def lags(
    kept: Kept, config: GanConfig, L: Tensor, ab: Tensor
) -> dict[int, float]:
    """Let the D of each step face the G of each step, in training mode.

    Args:
        kept: both networks, by step.
        config: batch size, and how D gets its batches.
        L: lightness of photographs that are not trained on.
        ab: their true color.

    Returns:
        D's mean loss by the number of steps that G is ahead of it; negative
        where G is from an earlier step than D.
    """
    losses: dict[int, list[float]] = {}
    parts = zip(
        L.split(config.batch_size), ab.split(config.batch_size), strict=True
    )
    batches, joint = list(parts), config.joint_batch
    for at_G, (G, _) in kept.items():
        with torch.no_grad():
            shown = [(L, ab, G.train()(L)) for L, ab in batches]
            for at_D, (_, D) in kept.items():
                faced = fmean(d_loss(D, *x, joint).item() for x in shown)
                losses.setdefault(at_G - at_D, []).append(faced)
    return {lag: fmean(losses[lag]) for lag in sorted(losses)}


def stopped(s: GanState, batches: Batches, config: GanConfig) -> list[float]:
    """Train D for one epoch more, against a G that stands still.

    Args:
        s: the state at the end of a training; D is changed in place.
        batches: what it was trained on.
        config: how it was trained.

    Returns:
        D's loss, step by step.
    """
    config = replace(config, epochs=config.epochs + 1, learning_rate_G=0.0)
    set_rates(s, config, left=1.0)
    s.G.train()
    return [loss["d"].item() for loss in train_gan(s, batches, config)]


def alone(
    batches: Batches, config: GanConfig, steps: int, norm: str | None = None
) -> list[float]:
    """Train a new D to tell photographs from the same with a color cast.

    Args:
        batches: the photographs.
        config: D's settings; the seed decides the cast's hue.
        steps: how long.
        norm: what D has for batch norm.

    Returns:
        D's loss, step by step.
    """
    torch.manual_seed(config.seed)
    D = new_discriminator(config, norm)
    betas = config.beta1, config.beta2
    opt = torch.optim.Adam(D.parameters(), config.learning_rate_D, betas)
    angle = torch.tensor(2 * math.pi * config.seed / 5)
    cast = torch.stack([angle.cos(), angle.sin()]) * CAST / 110
    losses = []
    squares = chain.from_iterable(map(batches.epoch, count()))
    for L, ab in map(lab_batch, islice(squares, steps)):
        tinted = ab + cast.reshape(1, 2, 1, 1)
        loss = d_loss(D, L, ab, tinted, config.joint_batch)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


def new_discriminator(config: GanConfig, norm: str | None = None) -> nn.Module:
    """Make a discriminator as trainings begin with.

    Args:
        config: its width.
        norm: None for batch norm, as in the deck, or one of `NORMS`.
            "instance norm" takes mean and deviation of each photograph alone
            (Ulyanov et al. 2016); "spectral norm" divides the weights of each
            convolution by the largest factor by which it lengthens anything
            (Miyato et al. 2018), and no activation is normalized.
    """
    D = init_weights(PatchDiscriminator(width=config.width or 64)).train()
    for layer in [*D.modules()]:
        for name, child in [*layer.named_children()]:
            if norm == "instance norm" and isinstance(child, nn.BatchNorm2d):
                setattr(layer, name, _instance_norm(child))
            elif norm == "spectral norm":
                if isinstance(child, nn.BatchNorm2d):
                    setattr(layer, name, nn.Identity())
                elif isinstance(child, nn.Conv2d):
                    spectral_norm(child)
    return D


def _instance_norm(batch_norm: nn.BatchNorm2d) -> nn.InstanceNorm2d:
    """Make one with the same weights."""
    norm = nn.InstanceNorm2d(batch_norm.num_features, affine=True)
    norm.load_state_dict(batch_norm.state_dict(), strict=False)
    return norm
