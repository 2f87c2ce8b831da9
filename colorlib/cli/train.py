"""`colorlib train`: photographs in, a run's folder with a network out.

The settings come from `training.config`, option by option. Chapter 10.
"""

import dataclasses
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Exit, Option

from colorlib.cli.signals import exit_status
from colorlib.cli.terminal import (
    MAX_MEGAPIXELS,
    WRONG_USAGE,
    check_megapixels,
    complain,
    plain_errors,
    say,
)
from colorlib.cli.train_display import Showing, losses_and_speed
from colorlib.training.config import (
    METHODS,
    ColorConfig,
    DistillConfig,
    GanConfig,
    PretrainConfig,
)
from colorlib.training.recipes import find_recipe


def train(
    folder: Annotated[Path, Argument(metavar="RUN_DIR", show_default=False)],
    data: Annotated[list[str], Option(metavar="SOURCE", show_default=False)],
    recipe: Annotated[str | None, Option(metavar="NAME")] = None,
    method: Annotated[str | None, Option(metavar="|".join(METHODS))] = None,
    resume: Annotated[bool, Option("--resume")] = False,
    cache: Annotated[
        Path | None, Option(metavar="DIR", file_okay=False)
    ] = None,
    keep_every: Annotated[float, Option(metavar="SECONDS", min=0)] = 60.0,
    max_megapixels: Annotated[float, Option(metavar="NUMBER")] = MAX_MEGAPIXELS,
    samples: Annotated[int | None, Option(metavar="EPOCHS", min=0)] = None,
    tensorboard: Annotated[bool, Option("--tensorboard")] = False,
    **settings: Any,
) -> None:
    """Train a network that colors, on the fastest device at hand.

    The folder RUN_DIR gets run.json (what was done), metrics.csv (the losses,
    a row an epoch), samples of what the network colors, a checkpoint, and in
    the end generator.safetensors: use it with
    `colorlib colorize --model RUN_DIR`. Ctrl-C keeps what was learned;
    `--resume` goes on from there, under the settings of the start.

    A distillation trains no generator but the backbone of one, and leaves
    backbone.safetensors: begin with it by `--generator resunet --backbone
    RUN_DIR`.

    Processes share each batch with `accelerate launch --multi_gpu
    --num_processes 2 -m colorlib train ...`; where there is no GPU, set
    ACCELERATE_USE_CPU=true.

    Exit status: 0 trained, 1 failed, 2 wrong usage, 130 interrupted
    (143 by SIGTERM).

    Args:
        folder: The folder of the run.
        data: Color photographs: a folder, a .tar shard, or one of bundled,
            coco, imagenette. May be given several times.
        recipe: Settings of one of the course's runs, such as model1-100;
            those that are given besides it go before. A name that does not
            exist lists them.
        method: pretrain (the generator alone, with L1; this is the default),
            gan (generator against discriminator) or distill (a ResNet-18,
            taught by networks that were trained on ImageNet).
        resume: Go on with the run that the folder holds.
        cache: Where decoded photographs are kept for the next run. Default:
            .cache/colorlib in your home folder, or below $XDG_CACHE_HOME.
        keep_every: Write a checkpoint whenever so many seconds have passed;
            of a large network it may take seconds.
        max_megapixels: Leave out a photograph that is larger.
        samples: After so many epochs each, and after the last, the bundled
            photographs are colored and kept on a sheet; 0 for no sheets.
            Default: as the recipe has it, or ten sheets.
        tensorboard: Keep losses and sheets for `tensorboard --logdir RUN_DIR`,
            too. Needs `pip install tensorboard`.
        settings: Fields of the configurations, each an option of its own.
    """
    with plain_errors(WRONG_USAGE):
        check_megapixels(max_megapixels)
        config = _configure(folder, recipe, method, resume, settings)
        colors = isinstance(config, ColorConfig)
        sheets = _sheets(samples, recipe, config.epochs) if colors else set()
    with plain_errors():
        from colorlib.training.session import record

        with Showing(folder, config, sheets, tensorboard=tensorboard) as shown:
            run = record(
                folder,
                data,
                config,
                cache=cache,
                keep_every=keep_every,
                resume=resume,
                max_megapixels=max_megapixels,
                on_caching=shown.on_caching,
                on_download=shown.on_download,
                on_epoch=shown.on_epoch,
            )
            try:
                # Closed at once, so that the run keeps what it has learned.
                with closing(run):
                    last = shown.watch(run)
            except KeyboardInterrupt as signal:
                shown.bar.stop()
                complain(_interrupted(folder))
                raise Exit(exit_status(signal)) from None
        if shown.speaks:
            say(f"epoch {last.epoch}, {losses_and_speed(last)}")
            stem = "generator" if colors else "backbone"
            say(f"network: {folder / stem}.safetensors")


def _configure(
    folder: Path,
    recipe: str | None,
    method: str | None,
    resume: bool,
    settings: dict[str, Any],
) -> PretrainConfig | GanConfig | DistillConfig:
    """Put together what was set now, what was set before, and defaults."""
    cooked: dict[str, Any] = {}
    if recipe:
        wanted = find_recipe(recipe).config
        cooked = dataclasses.asdict(wanted)
        if method not in (None, wanted.method):
            raise ValueError(
                f"{recipe} is a recipe for --method {wanted.method};"
                " leave --method out"
            )
        method = wanted.method
    begun: dict[str, Any] = {"method": method or "pretrain", "config": {}}
    if resume:
        from colorlib.training.run_folder import read_run

        begun = read_run(folder)
    method = method or begun["method"]
    if method not in METHODS:
        raise ValueError(
            f"there is no method {method!r}; choose {', '.join(METHODS)}"
        )
    if method != begun["method"]:
        raise ValueError(
            f"{folder} was started with --method {begun['method']}; resume"
            " with the same"
        )
    # An option that may be given several times is [] if it is not given.
    given = {n: x for n, x in settings.items() if x is not None and x != []}
    if (
        recipe
        and (before := find_recipe(recipe).after)
        and ("generator" not in given)
    ):
        raise ValueError(
            f"{recipe} begins with the generator of {before}: train that first"
            f" (--recipe {before}), and give the folder of its run by"
            " --generator"
        )
    fields = {
        name: {field.name for field in dataclasses.fields(kind)}
        for name, kind in METHODS.items()
    }
    known = fields[method]
    for name in given.keys() - known:
        other = next(m for m in METHODS if name in fields[m])
        raise ValueError(
            f"--{name.replace('_', '-')} is no setting of the method {method};"
            f" leave it out, or train with --method {other}"
        )
    if unknown := sorted(begun["config"].keys() - known):
        raise ValueError(
            f"{folder} was started by another version of colorlib, with"
            f" {', '.join(unknown)}; go on with that version, or start a new"
            " run"
        )
    return METHODS[method](**begun["config"] | cooked | given)


def _sheets(every: int | None, recipe: str | None, epochs: int) -> set[int]:
    """Choose the epochs after which a sample sheet is made."""
    if every is None and recipe:
        return set(find_recipe(recipe).but(epochs=epochs).shown)
    if every is None:
        every = max(1, epochs // 10)
    return {*range(every, epochs, every), epochs} if every else set()


def _interrupted(folder: Path) -> str:
    """Say what is kept after Ctrl-C, and how to go on."""
    from colorlib.training.run_folder import RUN

    if not (folder / RUN).exists():
        return "interrupted before training began; nothing was kept"
    return (
        f"interrupted; {folder} keeps what was learned, and the same command"
        " with --resume goes on"
    )
