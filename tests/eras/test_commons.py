"""Commons answers in parts, in HTML, and with thumbnails of a few widths."""

import pytest

from colorlib.eras.commons import WIDTHS, search_commons
from colorlib.eras.schema import Collection

CATEGORY = Collection(
    "commons", "category", "Category:Korean War", "en", "2026"
)
SEARCH = Collection("commons", "search", "한국전쟁", "ko", "2026")


@pytest.fixture
def find(archives, client):
    """List what a query finds."""

    def find(collection=CATEGORY, **options):
        api = archives.url + "/w/api.php"
        return list(search_commons(client, collection, api=api, **options))

    return find


def test_a_file_is_described_in_plain_text(archives, find):
    archives.add_commons(
        "Seoul.jpg", Credit="<i>NARA</i>", categories=["Seoul"]
    )
    [found] = find()
    assert found.id == "100"
    assert found.title == "Seoul.jpg"
    assert found.author == "Kim"
    assert found.date == "1951-05-09"
    assert found.licenses == ("Public domain",)
    assert found.told == ("NARA", "A street in Seoul", "Category:Seoul")


def test_all_parts_of_all_answers_are_put_together(archives, find):
    """Info and categories come apart, two photographs at a time."""
    for number in range(5):
        archives.add_commons(f"{number}.jpg", categories=[f"c{number}"])
    found = find()
    assert [each.id for each in found] == ["100", "101", "102", "103", "104"]
    assert [each.told[-1] for each in found] == [
        f"Category:c{number}" for number in range(5)
    ]
    assert len(archives.asked) == 6


def test_requests_come_one_a_second(archives, find, clock):
    for number in range(4):
        archives.add_commons(f"{number}.jpg")
    find()
    assert clock.slept == [1, 1, 1]


def test_categories_and_searches_are_asked_politely(archives, find):
    archives.add_commons("a.jpg")
    find()
    find(SEARCH)
    queries = [query for _, query, _ in archives.asked]
    assert queries[0]["gcmtitle"] == "Category:Korean War"
    assert queries[2]["gsrsearch"] == "한국전쟁"
    assert {query["maxlag"] for query in queries} == {"5"}
    assert {query["iiurlwidth"] for query in queries} == {"1280"}


@pytest.mark.parametrize("width", [1024, 800, 0])
def test_a_width_that_commons_has_not_is_refused_here(archives, find, width):
    with pytest.raises(ValueError, match="choose one of 250, 330, 500, 960"):
        find(width=width)
    assert not archives.asked


@pytest.mark.parametrize("width", WIDTHS)
def test_the_other_widths_are_answered(archives, find, width):
    archives.add_commons("a.jpg")
    assert len(find(width=width)) == 1


def test_a_hash_is_only_that_of_the_original(archives, find):
    """Of a thumbnail nobody tells one."""
    page = archives.add_commons("small.jpg")
    archives.make_thumb(archives.add_commons("large.jpg"), 1280)
    small, large = find()
    assert small.sha1 == page["imageinfo"][0]["sha1"]
    assert large.sha1 == ""
    assert large.url.endswith("/1280px-x.jpg")


def test_a_page_without_a_file_is_passed_over(archives, find):
    del archives.add_commons("gone.jpg")["imageinfo"]
    archives.add_commons("there.jpg")
    assert [each.title for each in find()] == ["there.jpg"]
