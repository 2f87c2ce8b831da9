"""What Wikimedia Commons has, by its Action API as it is in 2026.

Thumbnails exist in a few widths only, and their addresses are not to be put
together by hand: the API is asked for one of these widths, and what it
answers is used. An answer may come in parts: the whole `continue` goes back
until there is none, and a photograph is complete only with `batchcomplete`.
Chapter 15.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from colorlib.eras.markup import plain_text
from colorlib.eras.politeness import PoliteClient
from colorlib.eras.record import Offered
from colorlib.eras.schema import Collection

API = "https://commons.wikimedia.org/w/api.php"
WIDTHS = (250, 330, 500, 960, 1280, 1920, 3840)
"""Pixels; other widths are answered with an error (Wikimedia's T414805)."""
PACE = (1, 1.0)
"""Requests, and seconds. Wikimedia's own limits are higher for whoever says
who he is."""

_FIELDS = (
    "LicenseShortName|License|LicenseUrl|UsageTerms|Artist|Credit"
    "|DateTimeOriginal|ImageDescription|ObjectName|Restrictions"
)
_BATCH = 25  # photographs an answer
_GENERATORS = {
    "category": lambda query: {
        "generator": "categorymembers",
        "gcmtitle": query,
        "gcmtype": "file",
        "gcmlimit": _BATCH,
    },
    "search": lambda query: {
        "generator": "search",
        "gsrsearch": query,
        "gsrnamespace": 6,
        "gsrlimit": _BATCH,
    },
}


def search_commons(
    client: PoliteClient,
    collection: Collection,
    *,
    width: int = 1280,
    api: str = API,
) -> Iterator[Offered]:
    """Yield what a query finds, without downloading it.

    Args:
        client: sends the requests.
        collection: the query.
        width: pixels, one of `WIDTHS`; what is narrower comes as it is.
        api: the interface's address.

    Raises:
        ArchiveError: if the interface does not answer.
        ValueError: if there are no thumbnails of this width.

    Reference:
        mediawiki.org, API:Query, API:Imageinfo, API:Etiquette, read in 2026.
    """
    check_width(width)
    limits = [client.bucket(*PACE)]
    query = {
        "action": "query",
        "format": "json",
        "formatversion": 2,
        "maxlag": 5,
        "prop": "imageinfo|categories|templates",
        "iiprop": "url|size|sha1|mime|extmetadata",
        "iiurlwidth": width,
        "iiextmetadatafilter": _FIELDS,
        "cllimit": "max",
        "tllimit": "max",
        "tlnamespace": 10,
        **_GENERATORS[collection.kind](collection.query),
    }
    pages: dict[int, dict[str, Any]] = {}
    goes_on: Mapping[str, object] | None = {}
    while goes_on is not None:
        answer = client.get_json(api, {**query, **goes_on}, limits)
        for page in answer.get("query", {}).get("pages", []):
            _merge(pages.setdefault(page.get("pageid", 0), {}), page)
        if answer.get("batchcomplete"):
            yield from filter(None, map(_offered, pages.values()))
            pages = {}
        goes_on = answer.get("continue")


def check_width(width: int) -> None:
    """Refuse a width that Commons' thumbnails don't have.

    Args:
        width: pixels.

    Raises:
        ValueError: if it is none of `WIDTHS`.
    """
    if width not in WIDTHS:
        raise ValueError(
            f"Commons has no thumbnails {width} pixels wide; choose one of"
            f" {', '.join(map(str, WIDTHS))}"
        )


def _merge(page: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Put what an answer says of a page to what earlier ones said."""
    for name, value in part.items():
        if isinstance(value, list):
            page[name] = page.get(name, []) + value
        else:
            page[name] = value


def _offered(page: Mapping[str, Any]) -> Offered | None:
    """Read a page; None if it has no file."""
    if not page.get("imageinfo"):
        return None
    info = page["imageinfo"][0]
    told = {
        name: plain_text(entry.get("value"))
        for name, entry in info.get("extmetadata", {}).items()
    }
    url = info.get("thumburl") or info.get("url", "")
    # Where the file is no wider than asked, its thumbnail is the file.
    whole = url.split("?")[0] == info.get("url", "").split("?")[0]
    linked = [*page.get("categories", []), *page.get("templates", [])]
    return Offered(
        archive="commons",
        id=str(page.get("pageid", "")),
        title=plain_text(page.get("title", "").removeprefix("File:")),
        author=told.get("Artist", ""),
        date=told.get("DateTimeOriginal", ""),
        licenses=tuple(
            filter(
                None,
                map(told.get, ("LicenseShortName", "License", "UsageTerms")),
            )
        ),
        license_url=told.get("LicenseUrl", ""),
        restrictions=told.get("Restrictions", ""),
        page=info.get("descriptionurl", ""),
        url=url,
        sha1=info.get("sha1", "") if whole else "",
        told=(
            *(told.get(n, "") for n in ("Credit", "ImageDescription")),
            *(plain_text(each.get("title")) for each in linked),
        ),
    )
