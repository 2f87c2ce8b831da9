"""Writing: what was there is kept, whole or not at all, and never over."""

import errno
import io
import os
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import ExifTags, Image, ImageCms
from skimage import data

from colorlib import photos
from colorlib.photos import MadeBy, PhotoError
from colorlib.photos.formats import encoding, ifd, jpeg_segments
from colorlib.photos.formats import exif as exif_module
from colorlib.photos.provenance import SOURCE_TYPE, from_xmp, to_xmp

COLOR = np.ascontiguousarray(data.astronaut()[40:72, 200:248])
DEEP = COLOR.astype(np.uint16) * 256 + 255 - COLOR
OPACITY = np.linspace(0, 255, 32 * 48).astype(np.uint8).reshape(32, 48)
MADE_BY = MadeBy('compact <2> & "co"', "0123456789abcdef" * 4, "colorlib 0.1.0")
FORMATS = ["x.jpg", "x.png", "x.tif", "x.webp"]
PHOTO = photos.from_array(COLOR, dpi=(300.0, 240.0), made_by=MADE_BY)


# What is in the file


@pytest.mark.parametrize("name", ["x.png", "x.tif", "x.webp"])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("kind", ["gray", "color"])
@pytest.mark.parametrize("opacity", [False, True])
def test_lossless_formats_keep_every_level(tmp_path, name, bits, kind, opacity):
    """By our reader, and by one that is not ours."""
    if name == "x.webp" and bits == 16:
        return  # refused, see below
    levels = DEEP if bits == 16 else COLOR
    levels = levels[..., 0] if kind == "gray" else levels
    alpha = OPACITY.astype(levels.dtype) * (251 if bits == 16 else 1)
    photo = photos.from_array(levels, alpha=alpha if opacity else None)
    path = photos.write(photo, tmp_path / name, quality=100)

    back = photos.read(path)
    pixels = back.pixels
    if kind == "gray" and name == "x.webp":  # it knows color only
        assert (pixels == pixels[..., :1]).all()
        pixels = pixels[..., 0]
    assert back.bits == bits
    assert np.array_equal(pixels, levels)
    if opacity:
        assert np.array_equal(back.alpha, alpha)

    if name == "x.tif":
        other = tifffile.imread(path)
    elif bits == 16:
        other = imagecodecs.png_decode(path.read_bytes())
    else:
        other = np.asarray(Image.open(io.BytesIO(path.read_bytes())))
    other = other.reshape(*levels.shape[:2], -1)
    assert np.array_equal(other[..., 0], levels.reshape(32, 48, -1)[..., 0])
    assert other.shape[2] in (levels[0, 0].size + opacity, 3 + opacity)


@pytest.mark.parametrize("kind", ["plain", "opacity", "EXIF", "animated"])
def test_a_lossless_webp_stays_lossless(tmp_path, kind):
    """Also where the picture is not the first chunk of the file."""
    image = Image.fromarray(COLOR)
    options = {"lossless": True}
    if kind == "opacity":
        image.putalpha(Image.fromarray(OPACITY))
    elif kind == "EXIF":
        options["exif"] = camera_exif()
    elif kind == "animated":
        options |= {"save_all": True, "append_images": [image.rotate(180)]}
    image.save(tmp_path / "a.webp", exact=True, **options)
    photo = photos.read(tmp_path / "a.webp")
    assert photo.lossless
    back = photos.read(photos.write(photo, tmp_path / "b.webp"))
    assert np.array_equal(back.pixels, photo.pixels)
    assert back.lossless

    image.save(tmp_path / "c.webp", **options | {"lossless": False})
    photo = photos.read(tmp_path / "c.webp")
    assert not photo.lossless
    assert not photos.read(photos.write(photo, tmp_path / "d.webp")).lossless


@pytest.mark.parametrize("kind", ["gray", "color"])
def test_jpeg_keeps_a_color_for_every_pixel(tmp_path, kind):
    """4:4:4, at quality 95; gray stays gray."""
    levels = COLOR[..., 0] if kind == "gray" else COLOR
    path = photos.write(photos.from_array(levels), tmp_path / "x.jpg")
    back = photos.read(path)
    assert back.pixels.shape == levels.shape
    assert np.abs(back.pixels.astype(int) - levels).mean() < 3
    with Image.open(path) as image:
        sampling = {layer[1:3] for layer in image.layer}
        assert sampling == {(1, 1)}
        coarsest = max(image.quantization[0])
    photos.write(photos.from_array(levels), path, overwrite=True, quality=50)
    with Image.open(path) as image:
        assert max(image.quantization[0]) > 5 * coarsest


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["gray", "color"])
def test_every_file_says_that_it_is_srgb(tmp_path, name, kind):
    """With the tone curve of sRGB for gray too, which has no primaries."""
    levels = COLOR[..., 0] if kind == "gray" else COLOR
    path = photos.write(photos.from_array(levels), tmp_path / name)
    with Image.open(path) as image:
        stored = image.info["icc_profile"]
        mode = image.mode
    profile = ImageCms.ImageCmsProfile(io.BytesIO(stored))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    space = {"L": "GRAY", "RGB": "RGB"}[mode]
    assert profile.profile.xcolor_space.strip() == space
    levels = np.arange(256, dtype=np.uint8)[None]
    shown = ImageCms.profileToProfile(
        Image.fromarray(levels).convert(mode),
        profile,
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    off = np.asarray(shown).astype(int) - levels[..., None]
    assert np.abs(off).max() <= 1


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_photo_gives_the_same_bytes(tmp_path, name):
    """Else a second run over an archive would change every file in it."""
    first = photos.write(PHOTO, tmp_path / name).read_bytes()
    encoding.srgb_profile.cache_clear()
    again = photos.write(PHOTO, tmp_path / name, overwrite=True).read_bytes()
    assert first == again
    # Little CMS dates its profiles with the present second.
    dated = struct.unpack(">6H", encoding.srgb_profile(3)[24:36])
    assert dated == (2025, 1, 1, 0, 0, 0)


@pytest.mark.parametrize("name", FORMATS)
def test_the_mark_of_the_algorithm_travels(tmp_path, name):
    """Through all formats, through a rewrite, and in words that others read."""
    path = photos.write(PHOTO, tmp_path / name)
    photo = photos.read(path)
    assert photo.made_by == MADE_BY
    again = photos.write(photo, tmp_path / "again" / name)
    assert photos.read(again).made_by == MADE_BY
    with Image.open(path) as image:
        packet = image.info["xmp"].decode()
    assert "compositeWithTrainedAlgorithmicMedia" in packet
    assert f"sha256:{MADE_BY.sha256}" in packet
    plain = photos.write(
        replace(photo, made_by=None), tmp_path / f"plain{name}"
    )
    assert photos.read(plain).made_by is None


@given(*[st.text(st.characters(categories=["L", "N", "P", "S"]))] * 2)
def test_any_name_survives_xml(model, software):
    """Quotes, angle brackets and Hangul."""
    made_by = MadeBy(model, "0" * 64, software)
    assert from_xmp(to_xmp(made_by)) == made_by


def test_marks_of_others_are_not_ours():
    """A picture that another program made has no model and no hash."""
    packet = to_xmp(MADE_BY).decode()
    assert from_xmp(None) is None
    assert from_xmp(b"<no xml") is None
    assert from_xmp(packet.replace("sha256:", "v").encode()) is None
    other = packet.replace(SOURCE_TYPE, SOURCE_TYPE[:-5])
    assert from_xmp(other.encode()) is None
    as_attributes = """
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
        xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
        Iptc4xmpExt:DigitalSourceType="{}" Iptc4xmpExt:AISystemUsed="m"
        Iptc4xmpExt:AISystemVersionUsed="sha256:ab" xmp:CreatorTool="c"/>
        </rdf:RDF></x:xmpmeta>"""
    found = from_xmp(as_attributes.format(SOURCE_TYPE).encode())
    assert found == MadeBy("m", "ab", "c")  # XMP allows both ways


# Metadata that was there


def camera_exif() -> bytes:
    """EXIF as a camera writes it, and a caption that is no ASCII."""
    block = Image.Exif()
    block[ExifTags.Base.Make] = "Mamiya"
    block[ExifTags.Base.Orientation] = 6
    block[ExifTags.Base.ImageDescription] = "SEOUL"
    camera = block.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.ExposureTime] = 0.01
    camera[ExifTags.Base.ColorSpace] = 65535  # Adobe RGB: none of the known,
    camera[ExifTags.IFD.Interop] = {1: "R03"}  # and further down its name
    camera[ExifTags.Base.ExifImageWidth] = 48
    camera[ExifTags.Base.ExifImageHeight] = 32
    camera[ExifTags.Base.MakerNote] = b"\1\2\3 a secret of Mamiya"
    block.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return block.tobytes()


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_exif_travels_between_all_formats(tmp_path, source, target):
    """Turned upright, in sRGB, and otherwise as the camera wrote it."""
    image = Image.fromarray(COLOR)
    image.save(tmp_path / f"in{source}", exif=camera_exif(), dpi=(300, 240))
    photo = photos.read(tmp_path / f"in{source}")
    if source == "x.webp":  # Pillow drops the resolution there
        photo = replace(photo, dpi=(240.0, 300.0))
    path = photos.write(photo, tmp_path / target)

    assert photos.read(path).dpi == (240.0, 300.0)  # turned with the picture
    with Image.open(path) as written:
        exif = written.getexif()
        camera = exif.get_ifd(ExifTags.IFD.Exif)
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        assert written.size == (32, 48)
    assert exif[ExifTags.Base.Orientation] == 1
    assert exif[ExifTags.Base.Make] == "Mamiya"
    assert exif[ExifTags.Base.XResolution] == 240
    assert camera[ExifTags.Base.ExposureTime] == 0.01
    assert camera[ExifTags.Base.MakerNote] == b"\1\2\3 a secret of Mamiya"
    assert camera[ExifTags.Base.ColorSpace] == 1
    assert ExifTags.IFD.Interop not in camera
    assert camera[ExifTags.Base.ExifImageWidth] == 32
    assert camera[ExifTags.Base.ExifImageHeight] == 48
    assert place[ExifTags.GPS.GPSLatitudeRef] == "N"


@pytest.mark.parametrize("name", FORMATS)
def test_resolution_travels_without_exif(tmp_path, name):
    """WebP has no other place for it, and gets one."""
    path = photos.write(PHOTO, tmp_path / name)
    assert photos.read(path).dpi == (300.0, 240.0)


def test_a_tiff_has_one_byte_order(tmp_path):
    """That of the EXIF in it, for the pixels too."""
    photo = photos.from_array(DEEP, exif=camera_exif())
    path = photos.write(photo, tmp_path / "x.tif")
    assert path.read_bytes().startswith(b"MM")
    assert np.array_equal(tifffile.imread(path), DEEP)
    assert np.array_equal(photos.read(path).pixels, DEEP)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("order", ["little", "big"])
def test_a_caption_in_korean_is_kept_byte_for_byte(tmp_path, name, order):
    """Pillow alone would write each of its letters back as "?"."""
    caption = "서울, 1953년 봄".encode()
    number = (270).to_bytes(2, order), (2).to_bytes(2, order)
    count, place = (
        (len(caption) + 1).to_bytes(4, order),
        (26).to_bytes(4, order),
    )
    block = b"II" if order == "little" else b"MM"
    block += (42).to_bytes(2, order) + (8).to_bytes(4, order)
    block += (1).to_bytes(2, order) + b"".join(number) + count + place
    block += bytes(4) + caption + b"\0"
    photo = replace(PHOTO, exif=b"Exif\0\0" + block)
    path = photos.write(photo, tmp_path / name)
    assert caption in path.read_bytes()
    again = photos.write(photos.read(path), tmp_path / f"again{name}")
    assert caption in again.read_bytes()


def test_the_thumbnail_is_dropped(tmp_path):
    """A gray one would stay beside the colored picture."""
    thumbnail = io.BytesIO()
    Image.fromarray(COLOR[::4, ::4, 0]).save(thumbnail, "JPEG")
    thumbnail = thumbnail.getvalue()
    order = "little"
    first = (
        b"II*\0\x08\0\0\0" + (0).to_bytes(2, order) + (14).to_bytes(4, order)
    )
    fields = b"".join(
        tag.to_bytes(2, order) + b"\4\0\1\0\0\0" + value.to_bytes(4, order)
        for tag, value in ((0x201, 44), (0x202, len(thumbnail)))
    )
    block = first + (2).to_bytes(2, order) + fields + bytes(4) + thumbnail
    file = io.BytesIO()
    Image.fromarray(COLOR).save(file, "JPEG", exif=b"Exif\0\0" + block)
    (tmp_path / "in.jpg").write_bytes(file.getvalue())
    assert thumbnail in (tmp_path / "in.jpg").read_bytes()
    path = photos.write(photos.read(tmp_path / "in.jpg"), tmp_path / "x.jpg")
    assert thumbnail not in path.read_bytes()


# What is refused


@pytest.mark.parametrize(
    ("photo", "name", "says"),
    [
        (photos.from_array(DEEP), "x.jpg", "holds 8 bits .* photo has 16"),
        (photos.from_array(DEEP), "x.webp", "holds 8 bits .* photo has 16"),
        (
            photos.from_array(np.dstack([COLOR, OPACITY])),
            "x.jpg",
            "no transparency",
        ),
        (
            photos.from_array(np.zeros((1, 16384), np.uint8)),
            "x.webp",
            "at most 16383",
        ),
        (
            photos.from_array(np.zeros((65501, 1), np.uint8)),
            "x.jpg",
            "at most 65500",
        ),
        (
            replace(PHOTO, exif=camera_exif().replace(b"N\0", b"N\0")),
            "x.bmp",
            "in the format .bmp; use a name",
        ),
        (PHOTO, "x", r"in the format \(none\)"),
    ],
    ids=["16 bit", "16 bit", "alpha", "wide", "high", "suffix", "no suffix"],
)
def test_what_a_format_cannot_hold_is_refused(tmp_path, photo, name, says):
    """Rather than dropped; and nothing is left behind."""
    with pytest.raises(PhotoError, match=f"{name}: .*{says}"):
        photos.write(photo, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "side"), [("x.jpg", 65500), ("x.webp", 16383)]
)
def test_the_longest_side_that_a_format_holds(tmp_path, name, side):
    """JPEG could hold 35 more, and libjpeg writes none such."""
    photo = photos.from_array(np.zeros((1, side), np.uint8))
    path = photos.write(photo, tmp_path / name)
    assert photos.read(path).width == side


def test_exif_longer_than_a_segment_of_jpeg(tmp_path):
    """It goes on in the next; a reader of the first finds all but the note."""
    exif = exif_module.parse(camera_exif())
    note = ifd.Field(7, 150_000, bytes(range(250)) * 600)
    exif.directories[exif_module.CAMERA][ExifTags.Base.MakerNote] = note
    photo = replace(PHOTO, exif=exif.tobytes())
    path = photos.write(photo, tmp_path / "x.jpg")
    written = exif_module.parse(photos.read(path).exif)
    camera = written.directories[exif_module.CAMERA]
    assert camera[ExifTags.Base.MakerNote] == note
    with Image.open(path) as image:  # joins them too
        fields = image.getexif().get_ifd(ExifTags.IFD.Exif)
    assert fields[ExifTags.Base.MakerNote] == note.data

    first, second, third = (
        contents
        for marker, contents in jpeg_segments.walk_segments(
            io.BytesIO(path.read_bytes())
        )
        if marker == 0xE1 and contents.startswith(b"Exif")
    )
    alone = exif_module.parse(first)
    assert alone.damaged
    for name, fields in written.directories.items():
        kept = alone.directories[name].keys()
        assert fields.keys() - kept <= {ExifTags.Base.MakerNote}
    assert len(third) < len(second) == len(first)


@pytest.mark.parametrize("quality", [0, 101])
def test_a_quality_that_is_none(tmp_path, quality):
    """101 would be taken for 100, and 0 for nobody knows what."""
    with pytest.raises(PhotoError, match="quality must be 1 to 100"):
        photos.write(PHOTO, tmp_path / "x.jpg", quality=quality)


# Whole or not at all


def test_nothing_is_overwritten_unless_told(tmp_path):
    """Not a file, not a link that leads nowhere, not a folder."""
    path = tmp_path / "x.png"
    path.write_bytes(b"an original")
    with pytest.raises(PhotoError, match="exists already and was left alone"):
        photos.write(PHOTO, path)
    assert path.read_bytes() == b"an original"
    (tmp_path / "link.png").symlink_to(tmp_path / "nowhere.png")
    with pytest.raises(PhotoError, match="exists already"):
        photos.write(PHOTO, tmp_path / "link.png")
    assert photos.write(PHOTO, path, overwrite=True) == path
    assert photos.read(path).made_by == MADE_BY
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(PhotoError, match="can't be written"):
        photos.write(PHOTO, tmp_path / "folder.png", overwrite=True)
    names = {entry.name for entry in tmp_path.iterdir()}
    assert names == {"x.png", "link.png", "folder.png"}


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_appears_meanwhile_is_left_alone(
    tmp_path, monkeypatch, links
):
    """Two programs may write to one folder, even one without hard links."""
    path = tmp_path / "x.png"
    encode = encoding.encode

    def slow(*args):
        path.write_bytes(b"another's")
        return encode(*args)

    monkeypatch.setattr("colorlib.photos.writing.encode", slow)
    if not links:
        _forbid_links(monkeypatch)
    with pytest.raises(PhotoError, match="exists already"):
        photos.write(PHOTO, path)
    assert path.read_bytes() == b"another's"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_without_hard_links(tmp_path, monkeypatch):
    """FAT, on a memory card, has none."""
    _forbid_links(monkeypatch)
    path = photos.write(PHOTO, tmp_path / "x.png")
    assert photos.read(path).made_by == MADE_BY
    assert list(tmp_path.iterdir()) == [path]


def _forbid_links(monkeypatch):
    def link(*args):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


def test_folders_are_made_and_modes_are_the_usual(tmp_path):
    """Others who share the folder can read what was written."""
    mask = os.umask(0o022)
    try:
        path = photos.write(PHOTO, tmp_path / "a" / "b" / "x.png")
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o644
    with pytest.raises(PhotoError, match="y.png: can't be written .*folder"):
        photos.write(PHOTO, path / "y.png")


class FailingFile(io.BytesIO):
    """A file on a disk that takes a hundred bytes."""

    def __init__(self, file, error: BaseException):
        super().__init__()
        self.file, self.error = file, error

    def write(self, content):
        self.file.write(content[:100])
        self.file.flush()
        raise self.error

    def writelines(self, parts):
        for part in parts:
            self.write(part)

    def __exit__(self, *args):
        self.file.close()


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("step", ["write", "fsync", "move"])
@pytest.mark.parametrize("failure", ["full disk", "Ctrl-C"])
def test_a_failure_leaves_the_folder_as_it_was(
    tmp_path, monkeypatch, failure, step, overwrite
):
    """At each step: nothing half, nothing hidden, the old file untouched."""
    error = KeyboardInterrupt()
    if failure == "full disk":
        error = OSError(errno.ENOSPC, "No space left on device")

    def fail(*args):
        raise error

    path = tmp_path / "x.tif"
    before = {}
    if overwrite:
        path.write_bytes(b"an original")
        before = {path: b"an original"}
    if step == "write":
        opened = Path.open
        monkeypatch.setattr(
            Path, "open", lambda *args: FailingFile(opened(*args), error)
        )
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(os, "replace", fail)
        monkeypatch.setattr(os, "link", fail)
    expected = PhotoError if failure == "full disk" else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        photos.write(PHOTO, path, overwrite=overwrite)
    monkeypatch.undo()
    if failure == "full disk":
        assert "the disk is full" in str(caught.value)
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


WRITER = """
import io, sys, numpy as np
from colorlib import photos
from colorlib.photos import writing
photo = photos.from_array(np.zeros((600, 900, 3), np.uint8))
photo.pixels[:] = np.random.default_rng(0).integers(0, 256, photo.pixels.shape)
writing.encode(photo, "TIFF", 95, whole := io.BytesIO())
# So that most moments are the disk's.
writing.encode = lambda *args: args[-1].write(whole.getvalue())
for i in range(100_000):
    photos.write(photo, f"{sys.argv[1]}/{i % 5}.tif", overwrite=i > 5)
    print(i, flush=True)
"""


def test_kill_leaves_no_half_file(tmp_path):
    """At random moments of writing; only hidden files may be half."""
    rng = np.random.default_rng(0)
    for attempt in range(6):
        folder = tmp_path / str(attempt)
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE
        ) as process:
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.1))
            process.kill()
        written = photos.find(folder)  # which leaves out hidden files
        assert written
        for path in written:
            assert photos.read(path).pixels.shape == (600, 900, 3)


# Round trips


@settings(max_examples=50)
@given(
    levels=st.sampled_from([np.uint8, np.uint16]).flatmap(
        lambda kind: arrays.arrays(
            kind,
            st.tuples(
                st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3])
            ),
        )
    ),
    format=st.sampled_from(["PNG", "TIFF"]),
)
def test_any_picture_comes_back(levels, format):
    """Down to one pixel, at both depths."""
    photo = photos.from_array(levels)
    encoding.encode(photo, format, 95, file := io.BytesIO())
    back = photos.from_bytes(file.getvalue(), "x")
    assert np.array_equal(back.pixels, photo.pixels)
    assert back.pixels.dtype == photo.pixels.dtype
