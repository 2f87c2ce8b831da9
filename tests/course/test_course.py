"""A chapter runs at one of three scales and shows tested code."""

import ast
import subprocess
import sys

import pytest

from colorlib import course
from colorlib.course import scales


class Shape:
    """A stand-in for a class of the package."""

    @property
    def area(self):
        return 0

    def scaled(self, by):
        """Return it larger.

        ```python
        Shape().scaled(2)
        ```
        """
        return by


class Painter:
    """A stand-in for a class with a docstring at every place."""

    # Comments say why, and stay.
    colors: int = 2
    """a* and b*"""

    def paint(self, 색: str) -> str:
        """Return a text whose second line begins at the margin."""

        text = """one
two"""
        return text + 색

    def later(self, 색): "Do it in a subclass."  # fmt: skip

    def never(self):
        """Do nothing."""

    async def wait(self):
        """Wait."""
        # Not long.
        return "a string that is no docstring"


PAINTER = '''\
class Painter:
    # Comments say why, and stay.
    colors: int = 2

    def paint(self, 색: str) -> str:
        text = """one
two"""
        return text + 색

    def later(self, 색): ...  # fmt: skip

    def never(self):
        ...

    async def wait(self):
        # Not long.
        return "a string that is no docstring"
'''


@pytest.mark.parametrize("name", ["smoke", "laptop", "gpu"])
def test_scale_is_the_environment_s(monkeypatch, name):
    monkeypatch.setenv("COLORLIB_SCALE", name)
    assert course.scale() == name
    assert course.at_scale(smoke="smoke", laptop="laptop", gpu="gpu") == name


@pytest.mark.parametrize("unset", [None, ""])
def test_laptop_is_the_default(monkeypatch, unset):
    """A reader who sets nothing must not start an hour of training."""
    monkeypatch.delenv("COLORLIB_SCALE", raising=False)
    if unset is not None:
        monkeypatch.setenv("COLORLIB_SCALE", unset)
    assert course.scale() == "laptop"


def test_unknown_scale_is_an_error(monkeypatch):
    """A typing error must not silently become the default."""
    monkeypatch.setenv("COLORLIB_SCALE", "GPU")
    with pytest.raises(ValueError, match="'GPU'.*smoke, laptop, gpu"):
        course.scale()


def test_source_is_the_file_s_code_and_says_where():
    shown = course.source(course.scale)
    assert str(shown).startswith("# colorlib/course/scales.py, line ")
    assert '    asked = os.environ.get("COLORLIB_SCALE")' in str(shown)
    line = int(str(shown).splitlines()[0].rpartition(" ")[2])
    file = scales.__file__
    with open(file) as f:
        assert f.read().splitlines()[line - 1] == "def scale() -> str:"


def test_method_is_shown_without_its_indentation():
    assert course.source(Shape.scaled).code.startswith("def scaled(self, by):")
    assert course.source(Shape.area).code.startswith("@property")


def test_docstrings_are_left_out_and_comments_stay():
    """Half of the code that the chapters showed was docstrings."""
    assert course.source(Painter).code == PAINTER
    shown = course.source(course.source)
    assert '"""' not in shown.code
    assert shown.code.endswith('line {first}")\n')


def test_a_function_without_its_docstring_is_still_python():
    """A body that held only a docstring gets three dots."""
    assert course.source(Painter.never).code == "def never(self):\n    ...\n"
    ast.parse(course.source(Painter).code)


def test_a_string_at_the_margin_does_not_keep_a_method_indented():
    assert course.source(Painter.paint).code == (
        "def paint(self, 색: str) -> str:\n"
        '    text = """one\ntwo"""\n'
        "    return text + 색\n"
    )


def test_docstrings_are_shown_when_asked_for():
    shown = course.source(Shape.scaled, docstring=True)
    assert '    """Return it larger.\n' in shown.code
    assert shown.place == course.source(Shape.scaled).place


def test_a_fence_in_a_docstring_does_not_end_the_block():
    """Otherwise half a function would become the page's prose."""
    shown = course.source(Shape.scaled, docstring=True)._repr_markdown_()
    assert shown.startswith("````python\n")
    assert shown.endswith("return by\n````\n")


def test_source_of_a_value_says_what_it_can_show():
    with pytest.raises(TypeError, match="classes, functions and methods"):
        course.source(0.5)


def test_table_is_a_row_each_with_numbers_of_one_length():
    """Numbers line up, counts stay counts, what is missing stays empty."""
    shown = course.table(
        [{"name": "cat", "error": 9.876}, {"name": "cup", "n": 3}]
    )
    assert shown._repr_markdown_() == (
        "| name | error | n |\n"
        "| --- | ---: | ---: |\n"
        "| cat | 9.9 |  |\n"
        "| cup |  | 3 |"
    )
    assert str(shown) == "name\terror\tn\ncat\t9.9\t\ncup\t\t3"


def test_words_begin_at_the_left_and_numbers_end_at_the_right():
    rows = [
        {"": "a", "n": 1, "x": "-3 [-4, 2]", "w": "no", "p": "12 %", "e": ""},
        {"": "b", "n": 2, "x": "", "w": "it forbids 2", "p": "", "e": ""},
    ]
    rule = course.table(rows)._repr_markdown_().splitlines()[1]
    assert rule == "| --- | ---: | ---: | --- | ---: | ---: |"


def test_table_without_rows_is_an_error():
    with pytest.raises(ValueError, match="at least one row"):
        course.table([])


def test_first_cell_of_a_chapter_is_quick():
    """The scale must be readable without waiting for torch."""
    heavy = "torch", "numpy", "matplotlib", "IPython", "skimage"
    code = (
        "import sys, colorlib.course\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert run.stdout.strip() == "[]", run.stderr
