"""A grid of trainings: a row each, done once, published whole."""

import argparse
import json
from dataclasses import replace

import grid
import kept
import numpy as np
import pytest
import record_ablation
import record_lambdas
import record_learning_curves
import record_learning_rates
from PIL import Image

from colorlib import course
from colorlib.training.config import GanConfig, PretrainConfig

TINY = PretrainConfig(
    generator="unet", width=4, size=32, batch_size=2, precision="no",
    validation=0.0, squash=True,
)  # fmt: skip


@pytest.fixture
def options(tmp_path):
    """Photographs of colored noise, and places to work in."""
    rng = np.random.default_rng(0)
    for folder, number in (("train", 6), ("validate", 4)):
        (tmp_path / folder).mkdir()
        for i in range(number):
            noise = rng.integers(0, 256, (40, 40, 3), np.uint8)
            Image.fromarray(noise).save(tmp_path / folder / f"{i}.png")
    words = ["--photographs", str(tmp_path / "train")]
    words += ["--score", str(tmp_path / "validate"), "--backbone", "/b.pth"]
    words += ["--steps", "4", "--size", "32", "--look-on", "4"]
    words += ["--work", str(tmp_path / "work")]
    words += ["--cache", str(tmp_path / "cache")]
    words += ["--results", str(tmp_path / "results")]
    return grid.grid_parser("...", "try").parse_args(words)


@pytest.fixture
def cells():
    return [
        grid.Cell({"photographs": n, "seed": 1}, grid.in_steps(TINY, 4, n))
        for n in (2, 4)
    ]


@pytest.mark.slow
def test_a_grid_is_filled_once_and_published_whole(
    options, cells, tmp_path, monkeypatch
):
    """After a kill the first cell isn't trained again."""
    real, trained = grid.train, []

    def train(job):
        if len(trained) == 1:
            raise OSError("the disk is full")
        trained.append(job.work.name)
        return real(job)

    monkeypatch.setattr(grid, "train", train)
    with pytest.raises(OSError, match="disk is full"):
        grid.fill("try", cells, options, 3)
    assert not (tmp_path / "results").exists()
    monkeypatch.setattr(
        grid, "train", lambda job: trained.append(job.work.name) or real(job)
    )
    rows = grid.fill("try", cells, options, 3)
    assert trained == ["photographs-2-seed-1", "photographs-4-seed-1"]
    assert [row["photographs"] for row in rows] == [2, 4]
    assert rows[0]["looked_at"] == {"choose": 2, "judge": 2}
    assert [[look["step"] for look in row["looks"]] for row in rows] == [
        [1, 2, 3, 4]
    ] * 2
    left = {path.name for path in (tmp_path / "work").iterdir()}
    rows_left = {f"{name}.json" for name in trained}
    assert left == rows_left | {f"{row}.asked" for row in rows_left}

    run = course.recorded("try", results=tmp_path / "results")
    assert run.report["cells"] == rows
    assert max(run.report["gray"]["judge"]["chroma_ratio"]) < 0.01
    lacks = {each["setting"]: each["here"] for each in run.run["lacks"]}
    assert lacks == {"steps": 4, "size": 32, "look_on": 4, "cells": 2}
    assert run.run["command"].endswith("--steps 4 --size 32 --look-on 4")
    assert str(tmp_path) not in json.dumps(run.run)
    assert "Measured on 4 photographs" in repr(run)


@pytest.mark.slow
def test_a_cell_of_other_settings_is_not_taken_for_this_one(
    options, cells, tmp_path
):
    """As after a trial of a few steps, which left its rows."""
    grid.fill("try", cells[:1], options, 1)
    more = [replace(cells[0], config=replace(cells[0].config, epochs=3))]
    for changed, given in ((more, options), (cells[:1], _fewer(options))):
        with pytest.raises(ValueError, match="made with other settings; move"):
            grid.fill("try", changed, given, 1)
    grid.fill("try", cells[:1], options, 1)


@pytest.mark.slow
def test_a_cell_that_was_begun_is_not_gone_on_with_otherwise(
    options, cells, tmp_path, monkeypatch
):
    """As after a kill between two looks, which are kept."""
    with monkeypatch.context() as patch:
        patch.setattr(grid, "look", lambda *_: {}["killed"])
        with pytest.raises(KeyError):
            grid.fill("try", cells[:1], options, 1)
    others = {"score": [str(tmp_path / "train")]}
    other = argparse.Namespace(**vars(options) | others)
    with pytest.raises(ValueError, match="made with other settings; move"):
        grid.fill("try", cells[:1], other, 1)
    grid.fill("try", cells[:1], options, 1)


@pytest.mark.slow
def test_a_kill_after_the_row_costs_nothing(
    options, cells, tmp_path, monkeypatch
):
    """The row counts, and the networks don't stay."""
    with monkeypatch.context() as patch:
        patch.setattr(grid, "shutil", None)
        with pytest.raises(AttributeError):
            grid.fill("try", cells[:1], options, 1)
    monkeypatch.setattr(grid, "train", None)  # no cell is trained again
    grid.fill("try", cells[:1], options, 1)
    assert not (tmp_path / "work" / cells[0].name).exists()


def test_another_backbone_of_that_name_is_another_one(options, cells, tmp_path):
    """A file has its name from the network, and not from its training."""
    path = tmp_path / "b.pth"
    path.write_bytes(b"one")
    cell = replace(cells[0], config=replace(TINY, backbone=str(path)))
    keep_row(cell, options)
    grid.fill("try", [cell], options, 1)
    path.write_bytes(b"other")
    with pytest.raises(ValueError, match="made with other settings; move"):
        grid.fill("try", [cell], options, 1)


def keep_row(cell, options):
    """Leave a row as a training of this cell would."""
    run = {"data": {"photographs": 2}, "config": {}, "wall_seconds": 1}
    run |= {"photographs_per_second": 2}
    row = cell.about | {"looks": [], "runs": [run]}
    options.work.mkdir(exist_ok=True)
    kept.keep(
        options.work / f"{cell.name}.json",
        json.dumps(row),
        grid._asked(cell, options),
    )


def _fewer(options):
    return argparse.Namespace(**vars(options) | {"look_on": 2})


def test_all_cells_take_as_many_steps():
    for number in (500, 2_000, 8_000):
        config = grid.in_steps(PretrainConfig(batch_size=16), 2_000, number)
        assert config.epochs * number == pytest.approx(32_000, rel=0.01)
        assert config.photographs == number


def test_learning_curves_differ_in_what_they_are_about(options):
    options.rates = 1e-4, 1e-3
    found = record_learning_curves.cells((500, 8_000), (1, 2), options)
    assert len(found) == len({cell.name for cell in found}) == 8
    for cell in found:
        assert cell.config.generator == "resunet"
        assert cell.config.seed == cell.about["seed"]
        assert cell.config.photographs == cell.about["photographs"]
        assert bool(cell.config.backbone) == cell.about["pretrained"]
        rate = 1e-4 if cell.about["pretrained"] else 1e-3
        assert cell.config.learning_rate == cell.about["learning_rate"] == rate


def test_another_generator_is_named_in_the_record(options, cells, tmp_path):
    """Its command makes it again, and its page says that it isn't model 2."""
    options.generator = "compact"
    for cell in cells:
        keep_row(cell, options)
    grid.fill("try", cells, options, 2, given={"rates": [1e-4, 1e-3]})

    run = json.loads((tmp_path / "results" / "try" / "run.json").read_text())
    assert run["command"].endswith("--generator compact --rates 0.0001 0.001")
    assert {
        "setting": "generator",
        "recipe": "resunet",
        "here": "compact",
    } in run["lacks"]


def test_a_rate_is_chosen_on_one_half_and_judged_on_the_other(options):
    options.number = 2_000
    found = record_learning_rates.cells((1e-4, 1e-3), (1, 2), options)
    assert {cell.config.learning_rate for cell in found} == {1e-4, 1e-3}
    kinds = [bool(cell.config.backbone) for cell in found]
    assert kinds == [cell.about["pretrained"] for cell in found]
    assert sum(kinds) == 4
    rows = [
        cell.about
        | {
            "looks": [
                {"step": step, "choose": error(choose)}
                | {"judge": error(judge)}
                for step, choose, judge in ((1, 9.0, 5.0), (2, 8.0, 6.0))
            ]
        }
        for cell in found
    ]
    assert record_learning_rates.by_rate(rows, "choose")[1e-4] == 8
    assert record_learning_rates.by_rate(rows, "judge")[1e-4] == 6


def test_an_ablation_has_each_part_with_and_without(options):
    """All take as many steps, at one rate; what is off is off."""
    options.photographs_each, options.width = 32, 8
    found = record_ablation.cells((1, 2), options)
    assert len({cell.name for cell in found}) == len(found) == 12
    for cell in found:
        stages = [cell.config, *filter(None, [cell.before])]
        steps = [stage.epochs * 32 // stage.batch_size for stage in stages]
        assert sum(steps) == options.steps
        first = cell.before or cell.config
        assert bool(first.backbone) == cell.about["pretrained"]
        kinds = {stage.method for stage in stages}
        names = {"l1": "pretrain", "gan": "gan"}
        assert kinds == {names[n] for n in cell.about["stages"].split("-")}
        for stage in stages:
            assert stage.seed == cell.about["seed"]
            if stage.method == "gan":
                assert stage.joint_batch
                assert stage.width == 8
                assert stage.learning_rate_G == stage.learning_rate_D == 2e-4
            else:
                assert stage.learning_rate == 2e-4


@pytest.mark.parametrize("joint", [False, True])
def test_lambdas_differ_in_lambda_and_in_the_batches_of_d(options, joint):
    """All else is the deck's; L1 alone has no lambda."""
    options.photographs_each, options.width, options.joint = 32, 8, joint
    found = record_lambdas.cells((1, 2), options)
    without = [cell for cell in found if not cell.about["joint_batch"]]
    assert len({cell.name for cell in found}) == len(found)
    assert len(without) == 10
    assert len(found) == (18 if joint else 10)
    assert found[:10] == without  # what there is already stays
    for cell in found:
        weight, seed = cell.about["lambda"], cell.about["seed"]
        assert cell.config.epochs * 2 == options.steps
        assert cell.config.joint_batch == cell.about["joint_batch"]
        assert cell.config.seed == seed
        if weight is None:
            assert (cell.config.gan_weight, cell.config.l1_weight) == (0, 100)
        else:
            assert (cell.config.gan_weight, cell.config.l1_weight) == (
                1,
                weight,
            )


@pytest.mark.slow
def test_lambdas_are_recorded_by_one_command(options, tmp_path, capsys):
    """There is no backbone, and the row keeps D's loss."""
    for i in range(6, 16):
        one = tmp_path / "train" / "0.png"
        (tmp_path / "train" / f"{i}.png").hardlink_to(one)
    words = [
        word
        for name in ("photographs", "score", "work", "cache", "results")
        for word in (f"--{name}", *_listed(getattr(options, name)))
    ]
    words += ["--steps", "2", "--size", "32", "--look-on", "4"]
    words += ["--photographs-each", "16", "--width", "4", "--seeds", "1"]
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "README.md").write_text(
        "<!-- runs:begin -->\n<!-- runs:end -->\n"
    )
    assert record_lambdas.main(words) == 0
    run = course.recorded("lambdas", results=tmp_path / "results")
    assert [cell["lambda"] for cell in run.report["cells"]] == [
        None, 100, 10, 1, 0
    ]  # fmt: skip
    for cell in run.report["cells"]:
        assert set(cell["losses"]) == {"d", "g_gan", "g_l1"}
        assert cell["losses"]["d"] > 0
    assert "backbone" not in run.run["command"]
    assert "lambda L1 alone, two batches, seed 1" in capsys.readouterr().out


def _listed(given):
    return map(str, given if isinstance(given, list) else [given])


@pytest.mark.slow
def test_a_cell_goes_on_from_the_stage_before_it(options, tmp_path):
    """The second stage begins as the first ended, and both are counted."""
    second = GanConfig(
        width=4, size=32, batch_size=2, precision="no", validation=0.0,
        squash=True, epochs=1,
    )  # fmt: skip
    cells = [grid.Cell({"seed": 1}, second, before=replace(TINY, epochs=2))]
    [row] = grid.fill("try", cells, options, 1, on_the_way=False)
    assert [look["step"] for look in row["looks"]] == [0, 3]
    run = course.recorded("try", results=tmp_path / "results").run
    kept = json.loads((tmp_path / "work" / "seed-1.json").read_text())
    assert [each["method"] for each in kept["runs"]] == ["pretrain", "gan"]
    assert kept["runs"][1]["generator_sha256"]
    total = sum(each["wall_seconds"] for each in kept["runs"])
    assert run["wall_seconds"] == pytest.approx(total, abs=0.1)


def error(value):
    """What `looks` says of one half."""
    return {"ciede2000": [value, value, value]}
