"""A published book says where it stands; an unpublished one claims nothing."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "ext"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Build a book of one page with `site_address`; return its folder."""
    from sphinx.testing.util import SphinxTestApp

    monkeypatch.syspath_prepend(EXTENSIONS)

    def build(address: str) -> Path:
        (tmp_path / "index.rst").write_text("A page\n======\n\nOf words.\n")
        (tmp_path / "conf.py").write_text(
            f"extensions = ['site_address']\nhtml_baseurl = {address!r}\n"
            "html_title = 'A course'\n"
        )
        app = SphinxTestApp(srcdir=tmp_path)
        app.build()
        app.cleanup()
        return Path(app.outdir)

    return build


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(), "html.parser")


def test_a_link_to_a_published_page_shows_the_cover(build):
    """By its full address: whoever shows it has no page to start from."""
    page = soup(build("https://someone.github.io/color/") / "index.html")
    metas = page("meta", property=True)
    tags = {meta["property"]: meta["content"] for meta in metas}
    root = "https://someone.github.io/color/"
    assert tags["og:image"] == root + "_static/made/card.jpg"
    assert tags["og:url"] == root + "index.html"
    assert tags["og:title"] == "A page"
    assert tags["og:site_name"] == "A course"


def test_without_an_address_no_page_names_one(build):
    page = soup(build("") / "index.html")
    assert page("meta", property=True) == []


@pytest.mark.parametrize(
    ("address", "root"),
    [("https://someone.github.io/color/", "/color/"), ("", "/")],
)
def test_who_is_lost_is_led_back(build, address, root):
    """404.html is shown in place of any address, also a deep one."""
    page = soup(build(address) / "404.html")
    assert page.h1.text == "There is no such page"
    assert page.body.find("a", string="first page")["href"] == (
        f"{root}book/index.html"
    )
    styles = [link["href"] for link in page("link", rel="stylesheet")]
    assert styles
    assert all(style.startswith(f"{root}_static/") for style in styles)


def test_colab_s_button_is_drawn_like_the_others(monkeypatch):
    """The theme gives it a picture that says neither size nor sense."""
    monkeypatch.syspath_prepend(EXTENSIONS)
    import site_address

    colab = {"text": "Colab", "icon": "_static/images/logo_colab.png"}
    file = {"text": ".ipynb", "icon": "fas fa-file"}
    context = {"header_buttons": [{"buttons": [colab, file]}, {"text": "x"}]}
    site_address.draw_logos(None, "index", "", context, None)
    assert [colab["icon"], file["icon"]] == ["fas fa-play", "fas fa-file"]
