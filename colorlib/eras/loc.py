"""What the Library of Congress has, by its JSON interface.

It is the web site itself, with `fo=json`. A search tells a photograph's
rights only sometimes; then its own page is asked, which has narrower limits.
Whoever goes beyond a limit is shut out for a while: buckets keep them.
Chapter 15.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from colorlib.eras.markup import plain_text
from colorlib.eras.politeness import PoliteClient
from colorlib.eras.record import Offered
from colorlib.eras.schema import Collection, Years

SITE = "https://www.loc.gov"
SEARCH_LIMITS = ((20, 10.0), (80, 60.0))
ITEM_LIMITS = ((10, 10.0), (200, 60.0))
"""Requests, and seconds: https://www.loc.gov/apis/json-and-yaml/, read in
2026."""
SHUT_OUT = (310.0, 3600.0)
"""Seconds to wait where it doesn't say: for so long it shuts out whoever goes
beyond the first of these limits, and beyond the second; read there, too."""
LAST_ITEM = 100_000
"""No page begins after this one."""

_PAGE = 50  # photographs an answer
_RIGHTS = ("rights_advisory", "rights_information", "rights")
_SIZE = re.compile(r"[#&][hw]=(\d+)")


def search_loc(
    client: PoliteClient,
    collection: Collection,
    years: Years,
    *,
    site: str = SITE,
) -> Iterator[Offered]:
    """Yield what a query finds, without downloading it.

    Args:
        client: sends the requests.
        collection: the query.
        years: of the era; the search is limited to them.
        site: the site's address.

    Raises:
        ArchiveError: if the site does not answer.

    Reference:
        https://www.loc.gov/apis/json-and-yaml/, read in 2026.
    """
    limits = [client.bucket(*each) for each in SEARCH_LIMITS]
    item_limits = [client.bucket(*each) for each in ITEM_LIMITS]
    query = {
        "q": collection.query,
        "dates": f"{years[0]}/{years[1]}",
        "fo": "json",
        "c": _PAGE,
        "at": "results,pagination",
    }
    for number in range(1, LAST_ITEM // _PAGE + 1):
        asked = {**query, "sp": number}
        answer = client.get_json(
            f"{site}/photos/", asked, limits, shut_out=SHUT_OUT
        )
        for result in answer.get("results") or []:
            item = result.get("item") or {}
            if not _rights(item) and _identity(result):
                page = f"{site}/item/{_identity(result)}/"
                told = client.get_json(
                    page, {"fo": "json"}, item_limits, shut_out=SHUT_OUT
                )
                item = item | (told.get("item") or {})
            if offered := _offered(result, item):
                yield offered
        if not (answer.get("pagination") or {}).get("next"):
            return


def _offered(
    result: Mapping[str, Any], item: Mapping[str, Any]
) -> Offered | None:
    """Read a result; None if it shows no photograph."""
    images = [str(each) for each in result.get("image_url") or []]
    images = [each for each in images if not each.split("#")[0].endswith("gif")]
    identity = _identity(result)
    if not images or not identity:
        return None
    url = max(images, key=_width).split("#")[0]
    words = ("medium", "notes", "summary", "repository", "call_number")
    return Offered(
        archive="loc",
        id=identity,
        title=plain_text(result.get("title")),
        author=plain_text(
            item.get("contributor_names") or result.get("contributor")
        ),
        date=plain_text(item.get("date") or result.get("date")),
        licenses=_rights(item),
        page=f"{SITE}/item/{identity}/",
        url=f"https:{url}" if url.startswith("//") else url,
        told=(
            "Library of Congress",
            plain_text(result.get("description")),
            plain_text(result.get("subject")),
            *(plain_text(item.get(word)) for word in words),
        ),
    )


def _rights(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(filter(None, (plain_text(item.get(n)) for n in _RIGHTS)))


def _identity(result: Mapping[str, Any]) -> str:
    """Return what stands in an address: loc.gov/item/2017645000/."""
    found = re.search(r"/item/([\w.-]+)/?$", str(result.get("id") or ""))
    return found[1] if found else ""


def _width(address: str) -> int:
    """Read how large an image is from its address: ...jpg#h=700&w=1024."""
    return max(map(int, _SIZE.findall(address)), default=0)
