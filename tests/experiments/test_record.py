"""One command makes a recorded run, whole or not at all."""

import csv
import json
import os

import list_runs
import numpy as np
import publishing
import pytest
import record
import recording
import torch
from PIL import Image
from torchvision.models import resnet18

from colorlib import course
from colorlib.color import rgb_to_lab
from colorlib.course.recorded import RESULTS, Recorded
from colorlib.data.samples import BUNDLED
from colorlib.evaluation import Perception
from colorlib.files import sha256_of
from colorlib.training.recipes import RECIPES

BICUBIC = Image.Resampling.BICUBIC
RUN = "model1-lambda-10"
SMALL = ["epochs=2", "size=32", "width=4", "batch_size=4", "precision=no"]


@pytest.fixture
def results(tmp_path):
    """An empty place for results, but for its README."""
    folder = tmp_path / "results"
    folder.mkdir()
    text = f"before\n{list_runs.BEGIN}stale\n{list_runs.END}after\n"
    (folder / "README.md").write_text(text)
    return folder


@pytest.fixture
def shards(tmp_path):
    """Two folders of colored noise, to train on, and one to score."""
    rng = np.random.default_rng(0)
    for folder, number in (("one", 3), ("two", 3), ("validate", 2)):
        (tmp_path / folder).mkdir()
        for i in range(number):
            noise = rng.integers(0, 256, (40, 48, 3), np.uint8)
            file = tmp_path / folder / f"{folder}{i}.png"
            Image.fromarray(noise).save(file)
    return tmp_path


@pytest.fixture
def make(tmp_path, results, shards, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)

    def make(*words, settings=SMALL, run=RUN, work="work"):
        train = [str(shards / "one"), str(shards / "two")]
        return record.main(
            [run, "--photographs", *train, "--score", str(shards / "validate")]
            + ["--set", *settings, "--work", str(tmp_path / work)]
            + ["--cache", str(tmp_path / "cache"), "--results", str(results)]
            + list(words)
        )

    return make


@pytest.mark.slow
def test_one_command_makes_all_that_a_page_shows(make, results, tmp_path):
    assert make("--collection", "noise") == 0
    run = course.recorded(RUN, results=results)
    assert run.metrics["epoch"] == [1, 2]
    # Epochs 1, 2, 5, 10 and 20 of twenty are looked at, two in all are here.
    assert run.epochs == [1, 2]
    assert run.picture("astronaut", 1).shape == (256, 256, 3)
    assert list(run.reports) == [1, 2]
    assert run.report["groups"]["all"]["n"] == 2
    low, high = (
        run.report["groups"]["all"]["scores"]["gray"]["ciede2000"][end]
        for end in ("low", "high")
    )
    assert low <= high
    kept = json.loads((tmp_path / "cache" / "baselines.json").read_text())
    assert len(kept) >= 2  # the next run scores its own model alone
    said = run.run
    assert said["data"]["photographs"] == 6  # of both folders, none left out
    assert (said["recipe"], said["collection"]) == (RUN, "noise")
    assert said["config"]["seed"] == 1
    assert str(tmp_path) not in json.dumps(said)


def test_a_run_says_what_gray_gets(make, results, shards):
    """The L1 loss of no color, on the middles of what it was trained on."""
    paths = sorted((shards).glob("[ot]*/*.png"))
    for name in ("gray1", "gray2"):  # which nobody trains on
        Image.new("RGB", (40, 48), (90, 90, 90)).save(
            shards / "one" / f"{name}.png"
        )
    make()
    sizes = []
    for path in paths:
        photo = np.asarray(Image.open(path).resize((38, 32), BICUBIC))
        lab = rgb_to_lab(torch.from_numpy(photo[:, 3:35].copy()).movedim(2, 0))
        sizes.append(lab[1:].abs().mean().item() / 110)
    run = course.recorded(RUN, results=results).run
    assert run["gray_l1"] == pytest.approx(np.mean(sizes), rel=0.12)


def test_the_end_alone_can_be_scored(make, results):
    """Two thousand photographs take long, and an epoch may be one of four."""
    assert make("--score-last") == 0
    run = course.recorded(RUN, results=results)
    assert list(run.reports) == [2]
    assert run.run["command"].endswith(" --score-last")


def test_fewer_photographs_can_be_scored_and_the_run_says_so(
    make, results, shards
):
    six = "--score", str(shards / "one"), str(shards / "two")
    assert make(*six, "--score-last", "--score-on", "1") == 2
    assert make(*six, "--score-last", "--score-on", "2") == 0
    run = course.recorded(RUN, results=results)
    assert run.report["groups"]["all"]["n"] == 2
    assert run.run["command"].endswith(" --score-last --score-on 2")
    lacks = {each["setting"]: each["here"] for each in run.run["lacks"]}
    assert lacks["photographs scored"] == 2


@pytest.mark.slow
def test_looks_are_taken_once(make, results, monkeypatch):
    """Each is a measurement of minutes, and a kill may come between two."""
    looks = "--look-every", "1", "--look-on", "2"
    taken = []

    def look_at(colorize, photographs, *, lpips):
        if len(taken) == 1:
            raise OSError("the disk is full")
        taken.append(1)
        return real(colorize, photographs, lpips=lpips)

    real = recording.look_at
    with monkeypatch.context() as patch:
        patch.setattr(recording, "look_at", look_at)
        assert make(*looks) == 2
    assert course.recordings(results) == []
    taken.clear()
    monkeypatch.setattr(
        recording,
        "look_at",
        lambda *args, **options: taken.append(1) or real(*args, **options),
    )
    assert make(*looks) == 0
    run = course.recorded(RUN, results=results)
    assert [each["step"] for each in run.looks["looks"]] == [1, 2]
    assert len(taken) == 1
    assert run.steps == [1, 2]
    assert run.picture("astronaut", step=1).shape == (256, 256, 3)
    with pytest.raises(ValueError, match=r"after step 3; there are steps \[1,"):
        run.picture("astronaut", step=3)
    assert set(run.looks["looks"][0]["judge"]) >= {"ciede2000", "cast_a"}


@pytest.mark.slow
def test_for_other_photographs_it_is_scored_anew(make, results, shards):
    """What the last command didn't ask for isn't published under its name."""
    looks = "--look-every", "2", "--look-on", "2"
    assert make(*looks) == 0
    run = course.recorded(RUN, results=results)
    before, seen = run.report, run.looks
    others = "--score", str(shards / "one"), "--score-last"
    assert make(*looks, *others, "--replace") == 0
    run = course.recorded(RUN, results=results)
    assert run.report["list_hash"] != before["list_hash"]
    assert run.report["groups"]["all"]["n"] == 3
    assert run.looks != seen
    assert list(run.reports) == [2]
    assert make(*others, "--replace") == 0
    assert course.recorded(RUN, results=results).looks is None


def test_reports_on_different_photographs_are_not_published(
    make, results, tmp_path, monkeypatch, capsys
):
    """As when a disk was away for some minutes."""
    real, lost = recording.evaluate, []

    def evaluate(colorizer, photographs, **options):
        some = list(photographs)[len(lost) :]
        lost.append("one")
        return real(colorizer, some, **options)

    monkeypatch.setattr(recording, "evaluate", evaluate)
    assert make() == 2
    assert "not every photograph could be read" in capsys.readouterr().err
    assert course.recordings(results) == []


def test_a_name_that_is_no_utf_8_is_scored_like_others(make, shards, tmp_path):
    path = shards / "validate" / "validate0.png"
    path.rename(path.with_name(os.fsdecode(b"\xff.png")))
    assert make("--score-last") == 0
    assert "\\udcff.png," in (tmp_path / "work" / "report.csv").read_text()


def test_lpips_is_measured_where_its_weights_are(make, results, monkeypatch):
    asked = []

    def load(folder, *, sets):
        asked.append((str(folder), sets))
        return Perception(lambda rgb, true: (rgb.float() - true).abs().mean())

    monkeypatch.setattr(Perception, "load", load)
    make("--lpips", "weights")
    assert asked == [("weights", False)]
    report = course.recorded(RUN, results=results).report
    scores = report["groups"]["all"]["scores"]
    assert scores["gray"]["lpips"]["value"] > 0
    assert scores["truth"]["lpips"]["value"] == 0


def test_a_run_confesses_what_it_lacked(make, results):
    """By comparison with its recipe: nobody has to remember."""
    make()
    run = course.recorded(RUN, results=results).run
    assert run["scale"] == "reduced"
    lacks = {each["setting"]: each["here"] for each in run["lacks"]}
    assert lacks == {
        "batch_size": 4, "epochs": 2, "size": 32, "width": 4,
        "photographs": 6, "photographs scored": 2,
    }  # fmt: skip
    assert run["command"].startswith(
        f"python experiments/record.py {RUN} --photographs one two --score"
        " validate --set epochs=2"
    )


def test_the_list_of_runs_is_brought_up_to_date(make, results):
    make()
    text = (results / "README.md").read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert f"| `{RUN}` | lambda 10 | reduced | 20" in text
    assert "| `model1-100` |" in text
    assert "stale" not in text


def test_a_kill_loses_nothing_and_shows_nothing(make, results, monkeypatch):
    """In the middle of scoring: the training isn't done again."""
    with monkeypatch.context() as patch:
        patch.setattr(recording, "evaluate", lambda *_, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make()
    assert course.recordings(results) == []
    monkeypatch.setattr(
        "colorlib.training.gan.gan_step", lambda *_, **options: 1 / 0
    )
    assert make() == 0
    assert course.recordings(results) == [RUN]


def test_a_half_published_run_is_none(make, results, monkeypatch):
    """Pages read this folder at any moment. What is scored stays scored."""
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "differences", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make()
    monkeypatch.setattr(recording, "evaluate", lambda *_, **options: 1 / 0)
    with monkeypatch.context() as patch:
        patch.setattr(publishing.shutil, "copy", lambda *_: {}["no space"])
        with pytest.raises(KeyError):
            make()
    assert course.recordings(results) == []
    assert make() == 0
    assert [f.name for f in results.iterdir() if f.is_dir()] == [RUN]


def test_a_recorded_run_is_not_replaced_by_accident(make, results, capsys):
    """Hours of a GPU, for a smaller one that somebody tried."""
    make()
    before = (results / RUN / "run.json").read_text()
    assert make() == 2
    assert "recorded already; --replace it" in capsys.readouterr().err
    assert make("--replace") == 0
    after = json.loads((results / RUN / "run.json").read_text())
    assert after == json.loads(before)  # the same work, published again


def test_without_photographs_to_score_it_scores_what_it_kept_out(
    make, results, tmp_path, shards
):
    words = [RUN, "--photographs", "bundled", "--set", *SMALL]
    words += ["validation=0.4", "--work", str(tmp_path / "other")]
    words += ["--cache", str(tmp_path / "cache"), "--results", str(results)]
    assert record.main(words) == 0
    run = course.recorded(RUN, results=results)
    trained = run.run["data"]["photographs"] + run.run["data"]["near_gray"]
    assert run.report["groups"]["all"]["n"] + trained == len(BUNDLED)
    with open(tmp_path / "other" / "report.csv") as file:
        assert len(list(csv.DictReader(file))) + trained == len(BUNDLED)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["epoch=2"], "'epoch' is no setting; choose"),
        (["epochs=0"], "epochs must be at least 1, got 0"),
    ],
)
def test_wrong_settings_are_one_line(make, capsys, settings, said):
    assert make(settings=settings) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_second_stage_begins_where_the_first_one_ended(
    make, results, tmp_path, capsys
):
    """Both say by hashes what they began with, and no path of it."""
    short = ["epochs=1", *SMALL[1:]]
    few = [word for word in short if not word.startswith("width")]
    second = {"run": "model2-gan", "work": "model2-gan", "settings": short}
    assert make(**second) == 2
    said = capsys.readouterr().err
    assert "begins with the generator of model2-l1" in said
    assert not (tmp_path / "model2-gan").exists()

    backbone = tmp_path / "resnet18.pth"
    torch.save(resnet18(weights=None).state_dict(), backbone)
    first = {"run": "model2-l1", "work": "model2-l1", "settings": few}
    assert make("--backbone", str(backbone), **first) == 0
    began = course.recorded("model2-l1", results=results).run
    assert began["backbone_sha256"] == sha256_of(backbone)
    assert "--backbone resnet18.pth" in began["command"]
    assert {each["setting"] for each in began["lacks"]} == {
        "batch_size", "epochs", "size", "photographs", "photographs scored",
    }  # fmt: skip

    looks = "--look-every", "1", "--look-on", "2"
    assert make(*looks, **second) == 0
    recorded = course.recorded("model2-gan", results=results)
    seen = [each["step"] for each in recorded.looks["looks"]]
    assert seen == [0, 1]  # where it began, and on the way
    assert "--look-every 1 --look-on 2" in recorded.run["command"]
    run = course.recorded("model2-gan", results=results).run
    left = tmp_path / "model2-l1" / "generator.safetensors"
    assert run["generator_sha256"] == sha256_of(left)
    assert "generator" not in {each["setting"] for each in run["lacks"]}
    assert str(tmp_path) not in json.dumps(run)


def test_a_stage_begins_with_nothing_that_is_half_trained(
    make, tmp_path, capsys
):
    """A run writes its generator every minute."""
    folder = tmp_path / "half"
    folder.mkdir()
    (folder / "generator.safetensors").touch()
    (folder / "run.json").write_text('{"finished": null}')
    words = {"run": "model2-gan", "work": "model2-gan"}
    assert make("--begin", str(folder), **words) == 2
    assert "half holds no finished one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--begin", f"{RUN} follows no other run; leave --begin out"),
        ("--look-on", "--look-on 2 or larger, got 0 and 1"),
        ("--backbone", f"{RUN} has no pretrained backbone; leave --backbone"),
    ],
)
def test_what_a_run_does_not_begin_with_is_one_line(make, capsys, option, said):
    assert make(option, "1") == 2
    assert said in capsys.readouterr().err


# The runs of the book


def test_the_readme_lists_every_run_as_it_is():
    """Recorded or missing, with scale, date and command."""
    text = (RESULTS / "README.md").read_text()
    listed = text.partition(list_runs.BEGIN)[2].partition(list_runs.END)[0]
    assert listed == list_runs.table(), "python experiments/list_runs.py"
    for name in RECIPES.keys() | set(course.recordings()):
        assert f"| `{name}` |" in listed, name


def test_pictures_of_recorded_runs_are_small():
    """A page shows many of them, and a wheel carries them all."""
    for name in course.recordings():
        for path in Recorded(name, RESULTS / name).folder.rglob("*.webp"):
            assert path.stat().st_size < 40_000, path
