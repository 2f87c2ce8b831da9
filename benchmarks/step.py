"""What a training step costs: the deck's against ours, on data at hand.

The same U-Net, the same PatchGAN and the same photographs, already on the
device, in turns. The deck's step is written out below: 32-bit numbers in
PyTorch's usual layout, Adam as it comes, six losses read back each time. Ours
is `training.gan`'s. Shown besides: the memory that each needs, alone in a
process, and how much of the device's best product of matrices our step gets
out of it, in the arithmetic that training takes there. Must hold: at least
2.5 times the deck's speed on a GPU, 1.8 times on a processor with AMX, 1.4
times on another that multiplies bf16 in hardware, and on no processor slower
than the deck, but for the noise of timing. `loop.py` adds the input.

    python benchmarks/step.py [--batch 16] [--size 256] [--width 64]
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import torch
from colorize import alone, peak
from torch import Tensor, nn, optim
from torch.utils.flop_counter import FlopCounterMode

from colorlib.models.generator import Generator
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import Unet, init_weights
from colorlib.training.accelerator import make_accelerator
from colorlib.training.config import GanConfig
from colorlib.training.gan import GanState, gan_step, start_gan

# Times the deck's speed, by what the device has for bf16.
GOALS = {"gpu": 2.5, "amx": 1.8, "avx512": 1.4, "none": 0.97}
ROUNDS = 5
STEPS = {"cpu": 1, "cuda": 20}  # a round; a GPU is still at work on the last
GB, GIGA, TERA = 1e9, 1e9, 1e12


def main() -> int:
    """Print speed, memory and share of the peak; 1 if a promise is broken."""
    options = parse()
    memory = {s: alone(measure_memory, s, options) for s in ("deck", "ours")}
    deck, ours = start_deck(options), start_ours(options)
    L, ab = make_batch(options, deck.device)
    with FlopCounterMode(display=False) as counter:
        gan_step(ours, L, ab)
    work = counter.get_total_flops() / options.batch
    seconds = take_turns(
        {
            "deck": lambda: deck.step(L, ab),
            "ours": lambda: gan_step(ours, L, ab),
        },
        STEPS.get(deck.device.type, 1),
    )
    speeds = {s: [options.batch / t for t in seconds[s]] for s in seconds}
    say_where(ours)
    print(f"{work / GIGA:.0f} GFLOP a photograph")
    for side, values in speeds.items():
        print(
            f"{side}  {median(values):8.2f} photographs a second,"
            f" {memory[side] / GB:.1f} GB"
        )
    reached = median(speeds["ours"]) * work
    arithmetic, possible = measure_product(ours)
    print(
        f"ours reaches {reached / TERA:.2f} TFLOPS, a product of matrices in"
        f" {arithmetic} {possible / TERA:.2f}: {reached / possible:.0%}"
    )
    return judge(speeds, ours, GOALS)


class Deck:
    """The deck's training, `MainModel` in the code that it comes from."""

    def __init__(self, G: nn.Module, D: nn.Module, device: torch.device):
        self.device = device
        self.G, self.D = G.to(device).train(), D.to(device).train()
        adam = partial(optim.Adam, lr=2e-4, betas=(0.5, 0.999))
        self.opt_G = adam(self.G.parameters())
        self.opt_D = adam(self.D.parameters())
        self.bce, self.l1 = nn.BCEWithLogitsLoss(), nn.L1Loss()

    def step(self, L: Tensor, ab: Tensor) -> list[float]:
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

    def judge(self, L: Tensor, ab: Tensor, real: float) -> Tensor:
        """Compare the discriminator's answer with a sheet of labels."""
        logits = self.D(L, ab)
        return self.bce(logits, torch.tensor(real).to(logits).expand_as(logits))


def start_deck(options: argparse.Namespace) -> Deck:
    """Make the networks, and train them as the deck does."""
    return Deck(*make_networks(options), make_accelerator("no").device)


def start_ours(options: argparse.Namespace) -> GanState:
    """Make the same networks, and train them as the course does."""
    return start_gan(*make_networks(options), GanConfig())


def make_networks(options: argparse.Namespace) -> tuple[Generator, nn.Module]:
    """Make generator and discriminator, the same at each call."""
    torch.manual_seed(0)
    G = init_weights(Unet(width=options.width))
    return G, init_weights(PatchDiscriminator(width=options.width))


def make_batch(
    options: argparse.Namespace, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Make L and ab of noise; how fast a network is does not depend on it."""
    shape = options.batch, 3, options.size, options.size
    lab = torch.rand(shape, device=device) * 2 - 1
    return lab[:, :1].contiguous(), lab[:, 1:].contiguous()


def measure_memory(side: str, options: argparse.Namespace) -> int:
    """Return the bytes that a side takes at most, beyond the imports."""
    imported = peak()
    device = make_accelerator("no").device
    L, ab = make_batch(options, device)
    step: Callable[[Tensor, Tensor], object]
    if side == "deck":
        step = start_deck(options).step
    else:
        step = partial(gan_step, start_ours(options))
    for _ in range(2):  # Adam's averages come with the first step
        step(L, ab)
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated()
    return peak() - imported


def take_turns(
    ways: dict[str, Callable], times: int = 1
) -> dict[str, list[float]]:
    """Time each of some ways in turns; return seconds a call.

    The first round makes kernels and buffers, and does not count.
    """
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(ROUNDS + 1):
        for way, call in ways.items():
            took = time_calls(call, times)
            if number:
                seconds[way].append(took)
    return seconds


def time_calls(call: Callable, times: int) -> float:
    """Return the seconds that a call takes, until its results are there."""
    start = time.perf_counter()
    for _ in range(times):
        call()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return (time.perf_counter() - start) / times


def measure_product(ours: GanState) -> tuple[str, float]:
    """Measure how many operations a second the device does at its best.

    In the arithmetic of our training: bf16 done in software says nothing of
    a processor that has no bf16.
    """
    accelerator = ours.accelerator
    device, half = accelerator.device, accelerator.mixed_precision
    types = {"bf16": torch.bfloat16, "fp16": torch.float16}
    side = 8192 if device.type == "cuda" else 2048
    a, b = torch.randn(2, side, side, device=device).to(
        types.get(half, torch.float32)
    )
    times = STEPS.get(device.type, 1)
    quickest = min(time_calls(lambda: a @ b, times) for _ in range(ROUNDS))
    return half if half in types else "32 bits", 2 * side**3 / quickest


def say_where(ours: GanState) -> None:
    """Print the device, its threads, and what it can't do."""
    accelerator = ours.accelerator
    print(
        f"{accelerator.device}, {torch.get_num_threads()} threads,"
        f" precision {accelerator.mixed_precision}"
    )
    if bf16_unit(ours) == "none":
        print("it has no bf16 in hardware: both sides compute in 32 bits")


def bf16_unit(ours: GanState) -> str:
    """Name what multiplies bf16 here: a key of `GOALS`."""
    if ours.accelerator.device.type != "cpu":
        return "gpu"
    if ours.accelerator.mixed_precision != "bf16":
        return "none"
    has: dict[str, bool]
    has = getattr(torch.cpu, "get_capabilities", dict)()
    return "amx" if has.get("amx_bf16") else "avx512"


def judge(
    speeds: dict[str, list[float]], ours: GanState, goals: dict[str, float]
) -> int:
    """Print how ours compares, and what became of the promise."""
    # Neighbors in time are compared, so that a busy moment hits both.
    ratio = median(
        ours / deck
        for deck, ours in zip(speeds["deck"], speeds["ours"], strict=True)
    )
    goal = goals[bf16_unit(ours)]
    kept = ratio >= goal
    verdict = "kept" if kept else "BROKEN"
    print(f"times the deck's speed: {ratio:.2f}, limit {goal}: {verdict}")
    return 0 if kept else 1


def parse() -> argparse.Namespace:
    """Read the sizes; smaller ones are for trying the benchmark itself."""
    summary = (sys.modules["__main__"].__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(description=summary)
    for name, default in [("batch", 16), ("size", 256), ("width", 64)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
