"""What the pages say, read without a browser."""

import re
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup

FILE_NAME = re.compile(r"(^|/)_images|\.(png|jpe?g|svg|webp|gif)$", re.I)


@pytest.fixture(scope="module")
def soups(html, pages) -> dict[str, BeautifulSoup]:
    return {
        page: BeautifulSoup((html / page).read_text(), "html.parser")
        for page in pages
    }


def test_links_inside_the_book_lead_somewhere(soups, html):
    """Files and the places inside them."""
    ids = {
        page: {tag["id"] for tag in soup.find_all(id=True)}
        for page, soup in soups.items()
    }
    broken = []
    for page, soup in soups.items():
        for link in soup.find_all("a", href=True):
            url = urljoin(f"http://book/{page}", link["href"])
            if not url.startswith("http://book/"):
                continue
            path, anchor = urldefrag(unquote(url).removeprefix("http://book/"))
            path = path.partition("?")[0]
            if not (html / path).exists():
                broken.append((page, link["href"]))
            elif anchor and path in ids and anchor not in ids[path]:
                broken.append((page, link["href"]))
    assert broken == []


def test_chapters_have_the_numbers_of_their_files(soups):
    """Also where one before them is missing; 00 has none."""
    for page, soup in soups.items():
        named = re.match(r"chapters/(\d+)_", page)
        if named and int(named[1]):
            shown = soup.select_one("h1 .section-number").get_text(strip=True)
            assert shown == f"{int(named[1])}."
            for exercise in soup.select("p.admonition-title"):
                number = re.match(r"Exercise (\d+)\.", exercise.get_text())
                assert not number or number[1] == str(int(named[1]))


def test_every_picture_says_what_it_shows(soups):
    """A file name as alternative text is read out letter by letter."""
    silent = [
        (page, image.get("src", "")[-60:], image.get("alt"))
        for page, soup in soups.items()
        for image in soup.find_all("img")
        if not image.get("alt") or FILE_NAME.search(image["alt"])
    ]
    assert silent == []


def test_what_a_cell_shows_is_described(soups):
    """Not named: "a chart" tells nothing to who can't see the chart."""
    short = [
        (page, image["alt"])
        for page, soup in soups.items()
        for image in soup.select(".cell_output img")
        if len(image["alt"].split()) < 6
    ]
    assert short == []


def test_every_picture_says_how_large_it_is(soups):
    """One that arrives late would push away the line that is being read."""
    sizeless = [
        (page, image["src"][-60:])
        for page, soup in soups.items()
        for image in soup.select("main img")
        if not (image.get("width") and image.get("height"))
    ]
    assert sizeless == []


def test_photographs_are_webp(soups):
    """A page of PNGs or JPEGs takes a telephone several times as long."""
    pictures = [
        image["src"].rpartition(".")[2]
        for soup in soups.values()
        for image in soup.select(".cell_output img")
    ]
    assert "webp" in pictures
    assert set(pictures) <= {"webp", "svg"}  # charts are SVG


def test_the_card_of_the_model_is_on_its_page(soups):
    """The page must show the model that ships, not last month's."""
    import json

    from colorlib.models import weights

    card = json.loads(weights.SHIPPED.with_suffix(".json").read_text())
    text = soups["book/model-card.html"].get_text(" ")
    assert card["sha256"] in text
    assert card["name"] in text
