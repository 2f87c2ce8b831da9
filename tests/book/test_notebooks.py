"""What holds for every chapter's file and every page's text."""

import ast
import inspect
import re
from pathlib import Path

import nbformat
import pytest

from colorlib import figures

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
PAGES = sorted((ROOT / "book").glob("*.md"))

# A result in prose grows old when the model changes: a measure with a number
# after it, or a number with a unit of quality after it. A threshold ("above
# 10") is no result.
MEASURE = (
    r"(?:CIEDE2000|PSNR|SSIM|LPIPS|FID|MAE|colorfulness|chroma ratio"
    r"|accuracy|loss|error)"
)
NUMBER = r"\d+(?:[.,]\d+)*"
RESULT = re.compile(
    rf"\b{MEASURE}\b[*_`]*"
    rf"(?:\s*[:=]|\s+(?:of|is|was|falls to|fell to|drops to|reaches|reached))?"
    rf"\s+(?:only|about|nearly)?\s*[*_`]*{NUMBER}"
    rf"|{NUMBER}[*_`]*\s*(?:dB\b|%|percent\b|{MEASURE}\b)",
    re.IGNORECASE,
)


def read(path: Path):
    return nbformat.read(path, as_version=4)


def results_in(text: str) -> list[str]:
    return [match.group() for match in RESULT.finditer(text)]


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return read(request.param)


def test_there_are_chapters():
    """An empty folder would pass every test below."""
    assert CHAPTERS


def test_chapters_are_stored_without_outputs(chapter):
    """Outputs go stale, and a photograph would be stored at each commit."""
    for cell in chapter.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [], cell.id
            assert cell.execution_count is None, cell.id


def test_chapters_name_their_language(chapter):
    """Jupyter, Colab and the page choose kernel and highlighting by it."""
    assert chapter.metadata.kernelspec.name == "python3"
    assert chapter.metadata.language_info == {
        "name": "python",
        "pygments_lexer": "ipython3",
    }


def test_first_code_cell_sets_colab_up(chapter):
    first = next(c for c in chapter.cells if c.cell_type == "code")
    assert "colab-setup" in first.metadata.tags
    assert re.search(r'^REPOSITORY = "[^"]*"$', first.source, re.MULTILINE)


def _draws(cell) -> bool:
    """Tell whether a cell's last line is a picture of colorlib.figures."""
    last = ast.parse(cell.source).body[-1]
    call = getattr(last, "value", None)
    if not isinstance(last, ast.Expr) or not isinstance(call, ast.Call):
        return False
    name = ast.unparse(call.func)
    function = getattr(figures, name.removeprefix("figures."), None)
    return (
        name.startswith("figures.")
        and inspect.signature(function).return_annotation is figures.Picture
    )


def test_pictures_have_alternative_text(chapter):
    """Without it the page reads out the hash that names the file."""
    drawing = [
        cell
        for cell in chapter.cells
        if cell.cell_type == "code" and "%" not in cell.source and _draws(cell)
    ]
    assert drawing
    for cell in drawing:
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        assert len(alt.split()) >= 6, cell.id


def test_cells_are_short(chapter):
    """One idea a cell: fifteen lines hold one."""
    long = {
        cell.id: lines
        for cell in chapter.cells
        if cell.cell_type == "code"
        and (lines := len(cell.source.splitlines())) > 15
    }
    assert long == {}


def test_no_result_is_typed_into_a_chapter(chapter):
    typed = {
        cell.id: found
        for cell in chapter.cells
        if cell.cell_type == "markdown" and (found := results_in(cell.source))
    }
    assert typed == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_result_is_typed_into_a_page(page):
    assert results_in(page.read_text()) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "reaches a CIEDE2000 of 10.28 after an hour",
        "The color error was **9.3** in the mean.",
        "Colorfulness: 31 against 44.",
        "That is 33.6 dB.",
        "It removes 12 % of the error.",
        "its loss fell to about 0.7",
    ],
)
def test_a_typed_result_is_found(sentence):
    assert results_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "the share of pixels whose color error is above 10",
        "CIEDE2000 gives 0 for equal colors",
        "Multiply a* and b* by 1.5 and look at the error again.",
        "**3. Model A has a smaller error than model B**",
        "Python 3.11 or later",
    ],
)
def test_other_numbers_are_not_results(sentence):
    assert results_in(sentence) == []
