"""What a run must say of itself, so that its numbers can be believed.

Settings, photographs and machine in plain words and numbers, for `run.json`:
enough to do the run again, and no path of the machine. Chapter 10.
"""

import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator

from colorlib import __version__
from colorlib.data.cache import CachedPhotos
from colorlib.files import sha256_of
from colorlib.models.catalog import GENERATORS, Entry
from colorlib.training.config import TrainConfig, default_settings

PACKAGES = ("torch", "torchvision", "accelerate", "numpy", "pillow")


def describe_run(
    config: TrainConfig,
    found: CachedPhotos,
    photos: CachedPhotos,
    sources: Sequence[str],
    accelerator: Accelerator,
    generators: Mapping[str, Entry] = GENERATORS,
) -> dict[str, Any]:
    """Say what a run is: all that another one needs to be the same.

    Args:
        config: its configuration, whose type says the method. Of paths to
            weights the names are kept, and their SHA-256.
        found: photographs to train on, near-gray ones included.
        photos: those among them that are trained on.
        sources: where they come from.
        accelerator: what the run was set up with.
        generators: the table of generators that have a name.

    Returns:
        Method, configuration, data and machine, as JSON knows them.
    """
    settings = asdict(config)
    digests: dict[str, Any] = {
        "generator_sha256": None,
        "backbone_sha256": None,
    }
    for name in ("teachers", "ensemble"):
        if settings.get(name):
            paths = [Path(each) for each in settings[name]]
            settings[name] = [path.name for path in paths]
            digests[f"{name}_sha256"] = [sha256_of(path) for path in paths]
    for name in ("generator", "backbone"):
        given = settings.get(name)
        if given and given not in generators:
            path = Path(given)
            settings[name] = path.name
            digests[f"{name}_sha256"] = sha256_of(path)
    return {
        "method": config.method,
        "config": settings,
        **digests,
        "data": describe_data(found, photos, sources),
        "machine": describe_machine(accelerator),
    }


def describe_data(
    found: CachedPhotos, photos: CachedPhotos, sources: Sequence[str]
) -> dict[str, Any]:
    """Say what a run is trained on, without a path of this machine.

    Args:
        found: photographs to train on, near-gray ones included.
        photos: those among them that are trained on.
        sources: where they come from; only the last part of a path is kept.

    Returns:
        Sources, number and hash of what is trained on, and how many were
        left out.
    """
    return {
        "sources": [Path(s).expanduser().resolve().name for s in sources],
        "photographs": len(photos),
        "list_hash": photos.list_hash,
        "near_gray": len(found) - len(photos),
        "unreadable": len(found.left_out),
    }


def describe_machine(accelerator: Accelerator) -> dict[str, Any]:
    """Say what a run runs on: device, arithmetic, versions, commit.

    Args:
        accelerator: what the run was set up with.

    Returns:
        Plain texts and numbers.
    """
    device = accelerator.device.type
    if device == "cuda":
        device = torch.cuda.get_device_name(accelerator.device)
    return {
        "device": device,
        "precision": accelerator.mixed_precision,
        "processes": accelerator.num_processes,
        "processor": platform.machine(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "colorlib": __version__,
        **{name: _version(name) for name in PACKAGES},
        "commit": _commit(),
    }


def check_same_run(
    folder: Path, begun: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    """Make sure that a run is resumed with what it was started with.

    Args:
        folder: the run's, for the message.
        begun: what `describe_run` said when it was started; a setting that
            did not exist then counts as its default.
        now: what it says now. The machine may be another one.

    Raises:
        ValueError: if method, settings or photographs are others.
    """
    then, wanted = _settings(begun), _settings(now)
    changed = [
        f"{key} {then.get(key)} (now {value})"
        for key, value in wanted.items()
        if then.get(key) != value
    ]
    if changed:
        raise ValueError(
            f"{folder} was started with {', '.join(changed)}; resume with the"
            " same, or start a new run"
        )


def _settings(about: Mapping[str, Any]) -> dict[str, Any]:
    """What must stay the same when a run is resumed."""
    return {
        "method": about["method"],
        **default_settings(about["method"]),
        **about["config"],
        "generator_sha256": about["generator_sha256"],
        "backbone_sha256": about["backbone_sha256"],
        "teachers_sha256": about.get("teachers_sha256"),
        "ensemble_sha256": about.get("ensemble_sha256"),
        "photographs": dict(about["data"]).get("list_hash"),
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit of the checkout that the package lies in, if it is one."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None  # installed; git would find whose folder it lies in
    git = ["git", "-C", str(root), "describe"]
    git += ["--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(git, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
