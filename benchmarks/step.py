"""What a training step costs: the deck's loop against ours.

The same U-Net, the same PatchGAN and the same photographs, in turns. The
deck's step is written out below: 32-bit numbers in PyTorch's usual layout,
Adam as it comes, six losses read back each time. Ours is `training.gan`'s.
Must hold: at least 1.8 times the deck's speed on a CPU with AMX. On other
machines the figures are shown and nothing is promised.

    python benchmarks/step.py [--batch 16] [--size 256] [--width 64]
"""

import argparse
import sys
import time
from copy import deepcopy
from statistics import median

import torch
from torch import nn, optim

from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import Unet, init_weights
from colorlib.training.config import GanConfig
from colorlib.training.gan import gan_step, start_gan

GOAL = 1.8  # times the deck's speed
ROUNDS = 5


def main() -> int:
    """Print photographs a second; return 1 if the promise is broken."""
    options = parse()
    torch.manual_seed(0)
    G = init_weights(Unet(width=options.width))
    D = init_weights(PatchDiscriminator(width=options.width))
    twins = deepcopy(G), deepcopy(D)
    ours = start_gan(G, D, GanConfig())
    accelerator = ours.accelerator
    deck = Deck(*twins, accelerator.device)

    shape = options.batch, 3, options.size, options.size
    lab = torch.rand(shape, device=accelerator.device) * 2 - 1
    L, ab = lab[:, :1].contiguous(), lab[:, 1:].contiguous()
    speeds = {"deck": [], "ours": []}
    for number in range(ROUNDS + 1):
        deck_seconds = time_step(lambda: deck.step(L, ab))
        our_seconds = time_step(lambda: gan_step(ours, L, ab))
        if number:  # the first round makes kernels and buffers
            speeds["deck"].append(options.batch / deck_seconds)
            speeds["ours"].append(options.batch / our_seconds)
    return report(speeds, accelerator)


class Deck:
    """The deck's training, `MainModel` in the code that it comes from."""

    def __init__(self, G: nn.Module, D: nn.Module, device: torch.device):
        self.G, self.D = G.to(device).train(), D.to(device).train()
        adam = {"lr": 2e-4, "betas": (0.5, 0.999)}
        self.opt_G = optim.Adam(self.G.parameters(), **adam)
        self.opt_D = optim.Adam(self.D.parameters(), **adam)
        self.bce, self.l1 = nn.BCEWithLogitsLoss(), nn.L1Loss()

    def step(self, L, ab):
        """Train both networks on a batch and read six losses."""
        fake = self.G(L)

        self.D.requires_grad_(True)
        self.opt_D.zero_grad()
        loss_D_fake = self.judge(L, fake.detach(), 0.0)
        loss_D_real = self.judge(L, ab, 1.0)
        loss_D = (loss_D_fake + loss_D_real) * 0.5
        loss_D.backward()
        self.opt_D.step()

        self.D.requires_grad_(False)
        self.opt_G.zero_grad()
        loss_G_GAN = self.judge(L, fake, 1.0)
        loss_G_L1 = self.l1(fake, ab) * 100
        loss_G = loss_G_GAN + loss_G_L1
        loss_G.backward()
        self.opt_G.step()

        losses = loss_D_fake, loss_D_real, loss_D, loss_G_GAN, loss_G_L1, loss_G
        return [loss.item() for loss in losses]

    def judge(self, L, ab, real):
        """Compare the discriminator's answer with a sheet of labels."""
        logits = self.D(L, ab)
        return self.bce(logits, torch.tensor(real).to(logits).expand_as(logits))


def time_step(step) -> float:
    """Return the seconds that a step takes, until its losses are there."""
    start = time.perf_counter()
    step()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def report(speeds: dict[str, list[float]], accelerator) -> int:
    """Print the medians and what became of the promise."""
    print(f"{accelerator.device}, {accelerator.mixed_precision}")
    for name, values in speeds.items():
        print(f"{name:<5} {median(values):7.2f} photographs a second")
    # Neighbors in time are compared, so that a busy moment hits both.
    ratio = median(
        ours / deck
        for deck, ours in zip(speeds["deck"], speeds["ours"], strict=True)
    )
    # On a CPU, "auto" chooses bf16 only where AMX multiplies it.
    if (accelerator.device.type, accelerator.mixed_precision) != (
        "cpu",
        "bf16",
    ):
        print(f"times the deck's speed: {ratio:.2f}, no limit without AMX")
        return 0
    kept = ratio >= GOAL
    verdict = "kept" if kept else "BROKEN"
    print(f"times the deck's speed: {ratio:.2f}, limit {GOAL}: {verdict}")
    return 0 if kept else 1


def parse() -> argparse.Namespace:
    """Read the sizes; smaller ones are for trying the benchmark itself."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in [("batch", 16), ("size", 256), ("width", 64)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
