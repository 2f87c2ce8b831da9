"""What only a GPU can show: `pytest -m cuda`, three minutes at most.

The same bodies run on the processor in every run, where that makes sense, so
that they are not first tried on the machine that they are for.
"""

import gc
import json
import warnings
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState
from torch.testing import assert_close
from torch.utils._python_dispatch import TorchDispatchMode
from typer.testing import CliRunner

from colorlib.archive.outcomes import one_line
from colorlib.cli import app
from colorlib.colorizer import Colorizer
from colorlib.data.batches import Batches, lab_batch, prefetch
from colorlib.data.filling import cache_photographs
from colorlib.data.resident import to_device
from colorlib.data.samples import bundled
from colorlib.data.sources import folder
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import Unet, init_weights
from colorlib.photos import from_array, write
from colorlib.training.checkpoint import load_checkpoint, save_checkpoint
from colorlib.training.config import GanConfig, PretrainConfig
from colorlib.training.gan import start_gan, train_gan
from colorlib.training.pretrain import pretrain, start_pretraining
from colorlib.training.session import record

on_cuda = pytest.mark.cuda
CUDA = pytest.param("cuda", marks=on_cuda)
DEVICES = ["cpu", CUDA]
ARITHMETIC = [
    ("cpu", "bf16"),
    pytest.param("cuda", "bf16", marks=on_cuda),
    pytest.param("cuda", "fp16", marks=on_cuda),
]
TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}
# How far losses of a resumed run may be from those of one that went through.
GOING_ON_RTOL = 1e-3
# How far a GPU's ab, within [-1, 1], may be from the processor's: its
# convolutions round to TF32, of 10 bits after the point, and add in another
# order. Without TF32 the order remains.
AB_ATOL, AB_ATOL_32 = 5e-3, 5e-5
MEAN_LEVELS = 0.05  # the same of the colored bytes, in the mean
ROOM = 1 << 28  # bytes that a program gets where memory is too little


@pytest.fixture(autouse=True)
def this_device(request, monkeypatch):
    """Let a training find the device of the test, and then forget it.

    Accelerate keeps the first device that it finds for the whole process.
    """
    device = getattr(request.node, "callspec", None)
    device = device.params.get("device", "cuda") if device else "cuda"
    monkeypatch.setenv("ACCELERATE_USE_CPU", str(device == "cpu"))
    AcceleratorState._reset_state(reset_partial_state=True)
    yield
    AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture
def same_sums(monkeypatch):
    """Let cuDNN add in the same order each time."""
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", False)


def numbers(losses):
    return [{k: v.item() for k, v in loss.items()} for loss in losses]


def farthest(found, expected):
    """The largest difference of two traces of losses, relative."""
    pairs = zip(found, expected, strict=True)
    apart = [abs(one[k] / other[k] - 1) for one, other in pairs for k in other]
    return max(apart)


def all_finite(network):
    return all(w.isfinite().all().item() for w in network.parameters())


# Arithmetic


@pytest.mark.parametrize(("device", "precision"), ARITHMETIC)
def test_a_generator_learns_in_half_precision(
    networks, one_batch, device, precision
):
    """Its convolutions run in 16 bits; weights and answers have 32."""
    config = PretrainConfig(epochs=50, learning_rate=1e-2, precision=precision)
    state = start_pretraining(networks(dropout=0.0)[0], config)
    seen = set()
    state.G.head.register_forward_hook(lambda *call: seen.add(call[2].dtype))
    losses = numbers(pretrain(state, one_batch, config))
    assert state.accelerator.device.type == device
    assert seen == {TYPES[precision]}
    assert losses[-1]["l1"] < losses[0]["l1"] / 2
    assert all_finite(state.G)
    L, _ = lab_batch(next(one_batch.epoch(0)), device)
    assert {state.G(L).dtype, state.G.head.weight.dtype} == {torch.float32}


@pytest.mark.parametrize(("device", "precision"), ARITHMETIC)
def test_a_gan_learns_in_half_precision(networks, one_batch, device, precision):
    config = GanConfig(
        epochs=70,
        learning_rate_G=1e-2,
        learning_rate_D=1e-3,
        precision=precision,
    )
    state = start_gan(*networks(dropout=0.0), config)
    losses = numbers(train_gan(state, one_batch, config))
    assert state.accelerator.device.type == device
    assert losses[-1]["g_l1"] < losses[0]["g_l1"] / 2
    assert all_finite(state.G)
    assert all_finite(state.D)


@on_cuda
def test_the_scale_of_fp16_is_kept(networks, one_batch, tmp_path):
    """A run that starts over with a scale too large skips its first steps."""
    config = GanConfig(epochs=20, precision="fp16")
    state = start_gan(*networks(), config)
    losses = train_gan(state, one_batch, config)
    numbers(next(losses) for _ in range(10))
    scaler = state.parts()["scaler"]
    assert scaler.is_enabled()
    scaler.update(512.0)  # one that it would not come to by itself
    numbers([next(losses)])
    kept = scaler.state_dict()
    assert kept["scale"] == 512.0
    save_checkpoint(tmp_path / "ckpt", state.parts(), step=state.step)

    again = start_gan(*networks(), config)
    again.step = load_checkpoint(tmp_path / "ckpt", again.parts())["step"]
    assert again.parts()["scaler"].state_dict() == kept
    rest = numbers(train_gan(again, one_batch, config))
    assert len(rest) == 9
    for found in rest:
        assert np.isfinite(list(found.values())).all()


# Going on


@pytest.mark.usefixtures("same_sums")
@pytest.mark.parametrize(
    ("device", "precision"),
    [("cpu", "no"), pytest.param("cuda", "no", marks=on_cuda), *ARITHMETIC],
)
def test_resumed_is_as_uninterrupted(
    networks, batches, tmp_path, device, precision
):
    """Dropout draws on the GPU's own random numbers, which are kept too."""
    config = GanConfig(epochs=4, precision=precision)

    def next_random():
        return torch.rand(5), torch.rand(5, device=device)

    def resume(seed=None):
        state = start_gan(*networks(dropout=0.5), config)
        state.step = load_checkpoint(tmp_path / "ckpt", state.parts())["step"]
        if seed is not None:
            torch.manual_seed(seed)
        drawn = next_random()
        return drawn, numbers(train_gan(state, batches, config))

    whole = start_gan(*networks(dropout=0.5), config)
    losses = train_gan(whole, batches, config)
    numbers(next(losses) for _ in range(3))
    save_checkpoint(tmp_path / "ckpt", whole.parts(), step=whole.step)
    drawn, expected = next_random(), numbers(losses)
    drawn_again, found = resume()
    assert all(map(torch.equal, drawn_again, drawn))
    # To the bit on a processor; some of a GPU's sums are added in any order.
    tolerance = 0 if device == "cpu" else GOING_ON_RTOL
    assert farthest(found, expected) <= tolerance
    # Other random numbers would have been noticed.
    _, others = resume(seed=99)
    assert farthest(others, expected) > 3 * GOING_ON_RTOL


# Colors


@pytest.fixture
def gray():
    """An astronaut without her colors, 512 x 512."""
    return bundled("astronaut").mean(axis=-1).astype(np.uint8)


@on_cuda
def test_colors_are_those_of_the_processor(gray, monkeypatch):
    here, there = Colorizer.load(device="cpu"), Colorizer.load(device="cuda")
    L = torch.from_numpy(gray[None, None] / 127.5 - 1).float()
    expected = here.predict(L)
    found = there.predict(L)
    assert found.device.type == "cuda"
    assert_close(found.cpu(), expected, atol=AB_ATOL, rtol=0)
    pixels = here.colorize(gray).pixels.astype(int)
    apart = np.abs(there.colorize(gray).pixels - pixels)
    assert apart.mean() < MEAN_LEVELS
    # In 32 bits nothing is left but the order of sums.
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    found = there.predict(L).cpu()
    assert_close(found, expected, atol=AB_ATOL_32, rtol=0)
    assert torch.equal(there.predict(L).cpu(), found)


@on_cuda
def test_the_fastest_device_is_taken_unasked():
    colorizer = Colorizer.load()
    assert colorizer.device.type == "cuda"
    assert next(colorizer.G.parameters()).is_cuda


# The way to the device


class NoReading(TorchDispatchMode):
    """Refuse what makes the processor wait for a GPU's answer."""

    WAITING = (
        torch.ops.aten._local_scalar_dense.default,
        torch.ops.aten.nonzero.default,
        torch.ops.aten.masked_select.default,
    )

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func in self.WAITING:
            raise RuntimeError(f"{func} reads from the device")
        return func(*args, **kwargs or {})


@contextmanager
def no_waiting(device):
    """Fail where the processor waits for the device."""
    if device == "cpu":
        with NoReading():
            yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that this is a prototype
        torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize("device", DEVICES)
def test_waiting_would_be_noticed(device):
    """Else the two tests below could not fail."""
    number = torch.ones(1, device=device)
    with no_waiting(device), pytest.raises(RuntimeError):
        number.item()


@pytest.mark.parametrize("device", DEVICES)
def test_batches_reach_the_device_without_a_wait(batches, device):
    expected = [lab_batch(batch) for batch in batches.epoch(0)]
    pinned = prefetch(batches.epoch(0), ahead=2, pin=device == "cuda")
    with no_waiting(device):
        found = [lab_batch(batch, device) for batch in pinned]
    for pair, (L, ab) in zip(found, expected, strict=True):
        assert {each.device.type for each in pair} == {device}
        assert_close(pair[0].cpu(), L, atol=1e-4, rtol=0)
        assert_close(pair[1].cpu(), ab, atol=1e-4, rtol=0)


@pytest.mark.parametrize("device", DEVICES)
def test_batches_cut_on_the_device_are_the_same_and_nothing_waits(
    photo_folder, cache, device
):
    photos = cache_photographs(folder(photo_folder), cache, size=24)
    here = Batches(photos, batch_size=4, size=16)
    expected = list(here.epoch(1))
    there = Batches(to_device(photos, device), batch_size=4, size=16)
    with no_waiting(device):
        found = list(there.epoch(1))
    assert there.device.type == device
    assert all(batch.device.type == device for batch in found)
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.equal(ours.cpu(), theirs)


@on_cuda
def test_what_waits_for_a_gpu_is_pinned(batches):
    """From other memory a copy can't go on beside what is computed."""
    assert all(b.is_pinned() for b in prefetch(batches.epoch(0), pin=True))


@pytest.mark.parametrize("method", ["pretrain", "gan"])
@pytest.mark.parametrize("device", DEVICES)
def test_steps_do_not_wait_for_their_losses(networks, batches, device, method):
    """Bytes, Lab, both networks and optimizers: the GPU is never asked."""
    if method == "gan":
        config = GanConfig(epochs=3, precision="bf16")
        state = start_gan(*networks(), config)
        losses = train_gan(state, batches, config)
    else:
        config = PretrainConfig(epochs=3, precision="bf16", gamma_jitter=1.5)
        state = start_pretraining(networks()[0], config)
        losses = pretrain(state, batches, config)
    first = next(losses)  # cuDNN gets ready, optimizers make their states
    with no_waiting(device):
        rest = list(losses)
    assert len(rest) == 5
    assert np.isfinite(
        [list(n.values()) for n in numbers([first, *rest])]
    ).all()


# Too little memory


@contextmanager
def little_memory():
    """Leave a program `ROOM` on the GPU beside what it has now."""
    gc.collect()
    torch.cuda.empty_cache()
    _, total = torch.cuda.mem_get_info()
    allowed = torch.cuda.memory_reserved() + ROOM
    torch.cuda.set_per_process_memory_fraction(allowed / total)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


@on_cuda
def test_a_training_too_large_says_what_to_do():
    """In one line, and what is smaller can be trained afterwards."""
    photos = [bundled("astronaut")] * 8
    config = GanConfig(epochs=1, precision="no")
    G, D = Unet(n_down=6), init_weights(PatchDiscriminator())
    state = start_gan(G, D, config)
    large = Batches(photos, batch_size=8, size=512)
    with little_memory(), pytest.raises(MemoryError) as caught:
        next(train_gan(state, large, config))
    line = one_line(caught.value)
    assert line.startswith("cuda")
    assert "too little memory for 8 photographs" in line
    assert "raise accumulate, or choose a smaller batch_size" in line
    assert "\n" not in line
    del caught
    small = Batches(photos, batch_size=1, size=64)
    assert len(list(train_gan(state, small, config))) == 8


@on_cuda
def test_a_photograph_too_large_says_what_to_do(tmp_path, gray, monkeypatch):
    """On the command line: a line for it, an exit status, no traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLORLIB_DEBUG", raising=False)
    write(from_array(gray.repeat(4, 0).repeat(4, 1)), "old.png")
    Colorizer.load(device="cuda").colorize(gray)  # cuDNN gets ready
    words = ["colorize", "old.png", "--device", "cuda", "--size"]
    with little_memory():
        result = CliRunner().invoke(app, [*words, "2048"])
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert (
        "too little memory to see a photograph at 2048 x 2048" in result.stderr
    )
    assert CliRunner().invoke(app, [*words, "256"]).exit_code == 0


# A whole run


@pytest.mark.parametrize("resident", [False, True])
@pytest.mark.parametrize("device", DEVICES)
def test_a_run_is_left_and_resumed(
    tmp_path, photo_folder, cache, weights, device, resident
):
    """With all that a run keeps: checkpoint, generator, and what it ran on."""
    config = PretrainConfig(
        generator=str(weights),
        batch_size=4,
        size=16,
        epochs=3,
        validation=0.0,
    )
    start = partial(
        record,
        tmp_path / "run",
        [str(photo_folder)],
        config,
        cache=cache,
        resident=resident,
    )
    for progress in start(show_every=0.0):
        if progress.step == 3:
            break
    *_, last = start(resume=True)
    assert last.finished
    machine = json.loads((tmp_path / "run/run.json").read_text())["machine"]
    assert (machine["device"] == "cpu") == (device == "cpu")
    photo = bundled("astronaut")[:64, :64]
    colorizer = Colorizer.load(tmp_path / "run/generator", device=device)
    assert colorizer.colorize(photo).pixels.shape == photo.shape
