"""What chapter 05 says of its tables and figures is so."""

import math
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from colorlib import course
from colorlib.data.sources import DOWNLOADS
from colorlib.data.splits import name_hash
from colorlib.figures.loader_timeline import schedule, waiting

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = ROOT / "chapters" / "05_data.ipynb"
CELLS = nbformat.read(CHAPTER, as_version=4).cells


@pytest.fixture(scope="module")
def found(run_chapter):
    """What the chapter's own cells compute: its names and their values."""
    threads = torch.get_num_threads()
    names = run_chapter("05_data", "smoke")
    torch.set_num_threads(threads)
    return names


# Splits.


def test_the_names_are_as_many_as_the_deck_s_photographs(found):
    assert len(found["coco"]) == len(set(found["coco"])) == 10_000


def known(found, split: str) -> dict[str, int]:
    way, lists = found["ways"][split], found["lists"]
    return {what: found["trained_on"](way, lists[what]) for what in lists}


def test_places_move_with_the_list(found):
    """One file in front, and most of the validation set was trained on."""
    counts = known(found, "shuffled places")
    assert counts.pop("nothing") == 0
    assert min(counts.values()) > 1_000
    _, validation = found["by_index"](range(1, 10_001))
    assert 29 in validation  # the place that the text names


def test_by_share_nobody_moves_and_the_size_is_rough(found):
    assert set(known(found, "hash, by share").values()) == {0}
    size = len(found["split_by_share"](found["coco"])[1])
    assert size != 2_000
    assert size == pytest.approx(2_000, abs=100)


def test_counted_sizes_are_exact_and_newcomers_do_no_harm(found):
    counts = known(found, "hash, counted")
    assert set(counts.values()) == {0}
    sizes = [len(side) for side in found["split_exactly"](found["coco"])]
    assert sizes == [8_000, 2_000]


def test_both_hash_splits_agree_on_nearly_every_photograph(found):
    """The leak between them was all 2,000: one validated on the highest."""
    coco, splits = found["coco"], ("split_exactly", "split_by_share")
    counted, shared = (set(found[split](coco)[1]) for split in splits)
    assert len(counted ^ shared) < 20


def test_neighbors_by_name_are_no_neighbors_by_hash(found):
    first = [name_hash(name) for name in found["names"][:3]]
    assert min(abs(np.diff(first))) > 0.05


def test_at_gpu_scale_the_source_is_coco():
    """Nothing else here would notice, since nobody downloads it in a test."""
    [cell] = [cell for cell in CELLS if cell.id == "source-items"]
    assert 'gpu="coco"' in cell.source
    assert "coco" in DOWNLOADS


# Twins.


def test_by_file_scenes_are_on_both_sides_and_by_scene_on_one(found):
    assert len(found["both"]) >= 3
    train, validation = (
        {found["scene_of"](name) for name in side}
        for side in found["scenes_apart"]
    )
    assert train.isdisjoint(validation)
    assert len(train | validation) == 8
    assert len(validation) == 3  # as the text says


def test_the_split_decides_how_good_a_nearest_neighbor_looks(found):
    validate, names = found["validate"], found["names"]
    by_file = validate(*found["split_by_share"](names, 0.3))
    by_scene = validate(*found["scenes_apart"])
    assert by_file["nearest neighbor"] < by_file["gray"] / 2
    assert by_scene["nearest neighbor"] > by_scene["gray"]


def test_the_twin_that_is_shown_is_of_the_cat(found):
    """As the alternative text says."""
    train, validation = found["split_by_share"](found["names"], 0.3)
    first = validation[0]
    pair = first, found["nearest"](first, train)
    assert {found["scene_of"](name) for name in pair} == {"chelsea"}


def test_fingerprints_confuse_no_scenes_and_chain_the_shots(found):
    scene_of, twins = found["scene_of"], set(found["twins"])
    assert all(scene_of(a) == scene_of(b) for a, b in twins)
    for scene in {scene_of(name) for name in found["names"]}:
        shots = [f"{scene}-{shot}.jpg" for shot in range(6)]
        chain = zip(shots, shots[1:], strict=False)
        assert twins.issuperset(chain), scene
    assert len(twins) < len(found["pairs"]) / 8  # shots far apart are missed


def test_two_scenes_are_hardly_further_apart_than_the_limit(found):
    """The limit is 16 bits of 64."""
    scene_of, bits = found["scene_of"], found["bits"]
    nearest = min(
        (bits[a] != bits[b]).sum()
        for a, b in found["pairs"]
        if scene_of(a) != scene_of(b)
    )
    assert 16 <= nearest <= 18


def test_random_bits_would_confuse_hundreds_of_ten_thousand_photographs():
    pairs = math.comb(10_000, 2)
    assert pairs == pytest.approx(50e6, rel=0.01)
    near = sum(math.comb(64, bits) for bits in range(16)) / 2**64
    assert 200 < near * pairs < 1000


# What the network sees.


def test_about_half_is_mirrored_and_none_is_added(found):
    assert len(found["Batches"]([found["half_white"]] * 16)) == 1
    batches = found["Batches"]([found["half_white"]] * 1000, 1000, size=8)
    for epoch in range(3):
        (batch,) = batches.epoch(epoch)
        assert len(batch) == 1000
        assert 400 < (batch[:, 0, 0, 0] == 0).sum() < 600


def test_without_shuffling_the_first_batch_is_one_scene(found):
    """Twice the same, while ours differ."""
    loader = found["deck_loader"]
    first, second = next(iter(loader)), next(iter(loader))
    assert first == second
    assert {found["scene_of"](name) for name in first} == {"astronaut"}
    batches = found["Batches"](found["small"], 6, size=64)
    assert not torch.equal(next(batches.epoch(0)), next(batches.epoch(1)))


def test_a_resumed_epoch_is_the_same(found):
    assert len(found["rest"]) == len(found["whole"]) - 5 > 0
    assert all(map(torch.equal, found["whole"][5:], found["rest"]))


def test_the_gray_print_is_found_and_the_sepia_one_is_not(found):
    """It is the palest of those that got through."""
    assert found["small"].near_gray == ["print-gray.jpg"]
    assert [name for _, name in found["palest"]][:2] == [
        "print-gray.jpg",
        "print-sepia.jpg",
    ]


# Milliseconds.


def test_making_tensors_is_hardly_worth_talking_about(found):
    """What else is slow differs from machine to machine."""
    deck = found["deck"].milliseconds()
    assert deck["to tensors"] < 0.2 * sum(deck.values())


def test_ours_is_shorter_and_nearly_all_lab(found):
    ours = found["ours"].milliseconds()
    assert sum(ours.values()) < found["deck_ms"]
    assert ours["cut, mirror"] < 0.25 * ours["Lab"]
    assert ours["Lab"] < found["deck"].milliseconds()["Lab"]


def test_filling_costs_less_than_two_of_the_deck_s_epochs(found):
    assert found["fill"].milliseconds()["once"] < 2 * found["deck_ms"]


def test_both_loaders_give_the_same(found):
    for ours, theirs in (("our_L", "their_L"), ("our_ab", "their_ab")):
        torch.testing.assert_close(
            found[ours], found[theirs], rtol=0, atol=1e-5
        )


def test_a_faster_gpu_waits_more_and_ours_hardly_at_all(found):
    def share(who, step):
        load, workers = found["loaders"][who]
        turns = schedule(99, load=load, step=step, workers=workers)
        return waiting(turns)

    waits = [share("deck, no workers", step) for step in (0.18, 0.06, 0.02)]
    assert waits == sorted(waits)
    assert waits[-1] > 0.5
    for step in (0.18, 0.06, 0.02):
        assert share("ours", step) == 0
        assert share("deck, 4 workers", step) <= share("deck, 2 workers", step)


def test_the_quiz_s_gpu_waits_more_than_half_of_the_time():
    """Two cores with 8 ms a photograph, 30 ms for a batch of 16."""
    turns = schedule(99, load=16 * 0.008, step=0.03, workers=2)
    assert waiting(turns) > 0.5
    faster = schedule(99, load=16 * 0.008, step=0.015, workers=2)
    assert faster[-1].trained == pytest.approx(turns[-1].trained, rel=0.01)


# Exercises.


@pytest.mark.parametrize(
    ("cell_id", "name"),
    [
        ("solution-fingerprint-code", "fingerprint"),
        ("solution-bug-code", "mirrored"),
    ],
)
def test_the_solutions_are_right(cell_id, name):
    assert course.check(f"05-{name}", function_in(cell_id, name))


def test_the_solution_about_waiting_is_right(found):
    assert course.check("05-idle", found["idle"])


def test_the_bug_is_the_one_that_is_told():
    """Said of the very lines that the reader is to mend."""
    broken = function_in("bug", "mirrored")
    assert "on the other side" in str(course.check("05-mirrored", broken))


def function_in(cell_id: str, name: str):
    """Define a function as a cell of the chapter does, without the rest."""
    [source] = [cell.source for cell in CELLS if cell.id == cell_id]
    scope = {"torch": torch}
    exec(source.split("\n\n\n")[0], scope)
    return scope[name]
