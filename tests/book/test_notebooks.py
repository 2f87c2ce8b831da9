"""What holds for every chapter's file and every page's text."""

import ast
import inspect
import re
from pathlib import Path

import nbformat
import pytest

from colorlib.figures.charts import Drawing
from colorlib.figures.picture import Picture

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


def read(path: Path):
    return nbformat.read(path, as_version=4)


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


def test_first_cells_differ_in_the_chapter_s_number_alone():
    """What is mended in one is easily forgotten in fifteen others."""
    found = set()
    for path in CHAPTERS:
        first = next(c for c in read(path).cells if c.cell_type == "code")
        assert first.metadata.tags == ["colab-setup", "remove-input"], path
        number = f'course.begin("{path.name[:2]}")'
        assert first.source.endswith(number), path
        found.add(first.source.removesuffix(number))
    [cell] = found
    assert len(cell.splitlines()) < 15
    assert re.search(r'^REPOSITORY = "[^"]*"$', cell, re.MULTILINE)
    assert re.search(r'^RELEASE = "[^"]+"$', cell, re.MULTILINE)


@pytest.mark.parametrize("has_it", [True, False])
def test_first_cell_installs_only_where_nothing_is(monkeypatch, has_it):
    """Jupyter's %pip is stood in for; on Colab it keeps the torch there."""
    first = next(c for c in read(CHAPTERS[0]).cells if c.cell_type == "code")
    code = first.source.replace('REPOSITORY = ""', 'REPOSITORY = "https://x"')
    pip = re.compile(r'%pip install --quiet "(.*)"')
    code, count = pip.subn(r'installed.append(f"\1")', code)
    assert count == 1
    spec = True if has_it else None
    monkeypatch.setattr("importlib.util.find_spec", lambda name: spec)
    installed = []
    exec(code, {"installed": installed})
    release = re.search(r'RELEASE = "(.*)"', code)[1]
    assert installed == ([] if has_it else [f"git+https://x@{release}"])


def _find(expression, names: dict):
    """Look up what is imported; a variable or a result is its class."""
    match expression:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=of, attr=name):
            return getattr(_find(of, names), name, None)
        case ast.Call(func=function):
            called = _find(function, names)
            if inspect.isclass(called):
                return called
            return getattr(called, "__annotations__", {}).get("return")


def _pictures(chapter):
    """Yield the cells whose last line is a picture or a chart.

    They are read, not run. What comes out of a function that the chapter
    defines itself, test_html.py sees on the rendered page.
    """
    names = {}
    for cell in chapter.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "colab-setup" in tags:
            continue
        body = ast.parse(cell.source).body
        for line in body:
            match line:
                case ast.Import() | ast.ImportFrom():
                    exec(ast.unparse(line), names)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    names[name] = _find(value, names)
        if isinstance(body[-1], ast.Expr):
            shown = _find(body[-1].value, names)
            if inspect.isclass(shown) and issubclass(shown, (Drawing, Picture)):
                yield cell


def test_pictures_have_alternative_text(chapter):
    """Without it the page reads out the hash that names the file."""
    pictures = list(_pictures(chapter))
    assert pictures
    for cell in pictures:
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        assert len(alt.split()) >= 6, cell.source


def test_quizzes_come_without_their_line_of_code(chapter):
    [quiz] = [c for c in chapter.cells if "course.quiz(" in c.source]
    assert quiz.metadata.get("tags") == ["remove-input"]


def test_directives_are_legible_without_the_book(chapter):
    """On Colab a backtick fence is code, and its title is gone. A colon
    fence is text, but needs blank lines, else it sticks to its content.
    """
    opened = re.compile(r"(?m)^:::+\{.*\n(?::\w.*\n)*+(?!\n|:::)")
    closed = re.compile(r"(?m)^[^:\n].*\n:::+$")
    for cell in chapter.cells:
        if cell.cell_type == "markdown":
            assert "```{" not in cell.source, cell.source
            assert not opened.search(cell.source), cell.source
            assert not closed.search(cell.source), cell.source


def test_every_prediction_has_a_folded_answer(chapter):
    """A reader can stop at the box, and not read the answer by accident."""
    text = "\n".join(
        c.source for c in chapter.cells if c.cell_type == "markdown"
    )
    first, *boxes = text.split(":::{admonition} Predict first\n")
    assert boxes
    assert ":::{dropdown} Answer" not in first
    for box in boxes:
        assert re.search(r"(?m)^:::\{dropdown\} Answer\n\n", box), box[:200]


def test_cells_are_short(chapter):
    """One idea a cell: fifteen lines hold one."""
    long = {
        cell.id: lines
        for cell in chapter.cells
        if cell.cell_type == "code"
        and (lines := len(cell.source.splitlines())) > 15
    }
    assert long == {}
