"""Whether a file is signed, by whom, and whether that still holds (C2PA).

Anybody can edit the mark in a file (see `photos.provenance`). Content
Credentials are a manifest that is signed together with a hash of the file's
bytes: a change of one of them shows. They don't show that a certificate is to
be trusted; that is asked of a list of those who issue them, and a reader has
its own. They don't show that a manifest was removed, either.

No host is asked for anything. Source: C2PA specification 2.2.
"""

import mmap
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from colorlib.photos.formats.sniffing import sniff

if TYPE_CHECKING:
    import c2pa

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "GIF": "image/gif",
    "JPEG2000": "image/jp2",
    "AVIF": "image/avif",
    "HEIC": "image/heic",
}

# What a certificate may be for: e-mail, documents, C2PA's claims; and what
# those may be for that vouch for the time and for the certificate.
_USAGES = ["1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1"]
_USAGES += ["1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9"]
_SETTINGS = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
    "trust": {"trust_config": "".join(f"{usage}\n" for usage in _USAGES)},
}
# How the box begins that holds all manifests of a file, in every format.
STORE = b"jumdc2pa" + bytes.fromhex("00110010800000aa00389b71")
_UNTRUSTED = "signingCredential.untrusted"


@dataclass(frozen=True)
class Signature:
    """What came of checking a file's signature."""

    by: str
    """Whose certificate it is, as that says."""
    fault: str = ""
    """Why it doesn't hold; empty if it does."""

    def line(self) -> str:
        """Say it in one line."""
        if self.fault:
            return f"its signature does not hold: {self.fault}"
        return f"signed by {self.by}, and unchanged since"


def is_signed(path: Path) -> bool:
    """Whether a file has a C2PA manifest, sound or not."""
    with path.open("rb") as file, suppress(ValueError):  # it is empty
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(STORE) >= 0
    return False


def read_signature(path: Path) -> Signature | None:
    """Check the signature of a photograph.

    Args:
        path: of any format that C2PA knows.

    Returns:
        What came of it; None if the file has none.

    Raises:
        ImportError: if it has one, and c2pa-python is not installed.
    """
    if not is_signed(path):
        return None
    c2pa = import_c2pa()
    try:
        with path.open("rb") as file:
            media_type = MEDIA_TYPES[sniff(file)]
            file.seek(0)
            reader = c2pa.Reader(media_type, file, context=offline(c2pa))
            return _judged(reader)
    except c2pa.C2paError as error:
        return Signature("nobody", " ".join(str(error).split()))


def import_c2pa() -> Any:
    """Import the extra package.

    Raises:
        ImportError: if it is not installed; it says how to.
    """
    try:
        import c2pa
    except ImportError:
        raise ImportError(
            "signatures need a package that is not installed:"
            " pip install c2pa-python"
        ) from None
    return c2pa


def offline(c2pa: Any) -> "c2pa.Context":
    """Settings under which that package asks no host for anything."""
    return c2pa.Context.from_dict(_SETTINGS)


def _judged(reader: "c2pa.Reader") -> Signature:
    manifest = reader.get_active_manifest() or {}
    signer = manifest.get("signature_info") or {}
    by = signer.get("issuer") or signer.get("common_name") or "somebody"
    if reader.get_validation_state() != "Invalid":
        return Signature(by)
    results = reader.get_validation_results() or {}
    failures = (results.get("activeManifest") or {}).get("failure") or []
    said = [
        failure.get("explanation") or failure["code"]
        for failure in failures
        if failure["code"] != _UNTRUSTED
    ]
    return Signature(by, "; ".join(said) or "it is invalid")
