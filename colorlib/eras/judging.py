"""Whether a photograph is taken: by what is said of it, then by its file.

The same rules hold for what archives offer and for one's own scans.
Chapter 15.
"""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from colorlib import photos
from colorlib.eras import authenticity
from colorlib.eras.dates import overlap, parse_years
from colorlib.eras.licenses import Terms
from colorlib.eras.politeness import ArchiveError
from colorlib.eras.record import KEPT, REFUSED, Offered, RecordLine
from colorlib.eras.schema import Era
from colorlib.files import sha256_of
from colorlib.photos.formats.sniffing import SUFFIXES

SMALLEST = 300
"""Pixels of the longer side; what has fewer is a thumbnail."""


class NotTakenError(Exception):
    """A photograph is not taken: the reason, in words."""


def judge_offer(offered: Offered, era: Era | None, terms: Terms) -> RecordLine:
    """Judge an offer by what is said of it.

    Args:
        offered: by an archive, or by the owner of a scan.
        era: the one that it must be of; None for any time, which need not be
            known.
        terms: what its license means.

    Returns:
        A line of the record, `KEPT` or `REFUSED` with the reason.
    """
    years = parse_years(offered.date)
    told = (offered.title, *offered.told)
    rights = [*offered.licenses]
    if offered.restrictions:
        rights.append(f"restrictions: {offered.restrictions}")
    entry = RecordLine(
        status=KEPT,
        era=era.name if era else "",
        archive=offered.archive,
        id=offered.id,
        title=offered.title,
        author=offered.author,
        date=offered.date,
        first_year=str(years[0]) if years else "",
        last_year=str(years[1]) if years else "",
        license=terms.name,
        license_text="; ".join(rights),
        license_url=offered.license_url,
        non_commercial="yes" if terms.non_commercial else "",
        process=authenticity.named_process(told),
        institution=authenticity.named_institution(told),
        page=offered.page,
        url=offered.url,
        sha1=offered.sha1,
        added=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    if terms.reason:
        reason = terms.reason
    elif era and not years:
        reason = f"no year can be read from its date, {offered.date!r}"
    elif era and years and not overlap(years, era.years):
        reason = f"is dated {offered.date}, outside {era.years[0]} to"
        reason += f" {era.years[1]}"
    else:
        reason = authenticity.later_hand(told)
    return replace(entry, status=REFUSED, reason=reason) if reason else entry


def check_sha1(path: Path, sha1: str) -> None:
    """Compare a file with the hash that its archive tells.

    Args:
        path: the file.
        sha1: hexadecimal; empty if the archive tells none.

    Raises:
        ArchiveError: if it is another file.
    """
    if not sha1:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha1").hexdigest()
    if found != sha1:
        raise ArchiveError(
            f"what came is another file: its SHA-1 is {found}, not {sha1}; try"
            " again later"
        )


def look_into(
    part: Path, name: str, entry: RecordLine, max_megapixels: float | int
) -> RecordLine:
    """Look into a file: its kind, its size, its color.

    Args:
        part: where it lies now.
        name: what it is to be called, which promises a format.
        entry: what is known of it.
        max_megapixels: a larger one is refused before it is decoded.

    Returns:
        The line with what was found.

    Raises:
        NotTakenError: if it is in color and doesn't name process and
            institution, too small, or another kind of file.
        PhotoError: if it can't be decoded.
    """
    # By its bytes: errors then have its name, and not this machine's path.
    photo = photos.from_bytes(
        part.read_bytes(), name, max_megapixels=max_megapixels
    )
    promised = SUFFIXES.get(Path(name).suffix.lower())
    if photo.format != promised:
        raise NotTakenError(f"says that it is {promised}, is {photo.format}")
    if max(photo.width, photo.height) < SMALLEST:
        raise NotTakenError(f"has only {photo.width} x {photo.height} pixels")
    color = authenticity.kind_of_color(photo.rgb)
    if color == authenticity.COLOR and not (
        entry.process and entry.institution
    ):
        lacks = "process" if not entry.process else "institution"
        raise NotTakenError(
            f"is in color, and names no {lacks} that would make it true color"
        )
    return replace(
        entry,
        color=color,
        sha256=sha256_of(part),
        bytes=str(part.stat().st_size),
        width=str(photo.width),
        height=str(photo.height),
    )


def why_unreadable(error: Exception) -> str:
    """Say why a file can't be had, without its name, which the record has.

    Args:
        error: the archive's, or of reading the photograph.

    >>> why_unreadable(ValueError("commons-7.jpg: is empty; download it again"))
    'is empty; download it again'
    """
    return re.sub(r"^[^\s:]+: (?=is |has |needs )", "", str(error))
