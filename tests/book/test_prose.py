"""No result is typed into prose: it would grow old when the model changes.

The same goes for docstrings and comments, where times, sizes and speeds are
results too: a benchmark measures them, and a sentence doesn't.

What counts as one: a measure with a number beside it, or a number with a
unit of quality or speed, in a sentence or in a table. A threshold ("above
10"), an interval's 95 %, mathematics and code are none: what follows from a
formula does not grow old, so write it as one.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    *sorted((ROOT / "colorlib").rglob("*.py")),
    *sorted((ROOT / "experiments").rglob("*.py")),
]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
PAGES = [
    *sorted((ROOT / "book").glob("*.md")),
    *sorted((ROOT / "colorlib/course/quizzes").glob("*.toml")),
]

MEASURE = (
    r"(?:CIEDE2000|ab[- ]MAE|MAE|PSNR|SSIM|LPIPS|FID|colou?rfulness|chroma"
    r"(?:[ ]ratio)?|accuracy|loss(?:es)?|errors?|scores?)"
)
# 10, 10.28 or 1,000; nought is where scales begin, and no result.
NUMBER = r"(?<![\w.,])(?!0(?![.,]\d))\d+(?:[.,]\d+)*"
# What may stand between a measure and its number.
VERB = (
    r"of|is|was|are|were|from|to|at|by|in|between|only|about|around|nearly"
    r"|roughly|falls?|fell|drops?|dropped|rises?|rose|grows?|grew|gets?|got"
    r"|reach(?:es|ed)|stays?|stayed|ends?|ended"
)
SPACE = r"[\s*_~≈:=(\[]+"
PHOTOGRAPHS = r"(?:photographs?|photos?|images?|pictures?)"
A_SECOND = r"\s*(?:/|a[ ]|per[ ])\s*s(?:ec(?:ond)?)?\b"
RESULT = re.compile(
    rf"""
      \b{MEASURE}\b (?:{SPACE}(?:{VERB})\b)* {SPACE} {NUMBER}
    | {NUMBER} [\s*_]* (?:units?|points?)? \s* (?:of|in)? \s* \b{MEASURE}\b
    | {NUMBER} [\s*_]* (?:dB\b | % | percent\b)
    | {NUMBER} [\s*_]* (?:points?\s+)? (?:better|worse)\b
    | {NUMBER} [\s*_]* {PHOTOGRAPHS} {A_SECOND}
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A number that says where to look, not how good something is.
PLACE = re.compile(
    r"\b(?:chapter|section|figure|table|epoch|step|cell|line|part|exercise"
    r"|equation)s?\s*\Z",
    re.IGNORECASE,
)
# Blanked, so that what stands around it is still read.
NOT_PROSE = re.compile(
    r"(?ms)^```.*?^```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|<!--.*?-->"
    r"|\]\([^)\s]*\)|https?://\S+"
    r"|\d+\s*%\s*(?:\w+\s+)?intervals?|\d+ times in \d+|middle \d+ %"
)


# What a benchmark would have to verify, in docstrings and comments.
A_FEW = r"(?:half\s+an?|an?|one|two|three|four|five|ten|twenty|few|some)"
TIMES = rf"(?:(?:{NUMBER}|{A_FEW}|a[ ]hundred)[ ]times|twice|half)"
MEASUREMENT = re.compile(
    rf"""
      {NUMBER} [\s-]* (?:[mµ]?s|min|h|[kMG]i?B) \b (?!['),])
    | \b (?:{NUMBER}|{A_FEW}) [\s-]+ (?:milli)?(?:second|minute|hour)s? \b
    | \b (?:{NUMBER}|{A_FEW}) [\s-]+ (?:kilo|mega|giga)bytes? \b
    | \b {TIMES} [ ] (?:faster|slower|larger|smaller|longer|less|more
        |as[ ](?:fast|slow|large|small|long|much|many))
    | \b (?:{TIMES}|(?:a|one)[ ](?:third|quarter|fifth|tenth)[ ]of)
        [ ] the [ ] (?:time|memory|speed)
    """,
    re.VERBOSE,
)
# What looks like a measurement and is a limit, an example or arithmetic.
NO_MEASUREMENT = {
    "1.5 CIEDE2000 below gray",  # the rules of a race
    "10 seconds more than at the look before, later 5 % more",
    "beat gray by 1.5 CIEDE2000",
    "16 times as long as high",  # follows from the constant below it
    "31 photos/s",  # what a line looks like
    "A score from 2,000 photographs",
    "a minute on a processor",  # a rehearsal, by its settings
    "can't train in a minute",
    "differ by 12 units of CIEDE2000",  # held by a test of the colors
    "fit into some minutes",  # what the reader gives
    "for some minutes only",
    "from one number of cycles to twice as many",  # an octave
    "half as large again",  # what a reader turned the colors up by
    "has more than 64 MB of them",  # limits
    "has more than a megabyte",
    "less than a minute",  # a scale's promise, measured by tools/measure.py
    "no machine is as fast in an hour",
    "some kilobytes can ask for",
    "the 4 GB of a TIFF",
    "the first 64 KB",
    "holds at most 64 KB",
    "together at most 300 kB",
    "where the worst 5 % begin",
    "a scan of a gigabyte",
    "is 0.2 MB as bytes",  # 3 x 256 x 256
    "fill 1.6 GB",
}


def results_in(text: str) -> list[str]:
    """Find what looks like a result, in Markdown."""
    text = NOT_PROSE.sub(" … ", text)
    found = [
        match.group()
        for match in RESULT.finditer(text)
        if not PLACE.search(text[: match.start()])
    ]
    for table in re.findall(r"(?m)(?:^\s*\|.*\|\s*$\n?)+", text):
        found += _in_table(table)
    return found


def _in_table(table: str) -> list[str]:
    """Find numbers in a column, or a row, that is named after a measure."""
    rows = [
        [cell.strip(" *_") for cell in line.strip().strip("|").split("|")]
        for line in table.splitlines()
    ]
    head, *body = rows
    is_measure = re.compile(rf"\b{MEASURE}\b", re.IGNORECASE).search
    is_number = re.compile(rf"[±~≈]?\s*{NUMBER}").match
    return [
        cell
        for row in body
        for name, cell in zip(head, row, strict=False)
        if is_number(cell) and (is_measure(name) or is_measure(row[0]))
    ]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_result_is_typed_into_a_chapter(chapter):
    cells = nbformat.read(chapter, as_version=4).cells
    typed = {
        cell.id: found
        for cell in cells
        if cell.cell_type == "markdown" and (found := results_in(cell.source))
    }
    assert typed == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_result_is_typed_into_a_page(page):
    assert results_in(page.read_text()) == []


def comments_in(path: Path) -> Iterator[str]:
    """Docstrings without their examples, and comments in one piece."""
    source = path.read_text()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(ast.Constant(str(text))):
                yield re.sub(r"(?ms)^ *>>>.*?(?:\n\s*\n|\Z)", "\n\n", text)
    last, block = 0, ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            if line > last + 1:
                yield block
                block = ""
            last, block = line, f"{block} {token.string.lstrip('# ')}"
    yield block


def measurements_in(text: str) -> list[str]:
    """Find what a benchmark would have to verify, in a docstring."""
    text = " ".join(text.split())
    for allowed in NO_MEASUREMENT:
        text = text.replace(allowed, "…")
    return results_in(text) + MEASUREMENT.findall(text)


@pytest.mark.parametrize(
    "path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_no_measurement_is_typed_into_code(path):
    found = [m for text in comments_in(path) for m in measurements_in(text)]
    assert not found


def test_what_is_allowed_in_code_is_still_there():
    every = " … ".join(text for path in CODE for text in comments_in(path))
    every = " ".join(every.split())
    assert [phrase for phrase in NO_MEASUREMENT if phrase not in every] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "which takes 0.3 s of one core",
        "in 12 ms a photograph",
        "five times faster than a loop",
        "needs 900 MB of memory",
        "three times as fast as Pillow",
        "a quarter of the time",
        "takes half a minute on two cores",
        "saves ten seconds",
        "a large scan asks for two gigabytes",
        "100 photographs a second",
        "off by CIEDE2000 1.3",
    ],
)
def test_a_typed_measurement_is_found(sentence):
    assert measurements_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "128 pixels high, (2, h, W)",
        "drawn 64 times as often as it takes, 3 x 3",
        "The first 52 bits of SHA-256, as a fraction.",
        "epoch 3, step 12, 8,000 photographs",
        "a gamma of 2.2",
    ],
)
def test_other_numbers_in_code_are_no_measurements(sentence):
    assert measurements_in(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "reaches a CIEDE2000 of 10.28 after an hour",
        "The color error was **9.3** in the mean.",
        "Colorfulness: 31 against 44.",
        "That is 33.6 dB.",
        "It removes 12 % of the error.",
        "The error is 12% less than before.",
        "some 12 percent less",
        "its loss fell to about 0.7",
        "CIEDE2000 falls from 12.1 to 9.8",
        "The error stays between 9 and 11.",
        "it is 10.3 in CIEDE2000",
        "9.8 to 11.2 CIEDE2000",
        "a chroma ratio of 0.61",
        "2.3 points better than gray",
        "The GAN's scores are 11 and 12.",
        "95 % of the photographs",
        "trains at 400 photographs per second",
        "1,200 images/s on a GPU",
        "CIEDE2000 (10.3) and",
        "| run | error |\n| --- | --- |\n| model 1 | 9.3 |",
        "| | gray | model |\n|---|---|---|\n| **CIEDE2000** | 12 | *9.3* |",
    ],
)
def test_a_typed_result_is_found(sentence):
    assert results_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "the share of pixels whose color error is above 10",
        "CIEDE2000 gives 0 for equal colors",
        "a gray picture has a colorfulness of 0",
        "Multiply a* and b* by 1.5 and look at the error again.",
        "**3. Model A has a smaller error than model B**",
        "Python 3.11 or later",
        "with 95 % intervals, and 95 % bootstrap intervals",
        "the score (95 times in 100)",
        "the middle 95 % of the results are the interval",
        "After epoch 20 loss and colors change little.",
        "At the start the loss is $\\ln 2 = 0.693$ for a guess.",
        "`error = 10` is a line of code",
        "```\nloss: 0.7\n```",
        "[a paper about errors](https://doi.org/10.1002/col.20070), 2005",
        "CIEDE2000 {cite:p}`sharma2005` and 8,000 photographs",
        "| scale | photographs |\n| --- | --- |\n| gpu | 8,000 |",
        "8,000 photographs to train on, 2,000 to validate on",
        "the error in chapter 13 has a name",
    ],
)
def test_other_numbers_are_not_results(sentence):
    assert results_in(sentence) == []
