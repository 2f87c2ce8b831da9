"""Many runs in little time: packed, recorded in order, cut and gone on with."""

import doctest
import io
import itertools
import json
import os
import re
import signal
import tarfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import record_many
import torch
from many import recorder, time_budget
from many.bundle import Quota, bundle
from many.packing import Settings, pack
from many.packs import MANIFEST, open_pack
from many.plan import PRIORITY, in_order
from many.recorder import Recorder
from many.time_budget import Clock
from PIL import Image
from recording import Job, unscored
from safetensors.torch import load_file
from torchvision.models import resnet18

from colorlib import course
from colorlib.course.recorded import RESULTS
from colorlib.data.filling import cache_photographs
from colorlib.data.sources import find_items
from colorlib.files import sha256_of
from colorlib.models.unet import Unet
from colorlib.models.weights import load_generator, save_generator
from colorlib.training.progress import Progress
from colorlib.training.recipes import RECIPES, find_recipe

BICUBIC = Image.Resampling.BICUBIC
RUN = "model1-lambda-10"


@pytest.fixture(autouse=True)
def no_disk(monkeypatch):
    """Don't wait for the disk, which another process may keep busy."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(scope="session")
def sources(tmp_path_factory):
    """Colored blobs: 20 to train on and 3 to score, 60 x 40 pixels."""
    rng = np.random.default_rng(0)
    root = tmp_path_factory.mktemp("sources")
    for folder, number in (("train", 20), ("validate", 3)):
        (root / folder).mkdir()
        for i in range(number):
            coarse = rng.integers(0, 256, (4, 6, 3), np.uint8)
            photo = Image.fromarray(coarse).resize((60, 40), BICUBIC)
            photo.save(root / folder / f"{i}.png")
    return root


@pytest.fixture(scope="session")
def packed(sources, tmp_path_factory):
    """A pack of them."""
    folder = tmp_path_factory.mktemp("packs") / "pack"
    pack(
        [str(sources / "train")],
        [str(sources / "validate")],
        folder,
        Settings(size=32, part_mb=0.04, quality=90),
        collection="blobs",
    )
    return folder


# Packing


def test_a_pack_holds_the_photographs_small(packed, sources, tmp_path):
    """Squashed to train on, as they are to score, and under their names."""
    found = open_pack(packed)
    assert found.collection == "blobs"
    for name, packs, squash in (
        ("train", found.photographs, True),
        ("validate", found.score, False),
    ):
        ours = [item for source in packs for item in find_items(source)]
        theirs = find_items(str(sources / name))
        wanted = {f"{item.name}.webp" for item in theirs}
        assert {item.name.partition("/")[2] for item in ours} == wanted
        kept = cache_photographs(theirs, tmp_path, size=32, squash=squash)
        pixels = dict(zip(kept.names, kept, strict=True))
        for item in ours:
            original = pixels[item.name.partition("/")[2][: -len(".webp")]]
            photo = item.read()
            assert photo.shape == ((32, 32, 3) if squash else (32, 48, 3))
            assert np.abs(photo.astype(int) - original).mean() < 5


def test_every_part_is_small_enough_and_says_what_it_is(packed):
    manifest = json.loads((packed / MANIFEST).read_text())
    parts = [*manifest["train"]["shards"], *manifest["validate"]["shards"]]
    assert len(manifest["train"]["shards"]) > 1
    assert {part["name"] for part in parts} == {
        path.name for path in packed.glob("*.tar")
    }
    for part in parts:
        size = (packed / part["name"]).stat().st_size
        assert size == part["bytes"] < 0.04e6
        with tarfile.open(packed / part["name"]) as tar:
            assert len(tar.getmembers()) == part["photographs"]
    counts = [manifest[side]["photographs"] for side in ("train", "validate")]
    assert counts == [20, 3]
    assert str(packed.parent) not in json.dumps(manifest)


def test_the_same_photographs_make_the_same_pack(packed, sources, tmp_path):
    """So a part that was sent before need not be sent again."""
    again = tmp_path / "again"
    words = [str(sources / "train"), "--score", str(sources / "validate")]
    words += ["--to", str(again), "--size", "32", "--part-mb", "0.04"]
    words += ["--quality", "90", "--collection", "blobs"]
    assert record_many.main(["pack", *words]) == 0
    for path in packed.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


def test_without_others_to_score_a_share_is_kept_out(sources, tmp_path):
    pack([str(sources / "train")], None, tmp_path / "pack", Settings(size=32))
    found = open_pack(tmp_path / "pack")
    train, validate = (
        {item.name.partition("/")[2] for item in find_items(source[0])}
        for source in (found.photographs, found.score)
    )
    assert len(train) + len(validate) == 20
    assert train
    assert validate
    assert not train & validate


def test_an_interrupted_pack_leaves_nothing(sources, tmp_path):
    def stop(done, total):
        if done == 5:
            raise KeyboardInterrupt

    folder = tmp_path / "pack"
    with pytest.raises(KeyboardInterrupt):
        pack([str(sources)], None, folder, Settings(), on_packed=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_photograph_that_cannot_be_read_is_left_out(sources, tmp_path):
    torn = tmp_path / "photos" / "torn.png"
    torn.parent.mkdir()
    whole = (sources / "train" / "0.png").read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])
    words = [str(sources / "train"), str(torn.parent), "--to"]
    assert record_many.main(["pack", *words, str(tmp_path / "pack")]) == 0
    text = (tmp_path / "pack" / MANIFEST).read_text()
    left_out = {**json.loads(text)["train"]["left_out"]}
    left_out |= json.loads(text)["validate"]["left_out"]
    assert list(left_out) == ["torn.png"]
    assert str(tmp_path) not in text


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda folder: (folder / "train-001.tar").unlink(),
            "is missing; copy",
        ),
        (
            lambda folder: (folder / "train-009.tar").write_bytes(b""),
            "no part of the pack; remove it",
        ),
        (
            lambda folder: (folder / "train-001.tar").write_bytes(b"other"),
            "is not what pack.json says; copy it again",
        ),
        (
            lambda folder: (folder / MANIFEST).write_text("[]"),
            "is damaged .*; pack again",
        ),
        (lambda folder: (folder / MANIFEST).unlink(), "holds no pack.json"),
    ],
)
def test_a_pack_that_was_spoiled_on_its_way_is_named(
    packed, tmp_path, spoil, said
):
    for path in packed.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    open_pack(tmp_path)
    spoil(tmp_path)
    with pytest.raises((ValueError, FileNotFoundError), match=said):
        open_pack(tmp_path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--part-mb", "0.02"], "a part may have 20,000 in all; allow more"),
        (["--part-mb", "nan"], "part_mb must be above 0"),
        (["--quality", "101"], "quality from 0 to 100"),
        (["--to", "."], "exists; remove it"),
    ],
)
def test_a_pack_that_cannot_be_made_is_one_line(
    sources, tmp_path, capsys, monkeypatch, words, said
):
    monkeypatch.chdir(tmp_path)
    first = ["pack", str(sources / "train"), "--to", "pack"]
    assert record_many.main([*first, *words]) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


# The order, in a time that the test tells


class Machine:
    """Runs of 100 steps on a machine whose speed is given, in fake time.

    Three photographs are scored after each run, in ten seconds each.
    """

    def __init__(self, folder, sources):
        self.folder, self.sources = folder, sources
        self.now = self.start = 0.0
        self.published = []
        self.speed = {}
        self.steps = {}
        self.follows = {}

    def record(self, seconds, **speed):
        """Record runs by name; a number is what a step of it takes."""
        self.speed = speed
        jobs = [self.job(*pair) for pair in enumerate(speed)]
        parts = recorder.Parts(
            is_recorded=lambda job: job.name in self.published,
            check_beginning=self.check_beginning,
            try_scoring=lambda *_: 10.0,
            train=self.train,
            score=self.score,
            publish=lambda job: self.published.append(job.name),
        )
        clock = Clock(seconds, lambda: self.now)
        states_file = self.folder / "runs.json"
        found = Recorder(jobs, clock, states_file, parts=parts).record_all()
        told = json.loads(states_file.read_text())
        assert told == {name: asdict(state) for name, state in found.items()}
        return {name: (s.state, s.step) for name, s in found.items()}

    def job(self, number, name):
        """No two are of a kind, unless their names begin alike."""
        kind = ord(name[0])
        return Job(
            name=name,
            recipe=find_recipe(RUN).but(seed=number, epochs=1, width=kind),
            photographs=[str(self.sources / "train")],
            score=[str(self.sources / "validate")],
            work=self.folder / name,
            results=self.folder / "results",
            cache=self.folder / "cache",
            command="",
        )

    def check_beginning(self, job):
        before = self.follows.get(job.name)
        if before and before not in self.published:
            raise ValueError(f"record {before} first")

    def train(self, job, **_):
        job.work.mkdir(exist_ok=True)
        (job.work / "run.json").touch()
        self.now += self.start
        while (step := self.steps.get(job.name, 0)) < 100:
            takes = self.speed[job.name]
            if isinstance(takes, Exception):
                raise takes
            self.now += takes
            self.steps[job.name] = step + 1
            if step < 99:
                yield Progress(step + 1, 100, 1, {}, 1.0)
        yield Progress(100, 100, 1, {}, 1.0)

    def score(self, job, items, perception, *, check):
        for epoch in unscored(job, items, perception):
            for _ in items:
                check()
                self.now += 10
            job.report(epoch).touch()


@pytest.fixture
def machine(tmp_path, sources):
    return Machine(tmp_path, sources)


def test_runs_are_recorded_in_their_order(machine):
    found = machine.record(400, a=1, b=0.5)
    assert machine.published == ["a", "b"]
    assert found == {"a": ("recorded", 100), "b": ("recorded", 100)}


def test_a_run_waits_for_the_one_that_it_begins_with(machine):
    """In vain, if that one fails; the others are recorded all the same."""
    machine.follows = {"b": "a"}
    found = machine.record(400, b=1, a=1, c=1)
    assert machine.published == ["a", "c", "b"]
    assert {state for state, _ in found.values()} == {"recorded"}


def test_a_run_waits_in_vain_for_one_that_fails(machine):
    machine.follows = {"b": "a"}
    found = machine.record(400, a=ValueError("no"), b=1, c=1)
    assert machine.published == ["c"]
    assert found["b"] == ("waiting", 0)


def test_the_order_of_stages_is_kept_whatever_is_asked_for():
    names = ["model2-gan", RUN, "model2-l1", "model2-gan"]
    assert in_order(names) == ["model2-l1", "model2-gan", RUN]
    assert in_order(["model2-gan", RUN]) == ["model2-gan", RUN]
    assert in_order(PRIORITY) == PRIORITY


def test_a_run_that_does_not_fit_makes_room_for_one_that_does(machine):
    """And gets what is left then: nothing of the time is lost."""
    found = machine.record(400, a=10, b=1)
    assert machine.published == ["b"]
    # It was judged after 14 steps. The other one took 130 seconds, and the
    # clock is looked at after each step.
    assert found == {"a": ("begun", 14 + 13), "b": ("recorded", 100)}
    found = machine.record(3000, a=10, b=1)
    assert found["a"] == ("recorded", 100)
    assert machine.published == ["b", "a"]


def test_a_run_of_a_known_kind_is_not_begun_in_vain(machine):
    """Its kind was measured, so that it is judged at once."""
    found = machine.record(450, a1=2, a2=2.5, b=1)
    assert machine.published == ["a1", "b"]
    assert found["a2"] == ("begun", 36)  # in the 90 seconds that are left


def test_what_is_cut_short_is_not_published(machine):
    """Not in training, and not in scoring either."""
    found = machine.record(50, a=1)
    assert (machine.published, found["a"]) == ([], ("begun", 50))
    found = machine.record(65, a=1)  # the third photograph comes too late
    assert (machine.published, found["a"]) == ([], ("begun", 100))
    assert machine.record(35, a=1)["a"] == ("recorded", 100)
    assert machine.published == ["a"]


def test_one_that_fails_does_not_stop_the_others(machine, capsys):
    """Hours of a GPU are not lost to one run's mistake."""
    error = FloatingPointError("the loss d is not a finite number")
    found = machine.record(300, a=error, b=1)
    assert machine.published == ["b"]
    assert found["a"][0] == "failed"
    assert "a failed: the loss d is not a fin" in capsys.readouterr().err
    text = (machine.folder / "runs.json").read_text()
    frames = json.loads(text)["a"]["frames"]
    assert re.fullmatch(r"test_record_many.py:\d+, train", frames[-1])
    assert str(Path(__file__).parent) not in text  # it is bundled


def test_no_run_is_begun_in_the_last_moment(machine):
    """To start takes time, too, and would end after the end."""
    machine.start = 20
    found = machine.record(165, a=1, b=1)
    assert found == {"a": ("recorded", 100), "b": ("waiting", 0)}
    assert machine.now == 150


def test_the_examples_of_the_clock_are_true():
    assert doctest.testmod(time_budget).attempted > 3
    assert doctest.testmod(time_budget).failed == 0


# The real thing, tiny


@pytest.fixture
def run(packed, tmp_path):
    """Rehearse some of the runs."""

    def run(*words, runs=(RUN,), minutes="5", now=time.monotonic, work="work"):
        places = ["--work", tmp_path / work, "--cache", tmp_path / "cache"]
        first = ["run", "--tiny", "--pack", packed, "--minutes", minutes]
        more = ["--runs", *runs, *places, *words]
        return record_many.main([str(word) for word in first + more], now)

    return run


@pytest.mark.slow
def test_cut_by_time_and_gone_on_with_is_as_in_one_go(run, tmp_path):
    """Bit for bit; and until all of it is there, nothing is shown."""
    work, whole = tmp_path / "work", tmp_path / "whole"
    # Each look at the clock takes a second.
    pieces = 0
    while not (work / "results" / RUN).exists():
        ticks = iter(range(1000)).__next__
        assert run("--reserve", "0", minutes="0.3", now=ticks) == 0
        pieces += 1
        states = json.loads((work / "runs.json").read_text())
        complete = states[RUN]["state"] == "recorded"
        assert (work / "results" / RUN).exists() == complete
        assert pieces < 20
    assert pieces > 2
    resumed = json.loads((work / RUN / "run.json").read_text())["resumed"]
    assert resumed  # cut in the middle of its training
    assert run(work="whole") == 0
    ours, theirs = (
        load_file(folder / RUN / "generator.safetensors")
        for folder in (work, whole)
    )
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    one, other = (
        course.recorded(RUN, results=folder / "results")
        for folder in (work, whole)
    )
    for name in ("epoch", "d", "g_gan", "g_l1"):
        assert one.metrics[name] == other.metrics[name]
    assert one.report["groups"] == other.report["groups"]


@pytest.mark.slow
def test_a_rehearsal_leaves_all_that_the_real_thing_does(run, tmp_path):
    """Results, weights in 16 bits, and what became of each run."""
    out = tmp_path / "out"
    assert run("--out", out, runs=[RUN, "model1-ganonly"]) == 0
    assert {path.name for path in out.iterdir()} == {
        "runs.json",
        "results.tar",
        f"{RUN}-weights.tar",
        "model1-ganonly-weights.tar",
    }
    with tarfile.open(out / "results.tar") as tar:
        tar.extractall(tmp_path / "fetched", filter="data")
    recorded = course.recorded(RUN, results=tmp_path / "fetched")
    assert recorded.run["collection"] == "blobs"
    assert recorded.run["scale"] == "reduced"
    assert recorded.run["finished"]
    assert "record.py model1-lambda-10 --photographs" in recorded.run["command"]
    assert recorded.report["groups"]["all"]["n"] == 2
    assert recorded.picture("astronaut", 2).shape == (256, 256, 3)
    assert str(tmp_path) not in json.dumps(recorded.run)
    # The same command again has nothing to do.
    before = (tmp_path / "work" / RUN / "run.json").stat().st_mtime_ns
    assert run("--out", out, runs=[RUN, "model1-ganonly"]) == 0
    assert (tmp_path / "work" / RUN / "run.json").stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_rehearsal_of_both_stages(run, tmp_path):
    """The second one begins with what the first one has just left."""
    backbone = tmp_path / "resnet18.pth"
    torch.save(resnet18(weights=None).state_dict(), backbone)
    names = ["model2-gan", "model2-l1"]
    short = "--set", "epochs=1", "photographs=2"
    assert run("--backbone", backbone, *short, runs=names) == 0
    results = tmp_path / "work" / "results"
    assert course.recordings(results) == sorted(names)
    began = course.recorded("model2-gan", results=results).run
    left = tmp_path / "work" / "model2-l1" / "generator.safetensors"
    assert began["generator_sha256"] == sha256_of(left)


@pytest.fixture
def hears_ctrl_c():
    """What a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_leaves_what_can_be_gone_on_with(
    run, tmp_path, capsys, number, status
):
    looks = itertools.count()

    def now():
        if next(looks) == 12:  # in the middle of the training
            signal.raise_signal(number)
        return 0.0

    assert run(now=now) == status
    assert "run the same command" in capsys.readouterr().err
    assert not (tmp_path / "work" / "results" / RUN).exists()
    states = json.loads((tmp_path / "work" / "runs.json").read_text())
    assert 0 < states[RUN]["step"] < states[RUN]["steps"]
    assert run() == 0
    run_json = json.loads((tmp_path / "work" / RUN / "run.json").read_text())
    assert run_json["resumed"][0]["step"] >= states[RUN]["step"]
    assert (tmp_path / "work" / "results" / RUN).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--minutes", "0.1"], "leave no time; give more minutes"),
        (["--runs", "model2-gan"], "begins with the generator of model2-l1"),
        (["--runs", "model2"], "there is no recipe 'model2'"),
        (["--results", str(RESULTS)], "--tiny is a rehearsal"),
        (["--set", "epoch=2"], "'epoch' is no setting"),
        (["--pack", "nowhere"], "nowhere holds no pack.json"),
        (["--score", "other"], "leave --score out"),
    ],
)
def test_what_makes_no_sense_is_one_line_at_once(run, capsys, words, said):
    assert run(*words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("record_many.py: ")
    assert said in line


def test_a_run_of_another_origin_is_not_replaced(run, tmp_path, capsys):
    """Hours of a GPU, for a smaller one that somebody tried."""
    other = tmp_path / "work" / "results" / RUN
    other.mkdir(parents=True)
    (other / "run.json").write_text('{"started": "long ago"}')
    assert run() == 2
    assert "recorded already" in capsys.readouterr().err
    assert (other / "run.json").read_text() == '{"started": "long ago"}'


def test_every_recipe_has_a_place_in_the_order():
    assert sorted(PRIORITY) == sorted(RECIPES)
    assert PRIORITY[0] == "model1-100"


# Bundles


@pytest.fixture
def recorded(tmp_path):
    """Two recorded runs: folders, and generators of 170 kB in 32 bits."""
    torch.manual_seed(0)
    for name in ("a", "b"):
        folder = tmp_path / "results" / name
        (folder / "samples").mkdir(parents=True)
        (folder / "run.json").write_text("{}")
        (folder / "samples" / "one.webp").write_bytes(bytes(20_000))
        card = {"name": name, "size": 32}
        G = Unet(n_down=4, width=8)
        save_generator(G, tmp_path / "work" / name / "generator", card=card)
    (tmp_path / "work" / "runs.json").write_text("{}")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "log").touch()
    places = {"work": tmp_path / "work", "results": tmp_path / "results"}
    return places | {"names": ["b", "a"], "out": tmp_path / "out"}


def join(folder, name):
    """What `cat NAME*` gives."""
    return b"".join(
        path.read_bytes() for path in sorted(folder.glob(f"{name}*"))
    )


def test_a_bundle_holds_weights_in_16_bits(recorded, tmp_path):
    assert bundle(**recorded, quota=Quota(files=20, part_mb=0.05)) == []
    files = list((tmp_path / "out").iterdir())
    assert len(files) > 5
    assert all(path.stat().st_size < 50_000 for path in files)
    for name in ("a", "b"):
        data = join(tmp_path / "out", f"{name}-weights.tar")
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(tmp_path / "fetched", filter="data")
        fetched = tmp_path / "fetched" / name / "generator.safetensors"
        ours = load_file(fetched)
        path = tmp_path / "work" / name / "generator.safetensors"
        for key, weight in load_generator(path)[0].state_dict().items():
            if weight.is_floating_point():
                weight = weight.half()
            assert ours[key].dtype == weight.dtype
            assert torch.equal(ours[key], weight)


def test_weights_of_the_lowest_priority_are_left_out_first(recorded, tmp_path):
    (line,) = bundle(**recorded, quota=Quota(files=3))
    assert line.startswith("a's weights are not bundled: ")
    assert "0 files of 16 MB" in line
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"log", "runs.json", "results.tar", "b-weights.tar"}


def test_an_older_bundle_is_replaced_and_nothing_else(recorded, tmp_path):
    """Parts of two bundles would not fit together."""
    bundle(**recorded, quota=Quota(files=20, part_mb=0.02))
    bundle(**recorded, quota=Quota())
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    wanted = ["a-weights.tar", "b-weights.tar", "log", "results.tar"]
    assert names == [*wanted, "runs.json"]


def test_weights_that_16_bits_cannot_hold_cost_no_results(recorded, tmp_path):
    path = tmp_path / "work" / "b" / "generator.safetensors"
    G, card = load_generator(path)
    next(G.parameters()).data.fill_(1e6)
    save_generator(G, path, card=card)
    (line,) = bundle(**recorded, quota=Quota())
    assert line.startswith("b's weights are not bundled: ")
    assert (tmp_path / "out" / "a-weights.tar").exists()
    with tarfile.open(tmp_path / "out" / "results.tar") as tar:
        assert "b/samples/one.webp" in tar.getnames()


def test_results_that_are_too_large_are_an_error(recorded):
    with pytest.raises(ValueError, match=r"need 2 files, and 1 files .*allow"):
        bundle(**recorded, quota=Quota(files=2, part_mb=0.03))


def test_a_bundle_of_nothing_says_so(tmp_path, capsys):
    places = ["--work", str(tmp_path), "--out", str(tmp_path / "out")]
    assert record_many.main(["bundle", *places]) == 2
    assert "holds no recorded run yet; run first" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
