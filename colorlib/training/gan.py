"""Generator against discriminator: pix2pix, the deck's first model.

The generator is pulled two ways at once: to fool a discriminator that looks
at patches, and to stay close to the true colors. Chapters 07 and 10.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn

from colorlib.data.batches import Batches
from colorlib.losses import bce, least_squares
from colorlib.models.layout import place
from colorlib.shapes import ABChannels, LChannel, Logits
from colorlib.training.accelerator import make_accelerator, scaler_of
from colorlib.training.checkpoint import Stateful
from colorlib.training.config import GanConfig
from colorlib.training.loop import Losses, Networks, train

ADVERSARIAL = {"vanilla": bce, "least-squares": least_squares}


@dataclass
class GanState:
    """Everything that adversarial training changes."""

    G: nn.Module
    D: nn.Module
    opt_G: torch.optim.Optimizer
    opt_D: torch.optim.Optimizer
    accelerator: Accelerator
    step: int = 0

    def networks(self) -> Networks:
        """Both networks, without what several processes wrap them in."""
        unwrap = self.accelerator.unwrap_model
        return {"G": unwrap(self.G), "D": unwrap(self.D)}

    def parts(self) -> dict[str, Stateful]:
        """What a checkpoint must hold."""
        networks = self.networks()
        return {
            "G": networks["G"],
            "D": networks["D"],
            "opt_G": self.opt_G,
            "opt_D": self.opt_D,
            **scaler_of(self.accelerator),
        }


def start_gan(G: nn.Module, D: nn.Module, config: GanConfig) -> GanState:
    """Put two networks and their optimizers on the device.

    Args:
        G: the generator; its weights are where training starts.
        D: the discriminator, likewise.
        config: learning rates, betas, precision and the rest.

    Returns:
        A state at step 0.

    Raises:
        ValueError: if the precision can't be had, or the adversarial loss
            has no such name.
    """
    adversarial_loss(config.adversarial)
    accelerator = make_accelerator(config.precision)
    betas = (config.beta1, config.beta2)
    networks, optimizers = [], []
    rates = config.learning_rate_G, config.learning_rate_D
    for network, rate in zip((G, D), rates, strict=True):
        networks.append(place(network, accelerator.device).train())
        optimizers.append(
            torch.optim.Adam(network.parameters(), rate, betas, fused=True)
        )
    G, D, opt_G, opt_D = accelerator.prepare(*networks, *optimizers)
    return GanState(G, D, opt_G, opt_D, accelerator)


def gan_step(
    s: GanState,
    L: LChannel,
    ab: ABChannels,
    *,
    l1_weight: float = 100.0,
    gan_weight: float = 1.0,
    adversarial: Callable = bce,
    joint_batch: bool = False,
) -> Losses:
    """Update the discriminator once, then the generator once.

    (With a batch in parts, `train`'s `accumulate`, both change at the last
    part: only there does the generator face the new discriminator.)

    Args:
        s: the state; changed in place.
        L: lightness in [-1, 1], batch x 1 x height x width.
        ab: true color in (-1, 1), batch x 2 x height x width.
        l1_weight: lambda, the weight of the L1 loss.
        gan_weight: the weight of fooling the discriminator, 1 in the paper.
        adversarial: judges logits against 1.0 (real) or 0.0 (generated).
        joint_batch: give D real and generated photographs in one batch, in
            both steps; False for a batch of each, as the deck does. It makes
            a difference to a discriminator with batch norm: chapter 09.

    Returns:
        "d": the discriminator's loss, ln 2 when it guesses (vanilla);
        "g_gan" and "g_l1": the generator's two losses, unweighted.

    Reference:
        Isola et al., Image-to-Image Translation with Conditional Adversarial
        Networks, CVPR 2017, section 3. Chapter 07.

    Example:
        >>> from colorlib.models.patchgan import PatchDiscriminator
        >>> from colorlib.models.unet import Unet
        >>> G, D = Unet(n_down=4, width=8), PatchDiscriminator(width=8)
        >>> s = start_gan(G, D, GanConfig())
        >>> L = torch.zeros(2, 1, 32, 32, device=s.accelerator.device)
        >>> ab = torch.zeros(2, 2, 32, 32, device=s.accelerator.device)
        >>> sorted(gan_step(s, L, ab))
        ['d', 'g_gan', 'g_l1']
    """
    with s.accelerator.accumulate(s.G, s.D):
        fake_ab = s.G(L)

        # Discriminator: real patches towards 1, generated towards 0.
        if joint_batch:
            real, fake = joint_logits(s.D, L, ab, fake_ab.detach())
        else:
            real, fake = s.D(L, ab), s.D(L, fake_ab.detach())
        d_loss = (adversarial(real, 1.0) + adversarial(fake, 0.0)) / 2
        s.accelerator.backward(d_loss)
        s.opt_D.step()
        s.opt_D.zero_grad()

        # Generator: fool the discriminator, stay close to the true colors.
        with frozen(s.D):
            if joint_batch:
                _, fake = joint_logits(s.D, L, ab, fake_ab)
            else:
                fake = s.D(L, fake_ab)
            g_gan = adversarial(fake, 1.0)
            g_l1 = F.l1_loss(fake_ab, ab)
            g_loss = gan_weight * g_gan + l1_weight * g_l1
            s.accelerator.backward(g_loss)
        s.opt_G.step()
        s.opt_G.zero_grad()
    losses = {"d": d_loss, "g_gan": g_gan, "g_l1": g_l1}
    return {name: loss.detach() for name, loss in losses.items()}


def train_gan(
    s: GanState, batches: Batches, config: GanConfig
) -> Iterator[Losses]:
    """Train both networks, from wherever the state is.

    Args:
        s: the state; changed in place.
        batches: the photographs.
        config: epochs, both weights, the adversarial loss and how D gets its
            batches.

    Yields:
        The losses of each step.
    """
    adversarial = adversarial_loss(config.adversarial)
    steps = config.epochs * len(batches)

    def step(s: GanState, L: LChannel, ab: ABChannels) -> Losses:
        if config.decay:  # else a caller may have set rates of its own
            set_rates(s, config, decayed(s.step, steps, config.decay))
        return gan_step(
            s,
            L,
            ab,
            l1_weight=config.l1_weight,
            gan_weight=config.gan_weight,
            adversarial=adversarial,
            joint_batch=config.joint_batch,
        )

    yield from train(
        s, step, batches, epochs=config.epochs, accumulate=config.accumulate
    )


def decayed(step: int, steps: int, share: float) -> float:
    """Say how much is left of a learning rate that falls at the end.

    Args:
        step: how many steps are done.
        steps: how many there will be.
        share: of the steps, the last ones: in these it falls; from 0 to 1.

    Returns:
        1 before they begin, then less at every step, on a line that would
        reach 0 after the last one.

    Reference:
        Zhu et al., Unpaired Image-to-Image Translation, ICCV 2017, section
        4: it falls in the second half. Chapter 10.

    Example:
        >>> [decayed(step, 8, share=0.5) for step in range(3, 8)]
        [1.0, 1.0, 0.75, 0.5, 0.25]
    """
    return 1.0 if not share else min(1.0, (steps - step) / (share * steps))


def set_rates(s: GanState, config: GanConfig, left: float) -> None:
    """Give both optimizers what is left of their learning rates.

    Args:
        s: the state; its optimizers are changed in place.
        config: the rates at the beginning.
        left: share of them, from 0 to 1.
    """
    for optimizer, rate in (
        (s.opt_G, config.learning_rate_G),
        (s.opt_D, config.learning_rate_D),
    ):
        for group in optimizer.param_groups:
            group["lr"] = rate * left


def joint_logits(
    D: nn.Module, L: LChannel, ab: ABChannels, fake_ab: ABChannels
) -> tuple[Logits, Logits]:
    """Ask the discriminator about real and generated colors in one batch.

    Batch norm subtracts the mean of a batch. Here both halves lose the same
    mean; in two batches each loses its own.

    Args:
        D: the discriminator.
        L: lightness in [-1, 1], batch x 1 x height x width.
        ab: true color in (-1, 1), batch x 2 x height x width.
        fake_ab: generated color for the same L, of the same shape.

    Returns:
        The logits of the real photographs, and of the generated.

    Reference:
        Ioffe and Szegedy, Batch Normalization, ICML 2015. Chapter 09.
    """
    both = torch.cat([ab, fake_ab])  # (2 B, 2, H, W)
    real, fake = D(L.repeat(2, 1, 1, 1), both).chunk(2)
    return real, fake


def adversarial_loss(name: str) -> Callable:
    """Look up an adversarial loss.

    Args:
        name: "vanilla" or "least-squares".

    Returns:
        A function of logits and target: see `colorlib.losses`.

    Raises:
        ValueError: if there is no such loss.
    """
    if name not in ADVERSARIAL:
        raise ValueError(
            f"adversarial must be one of {', '.join(ADVERSARIAL)}, got {name!r}"
        )
    return ADVERSARIAL[name]


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Let gradients through a network, but not into its weights.

    Args:
        network: its weights collect no gradient inside the block.
    """
    weights = [w for w in network.parameters() if w.requires_grad]
    for weight in weights:
        weight.requires_grad_(False)
    try:
        yield
    finally:
        for weight in weights:
            weight.requires_grad_(True)
