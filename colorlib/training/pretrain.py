"""The generator alone, learning from true colors.

The deck's second model: before generator and discriminator meet, "the blind
leading the blind", the generator learns what can be learned without a
critic. The compact model that ships was trained here too. Chapter 12.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn

from colorlib.data.batches import Batches
from colorlib.models.layout import place
from colorlib.shapes import ABChannels, LChannel
from colorlib.training.accelerator import make_accelerator, scaler_of
from colorlib.training.checkpoint import Stateful
from colorlib.training.config import AdamWConfig, PretrainConfig
from colorlib.training.loop import Losses, Networks, train

WARM_UP = 0.2  # share of the steps in which a one-cycle rate rises


@dataclass
class PretrainState:
    """Everything that pretraining changes."""

    G: nn.Module
    opt: torch.optim.Optimizer
    accelerator: Accelerator
    step: int = 0

    def networks(self) -> Networks:
        """The generator, without what several processes wrap it in."""
        return {"G": self.accelerator.unwrap_model(self.G)}

    def parts(self) -> dict[str, Stateful]:
        """What a checkpoint must hold."""
        return {
            "G": self.networks()["G"],
            "opt": self.opt,
            **scaler_of(self.accelerator),
        }


def start_pretraining(G: nn.Module, config: PretrainConfig) -> PretrainState:
    """Put a generator and its optimizer on the device.

    Args:
        G: the generator; its weights are where training starts.
        config: learning rate, precision and the rest.

    Returns:
        A state at step 0.

    Raises:
        ValueError: if the precision can't be had, or the loss is unknown or
            not one for this generator.
    """
    _check_loss(config.loss, G)
    accelerator = make_accelerator(config.precision)
    G = place(G, accelerator.device).train()
    opt = torch.optim.AdamW(
        _groups(G, config),
        lr=config.learning_rate,
        weight_decay=config.weight_decay,
        fused=True,
    )
    G, opt = accelerator.prepare(G, opt)
    return PretrainState(G, opt, accelerator)


def pretrain_step(
    s: PretrainState,
    L: LChannel,
    ab: ABChannels,
    *,
    learning_rate: float,
    loss: str = "l1",
    gamma: float = 1.0,
) -> Losses:
    """Bring the generator's colors closer to the true ones, once.

    Args:
        s: the state; changed in place.
        L: lightness in [-1, 1], batch x 1 x height x width.
        ab: true color in (-1, 1), batch x 2 x height x width.
        learning_rate: Adam's rate for this step, before the backbone's share.
        loss: "l1", or "cross-entropy" for a network that classifies.
        gamma: largest gamma of `gamma_jitter`, 1 or larger.

    Returns:
        "l1": mean absolute error of ab, on the scale of ab; or
        "cross-entropy" over the bins, in nats.

    See Also:
        The deck, model 2. Chapter 12.
    """
    for group in s.opt.param_groups:
        group["lr"] = learning_rate * group["share"]
    L = gamma_jitter(L, gamma)
    with s.accelerator.accumulate(s.G):
        if loss == "cross-entropy":
            bins = s.accelerator.unwrap_model(s.G).bins
            value = bins.cross_entropy(s.G(L, logits=True), ab, every=2)
        else:
            value = F.l1_loss(s.G(L), ab)
        s.accelerator.backward(value)
        s.opt.step()
        s.opt.zero_grad()
    return {loss: value.detach()}


def pretrain(
    s: PretrainState, batches: Batches, config: PretrainConfig
) -> Iterator[Losses]:
    """Train a generator, from wherever the state is.

    Args:
        s: the state; changed in place.
        batches: the photographs.
        config: how many epochs, and how the learning rate behaves.

    Yields:
        The losses of each step.
    """
    total = config.epochs * len(batches)

    def step(s: PretrainState, L: LChannel, ab: ABChannels) -> Losses:
        rate = rate_at(s.step, total, config)
        return pretrain_step(
            s,
            L,
            ab,
            learning_rate=rate,
            loss=config.loss,
            gamma=config.gamma_jitter,
        )

    yield from train(
        s, step, batches, epochs=config.epochs, accumulate=config.accumulate
    )


def gamma_jitter(L: LChannel, most: float) -> LChannel:
    """Show each photograph lighter or darker than it was taken.

    Color tells nothing of exposure, and a network that has seen the same
    face under- and overexposed can't know it again by its gray values alone.

    Args:
        L: lightness in [-1, 1], batch x 1 x height x width.
        most: the largest gamma, 1 or larger; each photograph gets one
            between 1 / most and most, even on a logarithmic scale. 1 gives
            L back.

    Returns:
        Lightness in [-1, 1], of the same shape; black and white stay.
    """
    if most == 1:
        return L
    evenly = torch.rand(len(L), 1, 1, 1, device=L.device) * 2 - 1
    return ((L + 1) / 2).clamp(0, 1) ** (most**evenly) * 2 - 1


def rate_at(step: int, total: int, config: AdamWConfig) -> float:
    """Tell the learning rate of a step.

    Args:
        step: which step, from 0.
        total: how many steps in all.
        config: the peak, and whether the rate follows one cycle.

    Returns:
        The rate: constant, or up a straight line and down half a cosine.

    Reference:
        Smith & Topin, Super-Convergence, 2018. Chapter 12.
    """
    if not config.one_cycle:
        return config.learning_rate
    progress = (step + 1) / total
    if progress < WARM_UP:
        return config.learning_rate * progress / WARM_UP
    falling = (progress - WARM_UP) / (1 - WARM_UP)
    return config.learning_rate * (1 + math.cos(math.pi * falling)) / 2


def _groups(G: nn.Module, config: PretrainConfig) -> list[dict[str, Any]]:
    """Say which weights learn, and how fast beside the learning rate."""
    backbone = getattr(G, "backbone", None)
    if backbone is None:
        _check_no_backbone(config)
        return [{"params": list(G.parameters()), "share": 1.0}]
    backbone.freeze(config.freeze_stages)
    pretrained = set(backbone.parameters())
    rest = [p for p in G.parameters() if p not in pretrained]
    learning = [p for p in backbone.parameters() if p.requires_grad]
    return [
        {"params": rest, "share": 1.0},
        {"params": learning, "share": config.backbone_lr},
    ]


def _check_no_backbone(config: PretrainConfig) -> None:
    """Refuse settings of a backbone where there is none."""
    as_made = PretrainConfig()
    for name in ("backbone_lr", "freeze_stages"):
        if getattr(config, name) != getattr(as_made, name):
            raise ValueError(
                f"{name} is for a generator with a backbone, such as compact,"
                f" not for {config.generator!r}; leave it out"
            )


def _check_loss(loss: str, G: nn.Module) -> None:
    if loss not in ("l1", "cross-entropy"):
        raise ValueError(
            f'the loss must be "l1" or "cross-entropy", got {loss!r}'
        )
    if loss == "cross-entropy" and not hasattr(G, "bins"):
        raise ValueError(
            f"{type(G).__name__} gives one color, not a choice among bins:"
            ' train it with the loss "l1", or take the generator "compact"'
        )
