"""What people wrote about a photograph is in its copy too, in every format.

Read back with Pillow and tifffile, by `archive.captions`, which had no part
in writing it.
"""

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageSequence
from PIL.PngImagePlugin import PngInfo

from colorlib import photos
from colorlib.archive.captions import texts
from colorlib.photos import Captions, MadeBy
from colorlib.photos.formats import jpeg_segments, png_chunks
from colorlib.photos.formats.iptc import from_photoshop, to_photoshop
from colorlib.photos.xmp import Packet

PIXELS = np.arange(64, dtype=np.uint8).reshape(8, 8)
MADE_BY = MadeBy("compact", "ab" * 32, "colorlib 1.2.3")
TARGETS = ["x.jpg", "x.png", "x.tif", "x.webp"]
CAPTION = "Großmutter, 서울 1912"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}>
<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/" tiff:Orientation="6">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Harbor</rdf:li>
<rdf:li xml:lang="ko">항구</rdf:li></rdf:Alt></dc:title>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Museum</rdf:li></rdf:Alt>
</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def data_set(number, text, record=2):
    data = text.encode() if isinstance(text, str) else text
    return struct.pack(">BBBH", 0x1C, record, number, len(data)) + data


IPTC = data_set(90, b"\x1b%G", record=1) + data_set(0, b"\0\2")
IPTC += data_set(120, CAPTION) + data_set(90, "Busan") + data_set(25, "pier")


def jpeg(**parts):
    file = io.BytesIO()
    Image.fromarray(PIXELS).save(file, "JPEG")
    segments = jpeg_segments.pack_segments(**parts)
    joined = jpeg_segments.insert_segments(file.getvalue(), segments)
    return b"".join(joined)


def tiff(*extratags):
    file = io.BytesIO()
    options = {"extratags": list(extratags), "metadata": None}
    tifffile.imwrite(file, PIXELS, byteorder=">", **options)
    return file.getvalue()


def png(*chunks):
    """With the chunks behind the pixels, where Pillow looks last."""
    file = io.BytesIO()
    Image.fromarray(PIXELS).save(file, "PNG")
    whole = file.getvalue()
    return whole[:-12] + b"".join(chunks) + whole[-12:]


def swapped(data):
    data += bytes(-len(data) % 4)
    return [int.from_bytes(data[i : i + 4], "little") for i in range(0, 60, 4)]


def copy(data, target, tmp_path):
    photo = photos.from_bytes(data, "in")
    photo = photos.Photo(
        photo.pixels, exif=photo.exif, captions=photo.captions, made_by=MADE_BY
    )
    path = photos.write(photo, tmp_path / target)
    assert photos.read(path).made_by == MADE_BY
    return path


SOURCES = {
    "IPTC in JPEG": (
        jpeg(photoshop=to_photoshop(IPTC)),
        [CAPTION, "Busan", "pier"],
    ),
    "IPTC in TIFF": (
        tiff((33723, "B", len(IPTC), IPTC, True)),
        [CAPTION, "Busan", "pier"],
    ),
    "IPTC in TIFF, swapped": (
        tiff((33723, "I", 15, swapped(IPTC[:60].ljust(60, b"\0")), True)),
        [CAPTION, "Busan"],
    ),
    "Photoshop in TIFF": (
        tiff((34377, "B", len(to_photoshop(IPTC)), to_photoshop(IPTC), True)),
        [CAPTION, "Busan", "pier"],
    ),
    "IPTC in PNG": (
        png(
            png_chunks.pack_text(
                "Raw profile type iptc",
                f"\niptc\n{len(IPTC)}\n{to_photoshop(IPTC).hex()}\n",
            )
        ),
        [CAPTION, "Busan", "pier"],
    ),
    "XMP in JPEG": (jpeg(xmp=XMP), ["Harbor", "항구", "Museum"]),
    "XMP in TIFF": (
        tiff((700, "B", len(XMP), XMP, True)),
        ["Harbor", "항구", "Museum"],
    ),
    "XMP in PNG": (png(png_chunks.pack_xmp(XMP)), ["Harbor", "항구"]),
    "comments": (
        jpeg(comments=("ö".encode("latin-1"), CAPTION.encode() + b"\0")),
        [CAPTION],
    ),
    "PNG's texts": (
        png(
            png_chunks.pack_text("Title", "Harbor"),
            png_chunks.pack_text("Description", CAPTION),
            png_chunks.pack_text("Shelf", "box 7"),
            png_chunks.pack_chunk(
                b"zTXt", b"Author\0\0" + zlib.compress("Müller".encode("L1"))
            ),
            png_chunks.pack_chunk(
                b"iTXt",
                b"Comment\0\1\0ko\0\0" + zlib.compress("할머니".encode()),
            ),
        ),
        ["Harbor", CAPTION, "box 7", "Müller", "할머니"],
    ),
    "TIFF's names": (
        tiff(
            (269, "s", 0, "album", True),
            (270, "s", 0, "Box 7", True),
            (285, "s", 0, "verso", True),
            (315, "s", 0, "Kim", True),
        ),
        ["album", "Box 7", "verso", "Kim"],
    ),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("source", SOURCES)
def test_captions_are_in_every_copy(tmp_path, source, target):
    """In the format's own place, or in XMP; and in a copy of the copy."""
    data, expected = SOURCES[source]
    path = copy(data, target, tmp_path)
    again = copy(path.read_bytes(), "again" + target, tmp_path)
    for written in (path, again):
        found = "\n".join(texts(written))
        assert [text for text in expected if text not in found] == []


@pytest.mark.parametrize("target", TARGETS)
def test_the_owners_packet_keeps_its_languages_and_not_its_turn(
    tmp_path, target
):
    """An orientation in XMP would turn an upright picture once more."""
    path = copy(jpeg(xmp=XMP), target, tmp_path)
    with Image.open(path) as image:
        packet = image.info["xmp"].decode()
    assert 'xml:lang="ko">항구<' in packet
    assert "Orientation" not in packet
    plain = photos.read(path).captions.xmp
    assert b"TrainedAlgorithmicMedia" not in plain
    assert Packet(plain).get("http://ns.adobe.com/tiff/1.0/", "x") is None


def test_what_needs_no_change_stays_byte_for_byte(tmp_path):
    packet = XMP.replace(b'tiff:Orientation="6"', b"")
    photo = photos.from_bytes(
        jpeg(xmp=packet, photoshop=to_photoshop(IPTC)), "a.jpg"
    )
    assert photo.captions == Captions(packet, IPTC)
    path = photos.write(photo, tmp_path / "b.jpg")
    assert photos.read(path).captions == Captions(packet, IPTC)


@pytest.mark.parametrize("marked", [True, False])
def test_xmp_and_iptc_longer_than_a_segment(tmp_path, marked):
    """JPEG splits both; the mark is in the first part of XMP."""
    story = "".join(f"{i} boats; " for i in range(15_000))
    packet = Packet(XMP)
    packet.add("dc:description", story)
    long = data_set(120, "a" * 30_000) * 5
    photo = photos.from_array(
        PIXELS,
        captions=Captions(packet.tobytes(), long),
        made_by=MADE_BY if marked else None,
    )
    path = photos.write(photo, tmp_path / "a.jpg")
    with Image.open(path) as image:
        first = image.info["xmp"]
    assert (b"compositeWithTrained" in first) is marked
    back = photos.read(path)
    assert back.made_by == photo.made_by
    assert back.captions.iptc == long
    assert story.strip() in back.captions.xmp.decode()
    assert back.captions.xmp.count(b"Harbor") == 1
    assert back.notes == ()

    start = path.read_bytes().index(b"http://ns.adobe.com/xmp/extension/")
    cut = path.read_bytes()[:start] + b"x" + path.read_bytes()[start + 1 :]
    assert photos.from_bytes(cut, "cut.jpg").notes == (
        "its XMP is incomplete; what could be read of it was kept",
    )


def test_captions_come_from_the_page_that_is_read(tmp_path):
    """Not from the preview before it."""
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        for caption, kind in (("preview", 1), ("photograph", 0)):
            block = data_set(120, f"the {caption}")
            field = (33723, "B", len(block), block, True)
            options = {"subfiletype": kind, "description": f"a {caption}"}
            file.write(PIXELS, extratags=[field], metadata=None, **options)
    assert texts(tmp_path / "a.tif") == ["a photograph", "the photograph"]
    path = copy((tmp_path / "a.tif").read_bytes(), "b.tif", tmp_path)
    assert set(texts(path)) >= {"a photograph", "the photograph"}
    assert "preview" not in "".join(texts(path))


def test_a_jpeg_2000_and_a_gif_have_captions_too(tmp_path):
    file = io.BytesIO()
    image = Image.fromarray(PIXELS)
    image.save(file, "GIF", comment=CAPTION.encode())
    assert photos.from_bytes(file.getvalue(), "a.gif").captions.texts == (
        ("Comment", CAPTION),
    )
    file = io.BytesIO()
    image.save(file, "JPEG2000")
    exif = Image.Exif()
    exif[0x010F] = "Mamiya"
    boxes = b"".join(
        struct.pack(">I", 24 + len(body)) + b"uuid" + kind + body
        for kind, body in [
            (bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), XMP),
            (bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38"), IPTC),
            (b"JpgTiffExif->JP2", exif.tobytes()[6:]),
        ]
    )
    whole = file.getvalue()
    at = whole.index(b"jp2c") - 4
    data = whole[:at] + boxes + whole[at:]
    found = "\n".join(texts(copy(data, "a.png", tmp_path)))
    assert "Harbor" in found
    assert CAPTION in found
    assert b"Mamiya" in photos.from_bytes(data, "a.jp2").exif


def test_a_pillow_image_has_captions(tmp_path):
    """As far as Pillow reads them."""
    data = jpeg(xmp=XMP, photoshop=to_photoshop(IPTC), comments=(b"hello",))
    with Image.open(io.BytesIO(data)) as image:
        photo = photos.from_image(image)
    assert b"Harbor" in photo.captions.xmp
    assert photo.captions.iptc == IPTC
    assert photo.captions.texts == (("Comment", "hello"),)
    info = PngInfo()
    info.add_text("Title", "Harbor")
    Image.fromarray(PIXELS).save(tmp_path / "a.png", pnginfo=info)
    with Image.open(tmp_path / "a.png") as image:
        photo = photos.from_image(next(ImageSequence.Iterator(image)))
    assert photo.captions.texts == (("Title", "Harbor"),)


def test_a_broken_packet_is_told_and_its_photograph_read(tmp_path):
    photo = photos.from_bytes(jpeg(xmp=b"<x:xmpmeta"), "a.jpg")
    assert photo.captions.xmp is None
    assert "its XMP is damaged" in photo.notes[0]
    own = photos.from_array(PIXELS, captions=Captions(b"?"), made_by=MADE_BY)
    with pytest.raises(photos.PhotoError, match="its XMP is damaged"):
        photos.write(own, tmp_path / "a.png")


def test_texts_cannot_fill_the_memory():
    """A text of a gigabyte fits into a file of one megabyte."""
    bomb = b"Title\0\0" + zlib.compress(bytes(2**26))
    data = png(png_chunks.pack_chunk(b"zTXt", bomb))
    chunks = png_chunks.read_chunks(io.BytesIO(data))
    assert chunks.texts == []
    assert chunks.damaged
    many = png(*[png_chunks.pack_text("Title", str(i)) for i in range(1000)])
    assert len(png_chunks.read_chunks(io.BytesIO(many)).texts) == 256
    for each in (data, many):
        assert photos.from_bytes(each, "a.png").notes == (LOST,)


LOST = "some of its texts are damaged or too many, and were left out"


def test_a_photograph_is_read_whatever_its_texts_are():
    """Pillow reads none with a text of more than a megabyte."""
    story = "boats " * 2**19
    packed = b"Title\0\0" + zlib.compress(story.encode())
    photo = photos.from_bytes(
        png(png_chunks.pack_chunk(b"zTXt", packed)), "a.png"
    )
    assert np.array_equal(photo.pixels, PIXELS)
    assert photo.captions.texts == (("Title", story),)
    damaged = png_chunks.pack_text("Title", "boats")[:-1] + b"?"
    photo = photos.from_bytes(png(damaged), "a.png")
    assert np.array_equal(photo.pixels, PIXELS)
    assert photo.captions.texts == ()
    assert photo.notes == (LOST,)


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_walkers_stop_at_damage(cut):
    """They read what is there, and raise nothing."""
    for data in (jpeg(comments=(b"a" * 50,)), png(b"\0\0\0\7tEXtTi")):
        file = io.BytesIO(data[: len(data) - cut])
        list(png_chunks.walk_chunks(file))
        png_chunks.read_chunks(file)
        jpeg_segments.read_segments(file)
    junk = io.BytesIO(b"\xff\xd8" + bytes(2**20) + b"\xff\xfe\0\4hi")
    assert list(jpeg_segments.walk_segments(junk)) == []
    from_photoshop(to_photoshop(IPTC)[:cut])
