"""Signed copies: read by C2PA's own reader, and broken by a flipped byte."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from colorlib import photos
from colorlib.archive.signature import is_signed, read_signature
from colorlib.archive.verify import verify
from colorlib.files import sha256_of
from colorlib.photos.provenance import SOURCE_TYPE

SUFFIXES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".webp": "image/webp",
}
NEEDED = "signatures need a package that is not installed: pip install"


@pytest.fixture(scope="module")
def c2pa():
    """The package of the extra; CI has it."""
    return pytest.importorskip("c2pa")


@pytest.fixture
def pair(c2pa, tmp_path):
    """A certificate and its key."""
    from tests.archive.certificates import write_pair

    return write_pair(tmp_path)


@pytest.fixture
def signer(pair):
    from colorlib.archive.signing import Signer

    return Signer(*pair)


def original(folder, name="scan.png", **options):
    ramp = np.linspace(20, 230, 1200).reshape(30, 40).astype(np.uint8)
    Image.fromarray(ramp).save(folder / name, **options)
    return folder / name


def colored(source, suffix=None, signer=None, way="", hints=()):
    """Write a copy with a mark, and sign it if there is somebody to."""
    photo = photos.read(source)
    mark = photos.MadeBy(
        "compact",
        "ab" * 32,
        "colorlib 1.2.3",
        settings=f"sizes=256{way}",
        source_sha256=sha256_of(source),
        source_bytes=source.stat().st_size,
        date="2026-11-29",
        hints=hints,
    )
    copy = source.with_name(f"copy{suffix or source.suffix}")
    made = replace(photo, pixels=photo.rgb, made_by=mark)
    finish = signer and (
        lambda part: signer.sign(
            part,
            photos.SUFFIXES[copy.suffix],
            mark,
            source,
            photo.format,
        )
    )
    return photos.write(made, copy, overwrite=True, finish=finish)


def read(c2pa, path, media_type):
    """What C2PA's own reader says, with no help of ours."""
    with path.open("rb") as file:
        reader = c2pa.Reader(media_type, file)
        return reader.get_validation_state(), json.loads(reader.json())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_signed_copy_is_valid_and_says_what_was_done(
    c2pa, tmp_path, signer, suffix
):
    """In the words of the standard, so that others' programs show it."""
    source = original(tmp_path)
    hint = "point 1, 2: #ff0000; source: a letter"
    copy = colored(source, suffix, signer, hints=(hint,))

    state, found = read(c2pa, copy, SUFFIXES[suffix])

    assert state == "Valid"
    manifest = found["manifests"][found["active_manifest"]]
    assert manifest["signature_info"]["issuer"] == "Archive of Testing"
    said = {each["label"]: each["data"] for each in manifest["assertions"]}
    opened, adjusted = said["c2pa.actions.v2"]["actions"]
    assert opened["action"] == "c2pa.opened"
    assert adjusted["action"] == "c2pa.adjustedColor"
    assert adjusted["digitalSourceType"] == SOURCE_TYPE
    assert "guesses" in adjusted["description"]
    coloring = said["alt.colorlib.coloring"]
    assert coloring["model"] == "compact"
    assert coloring["model_sha256"] == "ab" * 32
    assert coloring["settings"] == "sizes=256"
    assert coloring["hints"] == [hint]
    assert coloring["source_sha256"] == sha256_of(source)
    (ingredient,) = manifest["ingredients"]
    assert ingredient["title"] == "scan.png"
    assert ingredient["relationship"] == "parentOf"
    assert sha256_of(source) in ingredient["description"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_signing_changes_no_pixel_and_no_word(tmp_path, signer, suffix):
    source = original(tmp_path, dpi=(300, 300))
    plain = photos.read(colored(source, suffix))
    signed = photos.read(colored(source, suffix, signer))
    assert np.array_equal(plain.pixels, signed.pixels)
    assert plain.made_by == signed.made_by
    assert (plain.captions, plain.exif) == (signed.captions, signed.exif)
    assert plain.dpi == signed.dpi


def test_16_bits_stay_16(tmp_path, signer):
    deep = np.arange(1200, dtype=np.uint16).reshape(30, 40) * 50
    source = photos.write(photos.from_array(deep), tmp_path / "scan.tif")
    signed = photos.read(colored(source, ".tif", signer))
    assert np.array_equal(signed.rgb[..., 0], deep)
    assert verify(source, tmp_path / "copy.tif").good


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_flipped_byte_is_noticed(tmp_path, signer, suffix):
    """Wherever it is: in the pixels, the mark or the manifest."""
    copy = colored(original(tmp_path), suffix, signer)
    whole = copy.read_bytes()
    assert read_signature(copy).fault == ""
    for at in (whole.index(b"compact"), len(whole) - 30):
        changed = bytearray(whole)
        changed[at] ^= 1
        copy.write_bytes(changed)
        assert read_signature(copy).fault, at


def test_verify_tells_of_a_signature(tmp_path, signer):
    source = original(tmp_path)
    copy = colored(source, ".tif", signer)  # without check sums of its own
    assert (
        verify(source, copy)
        .line()
        .endswith("; signed by Archive of Testing, and unchanged since")
    )
    content = copy.read_bytes()
    copy.write_bytes(content.replace(b"2026-11-29", b"2026-11-28"))
    verdict = verify(source, copy)
    assert not verdict.good
    assert "its signature does not hold" in verdict.line()


def test_a_signed_original_is_carried_along(c2pa, tmp_path, signer):
    """A camera's or an archive's own signature stays readable."""
    first = colored(original(tmp_path), ".jpg", signer).rename(
        tmp_path / "signed.jpg"
    )
    copy = colored(first, ".png", signer)
    state, found = read(c2pa, copy, "image/png")
    assert state == "Valid"
    assert len(found["manifests"]) == 2
    manifest = found["manifests"][found["active_manifest"]]
    assert manifest["ingredients"][0]["active_manifest"] in found["manifests"]


@pytest.mark.parametrize("name", ["scan.bmp", "scan.jp2", "scan.gif"])
def test_an_original_that_c2pa_cant_read_is_named_all_the_same(
    c2pa, tmp_path, signer, name
):
    copy = colored(original(tmp_path, name), ".png", signer)
    state, found = read(c2pa, copy, "image/png")
    manifest = found["manifests"][found["active_manifest"]]
    assert state == "Valid"
    assert manifest["ingredients"][0]["title"] == name


def test_a_caption_below_is_an_action_too(c2pa, tmp_path, signer):
    way = " result=caption-en"
    copy = colored(original(tmp_path), signer=signer, way=way)
    _, found = read(c2pa, copy, "image/png")
    manifest = found["manifests"][found["active_manifest"]]
    actions = manifest["assertions"][0]["data"]["actions"]
    assert actions[-1]["action"] == "c2pa.addedText"


@pytest.mark.parametrize("usage", ["EMAIL", "DOCUMENTS", "CLAIMS"])
def test_certificates_of_each_fitting_usage(c2pa, tmp_path, usage):
    from colorlib.archive.signing import Signer
    from tests.archive import certificates

    pair = certificates.write_pair(tmp_path, usage=getattr(certificates, usage))
    copy = colored(original(tmp_path), signer=Signer(*pair))
    assert read_signature(copy).fault == ""


@pytest.mark.parametrize("kind", ["P-384", "P-521", "RSA", "Ed25519"])
def test_keys_of_each_kind(c2pa, tmp_path, kind):
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    from colorlib.archive.signing import Signer
    from tests.archive.certificates import write_pair

    make = {
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "RSA": lambda: rsa.generate_private_key(65537, 2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
    }[kind]
    Signer(*write_pair(tmp_path, key=make()))  # it tries them


def unfit(folder, what):
    """Spoil a certificate or its key in one way."""
    from cryptography.hazmat.primitives.asymmetric import ec

    from tests.archive import certificates

    own = ec.generate_private_key(ec.SECP256R1())
    options = {
        "expired": {"days": (-30, -1)},
        "for servers": {"usage": certificates.SERVER},
    }.get(what, {})
    certificate, key = certificates.write_pair(folder, key=own, **options)
    if what == "no certificate":
        certificate.write_text("none")
    elif what == "no key":
        key.write_text("none")
    elif what == "a locked key":
        key.write_bytes(certificates.write_key(own, b"secret"))
    elif what == "another's key":
        other = ec.generate_private_key(ec.SECP256R1())
        key.write_bytes(certificates.write_key(other))
    elif what == "an odd curve":
        odd = ec.generate_private_key(ec.SECP256K1())
        key.write_bytes(certificates.write_key(odd))
    return certificate, key


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("expired", "certificate.pem: can't be signed with"),
        ("for servers", "certificate.pem: can't be signed with"),
        ("another's key", "certificate.pem: can't be signed with"),
        ("no certificate", "certificate.pem: holds no certificate in PEM"),
        ("no key", "key.pem: holds no private key in PEM"),
        ("a locked key", "key.pem: is encrypted"),
        ("an odd curve", "key.pem: is of a kind that C2PA doesn't know"),
    ],
)
def test_what_is_not_fit_is_told_before_any_work(c2pa, tmp_path, what, said):
    from colorlib.archive.signing import Signer

    with pytest.raises(ValueError, match=said):
        Signer(*unfit(tmp_path, what))


def test_what_cant_be_signed_leaves_nothing_behind(tmp_path, signer):
    source = original(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    signer._signer.close()
    with pytest.raises(ValueError, match="can't be signed"):
        colored(source, ".png", signer)
    assert {path.name for path in tmp_path.iterdir()} == before


# Without the package


@pytest.fixture
def without(monkeypatch):
    """As on a machine that doesn't have it."""
    monkeypatch.setitem(sys.modules, "c2pa", None)


def fake_signed(path):
    """A file that looks signed, without the package that signs."""
    from colorlib.archive.signature import STORE

    with path.open("ab") as file:
        file.write(STORE)
    return path


def test_without_the_package_one_line_says_what_to_install(tmp_path, without):
    from colorlib.archive.signing import Signer

    with pytest.raises(ImportError, match=NEEDED):
        Signer(tmp_path / "certificate.pem", tmp_path / "key.pem")


def test_without_the_package_a_signature_is_named_unchecked(tmp_path, without):
    """Neither good nor bad: nobody looked."""
    source = original(tmp_path)
    copy = fake_signed(colored(source))
    verdict = verify(source, copy)
    assert verdict.good
    assert f"its signature was not checked: {NEEDED}" in verdict.line()


def test_an_unsigned_copy_needs_no_package(tmp_path, without):
    source = original(tmp_path)
    copy = colored(source)
    assert not is_signed(copy)
    assert verify(source, copy).line().endswith("of 100")


def test_an_empty_file_is_not_signed(tmp_path):
    (tmp_path / "empty").touch()
    assert not is_signed(tmp_path / "empty")
