"""`colorlib train` and `colorlib evaluate`, on what comes with the packages."""

import csv
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from colorlib.cli import app, train_display
from colorlib.data.samples import bundled
from colorlib.models.unet import Unet
from colorlib.models.weights import save_generator
from colorlib.training.config import GanConfig
from colorlib.training.progress import Progress
from colorlib.training.recipes import RECIPES
from colorlib.training.run_folder import NEEDED, RUN

SMALL = "--generator compact --size 32 --batch-size 4".split()


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLORLIB_DEBUG", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path


def run(*arguments):
    """Run the command line in this process."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


def train(*arguments):
    """Train on the bundled photographs, with a cache of its own."""
    data = ["--data", "bundled", "--cache", "cache"]
    return run("train", "run", *data, *arguments)


@pytest.mark.slow
def test_train_evaluate_and_colorize(here):
    """The whole way: a run's folder is a model for the other commands."""
    options = "--epochs", 2, "--learning-rate", 1e-3, "--tensorboard"
    trained = train(*SMALL, *options)
    assert trained.exit_code == 0, trained.output
    assert "epoch 2, l1 0." in trained.stdout
    sheets = sorted(Path("run/samples").iterdir())
    assert [path.name for path in sheets] == [
        "epoch-001.webp",
        "epoch-002.webp",
    ]
    assert list(Path("run/tensorboard").iterdir())

    begun = json.loads(Path("run/run.json").read_text())
    assert begun["method"] == "pretrain"
    assert begun["config"]["learning_rate"] == 1e-3
    assert begun["config"]["mirror"]  # not set, so the default
    with open("run/metrics.csv") as file:
        assert len(list(csv.DictReader(file))) == 2

    scored = run("evaluate", "run", "bundled", "--crop", 32, "--rows", "r.csv")
    assert scored.exit_code == 0, scored.output
    for word in ("gray", "ciede2000", "ab_mae", "chroma_ratio"):
        assert word in scored.stdout
    report = json.loads(Path("evaluation.json").read_text())
    assert report["model"]["name"] == "run"
    assert {"model", "gray"} < report["groups"]["all"]["scores"].keys()
    assert len(Path("r.csv").read_text().splitlines()) == 9

    kept = run("evaluate", "run", "bundled", "--crop", 32, "--held-out", 0.2)
    held_out = json.loads(Path("evaluation.json").read_text())["groups"]["all"]
    assert kept.exit_code == 0
    assert held_out["n"] + begun["data"]["photographs"] == 8


def fake_record(monkeypatch, *happenings):
    """Put a run in the place of every run, and collect how it was begun."""
    calls = []

    def record(folder, sources, config, **options):
        calls.append(config)
        options["on_caching"](1, 8)
        for happening in happenings:
            if isinstance(happening, BaseException):
                raise happening
            yield happening

    monkeypatch.setattr("colorlib.training.session.record", record)
    return calls


HALFWAY = Progress(
    step=5, total=10, epoch=1, losses={"l1": 0.25}, photos_per_second=40.0
)


def test_where_nobody_looks_a_line_now_and_then(here, monkeypatch):
    """A log of an hour is to be read, not to be scrolled through."""
    monkeypatch.setattr(train_display, "LINE_EVERY", 0.0)
    later = replace(HALFWAY, step=10, epoch=2)
    fake_record(monkeypatch, HALFWAY, later)
    first, second = train("--epochs", 2).stderr.splitlines()
    assert first == "epoch 1/2, l1 0.250, 40 photos/s"
    assert second == "epoch 2/2, l1 0.250, 40 photos/s, 0:00:00 left"

    monkeypatch.setattr(train_display, "LINE_EVERY", 30.0)
    assert train("--epochs", 2).stderr == ""


def test_of_two_processes_one_speaks(here, monkeypatch):
    monkeypatch.setattr(train_display, "LINE_EVERY", 0.0)
    monkeypatch.setenv("RANK", "1")
    fake_record(monkeypatch, HALFWAY)
    assert train().output == ""


def test_the_bar_fits_a_narrow_terminal(monkeypatch):
    """The losses of a GAN must not push out the time that is left."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    shown = train_display.Showing(Path("run"), GanConfig(epochs=100), set())
    losses = {"d": 0.45, "g_gan": 10.5, "g_l1": 0.11}
    now = Progress(49_000, 50_000, 99, losses, photos_per_second=1234.5)
    shown.watch([replace(now, step=s) for s in (47_000, 48_000, 49_000)])
    with shown.bar.console.capture() as captured:
        shown.bar.console.print(shown.bar.get_renderable())
    (line,) = captured.get().splitlines()
    assert re.search(r"epoch 99/100 .*\d:\d\d:\d\d", line)
    assert "d 0.450 g_gan 10.500 g_l1 0.110, 1234 photos/s" in line
    assert "…" not in line


@pytest.mark.parametrize(
    ("arguments", "epochs"),
    [
        ([], [1, 2, 3]),
        (["--samples", 2], [2, 3]),
        (["--samples", 0], []),
        (["--epochs", 25, "--samples", 10], [10, 20, 25]),
        (["--epochs", 20], [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]),
        (["--epochs", 40, "--recipe", "model1-lambda-1"], [2, 4, 10, 20, 40]),
    ],
)
def test_sheets_are_made_after_chosen_epochs(
    here, monkeypatch, arguments, epochs
):
    def record(folder, sources, config, *, on_epoch, **options):
        for epoch in range(config.epochs):
            on_epoch(epoch + 1, None)
        yield HALFWAY

    def sample_sheet(G, path, *, size):
        made.append(str(path))

    made = []
    monkeypatch.setattr("colorlib.training.session.record", record)
    monkeypatch.setattr("colorlib.training.samples.sample_sheet", sample_sheet)
    done = train("--epochs", 3, *arguments)
    assert done.exit_code == 0, done.output
    assert made == [f"run/samples/epoch-{epoch:03}.webp" for epoch in epochs]


def test_tensorboard_has_to_be_there(here, monkeypatch):
    """Said at once, and not after an hour of decoding."""
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    result = train("--tensorboard")
    assert result.exit_code == 1
    assert "pip install tensorboard" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("run").exists()


def test_ctrl_c_says_how_to_go_on(here, monkeypatch):
    fake_record(monkeypatch, HALFWAY, KeyboardInterrupt())
    Path("run").mkdir()
    Path("run", RUN).touch()
    result = train()
    assert result.exit_code == 130
    assert "the same command with --resume goes on" in result.stderr
    assert result.stderr.count("\n") == 1


def test_ctrl_c_promises_nothing_that_is_not_there(here, monkeypatch):
    fake_record(monkeypatch, KeyboardInterrupt())
    result = train()
    assert result.exit_code == 130
    assert "before training began" in result.stderr


def test_resuming_takes_the_settings_of_the_start(here, monkeypatch):
    """Nobody remembers after a week what was typed."""
    calls = fake_record(monkeypatch, HALFWAY)
    assert train("--method", "gan", "--l1-weight", 50).exit_code == 0
    Path("run").mkdir()
    begun = dict.fromkeys(NEEDED)
    begun |= {"method": "gan", "config": vars(calls[0])}
    Path("run/run.json").write_text(json.dumps(begun))

    assert train("--resume").exit_code == 0
    assert calls[1] == calls[0]
    assert calls[1].l1_weight == 50
    other = train("--resume", "--method", "pretrain")
    assert other.exit_code == 2
    assert "was started with --method gan" in other.stderr


def test_a_recipe_is_a_start_that_options_change(here, monkeypatch):
    """What is typed goes before what the recipe says."""
    calls = fake_record(monkeypatch, HALFWAY)
    done = train("--recipe", "model1-lambda-10", "--epochs", 2, "--width", 8)
    assert done.exit_code == 0, done.stderr
    wanted = RECIPES["model1-lambda-10"].config
    assert calls == [replace(wanted, epochs=2, width=8)]


def test_a_setting_of_a_recipe_can_be_taken_back(here, monkeypatch):
    """A yes or no is two options; `--no-...` is the way back."""
    calls = fake_record(monkeypatch, HALFWAY)
    gan = "--method", "gan"
    assert train(*gan, "--joint-batch").exit_code == 0
    assert train(*gan, "--no-joint-batch").exit_code == 0
    assert train(*gan).exit_code == 0
    assert [config.joint_batch for config in calls] == [True, False, False]


def test_a_run_of_another_version_is_one_clear_line(here):
    """Its settings need not be ours; a TypeError named one and no more."""
    Path("run").mkdir()
    begun = dict.fromkeys(NEEDED) | {"method": "pretrain"}
    Path("run/run.json").write_text(
        json.dumps(begun | {"config": {"blur": 1.0, "seed": 0}})
    )
    result = train("--resume")
    assert result.exit_code == 2
    assert result.stderr == (
        "colorlib: run was started by another version of colorlib, with blur;"
        " go on with that version, or start a new run\n"
    )


def test_a_resumed_recipe_is_compared_with_the_start(here, monkeypatch):
    """Another recipe must not go on under the first one's settings."""
    calls = fake_record(monkeypatch, HALFWAY)
    train("--recipe", "model1-lambda-10")
    Path("run").mkdir()
    begun = dict.fromkeys(NEEDED)
    begun |= {"method": "gan", "config": vars(calls[0])}
    Path("run/run.json").write_text(json.dumps(begun))
    train("--recipe", "model1-lambda-1", "--resume")
    assert calls[1].l1_weight == 1  # which `Run.resume` refuses


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--recipe", "pie"], "'pie'; choose one of model1-100, "),
        (
            ["--recipe", "unet-noskip", "--method", "pretrain"],
            "unet-noskip is a recipe for --method gan",
        ),
        (
            ["--recipe", "model2-gan"],
            "model2-gan begins with the generator of model2-l1: train that"
            " first (--recipe model2-l1), and give the folder of its run by"
            " --generator",
        ),
        (["--method", "magic"], "choose pretrain, gan, distill"),
        (["--l1-weight", "3"], "or train with --method gan"),
        (["--temperature", "3.0"], "or train with --method distill"),
        (
            ["--recipe", "backbone", "--width", "8"],
            "or train with --method pretrain",
        ),
        (["--resume"], "holds no run to resume"),
    ],
)
def test_wrong_usage_of_train_is_one_line(here, arguments, said):
    result = train(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("run").exists()


def test_a_second_stage_begins_with_what_is_given(here, monkeypatch):
    calls = fake_record(monkeypatch, HALFWAY)
    train("--recipe", "model2-gan", "--generator", "runs/model2-l1")
    assert calls[0].generator == "runs/model2-l1"
    assert calls[0].joint_batch


def test_teachers_are_files_that_are_known(here):
    """One line each, before a photograph is decoded."""
    taught = ["--recipe", "backbone"]
    result = train(*taught)
    assert result.exit_code == 1
    assert "give a teacher's file (--teachers)" in result.stderr
    Path("wrong.pth").write_bytes(b"weights")
    result = train(*taught, "--teachers", "wrong.pth")
    assert result.exit_code == 1
    assert "wrong.pth is no teacher's file" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("run").exists()


def test_a_backbone_s_recipe_can_be_changed_and_makes_no_sheets(
    here, monkeypatch
):
    calls = fake_record(monkeypatch, HALFWAY)
    words = ["--teachers", "a.pth", "--teachers", "b.pth", "--epochs", "3"]
    result = train("--recipe", "backbone", *words)
    assert (calls[0].teachers, calls[0].epochs) == (["a.pth", "b.pth"], 3)
    assert calls[0].one_cycle
    assert "backbone.safetensors" in result.stdout


def test_a_photograph_that_cannot_be_read_is_named_and_left_out(here):
    """A score over fewer photographs than were given must say so."""
    G = Unet(n_down=3, width=4)
    save_generator(G, "tiny", card={"name": "tiny", "size": 32})
    Path("photos").mkdir()
    Image.fromarray(bundled("coffee")).save("photos/coffee.png")
    Path("photos/empty.jpg").touch()
    result = run("evaluate", "tiny", "photos", "--crop", 32)
    assert result.exit_code == 1
    assert "photos/empty.jpg" in result.stderr
    report = json.loads(Path("evaluation.json").read_text())
    assert report["groups"]["all"]["n"] == 1


def test_scores_replace_nothing_but_scores(here):
    """Refused before the work, and what was there is still there."""
    Path("card.json").write_text('{"name": "tiny"}')
    result = run("evaluate", "shipped", "bundled", "-o", "card.json")
    assert result.exit_code == 2
    assert "card.json exists and is no evaluation of colorlib" in result.stderr
    assert Path("card.json").read_text() == '{"name": "tiny"}'


def test_rows_replace_nothing_but_rows(here):
    """The CSV of somebody else, or the report of the same run, would go."""
    Path("sales.csv").write_text("name,price\n")
    result = run("evaluate", "shipped", "bundled", "--rows", "sales.csv")
    assert result.exit_code == 2
    assert "sales.csv exists and is no table of scores" in result.stderr
    assert Path("sales.csv").read_text() == "name,price\n"

    twice = ["-o", "x.json", "--rows", here / "x.json"]
    result = run("evaluate", "shipped", "bundled", *twice)
    assert result.exit_code == 2
    assert "give each a file of its own" in result.stderr


def test_earlier_rows_are_replaced(here):
    G = Unet(n_down=3, width=4)
    save_generator(G, "tiny", card={"name": "tiny", "size": 32})
    Path("photos").mkdir()
    Image.fromarray(bundled("coffee")).save("photos/coffee.png")
    for crop in (16, 32):
        options = ["--crop", crop, "--rows", "rows.csv"]
        result = run("evaluate", "tiny", "photos", *options)
        assert "rows: rows.csv" in result.stdout, result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["evaluate", "shipped", "photos"],
        ["train", "run", "--data", "photos", "--cache", "cache"],
    ],
)
def test_the_limit_of_megapixels_can_be_set(here, command):
    """An atlas scanned at 1,200 dpi is no attack."""
    Path("photos").mkdir()
    Image.fromarray(bundled("coffee")).save("photos/coffee.png")
    small = run(*command, "--max-megapixels", 0.2)
    assert small.exit_code == 1
    assert "above the limit of 0.2" in small.stderr
    no_limit = run(*command, "--max-megapixels", "nan")
    assert no_limit.exit_code == 2
    assert "takes a number above 0, got nan" in no_limit.stderr


def test_says_which_photographs_are_left_out(here, tmp_path):
    """A gray one teaches nothing, a broken one can't be read."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(4):
        noise = rng.integers(0, 256, (32, 32, 3), np.uint8)
        Image.fromarray(noise).save(folder / f"color{number}.png")
    Image.new("RGB", (32, 32), (90, 90, 90)).save(folder / "fog.png")
    (folder / "torn.png").write_bytes(b"\x89PNG")
    options = ["--size", 32, "--batch-size", 2, "--epochs", 1]
    result = run(
        "train", "run", "--data", folder, "--generator", "compact",
        "--cache", tmp_path / "cache", "--validation", 0, *options,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "1 of 5 photographs are nearly gray" in result.stderr
    assert "fog.png" in result.stderr
    assert "torn.png" in result.stderr
    assert "1 of 6 photographs can't be read" in result.stderr
