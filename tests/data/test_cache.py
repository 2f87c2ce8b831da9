"""Photographs are decoded once, whole or not at all, and are what they were."""

import logging
import os
import shutil
import threading

import numpy as np
import pytest
import torch
from PIL import Image

from colorlib.color import rgb_to_lab
from colorlib.data.cache import open_cache
from colorlib.data.filling import cache_photographs
from colorlib.data.sources import Item, find_items, folder
from colorlib.metrics import chroma


def kept_in(cache):
    """What lies in a cache besides the lock, which is never removed."""
    return [path for path in cache.iterdir() if path.name != ".lock"]


def test_unreadable_photographs_are_left_out_and_named(album, tmp_path, caplog):
    photos = cache_photographs(folder(album), tmp_path / "cache", size=20)
    assert photos.names == ("coffee.png", "summer/gray.png", "summer/tall.JPEG")
    assert list(photos.left_out) == ["torn.png"]
    assert "damaged" in photos.left_out["torn.png"]
    which, how_many = caplog.records
    assert which.levelno == how_many.levelno == logging.WARNING
    assert "torn.png" in which.message
    assert "1 of 4" in how_many.message


def test_a_link_that_leads_nowhere_is_left_out(album, tmp_path):
    """One of ten thousand must not stop a run before it begins."""
    dangling = album / "dangling.jpg"
    dangling.symlink_to("nowhere")
    found = [*folder(album), Item("dangling.jpg", dangling)]
    photos = cache_photographs(found, tmp_path / "cache", size=20)
    assert len(photos) == 3
    assert "does not exist" in photos.left_out["dangling.jpg"]


def test_a_raised_limit_of_megapixels_is_a_cache_of_its_own(album, tmp_path):
    """What was left out below the old limit must not stay out."""
    Image.new("RGB", (100, 100)).save(album / "atlas.png")
    photos, cache = folder(album), tmp_path / "cache"
    low = cache_photographs(photos, cache, size=20, max_megapixels=0.005)
    every = cache_photographs(photos, cache, size=20)
    assert "above the limit of 0.005" in low.left_out["atlas.png"]
    assert "atlas.png" in every.names


@pytest.mark.parametrize("squash", [False, True])
def test_a_thin_strip_is_left_out(tmp_path, small, squash):
    """A shorter side of 1 pixel enlarged to 256 makes 256 of every pixel."""
    photos = tmp_path / "photos"
    photos.mkdir()
    small.resize((32, 2)).save(photos / "panorama.png")
    small.resize((1, 1000)).save(photos / "strip.png")
    found = cache_photographs(
        folder(photos), tmp_path / "cache", size=20, squash=squash
    )
    assert found.names == ("panorama.png",)
    assert "strip.png: has 1 x 1000 pixels" in found.left_out["strip.png"]


def test_what_does_not_fit_into_memory_is_left_out(
    album, tmp_path, monkeypatch
):
    resize = Image.Image.resize

    def cramped(image, size, *options):
        if size[1] > size[0]:
            raise MemoryError
        return resize(image, size, *options)

    monkeypatch.setattr(Image.Image, "resize", cramped)
    photos = cache_photographs(folder(album), tmp_path / "cache", size=20)
    assert len(photos) == 2
    why = photos.left_out["summer/tall.JPEG"]
    assert "tall.JPEG: needs more memory than there is" in why


def test_a_name_that_is_not_utf_8_comes_through(album, tmp_path):
    """Linux allows any bytes; old disks and archives hold such names."""
    odd = [os.fsdecode(name) for name in (b"bad\xff.png", b"torn\xff.png")]
    try:
        (album / "coffee.png").rename(album / odd[0])
    except OSError:
        pytest.skip("the disk allows no such name")
    (album / "torn.png").rename(album / odd[1])
    items = folder(album)
    for _ in ("decoded", "opened"):
        photos = cache_photographs(items, tmp_path / "cache", size=20)
        assert photos.names[0] == odd[0]
        assert list(photos.left_out) == [odd[1]]
        assert len(photos.select([odd[0]])) == 1


def test_near_gray_is_known_and_left_out_of_training_only(
    album, tmp_path, caplog
):
    caplog.set_level(logging.INFO)
    photos = cache_photographs(folder(album), tmp_path / "cache", size=20)
    assert photos.near_gray == ["summer/gray.png"]
    training = photos.without_near_gray()
    assert training.names == ("coffee.png", "summer/tall.JPEG")
    assert training.near_gray == []
    assert "1 of 3" in caplog.messages[-1]
    assert "summer/gray.png" in caplog.messages[-1]
    validation = photos.select(["summer/gray.png", "coffee.png"])
    assert validation.names == ("coffee.png", "summer/gray.png")
    assert len(validation.near_gray) == 1


def test_a_view_shows_the_same_photographs(album, tmp_path):
    photos = cache_photographs(folder(album), tmp_path / "cache", size=20)
    view = photos.select(["summer/tall.JPEG", "not here"])
    assert len(view) == 1
    assert np.array_equal(view[0], photos[2])
    assert view.list_hash != photos.list_hash
    assert view.left_out == photos.left_out


def test_a_slice_is_a_list_of_photographs(album, tmp_path):
    """It says that it is a sequence, and a sequence has slices."""
    photos = cache_photographs(folder(album), tmp_path / "cache", size=20)
    first, *others = photos
    assert [np.array_equal(one, first) for one in photos[:1]] == [True]
    assert len(photos[1:]) == len(others) == 2


def test_keeps_the_shape_or_squashes_it(album, tmp_path):
    """The shorter side gets the size; or, as in the deck, both do."""
    items = folder(album)
    kept = cache_photographs(items, tmp_path / "cache", size=20)
    assert [p.shape for p in kept] == [(20, 30, 3), (20, 30, 3), (30, 20, 3)]
    squashed = cache_photographs(
        items, tmp_path / "cache", size=20, squash=True
    )
    assert {p.shape for p in squashed} == {(20, 20, 3)}
    true = Image.open(album / "coffee.png").convert("RGB").resize((30, 20))
    assert np.array_equal(kept[0], np.asarray(true))


def test_chroma_is_the_mean_over_the_photograph(tmp_path):
    """Of a sixteenth of the pixels, and still within a few percent."""
    photos = cache_photographs(find_items("bundled"), tmp_path, size=128)
    for photo, found in zip(photos, photos.chroma, strict=True):
        rgb = torch.tensor(photo).permute(2, 0, 1)
        true = chroma(rgb_to_lab(rgb)).item()
        assert found == pytest.approx(true, rel=0.03)


def test_a_second_call_opens_what_is_there(album, tmp_path):
    done = []
    first = cache_photographs(folder(album), tmp_path / "cache", size=20)
    second = cache_photographs(
        folder(album),
        tmp_path / "cache",
        size=20,
        on_progress=lambda *counts: done.append(counts),
    )
    assert not done
    assert second.names == first.names
    assert second.chroma == first.chroma
    assert all(map(np.array_equal, first, second))


def test_the_order_of_items_does_not_matter(album, tmp_path):
    """Batches go by position: the same photographs must stand the same way."""
    items = folder(album)
    for cache, some in [("one", items), ("two", items[::-1])]:
        photos = cache_photographs(some, tmp_path / cache, size=20)
        assert photos.names == tuple(sorted(photos.names))


def test_is_mapped_into_memory_and_can_be_reopened(album, tmp_path):
    """10,000 photographs are two gigabytes: nobody wants them all at once."""
    photos = cache_photographs(folder(album), tmp_path / "cache", size=20)
    assert isinstance(photos.pixels, np.memmap)
    assert not photos[0].flags.writeable
    (home,) = kept_in(tmp_path / "cache")
    moved = shutil.move(home, tmp_path / "elsewhere")
    assert all(map(np.array_equal, open_cache(moved), photos))


@pytest.mark.parametrize(
    "change", ["pixels", "time", "name", "size", "one more"]
)
def test_other_photographs_get_another_cache(album, tmp_path, change):
    """A photograph replaced under its name must not be shown as it was."""
    cache_photographs(folder(album), tmp_path / "cache", size=20)
    coffee, size = album / "coffee.png", 20
    match change:
        case "pixels":
            shutil.copy2(album / "summer" / "gray.png", coffee)
        case "time":
            os.utime(coffee, (1e9, 1e9))
        case "name":
            coffee.rename(album / "tea.png")
        case "size":
            size = 24
        case "one more":
            shutil.copy2(coffee, album / "more.png")
    cache_photographs(folder(album), tmp_path / "cache", size=size)
    assert len(list(kept_in(tmp_path / "cache"))) == 2


def test_the_folder_itself_may_move(album, tmp_path):
    """Names and files are the same, so the work is not done again."""
    cache_photographs(folder(album), tmp_path / "cache", size=20)
    moved = album.rename(tmp_path / "archive")
    cache_photographs(folder(moved), tmp_path / "cache", size=20)
    assert len(list(kept_in(tmp_path / "cache"))) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_call_leaves_nothing_behind(album, tmp_path, error):
    def interrupt(done, total):
        if done == 2:
            raise error

    with pytest.raises(error):
        cache_photographs(
            folder(album), tmp_path / "cache", size=20, on_progress=interrupt
        )
    assert not list(kept_in(tmp_path / "cache"))


def test_what_a_killed_call_left_is_removed(album, tmp_path):
    """kill -9 runs no `finally`; the next call cleans up."""
    items, cache = folder(album), tmp_path / "cache"
    cache_photographs(items, cache, size=20)
    (home,) = kept_in(cache)
    home.rename(cache / f".{home.name}.part")
    (cache / f".{home.name}.part" / "index.json").unlink()
    photos = cache_photographs(items, cache, size=20)
    assert len(photos) == 3
    assert list(kept_in(cache)) == [home]


@pytest.mark.parametrize("torn", ["", "\0\0", '{"names": ['])
def test_an_index_that_a_power_cut_tore_is_made_anew(
    album, tmp_path, caplog, torn
):
    """Or each start would fail, until somebody removes the folder."""
    items, cache = folder(album), tmp_path / "cache"
    before = cache_photographs(items, cache, size=20).names
    (home,) = kept_in(cache)
    (home / "index.json").write_text(torn)
    assert cache_photographs(items, cache, size=20).names == before
    assert "is damaged and is made anew" in caplog.text


def test_two_at_once_do_the_work_once(album, tmp_path):
    """Every process of a training run asks for the cache, all at once."""
    done, lengths = [], []
    start = threading.Barrier(2, timeout=10)

    def ask():
        start.wait()
        photos = cache_photographs(
            folder(album),
            tmp_path / "cache",
            size=20,
            on_progress=lambda n, total: done.append(n),
        )
        lengths.append(len(photos))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lengths == [3, 3]
    assert done == [1, 2, 3, 4]


def test_progress_tells_how_far_it_is(album, tmp_path):
    told = []
    cache_photographs(
        folder(album), tmp_path, size=20, on_progress=lambda *n: told.append(n)
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_nothing_readable_is_an_error_that_says_why(album, tmp_path):
    torn = [item for item in folder(album) if item.name == "torn.png"]
    with pytest.raises(
        ValueError, match=r"no photograph .*torn\.png: is damaged"
    ):
        cache_photographs(torn, tmp_path / "cache")
    with pytest.raises(ValueError, match="the list is empty"):
        cache_photographs([], tmp_path / "cache")
    assert not list(kept_in(tmp_path / "cache"))


def test_opening_what_is_no_cache_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="cache_photographs"):
        open_cache(tmp_path)
