"""Evaluation: honest by construction, and its intervals cover what they say."""

import csv
import dataclasses
import io
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from colorlib import metrics
from colorlib.color import rgb_to_lab, split_lab
from colorlib.colorizer import Colorizer
from colorlib.data.crops import center_crop, center_square
from colorlib.data.samples import bundled
from colorlib.evaluation import (
    MEASURES,
    Protocol,
    Row,
    evaluate,
    measure,
    score,
)
from colorlib.evaluation.bootstrap import summarize
from colorlib.models.generator import Generator

SMALL = Protocol(crop=64, resamples=200)
BASELINES = (
    "gray",
    "dataset mean",
    "oracle mean",
    "lookup, median",
    "lookup, mean",
    "another's color",
    "hue rotated",
)


def photographs() -> list[tuple[str, np.ndarray]]:
    """Four that are colorful and one that isn't."""
    some = [(name, bundled(name)) for name in ("coffee", "chelsea", "rocket")]
    ramp = np.linspace(0, 255, 64 * 80).astype(np.uint8).reshape(64, 80)
    return [*some, ("ramp", np.stack([ramp] * 3, axis=-1))]


def as_tensor(rgb: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(rgb.transpose(2, 0, 1).copy())


def nothing(L: torch.Tensor) -> torch.Tensor:
    return torch.zeros(1, 2, 4, 4)


def sepia(L: torch.Tensor) -> torch.Tensor:
    ab = torch.tensor([5.0, 18.0]) / 110
    return ab[None, :, None, None].expand(1, 2, 8, 8)


class Oracle:
    """A model that was told the answers."""

    def __init__(self, photographs):
        self.answers = {}
        for _, rgb in photographs:
            L, ab = split_lab(rgb_to_lab(as_tensor(center_crop(rgb, 64))))
            self.answers[L.numpy().tobytes()] = ab[None]

    def __call__(self, L):
        return self.answers[L.numpy().tobytes()]


class Tiny(Generator):
    """The least that a generator has to have."""

    multiple, config = 8, {}

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layers = nn.Sequential(
            nn.Conv2d(1, 2, 3, padding=1), nn.Dropout(0.5), nn.Tanh()
        )

    def forward(self, L):
        return self.layers(L) / 2


def tiny_colorizer() -> Colorizer:
    G = Tiny().eval()
    return Colorizer(G, "tiny", "0123456789ab" * 5, 48, torch.device("cpu"))


def test_a_model_that_does_nothing_gets_what_gray_gets():
    report = evaluate(nothing, photographs(), protocol=SMALL)
    scores = report.groups["all"].scores
    assert repr(scores["model"]) == repr(scores["gray"])  # nan is not nan
    gain = scores["model - gray"]["ciede2000"]
    assert (gain.value, gain.low, gain.high) == (0, 0, 0)
    assert scores["gray"]["ciede2000"].value > 5


def test_a_model_that_knows_the_answer_loses_only_rounding():
    """Bytes, gamut and resizing cost less than anyone can see."""
    some = photographs()
    report = evaluate(Oracle(some), some, protocol=SMALL)
    scores = report.groups["all"].scores["model"]
    assert scores["ciede2000"].value < 0.5
    assert scores["ab_mae"].value < 0.5
    assert scores["chroma_ratio"].value == pytest.approx(1, abs=0.01)


def test_every_measure_is_the_one_of_metrics_on_the_written_picture():
    some = photographs()[:2]
    report = evaluate(sepia, some, protocol=SMALL)
    crops = torch.stack([as_tensor(center_crop(rgb, 64)) for _, rgb in some])
    true_lab = rgb_to_lab(crops)
    truth = [row.scores["truth"] for row in report.rows]
    assert [t["ciede2000"] for t in truth] == [0, 0]
    assert [t["chroma"] for t in truth] == metrics.chroma(true_lab).tolist()
    gray = [row.scores["gray"]["ab_mae"] for row in report.rows]
    expected = true_lab[:, 1:].abs().mean(dim=(1, 2, 3))
    np.testing.assert_allclose(gray, expected, atol=0.01)
    found = report.groups["all"].scores["model"]["chroma_ratio"].value
    own = [row.scores["model"]["chroma"] for row in report.rows]
    assert found == pytest.approx(sum(own) / metrics.chroma(true_lab).sum())


def test_only_those_are_measured_that_are_asked_for():
    """With the same numbers, whoever stands beside them."""
    whole = list(measure(sepia, photographs(), SMALL))
    for only in (["model"], ["another's color", "truth"]):
        some = measure(sepia, photographs(), SMALL, only=only)
        for row, of_all in zip(some, whole, strict=True):
            assert row.scores == {who: of_all.scores[who] for who in only}


def test_score_is_the_report_of_one_picture():
    truth = bundled("coffee")
    assert score(truth, truth)["ciede2000"] == 0
    gray = np.full_like(truth, 128)
    assert score(gray, truth)["chroma"] < 0.01
    assert list(score(gray, truth)) == list(MEASURES)


def test_every_other_pixel_is_enough():
    """Stride 2 costs a quarter and changes the mean by less than 1 %."""
    every, other = (
        evaluate(nothing, photographs(), protocol=protocol)
        .groups["all"]
        .scores["gray"]["ciede2000"]
        .value
        for protocol in (Protocol(stride=1), Protocol(stride=2))
    )
    assert other != every
    assert other == pytest.approx(every, rel=0.01)


def test_nearly_gray_photographs_are_kept_and_counted():
    found = evaluate(nothing, photographs(), protocol=SMALL).groups["all"]
    assert (found.n, found.near_gray) == (4, 1)


def test_a_group_is_scored_as_if_it_were_alone():
    some = photographs()
    groups = {"food": ["coffee", "not in this folder"]}
    report = evaluate(sepia, some, groups=groups, protocol=SMALL)
    alone = evaluate(sepia, some[:1], protocol=SMALL)
    assert list(report.groups) == ["all", "food"]
    assert repr(report.groups["food"]) == repr(alone.groups["all"])


def test_photographs_are_read_few_ahead_of_what_is_scored():
    """So that a folder of any size fits, and a bar around it moves."""
    taken = []

    def endless():
        while True:
            taken.append(str(len(taken)))
            yield taken[-1], np.zeros((64, 64, 3), np.uint8)

    rows = measure(nothing, endless(), SMALL)
    assert [next(rows).name for _ in range(4)] == ["0", "1", "2", "3"]
    assert len(taken) <= 4 + torch.get_num_threads()


@pytest.fixture
def three_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("three_threads")
def test_evaluations_leave_the_number_of_threads_alone():
    """Between two rows, of two at a time, and where one is abandoned."""
    seen = []

    def model(L):
        seen.append(torch.get_num_threads())
        return nothing(L)

    some = [(str(i), rgb) for i, (_, rgb) in enumerate(photographs() * 3)]
    one, other = (measure(model, some, SMALL) for _ in range(2))
    for rows in (one, other, one, other, one):
        next(rows)
        assert torch.get_num_threads() == 3
    one.close()
    list(other)
    assert torch.get_num_threads() == 3
    assert ThreadPoolExecutor(1).submit(torch.get_num_threads).result() == 3
    assert set(seen) == {1}  # each photograph on a core of its own


def test_rows_come_in_order_however_many_threads():
    """And torch has as many threads afterwards as it had before."""
    some = [(str(i), rgb) for i, (_, rgb) in enumerate(photographs() * 3)]
    before = torch.get_num_threads()
    alone = list(measure(sepia, some, SMALL))
    try:
        torch.set_num_threads(3)
        assert list(measure(sepia, some, SMALL)) == alone
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("some", "groups", "message"),
    [
        ([], None, "no photograph"),
        ([("a", bundled("coffee"))], {"food": ["b"]}, "in group 'food'"),
    ],
)
def test_what_could_not_be_scored_is_an_error(some, groups, message):
    with pytest.raises(ValueError, match=message):
        evaluate(nothing, some, groups=groups, protocol=SMALL)


def test_a_name_used_twice_is_found_at_the_second_photograph():
    """And not once all are measured, which may take an hour."""

    def three():
        yield from [("a", bundled("coffee"))] * 2
        raise AssertionError("the third was asked for")

    with pytest.raises(ValueError, match="two photographs are called a; "):
        evaluate(nothing, three(), protocol=SMALL)


def test_what_is_measured_is_what_colorize_writes():
    """Not something that evaluation makes in a way of its own."""
    colorizer, some = tiny_colorizer(), photographs()[:2]
    report = evaluate(colorizer, some, protocol=Protocol(64, stride=1))
    for row, (_, rgb) in zip(report.rows, some, strict=True):
        crop = center_crop(rgb, 64)
        expected = score(colorizer.colorize(crop).pixels, crop)
        assert row.scores["model"] == expected
    assert report.model["name"] == "tiny"
    assert report.model["size"] == 48


def test_a_bare_network_sees_the_whole_crop():
    """For a look during training, before there is a file to hash."""
    G, some = Tiny().eval(), photographs()[:2]
    colorizer = dataclasses.replace(tiny_colorizer(), size=64)
    bare, loaded = (evaluate(m, some, protocol=SMALL) for m in (G, colorizer))
    assert bare.rows == loaded.rows
    unknown = dict.fromkeys(("sha256", "size", "tta_sizes"))
    assert bare.model == {"name": "Tiny", **unknown}


def test_a_network_must_be_in_eval_mode():
    with pytest.raises(ValueError, match="call its eval"):
        evaluate(Tiny().train(), photographs(), protocol=SMALL)


def test_nothing_to_score_is_not_blamed_on_a_group():
    """Whoever named no group, but a share of 0, has no names to check."""
    with pytest.raises(ValueError, match="evaluate on; .* a larger share"):
        evaluate(nothing, [], protocol=SMALL)


# The crop.


def test_a_crop_of_the_right_size_is_cut_not_resampled():
    rgb = np.random.default_rng(0).integers(0, 256, (64, 100, 3), np.uint8)
    np.testing.assert_array_equal(center_crop(rgb, 64), rgb[:, 18:82])


def test_a_crop_of_a_memory_map_is_a_copy():
    """Torch warns of arrays that can't be written to; a cache is one."""
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb.setflags(write=False)
    assert center_crop(rgb, 64).flags.writeable
    evaluate(nothing, [("black", rgb)], protocol=SMALL)


@pytest.mark.parametrize("shape", [(640, 427, 3), (1, 1, 3), (9, 1000, 3)])
def test_any_size_becomes_a_square(shape):
    assert center_crop(np.zeros(shape, np.uint8), 64).shape == (64, 64, 3)


@pytest.mark.parametrize("shape", [(10, 20000, 3), (20000, 10, 3)])
def test_a_thin_strip_is_cut_before_it_is_enlarged(shape, monkeypatch):
    """Else 1 x 60,000 pixels would become 256 x 15 million."""
    resize, sizes = Image.Image.resize, []

    def spy(image, size, *options):
        sizes.append(size)
        return resize(image, size, *options)

    monkeypatch.setattr(Image.Image, "resize", spy)
    rgb = np.zeros(shape, np.uint8)
    rgb[9990:10010] = rgb[:, 9990:10010] = 200  # the middle
    assert (center_crop(rgb, 64) > 190).all()
    assert [max(size) for size in sizes] == [1024]


@pytest.mark.parametrize("shape", [(90, 100, 3), (30, 480, 3), (333, 70, 3)])
def test_other_photographs_are_enlarged_whole(shape):
    """Scores of before and after stay comparable."""
    rgb = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    scale = 64 / min(shape[:2])
    size = (round(shape[1] * scale), round(shape[0] * scale))
    image = Image.fromarray(rgb).resize(size, Image.Resampling.BICUBIC)
    whole = center_square(np.asarray(image), 64)
    np.testing.assert_array_equal(center_crop(rgb, 64), whole)


@pytest.mark.parametrize(
    "array",
    [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.uint16)],
)
def test_a_photograph_without_color_bytes_is_an_error(array):
    with pytest.raises(ValueError, match=r"got uint.* of shape \(9, 9"):
        center_crop(array, 64)


# The intervals.


def rows(n: int, seed: int = 0) -> list[Row]:
    """Photographs that differ a lot, and a model 1 better on each."""
    rng = np.random.default_rng(seed)

    def own(error: float) -> dict[str, float]:
        return dict.fromkeys(MEASURES, error)

    return [
        Row(
            str(x), 1, 1, {"model": own(x - 1), "gray": own(x), "truth": own(x)}
        )
        for x in rng.normal(12, 4, size=n)
    ]


def test_the_interval_is_the_textbook_one_where_there_is_one():
    """Of a mean: 1.96 standard errors to each side."""
    some = rows(400)
    found = summarize(some, Protocol()).scores["gray"]["ciede2000"]
    errors = np.array([row.scores["gray"]["ciede2000"] for row in some])
    side = 1.96 * errors.std() / np.sqrt(len(errors))
    assert found.value == pytest.approx(errors.mean())
    assert found.median == pytest.approx(np.median(errors))
    assert found.low == pytest.approx(errors.mean() - side, abs=0.1 * side)
    assert found.high == pytest.approx(errors.mean() + side, abs=0.1 * side)


def test_the_difference_is_a_paired_one():
    """Hard photographs are hard for both: no doubt left about 1 better."""
    gain = summarize(rows(20), SMALL).scores["model - gray"]["ciede2000"]
    assert gain.low == pytest.approx(-1)
    assert gain.high == pytest.approx(-1)


def test_the_ratio_is_drawn_as_a_ratio():
    """Half the chroma on each photograph is half of any draw of them."""
    some = rows(20)
    for row in some:
        row.scores["model"]["chroma"] = row.scores["truth"]["chroma"] / 2
    ratio = summarize(some, SMALL).scores["model"]["chroma_ratio"]
    assert ratio.low == pytest.approx(0.5)
    assert ratio.high == pytest.approx(0.5)


def test_the_seed_decides_the_interval():
    some = rows(20)
    assert repr(summarize(some, SMALL)) == repr(summarize(some, SMALL))
    other = summarize(some, Protocol(resamples=200, seed=1))
    assert repr(summarize(some, SMALL)) != repr(other)


# What is written down.


def test_json_says_what_it_takes_to_repeat_the_scores():
    model = dataclasses.replace(tiny_colorizer(), tta_sizes=(24, 64))
    report = evaluate(model, photographs(), protocol=SMALL)
    found = json.loads(report.to_json())
    assert found["model"] == {
        "name": "tiny",
        "sha256": "0123456789ab" * 5,
        "size": 48,
        "tta_sizes": [24, 64],
    }
    assert found["protocol"]["crop"] == 64
    assert found["versions"]["scikit-image"]
    assert found["groups"]["all"]["near_gray"] == 1
    ab_mae = found["groups"]["all"]["scores"]["gray"]["ab_mae"]
    assert 0 < ab_mae["low"] < ab_mae["value"] < ab_mae["high"]
    assert 0 < ab_mae["median"] < ab_mae["high"]


def test_the_hashes_know_other_photographs_and_other_sizes():
    some = photographs()
    smaller = [(name, rgb[:50]) for name, rgb in some]
    one, backwards, other = (
        json.loads(evaluate(nothing, chosen, protocol=SMALL).to_json())
        for chosen in (some, some[::-1], smaller)
    )
    for key in ("list_hash", "list_and_sizes_hash"):
        assert one[key] == backwards[key]
    assert one["list_hash"] == other["list_hash"]
    assert one["list_and_sizes_hash"] != other["list_and_sizes_hash"]


def test_json_has_no_nan_where_there_is_no_ratio():
    """Of black, a share of no color is not a number."""
    black = [("black", np.zeros((64, 64, 3), np.uint8))]
    report = evaluate(nothing, black, protocol=SMALL)
    found = json.loads(report.to_json())["groups"]["all"]["scores"]
    assert found["model"]["chroma_ratio"]["value"] is None
    assert "nan" in report.table()


def test_the_table_shows_every_baseline_below_the_model():
    groups = {"food": ["coffee"]}
    some, model = photographs(), tiny_colorizer()
    report = evaluate(model, some, groups=groups, protocol=SMALL)
    lines = report.table().splitlines()
    assert lines[0].startswith("tiny 0123456789ab on 64 x 64")
    assert lines[2].startswith("all: n = 4, 1 of them nearly gray; true")
    assert "food: n = 1, 0 of them nearly gray; true" in report.table()
    shown = [line[:15].strip() for line in lines]
    at = shown.index("model")
    assert shown[at + 1 : at + 8] == list(BASELINES)
    assert shown[at + 8] == "model - gray"
    assert lines[3].split() == [m for m in MEASURES if "ciede" in m]
    assert lines.count(lines[3]) == 2  # the same measures in each group
    assert "lpips" not in report.table()  # nobody asked
    assert max(map(len, lines)) <= 80


def test_what_is_right_to_the_last_byte_is_counted_not_averaged():
    """A gray photograph left gray has no error, and no finite psnr."""
    report = evaluate(nothing, photographs(), protocol=SMALL)
    found = report.groups["all"]
    assert found.infinite_psnr["model"] == found.infinite_psnr["gray"] == 1
    assert found.infinite_psnr["dataset mean"] == 0
    assert found.infinite_psnr["truth"] == found.n
    errors = sorted(row.scores["model"]["psnr"] for row in report.rows)
    psnr = found.scores["model"]["psnr"]
    assert psnr.value == psnr.median == np.median(errors) < np.inf
    assert found.scores["model - gray"]["psnr"].value == 0
    assert "infinite psnr: model 1, gray 1" in report.table()
    truth = json.loads(report.to_json())["groups"]["all"]["scores"]["truth"]
    assert truth["psnr"]["value"] is None


def test_hues_are_summed_up_by_how_colorful_the_truth_is():
    """Or the noise of nearly gray photographs would rule."""
    report = evaluate(sepia, photographs(), protocol=SMALL)
    weights = [row.scores["truth"]["chroma"] for row in report.rows]
    errors = [row.scores["model"]["hue_error"] for row in report.rows]
    found = report.groups["all"].scores["model"]["hue_error"].value
    assert found == pytest.approx(np.average(errors, weights=weights))
    assert found != pytest.approx(np.mean(errors))


def test_csv_has_the_numbers_behind_the_means():
    report = evaluate(sepia, photographs(), protocol=SMALL)
    found = list(csv.DictReader(io.StringIO(report.to_csv())))
    assert [line["name"] for line in found][-1] == "ramp"
    assert (found[0]["height"], found[0]["width"]) == ("400", "600")
    mean = np.mean([float(line["model_ab_mae"]) for line in found])
    expected = report.groups["all"].scores["model"]["ab_mae"].value
    assert mean == pytest.approx(expected, abs=1e-4)
