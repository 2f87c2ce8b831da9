"""What chapter 10 says of its figures and tables is so, runs or no runs.

(What its live training shows: test_claims.py.)
"""

import math
import shutil
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
import torch
from scipy.stats import rankdata

from colorlib import course
from colorlib.course.recorded import RESULTS
from colorlib.training import gan
from colorlib.training.monitor import WON

pytestmark = pytest.mark.slow  # it runs the chapter's cells

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = ROOT / "chapters" / "10_model_1.ipynb"
LN2 = math.log(2)
RUNS = "model1-100", "model1-seed-2", "model1-seed-3"


def execute(scale, results, capture=None):
    """Run the chapter's own cells, on the runs that lie in `results`."""
    here = SimpleNamespace(**vars(course))
    here.recorded = lambda name: course.recorded(name, results=results)
    here.recordings = lambda: course.recordings(results)
    names = {"course": here, "display": lambda thing: print(thing)}
    names["said"] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLORLIB_SCALE", scale)
        for cell in nbformat.read(CHAPTER, as_version=4).cells:
            if cell.cell_type == "code" and cell.id != "colab-setup":
                source = cell.source.replace("from colorlib import course", "")
                exec(compile(source, cell.id, "exec"), names)
                if capture:
                    names["said"][cell.id] = capture.readouterr().out
    return names


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """As a reader runs it, with another run standing in for each of ours."""
    results = tmp_path_factory.mktemp("results")
    shutil.copytree(RESULTS / "compact", results / "compact")
    for name in RUNS:
        shutil.copytree(RESULTS / "model1-l1only", results / name)
    folder = results / "model1-100"
    # Of four epochs: the first stands for the deck's twentieth.
    shutil.copy(RESULTS / "model1-ganonly/report.json", folder)
    shutil.copy(
        RESULTS / "model1-l1only/report.json", folder / "report-001.json"
    )
    shutil.copy(RESULTS / "compact/people.json", folder)
    return execute("smoke", results)


def test_it_reads_without_any_recorded_run(tmp_path, capsys):
    """Nothing but what ships: each cell says what is missing."""
    shutil.copytree(RESULTS / "compact", tmp_path / "compact")
    found = execute("smoke", tmp_path, capsys)
    assert found["run"] is None
    said = found["said"]
    assert said["open-runs"].count("not recorded yet") == 3
    assert "before model1-100 is recorded" in said["claims-table"]
    assert "the seeds are missing" in said["seeds-judge"]
    assert [*found["leads"]] == [*found["gaps"]] == ["compact"]
    assert len(found["frames"]) == len(found["MOMENTS"]) >= 2


# The live training.


def test_the_small_generator_is_some_fifty_times_smaller(found):
    small, large = (
        sum(w.numel() for w in found["networks"](**sizes)[0].parameters())
        for sizes in ({}, {"width": 64, "n_down": 8})
    )
    assert 48 < large / small < 55


def test_without_detach_pytorch_stops(found):
    source = next(
        cell.source
        for cell in nbformat.read(CHAPTER, as_version=4).cells
        if cell.id == "by-hand-loop"
    )
    names = dict(found)
    exec(source.replace("fake_ab.detach()", "fake_ab"), names)
    with pytest.raises(RuntimeError, match="second time"):
        next(names["by_hand"](*found["networks"](), epochs=1))


def test_without_frozen_gradients_stay_in_d(found, monkeypatch):
    """What G's lesson would leave there, D's next step would add."""

    def left(state):
        next(found["train_gan"](state, found["batches"], found["config"]))
        return any(w.grad is not None for w in state.D.parameters())

    start, config = found["start_gan"], found["config"]
    assert not left(start(*found["networks"](), config))
    monkeypatch.setattr(gan, "frozen", nullcontext)
    assert left(start(*found["networks"](), config))


def test_the_lower_edge_is_right_nineteen_times_in_twenty():
    assert math.exp(-WON) == pytest.approx(19 / 20, abs=0.002)


# Break it off.


def test_a_state_dict_is_no_copy(found):
    """The bug hunt, and its solution."""
    now, best = found["state"].G.state_dict(), found["best"]
    assert found["after"].keys() == best.keys()
    changed = [n for n in best if not torch.equal(best[n], now[n])]
    assert changed


# The claims.


def test_the_early_epoch_is_as_far_along_as_the_deck_s(found):
    assert (found["early"], found["late"]) == (1, 4)


def test_intervals_are_read_as_the_page_says(found):
    low, high = found["then"]["chroma_ratio"], found["now"]["chroma_ratio"]
    against, verdict = found["against"], found["verdict"]
    assert against(high, low) == "higher"
    assert against(low, high) == "lower"
    wide = SimpleNamespace(low=0.0, high=1.0)
    for other in (SimpleNamespace(low=0.5, high=2.0), wide):
        assert against(other, wide) == against(wide, other) == "open"
    assert verdict(SimpleNamespace(low=0.1, high=0.2)) == "yes"
    assert verdict(SimpleNamespace(low=-0.1, high=0.2)) == "open"
    assert verdict(SimpleNamespace(low=-0.2, high=-0.1)).startswith("no")


def test_a_claim_that_seeds_outdo_is_told_so(tmp_path):
    """In the reduced runs colorfulness rises, and seeds differ by more."""
    for name in ("compact", *RUNS):
        shutil.copytree(RESULTS / name, tmp_path / name)
    if not course.recorded("model1-100").run["lacks"]:
        pytest.skip("of the reduced runs")
    found = execute("smoke", tmp_path)
    measure = "colorfulness"
    assert found["against"](found["now"][measure], found["then"][measure]) == (
        "higher"
    )
    assert found["luck"][measure] > abs(found["change"][measure])
    assert "seeds differ" in found["outcome"]["more varied after 100"]


def test_spots_come_up_between_the_eyes_and_no_curve_bends():
    """The alternative text, and the sentence, of the reduced run."""
    run = course.recorded("model1-100")
    if not run.run["lacks"]:
        pytest.skip("of the reduced run")

    def redness(epoch):
        red, green, _ = run.picture("chelsea", epoch).astype(float).T / 255
        return np.percentile(red - green, 99)

    assert redness(run.epochs[0]) < 0.3 < redness(run.epochs[-1])
    l1 = run.metrics["g_l1"]
    assert max(l1) < 1.2 * min(l1)
    assert all(WON < d < LN2 for d in run.metrics["d"])


def test_equal_counts_have_equal_ranks(found):
    """Most photographs share their count with others."""
    columns = course.recorded("compact").people.columns
    for name in ("count", "size"):
        ours = found["ranks"](columns[name]) + 0.5
        assert np.array_equal(ours, rankdata(columns[name]))


def test_doing_nothing_is_not_equally_wrong_on_both_sides():
    columns = course.recorded("compact").people.columns
    people, background = (
        columns[f"{side}_gray_error"].mean()
        for side in ("people", "background")
    )
    assert abs(people - background) > 0.5


def test_hardly_any_photograph_shows_many_large_people(found):
    compact = found["measured"]["compact"]
    sizes = {
        (many, small): len(found["group"](compact, many, small))
        for many in (True, False)
        for small in (True, False)
    }
    assert sum(sizes.values()) == len(compact)
    assert sizes[True, False] < 10 < sorted(sizes.values())[1]


def test_other_bounds_are_put_back(found):
    assert (found["MANY"], found["SMALL"]) == (4, 0.05)
