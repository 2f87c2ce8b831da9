"""From the archives into a folder, with a record of all that was offered.

Each photograph is judged by what the archive says of it, before anything is
downloaded: license, date, later hands. Then it is downloaded beside its place
and looked at: is it the file that was promised, can it be decoded, is it in
color, and if so, true color? Only then it gets its name. Chapter 15.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from colorlib import photos
from colorlib.eras.commons import API, search_commons
from colorlib.eras.judging import (
    NotTakenError,
    check_sha1,
    judge_offer,
    look_into,
    why_unreadable,
)
from colorlib.eras.licenses import read_terms
from colorlib.eras.loc import SITE, search_loc
from colorlib.eras.politeness import ArchiveError, PoliteClient
from colorlib.eras.record import (
    DUPLICATE,
    FAILED,
    KEPT,
    REFUSED,
    Offered,
    Record,
    RecordLine,
    is_done,
    read_record,
    write_record,
)
from colorlib.eras.schema import Collection, Era
from colorlib.files import make_folder
from colorlib.photos.formats.sniffing import SUFFIXES

FILES_PACE = (1, 1.0)
"""Photographs, and seconds: one after the other."""
PATIENCE = 3
"""So many photographs in a row that can't be had end a run."""

OnEntry = Callable[[RecordLine], object]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wishes:
    """What to take of what is offered."""

    limit: int = 100
    """Photographs that each query may offer."""
    width: int = 1280
    """Pixels of Commons' thumbnails, one of `commons.WIDTHS`."""
    non_commercial: bool = False
    """Take what must not be sold, too."""
    max_megapixels: float | int = photos.MAX_MEGAPIXELS
    """Refuse what is larger."""


def fetch_era(
    era: Era,
    folder: Path,
    client: PoliteClient,
    wishes: Wishes = Wishes(),
    *,
    on_entry: OnEntry | None = None,
    commons: str = API,
    loc: str = SITE,
) -> Record:
    """Download photographs of an era, and write down where they are from.

    What is there already, whole and unchanged, is not downloaded again. What
    was refused is judged anew, since rules and options change.

    Args:
        era: its queries are sent one after the other.
        folder: where photographs and record go.
        client: sends the requests.
        wishes: what to take.
        on_entry: told each line of the record.
        commons: address of Commons' interface.
        loc: address of the Library of Congress.

    Returns:
        The record of the folder, other eras' lines included.

    Raises:
        ArchiveError: if an archive doesn't answer; what came is kept.
        OSError: if something can't be written.
        ValueError: if another process fills the folder, or its record is
            another kind of table.
    """
    make_folder(folder)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ValueError(
            f"{folder} is being filled by another process; wait, or choose"
            " another folder"
        ) from None
    with lock:
        for left in folder.glob(".*.part"):  # of a process that was killed
            left.unlink()
        record = read_record(folder)
        taker = _Taker(era, folder, client, wishes, record)
        seen = set()
        for collection in era.collections:
            offers = _offers(collection, era, client, wishes, commons, loc)
            for offered in islice(offers, wishes.limit):
                if (key := (offered.archive, offered.id)) in seen:
                    continue
                seen.add(key)
                entry = taker.take(offered)
                record[entry.key] = entry
                write_record(folder, record.values())
                if on_entry:
                    on_entry(entry)
        return record


def _offers(
    collection: Collection,
    era: Era,
    client: PoliteClient,
    wishes: Wishes,
    commons: str,
    loc: str,
) -> Iterator[Offered]:
    _log.info("asking %s for %s", collection.archive, collection.query)
    if collection.archive == "commons":
        return search_commons(
            client, collection, width=wishes.width, api=commons
        )
    return search_loc(client, collection, era.years, site=loc)


class _Taker:
    """Decides about one photograph after the other, and takes it."""

    def __init__(
        self,
        era: Era,
        folder: Path,
        client: PoliteClient,
        wishes: Wishes,
        record: Record,
    ):
        self._era, self._folder, self._client = era, folder, client
        self._wishes, self._record = wishes, record
        self._limits = [client.bucket(*FILES_PACE)]
        self._busy = 0  # photographs in a row that a busy archive refused

    def take(self, offered: Offered) -> RecordLine:
        """Judge an offer, download it, look at it; say what became of it."""
        terms = read_terms(
            *offered.licenses,
            offered.license_url,
            non_commercial=self._wishes.non_commercial,
        )
        entry = judge_offer(offered, self._era, terms)
        before = self._record.get(entry.key)
        if entry.status != KEPT:
            self._remove(before)
            return entry
        if before and is_done(before, self._folder):
            return before
        there = self._of_another_era(entry)
        if there:  # the file of that line, and what is known of the file
            entry = replace(
                entry, file=there.file, url=there.url, sha1=there.sha1
            )
        else:
            entry = replace(entry, file=_file_name(offered))
        path = self._folder / entry.file
        looked: list[RecordLine] = []

        def look(part: Path) -> None:
            check_sha1(part, entry.sha1)
            looked.append(
                look_into(part, entry.file, entry, self._wishes.max_megapixels)
            )
            self._refuse_twins(looked[0])

        try:
            if there:
                look(path)
            else:
                self._client.save(offered.url, path, look, self._limits)
        except NotTakenError as error:
            return replace(entry, status=REFUSED, file="", reason=str(error))
        except _TwinError as twin:
            return replace(entry, status=DUPLICATE, file="", reason=str(twin))
        except (ArchiveError, photos.PhotoError) as error:
            self._lost_patience(error)
            return replace(
                entry, status=FAILED, file="", reason=why_unreadable(error)
            )
        self._busy = 0
        return looked[0]

    def _lost_patience(self, error: Exception) -> None:
        """Raise an archive's error if it is one too many in a row."""
        self._busy = self._busy + 1 if getattr(error, "busy", False) else 0
        if self._busy >= PATIENCE:
            raise error

    def _refuse_twins(self, entry: RecordLine) -> None:
        for other in self._record.values():
            same = other.sha256 == entry.sha256 and other.status == KEPT
            if same and other.era == entry.era and other.key != entry.key:
                raise _TwinError(f"has the same bytes as {other.file}")

    def _of_another_era(self, entry: RecordLine) -> RecordLine | None:
        """Find the same photograph, taken for another era and still there."""
        for other in self._record.values():
            same = (other.archive, other.id) == (entry.archive, entry.id)
            if same and is_done(other, self._folder):
                return other
        return None

    def _remove(self, before: RecordLine | None) -> None:
        """Remove a photograph that was kept and is now refused.

        Not if another line has it: of another era, or of one's own scans.
        """
        if not before or not is_done(before, self._folder):
            return
        others = (o for o in self._record.values() if o.key != before.key)
        if before.file not in {other.file for other in others}:
            (self._folder / before.file).unlink()


class _TwinError(Exception):
    """The same file is there already."""


def _file_name(offered: Offered) -> str:
    """Name a file after its archive; its ending is the one of its address."""
    suffix = Path(urlsplit(offered.url).path).suffix.lower()
    suffix = suffix if suffix in SUFFIXES else ".jpg"
    return f"{offered.archive}-{offered.id}{suffix}"
