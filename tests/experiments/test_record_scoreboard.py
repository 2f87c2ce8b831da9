"""The scoreboard's record: everybody once, and again only whoever is new."""

import json
from dataclasses import replace

import list_runs
import numpy as np
import pytest
import record_scoreboard
from PIL import Image
from record_scoreboard import (
    NAME,
    SHIPPED,
    find_entrants,
    in_order,
    join,
    main,
    measured,
)

from colorlib.evaluation import Perception, Protocol, Row
from colorlib.evaluation.standings import CHEATS, Standings
from colorlib.models.build import build_generator
from colorlib.models.weights import save_generator


def fake_lpips(rgb, true_rgb):
    return (rgb.float() - true_rgb).abs().mean() / 255


def fake_inception(rgb):
    """The mean color in place of 2,048 numbers."""
    return rgb.float().mean(dim=(2, 3))


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command's words, its networks fakes."""
    monkeypatch.setattr(
        Perception,
        "load",
        lambda *_, **__: Perception(fake_lpips, fake_inception),
    )
    monkeypatch.setattr(record_scoreboard, "NUMBERS", {"score_on": 500})
    rng = np.random.default_rng(0)
    for i in range(4):
        pixels = rng.integers(0, 256, (40, 40, 3), np.uint8)
        (tmp_path / "photos").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{i}.png")
    results = tmp_path / "results"
    results.mkdir()
    (results / "README.md").write_text(list_runs.BEGIN + list_runs.END)
    return [
        *("--score", str(tmp_path / "photos"), "--weights", "w"),
        *("--work", str(tmp_path / "work"), "--results", str(results)),
        *("--crop", "32"),
    ]


def report_in(tmp_path):
    return json.loads((tmp_path / "results" / NAME / "report.json").read_text())


@pytest.mark.slow
def test_everybody_is_on_the_scoreboard(command, tmp_path, capsys):
    assert main(command) == 0, capsys.readouterr().err
    report = report_in(tmp_path)
    assert report["photographs"] == 4
    found = Standings.from_json(report)
    assert {*found.names} == {"gray", SHIPPED, *CHEATS}
    assert {"ciede2000", "lpips", "fid", "kid"} < {*found.measures}
    assert report["colorizers"]["hue rotated"]["cheat"]
    assert not report["colorizers"][SHIPPED]["cheat"]
    assert len(report["colorizers"][SHIPPED]["sha256"]) == 64
    run = json.loads((tmp_path / "results" / NAME / "run.json").read_text())
    assert run["data"]["photographs"] == 4
    assert run["scale"] == "reduced"
    assert str(tmp_path) not in json.dumps([run, report])
    assert "0.png" not in json.dumps([run, report])
    assert NAME in (tmp_path / "results" / "README.md").read_text()


@pytest.mark.slow
def test_whoever_is_new_is_measured_alone(command, tmp_path, monkeypatch):
    """And the others' numbers stay; fewer photographs are measured anew."""
    weights = tmp_path / "small.safetensors"
    card = {"name": "small", "size": 32}
    save_generator(small_generator(), weights, card=card)
    assert main(command) == 0
    before = report_in(tmp_path)
    asked = []
    true_measure = record_scoreboard.measure

    def measure(*words, only, **options):
        asked.extend(only)
        return true_measure(*words, only=only, **options)

    monkeypatch.setattr(record_scoreboard, "measure", measure)
    assert main([f"small={weights}", *command]) == 0
    assert asked == ["model"]
    after = report_in(tmp_path)
    assert after["scores"].keys() == before["scores"].keys() | {"small"}
    assert after["scores"]["gray"] == before["scores"]["gray"]
    run = json.loads((tmp_path / "results" / NAME / "run.json").read_text())
    assert "small=MODEL" in run["command"]
    assert run["wall_seconds"] > 0
    asked.clear()
    fewer = ["--score-on", "3", "--cheats", "hue rotated"]
    assert main([*command, *fewer]) == 2  # three have no halves
    assert asked == []


def small_generator():
    return build_generator("unet", size=32, width=4).eval()


def scored(entrant, items, some, work):
    """Score small crops of some photographs; what is kept goes into work."""
    return record_scoreboard.measured(
        entrant,
        items,
        some,
        record_scoreboard.Protocol(crop=32),
        Perception.load(),
        work,
    )


@pytest.mark.slow
def test_a_record_of_fewer_is_a_part_of_it(command, tmp_path, monkeypatch):
    """In any steps; "another's color" is that of the same photograph."""
    cheat = ["--cheats", "another's color"]
    entrants = find_entrants([], ["another's color"])
    items = in_order([command[1]])

    def names_and_errors(some, work):
        found = scored(entrants[-1], items, some, tmp_path / work)
        return [
            (row.name, row.scores["another's color"]["ciede2000"])
            for row in found.rows
        ]

    whole = names_and_errors(4, "at once")
    for some in (1, 3, 4):
        assert names_and_errors(some, "in steps") == whole[:some]
    assert names_and_errors(2, "in steps") == whole[:2]
    monkeypatch.setattr(record_scoreboard, "STEP", 3)
    assert main([*command, *cheat]) == 0
    assert report_in(tmp_path)["photographs"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("broken", [[0], [0, 1], [1]])
def test_steps_end_anywhere_among_photographs_that_cannot_be_read(
    command, tmp_path, broken
):
    """Even if there is nothing else before the end of one."""
    items = in_order([command[1]])
    for i in broken:
        items[i].path.write_bytes(b"cut")
    [*_, entrant] = find_entrants([], ["another's color"])

    def errors(*steps, work):
        for some in steps:
            found = scored(entrant, items, some, tmp_path / work)
        return [
            row.scores["another's color"]["ciede2000"] for row in found.rows
        ]

    whole = errors(4, work="at once")
    assert len(whole) == 4 - len(broken)
    assert errors(1, 2, 4, work="in steps") == whole


@pytest.mark.slow
def test_another_card_or_protocol_is_measured_anew(
    command, tmp_path, monkeypatch
):
    """The weights are the same file, and the model looks at another size."""
    [_, entrant, *_] = find_entrants([], [])
    other = replace(entrant, model=replace(entrant.model, size=64))
    items, protocol = in_order([command[1]]), Protocol(crop=32)

    def kept(who):
        measured(who, items, 1, protocol, Perception.load(), tmp_path / "work")
        return len(list((tmp_path / "work").iterdir()))

    assert [kept(who) for who in (entrant, other, entrant)] == [1, 2, 2]
    monkeypatch.setattr(Protocol, "describe", lambda _: "learned elsewhere")
    assert kept(entrant) == 3


def test_what_is_not_measured_by_all_is_no_scoreboard():
    rows = [Row(name, 8, 8, {who: {}}) for who, name in ("ab", "cd")]
    with pytest.raises(ValueError, match="could be read for each colorizer"):
        join([[row] for row in rows])


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (["nameless"], "no NAME=MODEL"),
        ([f"{SHIPPED}=shipped"], f"two called {SHIPPED}"),
    ],
)
def test_a_model_without_a_name_of_its_own_is_refused(models, message):
    with pytest.raises(ValueError, match=message):
        find_entrants(models)


def test_what_is_missing_is_said_in_a_line(tmp_path, capsys):
    words = ["--score", str(tmp_path), "--weights", str(tmp_path)]
    assert main(words) == 2
    err = capsys.readouterr().err
    assert err.startswith("record_scoreboard.py: ")
    assert err.count("\n") == 1
