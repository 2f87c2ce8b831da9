"""A student learns what its teachers say; they stay as they are."""

import json
import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from colorlib.color import join_lab, rgb_to_lab, split_lab
from colorlib.data.batches import Batches, lab_batch
from colorlib.files import sha256_of
from colorlib.models.build import build_generator
from colorlib.models.catalog import Entry
from colorlib.models.classifier import load_classifier
from colorlib.models.generator import Generator
from colorlib.models.resnet import (
    BACKBONE,
    ResNet18,
    find_backbone,
    load_resnet18,
    read_weights,
    torchvision_name,
)
from colorlib.models.teachers import Published, Teacher
from colorlib.training.checkpoint import load_checkpoint, save_checkpoint
from colorlib.training.config import DistillConfig, PretrainConfig
from colorlib.training.distill import (
    distill,
    distill_step,
    divergence,
    feature_distance,
    mixup,
    start_distilling,
)
from colorlib.training.pretrain import rate_at
from colorlib.training.session import record

CLASSES = 5
CONFIG = DistillConfig(
    epochs=2,
    batch_size=4,
    size=32,
    learning_rate=1e-3,
    gamma_jitter=1.5,
)


def enlarged(photo):
    """What a ResNet-18 can learn from: 48 x 64."""
    return photo.repeat(2, 0).repeat(2, 1)


@pytest.fixture
def batches(batches):
    photos = [enlarged(photo) for photo in batches.photos]
    return Batches(photos, batch_size=4, size=32)


@pytest.fixture
def one_batch(one_batch):
    photos = [enlarged(photo) for photo in one_batch.photos]
    return Batches(photos, batch_size=4, size=32, mirror=False)


def make_teacher(width=6, classes=CLASSES, seed=0):
    """A network that tells colors apart, a little."""
    torch.manual_seed(seed)
    body = nn.Sequential(nn.Conv2d(3, width, 3), nn.ReLU())
    head = nn.Linear(width, classes)
    nn.init.normal_(head.weight, std=4)
    return Teacher(body, head, (0.5,) * 3, (0.5,) * 3)


def start(config=CONFIG):
    teachers = [make_teacher(6), make_teacher(8, seed=1)]
    torch.manual_seed(0)
    return start_distilling(teachers, config)


def trace(losses):
    return [(x["kl"].item(), x["features"].item()) for x in losses]


def test_learns_what_its_teachers_say(one_batch):
    config = DistillConfig(epochs=30, learning_rate=1e-3, mixup=0.0)
    losses = trace(distill(start(config), one_batch, config))
    assert losses[-1][0] < losses[0][0] / 5
    assert losses[-1][1] < losses[0][1] / 2


def test_every_weight_of_the_student_learns_and_none_of_the_teachers(one_batch):
    state = start()
    before = {k: p.clone() for k, p in state.student.named_parameters()}
    taught = [
        {k: v.clone() for k, v in teacher.state_dict().items()}
        for teacher in state.teachers
    ]
    L, ab = lab_batch(next(one_batch.epoch(0)))
    distill_step(state, L, ab, learning_rate=1e-3, config=CONFIG)
    for name, p in state.student.named_parameters():
        assert not torch.equal(p, before[name]), name
    for teacher, old in zip(state.teachers, taught, strict=True):
        assert not teacher.training
        for name, tensor in teacher.state_dict().items():
            assert torch.equal(tensor, old[name]), name
    learning = {id(p) for g in state.opt.param_groups for p in g["params"]}
    assert learning == {id(p) for p in state.student.parameters()}


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_teachers_see_in_color_what_the_student_sees_in_gray(one_batch, alpha):
    """The same mixture and the same exposure, or they would talk at odds."""
    config = DistillConfig(mixup=alpha, gamma_jitter=2.0)
    state = start(config)
    seen = {}
    state.student.register_forward_pre_hook(
        lambda _, inputs: seen.update(L=inputs[0])
    )
    state.teachers[1].register_forward_pre_hook(
        lambda _, inputs: seen.update(rgb=inputs[0])
    )
    L, ab = lab_batch(next(one_batch.epoch(0)))
    L, ab = L / 2, ab / 20  # pale, so that no mixture leaves the gamut
    distill_step(state, L, ab, learning_rate=1e-3, config=config)
    seen_L, seen_ab = split_lab(rgb_to_lab(seen["rgb"]))
    assert_close(seen_L, seen["L"], atol=1e-4, rtol=0)
    mixed = not torch.allclose(seen_ab, ab, atol=1e-3)
    assert mixed == (alpha > 0)
    assert not torch.allclose(seen["L"], L, atol=1e-2)  # exposure


def test_teachers_can_see_squares_enlarged(one_batch):
    config = DistillConfig(teacher_size=48)
    state = start(config)
    seen = []
    state.teachers[0].register_forward_pre_hook(
        lambda _, inputs: seen.append(tuple(inputs[0].shape))
    )
    L, ab = lab_batch(next(one_batch.epoch(0)))
    distill_step(state, L, ab, learning_rate=1e-3, config=config)
    assert seen == [(4, 3, 48, 48)]


def test_color_and_lightness_are_mixed_in_one_share():
    torch.manual_seed(0)
    L, ab = torch.rand(6, 1, 4, 4), torch.rand(6, 2, 4, 4)
    mixed = join_lab(*mixup(L, ab, 1.0))
    whole, shares = join_lab(L, ab), []
    for i in range(6):
        own, other = whole[i], whole[i - 1]
        share = ((mixed[i] - other) / (own - other)).flatten()
        assert_close(share, share.mean().expand_as(share), atol=1e-2, rtol=0)
        shares.append(round(share.mean().item(), 3))
    assert len(set(shares)) == 6  # each photograph has its own
    assert all(0 <= share <= 1 for share in shares)
    assert mixup(L, ab, 0.0) == (L, ab)


def test_the_wanted_classes_are_the_mean_of_probabilities():
    """Not of logits: one teacher that is sure doesn't decide for both."""
    one = torch.tensor([[math.log(3), 0.0]])  # 3/4 and 1/4
    other = torch.tensor([[0.0, math.log(9)]])  # 1/10 and 9/10
    wanted = torch.tensor([[(3 / 4 + 1 / 10) / 2, (1 / 4 + 9 / 10) / 2]])
    assert_close(
        divergence(wanted.log(), [one, other], 1.0).item(),
        0.0,
        atol=1e-6,
        rtol=0,
    )
    flat = torch.zeros(1, 2)
    by_hand = (wanted * (wanted / 0.5).log()).sum()
    assert_close(divergence(flat, [one, other], 1.0), by_hand)


def test_the_gradient_is_as_large_at_any_temperature():
    """Hinton's reason for the square."""
    torch.manual_seed(0)
    taught = torch.randn(8, 20) * 0.1
    sizes = []
    for temperature in (4.0, 16.0):
        logits = torch.zeros(8, 20, requires_grad=True)
        divergence(logits, [taught], temperature).backward()
        sizes.append(logits.grad.norm().item())
    assert sizes[0] == pytest.approx(sizes[1], rel=0.05)


def test_features_are_compared_by_direction():
    taught = torch.randn(4, 6)
    assert feature_distance([taught * 9], [taught]).item() < 1e-6
    assert feature_distance([-taught], [taught]).item() == pytest.approx(2)


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_resumed_equals_uninterrupted(batches, tmp_path, stop):
    """To the bit: weights, moments, mixtures and exposures go on."""
    whole = start()
    expected = trace(distill(whole, batches, CONFIG))
    assert len(set(expected)) == 4

    first = start()
    losses = distill(first, batches, CONFIG)
    seen = trace(next(losses) for _ in range(stop))
    save_checkpoint(tmp_path / "ckpt", first.parts(), step=first.step)

    second = start()
    torch.manual_seed(99)
    second.step = load_checkpoint(tmp_path / "ckpt", second.parts())["step"]
    seen += trace(distill(second, batches, CONFIG))
    assert seen == expected
    for own, other in zip(
        whole.student.state_dict().values(),
        second.student.state_dict().values(),
        strict=True,
    ):
        assert torch.equal(own, other)


def test_the_rate_follows_one_cycle(batches):
    config = DistillConfig(epochs=2, learning_rate=1.0, one_cycle=True)
    state = start(config)
    next(distill(state, batches, config))
    assert state.opt.param_groups[0]["lr"] == rate_at(0, 4, config) != 1.0


def test_somebody_must_teach_and_all_must_teach_the_same():
    with pytest.raises(ValueError, match="give a teacher's file"):
        start_distilling([], CONFIG)
    teachers = [make_teacher(), make_teacher(classes=7)]
    with pytest.raises(ValueError, match="teachers know 5 and 7 classes"):
        start_distilling(teachers, CONFIG)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"temperature": 0.0}, "temperature must be larger than 0"),
        ({"feature_weight": -1.0}, "feature_weight must be 0 or larger"),
        ({"mixup": float("nan")}, "mixup must be 0 or larger"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        DistillConfig(**settings)


# A whole run


@pytest.fixture(scope="module")
def lesson(tmp_path_factory, photo_folder, cache):
    """A finished run, with what it was made of."""
    folder = tmp_path_factory.mktemp("lesson")
    file = folder / "teacher.pth"
    torch.save(make_teacher().state_dict(), file)

    def build(weights):
        teacher = make_teacher()
        teacher.load_state_dict(weights)
        return teacher

    known = (Published("stand-in", sha256_of(file), build),)
    config = DistillConfig(
        epochs=1,
        batch_size=4,
        size=32,
        validation=0.0,
        teachers=[str(file)],
    )

    def run(config=config, **options):
        return list(
            record(
                folder / "run",
                [str(photo_folder)],
                config,
                cache=cache,
                teachers=known,
                **options,
            )
        )

    called = []
    progress = run(on_epoch=lambda *_: called.append(1))
    return folder / "run", file, progress, called, run


def test_a_run_leaves_a_backbone_and_says_who_taught_it(lesson):
    folder, file, progress, called, _ = lesson
    assert progress[-1].finished
    assert progress[-1].losses.keys() == {"kl", "features"}
    assert not called  # there is no generator that could color
    told = json.loads((folder / "run.json").read_text())
    assert told["method"] == "distill"
    assert told["finished"]
    assert told["config"]["teachers"] == ["teacher.pth"]
    assert told["teachers_sha256"] == [sha256_of(file)]
    card = json.loads((folder / "backbone.json").read_text())
    assert card["sha256"] == sha256_of(folder / BACKBONE)
    assert card["training"]["teachers_sha256"] == told["teachers_sha256"]
    assert not (folder / "generator.safetensors").exists()
    assert (folder / "metrics.csv").read_text().startswith("epoch,kl,features")
    assert load_classifier(folder / BACKBONE).config == {"classes": CLASSES}


def test_a_run_is_resumed_with_the_same_teachers(lesson, tmp_path):
    folder, _, _, _, run = lesson
    assert run(resume=True)[-1].finished
    other = tmp_path / "teacher.pth"
    torch.save(make_teacher(seed=3).state_dict(), other)
    config = DistillConfig(
        epochs=1, batch_size=4, size=32, validation=0.0, teachers=[str(other)]
    )
    with pytest.raises(ValueError, match="is no teacher's file"):
        run(config, resume=True)
    del config
    told = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(
        json.dumps(told | {"teachers_sha256": ["0" * 64]})
    )
    with pytest.raises(ValueError, match="started with teachers_sha256"):
        run(resume=True)
    (folder / "run.json").write_text(json.dumps(told))


def test_a_generator_takes_the_backbone_of_a_run(lesson):
    """Every tensor is the file's: none was left as it was drawn."""
    folder, *_ = lesson
    stored = read_weights(folder / BACKBONE)
    G = build_generator("resunet", backbone=folder)
    for name, tensor in G.backbone.state_dict().items():
        wanted = stored[torchvision_name(name)].to(tensor.dtype)
        assert torch.equal(tensor, wanted), name


class Tiny(Generator):
    """A generator with a ResNet-18, and next to nothing besides."""

    def __init__(self):
        super().__init__()
        self.config, self.multiple = {}, 1
        self.backbone = ResNet18()
        self.to_ab = nn.Conv2d(64, 8, 1)

    @classmethod
    def for_training(cls, backbone):
        G = cls()
        load_resnet18(G.backbone, find_backbone(backbone))
        return G

    def forward(self, L):
        return nn.functional.pixel_shuffle(self.to_ab(self.backbone(L)[0]), 2)


def test_what_begins_with_it_says_its_hash(
    lesson, tmp_path, photo_folder, cache
):
    folder, *_ = lesson
    config = PretrainConfig(
        generator="tiny", backbone=str(folder), size=32, batch_size=4, epochs=1
    )
    entry = Entry("", __name__, "Tiny", takes=frozenset({"backbone"}))
    run = record(
        tmp_path / "run",
        [str(photo_folder)],
        config,
        cache=cache,
        generators={"tiny": entry},
        show_every=0.0,
    )
    next(run)
    told = json.loads((tmp_path / "run" / "run.json").read_text())
    assert told["backbone_sha256"] == sha256_of(folder / BACKBONE)
    assert told["config"]["backbone"] == BACKBONE
    run.close()
