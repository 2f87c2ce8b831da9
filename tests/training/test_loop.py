"""The loop: which batches, in which parts, with which arithmetic."""

import threading
from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from colorlib.data.batches import lab_batch
from colorlib.training import loop
from colorlib.training.accelerator import make_accelerator
from colorlib.training.config import GanConfig, PretrainConfig
from colorlib.training.gan import start_gan
from colorlib.training.loop import train
from colorlib.training.preflight import check_launch
from colorlib.training.pretrain import start_pretraining

CONFIG = PretrainConfig(precision="no", epochs=2)


@pytest.fixture
def state(networks):
    return start_pretraining(networks()[0], CONFIG)


def test_walks_through_all_batches_and_stops(state, batches):
    seen = []

    def step(s, L, ab):
        seen.append(L)
        return {"l1": ab.abs().mean()}

    losses = list(train(state, step, batches, epochs=2))
    assert len(losses) == len(seen) == state.step == 4
    expected = [lab_batch(b)[0] for e in range(2) for b in batches.epoch(e)]
    assert_close(seen, expected)
    assert list(train(state, step, batches, epochs=2)) == []
    assert len(list(train(state, step, batches, epochs=3))) == 2


def test_starts_in_the_middle_of_an_epoch(state, batches):
    seen = []
    state.step = 3
    list(train(state, lambda s, L, ab: seen.append(L) or {}, batches, epochs=2))
    (_, expected) = batches.epoch(1)
    assert_close(seen, [lab_batch(expected)[0]])


@pytest.mark.parametrize("ahead", [1, 2, 9])
def test_batches_cut_ahead_are_the_same_batches(state, batches, ahead):
    """To the byte, also where training is left and gone on with."""
    seen = []

    def step(s, L, ab):
        seen.append((L, ab))
        return {}

    list(train(state, step, batches, epochs=2))
    expected, seen[:], state.step = list(seen), [], 0
    losses = train(state, step, batches, epochs=2, ahead=ahead)
    next(losses)
    losses.close()
    threads = threading.active_count()
    list(train(state, step, batches, epochs=2, ahead=ahead))
    assert threading.active_count() == threads  # none is left behind
    for (L, ab), (other_L, other_ab) in zip(seen, expected, strict=True):
        assert torch.equal(L, other_L)
        assert torch.equal(ab, other_ab)


def test_too_little_memory_says_what_to_do(state, batches):
    def step(s, L, ab):
        raise torch.cuda.OutOfMemoryError("tried to allocate 20.00 GiB")

    with pytest.raises(MemoryError, match="2 photographs .* raise accumulate"):
        next(train(state, step, batches, epochs=1, accumulate=2))


def test_too_little_memory_for_the_photographs_themselves(
    state, batches, monkeypatch
):
    """Their bytes become Lab on the device, which takes some, too."""

    def full(batch, device):
        raise torch.cuda.OutOfMemoryError("tried to allocate 20.00 MiB")

    monkeypatch.setattr(loop, "lab_batch", full)
    with pytest.raises(MemoryError, match="4 photographs .* raise accumulate"):
        next(train(state, lambda s, L, ab: {}, batches, epochs=1))


def test_losses_are_means_over_parts(state, batches):
    def step(s, L, ab):
        with s.accelerator.accumulate(s.G):
            return {"mean": L.mean(), "number": torch.tensor(float(len(L)))}

    whole = list(train(state, step, batches, epochs=1))
    state.step = 0
    parts = list(train(state, step, batches, epochs=1, accumulate=4))
    for one, other in zip(whole, parts, strict=True):
        assert_close(one["mean"], other["mean"])
        assert (one["number"], other["number"]) == (4, 1)


def test_a_launch_that_started_one_of_two_is_refused(state, monkeypatch):
    """`accelerate launch --cpu --num_processes 2` does, and says nothing."""
    monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", "no")
    check_launch(state.accelerator)  # one was asked for
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    with pytest.raises(ValueError, match="started one; add --multi_gpu"):
        check_launch(state.accelerator)


def test_a_batch_that_cannot_be_shared_is_refused(state, batches):
    """Parts of unequal size would weigh some photographs more."""
    with pytest.raises(ValueError, match="batch of 4 .* 3 parts"):
        next(train(state, lambda: {}, batches, epochs=1, accumulate=3))


def test_several_precisions_in_one_process(networks, batches):
    """A notebook compares them; Accelerate alone allows one."""
    L, _ = lab_batch(next(batches.epoch(0)))
    answers = {}
    for precision in ("no", "bf16", "no"):
        config = replace(CONFIG, precision=precision)
        state = start_pretraining(networks(dropout=0.0)[0], config)
        assert state.accelerator.mixed_precision == precision
        answers.setdefault(precision, []).append(state.G(L))
    full, again, (half,) = *answers["no"], answers["bf16"]
    assert torch.equal(full, again)
    assert half.dtype == torch.float32
    assert not torch.equal(full, half)
    assert_close(full, half, atol=0.05, rtol=0)


def test_an_older_training_keeps_its_precision(networks, batches):
    L, _ = lab_batch(next(batches.epoch(0)))
    old = start_pretraining(networks(dropout=0.0)[0], CONFIG)
    before = old.G(L)
    make_accelerator("bf16")
    assert torch.equal(old.G(L), before)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize(
    ("has", "expected"),
    [
        ({}, "no"),
        ({"avx2": True, "amx_bf16": False, "avx512_bf16": False}, "no"),
        ({"amx_bf16": True}, "bf16"),
        ({"avx512_bf16": True}, "bf16"),
    ],
)
def test_bf16_where_the_processor_multiplies_it(monkeypatch, has, expected):
    """Elsewhere it is emulated, and many times slower than 32 bits."""
    monkeypatch.setattr(
        torch.cpu, "get_capabilities", lambda: has, raising=False
    )
    assert make_accelerator().mixed_precision == expected


@pytest.mark.parametrize("precision", ["fp8", "32", ""])
def test_unknown_precision(precision):
    with pytest.raises(ValueError, match=f"'{precision}'"):
        make_accelerator(precision)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_fp16_needs_a_gpu(networks):
    """Accelerate would compute in 32 bits and say nothing."""
    with pytest.raises(ValueError, match='choose "auto"'):
        make_accelerator("fp16")
    assert make_accelerator("no").mixed_precision == "no"


def test_draws_no_random_number():
    """Else a resumed run would not see the dropout of the first."""
    before = torch.get_rng_state()
    make_accelerator()
    assert torch.equal(torch.get_rng_state(), before)


def test_the_scale_of_fp16_is_part_of_a_checkpoint(networks):
    """It changes while training; without it a resumed run starts over."""
    G, D = networks()
    for state in (
        start_pretraining(G, CONFIG),
        start_gan(G, D, GanConfig(precision="no")),
    ):
        assert "scaler" not in state.parts()
        state.accelerator.scaler = torch.amp.GradScaler("cpu")
        assert state.parts()["scaler"] is state.accelerator.scaler
