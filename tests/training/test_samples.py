"""Pictures of a run: of which photographs, and where they lie."""

import numpy as np
import pytest
from PIL import Image

from colorlib.data.crops import center_crop
from colorlib.data.samples import BUNDLED, bundled
from colorlib.training.samples import SIDE, color_bundled, sample_sheet


@pytest.fixture
def G(networks):
    return networks()[0].eval()


def test_a_sheet_shows_what_is_true_above_what_is_made_of_it(G, tmp_path):
    path = tmp_path / "samples" / "epoch-001.webp"
    sheet = sample_sheet(G, path, size=16)
    assert sheet.shape == (2 * SIDE, len(BUNDLED) * SIDE, 3)
    true, colored = np.split(sheet, 2)
    assert np.array_equal(
        true[:, :SIDE], center_crop(bundled("astronaut"), SIDE)
    )
    gray, gray_of_colored = (
        np.asarray(Image.fromarray(half).convert("L"), float)
        for half in (true, colored)
    )
    assert np.corrcoef(gray.flat, gray_of_colored.flat)[0, 1] > 0.95
    assert not np.array_equal(true, colored)

    kept = np.asarray(Image.open(path).convert("RGB"), float)
    assert np.abs(kept - sheet).mean() < 8  # WebP loses a little
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_sheet_shows_what_single_pictures_show(G, tmp_path):
    """Recorded runs keep pictures, `colorlib train` sheets: of one kind."""
    sheet = sample_sheet(G, tmp_path / "sheet.webp", size=16)
    pictures = color_bundled(G, tmp_path, size=16)
    assert list(pictures) == list(BUNDLED)
    last = np.asarray(Image.open(pictures["grace_hopper"]), float)
    assert np.abs(last - sheet[SIDE:, -SIDE:]).mean() < 8
