"""How far the discriminator's logits are from a verdict.

Both adversarial losses are one number: the mean over all patches of the
distance between a logit and a target, 1.0 for real and 0.0 for generated.
A logit is never after a sigmoid. Chapter 02 derives them, chapter 07 uses
them.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def bce(logits: Float[Tensor, "..."], target: float) -> Float[Tensor, ""]:
    """Measure a verdict by its log likelihood: the vanilla GAN.

    With target 1.0 on generated patches this is the generator's
    non-saturating loss: it still pulls when the discriminator is sure.

    Args:
        logits: the discriminator's answers, any shape, before a sigmoid.
        target: the probability of "real" that each should say, in [0, 1].

    Returns:
        Binary cross entropy in nats, a scalar. ln 2 = 0.693 means that the
        discriminator is guessing.

    Reference:
        Goodfellow et al., Generative Adversarial Nets, NeurIPS 2014, section
        3. Chapter 02.
    """
    return F.binary_cross_entropy_with_logits(
        logits, torch.full_like(logits, target)
    )


def least_squares(
    logits: Float[Tensor, "..."], target: float
) -> Float[Tensor, ""]:
    """Measure a verdict by its squared distance: the least-squares GAN.

    Unlike `bce` it also pulls on what is classified right but too far out.

    Args:
        logits: the discriminator's answers, any shape; here they are scores
            on a line, and no sigmoid belongs to them at all.
        target: the score that each should have: 1.0 real, 0.0 generated.

    Returns:
        Mean squared distance, a scalar. 0.25 means that the discriminator
        is guessing, halfway between both targets.

    Reference:
        Mao et al., Least Squares Generative Adversarial Networks, ICCV 2017,
        equation 2 (without its factor of one half, as in pix2pix). Chapter 07.
    """
    return F.mse_loss(logits, torch.full_like(logits, target))
