"""A whole run: from photographs to a folder with a trained network in it.

One call does what `colorlib train` does, and yields where it is, so that a
shell, a notebook and a test can each show it in their own way. Chapter 10.
"""

from collections import abc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import nn

from colorlib.data.batches import Batches
from colorlib.data.cache import CachedPhotos
from colorlib.data.resident import to_device
from colorlib.data.training_set import training_photos
from colorlib.files import user_cache
from colorlib.files.download import OnDownload
from colorlib.models.build import build_generator
from colorlib.models.catalog import GENERATORS, Entry
from colorlib.models.generator import Generator
from colorlib.models.patchgan import PatchDiscriminator
from colorlib.models.paths import find_model, is_released
from colorlib.models.resnet import find_backbone
from colorlib.models.teachers import TEACHERS, Published, load_teacher
from colorlib.models.unet import init_weights
from colorlib.photos import MAX_MEGAPIXELS
from colorlib.training.config import (
    ColorConfig,
    DistillConfig,
    GanConfig,
    PretrainConfig,
    TrainConfig,
)
from colorlib.training.distill import (
    distill,
    keep_backbone,
    start_distilling,
)
from colorlib.training.ensemble import load_ensemble
from colorlib.training.gan import start_gan, train_gan
from colorlib.training.loop import Losses, State
from colorlib.training.metadata import describe_run
from colorlib.training.monitor import Limits, Watch, ignored_losses
from colorlib.training.preflight import check_start
from colorlib.training.pretrain import pretrain, start_pretraining
from colorlib.training.progress import (
    OnEpoch,
    OnLook,
    Progress,
    Schedule,
    follow,
    keep_run,
)
from colorlib.training.run_folder import Run, check_new, read_run

Config = PretrainConfig | GanConfig | DistillConfig


def record(
    folder: str | Path,
    sources: list[str],
    config: Config,
    *,
    D: nn.Module | None = None,
    cache: str | Path | None = None,
    resume: bool = False,
    resident: bool = False,
    keep_every: float = 60.0,
    show_every: float = 0.5,
    on_caching: Callable[[int, int], None] | None = None,
    on_epoch: OnEpoch | None = None,
    look_every: int = 0,
    on_look: OnLook | None = None,
    on_download: OnDownload | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
    limits: Limits | None = None,
    generators: Mapping[str, Entry] = GENERATORS,
    teachers: tuple[Published, ...] = TEACHERS,
) -> abc.Generator[Progress, None, None]:
    """Train a network, and keep everything about it in a folder.

    Checkpoint and network are kept now and then, at the end, and when the
    run is left: on Ctrl-C or SIGTERM (which wait for the step to be complete;
    then KeyboardInterrupt is raised), and when the iterator is closed. With
    `resume` it goes on from there, as if nothing had happened. A run that is
    finished yields once more, says so (`Progress.finished`), and is left as
    it is.

    Args:
        folder: the run's folder: see `run_folder` for what it will hold.
        sources: where the photographs come from: see `find_items`.
        config: what to do; its type decides the method. Its seed seeds
            PyTorch's generator, too, for weights and dropout.
        D: the discriminator, with the weights to start from; it is changed.
            None for the deck's. (`GanConfig` only.)
        cache: where decoded photographs are kept between runs; None for
            `files.user_cache`.
        resume: go on with the run that the folder holds.
        resident: keep all photographs on the device, as bytes, so that no
            batch waits for the processor. The batches are the same.
        keep_every: seconds between checkpoints.
        show_every: seconds between what is yielded.
        on_caching: called with photographs decoded, and all of them.
        on_epoch: called after each epoch with its number, from 1, and the
            generator, in evaluation mode, by the main process. After a kill
            it may be called for an epoch once more, never once too seldom.
            A distillation has no generator, and doesn't call it.
        look_every: steps from one look to the next; 0 for no looks.
        on_look: called after so many steps with their number and the
            generator, in the same way as `on_epoch`.
        on_download: told how much of a file of weights has come.
        max_megapixels: larger photographs are left out.
        limits: when losses are a warning, which is logged; None for
            `monitor.Limits`.
        generators: the table that the configuration's generator is in.
        teachers: the files that a distillation may learn from.

    Yields:
        Where the run is, every `show_every` seconds, and when it is finished.
        Of several processes each yields; the main one writes.

    Raises:
        FileExistsError: if the folder holds a run, and it isn't resumed.
        FileNotFoundError: if it holds none, and it is.
        ValueError: if a resumed run was started with something else, or the
            configuration asks for what can't be done.
        FloatingPointError: if a loss or a weight is not a finite number.
        MemoryError: if the device has too little memory.
        KeyboardInterrupt: on Ctrl-C or SIGTERM, when all is kept.
    """
    config = _with_files_at_hand(config, on_download, generators)
    torch.manual_seed(config.seed)
    state, losses = _start(config, D, generators, teachers)
    check_start(state, config)
    (read_run if resume else check_new)(folder)
    with state.accelerator.main_process_first():
        found = _find(sources, config, cache, on_caching, max_megapixels)
    photos = found.without_near_gray()
    batches = _batches(photos, config, state.accelerator.device, resident)

    run = Run(folder, writes=state.accelerator.is_main_process)
    about = describe_run(
        config, found, photos, sources, state.accelerator, generators
    )
    if resume:
        state.step = run.resume(state.parts(), about)
    else:
        run.start(state.parts(), about)
    yield from follow(
        run,
        state,
        losses(batches),
        Schedule(
            epochs=config.epochs,
            steps_per_epoch=len(batches),
            batch_size=config.batch_size,
            keep_every=keep_every,
            show_every=show_every,
            look_every=look_every,
        ),
        keep=partial(
            _keeper(config, generators), run=run, state=state, size=config.size
        ),
        watch=Watch(_ignored(config), limits or Limits()),
        on_epoch=on_epoch,
        on_look=on_look,
    )


def make_generator(
    config: Config,
    generators: Mapping[str, Entry] = GENERATORS,
) -> Generator:
    """Build the generator that a configuration asks for.

    Args:
        config: its name, size, width, dropout, backbone and bound.
        generators: the table that it is in.

    Returns:
        The network, ready to be trained.

    Raises:
        FileNotFoundError: see `build_generator`.
        ValueError: likewise; or if the configuration asks for none.
    """
    if isinstance(config, DistillConfig):
        raise ValueError(
            "a distillation has no generator; train one that begins with its"
            " backbone (generator resunet)"
        )
    return build_generator(
        config.generator,
        size=config.size,
        width=_width_of_G(config, generators),
        dropout=getattr(config, "dropout", None),
        backbone=config.backbone,
        bounded=config.bounded or None,
        generators=generators,
    )


def _with_files_at_hand(
    config: Config,
    on_download: OnDownload | None,
    generators: Mapping[str, Entry],
) -> Config:
    """Find the files that are meant, so that the run can say their hashes."""
    if not isinstance(config, ColorConfig):
        return config
    name = config.generator
    if name not in generators and (is_released(name) or Path(name).is_dir()):
        path = find_model(name, on_download=on_download)
        config = replace(config, generator=str(path))
    if isinstance(config, PretrainConfig):
        ensemble = [str(find_model(each)) for each in config.ensemble]
        config = replace(config, ensemble=ensemble)
    if config.backbone is not None:
        path = find_backbone(config.backbone, on_download=on_download)
        config = replace(config, backbone=str(path))
    return config


def _width_of_G(
    config: ColorConfig, generators: Mapping[str, Entry]
) -> int | None:
    """The generator's width: of a GAN's, None if it is for D alone."""
    entry = generators.get(config.generator)
    of_D_alone = isinstance(config, GanConfig) and not (
        entry and "width" in entry.takes
    )
    return None if of_D_alone else config.width


def _start(
    config: Config,
    D: nn.Module | None,
    generators: Mapping[str, Entry],
    teachers: tuple[Published, ...],
) -> tuple[State, Callable[[Batches], Iterator[Losses]]]:
    """Put networks and optimizers on the device; and the loop for them."""
    if D is not None and not isinstance(config, GanConfig):
        raise ValueError(
            f"a training by {config.method} has no discriminator; leave D out"
        )
    if isinstance(config, DistillConfig):
        loaded = [load_teacher(path, teachers) for path in config.teachers]
        distilling = start_distilling(loaded, config)
        return distilling, partial(distill, distilling, config=config)
    G = make_generator(config, generators)
    if not isinstance(config, GanConfig):
        ensemble = load_ensemble(config.ensemble, generators=generators)
        pretraining = start_pretraining(G, config, ensemble)
        return pretraining, partial(pretrain, pretraining, config=config)
    if D is None:
        D = init_weights(PatchDiscriminator(width=config.width or 64))
    gan = start_gan(G, D, config)
    return gan, partial(train_gan, gan, config=config)


def _keeper(
    config: Config, generators: Mapping[str, Entry]
) -> Callable[..., None]:
    """Say what writes down what is trained."""
    if isinstance(config, DistillConfig):
        return keep_backbone
    return partial(keep_run, generators=generators)


def _find(
    sources: list[str],
    config: TrainConfig,
    cache: str | Path | None,
    on_caching: Callable[[int, int], None] | None,
    max_megapixels: float,
) -> CachedPhotos:
    return training_photos(
        sources,
        user_cache() if cache is None else cache,
        size=config.kept_size,
        squash=config.squash,
        validation=config.validation,
        most=config.photographs,
        on_caching=on_caching,
        max_megapixels=max_megapixels,
    )


def _batches(
    photos: CachedPhotos,
    config: TrainConfig,
    device: torch.device,
    resident: bool,
) -> Batches:
    return Batches(
        to_device(photos, device) if resident else photos,
        batch_size=config.batch_size,
        size=config.size,
        sides=config.sides,
        mirror=config.mirror,
        seed=config.seed,
    )


def _ignored(config: TrainConfig) -> set[str]:
    if not isinstance(config, GanConfig):
        return set()
    return ignored_losses(config.gan_weight, config.l1_weight)
