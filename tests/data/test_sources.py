"""Every source gives the same: names that stay, and bytes in sRGB."""

import io
import os
import sys
import tarfile
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorlib import photos
from colorlib.data.samples import BUNDLED, bundled
from colorlib.data.sources import Item, find_items, folder, unique_names
from colorlib.photos import PhotoError


def pack(path: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    """Make a tar file."""
    with tarfile.open(path, mode) as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture
def shards(tmp_path, album) -> Path:
    """Two shards in WebDataset's layout; the second has a torn photograph."""
    shards = tmp_path / "shards"
    shards.mkdir()
    coffee = (album / "coffee.png").read_bytes()
    tall = (album / "summer" / "tall.JPEG").read_bytes()
    pack(
        shards / "train-0.tar",
        {"a/1.png": coffee, "a/1.json": b"{}", "a/._1.png": b"", "2.jpg": tall},
    )
    pack(shards / "train-1.tar", {"1.png": coffee, "2.png": coffee[:999]})
    return shards


def names(items: list[Item]) -> list[str]:
    return [item.name for item in items]


def test_the_bundled_photographs_are_a_source():
    items = find_items("bundled")
    assert names(items) == list(BUNDLED)
    assert np.array_equal(items[1].read(), bundled("chelsea"))


def test_a_folder_is_searched_through_and_through(album):
    """Names have forward slashes and are sorted, whatever the disk says."""
    assert names(find_items(album)) == [
        "coffee.png",
        "summer/gray.png",
        "summer/tall.JPEG",
        "torn.png",
    ]
    assert find_items(str(album)) == find_items(album) == folder(album)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_photograph_becomes_rgb_bytes(tmp_path, small, mode):
    image = small.convert(mode)
    image.save(tmp_path / "one.png")
    pixels = Item("one", tmp_path / "one.png").read()
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, image.convert("RGB"))


def test_16_bits_become_8(tmp_path, small):
    gray = np.asarray(small.convert("L"))
    Image.fromarray(gray.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    pixels = Item("deep", tmp_path / "deep.png").read()
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, np.dstack([gray] * 3))


def test_a_shard_lists_its_photographs(shards, album):
    first, second = find_items(shards / "train-0.tar")
    assert names([first, second]) == ["train-0/a/1.png", "train-0/2.jpg"]
    coffee, _, tall, _ = folder(album)
    assert np.array_equal(first.read(), coffee.read())
    assert np.array_equal(second.read(), tall.read())


def test_a_folder_and_a_pattern_of_shards(shards):
    items = find_items(shards)
    assert len(items) == 4
    assert find_items(str(shards / "train-*.tar")) == items
    assert len(find_items(f"{shards}/*-1.tar")) == 2


def test_a_stray_archive_does_not_hide_loose_photographs(album, shards, caplog):
    """One .tar among thousands of photographs made the source that .tar."""
    before = names(find_items(album))
    (shards / "train-0.tar").rename(album / "backup.tar")
    assert names(find_items(album)) == before
    assert "set aside 1 of archives" in caplog.text
    assert "backup.tar; a pattern of shards" in caplog.text
    assert len(find_items(f"{album}/*.tar")) == 2


@pytest.mark.parametrize("name", ["raw.dng", "image.psd", "box.zip"])
def test_what_is_not_read_is_named(album, caplog, name):
    (album / name).write_bytes(b"...")
    assert len(find_items(album)) == 4
    assert f"{album / name}" in caplog.text


def test_what_is_not_read_in_a_shard_is_named(tmp_path, album, caplog):
    coffee = (album / "coffee.png").read_bytes()
    members = {"1.png": coffee, "2.dng": b"...", "1.json": b"{}"}
    path = pack(tmp_path / "mixed.tar", members)
    assert names(find_items(path)) == ["mixed/1.png"]
    assert "2.dng" in caplog.text
    assert "1.json" not in caplog.text


def test_our_own_copies_are_no_true_colors(album, caplog):
    """Trained or scored on them, a model would be its own teacher."""
    photo = photos.read(album / "coffee.png")
    made_by = photos.MadeBy("compact", "ab" * 32, "colorlib 0.1.0")
    for suffix in (".jpg", ".png", ".tif", ".webp"):
        copy = album / "colorized" / f"coffee{suffix}"
        photos.write(replace(photo, made_by=made_by), copy)
    assert len(find_items(album)) == 4
    assert "set aside 4 of copies that colorlib colored" in caplog.text
    with pytest.raises(FileNotFoundError, match="no photographs"):
        find_items(album / "colorized")


@pytest.mark.parametrize("source", ["pipe.jpg", "pipe.tar", "p*.tar", "."])
def test_a_pipe_is_no_source(tmp_path, monkeypatch, source):
    """Opening one waits until somebody writes into it."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.jpg")
    os.mkfifo("pipe.tar")
    with pytest.raises((ValueError, FileNotFoundError), match="no photog|pipe"):
        find_items(source)


def test_a_torn_photograph_in_a_shard_is_named(shards):
    torn = find_items(shards)[-1]
    with pytest.raises(PhotoError, match=r"train-1\.tar/2\.png: is damaged"):
        torn.read()


def test_a_shard_that_can_t_be_read_is_an_error_of_its_photograph(shards):
    """One of a thousand shards must not end the caching of all."""
    lost = find_items(shards)[-1]
    lost.path.unlink()
    with pytest.raises(
        PhotoError, match=r"train-1\.tar/2\.png: does not exist"
    ):
        lost.read()


def test_a_shard_keeps_to_the_limit_of_megapixels(shards):
    photograph = find_items(shards)[0]
    assert photograph.read().size
    with pytest.raises(PhotoError, match="above the limit of 0.001"):
        photograph.read(max_megapixels=0.001)


def test_a_compressed_shard_is_an_error_that_says_what_to_do(tmp_path):
    """Members of a compressed archive can't be found by their place."""
    path = pack(tmp_path / "photos.tar", {"1.png": b"..."}, "w:gz")
    with pytest.raises(ValueError, match=r"photos\.tar .*without compression"):
        find_items(path)


@pytest.mark.parametrize("source", ["nowhere", "no-*.tar", "."])
def test_nothing_there_is_an_error(tmp_path, monkeypatch, source):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no photographs|No such file"):
        find_items(source)


def test_a_folder_may_be_called_like_a_download(tmp_path, album, monkeypatch):
    """`coco` is the download; a `Path` or `./coco` is the folder here."""
    album.rename(tmp_path / "coco")
    monkeypatch.chdir(tmp_path)
    assert len(find_items(Path("coco"))) == len(find_items("./coco")) == 4


def test_two_photographs_of_one_name_are_an_error(album, tmp_path):
    """Splits and lists go by names: two of one name would be one."""
    items = folder(album)
    assert unique_names(items) == items
    other = Item("coffee.png", tmp_path / "other" / "coffee.png")
    with pytest.raises(ValueError, match=r"called coffee\.png: .*album.*other"):
        unique_names([*items, other])


@pytest.fixture
def host(tmp_path, monkeypatch):
    """An archive host on this machine, and a home for fastai's downloads."""
    served = tmp_path / "served"
    served.mkdir()
    handler = partial(Quiet, directory=str(served))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("FASTAI_HOME", str(tmp_path / "home"))
    yield served, f"http://127.0.0.1:{server.server_port}", server.shutdown
    server.shutdown()
    thread.join()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


# fastcore leaves its settings file to the garbage collector, and fastdownload
# unpacks as Python did before 3.14.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*config.ini",
    "ignore:Python 3.14 will, by default, filter:DeprecationWarning",
)
@pytest.mark.parametrize(
    ("source", "url", "archive", "used", "unused"),
    [
        (
            "coco",
            "COCO_SAMPLE",
            "coco_sample",
            "train_sample/000000000009.jpg",
            "annotations/sample.png",
        ),
        (
            "imagenette",
            "IMAGENETTE_320",
            "imagenette2-320",
            "train/n01440764/n01440764_10026.JPEG",
            "val/n01440764/n01440764_9931.JPEG",
        ),
    ],
)
def test_downloads(
    source, url, archive, used, unused, host, album, monkeypatch
):
    """Through fastai's own loading code: fetched once, then offline."""
    served, address, shut_down = host
    data = (album / "summer" / "tall.JPEG").read_bytes()
    members = {f"{archive}/{used}": data, f"{archive}/{unused}": data}
    pack(served / f"{archive}.tgz", members, "w:gz")
    external = pytest.importorskip("fastai.data.external")
    monkeypatch.setattr(external.URLs, url, f"{address}/{archive}.tgz")

    items = find_items(source)
    assert names(items) == [used.partition("/")[2]]
    true = Item("tall", album / "summer" / "tall.JPEG").read()
    assert np.array_equal(items[0].read(), true)

    shut_down()
    assert find_items(source) == items


def test_without_fastai_a_download_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fastai.data.external", None)
    with pytest.raises(ModuleNotFoundError, match=r"'coco'.*pip install"):
        find_items("coco")
