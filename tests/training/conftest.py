"""Networks and photographs so small that a step takes milliseconds."""

import os

import numpy as np
import pytest
import torch
from PIL import Image

from colorlib.data.batches import Batches
from colorlib.models.compact import CompactUnet
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.unet import init_weights
from colorlib.models.weights import save_generator

SIZE = 16


# Two stages: 1/4 and 1/8 of the resolution.
STAGES = (8, 1, 3, 2, 1), (12, 1, 3, 2, 1)


def make_G(dropout=0.1):
    """A generator of 6,000 weights, from PyTorch's random state."""
    return CompactUnet(STAGES, (8,), dropout)


def make_D():
    """A discriminator of 1,700 weights that judges 16 pixels at a time."""
    return init_weights(PatchDiscriminator(width=8, n_down=1))


def make_photographs(number):
    """Colored blobs, 24 x 32, each another color."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (number, 3, 4, 3), np.uint8)
    return [
        np.asarray(Image.fromarray(c).resize((32, 24), Image.BICUBIC))
        for c in coarse
    ]


@pytest.fixture(autouse=True)
def no_disk(monkeypatch):
    """Don't wait for the disk, which another process may keep busy."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def batches():
    """Two batches of four an epoch."""
    return Batches(make_photographs(9), batch_size=4, size=SIZE)


@pytest.fixture
def one_batch():
    """The same four photographs again and again."""
    return Batches(
        [photo[:SIZE, :SIZE] for photo in make_photographs(4)],
        batch_size=4,
        size=SIZE,
        mirror=False,
    )


@pytest.fixture
def networks():
    """Make the same G and D at each call, and leave the same random state."""

    def make(dropout=0.1):
        torch.manual_seed(0)
        return make_G(dropout), make_D()

    return make


@pytest.fixture(scope="session")
def photo_folder(tmp_path_factory):
    """Nine photographs as files."""
    folder = tmp_path_factory.mktemp("nine photographs")
    for i, photo in enumerate(make_photographs(9)):
        Image.fromarray(photo).save(folder / f"{i}.png")
    return folder


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """A small generator's weights, for configurations to start from."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("weights")
    return save_generator(make_G(), folder / "small", card={"name": "small"})


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """Where decoded photographs are kept from test to test."""
    return tmp_path_factory.mktemp("cache")
