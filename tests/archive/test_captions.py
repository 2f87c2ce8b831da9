"""Every way in which a caption stands in a file is found."""

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image, PngImagePlugin

from colorlib.archive.captions import exif_fields, texts
from colorlib.photos import PhotoError

PIXELS = np.full((8, 8), 90, np.uint8)
CAPTION = "조선총독부, spring 1911"
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
photoshop:City="Seoul" dc:format="image/jpeg"><dc:description><rdf:Alt>
<rdf:li xml:lang="x-default">{CAPTION}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def iptc(text):
    data = text.encode()
    return b"\x1c\x02\x78" + len(data).to_bytes(2) + data


def save(path, **options):
    Image.fromarray(PIXELS).save(path, **options)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_xmp(tmp_path, name):
    options = {"xmp": XMP.encode()}
    if name == "a.png":
        options = {"pnginfo": PngImagePlugin.PngInfo()}
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP)
    assert set(texts(save(tmp_path / name, **options))) == {CAPTION, "Seoul"}


def test_comments_and_text(tmp_path):
    assert texts(save(tmp_path / "a.jpg", comment=CAPTION)) == [CAPTION]
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Title", CAPTION)
    info.add_text("Software", "a scanner")
    assert texts(save(tmp_path / "a.png", pnginfo=info)) == [CAPTION]


def test_iptc_in_a_jpeg(tmp_path):
    block = iptc("On the pier")
    block += b"\0" * (len(block) % 2)
    resource = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0"
    resource += len(block).to_bytes(4) + block
    whole = save(tmp_path / "a.jpg").read_bytes()
    segment = b"\xff\xed" + (len(resource) + 2).to_bytes(2) + resource
    (tmp_path / "a.jpg").write_bytes(whole[:2] + segment + whole[2:])
    assert texts(tmp_path / "a.jpg") == ["On the pier"]


@pytest.mark.parametrize("type", [np.uint8, np.uint16])
def test_a_tiff_of_any_depth(tmp_path, type):
    """Pillow can't open 16 bits in three channels."""
    block = iptc("Dear grandmother")
    tifffile.imwrite(
        tmp_path / "a.tif",
        np.zeros((8, 8, 3), type),
        photometric="rgb",
        description="Box 7",
        extratags=[
            (285, "s", 0, "verso", True),
            (700, "B", len(XMP.encode()), XMP.encode(), True),
            (33723, "B", len(block), block, True),
        ],
        metadata=None,
    )
    assert set(texts(tmp_path / "a.tif")) == {
        "Box 7",
        "verso",
        CAPTION,
        "Seoul",
        "Dear grandmother",
    }


def test_a_shape_is_no_caption(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", PIXELS)  # {"shape": [8, 8]}
    assert texts(tmp_path / "a.tif") == []


@pytest.mark.parametrize("data", [b"", b"junk", b"\xff\xd8\xff"])
def test_what_nobody_knows_has_no_words(tmp_path, data):
    (tmp_path / "a.jpg").write_bytes(data)
    assert texts(tmp_path / "a.jpg") == []


def test_a_damaged_file_is_named(tmp_path):
    """Nothing found in it would pass for nothing lost."""
    (tmp_path / "a.tif").write_bytes(b"II*\0")
    with pytest.raises(PhotoError, match="a.tif: is damaged"):
        texts(tmp_path / "a.tif")


def test_exif_without_what_says_how_pixels_are_stored():
    block = Image.Exif()
    block[ExifTags.Base.Make] = "Mamiya"
    block[ExifTags.Base.Orientation] = 6
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.LensModel] = "80 mm"
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExifImageWidth] = 8
    assert exif_fields(block.tobytes()) == {
        "Make": "Mamiya",
        "LensModel": "80 mm",
    }
    assert exif_fields(None) == {}
