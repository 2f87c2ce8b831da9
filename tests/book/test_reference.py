"""The pages for looking things up say what the code says, and all of it."""

import importlib.util
import json
import pkgutil
import re
from pathlib import Path

import api_pages
import chapter_links
import command_help
import pytest
import recorded
from bs4 import BeautifulSoup
from pybtex.database import parse_file

import colorlib

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "book" / "api"
BIBLIOGRAPHY = parse_file(ROOT / "book" / "references.bib").entries


@pytest.fixture(scope="module")
def soup(html):
    """Read a page of the rendered book by its address."""
    return lambda page: BeautifulSoup((html / page).read_text(), "html.parser")


# The package


def public_modules() -> set[str]:
    """All modules but those that a package speaks for, with its `__all__`.

    The command line's page shows commands instead.
    """
    names = [
        found.name
        for found in pkgutil.walk_packages(colorlib.__path__, "colorlib.")
        if not found.name.endswith("__main__")
    ]
    doors = [
        f"{name}."
        for name in names
        if hasattr(module := importlib.import_module(name), "__path__")
        and hasattr(module, "__all__")
    ]
    return {
        name
        for name in names
        if name != "colorlib.cli" and not name.startswith(tuple(doors))
    }


def shown_modules() -> dict[str, str]:
    """Which module is on which page of the package."""
    return {
        module: page.name
        for page in API.glob("*.md")
        for module in re.findall(
            r"^\.\. automodule:: (\S+)", page.read_text(), re.MULTILINE
        )
    }


def test_every_public_module_has_its_page():
    """What can be imported can be looked up."""
    missing = public_modules() - shown_modules().keys()
    assert not missing, (
        "add `.. automodule::` for these to a page in book/api/, and a new"
        " page to _toc.yml"
    )


@pytest.mark.parametrize("module", sorted(shown_modules()))
def test_every_page_has_its_module(module):
    """A page of a module that was renamed would show nothing."""
    assert importlib.util.find_spec(module)


def test_every_page_of_the_package_can_be_found():
    """From the contents and from the package's first page."""
    toc = (ROOT / "_toc.yml").read_text()
    index = (API / "index.md").read_text()
    for page in API.glob("*.md"):
        assert f"book/api/{page.stem}\n" in toc, page.name
        assert page.stem == "index" or f"({page.name})" in index, page.name


def test_signatures_show_the_names_that_code_is_written_in(soup):
    """`L: LChannel` tells more than what jaxtyping makes of it."""
    page = soup("book/api/color.html")
    signature = page.find(id="colorlib.color.lab.join_lab").get_text()
    assert "L: LChannel, ab: ABChannels" in signature
    for found in page.select("dt.sig[id^='colorlib.color.lab.']"):
        assert "Float[" not in found.get_text()


def test_a_type_in_a_signature_leads_to_what_it_means(soup):
    link = soup("book/api/color.html").select_one(
        "#colorlib\\.color\\.lab\\.split_lab a[href*='LChannel']"
    )
    assert link["href"] == "shapes.html#colorlib.shapes.LChannel"
    shape = soup("book/api/shapes.html").find(id="colorlib.shapes.LChannel")
    told = shape.find_next("dd").get_text()
    assert "*batch 1 height width" in told
    assert "L* / 50 - 1" in told


@pytest.mark.parametrize("before", [[], ["Raises:", "    E: if a* is b*.", ""]])
def test_examples_are_left_as_they_are(before):
    """Stars and bars in them are Python's."""
    example = [">>> with a as part:", "...     _ = part | 2 * b_", "'a*'"]
    lines = ["Do it.", "", *before, *example]
    api_pages.prepare(None, "function", "f", None, None, lines)
    assert lines[-3:] == example


def test_docstrings_arrive_whole(soup):
    """Stars, bars and colons are what they are, and not markup."""
    text = soup("book/api/color.html").get_text(" ", strip=True)
    assert "box |a*|, |b*| <= 110" in text
    assert "The same shape: L* in [0, 100], a* and b* within" in text
    assert "rgb --rgb_to_lab--> lab" in text
    assert "Half of one 8-bit level: nearer to the gamut" in text


def test_a_shortened_name_leads_to_the_thing(soup):
    """`evaluation` in a docstring is colorlib.evaluation."""
    links = soup("book/api/metrics.html").select("section a.reference code")
    assert "evaluation" in [link.get_text() for link in links]


def test_the_command_line_is_shown_whole(soup):
    """Every command, every option, every explanation."""
    text = "".join(soup("book/api/cli.html").article.get_text().split())
    for name, command in command_help.all_commands().items():
        assert f"colorlib{name.replace(' ', '')}[OPTIONS]" in text
        for parameter in command.params:
            for word in (*parameter.opts, *parameter.secondary_opts):
                if word.startswith("-"):
                    assert word in text, (name, word)
        for line in command_help.as_markdown(name, command):
            if line.startswith(": "):
                start = re.split(r"[`'\"]", line[2:])[0]
                assert "".join(start.split()) in text, line


def test_the_command_line_s_defaults_are_shown_once():
    """A terminal adds some of them; the others stand in the explanation."""
    for name, command in command_help.all_commands().items():
        told = command_help.as_markdown(name, command)
        for parameter in command.params:
            shown = isinstance(parameter.default, int | float | str | Path)
            if shown and not isinstance(parameter.default, bool):
                [line] = [
                    s for s in told if s.startswith(f": {parameter.help}")
                ]
                assert line.count("default") == 1, (name, line)


def test_a_protocol_is_shown_without_arguments(soup):
    """Nobody makes one; `*args, **kwargs` would say that one could."""
    text = soup("book/api/training.html").article.get_text()
    assert "class Stateful" in text
    assert "Stateful(*args" not in text


# Links between code, docstrings and chapters


def test_code_in_a_chapter_leads_to_its_explanation(soup):
    """Also in the cell after the one that imports the name."""
    cells = soup("chapters/01_five_minutes.html").select("div.cell_input")
    found = {a["href"] for cell in cells for a in cell.select("a[href]")}
    assert "../book/api/colorizer.html#colorlib.colorizer.Colorizer" in found
    assert "../book/api/figures.html#colorlib.figures.picture.compare" in found
    assert "../book/api/photos.html#colorlib.photos.write" in found


def test_a_docstring_leads_to_its_chapter(soup):
    page = soup("book/api/colorizer.html")
    place = page.find(id="colorlib.colorizer.Colorizer.load")
    link = place.find_next("a", string="Chapter 01")
    assert link["href"] == "../../chapters/01_five_minutes.html"


def test_only_chapters_that_exist_are_linked():
    def linked(text):
        pieces = chapter_links.link(text, {"07": "chapters/07_pix2pix"})
        assert "".join(piece.astext() for piece in pieces) == text
        return [p.astext() for p in pieces if p.tagname == "pending_xref"]

    assert linked("CIE 15:2004. Chapter 07.") == ["Chapter 07"]
    assert linked("Chapters 02, 07 and 10.") == ["07"]
    assert linked("told in\nchapter\n07, later") == ["chapter\n07"]
    assert linked("Chapter 08. Efron, ch. 07. 07 chapters.") == []


# Bibliography

FIELDS = {
    "article": {"author", "title", "journal", "volume", "year"},
    "book": {"author", "title", "publisher", "year"},
    "inproceedings": {"author", "title", "booktitle", "year"},
    "misc": {"author", "title", "howpublished", "year"},
}


@pytest.mark.parametrize("key", BIBLIOGRAPHY)
def test_an_entry_is_complete(key):
    """And can be found: by a DOI, on arXiv or the web, unless it is a book."""
    entry = BIBLIOGRAPHY[key]
    fields = {*entry.fields, *entry.persons}
    assert FIELDS[entry.type] <= fields
    assert "keywords" in fields
    assert fields & {"doi", "eprint", "url"} or entry.type == "book"
    assert key.endswith(entry.fields["year"])


def test_every_entry_is_cited():
    """On a page, by a link in a chapter, or in code, by author and year."""
    pages = [p.read_text() for p in (ROOT / "book").glob("*.md")]
    chapters = [p.read_text() for p in (ROOT / "chapters").glob("*.ipynb")]
    code = [p.read_text() for p in (ROOT / "colorlib").rglob("*.py")]
    prose = "\n".join(pages + chapters)
    cited = {
        key
        for keys in re.findall(r"\{cite:\w+\}`([^`]+)`", prose)
        for key in keys.split(",")
    }
    assert cited <= BIBLIOGRAPHY.keys()
    for key in BIBLIOGRAPHY.keys() - cited:
        fields = BIBLIOGRAPHY[key].fields
        author, year = re.fullmatch(r"(\D+)(\d{4})", key).groups()
        linked = [fields[f] for f in ("doi", "eprint", "url") if f in fields]
        assert any(
            address in text for address in linked for text in [prose, *code]
        ) or any(
            re.search(rf"(?is)\b{author}\b.{{0,99}}\b{year}\b", text)
            for text in code
        ), f"nothing cites {key}"


def test_every_entry_is_listed_once(soup):
    """A subject without its section would lose its papers."""
    listed = soup("book/bibliography.html").select("div.citation")
    assert len(listed) == len(BIBLIOGRAPHY)


def test_papers_that_docstrings_name_are_in_the_bibliography():
    """By first author and year."""
    named = re.compile(
        r"\b([A-Z][a-z]+)(?: et al\.|(?:, | and | & )[A-Z][a-z]+)[^;()]*?"
        r"\b((?:19|20)\d\d)\b"
    )
    found = set()
    for path in (ROOT / "colorlib").rglob("*.py"):
        for docstring in path.read_text().split('"""')[1::2]:
            text = " ".join(docstring.split())
            for part in re.findall(r"References?: (.*)", text):
                for author, year in named.findall(part):
                    found.add(f"{author.lower()}{year}")
    assert "isola2017" in found
    missing = found - BIBLIOGRAPHY.keys()
    assert not missing, "add these to book/references.bib, checked"


def test_a_reference_names_a_source_and_its_year():
    """Where only a chapter tells more, the section is called "See Also"."""
    section = re.compile(r"(?ms)^( *)References?:\n(.*?)(?=^\s*$|\Z)")
    unnamed = [
        f"{path.name}: {' '.join(text.split())}"
        for path in (ROOT / "colorlib").rglob("*.py")
        for docstring in path.read_text().split('"""')[1::2]
        for _, text in section.findall(docstring)
        if not re.search(r"\b(?:19|20)\d\d\b", text)
    ]
    assert not unnamed


def test_papers_that_chapters_link_to_are_in_the_bibliography():
    """By address. In a chapter they are plain links, which work on Colab."""
    addresses = {
        f"https://{host}/{entry.fields[field]}"
        for entry in BIBLIOGRAPHY.values()
        for host, field in (("doi.org", "doi"), ("arxiv.org/abs", "eprint"))
        if field in entry.fields
    }
    paper = re.compile(r"https://(?:doi\.org|arxiv\.org)/[^)\s]+")
    linked = {
        address
        for path in (ROOT / "chapters").glob("*.ipynb")
        for address in paper.findall(path.read_text())
    }
    assert "https://arxiv.org/abs/1611.02163" in linked
    missing = linked - addresses
    assert not missing, "add these to book/references.bib, checked"


# Recorded numbers


def test_scores_put_gray_before_the_model():
    found = {"value": 10.572, "low": 10.377, "high": 10.769}
    exact = {"value": 0.0, "low": 0.0, "high": 0.0}
    scores = {"model": {"ciede2000": found}, "gray": {"ciede2000": exact}}
    [row] = recorded.rows(scores)
    assert list(row) == ["measure", "gray", "model"]
    assert row["gray"] == "0.00"
    assert row["model"] == "10.57 (10.38 to 10.77)"


def test_a_number_that_was_not_recorded_is_an_error():
    with pytest.raises(KeyError):
        recorded.look_up("compact/report.json", ["groups", "nobody"])
    with pytest.raises(FileNotFoundError):
        recorded.look_up("no-such-run/report.json", [])


def test_how_we_measured_shows_the_recorded_numbers(soup):
    """Read from the file, so that they can't be another run's."""
    path = recorded.RESULTS / "compact" / "report.json"
    report = json.loads(path.read_text())
    text = soup("book/how-we-measured.html").article.get_text(" ")
    group = report["groups"]["all"]
    assert f"{group['n']:,} photographs" in text
    assert report["list_hash"] in text
    for who in ("gray", "model"):
        assert f"{group['scores'][who]['ciede2000']['value']:.2f} (" in text
