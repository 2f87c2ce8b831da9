"""Signing colored copies with one's own certificate (C2PA), an extra.

The manifest says in the words of its standard what happened: an original was
opened, its colors were changed by a trained algorithm. The original is its
ingredient, with all manifests that a camera or an archive has signed; the
mark (see `photos.provenance`) stands in an assertion of our own. Pixels stay
as they are. No host is asked for a time stamp: what is signed holds as long as
the certificate is valid.

Source: C2PA specification 2.2, sections on actions and ingredients; RFC 9476
for names below `alt`, which belong to no domain.
"""

import io
from datetime import UTC, datetime
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from colorlib.archive.credit import CAPTION, credit_line
from colorlib.archive.signature import MEDIA_TYPES, import_c2pa, offline
from colorlib.files import replacing
from colorlib.photos.photo import MadeBy
from colorlib.photos.provenance import SOURCE_TYPE

if TYPE_CHECKING:
    import c2pa

ASSERTION = "alt.colorlib.coloring"
_OF_CURVE = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_ORIGINAL = "original"  # by which the actions name the ingredient


class Signer:
    """Signs with one certificate. It is tried before there is any work.

    Args:
        certificate: a PEM file: the certificate, and below it those that
            vouch for it. It must be for e-mail protection, document signing
            or C2PA's claims.
        key: a PEM file with its private key, not encrypted.

    Raises:
        ImportError: if c2pa-python is not installed.
        OSError: if a file can't be read.
        ValueError: if they are not fit for signing.
    """

    def __init__(self, certificate: Path, key: Path):
        self._c2pa = import_c2pa()
        algorithm, plain_key = _read_key(key)
        chain = certificate.read_bytes()
        if b"\0" in chain or b"-----BEGIN CERTIFICATE-----" not in chain:
            raise ValueError(f"{certificate}: holds no certificate in PEM")
        try:
            # Without an address of a time stamp authority: None, and not "".
            info = self._c2pa.C2paSignerInfo(algorithm, chain, plain_key, None)
            self._signer = self._c2pa.Signer.from_info(info)
            self._try()
        except self._c2pa.C2paError as error:
            raise ValueError(
                f"{certificate}: can't be signed with ({error}); it must be"
                " valid today, belong to the key, and be for e-mail protection"
                " or document signing (extended key usage)"
            ) from None

    def sign(
        self, file: Path, format: str, mark: MadeBy, source: Path, kind: str
    ) -> None:
        """Put a signed manifest into a colored copy.

        Args:
            file: the copy, which is replaced.
            format: such as "JPEG".
            mark: what the copy is marked with.
            source: the original, which is only read.
            kind: the format of that.

        Raises:
            OSError: what the disk says.
            ValueError: if it can't be signed.
        """
        try:
            with source.open("rb") as original, replacing(file) as signed:
                with file.open("rb") as copy, signed.open("w+b") as target:
                    builder = self._builder(mark, source.name, kind, original)
                    media_type = MEDIA_TYPES[format]
                    builder.sign(self._signer, media_type, copy, target)
        except self._c2pa.C2paError as error:
            raise ValueError(f"{source}: can't be signed ({error})") from None

    def _builder(
        self, mark: MadeBy, title: str, kind: str, original: BufferedIOBase
    ) -> "c2pa.Builder":
        """Describe what was done to an original."""
        builder = self._c2pa.Builder(_manifest(mark), offline(self._c2pa))
        ingredient = {
            "title": title,
            "relationship": "parentOf",
            "label": _ORIGINAL,
            "description": f"SHA-256 {mark.source_sha256}",
        }
        builder.add_ingredient(ingredient, MEDIA_TYPES[kind], original)
        return builder

    def _try(self) -> None:
        """Sign one pixel; what is signed is verified at once."""
        pixel = io.BytesIO()
        Image.new("RGB", (1, 1)).save(pixel, "PNG")
        mark = MadeBy("none", "", "colorlib")
        builder = self._builder(mark, "a pixel", "PNG", pixel)
        pixel.seek(0)
        builder.sign(self._signer, MEDIA_TYPES["PNG"], pixel, io.BytesIO())


def _manifest(mark: MadeBy) -> dict[str, Any]:
    """Say in C2PA's words what was done."""
    program, _, version = mark.software.partition(" ")
    actions: list[dict[str, Any]] = [
        {
            "action": "c2pa.opened",
            "parameters": {"ingredientIds": [_ORIGINAL]},
        },
        {
            "action": "c2pa.adjustedColor",
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "softwareAgent": {"name": program, "version": version},
            "digitalSourceType": SOURCE_TYPE,
            "description": credit_line(mark, "en"),
        },
    ]
    if f"result={CAPTION}" in mark.settings:
        actions.append({"action": "c2pa.addedText"})
    coloring = {
        "model": mark.model,
        "model_sha256": mark.sha256,
        "software": mark.software,
        "settings": mark.settings,
        "date": mark.date,
        "source_sha256": mark.source_sha256,
        "source_bytes": mark.source_bytes,
        "hints": [*mark.hints],
    }
    return {
        "claim_generator_info": [{"name": program, "version": version}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": ASSERTION, "data": coloring},
        ],
    }


def _read_key(path: Path) -> tuple[str, bytes]:
    """Read a private key: the algorithm to sign with, and the key in PKCS 8."""
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    try:
        key = pem.load_pem_private_key(path.read_bytes(), None)
    except TypeError:
        raise ValueError(
            f"{path}: is encrypted; write it without a password:"
            " openssl pkey -in KEY.pem -out PLAIN.pem"
        ) from None
    except ValueError:
        raise ValueError(f"{path}: holds no private key in PEM") from None
    if isinstance(key, ec.EllipticCurvePrivateKey):
        algorithm = _OF_CURVE.get(key.curve.name, "")
    elif isinstance(key, rsa.RSAPrivateKey):
        algorithm = "ps256"
    else:
        algorithm = (
            "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else ""
        )
    if not algorithm:
        raise ValueError(
            f"{path}: is of a kind that C2PA doesn't know; it takes RSA,"
            " Ed25519 and the curves P-256, P-384 and P-521"
        )
    plain = key.private_bytes(
        pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()
    )
    return algorithm, plain
