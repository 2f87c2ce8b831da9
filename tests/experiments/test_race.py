"""The leaderboard of time: minutes of training, measured by fixed rules."""

import doctest
import json
import os
import shlex
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

import leaderboard
import numpy as np
import pytest
import race
import racing
import torch
from PIL import Image
from racing import Look, Race, Rules, Score, crossing, resume_race

from colorlib.colorizer import Colorizer
from colorlib.course.recorded import RESULTS, recordings
from colorlib.data.sources import Item, find_items
from colorlib.evaluation import evaluate
from colorlib.evaluation.bootstrap import DIFFERENCE
from colorlib.models.unet import Unet
from colorlib.training.progress import Progress

RULES = Rules()
G = Unet(n_down=2, width=4)


def look(seconds, high, photographs=RULES.photographs):
    """A look at a network whose interval ends at `high`."""
    score = Score(photographs, high - 0.2, high - 0.4, high)
    return Look(seconds, int(seconds), int(seconds) * 16, score)


# The rules.


@pytest.mark.parametrize("module", [racing, leaderboard])
def test_the_examples_are_true(module):
    tried = doctest.testmod(module)
    assert tried.attempted
    assert tried.failed == 0


def test_the_first_of_two_in_a_row_wins():
    looks = [look(10, -1.0), look(20, -1.6), look(30, -1.7), look(40, -9)]
    assert crossing(looks, RULES).seconds == 20


def test_one_lucky_look_among_many_wins_nothing():
    looks = [look(10 * i, -1.6 if i % 2 else -1.4) for i in range(100)]
    assert crossing(looks, RULES) is None


def test_the_whole_interval_has_to_be_over_the_bar():
    """A mean of -1.7 between -1.9 and -1.5 is not."""
    assert crossing([look(10, -1.5), look(20, -1.5)], RULES) is None


def test_a_look_at_some_of_the_photographs_does_not_count():
    few = look(10, -9, photographs=RULES.early[-1])
    assert crossing([few, few, few], RULES) is None
    assert crossing([look(5, -9), few, look(20, -9)], RULES) is None


def test_the_last_look_alone_is_not_confirmed():
    assert crossing([look(10, -1), look(20, -1.6)], RULES) is None


# The clock.


def run_of(*seconds, start=0, per_step=1.0, finished=False):
    """A training that is heard of at these seconds of its own process."""
    for second in seconds:
        step = start + round(second / per_step)
        total = step if finished and second == seconds[-1] else 10**6
        yield Progress(step, total, 1, {}, 1.0, seconds=float(second), G=G)


def follow(race, run, scores, limit=10**6, began_at=0):
    """Follow a race; return at which seconds how many were scored."""
    asked, scores = [], iter(scores)

    def score(network):
        assert network is G

        def ask(number):
            asked.append((race.seconds, number))
            return next(scores)(number)

        return ask

    race.follow(
        run,
        score,
        limit=limit,
        batch_size=16,
        began_at=lambda: began_at,
        on_progress=lambda race: None,
        on_look=lambda race: None,
    )
    return asked


def ends_at(high):
    """A score of any number of photographs whose interval ends there."""
    return lambda number: Score(number, high - 0.2, high - 0.4, high)


def test_looks_come_at_times_that_nobody_chooses():
    race = Race()
    asked = follow(race, run_of(*range(1, 1000)), [ends_at(0)] * 99)
    seconds = [at for at, _ in asked]
    assert seconds[:3] == [10, 20, 30]
    for before, after in pairwise(seconds):
        assert RULES.next_look(before) <= after
        assert after < RULES.next_look(before) + 1
    assert len(seconds) < 60
    assert {number for _, number in asked} == {RULES.early[0]}


def test_all_are_scored_where_it_may_be_over_the_bar():
    """And the look after one that is, whatever a few would say."""
    race = Race()
    ends = -1.0, -1.2, -1.0, -1.2, -1.2, -1.6, -1.7
    scores = [ends_at(high) for high in ends]
    asked = follow(race, run_of(*range(1, 99)), scores)
    (few, more), all_ = RULES.early, RULES.photographs
    # -1.0 reaches down to -1.4, and -1.2 to -1.6, which is beyond the bar.
    assert asked == [
        (10, few),
        (20, few),
        (20, more),
        (30, few),
        (30, more),
        (30, all_),
        (40, all_),
    ]
    assert race.won.seconds == 30


def test_it_ends_when_it_is_won():
    race, run = Race(), run_of(*range(1, 99))
    asked = follow(race, run, [ends_at(-1.6)] * 9)
    assert race.won.seconds == 10
    assert race.won.seen == 160
    assert [number for _, number in asked] == [200, 600, 2000, 2000]
    assert race.seconds == 20
    assert next(run).seconds == 21  # it isn't trained any further


def test_it_ends_at_the_limit():
    race = Race()
    follow(race, run_of(*range(1, 99)), [ends_at(0)] * 99, limit=25)
    assert race.seconds == 26
    assert race.won is None


def test_the_end_of_a_training_is_looked_at():
    race = Race()
    follow(race, run_of(4, 8, finished=True), [ends_at(0)])
    assert [x.seconds for x in race.looks] == [8]


def test_a_network_does_not_confirm_itself():
    """The end of a training is heard of twice, and again when it is resumed."""
    race = Race()
    run = (now for second in (20, 20) for now in run_of(second, finished=True))
    follow(race, run, [ends_at(-9)] * 9)
    follow(race, run_of(0, start=20, finished=True), [], began_at=20)
    assert [x.step for x in race.looks] == [20]
    assert race.won is None


def test_a_race_goes_on_with_its_clock():
    race = Race()
    follow(race, run_of(*range(1, 36)), [ends_at(0)] * 99)
    assert (race.seconds, race.step) == (35, 35)
    asked = follow(
        race, run_of(1, 2, 5, 6, start=35), [ends_at(0)] * 99, began_at=35
    )
    assert race.seconds == 41
    assert [at for at, _ in asked] == [40]


def test_what_a_killed_race_does_again_is_counted_once():
    """It goes on from a checkpoint, and its clock from then."""
    race = Race()
    run = run_of(*range(2, 37, 2), per_step=2.0)
    follow(race, run, [ends_at(0)] * 99)
    assert (race.seconds, race.step) == (36, 18)
    race.go_back(12)  # 24 seconds
    assert race.seconds == pytest.approx(24)
    assert [x.seconds for x in race.looks] == [10, 20]


def test_a_checkpoint_after_what_was_written_down_is_counted_too():
    race = Race(RULES, [look(10, 0), look(20, 0)], seconds=20.0, step=20)
    race.go_back(26)
    assert race.seconds == pytest.approx(26)
    assert len(race.looks) == 2
    race = Race()
    race.go_back(0)
    assert (race.seconds, race.step, race.looks) == (0, 0, [])


def test_it_is_kept_and_read_back(tmp_path):
    race = Race(RULES, [look(10, 0), look(20, -2)], seconds=25.5, step=25)
    race.save(tmp_path, {"name": "one"})
    assert resume_race(tmp_path, {"name": "one"}, RULES) == race


@pytest.mark.parametrize(
    ("asked_for", "rules"),
    [({"name": "two"}, RULES), ({"name": "one"}, replace(RULES, bar=1.0))],
)
def test_another_race_is_not_gone_on_with(tmp_path, asked_for, rules):
    Race().save(tmp_path, {"name": "one"})
    with pytest.raises(ValueError, match="holds another race"):
        resume_race(tmp_path, asked_for, rules)


@pytest.mark.parametrize("content", ["", "[]", '{"looks": [1]}'])
def test_a_damaged_file_is_told(tmp_path, content):
    (tmp_path / racing.RACE).write_text(content)
    with pytest.raises(ValueError, match="no race that can be gone on with"):
        resume_race(tmp_path, {}, RULES)


# The command.

SMALL = ["size=32", "width=4", "batch_size=4", "precision=no"]
TINY = Rules(photographs=3, early=(2,), least=0.0, growth=0.0)
WON_AT_ONCE = replace(TINY, bar=-100.0)
NEVER_WON = replace(TINY, bar=100.0)


@pytest.fixture
def results(tmp_path):
    """An empty place for results, but for its README."""
    folder = tmp_path / "results"
    folder.mkdir()
    text = f"before\n{leaderboard.BEGIN}old\n{leaderboard.END}after\n"
    (folder / "README.md").write_text(text)
    return folder


@pytest.fixture
def run_race(tmp_path, results, monkeypatch):
    """Race on colored noise: six photographs to train on, three to score."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    # Both would hold for all tests that come after.
    monkeypatch.setattr(os, "sched_setaffinity", lambda *_: None, raising=False)
    monkeypatch.setattr(torch, "set_num_threads", lambda number: None)
    rng = np.random.default_rng(0)
    for folder, number in (("train", 6), ("validate", 3)):
        (tmp_path / folder).mkdir()
        for i in range(number):
            noise = rng.integers(0, 256, (40, 48, 3), np.uint8)
            Image.fromarray(noise).save(tmp_path / folder / f"{folder}{i}.png")

    def run_race(*words, name="tiny", rules=WON_AT_ONCE, settings=()):
        return race.main(
            [name, "--who", "Ann", "--photographs", str(tmp_path / "train")]
            + ["--score", str(tmp_path / "validate")]
            + ["--set", *SMALL, "epochs=3", *settings]
            + ["--work", str(tmp_path / "work")]
            + ["--cache", str(tmp_path / "cache"), "--results", str(results)]
            + list(words),
            rules,
            show_every=0.0,
        )

    return run_race


def test_a_race_scores_as_the_protocol_does(tmp_path):
    """And no photograph twice, however many are asked for."""
    words = ["one", "--who", "Ann", "--photographs", "bundled"]
    words += ["--work", str(tmp_path), "--set", "width=4", "size=64"]
    job = race.plan(race.parse_options(words), RULES)
    read = []
    items = [Counted(item, read) for item in find_items("bundled")[:4]]
    ask = race.scorer(job, items)(G)
    ask(2)
    found = ask(4)
    assert len(read) == 4
    colorizer = Colorizer.load(tmp_path / "networks" / "look")
    pairs = [(item.name, item.item.read()) for item in items]
    gain = evaluate(colorizer, pairs).groups["all"].scores[DIFFERENCE]
    wanted = gain["ciede2000"]
    assert (found.difference, found.low, found.high) == pytest.approx(
        (wanted.value, wanted.low, wanted.high), abs=1e-5
    )


@dataclass
class Counted:
    """A photograph that remembers that it was read."""

    item: Item
    log: list

    @property
    def name(self):
        return self.item.name

    def read(self):
        self.log.append(self.name)
        return self.item.read()


@pytest.mark.slow
def test_one_command_makes_an_entry(run_race, results, tmp_path, capsys):
    assert run_race("--collection", "noise") == 0
    assert "tiny: 0.0 minutes" in capsys.readouterr().out
    entry = json.loads((results / "leaderboard" / "tiny.json").read_text())
    assert (entry["who"], entry["recipe"]) == ("Ann", "model1-l1only")
    assert entry["config"]["gan_weight"] == 0
    assert entry["config"]["validation"] == 0
    assert entry["scored"]["photographs"] == 3
    assert entry["scored"]["collection"] == "noise"
    assert entry["data"]["photographs"] == 6
    assert {"name", "threads", "torch", "precision"} < entry["machine"].keys()
    first, second = entry["curve"]  # won, and confirmed
    assert entry["seconds_to_bar"] == first["seconds"] < second["seconds"]
    assert entry["seen_at_bar"] == first["seen"] == 4 * first["step"]
    assert first["score"]["photographs"] == 3
    assert first["score"]["low"] <= first["score"]["difference"]
    assert entry["rules"] == asdict(WON_AT_ONCE) | {"early": [2]}
    assert str(tmp_path) not in json.dumps(entry)
    words = shlex.split(entry["command"])[2:]
    assert race.parse_options(words).set == [*SMALL, "epochs=3"]
    assert recordings(results) == []  # it is no recorded run
    table = leaderboard.table(results, WON_AT_ONCE)
    assert "**On two cores**, 3 photographs of noise" in table
    assert "1 more by other rules" in (results / "README.md").read_text()


@pytest.mark.slow
def test_a_race_that_was_stopped_goes_on(run_race, results):
    """By the same command, with more minutes, clock and curve and all."""
    path = results / "leaderboard" / "tiny.json"
    assert run_race("--minutes", "0.00001", rules=NEVER_WON) == 0
    before = json.loads(path.read_text())
    assert before["seconds_to_bar"] is None
    assert run_race("--minutes", "60", rules=NEVER_WON) == 0
    entry = json.loads(path.read_text())
    assert entry["resumed"] == 1
    assert entry["started"] == before["started"]
    assert entry["seconds"] >= before["seconds"]
    curve = entry["curve"]
    assert curve[: len(before["curve"])] == before["curve"]
    assert [x["step"] for x in curve] == sorted({x["step"] for x in curve})
    assert curve[-1]["step"] == 3  # an epoch is a step: the end was looked at
    assert entry["seconds_to_bar"] is None


@pytest.mark.slow
def test_an_entry_is_not_replaced_by_chance(run_race, results, tmp_path):
    assert run_race() == 0
    (tmp_path / "work").rename(tmp_path / "other")
    kept = (results / "leaderboard" / "tiny.json").read_text()
    assert run_race() == 2
    assert (results / "leaderboard" / "tiny.json").read_text() == kept
    assert run_race("--replace") == 0


def said_by(capsys):
    """What a race said, in one line."""
    [line] = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("name", ["run-1", "Ann", "a/b", "", "-a"])
def test_a_name_that_is_no_file_s_is_refused(run_race, capsys, name):
    if name == "-a":
        with pytest.raises(SystemExit):
            run_race(name=name)
        return
    assert run_race(name=name) == 2
    assert "small letters, digits and hyphens" in said_by(capsys)


def test_too_few_photographs_are_refused(run_race, capsys):
    """A bar on ten photographs would be another bar."""
    assert run_race(rules=Rules()) == 2
    assert "3 photographs to score, and the rules want 2,000" in said_by(capsys)


def test_what_is_trained_on_is_not_scored(run_race, capsys, tmp_path):
    photographs = [str(tmp_path / "train"), str(tmp_path / "validate")]
    assert run_race("--photographs", *photographs) == 2
    assert "to train on and to score" in said_by(capsys)


def test_a_trained_generator_does_not_race(run_race, capsys):
    """It would have won before it began."""
    assert run_race(settings=["generator=compact.safetensors"]) == 2
    assert "was trained before the race" in said_by(capsys)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--minutes", "0"], "--minutes must be above 0"),
        (["--recipe", "model9"], "there is no recipe 'model9'"),
        (["--recipe", "backbone"], "trains no generator"),
        (["--set", "speed=9"], "'speed' is no setting"),
    ],
)
def test_what_makes_no_sense_is_one_line(run_race, capsys, words, said):
    assert run_race(*words) == 2
    assert said in said_by(capsys)


def test_a_generator_can_race_alone():
    """No recipe of the course trains the compact one, which is fast."""
    words = ["one", "--who", "Ann", "--photographs", "a"]
    words += ["--recipe", "pretrain", "--set", "generator=compact"]
    words += ["loss=cross-entropy", "backbone=/data/ann/lite2.pth"]
    job = race.plan(race.parse_options(words), RULES)
    config = job.recipe.config
    assert (config.method, config.generator) == ("pretrain", "compact")
    assert config.loss == "cross-entropy"
    assert config.backbone == "/data/ann/lite2.pth"
    assert "/data/ann" not in job.command
    again = race.parse_options(shlex.split(job.command)[2:])
    assert again.recipe == "pretrain"
    assert again.set[-1] == "backbone=lite2.pth"


def test_a_run_that_is_no_race_is_left_alone(run_race, capsys, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "run.json").write_text("{}")
    assert run_race() == 2
    assert "holds a run that is no race" in said_by(capsys)


def test_two_cores_are_kept_to(monkeypatch):
    asked = []
    monkeypatch.setattr(
        os, "sched_getaffinity", lambda _: {3, 1, 2, 0}, raising=False
    )
    monkeypatch.setattr(
        os, "sched_setaffinity", lambda _, c: asked.append(c), raising=False
    )
    monkeypatch.setattr(torch, "set_num_threads", asked.append)
    race.limit_cores()
    assert asked == [[0, 1], 2]


def test_a_processor_says_its_name(tmp_path):
    (tmp_path / "cpuinfo").write_text("processor: 0\nmodel name\t: Z80 \n")
    assert race.processor_name(tmp_path / "cpuinfo") == "Z80"
    assert race.processor_name(tmp_path / "none")


# The table.


def entry(name, seconds, **changes):
    """An entry of a race that was won after so many seconds."""
    made = {
        "name": name,
        "who": "Ann",
        "date": "2026-12-01",
        "commit": "0123456789",
        "recipe": "model1-l1only",
        "config": {"generator": "unet", "size": 128},
        "data": {"photographs": 8000},
        "pretrained": None,
        "machine": {
            "device": "cpu",
            "name": "Z80",
            "threads": 2,
            "precision": "no",
            "torch": "2.15.0",
        },
        "scored": {
            "collection": "noise",
            "photographs": 2000,
            "list_hash": "abc",
        },
        "rules": asdict(RULES),
        "seconds_to_bar": seconds,
        "seen_at_bar": None if seconds is None else 16_000,
        "seconds": 7200.0,
    }
    return made | changes


@pytest.fixture
def board(results):
    """Make a table of entries."""

    def board(*entries):
        (results / "leaderboard").mkdir()
        for made in entries:
            path = leaderboard.file_of(made["name"], results)
            path.write_text(json.dumps(made))
        leaderboard.update(results)
        return (results / "README.md").read_text()

    return board


def test_the_fastest_comes_first_and_who_never_won_last(board):
    text = board(entry("a", None), entry("b", 600.0), entry("c", 90.0))
    rows = [x for x in text.splitlines() if x.startswith(("| 1", "| n"))]
    assert [row.split("`")[1] for row in rows] == ["c", "b", "a"]
    assert [row.split(" | ")[0] for row in rows] == [
        "| 1.5",
        "| 10.0",
        "| not in 120.0",
    ]
    assert "16,000" in rows[0]
    assert text.startswith("before\n")
    assert text.endswith("after\n")


def test_what_can_not_be_compared_stands_apart(board):
    gpu = entry("a", 1.0)["machine"] | {"device": "NVIDIA H200"}
    others = entry("b", 2.0)["scored"] | {"list_hash": "def"}
    text = board(
        entry("a", 1.0, machine=gpu),
        entry("b", 2.0, scored=others),
        entry("c", 3.0),
        entry("d", 4.0, rules=asdict(replace(RULES, bar=1.0))),
    )
    assert text.count("| minutes |") == 3
    assert text.count("**On two cores**") == 2
    assert text.count("**On a GPU**") == 1
    assert "NVIDIA H200, 32 bits, torch 2.15.0" in text
    assert "1 more by other rules" in text
    assert "`d`" not in text


def test_what_somebody_typed_stays_in_its_cell(board):
    text = board(entry("a", 1.0, who="Ann | <b>\n| 0.1 |"))
    assert "| Ann \\| &lt;b> \\| 0.1 \\| |" in text


def test_no_entry_is_said(board):
    assert leaderboard.EMPTY in board()


def test_a_file_that_is_no_entry_is_told(board):
    with pytest.raises(ValueError, match=r"x.json is no entry .*KeyError"):
        board({"name": "x"})


def test_the_page_is_up_to_date():
    text = (RESULTS / "README.md").read_text()
    shown = text.partition(leaderboard.BEGIN)[2].partition(leaderboard.END)[0]
    assert shown == leaderboard.table(), "python experiments/leaderboard.py"
