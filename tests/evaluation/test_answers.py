"""Answers of judges: read with suspicion, summed up with intervals."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from colorlib.evaluation.answers import (
    BOOTSTRAP,
    COLUMNS,
    WILSON,
    Answer,
    read_answers,
    side_balanced_share,
    summarize_answers,
)
from colorlib.evaluation.choices import wilson_interval

HEADER = ",".join(COLUMNS)
ROW = "ann,1,pier.jpg,gan,l1,gan,2.5"


def answer(judge, pair, left, preferred):
    right = "l1" if left == "gan" else "gan"
    return Answer(judge, pair, left, right, preferred)


def table(folder, *rows, header=HEADER, name="ann.csv"):
    path = folder / name
    path.write_text("\r\n".join([header, *rows]) + "\r\n", encoding="utf-8")
    return path


def test_answers_are_read_as_they_were_written(tmp_path):
    path = table(tmp_path, ROW, 'bob,1,"a, b.jpg",l1,gan,gan,1')
    assert read_answers([path]) == [
        Answer("ann", "pier.jpg", "gan", "l1", "gan"),
        Answer("bob", "a, b.jpg", "l1", "gan", "gan"),
    ]


def test_a_mark_that_a_spreadsheet_put_is_no_matter(tmp_path):
    path = table(tmp_path, ROW)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_answers([path])) == 1


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["ann,1,pier.jpg,gan"], "line 2: has 4 columns, not 7"),
        ([ROW, "ann,2,,gan,l1,gan,1"], "line 3: pair is empty"),
        ([",1,pier.jpg,gan,l1,gan,1"], "line 2: judge is empty"),
        (["ann,1,pier.jpg,gan,gan,gan,1"], "left and right are both gan"),
        (["ann,1,pier.jpg,gan,l1,gam,1"], "preferred is gam, and neither"),
        ([ROW, "ann,2,mill.jpg,gan,x,gan,1"], "compares gan and x, others gan"),
        ([ROW, ROW], "line 3: ann answered pier.jpg before, in .*line 2"),
        (['ann,1,"pier.jpg,gan,l1,gan,1'], "unexpected end of data"),
        ([], "has no answers"),
    ],
)
def test_what_is_wrong_in_a_table_is_said_in_a_line(tmp_path, rows, line):
    path = table(tmp_path, *rows)
    with pytest.raises(ValueError, match=line) as error:
        read_answers([path])
    assert str(error.value).startswith(f"{path}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "is no table of answers, which starts with judge,trial"),
        (b"name;height;width\n1;2;3\n", "got name;height;width"),
        (HEADER.encode() + b"\nann,1,\xff,gan,l1,gan,1\n", "is not in UTF-8"),
        (b"x" * 200, "is no table of answers"),
        (b"\x00\x01\x02", "is no table of answers"),
    ],
)
def test_other_files_are_named_as_what_they_are(tmp_path, content, line):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=line):
        read_answers([path])


def test_a_file_without_an_end_is_not_read(tmp_path):
    """Neither something huge, nor what is no file, such as a pipe."""
    path = table(tmp_path, *[ROW] * 10)
    with pytest.raises(ValueError, match="is larger than 0.0001 MB"):
        read_answers([path], max_bytes=100)
    with pytest.raises(ValueError, match="is no file"):
        read_answers([tmp_path])
    with pytest.raises(FileNotFoundError):
        read_answers([tmp_path / "gone.csv"])


def test_the_same_answers_given_twice_are_refused(tmp_path):
    """Copied, they would count as a second judge."""
    one = table(tmp_path, ROW, name="ann.csv")
    two = table(tmp_path, ROW, name="ann (1).csv")
    with pytest.raises(ValueError, match=r"\(1\).csv, line 2: ann answered"):
        read_answers([one, two])
    with pytest.raises(ValueError, match=r"ann.csv, line 2: ann answered"):
        read_answers([one, one])


def test_one_judge_is_counted_and_has_wilson_s_interval():
    answers = [
        answer("ann", "a", "gan", "gan"),
        answer("ann", "b", "l1", "gan"),
        answer("ann", "c", "l1", "l1"),
    ]
    summary = summarize_answers(answers)
    assert summary.names == ("gan", "l1")
    assert summary.agreement is None
    [ann] = summary.judges.values()
    assert ann == summary.together
    assert (ann.trials, ann.photographs) == (3, 3)
    assert ann.first.share == ann.left.share == pytest.approx(2 / 3)
    assert (ann.first.low, ann.first.high) == wilson_interval(2, 3)
    assert ann.first.method == WILSON


def judged(photographs, judges, how, seed=0):
    """Many answers; `how` draws the share of a photograph."""
    rng = np.random.default_rng(seed)
    return [
        answer(
            f"judge {j}",
            f"photo {i}",
            "gan" if (i + j) % 2 else "l1",
            "gan" if rng.random() < share else "l1",
        )
        for i, share in enumerate(how(rng, photographs))
        for j in range(judges)
    ]


def test_judges_of_one_photograph_are_no_independent_trials():
    """Eight who all see the same are hardly more than one."""
    answers = judged(40, 8, lambda rng, n: rng.random(n) < 0.6)
    summary = summarize_answers(answers)
    of = summary.together.first
    assert summary.together.trials == 320
    assert summary.agreement.share == summary.agreement.alpha == 1
    low, high = wilson_interval(of.share * 40, 40)
    assert of.method == BOOTSTRAP
    assert (of.low, of.high) == pytest.approx((low, high), abs=0.04)


def test_judges_who_differ_add_to_what_is_known():
    answers = judged(40, 8, lambda rng, n: np.full(n, 0.6))
    of = summarize_answers(answers).together.first
    low, high = wilson_interval(of.share * 320, 320)
    assert (of.low, of.high) == pytest.approx((low, high), abs=0.03)


def test_an_interval_over_photographs_holds_what_it_should():
    """About 95 of a hundred, where photographs differ and judges too."""

    def held(seed):
        answers = judged(30, 3, lambda rng, n: rng.beta(3, 2, n), seed)
        of = summarize_answers(answers, resamples=200).together.first
        return of.low <= 0.6 <= of.high

    assert 85 <= sum(map(held, range(100))) <= 100


def test_where_all_agree_the_interval_is_not_a_point():
    """A bootstrap would see no spread, and be sure after two photographs."""
    answers = judged(5, 2, lambda rng, n: np.ones(n))
    of = summarize_answers(answers).together.first
    assert (of.low, of.high) == wilson_interval(5, 5)
    assert of.low < 0.6


def test_who_always_chooses_left_is_seen():
    answers = [
        answer("lefty", f"photo {i}", left, left)
        for i, left in enumerate(["gan", "l1"] * 10)
    ]
    lefty = summarize_answers(answers).judges["lefty"]
    assert lefty.first.share == 0.5
    assert lefty.left.share == 1
    assert lefty.left.low > 0.8


def test_agreement_counts_photographs_that_two_have_seen():
    answers = [
        answer("ann", "a", "gan", "gan"),
        answer("bob", "a", "gan", "gan"),
        answer("ann", "b", "gan", "gan"),
        answer("bob", "b", "gan", "l1"),
        answer("ann", "c", "gan", "l1"),
    ]
    agreement = summarize_answers(answers).agreement
    assert (agreement.photographs, agreement.share) == (2, 0.5)


def test_the_summary_is_json():
    """NaN is none."""
    answers = [answer(who, "a", "gan", "gan") for who in ("ann", "bob")]
    summary = summarize_answers(answers)
    assert math.isnan(summary.agreement.alpha)
    data = json.loads(json.dumps(summary.as_json(), allow_nan=False))
    assert data["agreement"] == {"photographs": 1, "share": 1, "alpha": None}
    assert data["together"]["first"]["share"] == 1
    assert set(data["judges"]) == {"ann", "bob"}


def test_nothing_can_t_be_summed_up():
    with pytest.raises(ValueError, match="no answers"):
        summarize_answers([])


def sided(left_of, prefers):
    """One judge's answers: what stood left, and what was preferred."""
    letters = {"g": "gan", "l": "l1"}
    return [
        answer("ann", f"{i}", letters[left], letters[preferred])
        for i, (left, preferred) in enumerate(
            zip(left_of, prefers, strict=True)
        )
    ]


def test_a_judge_who_always_says_left_prefers_neither():
    """However often one of the two stood there."""
    answers = sided("gggl", "gggl")
    assert summarize_answers(answers).together.first.share == 0.75
    assert side_balanced_share(answers, "gan").share == 0.5
    assert side_balanced_share(answers, "l1").share == 0.5


def test_without_a_favored_side_both_shares_are_the_same():
    answers = sided("gggggglll" * 10, "gglgglggl" * 10)
    plain = summarize_answers(answers).together.first
    balanced = side_balanced_share(answers, "gan")
    assert balanced.share == pytest.approx(plain.share) == pytest.approx(2 / 3)
    assert balanced.low < balanced.share < balanced.high
    assert balanced.low == pytest.approx(plain.low, abs=0.04)
    assert balanced.high == pytest.approx(plain.high, abs=0.04)
    other = side_balanced_share(answers, "l1")
    assert other.share == pytest.approx(1 - balanced.share)
    assert other.low == pytest.approx(1 - balanced.high)


def test_a_photograph_is_drawn_with_all_its_answers():
    """Three judges who say the same know no more than one of them."""
    one = sided("gl" * 30, "gllg" * 15)
    three = [replace(a, judge=who) for who in "abc" for a in one]
    assert side_balanced_share(three, "gan") == side_balanced_share(one, "gan")


@pytest.mark.parametrize("answers", [[], sided("ggg", "ggl")])
def test_a_side_that_is_empty_can_t_be_balanced(answers):
    with pytest.raises(ValueError, match="gan never stood on one of the sides"):
        side_balanced_share(answers, "gan")


def test_so_few_answers_that_a_draw_may_leave_a_side_empty_have_no_bounds():
    few = side_balanced_share(sided("gl", "gg"), "gan")
    assert few.share == 1
    assert math.isnan(few.low)
    assert math.isnan(few.high)
