"""The course's runs by name: `colorlib train --recipe model1-100`.

A recipe is a configuration and what is looked at on the way. What a run of
it left out, on a machine without a GPU, is told by comparing the two: see
`differences`. Plain data without torch, for the command line's help. The
recorded runs in `book/results` carry these names. Chapters 07 to 12.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypedDict

from colorlib.models.catalog import GENERATORS
from colorlib.training.config import (
    DistillConfig,
    GanConfig,
    PretrainConfig,
    default_settings,
)

# Settings in which a run may differ from its recipe: `photographs` and
# `validation` are compared as counts, teachers by their hashes when they are
# read; the others don't change what is trained.
_NOT_COMPARED = {"photographs", "validation", "precision", "accumulate"}
_NOT_COMPARED |= {"teachers"}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to train, on how much, and when to look at it."""

    about: str
    """What the run is, in a few words."""
    config: PretrainConfig | GanConfig | DistillConfig
    """The settings. Where the generator is a recipe's name, that recipe's
    network is meant, once it is trained."""
    photographs: int = 8_000
    """How many it is to be trained on."""
    scored_on: int = 2_000
    """How many it is to be scored on."""
    shown: tuple[int, ...] = ()
    """After these epochs the bundled photographs are colored."""
    scored: tuple[int, ...] = ()
    """After these epochs it is scored; the last one is among them. Both are
    empty where no generator is trained."""

    @property
    def after(self) -> str | None:
        """The recipe whose generator it begins with, if it follows one.

        `unet-noskip` is a kind of generator and a recipe; the kind is meant.
        """
        generator = getattr(self.config, "generator", None)
        if generator in GENERATORS:
            return None
        return generator if generator in RECIPES else None

    @property
    def pretrained(self) -> bool:
        """Whether its generator has a backbone that was trained before."""
        return getattr(self.config, "backbone", None) is not None

    @property
    def has_width(self) -> bool:
        """Whether `width` means something: D's, or the generator's own."""
        if isinstance(self.config, GanConfig):
            return True
        name = getattr(self.config, "generator", None)
        return name in GENERATORS and "width" in GENERATORS[name].takes

    def but(self, **settings: Any) -> "Recipe":
        """Change settings; with the epochs move those that are looked at.

        Args:
            settings: fields of the configuration.

        Returns:
            A recipe in which the first tenth of the epochs is still the
            first tenth.

        Raises:
            ValueError: if a setting is unknown or out of its range.
        """
        try:
            config = replace(self.config, **settings)
        except TypeError as error:
            known = ", ".join(asdict(self.config))
            raise ValueError(f"{error}; settings are {known}") from error
        pace = config.epochs / self.config.epochs

        def moved(epochs: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(sorted({max(1, round(e * pace)) for e in epochs}))

        return replace(
            self,
            config=config,
            shown=moved(self.shown),
            scored=moved(self.scored),
        )

    def reduced(self) -> "Recipe":
        """Make it small enough for a processor.

        Half the side, half the width if there is one, a quarter of the
        photographs and a fifth of the epochs.
        """
        settings = {"size": 128, "photographs": 2_000}
        if self.has_width:
            settings["width"] = 32
        smaller = self.but(epochs=max(1, self.config.epochs // 5), **settings)
        return replace(smaller, scored_on=500)


class _Epochs(TypedDict):
    shown: tuple[int, ...]
    scored: tuple[int, ...]


# The deck: 16 photographs a step, squashed into squares of 256 pixels, L1
# counting 100 times. Seeds from 1, so that seed 2 is the second.
_MODEL1 = GanConfig(squash=True, width=64, seed=1)
# The deck's second model: a U-Net on a ResNet-18, trained with L1 alone and
# then as a GAN, with the discriminator that chapter 09 found to be sound.
_L1 = PretrainConfig(
    generator="resunet", epochs=60, learning_rate=1e-4, squash=True, seed=1
)
_GAN = replace(_MODEL1, epochs=20, joint_batch=True)
_LONG: _Epochs = {
    "shown": (1, 2, 5, 10, 20, 40, 60, 80, 100),
    "scored": (10, 20, 100),
}
_MIDDLE: _Epochs = {"shown": (1, 2, 5, 10, 20, 40, 60), "scored": (10, 20, 60)}
_SHORT: _Epochs = {"shown": (1, 2, 5, 10, 20), "scored": (10, 20)}

RECIPES = {
    "model1-100": Recipe(
        about="the deck's first model; its first result is epoch 20",
        config=replace(_MODEL1, epochs=100),
        **_LONG,
    ),
    "model1-decay": Recipe(
        about="the same, and then 10 epochs in which the rates fall",
        config=replace(_MODEL1, epochs=110, decay=1 / 11),
        shown=(10, 20, 100, 110),
        scored=(10, 20, 110),
    ),
    "model1-seed-2": Recipe(
        about="the same from other first weights, to epoch 20",
        config=replace(_MODEL1, epochs=20, seed=2),
        **_SHORT,
    ),
    "model1-seed-3": Recipe(
        about="and once more",
        config=replace(_MODEL1, epochs=20, seed=3),
        **_SHORT,
    ),
    "model1-l1only": Recipe(
        about="L1 alone: the discriminator looks on",
        config=replace(_MODEL1, epochs=20, gan_weight=0.0),
        **_SHORT,
    ),
    "model1-ganonly": Recipe(
        about="the GAN alone: lambda is 0",
        config=replace(_MODEL1, epochs=20, l1_weight=0.0),
        **_SHORT,
    ),
    "unet-noskip": Recipe(
        about="model 1 with a generator without skips",
        config=replace(_MODEL1, epochs=20, generator="unet-noskip"),
        **_SHORT,
    ),
    "model1-joint": Recipe(
        about="real and generated photographs in one batch for D",
        config=replace(_MODEL1, epochs=20, joint_batch=True),
        **_SHORT,
    ),
    "model1-joint-decay": Recipe(
        about="the same, and then 10 epochs in which the rates fall",
        config=replace(_MODEL1, epochs=30, joint_batch=True, decay=1 / 3),
        shown=(10, 20, 30),
        scored=(10, 20, 30),
    ),
    "model1-lambda-1": Recipe(
        about="lambda 1",
        config=replace(_MODEL1, epochs=20, l1_weight=1.0),
        **_SHORT,
    ),
    "model1-lambda-10": Recipe(
        about="lambda 10",
        config=replace(_MODEL1, epochs=20, l1_weight=10.0),
        **_SHORT,
    ),
    "model2-l1": Recipe(
        about="model 2, first stage: a pretrained backbone, L1 alone",
        config=replace(_L1, backbone="imagenet"),
        **_MIDDLE,
    ),
    "model2-gan": Recipe(
        about="model 2, second stage: model2-l1 goes on as a GAN",
        config=replace(_GAN, generator="model2-l1"),
        **_SHORT,
    ),
    "model2-gan-slow": Recipe(
        about="the second stage at the rates of DeOldify's",
        config=replace(
            _GAN,
            generator="model2-l1",
            learning_rate_G=2e-5,
            learning_rate_D=1e-4,
        ),
        **_SHORT,
    ),
    "model2-no-l1": Recipe(
        about="the GAN at once, from a pretrained backbone",
        config=replace(_GAN, generator="resunet", backbone="imagenet"),
        **_SHORT,
    ),
    "model2-random-l1": Recipe(
        about="L1 alone, from random weights",
        config=_L1,
        **_MIDDLE,
    ),
    "model2-random-gan": Recipe(
        about="model2-random-l1 goes on as a GAN",
        config=replace(_GAN, generator="model2-random-l1"),
        **_SHORT,
    ),
    "model2-random-no-l1": Recipe(
        about="the GAN at once, from random weights",
        config=replace(_GAN, generator="resunet"),
        **_SHORT,
    ),
}

BACKBONES = {
    "backbone": Recipe(
        about="a ResNet-18 for gray photographs, taught by two networks that"
        " were trained on ImageNet",
        config=DistillConfig(
            epochs=24,
            batch_size=32,
            size=128,
            smallest_side=128,
            largest_side=224,
            validation=0.0,
            learning_rate=1e-3,
            one_cycle=True,
            weight_decay=0.02,
            gamma_jitter=1.5,
            teacher_size=192,
            seed=1,
        ),
        photographs=17_000,
    ),
}
"""Recipes of runs that train no generator, but what one begins with. They are
judged by `experiments/measure_backbone.py`."""


def find_recipe(name: str) -> Recipe:
    """Look a recipe up.

    Args:
        name: a key of `RECIPES` or of `BACKBONES`.

    Raises:
        ValueError: if there is none of that name.
    """
    known = RECIPES | BACKBONES
    if name not in known:
        raise ValueError(
            f"there is no recipe {name!r}; choose one of {', '.join(known)}"
        )
    return known[name]


def differences(
    recipe: Recipe, run: Mapping[str, Any], scored_on: int
) -> list[dict[str, Any]]:
    """Say what a run did otherwise than its recipe asks for.

    Args:
        recipe: what was to be done.
        run: what was done, as `run.json` tells it. A setting that it
            doesn't name has its default.
        scored_on: how many photographs it was scored on.

    Returns:
        An entry a difference: its "setting", what the "recipe" says, and
        what was done "here". No entry: the run is the full one. More
        photographs are no difference, near-gray ones count as seen.
    """
    wanted = asdict(recipe.config)
    done = default_settings(recipe.config.method) | run["config"]
    # Files that it begins with have any name, which a run tells with a hash.
    begins = {"backbone": wanted.get("backbone")}
    if recipe.after:
        begins["generator"] = recipe.after
    found = [
        {"setting": name, "recipe": value, "here": done.get(name)}
        for name, value in wanted.items()
        if name not in _NOT_COMPARED | begins.keys() and done.get(name) != value
    ]
    for name, asked in begins.items():
        if bool(asked) != bool(run.get(f"{name}_sha256")):
            here = done.get(name)
            found.append({"setting": name, "recipe": asked, "here": here})
    seen = run["data"]["photographs"] + run["data"]["near_gray"]
    counts = {
        "photographs": (recipe.photographs, seen),
        "photographs scored": (recipe.scored_on, scored_on),
    }
    for name, (asked, had) in counts.items():
        if had < asked:
            found.append({"setting": name, "recipe": asked, "here": had})
    return found
