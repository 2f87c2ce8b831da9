"""What is set when nobody sets anything: the deck's numbers."""

import ast
import math
from pathlib import Path

import pytest

from colorlib.training import config
from colorlib.training.config import GanConfig, PretrainConfig, TrainConfig


def test_the_gan_is_set_as_in_the_deck():
    c = GanConfig()
    assert c.l1_weight == 100
    assert c.learning_rate_G == c.learning_rate_D == 2e-4
    assert (c.beta1, c.beta2) == (0.5, 0.999)
    assert c.adversarial == "vanilla"


def test_pretraining_is_set_as_in_the_deck():
    c = PretrainConfig()
    assert (c.learning_rate, c.one_cycle, c.weight_decay) == (1e-4, False, 0)


def test_photographs_are_set_as_in_the_deck():
    c = GanConfig()
    assert (c.generator, c.batch_size, c.size) == ("unet", 16, 256)
    assert (c.validation, c.mirror, c.accumulate) == (0.2, True, 1)


@pytest.mark.parametrize(
    ("given", "sides"),
    [
        ({}, (256, 256)),
        ({"largest_side": 400}, (256, 400)),
        ({"smallest_side": 300, "largest_side": 400}, (300, 400)),
    ],
)
def test_sides(given, sides):
    """What is cut is never larger than what is kept."""
    c = TrainConfig(**given)
    assert c.sides == sides
    assert c.kept_size == sides[1]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (TrainConfig, "epochs", 0),
        (TrainConfig, "epochs", -3),
        (TrainConfig, "batch_size", 0),
        (TrainConfig, "size", 0),
        (TrainConfig, "accumulate", 0),
        (TrainConfig, "smallest_side", 0),
        (TrainConfig, "largest_side", -1),
        (TrainConfig, "validation", 1.0),
        (TrainConfig, "validation", -0.1),
        (TrainConfig, "seed", -1),
        (PretrainConfig, "width", 0),
        (PretrainConfig, "epochs", 0),
        (PretrainConfig, "learning_rate", -1.0),
        (PretrainConfig, "learning_rate", 0.0),
        (PretrainConfig, "learning_rate", math.nan),
        (PretrainConfig, "learning_rate", math.inf),
        (PretrainConfig, "weight_decay", -0.1),
        (PretrainConfig, "gamma_jitter", 0.9),
        (PretrainConfig, "dropout", 1.0),
        (PretrainConfig, "dropout", -0.1),
        (GanConfig, "epochs", 0),
        (GanConfig, "learning_rate_G", -1.0),
        (GanConfig, "learning_rate_D", -1.0),
        (GanConfig, "l1_weight", -1.0),
        (GanConfig, "beta1", 1.0),
        (GanConfig, "decay", 1.1),
        (GanConfig, "beta2", -0.5),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_by_name(kind, name, value):
    """No epochs "succeed" with a network that has learned nothing."""
    with pytest.raises(ValueError, match=f"^{name} must be .*, got {value}$"):
        kind(**{name: value})


@pytest.mark.parametrize(
    "given",
    [
        {"smallest_side": 300, "largest_side": 200},
        {"smallest_side": 300},
        {"largest_side": 200},
    ],
)
def test_sides_the_wrong_way_round_are_refused_at_once(given):
    """And not once all photographs are decoded."""
    with pytest.raises(ValueError, match=r"smallest_side .* is the size, 256"):
        TrainConfig(**given)


def test_the_ends_of_the_ranges_are_fine():
    least = {"epochs": 1, "batch_size": 1, "size": 1, "validation": 0.0}
    PretrainConfig(**least, weight_decay=0.0, gamma_jitter=1.0, dropout=0.0)
    GanConfig(**least, l1_weight=0.0, beta1=0.0, beta2=0.0)
    GanConfig(learning_rate_D=0.0)  # the discriminator stays as it is


def test_every_setting_has_a_help_of_one_or_two_lines():
    """The command line prints them."""
    for node in ast.parse(Path(config.__file__).read_text()).body:
        if not isinstance(node, ast.ClassDef):
            continue
        pairs = zip(node.body, [*node.body[1:], None], strict=True)
        for field, help in pairs:
            if isinstance(field, ast.AnnAssign):
                text = ast.literal_eval(help.value)
                assert text.count("\n") <= 1, text
