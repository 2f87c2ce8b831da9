"""Batches: seed, epoch and position decide them, and nothing else does."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import rgb2lab

from colorlib.color import rgb_to_lab, split_lab
from colorlib.data.batches import Batches, lab_batch, prefetch
from colorlib.data.crops import center_square, random_square
from colorlib.data.filling import cache_photographs
from colorlib.data.resident import to_device
from colorlib.data.samples import bundled
from colorlib.data.sources import folder

# Photograph i is all i, so that a batch tells what it was cut from.
NUMBERED = [np.full((20 + i, 30, 3), i, np.uint8) for i in range(11)]


def numbers(batches) -> list[int]:
    """Which photographs were shown, in order."""
    return [int(n) for batch in batches for n in batch[:, 0, 0, 0]]


def equal(left, right) -> bool:
    left, right = list(left), list(right)
    return len(left) == len(right) and all(map(torch.equal, left, right))


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.fixture
def batches() -> Batches:
    photos = [noise(24, 32, 3, seed=i) for i in range(11)]
    return Batches(photos, batch_size=3, size=16)


def test_an_epoch_shows_every_photograph_at_most_once():
    """What doesn't fill the last batch is dropped, another one each epoch."""
    batches = Batches(NUMBERED, batch_size=3, size=16)
    assert len(batches) == 3
    dropped = set()
    for epoch in range(8):
        shown = numbers(batches.epoch(epoch))
        assert len(shown) == len(set(shown)) == 9
        dropped |= set(range(11)) - set(shown)
    assert len(dropped) > 2


def test_a_resumed_epoch_goes_on_with_the_same_batches(batches):
    """Bit for bit: without this no run could be resumed exactly."""
    whole = list(batches.epoch(5))
    for start in range(4):
        assert equal(batches.epoch(5, start), whole[start:])


def test_batches_depend_on_seed_and_epoch_and_on_nothing_else(batches):
    again = Batches(batches.photos, batch_size=3, size=16)
    np.random.seed(1)
    torch.manual_seed(1)
    assert equal(batches.epoch(2), again.epoch(2))
    assert not equal(batches.epoch(2), batches.epoch(3))
    other = Batches(batches.photos, batch_size=3, size=16, seed=1)
    assert not equal(batches.epoch(2), other.epoch(2))


def test_half_of_the_photographs_are_mirrored():
    """Left and right only: nobody photographs upside down."""
    photo = noise(16, 16, 3)
    batches = Batches([photo] * 400, batch_size=400, size=16)
    (batch,) = batches.epoch(0)
    same = (batch == torch.tensor(photo)).flatten(1).all(dim=1)
    mirrored = (batch == torch.tensor(photo[:, ::-1].copy())).flatten(1)
    mirrored = mirrored.all(dim=1)
    assert (same ^ mirrored).all()
    assert 150 < mirrored.sum() < 250


def test_without_mirroring_none_is_mirrored():
    photo = noise(16, 16, 3)
    (batch,) = Batches([photo] * 20, 20, size=16, mirror=False).epoch(0)
    assert (batch == torch.tensor(photo)).all()


def test_larger_squares_are_shrunk_to_the_size():
    """Objects come in all sizes: the square that is cut varies, not the net."""
    batches = Batches(
        NUMBERED, batch_size=11, size=8, sides=(8, 20), mirror=False
    )
    for epoch in range(4):
        (batch,) = batches.epoch(epoch)
        assert batch.shape == (11, 8, 8, 3)
        assert sorted(numbers([batch])) == list(range(11))
        assert (batch == batch[:, :1, :1, :1]).all()


def test_shrinking_does_not_alias():
    """Fine stripes become gray, as they are from afar, and not all white."""
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, 1::4] = stripes[:, 2::4] = 255
    (batch,) = Batches([stripes], 1, size=16, sides=(64, 64)).epoch(0)
    assert (batch.float() - 127.5).abs().max() < 30


@given(
    height=st.integers(8, 24), width=st.integers(8, 24), side=st.integers(1, 8)
)
def test_squares_are_cut_from_inside(height, width, side):
    """Pixel (y, x) holds y and x: a square shows where it was cut."""
    y, x = np.mgrid[:height, :width].astype(np.uint8)
    photo = np.stack([y, x, y], axis=2)
    for square in (
        random_square(photo, side, np.random.default_rng(0)),
        center_square(photo, side),
    ):
        top, left = square[0, 0, :2].astype(int)
        assert square.shape == (side, side, 3)
        assert np.array_equal(
            square, photo[top : top + side, left : left + side]
        )
    assert abs(2 * top + side - height) <= 1
    assert abs(2 * left + side - width) <= 1


def test_random_squares_come_from_everywhere():
    photo = np.zeros((10, 12, 3), np.uint8)
    photo[..., 0], photo[..., 1] = np.mgrid[:10, :12]
    rng = np.random.default_rng(0)
    corners = {
        tuple(random_square(photo, 8, rng)[0, 0, :2]) for _ in range(300)
    }
    assert corners == {(y, x) for y in range(3) for x in range(5)}


def test_a_random_square_of_a_tensor_is_that_of_the_array():
    """Photographs on a device are cut there, and seen and not copied."""
    array = noise(10, 12, 3)
    tensor = torch.from_numpy(array)
    for seed in range(9):
        ours, theirs = (
            random_square(photo, 8, np.random.default_rng(seed))
            for photo in (tensor, array)
        )
        assert ours.untyped_storage().data_ptr() == tensor.data_ptr()
        assert np.array_equal(ours.numpy(), theirs)


@pytest.mark.parametrize("cut", [random_square, center_square])
def test_a_photograph_too_small_is_an_error_with_the_way_out(cut):
    more = [np.random.default_rng(0)] if cut is random_square else []
    with pytest.raises(ValueError, match=r"9 x 9 from 8 x 30 .*larger size"):
        cut(np.zeros((8, 30, 3), np.uint8), 9, *more)


def test_too_few_photographs_for_a_batch_are_an_error():
    with pytest.raises(ValueError, match="11 photographs don't fill .* of 12"):
        Batches(NUMBERED, batch_size=12)


def test_sides_the_wrong_way_round_are_an_error():
    with pytest.raises(ValueError, match=r"\(smallest, largest\).*\(20, 8\)"):
        Batches(NUMBERED, batch_size=1, sides=(20, 8))


def test_from_a_folder_to_L_and_ab(album, tmp_path):
    """The whole way, as training goes it: in bytes until the last step."""
    photos = cache_photographs(folder(album), tmp_path / "cache", size=24)
    batches = Batches(photos.without_near_gray(), 2, size=16, sides=(16, 24))
    for batch in batches.epoch(0):
        assert batch.dtype == torch.uint8
        L, ab = lab_batch(batch)
        assert (L.shape, ab.shape) == ((2, 1, 16, 16), (2, 2, 16, 16))
        assert ab.abs().max() > 0.1


def test_lab_batch_is_what_scikit_image_says():
    photos = np.stack([bundled(n)[:64, :64] for n in ("coffee", "flower")])
    L, ab = lab_batch(torch.tensor(photos))
    assert (L.shape, ab.shape) == ((2, 1, 64, 64), (2, 2, 64, 64))
    true = torch.tensor(rgb2lab(photos / 255)).permute(0, 3, 1, 2)
    torch.testing.assert_close(
        L.double(), true[:, :1] / 50 - 1, atol=1e-5, rtol=0
    )
    torch.testing.assert_close(
        ab.double(), true[:, 1:] / 110, atol=1e-5, rtol=0
    )


def test_photographs_do_not_mix():
    """One at a time on a processor, all at once on a GPU: the same."""
    batch = torch.tensor(noise(3, 16, 16, 3))
    at_once = split_lab(rgb_to_lab(batch.permute(0, 3, 1, 2)))
    for ours, theirs in zip(lab_batch(batch), at_once, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("sides", [None, (16, 24)])
def test_each_process_cuts_its_share_of_the_whole_batch(sides):
    """Whole batches were cut by each, to be thrown away in part."""
    rng = np.random.default_rng(0)
    photos = [rng.integers(0, 256, (24, 32, 3), np.uint8) for _ in range(9)]
    batches = Batches(photos, batch_size=4, size=16, sides=sides)
    whole = list(batches.epoch(1))
    for rank in range(2):
        share = list(batches.epoch(1, rank=rank, ranks=2))
        for batch, part in zip(whole, share, strict=True):
            assert torch.equal(part, batch[rank::2])


def test_what_fails_ahead_is_raised_in_its_turn():
    def broken():
        yield torch.zeros(1, 2, 2, 3, dtype=torch.uint8)
        raise OSError("the disk is gone")

    batches = prefetch(broken(), ahead=2)
    next(batches)
    with pytest.raises(OSError, match="the disk is gone"):
        next(batches)


# On the device


@pytest.fixture
def cached(album, tmp_path):
    """Photographs of a cache: a part of its file, and not the first."""
    found = cache_photographs(folder(album), tmp_path / "cache", size=24)
    return found.select(found.names[1:])


@pytest.mark.parametrize("ranks", [1, 2])
@pytest.mark.parametrize("mirror", [True, False])
def test_batches_cut_on_the_device_are_the_same(cached, mirror, ranks):
    """Bit for bit: where photographs are kept changes no run."""
    settings = {"batch_size": 2, "size": 16, "mirror": mirror}
    here = Batches(cached, **settings)
    there = Batches(to_device(cached, "cpu"), **settings)
    assert there.device == torch.device("cpu")
    for epoch in range(6):
        share = {"rank": ranks - 1, "ranks": ranks}
        assert equal(here.epoch(epoch, **share), there.epoch(epoch, **share))


def test_photographs_on_the_device_are_those_of_the_cache(cached):
    resident = to_device(cached, "cpu")
    assert len(resident) == len(cached)
    for ours, theirs in zip(resident[:], cached, strict=True):
        assert np.array_equal(ours.numpy(), theirs)
    with pytest.raises(IndexError):
        resident[len(cached)]


def test_nothing_is_shrunk_on_a_device(cached):
    """A GPU would round otherwise, and the batches be others."""
    resident = to_device(cached, "cpu")
    Batches(resident, batch_size=1, size=16, sides=(16, 16))
    with pytest.raises(ValueError, match=r"\(16, 24\) .* off it"):
        Batches(resident, batch_size=1, size=16, sides=(16, 24))


@pytest.mark.usefixtures("as_outside_pytest")
def test_a_device_too_small_says_what_to_do(cached):
    """No machine has petabytes."""
    huge = replace(cached, shapes=((1 << 26, 1 << 26),) * len(cached))
    with pytest.raises(MemoryError, match="cpu has too little .* fewer"):
        to_device(huge, "cpu")
