"""The Library of Congress tells rights in a search, or on the item's page."""

import pytest

from colorlib.eras.loc import search_loc
from colorlib.eras.politeness import ArchiveError
from colorlib.eras.schema import Collection

QUERY = Collection("loc", "search", "Korean War", "en", "2026")
FREE = "No known restrictions on publication."


@pytest.fixture
def find(archives, client):
    """List what the query finds."""
    return lambda: list(
        search_loc(client, QUERY, (1950, 1953), site=archives.url)
    )


def test_a_result_is_described(archives, find):
    archives.add_loc("2017645000", rights=FREE)
    [found] = find()
    assert found.id == "2017645000"
    assert found.page == "https://www.loc.gov/item/2017645000/"
    assert found.url == f"{archives.url}/image/2017645000.jpg"
    assert (found.author, found.date) == ("kim", "1951")
    assert found.licenses == (FREE,)
    assert "Library of Congress" in found.told
    [(path, query, _)] = archives.asked
    assert path == "/photos/"
    assert query["dates"] == "1950/1953"
    assert query["fo"] == "json"


def test_all_pages_are_read(archives, find):
    for number in range(5):
        archives.add_loc(f"20{number}", rights=FREE)
    assert [each.id for each in find()] == [f"20{n}" for n in range(5)]
    assert [query["sp"] for _, query, _ in archives.asked] == ["1", "2", "3"]


def test_an_item_s_page_is_asked_for_rights_that_are_missing(archives, find):
    archives.add_loc("7")
    archives.items["/item/7/"] = {"rights_information": FREE, "date": "1952."}
    [found] = find()
    assert found.licenses == (FREE,)
    assert found.date == "1952."
    assert archives.paths == ["/photos/", "/item/7/"]


def test_what_shows_nothing_is_passed_over(archives, find):
    archives.add_loc("1", rights=FREE, image_url=["//x/a.gif"])
    archives.add_loc("2", rights=FREE, image_url=None)
    archives.add_loc("3", rights=FREE, id="https://www.loc.gov/exhibits/korea")
    assert find() == []


def test_who_is_shut_out_waits_until_that_is_over(archives, find, clock):
    """Five minutes, if nothing is said; asking earlier would be in vain."""
    archives.add_loc("7")
    archives.items["/item/7/"] = {"rights_information": FREE}
    archives.faults["/item/7/"] = [429]
    assert len(find()) == 1
    assert archives.paths == ["/photos/", "/item/7/", "/item/7/"]
    assert clock.slept == [310]


def test_an_hour_is_not_waited(archives, find, clock):
    """Shut out again, it is for the larger limit."""
    archives.faults["/photos/"] = [429, 429]
    with pytest.raises(ArchiveError, match="3600 seconds; run the same comman"):
        find()
    assert len(archives.asked) == 2
    assert clock.slept == [310]


def test_what_it_says_comes_first(archives, find, clock):
    archives.faults["/photos/"] = [(429, "12"), 503]
    find()
    assert clock.slept == [12, 10]


def test_limits_are_kept(archives, find, clock):
    for number in range(40):
        archives.add_loc(f"{number}", rights=FREE)
    find()
    assert len(archives.asked) == 20
    assert sum(clock.slept) >= 9
