"""The generator alone, learning from true colors.

The deck's second model: before generator and discriminator meet, "the blind
leading the blind", the generator learns what can be learned without a
critic. The compact model that ships was trained here too: it may learn from
an ensemble besides, keep an average of its weights, and see old films.
Chapter 12.
"""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn

from colorlib.data.batches import Batches
from colorlib.film.augment import film_lightness
from colorlib.models.layout import place
from colorlib.shapes import ABChannels, LChannel
from colorlib.training.accelerator import make_accelerator, scaler_of
from colorlib.training.checkpoint import Stateful
from colorlib.training.config import AdamWConfig, PretrainConfig
from colorlib.training.ensemble import Ensemble, divergence_of_bins
from colorlib.training.loop import Losses, Networks, train

WARM_UP = 0.2  # share of the steps in which a one-cycle rate rises
EVERY = 2  # neighboring places say nearly the same of bins


@dataclass
class PretrainState:
    """Everything that pretraining changes."""

    G: nn.Module
    opt: torch.optim.Optimizer
    accelerator: Accelerator
    step: int = 0
    ensemble: Ensemble | None = None
    """What it learns from besides; it stays as it is."""
    averaged: Any = None
    """The generator with the average of its weights, if one is kept."""

    def networks(self) -> Networks:
        """The generator to color with: the averaged one if there is one."""
        if self.averaged is not None:
            return {"G": self.averaged}
        return {"G": self.accelerator.unwrap_model(self.G)}

    def parts(self) -> dict[str, Stateful]:
        """What a checkpoint must hold."""
        parts: dict[str, Stateful] = {
            "G": self.accelerator.unwrap_model(self.G),
            "opt": self.opt,
            **scaler_of(self.accelerator),
        }
        if self.averaged is not None:
            parts["averaged"] = self.averaged
        return parts


def start_pretraining(
    G: nn.Module, config: PretrainConfig, ensemble: Ensemble | None = None
) -> PretrainState:
    """Put a generator and its optimizer on the device.

    Args:
        G: the generator; its weights are where training starts.
        config: learning rate, precision and the rest.
        ensemble: networks to learn from besides; None for none.

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
    averaged = deepcopy(G).requires_grad_(False) if config.average else None
    if ensemble is not None:
        ensemble = place(ensemble, accelerator.device)
    G, opt = accelerator.prepare(G, opt)
    return PretrainState(
        G, opt, accelerator, ensemble=ensemble, averaged=averaged
    )


def pretrain_step(
    s: PretrainState,
    L: LChannel,
    ab: ABChannels,
    *,
    learning_rate: float,
    config: PretrainConfig,
) -> Losses:
    """Bring the generator's colors closer to the true ones, once.

    Args:
        s: the state; changed in place.
        L: lightness in [-1, 1], batch x 1 x height x width.
        ab: true color in (-1, 1), batch x 2 x height x width.
        learning_rate: Adam's rate for this step, before the backbone's share.
        config: loss, augmentations, and what the weights' average keeps.

    Returns:
        "l1": mean absolute error of ab, on the scale of ab; or
        "cross-entropy" over the bins, in nats, and "ensemble", the divergence
        from an ensemble's colors, likewise.

    See Also:
        The deck, model 2. Chapter 12.
    """
    for group in s.opt.param_groups:
        group["lr"] = learning_rate * group["share"]
    shown = gamma_jitter(on_film(L, ab, config.film), config.gamma_jitter)
    with s.accelerator.accumulate(s.G):
        if config.loss == "cross-entropy":
            losses = _classify(s, shown, L, ab)
        else:
            losses = {"l1": F.l1_loss(s.G(shown), ab)}
        first, *more = losses.values()
        weight = config.ensemble_weight if more else 0.0
        value = (1 - weight) * first + sum(weight * loss for loss in more)
        s.accelerator.backward(value)
        s.opt.step()
        s.opt.zero_grad()
    if s.averaged is not None and s.accelerator.sync_gradients:
        # The first steps are worth little: average over few at the beginning.
        keep = min(config.average, (s.step + 1) / (s.step + 10))
        average_into(s.averaged, s.accelerator.unwrap_model(s.G), keep)
    return {name: loss.detach() for name, loss in losses.items()}


def _classify(
    s: PretrainState, shown: LChannel, L: LChannel, ab: ABChannels
) -> Losses:
    """Compare the choice among bins with true colors, and an ensemble's."""
    logits = s.G(shown, logits=True)  # (B, bins, H / 4, W / 4)
    bins = s.accelerator.unwrap_model(s.G).bins
    losses = {"cross-entropy": bins.cross_entropy(logits, ab, every=EVERY)}
    if s.ensemble is not None:
        with s.accelerator.autocast():
            wanted = s.ensemble(L, every=EVERY)
        few = logits[..., ::EVERY, ::EVERY]
        losses["ensemble"] = divergence_of_bins(few, wanted)
    return losses


@torch.no_grad()
def average_into(averaged: nn.Module, G: nn.Module, keep: float) -> None:
    """Move an average of weights towards what they are now.

    Args:
        averaged: a network of the same build; changed in place.
        G: the network as it is now.
        keep: the share that the average keeps of itself, 0 to below 1.

    Reference:
        Tarvainen & Valpola, Mean teachers are better role models, NeurIPS
        2017. Chapter 14.
    """
    now = G.state_dict()
    for name, tensor in averaged.state_dict().items():
        if tensor.is_floating_point():
            tensor.lerp_(now[name], 1 - keep)
        else:
            tensor.copy_(now[name])  # a counter


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
        return pretrain_step(s, L, ab, learning_rate=rate, config=config)

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


def on_film(L: LChannel, ab: ABChannels, share: float) -> LChannel:
    """Show some photographs as films of other times would have them.

    Args:
        L: lightness in [-1, 1], batch x 1 x height x width.
        ab: true color in (-1, 1), batch x 2 x height x width.
        share: of the photographs, 0 to 1; chance decides which.

    Returns:
        What takes the place of L, of the same shape; 0 gives L back.

    See Also:
        `colorlib.film`. Chapter 14.
    """
    if share == 0:
        return L
    # PyTorch's own random state decides: a run that is resumed goes on.
    seed = int(torch.randint(2**62, ()))
    chance = torch.Generator(L.device).manual_seed(seed)
    return film_lightness(L, ab, chance, plain=1 - share)


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
