"""What chapters say of trainings that run on the page is so.

Here of the page's own seeds; `make test-machines` holds the same claims
against other seeds, threads and instruction sets.
"""

import functools
import math
import re

import claims
import machines
import nbformat
import pytest
from claims import CLAIMS, EXPERIMENTS, Claim

TRAINS = re.compile(r"\.backward\(\)|train_gan\(|small_gans\.train_pair\(")


@functools.cache
def numbers(chapter: str) -> dict[str, float]:
    """Train as the page does, once for all of a chapter's claims."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLORLIB_SCALE", "laptop")
        return EXPERIMENTS[chapter].run(seed=0)


def text_of(chapter: str) -> str:
    [path] = claims.CHAPTERS.glob(f"{chapter}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells)


@pytest.mark.slow
@pytest.mark.parametrize(
    "claim", CLAIMS, ids=lambda claim: f"{claim.chapter}-{claim.number}"
)
def test_a_claim_holds_on_the_page(claim):
    assert claim.holds(numbers(claim.chapter)[claim.number])


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.sentence)
def test_a_claim_is_a_sentence_of_its_chapter(claim):
    """Else the sentence could change, and the test would go on passing."""
    assert claim.sentence in text_of(claim.chapter)


def test_every_chapter_that_trains_has_claims():
    """Chapter 07 takes a single step, whose sign is arithmetic."""
    trains = {
        path.name[:2]
        for path in claims.CHAPTERS.glob("*.ipynb")
        if TRAINS.search(text_of(path.name[:2]))
    }
    assert trains - {"07"} == EXPERIMENTS.keys()
    assert {claim.chapter for claim in CLAIMS} == EXPERIMENTS.keys()


def test_a_seed_changes_every_seed_that_a_chapter_sets():
    line = "torch.manual_seed(0); Batches(a, seed=1); networks(seed=seed)"
    shifted = claims.SEEDS.sub(r"\g<1>\g<2> + 3", line)
    assert shifted == (
        "torch.manual_seed(0 + 3); Batches(a, seed=1 + 3);"
        " networks(seed=seed + 3)"
    )


def test_a_cell_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"no cells \['nowhere'\]"):
        claims.execute("02", ("nowhere",), 0)


# The table of `make test-machines`.

CLAIM = Claim("99", "number", "It is small.", most=1.0)


@pytest.mark.parametrize(
    ("values", "holds", "worst"),
    [
        ([0.1, 0.2, 0.3], "yes", 0.3),
        ([0.1, 0.2, 1.1], "NO", 1.1),  # one training disagrees
        ([0.7, 0.8, 0.99], "NO", 0.99),  # too near
        ([0.5, 0.5], "yes", 0.5),  # no spread
    ],
)
def test_a_claim_needs_all_trainings_and_a_margin(values, holds, worst):
    row = machines.judge_claim(CLAIM, values)
    assert row["holds?"] == holds
    assert row["worst"] == worst
    assert row["trainings"] == len(values)


def test_a_number_that_is_none_does_not_hold():
    assert not CLAIM.holds(math.nan)
    assert machines.judge_claim(CLAIM, [0.1, math.nan])["holds?"] == "NO"


def test_the_table_is_markdown():
    table = machines.as_table([machines.judge_claim(CLAIM, [0.25, 0.25])])
    assert table.splitlines()[-1] == (
        "| 99 | It is small. | at most 1 | 2 | 0.25 | 0.25 | over 99 | yes |"
    )


def test_what_was_measured_of_another_text_is_not_kept(tmp_path):
    """A chapter's cells are part of what its numbers are kept under."""
    kept = tmp_path / "machines.jsonl"
    machines.keep("here", "02", 0, {"shift": 2.0}, kept)
    assert [line["numbers"] for line in machines.read(kept)] == [{"shift": 2.0}]
    kept.write_text(kept.read_text().replace('"of": "', '"of": "0'))
    assert machines.read(kept) == []


def test_machines_differ_in_threads_and_instructions():
    environs = machines.MACHINES.values()
    assert len({tuple(sorted(each.items())) for each in environs}) == 6
    assert {each["OMP_NUM_THREADS"] for each in environs} == {"1", "2"}
