"""A run's folder: complete, honest, and never in the way of going on."""

import csv
import hashlib
import json
import logging
import math
import os
import platform
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch.testing import assert_close
from torchvision.models import resnet18

import colorlib
from colorlib.data.training_set import training_photos
from colorlib.models.compact import CompactUnet
from colorlib.models.efficientnet import EfficientNet, published_names
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.resnet import find_backbone
from colorlib.models.unet import Unet
from colorlib.models.weights import load_generator, save_generator
from colorlib.training import loop, pretrain, session
from colorlib.training.config import GanConfig, PretrainConfig
from colorlib.training.monitor import Limits
from colorlib.training.preflight import check_size
from colorlib.training.run_folder import NEEDED, Run, read_run
from colorlib.training.session import make_generator, record

SETTINGS = {"batch_size": 4, "size": 16, "epochs": 3, "validation": 0.0}


@pytest.fixture
def config(weights):
    return PretrainConfig(generator=str(weights), **SETTINGS)


@pytest.fixture
def gan_config(weights):
    return GanConfig(generator=str(weights), **SETTINGS)


@pytest.fixture
def start(tmp_path, photo_folder, cache):
    """Begin a run in a folder of this name, or go on with it.

    A GAN gets a discriminator as small as the generator.
    """

    def start(config, name="run", **options):
        if isinstance(config, GanConfig):
            torch.manual_seed(1)
            options = {"D": PatchDiscriminator(width=8, n_down=1)} | options
        sources = [str(photo_folder)]
        folder = tmp_path / name
        return record(folder, sources, config, cache=cache, **options)

    return start


OFTEN = {"show_every": 0.0}  # yield after each step


def read(folder, name="run.json"):
    return json.loads((folder / name).read_text())


def rows(folder):
    """What `metrics.csv` holds, but for the time it took."""
    with (folder / "metrics.csv").open() as file:
        kept = list(csv.DictReader(file))
    return [{k: v for k, v in r.items() if k != "seconds"} for r in kept]


def test_a_run_leaves_all_that_it_promises(tmp_path, start, config):
    *_, last = start(config)
    assert last.finished
    assert (last.step, last.total, last.epoch) == (6, 6, 3)
    folder = tmp_path / "run"
    assert {file.name for file in folder.iterdir()} == {
        "run.json",
        "metrics.csv",
        "last.ckpt",
        "generator.safetensors",
        "generator.json",
    }
    metrics = rows(folder)
    assert [row["epoch"] for row in metrics] == ["1", "2", "3"]
    assert all(0 < float(row["l1"]) < 1 for row in metrics)
    assert last.losses == {"l1": float(metrics[-1]["l1"])}

    G, card = load_generator(folder / "generator.safetensors")
    assert not G.training
    assert (card["name"], card["size"], card["step"]) == ("run", 16, 6)
    assert card["training"] == read(folder)


def test_run_json_says_all_that_another_run_needs(tmp_path, start, config):
    list(start(config))
    said = read(tmp_path / "run")
    assert said["method"] == "pretrain"
    assert said["config"]["seed"] == 0
    assert said["config"]["learning_rate"] == 1e-4
    assert said["data"] == {
        "sources": [said["data"]["sources"][0]],
        "photographs": 9,
        "list_hash": said["data"]["list_hash"],
        "near_gray": 0,
        "unreadable": 0,
    }
    assert len(said["data"]["list_hash"]) == 16
    machine = said["machine"]
    assert machine["python"] == platform.python_version()
    assert machine["colorlib"] == colorlib.__version__
    assert machine["torch"].startswith(torch.__version__.split("+")[0])
    assert machine["threads"] == torch.get_num_threads()
    assert machine["precision"] in ("no", "bf16", "fp16")
    assert {"device", "commit", "processes"} < machine.keys()
    assert said["started"] <= said["finished"]
    assert said["photographs_per_second"] > 0


def test_names_no_path_of_the_machine(tmp_path, start, config, weights):
    """A recorded run is published; where its photographs lay is nobody's."""
    list(start(config))
    said = read(tmp_path / "run")
    assert said["config"]["generator"] == weights.name
    assert said["generator_sha256"] == load_generator(weights)[1]["sha256"]
    for name in ("run.json", "generator.json"):
        text = (tmp_path / "run" / name).read_text()
        for path in (tmp_path, weights.parent, Path.home(), Path.cwd()):
            assert str(path) not in text


def test_run_json_takes_a_name_that_is_not_utf_8(tmp_path):
    """A folder's name stands in it, and may hold any bytes."""
    content = dict.fromkeys(NEEDED, "...")
    content["data"] = {"sources": [os.fsdecode(b"old\xff"), "Küste"]}
    Run(tmp_path).write(content)
    assert read_run(tmp_path) == content


def test_photographs_left_out_are_counted(tmp_path, cache, config, caplog):
    """Near-gray ones teach nothing, and broken ones stop nothing."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    for i in range(7):
        Image.new("RGB", (20, 20), (200, 30 * i, 30)).save(folder / f"{i}.png")
    Image.new("RGB", (20, 20), (90, 90, 90)).save(folder / "gray.png")
    (folder / "broken.png").write_bytes(b"no photograph")
    caplog.set_level(logging.INFO)
    *_, last = record(tmp_path / "run", [str(folder)], config, cache=cache)
    assert sum("nearly gray" in said for said in caplog.messages) == 1
    assert last.total == 3  # seven make one batch of four an epoch
    said = read(tmp_path / "run")["data"]
    assert said["photographs"] == 7
    assert (said["near_gray"], said["unreadable"]) == (1, 1)
    assert said["sources"] == ["photographs"]


@pytest.mark.parametrize("method", ["config", "gan_config"])
def test_left_and_resumed_equals_uninterrupted(
    tmp_path, start, method, request
):
    """To the bit, wherever it is left, and again and again."""
    config = request.getfixturevalue(method)
    list(start(config, "whole"))
    for progress in start(config, "parts", **OFTEN):
        if progress.step == 1:
            break  # closes the iterator, which keeps what there is
    for leave_at in (3, 4):
        for progress in start(config, "parts", resume=True, **OFTEN):
            if progress.step == leave_at:
                break
    list(start(config, "parts", resume=True))
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert rows(whole) == rows(parts)
    sha = [read(f, "generator.json")["sha256"] for f in (whole, parts)]
    assert sha[0] == sha[1]
    assert [r["step"] for r in read(parts)["resumed"]] == [1, 3, 4]
    assert read(whole)["resumed"] == []


def test_a_run_that_was_left_can_be_colored_with(tmp_path, start, config):
    for progress in start(config, **OFTEN):
        if progress.step == 3:
            break
    _, card = load_generator(tmp_path / "run" / "generator.safetensors")
    assert card["step"] == 3
    assert card["training"]["finished"] is None


@pytest.fixture
def ctrl_c_interrupts():
    """Also where a shell started the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_interrupts")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_for_the_step(
    tmp_path, start, config, monkeypatch, number
):
    """Half a step is nothing to go on from: D changed, and G did not."""
    list(start(config, "whole"))
    lab_batch, calls = loop.lab_batch, []

    def interrupted(batch, device):
        calls.append(batch)
        if len(calls) == 3:
            os.kill(os.getpid(), number)
        return lab_batch(batch, device)

    monkeypatch.setattr(loop, "lab_batch", interrupted)
    handler = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        list(start(config))
    assert signal.getsignal(number) is handler
    _, card = load_generator(tmp_path / "run" / "generator.safetensors")
    assert card["step"] == 3
    list(start(config, resume=True))
    assert rows(tmp_path / "run") == rows(tmp_path / "whole")


def test_trains_in_another_thread(tmp_path, start, config):
    """Where signals can't be caught, and needn't be."""
    with ThreadPoolExecutor(1) as thread:
        *_, last = thread.submit(list, start(config)).result()
    assert last.finished


def test_a_finished_run_is_left_as_it_is(tmp_path, start, config):
    list(start(config))
    before = {f: f.read_bytes() for f in (tmp_path / "run").iterdir()}
    (last,) = start(config, resume=True)
    assert last.finished
    assert last.losses.keys() == {"l1"}
    assert before == {f: f.read_bytes() for f in (tmp_path / "run").iterdir()}


def test_a_run_left_at_its_very_end_is_finished(tmp_path, start, config):
    """All steps done, and nobody has said so yet."""
    for progress in start(config, **OFTEN):
        if progress.finished:
            break
    assert read(tmp_path / "run")["finished"] is None
    (last,) = start(config, resume=True)
    assert last.finished
    assert read(tmp_path / "run")["finished"]
    _, card = load_generator(tmp_path / "run" / "generator.safetensors")
    assert card["step"] == 6


def test_the_time_of_all_parts_is_added_up(tmp_path, start, config):
    for progress in start(config, **OFTEN):
        if progress.step == 2:
            break
    checkpoint = tmp_path / "run" / "last.ckpt"
    content = torch.load(checkpoint, weights_only=True)
    content["values"]["seconds"] += 1000  # it took long until here
    torch.save(content, checkpoint)
    list(start(config, resume=True))
    said = read(tmp_path / "run")
    assert 1000 <= said["wall_seconds"] < 1100
    speed = 3 * 2 * 4 / said["wall_seconds"]
    assert said["photographs_per_second"] == pytest.approx(speed, abs=0.01)


def test_a_run_that_could_not_begin_is_none(start, config, monkeypatch):
    """Whoever finds a run.json can resume; whoever doesn't can start."""
    with monkeypatch.context() as patch:
        patch.setattr(
            "colorlib.training.run_folder.save_checkpoint",
            lambda *_, **values: 1 / 0,
        )
        with pytest.raises(ZeroDivisionError):
            next(start(config))
    *_, last = start(config)
    assert last.finished


def test_does_not_write_over_a_run(tmp_path, start, config):
    list(start(config))
    with pytest.raises(FileExistsError, match="resume it"):
        next(start(config))


def test_nothing_to_resume(tmp_path, start, config):
    with pytest.raises(FileNotFoundError, match="no run to resume"):
        next(start(config, resume=True))
    assert list(tmp_path.iterdir()) == []


def test_resumes_only_what_was_started(tmp_path, start, config, gan_config):
    list(start(config))
    other = replace(config, seed=1, epochs=5)
    with pytest.raises(ValueError, match=r"epochs 3 \(now 5\), seed 0 \(now 1"):
        next(start(other, resume=True))
    with pytest.raises(ValueError, match=r"method pretrain \(now gan\)"):
        next(start(gan_config, resume=True))


def test_resumes_a_run_that_began_before_a_setting_existed(
    tmp_path, start, gan_config
):
    """It was trained with the default, whose name its run.json lacks."""
    next(start(gan_config))
    path = tmp_path / "run" / "run.json"
    about = json.loads(path.read_text())
    assert about["config"].pop("joint_batch") is False
    path.write_text(json.dumps(about))
    with pytest.raises(ValueError, match=r"joint_batch False \(now True\)"):
        next(start(replace(gan_config, joint_batch=True), resume=True))
    assert list(start(gan_config, resume=True))[-1].finished


def test_resumes_only_with_the_same_photographs(
    tmp_path, start, config, photo_folder, cache
):
    list(start(config))
    run = record(
        tmp_path / "run", ["bundled"], config, cache=cache, resume=True
    )
    with pytest.raises(ValueError, match="started with photographs"):
        next(run)


def test_wrong_settings_leave_no_folder(tmp_path, start, config, gan_config):
    """Else the mended command would be told that there is a run already."""
    for wrong in (
        replace(config, precision="fp8"),
        replace(config, generator="unett"),
        replace(config, batch_size=10),
        replace(config, accumulate=3),
        replace(config, size=12),
        replace(config, size=8, batch_size=1),
        replace(config, size=8, accumulate=4),
        replace(gan_config, adversarial="hinge"),
    ):
        with pytest.raises((ValueError, FileNotFoundError)):
            next(start(wrong))
        assert list(tmp_path.iterdir()) == []


def test_a_size_that_does_not_suit_the_networks_is_said_at_once(
    start, config, gan_config
):
    """Not at the first step, and not in the network's own words."""
    with pytest.raises(ValueError, match="multiple of 8 .* got 12; choose 16"):
        next(start(replace(config, size=12)))
    with pytest.raises(ValueError, match="G can't .* size 8 with 1 photo"):
        next(start(replace(config, size=8, batch_size=1)))
    larger = PatchDiscriminator(width=8, n_down=2)
    with pytest.raises(ValueError, match=r"D can't .* at least 12"):
        next(start(replace(gan_config, size=8), D=larger))


def test_trying_a_size_changes_nothing(config):
    """Neither the random numbers to come, nor what batch norm has seen."""
    G = make_generator(config)
    state = pretrain.start_pretraining(G, config)
    before = {k: v.clone() for k, v in G.state_dict().items()}
    random = torch.get_rng_state()
    check_size(state, size=16, photographs=4)
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(v, before[k]) for k, v in G.state_dict().items())


@pytest.mark.parametrize(
    ("method", "loss"), [("config", "l1"), ("gan_config", "d")]
)
def test_nan_stops_and_keeps_the_last_good_checkpoint(
    tmp_path, start, method, loss, request, monkeypatch
):
    """Weights of NaN would be kept for good, over the good ones."""
    config = request.getfixturevalue(method)
    lab_batch, calls = loop.lab_batch, []

    def poisoned(batch, device):
        L, ab = lab_batch(batch, device)
        calls.append(batch)
        return L, (ab * math.nan if len(calls) == 4 else ab)

    monkeypatch.setattr(loop, "lab_batch", poisoned)
    with pytest.raises(FloatingPointError, match=f"the loss {loss} .* smaller"):
        list(start(config, keep_every=0.0))
    kept = torch.load(tmp_path / "run" / "last.ckpt", weights_only=True)
    assert kept["values"]["step"] == 3
    for network in kept["parts"].keys() & {"G", "D"}:
        for tensor in kept["parts"][network].values():
            assert tensor.isfinite().all()
    _, card = load_generator(tmp_path / "run" / "generator.safetensors")
    assert card["step"] == 3


def test_a_weight_that_is_no_number_stops_too(
    tmp_path, start, config, monkeypatch
):
    """After the last step no loss would tell."""
    step = pretrain.pretrain_step

    def ruin(s, L, ab, **options):
        losses = step(s, L, ab, **options)
        if s.step == 5:
            s.G.head.bias.data.fill_(math.inf)
        return losses

    monkeypatch.setattr(pretrain, "pretrain_step", ruin)
    with pytest.raises(FloatingPointError, match="a weight of G"):
        list(start(config))
    assert read(tmp_path / "run")["finished"] is None


@pytest.mark.parametrize(
    ("settings", "losses"),
    [
        ({}, ["discriminator's loss", "loss g_l1"]),
        ({"gan_weight": 0.0}, ["loss g_l1"]),
        ({"l1_weight": 0.0}, ["discriminator's loss"]),
    ],
)
def test_trouble_is_logged_while_it_can_be_helped(
    start, gan_config, caplog, settings, losses
):
    """But not of a loss that has no weight and teaches nothing."""
    limits = Limits(steps=2, won=9.0, climbed=0.0)
    list(start(replace(gan_config, **settings), limits=limits))
    said = [m for m in caplog.messages if m.startswith("step 2: the ")]
    assert len(said) == len(losses)
    for line, loss in zip(sorted(said), losses, strict=True):
        assert loss in line


def test_what_a_killed_writer_left_is_removed(tmp_path, start, config):
    """A checkpoint of the U-Net is 650 MB; nobody wants the halves."""
    for _ in start(config, **OFTEN):
        break
    halves = [
        tmp_path / "run" / ".last.ckpt.1234.part",
        tmp_path / "run" / "samples" / ".epoch-001.webp.1234.part",
    ]
    for half in halves:
        half.parent.mkdir(exist_ok=True)
        half.write_bytes(b"half")
    list(start(config, resume=True))
    assert not any(half.exists() for half in halves)


def test_photographs_to_train_on(photo_folder, cache, caplog):
    """Validation is kept out by name, and all sources come together."""
    caplog.set_level("INFO", logger="colorlib.data.training_set")
    folder = str(photo_folder)
    some = training_photos([folder], cache, size=16, validation=0.5)
    [said] = [record.getMessage() for record in caplog.records]
    assert said.startswith(f"{9 - len(some)} of 9 photographs are kept out")
    every = training_photos([folder], cache, size=16, validation=0.0)
    assert len(caplog.records) == 1  # nothing was kept out
    assert 0 < len(some) < len(every) == 9
    assert set(some.names) < set(every.names)
    sources = [folder, "bundled"]
    both = training_photos(sources, cache, size=16, validation=0.5)
    assert set(some.names) < set(both.names)


def test_fewer_photographs_are_a_part_of_more(photo_folder, cache):
    """So that a run on fewer can be compared with one on more."""
    few, more = (
        training_photos(
            [str(photo_folder)], cache, size=16, validation=0.0, most=n
        )
        for n in (2, 5)
    )
    assert (len(few), len(more)) == (2, 5)
    assert set(few.names) < set(more.names)


def test_a_share_that_leaves_nothing_to_train_on_is_named(photo_folder, cache):
    with pytest.raises(ValueError, match=r"share of 0\.999 leaves none of 9"):
        training_photos([str(photo_folder)], cache, size=16, validation=0.999)


def test_generators_by_name(weights):
    G = make_generator(PretrainConfig(generator="compact"))
    assert type(G).__name__ == "CompactUnet"
    G = make_generator(PretrainConfig(generator=str(weights)))
    assert G.config["decoder"] == [8]
    torch.manual_seed(0)
    G = make_generator(PretrainConfig())
    assert isinstance(G, Unet)
    assert G.to_ab[1].weight.std().item() == pytest.approx(0.02, rel=0.1)
    G = make_generator(PretrainConfig(generator="unet-noskip", size=16))
    assert not G.config["skips"]
    with pytest.raises(FileNotFoundError, match="compact, .*or the path"):
        make_generator(PretrainConfig(generator="unett"))


def test_a_stage_goes_on_from_the_folder_of_another(
    tmp_path, start, gan_config
):
    """Which the run says by a hash: a name alone could be anything."""
    list(start(gan_config, "first"))
    second = replace(gan_config, generator=str(tmp_path / "first"), epochs=1)
    list(start(second, "second"))
    left = (tmp_path / "first" / "generator.safetensors").read_bytes()
    run = read(tmp_path / "second")
    assert run["config"]["generator"] == "generator.safetensors"
    assert run["generator_sha256"] == hashlib.sha256(left).hexdigest()


@pytest.mark.parametrize(
    ("size", "halvings"), [(512, 8), (256, 8), (128, 7), (16, 4), (2, 2)]
)
def test_a_unet_halves_down_to_a_pixel_and_no_more_than_the_deck(
    size, halvings
):
    """Eight halvings of 128 pixels can't be had, and were refused."""
    G = make_generator(PretrainConfig(size=size, width=4))
    assert (G.config["n_down"], G.config["width"]) == (halvings, 4)


def test_width_narrows_both_networks(tmp_path, photo_folder, cache):
    config = GanConfig(width=4, **SETTINGS | {"size": 32, "epochs": 1})
    list(record(tmp_path / "run", [str(photo_folder)], config, cache=cache))
    kept = torch.load(tmp_path / "run" / "last.ckpt", weights_only=True)
    assert kept["parts"]["D"]["model.0.0.weight"].shape[0] == 4
    assert kept["parts"]["G"]["encoder.0.0.weight"].shape[0] == 4


def test_dropout_is_set_and_nothing_else_changes(tmp_path):
    stages = (8, 1, 3, 2, 1), (12, 1, 3, 2, 1)
    made = CompactUnet(stages, (8,), dropout=0.2, temperature=0.5)
    path = save_generator(made, tmp_path / "g", card={})
    config = PretrainConfig(generator=str(path), dropout=0.4)
    G = make_generator(config)
    assert G.dropout.p == 0.4
    assert G.config == made.config | {"dropout": 0.4}  # saved with it, too
    assert all(map(torch.equal, G.parameters(), made.parameters()))
    as_made = make_generator(PretrainConfig(generator=str(path)))
    assert as_made.dropout.p == 0.2
    with pytest.raises(
        ValueError, match="dropout is for compact, not for 'unet'"
    ):
        make_generator(PretrainConfig(dropout=0.4))


@pytest.fixture
def lent(tmp_path):
    """The weights of a body, in a file, under the published names."""
    body = EfficientNet()
    names = published_names(body)
    weights = {}
    for name, tensor in body.state_dict().items():
        layer, _, kind = name.rpartition(".")
        weights[f"{names[layer]}.{kind}"] = tensor
    first = weights["_conv_stem.weight"].repeat(1, 3, 1, 1) / 3
    weights["_conv_stem.weight"] = first
    torch.save(weights, tmp_path / "lite2.pth")
    return tmp_path / "lite2.pth", body


def test_a_backbone_is_loaded_and_the_run_says_whose(
    tmp_path, photo_folder, cache, lent
):
    path, body = lent
    config = PretrainConfig(
        generator="compact",
        backbone=str(path),
        freeze_stages=6,
        **SETTINGS | {"size": 64, "epochs": 1},
    )
    list(record(tmp_path / "run", [str(photo_folder)], config, cache=cache))
    G, _ = load_generator(tmp_path / "run" / "generator.safetensors")
    for own, theirs in zip(
        G.backbone.parameters(), body.parameters(), strict=True
    ):
        assert_close(own, theirs)
    said = read(tmp_path / "run")
    assert said["config"]["backbone"] == "lite2.pth"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert said["backbone_sha256"] == digest


def test_a_backbone_called_by_name_is_told_by_file_and_hash(
    tmp_path, photo_folder, cache, file_server, monkeypatch
):
    """A run that says pretrained holds the weights of this file."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    torch.manual_seed(1)
    lender = resnet18()
    torch.save(lender.state_dict(), tmp_path / "lender.pth")
    data = (tmp_path / "lender.pth").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    name = f"resnet18-{digest[:8]}.pth"
    file_server.files[name] = data
    published = partial(find_backbone, url=f"{file_server.url}/{name}")
    monkeypatch.setattr(session, "find_backbone", published)
    config = PretrainConfig(
        generator="resunet",
        backbone="imagenet",
        freeze_stages=4,
        **SETTINGS | {"size": 64, "epochs": 1},
    )
    told = []
    for _ in record(
        tmp_path / "run",
        [str(photo_folder)],
        config,
        cache=cache,
        on_download=lambda *said: told.append(said),
    ):
        pass
    assert told[-1] == (name, len(data), len(data))
    said = read(tmp_path / "run")
    assert said["config"]["backbone"] == name
    assert said["backbone_sha256"] == digest
    G, _ = load_generator(tmp_path / "run" / "generator.safetensors")
    own = G.backbone.stages[3][1].conv2.weight
    assert torch.equal(own, lender.layer4[1].conv2.weight)


@pytest.mark.parametrize(
    "setting",
    [{"backbone": "lite2.pth"}, {"backbone_lr": 0.5}, {"freeze_stages": 1}],
)
def test_a_backbone_is_for_the_compact_generator(setting):
    (name,) = setting
    config = PretrainConfig(**setting)
    with pytest.raises(ValueError, match=f"{name} is for .*compact"):
        pretrain.start_pretraining(make_generator(config), config)


def test_a_width_that_nothing_has_is_refused():
    """Else a run would be recorded as narrower than it was."""
    with pytest.raises(ValueError, match="unet and unet-noskip, not for 'comp"):
        make_generator(PretrainConfig(generator="compact", width=8))


def test_epochs_are_shown_before_they_are_done(start, config):
    """Killed while it shows the second, a run shows the second again."""
    shown = []

    def on_epoch(epoch, G):
        shown.append(epoch)
        assert not G.training
        assert not torch.is_grad_enabled()
        if len(shown) == 2:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        list(start(config, on_epoch=on_epoch, keep_every=0.0))
    list(start(config, on_epoch=on_epoch, resume=True))
    assert shown == [1, 2, 2, 3]


def test_looks_come_every_so_many_steps(start, config):
    """Killed while it takes the second, a run takes the second again."""
    steps = []

    def on_look(step, G):
        steps.append(step)
        assert not G.training
        if len(steps) == 2:
            raise OSError("the disk is full")

    looks = {"look_every": 2, "on_look": on_look}
    with pytest.raises(OSError, match="disk is full"):
        list(start(config, keep_every=0.0, **looks))
    list(start(config, resume=True, **looks))
    assert steps == [2, 4, 4, 6]


def test_showing_changes_nothing(tmp_path, start, config):
    """A generator that was left in evaluation mode would learn otherwise."""
    list(start(config))
    list(start(config, "watched", on_epoch=lambda epoch, G: None))
    looks = {"look_every": 1, "on_look": lambda step, G: None}
    list(start(config, "looked at", **looks))
    assert rows(tmp_path / "run") == rows(tmp_path / "looked at")
    assert rows(tmp_path / "run") == rows(tmp_path / "watched")
